/**
 * Notices time that has passed without the engine's clock, which stands still while the machine sleeps. A
 * clock that a person has set forward, or that a test has replaced, does not count.
 */
export class ClockDrift {
  readonly #lead: () => number
  #last: number

  /**
   * @param lead by how many milliseconds the wall clock is ahead of a clock that stands still during sleep
   */
  constructor(lead: () => number) {
    this.#lead = lead
    this.#last = lead()
  }

  /** How many milliseconds the machine has slept since the last call; 0 where that is less than a second. */
  sinceLast(): number {
    const lead = this.#lead()
    const slept = lead - this.#last
    // A clock that a time server corrects drifts a little.
    if (slept > 0 && slept < SHORTEST) return 0
    this.#last = lead
    return slept > 0 ? Math.min(Math.round(slept), LONGEST) : 0
  }
}

const SHORTEST = 1000
/** The most that the engine takes; 49 days. */
const LONGEST = 0xffffffff
