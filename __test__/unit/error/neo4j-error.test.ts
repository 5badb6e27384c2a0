import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { failureFrom } from '../../../lib/error/failure.js'
import {
  GQLError,
  isRetriableError,
  isRetryableError,
  Neo4jError,
  newError,
  newGQLError,
} from '../../../lib/error/neo4j-error.js'
import { attachCallStack, captureCallStack, captureMissingStack, captureStack } from '../../../lib/error/stack.js'
import { exactSnapshot } from '../../support/snapshot.js'
import { hasFrame } from '../../support/stack.js'
import { core, members, official } from '../official.js'

const ours = { newError, newGQLError, Neo4jError, GQLError }

/** The same made by both drivers. */
function both(make: (driver: typeof ours) => unknown): [ours: unknown, theirs: unknown] {
  return [make(ours), make(core as unknown as typeof ours)]
}

describe('errors', () => {
  const samples: { [name: string]: (driver: typeof ours) => Error } = {
    'a message alone': (d) => d.newError('boom'),
    'an empty message': (d) => d.newError(''),
    'code and GQL part': (d) => d.newError('boom', 'Neo.A.B.C', undefined, '42N51', 'the description'),
    'a cause': (d) => d.newError('boom', 'Neo.A.B.C', d.newGQLError('inner', d.newGQLError('innermost'))),
    'a cause which is a plain error': (d) => d.newGQLError('boom', new RangeError('x')),
    'a GQL error': (d) => d.newGQLError('boom', undefined, '22N01', 'the description'),
    'a classification': (d) =>
      d.newError('boom', 'x', undefined, '42N51', 'y', {
        OPERATION: 'MATCH',
        OPERATION_CODE: '4',
        CURRENT_SCHEMA: '/a',
        _classification: 'TRANSIENT_ERROR',
        _idempotent: true,
      }),
    'a classification nobody knows': (d) =>
      d.newError('boom', 'x', undefined, undefined, undefined, {
        OPERATION: '',
        OPERATION_CODE: '0',
        CURRENT_SCHEMA: '/',
        _classification: 'COSMIC_RAY',
      }),
    'the constructor': (d) => new d.Neo4jError('boom', 'code', '00000', 'description'),
  }
  for (const [name, make] of Object.entries(samples)) {
    it(`made from ${name} have the own properties, order and JSON of the official driver's`, () => {
      const [mine, theirs] = both(make)
      assert.deepEqual(exactSnapshot(mine), exactSnapshot(theirs))
      assert.equal(JSON.stringify(mine), JSON.stringify(theirs))
      assert.equal(String(mine), String(theirs))
      assert.equal((mine as GQLError).diagnosticRecordAsJsonString, (theirs as GQLError).diagnosticRecordAsJsonString)
    })
  }

  it('have the members of the official classes', () => {
    assert.deepEqual(members(GQLError), members(core.GQLError))
    assert.deepEqual(members(Neo4jError), members(core.Neo4jError))
    assert.equal(Neo4jError.length, core.Neo4jError.length)
  })

  it('are instances of Error, GQLError and Neo4jError', () => {
    const error = newError('boom')
    assert.ok(error instanceof Error && error instanceof GQLError && error instanceof Neo4jError)
    assert.ok(!(newGQLError('boom') instanceof Neo4jError))
  })

  it('of a subclass stay instances of it, which the official driver forgets', () => {
    class Special extends Neo4jError {}
    assert.ok(new Special('boom', 'code', '00000', 'x') instanceof Special)
    class Official extends official.Neo4jError {}
    assert.ok(!(new Official('boom', 'code', '00000', 'x') instanceof Official))
  })

  it('write a diagnostic record which holds null, where the official driver throws', () => {
    const record = { OPERATION: '', OPERATION_CODE: '0', CURRENT_SCHEMA: '/', extra: null, big: 12n }
    const [mine, theirs] = both((d) => d.newError('boom', 'x', undefined, undefined, undefined, record))
    assert.equal(
      (mine as GQLError).diagnosticRecordAsJsonString,
      '{"OPERATION":"","OPERATION_CODE":"0","CURRENT_SCHEMA":"/","extra":null,"big":"12n"}',
    )
    assert.throws(() => (theirs as GQLError).diagnosticRecordAsJsonString, TypeError)
  })

  it('find a GQL status in their causes', () => {
    const inner = newGQLError('inner', undefined, '22N01')
    const error = newError('boom', 'code', newGQLError('middle', inner, '22000'), '42N51')
    assert.equal(error.findByGqlStatus('42N51'), error)
    assert.equal(error.findByGqlStatus('22N01'), inner)
    assert.equal(error.findByGqlStatus('99999'), undefined)
    assert.equal(error.containsGqlCause('22000'), true)
    assert.equal(newGQLError('x', new Error('plain')).containsGqlCause('22000'), false)
  })
})

