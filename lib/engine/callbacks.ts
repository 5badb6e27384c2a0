/**
 * Calls the functions of the application that the engine asks for while a request is under way, and answers.
 *
 * What a function threw, and the object it returned, are kept under the number of the question until the
 * engine says that nothing refers to them any more. So the user's own objects come back to the user.
 */

import type { Encoder } from '../codec/encoder.js'
import { giveBack, takeEncoder } from '../codec/encoder-pool.js'
import { newError } from '../error/neo4j-error.js'
import { canonical } from '../util/canonical.js'
import { isThenable } from '../util/thenable.js'
import { CALLBACK_KINDS } from './shared-constants.js'

/**
 * What there may be to ask. Each may answer at once or by a promise, and what it throws is what the request
 * fails with. An absent one is never needed.
 */
export interface Callbacks {
  /** The token to be used now. */
  token?(): unknown
  /** The addresses, `host:port` each, that stand for one. */
  resolve?(address: string): unknown
  /** The certificates to be trusted and shown now, where they are not the version that the engine has. */
  certificates?(held: number): unknown
  /**
   * Hears that a server has refused a token, before whoever made a request that fails of it does.
   *
   * @param token what {@link Callbacks.token} gave
   * @returns true: it has been dealt with, and trying again makes sense
   */
  denied?(token: unknown, code: string): unknown
}

/** What a function threw, as opposed to what it returned. */
class Thrown {
  constructor(readonly error: unknown) {}
}

/** The questions of one driver. */
export class CallbackDispatcher {
  #callbacks: Callbacks
  readonly #answer: (question: number, answer: Uint8Array) => boolean
  readonly #kept = new Map<number, unknown>()
  /** What is yet to be told: tokens that were refused. */
  readonly #untold = new Map<number, { token: unknown; code: string }>()

  /** @param answer hands bytes to the engine, and says whether anybody waits for them */
  constructor(callbacks: Callbacks, answer: (question: number, answer: Uint8Array) => boolean) {
    this.#callbacks = callbacks
    this.#answer = answer
  }

  /** The driver is closed: its functions, and what they hold, are needed no more. */
  close(): void {
    this.#callbacks = {}
  }

  /** Asks for the engine. Never throws. */
  ask(question: number, kind: number, ...payload: unknown[]): void {
    if (kind === CALLBACK_KINDS.DENIED) {
      this.#untold.set(question, { token: this.kept(Number(payload[0])), code: payload[1] as string })
      return
    }
    try {
      const given = this.#call(kind, payload[0])
      if (isThenable(given)) {
        Promise.resolve(given).then(
          (value) => this.#answerWith(question, value),
          (error) => this.#failWith(question, error),
        )
      } else {
        this.#answerWith(question, given)
      }
    } catch (error) {
      this.#failWith(question, error)
    }
  }

  /** What is kept under this number; undefined where nothing is. */
  kept(question: number): unknown {
    const kept = this.#kept.get(question)
    return kept instanceof Thrown ? undefined : kept
  }

  /**
   * The error that a function threw when it was asked this, in an array of its own since it may be anything.
   */
  thrown(question: number): [error: unknown] | undefined {
    const kept = this.#kept.get(question)
    return kept instanceof Thrown
      ? [kept.error ?? newError('A function given to the driver failed without an error.')]
      : undefined
  }

  /** The engine does not refer to it any more. */
  forget(question: number): void {
    this.#kept.delete(question)
  }

  #call(kind: number, payload: unknown): unknown {
    const callbacks = this.#callbacks
    switch (kind) {
      case CALLBACK_KINDS.TOKEN:
        return callbacks.token?.()
      case CALLBACK_KINDS.RESOLVE:
        return callbacks.resolve?.(payload as string)
      case CALLBACK_KINDS.CERTIFICATES:
        return callbacks.certificates?.(Number(payload))
      default:
        throw newError('The engine asks what this version of the facade cannot answer.')
    }
  }

  /**
   * Tells of the refusal under this number, if there is one that has not been told: when the first request
   * fails of it, as whoever made that, or when the engine forgets it. Never throws.
   */
  tell(question: number): void {
    if (this.#untold.size === 0) return
    const refusal = this.#untold.get(question)
    if (refusal === undefined) return
    this.#untold.delete(question)
    try {
      const dealtWith = this.#callbacks.denied?.(refusal.token, refusal.code)
      // Like the official driver: whatever counts as true, even a promise.
      this.#kept.set(question, Boolean(dealtWith))
    } catch (error) {
      this.#kept.set(question, new Thrown(error))
    }
  }

  #answerWith(question: number, value: unknown): void {
    const out = answerOf(2)
    try {
      out.boolean(true)
      // Of what the engine asks for, only a token can hold what cannot be encoded.
      out.named(canonical(value), 'authToken', true)
      if (this.#answer(question, out.finish())) this.#kept.set(question, value)
    } catch (error) {
      this.#failWith(question, error)
    } finally {
      giveBack(out)
    }
  }

  #failWith(question: number, error: unknown): void {
    const out = answerOf(1)
    try {
      out.boolean(false)
      if (this.#answer(question, out.finish())) this.#kept.set(question, new Thrown(error))
    } finally {
      giveBack(out)
    }
  }
}

/** An encoder that has begun an answer. There may be credentials in it. */
function answerOf(length: number): Encoder {
  const out = takeEncoder()
  out.secret = true
  out.listHeader(length)
  return out
}
