/**
 * 64-bit integers, as Cypher has them, on a platform whose numbers are exact to 53 bits
 * only. Two's complement arithmetic.
 *
 * The driver makes more Integers than other objects, so an `Integer` is two small integers and nothing else.
 * Addition, comparison and bit operations work on these halves. Multiplication and division use numbers where
 * they are exact, and BigInt otherwise.
 */

// biome-ignore lint/suspicious/noImportCycles: a Neo4jError has Integers in its public type, see there
import { newError } from '../error/neo4j-error.js'
import { mark } from './marker.js'

/** The arguments of arithmetic and conversions. Fractions are truncated, strings are read in base 10. */
export type Integerable =
  | number
  | string
  | Integer
  | {
      /** The lower 32 bits, signed. */
      low: number
      /** The upper 32 bits, signed. */
      high: number
    }
  | bigint

/** How {@link Integer.fromValue} reads its argument. */
export interface IntegerOptions {
  /** Refuse a string that is not entirely a number, instead of reading its beginning. Default false. */
  strictStringValidation?: boolean
  /** Round fractions up instead of truncating them. Default false. */
  ceilFloat?: boolean
}

const TWO_POW_32 = 2 ** 32
const TWO_POW_63 = 2 ** 63

// One 64-bit cell seen as a bigint and as two halves: converts without allocating, and wraps as int64 does.
const wide = new BigInt64Array(1)
const halves = new Int32Array(wide.buffer)
wide[0] = 1n
const LOW = halves[0] === 1 ? 0 : 1
const HIGH = 1 - LOW

const SMALLEST_CACHED = -128
const LARGEST_CACHED = 127
const cached: Integer[] = []

/**
 * A signed 64-bit integer. Values outside the 64 bits wrap around, as they do in
 * most languages with such a type.
 *
 * @example
 * int('9007199254740993').add(1).toString() // '9007199254740994'
 */
export class Integer {
  // `declare`: a field definition would first store undefined, which costs time and
  // the small-integer representation.
  /** The lower 32 bits, signed. */
  declare low: number
  /** The upper 32 bits, signed. */
  declare high: number

  /**
   * @param low the lower 32 bits as a signed number; 0 when left out
   * @param high the upper 32 bits as a signed number; 0 when left out
   */
  constructor(low?: number, high?: number) {
    this.low = low ?? 0
    this.high = high ?? 0
  }

  /** Whether {@link toNumber} is exact: within ±(2^53 - 1). */
  inSafeRange(): boolean {
    return this.high < 0x200000 && (this.high > -0x200000 || (this.high === -0x200000 && this.low !== 0))
  }

  /** The lower 32 bits; the value itself if it fits in them. */
  toInt(): number {
    return this.low
  }

  /** The nearest number. Exact if {@link inSafeRange}. */
  toNumber(): number {
    return this.high * TWO_POW_32 + (this.low >>> 0)
  }

  /** The value as a bigint. */
  toBigInt(): bigint {
    halves[LOW] = this.low
    halves[HIGH] = this.high
    return wide[0]
  }

  /** The value as a number, or plus or minus Infinity if a number would not be exact. */
  toNumberOrInfinity(): number {
    if (this.inSafeRange()) return this.toNumber()
    return this.high < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  }

  /**
   * The digits of the value.
   * @param radix base, 2 to 36; 10 when left out
   * @throws RangeError for another base
   */
  toString(radix?: number): string {
    radix = radix ?? 10
    if (radix < 2 || radix > 36) throw RangeError(`radix out of range: ${radix.toString()}`)
    return this.inSafeRange() ? this.toNumber().toString(radix) : this.toBigInt().toString(radix)
  }

  /**
   * The value as a bigint, with which `<`, `==` and other operators then work. `int(1) + 1` throws,
   * because it mixes bigint and number.
   */
  valueOf(): bigint {
    return this.toBigInt()
  }

  /** The upper 32 bits, signed. */
  getHighBits(): number {
    return this.high
  }

  /** The lower 32 bits, signed. */
  getLowBits(): number {
    return this.low
  }

