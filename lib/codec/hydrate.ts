/**
 * Turns the structures of Bolt into value classes.
 *
 * The decoders make intact structures of common types themselves. The others come here: paths, zoned times,
 * vectors, and broken structures. A broken structure does not fail the query: its value throws when a program
 * looks into it.
 */

import { newError, PROTOCOL_ERROR } from '../error/neo4j-error.js'
import type { NumberOrInteger } from '../types/check.js'
import { Date as CypherDate, DateTime, LocalDateTime } from '../types/date-time.js'
import { Duration } from '../types/duration.js'
import { Node, Path, PathSegment, Relationship, UnboundRelationship } from '../types/graph.js'
import { floorDiv } from '../types/int64.js'
import { Integer, int, toNumber } from '../types/integer.js'
import { Point } from '../types/spatial.js'
import { LocalTime, Time } from '../types/time.js'
import { UnsupportedType } from '../types/unsupported-type.js'
import { Vector, type VectorArray } from '../types/vector.js'
import { isZoneId, offsetAtUtc } from '../types/zone.js'
import { MARKERS, SIGNATURES } from './shared-constants.js'

/**
 * What a server's integers become: `Integer`, `number` (infinite where it would not be exact) or `bigint`.
 */
export type IntegerMode = 'integer' | 'number' | 'bigint'

/** A structure with a signature that this driver does not know. */
export class Structure {
  declare signature: number
  declare fields: unknown[]

  constructor(signature: number, fields: unknown[]) {
    this.signature = signature
    this.fields = fields
  }

  /** The number of fields. */
  get size(): number {
    return this.fields.length
  }

  toString(): string {
    return `Structure(${this.signature}, [${this.fields.join(', ')}])`
  }
}

/**
 * In which mode to read the integers in the fields of a structure before they go to {@link structure}. Times
 * are computed from seconds that a number cannot always hold, although their own fields are small.
 */
export function fieldMode(signature: number, integers: IntegerMode): IntegerMode {
  switch (signature) {
    case DURATION:
    case DATE:
    case LOCAL_TIME:
    case TIME:
    case LOCAL_DATE_TIME:
    case DATE_TIME_OFFSET_LOCAL:
    case DATE_TIME_OFFSET_UTC:
    case DATE_TIME_ZONE_LOCAL:
    case DATE_TIME_ZONE_UTC:
      return 'integer'
    default:
      return integers
  }
}

/**
 * The value of a structure without a fast path in the decoder: its type is rare or unknown, or its fields are
 * wrong. Never throws.
 * @param fields with their integers in the mode of {@link fieldMode}
 */
export function structure(signature: number, fields: unknown[], integers: IntegerMode): unknown {
  try {
    return hydrate(signature, fields, integers)
  } catch (error) {
    return brokenObject(error)
  }
}

/**
 * The path that walks over the nodes by the sequence, which alternates relationships, counted from 1 and
 * negative against their direction, and nodes, counted from 0. Never throws.
 */
export function path(nodes: unknown, relationships: unknown, sequence: unknown): unknown {
  try {
    return walk(
      nodes as Node[],
      relationships as Array<Relationship | UnboundRelationship>,
      sequence as NumberOrInteger[],
    )
  } catch (error) {
    return brokenObject(error)
  }
}

/**
 * The date and time that the clocks of a zone show at an instant.
 * @param integer makes an integer of the kind that the driver is set to
 */
export function zonedDateTime(
  utcSeconds: number,
  nanosecond: number,
  zone: string,
  integer: (value: number) => NumberOrInteger,
): unknown {
  let offset: number
  try {
    offset = offsetAtUtc(zone, utcSeconds)
  } catch (error) {
    return brokenObject(error)
  }
  const local = utcSeconds + offset
  const epochDay = Math.floor(local / 86_400)
  const second = local - epochDay * 86_400
  // Years begin in March here, and are counted in cycles of 400: the leap day is the last day of its year.
  const cycle = Math.floor((epochDay + 719_468) / 146_097)
  const dayOfCycle = epochDay + 719_468 - cycle * 146_097
  const leapDays = ((dayOfCycle / 1_460) | 0) - ((dayOfCycle / 36_524) | 0) + ((dayOfCycle / 146_096) | 0)
  const year = ((dayOfCycle - leapDays) / 365) | 0
  const dayOfYear = dayOfCycle - (365 * year + (year >> 2) - ((year / 100) | 0))
  const month = ((5 * dayOfYear + 2) / 153) | 0
  return DateTime.unchecked(
    integer(cycle * 400 + year + (month < 10 ? 0 : 1)),
    integer(month < 10 ? month + 3 : month - 9),
    integer(dayOfYear - (((153 * month + 2) / 5) | 0) + 1),
    integer((second / 3600) | 0),
    integer(((second / 60) | 0) % 60),
    integer(second % 60),
    integer(nanosecond),
    integer(offset),
    zone,
  )
}

