/**
 * Peers that attack the driver. Each case is one thing that a peer may do at one point of a conversation. The
 * expectations are the same for all of them: the call ends, in time, with the right code; memory hardly
 * grows; and the same driver goes on to serve a query on a sound connection.
 *
 * NEOBOLT_CLIENT_UNDER_TEST=neo4j-driver runs the cases on the official driver. 6.3.0 never ends if a RECORD
 * is not a list, has records of two widths, a map with another key than a string, or a string or value that
 * goes on beyond its message, or if a message or a flood of records has no end. It reads everything that is
 * poured into a handshake (180 MB in half a second), and ends in TypeErrors and RangeErrors of its own for
 * much of the rest.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Config } from 'neo4j-driver'
import type { Deed, Report } from '../support/client-under-test.js'
import { neoboltOnly, root } from '../support/drivers.js'
import { encode, message, Struct } from '../support/packstream.cjs'
import {
  answer,
  client,
  cut,
  failure,
  flood,
  ignored,
  noop,
  type PeerConnection,
  type PeerOptions,
  raw,
  record,
  records,
  reset,
  type Step,
  stall,
  startPeer,
  success,
} from '../support/stub-server.js'

interface Case {
  title: string
  /** Default: `run`. */
  deed?: Deed
  /** What the first connection's peer does after the handshake. */
  steps?: Step[]
  peer?: PeerOptions
  config?: Config
  /** The code, or `ok`. */
  ends: string
  says?: RegExp
  /** Milliseconds; default: 2500. */
  within?: number
}

const SUCCESS = 0x70
const RECORD = 0x71
const FAILURE = 0x7f
const UNAVAILABLE = 'ServiceUnavailable'
const PROTOCOL = 'ProtocolError'
const TIMES_OUT = { ends: 'N/A', says: /^Connection acquisition timed out in 1200 ms/ }
const QUICK: Config = { connectionAcquisitionTimeout: 1200, connectionTimeout: 800 }

/** Cases of a connection that is being opened, for a driver with short timeouts. */
const quickly = (cases: Case[]): Case[] => cases.map((each) => ({ deed: 'verify', config: QUICK, ...each }))
/** Messages that a driver gets right after the handshake, before anything else. */
const greeted = (...said: Buffer[]): Step[] => [client('HELLO'), ...said.map(raw), stall()]
/** The answer to RUN, and what comes after it. */
const ran = (...said: (Buffer | Step)[]): Step[] => [
  client('RUN'),
  ...said.map((each) => (Buffer.isBuffer(each) ? raw(each) : each)),
  ...sound(),
]
/** Messages in answer to PULL. */
const pulled = (...said: (Buffer | Step)[]): Step[] => [
  client('RUN'),
  success({ fields: ['i'] }),
  client('PULL'),
  ...said.map((each) => (Buffer.isBuffer(each) ? raw(each) : each)),
  ...sound(),
]
const say = (metadata: unknown): Buffer => message(SUCCESS, [metadata])
const fail = (metadata: unknown): Buffer => message(FAILURE, [metadata])
/** One chunk with these bytes, and its end. */
const chunk = (body: Buffer | string): Buffer => {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body.replaceAll(' ', ''), 'hex')
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes, Buffer.of(0, 0)])
}
const nested = (depth: number): Buffer => Buffer.concat([Buffer.alloc(depth, 0x91), Buffer.of(0xc0)])
/** A message of this tag with this encoded value as its only field. */
const of = (tag: number, value: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.of(0xb1, tag), value])
  const chunks: Buffer[] = []
  for (let at = 0; at < body.length; at += 0xffff) {
    const piece = body.subarray(at, at + 0xffff)
    chunks.push(Buffer.of(piece.length >> 8, piece.length & 0xff), piece)
  }
  return Buffer.concat([...chunks, Buffer.of(0, 0)])
}
const trickle =
  (bytes: Buffer, milliseconds: number) =>
  async (connection: PeerConnection): Promise<void> => {
    for (const byte of bytes) {
      if (!(await connection.push(Buffer.of(byte)))) return
      await new Promise((resolve) => setTimeout(resolve, milliseconds))
    }
    await connection.closed
  }
