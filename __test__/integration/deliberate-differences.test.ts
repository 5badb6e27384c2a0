/**
 * Cases in which 6.3.0 is wrong and ours is not. Each script runs on both drivers, and the outcome of each is
 * written down. If the official driver hangs, the script runs on ours only. F2 and F1 are also in
 * stub/retries.test.ts, and F7's retries in reexecution.test.ts.
 */
import type { Result } from 'neo4j-driver'
import { lastValueFrom, take, toArray } from 'rxjs'
import { differential } from '../support/differential.js'
import { useServer } from '../support/servers.js'
import { outcome } from '../support/snapshot.js'

const server = useServer()
const CONSUMED = {
  rejects: { name: 'Neo4jError', message: 'Result is already consumed', code: 'N/A', gqlStatus: '50N42' },
}
const BUSY = {
  name: 'Neo4jError',
  message:
    'Queries cannot be run directly on a session with ongoing work; either await the previous work, run in an existing transaction or use a different session.',
  code: 'N/A',
  gqlStatus: '50N42',
}

differential(
  'F1: driver.close() with queries in flight rejects them at once',
  server,
  async ({ connect }) => {
    const driver = connect()
    const endless = 'UNWIND range(1, 1000000000) AS i WITH i WHERE i < 0 RETURN i'
    const running = [
      outcome(() => driver.session().run(endless)),
      outcome(() => driver.executeQuery(endless)),
      outcome(() => driver.session().executeRead((tx) => tx.run(endless))),
    ]
    await driver.verifyConnectivity()
    const started = performance.now()
    await driver.close()
    const ended = (await Promise.all(running)) as { rejects: { code: string } }[]
    return [ended.map(({ rejects }) => rejects.code), performance.now() - started < 10_000]
  },
  [Array(3).fill('ServiceUnavailable'), true],
  { oursAlone: true },
)

differential(
  'session.close() in the midst of a result rejects whoever reads it: a result never ends early without an error',
  server,
  async ({ driver }) => {
    const seen: unknown[] = []
    const query = 'UNWIND range(1, 100000) AS i RETURN i'
    for (const stopAt of [1, 9, 10, 11, 25]) {
      for (const waits of [true, false]) {
        const session = driver.session({ fetchSize: 10 })
        let count = 0
        const ended = (await outcome(async () => {
          for await (const _ of session.run(query)) {
            if (++count !== stopAt) continue
            const closing = session.close()
            if (waits) await closing
          }
        })) as { rejects?: { message: string } }
        seen.push(ended.rejects?.message)
      }
    }
    // A reader that has read nothing yet gets the error, too.
    for (const read of [
      (result: Result) => result.then(() => undefined),
      (result: Result) => result.summary(),
      (result: Result) => result[Symbol.asyncIterator]().return?.(),
    ]) {
      const session = driver.session({ fetchSize: 10 })
      const result = session.run(query)
      await result.keys()
      await session.close()
      seen.push(Object.keys((await outcome(() => read(result))) as object))
    }
    // The connections still work as before.
    return [[...new Set(seen.map(String))], (await driver.executeQuery('RETURN 1')).records.length]
  },
  [['You cannot run more transactions on a closed session.', 'rejects'], 1],
  { oursAlone: true },
)

differential(
  'F3: session.run() inside an open transaction is rejected, and transaction and pool stay sound',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const tx = await session.beginTransaction()
    await tx.run(`CREATE (:${label})`)
    const refused = await outcome(() => session.run('RETURN 1'))
    await tx.run(`CREATE (:${label})`)
    await tx.commit()
    const other = driver.session()
    const count = await other.executeRead((inner) => inner.run(`MATCH (n:${label}) RETURN count(n) AS n`))
    await other.close()
    await session.close()
    return [refused, count.records[0]?.get('n').toNumber()]
  },
  [{ rejects: BUSY }, 2],
  { oursAlone: true },
)