describe('what is retryable', () => {
  const codes = [
    'ServiceUnavailable',
    'SessionExpired',
    'ProtocolError',
    'N/A',
    'Neo.TransientError.Transaction.DeadlockDetected',
    'Neo.TransientError.Transaction.Terminated',
    'Neo.ClientError.Security.AuthorizationExpired',
    'Neo.ClientError.Security.TokenExpired',
    'Neo.ClientError.Statement.SyntaxError',
    'Neo.DatabaseError.General.UnknownError',
  ]
  for (const code of codes) {
    it(`${code} is judged as by the official driver`, () => {
      const theirs = core.newError('boom', code)
      assert.equal(newError('boom', code).retryable, theirs.retryable)
      assert.equal(newError('boom', code).retriable, theirs.retriable)
      assert.equal(isRetryableError(newError('boom', code)), core.isRetryableError(theirs))
    })
  }

  it('is decided by the property, so that an auth manager can change it', () => {
    const error = newError('boom')
    error.retryable = true
    assert.equal(isRetryableError(error), true)
    assert.equal(Neo4jError.isRetryable(error), true)
  })

  it('is nothing but a Neo4jError', () => {
    for (const value of [undefined, null, new Error('x'), { retryable: true }, newGQLError('x')]) {
      assert.equal(isRetryableError(value), false)
    }
  })

  it('can be asked in the older spelling, which throws in the official driver', () => {
    const unbound = isRetriableError
    assert.equal(unbound(newError('boom', 'ServiceUnavailable')), true)
    assert.equal(unbound(newError('boom')), false)
    assert.equal(Neo4jError.isRetriable(newError('boom', 'ServiceUnavailable')), true)
    assert.throws(() => official.isRetriableError(core.newError('boom')), TypeError)
  })
})

describe('failures', () => {
  it('of the driver have its code and message', () => {
    assert.deepEqual(
      exactSnapshot(failureFrom('ServiceUnavailable', 'gone', null)),
      exactSnapshot(core.newError('gone', 'ServiceUnavailable')),
    )
    assert.deepEqual(exactSnapshot(failureFrom(null, 'gone', null)), exactSnapshot(core.newError('gone')))
  })

  it('of a server before Bolt 5.7 get the general GQL status', () => {
    const error = failureFrom(null, null, { code: 'Neo.ClientError.Statement.SyntaxError', message: 'bad' })
    assert.equal(error.code, 'Neo.ClientError.Statement.SyntaxError')
    assert.equal(error.message, 'bad')
    assert.equal(error.gqlStatus, '50N42')
    assert.equal(error.gqlStatusDescription, 'error: general processing exception - unexpected error. bad')
    assert.deepEqual(error.diagnosticRecord, { OPERATION: '', OPERATION_CODE: '0', CURRENT_SCHEMA: '/' })
    assert.equal(error.cause, undefined)
  })

  it('of a server with Bolt 5.7 keep GQL status, completed diagnostic record and chain of causes', () => {
    const error = failureFrom(null, null, {
      neo4j_code: 'Neo.ClientError.Statement.ArithmeticError',
      message: '/ by zero',
      gql_status: '22N01',
      description: 'error: data exception',
      diagnostic_record: { _classification: 'CLIENT_ERROR', OPERATION: 'RETURN' },
      cause: {
        message: 'inner',
        gql_status: '22012',
        description: 'error: division by zero',
        diagnostic_record: null,
        cause: { message: 'innermost', gql_status: '22000', description: 'x', diagnostic_record: {} },
      },
    })
    assert.equal(error.code, 'Neo.ClientError.Statement.ArithmeticError')
    assert.equal(error.gqlStatusDescription, 'error: data exception')
    assert.equal(error.classification, 'CLIENT_ERROR')
    assert.deepEqual(error.diagnosticRecord, {
      OPERATION: 'RETURN',
      OPERATION_CODE: '0',
      CURRENT_SCHEMA: '/',
      _classification: 'CLIENT_ERROR',
    })
    const cause = error.cause as GQLError
    assert.ok(cause instanceof GQLError && !(cause instanceof Neo4jError))
    assert.deepEqual(cause.diagnosticRecord, { OPERATION: '', OPERATION_CODE: '0', CURRENT_SCHEMA: '/' })
    assert.equal(error.findByGqlStatus('22000')?.message, 'innermost')
  })

  for (const name of ['Terminated', 'LockClientStopped']) {
    it(`with Neo.TransientError.Transaction.${name} are the client's, not to be retried`, () => {
      const error = failureFrom(null, null, { code: `Neo.TransientError.Transaction.${name}`, message: 'x' })
      assert.equal(error.code, `Neo.ClientError.Transaction.${name}`)
      assert.equal(error.retryable, false)
    })
  }

  it('leave the process-wide limit of stack frames as it was', () => {
    const limit = Error.stackTraceLimit
    failureFrom(null, null, { code: 'x', message: 'y' })
    assert.equal(Error.stackTraceLimit, limit)
  })

  it('are made where that limit cannot be set', () => {
    const before = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') as PropertyDescriptor
    // As --frozen-intrinsics leaves it, except that this can be undone.
    Object.defineProperty(Error, 'stackTraceLimit', { ...before, writable: false, configurable: true })
    try {
      assert.equal(failureFrom(null, null, { code: 'x', message: 'y' }).message, 'y')
    } finally {
      Object.defineProperty(Error, 'stackTraceLimit', before)
    }
  })
})

