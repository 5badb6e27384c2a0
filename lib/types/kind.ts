/** Recognises the type of a parameter: one of the driver's types, or one of JavaScript's. */

import { types } from 'node:util'
import { isNode, isPath, isRelationship, isUnboundRelationship } from './graph.js'
import { isInt } from './integer.js'
import { isPoint } from './spatial.js'
import { isDate, isDateTime, isDuration, isLocalDateTime, isLocalTime, isTime } from './temporal.js'
import { isUnsupportedType } from './unsupported-type.js'
import { isUUID } from './uuid.js'
import { isVector } from './vector.js'

/** What a value's class and structure reveal. */
export type Kind =
  | 'map'
  | 'iterable'
  | 'integer'
  | 'bytes'
  | 'boxed'
  | 'promise'
  | 'point'
  | 'duration'
  | 'localTime'
  | 'time'
  | 'date'
  | 'localDateTime'
  | 'dateTime'
  | 'standardDate'
  | 'vector'
  | 'uuid'
  | 'node'
  | 'relationship'
  | 'unboundRelationship'
  | 'path'
  | 'unsupportedType'

const MARKED: ReadonlyArray<[Kind, (prototype: unknown) => boolean]> = [
  ['node', isNode],
  ['relationship', isRelationship],
  ['unboundRelationship', isUnboundRelationship],
  ['path', isPath],
  ['point', isPoint],
  ['duration', isDuration],
  ['localTime', isLocalTime],
  ['time', isTime],
  ['date', isDate],
  ['localDateTime', isLocalDateTime],
  ['dateTime', isDateTime],
  ['vector', isVector],
  ['unsupportedType', isUnsupportedType],
  ['integer', isInt],
  ['uuid', isUUID],
]

// Fifteen look-ups of absent properties per object would be the most expensive part of all.
const markedKinds = new WeakMap<object, Kind | 'unmarked'>()

/** @param prototype the value's, which the caller has already */
export function kindOf(value: object, prototype: object | null): Kind {
  if (prototype !== null && prototype !== Object.prototype) {
    const kind = markedKinds.get(prototype) ?? markedKindOf(prototype)
    if (kind !== 'unmarked') return kind
  }
  if (ArrayBuffer.isView(value)) {
    // Not by instanceof: the array may come from another realm, as it does under some test runners.
    return types.isUint8Array(value) || types.isInt8Array(value) || types.isDataView(value) ? 'bytes' : 'iterable'
  }
  if (types.isDate(value)) return 'standardDate'
  if (types.isBoxedPrimitive(value)) return 'boxed'
  if (types.isAnyArrayBuffer(value)) return 'bytes'
  if (types.isPromise(value)) return 'promise'
  return typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function' ? 'iterable' : 'map'
}

/**
 * The name of a value that has no properties and yet is not an empty map, because its class hides its
 * content: a built-in class of JavaScript or Node such as URL, RegExp and Map, a thenable or asynchronous
 * iterable, or a class that extends one of these. Undefined for all other values, and so for a class of the
 * application.
 * @param value an object without enumerable properties of its own
 */
export function opaqueName(value: object): string | undefined {
  let name: string | undefined
  for (let at = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) {
    const maker: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value
    if (typeof maker !== 'function') continue
    // The properties of all objects, including those of another realm.
    if (maker.name === 'Object' && Object.getPrototypeOf(at) === null) break
    name ??= maker.name
    if (isBuiltIn(maker)) return name
  }
  const { then, [Symbol.asyncIterator]: iterate } = value as { then?: unknown; [Symbol.asyncIterator]?: unknown }
  if (typeof then === 'function' || typeof iterate === 'function') return name ?? tagOf(value)
  return undefined
}

/**
 * Whether a class comes with the language, of any realm, or with Node. Node's classes are written in
 * JavaScript, and are globals.
 */
function isBuiltIn(maker: { readonly name: string }): boolean {
  if (NATIVE_CODE.test(Function.prototype.toString.call(maker))) return true
  const found = Object.getOwnPropertyDescriptor(globalThis, maker.name)
  // A global that an application assigns is enumerable.
  if (found === undefined || found.enumerable) return false
  return (found.get === undefined ? found.value : found.get.call(globalThis)) === maker
}

const NATIVE_CODE = /\{\s*\[native code\]\s*\}$/

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

function markedKindOf(prototype: object): Kind | 'unmarked' {
  const kind = MARKED.find(([, isOf]) => isOf(prototype))?.[0] ?? 'unmarked'
  markedKinds.set(prototype, kind)
  return kind
}

/** The bytes that a value of kind `bytes` stands for, not copied. */
export function bytesOf(value: ArrayBufferView | ArrayBufferLike): Uint8Array {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return new Uint8Array(value)
}

/** The primitive in a value of kind `boxed`, regardless of its own methods. */
export function unboxed(value: object): unknown {
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value)
  if (types.isNumberObject(value)) return Number.prototype.valueOf.call(value)
  if (types.isBooleanObject(value)) return Boolean.prototype.valueOf.call(value)
  if (types.isBigIntObject(value)) return BigInt.prototype.valueOf.call(value)
  return Symbol.prototype.valueOf.call(value)
}
