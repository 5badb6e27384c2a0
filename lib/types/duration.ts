/** Durations. Knows their normal form and their ISO 8601 text; knows nothing of bytes on the wire. */

import { newError } from '../error.js'
import { NANOS_PER_SECOND } from './calendar.js'
import { assertNumberOrInteger, type NumberOrInteger } from './check.js'
import { type Integer, int } from './integer.js'
import { isMarked, mark } from './marker.js'
import { shape } from './shape.js'

/**
 * A length of time in months, days, seconds and nanoseconds; these do not convert into each other, since months and days
 * vary in length, but nanoseconds beyond one second are carried over so that they lie within 0 and 999,999,999. Frozen.
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
  /** From 0 to 999,999,999, to be added to the seconds also where these are negative. */
  declare readonly nanoseconds: T

  /** @throws TypeError if an argument is no integer of any kind */
  constructor(months: T, days: T, seconds: T, nanoseconds: T) {
    this.months = assertNumberOrInteger(months, 'Months')
    this.days = assertNumberOrInteger(days, 'Days')
    assertNumberOrInteger(seconds, 'Seconds')
    assertNumberOrInteger(nanoseconds, 'Nanoseconds')
    const [carry, rest] = splitNanoseconds(nanoseconds)
    this.seconds = addSeconds(seconds, carry) as T
    this.nanoseconds = rest as T
    Object.freeze(this)
  }

  /** @internal The same without checks and normalisation, for values that come from a server. */
  static unchecked<T extends NumberOrInteger>(months: T, days: T, seconds: T, nanoseconds: T): Duration<T> {
    return new TrustedDuration(months, days, seconds, nanoseconds) as Duration<T>
  }

  /**
   * Reads an ISO 8601 duration such as `P1Y2M3DT4H5M6.7S` or `-P2W`. Fractions are taken where they come out even:
   * `P0.5Y` is six months, `P0.5M` is refused.
   * @throws Neo4jError for other text
   */
  static fromString(str: string): Duration {
    return parseDuration(str)
  }

  /** The ISO 8601 text. */
  toString(): string {
    return durationToIso(
      int(this.months).toBigInt(),
      int(this.days).toBigInt(),
      int(this.seconds).toBigInt(),
      int(this.nanoseconds).toBigInt(),
    )
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

// Whole seconds and what is left of the nanoseconds, the latter in the kind that was given.
function splitNanoseconds(nanoseconds: NumberOrInteger): [Integer, NumberOrInteger] {
  const total = int(nanoseconds)
  const carry = floorDiv(total, NANOS_PER_SECOND)
  return [carry, inKindOf(nanoseconds, total.subtract(carry.multiply(NANOS_PER_SECOND)))]
}

function addSeconds(seconds: NumberOrInteger, carry: Integer): NumberOrInteger {
  return inKindOf(seconds, int(seconds).add(carry))
}

function inKindOf(given: NumberOrInteger, value: Integer): NumberOrInteger {
  if (typeof given === 'number') return value.toNumber()
  return typeof given === 'bigint' ? value.toBigInt() : value
}

function floorDiv(value: Integer, divisor: number): Integer {
  const quotient = value.div(divisor)
  return value.isNegative() && quotient.multiply(divisor).notEquals(value) ? quotient.subtract(1) : quotient
}

function durationToIso(months: bigint, days: bigint, seconds: bigint, nanoseconds: bigint): string {
  if (months === 0n && days === 0n && seconds === 0n && nanoseconds === 0n) return 'PT0S'
  // Nanoseconds always count forwards: -1 s and 300 ms are -0.7 s, written with all three parts of the time negative.
  const borrow = seconds < 0n && nanoseconds > 0n
  const time = borrow ? seconds + 1n : seconds
  const nanos = borrow ? 1_000_000_000n - nanoseconds : nanoseconds
  const sign = borrow && time % 60n === 0n ? '-' : ''
  const fraction = nanos > 0n ? `.${nanos.toString().padStart(9, '0')}` : ''
  const part = (value: bigint, unit: string) => (value === 0n ? '' : `${value}${unit}`)
  const ofSeconds = `${sign}${time % 60n}${fraction}`
  return (
    `P${part(months / 12n, 'Y')}${part(months % 12n, 'M')}${part(days, 'D')}` +
    `T${part(time / 3600n, 'H')}${part((time / 60n) % 60n, 'M')}${ofSeconds === '0' ? '' : `${ofSeconds}S`}`
  )
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
  const sign = match[1] === '-' ? -1 : 1
  const inMonths = parseAmount(years, 'Years') * 12 + parseAmount(months, 'Months')
  const inDays = parseAmount(weeks, 'Weeks') * 7 + parseAmount(days, 'Days')
  const inSeconds = parseAmount(hours, 'Hours') * 3600 + parseAmount(minutes, 'Minutes') * 60
  const inNanos = Math.round(parseAmount(`${minus}0${fraction}`, 'nanoseconds') * NANOS_PER_SECOND)
  assertWhole(inMonths, 'Months')
  assertWhole(inDays, 'Days')
  assertWhole(inSeconds, 'Seconds')
  assertWhole(inNanos, 'Nanoseconds')
  const ofSeconds = BigInt(`${seconds === '' ? '0' : seconds}`) * (minus === '' ? 1n : -1n)
  return new Duration(
    int(sign * inMonths),
    int(sign * inDays),
    int(BigInt(sign) * (BigInt(inSeconds) + ofSeconds)),
    int(sign * inNanos),
  )
}

function parseAmount(text: string | undefined, field: string): number {
  if (text === undefined || text.length === 0) return 0
  const value = Number.parseFloat(text)
  if (Number.isNaN(value)) throw newError(`Failed to parse temporal field ${field}. Got string: ${text}.`)
  return value
}

function assertWhole(value: number, field: string): void {
  if (Number.isInteger(value)) return
  throw newError(
    `Parsing Duration field: ${field} resulted in a non-integer value. Bolt protocol can only send durations which can be simplified to integer values of months, days, seconds and nanoseconds.`,
  )
}
