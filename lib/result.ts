/**
 * The result of a query, as the user reads it: as a promise, by async iteration or by subscription. All three are
 * readers of one stream of records; nothing here knows how the stream gets them.
 */

import { newError } from './error.js'
import type { Record, RecordShape } from './record.js'
import type { Reader, RecordStream } from './stream.js'
import type { ResultSummary } from './summary.js'
import type { Integer } from './types/integer.js'

/** A complete result: what awaiting a {@link Result} gives. */
export interface QueryResult<R extends RecordShape = RecordShape> {
  records: Record<R>[]
  summary: ResultSummary
}

/** Hears of a result as it comes in; each part is optional. */
export interface ResultObserver<R extends RecordShape = RecordShape> {
  /** Once, before any record. */
  onKeys?: (keys: string[]) => void
  /** For each record. */
  onNext?: (record: Record<R>) => void
  /** Once, after the last record; never after an error. */
  onCompleted?: (summary: ResultSummary) => void
  /** Once, instead of onCompleted. Without it the error is printed on the console. */
  onError?: (error: Error) => void
}

/** An async iterator which can also look ahead. */
// biome-ignore lint/suspicious/noExplicitAny: as in AsyncIterator
export interface PeekableAsyncIterator<T, TReturn = any, TNext = undefined> extends AsyncIterator<T, TReturn, TNext> {
  /** What the following `next()` will give. */
  peek(): Promise<IteratorResult<T, TReturn>>
}

/**
 * The records of a query, to be read in one of three ways: `await` it for all of them, iterate over it with `for await`
 * to have the server send no faster than they are worked on, or `subscribe` to have each as soon as it is there.
 * A result can be read once.
 *
 * @example
 * for await (const record of session.run('MATCH (p:Person) RETURN p.name AS name')) {
 *   console.log(record.get('name'))
 * }
 */
export class Result<R extends RecordShape = RecordShape> implements Promise<QueryResult<R>> {
  readonly #stream: RecordStream
  #promise: Promise<QueryResult<R>> | null = null

  /** @internal */
  constructor(stream: RecordStream) {
    this.#stream = stream
  }

  get [Symbol.toStringTag](): string {
    return 'Result'
  }

  /**
   * The names of the columns, in order. Reads no records.
   *
   * @throws Neo4jError when the query fails
   */
  keys(): Promise<string[]> {
    return this.#stream.keys()
  }

  /**
   * What the server tells of the query at its end. Records which have not been asked for yet are discarded.
   *
   * @throws Neo4jError when the query fails
   */
  summary<T extends number | Integer | bigint = Integer>(): Promise<ResultSummary<T>> {
    const summary = this.#stream.ended()
    this.#stream.cancel(false)
    return summary as unknown as Promise<ResultSummary<T>>
  }

  /**
   * Iterates over the records. The server is asked for more only as they are taken. Leaving the loop early discards
   * the rest, and waits until the session or transaction can be used again.
   */
  [Symbol.asyncIterator](): PeekableAsyncIterator<Record<R>, ResultSummary> {
    if (!this.#stream.open) return consumedIterator()
    return new RecordIterator<R>(this.#stream)
  }

  /** Waits for all records. All calls share one {@link QueryResult}. */
  // biome-ignore lint/suspicious/noThenProperty: a result is thenable by contract
  then<TResult1 = QueryResult<R>, TResult2 = never>(
    onFulfilled?: ((value: QueryResult<R>) => TResult1 | PromiseLike<TResult1>) | null,
    // biome-ignore lint/suspicious/noExplicitAny: as in Promise
    onRejected?: ((reason: any) => TResult2 | PromiseLike<TResult2>) | null,
  ): Promise<TResult1 | TResult2> {
    return this.#all().then(onFulfilled, onRejected)
  }

  /** Handles a failure of {@link Result.then}. */
  catch<TResult = never>(
    // biome-ignore lint/suspicious/noExplicitAny: as in Promise
    onRejected?: ((reason: any) => TResult | PromiseLike<TResult>) | null,
  ): Promise<QueryResult<R> | TResult> {
    return this.#all().catch(onRejected)
  }

  /** Called after success and failure of {@link Result.then} alike. */
  finally(onFinally?: (() => void) | null): Promise<QueryResult<R>> {
    return this.#all().finally(onFinally)
  }

  /** Has the observer told of everything as it comes in, as fast as the server sends it. */
  subscribe(observer: ResultObserver<R>): void {
    this.#stream.read(new Subscription<R>(this.#stream, observer))
  }

  /** Whether its end is not yet known: neither a summary nor an error has been read. */
  isOpen(): boolean {
    return this.#stream.open
  }

  /** @internal */
  get _stream(): RecordStream {
    return this.#stream
  }

  /** @internal */
  _cancel(): void {
    this.#stream.cancel(false)
  }

  #all(): Promise<QueryResult<R>> {
    this.#promise ??= new Promise((resolve, reject) => {
      if (this.#stream.short) reject(newError(CONSUMED))
      else this.#stream.read(new Collector<R>(resolve, reject))
    })
    return this.#promise
  }
}

