/**
 * What the demo prints on the terminal: headings, steps with their time, a progress bar, tables. If the
 * output is not a terminal, there are no colours and no lines that are overwritten; the text is the same.
 * Uses only Node itself.
 */

const live = process.stdout.isTTY === true
const coloured = live && !process.env.NO_COLOR

// A pipe that is closed early (`npm run demo | head`) must not end the demo before it has cleaned up.
process.stdout.on('error', () => {})

/** An error with a message that says all the reader needs. */
export class DemoError extends Error {
  name = 'DemoError'
}

export const bold = (text) => style(1, text)
export const dim = (text) => style(2, text)
export const accent = (text) => style(36, text)

export function say(text = '') {
  process.stdout.write(`${text}\n`)
}

/** Paragraphs of plain words, broken at `width` columns. */
export function prose(text, width = 96) {
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length + 1 > width && line !== '') {
      say(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  if (line !== '') say(line)
}

export function heading(text) {
  say()
  say(bold(accent(text)))
  say(accent('─'.repeat(text.length)))
}

/** Announces a step that takes a while, and returns the function that ends it: `done(ok, note)`. */
export function step(title) {
  const start = performance.now()
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`
  if (!live) process.stdout.write(`${title} … `)
  const draw = () => over(`${title} … ${dim(seconds())}`)
  if (live) draw()
  const timer = live ? setInterval(draw, 200) : undefined
  return (ok = true, note = '') => {
    clearInterval(timer)
    const end = `${ok ? 'done' : 'failed'} in ${seconds()}${note === '' ? '' : `, ${note}`}`
    if (live) over(`${title} … ${end}\n`)
    else process.stdout.write(`${end}\n`)
  }
}

/**
 * A bar that fills: `bar(title)` returns a function that takes the share that is done, 0 to 1, and a note. If
 * there is no terminal, one line is written at each quarter.
 */
export function bar(title) {
  const width = 30
  let quarter = 0
  return (share, note = '') => {
    const part = Math.max(0, Math.min(1, share))
    if (live) {
      const full = Math.round(width * part)
      const percent = `${Math.floor(100 * part)} %`.padStart(5)
      over(
        `${title} ${accent('█'.repeat(full))}${dim('░'.repeat(width - full))} ${percent}  ${dim(note)}${part === 1 ? '\n' : ''}`,
      )
    } else if (Math.floor(part * 4) > quarter) {
      quarter = Math.floor(part * 4)
      say(`${title.trimEnd()} ${Math.floor(100 * part)} %${note === '' ? '' : `, ${note}`}`)
    }
  }
}

/** A table; `align` has one letter for each column, l or r. */
export function table(head, rows, align) {
  const cells = [head, ...rows].map((row) => row.map(String))
  const widths = head.map((_, i) => Math.max(...cells.map((row) => row[i].length)))
  const line = (row) =>
    row
      .map((cell, i) => (align[i] === 'r' ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd()
  say(dim(`  ${line(cells[0])}`))
  for (const row of cells.slice(1)) say(`  ${line(row)}`)
}

export const number = (value) => value.toLocaleString('en')

/** A duration with a unit that suits it. */
export const duration = (ms) => (ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`)

function style(code, text) {
  return coloured ? `\x1b[${code}m${text}\x1b[0m` : text
}

function over(text) {
  process.stdout.write(`\r\x1b[2K${text}`)
}
