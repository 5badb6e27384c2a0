/** What sessions, transactions and the driver ask of the engine. `engine.ts` has it from the addon. */

import type { CheckedQuery } from '../query/query.js'
import type { ProtocolVersion } from '../types/protocol-version.js'
import type { PoolMetrics } from './metrics.js'
import type { NativeTransaction } from './native.js'
import type { Start, Target } from './request.js'
import type { ResponseHandler, Server } from './response-handler.js'

/** A query that the engine is running. Nothing happens where the query is over. */
export interface RunningQuery {
  /** Lets the engine send that many more PULLs; {@link ALL_PULLS} = as many as it takes. */
  next(pulls: number): void
  /** Sends DISCARD instead of the next PULL. */
  discard(): void
  /** Interrupts the query by RESET. */
  reset(): void
}

/** Allows all PULLs. */
export const ALL_PULLS = 0xffffffff

/**
 * One driver's access to the engine.
 *
 * A request which cannot be encoded throws at once. Every other failure arrives at the handler, and never
 * before the call has returned.
 */
export interface EngineClient {
  /** Runs a query in a transaction of its own. */
  run(target: Target, start: Start, query: CheckedQuery, handler: ResponseHandler): RunningQuery
  /** Begins a transaction. The handler hears of success when the server has begun it. */
  begin(target: Target, start: Start, handler: ResponseHandler): NativeTransaction
  /** Runs a query in a transaction. */
  runInTransaction(
    transaction: NativeTransaction,
    fetchSize: number,
    query: CheckedQuery,
    handler: ResponseHandler,
  ): RunningQuery
  commit(transaction: NativeTransaction, handler: ResponseHandler): void
  /** Rolls back, or gives up a transaction which has failed. */
  rollback(transaction: NativeTransaction, handler: ResponseHandler): void
  /** Rolls back without waiting for what is running. */
  reset(transaction: NativeTransaction, handler: ResponseHandler): void
  /**
   * Reaches a server for reading the database, authenticated, or finds out why not.
   *
   * @param database null = the home database
   */
  verify(database: string | null): Promise<Server>
  /** Finds out which version of Bolt the server speaks, without authentication. */
  negotiate(): Promise<ProtocolVersion>
  /**
   * Reaches a server for reading the database, and has it check the user even where it knows them.
   *
   * @param database null = the home database
   * @param token of another user than the driver's
   */
  authenticate(database: string | null, token: object | undefined): Promise<Server>
  /** What the engine's pools are doing. */
  metrics(): PoolMetrics[]
  /** Whether the engine may call functions of the user's for a request. */
  readonly asksUser: boolean
  /** Whether {@link EngineClient.close} was called. */
  readonly closed: boolean
  /** Closes all connections; what is in flight fails. */
  close(): Promise<void>
}
