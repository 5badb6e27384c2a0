/**
 * What `AsyncLocalStorage` holds for the caller of the driver, kept for the callbacks that the call leads to.
 * The engine delivers its events outside of any request, but a callback has to see the context of the request
 * that led to it.
 *
 * A promise does this by itself, so only callbacks that run straight out of a delivery need it. Node has no
 * cheap way to tell whether a program uses `AsyncLocalStorage` at all. But keeping a context costs a tenth of
 * a microsecond, and entering it less. So each call that takes a callback keeps a context, and enters it for
 * each batch of records, not for each record.
 */

import { AsyncResource } from 'node:async_hooks'

/**
 * The context in which it was made. Not of `AsyncLocalStorage.snapshot()`, which costs 20 µs on Node.js 20.
 * @internal
 */
export class CallContext extends AsyncResource {
  #entered = false

  constructor() {
    super('NEOBOLT')
  }

  /** Whether it is the current context, entered by {@link CallContext.call}. */
  get entered(): boolean {
    return this.#entered
  }

  /** Calls a function in the context. */
  call<A extends unknown[], T>(work: (...args: A) => T, ...args: A): T {
    if (this.#entered) return work(...args)
    this.#entered = true
    try {
      return this.runInAsyncScope(work, undefined, ...args)
    } finally {
      this.#entered = false
    }
  }
}

/**
 * Calls a function in a context, or in the current one where there is none.
 * @internal
 */
export function callIn<T>(context: CallContext | null | undefined, work: () => T): T {
  return context == null ? work() : context.call(work)
}

/**
 * Binds the function to the current context.
 * @internal
 */
export function inThisContext(work: () => void): () => void {
  const context = new CallContext()
  return () => context.call(work)
}
