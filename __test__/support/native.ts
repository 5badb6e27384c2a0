/**
 * The addon without the facade, for tests of the boundary. Requests are built with the tests' own codec. Of
 * each delivered event, only the id and the kind are read.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from './drivers.js'
import { encode } from './packstream.cjs'

interface Transaction {
  run(id: number, request: Uint8Array, flags: number): void
  commit(id: number): void
  rollback(id: number): void
  reset(): void
}

export interface Driver {
  run(id: number, request: Uint8Array, flags: number): void
  begin(id: number, request: Uint8Array): Transaction
  next(id: number, pulls: number): void
  discard(id: number): void
  reset(id: number): void
  verify(id: number, database: string | null): void
  answer(question: number, answer: Uint8Array): boolean
  close(id: number): void
}

export const binding = createRequire(__filename)(join(root, 'native', 'binding.cjs')) as {
  NativeDriver: new (config: unknown, deliver: unknown) => Driver
  NativeTransaction: new () => Transaction
}

export interface Event {
  id: number
  kind: 'FIELDS' | 'RECORDS' | 'SUCCESS' | 'FAILURE' | 'SERVER' | 'QUESTION' | 'FORGOTTEN'
}

/** What has been delivered, in order. */
export class Deliveries {
  readonly events: Event[] = []
  readonly #waiting = new Map<number, (kind: Event['kind']) => void>()

  readonly deliver = (control: Buffer): void => {
    for (let at = 0; at + 16 <= control.length; ) {
      const id = control.readUInt32LE(at)
      const kind = KINDS[control.readUInt8(at + 4)] as Event['kind']
      // The payload follows, unless flag 0 says that it is an attachment; each event ends at a multiple of 4.
      const inline = (control.readUInt8(at + 5) & 1) === 0
      at += 16 + (inline ? (control.readUInt32LE(at + 12) + 3) & ~3 : 0)
      this.events.push({ id, kind })
      if (kind === 'SUCCESS' || kind === 'FAILURE') this.#waiting.get(id)?.(kind)
    }
  }

  /** How the request with this id ends. To be called before the request is made. */
  end(id: number): Promise<Event['kind']> {
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  /** How often the request with this id has ended: 1 is right. */
  ends(id: number): number {
    return this.events.filter((event) => event.id === id && (event.kind === 'SUCCESS' || event.kind === 'FAILURE'))
      .length
  }
}

export function config(port: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    host: '127.0.0.1',
    port,
    resolves: false,
    userAgent: 'neobolt-test/0',
    boltAgent: encode({ product: 'neobolt-test/0' }),
    auth: encode({ scheme: 'basic', principal: 'neo4j', credentials: 'x' }),
    notifications: encode(null),
    maxConnectionPoolSize: 10,
    minConnectionPoolSize: 0,
    idleTimeout: -1,
    connectionAcquisitionTimeout: 5000,
    connectionTimeout: 5000,
    maxConnectionLifetime: 3_600_000,
    maxMessageSize: 1_000_000,
    connectionLivenessCheckTimeout: -1,
    telemetryDisabled: true,
    logLevel: -1,
    logUnredacted: false,
    driverNumber: 0,
    ...more,
  }
}

/** A request for an auto-commit query, or without a query, for a BEGIN. */
export function request(query?: string, fetchSize = 1000): Buffer {
  const options = encode(['w', null, null, [], null, null, null, fetchSize, -1, null, null, null])
  return query === undefined ? options : Buffer.concat([options, encode(query), encode({})])
}

/** A request for a query in a transaction. */
export function inTransaction(query: string, fetchSize = 1000): Buffer {
  return Buffer.concat([encode([fetchSize]), encode(query), encode({})])
}

const KINDS = [undefined, 'FIELDS', 'RECORDS', 'SUCCESS', 'FAILURE', 'SERVER', 'QUESTION', 'FORGOTTEN', 'LOG'] as const
