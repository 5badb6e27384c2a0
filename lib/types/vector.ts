/** Vectors: lists of numbers of one type, as used for embeddings. */

import { newError } from '../error/neo4j-error.js'
import { isMarked, mark } from './marker.js'

/** The typed arrays that a vector can hold. */
export type VectorArray = Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | BigInt64Array

/** The type of the coordinates of a vector. */
export type VectorType = 'INT8' | 'INT16' | 'INT32' | 'INT64' | 'FLOAT32' | 'FLOAT64'

const CYPHER_TYPES: { readonly [type in VectorType]: string } = {
  INT8: 'INTEGER8 NOT NULL',
  INT16: 'INTEGER16 NOT NULL',
  INT32: 'INTEGER32 NOT NULL',
  INT64: 'INTEGER NOT NULL',
  FLOAT32: 'FLOAT32 NOT NULL',
  FLOAT64: 'FLOAT NOT NULL',
}

/**
 * A vector over a typed array. It keeps the array and does not copy it. Sending one needs Bolt 6.0.
 *
 * @example
 * await driver.executeQuery('RETURN $embedding AS embedding', { embedding: vector(Float32Array.of(0.1, 0.2)) })
 */
export class Vector<K extends VectorArray> {
  /** For code written for the official driver: see {@link Vector.getType}. */
  declare _type: VectorType
  /** For code written for the official driver: see {@link Vector.asTypedArray}. */
  declare _typedArray: K

  /** @throws Neo4jError for anything but a typed array of floats or of signed integers */
  constructor(typedArray: K) {
    const type = typeOf(typedArray)
    if (type === undefined) throw notAVector('Vector constructor', typedArray)
    this._type = type
    this._typedArray = typedArray
  }

  /** The typed array itself: writing to it changes the vector. */
  asTypedArray(): K {
    return this._typedArray
  }

  /** The type of the coordinates, given by the array. */
  getType(): VectorType {
    return this._type
  }

  /** The vector as a Cypher expression: `vector([1, 2], 2, INTEGER8 NOT NULL)`. */
  toString(): string {
    const cypher = CYPHER_TYPES[this._type]
    if (cypher === undefined) throw newError(`Cannot stringify vector with unsupported type. Got type: ${this._type}`)
    return `vector([${this._typedArray.join(', ')}], ${this._typedArray.length}, ${cypher})`
  }
}

mark(Vector.prototype, '__isVector__')

/**
 * Makes a {@link Vector}.
 * @throws Neo4jError for anything but a typed array of floats or of signed integers
 */
export function vector<K extends VectorArray>(typedArray: K): Vector<K> {
  if (typeOf(typedArray) === undefined) throw notAVector('vector constructor function', typedArray)
  return new Vector(typedArray)
}

/** Whether a value is a {@link Vector}, of this or another copy of the driver. */
// biome-ignore lint/suspicious/noExplicitAny: the official signature
export function isVector<K extends VectorArray>(obj: any): obj is Vector<K> {
  return isMarked(obj, '__isVector__')
}

function typeOf(array: unknown): VectorType | undefined {
  if (array instanceof Float32Array) return 'FLOAT32'
  if (array instanceof Float64Array) return 'FLOAT64'
  if (array instanceof Int8Array) return 'INT8'
  if (array instanceof Int16Array) return 'INT16'
  if (array instanceof Int32Array) return 'INT32'
  if (array instanceof BigInt64Array) return 'INT64'
  return undefined
}

function notAVector(where: string, given: unknown): Error {
  const kind = (given as object | null | undefined)?.constructor?.name ?? 'undefined or type without constructor name'
  return newError(
    `Invalid argument type passed to ${where}: should be signed integer or float TypedArray, got: ${kind}`,
  )
}
