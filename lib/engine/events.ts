/** What the payloads of events become: servers, and the lines of a log. */

import { failureFrom } from '../error/failure.js'
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

/** Text and values in turns. */
export function line(parts: unknown[]): string {
  return parts.map((part, index) => (index % 2 === 0 ? part : stringify(part))).join('')
}

export function brokenLine([start, code, message, metadata]: unknown[]): string {
  const error = failureFrom(code as string | null, message as string | null, metadata as object | null)
  return `${start}experienced a fatal error caused by ${error} (${stringify(error)})`
}
