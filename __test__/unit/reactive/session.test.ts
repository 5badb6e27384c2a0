import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { EMPTY, firstValueFrom, from, lastValueFrom, map, materialize, of, take, throwError, toArray } from 'rxjs'
import { parseDriverConfig } from '../../../lib/driver/config.js'
import { Driver } from '../../../lib/driver/driver.js'
import { newError } from '../../../lib/error/neo4j-error.js'
import { RxResult } from '../../../lib/reactive/result.js'
import type { RxSession } from '../../../lib/reactive/session.js'
import { RxManagedTransaction, RxTransaction } from '../../../lib/reactive/transaction.js'
import { FakeEngine, type FakeQuery, numbers, settled } from '../fake-engine.js'

const ALREADY = {
  message: 'Streaming has already started/consumed with a previous records or summary subscription.',
  code: 'N/A',
}

function open(maxTransactionRetryTime = 30_000): { session: RxSession; engine: FakeEngine } {
  const engine = new FakeEngine()
  const driver = new Driver(parseDriverConfig('bolt://localhost', undefined, { maxTransactionRetryTime }), engine)
  return { session: driver.rxSession({ fetchSize: 10 }), engine }
}

/** A session with an answer to every request: the records 1, 2 and 3. */
function answering(maxTransactionRetryTime?: number): ReturnType<typeof open> {
  const opened = open(maxTransactionRetryTime)
  opened.engine.answer = () => ({ keys: ['n'], rows: numbers(1, 3), metadata: { type: 'r' } })
  return opened
}

function done(cursor: FakeQuery): void {
  cursor.fields('n').records(numbers(1, 3)).success({ type: 'r' })
}

describe('a reactive result', () => {
  it('runs its query with the first subscription, and once', async () => {
    const { session, engine } = answering()
    const result = session.run('A')
    assert.ok(result instanceof RxResult)
    const keys = result.keys()
    assert.deepEqual(engine.log, [])
    assert.deepEqual(await lastValueFrom(keys), ['n'])
    assert.deepEqual(await lastValueFrom(keys), ['n'])
    const records = await lastValueFrom(result.records().pipe(toArray()))
    assert.equal(records.length, 3)
    assert.equal((await lastValueFrom(result.consume())).queryType, 'r')
    assert.equal((await lastValueFrom(result.consume())).queryType, 'r')
    assert.deepEqual(engine.log, ['run A'])
  })

  it('gives the records as an Observable of rxjs', async () => {
    const { session } = answering()
    const names = session
      .run('A')
      .records()
      .pipe(map((record) => record.get('n')))
    assert.equal(await names.toPromise(), 3)
    const notifications = await lastValueFrom(session.run('B').records().pipe(materialize(), toArray()))
    assert.deepEqual(
      notifications.map(({ kind }) => kind),
      ['N', 'N', 'N', 'C'],
    )
  })

  it('gives its records once', async () => {
    const { session } = answering()
    const result = session.run('A')
    await lastValueFrom(result.records())
    await assert.rejects(lastValueFrom(result.records()), ALREADY)
  })

  it('consumed first discards the records', async () => {
    const { session, engine } = open()
    const result = session.run('A')
    const summary = lastValueFrom(result.consume())
    assert.deepEqual(engine.last.asked, ['discard'])
    done(engine.last)
    assert.equal((await summary).queryType, 'r')
    await assert.rejects(lastValueFrom(result.records()), ALREADY)
  })

  it('tells the error in keys, records and consume', async () => {
    const { session, engine } = open()
    const result = session.run('A')
    const records = lastValueFrom(result.records())
    engine.last.failure(newError('bad'))
    await assert.rejects(records, { message: 'bad' })
    await assert.rejects(lastValueFrom(result.consume()), { message: 'bad' })
    await assert.rejects(lastValueFrom(result.keys()), { message: 'bad' })
  })

  it('whose keys have failed is consumed', async () => {
    const { session, engine } = open()
    const result = session.run('A')
    const keys = lastValueFrom(result.keys())
    engine.last.failure(newError('bad'))
    await assert.rejects(keys, { message: 'bad' })
    await assert.rejects(lastValueFrom(result.consume()), { message: 'Result is already consumed' })
  })

  it('errors, and does not throw, where the query is none', async () => {
    const { session } = open()
    await assert.rejects(
      lastValueFrom(session.run('').records()),
      new TypeError('Cypher query is expected to be a non-empty string.'),
    )
  })

  it('is cancelled by whoever unsubscribes; the next query waits for that', async () => {
    const { session, engine } = open()
    const seen = lastValueFrom(session.run('A').records().pipe(take(2), toArray()))
    engine.last.fields('n').records(numbers(1, 10), true)
    assert.equal((await seen).length, 2)
    const [first] = engine.cursors
    assert.deepEqual(first.asked, ['discard'])
    const next = lastValueFrom(session.run('B').records(), { defaultValue: null })
    await settled()
    assert.deepEqual(engine.log, ['run A'])
    first.success()
    await settled()
    assert.deepEqual(engine.log, ['run A', 'run B'])
    engine.last.fields('n').success()
    assert.equal(await next, null)
  })

  it('asks for more as its subscriber takes records, and never for all at once', async () => {
    const { session, engine } = open()
    const count = lastValueFrom(session.run('A').records().pipe(toArray()))
    engine.last.fields('n').records(numbers(1, 10), true)
    await settled()
    engine.last.records(numbers(11, 20), true)
    await settled()
    assert.deepEqual(engine.last.asked, ['next 1', 'next 1'])
    engine.last.records(numbers(21, 21)).success()
    assert.equal((await count).length, 21)
  })

  it('paused before it is subscribed to gives one record, push() one more, and resume() the rest', async () => {
    const { session, engine } = open()
    const result = session.run('A')
    const seen: unknown[] = []
    result.pause()
    const all = new Promise<void>((complete) => {
      result.records().subscribe({ next: (record) => seen.push(record.get('n')), complete })
    })
    engine.last.fields('n').records(numbers(1, 5)).success()
    await settled()
    assert.deepEqual(seen, [1])
    await result.push()
    assert.deepEqual(seen, [1, 2])
    await settled()
    assert.deepEqual(seen, [1, 2])
    await result.resume()
    await all
    assert.deepEqual(seen, [1, 2, 3, 4, 5])
  })

  it('paused in the midst holds back what is there', async () => {
    const { session, engine } = open()
    const result = session.run('A')
    const seen: unknown[] = []
    result.records().subscribe((record) => {
      seen.push(record.get('n'))
      if (record.get('n') === 2) result.pause()
    })
    engine.last.fields('n').records(numbers(1, 5)).success()
    await settled()
    assert.deepEqual(seen, [1, 2])
    await result.resume()
    assert.deepEqual(seen, [1, 2, 3, 4, 5])
  })
})

