/**
 * Managers of tokens that change over time: when they fetch a new one.
 */

import { SharedCall } from '../util/patience.js'
import type { AuthToken, AuthTokenManager, SecurityErrorCode } from './auth.js'

/** A token and its expiration. */
export interface AuthTokenAndExpiration {
  /** The token to use from now on. */
  readonly token: AuthToken
  /** From when on the driver does not use the token. Default: it is valid until the server refuses it. */
  readonly expiration?: Date
}

/** Creates managers of tokens. */
class AuthTokenManagers {
  /**
   * For single sign-on tokens. The manager fetches a new token when the last one has expired, or when the
   * server has refused it as expired or unauthorized. It fetches the token once, however many connections
   * need it. All tokens must belong to the same user.
   *
   * @throws TypeError when the provider is no function
   * @example
   * const manager = neo4j.authTokenManagers.bearer({
   *   tokenProvider: async () => ({ token: neo4j.auth.bearer(await signOn()), expiration: new Date(Date.now() + 60_000) }),
   * })
   * const driver = neo4j.driver('bolt://localhost', manager)
   */
  bearer(config: { tokenProvider: () => Promise<AuthTokenAndExpiration> }): AuthTokenManager {
    return new RefreshingAuthTokenManager(checkedProvider(config.tokenProvider), [UNAUTHORIZED, TOKEN_EXPIRED])
  }

  /**
   * For passwords that change. The manager fetches a new token when the server has refused the
   * last one as unauthorized. It fetches the token once, however many connections need it. All
   * tokens must belong to the same user.
   *
   * @throws TypeError when the provider is no function
   * @example
   * const manager = neo4j.authTokenManagers.basic({
   *   tokenProvider: async () => neo4j.auth.basic('neo4j', await readPassword()),
   * })
   * const driver = neo4j.driver('bolt://localhost', manager)
   */
  basic(config: { tokenProvider: () => Promise<AuthToken> }): AuthTokenManager {
    const provider = checkedProvider(config.tokenProvider)
    return new RefreshingAuthTokenManager(async () => ({ token: await provider() }), [UNAUTHORIZED])
  }
}

export type { AuthTokenManagers }

/** Managers of tokens that change over time. Pass one to `driver` in place of a token. */
export const authTokenManagers: AuthTokenManagers = Object.freeze(new AuthTokenManagers())

/** Keeps a token until it expires or is refused. */
class RefreshingAuthTokenManager implements AuthTokenManager {
  // Private, so that nothing that prints the manager prints the token.
  readonly #provider: () => Promise<AuthTokenAndExpiration>
  readonly #handledCodes: readonly SecurityErrorCode[]
  #current: AuthTokenAndExpiration | undefined
  #fetches = 0
  /** The number of the fetch that gave the current token. */
  #fetched = 0
  readonly #refresh = new SharedCall<void>()

  constructor(provider: () => Promise<AuthTokenAndExpiration>, handledCodes: readonly SecurityErrorCode[]) {
    this.#provider = provider
    this.#handledCodes = handledCodes
  }

  async getToken(): Promise<AuthToken> {
    const current = this.#current
    if (current === undefined || (current.expiration != null && current.expiration < new Date())) {
      await this.#refreshed()
    }
    return this.#current?.token as AuthToken
  }

  handleSecurityException(token: AuthToken, securityErrorCode: SecurityErrorCode): boolean {
    if (!this.#handledCodes.includes(securityErrorCode)) return false
    // If another connection was faster, there is a newer token already. The request that needs
    // the next one sees its failure.
    if (equal(token, this.#current?.token)) this.#refreshed().catch(() => undefined)
    return true
  }

  /** Fetches a token, or waits for the fetch under way. */
  #refreshed(): Promise<void> {
    return this.#refresh.join(async () => {
      this.#current = undefined
      const number = ++this.#fetches
      const data = await this.#provider()
      // A fetch that was given up may answer after all, but does not replace a later one.
      if (number < this.#fetched) return
      this.#fetched = number
      this.#current = data
    })
  }
}

function checkedProvider<T>(provider: () => Promise<T>): () => Promise<T> {
  if (typeof provider !== 'function') {
    throw new TypeError(`tokenProvider should be function, but got: ${typeof provider}`)
  }
  return provider
}

/** Whether two tokens have the same content. */
function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => equal((a as { [key: string]: unknown })[key], (b as { [key: string]: unknown })[key]))
  )
}

const UNAUTHORIZED: SecurityErrorCode = 'Neo.ClientError.Security.Unauthorized'
const TOKEN_EXPIRED: SecurityErrorCode = 'Neo.ClientError.Security.TokenExpired'
