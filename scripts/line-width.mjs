// @ts-check
/**
 * Fails on comments and Markdown wider than 110 columns, README.md and docs/ aside. The formatters keep code
 * within its width and leave prose alone.
 *
 *     node scripts/line-width.mjs     part of `npm run lint`
 *
 * A line may be wider where a break does not help or changes the meaning: a long word such as an
 * address, a table, a block of code (fenced, or indented after an empty line), a heading, a
 * directive to a tool, a type in JSDoc.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, extname, join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const WIDTH = 110

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Where comments are checked. The Markdown in these folders is checked with it. */
const FOLDERS = ['.ci', '__test__', 'bench', 'examples', 'fuzz', 'lib', 'loom', 'scripts', 'src', 'tests']

/** What is generated or installed. */
const SKIPPED = ['node_modules', 'target', 'report', 'results', 'corpus', 'findings', 'native.d.ts']

/** Markdown of the root that is not wrapped at all. */
const UNWRAPPED = ['README.md']

const CODE = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.rs']

/** Directives to a tool, which have to be on one line. */
const DIRECTIVE = /^(?:biome-ignore|@ts-|<reference |@(?:type|typedef|param|returns|import) \{)/

/** A table, a heading, an image or the target of a link. */
const UNBREAKABLE_MARKDOWN = /^\s*(?:\||#|!\[|\[[^\]]+\]: )/

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const files = [
    ...readdirSync(root).filter((name) => name.endsWith('.md') && !UNWRAPPED.includes(name)),
    ...FOLDERS.flatMap(filesOf),
  ]
  const wide = files.flatMap((file) =>
    wideLines(file, readFileSync(join(root, file), 'utf8')).map((number) => `${file}:${number}`),
  )
  for (const place of wide) console.error(`${place}: wider than ${WIDTH} columns`)
  if (wide.length > 0) process.exit(1)
  console.log(`${files.length} files: no comment and no Markdown is wider than ${WIDTH} columns`)
}

/**
 * The numbers of the lines that are too wide.
 * @param {string} file its name says in which language it is
 * @param {string} text
 * @returns {number[]}
 */
export function wideLines(file, text) {
  const lines = text.split('\n')
  const prose = file.endsWith('.md') ? markdown(lines) : comments(lines)
  return prose.filter(({ content, number }) => isWide(lines[number - 1] ?? '', content)).map(({ number }) => number)
}

/**
 * @param {string} line
 * @param {string} content the line without what makes it a comment
 */
function isWide(line, content) {
  const width = [...line.trimEnd()].length
  if (width <= WIDTH) return false
  const words = content.trimEnd().split(' ')
  const last = [...(words.at(-1) ?? '')].length
  if (words.length === 1) return false
  // If the last word begins within the limit and would not fit on a line of its own either, it stays.
  const indent = width - [...content.trimEnd()].length
  return width - last > WIDTH || indent + last <= WIDTH
}

/** @typedef {{ number: number, content: string }} Prose */

/**
 * @param {string[]} lines
 * @returns {Prose[]}
 */
function markdown(lines) {
  /** @type {Prose[]} */
  const prose = []
  let fenced = false
  for (const [index, line] of lines.entries()) {
    if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced
    else if (!fenced && !UNBREAKABLE_MARKDOWN.test(line)) {
      prose.push({ number: index + 1, content: line.replace(/^\s*(?:[-*] |\d+\. |> )?/, '') })
    }
  }
  return prose
}

/**
 * The lines of comments, and the ends of lines that are one.
 * @param {string[]} lines
 * @returns {Prose[]}
 */
function comments(lines) {
  /** @type {Prose[]} */
  const prose = []
  let inBlock = false
  let fenced = false
  let inExample = false
  /** Whether the line before was empty, or belonged to a block of code that is set off by that. */
  let mayBeCode = false
  for (const [index, line] of lines.entries()) {
    const own = inBlock ? /^\s*(?:\*(?!\/) ?)?(.*)$/.exec(line) : /^\s*(?:\/\/[/!]?|\/\*[*!]?) ?(.*)$/.exec(line)
    // Quotes may belong to a string that has `//` in it, so they end the search.
    const content = own?.[1] ?? /\S\s+\/\/ ([^'"`]*)$/.exec(line)?.[1]
    if (inBlock || /^\s*\/\*/.test(line)) inBlock = !line.includes('*/')
    if (!inBlock || /^@/.test(content ?? '')) inExample = /^@example/.test(content ?? '')
    /** @type {boolean} */
    const isCode = content !== undefined && mayBeCode && /^\s{2}/.test(content)
    mayBeCode = isCode || content?.trim() === ''
    if (content === undefined) {
      fenced = false
    } else if (/^\s*```/.test(content)) {
      fenced = !fenced
    } else if (!fenced && !inExample && !isCode && !DIRECTIVE.test(content) && !content.startsWith('|')) {
      prose.push({ number: index + 1, content })
    }
  }
  return prose
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesOf(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    const name = relative('', path).split(sep).join('/')
    if (SKIPPED.some((skipped) => name === skipped || name.endsWith(`/${skipped}`))) return []
    if (entry.isDirectory()) return filesOf(path)
    return CODE.includes(extname(name)) || name.endsWith('.md') ? [name] : []
  })
}
