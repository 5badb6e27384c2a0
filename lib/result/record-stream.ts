/**
 * The records of one running query, and all its readers. Keeps batches undecoded until a reader takes their
 * records, and requests more from the server while the readers keep up.
 *
 * ```text
 *           start()               a PULL is over, and no other may be sent
 *   unsent ─────────▶ streaming ───────────────────────────────────────────▶ awaiting credit
 *     │ ▲               │  │ ▲           a reader wants more                     │   │
 *     │ └── sent again ─┘  │ └───────────────────────────────────────────────────┘   │
 *     │ cancel()           │ cancel()                                                │ cancel()
 *     └───────────────────▶└──────────────────▶ discarding ◀─────────────────────────┘
 *
 *   From each of them, SUCCESS or FAILURE leads to over: the engine is done with the query. Records may still
 *   be waiting here for a reader then.
 * ```
 */

import type { Batch } from '../codec/batch.js'
import { ALL_PULLS, type RunningQuery } from '../engine/engine-client.js'
import type { Metadata, ResponseHandler, Server } from '../engine/response-handler.js'
import { reasonOf, unreadable } from '../error/failure.js'
import { Neo4jError, newError } from '../error/neo4j-error.js'
import { attachCallStack, type CallStack } from '../error/stack.js'
import type { CheckedQuery } from '../query/query.js'
import { callIn } from '../util/async-context.js'
import { soon } from '../util/microtask.js'
import { Credit } from './credit.js'
import { type Reader, Readers } from './reader.js'
import { lookupOf, Record } from './record.js'
import { type ResultSummary, summaryOf } from './summary.js'

/** The session or transaction that a query belongs to. It is called at the end before any reader is. */
export interface QueryOwner {
  streamEnded(stream: RecordStream, metadata: Metadata): void
  streamFailed(stream: RecordStream, error: Error): void
  /** Whether the transaction is over, so that results without a reader count as consumed. */
  readonly drained: boolean
  /**
   * Whether a reader that can't have all records gets an error: true = always, false = never, undefined = if
   * the others were discarded while it was reading.
   */
  readonly strict: boolean | undefined
}

/** Where a query is, and the handle to it while the engine has one. */
type Phase =
  | { readonly name: 'unsent' | 'over'; readonly query: null }
  /** Records come, or are on their way. */
  | { readonly name: 'streaming'; readonly query: RunningQuery }
  /** The server has more records, and waits for a PULL that only a reader can allow. */
  | { readonly name: 'awaiting credit'; readonly query: RunningQuery }
  /** The server is to discard the records that were not requested; null = as soon as the query is sent. */
  | { readonly name: 'discarding'; readonly query: RunningQuery | null }

const UNSENT: Phase = { name: 'unsent', query: null }
const OVER: Phase = { name: 'over', query: null }

/** What makes the server discard records. */
type Discarder = 'summary' | 'reader' | 'end'

/** For readers that miss discarded records. */
interface Discard {
  readonly discarder: Discarder
  /** The readers that came after it. */
  late: Set<Reader> | null
  /** Created for the first reader that gets it. */
  error: Error | null
}

/** A query that was ended without waiting for the server to complete it. */
interface Interruption {
  /** How the query ends when the server has not begun it, or was not asked for all of its records. */
  readonly error: Error
  /** Whether its records were wanted. */
  readonly reading: boolean
  /** Whether some of these stayed at the server. */
  truncated: boolean
}

/** What the server's answer to RUN contains, and what is needed to make records. */
interface Header {
  readonly metadata: Metadata
  readonly keys: string[]
  readonly lookup: ReturnType<typeof lookupOf>
}

/** How the stream ends for its readers. */
type End = { readonly summary: ResultSummary; readonly error: null } | { readonly summary: null; readonly error: Error }

