/** What takes the records of a stream, and what the readers of one stream have been told so far. */

import type { CallContext } from '../util/async-context.js'
import type { Record } from './record.js'
import type { ResultSummary } from './summary.js'

/** Takes the records of a stream. */
export interface Reader {
  /** Whether it is given every record at once; otherwise it takes them by `RecordStream.take`. */
  readonly eager: boolean
  /**
   * The context in which it is called; null = any: it calls no function of a user's, or sees to the context
   * itself.
   */
  readonly context: CallContext | null
  /** Whether `Result.summary` is how its user stops it, as it has no means of its own for that. */
  readonly stopped?: boolean
  keys(keys: string[]): void
  record(record: Record): void
  /** Records or the end are there to be taken. */
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
  /** Whether they are being called: what they ask for meanwhile is done by the call that is under way. */
  telling = false
  /** What a reader has thrown, until the stream is aborted by it. */
  thrown: Error | null = null
  /** How many, from the first, know the keys. */
  #keysTold = 0
  #keyWaiters: Waiter<string[]>[] | null = null
  #endWaiters: Waiter<ResultSummary>[] | null = null

  /**
   * The context in which all of them may be called at once; null = none: several readers may each have their
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

  /** The next reader that does not know the keys, which it does from now on. */
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

  /** @returns what waits for the keys, and does not any more; null = nothing */
  takeKeyWaiters(): Waiter<string[]>[] | null {
    const waiters = this.#keyWaiters
    this.#keyWaiters = null
    return waiters
  }

  /** @returns what waits for the end, and does not any more; null = nothing */
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
