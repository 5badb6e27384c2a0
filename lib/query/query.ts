/**
 * Queries, their parameters and the settings of a transaction: checked, with the official texts of
 * errors, and put into one form.
 */

import { newError } from '../error/neo4j-error.js'
import type { Logger } from '../log/logger.js'
import { mappedParameters, type Rules } from '../mapping/mapping.js'
import { type Integer, int, isInt } from '../types/integer.js'
import { stringify } from '../util/json.js'

/** A query: its text, or its text with its parameters and the rules for them. */
export type Query =
  | string
  // biome-ignore lint/complexity/noBannedTypes: the official type takes String objects too
  | String
  | {
      /** Must not be empty. */
      text: string
      /** Any object. Default: none. */
      parameters?: QueryParameters
      /** How to check and convert the parameters. Default: the rules registered for their class, if any. */
      parameterRules?: Rules
    }

/** The parameters of a query: any object, including interfaces and class instances. */
// biome-ignore lint/suspicious/noExplicitAny: an interface does not fit into a type with an index signature
export type QueryParameters = any

/** The values of a query's parameters, by name. */
export interface Parameters {
  // biome-ignore lint/suspicious/noExplicitAny: as in the official types, a parameter has the type the user gives it
  [key: string]: any
}

/** Settings of one transaction. */
export interface TransactionConfig {
  /**
   * Milliseconds after which the server ends the transaction; a fraction is rounded up. 0 = no limit.
   * Default: the server's own setting.
   */
  timeout?: number | Integer | bigint
  /** The server shows it wherever it lists transactions and queries. */
  metadata?: object
}

/**
 * Milliseconds or nothing, and metadata or nothing.
 * @internal
 */
export interface TransactionSettings {
  readonly timeout: Integer | null
  readonly metadata: object | null
}

/**
 * A query in the one form that the rest of the driver uses.
 * @internal
 */
export interface CheckedQuery {
  readonly text: string
  readonly parameters: Parameters
}

/**
 * @throws TypeError if the query is not text, or the parameters are not an object
 * @throws Neo4jError if there are rules for parameters beside a query that is an
 * object, or if a parameter is missing
 * @throws whatever a rule throws
 * @internal
 */
export function checkedQuery(query: unknown, parameters?: unknown, parameterRules?: Rules | null): CheckedQuery {
  let text: unknown = ''
  let values = parameters
  let rules = parameterRules
  if (typeof query === 'string') {
    text = query
  } else if (query instanceof String) {
    text = query.toString()
  } else if (typeof query === 'object' && query !== null && (query as { text?: unknown }).text != null) {
    text = (query as { text: unknown }).text
    if (parameterRules != null) throw newError(RULES_BESIDE_QUERY)
    values = (query as { parameters?: unknown }).parameters
    rules = (query as { parameterRules?: Rules }).parameterRules
  }
  values = mappedParameters(values ?? {}, rules)
  if (typeof text !== 'string' && !(text instanceof String)) {
    throw new TypeError(`"Cypher query" expected to be string but was: ${stringify(text)}`)
  }
  if (text.trim().length === 0) throw new TypeError('Cypher query is expected to be a non-empty string.')
  if (!isObject(values)) {
    const kind = (values as object).constructor != null ? ` ${(values as object).constructor.name}` : ''
    throw new TypeError(
      `Query parameters are expected to either be undefined/null or an object, given:${kind} ${stringify(values)}`,
    )
  }
  return { text: text.toString(), parameters: values as Parameters }
}

/**
 * @throws TypeError if a setting is of the wrong type
 * @throws Neo4jError if the timeout is negative
 * @internal
 */
export function checkedSettings(config: unknown, log?: Logger): TransactionSettings {
  if (config == null) return NO_SETTINGS
  if (!isObject(config)) {
    throw new TypeError(`Transaction config expected to be an object but was: ${stringify(config)}`)
  }
  const { timeout, metadata } = config as { timeout?: unknown; metadata?: unknown }
  return { timeout: checkedTimeout(timeout, log), metadata: checkedMetadata(metadata) }
}

/**
 * A transaction as the server runs it by default.
 * @internal
 */
export const NO_SETTINGS: TransactionSettings = Object.freeze({ timeout: null, metadata: null })

const RULES_BESIDE_QUERY =
  'When using a Query object, parameterRules should be present in the object and not in a separate argument.'

function checkedTimeout(timeout: unknown, log: Logger | undefined): Integer | null {
  if (timeout == null) return null
  if (typeof timeout !== 'number' && typeof timeout !== 'bigint' && !isInt(timeout)) {
    throw new TypeError(
      `Transaction timeout expected to be either a number or an Integer object but was: ${stringify(timeout)}`,
    )
  }
  if (typeof timeout === 'number' && !Number.isInteger(timeout)) {
    log?.info(`Transaction timeout expected to be an integer, got: ${timeout}. The value will be rounded up.`)
  }
  const milliseconds = int(typeof timeout === 'number' ? Math.ceil(timeout) : timeout)
  if (milliseconds.isNegative()) throw newError('Transaction timeout should not be negative')
  return milliseconds
}

function checkedMetadata(metadata: unknown): object | null {
  if (metadata == null) return null
  if (!isObject(metadata)) {
    throw new TypeError(`config.metadata expected to be an object but was: ${stringify(metadata)}`)
  }
  return Object.keys(metadata as object).length === 0 ? null : (metadata as object)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
