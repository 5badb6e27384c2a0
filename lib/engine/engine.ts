/**
 * The way into the native engine and back: gives each request an id, and passes the engine's events to the
 * handler of that request.
 */

import { setImmediate } from 'node:timers'
import { Batch, type IntegerMode } from '../codec/batch.js'
import { giveBack, takeEncoder } from '../codec/encoder-pool.js'
import { errorFrom, leaveInDoubt, mayHaveCause, setRetryable, unreadable } from '../error/failure.js'
import { KINDS } from '../error/kinds.js'
import { type Neo4jError, newError } from '../error/neo4j-error.js'
import { kindOf, type Phrase, POOL_CLOSED } from '../error/texts.js'
import type { Logger } from '../log/logger.js'
import type { CheckedQuery } from '../query/query.js'
import type { ProtocolVersion } from '../types/protocol-version.js'
import { CallContext, callIn } from '../util/async-context.js'
import { blockedFor, markBusy, now } from '../util/event-loop.js'
import { type Binding, loadBinding } from './binding.js'
import { CallbackDispatcher } from './callbacks.js'
import { ClockDrift } from './clock-drift.js'
import { type EncodedSettings, type EngineConfig, encodeSettings, nativeConfig } from './config.js'
import type { EngineClient, RunningQuery } from './engine-client.js'
import { line, phraseLine, serverOf } from './events.js'
import { LeakDetector } from './leak-detector.js'
import type { PoolMetrics } from './metrics.js'
import type { NativeDriver, NativeTransaction } from './native.js'
import { type Home, type Start, type Target, writeOptions, writeOptionsIn, writeQuery, writeToken } from './request.js'
import { answerTo, type Metadata, type ResponseHandler, type Server } from './response-handler.js'
import { EVENT_FLAGS, EVENT_KINDS, LOG_KINDS } from './shared-constants.js'

// Node's own, and taken now: a test may put mock timers in their place, before this module is loaded or
// after.
const afterEvents = setImmediate

/** Milliseconds of deliveries after which the event loop gets its turn. */
const LONGEST_RUN = 1
/**
 * A gap of this many milliseconds between two deliveries means that the event loop has turned between them.
 */
const GAP = 0.1

/** The engine, reached through the addon. */
export class NativeEngineClient implements EngineClient {
  readonly #native: NativeDriver
  readonly #integers: IntegerMode
  readonly #callbacks: CallbackDispatcher
  readonly #log: Logger
  readonly #leaks: LeakDetector | undefined
  #logFails = false
  readonly #handlers = new Map<number, ResponseHandler>()
  readonly #servers = new Map<number, Server>()
  /** Requests to a home database, until its name is known. */
  readonly #homes = new Map<number, Home>()
  /**
   * The contexts of requests that are not over, for the callbacks that run for them. Null where no callback
   * calls a function of the user's.
   */
  readonly #contexts: Map<number, CallContext> | null
  #nextId = 1
  #closed = false
  /** When the current run of deliveries with hardly a gap began, and when it last ended; in milliseconds. */
  #busySince = 0
  #busyUntil = 0

  /** For a routing driver: compares with a clock that runs while the machine sleeps. */
  readonly #clockDrift: ClockDrift | undefined

