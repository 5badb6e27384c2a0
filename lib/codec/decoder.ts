/**
 * Decodes PackStream bytes in JavaScript. Only for values that never pass through the engine: those encrypted
 * on the client. `hydrate.ts` makes the structures.
 *
 * The bytes may come from an attacker. The decoder allocates nothing by a size that they claim, reads nothing
 * beyond their end, and nests no deeper than {@link MAX_DEPTH}.
 */

import { newError, PROTOCOL_ERROR } from '../error/neo4j-error.js'
import { Integer } from '../types/integer.js'
import { UUID } from '../types/uuid.js'
import { Vector, type VectorArray } from '../types/vector.js'
import { MAX_DEPTH } from '../util/limits.js'
import { fieldMode, type IntegerMode, Structure, structure } from './hydrate.js'
import { MARKERS, SIGNATURES } from './shared-constants.js'

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
  STRUCT_8,
  STRUCT_16,
  TINY_LIST,
  TINY_MAP,
  TINY_STRING,
  TINY_STRUCT,
  TRUE,
  UUID: UUID_16,
} = MARKERS

const { VECTOR } = SIGNATURES

/** From this byte on, a byte is an integer by itself: -16 and up, as a signed byte. */
const SMALLEST_NEGATIVE = 0xf0

/** Reads PackStream values one after the other from bytes, which must not change meanwhile. */
export class Decoder {
  readonly #bytes: Buffer
  #integers: IntegerMode
  readonly #hydrates: boolean
  #at = 0

