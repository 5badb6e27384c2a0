/**
 * Asynchronous iteration on a real server. stub/backpressure.test.ts shows the messages on the wire.
 */
import { differential } from '../support/differential.js'
import { useServer } from '../support/servers.js'
import { brief, outcome, snapshot } from '../support/snapshot.js'

const server = useServer()
const CONSUMED = { name: 'Neo4jError', message: 'Result is already consumed', code: 'N/A', gqlStatus: '50N42' }

differential(
  'A1: for await yields the records in order, each an instance of Record',
  server,
  async ({ neo4j, driver }) => {
    const session = driver.session()
    const seen: unknown[] = []
    for await (const record of session.run('UNWIND range(1, 5) AS i RETURN i, i * 2 AS twice')) {
      seen.push([record instanceof neo4j.Record, record.get('i').toNumber(), record.get('twice').toNumber()])
    }
    await session.close()
    return seen
  },
  [1, 2, 3, 4, 5].map((i) => [true, i, i * 2]),
)

differential(
  'A2: a second loop over a result is rejected by next() and peek(), not by getting the iterator',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const result = session.run('RETURN 1 AS n')
    let count = 0
    for await (const _ of result) count++
    const iterator = result[Symbol.asyncIterator]()
    const events = [count, await outcome(() => iterator.next()), await outcome(() => iterator.peek())]
    let caught: unknown
    try {
      for await (const _ of result) count++
    } catch (error) {
      caught = brief(error)
    }
    await session.close()
    return [...events, caught, count]
  },
  [1, { rejects: CONSUMED }, { rejects: CONSUMED }, CONSUMED, 1],
)

differential(
  'A3: the cursor at its end does not rewind, also after break',
  server,
  async ({ driver }) => {
    const session = driver.session({ fetchSize: 10 })
    const result = session.run('UNWIND range(1, 1000) AS i RETURN i')
    const open = [result.isOpen()]
    for await (const _ of result) {
      open.push(result.isOpen())
      break
    }
    open.push(result.isOpen())
    const second = await outcome(() => result[Symbol.asyncIterator]().next())
    await session.close()
    return { open, second }
  },
  { open: [true, true, false], second: { rejects: CONSUMED } },
)

differential(
  'A5: after break the same session and the same transaction can be used at once, and summary() resolves',
  server,
  async ({ driver }) => {
    const session = driver.session({ fetchSize: 10 })
    const first = session.run('UNWIND range(1, 1000) AS i RETURN i')
    for await (const _ of first) break
    const again = await session.run('RETURN 2 AS n')
    const summary = await first.summary()
    const inTransaction = await session.executeRead(async (tx) => {
      const result = tx.run('UNWIND range(1, 1000) AS i RETURN i')
      for await (const _ of result) break
      const next = await tx.run('RETURN 3 AS n')
      return [next.records[0]?.get('n').toNumber(), (await result.summary()).queryType]
    })
    await session.close()
    return [again.records[0]?.get('n').toNumber(), summary.queryType, inTransaction]
  },
  [2, 'r', [3, 'r']],
)

