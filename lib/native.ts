/**
 * The way into the native engine, and the only module that knows it. Encodes requests, gives them their ids, and hands
 * what the engine delivers to whoever waits for it. Knows the layout of both; knows nothing of sessions and results.
 */

import { setImmediate } from 'node:timers'
import { Batch, type IntegerMode } from './batch.js'
import type { TrustStrategy } from './config.js'
import { failureFrom, leaveInDoubt, newError, setRetryable, unreadable } from './error.js'
import { stringify } from './json.js'
import { LeakDetector } from './leaks.js'
import type { Logger } from './logging.js'
import type { PoolMetrics } from './metrics.js'
import { Encoder, HAS_ZONED_DATE_TIME } from './packstream.js'
import { ProtocolVersion } from './protocol-version.js'
import type { CheckedQuery, TransactionSettings } from './query.js'
import { type Callbacks, inOrder, Questions } from './questions.js'
import { SleepWatch } from './sleep-watch.js'
import { noteRun, now, ranFor } from './turns.js'

/** Metadata of a SUCCESS. */
// biome-ignore lint/suspicious/noExplicitAny: what the server sends is taken as it is
export type Metadata = { readonly [key: string]: any }

/** Who answers, as met in summaries. */
export interface Server {
  readonly address: string
  readonly agent: string
  readonly protocolVersion: ProtocolVersion
}

/** Waits for what one request leads to. Exactly one of success and failure comes, as the last call. */
export interface Listener {
  /** RUN has succeeded. */
  fields(metadata: Metadata, server: Server | undefined): void
  /** @param hasMore the server is done with this PULL, and waits to be told whether to go on */
  records(batch: Batch, count: number, hasMore: boolean): void
  success(metadata: Metadata, server: Server | undefined): void
  failure(error: Error): void
}

/** Where and as whom the queries of a session run. */
export interface Target {
  /** null = the user's home database */
  readonly database: string | null
  readonly impersonatedUser: string | null
  /** The token of another user than the driver's. */
  readonly auth?: object | undefined
  /** Records for each PULL, -1 = all. */
  readonly fetchSize: number
  readonly notifications: NotificationSettings | undefined
}

/** What the server is not to notify of. */
export interface NotificationSettings {
  readonly minimumSeverityLevel?: string
  readonly disabledCategories?: readonly string[]
  readonly disabledClassifications?: readonly string[]
}

/** Where and by which name the home database of a user is. */
export interface Home {
  /** What it was the last time; null = not known */
  readonly guess: string | null
  /** The server has named it. */
  resolved(name: string): void
}

/** How a transaction starts. */
export interface Start {
  readonly mode: 'READ' | 'WRITE'
  readonly bookmarks: readonly string[]
  readonly settings: TransactionSettings
  /** Through which part of the API, for the server's statistics; {@link NO_TELEMETRY} = not told. */
  readonly telemetry: number
  /** Wants to know the name of the home database; null = a direct driver, or the target has a name. */
  readonly home: Home | null
  /** What a router has to know, if one is asked; null = the bookmarks. */
  readonly routerBookmarks: readonly string[] | null
}

export const NO_TELEMETRY = -1

/** How connections are encrypted. */
export interface TlsSettings {
  readonly trust: TrustStrategy
  /** Whether there is a certificate to show; the engine asks which. */
  readonly clientCertificate: boolean
}

/** Everything a driver has to tell the engine once. */
export interface LinkConfig {
  readonly host: string
  readonly port: number
  /** `host:port` */
  readonly address: string
  /** Whether it is the address of a cluster. */
  readonly routing: boolean
  readonly routingContext: { readonly [key: string]: string }
  readonly userAgent: string
  readonly boltAgent: object
  /** The token; null where {@link Callbacks.token} is to be asked. */
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
  /** Absent = connections are not encrypted */
  readonly tls?: TlsSettings
  readonly integers: IntegerMode
  /** What the engine may ask; nothing by default. */
  readonly callbacks?: Callbacks
  readonly logger: Logger
}

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
  /** See {@link TRUST} */
  tls?: { trust: number; clientCertificate: boolean }
  /** 0 = errors only … 3 = everything; -1 = nothing */
  logLevel: number
  logUnredacted: boolean
  driverNumber: number
}

export const ALL_PULLS = 0xffffffff

// Node's own, and taken now: a test may put mock timers in their place, before this module is loaded or after.
const afterEvents = setImmediate

