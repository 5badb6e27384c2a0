/**
 * Calls the functions of the application that the engine needs during a request, and returns their answers.
 *
 * What a function threw, and the object it returned, are kept under the number of the callback until the
 * engine says that nothing refers to them any more. So the user's own objects come back to the user.
 */

import type { Encoder } from '../codec/encoder.js'
import { giveBack, takeEncoder } from '../codec/encoder-pool.js'
import { newError } from '../error/neo4j-error.js'
import { canonical } from '../util/canonical.js'
import { isThenable } from '../util/thenable.js'
import { CALLBACK_KINDS } from './shared-constants.js'

/**
 * What the engine may ask the application. Each function may answer at once or by a promise. If it throws,
 * the request fails with what it threw. The engine never asks for an absent one.
 */
export interface Callbacks {
  /** The token to be used now. */
  token?(): unknown
  /** The addresses, `host:port` each, that stand for one. */
  resolve?(address: string): unknown
  /** The certificates to trust and to show now, unless they are the version that the engine holds. */
  certificates?(held: number): unknown
  /**
   * Called when a server has refused a token, before the failed request reports it to its caller.
   *
   * @param token what {@link Callbacks.token} gave
   * @returns true: the function has dealt with the refusal, and trying again makes sense
   */
  denied?(token: unknown, code: string): unknown
}

/** What a function threw, as opposed to what it returned. */
class Thrown {
  constructor(readonly error: unknown) {}
}

/** The callbacks of one driver. */
export class CallbackDispatcher {
  #callbacks: Callbacks
  readonly #answer: (question: number, answer: Uint8Array) => boolean
  readonly #kept = new Map<number, unknown>()
  /** Tokens whose refusal has not been reported to the application yet. */
  readonly #untold = new Map<number, { token: unknown; code: string }>()

  /** @param answer gives bytes to the engine, and returns whether the engine still waits for them */
  constructor(callbacks: Callbacks, answer: (question: number, answer: Uint8Array) => boolean) {
    this.#callbacks = callbacks
    this.#answer = answer
  }

  /** Closes with the driver: its functions, and what they hold, are no longer needed. */
  close(): void {
    this.#callbacks = {}
  }

  /** Runs a callback for the engine. Never throws. */
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

  /** What is kept under this number; undefined = nothing. */
  kept(question: number): unknown {
    const kept = this.#kept.get(question)
    return kept instanceof Thrown ? undefined : kept
  }

  /** The error that the function threw for this callback. It is in an array since it may be any value. */
  thrown(question: number): [error: unknown] | undefined {
    const kept = this.#kept.get(question)
    return kept instanceof Thrown
      ? [kept.error ?? newError('A function given to the driver failed without an error.')]
      : undefined
  }

  /** The engine no longer refers to it. */
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
   * Reports the refusal under this number to the application, unless it was reported before. Called when the
   * first request fails of it, in that request's context, or when the engine releases it. Never throws.
   */
  tell(question: number): void {
    if (this.#untold.size === 0) return
    const refusal = this.#untold.get(question)
    if (refusal === undefined) return
    this.#untold.delete(question)
    try {
      const dealtWith = this.#callbacks.denied?.(refusal.token, refusal.code)
      // Like the official driver, takes any truthy value for yes, even a promise.
      this.#kept.set(question, Boolean(dealtWith))
    } catch (error) {
      this.#kept.set(question, new Thrown(error))
    }
  }

  #answerWith(question: number, value: unknown): void {
    const out = answerOf(2)
    try {
      out.boolean(true)
      // Among the answers for the engine, only a token can hold values that cannot be encoded.
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

/** An encoder with the start of an answer. The answer may contain credentials. */
function answerOf(length: number): Encoder {
  const out = takeEncoder()
  out.secret = true
  out.listHeader(length)
  return out
}
