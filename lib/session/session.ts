/**
 * Sessions: one piece of work at a time, in an order that bookmarks keep.
 */

import type { EngineClient } from '../engine/engine-client.js'
import { type Home, NO_TELEMETRY, type Start, type Target } from '../engine/request.js'
import type { Metadata } from '../engine/response-handler.js'
import {
  TELEMETRY_AUTO_COMMIT,
  TELEMETRY_EXECUTE_QUERY,
  TELEMETRY_MANAGED,
  TELEMETRY_UNMANAGED,
} from '../engine/telemetry.js'
import { newError } from '../error/neo4j-error.js'
import { captureCallStack } from '../error/stack.js'
import type { Logger } from '../log/logger.js'
import type { Rules } from '../mapping/mapping.js'
import type { SessionMode } from '../query/access-mode.js'
import {
  checkedQuery,
  checkedSettings,
  type Query,
  type QueryParameters,
  type TransactionConfig,
  type TransactionSettings,
} from '../query/query.js'
import type { RecordShape } from '../result/record.js'
import { RecordStream } from '../result/record-stream.js'
import { Result } from '../result/result.js'
import { CallContext, callIn } from '../util/async-context.js'
import { inTime } from '../util/patience.js'
import { answersByItself, type BookmarkManager } from './bookmark-manager.js'
import { bookmarksOf } from './bookmarks.js'
import { Retries } from './retry.js'
import { ManagedTransaction, SESSION_CLOSED, Transaction, TransactionPromise, TransactionState } from './transaction.js'

/** The work of a managed transaction. The driver may call it more than once. */
export type ManagedTransactionWork<T> = (tx: ManagedTransaction) => Promise<T> | T

/**
 * What a session is made of.
 * @internal
 */
export interface SessionParts {
  readonly engine: EngineClient
  readonly mode: SessionMode
  readonly target: Target
  /** Which database was the user's home, and where to report which it is; null = neither matters */
  readonly home: Home | null
  /** Whether a router may be asked for a server. */
  readonly routed: boolean
  readonly strictResults: boolean | undefined
  readonly disableAutoCommitRetries: boolean
  readonly bookmarks: readonly string[]
  readonly bookmarkManager: BookmarkManager | undefined
  /** How long to wait for its bookmarks, in milliseconds. */
  readonly acquisitionTimeout: number
  /** Milliseconds. */
  readonly maxTransactionRetryTime: number
  /** Ways to give up pending retries; shared by all sessions of a driver. */
  readonly waitingRetries: Set<() => void>
  readonly log: Logger
}

/**
 * Runs queries and transactions one after the other. A session is cheap: open one for
 * each chain of work, and close it.
 *
 * @example
 * await using session = driver.session({ database: 'neo4j' })
 * const names = await session.executeRead(async (tx) => {
 *   const { records } = await tx.run('MATCH (p:Person) RETURN p.name AS name')
 *   return records.map((record) => record.get('name'))
 * })
 */
export class Session {
  readonly #engine: EngineClient
  readonly #mode: SessionMode
  /** Shared with its transactions: the name of the home database is filled in later. */
  readonly #target: { -readonly [K in keyof Target]: Target[K] }
  #home: Home | null
  readonly #routed: boolean
  /** The manager's bookmarks for routers, from before it is asked again for the transaction. */
  #routerBookmarks: readonly string[] | null = null
  readonly #strictResults: boolean | undefined
  readonly #retriesQueries: boolean
  readonly #bookmarkManager: BookmarkManager | undefined
  readonly #acquisitionTimeout: number
  readonly #log: Logger
  readonly #retries: Retries
  /** What the engine is still working on. At most one of these depends on the user. */
  readonly #live = new Set<RecordStream | TransactionState>()
  #lastBookmarks: readonly string[]
  /** The bookmarks from the user, until the first own one replaces them. */
  #configuredBookmarks: readonly string[]
  /** The bookmarks that the running auto-commit query was sent with. */
  #usedBookmarks: readonly string[] = []
  #closed: Promise<void> | null = null
  /** Whether it serves executeQuery. */
  #pipelined = false
  #framed = false

