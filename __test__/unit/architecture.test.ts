/**
 * ARCHITECTURE.md agrees with the rules: its table and its pictures of rooms are those that Biome and
 * tests/layers.rs enforce, and every path that it and the other guides name exists.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { root } from '../support/drivers.js'

/** A room, and the rooms that it may use. */
type Rooms = Map<string, Set<string>>

const architecture = read('ARCHITECTURE.md')

describe('the rooms in ARCHITECTURE.md', () => {
  const lib = roomsOfBiome()
  const driver = roomsOfLayers()

  it('the table of lib/ lists what biome.json allows', () => {
    const table = roomsOfTable(section('lib/'))
    // Nothing restricts it: it contains what neo4j-driver has at paths of its own, which may be anything.
    assert.ok(table.delete('paths'))
    assert.deepEqual(sorted(table), sorted(lib))
  })

  it('the table of src/driver/ lists what tests/layers.rs allows', () => {
    assert.deepEqual(sorted(roomsOfTable(section('src/driver/'))), sorted(driver))
  })

  it('each folder of lib/ has a rule', () => {
    assert.deepEqual(entriesOf('lib', ['index']), [...lib.keys(), 'paths'].sort())
  })

  it('each file and folder of src/driver/ has a rule', () => {
    assert.deepEqual(entriesOf('src/driver', ['mod']), [...driver.keys()].sort())
  })

  for (const [title, rooms] of [
    ['lib/', lib],
    ['src/driver/', driver],
  ] as const) {
    it(`the picture of ${title} has the arrows of the rules, but for those that others imply`, () => {
      assert.deepEqual(arrowsOfPicture(architecture, title), reduced(rooms))
    })
  }
})

describe('the addon', () => {
  /** The modules of lib/ that contain `text`. */
  function modulesWith(text: string): string[] {
    return readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && read(join('lib', name)).includes(text))
      .map((name) => name.replaceAll('\\', '/'))
  }

  it('is required by lib/engine/binding.ts alone', () => {
    assert.deepEqual(modulesWith('native/binding'), ['engine/binding.ts'])
  })

  it('is called by lib/engine/engine.ts alone, where it is loaded', () => {
    assert.deepEqual(modulesWith('import { type Binding, loadBinding }'), ['engine/engine.ts'])
    assert.deepEqual(modulesWith('loadBinding').sort(), ['engine/binding.ts', 'engine/engine.ts'])
  })
})

describe('the paths that the guides name', () => {
  const guides = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md', 'RELEASING.md', 'SECURITY.md']
  const folders = ['.ci', 'bench', 'fuzz']
  for (const guide of [...guides, ...folders.map((folder) => `${folder}/README.md`)]) {
    it(`those of ${guide} exist`, () => {
      const named = pathsIn(read(guide))
      assert.ok(named.length > 0)
      assert.deepEqual(
        named.filter((path) => ![root, join(root, dirname(guide))].some((from) => existsSync(join(from, path)))),
        [],
      )
    })
  }
})

describe('the checks themselves', () => {
  const rooms: Rooms = new Map([
    ['a', new Set()],
    ['b', new Set(['a'])],
    ['c', new Set(['a', 'b'])],
  ])

  it('leave out an arrow only where others imply it', () => {
    assert.deepEqual(reduced(rooms), ['b --> a', 'c --> b'])
  })

  it('read the arrows of a picture', () => {
    const picture = '```mermaid\nflowchart TD\n  %% x\n  c & d --> b & a\n  b --> a\n```'
    assert.deepEqual(arrowsOfPicture(picture, 'x'), ['b --> a', 'c --> a', 'c --> b', 'd --> a', 'd --> b'])
    assert.throws(() => arrowsOfPicture(picture, 'y'), /no picture of y/)
    assert.throws(() => arrowsOfPicture(picture.replace('c & d -->', 'c -.->'), 'x'), /cannot read/)
  })

  it('read the rows of a table', () => {
    const table = '| `a` | what | |\n| `b` | | `a` |\n| `c` | | all of the above but `a` |'
    assert.deepEqual(sorted(roomsOfTable(table)), { a: [], b: ['a'], c: ['b'] })
  })

  it('find paths in text, links and commands', () => {
    const text = 'See `lib/a.ts`, `src/**`, [b](b.md) and `c/`.\n```sh\nnode bench/d.mjs --e\n```'
    assert.deepEqual(pathsIn(text), ['b.md', 'bench/d.mjs', 'c/', 'lib/a.ts', 'src'])
    assert.deepEqual(
      pathsIn('`npm test`, `@neo4j/graphql`, `a / b`, `../shared`, `native/x.node`, [x](https://x.md)'),
      [],
    )
  })
})

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** The part of ARCHITECTURE.md about the rooms of a folder. */
function section(folder: string): string {
  const [, after] = architecture.split(`\n### The rooms of ${folder}\n`)
  assert.ok(after !== undefined, `there is no section on ${folder}`)
  return after.split(/^##/m)[0] ?? ''
}

/** The rooms that a folder has, by the names of its files and folders. */
function entriesOf(folder: string, but: string[]): string[] {
  const names = readdirSync(join(root, folder)).map((name) => name.replace(/\.\w+$/, ''))
  return names.filter((name) => !but.includes(name)).sort()
}

/** From the overrides that restrict the imports of a folder of lib/. */
function roomsOfBiome(): Rooms {
  const { overrides } = JSON.parse(read('biome.json'))
  const rooms: Rooms = new Map()
  for (const { includes, linter } of overrides) {
    const patterns = linter.rules.style?.noRestrictedImports?.options.patterns
    if (patterns === undefined) continue
    const [, room] = /^lib\/([\w-]+)\/\*\*$/.exec(includes[0]) ?? []
    const [all, ...allowed] = patterns[0].group as string[]
    assert.ok(room !== undefined && all === '../**', `cannot read the rule for ${includes}`)
    rooms.set(room, new Set(allowed.map((pattern) => /^!\.\.\/([\w-]+)\/\*\*$/.exec(pattern)?.[1] ?? pattern)))
  }
  return rooms
}

/** From the constant ROOMS. */
function roomsOfLayers(): Rooms {
  const [, table] = /const ROOMS: [^=]* = \[\n(.*?)^\];/ms.exec(read('tests/layers.rs')) ?? []
  assert.ok(table !== undefined, 'tests/layers.rs has no table of rooms')
  const rooms: Rooms = new Map()
  for (const [, room = '', uses = ''] of table.matchAll(/\(\s*"(\w+)",\s*&\[([^\]]*)\],?\s*\)/g)) {
    rooms.set(room, new Set([...uses.matchAll(/"(\w+)"/g)].map(([, used = '']) => used)))
  }
  return rooms
}

