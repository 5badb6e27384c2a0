/**
 * The official driver, to be asked how things are, and portraits of values, to compare what the two have made.
 */

import core from 'neo4j-driver-core'

export { default as official } from 'neo4j-driver'
export { core }

/**
 * A value taken apart: class, frozen or not, every own property in its order with its flags, and so on inwards.
 * Two values with equal portraits look the same to code which lists keys, copies, prints or compares.
 */
export function portrait(value: unknown, seen: unknown[] = []): unknown {
  if (typeof value === 'function') return `function ${value.name}`
  if (typeof value !== 'object' || value === null) return value
  if (seen.includes(value)) return `seen ${seen.indexOf(value)}`
  const inside = [...seen, value]
  const properties = Object.entries(Object.getOwnPropertyDescriptors(value))
    .filter(([key]) => key !== 'stack')
    .map(([key, { value: item, ...flags }]) => [key, flags, portrait(item, inside)])
  const prototype = Object.getPrototypeOf(value)
  return { class: prototype === null ? null : prototype.constructor.name, frozen: Object.isFrozen(value), properties }
}

/** What a function throws: its class, text and portrait. */
export function thrown(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return portrait(error)
  }
  throw new Error('expected to throw')
}

/** The names of a prototype's own methods and getters, sorted. */
export function members(type: { prototype: object }): string[] {
  return Object.getOwnPropertyNames(type.prototype).sort()
}
