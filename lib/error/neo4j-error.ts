/**
 * The errors that a user sees: their classes, codes and GQL statuses, and which of them are worth a retry.
 */

// An Integer throws a Neo4jError, whose public type has Integers in it, as in the official driver.
// biome-ignore lint/suspicious/noImportCycles: see above
// biome-ignore lint/style/noRestrictedImports: see above
import type { Integer } from '../types/integer.js'
import { stringify } from '../util/json.js'

/** The server cannot be reached. Value of {@link Neo4jError.code}. */
export const SERVICE_UNAVAILABLE: string = 'ServiceUnavailable'

/** The server of this work can no longer do it; another server may. Value of {@link Neo4jError.code}. */
export const SESSION_EXPIRED: string = 'SessionExpired'

/** Bytes that the Bolt protocol does not allow at that point. Value of {@link Neo4jError.code}. */
export const PROTOCOL_ERROR: string = 'ProtocolError'

/** The code of an error that has none. */
export const NOT_AVAILABLE: string = 'N/A'

/** Any text is accepted. These are the codes of the driver itself. */
type Neo4jErrorCode = typeof SERVICE_UNAVAILABLE | typeof SESSION_EXPIRED | typeof PROTOCOL_ERROR | typeof NOT_AVAILABLE

/**
 * The category of an error: the client must act, the database's operator must act, or the error is temporary.
 */
export type ErrorClassification = 'DATABASE_ERROR' | 'CLIENT_ERROR' | 'TRANSIENT_ERROR' | 'UNKNOWN'

/** GQL's details of a status. The server may add keys of its own. */
export interface DiagnosticRecord {
  /** The GQL operation, empty if unknown. */
  OPERATION: string
  /** The GQL code of the operation, `'0'` if unknown. */
  OPERATION_CODE: string
  /** The schema in use, `'/'` by default. */
  CURRENT_SCHEMA: string
  /** The severity of a notification, in the server's word. */
  _severity?: string
  /** The category of an error, or the subject of a notification, in the server's word. */
  _classification?: string
  /** The place in the query: offset from 0; line and column from 1. */
  _position?: {
    offset: number | Integer | bigint
    line: number | Integer | bigint
    column: number | Integer | bigint
  }
  /** The values in the status's text, by name. */
  _status_parameters?: globalThis.Record<string, unknown>
  /** Whether the server promises that the failed request changed nothing. */
  _idempotent?: boolean
  [key: string]: unknown
}

/** The record for a status that has none. */
export const defaultDiagnosticRecord: Readonly<DiagnosticRecord> = Object.freeze({
  OPERATION: '',
  OPERATION_CODE: '0',
  CURRENT_SCHEMA: '/',
})

/**
 * An error with a GQL status. By itself it occurs only as the `cause` of another error (Bolt 5.7 and later).
 */
export class GQLError extends Error {
  /** Five characters, for example `'42N51'`; `'50N42'` if nothing better is known. */
  declare gqlStatus: string
  /** GQL's text for the status. */
  declare gqlStatusDescription: string
  /** The details, from the server. */
  declare diagnosticRecord: DiagnosticRecord | undefined
  /** From the diagnostic record; `'UNKNOWN'` if it is missing there or not one of the known words. */
  declare classification: ErrorClassification
  /** The classification in the server's own word. */
  declare rawClassification?: string
  /** The error behind this one; a GQLError if it comes from the server (Bolt 5.7 or newer). */
  declare cause?: Error

  /**
   * @param message what went wrong
   * @param gqlStatus the GQL status, five characters
   * @param gqlStatusDescription the text of the status
   * @param diagnosticRecord details, if known
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

  /** This error or the nearest of its causes with the given GQL status. */
  findByGqlStatus(gqlStatus: string): GQLError | Neo4jError | undefined {
    let error: unknown = this
    while (error instanceof GQLError) {
      if (error.gqlStatus === gqlStatus) return error
      error = error.cause
    }
    return undefined
  }

  /** The diagnostic record as JSON, for people to read. */
  get diagnosticRecordAsJsonString(): string {
    return stringify(this.diagnosticRecord, { useCustomToString: true }) as string
  }
}

/**
 * The error for a failure of the driver or of the server.
 *
 * @example
 * try {
 *   await driver.executeQuery('RETURN 1 / 0')
 * } catch (error) {
 *   if (error instanceof neo4j.Neo4jError) console.log(error.code) // Neo.ClientError.Statement.ArithmeticError
 * }
 */
export class Neo4jError extends GQLError {
  /** The server's code (`Neo.ClientError...`), or one of the driver's own; `'N/A'` if there is none. */
  declare code: string
  /** @deprecated the older spelling of {@link Neo4jError.retryable} */
  declare retriable: boolean
  /**
   * Whether a retry of the whole transaction may succeed and cannot commit twice. Says
   * nothing about auto-commit queries.
   */
  declare retryable: boolean

  /**
   * @param message what went wrong
   * @param code the server's code or one of the driver's own
   * @param gqlStatus the GQL status, five characters
   * @param gqlStatusDescription the text of the status
   * @param diagnosticRecord details, if known
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

  /** Whether a value is a Neo4jError whose transaction is worth a retry. */
  static isRetryable(error?: unknown): boolean {
    return isRetryableError(error)
  }
}

/**
 * Creates an error of the driver itself.
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
 * Creates an error that becomes the cause of another.
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
 * Whether a value is a Neo4jError whose transaction is worth a retry: the connection was lost, the failure
 * was transient, or the authorization must be renewed.
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

export function isRetryableCode(code: string | undefined): boolean {
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