const pouring = (first: Buffer, rest: Buffer) => async (connection: PeerConnection) => {
  await connection.push(first)
  while (await connection.push(rest));
}
const broken = new Struct(0x4e, [1])
const deepCause = (depth: number): object => {
  let cause: object = { message: 'innermost', gql_status: '22000', description: 'd' }
  for (let i = 0; i < depth; i++) cause = { message: 'm', gql_status: '22000', description: 'd', cause }
  return cause
}
const code = 'Neo.ClientError.Statement.SyntaxError'
const deepPlan = (depth: number): object =>
  depth === 0
    ? { operatorType: 'x', identifiers: [], args: {}, children: [] }
    : { operatorType: 'x', identifiers: [], args: {}, children: [deepPlan(depth - 1)] }

const HANDSHAKES: Case[] = quickly([
  { title: 'accepts and says nothing', peer: { handshake: 'silent' }, ...TIMES_OUT },
  { title: 'trickles the version', peer: { handshake: trickle(Buffer.of(0, 0, 8, 5), 300) }, ...TIMES_OUT },
  {
    title: 'trickles a manifest without end',
    peer: { handshake: trickle(Buffer.concat([Buffer.of(0, 0, 1, 0xff, 0xff, 1), Buffer.alloc(1020)]), 50) },
    ...TIMES_OUT,
  },
  { title: 'says three bytes and no more', peer: { handshake: Buffer.of(0, 0, 8) }, ...TIMES_OUT },
  {
    title: 'hangs up after three bytes',
    peer: {
      handshake: async (connection) => {
        connection.send(Buffer.of(0, 0, 8))
        connection.cut()
      },
    },
    ends: UNAVAILABLE,
  },
  { title: 'hangs up at once', peer: { handshake: async (connection) => connection.cut() }, ends: UNAVAILABLE },
  {
    title: 'breaks the line at once',
    peer: { handshake: async (connection) => connection.reset() },
    ends: UNAVAILABLE,
  },
  { title: 'chooses a version that was not offered', peer: { handshake: Buffer.of(0, 0, 0, 9) }, ends: 'N/A' },
  { title: 'chooses 5.5, which was left out', peer: { handshake: Buffer.of(0, 0, 5, 5) }, ends: 'N/A' },
  {
    title: 'chooses none',
    peer: { handshake: Buffer.alloc(4) },
    ends: 'N/A',
    says: /Unknown Bolt protocol version: 0\.0/,
  },
  { title: 'speaks HTTP', peer: { handshake: Buffer.from('HTTP/1.1 400\r\n\r\n') }, ends: 'N/A', says: /HTTP/ },
  { title: 'speaks SSH', peer: { handshake: Buffer.from('SSH-2.0-OpenSSH_9.6\r\n') }, ends: 'N/A' },
  { title: 'raises a TLS alert', peer: { handshake: Buffer.from('15030100020246', 'hex') }, ends: 'N/A' },
  {
    title: 'offers 2^63 versions',
    peer: { handshake: Buffer.from('000001ffffffffffffffffff7f', 'hex') },
    ends: PROTOCOL,
    says: /too many versions/,
  },
  {
    title: 'counts its versions without end',
    peer: { handshake: pouring(Buffer.from('000001ff', 'hex'), Buffer.alloc(1024, 0xff)) },
    ends: PROTOCOL,
  },
  {
    title: 'lists capabilities without end',
    peer: { handshake: pouring(Buffer.from('000001ff0100080805', 'hex'), Buffer.alloc(1024, 0xff)) },
    ends: PROTOCOL,
  },
  {
    title: 'offers 255 versions that nobody knows',
    peer: { handshake: Buffer.concat([Buffer.from('000001ffff01', 'hex'), Buffer.alloc(1020, 9), Buffer.of(0)]) },
    ends: 'N/A',
  },
  {
    title: 'pours rubbish after the version',
    peer: { handshake: pouring(Buffer.of(0, 0, 8, 5), Buffer.alloc(65_536, 0xff)) },
    ends: PROTOCOL,
  },
  {
    title: 'pours NOOPs after the version',
    peer: { handshake: pouring(Buffer.of(0, 0, 8, 5), Buffer.alloc(65_536)) },
    ...TIMES_OUT,
  },
])

