/**
 * Tokens: their types, and the functions that make and check them.
 */

import { newError } from '../error/neo4j-error.js'
import { stringify } from '../util/json.js'

/** What a driver tells a server about the user. {@link auth} makes tokens. */
export interface AuthToken {
  /** `'basic'`, `'kerberos'`, `'bearer'`, `'none'`, or the scheme of a server's plugin. */
  scheme: string
  /** The user's name. */
  principal?: string
  /** The proof of the identity, such as a password or a ticket. */
  credentials: string
  /** Which of the server's authentication providers to use. */
  realm?: string
  /** Further settings for the scheme of a plugin. */
  parameters?: AuthParameters
}

/** Further settings for a custom scheme. */
export interface AuthParameters {
  // biome-ignore lint/suspicious/noExplicitAny: the plugin decides
  [key: string]: any
}

/** A code with which a server refuses a user. */
export type SecurityErrorCode = `Neo.ClientError.Security.${string}`

/** Hands out tokens that change over time. The driver tells it when a server refuses one. */
export interface AuthTokenManager {
  /** The token to use now. The driver calls this often, so it should answer fast. */
  getToken(): Promise<AuthToken> | AuthToken
  /**
   * The driver calls this when the server has refused a token.
   *
   * @returns whether the manager has handled it, so that a retry makes sense
   */
  handleSecurityException(token: AuthToken, securityErrorCode: SecurityErrorCode): boolean
}

/**
 * Makes the tokens for a driver or a session.
 *
 * @example
 * const driver = neo4j.driver('bolt://localhost', neo4j.auth.basic('neo4j', 'secret'))
 */
export const auth = {
  /** User name and password. */
  basic: (username: string, password: string, realm?: string) =>
    realm != null
      ? { scheme: 'basic', principal: username, credentials: password, realm }
      : { scheme: 'basic', principal: username, credentials: password },

  /** A Kerberos ticket in base 64. The principal is empty, because servers require one. */
  kerberos: (base64EncodedTicket: string) => ({
    scheme: 'kerberos',
    principal: '',
    credentials: base64EncodedTicket,
  }),

  /** A single sign-on token, in base 64. */
  bearer: (base64EncodedToken: string) => ({ scheme: 'bearer', credentials: base64EncodedToken }),

  /** For a server with authentication disabled. */
  none: (): AuthToken => ({ scheme: 'none' }) as AuthToken,

  /**
   * For the scheme of a server's plugin. Leaves out empty credentials, realm and parameters.
   *
   * @throws Neo4jError if the parameters contain themselves
   */
  custom: (
    principal: string,
    credentials: string,
    realm: string,
    scheme: string,
    parameters?: object,
    // biome-ignore lint/suspicious/noExplicitAny: as in the official types
  ): any => {
    const token: Partial<AuthToken> = { scheme, principal }
    if (!isEmpty(credentials)) token.credentials = credentials
    if (!isEmpty(realm)) token.realm = realm
    if (!isEmpty(parameters)) {
      try {
        stringify(parameters)
      } catch (error) {
        throw newError('Circular references in custom auth token parameters', undefined, error as Error)
      }
      token.parameters = parameters
    }
    return token
  },
}

/**
 * What a driver authenticates with: a copy of the token, or the manager itself. No token means scheme none.
 *
 * @throws Neo4jError if the token has no scheme
 * @internal
 */
export function checkedAuth(tokenOrManager: unknown): AuthToken | AuthTokenManager {
  if (isAuthTokenManager(tokenOrManager)) return tokenOrManager
  const token: Partial<AuthToken> = { ...(tokenOrManager as object | null | undefined) }
  if (token.scheme == null) {
    if (Object.keys(token).length !== 0) {
      throw newError("Auth token is missing 'scheme'. Use neo4j.auth.basic/bearer/kerberos, or set scheme explicitly.")
    }
    token.scheme = 'none'
  }
  return token as AuthToken
}

/** @internal */
export function isAuthTokenManager(value: unknown): value is AuthTokenManager {
  if (typeof value !== 'object' || value === null) return false
  const { getToken, handleSecurityException } = value as Partial<AuthTokenManager>
  return typeof getToken === 'function' && typeof handleSecurityException === 'function'
}

function isEmpty(value: unknown): boolean {
  if (value == null || value === '') return true
  return Object.getPrototypeOf(value) === Object.prototype && Object.keys(value as object).length === 0
}
