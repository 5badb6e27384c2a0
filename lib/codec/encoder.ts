/**
 * Encodes parameters and other values as PackStream bytes. {@link Encoder.flags} reports what the server must
 * support for them.
 *
 * One pass over the values writes into one buffer, which is kept and grows. The encoder allocates nothing per
 * value; in particular it does not track the path of a value. Only if a value cannot be encoded, a second,
 * slow walk finds its path.
 */

import { newError, PROTOCOL_ERROR } from '../error/neo4j-error.js'
import { epochDay, NANOS_PER_SECOND, SECONDS_PER_DAY, whole } from '../types/calendar.js'
import type { NumberOrInteger } from '../types/check.js'
import { beyondInt64, fitsInt64, floorDiv } from '../types/int64.js'
import { Integer, int } from '../types/integer.js'
import { bytesOf, kindOf, opaqueName, unboxed } from '../types/kind.js'
import type { Point } from '../types/spatial.js'
import type { Date as CypherDate, DateTime, Duration, LocalDateTime, LocalTime, Time } from '../types/temporal.js'
import type { UUID } from '../types/uuid.js'
import type { Vector, VectorArray, VectorType } from '../types/vector.js'
import { offsetAtLocal, offsetAtUtc } from '../types/zone.js'
import { MAX_DEPTH } from '../util/limits.js'
import { MARKERS, PARAMETER_FLAGS, SIGNATURES } from './shared-constants.js'

// Constants of this module rather than properties of another, since every value is compared with them.
const {
  BYTES_8,
  FALSE,
  FLOAT_32,
  FLOAT_64,
  INT_8,
  INT_16,
  INT_32,
  INT_64,
  LIST_8,
  MAP_8,
  NULL,
  STRING_8,
  TINY_LIST,
  TINY_MAP,
  TINY_STRING,
  TINY_STRUCT,
  TRUE,
  UUID: UUID_16,
} = MARKERS

const {
  DATE,
  DATE_TIME_OFFSET_UTC,
  DATE_TIME_ZONE_UTC,
  DURATION,
  LOCAL_DATE_TIME,
  LOCAL_TIME,
  POINT_2D,
  POINT_3D,
  TIME,
  VECTOR,
} = SIGNATURES

const VECTOR_MARKERS: { readonly [type in VectorType]: number } = {
  INT8: INT_8,
  INT16: INT_16,
  INT32: INT_32,
  INT64: INT_64,
  FLOAT32: FLOAT_32,
  FLOAT64: FLOAT_64,
}

const { OFFSET_DATE_TIMES, UUIDS, VECTORS, ZONED_DATE_TIMES } = PARAMETER_FLAGS

const INITIAL_CAPACITY = 16 * 1024
/** A larger buffer is released as soon as a request needs no more than this. */
const LARGEST_KEPT = 1024 * 1024
/**
 * From here on `Buffer.write` is faster than a loop over characters (measured: 45 ns against 1.4 ns per
 * character).
 */
const LONG_STRING = 30
/**
 * From here on computing the exact size is worth a call, because reserving three bytes per character wastes
 * too much.
 */
const HUGE_STRING = 4096

/** In seconds: the limit of Java's ZoneOffset. */
const MAX_OFFSET = 18 * 3600
/** The days since 1970-01-01 on which Java's LocalDate begins and ends. */
const FIRST_DAY = epochDay(-999_999_999, 1, 1)
const LAST_DAY = epochDay(999_999_999, 12, 31)

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Writes PackStream values one after the other. Not to be used for two requests at a time. */
export class Encoder {
  /** What the server must support for the encoded values: {@link PARAMETER_FLAGS}. */
  flags = 0
  /** Offsets in seconds of the DateTimes with a zone id, in the order of their encoding. */
  readonly zoneOffsets: number[] = []
  /**
   * Whether {@link parameters} is running: a getter among the parameters that starts another request needs
   * another encoder.
   */
  busy = false
  /** Whether the bytes contain credentials: then growing leaves no copy of them in the old memory. */
  secret = false