/** A date and time with a known zone and an unknown offset, as servers before 5.0 send them. */
export function localZonedDateTime(
  year: NumberOrInteger,
  month: NumberOrInteger,
  day: NumberOrInteger,
  hour: NumberOrInteger,
  minute: NumberOrInteger,
  second: NumberOrInteger,
  nanosecond: NumberOrInteger,
  zone: string,
): unknown {
  if (isZoneId(zone)) {
    return DateTime.unchecked(year, month, day, hour, minute, second, nanosecond, undefined, zone)
  }
  try {
    return new DateTime(year, month, day, hour, minute, second, nanosecond, undefined, zone)
  } catch (error) {
    return brokenObject(error)
  }
}

const ELEMENTS = [Int8Array, Int16Array, Int32Array, BigInt64Array, Float32Array, Float64Array]

/** How many bytes an element takes, by the type's number in a batch. */
export const ELEMENT_SIZES: readonly number[] = ELEMENTS.map((type) => type.BYTES_PER_ELEMENT)

/** The vector over so many elements of that type. */
export function vector(type: number, buffer: ArrayBufferLike, start: number, length: number): Vector<VectorArray> {
  return new Vector(new ELEMENTS[type](buffer as ArrayBuffer, start, length))
}

/**
 * An object that throws the error whenever anything is done with it, except that `JSON.stringify` may ask for
 * `toJSON`.
 */
function brokenObject(error: unknown): object {
  const fail = (): never => {
    throw error
  }
  return new Proxy(
    {},
    {
      get(_target, property) {
        if (property === IS_BROKEN) return true
        if (property === REASON) return error
        return property === 'toJSON' ? undefined : fail()
      },
      set: fail,
      apply: fail,
      construct: fail,
      defineProperty: fail,
      deleteProperty: fail,
      getOwnPropertyDescriptor: fail,
      getPrototypeOf: fail,
      has: fail,
      isExtensible: fail,
      ownKeys: fail,
      preventExtensions: fail,
      setPrototypeOf: fail,
    },
  )
}

// The official driver's names.
const IS_BROKEN = '__isBrokenObject__'
const REASON = '__reason__'

function walk(
  nodes: Node[],
  relationships: Array<Relationship | UnboundRelationship>,
  sequence: NumberOrInteger[],
): Path {
  const segments: PathSegment[] = []
  let from = nodes[0]
  for (let i = 0; i < sequence.length; i += 2) {
    const to = nodes[toNumber(sequence[i + 1])]
    const step = toNumber(sequence[i])
    const forth = step > 0
    const index = forth ? step - 1 : -step - 1
    let relationship = relationships[index]
    if (relationship instanceof UnboundRelationship) {
      // Bound in place: a path may walk over a relationship again, and then it is the same object.
      relationship = forth ? relationship.bindTo(from, to) : relationship.bindTo(to, from)
      relationships[index] = relationship
    }
    segments.push(new PathSegment(from, relationship, to))
    from = to
  }
  return new Path(nodes[0], nodes[nodes.length - 1], segments)
}

