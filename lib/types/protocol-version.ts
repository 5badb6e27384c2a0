/** The version of the Bolt protocol in use, and how versions compare. */

/** A version of the Bolt protocol, as agreed with a server. */
export class ProtocolVersion {
  private readonly major: number
  private readonly minor: number

  /**
   * @param major the first number
   * @param minor the second one
   */
  constructor(major: number, minor: number) {
    this.major = major
    this.minor = minor
  }

  /** The 5 of 5.8. */
  getMajor(): number {
    return this.major
  }

  /** The 8 of 5.8. */
  getMinor(): number {
    return this.minor
  }

  /** Whether it is older than the other. */
  isLessThan(other: ProtocolVersion): boolean {
    return this.major < other.major || (this.major === other.major && this.minor < other.minor)
  }

  /** Whether it is newer than the other. */
  isGreaterThan(other: ProtocolVersion): boolean {
    return this.major > other.major || (this.major === other.major && this.minor > other.minor)
  }

  /** Whether it is newer than the other, or the same. */
  isGreaterOrEqualTo(other: ProtocolVersion): boolean {
    return !this.isLessThan(other)
  }

  /** Whether it is older than the other, or the same. */
  isLessOrEqualTo(other: ProtocolVersion): boolean {
    return !this.isGreaterThan(other)
  }

  /** Whether it is the same as the other. */
  isEqualTo(other: ProtocolVersion): boolean {
    return this.major === other.major && this.minor === other.minor
  }

  /** `'5.8'` */
  toString(): string {
    return `${this.major}.${this.minor}`
  }
}