  #bytes: Buffer = Buffer.allocUnsafeSlow(INITIAL_CAPACITY)
  #view: DataView = viewOf(this.#bytes)
  #at = 0
  /** The last error that the encoder itself raised, as opposed to those of getters and proxies. */
  #refusal: unknown

  /** Forgets what was written. From now on, the view that {@link finish} returned gets overwritten. */
  reset(): void {
    if (this.#bytes.length > LARGEST_KEPT && this.#at <= LARGEST_KEPT)
      this.#use(Buffer.allocUnsafeSlow(INITIAL_CAPACITY))
    this.#at = 0
    this.flags = 0
    if (this.zoneOffsets.length > 0) this.zoneOffsets.length = 0
  }

  /** Overwrites what was written. */
  wipe(): void {
    this.#bytes.fill(0, 0, this.#at)
    this.#at = 0
    this.secret = false
  }

  /** Whether it holds more memory than most requests need. */
  get isLarge(): boolean {
    return this.#bytes.length > LARGEST_KEPT
  }

  /** The bytes written since {@link reset}: a view, valid until the next {@link reset} or write. */
  finish(): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, 0, this.#at)
  }

  null(): void {
    this.#byte(NULL)
  }

  boolean(value: boolean): void {
    this.#byte(value ? TRUE : FALSE)
  }

  /** @param value a safe integer; takes the smallest INTEGER form */
  int(value: number): void {
    if (value !== (value | 0)) {
      this.#int64(value | 0, Math.floor(value / 2 ** 32))
      return
    }
    this.#reserve(5)
    const at = this.#at
    if (value >= -16 && value <= 127) {
      this.#bytes[at] = value
      this.#at = at + 1
    } else if (value >= -0x80 && value < -16) {
      this.#bytes[at] = INT_8
      this.#bytes[at + 1] = value
      this.#at = at + 2
    } else if (value >= -0x8000 && value <= 0x7fff) {
      this.#bytes[at] = INT_16
      this.#view.setInt16(at + 1, value)
      this.#at = at + 3
    } else {
      this.#bytes[at] = INT_32
      this.#view.setInt32(at + 1, value)
      this.#at = at + 5
    }
  }

  float(value: number): void {
    this.#reserve(9)
    const at = this.#at
    this.#bytes[at] = FLOAT_64
    this.#view.setFloat64(at + 1, value)
    this.#at = at + 9
  }

