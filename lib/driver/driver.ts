/**
 * The driver: creates sessions, runs single queries, and checks the connection to the server.
 * Holds what all sessions share.
 */

import { type AuthToken, type AuthTokenManager, isAuthTokenManager, type SecurityErrorCode } from '../auth/auth.js'
import { Certificates } from '../auth/certificates.js'
import type { TrustStrategy } from '../auth/trust.js'
import { EncryptionService } from '../encryption/service.js'
import type { Binding } from '../engine/binding.js'
import type { Callbacks } from '../engine/callbacks.js'
import type { EngineConfig, TlsSettings } from '../engine/config.js'
import { NativeEngineClient } from '../engine/engine.js'
import type { EngineClient } from '../engine/engine-client.js'
import type { DriverMetrics } from '../engine/metrics.js'
import { Neo4jError, newError, PROTOCOL_ERROR } from '../error/neo4j-error.js'
import { captureMissingStack } from '../error/stack.js'
import type { Logger } from '../log/logger.js'
import type { Rules } from '../mapping/mapping.js'
import type { Query, QueryParameters } from '../query/query.js'
import { RxSession } from '../reactive/session.js'
import { ServerInfo } from '../result/summary.js'
import { type EagerResult, type ResultTransformer, resultTransformers } from '../result/transformers.js'
import { type BookmarkManager, bookmarkManager } from '../session/bookmark-manager.js'
import { Session } from '../session/session.js'
import type { ManagedTransaction } from '../session/transaction.js'
import { assertString } from '../types/check.js'
import { ProtocolVersion } from '../types/protocol-version.js'
import { isThenable } from '../util/thenable.js'
import {
  type Config,
  databaseOrNull,
  type KeptConfig,
  parseDriverConfig,
  parseSessionConfig,
  type SessionConfig,
} from './config.js'
import { HomeDatabaseCache, userKey } from './home-database-cache.js'
import { checkedRouting, type QueryConfig } from './query-config.js'
import { parseUrl } from './url.js'

/**
 * Creates a driver. It opens connections when it needs them. Close it at the end.
 *
 * @param url for example `bolt://localhost:7687`
 * @param authToken from `neo4j.auth`. Default: none
 * @param config not modified, so that it can be used again
 * @throws Error, TypeError or Neo4jError if one of these is wrong
 * @example
 * await using driver = neo4j.driver('bolt://localhost', neo4j.auth.basic('neo4j', 'secret'))
 * const { records } = await driver.executeQuery('RETURN $greeting AS greeting', { greeting: 'hello' })
 * console.log(records[0].get('greeting'))
 */
export function driver(url: string, authToken?: AuthToken | AuthTokenManager, config?: Config): Driver {
  return driverOn(undefined, url, authToken, config)
}

/**
 * {@link driver} on a given binding.
 * @internal
 */
export function driverOn(
  binding: Binding | undefined,
  url: string,
  authToken?: AuthToken | AuthTokenManager,
  config?: Config,
): Driver {
  // From here on only the engine holds the token, not a driver that is closed and still referenced.
  const { auth, ...parsed } = parseDriverConfig(url, authToken, config)
  const encryption = encryptionOf(parsed)
  const number = drivers++
  const { tls, callbacks } = engineCallbacks(parsed)
  const user = credentialsOf(auth)
  const settings = { ...parsed, tls, auth: user.auth, callbacks: { ...callbacks, ...user.callbacks } }
  return new Driver(parsed, new NativeEngineClient(settings, binding, number), number, encryption)
}

/**
 * Whether the driver can reach a Neo4j server. Needs no user.
 *
 * @returns true
 * @throws Neo4jError if it cannot
 */
export async function hasReachableServer(url: string, config?: Pick<Config, 'logging'>): Promise<true> {
  const probe = driver(url, { scheme: 'none', principal: '', credentials: '' }, config)
  try {
    await probe.getNegotiatedProtocolVersion()
    return true
  } finally {
    await probe.close()
  }
}

