import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newError } from '../../../lib/error/neo4j-error.js'
import { Logger } from '../../../lib/log/logger.js'
import type { BookmarkManager } from '../../../lib/session/bookmark-manager.js'
import { Session, type SessionParts } from '../../../lib/session/session.js'
import { ManagedTransaction, Transaction } from '../../../lib/session/transaction.js'
import { int } from '../../../lib/types/index.js'
import { FakeEngine, numbers, SERVER, settled, stateOf } from '../fake-engine.js'

const BUSY_RUN = {
  message:
    'Queries cannot be run directly on a session with ongoing work; either await the previous work, ' +
    'run in an existing transaction or use a different session.',
  code: 'N/A',
}
const BUSY_BEGIN = {
  message:
    'You cannot begin a transaction on a session with ongoing work; ' +
    'either run from within an existing transaction or use a different session.',
  code: 'N/A',
}
const CLOSED = { message: 'You cannot run more transactions on a closed session.', code: 'N/A' }
const TARGET = { database: 'neo4j', impersonatedUser: null, fetchSize: 10, notifications: undefined }

function open(parts: Partial<SessionParts> = {}): { session: Session; engine: FakeEngine; warnings: string[] } {
  const engine = new FakeEngine()
  const warnings: string[] = []
  const session = new Session({
    engine,
    mode: 'WRITE',
    target: TARGET,
    home: null,
    routed: false,
    bookmarks: [],
    bookmarkManager: undefined,
    acquisitionTimeout: 60_000,
    strictResults: false,
    disableAutoCommitRetries: false,
    maxTransactionRetryTime: 30_000,
    waitingRetries: new Set(),
    log: new Logger('warn', (_level, message) => warnings.push(message)),
    ...parts,
  })
  return { session, engine, warnings }
}

/** An open session with an answer to every request. */
function answering(parts: Partial<SessionParts> = {}): ReturnType<typeof open> {
  const opened = open(parts)
  opened.engine.answer = () => ({ keys: ['n'], rows: numbers(1, 3), metadata: { type: 'r', bookmark: 'of a query' } })
  return opened
}

