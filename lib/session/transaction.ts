/** The states of explicit and managed transactions. An error in one query ends the transaction. */

import type { EngineClient } from '../engine/engine-client.js'
import type { NativeTransaction } from '../engine/native.js'
import type { Start, Target } from '../engine/request.js'
import { answerTo, type Metadata, type ResponseHandler } from '../engine/response-handler.js'
import { reasonOf, resolveDoubt } from '../error/failure.js'
import { Neo4jError, newError } from '../error/neo4j-error.js'
import { captureCallStack, captureMissingStack, captureStack, NO_CALL_STACK } from '../error/stack.js'
import type { Rules } from '../mapping/mapping.js'
import { checkedQuery, type Query, type QueryParameters } from '../query/query.js'
import type { RecordShape } from '../result/record.js'
import { type QueryOwner, RecordStream } from '../result/record-stream.js'
import { Result } from '../result/result.js'
import { inThisContext } from '../util/async-context.js'

/** What a transaction reports to its session. */
export interface TransactionOwner {
  /** See {@link QueryOwner.strict}. */
  readonly strict: boolean | undefined
  /** The engine is done with the transaction. */
  transactionOver(transaction: TransactionState): void
  /** @param used the bookmarks that the transaction began with */
  committed(bookmark: unknown, used: readonly string[]): void
}

type State = 'active' | 'terminated' | 'failed' | 'committed' | 'rolled back'

/**
 * The transaction itself, shared by Transaction, TransactionPromise and ManagedTransaction.
 *
 * ```text
 *             begin()                 commit()
 *  waiting ───────────▶ active ──────────────────▶ committed
 *     │                  │   │ rollback()              │
 *     │ fail()           │   └────────▶ rolled back    │ COMMIT or a query fails
 *     └──────────────────┴──────────────────────────▶ failed
 *                        │ interrupt()                    ▲
 *                        └─────────────▶ terminated ──────┘ whatever is asked of it, or a query in vain
 * ```
 */
export class TransactionState implements QueryOwner {
  readonly #owner: TransactionOwner
  readonly #engine: EngineClient
  readonly #target: Target
  readonly #framed: boolean
  readonly #streams = new Set<RecordStream>()
  #state: State = 'active'
  #error: Error | null = null
  /** Committed or rolled back, as the server has confirmed. */
  #complete = false
  #native: NativeTransaction | null = null
  #bookmarks: readonly string[] = []
  #reads = false
  #begun = false
  #beginError: Error | null = null
  /** What runs once BEGIN is sent, or cannot be sent. */
  #queue: (() => void)[] = []
  #beginWaiters: { resolve(): void; reject(error: Error): void }[] | null = null
  #released = false
  #overCallbacks: ((over: boolean) => void)[] = []

  /**
   * @param framed whether the errors of its queries get their stacks from the functions that await their
   *   results
   */
  constructor(owner: TransactionOwner, engine: EngineClient, target: Target, framed = false) {
    this.#owner = owner
    this.#engine = engine
    this.#target = target
    this.#framed = framed
  }

  /**
   * Whether the user may take it for open. A transaction whose session was closed reports that only when it
   * is used.
   */
  get active(): boolean {
    return this.#state === 'active' || this.#state === 'terminated'
  }

  get failed(): boolean {
    return this.#state === 'failed'
  }

  /** The first error of one of its queries, or of BEGIN or COMMIT. */
  get error(): Error | null {
    return this.#error
  }

  /** Whether its end no longer depends on the user. */
  get leaving(): boolean {
    return this.#state !== 'active'
  }

  /** @internal */
  get strict(): boolean | undefined {
    return this.#owner.strict
  }

  /** @internal */
  get drained(): boolean {
    return this.#complete
  }

  /** Sends BEGIN, and the queries that were run in the meantime. */
  begin(start: Start): void {
    if (this.#state === 'failed' || this.#state === 'terminated') return
    this.#bookmarks = start.bookmarks
    this.#reads = start.mode === 'READ'
    try {
      this.#native = this.#engine.begin(
        this.#target,
        start,
        answerTo(
          () => this.#settleBegin(null),
          (error) => {
            this.#settleBegin(error)
            this.fail(error)
          },
        ),
      )
    } catch (error) {
      this.fail(error as Error)
      return
    }
    this.#runQueue()
  }