  /** How many bits the absolute value needs; 1 for zero. */
  getNumBitsAbs(): number {
    const { low, high } = this.high < 0 ? this.negate() : this
    if (high !== 0) return 64 - Math.clz32(high)
    return low === 0 ? 1 : 32 - Math.clz32(low)
  }

  /** Whether it is 0. */
  isZero(): boolean {
    return this.high === 0 && this.low === 0
  }

  /** Whether it is less than 0. */
  isNegative(): boolean {
    return this.high < 0
  }

  /** Whether the value is zero or more. */
  isPositive(): boolean {
    return this.high >= 0
  }

  /** Whether it is odd. */
  isOdd(): boolean {
    return (this.low & 1) === 1
  }

  /** Whether it is even. */
  isEven(): boolean {
    return (this.low & 1) === 0
  }

  /** Whether the other is the same number. */
  equals(other: Integerable): boolean {
    const that = Integer.fromValue(other)
    return this.high === that.high && this.low === that.low
  }

  /** Whether the other is another number. */
  notEquals(other: Integerable): boolean {
    return !this.equals(other)
  }

  /** Whether it is less than the other. */
  lessThan(other: Integerable): boolean {
    return this.compare(other) < 0
  }

  /** Whether it is less than the other, or the same. */
  lessThanOrEqual(other: Integerable): boolean {
    return this.compare(other) <= 0
  }

  /** Whether it is more than the other. */
  greaterThan(other: Integerable): boolean {
    return this.compare(other) > 0
  }

  /** Whether it is more than the other, or the same. */
  greaterThanOrEqual(other: Integerable): boolean {
    return this.compare(other) >= 0
  }

  /** -1, 0 or 1, as this value is less than, equal to or greater than the other. */
  compare(other: Integerable): number {
    const that = Integer.fromValue(other)
    if (this.high !== that.high) return this.high < that.high ? -1 : 1
    if (this.low === that.low) return 0
    return this.low >>> 0 < that.low >>> 0 ? -1 : 1
  }

  /** The value with the other sign. The smallest value has no counterpart and stays as it is. */
  negate(): Integer {
    const low = -this.low | 0
    return new Integer(low, (~this.high + (low === 0 ? 1 : 0)) | 0)
  }

  /** The sum; beyond 64 bits it wraps. */
  add(addend: Integerable): Integer {
    const that = Integer.fromValue(addend)
    const low = (this.low >>> 0) + (that.low >>> 0)
    return new Integer(low | 0, (this.high + that.high + (low >= TWO_POW_32 ? 1 : 0)) | 0)
  }

  /** The difference; beyond 64 bits it wraps. */
  subtract(subtrahend: Integerable): Integer {
    const that = Integer.fromValue(subtrahend)
    const low = (this.low >>> 0) - (that.low >>> 0)
    return new Integer(low | 0, (this.high - that.high - (low < 0 ? 1 : 0)) | 0)
  }

  /** The product; beyond 64 bits it wraps. */
  multiply(multiplier: Integerable): Integer {
    const that = Integer.fromValue(multiplier)
    const product = this.toNumber() * that.toNumber()
    // A product that is itself safe was computed from safe factors (or from zero), so it is exact.
    if (Number.isSafeInteger(product)) return Integer.fromNumber(product)
    return fromBigInt(this.toBigInt() * that.toBigInt())
  }

  /**
   * The quotient, rounded towards zero.
   * @throws Neo4jError when the divisor is zero
   */
  div(divisor: Integerable): Integer {
    const that = Integer.fromValue(divisor)
    if (that.isZero()) throw newError('division by zero')
    if (this.inSafeRange() && that.inSafeRange()) {
      const dividend = this.toNumber()
      const by = that.toNumber()
      // The remainder is exact, hence so is the difference; dividing first could
      // round up to the next whole number.
      return Integer.fromNumber((dividend - (dividend % by)) / by)
    }
    return fromBigInt(this.toBigInt() / that.toBigInt())
  }

