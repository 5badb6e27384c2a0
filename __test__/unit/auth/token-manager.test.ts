import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { inspect } from 'node:util'
import type { AuthToken, AuthTokenManager } from '../../../lib/auth/auth.js'
import { authTokenManagers as ours } from '../../../lib/auth/token-manager.js'
import { official } from '../official.js'

const theirs = official.authTokenManagers as unknown as typeof ours
const UNAUTHORIZED = 'Neo.ClientError.Security.Unauthorized'
const TOKEN_EXPIRED = 'Neo.ClientError.Security.TokenExpired'

/** Makes tokens that differ by their number, and counts them. */
function counting(expiration?: () => Date) {
  const provider = {
    count: 0,
    basic: async (): Promise<AuthToken> => tokenOf(++provider.count),
    bearer: async () => ({ token: tokenOf(++provider.count), expiration: expiration?.() }),
  }
  return provider
}

function tokenOf(number: number): AuthToken {
  return { scheme: 'basic', principal: 'neo4j', credentials: `secret ${number}` }
}

/** The tokens of a manager of either driver, by their numbers. */
async function numbers(manager: AuthTokenManager, times: number): Promise<string[]> {
  const tokens = await Promise.all(Array.from({ length: times }, () => manager.getToken()))
  return tokens.map((token) => token.credentials)
}

for (const [name, managers] of [
  ['ours', ours],
  ['the official one', theirs],
] as const) {
  describe(`auth token managers: ${name}`, () => {
    it('fetch one token for all who ask at a time, and keep it', async () => {
      const provider = counting()
      const manager = managers.basic({ tokenProvider: provider.basic })
      assert.deepEqual(await numbers(manager, 3), ['secret 1', 'secret 1', 'secret 1'])
      assert.deepEqual(await numbers(manager, 1), ['secret 1'])
      assert.equal(provider.count, 1)
    })

    it('call the provider at once, not in a later turn', () => {
      const provider = counting()
      void managers.basic({ tokenProvider: provider.basic }).getToken()
      assert.equal(provider.count, 1)
    })

    it('hand out the very object that the provider has made', async () => {
      const token = tokenOf(1)
      assert.equal(await managers.basic({ tokenProvider: async () => token }).getToken(), token)
      assert.equal(await managers.bearer({ tokenProvider: async () => ({ token }) }).getToken(), token)
    })

    it('basic deals with Unauthorized alone, bearer also with TokenExpired', () => {
      const basic = managers.basic({ tokenProvider: async () => tokenOf(1) })
      const bearer = managers.bearer({ tokenProvider: async () => ({ token: tokenOf(1) }) })
      const codes = [
        UNAUTHORIZED,
        TOKEN_EXPIRED,
        'Neo.ClientError.Security.AuthorizationExpired',
        'Neo.ClientError.Security.Forbidden',
      ] as const
      const dealtWith = (manager: AuthTokenManager) =>
        codes.filter((code) => manager.handleSecurityException(tokenOf(9), code))
      assert.deepEqual(dealtWith(basic), [UNAUTHORIZED])
      assert.deepEqual(dealtWith(bearer), [UNAUTHORIZED, TOKEN_EXPIRED])
    })

    it('fetch a new token when the one in use was refused, before anybody asks', async () => {
      const provider = counting()
      const manager = managers.basic({ tokenProvider: provider.basic })
      const token = await manager.getToken()
      assert.equal(manager.handleSecurityException({ ...token }, UNAUTHORIZED), true)
      assert.equal(provider.count, 2)
      assert.deepEqual(await numbers(manager, 2), ['secret 2', 'secret 2'])
      assert.equal(provider.count, 2)
    })

    it('fetch no other token where a new one is in use already, or is being fetched', async () => {
      const provider = counting()
      const manager = managers.basic({ tokenProvider: provider.basic })
      const first = await manager.getToken()
      manager.handleSecurityException(first, UNAUTHORIZED)
      manager.handleSecurityException(first, UNAUTHORIZED)
      assert.deepEqual(await numbers(manager, 1), ['secret 2'])
      assert.equal(manager.handleSecurityException(first, UNAUTHORIZED), true)
      assert.equal(provider.count, 2)
    })

    it('bearer fetches a new token when the last one has expired', async () => {
      mock.timers.enable({ apis: ['Date'], now: 1_000 })
      try {
        const provider = counting(() => new Date(Date.now() + 100))
        const manager = managers.bearer({ tokenProvider: provider.bearer })
        assert.deepEqual(await numbers(manager, 2), ['secret 1', 'secret 1'])
        mock.timers.tick(100)
        assert.deepEqual(await numbers(manager, 1), ['secret 1'], 'good up to its last millisecond')
        mock.timers.tick(1)
        assert.deepEqual(await numbers(manager, 2), ['secret 2', 'secret 2'])
      } finally {
        mock.timers.reset()
      }
    })

    it('hand on the very error of the provider, and ask it again the next time', async () => {
      const error = new Error('no token today')
      let calls = 0
      const tokenProvider = async (): Promise<AuthToken> => {
        if (++calls === 1) throw error
        return tokenOf(calls)
      }
      const manager = managers.basic({ tokenProvider })
      const both = await Promise.allSettled([manager.getToken(), manager.getToken()])
      for (const outcome of both) assert.equal((outcome as PromiseRejectedResult).reason, error)
      assert.deepEqual(await numbers(manager, 1), ['secret 2'])
    })

    it('take only functions', () => {
      for (const tokenProvider of [undefined, null, 'x', {}]) {
        for (const make of [managers.basic, managers.bearer]) {
          assert.throws(() => make({ tokenProvider: tokenProvider as never }), {
            name: 'TypeError',
            message: `tokenProvider should be function, but got: ${typeof tokenProvider}`,
          })
        }
      }
      assert.throws(() => (managers.basic as unknown as () => void)(), TypeError)
    })

    it('cannot be replaced', () => {
      assert.ok(Object.isFrozen(managers))
    })
  })
}

