/** Dates, with and without time and zone: their ranges and their text. */

import { newError } from '../error/neo4j-error.js'
import { dateToIso, epochSecond, offsetToIso, timeToIso, whole } from './calendar.js'
import {
  assertInRange,
  assertNumberOrInteger,
  assertString,
  assertValidDate,
  type NumberOrInteger,
  type StandardDate,
} from './check.js'
import { type Integer, int } from './integer.js'
import { isMarked, mark } from './marker.js'
import { shape } from './shape.js'
import { CALENDAR_DATE, nanosecondOf, offsetOf, parseTimeOfDay, TIME_OF_DAY } from './temporal-text.js'
import { isZoneId } from './zone.js'

const LARGEST_YEAR = 999999999

/** A day of the calendar, without time or zone. Not to be confused with JavaScript's Date. Frozen. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: the official name
export class Date<T extends NumberOrInteger = Integer> {
  /** From -999,999,999 to 999,999,999. */
  declare readonly year: T
  /** 1 to 12 */
  declare readonly month: T
  /** 1 to 31 */
  declare readonly day: T

  /** @throws TypeError if a field is no integer of any kind, Neo4jError if it is out of its range */
  constructor(year: T, month: T, day: T) {
    this.year = assertInRange(year, -LARGEST_YEAR, LARGEST_YEAR, 'Year')
    this.month = assertInRange(month, 1, 12, 'Month')
    this.day = assertInRange(day, 1, 31, 'Day')
    Object.freeze(this)
  }

  /** @internal The same without checks, for values that come from a server. */
  static unchecked<T extends NumberOrInteger>(year: T, month: T, day: T): Date<T> {
    return new TrustedDate(year, month, day) as Date<T>
  }

  /**
   * The day of a Date in the zone of this process.
   * @deprecated does not say which day it means: use {@link fromStandardDateLocal}
   * or {@link fromStandardDateUTC}
   * @throws TypeError for an invalid date
   */
  static fromStandardDate(standardDate: StandardDate): Date<number> {
    return Date.fromStandardDateLocal(standardDate)
  }

  /**
   * The day of a Date in the zone of this process.
   * @throws TypeError for an invalid date
   */
  static fromStandardDateLocal(standardDate: StandardDate): Date<number> {
    assertValidDate(standardDate, 'Standard date')
    return new Date(standardDate.getFullYear(), standardDate.getMonth() + 1, standardDate.getDate())
  }

  /**
   * The day of a Date in UTC.
   * @throws TypeError for an invalid date
   */
  static fromStandardDateUTC(standardDate: StandardDate): Date<number> {
    assertValidDate(standardDate, 'Standard date')
    return new Date(standardDate.getUTCFullYear(), standardDate.getUTCMonth() + 1, standardDate.getUTCDate())
  }

  /** Midnight UTC of the day; an invalid Date for years that JavaScript's Date does not reach. */
  toStandardDate(): StandardDate {
    return new globalThis.Date(this.toString())
  }

  /** The ISO 8601 text, `2024-02-29`. */
  toString(): string {
    return dateToIso(this.year, this.month, this.day)
  }

  /**
   * Reads `2024-02-29`, or a year of five digits or more with a sign.
   * @throws Neo4jError for other text
   */
  static fromString(str: string): Date {
    const match = DATE.exec(str)
    if (match === null) {
      throw newError("Date could not be parsed from string. Expects date in format 'YYYY-MM-DD' or '[+|-]YYYYY-MM-DD'")
    }
    return new Date(int(match[1]), int(match[2]), int(match[3]))
  }
}

mark(Date.prototype, '__isDate__')

const DATE = new RegExp(`^${CALENDAR_DATE}$`)

const TrustedDate = shape(
  Date as { prototype: Date<NumberOrInteger> },
  function (year: NumberOrInteger, month: NumberOrInteger, day: NumberOrInteger) {
    this.year = year
    this.month = month
    this.day = day
    Object.freeze(this)
  },
)

/** Whether a value is a {@link Date}, of this or another copy of the driver. False for JavaScript's Date. */
export function isDate<T extends NumberOrInteger = Integer>(obj: unknown): obj is Date<T> {
  return isMarked(obj, '__isDate__')
}

