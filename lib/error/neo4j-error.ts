/**
 * The errors a user sees, and how they are made: by the driver itself, or from the FAILURE of a server.
 * Knows codes, GQL statuses and which codes are worth a retry; knows nothing of connections, sessions or who retries.
 */

import { stringify } from '../util/json.js'
import type { Integer } from '../types/integer.js'

/** The server, or the way to it, is gone for good. Value of {@link Neo4jError.code}. */
export const SERVICE_UNAVAILABLE: string = 'ServiceUnavailable'

/** The server this work was bound to can no longer serve it; another may. Value of {@link Neo4jError.code}. */
export const SESSION_EXPIRED: string = 'SessionExpired'

/** Bytes which are not what the Bolt protocol allows at that point. Value of {@link Neo4jError.code}. */
export const PROTOCOL_ERROR: string = 'ProtocolError'

/** The code of an error that has none. */
const NOT_AVAILABLE: string = 'N/A'

/** Any text is taken: these are the ones the driver itself gives. */
type Neo4jErrorCode = typeof SERVICE_UNAVAILABLE | typeof SESSION_EXPIRED | typeof PROTOCOL_ERROR | typeof NOT_AVAILABLE

/** Who has to act on an error: its author, the operator, or nobody because it passes. */
export type ErrorClassification = 'DATABASE_ERROR' | 'CLIENT_ERROR' | 'TRANSIENT_ERROR' | 'UNKNOWN'

/** What GQL says about the circumstances of a status. The server may add keys of its own. */
export interface DiagnosticRecord {
  /** The GQL operation, empty when not known. */
  OPERATION: string
  /** The GQL code of the operation, `'0'` when not known. */
  OPERATION_CODE: string
  /** The schema in use, `'/'` by default. */
  CURRENT_SCHEMA: string
  /** How much a notification matters, in the server's word. */
  _severity?: string
  /** Who has to act on an error, or what a notification is about, in the server's word. */
  _classification?: string
  /** Where in the query: offset from 0; line and column from 1. */
  _position?: {
    offset: number | Integer | bigint
    line: number | Integer | bigint
    column: number | Integer | bigint
  }
  /** What stands in the status's text, by name. */
  _status_parameters?: globalThis.Record<string, unknown>
  /** Whether the server promises that the failed request changed nothing. */
  _idempotent?: boolean
  [key: string]: unknown
}

/** The record of a status which came without one. */
export const defaultDiagnosticRecord: Readonly<DiagnosticRecord> = Object.freeze({
  OPERATION: '',
  OPERATION_CODE: '0',
  CURRENT_SCHEMA: '/',
})

/**
 * An error with a GQL status. Met on its own only as the `cause` of another error (Bolt 5.7 and later).
 */
export class GQLError extends Error {
  /** Five characters, for example `'42N51'`; `'50N42'` when nothing better is known. */
  declare gqlStatus: string
  /** The text which GQL defines for the status. */
  declare gqlStatusDescription: string
  /** The circumstances, as the server tells them. */
  declare diagnosticRecord: DiagnosticRecord | undefined
  /** From the diagnostic record; `'UNKNOWN'` when it is missing there or not one of the known words. */
  declare classification: ErrorClassification
  /** The classification in the server's own word. */
  declare rawClassification?: string
  /** The error behind this one; a GQLError where it comes from the server (Bolt 5.7 or newer). */
  declare cause?: Error

  /**
   * @param message what went wrong
   * @param gqlStatus the GQL status, five characters
   * @param gqlStatusDescription the text of the status
   * @param diagnosticRecord circumstances, if known
   * @param cause the error behind this one, if any
   */
  constructor(
    message: string,
    gqlStatus: string,
    gqlStatusDescription: string,
    diagnosticRecord?: DiagnosticRecord,
    cause?: Error,
  ) {
    // An error with a cause gets it from Error, not enumerable; one without shows `cause: undefined`.
    if (cause != null) super(message, { cause })
    else super(message)
    this.constructor = new.target
    this.cause = cause ?? undefined
    this.gqlStatus = gqlStatus
    this.gqlStatusDescription = gqlStatusDescription
    this.diagnosticRecord = diagnosticRecord
    this.classification = classify(diagnosticRecord?._classification)
    this.rawClassification = diagnosticRecord?._classification ?? undefined
    this.name = 'GQLError'
  }

  /** Whether this error or one of its causes has the given GQL status. */
  containsGqlCause(gqlStatus: string): boolean {
    return this.findByGqlStatus(gqlStatus) !== undefined
  }

  /** This error or the nearest of its causes which has the given GQL status. */
  findByGqlStatus(gqlStatus: string): GQLError | Neo4jError | undefined {
    let error: unknown = this
    while (error instanceof GQLError) {
      if (error.gqlStatus === gqlStatus) return error
      error = error.cause
    }
    return undefined
  }