/** Milliseconds of deliveries after which the event loop gets its turn. */
const LONGEST_RUN = 1
/** Milliseconds between two deliveries that tell them apart from one after the other without a turn. */
const GAP = 0.1

/**
 * One driver's connection to the engine.
 *
 * A request which cannot be encoded throws at once. Everything else that goes wrong arrives at the listener, and never
 * before the call has returned.
 */
export class NativeLink {
  readonly #native: NativeDriver
  readonly #integers: IntegerMode
  readonly #questions: Questions
  readonly #log: Logger
  readonly #leaks: LeakDetector | undefined
  #logFails = false
  readonly #listeners = new Map<number, Listener>()
  readonly #servers = new Map<number, Server>()
  /** Of requests that go to a home database, until its name is known. */
  readonly #homes = new Map<number, Home>()
  // Absent while in use: a getter of a parameter object may run another query.
  #encoder: Encoder | undefined = new Encoder()
  #nextId = 1
  #closed = false
  /** Since when events have been delivered with hardly a gap, and until when; in milliseconds. */
  #busySince = 0
  #busyUntil = 0

  /** Of a routing driver: what a clock says that counts on while the machine sleeps. */
  readonly #sleep: SleepWatch | undefined

  /** @param driver what log lines call the driver */
  constructor(config: LinkConfig, binding: Binding = loadBinding(), driver = 0) {
    this.#integers = config.integers
    this.#questions = new Questions(config.callbacks ?? {}, (question, answer) => this.#native.answer(question, answer))
    this.#log = config.logger
    if (config.leakDetectionThreshold > 0) {
      this.#leaks = new LeakDetector(config.leakDetectionThreshold, (message) =>
        this.#tell(() => this.#log.warn(message)),
      )
    }
    if (config.routing) this.#sleep = new SleepWatch(() => Date.now() - now())
    const encoder = new Encoder()
    const encoded = (write: (encoder: Encoder) => void): Uint8Array => {
      encoder.reset()
      write(encoder)
      return encoder.finish().slice()
    }
    this.#native = new binding.NativeDriver(
      {
        host: config.host,
        port: config.port,
        routing: config.routing
          ? encoded((out) => out.value({ ...config.routingContext, address: config.address }))
          : undefined,
        resolves: config.callbacks?.resolve !== undefined,
        userAgent: config.userAgent,
        boltAgent: encoded((out) => out.value(config.boltAgent)),
        ...(config.auth !== null && { auth: encoded((out) => out.value(inOrder(config.auth))) }),
        notifications: encoded((out) => writeNotifications(out, config.notifications)),
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
      },
      deliverTo(new WeakRef(this)),
    )
  }

  /** For the callback of the engine alone. */
  static deliver(link: NativeLink | undefined, control: Buffer, attachments: Buffer[]): void {
    if (link !== undefined) link.#turn(control, attachments)
  }

  /** Runs a query in a transaction of its own. */
  run(target: Target, start: Start, query: CheckedQuery, listener: Listener): NativeCursor {
    this.#assertOpen()
    const out = this.#takeEncoder()
    try {
      writeOptions(out, target, start)
      const flags = writeQuery(out, query)
      const id = this.#listen(this.#leaks?.query(listener) ?? listener)
      if (start.home !== null) this.#homes.set(id, start.home)
      this.#native.run(id, out.finish(), flags)
      return new Cursor(this.#native, id)
    } finally {
      this.#encoder = out
    }
  }

  /** Begins a transaction; the listener hears success when the server has. */
  begin(target: Target, start: Start, listener: Listener): NativeTransaction {
    this.#assertOpen()
    const out = this.#takeEncoder()
    try {
      writeOptions(out, target, start)
      const begin = (listener: Listener): NativeTransaction => {
        const id = this.#listen(listener)
        if (start.home !== null) this.#homes.set(id, start.home)
        return this.#native.begin(id, out.finish())
      }
      return this.#leaks?.transaction(listener, begin) ?? begin(listener)
    } finally {
      this.#encoder = out
    }
  }

  /** Runs a query in a transaction. */
  runIn(transaction: NativeTransaction, fetchSize: number, query: CheckedQuery, listener: Listener): NativeCursor {
    const out = this.#takeEncoder()
    try {
      out.listHeader(1)
      out.int(fetchSize)
      const flags = writeQuery(out, query)
      const id = this.#listen(this.#leaks?.queryIn(transaction, listener) ?? listener)
      transaction.run(id, out.finish(), flags)
      return new Cursor(this.#native, id)
    } finally {
      this.#encoder = out
    }
  }

  commit(transaction: NativeTransaction, listener: Listener): void {
    transaction.commit(this.#listen(this.#leaks?.end(transaction, listener) ?? listener))
  }

  /** Rolls back, or lets go of a transaction which has failed. */
  rollback(transaction: NativeTransaction, listener: Listener): void {
    transaction.rollback(this.#listen(this.#leaks?.end(transaction, listener) ?? listener))
  }

  /** Rolls back without waiting for what is running. */
  reset(transaction: NativeTransaction, listener: Listener): void {
    transaction.reset()
    // The engine has nothing left to roll back: it answers once the connection is free.
    transaction.rollback(this.#listen(this.#leaks?.end(transaction, listener) ?? listener))
  }

  /**
   * Reaches a server for reading the database, authenticated, or finds out why not.
   *
   * @param database null = the home database
   */
  verify(database: string | null): Promise<Server> {
    return this.#find((id) => this.#native.verify(id, database))
  }

  /** Finds out which version of Bolt the server speaks, without telling it who asks. */
  async negotiate(): Promise<ProtocolVersion> {
    const { protocolVersion } = await this.#find((id) => this.#native.negotiate(id))
    return protocolVersion
  }

  /**
   * Reaches a server for reading the database, and has it check the user even where it knows them.
   *
   * @param database null = the home database
   * @param token of another user than the driver's
   */
  authenticate(database: string | null, token: object | undefined): Promise<Server> {
    return this.#find((id) => {
      if (token === undefined) {
        this.#native.authenticate(id, database, null)
        return
      }
      const out = this.#takeEncoder()
      try {
        out.value(inOrder(token))
        this.#native.authenticate(id, database, out.finish())
      } finally {
        this.#encoder = out
      }
    })
  }

  /** What the engine's pools are doing. */
  metrics(): PoolMetrics[] {
    return this.#native.metrics().map(({ acquired, timedOut, waited, longestWait, ...pool }) => ({
      ...pool,
      acquisitions: {
        count: acquired,
        timedOut,
        total: waited,
        average: acquired === 0 ? 0 : waited / acquired,
        max: longestWait,
      },
    }))
  }

  /** Whether it has been told to close. */
  get closed(): boolean {
    return this.#closed
  }

  /** Closes all connections; what is in flight fails. */
  close(): Promise<void> {
    this.#closed = true
    return new Promise((resolve, reject) => {
      this.#native.close(this.#listen(answerTo(() => resolve(), reject)))
    })
  }

  #find(ask: (id: number) => void): Promise<Server> {
    return new Promise((resolve, reject) => {
      this.#assertOpen()
      ask(this.#listen(answerTo((_metadata, server) => resolve(server as Server), reject)))
    })
  }

  #assertOpen(): void {
    if (this.#sleep !== undefined) {
      const slept = this.#sleep.sinceLast()
      if (slept > 0) this.#native.age(slept)
    }
    if (this.#closed) throw newError('Pool is closed, it is no more able to serve requests.')
  }

  #takeEncoder(): Encoder {
    const encoder = this.#encoder ?? new Encoder()
    this.#encoder = undefined
    encoder.reset()
    return encoder
  }

  #listen(listener: Listener): number {
    let id: number
    do {
      id = this.#nextId
      this.#nextId = id === MAX_ID ? 1 : id + 1
    } while (this.#listeners.has(id))
    if (this.#listeners.size === 0) BUSY.add(this)
    this.#listeners.set(id, listener)
    return id
  }

  #forget(id: number): void {
    this.#listeners.delete(id)
    this.#homes.delete(id)
    if (this.#listeners.size === 0) BUSY.delete(this)
  }

  /**
   * Node delivers again at once where more has come, up to a thousand times without a turn of the event loop. So after
   * some milliseconds of it the engine is told to wait for that turn; meanwhile its sockets fill, and the server waits.
   */
  #turn(control: Buffer, attachments: Buffer[]): void {
    if (control.length === 0) return
    const start = now()
    if (start - this.#busyUntil > GAP) this.#busySince = start
    // What takes long is not known here alone: those who wait for records go to work on them after this.
    if (attachments.length > 0) noteRun(start)
    this.#deliver(control, attachments)
    this.#busyUntil = now()
    if (ranFor(this.#busyUntil, this.#busySince) < LONGEST_RUN) return
    this.#native.pause()
    afterEvents(() => {
      this.#busySince = now()
      this.#native.resume()
    })
  }

  /**
   * The engine's events of one turn, one after the other, little endian:
   * u32 id, u8 kind, u8 flags, u16 zero, u32 aux, u32 length, and that many bytes padded to a multiple of 4; or, where
   * the flags say so, no bytes here, and `length` is the index of the attachment which has them.
   */
  #deliver(control: Buffer, attachments: Buffer[]): void {
    for (let at = 0; at < control.length; ) {
      const id = control.readUInt32LE(at)
      const kind = control[at + 4]
      const flags = control[at + 5]
      const aux = control.readUInt32LE(at + 8)
      const length = control.readUInt32LE(at + 12)
      at += HEADER
      if (kind === FORGOTTEN) {
        this.#questions.forget(id)
        continue
      }
      // What the driver itself sends is written as neo4j-driver does, with its own Integers.
      const integers = kind === LOG && aux >> 8 === REQUEST ? 'integer' : this.#integers
      let batch: Batch
      if ((flags & ATTACHED) !== 0) {
        batch = new Batch(attachments[length], 0, integers)
      } else {
        batch = new Batch(control, at, integers)
        at += (length + 3) & ~3
      }
      if (kind === SERVER) this.#servers.set(aux, serverOf(batch.fields()))
      else if (kind === QUESTION) this.#questions.ask(id, aux, ...batch.fields())
      else if (kind === LOG) this.#write(aux & 0xff, aux >> 8, batch.fields())
      else this.#dispatch(id, kind, flags, aux, batch)
    }
  }

  /** The line of a log. */
  #write(level: number, form: number, parts: unknown[]): void {
    this.#tell(() => this.#log.write(level, form === BROKEN ? brokenLine(parts) : line(parts)))
  }

  /** Logs something. A logger which throws has no say in what else happens: it is warned of once, and asked again. */
  #tell(log: () => void): void {
    try {
      log()
    } catch (error) {
      if (this.#logFails) return
      this.#logFails = true
      process.emitWarning(`The logger of a driver failed: ${error}`, { type: 'NeoboltWarning' })
    }
  }

  /** What a listener throws is a defect; it must not keep the events behind it from those who wait for them. */
  #dispatch(id: number, kind: number, flags: number, aux: number, batch: Batch): void {
    const listener = this.#listeners.get(id)
    if (listener === undefined) return
    const home = this.#homes.size === 0 ? undefined : this.#homes.get(id)
    if (kind === SUCCESS || kind === FAILURE) this.#forget(id)
    try {
      if (kind === RECORDS) {
        listener.records(batch, aux, (flags & HAS_MORE) !== 0)
        return
      }
      let said: unknown
      try {
        said = kind === FAILURE ? this.#failureOf(batch.fields()) : batch.value()
      } catch (error) {
        // Longer than a string of JavaScript can be, for instance.
        listener.failure(unreadable('message', error))
        return
      }
      switch (kind) {
        case HOME:
          this.#homes.delete(id)
          home?.resolved(said as string)
          break
        case FIELDS:
          if (home !== undefined) this.#heard(id, home, said as Metadata)
          listener.fields(said as Metadata, this.#servers.get(aux))
          break
        case SUCCESS:
          if (home !== undefined) this.#heard(id, home, said as Metadata)
          listener.success(said as Metadata, this.#servers.get(aux))
          break
        case FAILURE:
          listener.failure(said as Error)
          break
      }
    } catch (error) {
      reportDefect(error)
    }
  }

  /** The first that the server says of the home database is its name, if anything. */
  #heard(id: number, home: Home, { db }: Metadata): void {
    this.#homes.delete(id)
    if (typeof db === 'string') home.resolved(db)
  }

  #failureOf([code, message, metadata, about, cause]: unknown[]): Error {
    // What an application's function threw is passed on as it is, be it an error or not.
    const thrown = about == null || about === true ? undefined : this.#questions.thrown(Number(about))
    if (thrown !== undefined) return thrown[0] as Error
    const failure = failureFrom(
      code as string | null,
      message as string | null,
      metadata as object | null,
      cause == null ? undefined : this.#failureOf(cause as unknown[]),
    )
    if (about === true) leaveInDoubt(failure)
    // The driver's manager of tokens has dealt with it.
    else if (about != null && this.#questions.kept(Number(about)) === true) setRetryable(failure)
    return failure
  }
}

