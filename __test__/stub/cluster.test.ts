/**
 * A cluster whose leader changes and whose servers come and go: see bench/cluster.mjs, which does it for as
 * long as it is asked to.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { neoboltOnly, root } from '../support/drivers.js'

test('a cluster that is disturbed for ten seconds: nothing lost, nothing done twice, and readers share the work', {
  timeout: 400_000,
  ...neoboltOnly,
}, async () => {
  const program = join(root, 'bench', 'cluster.mjs')
  const child = spawn(process.execPath, [program, '--seconds', '10', '--sessions', '20'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  assert.match(output, /\nwrites acknowledged +[1-9]\d* /)
  assert.match(output, /\nNothing lost, nothing done twice, all thresholds held\.\n$/)
  assert.equal(code, 0, output)
})
