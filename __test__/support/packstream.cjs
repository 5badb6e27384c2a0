// @ts-check
/**
 * PackStream and Bolt's chunks for scripted servers, of the tests and of the benchmark: plain and small, not
 * fast. It shares no code with the package's own codecs, so that a mistake in those cannot cancel itself out.
 * It has no Node and no Point: a test builds these as `Struct`s, as the Bolt specification lists their
 * fields. In CommonJS, which both the tests and the benchmark's modules can import.
 */

/** A structure: a node, a point, a date, or a whole message. */
class Struct {
  /**
   * @param {number} tag
   * @param {unknown[]} fields
   */
  constructor(tag, fields) {
    /** @readonly */
    this.tag = tag
    /** @readonly */
    this.fields = fields
  }
}

/** A number that is a float on the wire even if it is whole. */
class Float {
  /** @param {number} value */
  constructor(value) {
    /** @readonly */
    this.value = value
  }
}

/**
 * Encodes a value. Whole numbers become integers of the smallest width.
 * @param {unknown} value
 * @returns {Buffer}
 */
function encode(value) {
  /** @type {Buffer[]} */
  const out = []
  write(value, out)
  return Buffer.concat(out)
}

/**
 * Decodes the one value of `bytes`. Integers beyond 2^53 become bigints, structures a `Struct`, UUIDs a
 * `Struct` of their marker.
 * @param {Buffer} bytes
 * @param {boolean} floats makes floats a `Float`, so that a test can tell them from integers
 * @returns {unknown}
 */
function decode(bytes, floats = false) {
  const reader = new Reader(bytes, floats)
  const value = reader.value()
  if (!reader.atEnd()) throw new Error(`trailing bytes after a PackStream value: ${bytes.toString('hex')}`)
  return value
}

/**
 * One whole message in chunks of at most 65,535 bytes, with the end marker.
 * @param {number} tag
 * @param {unknown[]} fields
 * @returns {Buffer}
 */
function message(tag, fields) {
  const body = encode(new Struct(tag, fields))
  const chunks = []
  for (let offset = 0; offset < body.length; offset += 0xffff) {
    const chunk = body.subarray(offset, offset + 0xffff)
    chunks.push(Buffer.of(chunk.length >> 8, chunk.length & 0xff), chunk)
  }
  chunks.push(Buffer.of(0, 0))
  return Buffer.concat(chunks)
}

/**
 * @param {unknown} value
 * @param {Buffer[]} out
 */
function write(value, out) {
  if (value === null || value === undefined) out.push(Buffer.of(0xc0))
  else if (typeof value === 'boolean') out.push(Buffer.of(value ? 0xc3 : 0xc2))
  else if (typeof value === 'bigint') writeInteger(value, out)
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) writeInteger(BigInt(value), out)
    else writeFloat(value, out)
  } else if (value instanceof Float) writeFloat(value.value, out)
  else if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'utf8')
    writeHeader(bytes.length, 0x80, 0xd0, out)
    out.push(bytes)
  } else if (value instanceof Uint8Array) {
    // Bytes have no tiny form.
    writeSize(value.length, 0xcc, out)
    out.push(Buffer.from(value))
  } else if (Array.isArray(value)) {
    writeHeader(value.length, 0x90, 0xd4, out)
    for (const item of value) write(item, out)
  } else if (value instanceof Struct && value.tag === UUID) {
    out.push(Buffer.of(UUID), /** @type {Buffer} */ (value.fields[0]))
  } else if (value instanceof Struct) {
    out.push(Buffer.of(0xb0 | value.fields.length, value.tag))
    for (const field of value.fields) write(field, out)
  } else {
    const entries = Object.entries(/** @type {object} */ (value))
    writeHeader(entries.length, 0xa0, 0xd8, out)
    for (const [key, item] of entries) {
      write(key, out)
      write(item, out)
    }
  }
}

/**
 * @param {bigint} value
 * @param {Buffer[]} out
 */
function writeInteger(value, out) {
  const bytes = Buffer.alloc(9)
  if (value >= -16n && value <= 127n) {
    out.push(Buffer.of(Number(value) & 0xff))
  } else if (value >= -128n && value <= 127n) {
    out.push(Buffer.of(0xc8, Number(value) & 0xff))
  } else if (value >= -32_768n && value <= 32_767n) {
    bytes.writeUInt8(0xc9)
    bytes.writeInt16BE(Number(value), 1)
    out.push(bytes.subarray(0, 3))
  } else if (value >= -2_147_483_648n && value <= 2_147_483_647n) {
    bytes.writeUInt8(0xca)
    bytes.writeInt32BE(Number(value), 1)
    out.push(bytes.subarray(0, 5))
  } else {
    bytes.writeUInt8(0xcb)
    bytes.writeBigInt64BE(value, 1)
    out.push(bytes)
  }
}

