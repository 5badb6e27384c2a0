/**
 * Just enough PackStream to write the records that the scripted peer sends. Knows nothing of connections, and shares no
 * code with the packages under measurement.
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