  /** @param driver what log lines call the driver */
  constructor(config: EngineConfig, binding: Binding = loadBinding(), driver = 0) {
    this.#integers = config.integers
    const encoded = encodeSettings(config)
    this.#callbacks = new CallbackDispatcher(encoded.callbacks, (question, answer) =>
      this.#native.answer(question, answer),
    )
    this.#contexts = asksUser(encoded, config) ? new Map() : null
    this.#log = config.logger
    if (config.leakDetectionThreshold > 0) {
      this.#leaks = new LeakDetector(config.leakDetectionThreshold, (message) =>
        this.#tell(() => this.#log.warn(message)),
      )
    }
    if (config.routing) this.#clockDrift = new ClockDrift(() => Date.now() - now())
    try {
      this.#native = new binding.NativeDriver(nativeConfig(config, encoded, driver), deliverTo(new WeakRef(this)))
    } finally {
      encoded.auth?.fill(0)
    }
  }

  /** Only for the callback of the engine. */
  static deliver(client: NativeEngineClient | undefined, control: Buffer, attachments: Buffer[]): void {
    if (client !== undefined) client.#onDelivery(control, attachments)
  }

  run(target: Target, start: Start, query: CheckedQuery, handler: ResponseHandler): RunningQuery {
    this.#assertOpen()
    const out = takeEncoder()
    try {
      writeOptions(out, target, start)
      const flags = writeQuery(out, query)
      return this.#request(this.#leaks?.query(handler) ?? handler, (id) => {
        if (start.home !== null) this.#homes.set(id, start.home)
        this.#native.run(id, out.finish(), flags)
        return new NumberedQuery(this.#native, id)
      })
    } finally {
      giveBack(out)
    }
  }

  begin(target: Target, start: Start, handler: ResponseHandler): NativeTransaction {
    this.#assertOpen()
    const out = takeEncoder()
    try {
      writeOptions(out, target, start)
      const begin = (handler: ResponseHandler): NativeTransaction =>
        this.#request(handler, (id) => {
          if (start.home !== null) this.#homes.set(id, start.home)
          return this.#native.begin(id, out.finish())
        })
      return this.#leaks?.transaction(handler, begin) ?? begin(handler)
    } finally {
      giveBack(out)
    }
  }

  runInTransaction(
    transaction: NativeTransaction,
    fetchSize: number,
    query: CheckedQuery,
    handler: ResponseHandler,
  ): RunningQuery {
    const out = takeEncoder()
    try {
      writeOptionsIn(out, fetchSize)
      const flags = writeQuery(out, query)
      return this.#request(this.#leaks?.queryIn(transaction, handler) ?? handler, (id) => {
        transaction.run(id, out.finish(), flags)
        return new NumberedQuery(this.#native, id)
      })
    } finally {
      giveBack(out)
    }
  }

  commit(transaction: NativeTransaction, handler: ResponseHandler): void {
    this.#request(this.#leaks?.end(transaction, handler) ?? handler, (id) => transaction.commit(id))
  }

  rollback(transaction: NativeTransaction, handler: ResponseHandler): void {
    this.#request(this.#leaks?.end(transaction, handler) ?? handler, (id) => transaction.rollback(id))
  }

  reset(transaction: NativeTransaction, handler: ResponseHandler): void {
    transaction.reset()
    // The engine has nothing left to roll back: it answers once the connection is free.
    this.#request(this.#leaks?.end(transaction, handler) ?? handler, (id) => transaction.rollback(id))
  }

  verify(database: string | null): Promise<Server> {
    return this.#find((id) => this.#native.verify(id, database))
  }

  async negotiate(): Promise<ProtocolVersion> {
    const { protocolVersion } = await this.#find((id) => this.#native.negotiate(id))
    return protocolVersion
  }

  authenticate(database: string | null, token: object | undefined): Promise<Server> {
    return this.#find((id) => {
      if (token === undefined) {
        this.#native.authenticate(id, database, null)
        return
      }
      const out = takeEncoder()
      try {
        writeToken(out, token, 'auth')
        this.#native.authenticate(id, database, out.finish())
      } finally {
        giveBack(out)
      }
    })
  }

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

  get asksUser(): boolean {
    return this.#contexts !== null
  }

  get closed(): boolean {
    return this.#closed
  }

  close(): Promise<void> {
    this.#closed = true
    return new Promise((resolve, reject) => {
      const closed = (): void => {
        this.#callbacks.close()
        resolve()
      }
      this.#request(answerTo(closed, reject), (id) => this.#native.close(id))
    })
  }

  #find(ask: (id: number) => void): Promise<Server> {
    return new Promise((resolve, reject) => {
      this.#assertOpen()
      this.#request(
        answerTo((_metadata, server) => resolve(server as Server), reject),
        ask,
      )
    })
  }

  #assertOpen(): void {
    if (this.#clockDrift !== undefined) {
      const slept = this.#clockDrift.sinceLast()
      if (slept > 0) this.#native.age(slept)
    }
    if (this.#closed) throw newError(POOL_CLOSED)
  }

  /**
   * Calls the addon for a handler. If the call throws, forgets the handler: the engine will send it nothing.
   */
  #request<T>(handler: ResponseHandler, call: (id: number) => T): T {
    const id = this.#register(handler)
    try {
      return call(id)
    } catch (error) {
      this.#forget(id)
      throw error
    }
  }

  #register(handler: ResponseHandler): number {
    let id: number
    do {
      id = this.#nextId
      this.#nextId = id === MAX_ID ? 1 : id + 1
    } while (this.#handlers.has(id))
    if (this.#handlers.size === 0) BUSY.add(this)
    this.#handlers.set(id, handler)
    this.#contexts?.set(id, new CallContext())
    return id
  }

  #forget(id: number): void {
    this.#handlers.delete(id)
    this.#homes.delete(id)
    this.#contexts?.delete(id)
    if (this.#handlers.size === 0) BUSY.delete(this)
  }

  /**
   * Node delivers again at once where more events have come, up to a thousand times without a turn of the
   * event loop. So after some milliseconds of that, the engine is asked to wait for a turn. Meanwhile its
   * sockets fill, and the server waits.
   */
  #onDelivery(control: Buffer, attachments: Buffer[]): void {
    if (control.length === 0) return
    const start = now()
    if (start - this.#busyUntil > GAP) this.#busySince = start
    // The time spent here is not all: readers that wait for records start to work on them after this.
    if (attachments.length > 0) markBusy(start)
    this.#dispatchAll(control, attachments)
    this.#busyUntil = now()
    if (blockedFor(this.#busyUntil, this.#busySince) < LONGEST_RUN) return
    this.#native.pause()
    afterEvents(() => {
      this.#busySince = now()
      this.#native.resume()
    })
  }

  /**
   * Dispatches the engine's events of one turn in order. Each is little endian: u32 id, u8 kind, u8 flags,
   * u16 zero, u32 aux, u32 length, and that many bytes padded to a multiple of 4. With a flag for
   * attachments, there are no bytes here, and `length` is the index of the attachment that has them.
   */
  #dispatchAll(control: Buffer, attachments: Buffer[]): void {
    for (let at = 0; at < control.length; ) {
      const id = control.readUInt32LE(at)
      const kind = control[at + 4]
      const flags = control[at + 5]
      const aux = control.readUInt32LE(at + 8)
      const length = control.readUInt32LE(at + 12)
      at += HEADER
      if (kind === RELEASED) {
        // If no request has failed because of the refused token, its manager has not heard of it yet.
        this.#callbacks.tell(id)
        this.#callbacks.forget(id)
        continue
      }
      // What the driver itself sends is logged as in neo4j-driver, with its own Integers.
      const integers = kind === LOG && aux >> 8 === LOG_KINDS.REQUEST ? 'integer' : this.#integers
      let batch: Batch
      if ((flags & ATTACHED) !== 0) {
        batch = new Batch(attachments[length], 0, integers)
      } else {
        batch = new Batch(control, at, integers)
        at += (length + 3) & ~3
      }
      if (kind === SERVER) this.#servers.set(aux, serverOf(batch.fields()))
      else if (kind === CALLBACK) this.#ask(id, aux, batch)
      else if (kind === LOG) this.#write(aux & 0xff, aux >> 8, batch)
      else this.#dispatch(id, kind, flags, aux, batch)
    }
  }

  /**
   * Runs a callback for the engine in the context of the request that needs it. The id of the request is
   * behind the payload; 0 = none.
   */
  #ask(question: number, kind: number, batch: Batch): void {
    const payload = batch.fields()
    const context = batch.remaining === 0 ? undefined : this.#contexts?.get(Number(batch.value()))
    callIn(context, () => this.#callbacks.ask(question, kind, ...payload))
  }

  /** Writes a log line. */
  #write(level: number, kind: number, batch: Batch): void {
    const [parts, users] = kind === LOG_KINDS.FAILURE ? inBothWays(batch) : [batch.fields(), []]
    this.#tell(() => this.#log.write(level, kind === LOG_KINDS.FAILURE ? phraseLine(parts, users) : line(parts)))
  }

  /**
   * Logs something. If the logger throws, nothing else is affected: Node warns once, and the logger is called
   * again the next time.
   */
  #tell(log: () => void): void {
    try {
      log()
    } catch (error) {
      if (this.#logFails) return
      this.#logFails = true
      process.emitWarning(`The logger of a driver failed: ${error}`, { type: 'NeoboltWarning' })
    }
  }

  /** An error in a handler is a defect. It must not keep the events behind it from their handlers. */
  #dispatch(id: number, kind: number, flags: number, aux: number, batch: Batch): void {
    const handler = this.#handlers.get(id)
    if (handler === undefined) return
    const home = this.#homes.size === 0 ? undefined : this.#homes.get(id)
    const context = kind === FAILURE ? this.#contexts?.get(id) : undefined
    if (kind === SUCCESS || kind === FAILURE) this.#forget(id)
    try {
      if (kind === RECORDS) {
        handler.records(batch, aux, (flags & HAS_MORE) !== 0)
        return
      }
      let said: unknown
      try {
        said = kind === FAILURE ? this.#failure(batch, context) : batch.value()
      } catch (error) {
        // For example, a text longer than a JavaScript string can be.
        handler.failure(unreadable('message', error))
        return
      }
      switch (kind) {
        case HOME:
          this.#homes.delete(id)
          home?.resolved(said as string)
          break
        case FIELDS:
          if (home !== undefined) this.#noteHomeDatabase(id, home, said as Metadata)
          handler.fields(said as Metadata, this.#servers.get(aux))
          break
        case SUCCESS:
          if (home !== undefined) this.#noteHomeDatabase(id, home, said as Metadata)
          handler.success(said as Metadata, this.#servers.get(aux))
          break
        case FAILURE:
          handler.failure(said as Error)
          break
      }
    } catch (error) {
      reportDefect(error)
    }
  }

  /** If the server names the home database, the name is in its first response. */
  #noteHomeDatabase(id: number, home: Home, { db }: Metadata): void {
    this.#homes.delete(id)
    if (typeof db === 'string') home.resolved(db)
  }

  /** @param context of the failed request */
  #failure(batch: Batch, context: CallContext | undefined): Error {
    const [said, users] = inBothWays(batch)
    return this.#failureOf(said, users, context)
  }

  /** @param users the same phrase with the user's integers */
  #failureOf(said: Phrase, users: Phrase, context: CallContext | undefined): Error {
    switch (kindOf(said)) {
      case KINDS.server:
      case KINDS.serverCode:
        return this.#refused(() => errorFrom(said, users), said[2], context)
      case KINDS.thrown:
        return this.#refused(() => errorFrom(said, users), said[1], context)
      case KINDS.inDoubt: {
        const failure = errorFrom(said, users)
        leaveInDoubt(failure)
        return failure
      }
      default: {
        const caused = mayHaveCause(said) && said[1] != null
        const cause = caused ? this.#failureOf(said[1] as Phrase, users[1] as Phrase, context) : undefined
        return errorFrom(said, users, cause)
      }
    }
  }

  /**
   * A failure that the application may have caused or dealt with in a callback. `number` is the callback's.
   *
   * @param context of the failed request
   */
  #refused(failure: () => Neo4jError, number: unknown, context: CallContext | undefined): Error {
    if (number == null) return failure()
    const question = Number(number)
    callIn(context, () => this.#callbacks.tell(question))
    // What a function of the application threw is passed on as it is, whether it is an Error or not.
    const thrown = this.#callbacks.thrown(question)
    if (thrown !== undefined) return thrown[0] as Error
    const error = failure()
    // The driver's manager of tokens has dealt with it.
    if (this.#callbacks.kept(question) === true) setRetryable(error)
    return error
  }
}

