/** Durations: their normal form and their ISO 8601 text. */

import { newError } from '../error/neo4j-error.js'
import { NANOS_PER_SECOND } from './calendar.js'
import { assertNumberOrInteger, type NumberOrInteger } from './check.js'
import { beyondInt64, fitsInt64, floorDiv } from './int64.js'
import { type Integer, int } from './integer.js'
import { isMarked, mark } from './marker.js'
import { shape } from './shape.js'

/**
 * A length of time in months, days, seconds and nanoseconds. These do not convert into each other, since
 * months and days vary in length. Only nanoseconds beyond one second carry over, so that they lie
 * between 0 and 999,999,999. Frozen.
 *
 * @example
 * new Duration(14, 3, 3600, 500_000_000).toString() // 'P1Y2M3DT1H0.500000000S'
 */
export class Duration<T extends NumberOrInteger = Integer> {
  /** Whole months; 12 for each year. */
  declare readonly months: T
  /** Whole days; 7 for each week. */
  declare readonly days: T
  /** Whole seconds; may be more than a day. */
  declare readonly seconds: T
  /** From 0 to 999,999,999. Add them to the seconds, even to negative ones. */
  declare readonly nanoseconds: T

  /**
   * @throws TypeError if an argument is no integer of any kind, RangeError if the carried nanoseconds take
   * the seconds, as an Integer, beyond 64 bits
   */
  constructor(months: T, days: T, seconds: T, nanoseconds: T) {
    this.months = assertNumberOrInteger(months, 'Months')
    this.days = assertNumberOrInteger(days, 'Days')
    assertNumberOrInteger(seconds, 'Seconds')
    assertNumberOrInteger(nanoseconds, 'Nanoseconds')
    const carry = secondsIn(nanoseconds)
    this.seconds = plus(seconds, carry) as T
    this.nanoseconds = plus(nanoseconds, -carry * BigInt(NANOS_PER_SECOND)) as T
    Object.freeze(this)
  }

  /** @internal The same without checks and normalisation, for values that come from a server. */
  static unchecked<T extends NumberOrInteger>(months: T, days: T, seconds: T, nanoseconds: T): Duration<T> {
    return new TrustedDuration(months, days, seconds, nanoseconds) as Duration<T>
  }

  /**
   * Reads an ISO 8601 duration such as `P1Y2M3DT4H5M6.7S` or `-P2W`. A fraction is accepted if it comes out
   * even: `P0.5Y` is six months, `P0.5M` is an error.
   * @throws Neo4jError for other text
   */
  static fromString(str: string): Duration {
    return parseDuration(str)
  }

  /**
   * The ISO 8601 text. A field that is no integer, because it was beyond JavaScript's numbers,
   * appears as it is: `PTInfinityS`.
   */
  toString(): string {
    const { months, days, seconds, nanoseconds } = this
    return durationToIso(exact(months), exact(days), exact(seconds), exact(nanoseconds))
  }
}

mark(Duration.prototype, '__isDuration__')

const TrustedDuration = shape(
  Duration as { prototype: Duration<NumberOrInteger> },
  function (months: NumberOrInteger, days: NumberOrInteger, seconds: NumberOrInteger, nanoseconds: NumberOrInteger) {
    this.months = months
    this.days = days
    this.seconds = seconds
    this.nanoseconds = nanoseconds
    Object.freeze(this)
  },
)

/** Whether a value is a {@link Duration}, of this or another copy of the driver. */
export function isDuration<T extends NumberOrInteger = Integer>(obj: unknown): obj is Duration<T> {
  return isMarked(obj, '__isDuration__')
}

/** An integer of any kind as a bigint, without its fraction. NaN and the infinities stay as they are. */
function exact(value: NumberOrInteger): bigint | number {
  if (typeof value === 'bigint') return value
  if (typeof value !== 'number') return int(value).toBigInt()
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : value
}

/**
 * The whole seconds in a number of nanoseconds, rounded down; 0 for more than 64
 * bits, which no server accepts.
 */
function secondsIn(nanoseconds: NumberOrInteger): bigint {
  const total = exact(nanoseconds)
  return typeof total === 'number' || !fitsInt64(total) ? 0n : floorDiv(total, BigInt(NANOS_PER_SECOND))
}

/** The sum, of the same kind as the value. */
function plus(value: NumberOrInteger, summand: bigint): NumberOrInteger {
  const sum = exact(value)
  if (typeof sum === 'number') return sum
  if (typeof value === 'bigint') return sum + summand
  if (typeof value === 'number') return Number(sum + summand)
  if (summand === 0n) return int(value)
  if (!fitsInt64(sum + summand)) throw beyondInt64(sum + summand)
  return int(sum + summand)
}

type Exact = bigint | number

function durationToIso(months: Exact, days: Exact, seconds: Exact, nanoseconds: Exact): string {
  if (months === 0n && days === 0n && seconds === 0n && nanoseconds === 0n) return 'PT0S'
  const part = (value: Exact, unit: string) => (value === 0n ? '' : `${value}${unit}`)
  const ofMonths = typeof months === 'number' ? `${months}M` : `${part(months / 12n, 'Y')}${part(months % 12n, 'M')}`
  return `P${ofMonths}${part(days, 'D')}T${timeToIso(seconds, nanoseconds)}`
}