  /** @internal */
  constructor(parts: SessionParts) {
    this.#engine = parts.engine
    this.#mode = parts.mode
    this.#target = { ...parts.target }
    this.#routed = parts.routed
    this.#home = parts.home === null ? null : this.#homeOf(parts.home)
    this.#strictResults = parts.strictResults
    this.#retriesQueries = !parts.disableAutoCommitRetries
    this.#bookmarkManager = parts.bookmarkManager
    this.#acquisitionTimeout = parts.acquisitionTimeout
    this.#log = parts.log
    this.#retries = new Retries(
      parts.maxTransactionRetryTime,
      undefined,
      () => parts.engine.closed,
      parts.waitingRetries,
    )
    this.#lastBookmarks = parts.bookmarks
    this.#configuredBookmarks = parts.bookmarks
  }

  /**
   * Runs a query in a transaction of its own, which commits at the end of the result. A failed query is not
   * retried, except once, at once, if the server refuses it and promises that nothing has changed, see
   * {@link Config.disableAutoCommitRetries}. Consume the result before you use the session for anything else.
   *
   * @param parameterRules how to check and convert the parameters, which may then be any object. Default: the
   * rules registered for its class, if any. If the query is an object, put the rules into it.
   * @throws TypeError if the query is not text, the parameters are no object, or the settings are wrong
   * @throws Neo4jError, or what a rule throws, if a parameter is absent or its rule refuses it
   */
  run<R extends RecordShape = RecordShape>(
    query: Query,
    parameters?: QueryParameters,
    transactionConfig?: TransactionConfig,
    parameterRules?: Rules,
  ): Result<R> {
    const checked = checkedQuery(query, parameters, parameterRules)
    const settings = checkedSettings(transactionConfig, this.#log)
    let telemetry = TELEMETRY_AUTO_COMMIT
    const send = (bookmarks: readonly string[]): void => {
      if (stream.over) return
      this.#usedBookmarks = bookmarks
      const start: Start = {
        mode: this.#mode,
        bookmarks,
        settings,
        telemetry,
        home: this.#home,
        routerBookmarks: this.#routerBookmarks,
      }
      try {
        stream.start(this.#engine.run(this.#target, start, checked, stream))
      } catch (error) {
        stream.failure(error as Error)
      }
    }
    const refuse = (error: Error): void => stream.failure(error)
    const again = (): void => {
      // The server counts uses of the API, not tries.
      telemetry = NO_TELEMETRY
      if (this.#closed !== null) refuse(newError(SESSION_CLOSED))
      else callIn(context, () => this.#withBookmarks(NOTHING, send, refuse))
    }
    // It costs little, but is of no use where no function of the user's is called when the query ends or is
    // sent again.
    const context = this.#bookmarkManager !== undefined || this.#engine.asksUser ? new CallContext() : null
    const call = captureCallStack(this.run)
    const stream = new RecordStream(this, checked, this.#target.fetchSize, call, this.#retriesQueries ? again : null)
    if (context !== null) contexts.set(stream, context)
    if (this.#closed !== null) {
      stream.failure(newError('Cannot run query in a closed session.'))
    } else if (this.#isBusy()) {
      stream.failure(newError(BUSY_RUN))
    } else {
      this.#whenReady(stream, send, refuse)
    }
    return new Result<R>(stream)
  }

  /**
   * Begins a transaction that the caller ends.
   *
   * @throws Neo4jError if the session is closed or has an open transaction
   * @throws TypeError if the settings are wrong
   */
  beginTransaction(transactionConfig?: TransactionConfig): TransactionPromise {
    const settings = checkedSettings(transactionConfig, this.#log)
    return new TransactionPromise(this._begin(this.#mode, settings, TELEMETRY_UNMANAGED))
  }

  /**
   * Runs work in a transaction that reads. If the server's failure is temporary, the whole work runs again,
   * so it should have no effects besides its queries.
   *
   * @returns the work's return value, once the transaction has committed
   */
  executeRead<T>(transactionWork: ManagedTransactionWork<T>, transactionConfig?: TransactionConfig): Promise<T> {
    return this.#execute('READ', transactionWork, transactionConfig)
  }

  /** Like {@link Session.executeRead}, for work that writes. */
  executeWrite<T>(transactionWork: ManagedTransactionWork<T>, transactionConfig?: TransactionConfig): Promise<T> {
    return this.#execute('WRITE', transactionWork, transactionConfig)
  }

  /** The state that this session has seen and written, for the `bookmarks` of another session. */
  lastBookmarks(): string[] {
    return [...this.#lastBookmarks]
  }

  /** Closes the session. Ends work that runs or waits. May be called again. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  /** {@link Session.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** @internal */
  get _mode(): SessionMode {
    return this.#mode
  }

  /** @internal */
  get _retries(): Retries {
    return this.#retries
  }

  /** @internal */
  get _log(): Logger {
    return this.#log
  }

  /** @internal */
  _begin(mode: SessionMode, settings: TransactionSettings, telemetry: number): TransactionState {
    if (this.#closed !== null) throw newError('Cannot begin a transaction on a closed session.')
    if (this.#hasTransaction()) throw newError(BUSY_BEGIN)
    const transaction = new TransactionState(this, this.#engine, this.#target, this.#framed)
    this.#whenReady(
      transaction,
      (bookmarks) =>
        transaction.begin({
          mode,
          bookmarks,
          settings,
          telemetry,
          home: this.#home,
          routerBookmarks: this.#routerBookmarks,
        }),
      (error) => transaction.fail(error),
    )
    return transaction
  }

  /**
   * For executeQuery: BEGIN is sent along with the first query.
   *
   * @param framed whether the errors of queries get their stacks from the functions that await their results
   * @internal
   */
  _pipeline(framed: boolean): void {
    this.#pipelined = true
    this.#framed = framed
  }

  // The owner of queries of their own, see QueryOwner

  /** @internal */
  get strict(): boolean | undefined {
    return this.#strictResults
  }

  /** @internal */
  get drained(): boolean {
    return false
  }

  /** @internal */
  streamEnded(stream: RecordStream, metadata: Metadata): void {
    this.#live.delete(stream)
    const context = this.#bookmarkManager === undefined ? undefined : contexts.get(stream)
    callIn(context, () => this.committed(metadata.bookmark, this.#usedBookmarks))
  }

  /** @internal */
  streamFailed(stream: RecordStream): void {
    this.#live.delete(stream)
  }

  // The owner of transactions, see TransactionOwner

  /** @internal */
  transactionOver(transaction: TransactionState): void {
    this.#live.delete(transaction)
  }

  /** @internal */
  committed(bookmark: unknown, used: readonly string[]): void {
    const fresh = bookmark == null || bookmark === '' ? [] : [bookmark].flat()
    if (fresh.length === 0) return
    const bookmarks = fresh as string[]
    this.#lastBookmarks = bookmarks
    this.#configuredBookmarks = []
    if (this.#bookmarkManager !== undefined) void tellManager(this.#bookmarkManager, used, bookmarks)
  }

  // Inside

  #execute<T>(mode: SessionMode, transactionWork: ManagedTransactionWork<T>, config: unknown): Promise<T> {
    const settings = checkedSettings(config, this.#log)
    let telemetry = this.#pipelined ? TELEMETRY_EXECUTE_QUERY : TELEMETRY_MANAGED
    return this.#retries.run(async () => {
      const core = this._begin(mode, settings, telemetry)
      // By the methods that an application may call as well, so that tools that wrap them see what is done.
      const transaction = new Transaction(core)
      try {
        if (!this.#pipelined) await core.started()
        const value = await transactionWork(ManagedTransaction.fromTransaction(transaction))
        if (transaction.isOpen()) await transaction.commit()
        else if (core.failed) this.#warnOfSwallowed(core)
        return value
      } catch (error) {
        // The outcome of the rollback does not matter beside the error that led to it.
        if (transaction.isOpen()) await transaction.rollback().catch(() => undefined)
        throw error
      } finally {
        // The server counts uses of the API, not tries.
        if (core.counted) telemetry = NO_TELEMETRY
      }
    })
  }

  /**
   * Once the database has a name, everything that follows goes to it, even if it is not the home any more.
   */
  #homeOf(home: Home): Home {
    return {
      guess: home.guess,
      resolved: (name) => {
        if (this.#home === null) return
        this.#home = null
        this.#target.database = name
        home.resolved(name)
      },
    }
  }

  #warnOfSwallowed(transaction: TransactionState): void {
    this.#log.warn(
      'A transaction function has returned although its transaction had failed. ' +
        `Nothing was committed. The error was: ${transaction.error}`,
    )
  }

  async #close(): Promise<void> {
    this.#retries.close()
    if (this.#live.size === 0) return
    const ends = [...this.#live].map((work) => new Promise((resolve) => this.#interrupt(work, resolve)))
    await Promise.all(ends)
  }

  #interrupt(work: RecordStream | TransactionState, done: (over: boolean) => void): void {
    if (work instanceof TransactionState) work.interrupt()
    else work.interrupt(newError(SESSION_CLOSED))
    work.onPause(done)
  }

  /** Whether there is work that only the user can end. */
  #isBusy(): boolean {
    for (const work of this.#live) if (!work.leaving) return true
    return false
  }

  #hasTransaction(): boolean {
    for (const work of this.#live) if (work instanceof TransactionState && !work.leaving) return true
    return false
  }

  /**
   * Queues work, and sends it as soon as the work before it has ended and the bookmarks are known: at once,
   * if possible.
   */
  #whenReady(
    work: RecordStream | TransactionState,
    send: (bookmarks: readonly string[]) => void,
    refuse: (error: Error) => void,
  ): void {
    const before = this.#live.size > 0 ? [...this.#live] : NOTHING
    this.#live.add(work)
    this.#withBookmarks(before, send, refuse)
  }

  #withBookmarks(
    before: readonly (RecordStream | TransactionState)[],
    send: (bookmarks: readonly string[]) => void,
    refuse: (error: Error) => void,
  ): void {
    if (before.length === 0 && this.#bookmarkManager === undefined) send(this.#lastBookmarks)
    else this.#afterwards(before).then(send, refuse)
  }

  async #afterwards(before: readonly (RecordStream | TransactionState)[]): Promise<readonly string[]> {
    for (const work of before) {
      const over = await new Promise<boolean>((resolve) => work.onPause(resolve))
      // The server has more records than were requested, and nothing reads them.
      if (!over) throw newError(BUSY_BEGIN)
    }
    const manager = this.#bookmarkManager
    if (manager === undefined) return this.#lastBookmarks
    // Asked once for the router and once for the transaction, as in the official driver.
    if (this.#routed) this.#routerBookmarks = this.#withConfigured(await this.#askedOf(manager))
    const managed = await this.#askedOf(manager)
    if (this.#closed !== null) throw newError(SESSION_CLOSED)
    return this.#withConfigured(managed)
  }

  /**
   * A manager's bookmarks, awaited for as long as a connection may take. A manager without functions of the
   * application needs no time limit.
   */
  #askedOf(manager: BookmarkManager): Promise<Iterable<string>> {
    const asked = manager.getBookmarks()
    if (answersByItself(manager)) return asked
    const limit = this.#acquisitionTimeout
    return inTime(asked, limit, () => newError(`The bookmark manager has not given its bookmarks within ${limit} ms.`))
  }

  /** @throws TypeError if the manager gives anything but bookmarks */
  #withConfigured(managed: unknown): readonly string[] {
    if (managed === undefined) return this.#lastBookmarks
    if (this.#configuredBookmarks.length === 0 && isOneAtMost(managed)) return managed
    // As in the official driver: a value that is not iterable contains no bookmarks.
    return bookmarksOf([...Array.from(managed as Iterable<unknown>), ...this.#configuredBookmarks])
  }
}

/** The contexts of auto-commit queries, where a function of the user's is called when they end. */
const contexts = new WeakMap<RecordStream, CallContext>()

/** What most managers give: bookmarks that need no further check. */
function isOneAtMost(managed: unknown): managed is readonly string[] {
  return Array.isArray(managed) && (managed.length === 0 || (managed.length === 1 && typeof managed[0] === 'string'))
}

async function tellManager(
  manager: BookmarkManager,
  used: readonly string[],
  bookmarks: readonly string[],
): Promise<void> {
  try {
    await manager.updateBookmarks(used, bookmarks)
  } catch {
    // The transaction is committed, even if its bookmark is lost.
  }
}

const BUSY_RUN =
  'Queries cannot be run directly on a session with ongoing work; either await the previous work, ' +
  'run in an existing transaction or use a different session.'
const BUSY_BEGIN =
  'You cannot begin a transaction on a session with ongoing work; ' +
  'either run from within an existing transaction or use a different session.'

const NOTHING: readonly never[] = []
