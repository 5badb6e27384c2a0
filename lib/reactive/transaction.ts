/** Reactive transactions: one that the subscriber ends, and one that a transaction function gets. */

import type { Observable } from 'rxjs'
import type { Rules } from '../mapping/mapping.js'
import type { Query, QueryParameters } from '../query/query.js'
import { Transaction, type TransactionCore } from '../session/transaction.js'
import { completion } from './observable.js'
import { RxResult } from './result.js'

/** A transaction which its user ends by commit or rollback. */
export class RxTransaction {
  readonly #core: TransactionCore
  readonly #transaction: Transaction

  /** @internal */
  constructor(core: TransactionCore) {
    this.#core = core
    this.#transaction = new Transaction(core)
  }

  /**
   * Runs a query once its result is subscribed to.
   *
   * @param parameterRules how to check and convert the parameters, which may then be any object. Default: those which are
   * registered for its class, if any. They belong into the query where that is an object.
   */
  run(query: Query, parameters?: QueryParameters, parameterRules?: Rules): RxResult {
    return new RxResult(() => this.#transaction.run(query, parameters, parameterRules))
  }

  /** Whether it can be used: neither committed, nor rolled back, nor failed. */
  isOpen(): boolean {
    return this.#core.active
  }

  /** Makes the changes permanent; completes without a value. */
  // biome-ignore lint/suspicious/noExplicitAny: as in the official types; nothing is emitted
  commit(): Observable<any> {
    return completion(() => this.#transaction.commit())
  }

  /** Takes the changes back; completes without a value. */
  // biome-ignore lint/suspicious/noExplicitAny: as in the official types; nothing is emitted
  rollback(): Observable<any> {
    return completion(() => this.#transaction.rollback())
  }

  /** Rolls back if it is open; completes without a value. */
  // biome-ignore lint/suspicious/noExplicitAny: as in the official types; nothing is emitted
  close(): Observable<any> {
    return completion(() => this.#transaction.close())
  }

  /** Closes at once, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#transaction.close()
  }
}

/** The transaction which a transaction function works in. The driver ends it. */
export class RxManagedTransaction {
  private constructor(transaction: RxTransaction) {
    transactions.set(this, transaction)
  }

  /**
   * Runs a query once its result is subscribed to.
   *
   * @param parameterRules how to check and convert the parameters, which may then be any object. Default: those which are
   * registered for its class, if any. They belong into the query where that is an object.
   */
  run(query: Query, parameters?: QueryParameters, parameterRules?: Rules): RxResult {
    return (transactions.get(this) as RxTransaction).run(query, parameters, parameterRules)
  }

  /** Shows a transaction without the means to end it. */
  static fromTransaction(transaction: RxTransaction): RxManagedTransaction {
    return new RxManagedTransaction(transaction)
  }
}

// Not a private field: this type has nothing but what can be called, so that work which is declared to take it can also be given to
// those who hand out more.
const transactions = new WeakMap<RxManagedTransaction, RxTransaction>()
