/** Waiting with an end for functions of the application that may never settle. */

import { clearTimeout, setTimeout } from 'node:timers'

// Node's own, and taken now: a test may put mock timers in their place.
const startTimer = setTimeout
const stopTimer = clearTimeout

/**
 * In milliseconds: how long a call that many wait for is taken for alive. As long as a connection is waited
 * for by default.
 */
const LONGEST_CALL = 60_000

/**
 * What a promise gives, if it settles in time. The timer does not hold the process.
 *
 * @param limit in milliseconds
 * @param late makes the error after that
 * @throws what `late` makes, when the promise has not settled in time
 * @internal
 */
export function inTime<T>(promise: PromiseLike<T> | T, limit: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = startTimer(() => reject(late()), Math.min(limit, LONGEST_TIMER))
    timer.unref()
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => stopTimer(timer))
  })
}

/**
 * Whether a call that has not settled is not to be waited for any more.
 *
 * @param since when it was made, in milliseconds of `Date.now()`
 * @internal
 */
export function isLost(since: number): boolean {
  // A clock may have been set back.
  return Math.abs(Date.now() - since) >= LONGEST_CALL
}

/**
 * One call at a time, for all who need what it gives. Whoever comes to one that has not settled for a minute
 * makes another: a promise that is lost must not be waited for ever after.
 * @internal
 */
export class SharedCall<T> {
  #current: Promise<T> | undefined
  #since = 0

  /** What the call under way gives, or, where there is none to wait for, what `call` does. */
  join(call: () => Promise<T>): Promise<T> {
    if (this.#current !== undefined && !isLost(this.#since)) return this.#current
    const made = call().finally(() => {
      if (this.#current === made) this.#current = undefined
    })
    this.#current = made
    this.#since = Date.now()
    return made
  }
}

/** In milliseconds. Node takes a longer one for 1. */
const LONGEST_TIMER = 2 ** 31 - 1
