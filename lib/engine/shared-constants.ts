/**
 * Numbers that TypeScript shares with the engine, where they stand in Rust.
 *
 * Do not edit: `cargo test --no-default-features shared_constants` writes this file.
 */

/** Kinds of events. */
export const EVENT_KINDS = {
  /** RUN succeeded. */
  FIELDS: 1,
  /** Records of a result. */
  RECORDS: 2,
  /** The request is done. */
  SUCCESS: 3,
  /** The request failed. */
  FAILURE: 4,
  /** A server is seen for the first time. */
  SERVER: 5,
  /** The engine has to know something of the application. */
  CALLBACK: 6,
  /** What is kept under this number is not referred to any more. */
  RELEASED: 7,
  /** A line for the log. */
  LOG: 8,
  /** The home database has a name. */
  HOME: 9,
} as const

/** Flags of events: bits. */
export const EVENT_FLAGS = {
  /** The payload is an attachment. */
  ATTACHED: 1,
  /** Of records: the server has given what the PULL asked for, and has more. */
  HAS_MORE: 1 << 1,
} as const

/** What a callback is about. */
export const CALLBACK_KINDS = {
  /** Which token is to be used now? Without a payload; the answer is the token. */
  TOKEN: 1,
  /** Which addresses stand for this one? The payload is the address; the answer is a list of them. */
  RESOLVE: 2,
  /**
   * Which certificates are to be trusted and shown now? The payload is the version held, 0 = none; the
   * answer is laid out in `net::tls`.
   */
  CERTIFICATES: 3,
  /**
   * The server has refused a token. The payload is the number under which that is kept, and the code.
   * Nobody waits for an answer, but one is kept.
   */
  DENIED: 4,
} as const

/** What the record of a log event consists of. */
export const LOG_KINDS = {
  /** Text and values in turns, text first. The values are the server's. */
  LINE: 0,
  /** The same, with values of the driver. */
  REQUEST: 1,
  /** The line so far, how what it ends with is shown, and the phrase for that. */
  FAILURE: 2,
} as const

/** The options at the front of a request, by their places in the list. */
export const OPTIONS = {
  /** `"r"` or `"w"` */
  ACCESS_MODE: 0,
  /** Null = the user's home database. */
  DATABASE: 1,
  /** Null = the user of the connection. */
  IMPERSONATED_USER: 2,
  /** A list of strings. */
  BOOKMARKS: 3,
  /** In milliseconds; null = the server's. */
  TIMEOUT: 4,
  /** A map, or null. */
  METADATA: 5,
  /** Null or `[minimum severity | null, disabled | null, as written]`. */
  NOTIFICATIONS: 6,
  /** Records for each PULL; -1 = all. */
  FETCH_SIZE: 7,
  /** The API that TELEMETRY reports; -1 = none. */
  TELEMETRY: 8,
  /** The token of a session's own user, or null. */
  AUTH: 9,
  /** What the home database was the last time, or null. */
  HOME: 10,
  /** Bookmarks for routers; null = the same. */
  ROUTER_BOOKMARKS: 11,
} as const
