/**
 * The records of one running query, and all that read them. Keeps batches undecoded until a reader takes their records,
 * and asks for more where the readers keep up. Knows fetch size and watermarks; knows nothing of promises per record,
 * of sessions and of the engine beyond its cursor.
 *
 * ```text
 *           FIELDS           RECORDS*              SUCCESS / FAILURE
 *   sent ───────────▶ open ───────────▶ open ───────────────────────▶ over
 *     └───────────────────── FAILURE ────────────────────────────────▶ over
 *
 *   over: the engine has let go of the query; records may still be waiting here for a reader.
 * ```
 */

import type { Batch } from '../codec/batch.js'
import { ALL_PULLS, type RunningQuery } from '../engine/engine-client.js'
import type { Metadata, ResponseHandler, Server } from '../engine/response-handler.js'
import { reasonOf, unreadable } from '../error/failure.js'
import { Neo4jError, newError } from '../error/neo4j-error.js'
import { attachCallStack, type CallStack } from '../error/stack.js'
import type { CheckedQuery } from '../query/query.js'
import { type CallContext, callIn } from '../util/async-context.js'
import { soon } from '../util/microtask.js'
import { lookupOf, Record } from './record.js'
import { type ResultSummary, summaryOf } from './summary.js'

/** Takes the records of a stream. */
export interface Reader {
  /** Whether it is given every record at once; otherwise it takes them by {@link RecordStream.take}. */
  readonly eager: boolean
  /** What is told to it, is told in this context; null = in any: it calls nothing of a user's, or sees to that itself. */
  readonly context: CallContext | null
  /** Whether {@link Result.summary} is how it is told to stop, as it has no means of its own for that. */
  readonly stopped?: boolean
  keys(keys: string[]): void
  record(record: Record): void
  /** Records or the end are there to be taken. */
  wake(): void
  end(summary: ResultSummary): void
  fail(error: Error): void
}

/** What a query belongs to: a session or a transaction. It hears of the end before any reader does. */
export interface StreamOwner {
  streamEnded(stream: RecordStream, metadata: Metadata): void
  streamFailed(stream: RecordStream, error: Error): void
  /** Whether the transaction is over, so that results which nobody has read count as consumed. */
  readonly drained: boolean
  /**
   * Whether a reader who can't have all records is told by an error: true = always, false = never, undefined = if the
   * others were discarded while it was reading.
   */
  readonly strict: boolean | undefined
}

/** What leads the server to discard records. */
type Discarder = 'summary' | 'reader' | 'end'

export class RecordStream implements ResponseHandler {
  readonly #owner: StreamOwner
  readonly #query: CheckedQuery
  readonly #call: CallStack
  readonly #fetchSize: number
  readonly #lowWatermark: number
  readonly #readers: Reader[] = []
  #cursor: RunningQuery | null = null
  #keys: string[] | null = null
  #lookup: ReturnType<typeof lookupOf> | null = null
  #run: Metadata | null = null
  #batches: Batch[] = []
  /** Records in the batches. */
  #buffered = 0
  /** Records which the PULLs that may be sent have yet to bring. */
  #outstanding: number
  /** Whether the present PULL has brought all its records, though the server has not yet said that it is over. */
  #filled = false
  #eagerReaders = 0
  #pullsAll = false
  #keysTold = 0
  #streamed = false
  #taken = false
  #cancelled = false
  #dropping = false
  #waitsAtServer = false
  /** The last that was said of it: the server has more than it was asked for until then. */
  #more = false
  #over = false
  #summary: ResultSummary | null = null
  #error: Error | null = null
  #broken: { error: unknown } | null = null
  #told = false
  #interruption: Error | null = null
  #again: (() => void) | null
  /** Whether it was interrupted while its records were wanted. */
  #interruptedReading = false
  /** Whether some of these were left at the server. */
  #cutShort = false
  /** Why it was cancelled. */
  #discarder: Discarder = 'reader'
  /** Who began to read after it was cancelled. */
  #late: Set<Reader> | null = null
  #shortage: Error | null = null
  #pumping = false
  #keyWaiters: Waiter<string[]>[] | null = null
  #endWaiters: Waiter<ResultSummary>[] | null = null
  #onPause: ((over: boolean) => void)[] | null = null