  /**
   * @param integers what INTEGER becomes, in structures also
   * @param hydrates whether structures become values; otherwise each is a {@link Structure}
   */
  constructor(bytes: Uint8Array, integers: IntegerMode, hydrates = true) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#integers = integers
    this.#hydrates = hydrates
  }

  /** Whether there are bytes left. */
  get hasRemaining(): boolean {
    return this.#at < this.#bytes.length
  }

  /**
   * The next value.
   * @throws Neo4jError if the bytes end too early, have no meaning, or nest too deep
   */
  value(): unknown {
    return this.#value(0)
  }

  #value(depth: number): unknown {
    const marker = this.#bytes[this.#take(1)]
    if (marker < TINY_STRING) return this.#integer(marker)
    if (marker >= SMALLEST_NEGATIVE) return this.#integer(marker - 0x100)
    const low = marker & 0x0f
    switch (marker & 0xf0) {
      case TINY_STRING:
        return this.#string(low)
      case TINY_LIST:
        return this.#list(low, depth + 1)
      case TINY_MAP:
        return this.#map(low, depth + 1)
      case TINY_STRUCT:
        return this.#structure(low, depth + 1)
    }
    switch (marker) {
      case NULL:
        return null
      case TRUE:
        return true
      case FALSE:
        return false
      case FLOAT_64:
        return this.#bytes.readDoubleBE(this.#take(8))
      case INT_8:
        return this.#integer(this.#bytes.readInt8(this.#take(1)))
      case INT_16:
        return this.#integer(this.#bytes.readInt16BE(this.#take(2)))
      case INT_32:
        return this.#integer(this.#bytes.readInt32BE(this.#take(4)))
      case INT_64:
        return this.#int64()
      case BYTES_8:
      case BYTES_8 + 1:
      case BYTES_8 + 2:
        return new Int8Array(this.#copy(this.#size(marker - BYTES_8)))
      case STRING_8:
      case STRING_8 + 1:
      case STRING_8 + 2:
        return this.#string(this.#size(marker - STRING_8))
      case LIST_8:
      case LIST_8 + 1:
      case LIST_8 + 2:
        return this.#list(this.#size(marker - LIST_8), depth + 1)
      case MAP_8:
      case MAP_8 + 1:
      case MAP_8 + 2:
        return this.#map(this.#size(marker - MAP_8), depth + 1)
      case STRUCT_8:
        return this.#structure(this.#size(0), depth + 1)
      case STRUCT_16:
        return this.#structure(this.#size(1), depth + 1)
      case UUID_16:
        return new UUID(new Uint8Array(this.#copy(16)))
      default:
        throw newError(`Unknown packed value with marker ${marker.toString(16)}`, PROTOCOL_ERROR)
    }
  }

  #integer(value: number): unknown {
    if (this.#integers === 'number') return value
    return this.#integers === 'bigint' ? BigInt(value) : Integer.fromInt(value)
  }

  #int64(): unknown {
    const at = this.#take(8)
    if (this.#integers === 'bigint') return this.#bytes.readBigInt64BE(at)
    const integer = new Integer(this.#bytes.readInt32BE(at + 4), this.#bytes.readInt32BE(at))
    return this.#integers === 'number' ? integer.toNumberOrInfinity() : integer
  }

  #string(size: number): string {
    const at = this.#take(size)
    return this.#bytes.toString('utf8', at, at + size)
  }

  #list(size: number, depth: number): unknown[] {
    this.#expect(size, depth)
    const list: unknown[] = []
    for (let i = 0; i < size; i++) list.push(this.#value(depth))
    return list
  }

  #map(size: number, depth: number): { [key: string]: unknown } {
    this.#expect(size, depth)
    const map: { [key: string]: unknown } = {}
    for (let i = 0; i < size; i++) {
      const key = this.#value(depth)
      if (typeof key !== 'string') throw newError(`The key of a map is no string but a ${typeof key}`, PROTOCOL_ERROR)
      // Defined, not assigned: a key may be `__proto__`.
      Object.defineProperty(map, key, {
        value: this.#value(depth),
        writable: true,
        enumerable: true,
        configurable: true,
      })
    }
    return map
  }

  #structure(size: number, depth: number): unknown {
    this.#expect(size, depth)
    const signature = this.#bytes[this.#take(1)]
    const fields: unknown[] = []
    const mode = this.#integers
    if (this.#hydrates) this.#integers = fieldMode(signature, mode)
    for (let i = 0; i < size; i++) fields.push(this.#value(depth))
    this.#integers = mode
    if (!this.#hydrates) return new Structure(signature, fields)
    // When hydrating for the engine, vectors are left to the batch.
    if (signature === VECTOR && isVector(fields)) return vectorOf(fields)
    return structure(signature, fields, this.#integers)
  }

  /** A length of 8, 16 or 32 bits: width 0, 1, 2. */
  #size(width: number): number {
    const size = 1 << width
    return this.#bytes.readUIntBE(this.#take(size), size)
  }

  #copy(size: number): ArrayBuffer {
    const at = this.#take(size)
    return Uint8Array.prototype.slice.call(this.#bytes, at, at + size).buffer as ArrayBuffer
  }

  /**
   * Every item takes at least one byte, so a count beyond the end is refused before anything is allocated for
   * it.
   */
  #expect(items: number, depth: number): void {
    if (depth > MAX_DEPTH) throw newError(`Lists and maps are nested more than ${MAX_DEPTH} deep`, PROTOCOL_ERROR)
    if (items > this.#bytes.length - this.#at) throw tooShort()
  }

  /** Where the next so many bytes begin. */
  #take(count: number): number {
    const at = this.#at
    if (count > this.#bytes.length - at) throw tooShort()
    this.#at = at + count
    return at
  }
}

function tooShort(): Error {
  return newError('The bytes end in the middle of a value', PROTOCOL_ERROR)
}

const ELEMENTS: { readonly [marker: number]: new (buffer: ArrayBuffer) => VectorArray } = {
  [INT_8]: Int8Array,
  [INT_16]: Int16Array,
  [INT_32]: Int32Array,
  [INT_64]: BigInt64Array,
  [FLOAT_32]: Float32Array,
  [FLOAT_64]: Float64Array,
}
const SIZES: { readonly [marker: number]: number } = {
  [INT_8]: 1,
  [INT_16]: 2,
  [INT_32]: 4,
  [INT_64]: 8,
  [FLOAT_32]: 4,
  [FLOAT_64]: 8,
}

function isVector(fields: unknown[]): fields is [type: Int8Array, elements: Int8Array] {
  const [type, elements] = fields
  if (fields.length !== 2 || !isBytes(type) || !isBytes(elements)) return false
  const size = SIZES[type[0] & 0xff]
  return type.length === 1 && size !== undefined && elements.length % size === 0
}

/** Reads no property of a broken object that would throw. */
function isBytes(value: unknown): value is Int8Array {
  return ArrayBuffer.isView(value) && value instanceof Int8Array
}

function vectorOf([type, elements]: [Int8Array, Int8Array]): Vector<VectorArray> {
  const marker = type[0] & 0xff
  const bytes = Buffer.from(elements.buffer)
  if (LITTLE_ENDIAN) {
    if (SIZES[marker] === 2) bytes.swap16()
    else if (SIZES[marker] === 4) bytes.swap32()
    else if (SIZES[marker] === 8) bytes.swap64()
  }
  return new Vector(new ELEMENTS[marker](elements.buffer as ArrayBuffer))
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1
