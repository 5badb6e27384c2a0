/**
 * Each user's last known home database. With server-side routing, that is enough to start with: a wrong
 * server forwards the query, and names the database.
 */

import type { AuthToken } from '../auth/auth.js'
import type { Home } from '../engine/request.js'
import { canonical } from '../util/canonical.js'
import { stringify } from '../util/json.js'

/** The home databases of a driver's users. The least recently used ones are dropped. */
export class HomeDatabaseCache {
  readonly #limit: number
  // Entries change in place: constant additions to and deletions from a Map keep the collector busy.
  readonly #names = new Map<string, { name: string; used: number }>()
  #clock = 0

  constructor(limit = MOST_USERS) {
    this.#limit = limit
  }

  /** The home of one user. */
  of(user: string): Home {
    return { guess: this.get(user), resolved: (name) => this.set(user, name) }
  }

  get(user: string): string | null {
    const entry = this.#names.get(user)
    if (entry === undefined) return null
    entry.used = ++this.#clock
    return entry.name
  }

  set(user: string, name: string): void {
    const entry = this.#names.get(user)
    if (entry !== undefined) {
      entry.name = name
      entry.used = ++this.#clock
      return
    }
    this.#names.set(user, { name, used: ++this.#clock })
    if (this.#names.size > this.#limit) this.#forgetSome()
  }

  /** A tenth at once, so that the search for them is rare. */
  #forgetSome(): void {
    const users = [...this.#names].sort(([, a], [, b]) => a.used - b.used)
    for (const [user] of users.slice(0, Math.ceil(this.#limit / 10))) this.#names.delete(user)
  }
}

/** Identifies a user, as far as home databases go. Contains no credentials. */
export function userKey(auth: AuthToken | undefined, impersonatedUser: string | null): string {
  if (impersonatedUser !== null) return `basic:${impersonatedUser}`
  if (auth === undefined) return 'DEFAULT'
  switch (auth.scheme) {
    case 'basic':
      return `basic:${auth.principal ?? ''}`
    case 'kerberos':
    case 'bearer':
      return `${auth.scheme}:${digest(String(auth.credentials))}`
    case 'none':
      return 'none'
    default:
      return digest(jsonOf(auth) ?? '')
  }
}

/**
 * A token that cannot be encoded cannot be sent either; the request then fails with an error that names the
 * place.
 */
function jsonOf(auth: AuthToken): string | undefined {
  try {
    return stringify(canonical(auth))
  } catch {
    return undefined
  }
}

/**
 * The same text has the same digest while this process lives. An attacker who reads a stored digest
 * cannot test guesses against it.
 */
function digest(text: string): string {
  const { createHmac, randomBytes } = require('node:crypto') as typeof import('node:crypto')
  key ??= randomBytes(32)
  return createHmac('sha256', key).update(text).digest('base64')
}

let key: Buffer | undefined

const MOST_USERS = 10_000
