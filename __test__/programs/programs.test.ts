/**
 * Programs that were written for neo4j-driver, with libraries that depend on it, run unchanged with neobolt
 * in its place, on a real server. Each runs with neo4j-driver 6.3.0 as well: the outcome must be the same.
 *
 * NEOBOLT_TEST_DRIVERS=neo4j-driver runs them with the official driver only, to see that a program itself is
 * right.
 */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import type { Driver } from 'neo4j-driver'
import { type DriverName, driversUnderTest, load } from '../support/drivers.js'
import { LTS, useServer } from '../support/servers.js'
import { node } from './node.js'

type Outcome = Record<string, unknown>

interface Program {
  /** Below the folder of the programs, after compiling. */
  file: string
  /** The required outcome of the program, so that two equal failures do not pass. */
  check(outcome: Outcome): void
}

const PROGRAMS: Record<string, Program> = {
  '@neo4j/graphql: schema, mutations, filters, aggregation, authorization': {
    file: 'apps/graphql.mjs',
    check(outcome) {
      assert.match(String(outcome.schema), /type Mutation \{/)
      assert.deepEqual(at(outcome, 'create', 'createMovies', 'info'), { nodesCreated: 5, relationshipsCreated: 2 })
      assert.equal(at(outcome, 'create', 'createMovies', 'movies', 0, 'budget'), '9007199254740993')
      assert.equal(at(outcome, 'create', 'createMovies', 'movies', 0, 'shot'), '1998-03-01T09:30:00.123456789')
      assert.deepEqual(at(outcome, 'filter', 'byDistance'), [{ title: 'The Matrix' }])
      assert.equal(at(outcome, 'connection', 'moviesConnection', 'aggregate', 'node', 'released', 'sum'), 5993)
      assert.equal(at(outcome, 'constraint', 'errors', 0, 'message'), 'Constraint validation failed')
      assert.equal(at(outcome, 'forbidden', 'errors', 0, 'message'), 'Forbidden')
      assert.deepEqual(at(outcome, 'read', 'secrets'), [{ text: 's' }])
      assert.deepEqual(outcome.rolledBack, outcome.inSession)
      assert.deepEqual(outcome.left, [{ name: 'Keanu Reeves', id: 36 }])
    },
  },
  '@langchain/neo4j: vector store, graph with APOC, chat history': {
    file: 'apps/langchain.mjs',
    check(outcome) {
      assert.equal(at(outcome, 'index', 1, 'dimensions'), '9')
      assert.equal(at(outcome, 'hybrid', 0, 0), 'Wine and cheese')
      assert.equal(at(outcome, 'vector', 0, 0), 'A graph database speaks Bolt')
      assert.deepEqual(at(outcome, 'filtered', 0), ['More cheese', { year: 1998 }, '1.0000'])
      assert.ok((outcome.structure as string[]).includes('{"start":"Person","end":"Company","type":"WORKS_AT"}'))
      assert.equal(at(outcome, 'query', 0, 'path', 2, 'id'), 'Neo')
      assert.equal(at(outcome, 'error', 'code'), 'Neo.ClientError.Statement.SyntaxError')
      assert.equal(at(outcome, 'history', 'length'), 3)
      assert.match(String(outcome.unauthorized), /authentication failure/)
    },
  },
  'neogma: models, relationships, query builder, sessions and transactions': {
    file: 'built/neogma.js',
    check(outcome) {
      assert.equal(at(outcome, 'created', 0, 1), 'A')
      assert.deepEqual(outcome.related, [[], 1])
      assert.equal(at(outcome, 'loaded', 'length'), 2)
      assert.deepEqual(at(outcome, 'built', 0).slice(0, 3), ['Alicia', true, true])
      assert.equal(at(outcome, 'wrong', 'isNeo4jError'), true)
      assert.equal(outcome.session, 4)
      assert.deepEqual(outcome.exact, [true, '9007199254740993'])
      assert.equal(at(outcome, 'unreachable', 'name'), 'NeogmaConnectivityError')
    },
  },
  '@neo4j/cypher-builder and cypher-query-builder: built queries, run and streamed': {
    file: 'apps/query-builders.cjs',
    check(outcome) {
      assert.deepEqual(at(outcome, 'created', 1), [1970, 1980])
      assert.deepEqual(outcome.matched, [{ name: 'BEN' }])
      assert.equal(at(outcome, 'found', 0, 5), 'Ben')
      assert.deepEqual(outcome.streamed, [{ double: 2 }, { double: 4 }, { double: 6 }])
      assert.equal(at(outcome, 'failed', 'code'), 'Neo.ClientError.Statement.ArithmeticError')
    },
  },
}

/** Which packages must have been loaded: no part of the other driver, not even in addition. */
const LOADED: Record<DriverName, string[]> = {
  neobolt: ['neobolt'],
  'neo4j-driver': ['neo4j-driver', 'neo4j-driver-bolt-connection', 'neo4j-driver-core'],
}

const server = useServer(LTS, { plugins: ['apoc'] })
const folders = new Map<DriverName, string>()

before(async () => {
  const { installPrograms } = await import('./install.mjs')
  for (const driver of driversUnderTest) folders.set(driver, await installPrograms(driver))
})

describe('programs in TypeScript', () => {
  for (const driver of driversUnderTest) {
    it(`compile with the types of ${driver}`, async () => {
      const folder = folderOf(driver)
      const { code, output } = await node(folder, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'apps'])
      assert.equal(output, '')
      assert.equal(code, 0)
    })
  }
})

