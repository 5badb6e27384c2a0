/**
 * Notices that time has passed without the engine's clock, which stands still while the machine sleeps. A
 * clock that a person has set forward, or that a test has put in its place, does not count.
 */
export class ClockDrift {
  readonly #lead: () => number
  #last: number

  /** @param lead by how many milliseconds the wall clock is ahead of one that stands still in sleep */
  constructor(lead: () => number) {
    this.#lead = lead
    this.#last = lead()
  }

  /**
   * How many milliseconds have been slept through since this was asked last; 0 where that is less than a
   * second.
   */
  sinceLast(): number {
    const lead = this.#lead()
    const slept = lead - this.#last
    // Clocks that are kept right by a time server wander.
    if (slept > 0 && slept < SHORTEST) return 0
    this.#last = lead
    return slept > 0 ? Math.min(Math.round(slept), LONGEST) : 0
  }
}

const SHORTEST = 1000
/** The most that the engine takes; 49 days. */
const LONGEST = 0xffffffff
