/**
 * The turns of the event loop, shared by all loops over what is at hand: how long the event loop has been
 * without a turn, and which loop goes on after the next. One goes on in each turn, so that timers and sockets
 * wait for one of them at most, however many there are.
 */
import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers'

// Node's own, and taken now: a test may put mock timers in their place, and they are no part of what a user's
// clock should decide.
const afterEvents = setImmediate
/** @internal Milliseconds, on a clock of its own. */
export const now: () => number = performance.now.bind(performance)

/** Since when the event loop has been without a turn, where that is known; it is told by one that follows. */
let runSince = 0
let running = false

/**
 * How many milliseconds the event loop has been without a turn, at `at`.
 *
 * @param since when work began of which the caller knows that no turn has come between; others may know of
 *   longer work
 * @internal
 */
export function blockedFor(at: number, since: number): number {
  if (!running) {
    // To be told of a turn makes one dearer. Short work has its end before anybody has to wait for it.
    if (at - since < SHORT) return at - since
    markBusy(since)
  }
  return at - runSince
}

/**
 * Work that is not short begins: however it is divided, it is one run until the event loop's next turn.
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
 * Calls back once the event loop has had its turn, and everybody who came before has had one as well.
 * @internal
 */
export function afterNextTurn(goOn: () => void): void {
  if (waiting.push(goOn) === 1) afterEvents(next)
}

function next(): void {
  const goOn = waiting.shift() as () => void
  // Before it goes on: what is asked for in the phase of the immediates is done after the next events.
  if (waiting.length > 0) afterEvents(next)
  goOn()
}