export class RecordStream implements ResponseHandler {
  readonly #owner: QueryOwner
  readonly #query: CheckedQuery
  readonly #call: CallStack
  readonly #credit: Credit
  readonly #readers = new Readers()
  #again: (() => void) | null
  #phase: Phase = UNSENT
  #header: Header | null = null
  /** Null = no reader wants records any more. */
  #batches: Batch[] | null = []
  /** The first record in the batches, if a reader has looked at it and none has taken it yet. */
  #peeked: Record | null = null
  /** Records that no reader has taken. */
  #buffered = 0
  /** Records that the server has sent. */
  #received = 0
  /** Whether the server, by its last response, has more records than were requested. */
  #more = false
  #discard: Discard | null = null
  #interruption: Interruption | null = null
  #end: End | null = null
  /** Whether any reader has seen the end. */
  #endObserved = false
  #onPause: ((over: boolean) => void)[] | null = null

  /**
   * @param fetchSize records for each PULL, -1 = all
   * @param call where the user's code ran the query
   * @param again sends the query once more; null = the query is never sent again
   */
  constructor(
    owner: QueryOwner,
    query: CheckedQuery,
    fetchSize: number,
    call: CallStack,
    again: (() => void) | null = null,
  ) {
    this.#owner = owner
    this.#query = query
    this.#call = call
    this.#credit = new Credit(fetchSize)
    this.#again = again
  }

  /** RUN and the first PULL are on their way. */
  start(query: RunningQuery): void {
    if (this.#phase.name === 'unsent') {
      this.#phase = { name: 'streaming', query }
    } else if (this.#phase.name === 'discarding') {
      this.#phase = { name: 'discarding', query }
      query.discard()
    }
  }

  /** Whether the stream ends even without a reader. */
  get leaving(): boolean {
    return this.#discard !== null
  }

  /** Whether the engine is done with it. */
  get over(): boolean {
    return this.#phase.name === 'over'
  }

