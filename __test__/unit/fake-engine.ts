/**
 * Stands in for the engine in tests of the layers above it: records every request, and answers when the test
 * decides.
 */
import type { Batch } from '../../lib/codec/batch.js'
import type { EngineClient, RunningQuery } from '../../lib/engine/engine-client.js'
import type { PoolMetrics } from '../../lib/engine/metrics.js'
import type { NativeTransaction } from '../../lib/engine/native.js'
import type { Start, Target } from '../../lib/engine/request.js'
import type { ResponseHandler, Server } from '../../lib/engine/response-handler.js'
import type { Neo4jError } from '../../lib/error/neo4j-error.js'
import type { CheckedQuery } from '../../lib/query/query.js'
import type { Record } from '../../lib/result/record.js'
import { ProtocolVersion } from '../../lib/types/protocol-version.js'

export const SERVER: Server = {
  address: 'peer:7687',
  agent: 'Neo4j/5.26.0',
  protocolVersion: new ProtocolVersion(5, 8),
}

/** Rows as they come from the engine, already decoded. */
export function batchOf(rows: unknown[][]): Batch {
  let next = 0
  const batch = {
    columns: rows[0]?.length ?? 0,
    get remaining() {
      return rows.length - next
    },
    fields: () => rows[next++],
    value: () => rows[next++][0],
  }
  return batch as unknown as Batch
}

/** One row with one number for each from first to last. */
export function numbers(first: number, last: number): unknown[][] {
  return Array.from({ length: last - first + 1 }, (_, index) => [first + index])
}

/** A query as the engine has it. The calls of its cursor are in `asked`. */
export class FakeQuery implements RunningQuery {
  readonly asked: string[] = []

  constructor(
    readonly query: CheckedQuery,
    readonly handler: ResponseHandler,
    readonly start: Start | null,
  ) {}

  next(pulls: number): void {
    this.asked.push(pulls === 0xffffffff ? 'next all' : `next ${pulls}`)
  }

  discard(): void {
    this.asked.push('discard')
  }

  reset(): void {
    this.asked.push('reset')
  }

  fields(...keys: string[]): this {
    this.handler.fields({ fields: keys }, SERVER)
    return this
  }

  records(rows: unknown[][], hasMore = false): this {
    this.handler.records(batchOf(rows), rows.length, hasMore)
    return this
  }

  success(metadata: object = {}): this {
    this.handler.success(metadata, SERVER)
    return this
  }

  failure(error: Neo4jError): this {
    this.handler.failure(error)
    return this
  }
}

/** A transaction as the engine has it. */
export class FakeTransaction implements NativeTransaction {
  readonly cursors: FakeQuery[] = []
  readonly asked: string[] = []
  commitHandler: ResponseHandler | null = null
  rollbackHandler: ResponseHandler | null = null

  constructor(
    readonly start: Start,
    readonly handler: ResponseHandler,
  ) {}

  run(): void {}
  commit(): void {}
  rollback(): void {}
  reset(): void {}

  begun(): this {
    this.handler.success({}, SERVER)
    return this
  }
}

/** How an engine answers by itself: the outcome of a query. */
export type Answer = { keys: string[]; rows: unknown[][]; metadata?: object } | Neo4jError

export class FakeEngine implements EngineClient {
  readonly asksUser = false
  readonly closed = false
  /** Every request, in order. */
  readonly log: string[] = []
  readonly cursors: FakeQuery[] = []
  readonly transactions: FakeTransaction[] = []
  readonly targets: Target[] = []
  /** When set, every request is answered in the next turn. */
  answer: ((query: CheckedQuery) => Answer) | null = null
  /** Thrown instead of encoding. */
  refusal: Error | null = null

  get last(): FakeQuery {
    return this.cursors[this.cursors.length - 1]
  }

  get transaction(): FakeTransaction {
    return this.transactions[this.transactions.length - 1]
  }

  run(target: Target, start: Start, query: CheckedQuery, handler: ResponseHandler): RunningQuery {
    this.targets.push(target)
    return this.#cursor(`run ${query.text}`, query, handler, start)
  }

  begin(target: Target, start: Start, handler: ResponseHandler): NativeTransaction {
    this.log.push(`begin ${start.mode}`)
    this.targets.push(target)
    const transaction = new FakeTransaction(start, handler)
    this.transactions.push(transaction)
    if (this.answer !== null) setImmediate(() => transaction.begun())
    return transaction
  }

  runInTransaction(
    transaction: NativeTransaction,
    _fetchSize: number,
    query: CheckedQuery,
    handler: ResponseHandler,
  ): RunningQuery {
    const cursor = this.#cursor(`tx run ${query.text}`, query, handler, null)
    ;(transaction as FakeTransaction).cursors.push(cursor)
    return cursor
  }

  commit(transaction: NativeTransaction, handler: ResponseHandler): void {
    this.log.push('commit')
    ;(transaction as FakeTransaction).commitHandler = handler
    if (this.answer !== null) {
      const bookmark = `bookmark ${this.transactions.length}`
      setImmediate(() => handler.success({ bookmark }, SERVER))
    }
  }

  rollback(transaction: NativeTransaction, handler: ResponseHandler): void {
    this.log.push('rollback')
    ;(transaction as FakeTransaction).rollbackHandler = handler
    if (this.answer !== null) setImmediate(() => handler.success({}, undefined))
  }

  reset(transaction: NativeTransaction, handler: ResponseHandler): void {
    this.log.push('reset')
    ;(transaction as FakeTransaction).rollbackHandler = handler
    if (this.answer !== null) setImmediate(() => handler.success({}, undefined))
  }

  readonly authenticated: [database: string | null, token: object | undefined][] = []

  async authenticate(database: string | null, token: object | undefined): Promise<Server> {
    if (this.refusal !== null) throw this.refusal
    this.authenticated.push([database, token])
    return SERVER
  }

  async negotiate(): Promise<ProtocolVersion> {
    this.log.push('negotiate')
    return SERVER.protocolVersion
  }

  async verify(): Promise<Server> {
    this.log.push('verify')
    return SERVER
  }

  metrics(): PoolMetrics[] {
    return []
  }

  async close(): Promise<void> {
    this.log.push('close')
  }

  #cursor(line: string, query: CheckedQuery, handler: ResponseHandler, start: Start | null): FakeQuery {
    if (this.refusal !== null) throw this.refusal
    this.log.push(line)
    const cursor = new FakeQuery(query, handler, start)
    this.cursors.push(cursor)
    const { answer } = this
    if (answer !== null) {
      setImmediate(() => {
        const given = answer(query)
        if (given instanceof Error) cursor.failure(given)
        else
          cursor
            .fields(...given.keys)
            .records(given.rows)
            .success(given.metadata ?? {})
      })
    }
    return cursor
  }
}

/** Resolves after all pending promises and answers of an engine. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** The first field of an iterator's record, or that it is done. */
export function field(item: IteratorResult<Record, unknown>): unknown {
  return item.done ? 'done' : item.value.get(0)
}

/** The state of a promise so far. */
export async function stateOf(promise: Promise<unknown>): Promise<string> {
  let state = 'pending'
  promise.then(
    () => {
      state = 'fulfilled'
    },
    (error) => {
      state = `rejected: ${error.message}`
    },
  )
  await settled()
  return state
}
