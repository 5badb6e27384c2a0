/**
 * The proleptic Gregorian calendar in plain numbers: days and seconds since 1970-01-01, and ISO 8601 text.
 * Arithmetic only: no classes, no time zones.
 */

import type { NumberOrInteger } from './check.js'
import { int } from './integer.js'

export const SECONDS_PER_DAY = 86_400
export const NANOS_PER_SECOND = 1_000_000_000

/** Days since 1970-01-01 of a date. Months and days beyond their range carry over. */
export function epochDay(year: number, month: number, day: number): number {
  // Years begin in March here, so that the leap day is the last day of its year.
  const y = month <= 2 ? year - 1 : year
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468
}

/** Seconds since 1970-01-01T00:00 of a local date and time. Exact for years within ±285,000,000. */
export function epochSecond(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number {
  return epochDay(year, month, day) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second
}

/**
 * A field of a temporal value as a number without fraction; exact within the ranges that the classes allow. A
 * value that is no integer stays as it is.
 */
export function whole(value: NumberOrInteger): number {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : Math.trunc(value)
  return typeof value === 'bigint' ? Number(value) : int(value).toNumber()
}

/** `2024-02-29`; years outside 0 to 9999 have a sign and at least six digits. */
export function dateToIso(year: NumberOrInteger, month: NumberOrInteger, day: NumberOrInteger): string {
  return `${yearToIso(whole(year))}-${pad(whole(month), 2)}-${pad(whole(day), 2)}`
}

/** `10:20:30.000000001`, without the fraction if it is zero. */
export function timeToIso(
  hour: NumberOrInteger,
  minute: NumberOrInteger,
  second: NumberOrInteger,
  nanosecond: NumberOrInteger,
): string {
  return `${pad(whole(hour), 2)}:${pad(whole(minute), 2)}:${pad(whole(second), 2)}${nanosToIso(whole(nanosecond))}`
}

/** `Z`, `+02:00`, or with seconds if the offset has some. */
export function offsetToIso(offsetSeconds: NumberOrInteger): string {
  const offset = whole(offsetSeconds)
  if (!Number.isFinite(offset)) return offset < 0 ? '-Infinity' : `+${offset}`
  if (offset === 0) return 'Z'
  const size = Math.abs(offset)
  const text = `${offset < 0 ? '-' : '+'}${pad(Math.trunc(size / 3600), 2)}:${pad(Math.trunc(size / 60) % 60, 2)}`
  return size % 60 === 0 ? text : `${text}:${pad(size % 60, 2)}`
}

/** `.000000001`; empty for zero. */
export function nanosToIso(nanosecond: number): string {
  return nanosecond === 0 ? '' : `.${pad(nanosecond, 9)}`
}

function yearToIso(year: number): string {
  if (year < 0) return pad(year, 6)
  return year > 9999 ? `+${pad(year, 6)}` : pad(year, 4)
}

function pad(value: number, length: number): string {
  const digits = Math.abs(value).toString().padStart(length, '0')
  return value < 0 ? `-${digits}` : digits
}
