import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Decoder } from '../../../lib/codec/decoder.js'
import { Encoder } from '../../../lib/codec/encoder.js'
import { writeOptions } from '../../../lib/engine/request.js'
import { OPTIONS } from '../../../lib/engine/shared-constants.js'
import { int } from '../../../lib/types/integer.js'

describe('the options of a request', () => {
  it('stand where the engine reads them', () => {
    const out = new Encoder()
    writeOptions(
      out,
      {
        database: 'the database',
        impersonatedUser: 'the user',
        auth: { scheme: 'the scheme' },
        fetchSize: 5,
        notifications: { minimumSeverityLevel: 'OFF' },
      },
      {
        mode: 'READ',
        bookmarks: ['a bookmark'],
        settings: { timeout: int(7), metadata: { a: 'b' } },
        telemetry: 3,
        home: { guess: 'the home', resolved() {} },
        routerBookmarks: ['another'],
      },
    )
    const written = new Decoder(out.finish(), 'number').value() as unknown[]
    const expected: { [name in keyof typeof OPTIONS]: unknown } = {
      ACCESS_MODE: 'r',
      DATABASE: 'the database',
      IMPERSONATED_USER: 'the user',
      BOOKMARKS: ['a bookmark'],
      TIMEOUT: 7,
      METADATA: { a: 'b' },
      NOTIFICATIONS: ['OFF', null, '{"minimumSeverityLevel":"OFF"}'],
      FETCH_SIZE: 5,
      TELEMETRY: 3,
      AUTH: { scheme: 'the scheme' },
      HOME: 'the home',
      ROUTER_BOOKMARKS: ['another'],
    }
    const names = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[]
    assert.equal(written.length, names.length)
    for (const name of names) assert.deepEqual(written[OPTIONS[name]], expected[name], name)
  })
})
