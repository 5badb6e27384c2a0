/** rxSession on a real server. */
import { firstValueFrom, from, lastValueFrom, map, materialize, mergeMap, type Observable, take, toArray } from 'rxjs'
import { differential } from '../support/differential.js'
import { useServer } from '../support/servers.js'
import { brief, outcome, snapshot } from '../support/snapshot.js'

const server = useServer()
const STARTED = {
  name: 'Neo4jError',
  message: 'Streaming has already started/consumed with a previous records or summary subscription.',
  code: 'N/A',
  gqlStatus: '50N42',
}

/** Everything that an observable emits, and how it ends. */
function emitted<T>(observable: Observable<T>, show: (value: T) => unknown = snapshot): Promise<unknown[]> {
  return new Promise((resolve) => {
    const seen: unknown[] = []
    observable.subscribe({
      next: (value) => seen.push(show(value)),
      error: (error) => resolve([...seen, brief(error)]),
      complete: () => resolve([...seen, 'complete']),
    })
  })
}

differential(
  'R1: rxSession gives an RxSession at once, with the options of session',
  server,
  async ({ neo4j, driver }) => {
    const session = driver.rxSession({ defaultAccessMode: neo4j.session.READ, database: 'neo4j', fetchSize: 10 })
    const shape = [session.constructor.name, session instanceof (neo4j as unknown as { RxSession: never }).RxSession]
    const write = await emitted(session.run('CREATE (:Never)').consume(), () => 'summary')
    const illegal = await outcome(() => driver.rxSession({ defaultAccessMode: 'x' as never }))
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return [shape, (write[0] as { code: string }).code, illegal, session.lastBookmarks()]
  },
  [
    ['RxSession', true],
    'Neo.ClientError.Statement.AccessMode',
    {
      throws: { name: 'Neo4jError', message: 'Illegal session mode x', code: 'N/A', gqlStatus: '50N42' },
    },
    [],
  ],
)

differential(
  'R2, R3: an observable is cold and no promise: nothing runs without a subscription, and twice for two',
  server,
  async ({ driver, label }) => {
    const session = driver.rxSession()
    let runs = 0
    const observable = session.executeWrite((tx) => {
      runs++
      return tx.run(`CREATE (n:${label}) RETURN 1 AS n`).records()
    })
    const awaited = await observable
    const before = runs
    await lastValueFrom(observable)
    await lastValueFrom(observable)
    const count = await lastValueFrom(session.run(`MATCH (n:${label}) RETURN count(n) AS n`).records())
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return [awaited === observable, before, runs, count.get('n').toNumber()]
  },
  [true, 0, 2, 2],
)

differential(
  'R4, R5: records() can be piped; toPromise() has the last value, undefined of none, and rejects on an error',
  server,
  async ({ driver }) => {
    const session = driver.rxSession()
    const values = (xs: string) =>
      session
        .executeRead((tx) =>
          tx
            .run(`UNWIND ${xs} AS x RETURN x`)
            .records()
            .pipe(map((record) => record.get('x'))),
        )
        .toPromise()
    const outcomes = [
      await values("['Alice']"),
      (await values('[1, 2, 3]')).toNumber(),
      String(await values('[]')),
      await outcome(() => values('[1 / 0]')),
    ]
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return outcomes
  },
  [
    'Alice',
    3,
    'undefined',
    {
      rejects: {
        name: 'Neo4jError',
        message: '/ by zero',
        code: 'Neo.ClientError.Statement.ArithmeticError',
        gqlStatus: '50N42',
      },
    },
  ],
)

differential(
  'R6: materialize() turns what comes into notifications, the last of which says that it is complete',
  server,
  async ({ driver }) => {
    const session = driver.rxSession()
    const observable = session.executeRead((tx) =>
      tx
        .run("UNWIND ['a', 'b'] AS x RETURN x")
        .records()
        .pipe(
          map((record) => record.get('x')),
          materialize(),
        ),
    )
    const all = await lastValueFrom(observable.pipe(toArray()))
    const last = await observable.toPromise()
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return [all.map(snapshot), last?.kind]
  },
  [
    [
      { $class: 'Notification', kind: 'N', value: 'a', error: '<undefined>', hasValue: true },
      { $class: 'Notification', kind: 'N', value: 'b', error: '<undefined>', hasValue: true },
      {
        $class: 'Notification',
        kind: 'C',
        value: '<undefined>',
        error: '<undefined>',
        hasValue: false,
      },
    ],
    'C',
  ],
)