const GREETINGS: Case[] = quickly([
  { title: 'nothing', steps: greeted(), ...TIMES_OUT },
  { title: 'NOOPs, one after the other', steps: [client('HELLO'), ...Array(20).fill(noop()), stall()], ...TIMES_OUT },
  { title: 'a RECORD', steps: greeted(message(RECORD, [[1]])), ends: PROTOCOL },
  { title: 'IGNORED', steps: greeted(message(0x7e, [])), ends: PROTOCOL },
  { title: 'a message that does not exist', steps: greeted(message(0x55, [{}])), ends: PROTOCOL },
  { title: 'a request of its own', steps: greeted(message(0x10, ['RETURN 1', {}, {}])), ends: PROTOCOL },
  { title: 'a SUCCESS without metadata', steps: greeted(chunk('b070')), ends: PROTOCOL },
  { title: 'a SUCCESS of a list', steps: greeted(say([1])), ends: PROTOCOL },
  { title: 'a connection_id that is a number', steps: greeted(say({ connection_id: 5 })), ends: PROTOCOL },
  { title: 'a name of a megabyte', steps: greeted(say({ server: 'x'.repeat(1 << 20) })), ends: PROTOCOL },
  {
    title: 'a name of 60,000 characters',
    steps: [client('HELLO'), raw(say({ server: 'x'.repeat(60_000), connection_id: 'y' })), ...sound()],
    ends: 'ok',
  },
  {
    title: 'hints that are none',
    steps: [client('HELLO'), raw(say({ server: 's', hints: [1, 2] })), ...sound()],
    ends: 'ok',
  },
  {
    title: 'hints of absurd times',
    steps: [
      client('HELLO'),
      raw(say({ server: 's', hints: { 'connection.recv_timeout_seconds': 2 ** 40 } })),
      ...sound(),
    ],
    ends: 'ok',
  },
  {
    title: 'hints nested deeply',
    steps: [client('HELLO'), raw(of(SUCCESS, Buffer.concat([encodedMap('hints'), nested(50_000)]))), ...sound()],
    ends: 'ok',
  },
  { title: 'a FAILURE without a code', steps: greeted(fail({ message: 'x' })), ends: PROTOCOL },
  { title: 'a FAILURE of a number', steps: greeted(fail(7)), ends: PROTOCOL },
  {
    title: 'a FAILURE without end',
    steps: [client('HELLO'), flood(Buffer.concat([Buffer.of(0xff, 0xff), Buffer.alloc(0xffff, 0x91)]))],
    ends: PROTOCOL,
  },
  {
    title: 'half a message, and hangs up',
    steps: [client('HELLO'), raw(say({}).subarray(0, 3)), cut()],
    ends: UNAVAILABLE,
  },
  { title: 'to LOGON: a RECORD', steps: [client('LOGON'), record(1), stall()], ends: PROTOCOL },
  { title: 'to LOGON: nothing', steps: [client('LOGON'), stall()], ...TIMES_OUT },
])