describe('programs', () => {
  for (const [name, { file, check }] of Object.entries(PROGRAMS)) {
    it(name, async () => {
      const outcomes: Outcome[] = []
      for (const driver of driversUnderTest) {
        await empty()
        const outcome = await run(driver, file)
        check(outcome)
        outcomes.push(outcome)
      }
      assert.deepEqual(outcomes[1] ?? outcomes[0], outcomes[0])
    })
  }
})

/** The output of the program, after it has ended by itself and has loaded the right driver. */
async function run(driver: DriverName, file: string): Promise<Outcome> {
  const { uri, user, password } = server()
  const scratch = await mkdtemp(join(tmpdir(), 'neobolt-program-'))
  try {
    const loaded = join(scratch, 'loaded.json')
    const { code, output } = await node(folderOf(driver), ['--require', join(__dirname, 'loaded.cjs'), file], {
      NEO4J_URI: uri,
      NEO4J_USER: user,
      NEO4J_PASSWORD: password,
      LOADED_DRIVERS: loaded,
    })
    assert.equal(code, 0, `${file} with ${driver}:\n${output}`)
    assert.deepEqual(JSON.parse(await readFile(loaded, 'utf8')), LOADED[driver])
    return JSON.parse(output) as Outcome
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Removes everything from the database that a program could have made. */
async function empty(): Promise<void> {
  const { uri, user, password } = server()
  const neo4j = load('neo4j-driver')
  const driver = neo4j.driver(uri, neo4j.auth.basic(user, password))
  try {
    await driver.executeQuery('MATCH (n) DETACH DELETE n')
    // An index of a constraint goes with it.
    await drop(driver, 'CONSTRAINT', 'SHOW CONSTRAINTS YIELD name')
    await drop(driver, 'INDEX', "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'")
  } finally {
    await driver.close()
  }
}

async function drop(driver: Driver, kind: string, list: string): Promise<void> {
  const { records } = await driver.executeQuery(list)
  for (const record of records) await driver.executeQuery(`DROP ${kind} \`${record.get('name')}\``)
}

function folderOf(driver: DriverName): string {
  const folder = folders.get(driver)
  if (folder === undefined) throw new Error(`the programs are not installed with ${driver}`)
  return folder
}

/** The value at the end of this way through objects and arrays. */
function at(value: unknown, ...path: (string | number)[]): string & unknown[] {
  let here: unknown = value
  for (const key of path) here = (here as Record<string | number, unknown> | undefined)?.[key]
  return here as string & unknown[]
}
