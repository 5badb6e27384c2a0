/** Plots numbers as SVG text, without a library: grouped bars, and lines on logarithmic axes. */

const WIDTH = 760
const COLOURS = ['#0a7d5a', '#b8bfc6', '#3b6fb6', '#c77d2e']

/**
 * Horizontal bars, one group for each name: `groups` are `{ name, values }` with as many values as `legend`
 * has names. `mark` draws a tick in the row of each bar that has a number there.
 */
export function bars({ title, legend, groups, format }) {
  const bar = 13
  const left = 190
  const right = 90
  const step = legend.length * bar + 12
  const top = 56
  const height = top + groups.length * step + 10
  const most = Math.max(...groups.flatMap(({ values }) => values.filter(Number.isFinite)))
  const parts = [heading(title), keys(legend)]
  groups.forEach(({ name, values, asked }, row) => {
    const y = top + row * step
    parts.push(text(left - 8, y + (values.length * bar) / 2 + 4, name, 'end'))
    values.forEach((value, i) => {
      const length = (value / most) * (WIDTH - left - right)
      parts.push(
        `<rect x="${left}" y="${y + i * bar}" width="${fixed(length)}" height="${bar - 2}" fill="${COLOURS[i]}"/>`,
      )
      parts.push(text(left + length + 5, y + i * bar + 10, format(value)))
    })
    if (asked?.some((value) => value !== undefined)) {
      asked.forEach((value, i) => {
        if (value === undefined) return
        const x = fixed(left + (value / most) * (WIDTH - left - right))
        const y1 = y + i * bar - 1
        parts.push(`<line x1="${x}" x2="${x}" y1="${y1}" y2="${y1 + bar}" stroke="#c0392b" stroke-width="2"/>`)
      })
    }
  })
  return svg(height, parts)
}

/**
 * Lines over a logarithmic x axis: `lines` are `{ name, points: [x, y][] }`. The y axis is logarithmic, too.
 */
export function lines({ title, x: xTitle, y: yTitle, lines: drawn, format }) {
  const height = 300
  const [left, right, top, bottom] = [70, 48, 56, 46]
  const points = drawn.flatMap(({ points }) => points)
  const xs = points.map(([x]) => Math.log10(x))
  const ys = points.map(([, y]) => Math.log10(y))
  const [minX, maxX] = [Math.min(...xs), Math.max(...xs)]
  const [minY, maxY] = [Math.floor(Math.min(...ys)), Math.ceil(Math.max(...ys))]
  const atX = (x) => fixed(left + ((Math.log10(x) - minX) / (maxX - minX || 1)) * (WIDTH - left - right))
  const atY = (y) => fixed(height - bottom - ((Math.log10(y) - minY) / (maxY - minY || 1)) * (height - top - bottom))
  const parts = [heading(title), keys(drawn.map(({ name }) => name))]
  for (let power = minY; power <= maxY; power++) {
    const y = atY(10 ** power)
    parts.push(`<line x1="${left}" x2="${WIDTH - right}" y1="${y}" y2="${y}" stroke="currentColor" opacity="0.2"/>`)
    parts.push(text(left - 8, Number(y) + 4, format(10 ** power), 'end'))
  }
  for (const x of new Set(points.map(([x]) => x))) {
    parts.push(text(atX(x), height - bottom + 16, x.toLocaleString('en'), 'middle'))
  }
  drawn.forEach(({ points }, i) => {
    const path = points.map(([x, y]) => `${atX(x)},${atY(y)}`)
    parts.push(`<polyline points="${path.join(' ')}" fill="none" stroke="${COLOURS[i]}" stroke-width="2.5"/>`)
    for (const [x, y] of points) {
      parts.push(
        `<circle cx="${atX(x)}" cy="${atY(y)}" r="3.5" fill="${COLOURS[i]}"><title>${format(y)}</title></circle>`,
      )
    }
  })
  parts.push(text((left + WIDTH - right) / 2, height - 8, xTitle, 'middle'))
  parts.push(
    `<text x="14" y="${(top + height - bottom) / 2}" transform="rotate(-90 14 ${(top + height - bottom) / 2})" text-anchor="middle">${xml(yTitle)}</text>`,
  )
  return svg(height, parts)
}

function svg(height, parts) {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" ` +
    `font-family="system-ui, sans-serif" font-size="11" fill="currentColor" color="#57606a" role="img">\n${parts.join('\n')}\n</svg>`
  )
}

function heading(title) {
  return `<text x="8" y="18" font-size="14" font-weight="600">${xml(title)}</text>`
}

function keys(names) {
  return names
    .map(
      (name, i) =>
        `<rect x="${8 + i * 170}" y="30" width="11" height="11" fill="${COLOURS[i]}"/>${text(24 + i * 170, 40, name)}`,
    )
    .join('')
}

function text(x, y, content, anchor = 'start') {
  return `<text x="${fixed(Number(x))}" y="${fixed(Number(y))}" text-anchor="${anchor}">${xml(content)}</text>`
}

function fixed(value) {
  return value.toFixed(1)
}

export function xml(content) {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
