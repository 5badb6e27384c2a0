/**
 * Callers that do everything wrong get an error: never a crash, a hang, or an exception that they cannot
 * catch.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Finished, finished } from '../support/child.js'
import { neoboltOnly, root } from '../support/drivers.js'
import { type Peer, startMinimalServer } from '../support/stub-server.js'

let peer: Peer
before(async () => {
  peer = await startMinimalServer()
})
after(() => peer.stop())

for (const [part, title, least] of [
  ['everyExport', 'every export, called and constructed with what does not belong there', 5000],
  ['everyMethod', 'every method of drivers, sessions, transactions and results, the same', 2000],
  ['reentrance', 'getters and callbacks that call back into the driver', 50],
  ['afterClose', 'calls after close()', 20],
  ['everyNativeCall', 'the classes of the addon, called directly', 3000],
] as const) {
  test(title, { timeout: 240_000, ...neoboltOnly }, async () => {
    const child = await abuse(part)
    assert.deepEqual([child.code, child.signal, child.stderr], [0, null, ''])
    const { calls, hanging, uncaught } = JSON.parse(child.stdout) as {
      calls: number
      hanging: string[]
      uncaught: string[]
    }
    assert.deepEqual(hanging, [])
    assert.deepEqual(uncaught, [])
    assert.ok(calls >= least, `${calls} calls`)
  })
}

function abuse(part: string): Promise<Finished> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(root, '__test__', 'support', 'api-abuse.ts'), peer.uri, part],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  return finished(child, { timeout: 200_000 })
}
