import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { auth, checkedAuth, isAuthTokenManager } from '../../../lib/auth/auth.js'
import { exactSnapshot } from '../../support/snapshot.js'
import { official, thrown } from '../official.js'

describe('auth tokens', () => {
  const samples: { [name: string]: (maker: typeof auth) => unknown } = {
    basic: (maker) => maker.basic('neo4j', 'secret'),
    'basic with realm': (maker) => maker.basic('neo4j', 'secret', 'native'),
    kerberos: (maker) => maker.kerberos('dGlja2V0'),
    bearer: (maker) => maker.bearer('dG9rZW4='),
    none: (maker) => maker.none(),
    custom: (maker) => maker.custom('who', 'proof', 'realm', 'scheme', { a: 1, b: 2n }),
    'custom with empty parts': (maker) => maker.custom('who', '', '', 'scheme', {}),
    'custom without parts': (maker) =>
      maker.custom('who', null as unknown as string, undefined as unknown as string, 'scheme'),
    'custom with an instance': (maker) => maker.custom('who', 'proof', 'realm', 'scheme', new Date(0)),
  }
  for (const [name, make] of Object.entries(samples)) {
    it(`${name} is the same as the official one`, () => {
      const theirs = make(official.auth as unknown as typeof auth)
      assert.deepEqual(exactSnapshot(make(auth)), exactSnapshot(theirs))
      assert.deepEqual(Object.keys(make(auth) as object), Object.keys(theirs as object))
    })
  }

  it('custom does not take parameters which contain themselves', () => {
    const circle: { self?: object } = {}
    circle.self = circle
    const make = (maker: typeof auth) => () => {
      try {
        maker.custom('who', 'proof', 'realm', 'scheme', circle)
      } catch (error) {
        const { message, code, cause } = error as Error & { code: string }
        throw Object.assign(new Error(message), { code, cause: (cause as Error).name })
      }
    }
    assert.deepEqual(thrown(make(auth)), thrown(make(official.auth as unknown as typeof auth)))
  })
})

describe('what a driver authenticates with', () => {
  it('is a copy of the token', () => {
    const token = auth.basic('neo4j', 'secret')
    assert.deepEqual(checkedAuth(token), token)
    assert.notEqual(checkedAuth(token), token)
  })

  it('is scheme none when there is nothing', () => {
    for (const nothing of [undefined, null, {}]) assert.deepEqual(checkedAuth(nothing), { scheme: 'none' })
  })

  it('is the manager itself', () => {
    const manager = { getToken: () => auth.basic('a', 'b'), handleSecurityException: () => false }
    assert.equal(checkedAuth(manager), manager)
    assert.equal(isAuthTokenManager({ getToken: () => auth.basic('a', 'b') }), false)
  })

  for (const [name, token] of Object.entries({ 'an object': { principal: 'neo4j' }, 'a text': 'neo4j' })) {
    it(`is refused when it is ${name} without scheme`, () => {
      assert.deepEqual(
        thrown(() => checkedAuth(token)),
        thrown(() => official.driver('bolt://localhost', token as never)),
      )
    })
  }
})