differential(
  'R7: pause() before the subscription lets one record through, push() one more, resume() the rest',
  server,
  async ({ driver }) => {
    const session = driver.rxSession({ fetchSize: 10 })
    const result = await firstValueFrom(from([session.run('UNWIND range(1, 35) AS i RETURN i')]))
    const seen: number[] = []
    let arrived: () => void = () => {}
    const next = () =>
      new Promise<void>((resolve) => {
        arrived = resolve
      })
    result.pause()
    let came = next()
    const done = new Promise<void>((resolve, reject) => {
      result.records().subscribe({
        next: (record) => {
          seen.push(record.get('i').toNumber())
          arrived()
        },
        complete: resolve,
        error: reject,
      })
    })
    await came
    // A turn of the loop in which more could come.
    await new Promise((resolve) => setImmediate(resolve))
    const counts = [seen.length]
    came = next()
    await result.push()
    await came
    await new Promise((resolve) => setImmediate(resolve))
    counts.push(seen.length)
    result.resume()
    await done
    counts.push(seen.length)
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return counts
  },
  [1, 2, 35],
)

differential(
  'R8: keys() and consume() replay; records() comes once; consume() first discards',
  server,
  async ({ driver }) => {
    const session = driver.rxSession()
    const result = session.run('UNWIND [1, 2] AS i RETURN i')
    const keys = [await lastValueFrom(result.keys()), await lastValueFrom(result.keys())]
    const records = await emitted(result.records(), (record) => record.get('i').toNumber())
    const again = await emitted(result.records())
    const summary = await lastValueFrom(result.consume())
    const same = summary === (await lastValueFrom(result.consume()))
    const discarded = session.run('UNWIND [1, 2] AS i RETURN i')
    const type = (await lastValueFrom(discarded.consume())).queryType
    const after = await emitted(discarded.records())
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return { keys, records, again, same, type, after }
  },
  {
    keys: [['i'], ['i']],
    records: [1, 2, 'complete'],
    again: [STARTED],
    same: true,
    type: 'r',
    after: [STARTED],
  },
)

differential(
  'R9: unsubscribing cancels the stream; sessions that execute functions can go on at once',
  server,
  async ({ driver }) => {
    const session = driver.rxSession({ fetchSize: 10 })
    const some = () =>
      lastValueFrom(
        session
          .executeRead((tx) => tx.run('UNWIND range(1, 100000) AS i RETURN i').records())
          .pipe(
            take(2),
            map((record) => record.get('i').toNumber()),
            toArray(),
          ),
      )
    const first = await some()
    const rest = driver.rxSession()
    const second = await lastValueFrom(rest.run('RETURN 1 AS n').records())
    await lastValueFrom(rest.close(), { defaultValue: undefined })
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return [first, second.get('n').toNumber()]
  },
  [[1, 2], 1],
)

differential(
  'R10: an error of work rolls back and comes out; after a retryable one the values of the first try come again',
  server,
  async ({ neo4j, driver, label }) => {
    const session = driver.rxSession()
    const mine = new Error('mine')
    let attempts = 0
    const failing = session.executeWrite((tx) => {
      attempts++
      return tx
        .run(`CREATE (n:${label}) RETURN 1 AS n`)
        .records()
        .pipe(
          map(() => {
            throw mine
          }),
        )
    })
    let caught: unknown
    try {
      await lastValueFrom(failing)
    } catch (error) {
      caught = error
    }
    let tries = 0
    const retried = session.executeWrite((tx) => {
      const attempt = ++tries
      return tx
        .run(`UNWIND [1, 2, 3] AS i CREATE (n:${label}) RETURN i`)
        .records()
        .pipe(
          map((record) => {
            const i = record.get('i').toNumber()
            if (attempt === 1 && i === 3) {
              const Retryable = neo4j.Neo4jError as unknown as new (...args: unknown[]) => Error
              throw new Retryable('again', 'Neo.TransientError.Transaction.DeadlockDetected', '50N42', 'again')
            }
            return `${attempt}:${i}`
          }),
        )
    })
    const values = await emitted(retried)
    const count = await lastValueFrom(session.run(`MATCH (n:${label}) RETURN count(n) AS n`).records())
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return [caught === mine, attempts, values, count.get('n').toNumber()]
  },
  [true, 1, ['1:1', '1:2', '2:1', '2:2', '2:3', 'complete'], 3],
)

differential(
  'R11: work may return anything that rxjs takes for an observable, and nothing else',
  server,
  async ({ driver }) => {
    const session = driver.rxSession()
    const run = (work: () => unknown) => emitted(session.executeRead(work as never))
    const outcomes = [
      await run(() => Promise.resolve(42)),
      await run(() => [1, 2]),
      await run(() => 5),
      await run(() => undefined),
    ]
    const result = await emitted(
      session.executeRead(((tx: { run(query: string): unknown }) => tx.run('RETURN 1')) as never),
    )
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return [outcomes, (result[0] as { name: string; message: string }).name, (result[0] as Error).message.slice(0, 62)]
  },
  [
    [
      [42, 'complete'],
      [1, 2, 'complete'],
      [
        {
          name: 'TypeError',
          message:
            "You provided '5' where a stream was expected. You can provide an Observable, Promise, ReadableStream, Array, AsyncIterable, or Iterable.",
        },
      ],
      [
        {
          name: 'TypeError',
          message:
            "You provided 'undefined' where a stream was expected. You can provide an Observable, Promise, ReadableStream, Array, AsyncIterable, or Iterable.",
        },
      ],
    ],
    'TypeError',
    'You provided an invalid object where a stream was expected. Yo',
  ],
)

