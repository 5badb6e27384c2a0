/** What a request tells the engine, in the layout that src/driver/query/request.rs describes at its top. */

import type { Encoder } from '../codec/encoder.js'
import { PARAMETER_FLAGS } from '../codec/shared-constants.js'
import type { CheckedQuery, TransactionSettings } from '../query/query.js'
import { assertString } from '../types/check.js'
import { Integer } from '../types/integer.js'
import { canonical } from '../util/canonical.js'
import { stringify } from '../util/json.js'
import { OPTIONS } from './shared-constants.js'

/** Where the queries of a session run, and as which user. */
export interface Target {
  /** null = the user's home database */
  readonly database: string | null
  /** Not checked yet: a value that is not text is refused when the request is to be sent. */
  readonly impersonatedUser: string | null
  /** The token of another user than the driver's. */
  readonly auth?: object | undefined
  /** Records for each PULL, -1 = all. */
  readonly fetchSize: number
  readonly notifications: NotificationSettings | undefined
}

/** What the server is not to notify about. Not checked: the server says what is wrong with it. */
export interface NotificationSettings {
  readonly minimumSeverityLevel?: string
  readonly disabledCategories?: readonly string[]
  readonly disabledClassifications?: readonly string[]
}

/** Which database is the home of a user. */
export interface Home {
  /** The name it had the last time; null = not known */
  readonly guess: string | null
  /** The server has named the home database. */
  resolved(name: string): void
}

/** How a transaction starts. */
export interface Start {
  readonly mode: 'READ' | 'WRITE'
  readonly bookmarks: readonly string[]
  readonly settings: TransactionSettings
  /** The part of the API in use, for the server's statistics; {@link NO_TELEMETRY} = send none. */
  readonly telemetry: number
  /** Receives the name of the home database; null = a direct driver, or the target names a database. */
  readonly home: Home | null
  /** The bookmarks for a router, if one is asked; null = the same bookmarks. */
  readonly routerBookmarks: readonly string[] | null
}

export const NO_TELEMETRY = -1

const OPTIONS_COUNT = Object.keys(OPTIONS).length

/**
 * The start of an auto-commit query or of a transaction: {@link OPTIONS}, in their order.
 *
 * @throws TypeError if the impersonated user is not text
 * @throws Neo4jError, RangeError or what a getter throws, if a setting cannot be encoded
 */
export function writeOptions(out: Encoder, target: Target, start: Start): void {
  const { bookmarks, settings } = start
  out.listHeader(OPTIONS_COUNT)
  out.string(start.mode === 'READ' ? 'r' : 'w')
  writeText(out, target.database)
  const user = target.impersonatedUser
  writeText(out, user === null || typeof user === 'string' ? user : String(assertString(user, 'impersonatedUser')))
  writeTexts(out, bookmarks)
  out.named(settings.timeout, 'timeout')
  out.named(settings.metadata, 'metadata')
  writeNotifications(out, target.notifications)
  writeFetchSize(out, target.fetchSize)
  out.int(start.telemetry)
  if (target.auth === undefined) out.null()
  else writeToken(out, target.auth, 'auth')
  writeText(out, start.home === null ? null : start.home.guess)
  if (start.routerBookmarks === null) out.null()
  else writeTexts(out, start.routerBookmarks)
  // What the metadata contain is not a parameter of the query.
  out.flags = 0
  out.zoneOffsets.length = 0
}

/**
 * Writes a token, and leaves nothing of it in the encoder's memory.
 *
 * @param name how the path in an error message begins
 */
export function writeToken(out: Encoder, token: object | null, name: string): void {
  out.secret = true
  out.named(canonical(token), name, true)
}

/** The start of a query in a transaction. */
export function writeOptionsIn(out: Encoder, fetchSize: number): void {
  out.listHeader(1)
  writeFetchSize(out, fetchSize)
}

/** A size beyond 64 bits is written as the largest number. */
function writeFetchSize(out: Encoder, fetchSize: number): void {
  if (fetchSize < 2 ** 63) out.int(fetchSize)
  else out.value(Integer.MAX_VALUE)
}

function writeTexts(out: Encoder, texts: readonly string[]): void {
  out.listHeader(texts.length)
  for (const text of texts) out.string(text)
}

function writeText(out: Encoder, text: string | null): void {
  if (text === null) out.null()
  else out.string(text)
}

/** Also a part of the settings that a driver gives to the engine once. */
export function writeNotifications(out: Encoder, settings: NotificationSettings | undefined): void {
  if (settings === undefined) {
    out.null()
    return
  }
  out.listHeader(3)
  out.named(settings.minimumSeverityLevel || null, 'notificationFilter.minimumSeverityLevel')
  const list = settings.disabledClassifications ? 'disabledClassifications' : 'disabledCategories'
  out.named(settings[list] || null, `notificationFilter.${list}`)
  // For the message when a server that has no filters refuses them.
  out.string(shown(settings))
}

function shown(settings: NotificationSettings): string {
  try {
    return stringify(settings) ?? ''
  } catch {
    // Part of it is not sent, and fails when it is read.
    return ''
  }
}

/** @returns the flags to call the engine with */
export function writeQuery(out: Encoder, query: CheckedQuery): number {
  out.string(query.text)
  out.parameters(query.parameters)
  if ((out.flags & PARAMETER_FLAGS.ZONED_DATE_TIMES) !== 0) {
    // For servers that expect local time instead of UTC: the offset of each date-time with a zone, in order.
    out.listHeader(out.zoneOffsets.length)
    for (const offset of out.zoneOffsets) out.int(offset)
  }
  return out.flags
}
