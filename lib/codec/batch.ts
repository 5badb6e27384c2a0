/**
 * Reads the batch format, in which records come from the engine. The format is described at the top of
 * src/batch/mod.rs and may change with every release. This module trusts it, because Rust has checked
 * everything that a server sent.
 *
 * Every step here is paid for each value, on the main thread. So the state of the frame being read is in
 * variables of the module, like registers, and not in an object. One native call makes the text of many
 * strings, which are cut from it. An object literal that was generated for its keys makes a map.
 */

import type { NumberOrInteger } from '../types/check.js'
import { Date as CypherDate, DateTime, LocalDateTime } from '../types/date-time.js'
import { Duration } from '../types/duration.js'
import { Node, Relationship, UnboundRelationship } from '../types/graph.js'
import { Integer } from '../types/integer.js'
import { Point } from '../types/spatial.js'
import { LocalTime, Time } from '../types/time.js'
import { UUID } from '../types/uuid.js'
import {
  ELEMENT_SIZES,
  fieldMode,
  type IntegerMode,
  localZonedDateTime,
  path,
  structure,
  vector,
  zonedDateTime,
} from './hydrate.js'

export type { IntegerMode } from './hydrate.js'

/**
 * A frame: records, to be read once, in order. Several frames may be read in turns. Reading past the last
 * record is an error; not reading to the end costs nothing.
 */
export class Batch {
  /** How many values a record has. */
  readonly columns: number
  /** Records not yet read. */
  remaining: number
  readonly #buffer: SliceableBuffer
  readonly #start: number
  readonly #integers: IntegerMode
  #at: number
  #textAt = 0
  #wideAt = 0
  #names: string[] | null = null
  #shapes: Shape[] | null = null

  /**
   * @param buffer contains the frame
   * @param offset where it begins; a multiple of 4
   * @param integers what its integers become
   */
  constructor(buffer: Buffer, offset: number, integers: IntegerMode) {
    this.#buffer = buffer as SliceableBuffer
    this.#start = offset
    this.#integers = integers
    this.#at = offset + HEADER
    this.remaining = buffer.readInt32LE(offset)
    this.columns = buffer.readInt32LE(offset + 4)
  }

  /**
   * The same frame read with these integers; this batch itself if it has them already. Each keeps its own
   * position.
   */
  withIntegers(integers: IntegerMode): Batch {
    return integers === this.#integers ? this : new Batch(this.#buffer, this.#start, integers)
  }

  /** The values of the next record. */
  fields(): unknown[] {
    if (this.remaining === 0) throw new RangeError('The batch has no more records')
    if (current !== this) this.#enter()
    const fields = readFields(this.columns)
    if (--this.remaining === 0) release()
    return fields
  }

  /** The first value of the next record. */
  value(): unknown {
    return this.fields()[0]
  }

  /** Makes this frame the one being read. */
  #enter(): void {
    if (current !== null) current.#leave()
    const first = this.#names === null
    this.#names ??= []
    this.#shapes ??= []
    current = this
    buffer = this.#buffer
    view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length)
    start = this.#start
    at = this.#at
    textStart = start + view.getInt32(start + TEXT, true)
    textEnd = start + view.getInt32(start + WIDE_TEXT, true)
    textAt = first ? textStart : this.#textAt
    wideAt = first ? textEnd : this.#wideAt
    names = this.#names
    shapes = this.#shapes
    integers = this.#integers
    windowEnd = 0
    wideWindowEnd = 0
  }

  /** Saves the position at which reading goes on. */
  #leave(): void {
    this.#at = at
    this.#textAt = textAt
    this.#wideAt = wideAt
  }
}

/** Missing in Node's types: the part of `toString` that does the work. */
interface SliceableBuffer extends Buffer {
  latin1Slice(start: number, end: number): string
  ucs2Slice(start: number, end: number): string
}

/** How maps with one list of keys are made. */
interface Shape {
  readonly keys: readonly string[]
  /** Whether a key would not become a property by plain assignment. */
  readonly special: boolean
  /** Generated; reads the values. */
  literal: (() => object) | null
  /** Counts the maps until a literal is generated; goes beyond that number if there can be none. */
  maps: number
}