describe('a query in a transaction of its own', () => {
  it('is sent within the call', () => {
    const { session, engine } = open({ bookmarks: ['a', 'b'] })
    session.run('RETURN $n', { n: 1 }, { timeout: 1.5, metadata: { who: 'me' } })
    assert.deepEqual(engine.log, ['run RETURN $n'])
    const { query, start } = engine.last
    assert.deepEqual(query, { text: 'RETURN $n', parameters: { n: 1 } })
    assert.deepEqual(start, {
      mode: 'WRITE',
      bookmarks: ['a', 'b'],
      settings: { timeout: int(2), metadata: { who: 'me' } },
      telemetry: 2,
      home: null,
      routerBookmarks: null,
    })
    assert.deepEqual(engine.targets[0], TARGET)
  })

  it('takes text, String objects and query objects', () => {
    for (const query of ['RETURN 1', new String('RETURN 1'), { text: 'RETURN 1', parameters: { a: 1 } }]) {
      const { session, engine } = open()
      session.run(query)
      assert.equal(engine.last.query.text, 'RETURN 1')
    }
  })

  it('refuses within the call what is no query, no parameters or no setting', () => {
    const { session, engine } = open()
    const run = session.run.bind(session) as (...args: unknown[]) => unknown
    for (const query of [undefined, null, 42, '', '  ', {}]) {
      assert.throws(() => run(query), new TypeError('Cypher query is expected to be a non-empty string.'))
    }
    assert.throws(() => run({ text: 42 }), new TypeError('"Cypher query" expected to be string but was: 42'))
    assert.throws(
      () => run('RETURN 1', [1]),
      new TypeError('Query parameters are expected to either be undefined/null or an object, given: Array [1]'),
    )
    assert.throws(
      () => run('RETURN 1', {}, { timeout: '1' }),
      new TypeError('Transaction timeout expected to be either a number or an Integer object but was: "1"'),
    )
    assert.throws(() => run('RETURN 1', {}, { timeout: -1 }), {
      name: 'Neo4jError',
      message: 'Transaction timeout should not be negative',
    })
    assert.throws(
      () => run('RETURN 1', {}, { metadata: 'x' }),
      new TypeError('config.metadata expected to be an object but was: "x"'),
    )
    assert.throws(
      () => run('RETURN 1', {}, 'x'),
      new TypeError('Transaction config expected to be an object but was: "x"'),
    )
    assert.deepEqual(engine.log, [])
  })

  it('rejects with what the encoder has against its parameters, and leaves the session usable', async () => {
    const { session, engine } = answering()
    engine.refusal = new RangeError('$big is out of range')
    await assert.rejects(session.run('RETURN $big', { big: 2n ** 70n }), engine.refusal)
    engine.refusal = null
    assert.equal((await session.run('RETURN 1')).records.length, 3)
  })

  it('keeps others from being run until it is over', async () => {
    const { session, engine } = open()
    const first = session.run('A')
    await assert.rejects(session.run('B'), BUSY_RUN)
    engine.last.fields('n').success()
    await first
    session.run('C')
    assert.deepEqual(engine.log, ['run A', 'run C'])
  })

  it('is not run in a closed session', async () => {
    const { session, engine } = open()
    await session.close()
    await assert.rejects(session.run('A'), { message: 'Cannot run query in a closed session.', code: 'N/A' })
    assert.deepEqual(engine.log, [])
  })

  it('waits for one that is being discarded', async () => {
    const { session, engine } = open()
    const first = session.run('A')
    engine.last.fields('n').records(numbers(1, 10), true)
    first._cancel()
    const second = session.run('B')
    await settled()
    assert.deepEqual(engine.log, ['run A'])
    engine.last.success()
    await settled()
    assert.deepEqual(engine.log, ['run A', 'run B'])
    engine.last.fields('n').success()
    assert.deepEqual((await second).records, [])
  })

  it('does no harm to an open transaction that it is run beside', async () => {
    const { session, engine } = open()
    const transaction = session.beginTransaction()
    engine.transaction.begun()
    await assert.rejects(session.run('B'), BUSY_RUN)
    const result = transaction.run('C')
    engine.last.fields('n').records(numbers(1, 1)).success()
    assert.equal((await result).records.length, 1)
    assert.equal(transaction.isOpen(), true)
    assert.deepEqual(engine.log, ['begin WRITE', 'tx run C'])
  })
})

