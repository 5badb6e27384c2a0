/**
 * The settings of a driver and of a session, checked once and with all defaults.
 */

import { platform, release } from 'node:os'
import { inspect } from 'node:util'
import { type AuthToken, type AuthTokenManager, checkedAuth } from '../auth/auth.js'
import {
  type ClientCertificate,
  type ClientCertificateProvider,
  checkedClientCertificate,
} from '../auth/client-certificate.js'
import type { EncryptionLevel, TrustStrategy } from '../auth/trust.js'
import type { EncryptionProfile } from '../encryption/keys.js'
import { newError } from '../error/neo4j-error.js'
import { Logger, type LoggingConfig } from '../log/logger.js'
import type { SessionMode } from '../query/access-mode.js'
import { checkedNotificationFilter, type NotificationFilter } from '../result/notifications.js'
import type { BookmarkManager } from '../session/bookmark-manager.js'
import { bookmarksOf } from '../session/bookmarks.js'
import { assertString } from '../types/check.js'
import { countOr, integerOr, numberOr, ownIntegerOr, ownPositiveOr } from './numbers.js'
import { parseUrl, schemeOf } from './url.js'

/**
 * Settings of a driver. A number may be given as text. Text that makes no number counts as left out. The
 * settings that the official driver does not have take a number such as 1e21 as what it is. The others read
 * it as text, up to the `e`, as the official driver does.
 */
export interface Config {
  /** Default: false. Not allowed along with a `+s` or `+ssc` URL. */
  encrypted?: boolean | EncryptionLevel
  /**
   * Default: the certificates that this Node.js process trusts. Not allowed along with a `+s` or `+ssc` URL.
   */
  trust?: TrustStrategy
  /** Paths of PEM files, for TRUST_CUSTOM_CA_SIGNED_CERTIFICATES. */
  trustedCertificates?: string[]
  /** How many records the driver asks for at once; -1 = all. Default: 1000. */
  fetchSize?: number
  /** Connections per server, idle ones included; 0 or less = no limit. Default: 100. */
  maxConnectionPoolSize?: number
  /**
   * How many connections the driver keeps open to each server in use, idle ones included. It opens them in
   * advance, in the background: from the start, or, in a routing driver, from the first use of the server. It
   * replaces the ones that are lost. Not in the official driver. Default: 0.
   */
  minConnectionPoolSize?: number
  /**
   * Milliseconds after which the driver closes an idle connection, unless fewer than `minConnectionPoolSize`
   * would be left; 0 or less = never. Not in the official driver. Default: never.
   */
  idleTimeout?: number
  /**
   * Milliseconds for which a query or a transaction may hold a connection. After that, the driver logs a line
   * at level `warn` with the place in the program where it began; 0 or less = no limit. Costs a stack trace
   * for each query. Not in the official driver. Default: no limit.
   */
  leakDetectionThreshold?: number
  /** Milliseconds during which the driver retries a failed transaction function. Default: 30 000. */
  maxTransactionRetryTime?: number
  /** Milliseconds after which the driver replaces a connection; 0 or less = never. Default: 3 600 000. */
  maxConnectionLifetime?: number
  /**
   * Milliseconds to wait for a free or new connection; less than 0 = forever. Default: 60 000. This also
   * limits the wait for the resolver, for tokens, client certificates and the bookmarks of a manager.
   */
  connectionAcquisitionTimeout?: number
  /**
   * Milliseconds of idle time after which the driver tests a connection before it uses
   * it; 0 = always. Default: never.
   */
  connectionLivenessCheckTimeout?: number
  /**
   * Milliseconds to wait for a new connection, with its TLS handshake; 0 or less = forever. Default: 30 000.
   * The rest of {@link Config.connectionAcquisitionTimeout} covers Bolt's handshake and authentication.
   */
  connectionTimeout?: number
  /** Do not retry an auto-commit query whose failure the server calls idempotent. Default: false. */
  disableAutoCommitRetries?: boolean
  /** Integers as JavaScript numbers, those beyond 2^53 as infinity. Default: false. */
  disableLosslessIntegers?: boolean
  /** Which notifications the server does not even create. Default: the server's own setting. */
  notificationFilter?: NotificationFilter
  /** Integers as bigints. Takes precedence over `disableLosslessIntegers`. Default: false. */
  useBigInt?: boolean
  /** Default: no log. */
  logging?: LoggingConfig
  /**
   * How many bytes a message of a server may have, for instance a record. A longer message is a ProtocolError
   * and ends the connection. Before the driver has logged on, the limit is 64 KiB. Not in the official
   * driver. Default: 536 870 912 (512 MiB); 0 or less = only the limit of the batch format, 2 GiB.
   */
  maxMessageSize?: number
  /** Turns the URL's address into the addresses of the first routers to ask; for routing drivers. */
  resolver?: (address: string) => string[] | Promise<string[]>
  /** The name under which the driver introduces itself to the server. Default: `neobolt/<version>`. */
  userAgent?: string
  /** Do not tell the server which parts of the API the application uses. Default: false. */
  telemetryDisabled?: boolean
  /** For a server that demands one; used if connections are encrypted. Default: none. */
  clientCertificate?: ClientCertificate | ClientCertificateProvider
  /**
   * The profiles with which {@link Driver.encryption} encrypts and decrypts. Default: none.
   * @experimental part of client-side encryption
   */
  encryptionProfiles?: EncryptionProfile[]
  /**
   * Which readers get an error (`Result is already consumed`) when a result can no longer give all of its
   * records. Not in the official driver, which gives fewer records without an error, or waits forever.
   *
   * - Left out: each reader that is reading when the driver has the server discard the rest, because the
   *   transaction ends, because `summary()` is called, or because another reader leaves. But a subscription
   *   that `summary()` stops completes.
   * - true: these readers, that subscription, and each reader that starts when
   *   records have been taken or discarded. `peek()` takes none.
   * - false: no reader, as with the official driver.
   *
   * null counts as left out; any other value is a TypeError. In all three cases a reader gets an error if its
   * session or driver is closed before all records have come, and if it is a loop that begins when the
   * summary has been read.
   *
   * @example
   * const strict = driver.session({ strictResults: true })
   */
  strictResults?: boolean
}

