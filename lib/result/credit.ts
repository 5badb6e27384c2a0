/** How many records a stream has asked the server for: the arithmetic of fetch size and PULL. */
export class Credit {
  readonly #fetchSize: number
  readonly #lowWatermark: number
  /** Records which the PULLs that may be sent have yet to bring. */
  #outstanding: number
  /**
   * Whether the present PULL has brought all its records, though the server has not yet said that it is over.
   */
  #filled = false
  /** Whether all PULLs may be sent. */
  #unlimited = false

  /** @param fetchSize records for each PULL, -1 = all */
  constructor(fetchSize: number) {
    this.#fetchSize = fetchSize
    this.#lowWatermark = 0.3 * fetchSize
    this.#outstanding = fetchSize === -1 ? Number.POSITIVE_INFINITY : fetchSize
  }

  /** Whether all PULLs may be sent. */
  get unlimited(): boolean {
    return this.#unlimited
  }

  /** Whether the PULLs that may be sent have brought all that they were for. */
  get isUsedUp(): boolean {
    return this.#outstanding <= 0
  }

  /** Whether it is time for one more PULL, given how many records still wait for a reader. */
  isLow(buffered: number): boolean {
    return buffered + this.#outstanding <= this.#lowWatermark
  }

  /** One more PULL may be sent. */
  grant(): void {
    this.#outstanding += this.#fetchSize
  }

  /** All PULLs may be sent. */
  grantAll(): void {
    this.#unlimited = true
  }

  /** The server has sent records. */
  spend(records: number): void {
    this.#outstanding -= records
    this.#filled = this.#fetchSize !== -1 && this.#outstanding % this.#fetchSize === 0
  }

  /** The server is done with a PULL, which may have brought less than it was for. */
  endPull(): void {
    if (this.#fetchSize !== -1 && !this.#filled) {
      this.#outstanding = Math.max(0, Math.floor((this.#outstanding - 1) / this.#fetchSize)) * this.#fetchSize
    }
    this.#filled = false
  }
}
