/**
 * A real server behind a proxy that does harm: each fault at each point of a transaction function's
 * conversation. The call ends with the right outcome. Work that it acknowledges is in the database once, and
 * work in doubt is reported as such. No connection stays in use, and none stays open.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, test } from 'node:test'
import type { Driver, Neo4jError } from 'neo4j-driver'
import type { DriverMetrics } from '../../lib/engine/metrics.js'
import { runChild } from '../support/child.js'
import { load, neoboltOnly } from '../support/drivers.js'
import { type Fault, type FaultProxy, type Point, startFaultProxy } from '../support/fault-proxy.js'
import { useServer } from '../support/servers.js'

const server = useServer()
const neo4j = load('neobolt')
let direct: Driver | undefined
after(() => direct?.close())

/** The outcome, and how often the work's node is in the database then. */
type Outcome =
  /** It resolves: the work is there once. */
  | 'once'
  /**
   * It rejects with an error that is not retryable, with or without a response: it is there once, or not at
   * all.
   */
  | 'in doubt, done'
  | 'in doubt, not done'
  /** No connection in time. */
  | 'times out'

const ALL: Fault[] = ['delay', 'throttle', 'cut', 'reset', 'halve', 'swallow']
const HARMLESS: Fault[] = ['delay', 'throttle']

const POINTS: [title: string, at: Point, outcome: (fault: Fault) => Outcome][] = [
  ['the handshake', 'handshake', opening],
  ['HELLO', { request: 'HELLO' }, opening],
  ['the answer to HELLO', { answerTo: 'HELLO' }, opening],
  ['the answer to LOGON', { answerTo: 'LOGON' }, opening],
  ['BEGIN', { request: 'BEGIN' }, () => 'once'],
  ['the answer to BEGIN', { answerTo: 'BEGIN' }, () => 'once'],
  ['RUN', { request: 'RUN' }, () => 'once'],
  ['the answer to RUN', { answerTo: 'RUN' }, () => 'once'],
  ['PULL', { request: 'PULL' }, () => 'once'],
  ['the 7th record of a batch', { answerTo: 'PULL', records: 6 }, () => 'once'],
  ['the end of a batch', { answerTo: 'PULL', records: 10 }, () => 'once'],
  ['COMMIT, before the server has it', { request: 'COMMIT' }, (fault) => committing(fault, 'in doubt, not done')],
  ['COMMIT, when the server has done it', { answerTo: 'COMMIT' }, (fault) => committing(fault, 'in doubt, done')],
]

function opening(fault: Fault): Outcome {
  return fault === 'swallow' ? 'times out' : 'once'
}

function committing(fault: Fault, otherwise: Outcome): Outcome {
  return HARMLESS.includes(fault) ? 'once' : otherwise
}

describe('a transaction function through a bad line', { ...neoboltOnly, concurrency: 6 }, () => {
  for (const [title, at, outcomeOf] of POINTS) {
    for (const fault of ALL) {
      test(`${fault} at ${title}`, { timeout: 90_000 }, async () => {
        const proxy = await startFaultProxy(server(), { at, fault })
        const driver = connect(proxy)
        const label = labelled()
        try {
          const session = driver.session({ fetchSize: 10 })
          const settled = await settle(session.executeWrite((tx) => write(tx, label)))
          await session.close()
          assert.ok(proxy.done, 'the proxy has not come to its point')
          const expected = outcomeOf(fault)
          assert.equal(
            summary(settled),
            expected === 'once' ? '25 records' : expected.replace(/,.*/, ''),
            text(settled),
          )
          const count = expected === 'once' || expected === 'in doubt, done' ? 1 : 0
          assert.equal(await counted(label), count)
          // The driver goes on, on this connection or another.
          assert.equal((await driver.executeQuery('RETURN 1 AS n')).records.length, 1)
        } finally {
          await driver.close()
        }
        await proxy.idle()
        await proxy.stop()
      })
    }
  }
})

describe('a transaction function of a routing driver through a bad line', { ...neoboltOnly, concurrency: 6 }, () => {
  const points: [title: string, at: Point][] = [
    ['ROUTE', { request: 'ROUTE' }],
    ['the answer to ROUTE', { answerTo: 'ROUTE' }],
  ]
  for (const [title, at] of points) {
    for (const fault of ALL) {
      test(`${fault} at ${title}`, { timeout: 90_000 }, async () => {
        const proxy = await startFaultProxy(server(), { at, fault })
        // A server on its own says that its whole cluster is at the address where the driver has found it.
        const driver = connect(proxy, 'neo4j://')
        const label = labelled()
        try {
          const session = driver.session({ fetchSize: 10 })
          const settled = await settle(session.executeWrite((tx) => write(tx, label)))
          await session.close()
          assert.ok(proxy.done, 'the proxy has not come to its point')
          assert.equal(summary(settled), '25 records', text(settled))
          assert.equal(await counted(label), 1)
          for (const { inUse, waiting } of (driver as Driver & { metrics(): DriverMetrics }).metrics().pools) {
            assert.deepEqual([inUse, waiting], [0, 0])
          }
        } finally {
          await driver.close()
        }
        await proxy.idle()
        await proxy.stop()
      })
    }
  }
})

