/**
 * Sessions, transactions and results for reactive programs: everything is a cold Observable of rxjs 7. Sits on the
 * plain session and reads the same stream of records as all results; knows nothing of how either works.
 *
 * rxjs is loaded when the first reactive session is used, and not before.
 */

import type { Observable, ObservableInput, Subscriber } from 'rxjs'
import { CallContext } from '../util/async-context.js'
import type { SessionMode } from '../driver/config.js'
import { isRetryableError, type Neo4jError, newError, SERVICE_UNAVAILABLE } from '../error/neo4j-error.js'
import type { Rules } from '../mapping/mapping.js'
import { checkedSettings, type Query, type QueryParameters, type TransactionConfig } from '../query/query.js'
import type { Record } from '../result/record.js'
import { NO_TELEMETRY } from '../engine/request.js'
import type { Result } from '../result/result.js'
import { type Session, TELEMETRY_MANAGED, TELEMETRY_UNMANAGED } from '../session/session.js'
import { soon } from '../util/microtask.js'
import { CONSUMED, type Reader, type RecordStream } from '../result/record-stream.js'
import type { ResultSummary } from '../result/summary.js'
import { Transaction, type TransactionCore } from '../session/transaction.js'

/** What is run in a managed transaction, once for each subscription and each new try. */
export type RxTransactionWork<T> = (tx: RxTransaction) => ObservableInput<T>