/** The addon knows queries by number alone: an object of its own for each would cost as much as all the rest of the call. */
class Cursor implements NativeCursor {
  readonly #native: NativeDriver
  readonly #id: number

  constructor(native: NativeDriver, id: number) {
    this.#native = native
    this.#id = id
  }

  next(pulls: number): void {
    this.#native.next(this.#id, pulls)
  }

  discard(): void {
    this.#native.discard(this.#id)
  }

  reset(): void {
    this.#native.reset(this.#id)
  }
}

/**
 * The engine keeps its callback, and the callback must not keep the link: a driver that is forgotten without being closed
 * could never be collected, and its thread and its connections would stay.
 */
function deliverTo(link: WeakRef<NativeLink>): (control: Buffer, attachments: Buffer[]) => void {
  return (control, attachments) => NativeLink.deliver(link.deref(), control, attachments)
}

/** Links with requests in flight: their listeners have to hear of the end, even where nobody holds the driver any more. */
const BUSY = new Set<NativeLink>()

/**
 * A listener for a request without records.
 * @internal
 */
export function answerTo(
  success: (metadata: Metadata, server: Server | undefined) => void,
  failure: (error: Error) => void,
): Listener {
  return { fields: ignore, records: ignore, success, failure }
}

function ignore(): void {}