// The frame being read. Positions are in bytes of `buffer`.
let current: Batch | null = null
let buffer: SliceableBuffer = Buffer.alloc(0) as unknown as SliceableBuffer
let view: DataView = new DataView(new ArrayBuffer(0))
let start = 0
/** The next word of the tape. */
let at = 0
/** Where the Latin-1 text of values begins, where it ends, and the next one of it. */
let textStart = 0
let textEnd = 0
let textAt = 0
/** The next UTF-16 text of a value. */
let wideAt = 0
/** A piece of Latin-1 text: `buffer` from `windowStart` to `windowEnd`. Strings are cut from it. */
let window = ''
let windowStart = 0
let windowEnd = 0
/** The same for UTF-16. */
let wideWindow = ''
let wideWindowStart = 0
let wideWindowEnd = 0
let names: string[] = []
let shapes: Shape[] = []
let integers: IntegerMode = 'integer'

/** Releases a frame that has been read, so that it does not outlive its records. */
function release(): void {
  current = null
  buffer = NOTHING.buffer
  view = NOTHING.view
  names = NOTHING.names
  shapes = NOTHING.shapes
  window = ''
  wideWindow = ''
}

const NOTHING = { buffer, view, names, shapes }

// A literal of the right length is allocated in one piece, and has no holes.
function readFields(columns: number): unknown[] {
  switch (columns) {
    case 0:
      return []
    case 1:
      return [read()]
    case 2:
      return [read(), read()]
    case 3:
      return [read(), read(), read()]
    case 4:
      return [read(), read(), read(), read()]
    case 5:
      return [read(), read(), read(), read(), read()]
    case 6:
      return [read(), read(), read(), read(), read(), read()]
    case 7:
      return [read(), read(), read(), read(), read(), read(), read()]
    case 8:
      return [read(), read(), read(), read(), read(), read(), read(), read()]
    default: {
      const fields = [read(), read(), read(), read(), read(), read(), read(), read()]
      for (let i = 8; i < columns; i++) fields.push(read())
      return fields
    }
  }
}

/** The next value. */
function read(): unknown {
  const word = view.getInt32(at, true)
  at += 4
  // The numbers are those of the table in the description of the format.
  switch (word & TAG) {
    case 0:
      return null
    case 1:
      return false
    case 2:
      return true
    case 3:
      return integer(word >> TAG_BITS)
    case 4:
      return wideInteger(readWord(), word >> TAG_BITS)
    case 5: {
      const low = readWord()
      return wideInteger(low, readWord())
    }
    case 6:
      return readFloat()
    case 7:
      return readText(count(word))
    case 8:
      return readWideText(count(word))
    case 9:
      return name(word >> TAG_BITS)
    case 10:
      return word < 0 ? {} : readMap(word >> TAG_BITS)
    case 11:
      return readList(count(word))
    case 12:
      return readFloats(count(word))
    case 13:
      return readInts(count(word))
    case 14:
      return readBytes(count(word))
    case 15:
      return readNode(word >> TAG_BITS)
    case 16:
      return readRelationship(name(word >> TAG_BITS))
    case 17: {
      const identity = read() as Integer
      const properties = read()
      return new UnboundRelationship(identity, name(word >> TAG_BITS), properties, read() as string)
    }
    case 18: {
      const nodes = read()
      const relationships = read()
      return path(nodes, relationships, readSequence())
    }
    case 19: {
      const x = readFloat()
      return Point.unchecked(integer(word >> TAG_BITS), x, readFloat(), undefined)
    }
    case 20: {
      const x = readFloat()
      const y = readFloat()
      return Point.unchecked(integer(word >> TAG_BITS), x, y, readFloat())
    }
    case 21: {
      const year = integer(readWord())
      return CypherDate.unchecked(year, integer(word >> (TAG_BITS + 5)), integer((word >> TAG_BITS) & 31))
    }
    case 22:
      return LocalTime.unchecked(hour(word), minute(word), second(word), integer(readWord()))
    case 23: {
      const nanosecond = integer(readWord())
      return Time.unchecked(hour(word), minute(word), second(word), nanosecond, integer(readWord()))
    }
    case 24: {
      const year = integer(readWord())
      return LocalDateTime.unchecked(
        year,
        month(word),
        day(word),
        hour(word),
        minute(word),
        second(word),
        integer(readWord()),
      )
    }
    case 25: {
      const year = integer(readWord())
      const nanosecond = integer(readWord())
      return DateTime.unchecked(
        year,
        month(word),
        day(word),
        hour(word),
        minute(word),
        second(word),
        nanosecond,
        integer(readWord()),
        undefined,
      )
    }
    case 26: {
      const year = integer(readWord())
      const nanosecond = integer(readWord())
      return localZonedDateTime(
        year,
        month(word),
        day(word),
        hour(word),
        minute(word),
        second(word),
        nanosecond,
        name(readWord()),
      )
    }
    case 27: {
      const utcSeconds = readFloat()
      return zonedDateTime(utcSeconds, readWord(), name(word >> TAG_BITS), integer)
    }
    case 28: {
      const months = read() as Integer
      const days = read() as Integer
      const seconds = read() as Integer
      return Duration.unchecked<NumberOrInteger>(months, days, seconds, integer(readWord()))
    }
    case 29:
      return readVector(word >> TAG_BITS)
    case 30:
      return new UUID(readOctets(16))
    default: {
      const signature = (word >> TAG_BITS) & 0xff
      const mode = integers
      integers = fieldMode(signature, mode)
      const fields = readList(word >> (TAG_BITS + 8))
      integers = mode
      return structure(signature, fields, mode)
    }
  }
}

