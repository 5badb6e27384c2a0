/** Universally unique identifiers as a type of their own, with their two notations. */

import { newError } from '../error/neo4j-error.js'
import { isMarked, mark } from './marker.js'

/** A UUID of 16 bytes. Frozen, except for the bytes themselves. Sending one needs Bolt 6.1. */
export class UUID {
  /** For code written for the official driver: see {@link UUID.getTypedArray}. */
  declare readonly _typedArray: Uint8Array

  /**
   * @param typedArray kept, not copied
   * @throws Neo4jError if there are not 16 bytes
   */
  constructor(typedArray: Uint8Array) {
    if (typedArray.length !== 16) {
      throw newError(`Uint8Array representation of UUID must be of length 16, got ${typedArray.toString()}`)
    }
    this._typedArray = typedArray
    Object.freeze(this)
  }

  /** The bytes themselves: writing to them changes the UUID. */
  getTypedArray(): Uint8Array {
    return this._typedArray
  }

  /** 32 lower-case hexadecimal digits, grouped 8-4-4-4-12. */
  toString(): string {
    const hex = Buffer.from(this._typedArray).toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }

  /**
   * Reads 32 hexadecimal digits in either case, grouped 8-4-4-4-12 or without dashes.
   * @throws Neo4jError for other text
   */
  static fromString(uuidString: string): UUID {
    if (!/^(?:[\da-f]{32}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i.test(uuidString)) {
      throw newError(
        `UUID string base16 encoded should be of format xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx or without any dashes, got: ${uuidString}`,
      )
    }
    return new UUID(Uint8Array.from(Buffer.from(uuidString.replaceAll('-', ''), 'hex')))
  }
}

mark(UUID.prototype, '__isUUID__')

/**
 * Makes a {@link UUID} from its text or its 16 bytes.
 * @throws Neo4jError for anything else
 */
export function uuid(rawUUID: Uint8Array | string): UUID {
  if (typeof rawUUID === 'string') return UUID.fromString(rawUUID)
  if (rawUUID instanceof Uint8Array) return new UUID(rawUUID)
  const kind = (rawUUID as object | null | undefined)?.constructor?.name ?? 'undefined or type without constructor name'
  throw newError(
    `Invalid argument type passed to UUID constructor function: expected Uint8Array or uuid string, got: ${kind}`,
  )
}

/** Whether a value is a {@link UUID}, of this or another copy of the driver. */
// biome-ignore lint/suspicious/noExplicitAny: the official signature
export function isUUID(obj: any): obj is UUID {
  return isMarked(obj, '__isUUID__')
}