  /** UTF-8; a lone surrogate becomes U+FFFD. */
  string(value: string): void {
    const length = value.length
    if (length >= LONG_STRING) {
      this.#longString(value)
      return
    }
    this.#reserve(length + 2)
    const bytes = this.#bytes
    let at = this.#at
    if (length < 16) {
      bytes[at++] = TINY_STRING | length
    } else {
      bytes[at++] = STRING_8
      bytes[at++] = length
    }
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i)
      if (code > 0x7f) {
        this.#longString(value)
        return
      }
      bytes[at++] = code
    }
    this.#at = at
  }

  bytes(value: Uint8Array | Int8Array): void {
    const length = value.length
    this.#sized(BYTES_8, length)
    this.#reserve(length)
    this.#bytes.set(value, this.#at)
    this.#at += length
  }

  listHeader(length: number): void {
    if (length < 16) this.#byte(TINY_LIST | length)
    else this.#sized(LIST_8, length)
  }

  mapHeader(size: number): void {
    if (size < 16) this.#byte(TINY_MAP | size)
    else this.#sized(MAP_8, size)
  }

  /** @param size number of fields, 15 at most */
  structHeader(tag: number, size: number): void {
    this.#reserve(2)
    this.#view.setUint16(this.#at, ((TINY_STRUCT | size) << 8) | tag)
    this.#at += 2
  }

  /**
   * Any value that a parameter may have. Numbers are always FLOAT; Integer and bigint are INTEGER.
   * @throws Neo4jError, RangeError for integers beyond 64 bits, TypeError for a value that hides its content.
   *   The bytes written so far stay, so call {@link reset} after it
   */
  value(value: unknown): void {
    this.#value(value, 0)
  }

  /**
   * Like {@link value}, for a value from the user that is not a parameter.
   * @param name how paths in error messages begin, such as `metadata`
   * @param secret the value must not appear in an error message
   * @throws Neo4jError, or RangeError for integers beyond 64 bits, with the path of the value, such as
   *   `metadata.user.id`; what a getter or a proxy throws, as it is
   */
  named(value: unknown, name: string, secret = false): void {
    try {
      this.#value(value, 0)
    } catch (error) {
      throw error === this.#refusal ? this.#explain(error as Error, value, name, secret) : error
    }
  }

  /**
   * A map of parameters. After an error, the encoder is in the same state as before the call.
   * @param name how paths in error messages begin
   * @throws Neo4jError, RangeError for integers beyond 64 bits, TypeError for a value that hides its content,
   *   with the path of the value, such as `$rows[3].when`; what a getter or a proxy throws, as it is
   */
  parameters(params: { [name: string]: unknown }, name = '$'): void {
    const at = this.#at
    const flags = this.flags
    const zoned = this.zoneOffsets.length
    this.busy = true
    try {
      this.#map(params, 1, false)
    } catch (error) {
      const explained = error === this.#refusal ? this.#explain(error as Error, params, name) : error
      this.#at = at
      this.flags = flags
      this.zoneOffsets.length = zoned
      this.#refusal = undefined
      throw explained
    } finally {
      this.busy = false
    }
  }

  #value(value: unknown, depth: number): void {
    switch (typeof value) {
      case 'string':
        this.string(value)
        break
      case 'number':
        this.float(value)
        break
      case 'boolean':
        this.#byte(value ? TRUE : FALSE)
        break
      case 'object':
        if (value === null) this.#byte(NULL)
        else this.#object(value, depth)
        break
      case 'bigint':
        this.#bigint(value)
        break
      default:
        throw this.#refuse(newError(`${CANNOT_PACK}: ${textOf(value)}`, PROTOCOL_ERROR))
    }
  }

  #object(value: object, depth: number): void {
    if (Array.isArray(value)) {
      this.#list(value, depth + 1)
      return
    }
    const prototype = Object.getPrototypeOf(value)
    if (prototype === Object.prototype && !(Symbol.iterator in value)) this.#map(value, depth + 1, true)
    else if (prototype === Integer.prototype) this.#integer(value as Integer)
    else this.#special(value, prototype, depth)
  }

  #special(value: object, prototype: object | null, depth: number): void {
    switch (kindOf(value, prototype)) {
      case 'integer':
        this.#integer(value as Integer)
        break
      case 'map':
        this.#map(value, depth + 1, false)
        break
      case 'iterable':
        if (ArrayBuffer.isView(value)) this.#typedArray(value as unknown as ArrayLike<number | bigint>)
        else this.#list(this.#listOf(value as Iterable<unknown>), depth + 1)
        break
      case 'bytes':
        this.bytes(bytesOf(value as ArrayBufferView | ArrayBufferLike))
        break
      case 'boxed':
        this.#value(unboxed(value), depth)
        break
      case 'promise':
        throw this.#refuse(new TypeError(`${CANNOT_PACK}: a Promise, which has to be awaited first`))
      case 'point':
        this.#point(value as Point<NumberOrInteger>)
        break
      case 'duration':
        this.#duration(value as Duration<NumberOrInteger>)
        break
      case 'localTime':
        this.#localTime(value as LocalTime<NumberOrInteger>)
        break
      case 'time':
        this.#time(value as Time<NumberOrInteger>)
        break
      case 'date':
        this.#date(value as CypherDate<NumberOrInteger>)
        break
      case 'localDateTime':
        this.#localDateTime(value as LocalDateTime<NumberOrInteger>)
        break
      case 'dateTime':
        this.#dateTime(value as DateTime<NumberOrInteger>)
        break
      case 'standardDate':
        this.#standardDate(value as Date)
        break
      case 'vector':
        this.#vector(value as Vector<VectorArray>)
        break
      case 'uuid':
        this.#uuid(value as UUID)
        break
      case 'node':
        throw this.#refuse(graphValue('nodes', value))
      case 'relationship':
        throw this.#refuse(graphValue('relationships', value))
      case 'unboundRelationship':
        throw this.#refuse(graphValue('unbound relationships', value))
      case 'path':
        throw this.#refuse(graphValue('paths', value))
      case 'unsupportedType':
        throw this.#refuse(newError('UnsupportedType object can not be transmitted'))
    }
  }

  #list(list: readonly unknown[], depth: number): void {
    if (depth > MAX_DEPTH) throw this.#refuse(tooDeep())
    const length = list.length
    // A proxy may report any length.
    if (length >>> 0 !== length) throw this.#refuse(wrongLength(length))
    this.listHeader(length)
    for (let i = 0; i < length; i++) {
      const item = list[i]
      if (item === undefined) this.#byte(NULL)
      else this.#value(item, depth)
    }
  }

  // Separate from #list, whose loop stays fast because it only ever sees arrays.
  #typedArray(array: ArrayLike<number | bigint>): void {
    // Read once: a subclass may define its own length, and return another one each time.
    const { length } = array
    if (length >>> 0 !== length) throw this.#refuse(wrongLength(length))
    this.listHeader(length)
    for (let i = 0; i < length; i++) {
      const item = array[i]
      if (typeof item === 'number') this.float(item)
      else if (typeof item === 'bigint') this.#bigint(item)
      else throw this.#refuse(wrongLength(length))
    }
  }

  /** @param plain known to be no instance of a class */
  #map(map: object, depth: number, plain: boolean): void {
    if (depth > MAX_DEPTH) throw this.#refuse(tooDeep())
    const keys = Object.keys(map)
    if (keys.length === 0 && !plain && isOpaque(map)) throw this.#refuse(opaque(map))
    const start = this.#at
    this.mapHeader(keys.length)
    let dropped = 0
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]
      const value = (map as { [key: string]: unknown })[key]
      if (value === undefined) {
        dropped++
      } else {
        this.string(key)
        this.#value(value, depth)
      }
    }
    if (dropped > 0) this.#shrinkMap(start, keys.length, keys.length - dropped)
  }

  // Each value is read only once, since it may come from a getter. So the number of undefined ones is known
  // only at the end.
  #shrinkMap(start: number, written: number, size: number): void {
    const end = this.#at
    const body = start + headerSize(written)
    this.#at = start
    this.mapHeader(size)
    if (this.#at < body) this.#bytes.copyWithin(this.#at, body, end)
    this.#at += end - body
  }

  #listOf(iterable: Iterable<unknown>): unknown[] {
    try {
      return Array.from(iterable)
    } catch (error) {
      const reason = (error as Partial<Error> | undefined)?.message
      throw this.#refuse(newError(`Cannot pack given iterable, ${reason}: ${textOf(iterable)}`))
    }
  }

  #integer({ low, high }: Integer): void {
    const l = low | 0
    const h = high | 0
    // Halves are sometimes given unsigned, which is just as clear.
    if ((l !== low && low >>> 0 !== low) || (h !== high && high >>> 0 !== high)) {
      throw this.#refuse(new RangeError(`Integer with halves beyond 32 bits: low ${low}, high ${high}`))
    }
    if (h === l >> 31) this.int(l)
    else this.#int64(l, h)
  }

  #bigint(value: bigint): void {
    if (value >= -0x80000000n && value <= 0x7fffffffn) {
      this.int(Number(value))
      return
    }
    this.#inInt64(value)
    this.#reserve(9)
    this.#bytes[this.#at] = INT_64
    this.#view.setBigInt64(this.#at + 1, value)
    this.#at += 9
  }

  #int64(low: number, high: number): void {
    this.#reserve(9)
    const at = this.#at
    this.#bytes[at] = INT_64
    this.#view.setInt32(at + 1, high)
    this.#view.setInt32(at + 5, low)
    this.#at = at + 9
  }

  /** A field of a structure that is INTEGER, in any of the kinds that JavaScript holds it in. */
  #field(value: NumberOrInteger): void {
    if (typeof value === 'bigint') this.#bigint(value)
    else if (Number.isSafeInteger(value)) this.int(value as number)
    else this.#integer(int(this.#inInt64(value)))
  }

  /** The same value, unless it is a number that would change when sent: beyond 64 bits, or NaN. */
  #inInt64<T extends NumberOrInteger>(value: T): T {
    if (typeof value === 'number' && !(value >= -(2 ** 63) && value < 2 ** 63)) {
      throw this.#refuse(Number.isNaN(value) ? new RangeError('Integer expected, but was: NaN') : beyondInt64(value))
    }
    if (typeof value === 'bigint' && !fitsInt64(value)) throw this.#refuse(beyondInt64(value))
    return value
  }

  #point(point: Point<NumberOrInteger>): void {
    const { srid, x, y, z } = point
    if (z === null || z === undefined) this.structHeader(POINT_2D, 3)
    else this.structHeader(POINT_3D, 4)
    this.#srid(srid)
    this.float(x)
    this.float(y)
    if (z !== null && z !== undefined) this.float(z)
  }

  /** Neo4j 4.4 closes the connection if it is beyond 32 bits. */
  #srid(srid: NumberOrInteger): void {
    if (isBeyond32Bits(whole(srid))) {
      throw this.#refuse(new RangeError(`Coordinate reference system beyond 32 bits: ${srid}`))
    }
    this.#field(srid)
  }

  #duration(duration: Duration<NumberOrInteger>): void {
    this.structHeader(DURATION, 4)
    this.#field(duration.months)
    this.#field(duration.days)
    const { seconds, nanoseconds } = duration
    if (isBeyond32Bits(whole(nanoseconds))) {
      this.#carried(seconds, nanoseconds)
    } else {
      this.#field(seconds)
      this.#field(nanoseconds)
    }
  }

  /**
   * The same duration with nanoseconds below a second. Neo4j 4.4 closes the connection if they are beyond 32
   * bits.
   */
  #carried(seconds: NumberOrInteger, nanoseconds: NumberOrInteger): void {
    const all = int(this.#inInt64(seconds)).toBigInt()
    const nanos = int(this.#inInt64(nanoseconds)).toBigInt()
    const carry = floorDiv(nanos, BigInt(NANOS_PER_SECOND))
    this.#bigint(all + carry)
    this.#bigint(nanos - carry * BigInt(NANOS_PER_SECOND))
  }

  #localTime(time: LocalTime<NumberOrInteger>): void {
    this.structHeader(LOCAL_TIME, 1)
    this.int(nanoOfDay(time))
  }

  #time(time: Time<NumberOrInteger>): void {
    this.structHeader(TIME, 2)
    this.int(nanoOfDay(time))
    this.#offset(time.timeZoneOffsetSeconds)
    this.#field(time.timeZoneOffsetSeconds)
  }

  #date(date: CypherDate<NumberOrInteger>): void {
    this.structHeader(DATE, 1)
    this.int(dayOf(date))
  }

  #localDateTime(dateTime: LocalDateTime<NumberOrInteger>): void {
    this.structHeader(LOCAL_DATE_TIME, 2)
    this.#seconds(dayOf(dateTime), secondOfDay(dateTime))
    this.#field(dateTime.nanosecond)
  }

  #dateTime(dateTime: DateTime<NumberOrInteger>): void {
    const day = dayOf(dateTime)
    const second = secondOfDay(dateTime)
    const { timeZoneId, timeZoneOffsetSeconds } = dateTime
    if (timeZoneId == null) {
      const offset = this.#offset(timeZoneOffsetSeconds as NumberOrInteger)
      this.#inYears(day, second, dateTime.nanosecond)
      this.#offsetDateTime(day, second - offset, dateTime.nanosecond, offset)
      return
    }
    const offset =
      timeZoneOffsetSeconds == null
        ? this.#offsetOf(timeZoneId, day * SECONDS_PER_DAY + second)
        : whole(this.#inInt64(timeZoneOffsetSeconds))
    this.#inYears(day, second - offset, dateTime.nanosecond, timeZoneId)
    this.structHeader(DATE_TIME_ZONE_UTC, 3)
    this.#seconds(day, second - offset)
    this.#field(dateTime.nanosecond)
    this.string(timeZoneId)
    this.flags |= ZONED_DATE_TIMES
    this.zoneOffsets.push(offset)
  }

  /**
   * Refuses offsets beyond ±18:00, the limit of Java: Neo4j 4.4, 5.26 and 2026.09 close the connection on
   * some of them.
   */
  #offset(value: NumberOrInteger): number {
    const offset = whole(this.#inInt64(value))
    if (offset > MAX_OFFSET || offset < -MAX_OFFSET) {
      throw this.#refuse(new RangeError(`Offset beyond 18 hours: ${value} seconds`))
    }
    return offset
  }

  /**
   * Refuses a DateTime whose local date is beyond the years of Java. Neo4j 5.26 and 2026.09 close the
   * connection on it, if its instant is one of Java's.
   * @param zoneId the zone, if the seconds are UTC
   */
  #inYears(day: number, second: number, nanosecond: NumberOrInteger, zoneId?: string): void {
    // The instant is within a day of the local time, unless fields are beyond their ranges.
    const days = day + Math.floor(second / SECONDS_PER_DAY)
    if (days > FIRST_DAY + 1 && days < LAST_DAY - 1) return
    const offset = zoneId === undefined ? 0 : this.#offsetAt(zoneId, days * SECONDS_PER_DAY)
    const seconds = second + offset + Math.floor(whole(nanosecond) / NANOS_PER_SECOND)
    const local = day + Math.floor(seconds / SECONDS_PER_DAY)
    if (local < FIRST_DAY || local > LAST_DAY) {
      throw this.#refuse(new RangeError('DateTime beyond the years -999999999 to 999999999'))
    }
  }

  #standardDate(date: Date): void {
    const time = Date.prototype.getTime.call(date)
    if (Number.isNaN(time)) {
      throw this.#refuse(newError(`${CANNOT_PACK}: Invalid Date`, PROTOCOL_ERROR))
    }
    const second = Math.floor(time / 1000)
    this.#offsetDateTime(0, second, (time - second * 1000) * 1_000_000, 0)
  }

  #offsetDateTime(day: number, second: number, nanosecond: NumberOrInteger, offset: number): void {
    this.structHeader(DATE_TIME_OFFSET_UTC, 3)
    this.#seconds(day, second)
    this.#field(nanosecond)
    this.int(offset)
    this.flags |= OFFSET_DATE_TIMES
  }

  /** Days and seconds as seconds. Only years beyond ±285 million leave the safe numbers. */
  #seconds(days: number, seconds: number): void {
    const total = days * SECONDS_PER_DAY + seconds
    if (Number.isSafeInteger(total)) this.int(total)
    else this.#bigint(BigInt(days) * BigInt(SECONDS_PER_DAY) + BigInt(seconds))
  }

  /** The offset of a zone at an instant; 0 for a name that only the server may know. */
  #offsetAt(zoneId: string, utcSeconds: number): number {
    try {
      return offsetAtUtc(zoneId, utcSeconds)
    } catch {
      return 0
    }
  }

  #offsetOf(zoneId: string, localSeconds: number): number {
    try {
      return offsetAtLocal(zoneId, localSeconds)
    } catch (error) {
      throw this.#refuse(new RangeError((error as Error).message, { cause: error }))
    }
  }

  #vector(vector: Vector<VectorArray>): void {
    const type = vector.getType()
    const marker = VECTOR_MARKERS[type]
    if (marker === undefined) throw this.#refuse(newError(`Vector object has unknown type: ${type}`))
    const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = vector.asTypedArray()
    this.structHeader(VECTOR, 2)
    this.#reserve(3)
    this.#bytes[this.#at++] = BYTES_8
    this.#bytes[this.#at++] = 1
    this.#bytes[this.#at++] = marker
    this.bytes(new Uint8Array(buffer, byteOffset, byteLength))
    if (LITTLE_ENDIAN) swap(this.#bytes.subarray(this.#at - byteLength, this.#at), BYTES_PER_ELEMENT)
    this.flags |= VECTORS
  }

  #uuid(uuid: UUID): void {
    this.#byte(UUID_16)
    this.#reserve(16)
    this.#bytes.set(uuid.getTypedArray(), this.#at)
    this.#at += 16
    this.flags |= UUIDS
  }

  #longString(value: string): void {
    const length = value.length
    const most = length < HUGE_STRING ? length * 3 : Buffer.byteLength(value)
    this.#reserve(most + 5)
    // Most text is ASCII, so the header is written for `length` bytes. If the text turns out longer, it has
    // to move.
    const start = this.#at
    const text = start + headerSize(length)
    const size = this.#bytes.write(value, text)
    if (headerSize(size) !== text - start) {
      this.#bytes.copyWithin(start + headerSize(size), text, text + size)
    }
    if (size < 16) this.#bytes[this.#at++] = TINY_STRING | size
    else this.#sized(STRING_8, size)
    this.#at += size
  }

  /** A marker and a length of 8, 16 or 32 bits. */
  #sized(marker: number, length: number): void {
    this.#reserve(5)
    const at = this.#at
    if (length < 0x100) {
      this.#bytes[at] = marker
      this.#bytes[at + 1] = length
      this.#at = at + 2
    } else if (length < 0x10000) {
      this.#bytes[at] = marker + 1
      this.#view.setUint16(at + 1, length)
      this.#at = at + 3
    } else {
      this.#bytes[at] = marker + 2
      this.#view.setUint32(at + 1, length)
      this.#at = at + 5
    }
  }

  #byte(value: number): void {
    if (this.#at >= this.#bytes.length) this.#grow(1)
    this.#bytes[this.#at++] = value
  }

  #reserve(count: number): void {
    if (this.#at + count > this.#bytes.length) this.#grow(count)
  }

  #grow(count: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + count))
    larger.set(this.#bytes.subarray(0, this.#at))
    if (this.secret) this.#bytes.fill(0, 0, this.#at)
    this.#use(larger)
  }

  #use(bytes: Buffer): void {
    this.#bytes = bytes
    this.#view = viewOf(bytes)
  }

  #refuse(error: Error): Error {
    this.#refusal = error
    return error
  }

  /** The same error with the path of the value, if that can still be found. */
  #explain(error: Error, value: unknown, name: string, secret = false): Error {
    let found: Found | undefined
    try {
      found = locate(this, value, name, [])
    } catch {
      // A getter throws only now. What is known so far has to do.
    }
    if (found === undefined && !secret) return error
    const cyclic = found?.cyclic === true
    const text = cyclic ? `${CANNOT_PACK}: it contains itself` : error.message
    // A TypeError names the class of a value; other reasons may show the value.
    const shown = !secret || cyclic || error instanceof TypeError
    const message = `${shown ? text : text.split(':', 1)[0]} (in ${abridged(found?.path ?? name)})`
    if (error instanceof TypeError) return new TypeError(message)
    if (error instanceof RangeError) return new RangeError(message, { cause: error.cause })
    return newError(message, (error as Error & { code: string }).code)
  }
}