differential(
  'A6: an error thrown in the loop body within executeWrite rejects with that very error, rolls back, and is not retried',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const mine = new Error('mine')
    let attempts = 0
    let caught: unknown
    try {
      await session.executeWrite(async (tx) => {
        attempts++
        for await (const _ of tx.run(`UNWIND range(1, 10) AS i CREATE (n:${label}) RETURN i`)) throw mine
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
  'A7: the iterator has next, return and peek, no throw, is not iterable, and ends with the summary again and again',
  server,
  async ({ neo4j, driver }) => {
    const session = driver.session()
    const iterator = session.run('UNWIND [1, 2] AS i RETURN i')[Symbol.asyncIterator]()
    const shape = ['next', 'return', 'peek', 'throw', Symbol.asyncIterator].map(
      (key) => typeof (iterator as unknown as Record<string | symbol, unknown>)[key],
    )
    const peeked = await iterator.peek()
    const same = peeked.value === (await iterator.peek()).value && peeked.value === (await iterator.next()).value
    await iterator.next()
    const ends = [await iterator.peek(), await iterator.next(), await iterator.next()]
    const summaries = ends.map(({ done, value }) => [
      done,
      value instanceof neo4j.ResultSummary,
      value === ends[1]?.value,
    ])

    const early = session.run('UNWIND [1, 2] AS i RETURN i')
    const stopped = await early[Symbol.asyncIterator]().return?.('v' as never)
    const after = await outcome(() => early[Symbol.asyncIterator]().next())
    await session.close()
    return { shape, same, summaries, stopped, after }
  },
  {
    shape: ['function', 'function', 'function', 'undefined', 'undefined'],
    same: true,
    summaries: [
      [true, true, true],
      [true, true, true],
      [true, true, true],
    ],
    stopped: { done: true, value: 'v' },
    after: { rejects: CONSUMED },
  },
)

differential(
  'A8: a server error in mid-stream comes after the records that were before it',
  server,
  async ({ driver }) => {
    const session = driver.session({ fetchSize: 2 })
    const seen: number[] = []
    let caught: unknown
    try {
      for await (const record of session.run('UNWIND [1, 2, 5, 0, 7] AS i RETURN 10 / i AS n'))
        seen.push(record.get('n').toNumber())
    } catch (error) {
      caught = brief(error)
    }
    const after = await session.run('RETURN 1 AS n')
    await session.close()
    return { seen, caught, after: after.records.length }
  },
  {
    seen: [10, 5, 2],
    caught: {
      name: 'Neo4jError',
      message: '/ by zero',
      code: 'Neo.ClientError.Statement.ArithmeticError',
      gqlStatus: '50N42',
    },
    after: 1,
  },
)

differential(
  'A9: a result that escaped from its transaction cannot be iterated; awaited, it has what was buffered',
  server,
  async ({ driver }) => {
    const session = driver.session()
    // Within an object, since a result is thenable and would be awaited otherwise.
    const escaped = (rows: number) =>
      session.executeRead((tx) => ({ result: tx.run('UNWIND range(1, $rows) AS i RETURN i', { rows: BigInt(rows) }) }))
    const iterated = await outcome(async () => (await escaped(3)).result[Symbol.asyncIterator]().next())
    const few = (await (await escaped(3)).result).records.length
    const many = (await (await escaped(5000)).result).records.length
    await session.close()
    return { iterated, few, many }
  },
  { iterated: { rejects: CONSUMED }, few: 3, many: 1000 },
)

differential(
  'A10: a result that was awaited cannot be iterated',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const result = session.run('RETURN 1 AS n')
    const { records } = await result
    const next = await outcome(() => result[Symbol.asyncIterator]().next())
    await session.close()
    return [records.length, next]
  },
  [1, { rejects: CONSUMED }],
)

differential(
  'A11: a result that was iterated resolves with no records',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const result = session.run('UNWIND [1, 2] AS i RETURN i')
    let count = 0
    for await (const _ of result) count++
    const { records, summary } = await result
    await session.close()
    return [count, records, summary.queryType]
  },
  [2, [], 'r'],
)

differential(
  'A12: keys() before iterating or awaiting loses nothing',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const iterated = session.run('UNWIND [1, 2] AS i RETURN i, -i AS j')
    const keys = await iterated.keys()
    const seen: number[] = []
    for await (const record of iterated) seen.push(record.get('i').toNumber())
    const awaited = session.run('UNWIND [1, 2] AS i RETURN i')
    const moreKeys = await awaited.keys()
    const { records } = await awaited
    await session.close()
    return [keys, seen, moreKeys, records.length, await awaited.keys()]
  },
  [['i', 'j'], [1, 2], ['i'], 2, ['i']],
)

