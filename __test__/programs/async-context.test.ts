/**
 * The AsyncLocalStorage that callbacks see on the runtimes that the package supports. Each runtime keeps
 * contexts in its own way, and gives a call out of native code a different one.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { EXPECTED, type Seen, seenOn } from '../support/async-context.js'
import { neoboltOnly } from '../support/drivers.js'

interface Candidate {
  /** See installRuntimes. */
  runtime: string
  args: string[]
  /** Where it must see something else. */
  differs?: Seen
  /** What is not checked. */
  open?: string[]
}

const CANDIDATES: Candidate[] = [
  { runtime: 'node-22', args: ['--expose-gc'] },
  { runtime: 'node-24', args: ['--expose-gc'] },
  { runtime: 'node-26', args: ['--expose-gc'] },
  {
    runtime: 'bun',
    args: [],
    // This runtime makes no call without a context: what belongs to the driver alone sees the context that
    // created it, as docs/async-context.md says.
    differs: { 'logger, of what the server says': ['A'] },
    // So it may keep what that context held, or not: that is up to its collector.
    open: ['what A held, while the driver lives'],
  },
  { runtime: 'deno', args: ['run', '--allow-all', '--v8-flags=--expose-gc'] },
]

describe('async context on other runtimes', neoboltOnly, () => {
  let programs: string
  let runtimes: Record<string, string>

  before(async () => {
    const { installPrograms, installRuntimes } = await import('./install.mjs')
    programs = await installPrograms('neobolt')
    runtimes = await installRuntimes()
  })

  for (const { runtime, args, differs, open = [] } of CANDIDATES) {
    it(`every callback sees the request that wanted it, whoever made the driver: ${runtime}`, async () => {
      const command = runtimes[runtime]
      assert.ok(command !== undefined)
      const seen = await seenOn({ command, args }, join(programs, 'apps/async-context.cjs'), 'neo4j-driver')
      const expected: Seen = { ...EXPECTED, ...differs }
      for (const name of open) delete expected[name]
      assert.deepEqual(Object.fromEntries(Object.entries(seen).filter(([name]) => !open.includes(name))), expected)
    })
  }
})