function isBeyond32Bits(value: number): boolean {
  return value > 0x7fffffff || value < -0x80000000
}

function dayOf({ year, month, day }: CypherDate<NumberOrInteger>): number {
  return epochDay(whole(year), whole(month), whole(day))
}

function secondOfDay({ hour, minute, second }: LocalTime<NumberOrInteger>): number {
  return whole(hour) * 3600 + whole(minute) * 60 + whole(second)
}

function nanoOfDay(time: LocalTime<NumberOrInteger>): number {
  return secondOfDay(time) * 1_000_000_000 + whole(time.nanosecond)
}

function swap(bytes: Buffer, width: number): void {
  if (width === 2) bytes.swap16()
  else if (width === 4) bytes.swap32()
  else if (width === 8) bytes.swap64()
}

function headerSize(length: number): number {
  if (length < 16) return 1
  if (length < 0x100) return 2
  return length < 0x10000 ? 3 : 5
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function graphValue(kind: string, value: object): Error {
  return newError(`It is not allowed to pass ${kind} in query parameters, given: ${textOf(value)}`, PROTOCOL_ERROR)
}

/**
 * Whether a value without properties would be sent as an empty map although it is not one. Lists, Dates and
 * similar values only come here in place of the whole parameters, where they count as none, as in 6.3.0.
 */
function isOpaque(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null || Array.isArray(value)) return false
  const kind = kindOf(value, prototype)
  if (kind === 'standardDate' || kind === 'boxed' || kind === 'bytes') return false
  return opaqueName(value) !== undefined
}