const RUNS: Case[] = [
  { title: 'fields that are a number', steps: ran(say({ fields: 5 })), ends: PROTOCOL },
  { title: 'fields that are a map', steps: ran(say({ fields: { a: 1 } })), ends: PROTOCOL },
  { title: 'fields of numbers', steps: ran(say({ fields: [1, 2] })), ends: PROTOCOL },
  { title: 'fields of broken nodes', steps: ran(say({ fields: [broken] })), ends: PROTOCOL },
  { title: 'a qid that is text', steps: ran(say({ fields: [], qid: 'q' })), ends: PROTOCOL },
  { title: 'a field name that is no UTF-8', steps: ran(chunk('b170 a1 866669656c6473 91 81ff')), ends: PROTOCOL },
  { title: 'has_more that is text', steps: ran(say({ has_more: 'yes' })), ends: PROTOCOL },
  {
    title: 'metadata nested deeply',
    steps: ran(of(SUCCESS, Buffer.concat([encodedMap('x'), nested(3000)]))),
    ends: PROTOCOL,
  },
  { title: 'a map whose key is a number', steps: ran(chunk('b170 a1 8178 a1 0102')), ends: PROTOCOL },
  { title: 'a map of four billion entries', steps: ran(chunk('b170 daffffffff')), ends: PROTOCOL },
  { title: 'a marker that does not exist', steps: ran(chunk('b170 a1 8178 df')), ends: PROTOCOL },
  { title: 'bytes behind the message', steps: ran(chunk('b170 a0 c0')), ends: PROTOCOL },
  { title: 'a SUCCESS of 65,535 fields', steps: ran(chunk('ddffff70')), ends: PROTOCOL },
  { title: 'no structure', steps: ran(chunk('01')), ends: PROTOCOL },
  { title: 'a RECORD', steps: ran(message(RECORD, [[1]])), ends: PROTOCOL },
  { title: 'IGNORED without a failure', steps: ran(message(0x7e, [])), ends: PROTOCOL },
  {
    title: 'a t_first that is a broken node',
    steps: ran(say({ fields: ['i'], t_first: broken }), client('PULL'), success()),
    ends: 'ok',
  },
  {
    title: 'no fields, and records of three',
    steps: ran(say({}), client('PULL'), record(1, 2, 3), success()),
    ends: 'ok',
  },
  {
    title: '20,000 fields',
    steps: ran(say({ fields: Array.from({ length: 20_000 }, (_, i) => `f${i}`) }), client('PULL'), success()),
    ends: 'ok',
  },
  {
    title: 'half a message, and hangs up',
    steps: [client('RUN'), raw(say({ fields: [] }).subarray(0, 5)), cut()],
    ends: UNAVAILABLE,
  },
  {
    title: 'half a message, and breaks the line',
    steps: [client('RUN'), raw(say({ fields: [] }).subarray(0, 5)), reset()],
    ends: UNAVAILABLE,
  },
]

