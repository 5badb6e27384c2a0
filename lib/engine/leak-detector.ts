/**
 * Warns of connections that are held for too long, with the place in the program where that began: a
 * transaction that the program does not end, or a result that it does not read to its end.
 */

import { inThisContext } from '../util/async-context.js'
import type { NativeTransaction } from './native.js'
import type { ResponseHandler } from './response-handler.js'

/** Watches everything that holds a connection of one driver. */
export class LeakDetector {
  readonly #threshold: number
  readonly #warn: (message: string) => void
  readonly #transactions = new WeakMap<NativeTransaction, Hold>()

  /**
   * @param threshold in milliseconds
   * @param warn must not throw
   */
  constructor(threshold: number, warn: (message: string) => void) {
    this.#threshold = threshold
    this.#warn = warn
  }

  /** Watches an auto-commit query. To be called in the call that runs it. */
  query(handler: ResponseHandler): ResponseHandler {
    const hold = this.#hold('query', 'run')
    // It has its connection once RUN succeeds; before that it may have waited for one.
    return intercept(handler, { fields: () => hold.begin(), success: () => hold.end(), failure: () => hold.end() })
  }

  /** Watches a transaction. To be called in the call that begins it. */
  transaction(handler: ResponseHandler, begin: (handler: ResponseHandler) => NativeTransaction): NativeTransaction {
    const hold = this.#hold('transaction', 'begun')
    const transaction = begin(intercept(handler, { success: () => hold.begin(), failure: () => hold.end() }))
    this.#transactions.set(transaction, hold)
    return transaction
  }

  /** Watches a query in a transaction: if it fails, the transaction has lost its connection. */
  queryIn(transaction: NativeTransaction, handler: ResponseHandler): ResponseHandler {
    return intercept(handler, { failure: () => this.#transactions.get(transaction)?.end() })
  }

  /** Watches the end of a transaction. */
  end(transaction: NativeTransaction, handler: ResponseHandler): ResponseHandler {
    const end = (): void => this.#transactions.get(transaction)?.end()
    return intercept(handler, { success: end, failure: end })
  }

  #hold(what: string, how: string): Hold {
    const { stack = '' } = new Error()
    // The place in the program, not the one in the driver.
    const where = stack.slice(stack.indexOf('\n') + 1)
    const warn = inThisContext(() =>
      this.#warn(`A ${what} has held a connection for more than ${this.#threshold} ms. It was ${how} here:\n${where}`),
    )
    return new Hold(this.#threshold, warn)
  }
}

class Hold {
  readonly #threshold: number
  readonly #tooLong: () => void
  #timer: NodeJS.Timeout | undefined
  #ended = false

  constructor(threshold: number, tooLong: () => void) {
    this.#threshold = threshold
    this.#tooLong = tooLong
  }

  begin(): void {
    if (this.#ended || this.#timer !== undefined) return
    this.#timer = setTimeout(this.#tooLong, this.#threshold)
    this.#timer.unref()
  }

  end(): void {
    this.#ended = true
    clearTimeout(this.#timer)
  }
}

/** A handler whose methods are called only after those of the same name in `before`. */
function intercept(
  handler: ResponseHandler,
  before: { fields?(): void; success?(): void; failure?(): void },
): ResponseHandler {
  return {
    fields: (metadata, server) => {
      before.fields?.()
      handler.fields(metadata, server)
    },
    records: (batch, count, hasMore) => handler.records(batch, count, hasMore),
    success: (metadata, server) => {
      before.success?.()
      handler.success(metadata, server)
    },
    failure: (error) => {
      before.failure?.()
      handler.failure(error)
    },
  }
}