  /** Whether no reader has seen its end yet. */
  get open(): boolean {
    if (this.#end === null) return true
    // A query that a transaction refuses because it is over was never drained.
    return !this.#endObserved && (this.#end.error !== null || !this.#owner.drained)
  }

  /** Whether a reader that wants all records comes too late for them, and must get an error. */
  get incomplete(): boolean {
    return this.#owner.strict === true && (this.#buffered < this.#received || this.#batches === null || this.#lost)
  }

  // Readers

  /** Adds a reader. The stream calls it for the first time after the current turn. */
  read(reader: Reader): void {
    this.#readers.add(reader)
    if (this.#discard !== null) {
      this.#discard.late ??= new Set()
      this.#discard.late.add(reader)
    }
    if (!reader.eager) return
    if (this.#readers.eager === 1 && (this.#received > 0 || this.#phase.name === 'awaiting credit')) this.#pullAll()
    if (this.#header !== null || (this.#end !== null && this.#end.error !== null)) soon(() => this.#pump())
  }

  /** The next record for a reader that is not eager; undefined if none is at hand. */
  take(reader: Reader): Record | undefined {
    if (this.#buffered === 0) return undefined
    if (this.#readers.eager > 0) {
      this.#pump()
      return undefined
    }
    const record = this.#shift()
    const { all } = this.#readers
    if (all.length > 1) {
      for (const other of all) if (other !== reader) other.record(record)
    }
    this.#replenish()
    return record
  }

  /** The record that take() returns next. It stays there for all readers. */
  peek(): Record | undefined {
    if (this.#buffered === 0) return undefined
    if (this.#readers.eager > 0) {
      this.#pump()
      return undefined
    }
    this.#peeked ??= this.#decode()
    return this.#peeked
  }

  /** A reader has nothing to do until more records come. */
  requestMore(): void {
    // As after a PULL without records.
    this.#replenish()
  }

  /**
   * A reader that is not eager stops: the server discards the rest. Records at hand are kept for other
   * readers only.
   */
  detach(reader: Reader): void {
    if (this.#readers.remove(reader)) this.cancel(this.#readers.all.length === 0, 'reader')
  }

  /** A reader has thrown: after the records at hand, the stream ends with this error for all readers. */
  abort(error: Error): void {
    this.#readers.thrown ??= error
    if (!this.#readers.telling) this.#pump()
  }

  /** The keys of the records, once the server has sent them. */
  keys(): Promise<string[]> {
    if (this.#header !== null) return Promise.resolve(this.#header.keys)
    if (this.#end !== null && this.#end.error !== null) {
      this.#endObserved = true
      return Promise.reject(this.#end.error)
    }
    return this.#readers.awaitKeys()
  }

  /** The summary, once the stream is over. Does not hasten the end. */
  ended(): Promise<ResultSummary> {
    const end = this.#end
    if (end === null) return this.#readers.awaitEnd()
    this.#endObserved = true
    return end.error !== null ? Promise.reject(end.error) : Promise.resolve(end.summary)
  }

  /** Gives the end to a reader that has taken the last record; null = more may come. */
  pollEnd(reader: Reader): End | null {
    if (this.#buffered > 0 || this.#end === null) return null
    this.#endObserved = true
    return this.#endFor(reader, this.#end)
  }

  /**
   * Lets the server discard the records that were not requested.
   *
   * @param drop whether to drop the requested records as well
   * @param discarder the reason to give to readers that are still reading
   */
  cancel(drop: boolean, discarder: Discarder): void {
    if (drop) {
      this.#batches = null
      this.#peeked = null
      this.#buffered = 0
    }
    const { name, query } = this.#phase
    if (name === 'over' || name === 'discarding') return
    this.#discard = { discarder, late: null, error: null }
    this.#phase = { name: 'discarding', query }
    query?.discard()
  }

  /**
   * Ends the query without waiting for the server to complete it; the server says how it ended.
   *
   * @param unsent how it ends when the server has not begun it, or was not asked for all of its records
   */
  interrupt(unsent: Error): void {
    const { name, query } = this.#phase
    if (name === 'over') return
    if (query === null) {
      this.failure(unsent)
      return
    }
    const waits = name === 'awaiting credit'
    this.#interruption = { error: unsent, reading: this.#discard === null, truncated: waits }
    this.cancel(false, 'end')
    // Where the server waits for the next PULL, DISCARD is enough.
    if (!waits) query.reset()
  }

  /**
   * Calls back with true once the engine is done with the query, or with false if a reader is needed for
   * that: the server has more records and waits.
   */
  onPause(callback: (over: boolean) => void): void {
    if (this.#phase.name === 'over') callback(true)
    else if (this.#phase.name === 'awaiting credit') callback(false)
    else {
      this.#onPause ??= []
      this.#onPause.push(callback)
    }
  }

  // ResponseHandler

  fields(metadata: Metadata, _server: Server | undefined): void {
    if (this.over) return
    const keys = (metadata.fields as string[] | undefined) ?? []
    this.#header = { metadata, keys, lookup: lookupOf(keys) }
    const waiters = this.#readers.takeKeyWaiters()
    if (waiters !== null) for (const { resolve } of waiters) resolve(keys)
    this.#pump()
  }

  records(batch: Batch, count: number, hasMore: boolean): void {
    if (this.over) return
    if (this.#readers.eager > 0 && (this.#received > 0 || hasMore)) this.#pullAll()
    if (count > 0) {
      this.#received += count
      this.#credit.spend(count)
      if (this.#batches !== null) {
        this.#batches.push(batch)
        this.#buffered += count
        this.#pump()
      }
    }
    this.#more = hasMore
    if (hasMore) this.#endPull()
  }

  success(metadata: Metadata, server: Server | undefined): void {
    if (this.over) return
    if (this.#interruption?.truncated) {
      // The rest was discarded. No reader must take that for the end.
      this.failure(this.#interruption.error)
      return
    }
    let summary: ResultSummary
    try {
      summary = summaryOf({
        text: this.#query.text,
        parameters: this.#query.parameters,
        run: this.#header?.metadata ?? {},
        end: metadata,
        streamed: this.#received > 0,
        pulled: true,
        server,
      })
    } catch (error) {
      this.failure(unreadable('summary', error))
      return
    }
    this.#phase = OVER
    this.#owner.streamEnded(this, metadata)
    this.#end ??= { summary, error: null }
    this.#pump()
    this.#tellPaused()
  }

  failure(failure: Error): void {
    if (this.over) return
    const error = reasonOf(failure)
    const interruption = this.#interruption
    if (this.#again !== null && this.#header === null && interruption === null && isIdempotent(error)) {
      // No reader has been called yet, so none notices.
      const again = this.#again
      this.#again = null
      this.#phase = this.#discard === null ? UNSENT : { name: 'discarding', query: null }
      again()
      return
    }
    const unsent = interruption?.truncated || (error as Partial<Neo4jError>).code === IGNORED
    const cause = interruption !== null && unsent ? interruption.error : error
    attachCallStack(cause, this.#call)
    this.fail(cause)
  }

  /** Ends with an error from elsewhere, which keeps its stack. */
  fail(error: Error): void {
    if (this.over) return
    this.#phase = OVER
    this.#owner.streamFailed(this, error)
    this.#end ??= { summary: null, error }
    this.#pump()
    this.#tellPaused()
  }

  // Inside

  /** The server has ended a PULL, which may have brought fewer records than were requested. */
  #endPull(): void {
    if (this.#interruption?.reading) this.#interruption.truncated = true
    this.#credit.endPull()
    const { name, query } = this.#phase
    if (!this.#credit.isUsedUp || this.#readers.eager > 0 || name === 'discarding' || query === null) return
    this.#phase = { name: 'awaiting credit', query }
    // The PULL may have brought nothing, while a reader waits.
    for (const reader of this.#readers.all) reader.wake()
    this.#tellPaused()
  }

  /**
   * Allows all PULLs, because all records are wanted as fast as they come. It waits until it is clear that
   * the first PULL may not bring them all, so that small results do without this call.
   */
  #pullAll(): void {
    if (this.#credit.unlimited || !this.#resume()) return
    this.#credit.grantAll()
    this.#phase.query?.next(ALL_PULLS)
  }

  /** Allows the next PULL once the records left from earlier ones are down to the low watermark. */
  #replenish(): void {
    if (!this.#credit.isLow(this.#buffered) || this.#readers.eager > 0 || !this.#resume()) return
    this.#credit.grant()
    this.#phase.query?.next(1)
  }

  /** @returns whether a PULL may be allowed; if so, the server no longer waits */
  #resume(): boolean {
    const { name, query } = this.#phase
    if (name === 'awaiting credit') this.#phase = { name: 'streaming', query }
    return name === 'awaiting credit' || name === 'streaming'
  }

  /** Takes the first record. */
  #shift(): Record {
    const record = this.#peeked ?? this.#decode()
    this.#peeked = null
    this.#buffered--
    return record
  }

  #decode(): Record {
    const batches = this.#batches as Batch[]
    const batch = batches[0]
    const { keys, lookup } = this.#header as Header
    const record = new Record(keys, batch.fields(), lookup)
    if (batch.remaining === 0) batches.shift()
    return record
  }

  /**
   * Calls the readers with whatever is new. What they request from inside such a call is done by the pump
   * that is already running.
   */
  #pump(): void {
    if (this.#readers.telling) return
    // One context for everything at hand.
    const { context } = this.#readers
    if (context === null) this.#tellAll()
    else context.call(() => this.#tellAll())
  }

  #tellAll(): void {
    const readers = this.#readers
    readers.telling = true
    try {
      this.#tellKeys()
      if (readers.eager > 0) this.#giveRecords()
      if (readers.thrown !== null) this.#abortBy(readers.thrown)
      this.#tellEnd()
    } finally {
      readers.telling = false
    }
  }

  #tellKeys(): void {
    if (this.#header === null) return
    const { keys } = this.#header
    for (let reader = this.#readers.nextWithoutKeys(); reader !== undefined; reader = this.#readers.nextWithoutKeys()) {
      const told = reader
      callIn(told.context, () => told.keys(keys))
    }
  }

  #giveRecords(): void {
    const readers = this.#readers
    const { all } = readers
    try {
      while (this.#buffered > 0 && readers.eager > 0) {
        const record = this.#shift()
        for (let i = 0; i < all.length; i++) {
          const reader = all[i]
          if (reader.context === null || reader.context.entered) reader.record(record)
          else reader.context.call(giveRecord, reader, record)
        }
      }
    } catch (error) {
      readers.thrown ??= reasonOf(error)
    }
  }

  #tellEnd(): void {
    const end = this.#end
    if (end !== null) {
      const { summary, error } = end
      const keyWaiters = error === null ? null : this.#readers.takeKeyWaiters()
      if (error !== null && keyWaiters !== null) {
        this.#endObserved = true
        for (const { reject } of keyWaiters) reject(error)
      }
      const endWaiters = this.#readers.takeEndWaiters()
      if (endWaiters !== null) {
        this.#endObserved = true
        for (const { resolve, reject } of endWaiters) {
          if (error !== null) reject(error)
          else resolve(summary)
        }
      }
    }
    // Readers that are added during these calls wait for the next turn.
    const told = this.#readers.all.slice()
    for (const reader of told) {
      if (!reader.eager) {
        reader.wake()
      } else if (this.#end !== null) {
        this.#readers.remove(reader)
        this.#endObserved = true
        const { summary, error } = this.#endFor(reader, this.#end)
        callIn(reader.context, () => (error === null ? reader.end(summary) : reader.fail(error)))
      }
    }
  }

  /**
   * Whether the server was asked to discard records that it still had. A PULL that went out before the
   * DISCARD may still bring all of them. One that was only allowed may have come too late.
   */
  get #lost(): boolean {
    return this.#discard !== null && this.#more
  }

  /** The end for a reader. It is an error if the reader misses records of a query that has succeeded. */
  #endFor(reader: Reader, end: End): End {
    const { strict } = this.#owner
    if (end.error !== null || !this.#lost || strict === false) return end
    const discard = this.#discard as Discard
    const isStopped = reader.stopped === true && discard.discarder === 'summary'
    if (strict === undefined && (isStopped || discard.late?.has(reader))) return end
    if (discard.error === null) {
      discard.error = newError(`${CONSUMED}. ${DISCARDED[discard.discarder]}`)
      attachCallStack(discard.error, this.#call)
    }
    return { summary: null, error: discard.error }
  }

  #abortBy(error: Error): void {
    this.#readers.thrown = null
    if (this.#end !== null) return
    this.#end = { summary: null, error }
    this.cancel(true, 'reader')
  }

  /** Calls back everything that waits for a pause, if there is one. */
  #tellPaused(): void {
    const { name } = this.#phase
    if (name !== 'over' && name !== 'awaiting credit') return
    const callbacks = this.#onPause
    this.#onPause = null
    if (callbacks !== null) for (const callback of callbacks) callback(name === 'over')
  }
}

/** One function for all records, since it is called for each of them. */
function giveRecord(reader: Reader, record: Record): void {
  reader.record(record)
}

/** Whether the server promises that the failed query has changed nothing, so that it can run again. */
function isIdempotent(error: Error): boolean {
  return error instanceof Neo4jError && error.diagnosticRecord?._idempotent === true
}

/** The message for readers that want records which are gone. */
export const CONSUMED = 'Result is already consumed'

const DISCARDED: { [D in Discarder]: string } = {
  summary: 'summary() had the server discard the records that had not been read yet.',
  reader: 'Another reader has left it, and had the server discard the records that had not been read yet.',
  end: 'Its transaction has ended, and the server discarded the records that had not been read yet.',
}

/** The code of an error without a code, such as the one when RESET overtakes a query. */
const IGNORED = 'N/A'