/** A date and a time of day as a calendar and a wall clock show them, without a zone. Frozen. */
export class LocalDateTime<T extends NumberOrInteger = Integer> {
  /** From -999,999,999 to 999,999,999. */
  declare readonly year: T
  /** From 1 to 12. */
  declare readonly month: T
  /** From 1 to 31, as the month has it. */
  declare readonly day: T
  /** From 0 to 23. */
  declare readonly hour: T
  /** From 0 to 59. */
  declare readonly minute: T
  /** From 0 to 59. */
  declare readonly second: T
  /** From 0 to 999,999,999, within the second. */
  declare readonly nanosecond: T

  /** @throws TypeError if a field is no integer of any kind, Neo4jError if it is out of its range */
  constructor(year: T, month: T, day: T, hour: T, minute: T, second: T, nanosecond: T) {
    this.year = assertInRange(year, -LARGEST_YEAR, LARGEST_YEAR, 'Year')
    this.month = assertInRange(month, 1, 12, 'Month')
    this.day = assertInRange(day, 1, 31, 'Day')
    this.hour = assertInRange(hour, 0, 23, 'Hour')
    this.minute = assertInRange(minute, 0, 59, 'Minute')
    this.second = assertInRange(second, 0, 59, 'Second')
    this.nanosecond = assertInRange(nanosecond, 0, 999999999, 'Nanosecond')
    Object.freeze(this)
  }

  /** @internal The same without checks, for values that come from a server. */
  static unchecked<T extends NumberOrInteger>(
    year: T,
    month: T,
    day: T,
    hour: T,
    minute: T,
    second: T,
    nanosecond: T,
  ): LocalDateTime<T> {
    return new TrustedLocalDateTime(year, month, day, hour, minute, second, nanosecond) as LocalDateTime<T>
  }

  /**
   * What a Date shows in the zone of this process.
   * @param nanosecond added to the milliseconds of the date
   * @throws TypeError for an invalid date
   */
  static fromStandardDate(standardDate: StandardDate, nanosecond?: NumberOrInteger): LocalDateTime<number> {
    const nanos = nanosecondOf(standardDate, nanosecond)
    return new LocalDateTime(
      standardDate.getFullYear(),
      standardDate.getMonth() + 1,
      standardDate.getDate(),
      standardDate.getHours(),
      standardDate.getMinutes(),
      standardDate.getSeconds(),
      nanos,
    )
  }

  /** The instant at which the zone of this process shows this date and time, truncated to milliseconds. */
  toStandardDate(): StandardDate {
    return new globalThis.Date(this.toString())
  }

  /** The ISO 8601 text, `2024-02-29T10:20:30.000000001`. */
  toString(): string {
    return localToIso(this)
  }

  /**
   * Reads a date and a time with a `T` between, as {@link Date.fromString} and
   * {@link LocalTime.fromString} do.
   * @throws Neo4jError for other text
   */
  static fromString(str: string): LocalDateTime {
    const match = LOCAL_DATE_TIME.exec(str.replaceAll(',', '.'))
    if (match === null) throw newError('LocalDateTime could not be parsed from string')
    return new LocalDateTime(int(match[1]), int(match[2]), int(match[3]), ...parseTimeOfDay(match, 4))
  }
}

mark(LocalDateTime.prototype, '__isLocalDateTime__')

const LOCAL_DATE_TIME = new RegExp(`^${CALENDAR_DATE}T${TIME_OF_DAY}$`, 'i')

const TrustedLocalDateTime = shape(
  LocalDateTime as { prototype: LocalDateTime<NumberOrInteger> },
  function (
    year: NumberOrInteger,
    month: NumberOrInteger,
    day: NumberOrInteger,
    hour: NumberOrInteger,
    minute: NumberOrInteger,
    second: NumberOrInteger,
    nanosecond: NumberOrInteger,
  ) {
    this.year = year
    this.month = month
    this.day = day
    this.hour = hour
    this.minute = minute
    this.second = second
    this.nanosecond = nanosecond
    Object.freeze(this)
  },
)

