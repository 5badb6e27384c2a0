import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newError } from '../../../lib/error/neo4j-error.js'
import { NO_SETTINGS } from '../../../lib/query/query.js'
import { Transaction, TransactionState } from '../../../lib/session/transaction.js'
import { hasFrame } from '../../support/stack.js'
import { FakeEngine, type FakeTransaction, field, numbers, SERVER, settled, stateOf } from '../fake-engine.js'

const START = {
  mode: 'WRITE',
  bookmarks: ['used'],
  settings: NO_SETTINGS,
  telemetry: 1,
  home: null,
  routerBookmarks: null,
} as const
const TARGET = { database: null, impersonatedUser: null, fetchSize: 2, notifications: undefined }

interface Setup {
  transaction: Transaction
  core: TransactionState
  engine: FakeEngine
  native: FakeTransaction
  owner: string[]
}

function begun(): Setup {
  const engine = new FakeEngine()
  const owner: string[] = []
  const core = new TransactionState(
    {
      strict: false,
      transactionOver: () => owner.push('over'),
      committed: (bookmark, used) => owner.push(`bookmark ${bookmark} after ${used}`),
    },
    engine,
    TARGET,
  )
  core.begin(START)
  engine.transaction.begun()
  return { transaction: new Transaction(core), core, engine, native: engine.transaction, owner }
}

describe('queries of a transaction', () => {
  it('are sent without waiting for each other, and may be read side by side', async () => {
    const { transaction, engine } = begun()
    const first = transaction.run('A')[Symbol.asyncIterator]()
    const second = transaction.run('B')[Symbol.asyncIterator]()
    assert.deepEqual(engine.log, ['begin WRITE', 'tx run A', 'tx run B'])
    engine.cursors[0].fields('n').records(numbers(1, 2), true)
    engine.cursors[1].fields('n').records(numbers(11, 12), true)
    const seen = [await first.next(), await second.next(), await first.next(), await second.next()]
    assert.deepEqual(seen.map(field), [1, 11, 2, 12])
  })

  it('which are run before BEGIN can be sent follow it in their order', () => {
    const engine = new FakeEngine()
    const core = new TransactionState({ strict: false, transactionOver() {}, committed() {} }, engine, TARGET)
    const transaction = new Transaction(core)
    transaction.run('A')
    transaction.run('B')
    assert.deepEqual(engine.log, [])
    core.begin(START)
    assert.deepEqual(engine.log, ['begin WRITE', 'tx run A', 'tx run B'])
  })

  it('all end with the error of one of them; what was complete before stays', async () => {
    const { transaction, engine } = begun()
    const complete = transaction.run('A').then(() => 'complete')
    const failing = transaction.run('B').catch((error) => error)
    const pending = transaction.run('C').catch((error) => error)
    engine.cursors[0].fields('n').success()
    const error = newError('broken', 'Neo.ClientError.Statement.SyntaxError' as never)
    engine.cursors[1].failure(error)
    engine.cursors[2].failure(newError('what the engine says of the third'))
    assert.deepEqual(await Promise.all([complete, failing, pending]), ['complete', error, error])
    assert.equal(transaction.isOpen(), false)
  })

  it('whose parameters cannot be encoded end the transaction too', async () => {
    const { transaction, engine } = begun()
    engine.refusal = new RangeError('$x is out of range')
    await assert.rejects(transaction.run('A', { x: 1 }), engine.refusal)
    assert.equal(transaction.isOpen(), false)
    assert.deepEqual(engine.log, ['begin WRITE', 'rollback'])
  })
})