  /**
   * Whether the server knows which part of the API this is. TELEMETRY goes out before BEGIN, so the server
   * has read it once it has answered BEGIN in any way.
   */
  get counted(): boolean {
    if (this.#begun) return true
    const error = this.#beginError
    return error instanceof Neo4jError && error.code.startsWith('Neo.') && !error.code.startsWith(LOGGING_ON)
  }

  /** Waits for the server to begin it. */
  started(): Promise<void> {
    if (this.#begun) return Promise.resolve()
    if (this.#beginError !== null) return Promise.reject(this.#beginError)
    return new Promise((resolve, reject) => {
      this.#beginWaiters ??= []
      this.#beginWaiters.push({ resolve, reject })
    })
  }

  /** @param below where the stack of an error begins, see {@link captureCallStack} */
  run<R extends RecordShape>(
    query: unknown,
    parameters: unknown,
    rules: Rules | undefined,
    below: (...args: never[]) => unknown,
  ): Result<R> {
    const checked = checkedQuery(query, parameters, rules)
    const call = this.#framed ? NO_CALL_STACK : captureCallStack(below)
    const stream = new RecordStream(this, checked, this.#target.fetchSize, call)
    const refusal = this.#refusal('run query in')
    if (refusal !== null) {
      stream.failure(refusal)
      // Official behaviour: from now on the transaction reports a rollback, even if it was committed.
      if (this.#complete) this.#state = 'failed'
    } else {
      this.#streams.add(stream)
      this.#afterBegin(() => {
        if (stream.over) return
        try {
          stream.start(
            this.#engine.runInTransaction(this.#native as NativeTransaction, this.#target.fetchSize, checked, stream),
          )
        } catch (error) {
          stream.failure(error as Error)
        }
      })
    }
    return new Result<R>(stream)
  }

  async commit(): Promise<void> {
    const refusal = this.#refusal('commit')
    if (refusal !== null) throw refusal
    this.#state = 'committed'
    try {
      await this.#drain()
      const metadata = await this.#request((native, handler) => this.#engine.commit(native, handler))
      this.#owner.committed(metadata.bookmark, this.#bookmarks)
      this.#complete = true
      this.#onReleased()
    } catch (error) {
      // The function that awaits the commit is on the stack here. To capture it earlier would cost every
      // commit.
      if (this.#error === null) captureStack(error)
      if (this.#reads) resolveDoubt(error)
      this.fail(error as Error)
      throw error
    }
  }

  async rollback(): Promise<void> {
    if (this.#state === 'failed') return
    const refusal = this.#refusal('rollback')
    if (refusal !== null) throw refusal
    this.#state = 'rolled back'
    try {
      await this.#drain()
      await this.#request((native, handler) => this.#engine.rollback(native, handler))
      this.#complete = true
      this.#onReleased()
    } catch (error) {
      captureMissingStack(error)
      this.fail(error as Error)
      throw error
    }
  }

  /** Ends the transaction: nothing more can be done with it, and every open result ends with the error. */
  fail(error: Error): void {
    if (this.#state === 'failed' || this.#state === 'terminated') return
    const reason = reasonOf(error)
    this.#error = reason
    this.#state = 'failed'
    for (const stream of [...this.#streams]) stream.fail(reason)
    this.#runQueue()
    this.#settleBegin(reason)
    this.#release((native, handler) => this.#engine.rollback(native, handler))
  }

  /** Interrupts the running queries and rolls back, because the session is being closed. */
  interrupt(): void {
    if (this.#state !== 'active') return
    this.#state = 'terminated'
    // The server's answer to an interrupted BEGIN, and to the queries sent behind it, would not say why.
    if (!this.#begun) {
      const error = newError(SESSION_CLOSED)
      this.#error = error
      for (const stream of [...this.#streams]) stream.fail(error)
      this.#settleBegin(error)
    }
    this.#release((native, handler) => this.#engine.reset(native, handler))
  }

  /** Calls back once the engine is done with it. */
  onPause(callback: (over: boolean) => void): void {
    if (this.#released) callback(true)
    else this.#overCallbacks.push(callback)
  }

  // QueryOwner

  streamEnded(stream: RecordStream): void {
    this.#streams.delete(stream)
  }

  streamFailed(stream: RecordStream, error: Error): void {
    // A query that was refused never belonged to it.
    if (!this.#streams.delete(stream)) return
    if (this.#state !== 'terminated') {
      this.fail(error)
      return
    }
    // The user knows by now: a transaction function that can do without the query resolves.
    this.#error ??= error
    this.#state = 'failed'
  }

  // Inside

  /** Called when BEGIN has been answered, or will never be. */
  #settleBegin(error: Error | null): void {
    if (error === null) this.#begun = true
    else if (!this.#begun) this.#beginError ??= error
    const waiters = this.#beginWaiters
    this.#beginWaiters = null
    if (waiters === null) return
    for (const { resolve, reject } of waiters) {
      if (error === null) resolve()
      else reject(error)
    }
  }

  #refusal(what: string): Error | null {
    switch (this.#state) {
      case 'active':
        return null
      case 'terminated':
        this.#state = 'failed'
        return newError(SESSION_CLOSED)
      case 'failed':
        return newError(
          `Cannot ${what} this transaction, because it has been rolled back either because of an error or explicit termination.`,
        )
      default:
        return newError(
          `Cannot ${what} this transaction, because it has already been ${this.#state === 'committed' ? 'committed' : 'rolled back'}.`,
        )
    }
  }

  #afterBegin(action: () => void): void {
    if (this.#native !== null) action()
    else this.#queue.push(inThisContext(action))
  }

  #runQueue(): void {
    const queue = this.#queue
    this.#queue = []
    for (const action of queue) action()
  }

  /** Has the server discard the records that were not requested, and waits for the end of all queries. */
  async #drain(): Promise<void> {
    if (this.#streams.size === 0) return
    const streams = [...this.#streams]
    for (const stream of streams) stream.cancel(false, 'end')
    await Promise.all(streams.map((stream) => stream.ended()))
  }

  #request(send: (native: NativeTransaction, handler: ResponseHandler) => void): Promise<Metadata> {
    return new Promise((resolve, reject) => {
      this.#afterBegin(() => {
        if (this.#native === null) reject(this.#error)
        else send(this.#native, answerTo(resolve, reject))
      })
    })
  }

  /** Gives the connection back, even if the server refuses what is sent. */
  #release(send: (native: NativeTransaction, handler: ResponseHandler) => void): void {
    const native = this.#native
    if (native === null) {
      this.#onReleased()
      return
    }
    const released = (): void => this.#onReleased()
    send(native, answerTo(released, released))
  }

  #onReleased(): void {
    if (this.#released) return
    this.#released = true
    this.#owner.transactionOver(this)
    const callbacks = this.#overCallbacks
    this.#overCallbacks = []
    for (const callback of callbacks) callback(true)
  }
}

/**
 * A transaction that the caller begins, and ends with commit or rollback.
 *
 * @example
 * await using transaction = await session.beginTransaction()
 * await transaction.run('CREATE (:Person {name: $name})', { name: 'Alice' })
 * await transaction.commit()
 */
export class Transaction {
  readonly #core: TransactionState

  /** @internal */
  constructor(core: TransactionState) {
    this.#core = core
  }

  /**
   * Runs a query. Results of several queries may be open at once; the server runs the queries one after the
   * other. An error ends the whole transaction.
   *
   * @param parameterRules how to check and convert the parameters, which may then be any object. Default: the
   * rules registered for its class, if any. If the query is an object, put the rules into it.
   * @throws TypeError if the query is not text, or the parameters are no object
   * @throws Neo4jError, or what a rule throws, if a parameter is absent or its rule refuses it
   */
  run<R extends RecordShape = RecordShape>(
    query: Query,
    parameters?: QueryParameters,
    parameterRules?: Rules,
  ): Result<R> {
    return this.#core.run<R>(query, parameters, parameterRules, this.run)
  }

  /**
   * Commits the changes. Discards open results first.
   *
   * @throws Neo4jError if the transaction has ended before, or if one of its queries or the commit fails
   */
  commit(): Promise<void> {
    return this.#core.commit()
  }

  /**
   * Rolls the changes back. Does nothing if an error has ended the transaction.
   *
   * @throws Neo4jError if the transaction was committed or rolled back before
   */
  rollback(): Promise<void> {
    return this.#core.rollback()
  }

  /** Whether the transaction can be used: neither committed, nor rolled back, nor failed. */
  isOpen(): boolean {
    return this.#core.active
  }

  /** Rolls the transaction back if it is open. */
  async close(): Promise<void> {
    if (this.isOpen()) await this.rollback()
  }

  /** {@link Transaction.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/**
 * A transaction that may not have begun yet. Await it, or use it at once: then its first query does not wait
 * for the server's answer to BEGIN.
 */
export class TransactionPromise extends Transaction implements Promise<Transaction> {
  readonly #core: TransactionState
  #promise: Promise<Transaction> | null = null

  /** @internal */
  constructor(core: TransactionState) {
    super(core)
    this.#core = core
  }

  /** `'TransactionPromise'` */
  get [Symbol.toStringTag](): string {
    return 'TransactionPromise'
  }

  /** Waits for the server to begin the transaction. */
  // biome-ignore lint/suspicious/noThenProperty: thenable by contract
  then<TResult1 = Transaction, TResult2 = never>(
    onFulfilled?: ((value: Transaction) => TResult1 | PromiseLike<TResult1>) | null,
    // biome-ignore lint/suspicious/noExplicitAny: as in Promise
    onRejected?: ((reason: any) => TResult2 | PromiseLike<TResult2>) | null,
  ): Promise<TResult1 | TResult2> {
    return this.#settleBegin().then(onFulfilled, onRejected)
  }

  /** Handles a failure of {@link TransactionPromise.then}. */
  // biome-ignore lint/suspicious/noExplicitAny: as in Promise and the official types
  catch<TResult = never>(onRejected?: ((reason: any) => TResult | PromiseLike<TResult>) | null): Promise<any> {
    return this.#settleBegin().catch(onRejected)
  }

  /** Called after success and failure of {@link TransactionPromise.then} alike. */
  finally(onFinally?: (() => void) | null): Promise<Transaction> {
    return this.#settleBegin().finally(onFinally)
  }

  #settleBegin(): Promise<Transaction> {
    this.#promise ??= this.#started()
    return this.#promise
  }

  async #started(): Promise<Transaction> {
    try {
      await this.#core.started()
    } catch (error) {
      captureMissingStack(error)
      throw error
    }
    // Not this very object: a promise cannot resolve with a thenable.
    return new Transaction(this.#core)
  }
}

/** The transaction of a transaction function. The driver ends it. */
export class ManagedTransaction {
  readonly #transaction: Transaction

  private constructor(transaction: Transaction) {
    this.#transaction = transaction
  }

  /** A view of a transaction, without methods to end it. */
  static fromTransaction(transaction: Transaction): ManagedTransaction {
    return new ManagedTransaction(transaction)
  }

  /**
   * Runs a query. Results of several queries may be open at once; the server runs the queries one after the
   * other. An error ends the whole transaction.
   *
   * @param parameterRules how to check and convert the parameters, which may then be any object. Default: the
   * rules registered for its class, if any. If the query is an object, put the rules into it.
   * @throws TypeError if the query is not text, or the parameters are no object
   * @throws Neo4jError, or what a rule throws, if a parameter is absent or its rule refuses it
   */
  run<R extends RecordShape = RecordShape>(
    query: Query,
    parameters?: QueryParameters,
    parameterRules?: Rules,
  ): Result<R> {
    return this.#transaction.run<R>(query, parameters, parameterRules)
  }
}

/** @internal */
export const SESSION_CLOSED = 'You cannot run more transactions on a closed session.'

/** The beginning of the codes of errors that a server sends before it accepts any request. */
const LOGGING_ON = 'Neo.ClientError.Security.'
