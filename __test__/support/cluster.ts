/**
 * Servers that answer every request, alone or in a cluster: for tests of which server gets which request.
 * They handle the requests of every version and the form of a routing table. The test decides what is in a
 * table, and what goes wrong.
 */
import { type ClosedPort, holdPort } from './closed-port.js'
import {
  type Peer,
  type PeerConnection,
  type PeerOptions,
  record,
  type Step,
  startPeer,
  success,
} from './stub-server.js'
import { said, since, speaks } from './versions.js'

export type Reply = NonNullable<PeerOptions['reply']>

export interface Obligations {
  /** The records of a query. Default: one, of one column that holds 1. */
  rows?: (query: string) => unknown[][]
  /** The metadata at the end of its result. */
  summary?: (query: string) => Record<string, unknown>
  /**
   * The routing table for a database, null being the home database; steps in its place are played as they
   * are.
   */
  table?: (database: string | null, fields: unknown[], connection: PeerConnection) => Record<string, unknown> | Step[]
  /**
   * The database of a RUN or BEGIN that names none, which servers since 5.8 name at once. Default: they do
   * not.
   */
  home?: (extra: Record<string, unknown>, connection: PeerConnection) => string
}

/**
 * The answers of a server of this version that runs everything: records are sent as they are pulled, and
 * every COMMIT has a bookmark of its own.
 */
export function obliging(version: string, { rows, summary, table, home }: Obligations = {}): Reply {
  const connections = new Map<PeerConnection, { query: string; rest: unknown[][] }[]>()
  let commits = 0
  return (name, fields, connection) => {
    const results = connections.get(connection) ?? []
    connections.set(connection, results)
    const resolved = (extra: unknown): { db?: string } => {
      const found = extra as Record<string, unknown>
      return home === undefined || found.db != null ? {} : { db: home(found, connection) }
    }
    switch (name) {
      case 'BEGIN':
        return [success(resolved(fields[0]))]
      case 'ROLLBACK':
        return [success()]
      case 'COMMIT':
        return [success({ bookmark: `bookmark-${++commits}` })]
      case 'ROUTE': {
        const third = fields[2] as string | null | { db?: string }
        const found = table?.(typeof third === 'object' ? (third?.db ?? null) : third, fields, connection) ?? []
        return Array.isArray(found) ? found : [success({ rt: found })]
      }
      case 'RUN': {
        const query = fields[0] as string
        const qid = since(version, '4.0') ? { qid: results.length } : {}
        if (table !== undefined && /^CALL dbms\..*getRoutingTable/.test(query)) {
          const found = table((fields[1] as { database?: string | null }).database ?? null, fields, connection)
          if (Array.isArray(found)) return found
          results.push({ query, rest: [[found.ttl, found.servers]] })
          return [success({ fields: ['ttl', 'servers'], ...qid })]
        }
        const rest = [...(rows?.(query) ?? [[1]])]
        results.push({ query, rest })
        const columns = Array.from({ length: rest[0]?.length ?? 1 }, (_, i) => `c${i}`)
        return [success({ fields: columns, t_first: 5, ...qid, ...resolved(fields[2]) })]
      }
      case 'PULL':
      case 'DISCARD': {
        const { n = -1, qid = -1 } = (fields[0] ?? {}) as { n?: number; qid?: number }
        const result = results.at(qid)
        if (result === undefined) return undefined
        const taken = result.rest.splice(0, n === -1 ? result.rest.length : n)
        return [
          ...(name === 'PULL' ? taken.map((row) => record(...row)) : []),
          success(
            result.rest.length > 0
              ? { has_more: true }
              : { type: 'r', t_last: 7, db: 'neo4j', ...summary?.(result.query) },
          ),
        ]
      }
      default:
        return undefined
    }
  }
}

/** The servers of each role, by their names. */
export interface Roles {
  routers?: string[]
  readers?: string[]
  writers?: string[]
  /** Seconds; default 300. */
  ttl?: number
  /** The database, as servers since 4.4 name it. */
  db?: string
}

export interface Cluster {
  readonly peers: { readonly [name: string]: Peer }
  /** The address of a server. */
  address(name: string): string
  /** A table, as a router sends it. */
  table(roles: Roles): Record<string, unknown>
  /** What each server received, by its name. Resolves when the drivers have closed their connections. */
  told(): Promise<{ [name: string]: [name: string, ...fields: unknown[]][][] }>
  /** The names of the requests that each server got, housekeeping left out. */
  work(): { [name: string]: string[] }
  /** Addresses in texts are replaced by names. */
  named<T>(value: T): T
  stop(): Promise<void>
}

/**
 * Starts a cluster. Its servers speak one version.
 * @param replies the answers of each server, by its name; servers with a name that begins with `dead` do not
 *   exist
 */
export async function startCluster(
  version: string,
  names: readonly string[],
  replies: (name: string, cluster: Cluster) => Reply,
  options: Omit<PeerOptions, 'reply'> = {},
): Promise<Cluster> {
  const peers: { [name: string]: Peer } = {}
  const dead: ClosedPort[] = []
  const address = (name: string): string => {
    const peer = peers[name]
    if (peer === undefined) throw new Error(`no server is called ${name}`)
    return peer.address
  }
  const named = <T>(value: T): T => {
    const visit = (item: unknown): unknown => {
      if (typeof item === 'string') {
        return names.reduce((text, name) => text.replaceAll(address(name), `<${name}>`), item)
      }
      if (Array.isArray(item)) return item.map(visit)
      if (typeof item !== 'object' || item === null) return item
      return Object.fromEntries(Object.entries(item).map(([key, inner]) => [visit(key), visit(inner)]))
    }
    return visit(value) as T
  }
  const cluster: Cluster = {
    peers,
    address,
    table: ({ routers = [], readers = [], writers = [], ttl = 300, db }) => ({
      ttl,
      servers: [
        { role: 'ROUTE', addresses: routers.map(address) },
        { role: 'READ', addresses: readers.map(address) },
        { role: 'WRITE', addresses: writers.map(address) },
      ],
      ...(db === undefined ? {} : { db }),
    }),
    told: async () => {
      await Promise.all(Object.values(peers).map((peer) => peer.idle()))
      return named(Object.fromEntries(Object.entries(peers).map(([name, peer]) => [name, said(peer)])))
    },
    work: () =>
      Object.fromEntries(
        Object.entries(peers).flatMap(([name, peer]) => {
          const work = peer.names().filter((each) => WORK.has(each))
          return work.length === 0 ? [] : [[name, work]]
        }),
      ),
    named,
    stop: async () => {
      await Promise.all(Object.values(peers).map((peer) => peer.stop()))
      for (const port of dead) port.free()
    },
  }
  for (const name of names) {
    peers[name] = await startPeer([[]], { ...speaks(version), ...options, reply: replies(name, cluster) })
  }
  for (const name of names) {
    const peer = peers[name]
    if (peer === undefined || !name.startsWith('dead')) continue
    await peer.stop()
    dead.push(await holdPort(peer.port))
  }
  return cluster
}

const WORK = new Set(['RUN', 'BEGIN', 'COMMIT', 'ROLLBACK', 'ROUTE'])