/** Whether a value is a {@link LocalDateTime}, of this or another copy of the driver. */
export function isLocalDateTime<T extends NumberOrInteger = Integer>(obj: unknown): obj is LocalDateTime<T> {
  return isMarked(obj, '__isLocalDateTime__')
}

/**
 * An instant, as seen in a zone. The offset from UTC, the name, or both give the zone. Frozen.
 *
 * With a name only, the driver looks up the offset when it sends the value. That is ambiguous when clocks are
 * put back, so give both if you know both. A value from a server has both.
 */
export class DateTime<T extends NumberOrInteger = Integer> {
  /** From -999,999,999 to 999,999,999. */
  declare readonly year: T
  /** From 1 to 12. */
  declare readonly month: T
  /** From 1 to 31, as the month has it. */
  declare readonly day: T
  /** From 0 to 23. */
  declare readonly hour: T
  /** From 0 to 59. */
  declare readonly minute: T
  /** From 0 to 59. */
  declare readonly second: T
  /** From 0 to 999,999,999, within the second. */
  declare readonly nanosecond: T
  /** Local time minus UTC, in seconds. */
  declare readonly timeZoneOffsetSeconds?: T
  /** Name in the IANA time zone database, `Europe/Stockholm`. */
  declare readonly timeZoneId?: string

  /**
   * @throws TypeError if a field is of a wrong kind, Neo4jError if it is out of its range, the zone
   * is unknown, or neither zone nor
   *   offset is given
   */
  constructor(
    year: T,
    month: T,
    day: T,
    hour: T,
    minute: T,
    second: T,
    nanosecond: T,
    timeZoneOffsetSeconds?: T,
    timeZoneId?: string | null,
  ) {
    this.year = assertInRange(year, -LARGEST_YEAR, LARGEST_YEAR, 'Year')
    this.month = assertInRange(month, 1, 12, 'Month')
    this.day = assertInRange(day, 1, 31, 'Day')
    this.hour = assertInRange(hour, 0, 23, 'Hour')
    this.minute = assertInRange(minute, 0, 59, 'Minute')
    this.second = assertInRange(second, 0, 59, 'Second')
    this.nanosecond = assertInRange(nanosecond, 0, 999999999, 'Nanosecond')
    const hasId = timeZoneId !== null && timeZoneId !== undefined && timeZoneId !== ''
    if (timeZoneOffsetSeconds == null && !hasId) {
      throw newError(
        `Unable to create DateTime without either time zone offset or id. Please specify either of them. Given offset: ${timeZoneOffsetSeconds} and id: ${timeZoneId}`,
      )
    }
    this.timeZoneOffsetSeconds =
      timeZoneOffsetSeconds == null
        ? undefined
        : assertNumberOrInteger(timeZoneOffsetSeconds, 'Time zone offset in seconds')
    this.timeZoneId = hasId ? assertZoneId(timeZoneId, 'Time zone ID') : undefined
    Object.freeze(this)
  }

  /** @internal The same without checks, for values that come from a server. */
  static unchecked<T extends NumberOrInteger>(
    year: T,
    month: T,
    day: T,
    hour: T,
    minute: T,
    second: T,
    nanosecond: T,
    timeZoneOffsetSeconds?: T,
    timeZoneId?: string,
  ): DateTime<T> {
    return new TrustedDateTime(
      year,
      month,
      day,
      hour,
      minute,
      second,
      nanosecond,
      timeZoneOffsetSeconds,
      timeZoneId,
    ) as DateTime<T>
  }

  /**
   * The instant of a Date, as seen in the zone of this process, with the offset but
   * without the name of that zone.
   * @param nanosecond added to the milliseconds of the date
   * @throws TypeError for an invalid date
   */
  static fromStandardDate(standardDate: StandardDate, nanosecond?: NumberOrInteger): DateTime<number> {
    const nanos = nanosecondOf(standardDate, nanosecond)
    return new DateTime(
      standardDate.getFullYear(),
      standardDate.getMonth() + 1,
      standardDate.getDate(),
      standardDate.getHours(),
      standardDate.getMinutes(),
      standardDate.getSeconds(),
      nanos,
      offsetOf(standardDate),
      null,
    )
  }

