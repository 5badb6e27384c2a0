import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { firstValueFrom, toArray } from 'rxjs'
import { auth } from '../../../lib/auth/auth.js'
import { parseDriverConfig } from '../../../lib/driver/config.js'
import { Driver } from '../../../lib/driver/driver.js'
import type { Neo4jError } from '../../../lib/error/neo4j-error.js'
import { captureCallStack } from '../../../lib/error/stack.js'
import { Result, type Rules, rule } from '../../../lib/index.js'
import { Logger } from '../../../lib/log/logger.js'
import type { SessionMode } from '../../../lib/query/access-mode.js'
import { RxSession } from '../../../lib/reactive/session.js'
import { type QueryOwner, RecordStream } from '../../../lib/result/record-stream.js'
import { resultTransformers } from '../../../lib/result/transformers.js'
import { Session } from '../../../lib/session/session.js'
import { failure, theirs } from '../both-drivers.js'
import { FakeEngine, FakeQuery, settled } from '../fake-engine.js'
import { core } from '../official.js'

class Person {
  name = ''
  greet(): string {
    return `I am ${this.name}`
  }
}

const RULES: Rules = { name: rule.asString() }
const ROWS = [['Alice'], ['Bob']]

interface Setup {
  result: Result
  cursor: FakeQuery
  ended: string[]
}

/** The result of a query that has just been sent. */
function running(fetchSize = 1000): Setup {
  const ended: string[] = []
  const owner: QueryOwner = {
    drained: false,
    strict: false,
    streamEnded: () => ended.push('ended'),
    streamFailed: () => ended.push('failed'),
  }
  const query = { text: 'Q', parameters: {} }
  const stream = new RecordStream(owner, query, fetchSize, captureCallStack(running))
  const cursor = new FakeQuery(query, stream, null)
  stream.start(cursor)
  return { result: new Result(stream), cursor, ended }
}

function complete(rows: unknown[][] = ROWS): Result {
  const { result, cursor } = running()
  cursor.fields('name').records(rows).success()
  return result
}

/** The same of the official driver. */
function official(rows: unknown[][] = ROWS): Result {
  const observer = {
    subscribe(reader: {
      onKeys?(keys: string[]): void
      onNext?(record: unknown): void
      onCompleted?(meta: object): void
    }) {
      reader.onKeys?.(['name'])
      for (const row of rows) reader.onNext?.(new core.Record(['name'], row))
      reader.onCompleted?.({ server: { address: 'peer:7687', version: 'x' } })
    },
    cancel() {},
    pause() {},
    resume() {},
  }
  return new core.Result(Promise.resolve(observer) as never, 'Q', {}) as unknown as Result
}

const BOTH: [string, (rows?: unknown[][]) => Result][] = [
  ['ours', complete],
  ['the official driver', official],
]

