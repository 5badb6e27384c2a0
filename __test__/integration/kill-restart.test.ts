/**
 * A real server that is killed and started again under load: see bench/kill-restart.mjs, which does it as
 * often as it is asked to.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { neoboltOnly, root } from '../support/drivers.js'

test('a server killed twice under load: what was acknowledged is there once, and every call ends by its budget', {
  timeout: 400_000,
  ...neoboltOnly,
}, async () => {
  const child = spawn(process.execPath, [join(root, 'bench', 'kill-restart.mjs'), '--times', '2'], {
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
  assert.match(output, /\n2: killed after \d+ acknowledged/)
  assert.match(output, /acknowledged, of which lost: 0\n/)
  assert.match(output, /\nNothing lost, nothing done twice\.\n$/)
  assert.equal(code, 0, output)
})
