/** Waits for functions of the application, which may never settle, up to a limit. */

import { clearTimeout, setTimeout } from 'node:timers'

// Node's own, and taken now: a test may put mock timers in their place.
const startTimer = setTimeout
const stopTimer = clearTimeout

/**
 * In milliseconds: how long a call that several callers wait for counts as alive. The default time to wait
 * for a connection is as long.
 */
const LONGEST_CALL = 60_000

/**
 * What a promise gives, if it settles in time. The timer does not keep the process alive.
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
 * Whether a call has been pending for too long to wait for it any more.
 *
 * @param since when it was made, in milliseconds of `Date.now()`
 * @internal
 */
export function isLost(since: number): boolean {
  // A clock may have been set back.
  return Math.abs(Date.now() - since) >= LONGEST_CALL
}

/**
 * One call at a time, shared by all callers that need its value. When it has not settled within a minute, the
 * next caller starts another: a lost promise must not be waited for forever.
 * @internal
 */
export class SharedCall<T> {
  #current: Promise<T> | undefined
  #since = 0

  /** The value of the call under way. Where there is none to wait for, starts `call`. */
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
