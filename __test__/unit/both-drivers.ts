/** Runs the same object mapping on ours and on the official driver, through what both export. */

import assert from 'node:assert/strict'
import { default as neo4j } from '../../lib/index.js'
import { exactSnapshot } from '../support/snapshot.js'
import { official } from './official.js'

/** What both export, in our types. */
export type Driver = typeof neo4j

export const ours: Driver = neo4j
export const theirs: Driver = official as unknown as Driver

/** The outcome: the snapshot of a value, or name, code and message of an error. */
export function outcome(run: () => unknown): unknown {
  try {
    return { value: exactSnapshot(run()) }
  } catch (error) {
    return failure(error)
  }
}

/** Name, code and message of an error. */
export function failure(error: unknown): unknown {
  const { name, message, code } = error as Error & { code?: string }
  return { name, message, code }
}

/** Asserts that both have the same outcome, and which. */
export function same(run: (driver: Driver) => unknown, what?: string): unknown {
  const mine = outcome(() => run(ours))
  assert.deepEqual(
    mine,
    outcome(() => run(theirs)),
    what,
  )
  return mine
}

/** Asserts that both fail alike, with this text. */
export function bothThrow(run: (driver: Driver) => unknown, name: string, message: string): void {
  const { code: _, ...mine } = same(run) as { code?: string; name?: string; message?: string }
  assert.deepEqual(mine, { name, message })
}

/** Asserts that both return this value for it. */
export function bothGive(run: (driver: Driver) => unknown, expected: unknown): void {
  same(run)
  assert.deepEqual(run(ours), expected)
}