const RECORDS: Case[] = [
  { title: 'a RECORD that is no list', steps: pulled(message(RECORD, [5])), ends: PROTOCOL },
  { title: 'a list of four billion', steps: pulled(chunk('b171 d6ffffffff')), ends: PROTOCOL },
  { title: 'a string of four billion', steps: pulled(chunk('b171 91 d2ffffffff')), ends: PROTOCOL },
  { title: 'four billion bytes', steps: pulled(chunk('b171 91 ceffffffff')), ends: PROTOCOL },
  {
    title: 'a list of four billion floats',
    steps: pulled(chunk('b171 91 d6ffffffff c10000000000000000')),
    ends: PROTOCOL,
  },
  { title: 'a node of four billion labels', steps: pulled(chunk('b171 91 b44e01 d6ffffffff 8178')), ends: PROTOCOL },
  { title: 'a value nested 1,025 deep', steps: pulled(of(RECORD, nested(1026))), ends: PROTOCOL },
  { title: 'a value nested 1,000,000 deep', steps: pulled(of(RECORD, nested(1_000_000))), ends: PROTOCOL },
  { title: 'a value nested 1,000 deep', steps: pulled(of(RECORD, nested(1000)), success()), ends: 'ok' },
  {
    title: 'maps nested 1,000,000 deep',
    steps: pulled(of(RECORD, Buffer.concat([Buffer.of(0x91), Buffer.alloc(2_000_000, Buffer.from('a180', 'hex'))]))),
    ends: PROTOCOL,
  },
  { title: 'a marker that does not exist', steps: pulled(chunk('b171 91 c4')), ends: PROTOCOL },
  { title: 'a map whose key is a list', steps: pulled(chunk('b171 91 a1 90 01')), ends: PROTOCOL },
  {
    title: 'records of one and of two columns',
    steps: pulled(Buffer.concat([message(RECORD, [[1]]), message(RECORD, [[1, 2]])])),
    ends: PROTOCOL,
  },
  { title: 'a string that is no UTF-8', steps: pulled(chunk('b171 91 84fffe80c0'), success()), ends: 'ok' },
  { title: 'a column more than fields', steps: pulled(record(1, 2), success()), ends: PROTOCOL },
  { title: 'no column for a field', steps: pulled(record(), success()), ends: PROTOCOL },
  {
    title: 'structures that are broken',
    steps: pulled(
      record([broken, new Struct(0x44, ['x']), new Struct(0x50, [[], [], [1, 7]]), new Struct(0x58, [])]),
      success(),
    ),
    ends: 'ok',
  },
  {
    title: 'dates beyond all calendars',
    steps: pulled(
      record([new Struct(0x44, [2n ** 62n]), new Struct(0x49, [2n ** 62n, 5, 2 ** 40]), new Struct(0x54, [-1, 0])]),
      success(),
    ),
    ends: 'ok',
  },
  {
    title: 'time zones that do not exist',
    steps: pulled(record([new Struct(0x69, [1, 1, 'No/Where']), new Struct(0x66, [1, 1, ''])]), success()),
    ends: 'ok',
  },
  {
    title: '5,000 ways to write one time zone',
    deed: 'iterate',
    steps: pulled(
      ...Array.from({ length: 5000 }, (_, i) =>
        message(RECORD, [[new Struct(0x69, [1, 1, spelled('Europe/Stockholm', i)])]]),
      ),
      success(),
    ),
    ends: 'ok',
    within: 12_000,
  },
  {
    title: 'a vector of halves',
    steps: pulled(record(new Struct(0x56, [Buffer.of(0xc9), Buffer.alloc(3)])), success()),
    ends: 'ok',
  },
  {
    title: 'keys that are JavaScript',
    steps: pulled(
      ...Array(200).fill(
        message(RECORD, [
          [{ ['__proto__']: { polluted: 1 }, constructor: 1, 'a"]:0};process.exit(9);//': 1, '\u2028\u0000\u0001': 2 }],
        ]),
      ),
      success(),
    ),
    ends: 'ok',
  },
  {
    title: 'a map of 10,000 keys, all different, in each record',
    deed: 'iterate',
    steps: pulled(
      ...[1, 2, 3].map((n) =>
        message(RECORD, [[Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`${n}-${i}`, i]))]]),
      ),
      success(),
    ),
    ends: 'ok',
    within: 10_000,
  },
  {
    title: '3,000 maps of other keys each',
    deed: 'iterate',
    steps: pulled(
      ...Array.from({ length: 3000 }, (_, i) => message(RECORD, [[{ [`key ${i} ${'x'.repeat(500)}`]: 1 }]])),
      success(),
    ),
    ends: 'ok',
    within: 10_000,
  },
  {
    title: 'a message without end',
    config: { maxMessageSize: 4_000_000 } as Config,
    steps: [
      client('RUN'),
      success({ fields: ['i'] }),
      client('PULL'),
      raw(Buffer.from('0006b17191d20fffffff'.slice(0, 16), 'hex')),
      flood(Buffer.concat([Buffer.of(0xff, 0xff), Buffer.alloc(0xffff, 0x78)])),
    ],
    ends: PROTOCOL,
    says: /longer than maxMessageSize, which is 4000000 bytes/,
  },
  {
    title: 'a message without end, byte by byte',
    config: { maxMessageSize: 1_000_000 } as Config,
    steps: [
      client('RUN'),
      success({ fields: ['i'] }),
      client('PULL'),
      flood(Buffer.alloc(60_000, Buffer.from('000178', 'hex'))),
    ],
    ends: PROTOCOL,
    within: 10_000,
  },
  {
    title: 'a flood after the end of the result',
    deed: 'idle',
    steps: [...answer(['i'], [[1]]), flood(Buffer.concat(Array(1000).fill(message(RECORD, [[1]]))))],
    ends: 'ok',
  },
  {
    title: 'a flood of NOOPs after the end of the result',
    deed: 'idle',
    steps: [...answer(['i'], [[1]]), ...Array(100).fill(noop()), ...sound()],
    ends: 'ok',
  },
  {
    title: 'records that nobody has asked for, at has_more',
    deed: 'stop',
    steps: [
      client('RUN'),
      success({ fields: ['i'] }),
      client('PULL'),
      ...records(1, 2),
      success({ has_more: true }),
      flood(Buffer.concat(Array(100).fill(message(RECORD, [[1]])))),
    ],
    ends: PROTOCOL,
  },
  {
    title: 'more records than were asked for, 100,000 of them',
    deed: 'iterate',
    steps: pulled(...Array(100).fill(Buffer.concat(Array(1000).fill(message(RECORD, [['x'.repeat(20)]])))), success()),
    ends: 'ok',
    within: 10_000,
  },
  {
    title: 'has_more again and again, and never a record',
    deed: 'iterate',
    steps: [
      client('RUN'),
      success({ fields: ['i'] }),
      ...Array.from({ length: 300 }, () => [client('PULL'), success({ has_more: true })]).flat(),
      client('PULL'),
      success(),
      ...sound(),
    ],
    ends: 'ok',
    within: 10_000,
  },
  {
    title: 'the line broken in the midst of a record',
    steps: pulled(message(RECORD, [['x'.repeat(100)]]).subarray(0, 50), reset()),
    ends: UNAVAILABLE,
  },
]

