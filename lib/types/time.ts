/** Times of day, with and without an offset: their ranges and their text. */

import { newError } from '../error/neo4j-error.js'
import { offsetToIso, timeToIso } from './calendar.js'
import { assertInRange, assertNumberOrInteger, type NumberOrInteger, type StandardDate } from './check.js'
import { type Integer, int } from './integer.js'
import { isMarked, mark } from './marker.js'
import { shape } from './shape.js'
import { nanosecondOf, offsetOf, parseTimeOfDay, TIME_OF_DAY } from './temporal-text.js'

/** A time of day without date, offset or zone. Frozen. */
export class LocalTime<T extends NumberOrInteger = Integer> {
  /** From 0 to 23. */
  declare readonly hour: T
  /** From 0 to 59. */
  declare readonly minute: T
  /** From 0 to 59. */
  declare readonly second: T
  /** From 0 to 999,999,999, within the second. */
  declare readonly nanosecond: T

  /**
   * @throws TypeError if a field is no integer of any kind, Neo4jError if it is out
   * of its range (a leap second is)
   */
  constructor(hour: T, minute: T, second: T, nanosecond: T) {
    this.hour = assertInRange(hour, 0, 23, 'Hour')
    this.minute = assertInRange(minute, 0, 59, 'Minute')
    this.second = assertInRange(second, 0, 59, 'Second')
    this.nanosecond = assertInRange(nanosecond, 0, 999999999, 'Nanosecond')
    Object.freeze(this)
  }

  /** @internal The same without checks, for values that come from a server. */
  static unchecked<T extends NumberOrInteger>(hour: T, minute: T, second: T, nanosecond: T): LocalTime<T> {
    return new TrustedLocalTime(hour, minute, second, nanosecond) as LocalTime<T>
  }

  /**
   * The time that a Date shows in the zone of this process.
   * @param nanosecond added to the milliseconds of the date
   * @throws TypeError for an invalid date
   */
  static fromStandardDate(standardDate: StandardDate, nanosecond?: NumberOrInteger): LocalTime<number> {
    const nanos = nanosecondOf(standardDate, nanosecond)
    return new LocalTime(standardDate.getHours(), standardDate.getMinutes(), standardDate.getSeconds(), nanos)
  }

  /** The ISO 8601 text, `10:20:30.000000001`. */
  toString(): string {
    return timeToIso(this.hour, this.minute, this.second, this.nanosecond)
  }

  /**
   * Reads `10`, `10:20`, `10:20:30` or `102030`, the last part with any decimals, after a point or a comma.
   * @throws Neo4jError for other text
   */
  static fromString(str: string): LocalTime {
    const match = LOCAL_TIME.exec(str.replaceAll(',', '.'))
    if (match === null) throw newError('LocalTime could not be parsed from string')
    return new LocalTime(...parseTimeOfDay(match, 1))
  }
}

mark(LocalTime.prototype, '__isLocalTime__')

const LOCAL_TIME = new RegExp(`^T?${TIME_OF_DAY}$`, 'i')

const TrustedLocalTime = shape(
  LocalTime as { prototype: LocalTime<NumberOrInteger> },
  function (hour: NumberOrInteger, minute: NumberOrInteger, second: NumberOrInteger, nanosecond: NumberOrInteger) {
    this.hour = hour
    this.minute = minute
    this.second = second
    this.nanosecond = nanosecond
    Object.freeze(this)
  },
)

/** Whether a value is a {@link LocalTime}, of this or another copy of the driver. */
export function isLocalTime<T extends NumberOrInteger = Integer>(obj: unknown): obj is LocalTime<T> {
  return isMarked(obj, '__isLocalTime__')
}