differential(
  'A13: summary() before iterating consumes the result; awaiting after it gives what was buffered',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const iterated = session.run('UNWIND [1, 2, 3] AS i RETURN i')
    await iterated.summary()
    const next = await outcome(() => iterated[Symbol.asyncIterator]().next())
    const few = session.run('UNWIND [1, 2, 3] AS i RETURN i')
    await few.summary()
    const many = session.run('UNWIND range(1, 100000) AS i RETURN i')
    await many.summary()
    const counts = [(await few).records.length, (await many).records.length]
    await session.close()
    return [next, counts]
  },
  [{ rejects: CONSUMED }, [3, 1000]],
)

differential(
  'A14: two iterators that were made before the first next() both see all records',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const result = session.run('UNWIND [1, 2, 3] AS i RETURN i')
    const left = result[Symbol.asyncIterator]()
    const right = result[Symbol.asyncIterator]()
    const seen: unknown[] = []
    for (;;) {
      const [a, b] = await Promise.all([left.next(), right.next()])
      if (a.done || b.done) {
        seen.push([a.done, b.done])
        break
      }
      seen.push([a.value.get('i').toNumber(), b.value.get('i').toNumber()])
    }
    await session.close()
    return seen
  },
  [
    [1, 1],
    [2, 2],
    [3, 3],
    [true, true],
  ],
)

differential(
  'A15: two results of one transaction can be open at once and interleave',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const counts = await session.executeRead(async (tx) => {
      const left = tx.run('UNWIND range(1, 2500) AS i RETURN i')[Symbol.asyncIterator]()
      const right = tx.run('UNWIND range(1, 2500) AS i RETURN -i AS i')[Symbol.asyncIterator]()
      let sum = 0
      let rows = 0
      for (;;) {
        const a = await left.next()
        const b = await right.next()
        if (a.done || b.done) return [rows, sum, a.done, b.done]
        rows += 2
        sum += a.value.get('i').toNumber() + b.value.get('i').toNumber()
      }
    })
    await session.close()
    return counts
  },
  [5000, 0, true, true],
)

differential(
  'A16: an auto-commit result of a session that was closed before anything was sent rejects',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const result = session.run('UNWIND range(1, 3) AS i RETURN i')
    const closed = session.close()
    const next = await outcome(() => result[Symbol.asyncIterator]().next())
    await closed
    return next
  },
  {
    rejects: {
      name: 'Neo4jError',
      message: 'You cannot run more transactions on a closed session.',
      code: 'N/A',
      gqlStatus: '50N42',
    },
  },
)

differential(
  'What a record shows: keys, length, get, has, entries, toObject and the fields of its JSON',
  server,
  async ({ driver }) => {
    const session = driver.session({ database: 'neo4j' })
    const { records } = await session.run("RETURN 1 AS a, 'x' AS b, null AS c")
    const [record] = records
    await session.close()
    if (record === undefined) return 'no record'
    return [
      record.keys,
      record.length,
      record.has('a'),
      record.has('z'),
      snapshot(record.get(0)),
      [...record.entries()].map(snapshot),
      snapshot(record.toObject()),
      JSON.parse(JSON.stringify(record)),
      await outcome(() => record.get('z')),
      await outcome(() => record.get(9)),
    ]
  },
  [
    ['a', 'b', 'c'],
    3,
    true,
    false,
    { $class: 'Integer', low: 1, high: 0 },
    [
      ['a', { $class: 'Integer', low: 1, high: 0 }],
      ['b', 'x'],
      ['c', null],
    ],
    { a: { $class: 'Integer', low: 1, high: 0 }, b: 'x', c: null },
    {
      keys: ['a', 'b', 'c'],
      length: 3,
      _fields: [{ low: 1, high: 0 }, 'x', null],
      _fieldLookup: { a: 0, b: 1, c: 2 },
    },
    {
      throws: {
        name: 'Neo4jError',
        message: "This record has no field with key 'z', available keys are: [a,b,c].",
        code: 'N/A',
        gqlStatus: '50N42',
      },
    },
    {
      throws: {
        name: 'Neo4jError',
        message:
          "This record has no field with index '9'. Remember that indexes start at `0`, and make sure your query returns records in the shape you meant it to.",
        code: 'N/A',
        gqlStatus: '50N42',
      },
    },
  ],
)
