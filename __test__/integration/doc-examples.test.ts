/**
 * The examples in the doc comments of index.d.ts compile, and run without an error on a real server. Each is
 * a block of its own in one generated program, which provides the names that an example uses without a
 * declaration (`driver`, `session`, `Person`, ...).
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Driver } from 'neo4j-driver'
import { load, neoboltOnly, root } from '../support/drivers.js'
import { LTS, NEWEST, requires, useServer } from '../support/servers.js'

interface Example {
  /** The declaration that its comment belongs to. */
  of: string
  code: string
}

const label = `Example${randomBytes(6).toString('hex')}`
const examples = examplesOf(readFileSync(join(root, 'index.d.ts'), 'utf8'))
const lts = useServer(LTS)
const newest = useServer(NEWEST)

describe('the examples in doc comments', neoboltOnly, () => {
  let folder = ''
  before(() => {
    mkdirSync(join(root, '.cache'), { recursive: true })
    folder = mkdtempSync(join(root, '.cache', 'examples-'))
    writeFileSync(join(folder, 'examples.ts'), programOf(examples, relative(folder, root)))
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('are there', () => {
    assert.ok(examples.length >= 25, `only ${examples.length} were found`)
  })

  it('compile', () => {
    const tsc = createRequire(__filename).resolve('typescript/package.json')
    const { bin } = JSON.parse(readFileSync(tsc, 'utf8')) as { bin: { tsc: string } }
    const { status, stdout } = spawnSync(process.execPath, [join(tsc, '..', bin.tsc), '-p', folder], {
      encoding: 'utf8',
    })
    assert.equal(stdout, '')
    assert.equal(status, 0)
  })

  for (const [index, { of, code }] of examples.entries()) {
    // An older server does not accept vectors.
    const needsNewest = code.includes('vector(')
    it(`of ${of} run`, { timeout: 120_000, ...(needsNewest ? requires({ server: NEWEST }) : {}) }, async () => {
      const { uri, user, password } = needsNewest ? newest() : lts()
      const neo4j = load('neobolt')
      const opened: Driver[] = []
      const driver = (_url?: string, _auth?: unknown, config: object = {}) => {
        const made = neo4j.driver(uri, neo4j.auth.basic(user, password), config)
        opened.push(made)
        return made
      }
      const own = driver()
      const print = console.log
      console.log = () => undefined
      try {
        const program = createRequire(__filename)(join(folder, 'examples.ts')) as { run: Run[] }
        await program.run[index]?.({ ...neo4j, driver } as typeof neo4j, own, own.session())
      } finally {
        console.log = print
        neo4j.RecordObjectMapping.clearMappingRegistry()
        neo4j.RecordObjectMapping.translateIdentifiers((name) => name)
        await own.executeQuery(`MATCH (n:${label}) DETACH DELETE n`)
        await Promise.all(opened.map((each) => each.close()))
      }
    })
  }
})

type Run = (neo4j: ReturnType<typeof load>, driver: Driver, session: ReturnType<Driver['session']>) => Promise<void>

/** The blocks below `@example`, up to the next tag or the end of the comment. */
function examplesOf(declarations: string): Example[] {
  const found: Example[] = []
  for (const [, comment = '', line = ''] of declarations.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(.*)/g)) {
    const [, ...blocks] = comment.replace(/^ *\* ?/gm, '').split('@example\n')
    const of = /^(?:export )?declare (?:abstract )?\w+ (\w+)/.exec(line)?.[1] ?? /\w+/.exec(line)?.[0] ?? line
    for (const block of blocks) found.push({ of, code: block.split(/^@\w/m)[0]?.trimEnd() ?? '' })
  }
  return found
}

function programOf(all: Example[], home: string): string {
  const functions = all.map(
    ({ code }) =>
      `  async (neo4j, driver, session) => {\n    {\n${code.replace(/:(?:Person|Doc)\b(?= \{|\)| \()/g, `:${label}`)}\n    }\n  },`,
  )
  return `${PREAMBLE.replaceAll('HOME', home)}\nexport const run: Run[] = [\n${functions.join('\n')}\n]\n`
}

const TSCONFIG = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    rootDir: '../..',
    noEmit: true,
    declaration: false,
    declarationDir: null,
    noUnusedLocals: false,
    noUnusedParameters: false,
    typeRoots: ['../../node_modules/@types'],
  },
  include: ['.'],
}

/** The names that examples use without a declaration. */
const PREAMBLE = `
import { lastValueFrom, map, toArray } from 'rxjs'
import neobolt, { Duration, int, vector, type Driver, type EncapsulatedKeyRecordRepository, type Session } from 'HOME'

type Run = (neo4j: typeof neobolt, driver: Driver, session: Session) => Promise<void>
class Person {
  name = ''
}
const url = 'bolt://localhost'
const auth = neobolt.auth.basic('neo4j', 'secret')
const token = auth
const error: unknown = new RangeError('any')
const masterKey = new Uint8Array(32)
const myRepository = {} as EncapsulatedKeyRecordRepository
const signOn = async () => 'token'
const readPassword = async () => 'secret'
const record = new neobolt.types.Record(['name'], ['Alice'])
const node = new neobolt.types.Node(int(1), ['Person'], { name: 'Alice' }, '1')
`
