/**
 * The result of a query, as the user reads it: as a promise, by async iteration or by subscription. All three
 * are readers of one stream of records.
 */

import { reasonOf } from '../error/failure.js'
import { newError } from '../error/neo4j-error.js'
import type { GenericConstructor, Rules } from '../mapping/mapping.js'
import type { Integer } from '../types/integer.js'
import { CallContext } from '../util/async-context.js'
import { afterNextTurn, blockedFor, now } from '../util/event-loop.js'
import { soon } from '../util/microtask.js'
import { isThenable } from '../util/thenable.js'
import type { Reader } from './reader.js'
import type { Record, RecordShape } from './record.js'
import { CONSUMED, type RecordStream } from './record-stream.js'
import type { ResultSummary } from './summary.js'

/** The value of an awaited result, for any type of records. */
interface GenericQueryResult<R> {
  /** In the order in which they arrived. */
  records: R[]
  /** The summary of the query. */
  summary: ResultSummary
}

/** A complete result: the value of an awaited {@link Result}. */
export interface QueryResult<R extends RecordShape = RecordShape> extends GenericQueryResult<Record<R>> {}

/** A complete result with objects for records: the value of an awaited result after {@link Result.as}. */
export interface MappedQueryResult<R> extends GenericQueryResult<R> {}

/** Observes a result as it arrives; each method is optional. */
interface GenericResultObserver<R> {
  /** Once, before any record. If it throws, that is as if onNext threw. */
  onKeys?: (keys: string[]) => void
  /**
   * For each record. If it throws, the driver still calls it for the records at hand, has the server discard
   * the rest, and then calls onError, once, with the first error (an error of its own for null and
   * undefined). Every other reader of a result that has not ended gets this error, too. A promise that
   * onNext or onKeys returns is ignored.
   */
  onNext?: (record: R) => void
  /** Once, after the last record; never after an error. If it throws, or rejects, onError gets the error. */
  onCompleted?: (summary: ResultSummary) => void
  /**
   * Instead of onCompleted, or after that has failed. Called once more with an error that it throws itself.
   * Without it the console shows the error.
   */
  onError?: (error: Error) => void
}

/** Observes a result as it arrives; each method is optional. */
export interface ResultObserver<R extends RecordShape = RecordShape> extends GenericResultObserver<Record<R>> {}

/** An async iterator that can also look ahead. */
// biome-ignore lint/suspicious/noExplicitAny: as in AsyncIterator
export interface PeekableAsyncIterator<T, TReturn = any, TNext = undefined> extends AsyncIterator<T, TReturn, TNext> {
  /**
   * The value of the next `next()`. Does not take the record: another reader that begins before
   * `next()` takes it gets it, too.
   */
  peek(): Promise<IteratorResult<T, TReturn>>
}

/** A result whose records are read as objects: the same one, see {@link Result.as}. */
interface MappedResult<R> extends GenericResult<R, MappedQueryResult<R>> {}

type RecordMapper = (record: Record) => unknown

/** {@link Result}, for any type of records. */
class GenericResult<R, T extends GenericQueryResult<R>> implements Promise<T> {
  readonly #stream: RecordStream
  #promise: Promise<T> | null = null
  #mapper: RecordMapper | null = null

  /** @internal */
  constructor(stream: RecordStream) {
    this.#stream = stream
  }

  /** `'Result'` */
  get [Symbol.toStringTag](): string {
    return 'Result'
  }

