/**
 * Just enough PackStream for scripted servers: to write what they send, and to read what drivers ask of them. Knows nothing of
 * connections, and shares no code with the packages under measurement.
 */

/** A PackStream structure: `new Structure(0x4e, [...])` is a Node. */
export class Structure {
  constructor(tag, fields) {
    this.tag = tag
    this.fields = fields
  }
}

/** A number that is to be sent as a float even where it is a whole one. */
export class Float {
  constructor(value) {
    this.value = value
  }
}

/** Appends one value to `out`, an array of buffers that is joined later. */
export function pack(value, out) {
  if (value === null || value === undefined) out.push(Buffer.of(0xc0))
  else if (typeof value === 'boolean') out.push(Buffer.of(value ? 0xc3 : 0xc2))
  else if (typeof value === 'number' && Number.isInteger(value)) packInteger(value, out)
  else if (typeof value === 'number') packFloat(value, out)
  else if (value instanceof Float) packFloat(value.value, out)
  else if (typeof value === 'string') {
    const bytes = Buffer.from(value)
    packHeader(bytes.length, 0x80, 0xd0, out)
    out.push(bytes)
  } else if (Array.isArray(value)) {
    packHeader(value.length, 0x90, 0xd4, out)
    for (const item of value) pack(item, out)
  } else if (value instanceof Structure) {
    out.push(Buffer.of(0xb0 + value.fields.length, value.tag))
    for (const field of value.fields) pack(field, out)
  } else {
    const entries = Object.entries(value)
    packHeader(entries.length, 0xa0, 0xd8, out)
    for (const [key, item] of entries) {
      pack(key, out)
      pack(item, out)
    }
  }
}

/** One whole message, chunked: structure `tag` with `fields`, at most 65,535 bytes to a chunk, and the end marker. */
export function message(tag, ...fields) {
  const parts = []
  pack(new Structure(tag, fields), parts)
  const body = Buffer.concat(parts)
  const out = []
  for (let at = 0; at < body.length; at += 0xffff) {
    const chunk = body.subarray(at, at + 0xffff)
    const header = Buffer.alloc(2)
    header.writeUInt16BE(chunk.length)
    out.push(header, chunk)
  }
  out.push(Buffer.alloc(2))
  return Buffer.concat(out)
}

/** The structure that `body` holds, a whole message without its chunks: its tag and its fields. */
export function unpack(body) {
  const fields = []
  const count = body[0] & 0x0f
  for (let i = 0, at = 2; i < count; i++) {
    const [value, end] = unpackAt(body, at)
    fields.push(value)
    at = end
  }
  return { tag: body[1], fields }
}

/** The value that begins at `at`, and where it ends. Only what drivers put into requests without parameters of rare types. */
function unpackAt(bytes, at) {
  const marker = bytes[at++]
  if (marker < 0x80) return [marker, at]
  if (marker >= 0xf0) return [marker - 0x100, at]
  const tiny = marker & 0xf0
  if (tiny === 0x80) return unpackString(bytes, at, marker & 0x0f)
  if (tiny === 0x90) return unpackList(bytes, at, marker & 0x0f)
  if (tiny === 0xa0) return unpackMap(bytes, at, marker & 0x0f)
  const width = 1 << (marker & 0x03)
  switch (marker) {
    case 0xc0:
      return [null, at]
    case 0xc1:
      return [bytes.readDoubleBE(at), at + 8]
    case 0xc2:
    case 0xc3:
      return [marker === 0xc3, at]
    case 0xc8:
    case 0xc9:
    case 0xca:
      return [bytes.readIntBE(at, width), at + width]
    case 0xcb:
      return [Number(bytes.readBigInt64BE(at)), at + 8]
    case 0xd0:
    case 0xd1:
    case 0xd2:
      return unpackString(bytes, at + width, bytes.readUIntBE(at, width))
    case 0xd4:
    case 0xd5:
    case 0xd6:
      return unpackList(bytes, at + width, bytes.readUIntBE(at, width))
    case 0xd8:
    case 0xd9:
    case 0xda:
      return unpackMap(bytes, at + width, bytes.readUIntBE(at, width))
  }
  throw new Error(`no value of a request begins with 0x${marker.toString(16)}`)
}

function unpackString(bytes, at, size) {
  return [bytes.toString('utf8', at, at + size), at + size]
}

function unpackList(bytes, at, size) {
  const list = []
  for (let i = 0; i < size; i++) {
    const [value, end] = unpackAt(bytes, at)
    list.push(value)
    at = end
  }
  return [list, at]
}

function unpackMap(bytes, at, size) {
  const map = {}
  for (let i = 0; i < size; i++) {
    const [key, middle] = unpackAt(bytes, at)
    const [value, end] = unpackAt(bytes, middle)
    map[key] = value
    at = end
  }
  return [map, at]
}

function packInteger(value, out) {
  if (value >= -16 && value < 128) out.push(Buffer.of(value & 0xff))
  else if (value >= -0x80 && value < 0x80) out.push(Buffer.of(0xc8, value & 0xff))
  else if (value >= -0x8000 && value < 0x8000) out.push(Buffer.of(0xc9, (value >> 8) & 0xff, value & 0xff))
  else if (value >= -0x80000000 && value < 0x80000000) {
    const bytes = Buffer.of(0xca, 0, 0, 0, 0)
    bytes.writeInt32BE(value, 1)
    out.push(bytes)
  } else {
    const bytes = Buffer.alloc(9, 0xcb)
    bytes.writeBigInt64BE(BigInt(value), 1)
    out.push(bytes)
  }
}

function packFloat(value, out) {
  const bytes = Buffer.alloc(9, 0xc1)
  bytes.writeDoubleBE(value, 1)
  out.push(bytes)
}

/** A size in the tiny form (`tiny` + size) where it is below 16, else in the 8, 16 or 32 bit form from `wide` on. */
function packHeader(size, tiny, wide, out) {
  if (size < 0x10) out.push(Buffer.of(tiny + size))
  else if (size < 0x100) out.push(Buffer.of(wide, size))
  else if (size < 0x10000) out.push(Buffer.of(wide + 1, size >> 8, size & 0xff))
  else {
    const bytes = Buffer.of(wide + 2, 0, 0, 0, 0)
    bytes.writeUInt32BE(size, 1)
    out.push(bytes)
  }
}
