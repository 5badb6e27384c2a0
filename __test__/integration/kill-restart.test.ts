/**
 * A real server that is killed and started again under load: see bench/kill-restart.mjs, which repeats it as
 * often as requested.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runBench } from '../support/child.js'
import { neoboltOnly } from '../support/drivers.js'

test('a server killed twice under load: what was acknowledged is there once, and every call ends by its budget', {
  timeout: 400_000,
  ...neoboltOnly,
}, async () => {
  const { code, output } = await runBench('kill-restart.mjs', ['--times', '2'])
  assert.match(output, /\n2: killed after \d+ acknowledged/)
  assert.match(output, /acknowledged, of which lost: 0\n/)
  assert.match(output, /\nNothing lost, nothing done twice\.\n$/)
  assert.equal(code, 0, output)
})
