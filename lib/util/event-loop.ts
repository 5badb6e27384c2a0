/**
 * The turns of the event loop, shared by all loops that work through what is at hand: how long the event loop
 * has been without a turn, and which loop goes on after the next one. One loop goes on in each turn, so
 * timers and sockets wait for one loop at most, however many there are.
 */
import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers'

// Node's own, and taken now: a test may put mock timers in their place, and they are no part of what a user's
// clock should decide.
const afterEvents = setImmediate
/** @internal Milliseconds, on a clock of its own. */
export const now: () => number = performance.now.bind(performance)

/** Since when the event loop has been without a turn, where that is known. A later turn resets it. */
let runSince = 0
let running = false

/**
 * How many milliseconds the event loop has been without a turn, at `at`.
 *
 * @param since when the caller's work began; the caller knows that the event loop has not turned since. Other
 *   callers may know of longer work
 * @internal
 */
export function blockedFor(at: number, since: number): number {
  if (!running) {
    // Noticing a turn makes the turn more expensive. Short work ends before anything has to wait for it.
    if (at - since < SHORT) return at - since
    markBusy(since)
  }
  return at - runSince
}

/**
 * Notes the start of work that is not short. However the work is divided, it is one run until the event
 * loop's next turn.
 * @internal
 */
export function markBusy(since: number): void {
  if (running) return
  running = true
  runSince = since
  afterEvents(ended)
}

function ended(): void {
  running = false
}

/** In milliseconds. */
const SHORT = 0.25

const waiting: (() => void)[] = []

/**
 * Calls back once the event loop has had its turn, and all earlier callers have had one as well.
 * @internal
 */
export function afterNextTurn(goOn: () => void): void {
  if (waiting.push(goOn) === 1) afterEvents(next)
}

function next(): void {
  const goOn = waiting.shift() as () => void
  // Scheduled before going on: what is requested in the phase of the immediates is done after the next
  // events.
  if (waiting.length > 0) afterEvents(next)
  goOn()
}