/** Settings of a session. */
export interface SessionConfig {
  /** Default: `'WRITE'`. */
  defaultAccessMode?: SessionMode
  /** Bookmarks that the first transaction waits for. Default: none. */
  bookmarks?: string | string[]
  /** Default: the user's home database. */
  database?: string
  /** The user to impersonate, which the driver's user must be allowed to do. Default: none. */
  impersonatedUser?: string
  /** How many records the session asks for at once; -1 = all. Default: the driver's. */
  fetchSize?: number
  /** Default: none; the session knows only its own bookmarks. */
  bookmarkManager?: BookmarkManager
  /** Default: the driver's. */
  notificationFilter?: NotificationFilter
  /** Another user than the driver's, on the driver's connections. Needs Bolt 5.1. */
  auth?: AuthToken
  /** Default: the driver's. */
  disableAutoCommitRetries?: boolean
  /**
   * As the driver's setting of the same name. Default, for null too: the driver's. A value other than
   * true and false is a TypeError.
   */
  strictResults?: boolean
}

/** How a driver introduces itself, by the keys of Bolt's HELLO. */
export interface BoltAgent {
  readonly product: string
  readonly platform: string
  readonly language: string
  readonly language_details: string
}

/**
 * All settings of a driver, checked, with all defaults. Times are in milliseconds.
 * @internal
 */
