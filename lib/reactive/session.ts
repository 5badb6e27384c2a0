/**
 * Sessions, transactions and results for reactive programs: everything is a cold Observable of rxjs 7. They
 * use the plain session, and read the same stream of records as all results. rxjs is loaded when a reactive
 * session is first used.
 */

import type { Observable, ObservableInput } from 'rxjs'
import { NO_TELEMETRY } from '../engine/request.js'
import { TELEMETRY_MANAGED, TELEMETRY_UNMANAGED } from '../engine/telemetry.js'
import { isRetryableError, type Neo4jError, newError, SERVICE_UNAVAILABLE } from '../error/neo4j-error.js'
import type { Rules } from '../mapping/mapping.js'
import type { SessionMode } from '../query/access-mode.js'
import { checkedSettings, type Query, type QueryParameters, type TransactionConfig } from '../query/query.js'
import type { Session } from '../session/session.js'
import type { TransactionState } from '../session/transaction.js'
import { completion, rx } from './observable.js'
import { RxResult } from './result.js'
import { RxManagedTransaction, RxTransaction } from './transaction.js'

/** The work of a managed transaction. The driver calls it for each subscription and each retry. */
export type RxTransactionWork<T> = (tx: RxTransaction) => ObservableInput<T>

/**
 * A session whose queries and transactions begin with a subscription.
 *
 * @example
 * const session = driver.rxSession()
 * const names = session
 *   .executeRead((tx) => tx.run('MATCH (p:Person) RETURN p.name AS name').records())
 *   .pipe(map((record) => record.get('name')))
 * console.log(await lastValueFrom(names.pipe(toArray())))
 * await lastValueFrom(session.close(), { defaultValue: undefined })
 */
export class RxSession {
  readonly #session: Session

  /** @internal */
  constructor(session: Session) {
    this.#session = session
  }

  /**
   * Runs a query in a transaction of its own, with the first subscription to its result.
   *
   * @param parameterRules how to check and convert the parameters, which may then be any object. Default: the
   * rules registered for its class, if any. If the query is an object, put the rules into it.
   */
  run(query: Query, parameters?: QueryParameters, config?: TransactionConfig, parameterRules?: Rules): RxResult {
    return new RxResult(() => this.#session.run(query, parameters, config, parameterRules))
  }

  /**
   * Begins a transaction that the subscriber ends. Unsubscribing before the
   * transaction is emitted rolls it back.
   *
   * @throws TypeError if the settings are wrong
   */
  beginTransaction(config?: TransactionConfig): Observable<RxTransaction> {
    const settings = checkedSettings(config, this.#session._log)
    const { Observable } = rx()
    return new Observable<RxTransaction>((subscriber) => {
      const core = this.#session._begin(this.#session._mode, settings, TELEMETRY_UNMANAGED)
      let given = false
      core.started().then(
        () => {
          // The subscriber may have unsubscribed just now.
          if (subscriber.closed) return
          given = true
          subscriber.next(new RxTransaction(core))
          subscriber.complete()
        },
        (error) => subscriber.error(error),
      )
      return () => {
        if (!given) abandon(core)
      }
    })
  }

  /**
   * Runs work in a transaction that reads. If the server's failure is temporary, the whole work runs again,
   * and emits again what it emitted before.
   *
   * @throws TypeError if the settings are wrong
   */
  executeRead<T>(work: RxTransactionWork<T>, config?: TransactionConfig): Observable<T> {
    return this.#execute('READ', work, config)
  }

  /** Like {@link RxSession.executeRead}, for work that writes. */
  executeWrite<T>(work: RxTransactionWork<T>, config?: TransactionConfig): Observable<T> {
    return this.#execute('WRITE', work, config)
  }

  /** The state that this session has seen and written, for the `bookmarks` of another session. */
  lastBookmarks(): string[] {
    return this.#session.lastBookmarks()
  }

  /** @deprecated use {@link lastBookmarks}, which returns the same */
  lastBookmark(): string[] {
    return this.lastBookmarks()
  }

  /** Closes the session with a subscription. Ends work that runs or waits; completes without a value. */
  // biome-ignore lint/suspicious/noExplicitAny: as in the official types; nothing is emitted
  close(): Observable<any> {
    return completion(() => this.#session.close())
  }

  /** Closes at once, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#session.close()
  }

  #execute<T>(mode: SessionMode, work: RxTransactionWork<T>, config: TransactionConfig | undefined): Observable<T> {
    const settings = checkedSettings(config, this.#session._log)
    const { catchError, concatWith, defer, finalize, from, mergeMap, retry, throwError } = rx()
    return defer(() => {
      let telemetry = TELEMETRY_MANAGED
      const attempt = defer(() => {
        const core = this.#session._begin(mode, settings, telemetry)
        const transaction = new RxTransaction(core)
        const managed = RxManagedTransaction.fromTransaction(transaction)
        const outcome = defer(() => work(managed as unknown as RxTransaction)).pipe(
          catchError((error) => transaction.rollback().pipe(concatWith(throwError(() => error)))),
          concatWith(transaction.commit()),
        )
        return from(core.started()).pipe(
          mergeMap(() => outcome),
          finalize(() => {
            // The server counts uses of the API, not tries.
            if (core.counted) telemetry = NO_TELEMETRY
            // The subscriber is gone, or the transaction that was to be committed has failed.
            abandon(core)
          }),
        )
      })
      return attempt.pipe(retry({ delay: this.#delays() }))
    })
  }

  #delays(): (error: unknown) => Observable<unknown> {
    const { Observable, throwError } = rx()
    const retries = this.#session._retries
    const schedule = retries.schedule()
    const seen: unknown[] = []
    return (error) => {
      seen.push(error)
      const delay = schedule.delayAfter(error)
      if (delay !== null) {
        this.#session._log.warn(`Transaction failed and will be retried in ${delay}`)
        return new Observable<void>((subscriber) => {
          const unsubscribed = new AbortController()
          retries.wait(delay, error, unsubscribed.signal).then(
            () => subscriber.next(),
            (reason) => subscriber.error(reason),
          )
          return () => unsubscribed.abort()
        })
      }
      if (seen.length < 2 || !isRetryableError(error)) return throwError(() => error)
      const exhausted: Neo4jError & { seenErrors?: unknown[] } = newError(
        `Failed after retried for ${seen.length} times in ${schedule.budget} ms. Make sure that your database is online and retry again.`,
        SERVICE_UNAVAILABLE,
      )
      exhausted.seenErrors = seen
      return throwError(() => exhausted)
    }
  }
}

/** Rolls back a transaction that has no user left to end it. The outcome of the rollback does not matter. */
function abandon(core: TransactionState): void {
  if (core.active) core.rollback().catch(() => undefined)
}
