/** Decides when a transaction function is retried, and for how long. */

import { isRetryableError } from '../error/neo4j-error.js'
import { captureMissingStack } from '../error/stack.js'

/** The source of time and chance; tests replace it. */
export interface RetryClock {
  /** Milliseconds. */
  now(): number
  /** At least 0, less than 1. */
  random(): number
  /** @returns a way to cancel it */
  after(milliseconds: number, callback: () => void): () => void
}

/** Reads the globals at each call, so that mock timers work. */
const GLOBAL_CLOCK: RetryClock = {
  now: () => Date.now(),
  random: () => Math.random(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
}

/**
 * The waiting times of one transaction function: 1 s, 2 s, 4 s and so on, each up to 20 % shorter or longer,
 * until the budget is used up. The budget runs from the first failure.
 */
export class RetrySchedule {
  /** In milliseconds. */
  readonly budget: number
  readonly #clock: RetryClock
  #firstFailure: number | null = null
  #delay = INITIAL_DELAY

  constructor(budget: number, clock: RetryClock = GLOBAL_CLOCK) {
    this.budget = budget
    this.#clock = clock
  }

  /** Milliseconds to wait before the next try; null = no further try. */
  delayAfter(error: unknown): number | null {
    const now = this.#clock.now()
    this.#firstFailure ??= now
    if (!isRetryableError(error) || now - this.#firstFailure >= this.budget) return null
    const delay = this.#delay * (1 - JITTER + 2 * JITTER * this.#clock.random())
    this.#delay *= MULTIPLIER
    return delay
  }
}

/** Retries transaction functions, for one session. */
export class Retries {
  readonly #budget: number
  readonly #clock: RetryClock
  readonly #pointless: () => boolean
  readonly #waiting = new Set<() => void>()
  readonly #allWaiting: Set<() => void>
  #closed = false

  /**
   * @param budget in milliseconds, for each transaction function; 0 = never retry
   * @param pointless whether no try can succeed any more, for example because the driver is closed
   * @param allWaiting ways to give up the pending retries of this session and of others: for the driver's end
   */
  constructor(
    budget: number,
    clock: RetryClock = GLOBAL_CLOCK,
    pointless: () => boolean = () => false,
    allWaiting = new Set<() => void>(),
  ) {
    this.#allWaiting = allWaiting
    this.#budget = budget
    this.#clock = clock
    this.#pointless = pointless
  }

  schedule(): RetrySchedule {
    return new RetrySchedule(this.#budget, this.#clock)
  }

  /**
   * Tries until an attempt succeeds, fails for good, or the budget is used up; then throws the last error.
   */
  async run<T>(attempt: () => Promise<T>): Promise<T> {
    const schedule = this.schedule()
    for (;;) {
      try {
        return await attempt()
      } catch (error) {
        captureMissingStack(error)
        const delay = schedule.delayAfter(error)
        if (delay === null) throw error
        await this.wait(delay, error)
      }
    }
  }

  /**
   * Waits before the next try.
   *
   * @param signal aborted when the caller no longer waits
   * @throws the error that is to be retried, when there will be no retry: the session or the driver is closed
   */
  wait(milliseconds: number, error: unknown, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed || this.#pointless()) {
        reject(error)
        return
      }
      const over = (): void => {
        this.#waiting.delete(giveUp)
        this.#allWaiting.delete(giveUp)
      }
      const giveUp = (): void => {
        over()
        cancel()
        reject(error)
      }
      const cancel = this.#clock.after(milliseconds, () => {
        over()
        resolve()
      })
      this.#waiting.add(giveUp)
      this.#allWaiting.add(giveUp)
      signal?.addEventListener('abort', giveUp, { once: true })
    })
  }

  /** Gives up all pending retries. */
  close(): void {
    this.#closed = true
    for (const giveUp of this.#waiting) giveUp()
  }
}

const INITIAL_DELAY = 1000
const MULTIPLIER = 2
const JITTER = 0.2