export interface DriverConfig {
  readonly host: string
  readonly port: number
  /** `host:port`, with the brackets of IPv6. */
  readonly address: string
  /** Whether it is a `neo4j` scheme. */
  readonly routing: boolean
  readonly routingContext: { readonly [key: string]: string }
  readonly encrypted: boolean
  /** undefined = the certificates of the system */
  readonly trust: TrustStrategy | undefined
  readonly trustedCertificates: readonly string[]
  readonly clientCertificate: ClientCertificateProvider | undefined
  readonly auth: AuthToken | AuthTokenManager
  /** Unchecked: sending refuses a value that is not text. */
  readonly userAgent: unknown
  readonly boltAgent: BoltAgent
  readonly fetchSize: number
  /** At least 1. */
  readonly maxConnectionPoolSize: number
  /** At most `maxConnectionPoolSize`. */
  readonly minConnectionPoolSize: number
  /** -1 = none */
  readonly idleTimeout: number
  /** 0 = none */
  readonly leakDetectionThreshold: number
  readonly maxConnectionLifetime: number
  /** In bytes. */
  readonly maxMessageSize: number
  readonly connectionAcquisitionTimeout: number
  /** 0 = none */
  readonly connectionTimeout: number
  /** -1 = never */
  readonly connectionLivenessCheckTimeout: number
  /** Unchecked: creating a session refuses a wrong one. */
  readonly maxTransactionRetryTime: number
  readonly disableAutoCommitRetries: boolean
  readonly strictResults: boolean | undefined
  readonly integers: 'integer' | 'number' | 'bigint'
  readonly notifications: NotificationFilter | undefined
  readonly logger: Logger
  readonly resolver: Config['resolver']
  readonly telemetryDisabled: boolean
  readonly encryptionProfiles: readonly EncryptionProfile[]
  /** The user's settings, completed by defaults and by what the URL says about encryption. */
  readonly settings: Config
}

/** All settings but the token, which only the engine keeps. */
export type KeptConfig = Omit<DriverConfig, 'auth'>

/**
 * All settings of a session, checked. Those that it does not set are the driver's.
 * @internal
 */
export interface SessionSettings {
  readonly mode: SessionMode
  readonly bookmarks: readonly string[]
  /** null = the home database */
  readonly database: string | null
  /** Unchecked: sending refuses a value that is not text. */
  readonly impersonatedUser: string | null
  readonly fetchSize: number
  readonly bookmarkManager: BookmarkManager | undefined
  readonly notifications: NotificationFilter | undefined
  readonly auth: AuthToken | undefined
  readonly disableAutoCommitRetries: boolean
  readonly strictResults: boolean | undefined
  readonly maxTransactionRetryTime: number
}

/**
 * Checks the arguments of the function `driver`. Leaves the caller's objects as they are.
 *
 * @throws Error, TypeError or Neo4jError with the official texts
 * @internal
 */