  /** The diagnostic record as JSON, to be read by people. */
  get diagnosticRecordAsJsonString(): string {
    return stringify(this.diagnosticRecord, { useCustomToString: true }) as string
  }
}

/**
 * Everything that goes wrong in the driver or in the server is reported as a Neo4jError.
 *
 * @example
 * try {
 *   await driver.executeQuery('RETURN 1 / 0')
 * } catch (error) {
 *   if (error instanceof neo4j.Neo4jError) console.log(error.code) // Neo.ClientError.Statement.ArithmeticError
 * }
 */
export class Neo4jError extends GQLError {
  /** The server's code (`Neo.ClientError...`), or one of the driver's own; `'N/A'` when there is none. */
  declare code: string
  /** @deprecated the older spelling of {@link Neo4jError.retryable} */
  declare retriable: boolean
  /**
   * Whether running the whole transaction again may succeed and cannot commit twice.
   * Says nothing about auto-commit queries.
   */
  declare retryable: boolean

  /**
   * @param message what went wrong
   * @param code the server's code or one of the driver's own
   * @param gqlStatus the GQL status, five characters
   * @param gqlStatusDescription the text of the status
   * @param diagnosticRecord circumstances, if known
   * @param cause the error behind this one, if any
   */
  constructor(
    message: string,
    code: Neo4jErrorCode,
    gqlStatus: string,
    gqlStatusDescription: string,
    diagnosticRecord?: DiagnosticRecord,
    cause?: Error,
  ) {
    super(message, gqlStatus, gqlStatusDescription, diagnosticRecord, cause)
    const retryable = isRetryableCode(code)
    this.name = 'Neo4jError'
    this.code = code
    this.retriable = retryable
    this.retryable = retryable
  }

  /** @deprecated the older spelling of {@link Neo4jError.isRetryable} */
  static isRetriable(error?: unknown): boolean {
    return isRetryableError(error)
  }

  /** Whether a value is a Neo4jError whose transaction is worth running again. */
  static isRetryable(error?: unknown): boolean {
    return isRetryableError(error)
  }
}

/**
 * Makes an error of the driver itself.
 *
 * @param code default: `'N/A'`
 * @param gqlStatus default: `'50N42'`, general processing exception
 */
export function newError(
  message: string,
  code?: Neo4jErrorCode,
  cause?: Error,
  gqlStatus?: string,
  gqlStatusDescription?: string,
  diagnosticRecord?: DiagnosticRecord,
): Neo4jError {
  return new Neo4jError(
    message,
    code ?? NOT_AVAILABLE,
    gqlStatus ?? GENERAL_STATUS,
    gqlStatusDescription ?? GENERAL_DESCRIPTION + message,
    diagnosticRecord ?? defaultDiagnosticRecord,
    cause,
  )
}

/**
 * Makes an error which is to be the cause of another.
 *
 * @param gqlStatus default: `'50N42'`, general processing exception
 */
export function newGQLError(
  message: string,
  cause?: Error,
  gqlStatus?: string,
  gqlStatusDescription?: string,
  diagnosticRecord?: DiagnosticRecord,
): GQLError {
  return new GQLError(
    message,
    gqlStatus ?? GENERAL_STATUS,
    gqlStatusDescription ?? GENERAL_DESCRIPTION + message,
    diagnosticRecord ?? defaultDiagnosticRecord,
    cause,
  )
}

/**
 * Whether a value is a Neo4jError whose transaction is worth running again: the server or the way to it was lost,
 * the failure was transient, or the authorization has to be renewed.
 *
 * @example
 * const attempts = neo4j.isRetryableError(error) ? 3 : 1
 */
export function isRetryableError(error?: unknown): boolean {
  return error instanceof Neo4jError && error.retryable
}

/** @deprecated the older spelling of {@link isRetryableError} */
export function isRetriableError(error?: unknown): boolean {
  return isRetryableError(error)
}

/**
 * What a FAILURE carries, decoded. `code` up to Bolt 5.6, `neo4j_code` and the GQL part from 5.7 on.
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
 * Makes the error of a failed request. It has no frames of its own: those of the engine's callback would tell nobody
 * anything, see {@link attachCallStack}.
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

/** Of an address that no socket can have. It is what Node throws, and so the official driver. */
function badPort(message: string): RangeError {
  return Object.assign(new RangeError(message), { code: BAD_PORT })
}

/** The engine's code. */
const BAD_PORT = 'ERR_SOCKET_BAD_PORT'

/**
 * Marks the error of a commit that the server may have done or not: to run the transaction again might do it twice.
 * @internal
 */
export function leaveInDoubt(error: Neo4jError): void {
  error.retriable = false
  error.retryable = false
}

/**
 * Takes that back for a transaction that has only read, which may be run again as often as one likes.
 * @internal
 */
