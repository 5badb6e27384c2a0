/**
 * Snapshots for the targets in JavaScript: a value in full, to be compared, and in a few words, to see
 * whether it is of a new kind. They are strings, since a run makes millions of them, and they print what
 * `__test__/support/snapshot.ts` does not know: a value that cannot be hydrated, with the reason, and bytes
 * in hex.
 */
import { brokenReason, isBrokenObject } from '../__test__/support/broken-object.js'

/** All of a value, as text. */
export function snapshot(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value)
  if (isBrokenObject(value)) return `broken(${(brokenReason(value) as Error).message})`
  if (Array.isArray(value)) return `[${value.map(snapshot).join()}]`
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${bytesOf(value).toString('hex')})`
  const entries = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${snapshot(each)}`)
  return `${Object.getPrototypeOf(value)?.constructor?.name}{${entries.join()}}`
}

/** The kinds of which a value is made, down to the first level. */
export function sketch(value: unknown, depth = 1): string {
  if (typeof value === 'string') return value.length > 16 ? 'long' : 'text'
  if (typeof value !== 'object' || value === null) return typeof value
  if (isBrokenObject(value)) return `broken ${gist((brokenReason(value) as Error).message)}`
  const name = Object.getPrototypeOf(value)?.constructor?.name
  if (depth === 0 || ArrayBuffer.isView(value)) return name
  const inner = Object.values(value).slice(0, 4)
  return `${name}(${inner.map((each) => sketch(each, depth - 1)).join()})`
}

/** What an error is about, without the numbers and names that are in it: each of those would be news. */
export function gist(message: string): string {
  return message.replaceAll(/\d+|:.*/gs, '').slice(0, 40)
}

/** How many values it is made of. */
export function size(value: unknown): number {
  if (typeof value !== 'object' || value === null || isBrokenObject(value)) return 1
  if (ArrayBuffer.isView(value)) return value.byteLength
  return Object.values(value).reduce((sum: number, each) => sum + size(each), 1)
}

function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength)
}

const text = (value: string): Buffer => Buffer.concat([Buffer.of(0x80 + Buffer.byteLength(value)), Buffer.from(value)])

/**
 * Markers of structures with as many fields as they should have, extremes of integers, and names that mean
 * something to JavaScript.
 */
const MARKERS = [
  ...['b44e', 'b852', 'b34e', 'b552', 'b472', 'b372', 'b350', 'b144', 'b254', 'b174', 'b264', 'b349', 'b346'],
  ...['b369', 'b366', 'b445', 'b358', 'b459', 'b256', 'b43f', 'b24a', 'b15a'],
  ...['cb7fffffffffffffff', 'cb8000000000000000', 'ca7fffffff', 'ca80000000', 'c97fff', 'c880', 'c17ff8000000000000'],
  ...['c18000000000000000', 'cc01c1', 'cc01c6', 'cc01cb', 'd4ff', 'd5ffff', 'd6ffffffff', 'd8ff', 'daffffffff', 'e0'],
  ...['a0', '90', '80', 'c0', 'cc00', 'd400', 'd800', 'dc00'],
]
const NAMES = ['length', '__proto__', 'constructor', 'toString', 'low', 'high', '0', 'Europe/Paris', '+01:00']

/** Pieces of inputs that are worth a try. */
export const DICTIONARY: Buffer[] = [...MARKERS.map((hex) => Buffer.from(hex, 'hex')), ...NAMES.map(text)]
