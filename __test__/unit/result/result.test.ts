import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { Neo4jError, newError } from '../../../lib/error/neo4j-error.js'
import { captureCallStack } from '../../../lib/error/stack.js'
import type { Record } from '../../../lib/result/record.js'
import { type QueryOwner, RecordStream } from '../../../lib/result/record-stream.js'
import { Result } from '../../../lib/result/result.js'
import type { ResultSummary } from '../../../lib/result/summary.js'
import { hasFrame } from '../../support/stack.js'
import { FakeQuery, field, numbers, settled, stateOf } from '../fake-engine.js'

const CONSUMED = { message: 'Result is already consumed', code: 'N/A', gqlStatus: '50N42' }

interface Setup {
  result: Result
  cursor: FakeQuery
  owner: QueryOwner & { drained: boolean; log: string[] }
}

/** The result of a query that has just been sent. */
function running(fetchSize = 1000): Setup {
  const log: string[] = []
  const owner: Setup['owner'] = {
    drained: false,
    strict: false,
    log,
    streamEnded: () => log.push('ended'),
    streamFailed: (_stream, error) => log.push(`failed: ${error.message}`),
  }
  const query = { text: 'RETURN $n AS n', parameters: { n: 1 } }
  const stream = new RecordStream(owner, query, fetchSize, captureCallStack(running))
  const cursor = new FakeQuery(query, stream, null)
  stream.start(cursor)
  return { result: new Result(stream), cursor, owner }
}

/** A result that is complete before it is read. */
function complete(rows: unknown[][] = numbers(1, 3)): Setup {
  const setup = running()
  setup.cursor.fields('n').records(rows).success({ type: 'r' })
  return setup
}

function values(records: Record[]): unknown[] {
  return records.map((record) => record.get(0))
}

async function iterate(result: Result): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const record of result) all.push(record.get(0))
  return all
}

describe('awaiting a result', () => {
  it('gives all records and the summary, and lets every PULL go out once one has not been enough', async () => {
    const { result, cursor } = running(2)
    const awaited = result.then((value) => value)
    assert.deepEqual(cursor.asked, [])
    cursor.fields('n').records(numbers(1, 2), true)
    assert.deepEqual(cursor.asked, ['next all'])
    assert.equal(await stateOf(awaited), 'pending')
    cursor.records(numbers(3, 3)).success({ type: 'r' })
    const { records, summary } = await awaited
    assert.deepEqual(values(records), [1, 2, 3])
    assert.equal(summary.queryType, 'r')
    assert.deepEqual(summary.query, { text: 'RETURN $n AS n', parameters: { n: 1 } })
    assert.equal(summary.server.address, 'peer:7687')
  })

  it('lets every PULL go out before the first is over, where that comes in parts', async () => {
    const { result, cursor } = running(10)
    const awaited = result.then((value) => value)
    cursor.fields('n').records(numbers(1, 2))
    assert.deepEqual(cursor.asked, [])
    cursor.records(numbers(3, 4)).records(numbers(5, 10), true)
    assert.deepEqual(cursor.asked, ['next all'])
    cursor.success()
    assert.equal((await awaited).records.length, 10)
  })

  it('lets every PULL go out at once, where it is awaited when records have come', async () => {
    const { result, cursor } = running(10)
    cursor.fields('n').records(numbers(1, 2))
    const awaited = result.then((value) => value)
    assert.deepEqual(cursor.asked, ['next all'])
    cursor.success()
    assert.equal((await awaited).records.length, 2)
  })

  it('gives the same object each time, with exactly records and summary', async () => {
    const { result } = complete()
    const first = await result
    assert.equal(await result, first)
    assert.deepEqual(Object.keys(first), ['records', 'summary'])
    assert.equal(Object.getPrototypeOf(first), Object.prototype)
  })

  it('makes a promise only when it is asked for, so that a failure nobody awaits is not unhandled', async () => {
    const { result, cursor } = running()
    cursor.failure(newError('no', 'ServiceUnavailable'))
    await settled()
    await assert.rejects(result, { message: 'no' })
  })

  it('shares the keys and their lookup between the records', async () => {
    const { records } = await complete().result
    const [first, second] = records as unknown as { keys: string[]; _fieldLookup: object }[]
    assert.equal(first.keys, second.keys)
    assert.equal(first._fieldLookup, second._fieldLookup)
  })

  it('is Promise-like but no Promise', () => {
    const { result } = running()
    assert.equal(Object.prototype.toString.call(result), '[object Result]')
    assert.equal(result instanceof Promise, false)
  })

  it('rejects with the stack of the function that ran the query', async () => {
    function whoRuns(): Setup {
      return running()
    }
    const { result, cursor } = whoRuns()
    cursor.failure(newError('broken'))
    const error = await result.catch((error) => error)
    assert.ok(error instanceof Neo4jError)
    assert.match(error.stack ?? '', /^Neo4jError: broken\n\s+at /)
    assert.ok(hasFrame(error.stack, 'whoRuns'), error.stack)
  })

  it('refuses a type of query which does not exist, and fails the work it belongs to', async () => {
    const { result, cursor, owner } = running()
    cursor.fields('n').success({ type: 'x' })
    await assert.rejects(result, { code: 'ProtocolError', message: /Server returned invalid query type/ })
    assert.match(owner.log[0], /^failed: Server returned invalid/)
  })
})