describe('a reactive transaction function', () => {
  it('is cold: it runs for each subscription in a transaction of its own', async () => {
    const { session, engine } = answering()
    let runs = 0
    const observable = session.executeWrite((tx) => {
      assert.ok((tx as unknown) instanceof RxManagedTransaction)
      runs++
      return tx
        .run('A')
        .records()
        .pipe(map((record) => record.get('n')))
    })
    await settled()
    assert.equal(runs, 0)
    assert.equal(await (observable as unknown), observable)
    assert.deepEqual(await lastValueFrom(observable.pipe(toArray())), [1, 2, 3])
    assert.deepEqual(await lastValueFrom(observable.pipe(toArray())), [1, 2, 3])
    assert.deepEqual(engine.log, ['begin WRITE', 'tx run A', 'commit', 'begin WRITE', 'tx run A', 'commit'])
  })

  it('takes promises, and refuses what cannot be observed', async () => {
    const { session } = answering()
    assert.equal(await lastValueFrom(session.executeRead(() => Promise.resolve('p'))), 'p')
    for (const work of [(tx: RxTransaction) => tx.run('A'), () => 5]) {
      await assert.rejects(lastValueFrom(session.executeRead(work as never)), {
        name: 'TypeError',
        message: /^You provided .* where a stream was expected/,
      })
    }
  })

  it('rolls back and passes on an error of the work, thrown or emitted', async () => {
    const { session, engine } = answering()
    const mine = new Error('mine')
    await assert.rejects(lastValueFrom(session.executeRead(() => throwError(() => mine))), mine)
    await assert.rejects(
      lastValueFrom(
        session.executeRead(() => {
          throw mine
        }),
      ),
      mine,
    )
    assert.deepEqual(engine.log, ['begin READ', 'rollback', 'begin READ', 'rollback'])
  })

  it('rolls back when it is unsubscribed from', async () => {
    const { session, engine } = answering()
    assert.equal(await firstValueFrom(session.executeWrite(() => from([1, 2, 3]))), 1)
    await settled()
    assert.deepEqual(engine.log, ['begin WRITE', 'rollback'])
  })

  it('is not run again, and holds no process, when it is unsubscribed from while it waits for the next try', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
    const { session, engine } = answering()
    const cleared = context.mock.method(globalThis, 'clearTimeout')
    const running = session.executeWrite(() => throwError(() => newError('later', 'ServiceUnavailable'))).subscribe()
    await settled()
    assert.deepEqual(engine.log, ['begin WRITE', 'rollback'])
    running.unsubscribe()
    assert.equal(cleared.mock.callCount(), 1)
    context.mock.timers.tick(60_000)
    await settled()
    assert.deepEqual(engine.log, ['begin WRITE', 'rollback'])
  })

  it('runs again after an error that passes, and emits again what it has emitted', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
    const { session, engine } = answering()
    let tries = 0
    const emitted: unknown[] = []
    const running = lastValueFrom(
      session
        .executeWrite(() => {
          const later = newError('later', 'Neo.TransientError.Transaction.DeadlockDetected')
          return tries++ === 0 ? from([1, 2]).pipe(endWith(later)) : of(1, 2)
        })
        .pipe(map((value) => emitted.push(value))),
    )
    await settled()
    assert.deepEqual(emitted, [1, 2])
    context.mock.timers.tick(1200)
    await running
    assert.deepEqual(emitted, [1, 2, 1, 2])
    assert.deepEqual(engine.log, ['begin WRITE', 'rollback', 'begin WRITE', 'commit'])
  })

  it('ends with an error that has seen all errors when the time for retries is over', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
    const { session } = answering(500)
    const errors = [newError('1', 'ServiceUnavailable'), newError('2', 'ServiceUnavailable')]
    let tries = 0
    const running = lastValueFrom(session.executeRead(() => throwError(() => errors[tries++])))
    running.catch(() => undefined)
    await settled()
    context.mock.timers.tick(1200)
    await assert.rejects(running, {
      code: 'ServiceUnavailable',
      message: 'Failed after retried for 2 times in 500 ms. Make sure that your database is online and retry again.',
      seenErrors: errors,
    })
  })

  it('is not run again where there is no time for retries', async () => {
    const { session } = answering(0)
    const error = newError('1', 'ServiceUnavailable')
    await assert.rejects(lastValueFrom(session.executeRead(() => throwError(() => error))), error)
  })

  it('ends with the last error when the session is closed while it waits', async () => {
    const { session } = answering()
    const error = newError('1', 'ServiceUnavailable')
    const running = lastValueFrom(session.executeRead(() => throwError(() => error)))
    running.catch(() => undefined)
    await settled()
    await session[Symbol.asyncDispose]()
    await assert.rejects(running, error)
  })
})

