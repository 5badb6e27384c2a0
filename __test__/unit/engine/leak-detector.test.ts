import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { LeakDetector } from '../../../lib/engine/leak-detector.js'
import type { NativeTransaction } from '../../../lib/engine/native.js'
import type { ResponseHandler } from '../../../lib/engine/response-handler.js'
import { newError } from '../../../lib/error/neo4j-error.js'
import { hasFrame } from '../../support/stack.js'

const warnings: string[] = []
const heard: string[] = []

/** A handler with methods on its class, as most are. */
class Recording implements ResponseHandler {
  fields(): void {
    heard.push('fields')
  }
  records(): void {
    heard.push('records')
  }
  success(): void {
    heard.push('success')
  }
  failure(): void {
    heard.push('failure')
  }
}

const TRANSACTION = { run: () => {}, commit: () => {}, rollback: () => {}, reset: () => {} } satisfies NativeTransaction
const detector = (): LeakDetector => new LeakDetector(1000, (message) => void warnings.push(message))

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
afterEach(() => {
  mock.timers.reset()
  warnings.length = 0
  heard.length = 0
})

function aPlaceInTheProgram(leaks: LeakDetector): ResponseHandler {
  return leaks.query(new Recording())
}

describe('a query', () => {
  it('is warned of once, when it has held its connection for too long, with the place where it was run', () => {
    const query = aPlaceInTheProgram(detector())
    query.fields({}, undefined)
    mock.timers.tick(999)
    assert.deepEqual(warnings, [])
    mock.timers.tick(100_000)
    assert.equal(warnings.length, 1)
    assert.match(warnings[0], /^A query has held a connection for more than 1000 ms\. It was run here:\n {4}at /)
    assert.ok(hasFrame(warnings[0], 'aPlaceInTheProgram'), warnings[0])
  })

  it('holds nothing before RUN has succeeded, nor after its end', () => {
    for (const end of ['success', 'failure'] as const) {
      const query = detector().query(new Recording())
      mock.timers.tick(5000)
      query.fields({}, undefined)
      mock.timers.tick(500)
      if (end === 'success') query.success({}, undefined)
      else query.failure(newError('x'))
      mock.timers.tick(5000)
    }
    assert.deepEqual(warnings, [])
    assert.deepEqual(heard, ['fields', 'success', 'fields', 'failure'])
  })
})

describe('a transaction', () => {
  function begun(leaks: LeakDetector): { transaction: NativeTransaction; begin: ResponseHandler } {
    let begin: ResponseHandler | undefined
    const transaction = leaks.transaction(new Recording(), (handler) => {
      begin = handler
      return { ...TRANSACTION }
    })
    begin?.success({}, undefined)
    return { transaction, begin: begin as ResponseHandler }
  }

  it('is warned of when nobody ends it', () => {
    begun(detector())
    mock.timers.tick(1000)
    assert.match(warnings.join(), /^A transaction has held a connection for more than 1000 ms\. It was begun here:\n/)
  })

  it('is not when it is ended, in whatever way', () => {
    const leaks = detector()
    const ends: ((transaction: NativeTransaction, begin: ResponseHandler) => void)[] = [
      (transaction) => leaks.end(transaction, new Recording()).success({}, undefined),
      (transaction) => leaks.end(transaction, new Recording()).failure(newError('x')),
      (transaction) => leaks.queryIn(transaction, new Recording()).failure(newError('x')),
      (_, begin) => begin.failure(newError('x')),
    ]
    for (const end of ends) {
      const { transaction, begin } = begun(leaks)
      mock.timers.tick(900)
      end(transaction, begin)
      mock.timers.tick(900)
    }
    assert.deepEqual(warnings, [])
    assert.deepEqual(heard, ['success', 'success', 'success', 'failure', 'success', 'failure', 'success', 'failure'])
  })

  it('is not ended by a query that succeeds', () => {
    const leaks = detector()
    const { transaction } = begun(leaks)
    leaks.queryIn(transaction, new Recording()).success({}, undefined)
    mock.timers.tick(1000)
    assert.equal(warnings.length, 1)
  })
})
