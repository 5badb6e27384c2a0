/**
 * The addon: what it exports, as this package calls it, and how it is loaded. The only module that requires it. Knows
 * nothing of what its arguments mean.
 */

import type { PoolMetrics } from './metrics.js'

/** A running query, as the engine has it. */
export interface NativeCursor {
  /** Lets the engine send that many more PULLs; {@link ALL_PULLS} = as many as it takes. */
  next(pulls: number): void
  /** DISCARD instead of the next PULL. */
  discard(): void
  /** Interrupts the query by RESET. */
  reset(): void
}

/** An explicit transaction, as the engine has it. */
export interface NativeTransaction {
  run(id: number, request: Uint8Array, flags: number): void
  commit(id: number): void
  rollback(id: number): void
  /** Interrupts what is running by RESET, which also rolls back. */
  reset(): void
}

/** A pool of connections to one server, as the engine has it. */
export interface NativeDriver {
  /** Tells of milliseconds that the engine's clock has not seen. */
  age(by: number): void
  run(id: number, request: Uint8Array, flags: number): void
  /** See {@link NativeCursor}; the id is that of the query. Nothing happens where the query is over. */
  next(id: number, pulls: number): void
  discard(id: number): void
  reset(id: number): void
  begin(id: number, request: Uint8Array): NativeTransaction
  verify(id: number, database: string | null): void
  negotiate(id: number): void
  close(id: number): void
  /** @param token null = the driver's own */
  authenticate(id: number, database: string | null, token: Uint8Array | null): void
  /** @returns whether anybody waits for the answer */
  answer(question: number, answer: Uint8Array): boolean
  metrics(): NativeMetrics[]
  /** Delivers nothing until `resume`. */
  pause(): void
  resume(): void
}

/** A pool, as the engine has it. Times are in milliseconds. */
export interface NativeMetrics extends Omit<PoolMetrics, 'acquisitions'> {
  acquired: number
  timedOut: number
  waited: number
  longestWait: number
}

/** What the addon exports. */
export interface Binding {
  NativeDriver: new (config: NativeConfig, deliver: (control: Buffer, attachments: Buffer[]) => void) => NativeDriver
}

/** What the constructor of the addon's NativeDriver takes; encoded where it is of no concern to the engine. */
export interface NativeConfig {
  host: string
  port: number
  /** undefined = a direct driver */
  routing: Uint8Array | undefined
  resolves: boolean
  userAgent: string
  boltAgent: Uint8Array
  /** Absent where a question is to be asked. */
  auth?: Uint8Array
  notifications: Uint8Array
  maxConnectionPoolSize: number
  minConnectionPoolSize: number
  idleTimeout: number
  connectionAcquisitionTimeout: number
  connectionTimeout: number
  maxConnectionLifetime: number
  maxMessageSize: number
  connectionLivenessCheckTimeout: number
  telemetryDisabled: boolean
  /** See TRUST in lib/native-config.ts */
  tls?: { trust: number; clientCertificate: boolean }
  /** 0 = errors only … 3 = everything; -1 = nothing */
  logLevel: number
  logUnredacted: boolean
  driverNumber: number
}

export const ALL_PULLS = 0xffffffff

/** Throws with the reason where there is none for this platform. */
export function loadBinding(): Binding {
  try {
    return require('../native/binding.cjs') as Binding
  } catch (error) {
    throw new Error(whyNotLoaded(error), { cause: error })
  }
}

function whyNotLoaded(error: unknown): string {
  const platform = `${process.platform} ${process.arch}`
  // The loader tries one place after the other, and what they said is a chain of causes. A place where there is nothing says nothing.
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (/^Cannot find (module|native binding)/.test(cause.message)) continue
    return `neobolt could not load its native part on this platform (${platform}): ${cause.message}`
  }
  return (
    `neobolt has no native part for this platform (${platform}), or it was not built. ` +
    'In a checkout, `npm run build` builds it. A bundler has to leave the package outside of the bundle.'
  )
}