function writeOptions(out: Encoder, target: Target, start: Start): void {
  const { bookmarks, settings } = start
  out.listHeader(12)
  out.string(start.mode === 'READ' ? 'r' : 'w')
  writeText(out, target.database)
  writeText(out, target.impersonatedUser)
  writeTexts(out, bookmarks)
  out.value(settings.timeout)
  out.value(settings.metadata)
  writeNotifications(out, target.notifications)
  out.int(target.fetchSize)
  out.int(start.telemetry)
  if (target.auth === undefined) out.null()
  else out.value(inOrder(target.auth))
  writeText(out, start.home === null ? null : start.home.guess)
  if (start.routerBookmarks === null) out.null()
  else writeTexts(out, start.routerBookmarks)
  // What the metadata hold is not a parameter of the query.
  out.flags = 0
  out.zoneOffsets.length = 0
}

function writeTexts(out: Encoder, texts: readonly string[]): void {
  out.listHeader(texts.length)
  for (const text of texts) out.string(text)
}

function writeText(out: Encoder, text: string | null): void {
  if (text === null) out.null()
  else out.string(text)
}

function writeNotifications(out: Encoder, settings: NotificationSettings | undefined): void {
  if (settings === undefined) {
    out.null()
    return
  }
  out.listHeader(3)
  out.value(settings.minimumSeverityLevel ?? null)
  out.value(settings.disabledCategories ?? settings.disabledClassifications ?? null)
  // For the text of the refusal by a server that has no filters.
  out.string(stringify(settings) ?? '')
}