  /**
   * @param fetchSize records for each PULL, -1 = all
   * @param call where the user asked for the query
   * @param again sends the query once more; null = it is never sent again
   */
  constructor(
    owner: StreamOwner,
    query: CheckedQuery,
    fetchSize: number,
    call: CallStack,
    again: (() => void) | null = null,
  ) {
    this.#owner = owner
    this.#query = query
    this.#call = call
    this.#again = again
    this.#fetchSize = fetchSize
    this.#lowWatermark = 0.3 * fetchSize
    this.#outstanding = fetchSize === -1 ? Number.POSITIVE_INFINITY : fetchSize
  }

  /** RUN and the first PULL are on their way. */
  start(cursor: RunningQuery): void {
    this.#cursor = cursor
    if (this.#over) return
    if (this.#cancelled) cursor.discard()
  }

  /** Whether it ends without anybody reading. */
  get leaving(): boolean {
    return this.#cancelled
  }

  /** Whether the engine is done with it. */
  get over(): boolean {
    return this.#over
  }

  /** Whether nobody has yet been told of its end. */
  get open(): boolean {
    if (this.#summary === null && this.#error === null) return true
    // What a transaction refuses because it is over, has never been drained.
    return !this.#told && (this.#error !== null || !this.#owner.drained)
  }

  /** Whether whoever wants all records has come too late for them, and is to be told. */
  get short(): boolean {
    return this.#owner.strict === true && (this.#taken || this.#dropping || this.#lost)
  }

  // Readers

  /** Adds a reader. It is told nothing before the present turn is over. */
  read(reader: Reader): void {
    this.#readers.push(reader)
    if (this.#cancelled) {
      this.#late ??= new Set()
      this.#late.add(reader)
    }
    if (!reader.eager) return
    if (this.#eagerReaders++ === 0 && (this.#streamed || this.#waitsAtServer)) this.#pullAll()
    if (this.#keys !== null || this.#error !== null) soon(() => this.#pump())
  }

  /** The next record for a reader that is not eager; undefined when none is at hand. */
  take(reader: Reader): Record | undefined {
    if (this.#buffered === 0) return undefined
    if (this.#eagerReaders > 0) {
      this.#pump()
      return undefined
    }
    const record = this.#decode()
    if (this.#readers.length > 1) {
      for (const other of this.#readers) if (other !== reader) other.record(record)
    }
    this.#replenish()
    return record
  }

  /** A reader has nothing to do until more records come. */
  starving(): void {
    // As after a PULL which has brought nothing.
    this.#replenish()
  }

  /**
   * A reader that is not eager gives up: the server discards what is left. Records at hand are kept for other readers
   * only.
   */
  leave(reader: Reader): void {
    const index = this.#readers.indexOf(reader)
    if (index === -1) return
    this.#readers.splice(index, 1)
    if (index < this.#keysTold) this.#keysTold--
    this.cancel(this.#readers.length === 0, 'reader')
  }

  /** A reader has thrown: after the records at hand the stream ends with this error for all readers. */
  breakOff(error: unknown): void {
    this.#broken ??= { error }
    if (!this.#pumping) this.#pump()
  }

  /** The keys of the records, once the server has told them. */
  keys(): Promise<string[]> {
    if (this.#keys !== null) return Promise.resolve(this.#keys)
    if (this.#error !== null) {
      this.#told = true
      return Promise.reject(this.#error)
    }
    return new Promise((resolve, reject) => {
      this.#keyWaiters ??= []
      this.#keyWaiters.push({ resolve, reject })
    })
  }

  /** The summary, once the stream is over. Does not hasten the end. */
  ended(): Promise<ResultSummary> {
    if (this.#summary !== null || this.#error !== null) {
      this.#told = true
      return this.#error !== null ? Promise.reject(this.#error) : Promise.resolve(this.#summary as ResultSummary)
    }
    return new Promise((resolve, reject) => {
      this.#endWaiters ??= []
      this.#endWaiters.push({ resolve, reject })
    })
  }

  /** Tells a reader that has taken the last record what the stream has ended with: null = more may come. */
  tellEnd(reader: Reader): { summary: ResultSummary | null; error: Error | null } | null {
    if (this.#buffered > 0 || (this.#summary === null && this.#error === null)) return null
    this.#told = true
    return { summary: this.#summary, error: this.#error ?? this.#shortageOf(reader) }
  }

  /**
   * Lets the server discard what it has not been asked for yet.
   *
   * @param drop the records that it has been asked for are not wanted either
   * @param discarder what those who are still reading are to be told of
   */
  cancel(drop: boolean, discarder: Discarder): void {
    if (drop) {
      this.#dropping = true
      this.#batches = []
      this.#buffered = 0
    }
    if (this.#over || this.#cancelled) return
    this.#cancelled = true
    this.#discarder = discarder
    this.#waitsAtServer = false
    this.#cursor?.discard()
  }

  /**
   * Ends the query without waiting for the server to complete it; the server says how it ended.
   *
   * @param unsent how it ends when the server has not even begun with it, or was not asked for all of its records
   */
  interrupt(unsent: Error): void {
    if (this.#over) return
    if (this.#cursor === null) {
      this.failure(unsent)
      return
    }
    const cursor = this.#cursor
    const waits = this.#waitsAtServer
    this.#interruption = unsent
    this.#interruptedReading = !this.#cancelled
    this.#cutShort = waits
    this.cancel(false, 'end')
    // Where the server waits for the next PULL, the DISCARD is enough.
    if (!waits) cursor.reset()
  }

  /**
   * Calls back with true once the engine is done with the query, or with false where that takes a reader: the server
   * has more and waits.
   */
  onPause(callback: (over: boolean) => void): void {
    if (this.#over) callback(true)
    else if (this.#waitsAtServer) callback(false)
    else {
      this.#onPause ??= []
      this.#onPause.push(callback)
    }
  }

  // ResponseHandler

  fields(metadata: Metadata, _server: Server | undefined): void {
    if (this.#over) return
    this.#run = metadata
    this.#keys = (metadata.fields as string[] | undefined) ?? []
    this.#lookup = lookupOf(this.#keys)
    const waiters = this.#keyWaiters
    this.#keyWaiters = null
    if (waiters !== null) for (const { resolve } of waiters) resolve(this.#keys)
    this.#pump()
  }

  records(batch: Batch, count: number, hasMore: boolean): void {
    if (this.#over) return
    if (this.#eagerReaders > 0 && (this.#streamed || hasMore)) this.#pullAll()
    if (count > 0) {
      this.#streamed = true
      this.#filled = false
      this.#outstanding -= count
      if (this.#fetchSize !== -1 && this.#outstanding % this.#fetchSize === 0) this.#filled = true
      if (!this.#dropping) {
        this.#batches.push(batch)
        this.#buffered += count
        this.#pump()
      }
    }
    this.#more = hasMore
    if (hasMore) this.#pullOver()
  }

  success(metadata: Metadata, server: Server | undefined): void {
    if (this.#over) return
    if (this.#cutShort) {
      // The rest was discarded, which nobody who reads must take for the end.
      this.failure(this.#interruption as Error)
      return
    }
    let summary: ResultSummary
    try {
      summary = summaryOf({
        text: this.#query.text,
        parameters: this.#query.parameters,
        run: this.#run ?? {},
        end: metadata,
        streamed: this.#streamed,
        pulled: true,
        server,
      })
    } catch (error) {
      this.failure(unreadable('summary', error))
      return
    }
    this.#over = true
    this.#cursor = null
    this.#owner.streamEnded(this, metadata)
    if (this.#error === null) this.#summary = summary
    this.#pump()
    this.#tellPaused(true)
  }

  failure(failure: Error): void {
    if (this.#over) return
    const error = reasonOf(failure)
    if (this.#again !== null && this.#run === null && this.#interruption === null && isIdempotent(error)) {
      // No reader has been told anything yet, so nobody notices.
      const again = this.#again
      this.#again = null
      this.#cursor = null
      again()
      return
    }
    const unsent = this.#interruption !== null && (this.#cutShort || (error as Partial<Neo4jError>).code === IGNORED)
    const cause = unsent ? (this.#interruption as Error) : error
    attachCallStack(cause, this.#call)
    this.fail(cause)
  }

  /** Ends with the error of something else, which keeps its stack. */
  fail(error: Error): void {
    if (this.#over) return
    this.#over = true
    this.#cursor = null
    this.#owner.streamFailed(this, error)
    this.#error ??= error
    this.#pump()
    this.#tellPaused(true)
  }

  // Inside

  /** The server is done with a PULL that may have brought less than it was asked for. */
  #pullOver(): void {
    if (this.#interruptedReading) this.#cutShort = true
    if (this.#fetchSize !== -1 && !this.#filled) {
      this.#outstanding = Math.max(0, Math.floor((this.#outstanding - 1) / this.#fetchSize)) * this.#fetchSize
    }
    this.#filled = false
    if (this.#outstanding > 0 || this.#eagerReaders > 0 || this.#cancelled) return
    this.#waitsAtServer = true
    // It may have brought nothing, and somebody waits.
    for (const reader of this.#readers) reader.wake()
    if (this.#waitsAtServer) this.#tellPaused(false)
  }

  /**
   * Allows all PULLs: all records are wanted as fast as they come. Not before it is seen that the first PULL may not
   * bring them all, so that small results do without this call.
   */
  #pullAll(): void {
    if (this.#pullsAll || this.#cancelled) return
    this.#pullsAll = true
    this.#waitsAtServer = false
    this.#cursor?.next(ALL_PULLS)
  }

  /** Allows the next PULL, once no more than the low watermark is left of those before. */
  #replenish(): void {
    if (this.#buffered + this.#outstanding > this.#lowWatermark) return
    if (this.#over || this.#cancelled || this.#eagerReaders > 0) return
    this.#waitsAtServer = false
    this.#outstanding += this.#fetchSize
    this.#cursor?.next(1)
  }

  #decode(): Record {
    const batch = this.#batches[0]
    const record = new Record(this.#keys as string[], batch.fields(), this.#lookup as ReturnType<typeof lookupOf>)
    this.#taken = true
    this.#buffered--
    if (batch.remaining === 0) this.#batches.shift()
    return record
  }

  /** Tells the readers what is there to be told. What they call back in here is done by the call that is under way. */
  #pump(): void {
    if (this.#pumping) return
    // Once for all that is at hand. Several readers may each have their own.
    const context = this.#readers.length === 1 ? this.#readers[0].context : null
    if (context === null) this.#tellAll()
    else context.call(() => this.#tellAll())
  }

  #tellAll(): void {
    this.#pumping = true
    try {
      this.#tellKeys()
      if (this.#eagerReaders > 0) this.#giveRecords()
      if (this.#broken !== null) this.#breakOff(this.#broken.error)
      this.#tellEnd()
    } finally {
      this.#pumping = false
    }
  }

  #tellKeys(): void {
    if (this.#keys === null) return
    const keys = this.#keys
    while (this.#keysTold < this.#readers.length) {
      const reader = this.#readers[this.#keysTold++]
      callIn(reader.context, () => reader.keys(keys))
    }
  }

  #giveRecords(): void {
    const readers = this.#readers
    try {
      while (this.#buffered > 0 && this.#eagerReaders > 0) {
        const record = this.#decode()
        for (let i = 0; i < readers.length; i++) {
          const reader = readers[i]
          if (reader.context === null || reader.context.entered) reader.record(record)
          else reader.context.call(giveRecord, reader, record)
        }
      }
    } catch (error) {
      this.#broken ??= { error }
    }
  }

  #tellEnd(): void {
    if (this.#error !== null) {
      const keyWaiters = this.#keyWaiters
      this.#keyWaiters = null
      if (keyWaiters !== null) {
        this.#told = true
        for (const { reject } of keyWaiters) reject(this.#error)
      }
    }
    if (this.#summary !== null || this.#error !== null) {
      const endWaiters = this.#endWaiters
      this.#endWaiters = null
      if (endWaiters !== null) {
        this.#told = true
        for (const { resolve, reject } of endWaiters) {
          if (this.#error !== null) reject(this.#error)
          else resolve(this.#summary as ResultSummary)
        }
      }
    }
    // Those who come while the others are told have to wait for the next turn.
    const told = this.#readers.slice()
    for (const reader of told) {
      if (!reader.eager) {
        reader.wake()
      } else if (this.#error !== null || this.#summary !== null) {
        this.#dismiss(reader)
        const summary = this.#summary as ResultSummary
        const error = this.#error ?? this.#shortageOf(reader)
        callIn(reader.context, () => (error === null ? reader.end(summary) : reader.fail(error)))
      }
    }
  }

  /**
   * Whether the server was told to discard records that it had left. A PULL that went out before the DISCARD may still
   * bring all of them; one that was only allowed may have come too late.
   */
  get #lost(): boolean {
    return this.#cancelled && this.#more
  }

  /** What a reader is told who has been given all that there is, but not all that the query had. */
  #shortageOf(reader: Reader): Error | null {
    const { strict } = this.#owner
    if (!this.#lost || strict === false) return null
    const isStopped = reader.stopped === true && this.#discarder === 'summary'
    if (strict === undefined && (isStopped || this.#late?.has(reader))) return null
    if (this.#shortage === null) {
      this.#shortage = newError(`${CONSUMED}. ${DISCARDED[this.#discarder]}`)
      attachCallStack(this.#shortage, this.#call)
    }
    return this.#shortage
  }

  #dismiss(reader: Reader): void {
    const index = this.#readers.indexOf(reader)
    this.#readers.splice(index, 1)
    if (index < this.#keysTold) this.#keysTold--
    this.#eagerReaders--
    this.#told = true
  }

  #breakOff(error: unknown): void {
    this.#broken = null
    if (this.#summary !== null || this.#error !== null) return
    this.#error = error as Error
    this.cancel(true, 'reader')
  }

  #tellPaused(over: boolean): void {
    const callbacks = this.#onPause
    this.#onPause = null
    if (callbacks !== null) for (const callback of callbacks) callback(over)
  }
}

/** A function for all records, as it is called for each of them. */
function giveRecord(reader: Reader, record: Record): void {
  reader.record(record)
}

/** Whether the server promises that what has failed has changed nothing, and so can be tried again. */
function isIdempotent(error: Error): boolean {
  return error instanceof Neo4jError && error.diagnosticRecord?._idempotent === true
}

/** What those are told who want records that are not there any more. */
export const CONSUMED = 'Result is already consumed'

const DISCARDED: { [D in Discarder]: string } = {
  summary: 'summary() had the server discard the records that had not been read yet.',
  reader: 'Another reader has left it, and had the server discard the records that had not been read yet.',
  end: 'Its transaction has ended, and the server discarded the records that had not been read yet.',
}

/** The code of an error without a code: such as what follows when RESET overtakes a query. */
const IGNORED = 'N/A'

interface Waiter<T> {
  resolve(value: T): void
  reject(error: Error): void
}
