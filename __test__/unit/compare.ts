/** Runs the same on ours and on the official driver, and compares the two results. */

import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import * as core from 'neo4j-driver-core'
import * as values from '../../lib/types/index.js'
import { exactSnapshot } from '../support/snapshot.js'

/** The value types, of either driver. */
export type Values = typeof values

export const ours: Values = values
export const theirs: Values = core as unknown as Values

/** The outcome: the snapshot and all the texts of a value, or name, code and message of an error. */
export function outcome(run: () => unknown): unknown {
  let value: unknown
  try {
    value = run()
  } catch (error) {
    const { name, message, code } = error as Error & { code?: string }
    return { name, message, code }
  }
  return { snapshot: exactSnapshot(value), texts: textsOf(value) }
}

/** Asserts that both give the same. */
export function same(run: (driver: Values) => unknown): void {
  assert.deepEqual(
    outcome(() => run(ours)),
    outcome(() => run(theirs)),
  )
}

function textsOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return String(value)
  const json = JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}n` : inner))
  return { string: Array.isArray(value) ? '' : String(value), json, inspected: inspect(value, { depth: 9 }) }
}
