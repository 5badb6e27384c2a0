/**
 * Inputs of the targets from what real servers say: a driver converses with Neo4j 4.4, 5.26 and 2026.09
 * through a proxy, and what came from the servers is cut into what each target takes. Run by hand, and
 * `npm run fuzz -- --minimize` after it, which keeps of them what reaches something. No credentials are in
 * what a server says; names of databases, bookmarks and element ids are those of servers that are gone when
 * this ends.
 *
 *     node --import tsx fuzz/record.ts [VERSION...]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { load } from '../__test__/support/drivers.js'
import { decode } from '../__test__/support/packstream.cjs'
import { LTS, NEWEST, type Neo4jVersion, OLD, startServer } from '../__test__/support/servers.js'
import { conversation, pieces, u16 } from './inputs.js'

const VALUES = `
  CREATE (a:Person:Actor {name: 'Kæthe 😀', born: 1964, list: [1, 2, 3], at: datetime('2024-06-01T12:00[Europe/Stockholm]')})
    -[r:ACTED_IN {roles: ['Neo', 'ümlaut']}]->(b:Film {title: 'x', score: 1.5}),
    (b)-[:NEXT]->(a)
  WITH a, r, b MATCH p = (a)-[*2]->(a)
  RETURN a, r, b, p, null, true, 42, -129, 9223372036854775807, 1.5, 0.0 / 0.0, 'text', '日本語', [1, 2.5, 'x', null, [[]]], {a: {b: [1]}, \`__proto__\`: 1},
    range(1, 40) AS ints, [x IN range(1, 9) | x / 2.0] AS floats, $bytes AS bytes, date('-0001-12-31'), localtime('23:59:59.9'), time('12:00:00.5+05:45'),
    localdatetime('2024-06-01T12:34:56.000000001'), datetime('2024-06-01T12:00+02:00'), datetime('1900-01-01T00:00[Europe/Amsterdam]'),
    duration('P1Y2M3W4DT5H6M7.89S'), point({x: 1, y: -2.5}), point({x: 1, y: 2, z: 3}), point({longitude: 12.5, latitude: 55.5, height: 3})`
const QUERIES = [
  'UNWIND range(1, 30) AS n RETURN n, toString(n) AS text, {n: n, text: toString(n)} AS map',
  'PROFILE MATCH (a)-[r]->(b) WHERE a.born > 1900 RETURN a.name, count(*)',
  'EXPLAIN MATCH (n:Absent), (m) RETURN n, m',
  'MATCH (n:Absent)-[:NOWHERE]->(m) WHERE n.nothing = 1 RETURN id(n), m',
  'CREATE INDEX person IF NOT EXISTS FOR (n:Person) ON (n.born)',
  'SHOW DATABASES',
  'RETURN 1 / 0',
  'RETRN 1',
  'RETURN $absent',
  'CALL dbms.components()',
  'MATCH (n) DETACH DELETE n',
]
/** Only the newest server has these types; the others say that they have not. */
const NEWER = ['RETURN vector([1, 2, 3], 3, INTEGER8), vector([1.5, 2.5], 2, FLOAT32)', 'CYPHER 25 RETURN 1']

/** What a server said on one connection. */
interface Recorded {
  handshake: Buffer
  /** Messages without their framing. */
  messages: Buffer[]
  /** As it came, but for the handshake. */
  stream: Buffer
}

async function main(): Promise<void> {
  const [first, ...others] = process.argv.slice(2)
  const versions = first === undefined ? [OLD, LTS, NEWEST] : ([first, ...others] as Neo4jVersion[])
  for (const version of versions) {
    const server = await startServer(version)
    try {
      const recorded = await record(server.port, (port) => converse(port, server.user, server.password))
      write(version, recorded)
    } finally {
      await server.stop()
    }
  }
}

async function converse(port: number, user: string, password: string): Promise<void> {
  const neo4j = load('neo4j-driver')
  for (const scheme of ['neo4j', 'bolt']) {
    const driver = neo4j.driver(`${scheme}://127.0.0.1:${port}`, neo4j.auth.basic(user, password), {
      maxTransactionRetryTime: 0,
    })
    await driver.getServerInfo()
    const session = driver.session({ database: 'neo4j', fetchSize: 7 })
    await session.executeWrite((tx) => tx.run(VALUES, { bytes: new Int8Array(300) }))
    for (const query of [...QUERIES, ...NEWER]) {
      // Failures are part of the conversation.
      await session.run(query).catch((error: Error) => error)
    }
    const tx = session.beginTransaction()
    await tx.run('RETURN 1 AS n')
    await tx.run('RETURN 1 / 0').catch((error: Error) => error)
    await tx.close()
    await session.close()
    await driver.close()
  }
  const stranger = neo4j.driver(`bolt://127.0.0.1:${port}`, neo4j.auth.basic('nobody', 'of importance'))
  await stranger.getServerInfo().catch((error: Error) => error)
  await stranger.close()
}

