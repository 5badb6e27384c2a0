/** Reactive transactions: the explicit one, and the one of a transaction function. */

import type { Observable } from 'rxjs'
import type { Rules } from '../mapping/mapping.js'
import type { Query, QueryParameters } from '../query/query.js'
import { Transaction, type TransactionState } from '../session/transaction.js'
import { completion } from './observable.js'
import { RxResult } from './result.js'

/** A transaction that the subscriber ends with commit or rollback. */
export class RxTransaction {
  readonly #core: TransactionState
  readonly #transaction: Transaction

  /** @internal */
  constructor(core: TransactionState) {
    this.#core = core
    this.#transaction = new Transaction(core)
  }

  /**
   * Runs a query with the first subscription to its result.
   *
   * @param parameterRules how to check and convert the parameters, which may then be any object. Default: the
   * rules registered for its class, if any. If the query is an object, put the rules into it.
   */
  run(query: Query, parameters?: QueryParameters, parameterRules?: Rules): RxResult {
    return new RxResult(() => this.#transaction.run(query, parameters, parameterRules))
  }

  /** Whether the transaction can be used: neither committed, nor rolled back, nor failed. */
  isOpen(): boolean {
    return this.#core.active
  }

  /** Commits the changes; completes without a value. */
  // biome-ignore lint/suspicious/noExplicitAny: as in the official types; nothing is emitted
  commit(): Observable<any> {
    return completion(() => this.#transaction.commit())
  }

  /** Rolls the changes back; completes without a value. */
  // biome-ignore lint/suspicious/noExplicitAny: as in the official types; nothing is emitted
  rollback(): Observable<any> {
    return completion(() => this.#transaction.rollback())
  }

  /** Rolls the transaction back if it is open; completes without a value. */
  // biome-ignore lint/suspicious/noExplicitAny: as in the official types; nothing is emitted
  close(): Observable<any> {
    return completion(() => this.#transaction.close())
  }

  /** Closes at once, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#transaction.close()
  }
}

/** The transaction of a transaction function. The driver ends it. */
export class RxManagedTransaction {
  private constructor(transaction: RxTransaction) {
    transactions.set(this, transaction)
  }

  /**
   * Runs a query with the first subscription to its result.
   *
   * @param parameterRules how to check and convert the parameters, which may then be any object. Default: the
   * rules registered for its class, if any. If the query is an object, put the rules into it.
   */
  run(query: Query, parameters?: QueryParameters, parameterRules?: Rules): RxResult {
    return (transactions.get(this) as RxTransaction).run(query, parameters, parameterRules)
  }

  /** A view of a transaction, without methods to end it. */
  static fromTransaction(transaction: RxTransaction): RxManagedTransaction {
    return new RxManagedTransaction(transaction)
  }
}

// Not a private field: this type has only methods, so that work declared to take it also accepts a
// transaction with more methods.
const transactions = new WeakMap<RxManagedTransaction, RxTransaction>()
