/**
 * Servers of one version of Bolt each, for tests that compare the versions: the form that a version gives to
 * graphs, times and failures, and the parts of a request that differ between two drivers only because their
 * names do.
 */
import { decode, Struct } from './packstream.cjs'
import { snapshot } from './snapshot.js'
import type { Peer, PeerOptions, Step } from './stub-server.js'
import { failure, gqlFailure } from './stub-server.js'

/** All that both drivers speak, the oldest first. */
export const VERSIONS = [
  '3.0',
  '4.2',
  '4.3',
  '4.4',
  '5.0',
  '5.1',
  '5.2',
  '5.3',
  '5.4',
  '5.6',
  '5.7',
  '5.8',
  '6.0',
  '6.1',
] as const

/** Whether the version is this one or a later one. */
export function since(version: string, first: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [firstMajor = 0, firstMinor = 0] = first.split('.').map(Number)
  return major > firstMajor || (major === firstMajor && minor >= firstMinor)
}

/** How a server that speaks only this version negotiates it: by a manifest, if there is no other way. */
export function speaks(version: string): Pick<PeerOptions, 'version' | 'manifest'> {
  return since(version, '6.0') ? { manifest: [version] } : { version }
}

/** A node with the label L, as this version has it. */
export function node(version: string, id: number, properties: Record<string, unknown> = {}): Struct {
  const fields = [id, ['L'], properties]
  return new Struct(0x4e, since(version, '5.0') ? [...fields, `4:db:${id}`] : fields)
}

/** A relationship of type T between two nodes. */
export function relationship(version: string, id: number, start: number, end: number): Struct {
  const fields = [id, start, end, 'T', { since: 1 }]
  return new Struct(0x52, since(version, '5.0') ? [...fields, `5:db:${id}`, `4:db:${start}`, `4:db:${end}`] : fields)
}

/** The path of one relationship from one node to another. */
export function path(version: string, start: number, id: number, end: number): Struct {
  const unbound = [id, 'T', { since: 1 }]
  return new Struct(0x50, [
    [node(version, start), node(version, end)],
    [new Struct(0x72, since(version, '5.0') ? [...unbound, `5:db:${id}`] : unbound)],
    [1, 1],
  ])
}

/**
 * The moment 2020-06-15T12:30:00.000000007 at an offset of two hours, and in Stockholm, which had that
 * offset.
 */
export function dateTimes(utc: boolean): [offset: Struct, zone: Struct] {
  const [local, seconds] = [1_592_224_200, utc ? 1_592_224_200 - 7200 : 1_592_224_200]
  return [
    new Struct(utc ? 0x49 : 0x46, [utc ? seconds : local, 7, 7200]),
    new Struct(utc ? 0x69 : 0x66, [utc ? seconds : local, 7, 'Europe/Stockholm']),
  ]
}

/** A failure in the form of this version. */
export function failureOf(version: string, code: string, text: string, cause?: Record<string, unknown>): Step {
  if (!since(version, '5.7')) return failure(code, text)
  return gqlFailure({
    neo4j_code: code,
    message: text,
    gql_status: '42N51',
    description: `error: ${text}`,
    diagnostic_record: { OPERATION: 'X', OPERATION_CODE: '9', CURRENT_SCHEMA: '/s', _classification: 'CLIENT_ERROR' },
    ...(cause === undefined ? {} : { cause }),
  })
}

/**
 * Everything that a peer received, connection by connection, with floats distinct from integers. Each
 * driver's name and address are replaced.
 */
export function said(peer: Peer): [name: string, ...fields: unknown[]][][] {
  return Array.from({ length: peer.connections }, (_, connection) =>
    peer.received
      .filter((message) => message.connection === connection)
      .map(({ name, body }) => [name, ...(snapshot((decode(body, true) as Struct).fields) as unknown[])])
      .map(([name, ...fields]) => [name as string, ...fields.map(anonymous)]),
  )
}

/**
 * Without what each driver says about itself. Ours names its language separately, as the specification says.
 */
function anonymous(field: unknown): unknown {
  if (typeof field !== 'object' || field === null || !('user_agent' in field)) return field
  const { user_agent, bolt_agent, ...rest } = field as Record<string, unknown>
  const agent = Object.keys(bolt_agent ?? {}).filter((key) => key !== 'language')
  return {
    ...rest,
    user_agent: typeof user_agent,
    ...(bolt_agent === undefined ? {} : { bolt_agent: agent.sort() }),
  }
}