describe('bookmarks', () => {
  it('of a query and of a transaction are passed on to the next', async () => {
    const { session, engine } = answering({ bookmarks: ['given'] })
    await session.run('A')
    assert.deepEqual(session.lastBookmarks(), ['of a query'])
    await session.executeWrite((tx) => tx.run('B'))
    assert.deepEqual(engine.transaction.start.bookmarks, ['of a query'])
    assert.deepEqual(session.lastBookmarks(), ['bookmark 1'])
    await session.run('C')
    assert.deepEqual(engine.last.start?.bookmarks, ['bookmark 1'])
  })

  it('stay where the server gives none', async () => {
    const { session, engine } = answering({ bookmarks: ['given'] })
    engine.answer = () => ({ keys: [], rows: [] })
    await session.run('A')
    assert.deepEqual(session.lastBookmarks(), ['given'])
  })

  it('are waited for no longer than a connection', async (t) => {
    // The timer does not keep the process alive: something else has to.
    const busy = setInterval(() => {}, 1000)
    t.after(() => clearInterval(busy))
    let asked = 0
    const bookmarkManager: BookmarkManager = {
      getBookmarks: () => {
        asked++
        return new Promise<never>(() => {})
      },
      updateBookmarks: async () => {},
    }
    const message = 'The bookmark manager has not given its bookmarks within 20 ms.'
    for (const routed of [false, true]) {
      const { session, engine } = answering({ bookmarkManager, acquisitionTimeout: 20, routed })
      await assert.rejects(async () => await session.run('RETURN 1'), { message, code: 'N/A', retryable: false })
      await assert.rejects(async () => await session.beginTransaction(), { message, code: 'N/A' })
      assert.deepEqual(engine.log, [])
      await session.close()
    }
    assert.equal(asked, 4)
  })

  it('come from the bookmark manager and go to it', async () => {
    const updates: unknown[] = []
    const bookmarkManager: BookmarkManager = {
      getBookmarks: async () => ['shared', 'given'],
      updateBookmarks: async (previous, next) => {
        updates.push([[...previous], [...next]])
      },
    }
    const { session, engine } = answering({ bookmarks: ['given', 'own'], bookmarkManager })
    await session.run('A')
    assert.deepEqual(engine.last.start?.bookmarks, ['shared', 'given', 'own'])
    assert.deepEqual(updates, [[['shared', 'given', 'own'], ['of a query']]])
    await session.executeRead((tx) => tx.run('B'))
    assert.deepEqual(engine.transaction.start.bookmarks, ['shared', 'given'])
  })

  it('a manager that fails to give any fails the query, and one that fails to take any does not', async () => {
    const bookmarkManager: BookmarkManager = {
      getBookmarks: async () => {
        throw new Error('no bookmarks')
      },
      updateBookmarks: () => {
        throw new Error('full')
      },
    }
    const { session, engine } = answering({ bookmarkManager })
    await assert.rejects(session.run('A'), { message: 'no bookmarks' })
    bookmarkManager.getBookmarks = async () => []
    await session.run('B')
    assert.deepEqual(engine.log, ['run B'])
  })

  it('that are asked for when the session is closed lead to no query any more', async () => {
    const bookmarkManager = { getBookmarks: async () => [], updateBookmarks: async () => undefined }
    const { session, engine } = open({ bookmarkManager })
    const result = session.run('A')
    await session.close()
    await assert.rejects(result, CLOSED)
    await settled()
    assert.deepEqual(engine.log, [])
  })
})

describe('beginning a transaction', () => {
  it('gives a real Transaction when awaited, which await using can close', async () => {
    const { session, engine } = answering()
    const promise = session.beginTransaction({ timeout: 5 })
    assert.ok(promise instanceof Transaction)
    assert.equal(Object.prototype.toString.call(promise), '[object TransactionPromise]')
    const transaction = await promise
    assert.ok(transaction instanceof Transaction)
    assert.equal('then' in transaction, false)
    assert.equal(await promise, transaction)
    await transaction[Symbol.asyncDispose]()
    assert.deepEqual(engine.log, ['begin WRITE', 'rollback'])
    assert.deepEqual(engine.transaction.start.settings.timeout, int(5))
    assert.equal(engine.transaction.start.telemetry, 1)
  })

  it('throws within the call when there is an open one, or the session is closed', async () => {
    const { session } = answering()
    await session.beginTransaction()
    assert.throws(() => session.beginTransaction(), BUSY_BEGIN)
    await session.close()
    assert.throws(() => session.beginTransaction(), {
      message: 'Cannot begin a transaction on a closed session.',
      code: 'N/A',
    })
  })

  it('waits for the query before it', async () => {
    const { session, engine } = open()
    session.run('A').subscribe({})
    const transaction = session.beginTransaction()
    const result = transaction.run('B')
    await settled()
    assert.deepEqual(engine.log, ['run A'])
    engine.last.fields('n').success({ bookmark: 'a' })
    await settled()
    assert.deepEqual(engine.log, ['run A', 'begin WRITE', 'tx run B'])
    assert.deepEqual(engine.transaction.start.bookmarks, ['a'])
    engine.last.fields('n').success()
    await result
  })

  it('fails where the query before it has more than anybody reads', async () => {
    const { session, engine } = open()
    session.run('A')
    const transaction = session.beginTransaction()
    engine.last.fields('n').records(numbers(1, 10), true)
    await assert.rejects(transaction, BUSY_BEGIN)
    await assert.rejects(session.beginTransaction(), BUSY_BEGIN)
    assert.deepEqual(engine.log, ['run A'])
  })

  it('waits for a commit that is under way', async () => {
    const { session, engine } = open()
    const first = session.beginTransaction()
    engine.transaction.begun()
    const committed = first.commit()
    const second = session.beginTransaction()
    await settled()
    assert.deepEqual(engine.log, ['begin WRITE', 'commit'])
    engine.transaction.commitHandler?.success({ bookmark: 'first' }, SERVER)
    await committed
    await settled()
    assert.deepEqual(engine.log, ['begin WRITE', 'commit', 'begin WRITE'])
    assert.deepEqual(engine.transaction.start.bookmarks, ['first'])
    engine.transaction.begun()
    await second
  })
})