describe('a reactive session', () => {
  it('begins transactions which the subscriber ends', async () => {
    const { session, engine } = answering()
    const transaction = await lastValueFrom(session.beginTransaction({ timeout: 5 }))
    assert.ok(transaction instanceof RxTransaction)
    assert.equal(transaction.isOpen(), true)
    assert.equal((await lastValueFrom(transaction.run('A').records().pipe(toArray()))).length, 3)
    const commit = transaction.commit()
    assert.equal(transaction.isOpen(), true)
    assert.equal(await lastValueFrom(commit, { defaultValue: 'nothing' }), 'nothing')
    assert.equal(transaction.isOpen(), false)
    await assert.rejects(lastValueFrom(transaction.rollback()), /has already been committed/)
    assert.equal(await lastValueFrom(transaction.close(), { defaultValue: 'nothing' }), 'nothing')
    assert.deepEqual(engine.log, ['begin WRITE', 'tx run A', 'commit'])
    assert.deepEqual(session.lastBookmarks(), ['bookmark 1'])
  })

  it('refuses wrong settings within the call', () => {
    const { session } = open()
    assert.throws(() => session.beginTransaction({ timeout: -1 }), { message: /should not be negative/ })
    assert.throws(() => session.executeRead(() => EMPTY, { timeout: -1 }), { message: /should not be negative/ })
  })

  it('closes when close() is subscribed to, and completes without a value', async () => {
    const { session, engine } = answering()
    const closing = session.close()
    await lastValueFrom(session.run('A').records())
    assert.equal(await lastValueFrom(closing, { defaultValue: 'nothing' }), 'nothing')
    await assert.rejects(lastValueFrom(session.run('B').records()), {
      message: 'Cannot run query in a closed session.',
    })
    assert.deepEqual(engine.log, ['run A'])
  })
})

it('rxjs is not loaded before a reactive session is used', () => {
  const program = `
    require('./lib/index.ts')
    const loaded = () => require.resolve('rxjs') in require.cache
    const before = loaded()
    require('rxjs')
    console.log(before, loaded())`
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '-e', program], { encoding: 'utf8' })
  assert.equal(stdout.trim(), 'false true', stderr)
})

/** Lets values be followed by an error. */
function endWith(error: Error) {
  return <T>(source: import('rxjs').Observable<T>): import('rxjs').Observable<T> =>
    new (source.constructor as typeof import('rxjs').Observable)<T>((subscriber) =>
      source.subscribe({ next: (value) => subscriber.next(value), complete: () => subscriber.error(error) }),
    )
}