for (const [whose, make] of BOTH) {
  describe(`as() of a result of ${whose}`, () => {
    it('returns the same result', () => {
      const result = make()
      assert.equal(result.as(RULES), result)
    })

    it('gives objects to those who await', async () => {
      const { records, summary } = await make().as<{ name: string }>(RULES)
      assert.deepEqual(records, [{ name: 'Alice' }, { name: 'Bob' }])
      assert.equal(summary.query.text, 'Q')
      const people = await make().as(Person)
      assert.deepEqual(
        people.records.map((one) => one.greet()),
        ['I am Alice', 'I am Bob'],
      )
      const renamed = await make().as(Person, { name: { convert: (name) => `${name}!` } })
      assert.deepEqual(
        renamed.records.map((one) => one.greet()),
        ['I am Alice!', 'I am Bob!'],
      )
    })

    it('gives objects to those who iterate', async () => {
      const greetings: string[] = []
      for await (const one of make().as(Person)) greetings.push(one.greet())
      assert.deepEqual(greetings, ['I am Alice', 'I am Bob'])
    })

    it('gives the object again which has been peeked at', async () => {
      const people = make().as(Person)[Symbol.asyncIterator]()
      const peeked = await people.peek()
      assert.equal((peeked.value as Person).greet(), 'I am Alice')
      assert.equal((await people.next()).value, peeked.value)
      assert.equal(((await people.next()).value as Person).greet(), 'I am Bob')
      assert.equal((await people.next()).done, true)
    })

    it('gives records to those who subscribe', async () => {
      const result = make()
      result.as(Person)
      const names = await new Promise<unknown[]>((resolve, reject) => {
        const names: unknown[] = []
        result.subscribe({
          onNext: (record) => names.push(record.get('name')),
          onCompleted: () => resolve(names),
          onError: reject,
        })
      })
      assert.deepEqual(names, ['Alice', 'Bob'])
    })

    it('leaves keys and summary as they are', async () => {
      const result = make().as(RULES)
      assert.deepEqual(await result.keys(), ['name'])
      assert.equal((await result.summary()).query.text, 'Q')
    })

    it('lets the last call count', async () => {
      const result = make().as(RULES).as(Person)
      assert.ok((await result).records[0] instanceof Person)
    })

    it('throws when the result has been awaited', async () => {
      const result = make()
      const awaited = result.then()
      assert.throws(() => result.as(Person), {
        name: 'Neo4jError',
        code: 'N/A',
        message: 'Cannot call .as() on a Result that is being consumed',
      })
      await awaited
      assert.throws(() => result.as(Person), /being consumed/)
    })

    it('may be called when iteration has begun', async () => {
      const result = make()
      const iterator = result[Symbol.asyncIterator]()
      result.as(Person)
      assert.ok(((await iterator.next()).value as unknown) instanceof Person)
    })

    it('is what resultTransformers.hydrated calls', async () => {
      const { hydrated } = make === complete ? resultTransformers : theirs.resultTransformers
      const { records, summary } = await hydrated(Person)(make())
      assert.deepEqual(
        records.map((one) => one.greet()),
        ['I am Alice', 'I am Bob'],
      )
      assert.equal(summary.query.text, 'Q')
      assert.deepEqual((await hydrated<{ name: string }>(RULES)(make())).records, [{ name: 'Alice' }, { name: 'Bob' }])
      const changed = await hydrated(Person, { name: { convert: () => 'changed' } })(make())
      assert.equal(changed.records[0].name, 'changed')
      const result = make()
      await result
      await assert.rejects(hydrated(Person)(result), /being consumed/)
    })
  })
}

describe('a record of which no object can be made', () => {
  const WRONG = [['Alice'], [1], ['Bob']]
  const error = { name: 'TypeError', message: 'Object#name should be a string but received number' }

  it('is the end for those who await, and the rest is discarded', async () => {
    const { result, cursor, ended } = running(2)
    const awaited = result.as(RULES).then()
    awaited.catch(() => undefined)
    cursor.fields('name').records(WRONG, true)
    await assert.rejects(awaited, error)
    assert.deepEqual(cursor.asked, ['next all', 'discard'])
    cursor.success()
    assert.deepEqual(ended, ['ended'])
  })

  it('is so, too, when all was there before anybody looked', async () => {
    await assert.rejects(complete(WRONG).as(RULES), error)
    const objects = complete(WRONG).as<{ name: string }>(RULES)[Symbol.asyncIterator]()
    assert.deepEqual((await objects.next()).value, { name: 'Alice' })
    await assert.rejects(objects.next(), error)
    await assert.rejects(objects.next(), error)
    await assert.rejects(objects.peek(), error)
  })

  it('is so for those who iterate, whether they wait for it or not', async () => {
    const { result, cursor, ended } = running(2)
    const objects = result.as<{ name: string }>(RULES)[Symbol.asyncIterator]()
    const waiting = [objects.next(), objects.next(), objects.next()]
    for (const item of waiting) item.catch(() => undefined)
    cursor.fields('name').records(WRONG.slice(0, 2), true)
    await settled()
    assert.deepEqual((await waiting[0]).value, { name: 'Alice' })
    await assert.rejects(waiting[1], error)
    await assert.rejects(waiting[2], error)
    assert.equal(cursor.asked.at(-1), 'discard')
    cursor.success()
    assert.deepEqual(ended, ['ended'])
    assert.equal((await objects.return?.())?.done, true)
  })

  it('has for await fail with its error', async () => {
    const names: string[] = []
    await assert.rejects(async () => {
      for await (const { name } of complete(WRONG).as<{ name: string }>(RULES)) names.push(name)
    }, error)
    assert.deepEqual(names, ['Alice'])
  })
})

