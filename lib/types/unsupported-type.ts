/** The placeholder for a value whose type the connection's protocol version cannot carry. Received only. */

import { isMarked, mark } from './marker.js'

/** Stands for a value that the server could not send over this connection. */
export class UnsupportedType {
  /** The server's name of the type. */
  declare name: string
  /** The Bolt version needed to receive the type, as `"6.1"`. Bolt versions are not driver versions. */
  declare minimumProtocolVersion: string
  /** The server's explanation, if it gives one. */
  declare message: string | undefined

  /**
   * @param name of the type, as Cypher has it
   * @param minimumProtocolMajor the first number of the Bolt version that has it
   * @param minimumProtocolMinor the second one
   * @param message what the server adds, if anything
   */
  constructor(name: string, minimumProtocolMajor: number, minimumProtocolMinor: number, message: string | undefined) {
    this.name = name
    this.minimumProtocolVersion = `${minimumProtocolMajor}.${minimumProtocolMinor}`
    this.message = message
  }

  /** `UnsupportedType<NAME>` */
  toString(): string {
    return `UnsupportedType<${this.name}>`
  }
}

mark(UnsupportedType.prototype, '__isUnsupportedType__')

/** Whether a value is an {@link UnsupportedType}, of this or another copy of the driver. */
// biome-ignore lint/suspicious/noExplicitAny: the official signature
export function isUnsupportedType(obj: any): obj is UnsupportedType {
  return isMarked(obj, '__isUnsupportedType__')
}
