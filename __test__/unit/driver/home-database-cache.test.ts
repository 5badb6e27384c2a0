import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HomeDatabaseCache, userKey } from '../../../lib/driver/home-database-cache.js'

describe('what home databases are remembered by', () => {
  const TOKENS = [
    { scheme: 'bearer', credentials: 'hush-hush' },
    { scheme: 'kerberos', credentials: 'hush-hush' },
    { scheme: 'basic', principal: 'alice', credentials: 'hush-hush' },
    { scheme: 'own', principal: 'alice', credentials: 'hush-hush', parameters: { more: 'hush-hush' } },
  ]

  it('tells users apart, and knows them again, by no word of their credentials', () => {
    const keys = TOKENS.map((token) => userKey(token as never, null))
    assert.equal(new Set(keys).size, TOKENS.length)
    for (const [i, token] of TOKENS.entries()) {
      assert.equal(userKey({ ...token } as never, null), keys[i])
      assert.equal(keys[i]?.includes('hush'), false)
      assert.equal(keys[i]?.includes(Buffer.from('hush-hush').toString('base64')), false)
    }
    const other = TOKENS.map((token) => userKey({ ...token, credentials: 'another' } as never, null))
    // In a name and a password, the name identifies the user.
    assert.deepEqual(
      other.map((key, i) => key === keys[i]),
      [false, false, true, false],
    )
  })

  it('is the impersonated user where there is one, and the same for all who are the driver itself', () => {
    assert.equal(userKey(TOKENS[0] as never, 'bob'), userKey({ scheme: 'basic', principal: 'bob' } as never, null))
    assert.equal(userKey(undefined, null), userKey(undefined, null))
    const homes = new HomeDatabaseCache()
    homes.of(userKey(TOKENS[0] as never, null)).resolved('movies')
    assert.equal(homes.of(userKey({ ...TOKENS[0] } as never, null)).guess, 'movies')
    assert.equal(homes.of(userKey(undefined, null)).guess, null)
  })
})