function opaque(value: object): Error {
  return new TypeError(`${CANNOT_PACK}: an instance of ${opaqueName(value)}, which has no properties to be sent`)
}

const CANNOT_PACK = 'Unable to pack the given value'

function tooDeep(): Error {
  return newError(`${CANNOT_PACK}: it is nested more than ${MAX_DEPTH} levels deep`, PROTOCOL_ERROR)
}

function wrongLength(length: unknown): Error {
  return newError(`${CANNOT_PACK}: it is no list of ${textOf(length)} items`, PROTOCOL_ERROR)
}

function textOf(value: unknown): string {
  try {
    return String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}

/** Where a value was found that cannot be encoded, and whether the reason is that it contains itself. */
interface Found {
  readonly path: string
  readonly cyclic: boolean
}

/** Looks for the first value that the encoder refuses, in the order of encoding. */
function locate(encoder: Encoder, value: unknown, path: string, ancestors: object[]): Found | undefined {
  const children = childrenOf(value, path)
  if (children === undefined) return isRefused(encoder, value) ? { path, cyclic: false } : undefined
  if (ancestors.includes(value as object)) return { path, cyclic: true }
  if (ancestors.length === MAX_DEPTH) return { path, cyclic: false }
  ancestors.push(value as object)
  for (const [childPath, child] of children) {
    const found = locate(encoder, child, childPath, ancestors)
    if (found !== undefined) return found
  }
  ancestors.pop()
  return undefined
}

function childrenOf(value: unknown, path: string): Iterable<[path: string, child: unknown]> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  // A list with an invalid length is itself the value that is refused.
  if (Array.isArray(value)) return value.length >>> 0 === value.length ? items(value, path) : undefined
  const kind = kindOf(value, Object.getPrototypeOf(value))
  if (kind === 'map') return Object.keys(value).length === 0 && isOpaque(value) ? undefined : entries(value, path)
  if (kind !== 'iterable') return undefined
  try {
    return items(Array.from(value as Iterable<unknown>), path)
  } catch {
    return undefined // The iterable itself fails.
  }
}

function* items(list: readonly unknown[], path: string): Generator<[string, unknown]> {
  for (let i = 0; i < list.length; i++) yield [`${path}[${i}]`, list[i] ?? null]
}

function* entries(map: object, path: string): Generator<[string, unknown]> {
  for (const key of Object.keys(map)) {
    const value = (map as { [key: string]: unknown })[key]
    if (value === undefined) continue
    const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
    const separator = path === '$' ? '' : '.'
    yield [isName ? `${path}${separator}${key}` : `${path}[${JSON.stringify(key)}]`, value]
  }
}

function isRefused(encoder: Encoder, value: unknown): boolean {
  try {
    encoder.value(value)
    return false
  } catch {
    return true
  }
}

function abridged(path: string): string {
  return path.length <= 200 ? path : `${path.slice(0, 200)}…`
}