// biome-ignore lint/suspicious/noExplicitAny: fields are of whatever type the server sends; the classes check them
function hydrate(signature: number, fields: any[], integers: IntegerMode): unknown {
  switch (signature) {
    case NODE:
      expectSize('Node', fields, 4, 3)
      return new Node(fields[0], fields[1], fields[2], fields[3])
    case RELATIONSHIP:
      expectSize('Relationship', fields, 8, 5)
      return new Relationship(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6], fields[7])
    case UNBOUND_RELATIONSHIP:
      expectSize('UnboundRelationship', fields, 4, 3)
      return new UnboundRelationship(fields[0], fields[1], fields[2], fields[3])
    case PATH:
      expectSize('Path', fields, 3)
      return walk(fields[0], fields[1], fields[2])
    case POINT_2D:
      expectSize('Point2D', fields, 3)
      return new Point(fields[0], fields[1], fields[2], undefined)
    case POINT_3D:
      expectSize('Point3D', fields, 4)
      return new Point(fields[0], fields[1], fields[2], fields[3])
    case DURATION:
      expectSize('Duration', fields, 4)
      return durationOf(new Duration(fields[0], fields[1], fields[2], fields[3]), integers)
    case DATE:
      expectSize('Date', fields, 1)
      return dateOf(wide(fields[0]), integers)
    case LOCAL_TIME:
      expectSize('LocalTime', fields, 1)
      return localTimeOf(wide(fields[0]), integers)
    case TIME: {
      expectSize('Time', fields, 2)
      const { hour, minute, second, nanosecond } = localTimeOf(wide(fields[0]), integers)
      return new Time(hour, minute, second, nanosecond, inMode(fields[1], integers))
    }
    case LOCAL_DATE_TIME: {
      expectSize('LocalDateTime', fields, 2)
      return localDateTimeOf(wide(fields[0]), wide(fields[1]), integers)
    }
    case DATE_TIME_OFFSET_LOCAL:
    case DATE_TIME_OFFSET_UTC: {
      expectSize('DateTimeWithZoneOffset', fields, 3)
      const offset = signature === DATE_TIME_OFFSET_UTC ? wide(fields[2]) : 0n
      const local = localDateTimeOf(wide(fields[0]) + offset, wide(fields[1]), integers)
      return dateTimeOf(local, inMode(fields[2], integers), null)
    }
    case DATE_TIME_ZONE_LOCAL:
      expectSize('DateTimeWithZoneId', fields, 3)
      return dateTimeOf(localDateTimeOf(wide(fields[0]), wide(fields[1]), integers), null, fields[2])
    case DATE_TIME_ZONE_UTC: {
      expectSize('DateTimeWithZoneId', fields, 3)
      // The JavaScript engine reports what is wrong with a value that is not text.
      if (typeof fields[2] !== 'string') new Intl.DateTimeFormat('en-US', { timeZone: fields[2] })
      const utcSeconds = wide(fields[0])
      const offset = offsetAtUtc(fields[2], secondsForOffset(utcSeconds))
      const local = localDateTimeOf(utcSeconds + BigInt(offset), 0n, integers)
      const { year, month, day, hour, minute, second } = local
      const nanosecond = narrow(wide(fields[1]), integers)
      const zoneOffset = narrow(BigInt(offset), integers)
      return new DateTime(year, month, day, hour, minute, second, nanosecond, zoneOffset, fields[2])
    }
    case VECTOR:
      throw vectorError(fields)
    case UNSUPPORTED_TYPE:
      return new UnsupportedType(fields[0], fields[1], fields[2], fields[3].message)
    default:
      return new Structure(signature, fields)
  }
}

/** @throws Neo4jError unless the number of fields is the one since Bolt 5, or the one before. */
function expectSize(name: string, fields: unknown[], size: number, sizeBefore = size): void {
  if (fields.length !== size && fields.length !== sizeBefore) {
    throw newError(`Wrong struct size for ${name}, expected ${size} but was ${fields.length}`, PROTOCOL_ERROR)
  }
}

// The times below come here when a field is out of range, so they are computed without a range, and the
// classes check.

// biome-ignore lint/suspicious/noExplicitAny: as the fields
function wide(value: any): bigint {
  return Integer.fromValue(value).toBigInt()
}

// biome-ignore lint/suspicious/noExplicitAny: one of three types, all of which the classes take
function narrow(value: bigint, integers: IntegerMode): any {
  if (integers === 'bigint') return value
  return integers === 'integer' ? int(value) : int(value).toNumberOrInfinity()
}

/**
 * A field that was read as an Integer, in the mode that the driver is set to. Anything else stays as it is,
 * for the classes to refuse.
 */
// biome-ignore lint/suspicious/noExplicitAny: as the fields
function inMode(field: any, integers: IntegerMode): any {
  return integers !== 'integer' && field instanceof Integer ? narrow(field.toBigInt(), integers) : field
}

