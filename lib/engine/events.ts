/** Turns the payloads of events into servers and log lines. */

import { codeOf, errorFrom } from '../error/failure.js'
import { type Phrase, textOf } from '../error/texts.js'
import { ProtocolVersion } from '../types/protocol-version.js'
import { stringify } from '../util/json.js'
import type { Server } from './response-handler.js'

export function serverOf([address, agent, major, minor]: unknown[]): Server {
  return {
    address: address as string,
    agent: agent as string,
    protocolVersion: new ProtocolVersion(Number(major), Number(minor)),
  }
}

/** Joins text and values, which alternate. */
export function line(parts: unknown[]): string {
  return parts.map((part, index) => (index % 2 === 0 ? part : stringify(part))).join('')
}

/**
 * A line that ends with the text of a phrase.
 *
 * @param users the same with the user's integers
 */
export function phraseLine([start, shown, said]: unknown[], [, , users]: unknown[]): string {
  return `${start} ${SHOWN[Number(shown)]?.(said as Phrase, users as Phrase)}`
}

/** The ways to show a phrase: `Shown` in src/driver/log/mod.rs. */
const SHOWN: readonly ((said: Phrase, users: Phrase) => string)[] = [
  textOf,
  (said) => `Neo4jError: ${textOf(said)}`,
  (said) => `${codeOf(said)} '${textOf(said)}'`,
  (said, users) => {
    const error = errorFrom(said, users)
    return `${error} (${stringify(error)})`
  },
]