describe('a managed transaction', () => {
  it('gives what the work returns once it is committed, as a native promise', async () => {
    const { session, engine } = answering()
    const promise = session.executeRead(async (tx) => {
      assert.ok(tx instanceof ManagedTransaction)
      return await tx.run('A')
    })
    assert.ok(promise instanceof Promise)
    const { records } = await promise
    assert.equal(records.length, 3)
    assert.deepEqual(engine.log, ['begin READ', 'tx run A', 'commit'])
  })

  it('awaits a bare result', async () => {
    const { session } = answering()
    const value = await session.executeRead((tx) => tx.run('A'))
    assert.deepEqual(Object.keys(value), ['records', 'summary'])
  })

  it('takes work that is not asynchronous, and refuses what is no function', async () => {
    const { session, engine } = answering()
    assert.equal(await session.executeWrite(() => 42), 42)
    await assert.rejects(session.executeWrite(undefined as never), new TypeError('transactionWork is not a function'))
    assert.deepEqual(engine.log, ['begin WRITE', 'commit', 'begin WRITE', 'rollback'])
  })

  it('is rolled back, once, when the work throws', async () => {
    const { session, engine } = answering()
    const mine = new Error('mine')
    let runs = 0
    const failing = session.executeWrite(() => {
      runs++
      throw mine
    })
    assert.equal(await failing.catch((error) => error), mine)
    assert.equal(runs, 1)
    assert.deepEqual(engine.log, ['begin WRITE', 'rollback'])
  })

  for (const thrown of [undefined, null]) {
    it(`is rolled back, and rejects with ${thrown}, when the work throws that`, async () => {
      const { session, engine } = answering()
      const works = [
        () => {
          throw thrown
        },
        () => Promise.reject(thrown),
      ]
      for (const work of works) {
        const outcome = session.executeWrite(work as () => never)
        assert.equal(
          await outcome.then(
            () => 'fulfilled',
            (error) => error,
          ),
          thrown,
        )
      }
      assert.deepEqual(engine.log, ['begin WRITE', 'rollback', 'begin WRITE', 'rollback'])
    })
  }

  it('rejects a second one at the same time', async () => {
    const { session } = answering()
    const first = session.executeWrite((tx) => tx.run('A'))
    await assert.rejects(
      session.executeWrite(() => 1),
      BUSY_BEGIN,
    )
    await first
  })

  it('rejects in a closed session', async () => {
    const { session } = answering()
    await session.close()
    await assert.rejects(
      session.executeRead(() => 1),
      { message: 'Cannot begin a transaction on a closed session.' },
    )
  })

  it('finishes a query that the work has not awaited, and rejects with its error', async () => {
    const { session, engine } = answering()
    await session.executeWrite((tx) => {
      tx.run('A')
    })
    assert.deepEqual(engine.log, ['begin WRITE', 'tx run A', 'commit'])
    engine.answer = () => newError('bad', 'Neo.ClientError.Statement.SyntaxError' as never)
    await assert.rejects(
      session.executeWrite((tx) => {
        tx.run('B')
      }),
      { message: 'bad' },
    )
  })

  it('resolves when the work swallows an error, with a warning that nothing was committed', async () => {
    const { session, engine, warnings } = answering()
    engine.answer = () => newError('bad', 'Neo.ClientError.Statement.SyntaxError' as never)
    const value = await session.executeWrite(async (tx) => {
      await tx.run('A').catch(() => undefined)
      return 'value'
    })
    assert.equal(value, 'value')
    assert.deepEqual(engine.log, ['begin WRITE', 'tx run A', 'rollback'])
    assert.equal(warnings.length, 1)
    assert.match(warnings[0], /Nothing was committed.*bad/)
  })

  it('tells the server once through which part of the API it came', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
    const { session, engine } = answering()
    const answer = engine.answer
    engine.answer = () => newError('later', 'ServiceUnavailable')
    const running = session.executeWrite((tx) => tx.run('A'))
    await settled()
    engine.answer = answer
    context.mock.timers.tick(1200)
    await running
    assert.deepEqual(
      engine.transactions.map(({ start }) => start.telemetry),
      [0, -1],
    )
  })

  it('ends with the last error when the session is closed while the next try is waited for', async () => {
    const { session, engine } = answering()
    engine.answer = () => newError('later', 'ServiceUnavailable')
    const running = session.executeWrite((tx) => tx.run('A'))
    assert.equal(await stateOf(running), 'pending')
    await session.close()
    await assert.rejects(running, { message: 'later', code: 'ServiceUnavailable' })
    assert.equal(engine.transactions.length, 1)
  })
})