describe('other calls through a bad line', { ...neoboltOnly, concurrency: 6 }, () => {
  test('an auto-commit query whose line is cut is not run again, and says so', async () => {
    for (const fault of ['cut', 'reset', 'halve', 'swallow'] as const) {
      const proxy = await startFaultProxy(server(), { at: { answerTo: 'PULL', records: 3 }, fault })
      const driver = connect(proxy)
      const session = driver.session({ fetchSize: 10 })
      const settled = await settle(session.run('UNWIND range(1, 25) AS i RETURN i'))
      assert.equal((settled as Neo4jError).code, 'ServiceUnavailable', fault)
      await session.close()
      await driver.close()
      await proxy.idle()
      assert.equal(proxy.connections, 1)
      await proxy.stop()
    }
  })

  test('a reader is retried where the commit is lost: nothing can be done twice', async () => {
    const proxy = await startFaultProxy(server(), { at: { answerTo: 'COMMIT' }, fault: 'cut' })
    const driver = connect(proxy)
    const session = driver.session()
    const { records } = await session.executeRead((tx) => tx.run('RETURN 1 AS n'))
    assert.equal(records.length, 1)
    assert.equal(proxy.connections, 2)
    await driver.close()
    await proxy.idle()
    await proxy.stop()
  })

  test('a RESET that is swallowed costs that connection and no more', async () => {
    const proxy = await startFaultProxy(server(), { at: { request: 'RESET' }, fault: 'swallow' })
    const driver = connect(proxy)
    const session = driver.session()
    const settled = await settle(session.run('THIS IS NO CYPHER'))
    assert.equal((settled as Neo4jError).code, 'Neo.ClientError.Statement.SyntaxError')
    assert.equal((await driver.executeQuery('RETURN 1 AS n')).records.length, 1)
    assert.equal(proxy.connections, 2)
    await driver.close()
    await proxy.idle()
    await proxy.stop()
  })

  test('driver.close() ends a query whose answers are swallowed, at once, and the process can exit', async () => {
    // Without a hint after which to give the server up.
    const proxy = await startFaultProxy(server(), { at: { answerTo: 'RUN' }, fault: 'swallow' }, 120)
    const child = await runChild(
      `const driver = neo4j.driver(input.uri, neo4j.auth.basic(input.user, input.password));
       const running = driver.session().run('RETURN 1').catch((error) => error.code);
       await new Promise((resolve) => setTimeout(resolve, 500));
       const started = performance.now();
       await driver.close();
       console.log(await running, performance.now() - started < 10_000)`,
      { input: { ...server(), uri: proxy.uri } },
    )
    assert.deepEqual([child.code, child.stdout.trim(), child.stderr], [0, 'ServiceUnavailable true', ''])
    await proxy.idle()
    await proxy.stop()
  })
})

function connect(proxy: FaultProxy, scheme = 'bolt://'): Driver {
  const { user, password } = server()
  return neo4j.driver(proxy.uri.replace('bolt://', scheme), neo4j.auth.basic(user, password), {
    connectionAcquisitionTimeout: 6000,
    connectionTimeout: 4000,
    maxConnectionPoolSize: 2,
  })
}

function write(
  tx: { run(query: string): Promise<{ records: unknown[] }> },
  label: string,
): Promise<{ records: unknown[] }> {
  return tx.run(`CREATE (:${label}) WITH 1 AS one UNWIND range(1, 25) AS i RETURN i`)
}

function settle<T>(promise: PromiseLike<T>): Promise<T | Error> {
  return Promise.resolve(promise).catch((error: Error) => error)
}

function summary(settled: { records: unknown[] } | Error): string {
  if (!(settled instanceof Error)) return `${settled.records.length} records`
  const { code, retryable } = settled as Neo4jError & { retryable: boolean }
  if (code === 'ServiceUnavailable' && !retryable) return 'in doubt'
  return settled.message.startsWith('Connection acquisition timed out in 6000 ms') ? 'times out' : code
}

function text(settled: unknown): string {
  return settled instanceof Error ? String(settled.stack) : ''
}

async function counted(label: string): Promise<number> {
  const { uri, user, password } = server()
  const official = load('neo4j-driver')
  direct ??= official.driver(uri, official.auth.basic(user, password))
  const { records } = await direct.executeQuery(`MATCH (n:${label}) RETURN count(n) AS n`)
  return records[0]?.get('n').toNumber()
}

function labelled(): string {
  return `F${randomBytes(6).toString('hex')}`
}