export function parseDriverConfig(url: unknown, authToken?: unknown, config?: Config | null): DriverConfig {
  assertString(url, 'Bolt URL')
  const { scheme, host, port, hostAndPort, query } = parseUrl(String(url))
  const kind = schemeOf(scheme)
  if (config === null) throw nullSettings('disableLosslessIntegers')
  const given: Config = config ?? {}

  if (kind.trust !== undefined && ('encrypted' in given || 'trust' in given)) {
    throw new Error('Encryption/trust can only be configured either through URL or config, not both')
  }
  const auth = checkedAuth(authToken)
  if (typeof given !== 'object' && typeof given !== 'function') {
    throw new TypeError(`Cannot create property 'userAgent' on ${typeof given} '${String(given)}'`)
  }
  if (!kind.routing && Object.keys(query).length > 0) {
    throw new Error(`Parameters are not supported with none routed scheme. Given URL: '${url}'`)
  }

  const maxConnectionLifetime = countOr(3_600_000, given.maxConnectionLifetime)
  const maxConnectionPoolSize = countOr(100, given.maxConnectionPoolSize)
  const minConnectionPoolSize = Math.max(0, ownIntegerOr(0, given.minConnectionPoolSize))
  const connectionAcquisitionTimeout = countOr(60_000, given.connectionAcquisitionTimeout)
  const connectionTimeout = Math.max(0, integerOr(30_000, given.connectionTimeout))
  const connectionLivenessCheckTimeout = livenessCheckTimeout(given.connectionLivenessCheckTimeout)
  const maxMessageSize = Math.max(0, ownIntegerOr(LONGEST_MESSAGE, given.maxMessageSize))
  const fetchSize = fetchSizeOr(1000, given.fetchSize)
  const userAgent: unknown = given.userAgent || PRODUCT
  const logger = Logger.create(given)

  const clientCertificate = checkedClientCertificate(given.clientCertificate)
  const { resolver } = given
  if (resolver != null && typeof resolver !== 'function') {
    throw new TypeError(`Configured resolver should be a function. Got: ${typeof resolver}`)
  }
  const encrypted = kind.trust !== undefined || encryption(given.encrypted)
  if (clientCertificate !== undefined && !encrypted) {
    logger.warn('There is a client certificate, but connections are not encrypted, so that it is not used')
  }
  if (minConnectionPoolSize > (maxConnectionPoolSize || Number.MAX_SAFE_INTEGER)) {
    throw new Error(
      'The minConnectionPoolSize can not be greater than the maxConnectionPoolSize. ' +
        `However minConnectionPoolSize = ${minConnectionPoolSize} and maxConnectionPoolSize = ${maxConnectionPoolSize}`,
    )
  }
  if (connectionAcquisitionTimeout < connectionTimeout) {
    logger.warn(
      'Configuration for "connectionAcquisitionTimeout" should be greater than or equal to "connectionTimeout". ' +
        'Otherwise, the connection acquisition timeout will take precedence for over the connection timeout in ' +
        'scenarios where a new connection is created while it is acquired',
    )
  }

  const integers = given.useBigInt ? 'bigint' : given.disableLosslessIntegers ? 'number' : 'integer'

  return {
    host,
    port,
    address: hostAndPort,
    routing: kind.routing,
    routingContext: query,
    encrypted,
    trust: kind.trust ?? trust(given.trust),
    trustedCertificates: given.trustedCertificates ?? [],
    clientCertificate,
    auth,
    userAgent,
    boltAgent: boltAgent(),
    fetchSize,
    maxConnectionPoolSize: maxConnectionPoolSize || Number.MAX_SAFE_INTEGER,
    minConnectionPoolSize,
    idleTimeout: ownPositiveOr(-1, given.idleTimeout),
    leakDetectionThreshold: Math.min(LONGEST_TIMER, ownPositiveOr(0, given.leakDetectionThreshold)),
    maxConnectionLifetime: maxConnectionLifetime || Number.MAX_SAFE_INTEGER,
    maxMessageSize: maxMessageSize || Number.MAX_SAFE_INTEGER,
    connectionAcquisitionTimeout,
    connectionTimeout,
    connectionLivenessCheckTimeout: connectionLivenessCheckTimeout ?? -1,
    maxTransactionRetryTime: given.maxTransactionRetryTime ?? 30_000,
    disableAutoCommitRetries: given.disableAutoCommitRetries ?? false,
    strictResults: strictResults(given.strictResults),
    integers,
    notifications: checkedNotificationFilter(given.notificationFilter),
    logger,
    resolver: resolver ?? undefined,
    // As in the official driver: no other value disables it.
    telemetryDisabled: given.telemetryDisabled === true,
    encryptionProfiles: given.encryptionProfiles ?? [],
    settings: {
      ...given,
      ...(kind.trust !== undefined && { encrypted: 'ENCRYPTION_ON', trust: kind.trust }),
      // Not as given: it may contain a password, and programs print drivers.
      ...(clientCertificate !== undefined && { clientCertificate }),
      userAgent: userAgent as string,
      maxConnectionLifetime,
      maxConnectionPoolSize,
      connectionAcquisitionTimeout,
      fetchSize,
      connectionTimeout,
      connectionLivenessCheckTimeout,
    },
  }
}

/**
 * Checks the settings of a session.
 *
 * @throws Error, TypeError or Neo4jError with the official texts
 * @internal
 */