describe('commit and rollback', () => {
  it('commit sends COMMIT at once when no result is open, and passes the bookmark on', async () => {
    const { transaction, engine, native, owner } = begun()
    const result = transaction.run('A')
    engine.last.fields('n').success()
    await result
    const committed = transaction.commit()
    assert.equal(transaction.isOpen(), false)
    await settled()
    assert.deepEqual(engine.log.slice(-1), ['commit'])
    native.commitHandler?.success({ bookmark: 'new' }, SERVER)
    assert.equal(await committed, undefined)
    assert.deepEqual(owner, ['bookmark new after used', 'over'])
  })

  for (const end of ['commit', 'rollback'] as const) {
    it(`${end} has open results discarded first, and waits for their end`, async () => {
      const { transaction, engine, native } = begun()
      const result = transaction.run('A')
      engine.last.fields('n').records(numbers(1, 2), true)
      const ended = transaction[end]()
      await settled()
      assert.deepEqual(engine.last.asked, ['discard'])
      assert.deepEqual(engine.log, ['begin WRITE', 'tx run A'])
      engine.last.success()
      await settled()
      assert.deepEqual(engine.log.slice(-1), [end])
      native[`${end}Handler`]?.success({}, SERVER)
      await ended
      assert.equal((await result).records.length, 2)
      await assert.rejects(result[Symbol.asyncIterator]().next(), { message: 'Result is already consumed' })
    })
  }

  it('commit rejects with the error of a query that is still running', async () => {
    const { transaction, engine } = begun()
    transaction.run('A')
    const committed = transaction.commit()
    engine.last.failure(newError('late'))
    await assert.rejects(committed, { message: 'late' })
    await assert.rejects(transaction.commit(), { message: /^Cannot commit .* because of an error/ })
    assert.deepEqual(engine.log, ['begin WRITE', 'tx run A', 'rollback'])
  })

  it('a commit that fails rejects, with the stack of its call', async () => {
    async function whoCommits({ transaction, native }: Setup): Promise<void> {
      const committed = transaction.commit()
      await settled()
      native.commitHandler?.failure(newError('lost', 'ServiceUnavailable'))
      await committed
    }
    const setup = begun()
    const error = await whoCommits(setup).catch((error) => error)
    assert.equal(error.code, 'ServiceUnavailable')
    assert.ok(hasFrame(error.stack, 'whoCommits'), error.stack)
    assert.equal(setup.transaction.isOpen(), false)
  })

  it('close rolls back what is open, and nothing else', async () => {
    const { transaction, engine, native } = begun()
    const closed = transaction.close()
    await settled()
    native.rollbackHandler?.success({}, undefined)
    await closed
    await transaction.close()
    await transaction[Symbol.asyncDispose]()
    assert.deepEqual(engine.log, ['begin WRITE', 'rollback'])
  })
})

describe('a transaction that is over says how it ended', () => {
  async function over(end: 'commit' | 'rollback' | 'error'): Promise<Transaction> {
    const { transaction, engine, native } = begun()
    if (end === 'error') {
      const failed = transaction.run('A').catch(() => undefined)
      engine.last.failure(newError('bad'))
      await failed
      return transaction
    }
    const ended = transaction[end]()
    await settled()
    native[`${end}Handler`]?.success({}, SERVER)
    await ended
    return transaction
  }

  const WAYS = {
    commit: 'it has already been committed.',
    rollback: 'it has already been rolled back.',
    error: 'it has been rolled back either because of an error or explicit termination.',
  } as const
  for (const [end, because] of Object.entries(WAYS)) {
    it(`after ${end}`, async () => {
      const transaction = await over(end as keyof typeof WAYS)
      const expected = (what: string) => ({
        message: `Cannot ${what} this transaction, because ${because}`,
        code: 'N/A',
        gqlStatus: '50N42',
      })
      await assert.rejects(transaction.commit(), expected('commit'))
      if (end === 'error') await transaction.rollback()
      else await assert.rejects(transaction.rollback(), expected('rollback'))
      await assert.rejects(transaction.run('A'), expected('run query in'))
      assert.equal(transaction.isOpen(), false)
    })
  }
})

describe('a transaction that is over and has refused a query', () => {
  for (const end of ['commit', 'rollback'] as const) {
    it(`says that it was rolled back, as the official driver does, after ${end}`, async () => {
      const { transaction, native } = begun()
      const ended = transaction[end]()
      await settled()
      native[`${end}Handler`]?.success({}, SERVER)
      await ended
      await transaction.run('A').catch(() => undefined)
      await assert.rejects(transaction.run('A'), { message: /it has been rolled back either because of an error/ })
      await assert.rejects(transaction.commit(), { message: /it has been rolled back either because of an error/ })
      await transaction.rollback()
    })
  }
})

describe('BEGIN', () => {
  it('when it fails ends everything that was sent along with it', async () => {
    const engine = new FakeEngine()
    const core = new TransactionState({ strict: false, transactionOver() {}, committed() {} }, engine, TARGET)
    const transaction = new Transaction(core)
    core.begin(START)
    const result = transaction.run('A').catch((error) => error)
    const committed = transaction.commit()
    const error = newError('no such database', 'Neo.ClientError.Database.DatabaseNotFound' as never)
    engine.transaction.handler.failure(error)
    assert.equal(await result, error)
    await assert.rejects(committed, error)
    await assert.rejects(core.started(), error)
  })

  it('is let go of when it was never sent', async () => {
    const engine = new FakeEngine()
    const owner: string[] = []
    const core = new TransactionState(
      { strict: false, transactionOver: () => owner.push('over'), committed() {} },
      engine,
      TARGET,
    )
    const result = new Transaction(core).run('A').catch((error) => error)
    const error = newError('no bookmarks')
    core.fail(error)
    assert.equal(await result, error)
    assert.deepEqual(owner, ['over'])
    core.begin(START)
    assert.deepEqual(engine.log, [])
    assert.equal(await stateOf(core.started()), 'rejected: no bookmarks')
  })
})
