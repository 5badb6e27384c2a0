/** The check of `npm run lint` that keeps comments and Markdown within 110 columns sees each kind of line. */
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'

type LineWidth = typeof import('../../scripts/line-width.mjs', { with: { 'resolution-mode': 'import' }})

const WIDTH = 110
let wideLines: LineWidth['wideLines']
before(async () => {
  const module = await import('../../scripts/line-width.mjs')
  assert.equal(module.WIDTH, WIDTH)
  wideLines = module.wideLines
})

const long = 'a word and '.repeat(11).trim()
const address = `https://example.com/${'x'.repeat(WIDTH)}`

describe('the width of comments', () => {
  for (const [name, file, lines] of [
    ['a line of its own', 'a.ts', [`// ${long}`]],
    ['one that is indented', 'a.rs', ['fn f() {', `    // ${long}`, '}']],
    ['documentation of a Rust item', 'a.rs', [`/// ${long}`]],
    ['documentation of a Rust module', 'a.rs', [`//! ${long}`]],
    ['a block on one line', 'a.mjs', [`/** ${long} */`]],
    ['a line of a block', 'a.ts', ['/**', ` * ${long}`, ' */']],
    ['the end of a line of code', 'a.ts', [`const a = 1 // ${long}`]],
    ['text after an address', 'a.ts', [`// ${address} says so`]],
    ['a tag after an example', 'a.ts', ['/**', ' * @example', ' * code', ` * @returns ${long}`, ' */']],
    ['a comment after an example', 'a.ts', ['/**', ' * @example', ' * code', ' */', `// ${long}`]],
    ['the second line of an item', 'a.ts', ['/**', ' * - an item', ` *   ${long}`, ' */']],
    ['prose between two examples', 'a.ts', ['/**', ' * ```', ' * ```', ` * ${long}`, ' * ```', ' * ```', ' */']],
  ] as const) {
    it(`${name} is seen`, () => {
      assert.equal(wideLines(file, lines.join('\n')).length, 1)
    })
  }

  for (const [name, file, lines] of [
    ['a line of exactly the width', 'a.ts', [`// ${'x '.repeat(WIDTH / 2 - 2)}x`.padEnd(WIDTH, 'y')]],
    ['code', 'a.ts', [`call('${long}')`]],
    ['a string with slashes', 'a.ts', [`call('${address} // ${long}')`]],
    ['an example', 'a.ts', ['/**', ' * ```ts', ` * ${long}`, ' * ```', ' */']],
    ['an example without a fence', 'a.ts', ['/**', ' * @example', ` * ${long}`, ' */']],
    ['a command', 'a.mjs', ['/**', ' * Usage:', ' *', ` *     ${long}`, ` *     ${long}`, ' */']],
    ['a table', 'a.rs', [`//! | ${long} |`]],
    ['an address', 'a.rs', [`// See ${address}`]],
    ['a directive', 'a.ts', [`// biome-ignore lint/a/b: ${long}`]],
    ['a type', 'a.mjs', [`/** @type {${long}} */`]],
  ] as const) {
    it(`${name} is left alone`, () => {
      assert.deepEqual(wideLines(file, lines.join('\n')), [])
    })
  }
})

describe('the width of Markdown', () => {
  it('a paragraph and an item of a list are seen', () => {
    assert.deepEqual(wideLines('a.md', ['# A', '', long, '', `- ${long}`, `  ${long}`].join('\n')), [3, 5, 6])
  })

  it('tables, code, headings, images and addresses are left alone', () => {
    const lines = [
      `| ${long} |`,
      '```sh',
      long,
      '```',
      `# ${long}`,
      `![${long}](a.svg)`,
      `See ${address}`,
      `[a]: ${long}`,
    ]
    assert.deepEqual(wideLines('a.md', lines.join('\n')), [])
  })
})