  /**
   * Converts each record to an object, by rules or as an instance of a class, see {@link Record.as}. This
   * applies to awaiting and iterating; a subscriber gets the records as they are. If a record cannot be
   * converted, the result ends there with an error, and the rest is discarded.
   *
   * @returns this same result
   * @throws Neo4jError if it has been awaited
   * @example
   * const person = { name: neo4j.rule.asString() }
   * for await (const { name } of session.run('MATCH (p:Person) RETURN p.name AS name').as<{ name: string }>(person)) {
   *   console.log(name)
   * }
   */
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  as<O extends {} = Object>(rules: Rules): MappedResult<O>
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  as<O extends {} = Object>(genericConstructor: GenericConstructor<O>, rules?: Rules): MappedResult<O>
  as<O extends {}>(constructorOrRules: GenericConstructor<O> | Rules, rules?: Rules): MappedResult<O> {
    if (this.#promise !== null) throw newError('Cannot call .as() on a Result that is being consumed')
    this.#mapper = (record) => record.as(constructorOrRules as GenericConstructor<O>, rules)
    return this as unknown as MappedResult<O>
  }

  /**
   * The names of the columns, in order. Reads no records.
   *
   * @throws Neo4jError if the query fails
   */
  keys(): Promise<string[]> {
    return this.#stream.keys()
  }

  /**
   * The summary of the query. Discards the records that have not been requested yet.
   *
   * @throws Neo4jError if the query fails
   */
  summary<N extends number | Integer | bigint = Integer>(): Promise<ResultSummary<N>> {
    const summary = this.#stream.ended()
    this.#stream.cancel(false, 'summary')
    return summary as unknown as Promise<ResultSummary<N>>
  }

  /**
   * Iterates over the records. The driver asks the server for more only as the loop takes them. Leaving the
   * loop early discards the rest, and waits until the session or transaction can be used again.
   */
  [Symbol.asyncIterator](): PeekableAsyncIterator<R, ResultSummary> {
    if (!this.#stream.open || this.#stream.incomplete) return consumedIterator()
    return new RecordIterator<R>(this.#stream, this)
  }

  /** Waits for all records. All calls share one {@link QueryResult}. */
  // biome-ignore lint/suspicious/noThenProperty: a result is thenable by contract
  then<TResult1 = T, TResult2 = never>(
    onFulfilled?: ((value: T) => TResult1 | PromiseLike<TResult1>) | null,
    // biome-ignore lint/suspicious/noExplicitAny: as in Promise
    onRejected?: ((reason: any) => TResult2 | PromiseLike<TResult2>) | null,
  ): Promise<TResult1 | TResult2> {
    return this.#all().then(onFulfilled, onRejected)
  }

  /** Handles a failure of {@link Result.then}. */
  catch<TResult = never>(
    // biome-ignore lint/suspicious/noExplicitAny: as in Promise
    onRejected?: ((reason: any) => TResult | PromiseLike<TResult>) | null,
  ): Promise<T | TResult> {
    return this.#all().catch(onRejected)
  }

  /** Called after success and failure of {@link Result.then} alike. */
  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.#all().finally(onFinally)
  }

  /** Calls the observer for everything that arrives, as fast as the server sends it. */
  subscribe(observer: GenericResultObserver<R>): void {
    // An observer that cannot even be read is refused at once: later there is no one to report it to.
    void observer.onError
    // Official behaviour: an onNext that is not a function is refused, too, with the same text.
    if (observer.onNext != null) observer.onNext.bind(observer)
    const subscription = new Subscription(this.#stream, observer as GenericResultObserver<unknown>)
    if (this.#stream.incomplete) {
      const error = newError(CONSUMED)
      soon(() => subscription.fail(error))
    } else {
      this.#stream.read(subscription)
    }
  }

  /** Whether the result is still open: neither a summary nor an error has been read. */
  isOpen(): boolean {
    return this.#stream.open
  }

  /** @internal */
  get _stream(): RecordStream {
    return this.#stream
  }

  /** @internal */
  get _mapper(): RecordMapper | null {
    return this.#mapper
  }

  /** @internal */
  _cancel(): void {
    this.#stream.cancel(false, 'summary')
  }

  #all(): Promise<T> {
    this.#promise ??= new Promise<GenericQueryResult<unknown>>((resolve, reject) => {
      if (this.#stream.incomplete) reject(newError(CONSUMED))
      else if (this.#mapper === null) this.#stream.read(new Collector(resolve, reject))
      else this.#stream.read(new MappingCollector(this.#stream, this.#mapper, resolve, reject))
    }) as Promise<unknown> as Promise<T>
    return this.#promise
  }
}

/**
 * The records of a query. There are three ways to read them: `await` the result for all of them, iterate with
 * `for await` so that the server sends no faster than the loop works, or `subscribe` to get each record as
 * soon as it arrives. A result can be read once.
 *
 * @example
 * for await (const record of session.run('MATCH (p:Person) RETURN p.name AS name')) {
 *   console.log(record.get('name'))
 * }
 */
export class Result<R extends RecordShape = RecordShape> extends GenericResult<Record<R>, QueryResult<R>> {}

/** Puts all records in one array. */
class Collector implements Reader {
  readonly eager = true
  readonly context = null
  readonly #records: Record[] = []
  readonly #resolve: (result: GenericQueryResult<Record>) => void
  readonly #reject: (error: Error) => void

  constructor(resolve: (result: GenericQueryResult<Record>) => void, reject: (error: Error) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  keys(): void {}
  wake(): void {}

  record(record: Record): void {
    this.#records.push(record)
  }

  end(summary: ResultSummary): void {
    this.#resolve({ records: this.#records, summary })
  }

  fail(error: Error): void {
    this.#reject(error)
  }
}

/** Puts the converted records in one array. */
class MappingCollector implements Reader {
  readonly eager = true
  /** The context of the caller that awaits the result. */
  readonly context = new CallContext()
  readonly #stream: RecordStream
  readonly #mapper: RecordMapper
  readonly #objects: unknown[] = []
  readonly #resolve: (result: GenericQueryResult<unknown>) => void
  readonly #reject: (error: Error) => void
  #broken: Error | null = null

  constructor(
    stream: RecordStream,
    mapper: RecordMapper,
    resolve: (result: GenericQueryResult<unknown>) => void,
    reject: (error: Error) => void,
  ) {
    this.#stream = stream
    this.#mapper = mapper
    this.#resolve = resolve
    this.#reject = reject
  }

  keys(): void {}
  wake(): void {}

  record(record: Record): void {
    if (this.#broken !== null) return
    try {
      this.#objects.push(this.#mapper(record))
    } catch (error) {
      this.#broken = reasonOf(error)
      this.#stream.abort(this.#broken)
    }
  }

  end(summary: ResultSummary): void {
    // The stream may have been over before its records were looked at.
    if (this.#broken !== null) this.#reject(this.#broken)
    else this.#resolve({ records: this.#objects, summary })
  }

  fail(error: Error): void {
    this.#reject(error)
  }
}

/**
 * Passes everything on to the user's observer, and keeps what the observer throws away from other readers.
 */
class Subscription implements Reader {
  readonly eager = true
  /** The context of the caller that subscribes. */
  readonly context = new CallContext()
  readonly stopped = true
  readonly #stream: RecordStream
  readonly #observer: GenericResultObserver<unknown>
  /** The first error that onKeys or onNext has thrown. */
  #thrown: Error | null = null

  constructor(stream: RecordStream, observer: GenericResultObserver<unknown>) {
    this.#stream = stream
    this.#observer = observer
  }

  wake(): void {}

  keys(keys: string[]): void {
    try {
      this.#observer.onKeys?.(keys)
    } catch (error) {
      this.#abort(error)
    }
  }

  record(record: Record): void {
    try {
      this.#observer.onNext?.(record)
    } catch (error) {
      this.#abort(error)
    }
  }

  end(summary: ResultSummary): void {
    // The stream may have been over before the observer was called.
    if (this.#thrown !== null) {
      this.fail(this.#thrown)
      return
    }
    try {
      const outcome: unknown = this.#observer.onCompleted?.(summary)
      // An async observer throws by what it returns.
      if (isThenable(outcome)) Promise.resolve(outcome).catch((error) => this.#tell(error))
    } catch (error) {
      this.#tellOrReject(error)
    }
  }

  fail(error: Error): void {
    try {
      this.#tell(error)
    } catch (thrown) {
      // Official behaviour: an observer that throws from onError is called once more, with what it has
      // thrown.
      this.#tellOrReject(thrown)
    }
  }

  #abort(error: unknown): void {
    this.#thrown ??= reasonOf(error)
    this.#stream.abort(this.#thrown)
  }

  #tell(error: unknown): void {
    const { onError } = this.#observer
    if (onError == null) console.log(`Uncaught error when processing result: ${error}`)
    else onError.call(this.#observer, error as Error)
  }

  #tellOrReject(error: unknown): void {
    try {
      this.#tell(error)
    } catch (thrown) {
      // No observer is left to report it to: an unhandled rejection, as for any promise.
      void Promise.reject(thrown)
    }
  }
}

/** Takes records, or the objects made of them, one by one, at the pace of its user. */
class RecordIterator<R> implements PeekableAsyncIterator<R, ResultSummary>, Reader {
  readonly eager = false
  /**
   * The user's code only makes objects of records, and runs in the context of the waiting caller that the
   * object is for.
   */
  readonly context = null
  readonly #stream: RecordStream
  readonly #result: { readonly _mapper: RecordMapper | null }
  /** Records that another reader has gone past. */
  #pending: Record[] = []
  /** The object that peek() has made of a record which this reader has not taken yet. */
  #peeked: { readonly value: R } | null = null
  /** Set when a record could not be converted. */
  #broken: { summary: null; error: Error } | null = null
  #waiters: IteratorWaiter<R>[] = []
  #returned: { value: ResultSummary | undefined } | null = null
  #taken = 0
  /** Since when records have been taken without a turn of the event loop, as far as this iterator knows. */
  #turn = now()

  constructor(stream: RecordStream, result: { readonly _mapper: RecordMapper | null }) {
    this.#stream = stream
    this.#result = result
    stream.read(this)
  }

  next(): Promise<IteratorResult<R, ResultSummary>> {
    if (this.#waiters.length > 0) return this.#wait(false)
    if (this.#returned !== null) return this.#done(undefined)
    const record = this.#take()
    if (record === undefined) return this.#endOrWait(false)
    const item = { done: false as const, value: record }
    // Records at hand resolve without a turn of the event loop. Timers and sockets must not have to wait
    // until all of them are read.
    if ((++this.#taken & CLOCK_MASK) === 0 && blockedFor(now(), this.#turn) > LONGEST_RUN) return this.#nextTurn(item)
    return Promise.resolve(item)
  }

  peek(): Promise<IteratorResult<R, ResultSummary>> {
    if (this.#waiters.length > 0) return this.#wait(true)
    if (this.#returned !== null) return this.#done(undefined)
    const record = this.#look()
    if (record === undefined) return this.#endOrWait(true)
    return Promise.resolve({ done: false, value: record })
  }

  return(value?: ResultSummary | PromiseLike<ResultSummary>): Promise<IteratorResult<R, ResultSummary>> {
    const given = value as ResultSummary | undefined
    if (this.#returned === null) {
      this.#returned = { value: given }
      this.#peeked = null
      this.#pending = []
      this.#stream.detach(this)
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
      const { resolve, reject, peek, context } = this.#waiters[0]
      const record = context === null ? this.#get(peek) : context.call(() => this.#get(peek))
      if (record !== undefined) {
        this.#waiters.shift()
        resolve({ done: false, value: record })
        continue
      }
      const end = this.#broken ?? this.#stream.pollEnd(this)
      if (end === null) {
        this.#stream.requestMore()
        return
      }
      this.#waiters.shift()
      if (end.error !== null) reject(end.error)
      else resolve({ done: true, value: end.summary as ResultSummary })
    }
  }

  #get(peek: boolean): R | undefined {
    return peek ? this.#look() : this.#take()
  }

  #take(): R | undefined {
    if (this.#broken !== null) return undefined
    const record = this.#pending.length > 0 ? this.#pending.shift() : this.#takeNew()
    if (this.#peeked === null) return this.#made(record)
    const { value } = this.#peeked
    this.#peeked = null
    return value
  }

  /** What the next #take() gives. The record stays where it is, for other readers too. */
  #look(): R | undefined {
    if (this.#broken !== null) return undefined
    if (this.#peeked !== null) return this.#peeked.value
    // Where there are eager readers, the record comes to this one by way of record().
    const record = this.#pending.length > 0 ? this.#pending[0] : (this.#stream.peek() ?? this.#pending[0])
    const value = this.#made(record)
    if (value !== undefined) this.#peeked = { value }
    return value
  }

  #made(record: Record | undefined): R | undefined {
    const mapper = this.#result._mapper
    return record === undefined || mapper === null ? (record as R | undefined) : this.#map(record, mapper)
  }

  #takeNew(): Record | undefined {
    // Where there are eager readers, the record also comes to this one by way of record().
    return this.#stream.take(this) ?? this.#pending.shift()
  }

  #map(record: Record, mapper: RecordMapper): R | undefined {
    try {
      return mapper(record) as R
    } catch (error) {
      this.#broken = { summary: null, error: reasonOf(error) }
      this.#pending = []
      this.#stream.detach(this)
      return undefined
    }
  }

  #endOrWait(peek: boolean): Promise<IteratorResult<R, ResultSummary>> {
    const end = this.#broken ?? this.#stream.pollEnd(this)
    if (end === null) {
      const waiting = this.#wait(peek)
      this.#stream.requestMore()
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

  #wait(peek: boolean): Promise<IteratorResult<R, ResultSummary>> {
    return new Promise((resolve, reject) => {
      const context = this.#result._mapper === null ? null : new CallContext()
      this.#waiters.push({ resolve, reject, peek, context })
    })
  }

  #nextTurn<T>(item: T): Promise<T> {
    return new Promise((resolve) => {
      afterNextTurn(() => {
        this.#turn = now()
        resolve(item)
      })
    })
  }
}

interface IteratorWaiter<R> {
  resolve(item: IteratorResult<R, ResultSummary>): void
  reject(error: Error): void
  readonly peek: boolean
  readonly context: CallContext | null
}

/** What a consumed result returns when it is iterated over again. */
function consumedIterator<T>(): PeekableAsyncIterator<T, ResultSummary> {
  const error = newError(CONSUMED)
  return { next: () => Promise.reject(error), peek: () => Promise.reject(error) }
}

/**
 * Milliseconds of work on what is at hand, by all iterators and by what the engine delivers, after
 * which the event loop gets its turn.
 */
const LONGEST_RUN = 4

/** The clock is read at every eighth record only. */
const CLOCK_MASK = 7
