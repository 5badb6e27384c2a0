/** The settings of `executeQuery`. */

import type { AuthToken } from '../auth/auth.js'
import { newError } from '../error/neo4j-error.js'
import type { SessionMode } from '../query/access-mode.js'
import type { TransactionConfig } from '../query/query.js'
import type { EagerResult, ResultTransformer } from '../result/transformers.js'
import type { BookmarkManager } from '../session/bookmark-manager.js'

/** To which members of a cluster a query of executeQuery goes. */
export type RoutingControl = 'WRITE' | 'READ'

/** The names of {@link RoutingControl}. */
export const routing: {
  /** To the one who writes. */
  WRITE: 'WRITE'
  /** To one of those who read. */
  READ: 'READ'
} = Object.freeze({ WRITE: 'WRITE', READ: 'READ' })

/** Settings of executeQuery. */
export interface QueryConfig<T = EagerResult> {
  /** Default: `'WRITE'`. */
  routing?: RoutingControl
  /** Default: the user's home database. */
  database?: string
  /** Run as this user. Default: as the driver's user. */
  impersonatedUser?: string
  /** Default: the driver's own, so that each query sees what the ones before have written; null = none. */
  bookmarkManager?: BookmarkManager | null
  /** Default: `resultTransformers.eager()`. */
  resultTransformer?: ResultTransformer<T>
  /** Timeout and metadata of the transaction. Default: none. */
  transactionConfig?: TransactionConfig
  /** Another user than the driver's. Needs Bolt 5.1. */
  auth?: AuthToken
  /** Ends the query when aborted. */
  signal?: AbortSignal
}

/**
 * The access mode for the routing of executeQuery.
 *
 * @throws Neo4jError when there is no such routing
 * @internal
 */
export function checkedRouting(control: RoutingControl | null | undefined): SessionMode {
  const mode = control ?? 'WRITE'
  if (mode !== 'READ' && mode !== 'WRITE') throw newError(`Illegal query routing config: "${mode}"`)
  return mode
}