describe('the stack of a call', () => {
  // As in the driver: capture the caller of run, fail later from elsewhere.
  function run() {
    const call = captureCallStack(run)
    return () => {
      const error = failureFrom(null, null, { code: 'x', message: 'two\nlines' })
      attachCallStack(error, call)
      return error
    }
  }
  function usersOwnFunction() {
    return run()
  }

  it('is that of the function which called, below name and message', async () => {
    const fail = usersOwnFunction()
    await Promise.resolve()
    const lines = (fail().stack as string).split('\n')
    assert.deepEqual(lines.slice(0, 2), ['Neo4jError: two', 'lines'])
    assert.match(lines[2], /^ {4}at usersOwnFunction \(/)
  })

  it('leaves the error without frames when none were taken', () => {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    const fail = usersOwnFunction()
    Error.stackTraceLimit = limit
    assert.equal(fail().stack, 'Neo4jError: two\nlines')
  })

  it('may be whatever Error.prepareStackTrace makes of it', () => {
    const fail = usersOwnFunction()
    const prepare = Error.prepareStackTrace
    Error.prepareStackTrace = (_error, frames) => frames
    try {
      assert.doesNotThrow(fail)
    } finally {
      Error.prepareStackTrace = prepare
    }
  })

  it('is given later where there is no captureStackTrace', async () => {
    const { captureStackTrace } = Error
    Reflect.deleteProperty(Error, 'captureStackTrace')
    try {
      assert.ok(hasFrame(usersOwnFunction()().stack, 'usersOwnFunction'))
      for (const give of [captureStack, captureMissingStack]) {
        const error = failureFrom(null, null, { code: 'x', message: 'y' })
        function whoWaits() {
          give(error)
        }
        whoWaits()
        assert.match(error.stack as string, /^Neo4jError: y\n/)
        assert.ok(hasFrame(error.stack, 'whoWaits'), error.stack)
      }
    } finally {
      Error.captureStackTrace = captureStackTrace
    }
  })

  it('that an error has got stays, whatever form its frames have', () => {
    const prepare = Error.prepareStackTrace
    Error.prepareStackTrace = (error, frames) => [error, ...frames].join(' < ')
    try {
      const error = usersOwnFunction()()
      captureMissingStack(error)
      const own = newError('of an application')
      for (const each of [error, own]) {
        const before = each.stack
        captureMissingStack(each)
        assert.equal(each.stack, before)
      }
    } finally {
      Error.prepareStackTrace = prepare
    }
  })

  it('stays out of keys and JSON', () => {
    const error = usersOwnFunction()()
    assert.ok(hasFrame(error.stack, 'usersOwnFunction'))
    assert.ok(!Object.keys(error).includes('stack'))
    assert.ok(!JSON.stringify(error).includes('usersOwnFunction'))
  })
})
