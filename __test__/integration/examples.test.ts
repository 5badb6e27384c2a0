/**
 * The programs in examples/, one for each way to read a result, unchanged: each in a process of its own, on a
 * real server.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { neoboltOnly, root } from '../support/drivers.js'
import { useServer } from '../support/servers.js'

const PRINTS: Record<string, RegExp> = {
  'async-iteration.js': /^The first number with a square above a million is 1001\.\n$/,
  'promise-all.js': /^Relationships created by each query: 1, 1, 1\n$/,
  'promise-api.js': /^Alice, Bob, Carol\n3 records, available after \d+ ms\n$/,
  'rx-session.js': /^The first five multiples of 97: 97, 194, 291, 388, 485\n$/,
  'subscribe.js':
    /^Columns: n, root\nThe root of 25000 is 158\.11\.\n(The root of \d+ is \d+\.\d\d\.\n){3}100000 records from 127\.0\.0\.1:\d+\n$/,
}

describe('the programs in examples/', neoboltOnly, () => {
  const server = useServer()

  it('are these', () => {
    assert.deepEqual(readdirSync(join(root, 'examples')).sort(), Object.keys(PRINTS))
  })

  for (const [file, printed] of Object.entries(PRINTS)) {
    it(`${file} does what it says, and ends`, { timeout: 120_000 }, async () => {
      const { uri, user, password } = server()
      const env = { ...process.env, NEO4J_URI: uri, NEO4J_USER: user, NEO4J_PASSWORD: password }
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(root, 'examples', file)], { env })
      assert.match(stdout, printed)
      assert.equal(stderr, '')
    })
  }
})