  /**
   * The instant, truncated to milliseconds.
   * @throws Error if the offset is unknown
   */
  toStandardDate(): StandardDate {
    if (this.timeZoneOffsetSeconds === undefined) throw new Error('Requires DateTime created with time zone offset')
    const local = epochSecond(
      whole(this.year),
      whole(this.month),
      whole(this.day),
      whole(this.hour),
      whole(this.minute),
      whole(this.second),
    )
    const milliseconds = Math.trunc(whole(this.nanosecond) / 1_000_000)
    return new globalThis.Date((local - whole(this.timeZoneOffsetSeconds)) * 1000 + milliseconds)
  }

  /** The ISO 8601 text with the name of the zone, `2024-02-29T10:20:30+01:00[Europe/Stockholm]`. */
  toString(): string {
    const offset = this.timeZoneOffsetSeconds != null ? offsetToIso(this.timeZoneOffsetSeconds) : ''
    return `${localToIso(this)}${offset}${this.timeZoneId != null ? `[${this.timeZoneId}]` : ''}`
  }

  /**
   * Reads a date and a time as {@link LocalDateTime.fromString} does, followed by `Z` or an offset, by the
   * name of a zone in brackets, or by both.
   * @throws Neo4jError for other text
   */
  static fromString(str: string): DateTime {
    const match = DATE_TIME.exec(str.replaceAll(',', '.'))
    if (match === null) throw newError('DateTime could not be parsed from string')
    const [symbol, hours, minutes = '0', seconds = '0', zoneId] = match.slice(8)
    const sign = symbol === 'z' ? undefined : symbol // as officially: only the capital stands for UTC
    if (sign === undefined && zoneId === undefined) {
      throw newError('DateTime could not be parsed from string, provided string needs either timezoneId or offset')
    }
    if (sign === 'Z' && hours !== undefined) {
      throw newError('DateTime could not be parsed from string, can not parse string with offset after Z')
    }
    if ((sign === '+' || sign === '-') && hours === undefined) {
      throw newError(`DateTime could not be parsed from string, could not parse an offset after ${sign} sign.`)
    }
    const size = Number(hours ?? '0') * 3600 + Number(minutes) * 60 + Number(seconds)
    return new DateTime(
      int(match[1]),
      int(match[2]),
      int(match[3]),
      ...parseTimeOfDay(match, 4),
      sign === undefined ? undefined : int(sign === '-' ? -size : size),
      zoneId,
    )
  }
}

mark(DateTime.prototype, '__isDateTime__')

const ZONE = String.raw`([Z+-])?(?:(\d{2})(?::?(\d{2}))?(?::?(\d{2}))?)?(?:\[([^\]]*)\])?`
const DATE_TIME = new RegExp(`^${CALENDAR_DATE}T${TIME_OF_DAY}${ZONE}$`, 'i')

const TrustedDateTime = shape(
  DateTime as { prototype: DateTime<NumberOrInteger> },
  function (
    year: NumberOrInteger,
    month: NumberOrInteger,
    day: NumberOrInteger,
    hour: NumberOrInteger,
    minute: NumberOrInteger,
    second: NumberOrInteger,
    nanosecond: NumberOrInteger,
    timeZoneOffsetSeconds: NumberOrInteger | undefined,
    timeZoneId: string | undefined,
  ) {
    this.year = year
    this.month = month
    this.day = day
    this.hour = hour
    this.minute = minute
    this.second = second
    this.nanosecond = nanosecond
    this.timeZoneOffsetSeconds = timeZoneOffsetSeconds
    this.timeZoneId = timeZoneId
    Object.freeze(this)
  },
)

/** Whether a value is a {@link DateTime}, of this or another copy of the driver. */
export function isDateTime<T extends NumberOrInteger = Integer>(obj: unknown): obj is DateTime<T> {
  return isMarked(obj, '__isDateTime__')
}

function localToIso(value: LocalDateTime<NumberOrInteger>): string {
  const date = dateToIso(value.year, value.month, value.day)
  return `${date}T${timeToIso(value.hour, value.minute, value.second, value.nanosecond)}`
}

function assertZoneId(id: unknown, name: string): string {
  const text = assertString(id, name)
  if (!isZoneId(text)) throw newError(`${name} is expected to be a valid ZoneId but was: "${text}"`)
  return text
}