function readWord(): number {
  const word = view.getInt32(at, true)
  at += 4
  return word
}

function readFloat(): number {
  const float = view.getFloat64(at, true)
  at += 8
  return float
}

/** The count in a value's word, or after it. */
function count(word: number): number {
  const small = word >> TAG_BITS
  return small >= 0 ? small : readWord() >>> 0
}

// Integers

/** A 32-bit integer, in the mode that the driver is set to. */
function integer(value: number): NumberOrInteger {
  if (integers === 'integer') {
    const index = value - SMALLEST_KEPT
    return index >>> 0 < KEPT ? keptInteger(index, value) : new Integer(value, value >> 31)
  }
  return integers === 'number' ? value : BigInt(value)
}

/** The Integer of a frequent value. Nothing writes to these objects, so one object per value is enough. */
function keptInteger(index: number, value: number): Integer {
  let kept = keptIntegers[index]
  if (kept === undefined) {
    kept = new Integer(value, value >> 31)
    keptIntegers[index] = kept
  }
  return kept
}

const SMALLEST_KEPT = -128
/** Up to 2175: years, parts of dates and times, counts, enumerations. */
const KEPT = 2304
const keptIntegers: Integer[] = new Array(KEPT).fill(undefined)

function wideInteger(low: number, high: number): NumberOrInteger {
  if (integers === 'integer') return new Integer(low, high)
  const value = high * 2 ** 32 + (low >>> 0)
  if (Number.isSafeInteger(value)) return integers === 'number' ? value : BigInt(value)
  if (integers === 'bigint') return (BigInt(high) << 32n) | BigInt(low >>> 0)
  return high < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

// Text

/** The next Latin-1 text of a value. */
function readText(length: number): string {
  const from = textAt
  textAt += length
  return textAt <= windowEnd ? window.substring(from - windowStart, textAt - windowStart) : outsideWindow(from, textAt)
}

function outsideWindow(from: number, to: number): string {
  if (to - from > LONG) return buffer.latin1Slice(from, to)
  windowStart = from
  windowEnd = Math.min(from + WINDOW, textEnd)
  window = buffer.latin1Slice(windowStart, windowEnd)
  return window.substring(0, to - from)
}

/**
 * How much text is made at once. A string that is cut from it keeps all of it in memory, so it is only as
 * large as needed to make the native call cheap.
 */
const WINDOW = 512
/** Longer strings are made alone. */
const LONG = 256

/** The next UTF-16 text of a value; `length` in code units. */
function readWideText(length: number): string {
  const from = wideAt
  wideAt += length * 2
  if (wideAt > wideWindowEnd) {
    if (length * 2 > LONG) return buffer.ucs2Slice(from, wideAt)
    wideWindowStart = from
    // The buffer may contain another frame behind this one. Nothing is cut from bytes that are not text.
    wideWindowEnd = Math.min(from + WINDOW, buffer.length)
    wideWindow = buffer.ucs2Slice(wideWindowStart, wideWindowEnd)
  }
  const first = (from - wideWindowStart) >> 1
  return wideWindow.substring(first, first + length)
}

/** A string that is stored once. */
function name(index: number): string {
  return names[index] ?? loadName(index)
}

function loadName(index: number): string {
  const entry = start + view.getInt32(start + NAMES, true) + index * 8
  const string = namedText(view.getInt32(entry, true), view.getInt32(entry + 4, true))
  names[index] = string
  return string
}

/** Text of a name or shape; `length` as it stands in their tables. */
function namedText(from: number, length: number): string {
  const units = length >>> 3
  if ((length & UTF16) !== 0) {
    const begin = start + view.getInt32(start + NAMED_WIDE_TEXT, true) + from * 2
    return buffer.ucs2Slice(begin, begin + units * 2)
  }
  const begin = start + view.getInt32(start + NAMED_TEXT, true) + from
  return buffer.latin1Slice(begin, begin + units)
}

// Maps

function readMap(index: number): object {
  const shape = shapes[index] ?? loadShape(index)
  return shape.literal !== null ? shape.literal() : assemble(shape)
}

/** Makes a map key by key. */
function assemble(shape: Shape): object {
  if (++shape.maps === WORTH_A_LITERAL && shape.keys.length <= MOST_KEYS_OF_LITERAL && mayGenerate()) {
    shape.literal = generate(shape.keys)
    return shape.literal()
  }
  const { keys } = shape
  const map: { [key: string]: unknown } = {}
  if (shape.special) {
    for (let i = 0; i < keys.length; i++) {
      Object.defineProperty(map, keys[i], { value: read(), writable: true, enumerable: true, configurable: true })
    }
  } else {
    for (let i = 0; i < keys.length; i++) map[keys[i]] = read()
  }
  return map
}

/**
 * A function that makes a map with these keys, as an object literal. `["__proto__"]` is a property; without
 * brackets it is not.
 */
function generate(keys: readonly string[]): () => object {
  const properties = keys.map((key) => `${key === '__proto__' ? '["__proto__"]' : JSON.stringify(key)}:read()`)
  return new Function('read', `return function(){return{${properties.join()}}}`)(read)
}

let generates: boolean | null = null

/** Whether this process may compile functions from text: a flag of Node or a content policy may forbid it. */
function mayGenerate(): boolean {
  if (generates === null) {
    try {
      new Function('')
      generates = true
    } catch {
      generates = false
    }
  }
  return generates
}

/** Shapes of all frames, by the text they have there. */
const knownShapes = new Map<string, Shape>()

function loadShape(index: number): Shape {
  const entry = start + view.getInt32(start + SHAPES, true) + index * 8
  const length = view.getInt32(entry + 4, true)
  const text = namedText(view.getInt32(entry, true), length)
  let shape = knownShapes.get(text)
  if (shape === undefined) {
    shape = shapeOf(text, (length & ESCAPED) !== 0)
    if ((length & LOOSE) === 0 && text.length <= LONGEST_KEPT_SHAPE) {
      if (knownShapes.size === MOST_SHAPES) knownShapes.clear()
      knownShapes.set(text, shape)
    } else {
      shape.maps = WORTH_A_LITERAL
    }
  }
  shapes[index] = shape
  return shape
}

function shapeOf(text: string, escaped: boolean): Shape {
  const keys = text.split('\u0000')
  if (escaped) {
    for (let i = 0; i < keys.length; i++) {
      const parts = keys[i].split('\u0001\u0001')
      keys[i] = parts.map((part) => part.replaceAll('\u0001\u0002', '\u0000')).join('\u0001')
    }
  }
  return { keys, special: keys.some((key) => key in Object.prototype), literal: null, maps: 0 }
}

/** For few maps, compiling a function does not pay off. */
const WORTH_A_LITERAL = 100
/** Objects with more keys do not get faster. */
const MOST_KEYS_OF_LITERAL = 128
const MOST_SHAPES = 2000
/** Longer lists of keys, in characters, are read again for each frame. */
const LONGEST_KEPT_SHAPE = 4096

// Lists and bytes

function readList(length: number): unknown[] {
  switch (length) {
    case 0:
      return []
    case 1:
      return [read()]
    case 2:
      return [read(), read()]
    case 3:
      return [read(), read(), read()]
    default: {
      const list = [read(), read(), read(), read()]
      for (let i = 4; i < length; i++) list.push(read())
      return list
    }
  }
}

function readFloats(length: number): number[] {
  const list: number[] = new Array(length)
  const from = at
  const floats = view
  for (let i = 0; i < length; i++) list[i] = floats.getFloat64(from + i * 8, true)
  at = from + length * 8
  return list
}

function readInts(length: number): NumberOrInteger[] {
  const list: NumberOrInteger[] = new Array(length)
  for (let i = 0; i < length; i++) list[i] = integer(readWord())
  return list
}

function readBytes(length: number): Int8Array {
  const bytes = new Int8Array(readOctets(length).buffer)
  at = start + ((at - start + 3) & ~3)
  return bytes
}

/** Bytes, in memory of their own. */
function readOctets(length: number): Uint8Array {
  const octets = new Uint8Array(length)
  octets.set(buffer.subarray(at, at + length))
  at += length
  return octets
}

// Structures

function readNode(labelCount: number): Node<NumberOrInteger> {
  const labels = labelCount === 1 ? [name(readWord())] : readLabels(labelCount)
  const identity = read() as NumberOrInteger
  const properties = read() as { [key: string]: unknown }
  return new Node(identity, labels, properties, read() as string)
}

function readLabels(length: number): string[] {
  const labels: string[] = []
  for (let i = 0; i < length; i++) labels.push(name(readWord()))
  return labels
}

function readRelationship(type: string): Relationship {
  const identity = read() as Integer
  const from = read() as Integer
  const to = read() as Integer
  const properties = read() as { [key: string]: unknown }
  const elementId = read() as string
  const fromElementId = read() as string
  return new Relationship(identity, from, to, type, properties, elementId, fromElementId, read() as string)
}

/** The sequence of a path. Its integers are only indexes, so they may stay numbers. */
function readSequence(): unknown {
  const word = view.getInt32(at, true)
  if ((word & TAG) !== INTS) return read()
  at += 4
  const sequence: number[] = []
  for (let left = count(word); left > 0; left--) sequence.push(readWord())
  return sequence
}

function readVector(type: number): unknown {
  const length = readWord()
  at = start + ((at - start + 7) & ~7)
  const size = length * ELEMENT_SIZES[type]
  const from = buffer.byteOffset + at
  const elements = vector(type, buffer.buffer.slice(from, from + size), 0, length)
  at = start + ((at - start + size + 3) & ~3)
  return elements
}

// Fields of a date and of a time in a value's word

function month(word: number): NumberOrInteger {
  return integer((word >> (TAG_BITS + 22)) & 15)
}

function day(word: number): NumberOrInteger {
  return integer((word >> (TAG_BITS + 17)) & 31)
}

function hour(word: number): NumberOrInteger {
  return integer((word >> (TAG_BITS + 12)) & 31)
}

function minute(word: number): NumberOrInteger {
  return integer((word >> (TAG_BITS + 6)) & 63)
}

function second(word: number): NumberOrInteger {
  return integer((word >> TAG_BITS) & 63)
}

const TAG = 31
const TAG_BITS = 5
const INTS = 13

// Words of the header, as offsets
const SHAPES = 8
const NAMES = 12
const NAMED_TEXT = 16
const NAMED_WIDE_TEXT = 20
const TEXT = 24
const WIDE_TEXT = 28
const HEADER = 32

// Bits of a length in the tables of shapes and names
const UTF16 = 1
const ESCAPED = 2
const LOOSE = 4
