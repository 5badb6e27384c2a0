/** What sessions, transactions and the driver ask of the engine. `engine.ts` implements it with the addon. */

import type { CheckedQuery } from '../query/query.js'
import type { ProtocolVersion } from '../types/protocol-version.js'
import type { PoolMetrics } from './metrics.js'
import type { NativeTransaction } from './native.js'
import type { Start, Target } from './request.js'
import type { ResponseHandler, Server } from './response-handler.js'

/** A query that the engine is running. Its methods do nothing once the query is over. */
export interface RunningQuery {
  /**
   * Lets the engine send that many more PULLs. With {@link ALL_PULLS}, it sends as many as the result takes.
   */
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
 * A request that cannot be encoded throws at once. Every other failure arrives at the handler, and never
 * before the call has returned.
 */
export interface EngineClient {
  /** Runs a query in an auto-commit transaction. */
  run(target: Target, start: Start, query: CheckedQuery, handler: ResponseHandler): RunningQuery
  /** Begins a transaction. The handler's success is called when the server has begun it. */
  begin(target: Target, start: Start, handler: ResponseHandler): NativeTransaction
  /** Runs a query in a transaction. */
  runInTransaction(
    transaction: NativeTransaction,
    fetchSize: number,
    query: CheckedQuery,
    handler: ResponseHandler,
  ): RunningQuery
  commit(transaction: NativeTransaction, handler: ResponseHandler): void
  /** Rolls back, or gives up a transaction that has failed. */
  rollback(transaction: NativeTransaction, handler: ResponseHandler): void
  /** Rolls back without waiting for running queries. */
  reset(transaction: NativeTransaction, handler: ResponseHandler): void
  /**
   * Connects to a server for reading the database and authenticates, or fails with the reason.
   *
   * @param database null = the home database
   */
  verify(database: string | null): Promise<Server>
  /** Finds out which version of Bolt the server speaks, without authentication. */
  negotiate(): Promise<ProtocolVersion>
  /**
   * Connects to a server for reading the database, and has it check the user even if it knows them already.
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
  /** Closes all connections; requests in flight fail. */
  close(): Promise<void>
}