function durationOf(duration: Duration, integers: IntegerMode): Duration {
  const { months, days, seconds, nanoseconds } = duration
  return Duration.unchecked(
    inMode(months, integers),
    inMode(days, integers),
    inMode(seconds, integers),
    inMode(nanoseconds, integers),
  )
}

/**
 * An instant with the same offsets as this one, in seconds that a number holds: the rules of all zones repeat
 * with the calendar, every 400 years.
 */
function secondsForOffset(utcSeconds: bigint): number {
  return Number(utcSeconds > LAST_EXACT ? LAST_EXACT + ((utcSeconds - LAST_EXACT) % CALENDAR_CYCLE) : utcSeconds)
}

const CALENDAR_CYCLE = 146_097n * 86_400n
/** A multiple of the cycle, beyond the last irregular change of any zone. */
const LAST_EXACT = CALENDAR_CYCLE * 100n

function dateOf(epochDay: bigint, integers: IntegerMode): CypherDate {
  const day = epochDay + 719_468n
  const cycle = floorDiv(day, 146_097n)
  const dayOfCycle = day - cycle * 146_097n
  const year = (dayOfCycle - dayOfCycle / 1_460n + dayOfCycle / 36_524n - dayOfCycle / 146_096n) / 365n
  const dayOfYear = dayOfCycle - (365n * year + year / 4n - year / 100n)
  const month = (5n * dayOfYear + 2n) / 153n
  return new CypherDate(
    narrow(cycle * 400n + year + month / 10n, integers),
    narrow(((month + 2n) % 12n) + 1n, integers),
    narrow(dayOfYear - (153n * month + 2n) / 5n + 1n, integers),
  )
}

function localTimeOf(nanoOfDay: bigint, integers: IntegerMode): LocalTime {
  return new LocalTime(
    narrow(nanoOfDay / 3_600_000_000_000n, integers),
    narrow((nanoOfDay / 60_000_000_000n) % 60n, integers),
    narrow((nanoOfDay / 1_000_000_000n) % 60n, integers),
    narrow(nanoOfDay % 1_000_000_000n, integers),
  )
}

function localDateTimeOf(seconds: bigint, nanos: bigint, integers: IntegerMode): LocalDateTime {
  const epochDay = floorDiv(seconds, 86_400n)
  const { year, month, day } = dateOf(epochDay, integers)
  const nanoOfDay = (seconds - epochDay * 86_400n) * 1_000_000_000n + nanos
  const { hour, minute, second, nanosecond } = localTimeOf(nanoOfDay, integers)
  return new LocalDateTime(year, month, day, hour, minute, second, nanosecond)
}

// The official driver uses null for an absent field, and its errors show that.
function dateTimeOf(local: LocalDateTime, offset: Integer | null, zone: string | null): DateTime {
  const { year, month, day, hour, minute, second, nanosecond } = local
  return new DateTime(year, month, day, hour, minute, second, nanosecond, offset as Integer, zone as string)
}

function vectorError(fields: unknown[]): Error {
  // A map may claim any length, and an array of that length would be created.
  const claims = Object.prototype.toString.call(fields[0]) === '[object Object]'
  const [type] = claims ? [] : Uint8Array.from(fields[0] as Int8Array)
  if (VECTOR_TYPES.includes(type)) return new RangeError('Offset is outside the bounds of the DataView')
  return newError(`Vector is of unsupported type ${type}`)
}

// Constants of this module rather than properties of another, since every structure is compared with them.
const {
  DATE,
  DATE_TIME_OFFSET_LOCAL,
  DATE_TIME_OFFSET_UTC,
  DATE_TIME_ZONE_LOCAL,
  DATE_TIME_ZONE_UTC,
  DURATION,
  LOCAL_DATE_TIME,
  LOCAL_TIME,
  NODE,
  PATH,
  POINT_2D,
  POINT_3D,
  RELATIONSHIP,
  TIME,
  UNBOUND_RELATIONSHIP,
  VECTOR,
} = SIGNATURES
/** Only the JavaScript side reads its content. */
const UNSUPPORTED_TYPE = 0x3f
/** INT_8 to INT_64, FLOAT_32, FLOAT_64 */
const VECTOR_TYPES: readonly number[] = [
  MARKERS.INT_8,
  MARKERS.INT_16,
  MARKERS.INT_32,
  MARKERS.INT_64,
  MARKERS.FLOAT_32,
  MARKERS.FLOAT_64,
]