describe('rules for parameters of a query', () => {
  const session = (engine: FakeEngine): Session =>
    new Session({
      engine,
      mode: 'WRITE' satisfies SessionMode,
      target: { database: '', impersonatedUser: '', fetchSize: 100 } as never,
      home: null,
      routed: false,
      strictResults: false,
      disableAutoCommitRetries: false,
      bookmarks: [],
      bookmarkManager: undefined,
      acquisitionTimeout: 60_000,
      maxTransactionRetryTime: 1000,
      waitingRetries: new Set(),
      log: Logger.noOp(),
    })
  const answering = (): FakeEngine => {
    const engine = new FakeEngine()
    engine.answer = () => ({ keys: ['n'], rows: [[1]] })
    return engine
  }
  const rules: Rules = { name: rule.asString({ from: 'n' }) }
  const wrong = { name: 'TypeError', message: 'name should be a string but received number' }

  it('apply to queries of a session, and show in the summary', async () => {
    const engine = answering()
    const { summary } = await session(engine).run('Q', { name: 'A' }, {}, rules)
    assert.deepEqual(engine.last.query.parameters, { n: 'A' })
    assert.deepEqual(summary.query.parameters, { n: 'A' })
    assert.throws(() => session(engine).run('Q', { name: 1 }, undefined, rules), wrong)
  })

  it('apply to queries of explicit and managed transactions', async () => {
    const engine = answering()
    const one = session(engine)
    const transaction = await one.beginTransaction()
    await transaction.run('Q', { name: 'A' }, rules)
    assert.deepEqual(engine.last.query.parameters, { n: 'A' })
    assert.throws(() => transaction.run('Q', { name: 1 }, rules), wrong)
    assert.ok(transaction.isOpen())
    await transaction.commit()
    await one.executeWrite((tx) => tx.run('Q', { name: 'B' }, rules))
    assert.deepEqual(engine.last.query.parameters, { n: 'B' })
  })

  it('apply to executeQuery, whose transformers may make objects', async () => {
    const engine = answering()
    engine.answer = () => ({ keys: ['name'], rows: ROWS })
    const driver = new Driver(parseDriverConfig('bolt://localhost', auth.none(), {}), engine)
    const config = { resultTransformer: resultTransformers.hydrated(Person) }
    const { records, summary } = await driver.executeQuery('Q', { name: 'A' }, config, rules)
    assert.deepEqual(engine.last.query.parameters, { n: 'A' })
    assert.deepEqual(summary.query.parameters, { n: 'A' })
    assert.ok(records[0] instanceof Person)
    await assert.rejects(driver.executeQuery('Q', { name: 1 }, config, rules), wrong)
    assert.equal(engine.log.at(-1), 'rollback')
  })

  it('apply to reactive queries, where they fail the subscriber', async () => {
    const engine = answering()
    const one = new RxSession(session(engine))
    await firstValueFrom(one.run('Q', { name: 'A' }, undefined, rules).records().pipe(toArray()))
    assert.deepEqual(engine.last.query.parameters, { n: 'A' })
    await assert.rejects(firstValueFrom(one.run('Q', { name: 1 }, undefined, rules).records()), wrong)
    const transaction = await firstValueFrom(one.beginTransaction())
    await firstValueFrom(transaction.run('Q', { name: 'B' }, rules).records().pipe(toArray()))
    assert.deepEqual(engine.last.query.parameters, { n: 'B' })
  })

  it('fail with what the official driver says', () => {
    const run = theirs.driver('bolt://localhost').session()
    const mine = session(answering())
    for (const parameters of [{ name: 1 }, {}, undefined]) {
      const errors = [run, mine].map((one) => {
        try {
          one.run('Q', parameters, undefined, rules)
        } catch (error) {
          return failure(error as Neo4jError)
        }
        return 'nothing'
      })
      assert.deepEqual(errors[1], errors[0])
      assert.notEqual(errors[1], 'nothing')
    }
  })
})
