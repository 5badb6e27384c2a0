/**
 * The event loop's turns, shared by all who take what is at hand: one of them goes on in each turn, so that timers and sockets wait for one of
 * them at most, however many there are. Knows nothing of what they take.
 */
import { setImmediate } from 'node:timers'

// Node's own, and taken now: mock timers may be put in its place, and they are no part of what a user's clock should decide.
const afterEvents = setImmediate

const waiting: (() => void)[] = []

/**
 * Calls back once the event loop has had its turn, and everybody who came before has had one as well.
 * @internal
 */
export function inTurn(goOn: () => void): void {
  if (waiting.push(goOn) === 1) afterEvents(next)
}

function next(): void {
  const goOn = waiting.shift() as () => void
  // Before it goes on: what is asked for in the phase of the immediates is done after the next events.
  if (waiting.length > 0) afterEvents(next)
  goOn()
}
