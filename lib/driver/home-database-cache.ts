/**
 * Which database was the home of which user the last time. With servers that route by themselves, this is good enough to
 * begin with: a server which is the wrong one passes the query on, and names the database that it was.
 */

import type { AuthToken } from '../auth/auth.js'
import type { Home } from '../engine/request.js'
import { inOrder } from '../util/canonical.js'
import { stringify } from '../util/json.js'

/** What a driver knows of its users' home databases. Those that were of no use for the longest time are forgotten. */
export class HomeDatabases {
  readonly #limit: number
  // Entries change in place: a Map that is added to and deleted from all the time keeps the collector busy.
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

  /** A tenth, so that the search for them is rare. */
  #forgetSome(): void {
    const users = [...this.#names].sort(([, a], [, b]) => a.used - b.used)
    for (const [user] of users.slice(0, Math.ceil(this.#limit / 10))) this.#names.delete(user)
  }
}

/** What tells users apart, as far as their home databases go. Keeps nothing by which somebody could pass for them. */
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

/** A token that cannot be written down cannot be sent either, which the request says with the place. */
function jsonOf(auth: AuthToken): string | undefined {
  try {
    return stringify(inOrder(auth))
  } catch {
    return undefined
  }
}

/** The same text has the same digest while this process lives, and nobody can try texts out on one that was written down. */
function digest(text: string): string {
  const { createHmac, randomBytes } = require('node:crypto') as typeof import('node:crypto')
  key ??= randomBytes(32)
  return createHmac('sha256', key).update(text).digest('base64')
}

let key: Buffer | undefined

const MOST_USERS = 10_000
