/**
 * Turns failures into errors: those of the server, those that the engine reports, and those that a function
 * of the application throws.
 */

import { KINDS } from './kinds.js'
import {
  type DiagnosticRecord,
  defaultDiagnosticRecord,
  type GQLError,
  isRetryableCode,
  Neo4jError,
  NOT_AVAILABLE,
  newError,
  newGQLError,
  PROTOCOL_ERROR,
  SERVICE_UNAVAILABLE,
  SESSION_EXPIRED,
} from './neo4j-error.js'
import { attachCallStack, limitStacks, unplaced } from './stack.js'
import { kindOf, type Phrase, textOf } from './texts.js'

/**
 * The decoded content of a FAILURE. `code` up to Bolt 5.6, `neo4j_code` and the GQL part from 5.7 on.
 * @internal
 */
export interface FailureMetadata {
  code?: string
  neo4j_code?: string
  message?: string
  gql_status?: string
  description?: string
  diagnostic_record?: Partial<DiagnosticRecord> | null
  cause?: FailureMetadata | null
}

/**
 * Makes the error of a failed request. It has no frames yet: those of the engine's callback would be of no
 * use to the reader, see {@link attachCallStack}.
 *
 * @param code of a failure in the driver; null for one of the server
 * @param message of a failure in the driver; null for one of the server
 * @param metadata of the server's FAILURE; null for a failure in the driver
 * @param cause what led to a failure in the driver
 * @internal
 */
export function failureFrom(
  code: string | null,
  message: string | null,
  metadata: object | null,
  cause?: Error,
): Neo4jError {
  const limit = Error.stackTraceLimit
  limitStacks(0)
  try {
    const error = errorOf(code, message, metadata, cause)
    unplaced.add(error)
    return error
  } finally {
    limitStacks(limit)
  }
}

/**
 * The code for a failure that the engine reports.
 * @internal
 */
export function codeOf(failure: Phrase): string {
  switch (kindOf(failure)) {
    case KINDS.serverCode:
      return failure[1] as string
    case KINDS.inDoubt:
      return codeOf(failure[1] as Phrase)
    default:
      return CODES[kindOf(failure)] ?? NOT_AVAILABLE
  }
}

/**
 * Makes the error for a failure that the engine reports. The caller adds the cause, and passes on what a
 * function of the application threw.
 *
 * @param users the same phrase with the user's integers
 * @internal
 */
export function errorFrom(failure: Phrase, users: Phrase, cause?: Error): Neo4jError {
  if (kindOf(failure) === KINDS.server) return failureFrom(null, null, users[1] as object)
  return failureFrom(codeOf(failure), textOf(failure), null, cause)
}

/**
 * Whether the first argument of a failure is its cause, or null.
 * @internal
 */
export function mayHaveCause(failure: Phrase): boolean {
  return OF_CLUSTER.has(kindOf(failure))
}

/** For an address that no socket can have. Node throws this error, and so does the official driver. */
function badPort(message: string): RangeError {
  return Object.assign(new RangeError(message), { code: BAD_PORT })
}

/** Node's code. */
const BAD_PORT = 'ERR_SOCKET_BAD_PORT'

/** The codes by kind. A failed handshake has no code in neo4j-driver. */
const CODES: Record<number, string> = {
  [KINDS.connect]: SERVICE_UNAVAILABLE,
  [KINDS.disconnected]: SERVICE_UNAVAILABLE,
  [KINDS.closed]: SERVICE_UNAVAILABLE,
  [KINDS.lost]: SESSION_EXPIRED,
  [KINDS.badPort]: BAD_PORT,
  [KINDS.protocol]: PROTOCOL_ERROR,
  [KINDS.ignored]: PROTOCOL_ERROR,
  [KINDS.tooLong]: PROTOCOL_ERROR,
  [KINDS.badToken]: PROTOCOL_ERROR,
  [KINDS.uuid]: PROTOCOL_ERROR,
  [KINDS.noRouters]: SERVICE_UNAVAILABLE,
  [KINDS.noSeeds]: SERVICE_UNAVAILABLE,
  [KINDS.noServers]: SERVICE_UNAVAILABLE,
  [KINDS.notARouter]: SERVICE_UNAVAILABLE,
  [KINDS.noServer]: SESSION_EXPIRED,
  [KINDS.notAWriter]: SESSION_EXPIRED,
  [KINDS.noneOfRole]: PROTOCOL_ERROR,
  [KINDS.badTimeToLive]: PROTOCOL_ERROR,
  [KINDS.badServers]: PROTOCOL_ERROR,
  [KINDS.recordCount]: PROTOCOL_ERROR,
}