/** Puts all records in one array. */
class Collector<R extends RecordShape> implements Reader {
  readonly eager = true
  readonly #records: Record<R>[] = []
  readonly #resolve: (result: QueryResult<R>) => void
  readonly #reject: (error: Error) => void

  constructor(resolve: (result: QueryResult<R>) => void, reject: (error: Error) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  keys(): void {}
  wake(): void {}

  record(record: Record): void {
    this.#records.push(record as Record<R>)
  }

  end(summary: ResultSummary): void {
    this.#resolve({ records: this.#records, summary })
  }

  fail(error: Error): void {
    this.#reject(error)
  }
}

/** Passes everything on to the user's observer, and keeps what that throws away from everybody else. */
class Subscription<R extends RecordShape> implements Reader {
  readonly eager = true
  readonly #stream: RecordStream
  readonly #observer: ResultObserver<R>

  constructor(stream: RecordStream, observer: ResultObserver<R>) {
    this.#stream = stream
    this.#observer = observer
  }

  wake(): void {}

  keys(keys: string[]): void {
    try {
      this.#observer.onKeys?.(keys)
    } catch (error) {
      this.#stream.breakOff(error)
    }
  }

  record(record: Record): void {
    try {
      this.#observer.onNext?.(record as Record<R>)
    } catch (error) {
      this.#stream.breakOff(error)
    }
  }

  end(summary: ResultSummary): void {
    try {
      this.#observer.onCompleted?.(summary)
    } catch (error) {
      this.fail(error as Error)
    }
  }

  fail(error: Error): void {
    const { onError } = this.#observer
    if (onError == null) {
      console.log(`Uncaught error when processing result: ${error}`)
      return
    }
    try {
      onError.call(this.#observer, error)
    } catch (thrown) {
      // Nobody is left to be told: an unhandled rejection, as for any promise.
      void Promise.reject(thrown)
    }
  }
}

/** Takes records one by one, at the pace of its user. */
class RecordIterator<R extends RecordShape> implements PeekableAsyncIterator<Record<R>, ResultSummary>, Reader {
  readonly eager = false
  readonly #stream: RecordStream
  /** Given by another reader's going ahead. */
  #pending: Record[] = []
  #peeked: Record | undefined
  #waiters: IteratorWaiter<R>[] = []
  #returned: { value: ResultSummary | undefined } | null = null
  #taken = 0
  /** When the event loop last had its turn, as far as is known here. */
  #turn = now()

  constructor(stream: RecordStream) {
    this.#stream = stream
    stream.read(this)
  }

