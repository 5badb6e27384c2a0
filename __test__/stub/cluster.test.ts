/**
 * A cluster in which the leader changes and servers come and go: see bench/cluster.mjs, which runs for as
 * long as requested.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runBench } from '../support/child.js'
import { neoboltOnly } from '../support/drivers.js'

test('a cluster that is disturbed for ten seconds: nothing lost, nothing done twice, and readers share the work', {
  timeout: 400_000,
  ...neoboltOnly,
}, async () => {
  const { code, output } = await runBench('cluster.mjs', ['--seconds', '10', '--sessions', '20'])
  assert.match(output, /\nwrites acknowledged +[1-9]\d* /)
  assert.match(output, /\nNothing lost, nothing done twice, all thresholds held\.\n$/)
  assert.equal(code, 0, output)
})
