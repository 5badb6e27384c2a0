/** Results of reactive queries, as cold Observables. */

import type { Observable, Subscriber } from 'rxjs'
import { newError } from '../error/neo4j-error.js'
import type { Reader } from '../result/reader.js'
import type { Record } from '../result/record.js'
import { CONSUMED, type RecordStream } from '../result/record-stream.js'
import type { Result } from '../result/result.js'
import type { ResultSummary } from '../result/summary.js'
import { CallContext } from '../util/async-context.js'
import { soon } from '../util/microtask.js'
import { rx } from './observable.js'

/**
 * The result of a query. The first subscription to one of its parts runs the query. Records take one
 * subscription, keys and summary any number.
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
   * The observable fails if there was a subscription to the records or to the summary alone before.
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

  /** The summary. A subscription to it before one to the records discards them. */
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

  /** Holds the records back, after one more. */
  pause(): void {
    this.#paused = true
    if (this.#reader !== null) this.#reader.paused = true
  }

  /** Lets the records flow again. Resolves with the next one. */
  async resume(): Promise<void> {
    this.#paused = false
    await this.#reader?.resume()
  }

  /** Pauses after one more record. Resolves with it. */
  async push(): Promise<void> {
    this.pause()
    await this.#reader?.push()
  }

  /**
   * Runs the query, and emits the result while it is running.
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
  /** Null: the reader enters its context itself. */
  readonly context = null
  readonly summary: Promise<ResultSummary>
  paused: boolean
  readonly #stream: RecordStream
  readonly #subscriber: Subscriber<Record>
  /** The context of the subscriber. */
  readonly #context = new CallContext()
  /** Records that another reader has gone past. */
  readonly #pending: Record[] = []
  /** How many records may pass in spite of the pause. */
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
    // The reader of the records gets the error there.
    this.summary.catch(() => undefined)
    if (!this.#stream.open || this.#stream.incomplete) {
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

  /** The subscriber no longer wants records. */
  stop(): void {
    if (this.#ended) return
    this.#ended = true
    this.#stream.ended().then(this.#resolve, this.#reject)
    this.#stream.detach(this)
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
        const end = this.#stream.pollEnd(this)
        if (end === null) this.#stream.requestMore()
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

/** The summary of a result whose records are not wanted. */
async function discarded(result: Result): Promise<ResultSummary> {
  if (!result.isOpen()) throw newError(CONSUMED)
  return await result.summary()
}
