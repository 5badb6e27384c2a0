/**
 * The interface of readers, which take the records of a stream, and the state of the readers of one stream.
 */

import type { CallContext } from '../util/async-context.js'
import type { Record } from './record.js'
import type { ResultSummary } from './summary.js'

/** Takes the records of a stream. */
export interface Reader {
  /** Whether the stream gives it every record at once; otherwise it takes them by `RecordStream.take`. */
  readonly eager: boolean
  /**
   * The context in which it is called. Null = any: it calls no function of a user's, or enters the context
   * itself.
   */
  readonly context: CallContext | null
  /** Whether its user stops it with `Result.summary`, since it has no other way. */
  readonly stopped?: boolean
  keys(keys: string[]): void
  record(record: Record): void
  /** Called when records or the end can be taken. */
  wake(): void
  end(summary: ResultSummary): void
  fail(error: Error): void
}

/**
 * The readers of one stream, in the order in which they came, and the promises for its keys and for its end.
 */
export class Readers {
  readonly all: Reader[] = []
  /** How many of them are eager. */
  eager = 0
  /** Whether they are being called. What they request meanwhile is done by the call under way. */
  telling = false
  /** What a reader has thrown, until the stream is aborted with it. */
  thrown: Error | null = null
  /** How many, counted from the first, have been given the keys. */
  #keysTold = 0
  #keyWaiters: Waiter<string[]>[] | null = null
  #endWaiters: Waiter<ResultSummary>[] | null = null

  /**
   * The context in which all of them may be called at once. Null = none: several readers may each have their
   * own.
   */
  get context(): CallContext | null {
    return this.all.length === 1 ? this.all[0].context : null
  }

  add(reader: Reader): void {
    this.all.push(reader)
    if (reader.eager) this.eager++
  }

  /** @returns whether it was one of them */
  remove(reader: Reader): boolean {
    const index = this.all.indexOf(reader)
    if (index === -1) return false
    this.all.splice(index, 1)
    if (index < this.#keysTold) this.#keysTold--
    if (reader.eager) this.eager--
    return true
  }

  /** The next reader without the keys. From now on it counts as having them. */
  nextWithoutKeys(): Reader | undefined {
    return this.#keysTold < this.all.length ? this.all[this.#keysTold++] : undefined
  }

  /** A promise for the keys. */
  awaitKeys(): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.#keyWaiters ??= []
      this.#keyWaiters.push({ resolve, reject })
    })
  }

  /** A promise for the end. */
  awaitEnd(): Promise<ResultSummary> {
    return new Promise((resolve, reject) => {
      this.#endWaiters ??= []
      this.#endWaiters.push({ resolve, reject })
    })
  }

  /** @returns what has been waiting for the keys, and stops waiting now; null = nothing */
  takeKeyWaiters(): Waiter<string[]>[] | null {
    const waiters = this.#keyWaiters
    this.#keyWaiters = null
    return waiters
  }

  /** @returns what has been waiting for the end, and stops waiting now; null = nothing */
  takeEndWaiters(): Waiter<ResultSummary>[] | null {
    const waiters = this.#endWaiters
    this.#endWaiters = null
    return waiters
  }
}

interface Waiter<T> {
  resolve(value: T): void
  reject(error: Error): void
}