  next(): Promise<IteratorResult<Record<R>, ResultSummary>> {
    if (this.#waiters.length > 0) return this.#wait(false)
    if (this.#returned !== null) return this.#done(undefined)
    const record = this.#peeked ?? this.#take()
    if (record === undefined) return this.#endOrWait(false)
    this.#peeked = undefined
    const item = { done: false as const, value: record as Record<R> }
    // Records at hand resolve without a turn of the event loop; timers and sockets must not wait for their end.
    if ((++this.#taken & CLOCK_MASK) === 0 && now() - this.#turn > LONGEST_RUN) return this.#nextTurn(item)
    return Promise.resolve(item)
  }

  peek(): Promise<IteratorResult<Record<R>, ResultSummary>> {
    if (this.#waiters.length > 0) return this.#wait(true)
    if (this.#returned !== null) return this.#done(undefined)
    this.#peeked ??= this.#take()
    if (this.#peeked === undefined) return this.#endOrWait(true)
    return Promise.resolve({ done: false, value: this.#peeked as Record<R> })
  }

  return(value?: ResultSummary | PromiseLike<ResultSummary>): Promise<IteratorResult<Record<R>, ResultSummary>> {
    const given = value as ResultSummary | undefined
    if (this.#returned === null) {
      this.#returned = { value: given }
      this.#peeked = undefined
      this.#pending = []
      this.#stream.leave(this)
    }
    return this.#done(given)
  }

  // Reader

  keys(): void {}
  end(): void {}
  fail(): void {}

  record(record: Record): void {
    if (this.#returned === null) this.#pending.push(record)
  }

  wake(): void {
    if (this.#waiters.length === 0) return
    this.#turn = now()
    while (this.#waiters.length > 0) {
      const { resolve, reject, peek } = this.#waiters[0]
      const record = this.#peeked ?? this.#take()
      if (record !== undefined) {
        this.#peeked = peek ? record : undefined
        this.#waiters.shift()
        resolve({ done: false, value: record as Record<R> })
        continue
      }
      const end = this.#stream.tellEnd()
      if (end === null) {
        this.#stream.starving()
        return
      }
      this.#waiters.shift()
      if (end.error !== null) reject(end.error)
      else resolve({ done: true, value: end.summary as ResultSummary })
    }
  }

  #take(): Record | undefined {
    if (this.#pending.length > 0) return this.#pending.shift()
    // Where there are readers who do not wait, the record comes to this one, too, by way of record().
    return this.#stream.take(this) ?? this.#pending.shift()
  }

  #endOrWait(peek: boolean): Promise<IteratorResult<Record<R>, ResultSummary>> {
    const end = this.#stream.tellEnd()
    if (end === null) {
      const waiting = this.#wait(peek)
      this.#stream.starving()
      return waiting
    }
    if (end.error !== null) return Promise.reject(end.error)
    return Promise.resolve({ done: true, value: end.summary as ResultSummary })
  }

  /** After return(): done, as soon as the stream is. */
  async #done(given: ResultSummary | undefined): Promise<IteratorReturnResult<ResultSummary>> {
    const summary = await this.#stream.ended()
    return { done: true, value: given ?? this.#returned?.value ?? summary }
  }

  #wait(peek: boolean): Promise<IteratorResult<Record<R>, ResultSummary>> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject, peek })
    })
  }

  #nextTurn<T>(item: T): Promise<T> {
    return new Promise((resolve) => {
      afterEvents(() => {
        this.#turn = now()
        resolve(item)
      })
    })
  }
}

interface IteratorWaiter<R extends RecordShape> {
  resolve(item: IteratorResult<Record<R>, ResultSummary>): void
  reject(error: Error): void
  readonly peek: boolean
}

/** What a consumed result gives to those who want to iterate over it again. */
function consumedIterator<T>(): PeekableAsyncIterator<T, ResultSummary> {
  const error = newError(CONSUMED)
  return { next: () => Promise.reject(error), peek: () => Promise.reject(error) }
}

const CONSUMED = 'Result is already consumed'

// Taken before a test may put mock timers in their place: they are no part of what a user's clock should decide.
const afterEvents = setImmediate
const now = performance.now.bind(performance)

/** Milliseconds of taking records at hand after which the event loop gets its turn. */
const LONGEST_RUN = 4

/** The clock is read at every eighth record only. */
const CLOCK_MASK = 7