/** The connections to a server or a cluster. {@link driver} creates one; a program needs only one. */
export class Driver {
  /**
   * Encrypts and decrypts single values, with the profiles in the settings.
   * @experimental part of client-side encryption
   */
  readonly encryption: EncryptionService
  /** @internal */
  readonly _config: Config
  /** @internal */
  readonly _log: Logger
  readonly #id: number
  readonly #settings: KeptConfig
  readonly #engine: EngineClient
  readonly #bookmarkManager = bookmarkManager()
  readonly #homeDatabases = new HomeDatabaseCache()
  readonly #waitingRetries = new Set<() => void>()
  #closed: Promise<void> | null = null

  /** @internal */
  constructor(settings: KeptConfig, engine: EngineClient, id = 0, encryption = encryptionOf(settings)) {
    this.#id = id
    this.encryption = encryption
    this._config = settings.settings
    this._log = settings.logger
    this.#settings = settings
    this.#engine = engine
    const kind = settings.routing ? 'Routing' : 'Direct'
    this._log.info(`${kind} driver ${this.#id} created for server address ${settings.address}`)
  }

  /** Lets each {@link Driver.executeQuery} see what earlier ones have written. */
  get executeQueryBookmarkManager(): BookmarkManager {
    return this.#bookmarkManager
  }