const OF_CLUSTER: ReadonlySet<number> = new Set([
  KINDS.noRouters,
  KINDS.noSeeds,
  KINDS.noServers,
  KINDS.notARouter,
  KINDS.noServer,
  KINDS.notAWriter,
  KINDS.noneOfRole,
  KINDS.badTimeToLive,
  KINDS.badServers,
  KINDS.recordCount,
])

/**
 * Marks the error of a commit that the server may or may not have done: running the transaction again might
 * do it twice.
 * @internal
 */
export function leaveInDoubt(error: Neo4jError): void {
  error.retriable = false
  error.retryable = false
}

/**
 * Undoes {@link leaveInDoubt} for a transaction that has only read: running it again does no harm.
 * @internal
 */
export function resolveDoubt(error: unknown): void {
  if (!(error instanceof Neo4jError) || error.retryable) return
  const retryable = isRetryableCode(error.code)
  error.retriable = retryable
  error.retryable = retryable
}

/**
 * What the application's code has thrown, as the reason of a failure. Replaces null and undefined, which
 * would look like the absence of an error.
 * @internal
 */
export function reasonOf(thrown: unknown): Error {
  return (thrown ?? newError(`${thrown} was thrown`)) as Error
}

/**
 * The error for data from a server that the driver could not make sense of. An error that the driver raised
 * itself stays as it is.
 * @internal
 */
export function unreadable(what: string, error: unknown): Neo4jError {
  if (error instanceof Neo4jError) return error
  const reason = error instanceof Error ? error.message : typeof error
  return newError(`The server has sent a ${what} that cannot be read: ${reason}`, PROTOCOL_ERROR, error as Error)
}

/**
 * Makes the error retryable, regardless of its code.
 * @internal
 */
export function setRetryable(error: Neo4jError): void {
  error.retryable = true
  error.retriable = true
}

function errorOf(code: string | null, message: string | null, metadata: object | null, cause?: Error): Neo4jError {
  if (code === BAD_PORT) return badPort(message ?? '') as Error as Neo4jError
  if (metadata === null) return newError(message ?? '', code ?? undefined, cause)
  const failure = metadata as FailureMetadata
  try {
    return newError(
      failure.message as string,
      standardCode(failure.neo4j_code ?? failure.code),
      causeOf(failure),
      failure.gql_status,
      failure.description,
      { ...defaultDiagnosticRecord, ...failure.diagnostic_record },
    )
  } catch {
    // The engine has checked code and text. The rest may be anything, such as a structure that throws when
    // touched.
    return newError(failure.message as string, standardCode(failure.neo4j_code ?? failure.code))
  }
}

function causeOf(failure: FailureMetadata): GQLError | undefined {
  const { cause } = failure
  if (cause == null) return undefined
  return newGQLError(cause.message as string, causeOf(cause), cause.gql_status, cause.description, {
    ...defaultDiagnosticRecord,
    ...cause.diagnostic_record,
  })
}

/** Servers before 5.0 call two failures transient that are not: the user has ended the transaction. */
function standardCode(code: string | undefined): string | undefined {
  switch (code) {
    case 'Neo.TransientError.Transaction.Terminated':
      return 'Neo.ClientError.Transaction.Terminated'
    case 'Neo.TransientError.Transaction.LockClientStopped':
      return 'Neo.ClientError.Transaction.LockClientStopped'
    default:
      return code
  }
}