describe('auth token managers: ours alone', () => {
  it('do not wait for ever for a provider that throws instead of rejecting', async () => {
    const error = new Error('thrown')
    let calls = 0
    const manager = ours.bearer({
      tokenProvider: () => {
        if (++calls < 3) throw error
        return Promise.resolve({ token: tokenOf(calls) })
      },
    })
    await assert.rejects(async () => manager.getToken(), error)
    await assert.rejects(async () => manager.getToken(), error)
    assert.deepEqual(await numbers(manager, 1), ['secret 3'])
  })

  it('leave no rejection unhandled where nobody has asked for the token', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    try {
      let calls = 0
      const manager = ours.basic({
        tokenProvider: async () => {
          if (++calls > 1) throw new Error('none')
          return tokenOf(calls)
        },
      })
      const token = await manager.getToken()
      assert.equal(manager.handleSecurityException(token, UNAUTHORIZED), true)
      await new Promise((resolve) => setImmediate(resolve))
      assert.deepEqual(unhandled, [])
    } finally {
      process.off('unhandledRejection', note)
    }
  })

  it('do not show the token when they are printed', async () => {
    const manager = ours.basic({ tokenProvider: async () => tokenOf(1) })
    await manager.getToken()
    assert.doesNotMatch(inspect(manager, { depth: 9, showHidden: true }) + JSON.stringify(manager), /secret/)
  })
})

describe('a provider that never settles', () => {
  it('is asked again by whoever comes a minute later, and what it says after all is not taken for newer', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
    const answers: ((token: AuthToken) => void)[] = []
    const tokenProvider = () => new Promise<AuthToken>((resolve) => answers.push(resolve))
    const manager = ours.basic({ tokenProvider })
    const first = manager.getToken()
    t.mock.timers.tick(59_999)
    void manager.getToken()
    assert.equal(answers.length, 1)
    t.mock.timers.tick(1)
    const second = manager.getToken()
    const third = manager.getToken()
    assert.equal(answers.length, 2)
    answers[1](tokenOf(2))
    assert.deepEqual(await Promise.all([second, third]), [tokenOf(2), tokenOf(2)])
    answers[0](tokenOf(1))
    await first
    assert.deepEqual(await manager.getToken(), tokenOf(2))
    assert.equal(answers.length, 2)
  })

  it('may still answer for those who have waited', async () => {
    let answer: (token: AuthToken) => void = () => {}
    const manager = ours.basic({
      tokenProvider: () =>
        new Promise<AuthToken>((resolve) => {
          answer = resolve
        }),
    })
    const asked = manager.getToken()
    answer(tokenOf(1))
    assert.deepEqual(await asked, tokenOf(1))
  })
})