function timeToIso(seconds: Exact, nanoseconds: Exact): string {
  if (typeof seconds === 'number') return `${seconds}S`
  if (typeof nanoseconds === 'number') return `${nanoseconds}S`
  if (nanoseconds >= 1_000_000_000n)
    return timeToIso(seconds + nanoseconds / 1_000_000_000n, nanoseconds % 1_000_000_000n)
  // Nanoseconds always count forwards: -1 s and 300 ms are -0.7 s, written with all
  // three parts of the time negative.
  const borrow = seconds < 0n && nanoseconds > 0n
  const time = borrow ? seconds + 1n : seconds
  const nanos = borrow ? 1_000_000_000n - nanoseconds : nanoseconds
  const sign = borrow && time % 60n === 0n ? '-' : ''
  const fraction = nanos > 0n ? `.${nanos.toString().padStart(9, '0')}` : ''
  const part = (value: bigint, unit: string) => (value === 0n ? '' : `${value}${unit}`)
  const ofSeconds = `${sign}${time % 60n}${fraction}`
  return `${part(time / 3600n, 'H')}${part((time / 60n) % 60n, 'M')}${ofSeconds === '0' ? '' : `${ofSeconds}S`}`
}

const AMOUNT = String.raw`(-?\d*\.?\d*)`
const DATE_PART = `(?:${AMOUNT}Y)?(?:${AMOUNT}M)?(?:${AMOUNT}W)?(?:${AMOUNT}D)?`
const TIME_PART = String.raw`(?:T(?:${AMOUNT}H)?(?:${AMOUNT}M)?(?:(-)?(\d*)(\.\d*)?S)?)?`
const DURATION = new RegExp(`^([-+]?)P${DATE_PART}${TIME_PART}$`, 'i')

function parseDuration(text: string): Duration {
  if (text.slice(-1).toUpperCase() === 'T') {
    throw newError(
      `Duration string '${text}' ends with 'T', time delimiter must be excluded if Duration contains no time components`,
    )
  }
  const match = DURATION.exec(text.replaceAll(',', '.'))
  const amounts = match?.slice(2) ?? []
  if (match === null || amounts.every((amount) => amount === undefined)) {
    throw newError(`Duration could not be parsed from string: ${text}`)
  }
  const [years, months, weeks, days, hours, minutes, minus = '', seconds = '', fraction = ''] = amounts
  const inMonths = total([years, 'Years', 12], [months, 'Months', 1])
  const inDays = total([weeks, 'Weeks', 7], [days, 'Days', 1])
  const inSeconds = total([hours, 'Hours', 3600], [minutes, 'Minutes', 60])
  const inNanos = Math.round(parseAmount(`${minus}0${fraction}`, 'nanoseconds') * NANOS_PER_SECOND)
  const ofSeconds = BigInt(`${seconds === '' ? '0' : seconds}`) * (minus === '' ? 1n : -1n)
  const sign = match[1] === '-' ? -1n : 1n
  const fields = [
    sign * assertWhole(inMonths, 'Months'),
    sign * assertWhole(inDays, 'Days'),
    sign * (assertWhole(inSeconds, 'Seconds') + ofSeconds),
    sign * assertWhole({ whole: 0n, rest: inNanos }, 'Nanoseconds'),
  ]
  // Checked here, since an Integer would be another number, and again after the nanoseconds are added.
  if (!fields.every(fitsInt64)) throw tooLong(text)
  const [m, d, s, n] = fields.map((field) => int(field))
  try {
    return new Duration(m, d, s, n)
  } catch (error) {
    throw error instanceof RangeError ? tooLong(text) : error
  }
}

function tooLong(text: string): Error {
  return newError(`Duration could not be parsed from string: ${text} (it does not fit into integers of 64 bits)`)
}

/**
 * Amounts in their smallest unit: the whole ones exactly, since a number cannot hold all of
 * them, and the sum of the fractions.
 */
interface Total {
  readonly whole: bigint
  readonly rest: number
}

function total(...amounts: Array<[text: string | undefined, field: string, units: number]>): Total {
  let whole = 0n
  let rest = 0
  for (const [text, field, units] of amounts) {
    const value = parseAmount(text, field) * units
    if (/^-?\d+$/.test(text ?? '')) whole += BigInt(text as string) * BigInt(units)
    else rest += value
  }
  return { whole, rest }
}

function parseAmount(text: string | undefined, field: string): number {
  if (text === undefined || text.length === 0) return 0
  const value = Number.parseFloat(text)
  if (Number.isNaN(value)) throw newError(`Failed to parse temporal field ${field}. Got string: ${text}.`)
  return value
}

function assertWhole({ whole, rest }: Total, field: string): bigint {
  if (Number.isInteger(rest)) return whole + BigInt(rest)
  throw newError(
    `Parsing Duration field: ${field} resulted in a non-integer value. Bolt protocol can only send durations which can be simplified to integer values of months, days, seconds and nanoseconds.`,
  )
}