  /**
   * The remainder of {@link div}; it has the sign of this value.
   * @throws Neo4jError when the divisor is zero
   */
  modulo(divisor: Integerable): Integer {
    const that = Integer.fromValue(divisor)
    if (that.isZero()) throw newError('division by zero')
    if (this.inSafeRange() && that.inSafeRange()) return Integer.fromNumber(this.toNumber() % that.toNumber())
    return fromBigInt(this.toBigInt() % that.toBigInt())
  }

  /** Every bit flipped. */
  not(): Integer {
    return new Integer(~this.low, ~this.high)
  }

  /** The bits set in both. */
  and(other: Integerable): Integer {
    const that = Integer.fromValue(other)
    return new Integer(this.low & that.low, this.high & that.high)
  }

  /** The bits set in at least one of them. */
  or(other: Integerable): Integer {
    const that = Integer.fromValue(other)
    return new Integer(this.low | that.low, this.high | that.high)
  }

  /** The bits set in exactly one of them. */
  xor(other: Integerable): Integer {
    const that = Integer.fromValue(other)
    return new Integer(this.low ^ that.low, this.high ^ that.high)
  }

  /**
   * The bits shifted towards the high end. Only the lower six bits of the count matter. A count of zero gives
   * zero, a quirk of the official driver, kept because programs may rely on it.
   */
  shiftLeft(numBits: number | Integer): Integer {
    const count = Integer.toNumber(numBits) & 63
    if (count === 0) return Integer.ZERO
    if (count >= 32) return new Integer(0, this.low << (count - 32))
    return new Integer(this.low << count, (this.high << count) | (this.low >>> (32 - count)))
  }

  /**
   * The bits shifted towards the low end; the sign stays. A count of zero gives
   * zero, as in {@link shiftLeft}.
   */
  shiftRight(numBits: number | Integer): Integer {
    const asked = Integer.toNumber(numBits)
    const count = asked & 63
    if (count === 0) return Integer.ZERO
    if (asked >= 32) return new Integer(this.high >> (count - 32), this.high >= 0 ? 0 : -1)
    return new Integer((this.low >>> count) | (this.high << (32 - count)), this.high >> count)
  }

  static {
    for (let value = SMALLEST_CACHED; value <= LARGEST_CACHED; value++) {
      cached.push(new Integer(value, value < 0 ? -1 : 0))
    }
  }

  /** 0 */
  static ZERO: Integer = Integer.fromInt(0)
  /** 1 */
  static ONE: Integer = Integer.fromInt(1)
  /** -1 */
  static NEG_ONE: Integer = Integer.fromInt(-1)
  /** 2^63 - 1 */
  static MAX_VALUE: Integer = new Integer(-1, 0x7fffffff)
  /** -2^63 */
  static MIN_VALUE: Integer = new Integer(0, -0x80000000)
  /** -(2^53 - 1): the smallest value a number holds exactly. */
  static MIN_SAFE_VALUE: Integer = new Integer(1, -0x200000)
  /** 2^53 - 1: the largest value a number holds exactly. */
  static MAX_SAFE_VALUE: Integer = new Integer(-1, 0x1fffff)
  /** True. Marks an Integer, and its class, of any copy of the driver. */
  static __isInteger__: boolean = true

  /** Whether the value is an Integer, of this or another copy of the driver. */
  // biome-ignore lint/suspicious/noExplicitAny: the official signature
  static isInteger(obj: any): obj is Integer {
    return obj?.__isInteger__ === true
  }

  /**
   * The Integer of a 32-bit value; a wider value is truncated to 32 bits. From -128
   * to 127 always the same object.
   */
  static fromInt(value: number): Integer {
    const low = value | 0
    if (low >= SMALLEST_CACHED && low <= LARGEST_CACHED) return cached[low - SMALLEST_CACHED]
    return new Integer(low, low < 0 ? -1 : 0)
  }

  /** The Integer of two signed 32-bit halves. */
  static fromBits(lowBits: number, highBits: number): Integer {
    return new Integer(lowBits, highBits)
  }