/** What the server at this port says to a client that takes the port of a proxy for it. */
async function record(port: number, work: (port: number) => Promise<void>): Promise<Recorded[]> {
  const connections: { said: Buffer[] }[] = []
  const proxy = net.createServer((near) => {
    const connection = { said: [] as Buffer[] }
    connections.push(connection)
    const far = net.connect(port, '127.0.0.1')
    near.pipe(far)
    far.on('data', (bytes: Buffer) => connection.said.push(bytes)).pipe(near)
    for (const socket of [near, far]) socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  try {
    await work((proxy.address() as net.AddressInfo).port)
  } finally {
    proxy.close()
  }
  return connections.map(({ said }) => cut(Buffer.concat(said)))
}

function cut(said: Buffer): Recorded {
  // A manifest ends with its capabilities, one byte; its ranges have four each.
  const handshake = said.subarray(0, said.readUInt32BE(0) === 0x1ff ? 6 + 4 * said[4] : 4)
  const stream = said.subarray(handshake.length)
  const messages: Buffer[] = []
  const chunks: Buffer[] = []
  for (let at = 0; at + 2 <= stream.length; ) {
    const length = stream.readUInt16BE(at)
    at += 2
    if (length > 0) chunks.push(stream.subarray(at, at + length))
    else if (chunks.length > 0) messages.push(Buffer.concat(chunks.splice(0)))
    at += length
  }
  return { handshake, messages, stream }
}

function write(version: string, recorded: Recorded[]): void {
  const save = (target: string, inputs: Buffer[]): void => {
    const folder = join(__dirname, 'corpus', target)
    mkdirSync(folder, { recursive: true })
    for (const [i, input] of inputs.entries()) writeFileSync(join(folder, `neo4j-${version}-${i}`), input)
  }
  const all = recorded.flatMap(({ messages }) => messages)
  // Behind the header of the structure, which every message is.
  const fields = all.map((message) => message.subarray(2)).filter((each) => each.length > 0)
  const records = all.filter((message) => message[1] === RECORD).map((message) => message.subarray(2))
  save(
    'handshake',
    recorded.map(({ handshake }) => Buffer.concat([Buffer.of(2), handshake])),
  )
  save(
    'chunks',
    recorded.flatMap(({ stream }) => cuts(stream, 2000).map((each) => Buffer.concat([Buffer.of(255, 3), each]))),
  )
  save(
    'values',
    fields.filter((each) => each.length <= 4096),
  )
  save(
    'responses',
    all.filter((each) => each.length <= 4096),
  )
  save(
    'batch',
    [...groups(records, 1), ...groups(records, 5)].map(pieces).filter((each) => each.length <= 4096),
  )
  // Behind HELLO and LOGON, cut where a message ends, with Bolt 4.4, 5.8 or 6.1; each is tried in all
  // scenarios.
  const index = { '4': 10, '5': 2, '2': 0 }[version[0]] ?? 2
  const talks = recorded.flatMap(({ messages }) => groups(messages.slice(2), 12).map((each) => each.map(framed)))
  const fit = talks.map((each) => Buffer.concat(each)).filter((each) => each.length <= 2000)
  save(
    'session',
    fit.map((each, i) => Buffer.concat([Buffer.of(i % 5, (index << 3) | (i % 8)), each])),
  )
  const tables = all.filter((message) => message[1] === SUCCESS && 'rt' in (decode(message.subarray(2)) as object))
  const answers = groups(
    all.filter((each) => each.length <= 400),
    6,
  )
  save(
    'routing',
    tables.flatMap((table) => answers.slice(0, 12).map((each, i) => conversation(i % 4, index, [table, ...each]))),
  )
}

const RECORD = 0x71
const SUCCESS = 0x70

function cuts(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
}

function groups<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
}

function framed(message: Buffer): Buffer {
  return Buffer.concat([u16(message.length), message, u16(0)])
}

void main()
