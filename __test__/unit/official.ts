/** The official driver, for tests that compare ours with it. */

import core from 'neo4j-driver-core'
import { exactSnapshot } from '../support/snapshot.js'

export { default as official } from 'neo4j-driver'
export { core }

/** The exact snapshot of what a function throws. */
export function thrown(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return exactSnapshot(error)
  }
  throw new Error('expected to throw')
}

/** The names of a prototype's own methods and getters, sorted. */
export function members(type: { prototype: object }): string[] {
  return Object.getOwnPropertyNames(type.prototype).sort()
}
