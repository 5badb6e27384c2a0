/**
 * Transaction functions, their re-execution, bookmarks on a real server. Failures of
 * servers are in stub/retries.test.ts.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differential } from '../support/differential.js'
import { load, type Neo4j, neoboltOnly } from '../support/drivers.js'
import { useServer } from '../support/servers.js'
import { outcome } from '../support/snapshot.js'

const server = useServer()

function transient(neo4j: Neo4j, code = 'Neo.TransientError.Transaction.DeadlockDetected'): Error {
  const Neo4jError = neo4j.Neo4jError as unknown as new (...args: unknown[]) => Error
  return new Neo4jError('on purpose', code, '50N42', 'on purpose')
}

differential(
  'T1, T4: a transient failure runs the whole work again, after about 1 s and then 2 s; only the last try is committed',
  server,
  async ({ neo4j, driver, label }) => {
    const session = driver.session()
    const starts: number[] = []
    const waits: number[] = []
    const unwatch = watchTimers((milliseconds) => waits.push(milliseconds))
    const value = await session
      .executeWrite(async (tx) => {
        starts.push(performance.now())
        await tx.run(`CREATE (:${label})`)
        if (starts.length < 3) throw transient(neo4j)
        return starts.length
      })
      .finally(unwatch)
    const count = await session.run(`MATCH (n:${label}) RETURN count(n) AS n`)
    await session.close()
    const [first = 0, second = 0, third = 0] = starts
    return [
      value,
      count.records[0]?.get('n').toNumber(),
      // By the timers that are set: on a busy machine timers are late, but never early.
      waits.filter((wait) => wait >= 800 && wait <= 1200).length,
      waits.filter((wait) => wait >= 1600 && wait <= 2400).length,
      second - first >= 799 && third - second >= 1599,
    ]
  },
  [3, 1, 1, 1, true],
)

differential(
  'T2: which errors are retryable',
  server,
  async ({ neo4j }) =>
    [
      'ServiceUnavailable',
      'SessionExpired',
      'Neo.TransientError.General.DatabaseUnavailable',
      'Neo.ClientError.Security.AuthorizationExpired',
      'Neo.ClientError.Security.Unauthorized',
      'Neo.ClientError.Statement.SyntaxError',
      'Neo.ClientError.Transaction.Terminated',
      'ProtocolError',
      'N/A',
    ].map((code) => neo4j.isRetryableError(transient(neo4j, code) as never)),
  [true, true, true, true, false, false, false, false, false],
)

differential(
  'T3: an error of the user is not retried: one try, rolled back, and the same object comes out',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const mine = new Error('mine')
    let attempts = 0
    let caught: unknown
    try {
      await session.executeWrite(async (tx) => {
        attempts++
        await tx.run(`CREATE (:${label})`)
        throw mine
      })
    } catch (error) {
      caught = error
    }
    const count = await session.run(`MATCH (n:${label}) RETURN count(n) AS n`)
    await session.close()
    return [caught === mine, attempts, count.records[0]?.get('n').toNumber()]
  },
  [true, 1, 0],
)

differential(
  'T4: when the time for retries is over, the last error is rejected as it is',
  server,
  async ({ neo4j, driver }) => {
    // The first try has to fail within that time, and the second begins after 800 ms at the earliest.
    await driver.verifyConnectivity()
    const session = driver.session()
    const thrown: Error[] = []
    let caught: unknown
    try {
      await session.executeWrite(() => {
        const error = transient(neo4j)
        thrown.push(error)
        throw error
      })
    } catch (error) {
      caught = error
    }
    await session.close()
    return [thrown.length, caught === thrown.at(-1)]
  },
  [2, true],
  { config: { maxTransactionRetryTime: 750 }, parallel: true },
)

differential(
  'T4, F7: maxTransactionRetryTime 0 means no retry, where the official driver still makes one',
  server,
  async ({ neo4j, driver }) => {
    const session = driver.session()
    let attempts = 0
    await session
      .executeWrite(() => {
        attempts++
        throw transient(neo4j)
      })
      .catch(() => {})
    await session.close()
    return attempts
  },
  2,
  { config: { maxTransactionRetryTime: 0 }, parallel: true, ours: 1 },
)

differential(
  'T5: work may be synchronous; what is no function is a TypeError',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const outcomes = [
      await outcome(() => session.executeWrite(() => 42)),
      await outcome(() => session.executeWrite(undefined as never)),
      await outcome(() => session.executeRead(5 as never)),
    ]
    await session.close()
    return outcomes
  },
  [
    { resolves: 42 },
    { rejects: { name: 'TypeError', message: 'transactionWork is not a function' } },
    { rejects: { name: 'TypeError', message: 'transactionWork is not a function' } },
  ],
)

differential(
  'T6: all or nothing: a transaction function that fails at its last query has written nothing',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const failed = await outcome(() =>
      session.executeWrite(async (tx) => {
        await tx.run(`UNWIND range(1, 100) AS i CREATE (:${label} {i: i})`)
        await tx.run('RETURN 1 / 0')
      }),
    )
    const count = await session.run(`MATCH (n:${label}) RETURN count(n) AS n`)
    await session.close()
    return [(failed as { rejects: { code: string } }).rejects.code, count.records[0]?.get('n').toNumber()]
  },
  ['Neo.ClientError.Statement.ArithmeticError', 0],
)

differential(
  'T7: lastBookmarks() has a bookmark after each kind of commit, which another session takes',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const bookmarks: string[][] = [session.lastBookmarks()]
    await session.run(`CREATE (:${label})`)
    bookmarks.push(session.lastBookmarks())
    await session.executeWrite((tx) => tx.run(`CREATE (:${label})`))
    bookmarks.push(session.lastBookmarks())
    const tx = await session.beginTransaction()
    await tx.run(`CREATE (:${label})`)
    await tx.rollback()
    bookmarks.push(session.lastBookmarks())
    const other = driver.session({ bookmarks: session.lastBookmarks() })
    const taken = other.lastBookmarks()
    const count = await other.run(`MATCH (n:${label}) RETURN count(n) AS n`)
    await other.close()
    await session.close()
    const [none, first, second, third] = bookmarks
    return {
      sizes: bookmarks.map((list) => list.length),
      none,
      strings: typeof first?.[0],
      moved: first?.[0] !== second?.[0],
      kept: second?.[0] === third?.[0],
      taken: taken[0] === third?.[0],
      count: count.records[0]?.get('n').toNumber(),
    }
  },
  { sizes: [0, 1, 1, 1], none: [], strings: 'string', moved: true, kept: true, taken: true, count: 2 },
)

test('T8, F2: closing a session while a retry waits rejects with the last error', {
  timeout: 90_000,
  ...neoboltOnly,
}, async () => {
  const neo4j = load('neobolt')
  const { uri, user, password } = server()
  const driver = neo4j.driver(uri, neo4j.auth.basic(user, password))
  try {
    const session = driver.session()
    const error = transient(neo4j)
    let failed: () => void = () => {}
    const firstTry = new Promise<void>((resolve) => {
      failed = resolve
    })
    const executing = session
      .executeWrite(() => {
        failed()
        throw error
      })
      .then(
        () => 'resolved',
        (caught) => caught,
      )
    await firstTry
    // From the server: the rollback has gone through, so the retry is waiting.
    await driver.executeQuery('RETURN 1')
    await session.close()
    // The error is there by now, without a timer. The next try would come after 800 ms at the earliest, in a
    // later turn of the event loop.
    assert.equal(await Promise.race([executing, new Promise(setImmediate)]), error)
  } finally {
    await driver.close()
  }
})

differential(
  'A managed transaction runs queries and has nothing to end it with',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const shape = await session.executeRead((tx) =>
      ['run', 'commit', 'rollback', 'close', 'isOpen'].map(
        (name) => typeof (tx as unknown as Record<string, unknown>)[name],
      ),
    )
    const name = await session.executeRead((tx) => tx.constructor.name)
    await session.close()
    return [name, shape]
  },
  ['ManagedTransaction', ['function', 'undefined', 'undefined', 'undefined', 'undefined']],
)

differential(
  'The timeout and the metadata of a transaction reach the server',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const show = async (run: () => PromiseLike<{ records: { get(key: string): unknown }[] }>) =>
      (await run()).records.map((record) => record.get('metaData'))
    const query = 'SHOW TRANSACTIONS YIELD metaData, currentQuery WHERE currentQuery CONTAINS $mark RETURN metaData'
    const config = { metadata: { app: 'neobolt', n: 'x' }, timeout: 5000 }
    const outcomes = [
      await show(() => session.run(query, { mark: 'SHOW TRANSACTIONS YIELD metaData' }, config)),
      await show(() =>
        session.executeRead((tx) => tx.run(query, { mark: 'SHOW TRANSACTIONS YIELD metaData' }), config),
      ),
    ]
    const timedOut = await outcome(() =>
      session.run('UNWIND range(1, 1000000000) AS i WITH i WHERE i < 0 RETURN i', {}, { timeout: 50 }),
    )
    await session.close()
    return [outcomes, (timedOut as { rejects: { code: string } }).rejects.code]
  },
  [
    [[{ app: 'neobolt', n: 'x' }], [{ app: 'neobolt', n: 'x' }]],
    'Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration',
  ],
)

/**
 * Calls back with the milliseconds of every timer that is set, until the function that it returns is called.
 */
function watchTimers(seen: (milliseconds: number) => void): () => void {
  const { setTimeout, setInterval } = globalThis
  const watched = (real: (...args: never[]) => unknown) =>
    ((callback: () => void, milliseconds: number, ...rest: unknown[]) => {
      seen(milliseconds)
      return real(...([callback, milliseconds, ...rest] as never[]))
    }) as never
  Object.assign(globalThis, { setTimeout: watched(setTimeout), setInterval: watched(setInterval) })
  return () => Object.assign(globalThis, { setTimeout, setInterval })
}