export function resolveDoubt(error: unknown): void {
  if (!(error instanceof Neo4jError) || error.retryable) return
  const retryable = isRetryableCode(error.code)
  error.retriable = retryable
  error.retryable = retryable
}

/**
 * What an application's code has thrown, as the reason of a failure: null and undefined are none, and would be taken for the lack of one.
 * @internal
 */
export function reasonOf(thrown: unknown): Error {
  return (thrown ?? newError(`${thrown} was thrown`)) as Error
}

/**
 * The error for something of a server's that the driver has failed to make sense of. What was an error of the driver's own already stays it.
 * @internal
 */
export function unreadable(what: string, error: unknown): Neo4jError {
  if (error instanceof Neo4jError) return error
  const reason = error instanceof Error ? error.message : typeof error
  return newError(`The server has sent a ${what} that cannot be read: ${reason}`, PROTOCOL_ERROR, error as Error)
}

/**
 * Running it again makes sense after all, whatever the code says.
 * @internal
 */
export function setRetryable(error: Neo4jError): void {
  error.retryable = true
  error.retriable = true
}

/**
 * Where the user called the driver, not yet turned into text.
 * @internal
 */
export interface CallStack {
  readonly stack?: string
}

/**
 * For a call whose failure gets its frames later, from {@link captureMissingStack}.
 * @internal
 */
export const NO_CALL_STACK: CallStack = Object.freeze({})

/**
 * Remembers who is calling. Costs about a third of an Error whose stack is read: the frames stay unformatted until
 * {@link attachCallStack} needs them.
 *
 * @param below the driver's function which the user has called; frames start with its caller
 * @internal
 */
export function captureCallStack(below: (...args: never[]) => unknown): CallStack {
  // Some runtimes, and realms that have been locked down, have no such function: their frames begin with the driver's own.
  if (typeof Error.captureStackTrace !== 'function') return new Error()
  const stack = {}
  Error.captureStackTrace(stack, below)
  return stack
}

/**
 * Gives an error the frames of whoever awaits this very function.
 * @internal
 */
export function captureStack(error: unknown): void {
  if (error instanceof Error) capture(error, captureStack)
}

/**
 * As {@link captureStack}, for an error of {@link failureFrom} that nobody has done it for yet: one of the engine belongs to no call in
 * JavaScript. To be called after an `await` has failed; costs nothing where none does.
 * @internal
 */
export function captureMissingStack(error: unknown): void {
  if (unplaced.has(error as Error)) capture(error as Error, captureMissingStack)
}

/**
 * Gives an error the frames of the call which it answers, so that its stack names the function which ran the query.
 * @internal
 */
export function attachCallStack(error: Error, call: CallStack): void {
  try {
    const { stack } = call
    // A custom Error.prepareStackTrace may return anything, and so may throw what an application gives the driver to call.
    if (typeof stack !== 'string' || !(error instanceof Error)) return
    const frames = stack.indexOf('\n')
    if (frames === -1) return
    error.stack = `${error}${stack.slice(frames)}`
    unplaced.delete(error)
  } catch {
    // A frozen error, one that cannot be turned into text, or a prepareStackTrace that throws: it keeps what it has.
  }
}

/** @param below the function of this module that the frames leave out */
function capture(error: Error, below: (error: unknown) => void): void {
  if (!Object.isExtensible(error)) return
  if (typeof Error.captureStackTrace === 'function') Error.captureStackTrace(error, below)
  else attachCallStack(error, new Error())
  unplaced.delete(error)
}

function limitStacks(limit: number): void {
  // Not by an assignment, which throws where Error is frozen (--frozen-intrinsics, SES): there it just costs a stack.
  Reflect.set(Error, 'stackTraceLimit', limit)
}

/**
 * Errors of the engine that have not got the frames of a call. They are remembered, not told by their stack: that has the engine's frames where
 * they cannot be left out, and any form that a custom Error.prepareStackTrace gives it.
 */
const unplaced = new WeakSet<Error>()

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
    // The engine has made sure of code and text; what else there is may be anything, such as a structure that throws when touched.
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

/** Servers before 5.0 call two failures transient which are not: the user has ended the transaction. */
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

function isRetryableCode(code: string | undefined): boolean {
  return (
    code === SERVICE_UNAVAILABLE ||
    code === SESSION_EXPIRED ||
    code === 'Neo.ClientError.Security.AuthorizationExpired' ||
    code?.includes('TransientError') === true
  )
}

function classify(word: string | undefined): ErrorClassification {
  switch (word) {
    case 'DATABASE_ERROR':
    case 'CLIENT_ERROR':
    case 'TRANSIENT_ERROR':
      return word
    default:
      return 'UNKNOWN'
  }
}

const GENERAL_STATUS = '50N42'
const GENERAL_DESCRIPTION = 'error: general processing exception - unexpected error. '
