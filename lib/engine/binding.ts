/**
 * The addon: what it exports, as this package calls it, and how it is loaded. The only module that requires it. Knows
 * nothing of what its arguments mean.
 */

import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { PoolMetrics } from './metrics.js'

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
  /** See {@link RunningQuery}; the id is that of the query. Nothing happens where the query is over. */
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
  /** See TRUST in lib/engine/config.ts */
  tls?: { trust: number; clientCertificate: boolean }
  /** 0 = errors only … 3 = everything; -1 = nothing */
  logLevel: number
  logUnredacted: boolean
  driverNumber: number
}

/** Throws with the reason, and with what to do about it, where there is none for this platform. */
export function loadBinding(): Binding {
  const enforced = process.env[ENFORCE_VERSION]
  // The loader takes a part of any version otherwise.
  process.env[ENFORCE_VERSION] ??= '1'
  try {
    const binding = require('../../native/binding.cjs') as Partial<Binding>
    if (typeof binding.NativeDriver !== 'function') throw new Error('it is not what this version of neobolt calls')
    return binding as Binding
  } catch (error) {
    throw new Error(whyNotLoaded(error, surroundings()), { cause: error })
  } finally {
    if (enforced === undefined) delete process.env[ENFORCE_VERSION]
  }
}

const ENFORCE_VERSION = 'NAPI_RS_ENFORCE_VERSION_CHECK'

/** Where the package finds itself. */
export interface Surroundings {
  /** Inside of an executable made by Node's `--experimental-sea-config` or `--build-sea`. */
  readonly executable: boolean
  /** In a file that an application's bundler made. */
  readonly bundled: boolean
  /** With the sources of the native part beside it. */
  readonly checkout: boolean
  /** Platforms whose native part is installed, `darwin-arm64`. */
  readonly installed: readonly string[]
}

/** The sentence for an error of the loader. */
export function whyNotLoaded(error: unknown, { executable, bundled, checkout, installed }: Surroundings): string {
  const platform = `${process.platform} ${process.arch}`
  if (executable) {
    return (
      'neobolt cannot load its native part from inside of a single executable. Leave the package outside of the bundle, install it in node_modules beside the ' +
      "executable, and load it by `require('node:module').createRequire(process.execPath)`."
    )
  }
  let part: string | undefined
  // The loader tries one place after the other, and what they said is a chain of causes. A place where there is nothing says nothing.
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const mismatch = /version mismatch, expected (\S+) but got (\S+?)\.? /.exec(cause.message)
    if (mismatch !== null) {
      return `neobolt ${mismatch[1]} found its native part in version ${mismatch[2]}. Install the package again, so that both are of one version.`
    }
    part ??= /^Cannot find module '(neobolt-(?!wasm)[\w-]+)'/.exec(cause.message)?.[1]
    if (/^Cannot find (module|native binding)/.test(cause.message)) continue
    return `neobolt could not load its native part on this platform (${platform}): ${cause.message}`
  }
  const missing = `neobolt has no native part for this platform (${platform}).`
  if (bundled) {
    return `${missing} It was bundled, and the bundle has none: leave the package outside of the bundle, and install it where the program runs.`
  }
  if (checkout) return `${missing} In a checkout, \`npm run build\` builds it.`
  if (installed.length > 0) {
    return `${missing} It was installed on another one (${installed.join(', ')}): install it again on this one.`
  }
  const comes =
    part === undefined ? 'It comes as an optional dependency' : `It comes as an optional dependency, ${part}`
  return `${missing} ${comes}, which is not installed: install the package without \`--omit=optional\` or \`--no-optional\`.`
}

function surroundings(): Surroundings {
  const folder = dirname(dirname(__dirname))
  return {
    executable: isExecutable(),
    bundled: !/^(binding\.ts|neobolt\.js)$/.test(basename(__filename)),
    checkout: existsSync(join(folder, 'Cargo.toml')),
    installed: platformsIn(dirname(folder)),
  }
}

function isExecutable(): boolean {
  try {
    return (require('node:sea') as { isSea(): boolean }).isSea()
  } catch {
    return false // Node before 20.12
  }
}

function platformsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => PART.test(name))
      .map((name) => name.replace(PART, '$1'))
  } catch {
    return []
  }
}

/** Names of the packages that hold the native part. */
const PART = /^neobolt-((?:linux|darwin|win32)-.*)$/
