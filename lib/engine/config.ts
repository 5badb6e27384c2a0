/** The settings that a driver gives to the engine once, and their form for the addon. */

import type { TrustStrategy } from '../auth/trust.js'
import type { IntegerMode } from '../codec/batch.js'
import type { Encoder } from '../codec/encoder.js'
import { giveBack, takeEncoder } from '../codec/encoder-pool.js'
import { newError, PROTOCOL_ERROR } from '../error/neo4j-error.js'
import type { Logger } from '../log/logger.js'
import type { Callbacks } from './callbacks.js'
import type { NativeConfig } from './native.js'
import { type NotificationSettings, writeNotifications, writeToken } from './request.js'

/** How connections are encrypted. */
export interface TlsSettings {
  readonly trust: TrustStrategy
  /** Whether there is a client certificate; the engine asks which. */
  readonly clientCertificate: boolean
}

/** Everything that a driver gives to the engine once. */
export interface EngineConfig {
  readonly host: string
  readonly port: number
  /** `host:port` */
  readonly address: string
  /** Whether it is the address of a cluster. */
  readonly routing: boolean
  readonly routingContext: { readonly [key: string]: string }
  /** Text. Anything else is refused when it is to be sent to a server. */
  readonly userAgent: unknown
  readonly boltAgent: object
  /** The token; null = the engine asks {@link Callbacks.token}. */
  readonly auth: object | null
  readonly notifications: NotificationSettings | undefined
  readonly maxConnectionPoolSize: number
  readonly minConnectionPoolSize: number
  /** -1 = none */
  readonly idleTimeout: number
  /** 0 = none */
  readonly leakDetectionThreshold: number
  readonly connectionAcquisitionTimeout: number
  /** 0 = none */
  readonly connectionTimeout: number
  readonly maxConnectionLifetime: number
  /** In bytes. */
  readonly maxMessageSize: number
  /** -1 = never */
  readonly connectionLivenessCheckTimeout: number
  readonly telemetryDisabled: boolean
  /** Absent = connections are not encrypted. */
  readonly tls?: TlsSettings
  readonly integers: IntegerMode
  /** What the engine may ask. Default: nothing. */
  readonly callbacks?: Callbacks
  readonly logger: Logger
}

/** What is sent to servers, encoded, and the functions that the engine may ask. */
export interface EncodedSettings {
  readonly userAgent: string
  /** Absent = the engine asks {@link Callbacks.token}. To be overwritten after use. */
  readonly auth?: Uint8Array
  readonly notifications: Uint8Array
  readonly callbacks: Callbacks
}

/**
 * Encodes what is sent to servers. If a setting cannot be encoded, none of them is in the result, and its
 * function for the token throws the reason. So every request fails with that reason, and no call fails
 * before.
 */
export function encodeSettings(config: EngineConfig): EncodedSettings {
  const { auth, notifications, callbacks = {} } = config
  let token: Uint8Array | undefined
  try {
    const userAgent = checkedUserAgent(config.userAgent)
    if (auth !== null) token = encoded((out) => writeToken(out, auth, 'authToken'))
    const filter = encoded((out) => writeNotifications(out, notifications))
    return { userAgent, ...(token && { auth: token }), notifications: filter, callbacks }
  } catch (error) {
    token?.fill(0)
    const refuse = (): never => {
      throw error
    }
    const nothing = encoded((out) => writeNotifications(out, undefined))
    return { userAgent: '', notifications: nothing, callbacks: { ...callbacks, token: refuse } }
  }
}

/**
 * The settings in the form that the addon takes.
 *
 * @param driver what log lines call the driver
 */
export function nativeConfig(
  config: EngineConfig,
  { userAgent, auth, notifications, callbacks }: EncodedSettings,
  driver: number,
): NativeConfig {
  return {
    host: config.host,
    port: config.port,
    routing: config.routing
      ? encoded((out) => out.value({ ...config.routingContext, address: config.address }))
      : undefined,
    resolves: callbacks.resolve !== undefined,
    userAgent,
    boltAgent: encoded((out) => out.value(config.boltAgent)),
    ...(auth && { auth }),
    notifications,
    maxConnectionPoolSize: config.maxConnectionPoolSize,
    minConnectionPoolSize: config.minConnectionPoolSize,
    idleTimeout: config.idleTimeout,
    connectionAcquisitionTimeout: config.connectionAcquisitionTimeout,
    connectionTimeout: config.connectionTimeout,
    maxConnectionLifetime: config.maxConnectionLifetime,
    maxMessageSize: config.maxMessageSize,
    connectionLivenessCheckTimeout: config.connectionLivenessCheckTimeout,
    telemetryDisabled: config.telemetryDisabled,
    ...(config.tls && {
      tls: { trust: TRUST[config.tls.trust], clientCertificate: config.tls.clientCertificate },
    }),
    logLevel: config.logger.rank,
    logUnredacted: config.logger.unredactDebugLogs === true,
    driverNumber: driver,
  }
}

/** @throws Neo4jError for a name that is not text, as servers or the official driver refuse it */
function checkedUserAgent(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof String) return String(value)
  encoded((out) => out.named(value, 'userAgent'))
  throw newError('Illegal value for field "user_agent": Expected string', PROTOCOL_ERROR)
}

function encoded(write: (encoder: Encoder) => void): Uint8Array {
  const encoder = takeEncoder()
  try {
    write(encoder)
    return encoder.finish().slice()
  } finally {
    giveBack(encoder)
  }
}

/** The engine's numbers for the strategies. */
const TRUST: Readonly<Record<TrustStrategy, number>> = {
  TRUST_ALL_CERTIFICATES: 0,
  TRUST_SYSTEM_CA_SIGNED_CERTIFICATES: 1,
  TRUST_CUSTOM_CA_SIGNED_CERTIFICATES: 2,
}
