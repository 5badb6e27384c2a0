/**
 * Who the user is: tokens, and how they are made. Knows the schemes by name; knows nothing of how a server checks them.
 */

import { newError } from '../error/neo4j-error.js'
import { stringify } from '../util/json.js'

/** What a server is told of the user. Made by {@link auth}. */
export interface AuthToken {
  /** `'basic'`, `'kerberos'`, `'bearer'`, `'none'`, or one a plugin of the server knows. */
  scheme: string
  /** Who. */
  principal?: string
  /** And the proof of it. */
  credentials: string
  /** Which of the server's directories of users. */
  realm?: string
  /** More, for schemes of plugins. */
  parameters?: AuthParameters
}

/** What a custom scheme may want besides. */
export interface AuthParameters {
  // biome-ignore lint/suspicious/noExplicitAny: the plugin decides
  [key: string]: any
}

/** A code with which a server refuses a user. */
export type SecurityErrorCode = `Neo.ClientError.Security.${string}`

/** Hands out tokens which change over time, and hears when one was refused. */
export interface AuthTokenManager {
  /** The token to be used now. Called often, so the answer should be at hand. */
  getToken(): Promise<AuthToken> | AuthToken
  /**
   * Told that the server refused a token.
   *
   * @returns whether it has been dealt with, so that trying again makes sense
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

  /** A Kerberos ticket in base 64. The principal is empty because servers insist on one. */
  kerberos: (base64EncodedTicket: string) => ({
    scheme: 'kerberos',
    principal: '',
    credentials: base64EncodedTicket,
  }),

  /** A token of single sign-on, in base 64. */
  bearer: (base64EncodedToken: string) => ({ scheme: 'bearer', credentials: base64EncodedToken }),

  /** For a server which asks nobody. */
  none: (): AuthToken => ({ scheme: 'none' }) as AuthToken,

  /**
   * For a scheme of a server's plugin. Empty credentials, realm and parameters are left out.
   *
   * @throws Neo4jError when the parameters contain themselves
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
 * What a driver is to authenticate with: a copy of the token, or the manager itself. No token means scheme none.
 *
 * @throws Neo4jError when there is something, but no scheme
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