  /**
   * The Integer of a number. Fractions are truncated, NaN and the infinities give zero, a number out of
   * range gives the nearest limit.
   */
  static fromNumber(value: number): Integer {
    if (!Number.isFinite(value)) return Integer.ZERO
    if (value <= -TWO_POW_63) return Integer.MIN_VALUE
    if (value + 1 >= TWO_POW_63) return Integer.MAX_VALUE
    const whole = Math.trunc(value)
    return new Integer(whole | 0, Math.floor(whole / TWO_POW_32) | 0)
  }

  /**
   * Reads digits in groups of eight. Without strict validation it skips the part of a group that is no
   * number: `'zz'` is zero and `'12.5'` is 12.
   * @param radix base, 2 to 36; 10 when left out
   * @throws Neo4jError for an empty string, another base, a '-' inside, or with strict
   * validation for anything but digits
   */
  static fromString(str: string, radix?: number, options?: { strictStringValidation?: boolean }): Integer {
    if (str.length === 0) throw newError('number format error: empty string')
    if (str === 'NaN' || str === 'Infinity' || str === '+Infinity' || str === '-Infinity') return Integer.ZERO
    radix = radix ?? 10
    if (radix < 2 || radix > 36) throw newError(`radix out of range: ${radix.toString()}`)
    const minus = str.indexOf('-')
    if (minus > 0) throw newError(`number format error: interior "-" character: ${str}`)
    // The official driver does not apply the option to the digits of a negative number.
    if (minus === 0) return Integer.fromString(str.substring(1), radix).negate()

    let result = Integer.ZERO
    for (let at = 0; at < str.length; at += 8) {
      const group = str.substring(at, at + 8)
      const value = Number.parseInt(group, radix)
      if (options?.strictStringValidation === true && !isWholly(group, value, radix)) {
        throw newError(`number format error: "${group}" is NaN in radix ${radix}: ${str}`)
      }
      result = result.multiply(radix ** group.length).add(value)
    }
    return result
  }

  /**
   * The Integer of a number, a string, a bigint, or an object with `low` and `high`.
   * Bigints wider than 64 bits wrap.
   * @throws Neo4jError for strings as {@link fromString} does
   */
  static fromValue(val: Integerable, opts?: IntegerOptions): Integer {
    if (val instanceof Integer) return val
    if (typeof val === 'number') return Integer.fromNumber(opts?.ceilFloat === true ? Math.ceil(val) : val)
    if (typeof val === 'string') return Integer.fromString(val, undefined, opts)
    if (typeof val === 'bigint') return fromBigInt(val)
    return new Integer(val.low, val.high)
  }

  /** The nearest number to a value. */
  static toNumber(val: Integerable): number {
    if (typeof val === 'number') return val
    if (typeof val === 'bigint') return Number(val)
    return Integer.fromValue(val).toNumber()
  }

  /** The digits of a value; see {@link Integer.prototype.toString}. */
  static toString(val: Integerable, radix?: number): string {
    return Integer.fromValue(val).toString(radix)
  }

  /** Whether {@link toNumber} is exact for a value. */
  static inSafeRange(val: Integerable): boolean {
    return Integer.fromValue(val).inSafeRange()
  }
}

mark(Integer.prototype, '__isInteger__')

/** Makes an {@link Integer}; see {@link Integer.fromValue}. */
export const int: typeof Integer.fromValue = Integer.fromValue
/** Whether a value is an {@link Integer}. */
export const isInt: typeof Integer.isInteger = Integer.isInteger
/** Whether a value can become a number without loss. */
export const inSafeRange: typeof Integer.inSafeRange = Integer.inSafeRange
/** A value as a number; exact only if {@link inSafeRange}. */
export const toNumber: typeof Integer.toNumber = Integer.toNumber
/** A value as digits. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: the official name
export const toString: typeof Integer.toString = Integer.toString

/** The lower 64 bits of a bigint. */
function fromBigInt(value: bigint): Integer {
  wide[0] = value
  return new Integer(halves[LOW], halves[HIGH])
}

function isWholly(digits: string, value: number, radix: number): boolean {
  return !Number.isNaN(value) && value.toString(radix).padStart(digits.length, '0') === digits.toLowerCase()
}