differential(
  'R12: RxSession.run is lazy: no query without a subscription',
  server,
  async ({ driver, label }) => {
    const session = driver.rxSession()
    const never = session.run(`CREATE (:${label})`)
    const before = await lastValueFrom(session.run(`MATCH (n:${label}) RETURN count(n) AS n`).records())
    await lastValueFrom(never.consume())
    const after = await lastValueFrom(session.run(`MATCH (n:${label}) RETURN count(n) AS n`).records())
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return [before.get('n').toNumber(), after.get('n').toNumber()]
  },
  [0, 1],
)

differential(
  'R13: close() is a cold observable that completes without a value',
  server,
  async ({ driver }) => {
    const session = driver.rxSession()
    const closing = session.close()
    const before = await emitted(session.run('RETURN 1 AS n').records(), (record) => record.get('n').toNumber())
    const closed = await emitted(closing)
    const after = await emitted(session.run('RETURN 1 AS n').records())
    return { before, closed, after }
  },
  {
    before: [1, 'complete'],
    closed: ['complete'],
    after: [
      {
        name: 'Neo4jError',
        message: 'Cannot run query in a closed session.',
        code: 'N/A',
        gqlStatus: '50N42',
      },
    ],
  },
)

differential(
  'R14: beginTransaction gives the transaction; commit() and rollback() complete empty, and end it',
  server,
  async ({ driver, label }) => {
    const session = driver.rxSession()
    const tx = await lastValueFrom(session.beginTransaction())
    const open = [tx.constructor.name, tx.isOpen()]
    await lastValueFrom(tx.run(`CREATE (n:${label}) RETURN n`).records())
    const commit = await emitted(tx.commit())
    open.push(tx.isOpen())
    const other = await lastValueFrom(session.beginTransaction())
    await lastValueFrom(other.run(`CREATE (n:${label}) RETURN n`).records())
    const rollback = await emitted(other.rollback())
    open.push(other.isOpen())
    const count = await lastValueFrom(session.run(`MATCH (n:${label}) RETURN count(n) AS n`).records())
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return { open, commit, rollback, count: count.get('n').toNumber() }
  },
  { open: ['RxTransaction', true, false, false], commit: ['complete'], rollback: ['complete'], count: 1 },
)

differential(
  'R15: after keys() has failed, consume() says that the result is consumed',
  server,
  async ({ driver }) => {
    const session = driver.rxSession()
    const result = session.run('RETURN')
    const keys = await emitted(result.keys())
    const summary = await emitted(result.consume())
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return [(keys[0] as { code: string }).code, summary]
  },
  [
    'Neo.ClientError.Statement.SyntaxError',
    [{ name: 'Neo4jError', message: 'Result is already consumed', code: 'N/A', gqlStatus: '50N42' }],
  ],
)

differential(
  'unsubscribing before a transaction is emitted rolls it back, and gives its connection back',
  server,
  async ({ connect }) => {
    const driver = connect({ maxConnectionPoolSize: 1, connectionAcquisitionTimeout: 3000 })
    await driver.verifyConnectivity()
    const session = driver.rxSession()
    session.beginTransaction().subscribe().unsubscribe()
    const next = await outcome(() =>
      lastValueFrom(session.beginTransaction().pipe(mergeMap((tx) => tx.rollback())), { defaultValue: 'rolled back' }),
    )
    const other = await outcome(() => driver.executeQuery('RETURN 1').then(() => 'done'))
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return [next, other].map(
      (seen) => (seen as { resolves?: string }).resolves ?? brief(Object.values(seen as object)[0]),
    )
  },
  [
    {
      name: 'Neo4jError',
      message:
        'You cannot begin a transaction on a session with ongoing work; either run from within an existing transaction or use a different session.',
      code: 'N/A',
      gqlStatus: '50N42',
    },
    {
      name: 'Neo4jError',
      message: 'Connection acquisition timed out in 3000 ms. Pool status: Active conn count = 1, Idle conn count = 0.',
      code: 'N/A',
      gqlStatus: '50N42',
    },
  ],
  { ours: ['rolled back', 'done'] },
)

differential(
  'whoever takes the transaction that is emitted, and nothing more, has it to use',
  server,
  async ({ driver }) => {
    const session = driver.rxSession()
    const tx = await firstValueFrom(session.beginTransaction().pipe(take(1)))
    const open = tx.isOpen()
    const record = await lastValueFrom(tx.run('RETURN 1 AS n').records())
    await lastValueFrom(tx.commit(), { defaultValue: undefined })
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return [open, record.get('n').toNumber()]
  },
  [true, 1],
)