describe('iterating over a result', () => {
  it('gives the records in order, then the summary as often as it is asked', async () => {
    const { result } = complete()
    const iterator = result[Symbol.asyncIterator]()
    for (const n of [1, 2, 3]) assert.equal(field(await iterator.next()), n)
    const end = await iterator.next()
    assert.equal(end.done, true)
    assert.equal((end.value as ResultSummary).queryType, 'r')
    assert.deepEqual(await iterator.next(), end)
    assert.equal('throw' in iterator, false)
    assert.equal(Symbol.asyncIterator in iterator, false)
  })

  it('can be done once: the second time next() and peek() reject', async () => {
    const { result } = complete()
    await iterate(result)
    const again = result[Symbol.asyncIterator]()
    await assert.rejects(again.next(), CONSUMED)
    await assert.rejects(again.peek(), CONSUMED)
    assert.equal(again.return, undefined)
  })

  it('gives no records to a later await', async () => {
    const { result } = complete()
    await iterate(result)
    assert.deepEqual((await result).records, [])
  })

  it('peeks at the same record twice, and next() then gives it', async () => {
    const { result } = complete()
    const iterator = result[Symbol.asyncIterator]()
    const peeked = await iterator.peek()
    assert.equal((await iterator.peek()).value, peeked.value)
    assert.equal((await iterator.next()).value, peeked.value)
    assert.equal(field(await iterator.next()), 2)
  })

  it('leaves the record that it peeks at for a loop that begins later, and gives it afterwards', async () => {
    const { result } = complete()
    const iterator = result[Symbol.asyncIterator]()
    const peeked = await iterator.peek()
    assert.deepEqual(await iterate(result), [1, 2, 3])
    assert.equal((await iterator.peek()).value, peeked.value)
    for (const n of [1, 2, 3]) assert.equal(field(await iterator.next()), n)
    assert.equal((await iterator.peek()).done, true)
  })

  it('leaves the record that it peeks at for a loop that has waited along with it', async () => {
    const { result, cursor } = running()
    const iterator = result[Symbol.asyncIterator]()
    const peeks = [iterator.peek(), iterator.peek()]
    const all = iterate(result)
    cursor.fields('n').records(numbers(1, 3)).success()
    const [first, second] = await Promise.all(peeks)
    assert.equal(first.value, second.value)
    assert.deepEqual(await all, [1, 2, 3])
    assert.equal((await iterator.next()).value, first.value)
  })

  it('leaves the record that it peeks at for an await and a subscription, with strictResults: true too', async () => {
    for (const strict of [undefined, true, false]) {
      const { result, owner } = complete()
      Object.assign(owner, { strict })
      const iterator = result[Symbol.asyncIterator]()
      const peeked = await iterator.peek()
      const seen: unknown[] = []
      const awaited = result.then(({ records }) => values(records))
      result.subscribe({ onNext: (record) => seen.push(record.get(0)) })
      assert.deepEqual(await awaited, [1, 2, 3])
      assert.deepEqual(seen, [1, 2, 3])
      assert.equal((await iterator.peek()).value, peeked.value)
      assert.equal((await iterator.next()).value, peeked.value)
    }
  })

  it('leaves the record that it peeks at for another loop when it leaves', async () => {
    const { result, cursor } = running()
    const iterator = result[Symbol.asyncIterator]()
    const other = result[Symbol.asyncIterator]()
    cursor.fields('n').records(numbers(1, 2))
    await iterator.peek()
    void iterator.return?.()
    assert.equal(field(await other.next()), 1)
    assert.equal(field(await other.next()), 2)
  })

  it('drops the record that it peeks at when the only reader leaves', async () => {
    const { result } = complete()
    const iterator = result[Symbol.asyncIterator]()
    await iterator.peek()
    await iterator.return?.()
    assert.deepEqual((await result).records, [])
  })

  it('makes one object of a record, for peek() and next(), and none of a record that cannot be converted', async () => {
    const { result } = complete()
    const mapped = result.as<{ n: number }>({
      n: {
        convert: (value: unknown) => {
          if (value === 2) throw undefined
          return value
        },
      },
    })
    const iterator = mapped[Symbol.asyncIterator]()
    const peeked = await iterator.peek()
    assert.equal((await iterator.next()).value, peeked.value)
    const refused = { message: 'undefined was thrown' }
    await assert.rejects(iterator.peek(), refused)
    await assert.rejects(iterator.next(), refused)
  })

  it('lets a PULL go out at the low watermark: 2 after 12 records and 4 for 35 at a fetch size of 10', async () => {
    const { result, cursor } = running(10)
    cursor.fields('n')
    const iterator = result[Symbol.asyncIterator]()
    const granted: number[] = []
    let answered = 0
    let count = 0
    for (;;) {
      // The server answers each PULL at once; the first goes out along with RUN.
      while (answered <= cursor.asked.length && answered < 4) {
        const first = answered++ * 10 + 1
        cursor.records(numbers(first, Math.min(first + 9, 35)), answered < 4)
        if (answered === 4) cursor.success()
      }
      const { done } = await iterator.next()
      if (done) break
      count++
      granted.push(cursor.asked.length + 1)
    }
    assert.equal(count, 35)
    assert.equal(granted[5], 1)
    assert.equal(granted[6], 2)
    assert.equal(granted[11], 2)
    assert.equal(granted[34], 4)
    assert.deepEqual(new Set(cursor.asked), new Set(['next 1']))
  })

  it('asks for nothing while the first PULL is on its way', async () => {
    const { result, cursor } = running(10)
    const iterator = result[Symbol.asyncIterator]()
    const next = iterator.next()
    cursor.fields('n').records(numbers(1, 4))
    await next
    await iterator.next()
    assert.deepEqual(cursor.asked, [])
  })

  it('goes on after a PULL that has brought less than it was asked for', async () => {
    const { result, cursor } = running(10)
    const iterator = result[Symbol.asyncIterator]()
    cursor.fields('n').records(numbers(1, 2), true)
    await iterator.next()
    await iterator.next()
    assert.deepEqual(cursor.asked, ['next 1'])
    const waiting = iterator.next()
    cursor.records([], true)
    assert.deepEqual(cursor.asked, ['next 1', 'next 1'])
    cursor.records(numbers(3, 3)).success()
    assert.equal(field(await waiting), 3)
  })

  it('break has the rest discarded, and waits for that', async () => {
    const { result, cursor } = running(2)
    cursor.fields('n').records(numbers(1, 2), true)
    const loop = (async () => {
      for await (const record of result) return record.get(0)
    })()
    assert.equal(await stateOf(loop), 'pending')
    assert.deepEqual(cursor.asked, ['discard'])
    cursor.success({ type: 'r' })
    assert.equal(await loop, 1)
    assert.equal(result.isOpen(), false)
    assert.equal((await result.summary()).queryType, 'r')
    assert.deepEqual((await result).records, [])
    await assert.rejects(iterate(result), CONSUMED)
  })

  it('return() before the start discards everything and gives back its value', async () => {
    const { result, cursor } = running()
    const iterator = result[Symbol.asyncIterator]()
    const returned = iterator.return?.('v' as never)
    cursor.fields('n').records(numbers(1, 3)).success()
    assert.deepEqual(await returned, { done: true, value: 'v' })
    assert.deepEqual(await iterator.next(), { done: true, value: 'v' })
    assert.deepEqual(cursor.asked, ['discard'])
  })

  it('gives the records before an error, then the error, and does not hang after it', async () => {
    const { result, cursor } = running()
    cursor.fields('n').records(numbers(1, 2))
    cursor.failure(newError('/ by zero', 'Neo.ClientError.Statement.ArithmeticError' as never))
    const iterator = result[Symbol.asyncIterator]()
    assert.equal(field(await iterator.next()), 1)
    assert.equal(field(await iterator.next()), 2)
    await assert.rejects(iterator.next(), { message: '/ by zero' })
    await assert.rejects(iterator.next(), { message: '/ by zero' })
    await assert.rejects(result[Symbol.asyncIterator]().next(), CONSUMED)
  })

  it('answers calls of next() that are made before there is anything in their order', async () => {
    const { result, cursor } = running()
    const iterator = result[Symbol.asyncIterator]()
    const calls = [iterator.next(), iterator.next(), iterator.next()]
    cursor.fields('n').records(numbers(1, 2)).success()
    const given = await Promise.all(calls)
    assert.deepEqual(given.map(field), [1, 2, 'done'])
  })

  it('lets the event loop have its turn while there are records at hand', async () => {
    const { result } = complete(numbers(1, 400))
    let turns = 0
    const turn = (): void => {
      turns++
      timer = setImmediate(turn)
    }
    let timer = setImmediate(turn)
    for await (const _ of result) {
      const until = performance.now() + 0.1
      while (performance.now() < until);
    }
    clearImmediate(timer)
    assert.ok(turns >= 3, `${turns} turns in 40 ms`)
  })

  it('lets the event loop have its turn after each of many results that are read at once', async () => {
    let turns = 0
    const turn = (): void => {
      turns++
      timer = setImmediate(turn)
    }
    let timer = setImmediate(turn)
    const read = async (result: Result): Promise<void> => {
      for await (const _ of result) {
        const until = performance.now() + 0.1
        while (performance.now() < until);
      }
    }
    await Promise.all(Array.from({ length: 10 }, () => read(complete(numbers(1, 160)).result)))
    clearImmediate(timer)
    // Each has 16 ms of work, and goes on for 4 ms at a time.
    assert.ok(turns >= 25, `${turns} turns in 160 ms`)
  })

  it('lets the event loop have its turn though none of many results has much at a time', async () => {
    let turns = 0
    const turn = (): void => {
      turns++
      timer = setImmediate(turn)
    }
    const results = Array.from({ length: 20 }, () => running())
    const loops = results.map(async ({ result }) => {
      for await (const _ of result) {
        const until = performance.now() + 0.1
        while (performance.now() < until);
      }
    })
    let timer = setImmediate(turn)
    for (const { cursor } of results) {
      cursor.fields('n').records(numbers(1, 24)).success()
      // Its loop has them before those of the next one arrive, as when the engine delivers them one after the
      // other.
      for (let i = 0; i < 200; i++) await undefined
    }
    await Promise.all(loops)
    clearImmediate(timer)
    assert.ok(turns >= 4, `${turns} turns in 48 ms`)
  })

  it('gives all records to two iterators which are made before the first next()', async () => {
    const { result, cursor } = running(2)
    const left = result[Symbol.asyncIterator]()
    const right = result[Symbol.asyncIterator]()
    cursor.fields('n').records(numbers(1, 2), true)
    const seen = [field(await left.next()), field(await left.next())]
    cursor.records(numbers(3, 3)).success()
    for (let i = 0; i < 3; i++) seen.push(field(await right.next()))
    seen.push(field(await left.next()))
    assert.deepEqual(seen, [1, 2, 1, 2, 3, 3])
    assert.deepEqual([(await left.next()).done, (await right.next()).done], [true, true])
  })
})