/** A time of day with an offset from UTC. Frozen. */
export class Time<T extends NumberOrInteger = Integer> {
  /** From 0 to 23. */
  declare readonly hour: T
  /** From 0 to 59. */
  declare readonly minute: T
  /** From 0 to 59. */
  declare readonly second: T
  /** From 0 to 999,999,999, within the second. */
  declare readonly nanosecond: T
  /**
   * Local time minus UTC, in seconds. `Date.getTimezoneOffset()` has the opposite sign, and is in minutes.
   */
  declare readonly timeZoneOffsetSeconds: T

  /** @throws TypeError if a field is no integer of any kind, Neo4jError if it is out of its range */
  constructor(hour: T, minute: T, second: T, nanosecond: T, timeZoneOffsetSeconds: T) {
    this.hour = assertInRange(hour, 0, 23, 'Hour')
    this.minute = assertInRange(minute, 0, 59, 'Minute')
    this.second = assertInRange(second, 0, 59, 'Second')
    this.nanosecond = assertInRange(nanosecond, 0, 999999999, 'Nanosecond')
    this.timeZoneOffsetSeconds = assertNumberOrInteger(timeZoneOffsetSeconds, 'Time zone offset in seconds')
    Object.freeze(this)
  }

  /** @internal The same without checks, for values that come from a server. */
  static unchecked<T extends NumberOrInteger>(
    hour: T,
    minute: T,
    second: T,
    nanosecond: T,
    timeZoneOffsetSeconds: T,
  ): Time<T> {
    return new TrustedTime(hour, minute, second, nanosecond, timeZoneOffsetSeconds) as Time<T>
  }

  /**
   * The time that a Date shows in the zone of this process, with the offset the zone has at that instant.
   * @param nanosecond added to the milliseconds of the date
   * @throws TypeError for an invalid date
   */
  static fromStandardDate(standardDate: StandardDate, nanosecond?: NumberOrInteger): Time<number> {
    const nanos = nanosecondOf(standardDate, nanosecond)
    return new Time(
      standardDate.getHours(),
      standardDate.getMinutes(),
      standardDate.getSeconds(),
      nanos,
      offsetOf(standardDate),
    )
  }

  /** The ISO 8601 text, `10:20:30.000000001+02:00`. */
  toString(): string {
    return timeToIso(this.hour, this.minute, this.second, this.nanosecond) + offsetToIso(this.timeZoneOffsetSeconds)
  }

  /**
   * Reads a time as {@link LocalTime.fromString} does, with `Z` or an offset such as `+02`,
   * `-0230` or `+02:30:15` after it.
   * @throws Neo4jError for other text
   */
  static fromString(str: string): Time {
    const match = TIME.exec(str.replaceAll(',', '.'))
    if (match === null) throw newError('Time could not be parsed from string')
    const [sign, hours, minutes = '0', seconds = '0'] = match.slice(5)
    if (sign !== 'Z' && hours === undefined) throw newError('Error parsing timezone offset.')
    const size = sign === 'Z' ? 0 : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
    return new Time(...parseTimeOfDay(match, 1), int(sign === '-' ? -size : size))
  }
}

mark(Time.prototype, '__isTime__')

const TIME = new RegExp(String.raw`^T?${TIME_OF_DAY}(Z$|[+-])(\d{2})?(?::?(\d{2}))?(?::?(\d{2}))?$`, 'i')

const TrustedTime = shape(
  Time as { prototype: Time<NumberOrInteger> },
  function (
    hour: NumberOrInteger,
    minute: NumberOrInteger,
    second: NumberOrInteger,
    nanosecond: NumberOrInteger,
    timeZoneOffsetSeconds: NumberOrInteger,
  ) {
    this.hour = hour
    this.minute = minute
    this.second = second
    this.nanosecond = nanosecond
    this.timeZoneOffsetSeconds = timeZoneOffsetSeconds
    Object.freeze(this)
  },
)

/** Whether a value is a {@link Time}, of this or another copy of the driver. */
export function isTime<T extends NumberOrInteger = Integer>(obj: unknown): obj is Time<T> {
  return isMarked(obj, '__isTime__')
}
