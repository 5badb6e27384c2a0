/** Values in one order, so that equal values have equal bytes. */

import { MAX_DEPTH } from './limits.js'

/**
 * The value with the keys of its maps in order, so that the engine sees by the bytes whether two tokens are
 * the same. Anything but a plain object stays as it is.
 * @internal
 */
export function canonical(value: unknown, around: Set<unknown> = new Set()): unknown {
  if (typeof value !== 'object' || value === null) return value
  const isList = Array.isArray(value)
  const prototype = Object.getPrototypeOf(value)
  if (!isList && prototype !== Object.prototype && prototype !== null) return value
  // The encoder says what is wrong with a value that contains itself, or others too deep.
  if (around.has(value) || around.size > MAX_DEPTH) return value
  around.add(value)
  const ordered = isList
    ? value.map((item) => canonical(item, around))
    : Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, item]) => [key, canonical(item, around)]),
      )
  around.delete(value)
  return ordered
}
