/**
 * The first inputs of the targets: messages as servers send them, so that fuzzing starts behind the front
 * door. Run by hand where a message has been added; `npm run fuzz -- --minimize` keeps of them what is worth
 * it.
 *
 *     node --import tsx fuzz/seeds.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { authority, certificate } from '../__test__/support/certificates.js'
import { encode, Float, message, Struct } from '../__test__/support/packstream.cjs'
import { conversation, pieces } from './inputs.js'

const SUCCESS = 0x70
const RECORD = 0x71
const IGNORED = 0x7e
const FAILURE = 0x7f

const node = new Struct(0x4e, [7, ['Person', 'Actor'], { name: 'Keanu', born: 1964 }, '4:db:7'])
const relationship = new Struct(0x52, [1, 7, 8, 'ACTED_IN', { roles: ['Neo'] }, '5:db:1', '4:db:7', '4:db:8'])
const unbound = new Struct(0x72, [1, 'ACTED_IN', { roles: ['Neo'] }, '5:db:1'])
const values: unknown[] = [
  null,
  true,
  42,
  -129,
  2n ** 62n,
  1.5,
  'ascii',
  'ümlaut',
  '日本語 😀',
  Buffer.from([1, 2, 3]),
  [],
  [1, 2, 3],
  [1.5, 2.5, 3.5].map((each) => new Float(each)),
  ['a', 'a', 'b', null],
  {},
  { name: 'a', '\u0000odd': 1, __proto__x: [{ name: 'b' }] },
  node,
  relationship,
  unbound,
  new Struct(0x50, [[node, node], [unbound], [1, 1]]),
  new Struct(0x44, [19_000]),
  new Struct(0x74, [3_600_000_000_000]),
  new Struct(0x54, [3_600_000_000_000, 3600]),
  new Struct(0x64, [1_700_000_000, 1]),
  new Struct(0x49, [1_700_000_000, 1, 3600]),
  new Struct(0x46, [1_700_000_000, 1, 3600]),
  new Struct(0x69, [1_700_000_000, 1, 'Europe/Stockholm']),
  new Struct(0x66, [1_700_000_000, 1, 'Europe/Stockholm']),
  new Struct(0x45, [1, 2, 3, 4]),
  new Struct(0x58, [7203, 1.5, 2.5]),
  new Struct(0x59, [9157, 1.5, 2.5, 3.5]),
  new Struct(0x56, [Buffer.of(0xc6), Buffer.alloc(8)]),
  new Struct(0x3f, ['Later', 6, 2, { message: 'unsupported' }]),
  new Struct(0x99, [1, 'x']),
]
const hello = {
  server: 'Neo4j/5.26.20',
  connection_id: 'bolt-12',
  hints: { 'connection.recv_timeout_seconds': 120, 'telemetry.enabled': true },
}
const run = { t_first: 3, fields: ['a', 'b'], qid: 0 }
const end = {
  t_last: 2,
  type: 'rw',
  db: 'neo4j',
  bookmark: 'FB:kcwQ',
  stats: { 'nodes-created': 2, 'contains-updates': true },
  plan: { operatorType: 'ProduceResults@neo4j', identifiers: ['n'], args: { planner: 'COST' }, children: [] },
  statuses: [
    {
      gql_status: '01N51',
      status_description: 'warn',
      neo4j_code: 'Neo.ClientNotification.Statement.UnknownRelationshipTypeWarning',
      title: 'x',
      diagnostic_record: {
        _severity: 'WARNING',
        _classification: 'UNRECOGNIZED',
        _position: { offset: 1, line: 1, column: 2 },
      },
    },
  ],
}
const failure = {
  neo4j_code: 'Neo.ClientError.Statement.ArithmeticError',
  message: '/ by zero',
  gql_status: '22012',
  description: 'error',
  diagnostic_record: { _classification: 'CLIENT_ERROR' },
  cause: { message: 'inner', gql_status: '22000', description: 'd' },
}
const messages = [hello, run, end, { has_more: true }, {}].map((each) => message(SUCCESS, [each]))
messages.push(message(FAILURE, [failure]), message(IGNORED, []), ...values.map((each) => message(RECORD, [[each, 1]])))
const body = (framed: Buffer) => framed.subarray(2, -2)
const long = encode(['x'.repeat(300), 1])

write('handshake', [
  Buffer.from([3, 0, 0, 8, 5]),
  Buffer.from([9, 0, 0, 1, 0xff, 3, 0, 2, 4, 4, 0, 0, 1, 6, 0, 8, 8, 5, 0]),
  Buffer.from([9, 0, 0, 1, 0xff, 1, 0, 0, 8, 5, 0x81, 0x80, 1]),
  Buffer.from(' HTTP/1.1 400 Bad Request\r\n\r\n'),
])
write('chunks', [
  ...messages.slice(0, 8).map((each) => Buffer.concat([Buffer.of(255, 3), each])),
  Buffer.from([200, 1, 0, 0, 0, 0, 0, 2, 1, 2, 0, 1, 3, 0, 0, 0, 0]),
])
write('values', [...values, hello, end, failure, { at: values }].map(encode))
write('responses', messages.map(body))
write('batch', [
  ...values.map((each) => pieces([encode([each])])),
  pieces(values.slice(0, 20).map((each) => encode([each, { name: each }]))),
  pieces([encode([{ a: 1, b: 2 }]), encode([{ a: 1, b: 'x' }]), encode([{ b: 2, a: 1 }]), long]),
])
const [, fields, done, more, nothing, failed, ignored, ...some] = messages as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  ...Buffer[],
]
write('session', [
  script(0, 1, fields, ...some.slice(0, 5), done),
  script(0, 2, fields, ...some.slice(5, 9), more, ...some.slice(9, 12), done),
  script(1, 3, fields, ignored, nothing, fields, done),
  script(2, 3, nothing, fields, some[2] as Buffer, more, done, nothing),
  script(3, 5, nothing, fields, done, fields, more, done, nothing),
  script(0, 1, failed, ignored, nothing),
  script(2, 2, nothing, failed, ignored, ignored, nothing, nothing),
  script(4, 1, nothing, nothing, nothing),
  script(0x80, 2, Buffer.from([0, 0, 8, 5]), messages[0] as Buffer, nothing, fields, done),
])

const table = (...servers: [role: string, ...addresses: string[]][]) => ({
  rt: { ttl: 300, db: 'db', servers: servers.map(([role, ...addresses]) => ({ role, addresses })) },
})
const success = (metadata: unknown) => body(message(SUCCESS, [metadata]))
const refusal = (code: string) => body(message(FAILURE, [{ code, message: 'no' }]))
const cluster = success(table(['ROUTE', 'a', 'b:3', '[::1]:4'], ['READ', 'b:3', 'c:1'], ['WRITE', 'd:1']))
const called = [
  success({ fields: ['ttl', 'servers'] }),
  body(message(RECORD, [[300, table(['ROUTE', 'a'], ['READ', 'b'], ['WRITE', 'c']).rt.servers]])),
]
const answered = [success({ fields: ['n'] }), body(message(RECORD, [[1]])), success({ bookmark: 'x' })]
write('routing', [
  conversation(0, 2, [cluster, ...answered, ...answered]),
  conversation(0x61, 2, [cluster, ...answered, ...answered, cluster, ...answered]),
  conversation(2, 2, [cluster, success({}), ...answered]),
  conversation(3, 2, [cluster, success({}), ...answered, refusal('Neo.ClientError.Cluster.NotALeader')]),
  conversation(0, 2, [success(table(['ROUTE', 'a'], ['READ', 'b'])), ...answered, cluster]),
  conversation(0x20, 2, [refusal('Neo.TransientError.General.DatabaseUnavailable'), cluster, ...answered]),
  conversation(0, 0, [refusal('Neo.ClientError.Procedure.ProcedureNotFound')]),
  conversation(0, 12, [...called, success({}), ...answered]),
  conversation(0, 13, [...called, success({}), ...answered]),
])
const root = authority('Root')
const server = certificate({ hosts: ['localhost', '127.0.0.1', '::1', '*.b.example'], issuer: root })
const middle = authority('Middle', { issuer: root })
const foreign = certificate({ hosts: ['other.example'], issuer: middle })
write('certificate', [
  shown(1, server),
  shown(2, server, root),
  shown(2, certificate({ name: 'localhost', issuer: root }), root),
  shown(6, foreign, middle, root),
  shown(10, foreign, middle),
  shown(14, certificate({ hosts: ['a.b.example'], key: 'ed25519' })),
  shown(3, certificate({ name: '*.b.example', version: 1 })),
  shown(3, certificate({ name: 'a\u001b[31m', until: new Date(0), from: new Date(0) })),
])

function shown(settings: number, ...certificates: { der: Buffer }[]): Buffer {
  return Buffer.concat([Buffer.of(settings), pieces(certificates.map(({ der }) => der))])
}

function script(scenario: number, turns: number, ...said: Buffer[]): Buffer {
  // With Bolt 5.8.
  return Buffer.concat([Buffer.of(scenario, turns | (2 << 3)), ...said])
}

function write(target: string, inputs: Buffer[]): void {
  const folder = join(__dirname, 'corpus', target)
  mkdirSync(folder, { recursive: true })
  for (const [i, input] of inputs.entries()) writeFileSync(join(folder, `seed-${String(i).padStart(2, '0')}`), input)
}