describe('keys and summary', () => {
  it('keys() takes nothing from those who iterate or await', async () => {
    const { result, cursor } = running()
    const keys = result.keys()
    cursor.fields('n').records(numbers(1, 3)).success()
    assert.deepEqual(await keys, ['n'])
    assert.deepEqual(await iterate(result), [1, 2, 3])
    assert.deepEqual(await result.keys(), ['n'])
  })

  it('keys() of a query without RETURN is empty', async () => {
    const { result, cursor } = running()
    cursor.fields().success({ type: 'w' })
    assert.deepEqual(await result.keys(), [])
  })

  it('keys() rejects when the query fails, before and after', async () => {
    const { result, cursor } = running()
    const keys = result.keys()
    cursor.failure(newError('no'))
    await assert.rejects(keys, { message: 'no' })
    await assert.rejects(result.keys(), { message: 'no' })
    assert.equal(result.isOpen(), false)
  })

  it('summary() discards what is not fetched, and keeps what is for a later await', async () => {
    const { result, cursor } = running(2)
    cursor.fields('n').records(numbers(1, 2), true)
    const summary = result.summary()
    assert.deepEqual(cursor.asked, ['discard'])
    cursor.success({ type: 'r' })
    assert.equal((await summary).queryType, 'r')
    await assert.rejects(result[Symbol.asyncIterator]().next(), CONSUMED)
    assert.deepEqual(values((await result).records), [1, 2])
  })

  it('is open until somebody has heard of its end', async () => {
    const { result } = complete()
    assert.equal(result.isOpen(), true)
    await result.summary()
    assert.equal(result.isOpen(), false)
  })

  it('is not open once its transaction is over', async () => {
    const { result, owner } = complete()
    owner.drained = true
    assert.equal(result.isOpen(), false)
    await assert.rejects(result[Symbol.asyncIterator]().next(), CONSUMED)
    assert.deepEqual(values((await result).records), [1, 2, 3])
  })

  it('lets its owner know of the end before any reader', async () => {
    const { result, cursor, owner } = running()
    const seen = new Promise((resolve) => {
      result.subscribe({ onCompleted: () => resolve([...owner.log]) })
    })
    cursor.fields('n').success()
    assert.deepEqual(await seen, ['ended'])
  })
})