differential(
  'F4: an aborted signal rejects executeQuery before anything is sent',
  server,
  async ({ driver, label }) => {
    const signal = AbortSignal.abort()
    const ended = (await outcome(() => driver.executeQuery(`CREATE (:${label})`, {}, { signal } as never))) as object
    const { records } = await driver.executeQuery(`MATCH (n:${label}) RETURN count(n) AS n`)
    return [Object.keys(ended)[0], records[0]?.get('n').toNumber()]
  },
  ['resolves', 1],
  { ours: ['rejects', 0] },
)

differential(
  'F5: parameters that the official driver changes without a word',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const back = async (value: unknown) => {
      const query = 'RETURN $rows[0].value AS v'
      return outcome(async () => (await session.run(query, { rows: [{ value }] })).records[0]?.get('v'))
    }
    const outcomes = [
      await back(2n ** 63n),
      await back(-(2n ** 63n) - 1n),
      await back(new Date(0)),
      await back(Object(true)),
      await back(Object('text')),
      await back(Buffer.from([1, 255])),
      await back(Uint8Array.of(1, 255)),
      await back(Uint8Array.of(1, 255).buffer),
      await back(Object.create(null, { a: { value: 'x', enumerable: true } })),
    ]
    await session.close()
    return outcomes
  },
  [
    {
      rejects: {
        name: 'RangeError',
        message: 'Integer beyond 64 bits: 9223372036854775808 (in $rows[0].value)',
      },
    },
    {
      rejects: {
        name: 'RangeError',
        message: 'Integer beyond 64 bits: -9223372036854775809 (in $rows[0].value)',
      },
    },
    {
      resolves: {
        $class: 'DateTime',
        year: { $class: 'Integer', low: 1970, high: 0 },
        month: { $class: 'Integer', low: 1, high: 0 },
        day: { $class: 'Integer', low: 1, high: 0 },
        hour: { $class: 'Integer', low: 0, high: 0 },
        minute: { $class: 'Integer', low: 0, high: 0 },
        second: { $class: 'Integer', low: 0, high: 0 },
        nanosecond: { $class: 'Integer', low: 0, high: 0 },
        timeZoneOffsetSeconds: { $class: 'Integer', low: 0, high: 0 },
        timeZoneId: '<undefined>',
      },
    },
    { resolves: true },
    { resolves: 'text' },
    { resolves: { $class: 'Int8Array', values: [1, -1] } },
    { resolves: { $class: 'Int8Array', values: [1, -1] } },
    { resolves: { $class: 'Int8Array', values: [1, -1] } },
    { resolves: { a: 'x' } },
  ],
  { oursAlone: true },
)

differential(
  'F6: an awaited transaction is a Transaction, and everything that is closed can be disposed of',
  server,
  async ({ neo4j, driver, connect, label }) => {
    const session = driver.session()
    const tx = await session.beginTransaction()
    await tx.run(`CREATE (:${label})`)
    const dispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')
    const disposable = (value: unknown) => (value as Record<symbol, () => Promise<void>>)[dispose]
    const shape = [tx instanceof neo4j.Transaction, typeof disposable(tx)]
    await disposable(tx)?.call(tx)
    const open = tx.isOpen()
    const { records } = await session.run(`MATCH (n:${label}) RETURN count(n) AS n`)
    await disposable(session)?.call(session)
    const closed = (await outcome(() => session.run('RETURN 1'))) as { rejects: { message: string } }
    const rx = driver.rxSession()
    await disposable(rx)?.call(rx)
    const rxClosed = (await outcome(() => lastValueFrom(rx.run('RETURN 1').records()))) as {
      rejects?: { message: string }
    }
    const other = connect()
    await disposable(other)?.call(other)
    return [shape, open, records[0]?.get('n').toNumber(), closed.rejects.message, rxClosed.rejects?.message]
  },
  [[true, 'function'], false, 0, 'Cannot run query in a closed session.', 'Cannot run query in a closed session.'],
  { oursAlone: true },
)

