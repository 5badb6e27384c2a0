/**
 * PackStream for the scripted peer: plain, small and slow on purpose, and independent of the package's own two codecs, so that a mistake in those
 * cannot cancel itself out. Knows markers; knows nothing of messages. The peer sends no Node or Point: a test builds these as `Struct`s, as the
 * Bolt specification lists their fields.
 */

/** A structure: a node, a point, a date, or a whole message. */
export class Struct {
  constructor(
    readonly tag: number,
    readonly fields: unknown[],
  ) {}
}

/** Marks a number as a float on the wire, also where it is whole. */
export class Float {
  constructor(readonly value: number) {}
}

/** A value of the wire, encoded. Numbers that are whole become integers in the smallest width. */
export function encode(value: unknown): Buffer {
  const out: Buffer[] = []
  write(value, out)
  return Buffer.concat(out)
}

/**
 * The one value that `bytes` holds. Integers beyond 2^53 come as bigint, structures as `Struct`, UUIDs as a `Struct` of their marker.
 * @param floats floats come as `Float`, so that they can be told from integers
 */
export function decode(bytes: Buffer, floats = false): unknown {
  const reader = new Reader(bytes, floats)
  const value = reader.value()
  if (!reader.atEnd()) throw new Error(`trailing bytes after a PackStream value: ${bytes.toString('hex')}`)
  return value
}

function write(value: unknown, out: Buffer[]): void {
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
    out.push(Buffer.of(UUID), value.fields[0] as Buffer)
  } else if (value instanceof Struct) {
    out.push(Buffer.of(0xb0 | value.fields.length, value.tag))
    for (const field of value.fields) write(field, out)
  } else {
    const entries = Object.entries(value as object)
    writeHeader(entries.length, 0xa0, 0xd8, out)
    for (const [key, item] of entries) {
      write(key, out)
      write(item, out)
    }
  }
}

function writeInteger(value: bigint, out: Buffer[]): void {
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

function writeFloat(value: number, out: Buffer[]): void {
  const bytes = Buffer.alloc(9)
  bytes.writeUInt8(0xc1)
  bytes.writeDoubleBE(value, 1)
  out.push(bytes)
}

function writeHeader(size: number, tiny: number, marker8: number, out: Buffer[]): void {
  if (size < 16) out.push(Buffer.of(tiny | size))
  else writeSize(size, marker8, out)
}

function writeSize(size: number, marker8: number, out: Buffer[]): void {
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
  readonly #bytes: Buffer
  readonly #floats: boolean

  constructor(bytes: Buffer, floats: boolean) {
    this.#bytes = bytes
    this.#floats = floats
  }

  atEnd(): boolean {
    return this.#offset === this.#bytes.length
  }

  value(): unknown {
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

  #list(size: number): unknown[] {
    return Array.from({ length: size }, () => this.value())
  }

  #map(size: number): Record<string, unknown> {
    const map: Record<string, unknown> = {}
    for (let i = 0; i < size; i++) {
      const key = this.value() as string
      map[key] = this.value()
    }
    return map
  }

  #string(size: number): string {
    return this.#take(size).toString('utf8')
  }

  #uint(size: number): number {
    return this.#take(size).readUIntBE(0, size)
  }

  #take(size: number): Buffer {
    const end = this.#offset + size
    if (end > this.#bytes.length) throw new Error(`PackStream value cut short: ${this.#bytes.toString('hex')}`)
    const bytes = this.#bytes.subarray(this.#offset, end)
    this.#offset = end
    return bytes
  }
}

// Bolt 6.1, "UUID": the marker and 16 bytes, big endian.
const UUID = 0xe0