/**
 * Reads a record that contains a phrase twice: with Integers, as neo4j-driver writes the engine's own texts,
 * and with the user's setting, for the server's texts.
 */
function inBothWays(batch: Batch): [engines: unknown[], users: unknown[]] {
  const engines = batch.withIntegers('integer')
  const said = engines.fields()
  return [said, engines === batch ? said : batch.fields()]
}

/**
 * Whether a callback may call a function of the user's. For certificates, the driver also has answers of its
 * own.
 */
function asksUser({ callbacks }: EncodedSettings, { tls }: EngineConfig): boolean {
  return callbacks.token !== undefined || callbacks.resolve !== undefined || tls?.clientCertificate === true
}

/**
 * A handle of a query, which the addon knows by number only: an addon object for each would cost as much as
 * the rest of the call.
 */
class NumberedQuery implements RunningQuery {
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
 * The engine keeps this callback, and the callback must not keep the client alive. Otherwise a driver that is
 * dropped without being closed could never be collected, and its thread and connections would stay.
 */
function deliverTo(client: WeakRef<NativeEngineClient>): (control: Buffer, attachments: Buffer[]) => void {
  return (control, attachments) => NativeEngineClient.deliver(client.deref(), control, attachments)
}

/**
 * Clients with requests in flight. Their handlers must be called at the end, even if the application no
 * longer holds the driver.
 */
const BUSY = new Set<NativeEngineClient>()

function reportDefect(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}

const HEADER = 16
const MAX_ID = 0xffffffff

// Constants of this module rather than properties of another, since every event is compared with them.
const { FIELDS, RECORDS, SUCCESS, FAILURE, SERVER, CALLBACK, RELEASED, LOG, HOME } = EVENT_KINDS
const { ATTACHED, HAS_MORE } = EVENT_FLAGS