const SUMMARIES: Case[] = (
  [
    ['a type that does not exist', { type: 'zz' }, PROTOCOL],
    ['a type that is a broken node', { type: broken }, PROTOCOL],
    ['a bookmark that is a number', { bookmark: 42 }, PROTOCOL],
    ['a bookmark that is a list', { bookmark: ['a'] }, PROTOCOL],
    ['a database that is a map', { db: {} }, PROTOCOL],
    ['counters that are text', { stats: 'many' }, 'ok'],
    ['counters of text', { stats: { 'nodes-created': 'many' } }, 'ok'],
    ['counters that are a broken node', { stats: broken }, PROTOCOL],
    ['notifications that are a number', { notifications: 5 }, PROTOCOL],
    ['notifications of nulls', { notifications: [null, null] }, PROTOCOL],
    ['notifications of broken nodes', { notifications: [broken] }, PROTOCOL],
    ['notifications of lists', { notifications: [[], [[]]] }, 'ok'],
    ['a notification whose position is text', { notifications: [{ position: 'here' }] }, PROTOCOL],
    ['statuses that are text', { statuses: 'none' }, PROTOCOL],
    ['statuses of numbers', { statuses: [1, 2] }, 'ok'],
    ['statuses of nulls', { statuses: [null] }, PROTOCOL],
    ['a status whose record is a broken node', { statuses: [{ diagnostic_record: broken }] }, PROTOCOL],
    [
      'a status that is a number everywhere',
      { statuses: [{ gql_status: 1, neo4j_code: 2, diagnostic_record: { _severity: 3, _position: 4 } }] },
      PROTOCOL,
    ],
    ['a plan that is a number', { plan: 5 }, 'ok'],
    ['a plan that is a broken node', { plan: broken }, PROTOCOL],
    ['a plan whose children are a number', { plan: { children: 5 } }, PROTOCOL],
    ['a plan nested 300 deep', { plan: deepPlan(300), profile: deepPlan(300) }, 'ok'],
    ['a profile of text', { profile: { dbHits: 'x', rows: [], children: [] } }, 'ok'],
    ['a t_last that is a map', { t_last: { a: 1 } }, 'ok'],
  ] as [string, object, string][]
).map(([title, metadata, ends]) => ({ title, steps: pulled(record(1), say(metadata)), ends }))