describe('subscribing to a result', () => {
  /** The calls that an observer gets. */
  function recording(log: unknown[], name = '') {
    return {
      onKeys: (keys: string[]) => log.push(`${name}keys ${keys}`),
      onNext: (record: Record) => log.push(`${name}${record.get(0)}`),
      onCompleted: () => log.push(`${name}completed`),
      onError: (error: Error) => log.push(`${name}error ${error.message}`),
    }
  }

  it('tells keys, records and completion in this order, and nothing within the call', async () => {
    const { result } = complete()
    const log: unknown[] = []
    assert.equal(result.subscribe(recording(log)), undefined)
    assert.deepEqual(log, [])
    await settled()
    assert.deepEqual(log, ['keys n', '1', '2', '3', 'completed'])
  })

  it('tells each record as it comes, and pulls without regard to its handlers', () => {
    const { result, cursor } = running(1)
    const log: unknown[] = []
    result.subscribe(recording(log))
    cursor.fields('n').records(numbers(1, 1), true)
    assert.deepEqual(log, ['keys n', '1'])
    cursor.records(numbers(2, 2)).success()
    assert.deepEqual(log, ['keys n', '1', '2', 'completed'])
    assert.deepEqual(cursor.asked, ['next all'])
  })

  it('tells an error after the records before it, and never completion', () => {
    const { result, cursor } = running()
    const log: unknown[] = []
    result.subscribe(recording(log))
    cursor.fields('n').records(numbers(1, 1)).failure(newError('broken'))
    assert.deepEqual(log, ['keys n', '1', 'error broken'])
  })

  it('tells only the error of a query that has no keys', () => {
    const { result, cursor } = running()
    const log: unknown[] = []
    result.subscribe(recording(log))
    cursor.failure(newError('syntax'))
    assert.deepEqual(log, ['error syntax'])
  })

  it('tells two observers in turn', () => {
    const { result, cursor } = running()
    const log: unknown[] = []
    result.subscribe(recording(log, 'a'))
    result.subscribe(recording(log, 'b'))
    cursor.fields('n').records(numbers(1, 2)).success()
    assert.deepEqual(log, ['akeys n', 'bkeys n', 'a1', 'b1', 'a2', 'b2', 'acompleted', 'bcompleted'])
  })

  it('tells who comes after the end of keys and completion', async () => {
    const { result } = complete()
    await result
    const log: unknown[] = []
    result.subscribe(recording(log))
    await settled()
    assert.deepEqual(log, ['keys n', 'completed'])
  })

  it('goes on with the records at hand when onNext throws, then tells of that error and discards', () => {
    const { result, cursor } = running()
    const log: unknown[] = []
    result.subscribe({
      ...recording(log),
      onNext: (record) => {
        log.push(record.get(0))
        if (record.get(0) === 1) throw new Error('mine')
      },
    })
    cursor.fields('n').records(numbers(1, 3))
    assert.deepEqual(log, ['keys n', 1, 2, 3, 'error mine'])
    assert.deepEqual(cursor.asked, ['discard'])
    cursor.success()
    assert.equal(log.length, 5)
  })

  for (const method of ['onKeys', 'onNext']) {
    it(`tells of what ${method} throws when the stream was over before`, async () => {
      for (const thrown of [new Error('mine'), undefined, null]) {
        const { result } = complete()
        const log: unknown[] = []
        result.subscribe({
          ...recording(log),
          [method]: () => {
            throw thrown
          },
        })
        await settled()
        const { message } = thrown ?? { message: `${thrown} was thrown` }
        assert.deepEqual(
          log.filter((line) => /error|completed/.test(line as string)),
          [`error ${message}`],
        )
      }
    })
  }

  for (const thrown of [undefined, null]) {
    const reason = `error ${thrown} was thrown`

    for (const strict of [undefined, true, false]) {
      it(`tells of ${thrown} that onNext throws by an error, with strictResults: ${strict}`, () => {
        const { result, cursor, owner } = running()
        Object.assign(owner, { strict })
        const log: unknown[] = []
        result.subscribe({
          ...recording(log),
          onNext: (record) => {
            log.push(record.get(0))
            throw thrown
          },
        })
        cursor.fields('n').records(numbers(1, 2), true)
        assert.deepEqual(log, ['keys n', 1, 2, reason])
        cursor.success()
        assert.equal(log.length, 4)
      })
    }

    it(`tells of ${thrown} that onKeys throws by an error, and every other reader too`, async () => {
      const { result, cursor } = running()
      const log: unknown[] = []
      result.subscribe({
        ...recording(log),
        onKeys: () => {
          throw thrown
        },
      })
      const iterated = assert.rejects(iterate(result), { message: `${thrown} was thrown` })
      const awaited = assert.rejects(
        result.then(() => undefined),
        { message: `${thrown} was thrown` },
      )
      cursor.fields('n')
      await awaited
      await iterated
      assert.deepEqual(log, [reason])
    })

    it(`rejects where ${thrown} is thrown when a record is converted`, async () => {
      const refuse = (): never => {
        throw thrown
      }
      for (const over of [false, true]) {
        const { result, cursor } = running()
        if (over) cursor.fields('n').records(numbers(1, 2)).success()
        const awaited = assert.rejects(
          result.as({ n: { convert: refuse } }).then(() => undefined),
          { message: `${thrown} was thrown` },
        )
        if (!over) cursor.fields('n').records(numbers(1, 2), true).success()
        await awaited
      }
    })

    it(`rejects with ${thrown} where a function given to then() throws it, as any promise does`, async () => {
      const { result } = complete()
      const outcome = await result
        .then(() => {
          throw thrown
        })
        .then(
          () => 'fulfilled',
          (error) => error,
        )
      assert.equal(outcome, thrown)
    })

    it(`lets ${thrown} out of a loop whose body throws it, and discards the rest`, async () => {
      const { result, cursor } = running()
      cursor.fields('n').records(numbers(1, 2), true)
      const loop = (async () => {
        for await (const _record of result) throw thrown
      })().then(
        () => 'fulfilled',
        (error) => error,
      )
      await settled()
      assert.equal(cursor.asked.at(-1), 'discard')
      cursor.success()
      assert.equal(await loop, thrown)
    })
  }

  it('tells of what onCompleted throws', () => {
    const { result, cursor } = running()
    const log: unknown[] = []
    result.subscribe({
      ...recording(log),
      onCompleted: () => {
        throw new Error('mine')
      },
    })
    cursor.fields('n').success()
    assert.deepEqual(log, ['keys n', 'error mine'])
  })

  it('prints an error that nobody handles', () => {
    const { result, cursor } = running()
    const print = mock.method(console, 'log', () => undefined)
    try {
      result.subscribe({})
      cursor.failure(newError('lost'))
      assert.deepEqual(print.mock.calls[0].arguments, ['Uncaught error when processing result: Neo4jError: lost'])
    } finally {
      print.mock.restore()
    }
  })
})

