/** What handles the responses to one request, and the arguments of its methods. */

import type { Batch } from '../codec/batch.js'
import type { ProtocolVersion } from '../types/protocol-version.js'

/** Metadata of a SUCCESS. */
// biome-ignore lint/suspicious/noExplicitAny: what the server sends is taken as it is
export type Metadata = { readonly [key: string]: any }

/** The server that answers, as summaries show it. */
export interface Server {
  readonly address: string
  readonly agent: string
  readonly protocolVersion: ProtocolVersion
}

/**
 * Handles the responses to one request. The last call is either success or failure, and comes exactly once.
 */
export interface ResponseHandler {
  /** RUN has succeeded. */
  fields(metadata: Metadata, server: Server | undefined): void
  /** @param hasMore the server is done with this PULL, and waits for the next PULL or DISCARD */
  records(batch: Batch, count: number, hasMore: boolean): void
  success(metadata: Metadata, server: Server | undefined): void
  failure(error: Error): void
}

/**
 * A handler for a request without records.
 * @internal
 */
export function answerTo(
  success: (metadata: Metadata, server: Server | undefined) => void,
  failure: (error: Error) => void,
): ResponseHandler {
  return { fields: ignore, records: ignore, success, failure }
}

function ignore(): void {}