function writeQuery(out: Encoder, query: CheckedQuery): number {
  out.string(query.text)
  out.parameters(query.parameters)
  if ((out.flags & HAS_ZONED_DATE_TIME) !== 0) {
    // For servers which want local time instead of UTC, the offset of each date-time with a zone, in order.
    out.listHeader(out.zoneOffsets.length)
    for (const offset of out.zoneOffsets) out.int(offset)
  }
  return out.flags
}

function serverOf([address, agent, major, minor]: unknown[]): Server {
  return {
    address: address as string,
    agent: agent as string,
    protocolVersion: new ProtocolVersion(Number(major), Number(minor)),
  }
}

/** Text and values in turns. */
function line(parts: unknown[]): string {
  return parts.map((part, index) => (index % 2 === 0 ? part : stringify(part))).join('')
}

function brokenLine([start, code, message, metadata]: unknown[]): string {
  const error = failureFrom(code as string | null, message as string | null, metadata as object | null)
  return `${start}experienced a fatal error caused by ${error} (${stringify(error)})`
}

function reportDefect(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}

function loadBinding(): Binding {
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

/** The engine's numbers. */
const TRUST: Readonly<Record<TrustStrategy, number>> = {
  TRUST_ALL_CERTIFICATES: 0,
  TRUST_SYSTEM_CA_SIGNED_CERTIFICATES: 1,
  TRUST_CUSTOM_CA_SIGNED_CERTIFICATES: 2,
}

const HEADER = 16
const MAX_ID = 0xffffffff

// Kinds of events
const FIELDS = 1
const RECORDS = 2
const SUCCESS = 3
const FAILURE = 4
const SERVER = 5
const QUESTION = 6
const FORGOTTEN = 7
const LOG = 8
const HOME = 9

// Forms of log lines
const REQUEST = 1
const BROKEN = 2

// Flags of events
const ATTACHED = 1
const HAS_MORE = 2
