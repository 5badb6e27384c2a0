/** Argument checks of the value classes, with the official texts. */

import { newError } from '../error/neo4j-error.js'
import { stringify } from '../util/json.js'
import { type Integer, isInt } from './integer.js'

/** The three kinds in which a 64-bit integer may be held. */
export type NumberOrInteger = number | Integer | bigint

/** JavaScript's `Date`, as opposed to the temporal type of the same name. */
export type StandardDate = globalThis.Date

/** @throws TypeError for anything but a number */
export function assertNumber(value: unknown, name: string): number {
  if (typeof value !== 'number') throw new TypeError(`${name} expected to be a number but was: ${stringify(value)}`)
  return value
}

/** @throws TypeError for anything but a number, a bigint or an Integer */
export function assertNumberOrInteger<T extends NumberOrInteger>(value: T, name: string): T {
  if (typeof value !== 'number' && typeof value !== 'bigint' && !isInt(value)) {
    throw new TypeError(`${name} expected to be either a number or an Integer object but was: ${stringify(value)}`)
  }
  return value
}

/** @throws TypeError for anything but a string or a String object */
export function assertString(value: unknown, name: string): string {
  if (Object.prototype.toString.call(value) !== '[object String]') {
    throw new TypeError(`${stringify(name)} expected to be string but was: ${stringify(value)}`)
  }
  return value as string
}

/** @throws TypeError for anything but a valid Date of JavaScript */
export function assertValidDate(value: unknown, name: string): StandardDate {
  if (Object.prototype.toString.call(value) !== '[object Date]') {
    throw new TypeError(`${name} expected to be a standard JavaScript Date but was: ${stringify(value)}`)
  }
  if (Number.isNaN((value as StandardDate).getTime())) {
    throw new TypeError(`${name} expected to be valid JavaScript Date but its time was NaN: ${stringify(value)}`)
  }
  return value as StandardDate
}

/**
 * Checks kind and range, both ends included. Lets fractions through, as the official driver does.
 * @throws TypeError for a wrong kind, Neo4jError for a value out of range
 */
export function assertInRange<T extends NumberOrInteger>(value: T, min: number, max: number, name: string): T {
  assertNumberOrInteger(value, name)
  const comparable = typeof value === 'object' ? bitsToNumber(value as Integer) : (value as number | bigint)
  if (!(comparable >= min && comparable <= max)) {
    throw newError(`${name} is expected to be in range [${min}, ${max}] but was: ${value.toString()}`)
  }
  return value
}

// Reads the halves itself: an Integer of an old copy of the driver has no valueOf.
function bitsToNumber(value: { low: number; high: number }): number {
  return value.high * 2 ** 32 + (value.low >>> 0)
}
