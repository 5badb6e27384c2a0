import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CallbackDispatcher, type Callbacks } from '../../../lib/engine/callbacks.js'
import { int } from '../../../lib/types/integer.js'
import { canonical } from '../../../lib/util/canonical.js'
import { decode } from '../../support/packstream.cjs'

const TOKEN = 1
const RESOLVE = 2
const CERTIFICATES = 3
const DENIED = 4

/** A CallbackDispatcher that records its answers, decoded. The engine no longer waits for question 99. */
function setup(callbacks: Callbacks) {
  const answers: unknown[] = []
  const waiting: (() => void)[] = []
  const questions = new CallbackDispatcher(callbacks, (question, answer) => {
    answers.push([question, decode(Buffer.from(answer))])
    for (const resolve of waiting.splice(0)) resolve()
    return question !== 99
  })
  return { questions, answers, answered: () => new Promise<void>((resolve) => waiting.push(resolve)) }
}

describe('questions of the engine', () => {
  it('are answered at once where the function returns a value', () => {
    const { questions, answers } = setup({ token: () => ({ scheme: 'none' }) })
    questions.ask(1, TOKEN, null)
    assert.deepEqual(answers, [[1, [true, { scheme: 'none' }]]])
  })

  it('are answered later where it returns a promise', async () => {
    const { questions, answers, answered } = setup({ resolve: async (address) => [address, 'b:1'] })
    const done = answered()
    questions.ask(2, RESOLVE, 'a:1')
    assert.deepEqual(answers, [])
    await done
    assert.deepEqual(answers, [[2, [true, ['a:1', 'b:1']]]])
  })

  it('keep the very object that was returned until they are forgotten', () => {
    const certificates = ['a', 'b']
    const asked: number[] = []
    const { questions } = setup({
      certificates: (held) => {
        asked.push(held)
        return certificates
      },
    })
    questions.ask(3, CERTIFICATES, int(4))
    assert.deepEqual(asked, [4])
    assert.equal(questions.kept(3), certificates)
    assert.equal(questions.thrown(3), undefined)
    questions.forget(3)
    assert.equal(questions.kept(3), undefined)
  })

  for (const how of ['throws', 'rejects'] as const) {
    it(`keep the very error of a function that ${how}`, async () => {
      const error = new Error('no')
      const token = () => {
        if (how === 'throws') throw error
        return Promise.reject(error)
      }
      const { questions, answers, answered } = setup({ token })
      const done = answered()
      questions.ask(4, TOKEN, null)
      await done
      assert.deepEqual(answers, [[4, [false]]])
      assert.equal(questions.thrown(4)?.[0], error)
      assert.equal(questions.kept(4), undefined)
      questions.forget(4)
      assert.equal(questions.thrown(4), undefined)
    })
  }

  it('keep a value that is no error, if that is what was thrown, and make one of nothing', () => {
    const thrown: unknown[] = ['text', undefined]
    const { questions } = setup({
      token: () => {
        throw thrown.shift()
      },
    })
    questions.ask(5, TOKEN, null)
    assert.equal(questions.thrown(5)?.[0], 'text')
    questions.ask(6, TOKEN, null)
    assert.ok(questions.thrown(6)?.[0] instanceof Error)
  })

  it('fail with the error of the encoder where the value cannot be sent', () => {
    const circle: { parameters?: unknown } = {}
    circle.parameters = circle
    for (const [value, message] of [
      [{ credentials: () => 'hush' }, 'Unable to pack the given value (in authToken.credentials)'],
      [{ credentials: Symbol('hush') }, 'Unable to pack the given value (in authToken.credentials)'],
      [circle, 'Unable to pack the given value: it contains itself (in authToken.parameters.parameters)'],
      [
        { credentials: Promise.resolve('hush') },
        'Unable to pack the given value: a Promise, which has to be awaited first (in authToken.credentials)',
      ],
    ] as const) {
      const { questions, answers } = setup({ token: () => value })
      questions.ask(7, TOKEN, null)
      assert.deepEqual(answers, [[7, [false]]])
      assert.equal((questions.thrown(7)?.[0] as Error | undefined)?.message, message)
    }
  })

  it('survive values whose getters and traps throw', () => {
    const error = new Error('trap')
    const trap = new Proxy(
      {},
      {
        get() {
          throw error
        },
      },
    )
    const getter = {
      get credentials(): string {
        throw error
      },
    }
    for (const value of [trap, getter]) {
      const { questions, answers } = setup({ token: () => value })
      questions.ask(8, TOKEN, null)
      assert.deepEqual(answers, [[8, [false]]])
      assert.equal(questions.thrown(8)?.[0], error)
    }
  })

  it('keep nothing where nobody waits for the answer any more', () => {
    const { questions } = setup({ token: () => ({ scheme: 'none' }) })
    questions.ask(99, TOKEN, null)
    assert.equal(questions.kept(99), undefined)
  })

  it('of a refused token wait for the first request that fails of it, and are told once', () => {
    const token = { scheme: 'bearer' }
    const told: unknown[] = []
    const { questions } = setup({
      token: () => token,
      denied: (...refusal) => {
        told.push(refusal)
        return true
      },
    })
    questions.ask(1, TOKEN, null)
    questions.ask(2, DENIED, int(1), 'code')
    // The engine may release the token before its refusal is reported.
    questions.forget(1)
    assert.deepEqual(told, [])
    questions.tell(2)
    questions.tell(2)
    assert.deepEqual(told, [[token, 'code']])
    assert.equal(questions.kept(2), true)
  })

  it('are refused where they are about something unknown', () => {
    const { questions, answers } = setup({})
    questions.ask(1, 77, null)
    assert.deepEqual(answers, [[1, [false]]])
    assert.ok(questions.thrown(1)?.[0] instanceof Error)
  })

  it('leave no credentials in the buffer of the answer', () => {
    let buffer: Uint8Array | undefined
    const questions = new CallbackDispatcher({ token: () => ({ credentials: 'secret' }) }, (_question, answer) => {
      buffer = answer
      assert.ok(Buffer.from(answer).includes('secret'))
      return true
    })
    questions.ask(1, TOKEN, null)
    assert.ok(buffer !== undefined && !Buffer.from(buffer).includes('secret'))
  })
})

describe('values in order', () => {
  const bytesOf = (value: unknown): string => {
    let hex = ''
    const questions = new CallbackDispatcher({ token: () => value }, (_question, answer) => {
      hex = Buffer.from(answer).toString('hex')
      return true
    })
    questions.ask(1, TOKEN, null)
    return hex
  }

  it('have the same bytes where they are equal', () => {
    const one = { scheme: 'custom', principal: 'p', parameters: { a: 1n, b: [{ c: 1n, d: 2n }] } }
    const other = { parameters: { b: [{ d: 2n, c: 1n }], a: 1n }, principal: 'p', scheme: 'custom' }
    assert.equal(bytesOf(one), bytesOf(other))
    assert.notEqual(bytesOf(one), bytesOf({ ...one, principal: 'q' }))
  })

  it('keep keys which mean something to objects', () => {
    const value = JSON.parse('{"b": 1, "__proto__": {"a": 2}}')
    const ordered = canonical(value) as object
    assert.deepEqual(Object.keys(ordered), ['__proto__', 'b'])
    assert.equal(Object.getPrototypeOf(ordered), Object.prototype)
  })
})
