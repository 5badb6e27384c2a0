/**
 * The AsyncLocalStorage that callbacks see, on the Node.js that runs the tests. The other runtimes are in
 * __test__/programs.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { EXPECTED, seenOn } from '../support/async-context.js'
import { neoboltOnly, root } from '../support/drivers.js'

test('every callback sees the request that wanted it, whoever made the driver', neoboltOnly, async () => {
  const program = join(root, '__test__/programs/apps/async-context.cjs')
  const runtime = { command: process.execPath, args: ['--expose-gc'] }
  assert.deepEqual(await seenOn(runtime, program, root), EXPECTED)
})