const FAILURES: Case[] = [
  ...(
    [
      ['no code', { message: 'x' }, PROTOCOL],
      ['no message', { code }, PROTOCOL],
      ['a code that is a number', { code: 5, message: 'x' }, PROTOCOL],
      ['a message that is a list', { code, message: [] }, PROTOCOL],
      ['a GQL status that is a number', { neo4j_code: code, message: 'x', gql_status: 5 }, PROTOCOL],
      ['a description that is a broken node', { neo4j_code: code, message: 'x', description: broken }, code],
      [
        'a diagnostic record that is a broken node',
        { neo4j_code: code, message: 'x', diagnostic_record: broken },
        code,
      ],
      ['a diagnostic record that is a number', { neo4j_code: code, message: 'x', diagnostic_record: 5 }, code],
      ['a cause that is a number', { neo4j_code: code, message: 'x', cause: 5 }, code],
      ['a cause that is a broken node', { neo4j_code: code, message: 'x', cause: broken }, code],
      ['a cause whose message is a broken node', { neo4j_code: code, message: 'x', cause: { message: broken } }, code],
      ['causes 500 deep', { neo4j_code: code, message: 'x', cause: deepCause(500) }, code],
      ['a message of a megabyte', { code, message: 'x'.repeat(1 << 20) }, code],
      ['keys that are JavaScript', { code, message: 'x', ['__proto__']: 1, toString: 2, constructor: 3 }, code],
    ] as [string, object, string][]
  ).map(([title, metadata, ends]) => ({
    title,
    steps: [client('RUN'), { kind: 'server', bytes: fail(metadata) } as Step, ...sound()],
    ends,
  })),
  {
    title: 'a failure, and the next one in answer to RESET',
    steps: [client('RUN'), failure(code, 'x'), client('RESET'), raw(fail({ code, message: 'y' })), stall()],
    ends: code,
  },
  {
    title: 'a failure, and IGNORED in answer to RESET',
    steps: [client('RUN'), failure(code, 'x'), client('RESET'), ignored(), stall()],
    ends: code,
  },
  {
    title: 'a failure, and a RECORD in answer to RESET',
    steps: [client('RUN'), failure(code, 'x'), client('RESET'), record(1), stall()],
    ends: code,
  },
  {
    title: 'a failure, and no answer to RESET',
    steps: [client('RUN'), failure(code, 'x'), client('RESET'), stall()],
    ends: code,
    within: 12_000,
  },
]

const TRANSACTIONS: Case[] = [
  { title: 'BEGIN: a RECORD', deed: 'begin', steps: [client('BEGIN'), record(1), stall()], ends: PROTOCOL },
  {
    title: 'BEGIN: metadata that cannot be read',
    deed: 'begin',
    steps: [client('BEGIN'), raw(chunk('b170 a1 8178 a1 0102')), stall()],
    ends: PROTOCOL,
  },
  { title: 'BEGIN: IGNORED', deed: 'begin', steps: [client('BEGIN'), ignored(), stall()], ends: PROTOCOL },
  {
    title: 'COMMIT: a RECORD',
    deed: 'commit',
    steps: [client('BEGIN'), success(), client('COMMIT'), record(1), stall()],
    ends: PROTOCOL,
  },
  {
    title: 'COMMIT: metadata that cannot be read',
    deed: 'commit',
    steps: [client('BEGIN'), success(), client('COMMIT'), raw(chunk('b170 a1 8178 a1 0102')), stall()],
    ends: PROTOCOL,
  },
  {
    title: 'COMMIT: a bookmark that is a map',
    deed: 'commit',
    steps: [client('BEGIN'), success(), client('COMMIT'), raw(say({ bookmark: { a: 1 } })), stall()],
    ends: PROTOCOL,
  },
  {
    title: 'COMMIT: two answers',
    deed: 'commit',
    steps: [
      client('BEGIN'),
      success(),
      client('COMMIT'),
      success({ bookmark: 'b' }),
      success({ bookmark: 'c' }),
      cut(),
    ],
    ends: 'ok',
  },
  {
    title: 'a query: the answer of PULL twice',
    deed: 'begin',
    steps: [
      client('BEGIN'),
      success(),
      client('RUN'),
      success({ fields: [] }),
      client('PULL'),
      // In one piece: alone, the second would be the answer to ROLLBACK.
      raw(Buffer.concat([say({}), say({})])),
      stall(),
    ],
    ends: PROTOCOL,
  },
  {
    title: 'executeWrite: a failure that claims to be transient, and breaks the protocol with it',
    deed: 'write',
    config: { maxTransactionRetryTime: 0 },
    steps: [client('BEGIN'), raw(fail({ code: 5, message: 'x' })), stall()],
    ends: PROTOCOL,
  },
]