  /**
   * Runs one query in a managed transaction and returns its whole result. Retries the transaction if the
   * server's failure is temporary.
   *
   * @param parameterRules how to check and convert the parameters, which may then be any object. Default: the
   * rules registered for its class, if any. If the query is an object, put the rules into it.
   * @throws Neo4jError if the query fails
   * @throws Neo4jError, or what a rule throws, if a parameter is absent or its rule refuses it
   * @throws the reason of the signal if it is aborted before the query has succeeded. If it is
   * aborted already, nothing is sent.
   * @example
   * const { records, summary } = await driver.executeQuery(
   *   'MERGE (p:Person {name: $name}) RETURN p.name AS name', { name: 'Alice' }, { database: 'neo4j' })
   */
  async executeQuery<T = EagerResult>(
    query: Query,
    parameters?: QueryParameters,
    config: QueryConfig<T> = {},
    parameterRules?: Rules,
  ): Promise<T> {
    const mode = checkedRouting(config.routing)
    const transform = config.resultTransformer ?? (resultTransformers.eager() as unknown as ResultTransformer<T>)
    const { signal } = config
    throwIfAborted(signal)
    const session = this.session({
      database: config.database,
      impersonatedUser: config.impersonatedUser,
      auth: config.auth,
      bookmarkManager: config.bookmarkManager === null ? undefined : (config.bookmarkManager ?? this.#bookmarkManager),
    })
    const abort = (): void => {
      // The caller that awaits the query learns how it ended.
      void session.close()
    }
    if (typeof signal?.addEventListener === 'function') signal.addEventListener('abort', abort)
    try {
      // The user's transformer may look at an error. The default one only passes it on, so that it
      // gets its frames from this `await`.
      session._pipeline(config.resultTransformer === undefined)
      const work = (transaction: ManagedTransaction): Promise<T> =>
        transform(transaction.run(query, parameters, parameterRules))
      return await (mode === 'READ'
        ? session.executeRead(work, config.transactionConfig)
        : session.executeWrite(work, config.transactionConfig))
    } catch (error) {
      // How an aborted query ends depends on how far it has come, which does not help the caller.
      throwIfAborted(signal)
      throw error
    } finally {
      if (typeof signal?.removeEventListener === 'function') signal.removeEventListener('abort', abort)
      await session.close()
    }
  }

  /**
   * Opens a session. Cheap, and needs no connection yet.
   *
   * @throws Error, TypeError or Neo4jError if the settings are wrong
   */
  session(config?: SessionConfig): Session {
    return this.#newSession(config)
  }

  /** Opens a session for reactive programs, see `rxjs`. Takes the settings of {@link Driver.session}. */
  rxSession(config?: SessionConfig): RxSession {
    // Does not call the method above: tools that wrap it expect only plain sessions, as in the official
    // driver.
    return new RxSession(this.#newSession(config))
  }

  /**
   * Checks that the driver can reach the server and that the server accepts the user.
   *
   * @throws Neo4jError if not
   */
  async verifyConnectivity(config?: { database?: string }): Promise<void> {
    await withCallerStack(this.#engine.verify(this.#database(config?.database)))
  }

  /**
   * Like {@link Driver.verifyConnectivity}, and returns the server that answered.
   *
   * @throws Neo4jError if none did
   */
  async getServerInfo(config?: { database?: string }): Promise<ServerInfo> {
    const { address, agent, protocolVersion } = await withCallerStack(
      this.#engine.verify(this.#database(config?.database)),
    )
    return new ServerInfo({ address, version: agent }, protocolVersion)
  }

  /**
   * Whether a server accepts a user: the given one, or else the driver's own. The server checks the user each
   * time, even if it already knows the user.
   *
   * @param config.database the database for the user's work; matters only for a cluster. Default: `system`
   * @param config.auth the token of the user. Default: the driver's
   * @returns false if the server says that the credentials are wrong, expired, or not allowed
   * @throws Neo4jError if the driver cannot reach the server, if the server fails otherwise, or if it does
   * not let users change, as before Bolt 5.1
   */
  async verifyAuthentication(config: { database?: string; auth?: AuthToken } = {}): Promise<boolean> {
    const { database, auth } = config
    try {
      await withCallerStack(this.#engine.authenticate(this.#database(database ?? 'system'), auth ?? undefined))
      return true
    } catch (error) {
      if (error instanceof Neo4jError && WRONG_CREDENTIALS.includes(error.code)) return false
      throw error
    }
  }

  /** Whether the server has more than one database. */
  supportsMultiDb(): Promise<boolean> {
    return this.#speaks(BOLT_4_0)
  }

  /** Whether the server supports settings of transactions. */
  supportsTransactionConfig(): Promise<boolean> {
    return this.#speaks(BOLT_3_0)
  }

  /** Whether the server supports impersonation. */
  supportsUserImpersonation(): Promise<boolean> {
    return this.#speaks(BOLT_4_4)
  }

  /** Whether the server lets the user of a connection change. */
  supportsSessionAuth(): Promise<boolean> {
    return this.#speaks(BOLT_5_1)
  }

  /** The version of Bolt that driver and server use. */
  getNegotiatedProtocolVersion(): Promise<ProtocolVersion> {
    return withCallerStack(this.#engine.negotiate())
  }

  /** Whether connections are encrypted. */
  isEncrypted(): boolean {
    return this._isEncrypted()
  }

  /**
   * Figures about the driver's connections: how many there are to each server, how many requests wait for
   * one, and how long that took. Not in the official driver.
   *
   * @returns plain objects, a snapshot. Times are in milliseconds.
   * @example
   * const [{ inUse, idle, waiting }] = driver.metrics().pools
   */
  metrics(): DriverMetrics {
    return { pools: this.#engine.metrics() }
  }

  /**
   * Closes all connections. Work that is still running fails. May be called again.
   */
  close(): Promise<void> {
    if (this.#closed === null) {
      this._log.info(`Driver ${this.#id} closing`)
      this.#closed = this.#engine.close()
      for (const giveUp of this.#waitingRetries) giveUp()
    }
    return this.#closed
  }

  /** {@link Driver.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Whether it is a routing driver. For code written for the official driver. */
  _supportsRouting(): boolean {
    return this.#settings.routing
  }

  /** {@link Driver.isEncrypted}, for code written for the official driver. */
  _isEncrypted(): boolean {
    return this.#settings.encrypted
  }

  /** Which certificates the driver trusts. For code written for the official driver. */
  _getTrust(): TrustStrategy | undefined {
    return this.#settings.trust
  }

  /**
   * The database to ask a router for. A direct driver ignores it, so it may be any value.
   *
   * @throws TypeError if there is one that is not text
   */
  #database(name: unknown): string | null {
    if (!name || (!this.#settings.routing && typeof name !== 'string')) return null
    return databaseOrNull(name)
  }

  #newSession(config?: SessionConfig): Session {
    const settings = parseSessionConfig(config, this.#settings)
    return new Session({
      engine: this.#engine,
      mode: settings.mode,
      target: settings,
      routed: this.#settings.routing,
      home:
        this.#settings.routing && settings.database === null
          ? this.#homeDatabases.of(userKey(settings.auth, settings.impersonatedUser))
          : null,
      strictResults: settings.strictResults,
      disableAutoCommitRetries: settings.disableAutoCommitRetries,
      bookmarks: settings.bookmarks,
      bookmarkManager: settings.bookmarkManager,
      acquisitionTimeout: this.#settings.connectionAcquisitionTimeout,
      maxTransactionRetryTime: settings.maxTransactionRetryTime,
      waitingRetries: this.#waitingRetries,
      log: this._log,
    })
  }

  async #speaks(version: ProtocolVersion): Promise<boolean> {
    return (await this.getNegotiatedProtocolVersion()).isGreaterOrEqualTo(version)
  }
}

/** A value that is not a signal counts as none, as in the official driver. */
function throwIfAborted(signal: AbortSignal | undefined): void {
  if (typeof signal?.throwIfAborted === 'function') signal.throwIfAborted()
}

/** Passes on the engine's answer; an error gets the frames of the function that awaits it. */
async function withCallerStack<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    captureMissingStack(error)
    throw error
  }
}

/** The user, for the engine: a token, or the function that supplies one. */
function credentialsOf(auth: AuthToken | AuthTokenManager): Pick<EngineConfig, 'auth' | 'callbacks'> {
  if (!isAuthTokenManager(auth)) return { auth, callbacks: {} }
  return {
    auth: null,
    callbacks: {
      token: () => {
        const token = auth.getToken()
        return isThenable(token) ? Promise.resolve(token).then(presentToken) : presentToken(token)
      },
      denied: (token, code) => auth.handleSecurityException(token as AuthToken, code as SecurityErrorCode),
    },
  }
}

/** The sentence is the official driver's for a missing token at a newer server. The place is behind it. */
function presentToken(token: AuthToken | null | undefined): AuthToken {
  if (token == null) throw newError(`Unable to pack the given value: ${token} (in authToken)`, PROTOCOL_ERROR)
  return token
}

/** @throws Neo4jError if two profiles share a name */
function encryptionOf({ integers, encryptionProfiles }: KeptConfig): EncryptionService {
  return new EncryptionService(integers, encryptionProfiles)
}

/** The settings of encryption for the engine, and the functions that it may call. */
function engineCallbacks(config: KeptConfig): { tls?: TlsSettings; callbacks: Callbacks } {
  const { resolver, clientCertificate } = config
  const resolving = config.routing && resolver !== undefined ? { resolve: resolvedBy(resolver) } : {}
  if (!config.encrypted) return { callbacks: resolving }
  const trust = config.trust ?? 'TRUST_SYSTEM_CA_SIGNED_CERTIFICATES'
  const certificates = new Certificates(trust, config.trustedCertificates, clientCertificate)
  return {
    tls: { trust, clientCertificate: clientCertificate !== undefined },
    callbacks: { ...resolving, certificates: (held) => certificates.answer(held) },
  }
}

/** Checks what a resolver returns, and adds a port to each address without one. */
function resolvedBy(resolver: NonNullable<Config['resolver']>): (address: string) => Promise<string[]> {
  return async (address) => {
    const resolved: unknown = await resolver(address)
    if (!Array.isArray(resolved)) {
      throw new TypeError(
        'Configured resolver function should either return an array of addresses or a Promise resolved with an array ' +
          `of addresses.Each address is '<host>:<port>'. Got: ${resolved}`,
      )
    }
    // Unlike map(), it skips the holes of a sparse array.
    return resolved.flatMap((text: unknown) => parseUrl(assertString(text, 'URL')).hostAndPort)
  }
}

let drivers = 0

/** The codes with which a server rejects a user or its credentials. */
const WRONG_CREDENTIALS: readonly string[] = [
  'Neo.ClientError.Security.CredentialsExpired',
  'Neo.ClientError.Security.Forbidden',
  'Neo.ClientError.Security.TokenExpired',
  'Neo.ClientError.Security.Unauthorized',
]

const BOLT_3_0 = new ProtocolVersion(3, 0)
const BOLT_4_0 = new ProtocolVersion(4, 0)
const BOLT_4_4 = new ProtocolVersion(4, 4)
const BOLT_5_1 = new ProtocolVersion(5, 1)
