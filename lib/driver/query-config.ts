/** The settings of `executeQuery`. */

import type { AuthToken } from '../auth/auth.js'
import { newError } from '../error/neo4j-error.js'
import type { SessionMode } from '../query/access-mode.js'
import type { TransactionConfig } from '../query/query.js'
import type { EagerResult, ResultTransformer } from '../result/transformers.js'
import type { BookmarkManager } from '../session/bookmark-manager.js'

/** Which members of a cluster may run a query of executeQuery. */
export type RoutingControl = 'WRITE' | 'READ'

/** The names of {@link RoutingControl}. */
export const routing: {
  /** A server that writes. */
  WRITE: 'WRITE'
  /** A server that reads. */
  READ: 'READ'
} = Object.freeze({ WRITE: 'WRITE', READ: 'READ' })

/** Settings of executeQuery. */
export interface QueryConfig<T = EagerResult> {
  /** Default: `'WRITE'`. */
  routing?: RoutingControl
  /** Default: the user's home database. */
  database?: string
  /** The user to impersonate. Default: none. */
  impersonatedUser?: string
  /** Default: the driver's own, so that each query sees what earlier ones have written; null = none. */
  bookmarkManager?: BookmarkManager | null
  /** Default: `resultTransformers.eager()`. */
  resultTransformer?: ResultTransformer<T>
  /** Timeout and metadata of the transaction. Default: none. */
  transactionConfig?: TransactionConfig
  /** Another user than the driver's. Needs Bolt 5.1. */
  auth?: AuthToken
  /**
   * Ends the query when aborted. If the query has not succeeded by then, its promise rejects with the reason.
   */
  signal?: AbortSignal
}

/**
 * The access mode for the routing of executeQuery.
 *
 * @throws Neo4jError if there is no such routing
 * @internal
 */
export function checkedRouting(control: RoutingControl | null | undefined): SessionMode {
  const mode = control ?? 'WRITE'
  if (mode !== 'READ' && mode !== 'WRITE') throw newError(`Illegal query routing config: "${mode}"`)
  return mode
}