/**
 * A session whose queries and transactions begin when they are subscribed to.
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
   * Runs a query in a transaction of its own, once its result is subscribed to.
   *
   * @param parameterRules how to check and convert the parameters, which may then be any object. Default: those which are
   * registered for its class, if any. They belong into the query where that is an object.
   */
  run(query: Query, parameters?: QueryParameters, config?: TransactionConfig, parameterRules?: Rules): RxResult {
    return new RxResult(() => this.#session.run(query, parameters, config, parameterRules))
  }

  /**
   * Begins a transaction which the subscriber ends. One that unsubscribes before it is given the transaction has it
   * rolled back.
   *
   * @throws TypeError when the settings are wrong
   */
  beginTransaction(config?: TransactionConfig): Observable<RxTransaction> {
    const settings = checkedSettings(config, this.#session._log)
    const { Observable } = rx()
    return new Observable<RxTransaction>((subscriber) => {
      const core = this.#session._begin(this.#session._mode, settings, TELEMETRY_UNMANAGED)
      let given = false
      core.whenBegun().then(
        () => {
          // Whoever was the subscriber may have gone just now.
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
   * Runs work in a transaction that reads. Where the server fails in a way that passes the whole work is run again,
   * and what it emitted before is emitted again.
   *
   * @throws TypeError when the settings are wrong
   */
  executeRead<T>(work: RxTransactionWork<T>, config?: TransactionConfig): Observable<T> {
    return this.#execute('READ', work, config)
  }

  /** As {@link RxSession.executeRead}, for work that writes. */
  executeWrite<T>(work: RxTransactionWork<T>, config?: TransactionConfig): Observable<T> {
    return this.#execute('WRITE', work, config)
  }

  /** Stands for all that this session has seen and done; for the `bookmarks` of another session. */
  lastBookmarks(): string[] {
    return this.#session.lastBookmarks()
  }

  /** @deprecated use {@link lastBookmarks}, which gives the same */
  lastBookmark(): string[] {
    return this.lastBookmarks()
  }

  /** Ends what is running and waiting, once subscribed to; completes without a value. */
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
        return from(core.whenBegun()).pipe(
          mergeMap(() => outcome),
          finalize(() => {
            // The server counts uses of the API, not tries.
            if (core.counted) telemetry = NO_TELEMETRY
            // Nobody is interested any more, or what was to be committed has failed.
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

/**
 * The result of a query, which runs with the first subscription to one of its parts. Records can be subscribed to once;
 * keys and summary any number of times.
 */
export class RxResult {
  readonly #run: () => Result
  #result: Result | null = null
  #reader: PacedReader | null = null
  #summary: Promise<ResultSummary> | null = null
  #paused = false

  /** @internal */
  constructor(run: () => Result) {
    this.#run = run
  }

  /** The names of the columns, in order. */
  keys(): Observable<string[]> {
    return rx().defer(() => this.#started().keys())
  }

  /**
   * The records. Unsubscribing discards the rest.
   *
   * The observable fails when records or the summary alone have been subscribed to before.
   */
  records(): Observable<Record> {
    const { Observable } = rx()
    return new Observable<Record>((subscriber) => {
      const result = this.#started()
      if (this.#summary !== null) {
        throw newError('Streaming has already started/consumed with a previous records or summary subscription.')
      }
      const reader = new PacedReader(result, subscriber, this.#paused)
      this.#reader = reader
      this.#summary = reader.summary
      return () => reader.stop()
    })
  }

  /** The summary. Subscribed to before the records, it discards them. */
  consume(): Observable<ResultSummary> {
    const { Observable } = rx()
    return new Observable<ResultSummary>((subscriber) => {
      const result = this.#started()
      const discards = this.#summary === null
      this.#summary ??= discarded(result)
      this.#summary.then(
        (summary) => {
          subscriber.next(summary)
          subscriber.complete()
        },
        (error) => subscriber.error(error),
      )
      return () => {
        if (discards) result._cancel()
      }
    })
  }

  /** Holds the records back, from the next but one on. */
  pause(): void {
    this.#paused = true
    if (this.#reader !== null) this.#reader.paused = true
  }

  /** Lets the records come again. Resolves with the next one. */
  async resume(): Promise<void> {
    this.#paused = false
    await this.#reader?.resume()
  }

  /** Pauses, but for one more record. Resolves with it. */
  async push(): Promise<void> {
    this.pause()
    await this.#reader?.push()
  }

  /**
   * Runs the query, and emits what then is a result under way.
   * @internal
   */
  _toObservable(): Observable<RxResult> {
    const { defer, of } = rx()
    return defer(() => {
      const result = this.#started()
      return of(new RxResult(() => result))
    })
  }

  #started(): Result {
    this.#result ??= this.#run()
    return this.#result
  }
}

/** Gives records to a subscriber as long as it is not paused. */
class PacedReader implements Reader {
  readonly eager = false
  /** Sees to it itself, for all that it does. */
  readonly context = null
  readonly summary: Promise<ResultSummary>
  paused: boolean
  readonly #stream: RecordStream
  readonly #subscriber: Subscriber<Record>
  /** That of whoever subscribes. */
  readonly #context = new CallContext()
  /** Given by another reader's going ahead. */
  readonly #pending: Record[] = []
  /** Records which are let through in spite of the pause. */
  #allowed = 1
  #reading = false
  #ended = false
  #waiting: (() => void)[] = []
  #resolve!: (summary: ResultSummary) => void
  #reject!: (error: unknown) => void

  constructor(result: Result, subscriber: Subscriber<Record>, paused: boolean) {
    this.paused = paused
    this.#subscriber = subscriber
    this.#stream = result._stream
    this.summary = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // Whoever reads the records hears of the error there.
    this.summary.catch(() => undefined)
    if (!this.#stream.open || this.#stream.short) {
      this.fail(newError(CONSUMED))
      return
    }
    this.#stream.read(this)
    soon(() => this.wake())
  }

  resume(): Promise<void> {
    if (!this.paused) return Promise.resolve()
    this.paused = false
    return this.#next()
  }

  push(): Promise<void> {
    this.#allowed++
    return this.#next()
  }

  /** Nobody is interested in records any more. */
  stop(): void {
    if (this.#ended) return
    this.#ended = true
    this.#stream.ended().then(this.#resolve, this.#reject)
    this.#stream.leave(this)
    this.#tellWaiting()
  }

  keys(): void {}

  record(record: Record): void {
    this.#pending.push(record)
  }

  wake(): void {
    if (this.#reading) return
    this.#reading = true
    this.#context.call(() => this.#read())
    this.#reading = false
  }

  #read(): void {
    while (!this.#ended && (this.#allowed > 0 || !this.paused)) {
      const record = this.#pending.shift() ?? this.#stream.take(this) ?? this.#pending.shift()
      if (record === undefined) {
        const end = this.#stream.tellEnd(this)
        if (end === null) this.#stream.starving()
        else if (end.error !== null) this.fail(end.error)
        else this.end(end.summary as ResultSummary)
        break
      }
      if (this.#allowed > 0) this.#allowed--
      this.#subscriber.next(record)
      this.#tellWaiting()
    }
  }

  end(summary: ResultSummary): void {
    this.#ended = true
    this.#resolve(summary)
    this.#subscriber.complete()
    this.#tellWaiting()
  }

  fail(error: Error): void {
    this.#ended = true
    this.#reject(error)
    this.#subscriber.error(error)
    this.#tellWaiting()
  }

  #next(): Promise<void> {
    if (this.#ended) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.wake()
    })
  }

  #tellWaiting(): void {
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

/** The summary of a result whose records nobody wants. */
async function discarded(result: Result): Promise<ResultSummary> {
  if (!result.isOpen()) throw newError(CONSUMED)
  return await result.summary()
}

/** Rolls back what nobody can end any more. What the rollback says is of no interest. */
function abandon(core: TransactionCore): void {
  if (core.active) core.rollback().catch(() => undefined)
}

/** Does something for each subscriber, and completes without a value. */
function completion(action: () => Promise<void>): Observable<never> {
  const { defer, ignoreElements } = rx()
  return defer(action).pipe(ignoreElements()) as Observable<never>
}

function rx(): typeof import('rxjs') {
  return require('rxjs')
}
