/**
 * Log levels, and the log of a driver.
 */

import { newError } from '../error/neo4j-error.js'

/** From the least to the most verbose: `error`, `warn`, `info`, `debug`. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

/** Receives the lines of a log. */
export type LoggerFunction = (level: LogLevel, message: string) => unknown

/**
 * Where log lines go, and which ones. At `'debug'` the driver logs connections, the pool and every
 * message, but never credentials.
 */
export interface LoggingConfig {
  /** The most verbose level to log. Default: `'info'`. */
  level?: LogLevel
  /** Called for each line. If it throws when the driver calls it, the process gets a warning, once. */
  logger: LoggerFunction
  /**
   * Show parameters and records in debug lines, instead of `{ ... }`. A value of more than 64 KB
   * never appears. Default: false.
   */
  unredactDebugLogs?: boolean
}

/** Ready-made settings for {@link LoggingConfig}. */
export const logging = {
  /**
   * Writes lines to the console: milliseconds since 1970, the level and the message.
   *
   * @param level the most verbose level to write. Default: `'info'`
   * @example
   * const driver = neo4j.driver(url, auth, { logging: neo4j.logging.console('debug') })
   */
  console: (level: LogLevel, unredactDebugLogs?: boolean) => ({
    level,
    logger: (level: LogLevel, message: string) => console.log(`${Date.now()} ${level.toUpperCase()} ${message}`),
    unredactDebugLogs,
  }),
}

/**
 * The log of a driver. Ask before building an expensive line: `if (log.isEnabled('debug')) log.debug(...)`.
 * @internal
 */
export class Logger {
  readonly #rank: number
  readonly #write: LoggerFunction
  /** Whether debug lines may show parameters and records. */
  readonly unredactDebugLogs: boolean

  constructor(level: LogLevel | null, write: LoggerFunction, unredactDebugLogs = false) {
    this.#rank = level === null ? -1 : LEVELS[level]
    this.#write = write
    this.unredactDebugLogs = unredactDebugLogs
  }

  /**
   * The log that a driver's configuration asks for. It drops everything if the configuration asks for none.
   *
   * @throws Neo4jError if there is no such level, or the logger is no function
   */
  static create(config: { logging?: LoggingConfig | null }): Logger {
    const { logging } = config
    if (logging == null) return NO_LOG
    const level = logging.level ?? 'info'
    if (!Object.hasOwn(LEVELS, level)) {
      throw newError(`Illegal logging level: ${level}. Supported levels are: ${Object.keys(LEVELS)}`)
    }
    if (typeof logging.logger !== 'function') {
      throw newError(`Illegal logger function: ${(logging.logger as unknown)?.toString() ?? 'undefined'}`)
    }
    return new Logger(level, logging.logger, logging.unredactDebugLogs ?? false)
  }

  /** A log that drops everything. */
  static noOp(): Logger {
    return NO_LOG
  }

  /** The most verbose level to pass on: 0 = error … 3 = debug; -1 = none. */
  get rank(): number {
    return this.#rank
  }

  /** Passes a line on, of a level as a number. */
  write(rank: number, message: string): void {
    if (rank <= this.#rank) this.#write(NAMES[rank], message)
  }

  isEnabled(level: LogLevel): boolean {
    return this.#rank >= LEVELS[level]
  }

  isErrorEnabled(): boolean {
    return this.#rank >= 0
  }

  isWarnEnabled(): boolean {
    return this.#rank >= 1
  }

  isInfoEnabled(): boolean {
    return this.#rank >= 2
  }

  isDebugEnabled(): boolean {
    return this.#rank >= 3
  }

  error(message: string): void {
    if (this.isErrorEnabled()) this.#write('error', message)
  }

  warn(message: string): void {
    if (this.isWarnEnabled()) this.#write('warn', message)
  }

  info(message: string): void {
    if (this.isInfoEnabled()) this.#write('info', message)
  }

  debug(message: string): void {
    if (this.isDebugEnabled()) this.#write('debug', message)
  }
}

const LEVELS = { error: 0, warn: 1, info: 2, debug: 3 }
const NAMES = Object.keys(LEVELS) as LogLevel[]
const NO_LOG = new Logger(null, () => undefined)