differential(
  'F7: isRetriableError answers, null-prototype parameters are sent, and a config object can be used again',
  server,
  async ({ neo4j, server: { uri, user, password } }) => {
    const config = Object.freeze({ maxConnectionPoolSize: 5 })
    const drivers = [1, 2].map(() => neo4j.driver(uri, neo4j.auth.basic(user, password), config))
    const parameters = Object.assign(Object.create(null), { a: 'x' })
    const results = await Promise.all(drivers.map((each) => each.executeQuery('RETURN $a AS a', parameters)))
    await Promise.all(drivers.map((each) => each.close()))
    return [
      results.map(({ records }) => records[0]?.get('a')),
      neo4j.isRetriableError(new neo4j.Neo4jError('x', 'ServiceUnavailable', '50N42', 'x')),
    ]
  },
  [['x', 'x'], true],
  { oursAlone: true },
)

differential(
  'F8: after an unsubscription the next run on the same session waits for the cancel',
  server,
  async ({ driver }) => {
    const session = driver.rxSession({ fetchSize: 10 })
    const counts: number[] = []
    for (let i = 0; i < 5; i++) {
      const rows = await lastValueFrom(
        session.run('UNWIND range(1, 100000) AS i RETURN i').records().pipe(take(2), toArray()),
      )
      counts.push(rows.length)
    }
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return counts
  },
  [2, 2, 2, 2, 2],
  { oursAlone: true },
)

differential(
  'F9: with strictResults a result that was read or discarded rejects, where it would be short of records',
  server,
  async ({ connect }) => {
    const outcomes: unknown[] = []
    for (const session of [
      connect({ strictResults: true }).session(),
      connect().session({ strictResults: true } as never),
    ]) {
      const iterated = session.run('UNWIND [1, 2, 3] AS i RETURN i')
      for await (const _ of iterated);
      outcomes.push(await outcome(() => iterated))
      const discarded = session.run('UNWIND range(1, 5000) AS i RETURN i')
      await discarded.summary()
      outcomes.push(await outcome(() => discarded))
      const { result } = await session.executeRead((tx) => ({ result: tx.run('UNWIND range(1, 5000) AS i RETURN i') }))
      outcomes.push(await outcome(() => result))
      // A result that is read in one go is unchanged.
      outcomes.push((await session.run('UNWIND [1, 2] AS i RETURN i')).records.length)
      await session.close()
    }
    return outcomes
  },
  Array(2).fill([CONSUMED, CONSUMED, CONSUMED, 2]).flat(),
  { oursAlone: true },
)

differential(
  'F10: a swallowed query error is logged as a warning',
  server,
  async ({ connect }) => {
    const warnings: string[] = []
    const driver = connect({
      logging: { level: 'warn', logger: (_level: string, text: string) => warnings.push(text) },
    })
    const session = driver.session()
    await session.executeWrite(async (tx) => {
      await tx.run('RETURN 1 / 0').catch(() => {})
    })
    await session.close()
    return [warnings.length, /by zero/.test(warnings.join())]
  },
  [1, true],
  { oursAlone: true },
)

differential(
  'a forgotten await, and what else would be an empty map, is refused before anything is sent',
  server,
  async ({ driver }) => {
    const seen: unknown[] = []
    for (const id of [Promise.resolve(1), new URL('http://localhost'), /x/g, new Error('x'), new WeakMap()]) {
      const session = driver.session()
      seen.push(
        await outcome(async () => (await session.run('RETURN $rows AS rows', { rows: [{ id }] })).records[0].get(0)),
      )
      // The connection still works.
      seen.push((await session.run('RETURN 1.5 AS n')).records[0].get('n'))
      await session.close()
    }
    return seen
  },
  Array(5)
    .fill([{ resolves: [{ id: {} }] }, 1.5])
    .flat(),
  {
    ours: [
      'a Promise, which has to be awaited first',
      ...['URL', 'RegExp', 'Error', 'WeakMap'].map(
        (name) => `an instance of ${name}, which has no properties to be sent`,
      ),
    ].flatMap((what) => [
      { rejects: { name: 'TypeError', message: `Unable to pack the given value: ${what} (in $rows[0].id)` } },
      1.5,
    ]),
  },
)