describe('who is reading while the rest is discarded', () => {
  const TOLD = /^Result is already consumed\. summary\(\) had the server discard/

  /** Awaited and iterated over, the first two of its records at hand; `strict` is the setting. */
  function reading(strict?: boolean): Setup & { awaited: Promise<unknown[]>; iterated: Promise<unknown[]> } {
    const setup = running(2)
    Object.assign(setup.owner, { strict })
    const iterated = iterate(setup.result)
    const awaited = setup.result.then(({ records }) => values(records))
    setup.cursor.fields('n')
    return { ...setup, iterated, awaited }
  }

  it('is told by an error that the rest is missing, of which the summary knows nothing', async () => {
    const { result, cursor, awaited, iterated, owner } = reading()
    const summary = result.summary()
    cursor.records(numbers(1, 2), true).success({ type: 'r' })
    await Promise.all([assert.rejects(awaited, { message: TOLD }), assert.rejects(iterated, { message: TOLD })])
    assert.equal((await summary).queryType, 'r')
    assert.deepEqual(owner.log, ['ended'])
  })

  it('is told by an error where the DISCARD overtakes a PULL that a reader has just allowed', async () => {
    const { result, cursor, owner } = running(2)
    Object.assign(owner, { strict: undefined })
    const iterated = iterate(result)
    const told = assert.rejects(iterated, { message: TOLD })
    cursor.fields('n').records(numbers(1, 2), true)
    await settled()
    const summary = result.summary()
    assert.deepEqual(cursor.asked, ['next 1', 'discard'])
    // The engine sends no PULL: the server discards the rest.
    cursor.success({ type: 'r' })
    await told
    assert.equal((await summary).queryType, 'r')
  })

  it('is told nothing where a PULL that was on its way has brought the rest', async () => {
    const { result, cursor, awaited, iterated } = reading()
    const summary = result.summary()
    cursor.records(numbers(1, 2), true).records(numbers(3, 3)).success()
    assert.deepEqual(await awaited, [1, 2, 3])
    assert.deepEqual(await iterated, [1, 2, 3])
    await summary
  })

  it('is told nothing where the server had no more', async () => {
    const { result, cursor, awaited, iterated } = reading(true)
    void result.summary()
    cursor.records(numbers(1, 2)).success()
    assert.deepEqual(await awaited, [1, 2])
    assert.deepEqual(await iterated, [1, 2])
  })

  it('is told nothing with strictResults: false', async () => {
    const { result, cursor, awaited, iterated } = reading(false)
    void result.summary()
    cursor.records(numbers(1, 2), true).success()
    assert.deepEqual(await awaited, [1, 2])
    assert.deepEqual(await iterated, [1, 2])
  })

  for (const strict of [undefined, true, false]) {
    it(`is told that the query was interrupted, with strictResults: ${strict} too`, async () => {
      const { result, cursor, owner } = running(2)
      Object.assign(owner, { strict })
      const iterator = result[Symbol.asyncIterator]()
      cursor.fields('n').records(numbers(1, 2), true)
      assert.equal(field(await iterator.next()), 1)
      result._stream.interrupt(newError('closed'))
      cursor.success()
      assert.equal(field(await iterator.next()), 2)
      await assert.rejects(iterator.next(), { message: 'closed' })
    })
  }

  it('is told also where it is by a record that the discarding is asked for', async () => {
    const { result, cursor, owner } = running(2)
    Object.assign(owner, { strict: true })
    const seen: unknown[] = []
    const ended = new Promise<Error | null>((resolve) => {
      result.subscribe({
        onNext: (record) => {
          seen.push(record.get(0))
          void result.summary()
        },
        onCompleted: () => resolve(null),
        onError: resolve,
      })
    })
    cursor.fields('n').records(numbers(1, 2), true).success()
    assert.match((await ended)?.message as string, TOLD)
    assert.deepEqual(seen, [1, 2])
  })
})