/**
 * @param {number} value
 * @param {Buffer[]} out
 */
function writeFloat(value, out) {
  const bytes = Buffer.alloc(9)
  bytes.writeUInt8(0xc1)
  bytes.writeDoubleBE(value, 1)
  out.push(bytes)
}

/**
 * @param {number} size
 * @param {number} tiny
 * @param {number} marker8
 * @param {Buffer[]} out
 */
function writeHeader(size, tiny, marker8, out) {
  if (size < 16) out.push(Buffer.of(tiny | size))
  else writeSize(size, marker8, out)
}

/**
 * @param {number} size
 * @param {number} marker8
 * @param {Buffer[]} out
 */
function writeSize(size, marker8, out) {
  const bytes = Buffer.alloc(5)
  if (size < 0x100) {
    out.push(Buffer.of(marker8, size))
  } else if (size < 0x10000) {
    bytes.writeUInt8(marker8 + 1)
    bytes.writeUInt16BE(size, 1)
    out.push(bytes.subarray(0, 3))
  } else {
    bytes.writeUInt8(marker8 + 2)
    bytes.writeUInt32BE(size, 1)
    out.push(bytes)
  }
}

class Reader {
  #offset = 0
  #bytes
  #floats

  /**
   * @param {Buffer} bytes
   * @param {boolean} floats
   */
  constructor(bytes, floats) {
    this.#bytes = bytes
    this.#floats = floats
  }

  atEnd() {
    return this.#offset === this.#bytes.length
  }

  /** @returns {unknown} */
  value() {
    const marker = this.#uint(1)
    const size = marker & 0x0f
    switch (marker & 0xf0) {
      case 0x80:
        return this.#string(size)
      case 0x90:
        return this.#list(size)
      case 0xa0:
        return this.#map(size)
      case 0xb0:
        return new Struct(this.#uint(1), this.#list(size))
    }
    if (marker < 0x80) return marker
    if (marker >= 0xf0) return marker - 0x100
    switch (marker) {
      case 0xc0:
        return null
      case 0xc1: {
        const value = this.#take(8).readDoubleBE()
        return this.#floats ? new Float(value) : value
      }
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc8:
        return this.#take(1).readInt8()
      case 0xc9:
        return this.#take(2).readInt16BE()
      case 0xca:
        return this.#take(4).readInt32BE()
      case 0xcb: {
        const value = this.#take(8).readBigInt64BE()
        return Number.isSafeInteger(Number(value)) ? Number(value) : value
      }
      case 0xcc:
      case 0xcd:
      case 0xce:
        return Buffer.from(this.#take(this.#uint(1 << (marker - 0xcc))))
      case 0xd0:
      case 0xd1:
      case 0xd2:
        return this.#string(this.#uint(1 << (marker - 0xd0)))
      case 0xd4:
      case 0xd5:
      case 0xd6:
        return this.#list(this.#uint(1 << (marker - 0xd4)))
      case 0xd8:
      case 0xd9:
      case 0xda:
        return this.#map(this.#uint(1 << (marker - 0xd8)))
      case UUID:
        return new Struct(UUID, [Buffer.from(this.#take(16))])
    }
    throw new Error(`unknown PackStream marker 0x${marker.toString(16)}`)
  }

  /** @param {number} size */
  #list(size) {
    return Array.from({ length: size }, () => this.value())
  }

  /** @param {number} size */
  #map(size) {
    /** @type {Record<string, unknown>} */
    const map = {}
    for (let i = 0; i < size; i++) {
      const key = /** @type {string} */ (this.value())
      map[key] = this.value()
    }
    return map
  }

  /** @param {number} size */
  #string(size) {
    return this.#take(size).toString('utf8')
  }

  /** @param {number} size */
  #uint(size) {
    return this.#take(size).readUIntBE(0, size)
  }

  /** @param {number} size */
  #take(size) {
    const end = this.#offset + size
    if (end > this.#bytes.length) throw new Error(`PackStream value cut short: ${this.#bytes.toString('hex')}`)
    const bytes = this.#bytes.subarray(this.#offset, end)
    this.#offset = end
    return bytes
  }
}

// Bolt 6.1, "UUID": the marker and 16 bytes, big endian.
const UUID = 0xe0

exports.Struct = Struct
exports.Float = Float
exports.encode = encode
exports.decode = decode
exports.message = message
