/** Points: their coordinates and the checks of them. */

import { assertNumber, assertNumberOrInteger, type NumberOrInteger } from './check.js'
import type { Integer } from './integer.js'
import { isMarked, mark } from './marker.js'
import { shape } from './shape.js'

/**
 * A point in two or three dimensions, in the coordinate reference system that its SRID names (7203 and 9157:
 * Cartesian; 4326 and 4979: WGS 84, where x is the longitude and y the latitude). Frozen.
 */
export class Point<T extends NumberOrInteger = Integer> {
  /** Identifier of the coordinate reference system. */
  declare readonly srid: T
  /** The first coordinate; the longitude, in degrees, if the SRID is 4326 or 4979. */
  declare readonly x: number
  /** The second coordinate; the latitude, in degrees, if the SRID is 4326 or 4979. */
  declare readonly y: number
  /** `undefined` in a point of two dimensions. */
  declare readonly z: number | undefined

  /**
   * @param z left out for a point of two dimensions
   * @throws TypeError if a coordinate is no number, or the SRID no integer of any kind
   */
  constructor(srid: T, x: number, y: number, z?: number) {
    this.srid = assertNumberOrInteger(srid, 'SRID')
    this.x = assertNumber(x, 'X coordinate')
    this.y = assertNumber(y, 'Y coordinate')
    this.z = z === null || z === undefined ? z : assertNumber(z, 'Z coordinate')
    Object.freeze(this)
  }

  /** @internal The same without checks, for values that come from a server. */
  static unchecked<T extends NumberOrInteger>(srid: T, x: number, y: number, z?: number): Point<T> {
    return new TrustedPoint(srid, x, y, z) as Point<T>
  }

  /** `Point{srid=4326, x=1.0, y=2.5}` */
  toString(): string {
    const { srid, x, y, z } = this
    const plane = `Point{srid=${withPoint(srid)}, x=${withPoint(x)}, y=${withPoint(y)}`
    return z != null && !Number.isNaN(z) ? `${plane}, z=${withPoint(z)}}` : `${plane}}`
  }
}

mark(Point.prototype, '__isPoint__')

const TrustedPoint = shape(
  Point as { prototype: Point<NumberOrInteger> },
  function (srid: NumberOrInteger, x: number, y: number, z: number | undefined) {
    this.srid = srid
    this.x = x
    this.y = y
    this.z = z
    Object.freeze(this)
  },
)

/** Whether a value is a {@link Point}, of this or another copy of the driver. */
export function isPoint<T extends NumberOrInteger = Integer>(obj: unknown): obj is Point<T> {
  return isMarked(obj, '__isPoint__')
}

function withPoint(value: NumberOrInteger): string {
  return Number.isInteger(value) ? `${value.toString()}.0` : value.toString()
}