let subject: ChildProcess
let lastWords = ''
before(() => {
  subject = fork(join(root, '__test__', 'support', 'client-under-test.ts'), {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    cwd: root,
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  subject.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords += text
  })
})
after(() => void subject.kill())

let orders = 0
for (const [what, cases] of [
  ['the handshake', HANDSHAKES],
  ['in answer to HELLO and LOGON', GREETINGS],
  ['in answer to RUN', RUNS],
  ['in answer to PULL', RECORDS],
  ['at the end of a result', SUMMARIES],
  ['a FAILURE with', FAILURES],
  ['in a transaction', TRANSACTIONS],
] as const) {
  describe(`a hostile peer, ${what}`, neoboltOnly, () => {
    for (const each of cases) {
      test(each.title, { timeout: 60_000 }, async () => {
        const report = await suffer(each)
        const text = JSON.stringify(report)
        assert.equal(report.outcome, each.ends, text)
        if (each.says !== undefined) assert.match(report.message, each.says)
        assert.ok(report.milliseconds < (each.within ?? 8000), text)
        assert.ok(report.growth < 32, text)
        assert.equal(report.healthy, 'yes', text)
      })
    }
  })
}

test('what hostile peers have done left nothing on the standard error, and the process sound', neoboltOnly, () => {
  assert.equal(lastWords, '')
  assert.equal(subject.exitCode, null)
  assert.ok(orders >= 100, `${orders} cases`)
})

async function suffer(each: Case): Promise<Report> {
  const number = ++orders
  const peer = await startPeer(
    (connection) => (connection === 0 ? (each.steps ?? []) : sound()),
    (connection) => (connection === 0 ? (each.peer ?? {}) : {}),
  )
  try {
    return await new Promise<Report>((resolve, reject) => {
      const heard = (report: Report) => {
        if (report.number === number) done(() => resolve(report))
      }
      const gone = () => done(() => reject(new Error(`the process is gone: ${lastWords}`)))
      const timer = setTimeout(() => done(() => reject(new Error(`${each.title}: it hangs`))), 45_000)
      const done = (settle: () => void) => {
        clearTimeout(timer)
        subject.off('message', heard)
        subject.off('exit', gone)
        settle()
      }
      subject.on('message', heard)
      subject.on('exit', gone)
      if (subject.exitCode !== null) gone()
      subject.send({ number, uri: peer.uri, deed: each.deed ?? 'run', config: each.config ?? {} })
    })
  } finally {
    await peer.stop()
  }
}

/** A sound peer, for a query in a transaction function. */
function sound(): Step[] {
  return [
    client('BEGIN'),
    success(),
    client('RUN'),
    success({ fields: ['n'], t_first: 0 }),
    client('PULL'),
    record(1),
    success({ type: 'r', t_last: 0, db: 'neo4j' }),
    client('COMMIT'),
    success({ bookmark: 'b' }),
  ]
}

/** A map of one key, without its value. */
function encodedMap(key: string): Buffer {
  return Buffer.concat([Buffer.of(0xa1), encode(key)])
}

/** The same name with each letter in upper or lower case, by the bits of a number. */
function spelled(name: string, bits: number): string {
  return [...name].map((letter, i) => ((bits >> (i % 13)) & 1 ? letter.toUpperCase() : letter.toLowerCase())).join('')
}
