/** Reading ISO 8601 text and JavaScript's Dates, for all temporal classes. */

import { epochSecond, NANOS_PER_SECOND } from './calendar.js'
import { assertNumberOrInteger, assertValidDate, type NumberOrInteger, type StandardDate } from './check.js'
import { type Integer, int, toNumber } from './integer.js'

/** Source of a pattern with four groups: hour, minute, second, decimals of the last one given. */
export const TIME_OF_DAY: string = String.raw`(\d{2})(?::?(\d{2}))?(?::?(\d{2}))?(\.\d+)?`

/** Source of a pattern with three groups: year, month, day. */
export const CALENDAR_DATE: string = String.raw`([+-]\d{5,}|\d{4})-(\d{2})-(\d{2})`

/**
 * The fields of a time whose four groups of {@link TIME_OF_DAY} begin at `group`. Decimals belong to the
 * smallest field given: `10.5` is half past ten. They are computed digit by digit, so that nanoseconds are
 * exact; finer digits are dropped.
 */
export function parseTimeOfDay(
  match: RegExpExecArray,
  group: number,
): [hour: Integer, minute: Integer, second: Integer, nanosecond: Integer] {
  const hour: string = match[group]
  const minute: string | undefined = match[group + 1]
  const second: string | undefined = match[group + 2]
  const decimals: string = match[group + 3]?.slice(1) ?? ''
  const secondsPerUnit = second !== undefined ? 1 : minute !== undefined ? 60 : 3600
  const unit = BigInt(secondsPerUnit) * BigInt(NANOS_PER_SECOND)
  const nanos = Number((BigInt(decimals === '' ? '0' : decimals) * unit) / 10n ** BigInt(decimals.length))
  const seconds = Math.floor(nanos / NANOS_PER_SECOND)
  return [
    int(hour),
    minute === undefined ? int(Math.floor(seconds / 60)) : int(minute),
    second === undefined ? int(seconds % 60) : int(second),
    int(nanos % NANOS_PER_SECOND),
  ]
}

/**
 * The nanoseconds of the second that a Date and an additional amount make up.
 * @throws TypeError for an invalid date or an amount which is no integer of any kind
 */
export function nanosecondOf(date: StandardDate, nanosecond?: NumberOrInteger): number {
  assertValidDate(date, 'Standard date')
  if (nanosecond !== null && nanosecond !== undefined) assertNumberOrInteger(nanosecond, 'Nanosecond')
  const extra = nanosecond ?? 0
  return date.getMilliseconds() * 1_000_000 + toNumber(extra)
}

/**
 * The offset in seconds of this process's zone at the instant of a Date. Historic
 * offsets are not whole minutes.
 */
export function offsetOf(date: StandardDate): number {
  const local = epochSecond(
    date.getFullYear(),
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  )
  return local - Math.floor(date.getTime() / 1000)
}