export function parseSessionConfig(config: SessionConfig | null | undefined, driver: KeptConfig): SessionSettings {
  if (config === null) throw nullSettings('defaultAccessMode')
  const given: SessionConfig = config ?? {}
  const mode = given.defaultAccessMode ?? 'WRITE'
  if (mode !== 'READ' && mode !== 'WRITE') throw newError(`Illegal session mode ${mode}`)
  const retryTime = driver.maxTransactionRetryTime
  if (retryTime < 0) throw newError(`Max retry time should be >= 0: ${retryTime}`)
  return {
    mode,
    bookmarks: bookmarksOf(given.bookmarks),
    database: databaseOrNull(given.database ?? ''),
    impersonatedUser: given.impersonatedUser || null,
    fetchSize: fetchSizeOr(driver.fetchSize, given.fetchSize),
    bookmarkManager: given.bookmarkManager ?? undefined,
    notifications: given.notificationFilter ?? undefined,
    auth: given.auth ?? undefined,
    disableAutoCommitRetries: given.disableAutoCommitRetries ?? driver.disableAutoCommitRetries,
    strictResults: strictResults(given.strictResults) ?? driver.strictResults,
    maxTransactionRetryTime: numberOr(30_000, retryTime),
  }
}

/**
 * The name of a database; null = the user's home database.
 *
 * @throws TypeError if there is one that is not text
 * @internal
 */
export function databaseOrNull(value: unknown): string | null {
  return String(assertString(value, 'database')) || null
}

/** The official driver's error for null in place of settings: V8's, for the first setting that it reads. */
function nullSettings(first: string): TypeError {
  return new TypeError(`Cannot read properties of null (reading '${first}')`)
}

function encryption(value: unknown): boolean {
  if (value === true || value === 'ENCRYPTION_ON') return true
  if (value == null || value === false || value === 'ENCRYPTION_OFF') return false
  throw newError(
    `Illegal value of the encrypted setting ${value}. Expected one of ,,true,false,ENCRYPTION_ON,ENCRYPTION_OFF`,
  )
}

export function trust(value: unknown): TrustStrategy | undefined {
  switch (value ?? undefined) {
    case undefined:
      return undefined
    case 'TRUST_ALL_CERTIFICATES':
    case 'TRUST_CUSTOM_CA_SIGNED_CERTIFICATES':
    case 'TRUST_SYSTEM_CA_SIGNED_CERTIFICATES':
      return value as TrustStrategy
    default:
      throw newError(
        `Illegal value of the trust setting ${value}. Expected one of ,,TRUST_ALL_CERTIFICATES,` +
          'TRUST_CUSTOM_CA_SIGNED_CERTIFICATES,TRUST_SYSTEM_CA_SIGNED_CERTIFICATES',
      )
  }
}

function strictResults(value: unknown): boolean | undefined {
  if (value == null) return undefined
  if (typeof value === 'boolean') return value
  const text = inspect(value, { depth: 0, customInspect: false })
  throw new TypeError(`The strictResults setting can only be true or false. However strictResults = ${text}`)
}

function fetchSizeOr(absent: number, value: unknown): number {
  const size = integerOr(absent, value)
  if (size > 0 || size === FETCH_ALL) return size
  throw new Error(`The fetch size can only be a positive value or ${FETCH_ALL} for ALL. However fetchSize = ${size}`)
}

function livenessCheckTimeout(value: unknown): number | undefined {
  if (value == null) return undefined
  const timeout = Number.parseInt(value as string, 10)
  if (timeout >= 0) return timeout
  throw new Error(
    'The connectionLivenessCheckTimeout can only be a positive value or 0 for always. ' +
      `However connectionLivenessCheckTimeout = ${timeout}`,
  )
}

function boltAgent(): BoltAgent {
  return {
    product: PRODUCT,
    platform: `${platform()} ${release()}; ${process.arch}`,
    language: 'JavaScript',
    language_details: `Node/${process.versions.node} (v8 ${process.versions.v8})`,
  }
}
/** The limit of Node's timers, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1
const FETCH_ALL = -1
/** The length of the longest string in JavaScript. */
const LONGEST_MESSAGE = 512 * 1024 * 1024
const PRODUCT = `neobolt/${(require('../../package.json') as { version: string }).version}`