describe('closing a session', () => {
  it('is done once, however often it is called', async () => {
    const { session } = open()
    assert.equal(session.close(), session.close())
    assert.equal(await session.close(), undefined)
    assert.equal(await session[Symbol.asyncDispose](), undefined)
  })

  it('interrupts the running query, waits for its end, and leaves it to the server how it ends', async () => {
    const { session, engine } = open()
    const result = session.run('A').catch((error) => error)
    const closed = session.close()
    assert.deepEqual(engine.last.asked, ['discard', 'reset'])
    assert.equal(await stateOf(closed), 'pending')
    engine.last.failure(newError('terminated', 'Neo.ClientError.Transaction.Terminated' as never))
    await closed
    assert.equal((await result).message, 'terminated')
  })

  it('says so where the server has not even begun with the query', async () => {
    const { session, engine } = open()
    const result = session.run('A')
    const closed = session.close()
    engine.last.failure(newError('Ignored either because of an error or RESET'))
    await closed
    await assert.rejects(result, CLOSED)
  })

  it('discards a result which nobody reads to its end', async () => {
    const { session, engine } = open()
    session.run('A')
    engine.last.fields('n').records(numbers(1, 10), true)
    const closed = session.close()
    assert.deepEqual(engine.last.asked, ['discard'])
    engine.last.success()
    await closed
  })

  it('resets an open transaction, in which nothing can be run any more', async () => {
    const { session, engine } = answering()
    const transaction = await session.beginTransaction()
    await session.close()
    assert.deepEqual(engine.log, ['begin WRITE', 'reset'])
    // As in the official driver: the first call reports why, and until then it counts as open.
    assert.equal(transaction.isOpen(), true)
    await assert.rejects(transaction.run('A'), CLOSED)
    assert.equal(transaction.isOpen(), false)
    await assert.rejects(transaction.commit(), { message: /it has been rolled back either because of an error/ })
    await transaction.rollback()
    await transaction.close()
  })

  it('fails a transaction function that has closed it', async () => {
    const { session, engine } = answering()
    const work = session.executeWrite(async () => {
      await session.close()
      return 'returned'
    })
    await assert.rejects(work, CLOSED)
    assert.deepEqual(engine.log, ['begin WRITE', 'reset'])
  })

  it('rejects whoever waits for a transaction to begin', async () => {
    const { session, engine } = open()
    const transaction = session.beginTransaction()
    const begun = transaction.then(() => 'begun')
    const closed = session.close()
    engine.transaction.handler.failure(newError('interrupted'))
    engine.transaction.rollbackHandler?.success({}, undefined)
    await closed
    await assert.rejects(begun, CLOSED)
    await assert.rejects(transaction, CLOSED)
  })
})