/** From rows of the form "room, what it holds, rooms that it may use". */
function roomsOfTable(text: string): Rooms {
  const rooms: Rooms = new Map()
  for (const [, room = '', uses = ''] of text.matchAll(/^\| `([\w-]+)` \| [^|]*\|([^|]*)\|$/gm)) {
    const named = [...uses.replace(/, and the type .*/, '').matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name)
    const isInverse = uses.includes('all of the above but')
    rooms.set(room, new Set(isInverse ? [...rooms.keys()].filter((other) => !named.includes(other)) : named))
  }
  return rooms
}

/** The arrows of the Mermaid flow chart that has this title as a comment. */
function arrowsOfPicture(text: string, title: string): string[] {
  const charts = [...text.matchAll(/^```mermaid\n(.*?)^```/gms)].map(([, chart = '']) => chart)
  const chart = charts.find((candidate) => candidate.includes(`  %% ${title}\n`))
  assert.ok(chart !== undefined, `there is no picture of ${title}`)
  const arrows: string[] = []
  for (const line of chart.split('\n').map((text) => text.trim())) {
    if (/^(?:%%.*|flowchart \w+|)$/.test(line)) continue
    assert.match(line, /^[\w-]+(?: & [\w-]+)* --> [\w-]+(?: & [\w-]+)*$/, `cannot read ${line}`)
    const [from = [], to = []] = line.split(' --> ').map((side) => side.split(' & '))
    for (const user of from) arrows.push(...to.map((used) => `${user} --> ${used}`))
  }
  return arrows.sort()
}

/** The arrows without those whose ends other arrows connect, too. */
function reduced(rooms: Rooms): string[] {
  const below = (room: string): Set<string> =>
    new Set([...(rooms.get(room) ?? [])].flatMap((used) => [used, ...below(used)]))
  const arrows: string[] = []
  for (const [room, uses] of rooms) {
    for (const used of uses) {
      const isImplied = [...uses].some((other) => other !== used && below(other).has(used))
      if (!isImplied) arrows.push(`${room} --> ${used}`)
    }
  }
  return arrows.sort()
}

function sorted(rooms: Rooms): Record<string, string[]> {
  return Object.fromEntries([...rooms].map(([room, uses]) => [room, [...uses].sort()]))
}

/** Files that are built or downloaded, and so may be missing. */
const GENERATED = /^(?:native|dist|target|artifacts|node_modules|\.cache|bench\/results|fuzz\/findings)(?:\/|$)/

/** In code spans, link targets and commands: paths with a folder or the extension of a source file. */
function pathsIn(text: string): string[] {
  const prose = text.replace(/^```.*?^```/gms, '')
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, span = '']) => span.split(' '))
  const links = [...prose.matchAll(/\]\(([^)#]+)\)/g)].map(([, target = '']) => target)
  const words = [...text.matchAll(/^```.*?^```/gms)].flatMap(([block]) => block.split(/\s+/))
  const paths = [...spans, ...links, ...words.filter((word) => /\.\w+$/.test(word))]
    .filter((word) => /^[\w.]+[\w./*-]*$/.test(word) && !word.startsWith('..'))
    .filter((word) => word.includes('/') || /\.(?:ts|mjs|rs|md|toml|json)$/.test(word))
    .map((word) => word.replace(/\/\*.*$/, ''))
  return [...new Set(paths)].filter((path) => !GENERATED.test(path)).sort()
}
