/** How many records a stream has requested from the server: the arithmetic of fetch size and PULL. */
export class Credit {
  readonly #fetchSize: number
  readonly #lowWatermark: number
  /** Records that the allowed PULLs have yet to bring. */
  #outstanding: number
  /** Whether the current PULL has brought all its records, although the server has not ended it yet. */
  #filled = false
  /** Whether all PULLs are allowed. */
  #unlimited = false

  /** @param fetchSize records for each PULL, -1 = all */
  constructor(fetchSize: number) {
    this.#fetchSize = fetchSize
    this.#lowWatermark = 0.3 * fetchSize
    this.#outstanding = fetchSize === -1 ? Number.POSITIVE_INFINITY : fetchSize
  }

  /** Whether all PULLs are allowed. */
  get unlimited(): boolean {
    return this.#unlimited
  }

  /** Whether the allowed PULLs have brought all their records. */
  get isUsedUp(): boolean {
    return this.#outstanding <= 0
  }

  /** Whether it is time for one more PULL, given how many records still wait for a reader. */
  isLow(buffered: number): boolean {
    return buffered + this.#outstanding <= this.#lowWatermark
  }

  /** Allows one more PULL. */
  grant(): void {
    this.#outstanding += this.#fetchSize
  }

  /** Allows all PULLs. */
  grantAll(): void {
    this.#unlimited = true
  }

  /** Counts records that the server has sent. */
  spend(records: number): void {
    this.#outstanding -= records
    this.#filled = this.#fetchSize !== -1 && this.#outstanding % this.#fetchSize === 0
  }

  /** Called when the server ends a PULL, which may have brought fewer records than it asked for. */
  endPull(): void {
    if (this.#fetchSize !== -1 && !this.#filled) {
      this.#outstanding = Math.max(0, Math.floor((this.#outstanding - 1) / this.#fetchSize)) * this.#fetchSize
    }
    this.#filled = false
  }
}
