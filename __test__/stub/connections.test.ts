/** Handshakes, broken and silent peers, pool and liveness, at a scripted peer. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Driver, Neo4jError } from 'neo4j-driver'
import { runChild } from '../support/child.js'
import { holdPort } from '../support/closed-port.js'
import { peerDifferential } from '../support/differential.js'
import { load, neoboltOnly } from '../support/drivers.js'
import { message } from '../support/packstream.cjs'
import { brief, outcome } from '../support/snapshot.js'
import { hasFrame } from '../support/stack.js'
import {
  answer,
  client,
  cut,
  failure,
  hold,
  noop,
  raw,
  record,
  records,
  reset,
  type Step,
  stall,
  startPeer,
  success,
} from '../support/stub-server.js'

const ONE: Step[] = answer(['n'], [[1]])

peerDifferential(
  'the handshake offers the manifest, 5.8 to 5.0, 4.4 to 4.2 and 3.0',
  { dialogues: () => [ONE] },
  async ({ driver, peer }) => {
    const session = driver.session()
    await session.run('RETURN 1 AS n')
    await session.close()
    return peer.handshakes[0]?.toString('hex')
  },
  '6060b017000001ff000808050002040400000003',
)

/** Calls of the driver that give promises, each in a function of its own. */
const CALLERS: Record<string, (driver: Driver) => Promise<unknown>> = {
  executeQuery: async function asksByExecuteQuery(driver) {
    return await driver.executeQuery('RETURN 1')
  },
  executeRead: async function asksByExecuteRead(driver) {
    return await driver.session().executeRead((tx) => tx.run('RETURN 1'))
  },
  beginTransaction: async function asksByBeginTransaction(driver) {
    return await driver.session().beginTransaction()
  },
  verifyConnectivity: async function asksByVerifyConnectivity(driver) {
    return await driver.verifyConnectivity()
  },
  getServerInfo: async function asksByGetServerInfo(driver) {
    return await driver.getServerInfo()
  },
  supportsMultiDb: async function asksBySupportsMultiDb(driver) {
    return await driver.supportsMultiDb()
  },
}

test('the stack of an error names the function that waits for the driver, whatever it calls', neoboltOnly, async () => {
  const { port, free } = await holdPort()
  const neo4j = load('neobolt')
  const driver = neo4j.driver(`bolt://127.0.0.1:${port}`, neo4j.auth.basic('u', 'p'), { maxTransactionRetryTime: 0 })
  for (const [name, call] of Object.entries(CALLERS)) {
    const error = (await call(driver).catch((error) => error)) as Neo4jError
    assert.equal(error.code, 'ServiceUnavailable', name)
    assert.match(error.stack as string, /^Neo4jError: Failed to connect.*\n +at /s, name)
    assert.ok(hasFrame(error.stack, call.name), `${name}: ${error.stack}`)
  }
  await driver.close()
  free()
})

/** Ways in which Node, or the application, keeps the driver from making stacks as it usually does. */
const STRICTER: [title: string, flags: string[], first: string][] = [
  ['with --frozen-intrinsics', ['--frozen-intrinsics'], ''],
  ['with --disable-proto=throw', ['--disable-proto=throw'], ''],
  ['with --disable-proto=delete', ['--disable-proto=delete'], ''],
  ['without code from strings', ['--disallow-code-generation-from-strings'], ''],
  ['where Error is frozen', [], 'Object.freeze(Error)'],
  ['where Error has no captureStackTrace', [], 'delete Error.captureStackTrace'],
  ['where frames have a form of their own', [], "Error.prepareStackTrace = (e, at) => [e, ...at].join('\\n > at ')"],
]

for (const [title, flags, first] of STRICTER) {
  test(`the stack of an error names the function that waits for the driver ${title}`, neoboltOnly, async () => {
    const { port, free } = await holdPort()
    const callers = Object.entries(CALLERS).map(([name, call]) => `${name}: ${call}`)
    const { stdout, stderr } = await runChild(
      `${first}
      const driver = neo4j.driver(input, undefined, { maxTransactionRetryTime: 0 })
      const stacks = {}
      for (const [name, call] of Object.entries({ ${callers} })) {
        const outcome = await call(driver).then((value) => ({ value }), (error) => ({ error }))
        stacks[name] = [call.name, outcome.error?.stack ?? 'no error: ' + JSON.stringify(outcome)]
      }
      await driver.close()
      console.log(JSON.stringify(stacks))`,
      { input: `bolt://127.0.0.1:${port}`, flags: ['--no-warnings', ...flags] },
    )
    free()
    assert.equal(stderr, '')
    const stacks = Object.entries(JSON.parse(stdout) as Record<string, [name: string, stack: string]>)
    assert.equal(stacks.length, callers.length)
    for (const [name, [caller, stack]] of stacks) {
      assert.match(stack, /^Neo4jError: Failed to connect/, name)
      assert.ok(hasFrame(stack.replaceAll('\n > at', '\n    at'), caller), `${name}: ${stack}`)
    }
  })
}

for (const [title, handshake, text] of [
  ['a version that was not offered', Buffer.of(0, 0, 0, 9), 'Unknown Bolt protocol version: 9.0'],
  ['no version at all', Buffer.of(0, 0, 0, 0), 'Unknown Bolt protocol version: 0.0'],
  [
    'HTTP',
    Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
    'Server responded HTTP. Make sure you are not trying to connect to the http endpoint (HTTP defaults to port 7474 whereas BOLT defaults to port 7687)',
  ],
] as const) {
  peerDifferential(
    `a peer that answers the handshake with ${title}`,
    { dialogues: () => [[]], peer: { handshake } },
    async ({ driver }) => {
      const session = driver.session()
      const failed = await outcome(() => session.run('RETURN 1'))
      await session.close()
      return failed
    },
    { rejects: { name: 'Neo4jError', message: text, code: 'N/A', gqlStatus: '50N42' } },
  )
}

peerDifferential(
  'empty chunks between messages keep a connection alive and mean nothing',
  {
    dialogues: () => [
      [
        noop(),
        client('RUN'),
        noop(),
        success({ fields: ['i'] }),
        noop(),
        noop(),
        client('PULL'),
        ...records(1, 3),
        noop(),
        success({ type: 'r' }),
      ],
    ],
  },
  async ({ driver }) => {
    const session = driver.session()
    const { records: rows } = await session.run('X')
    await session.close()
    return rows.length
  },
  3,
)

peerDifferential(
  'a message in a thousand pieces is the same message',
  {
    dialogues: () => [
      [
        client('RUN'),
        success({ fields: ['i'] }),
        client('PULL'),
        ...Array.from(Buffer.concat([message(0x71, [['x'.repeat(300)]]), message(0x70, [{ type: 'r' }])]), (byte) =>
          raw(Buffer.of(byte)),
        ),
      ],
    ],
  },
  async ({ driver }) => {
    const session = driver.session()
    const { records: rows } = await session.run('X')
    await session.close()
    return rows[0]?.get('i').length
  },
  300,
)

peerDifferential(
  'a record of many chunks is put together',
  {
    dialogues: () => [
      [client('RUN'), success({ fields: ['i'] }), client('PULL'), record('x'.repeat(200_000)), success({ type: 'r' })],
    ],
  },
  async ({ driver }) => {
    const session = driver.session()
    const { records: rows } = await session.run('X')
    await session.close()
    return rows[0]?.get('i').length
  },
  200_000,
)

for (const [title, last] of [
  ['is closed', cut()],
  ['is reset', reset()],
] as const) {
  peerDifferential(
    `a connection that ${title} in mid-stream: the records before it, then ServiceUnavailable`,
    { dialogues: () => [[client('RUN'), success({ fields: ['i'] }), client('PULL'), ...records(1, 3), last]] },
    async ({ driver }) => {
      const session = driver.session()
      const seen: number[] = []
      let caught: unknown
      try {
        for await (const item of session.run('X')) seen.push(item.get('i').toNumber())
      } catch (error) {
        caught = brief(error)
      }
      await session.close()
      return [seen.length <= 3, (caught as { code: string }).code]
    },
    [true, 'ServiceUnavailable'],
  )
}

peerDifferential(
  'a connection that broke is not used again, and the next query is run on a new one',
  { dialogues: () => (connection: number) => (connection === 0 ? [client('RUN'), cut()] : ONE) },
  async ({ driver, peer }) => {
    const session = driver.session()
    const failed = (await outcome(() => session.run('X'))) as { rejects: { code: string } }
    const { records: rows } = await session.run('RETURN 1 AS n')
    await session.close()
    return [failed.rejects.code, rows.length, peer.connections]
  },
  ['ServiceUnavailable', 1, 2],
)

test('bytes that are no Bolt end the query by a ProtocolError, and the driver goes on', {
  timeout: 90_000,
  ...neoboltOnly,
}, async () => {
  const garbage: Step[][] = [
    // A message with a tag that does not exist.
    [raw(message(0x55, [{}]))],
    // A structure that claims more fields than it has.
    [raw(Buffer.from('0002b17f0000', 'hex'))],
    // A string that claims 4 GB.
    [raw(Buffer.from('0007b171d2ffffffff0000', 'hex'))],
    // A list that claims 4 GB of items.
    [raw(Buffer.from('0007b17191d6ffffffff0000'.replace('0007', '0008'), 'hex'))],
    // Not even a structure.
    [raw(Buffer.from('0001010000', 'hex'))],
  ]
  for (const [i, steps] of garbage.entries()) {
    const peer = await startPeer((connection) =>
      connection === 0 ? [client('RUN'), success({ fields: ['i'] }), client('PULL'), ...steps, stall()] : ONE,
    )
    const neo4j = load('neobolt')
    const driver = neo4j.driver(peer.uri, neo4j.auth.basic('neo4j', 'x'))
    try {
      const failed = (await outcome(() => driver.session().run('X'))) as { rejects?: { code: string } }
      assert.equal(failed.rejects?.code, 'ProtocolError', `case ${i}: ${JSON.stringify(failed)}`)
      const { records: rows } = await driver.session().run('RETURN 1 AS n')
      assert.equal(rows.length, 1)
    } finally {
      await driver.close()
      await peer.stop()
    }
  }
})

peerDifferential(
  'a failure is announced when its connection can be used again: what follows it needs no other one',
  {
    dialogues: () => [
      Array.from({ length: 20 }, () => [
        client('RUN'),
        failure('Neo.ClientError.Statement.SyntaxError', 'wrong'),
        client('RESET'),
        success(),
        client('BEGIN'),
        success(),
        client('RUN'),
        failure('Neo.ClientError.Statement.SyntaxError', 'wrong'),
        client('RESET'),
        success(),
      ]).flat(),
    ],
    peer: { version: '5.4' },
  },
  async ({ driver, peer }) => {
    let failures = 0
    const count = () => {
      failures++
    }
    for (let i = 0; i < 20; i++) {
      await driver.session().run('X').catch(count)
      await driver
        .session()
        .executeRead((tx) => tx.run('X'))
        .catch(count)
    }
    return [failures, peer.connections]
  },
  [40, 1],
)

peerDifferential(
  'a full pool: the acquisition times out, and says how full it is',
  { dialogues: () => [[client('RUN'), client('PULL'), stall()]] },
  async ({ driver, peer }) => {
    const busy = driver.session()
    const running = outcome(() => busy.run('X'))
    await peer.seen('PULL')
    const session = driver.session()
    const failed = await outcome(() => session.run('RETURN 1'))
    await session.close()
    await peer.stop()
    await running
    await busy.close()
    return failed
  },
  {
    rejects: {
      name: 'Neo4jError',
      message: 'Connection acquisition timed out in 1000 ms. Pool status: Active conn count = 1, Idle conn count = 0.',
      code: 'N/A',
      gqlStatus: '50N42',
    },
  },
  { config: { maxConnectionPoolSize: 1, connectionAcquisitionTimeout: 1000 } },
)

let free: () => void = () => {}
peerDifferential(
  'a full pool: who waits gets the connection that is given back',
  {
    dialogues: () => {
      const gate = new Promise<void>((resolve) => {
        free = resolve
      })
      return [
        [
          client('RUN'),
          success({ fields: ['n'] }),
          client('PULL'),
          hold(gate),
          record(1),
          success({ type: 'r' }),
          ...ONE,
        ],
      ]
    },
  },
  async ({ driver, peer }) => {
    const first = driver.session().run('RETURN 1 AS n')
    const second = driver.session().run('RETURN 1 AS n')
    await peer.seen('PULL')
    free()
    const rows = (await Promise.all([first, second])).map((result) => result.records.length)
    return [rows, peer.connections]
  },
  [[1, 1], 1],
  { config: { maxConnectionPoolSize: 1 } },
)

peerDifferential(
  'the acquisition timeout ends the handshake with a peer that accepts and is slow, and connectionTimeout does not',
  { dialogues: () => [[]], peer: { handshake: 'silent' } },
  async ({ driver }) => {
    const session = driver.session()
    const started = performance.now()
    const failed = await outcome(() => session.run('RETURN 1'))
    const took = performance.now() - started
    await session.close()
    // Ours adds what the peer has not done.
    const hint = ' The server has accepted the connection, and has not answered the handshake.'
    const told = JSON.parse(JSON.stringify(failed).replace(hint, ''))
    return [told, took > 900 && took < 10_000 ? 'in time' : took]
  },
  [
    {
      rejects: {
        name: 'Neo4jError',
        message:
          'Connection acquisition timed out in 1000 ms. Pool status: Active conn count = 0, Idle conn count = 0.',
        code: 'N/A',
        gqlStatus: '50N42',
      },
    },
    'in time',
  ],
  { config: { connectionAcquisitionTimeout: 1000, connectionTimeout: 400 }, parallel: true },
)

peerDifferential(
  'a peer that greets by a failure: its code comes out, and the next try is on a new connection',
  {
    dialogues: () => [
      [
        client('HELLO'),
        raw(message(0x7f, [{ code: 'Neo.ClientError.Security.Unauthorized', message: 'who are you' }])),
      ],
    ],
    peer: { version: '5.0' },
  },
  async ({ driver, peer }) => {
    const session = driver.session()
    const outcomes = [await outcome(() => session.run('RETURN 1')), await outcome(() => session.run('RETURN 1'))]
    await session.close()
    return [outcomes, peer.connections]
  },
  [
    [
      {
        rejects: {
          name: 'Neo4jError',
          message: 'who are you',
          code: 'Neo.ClientError.Security.Unauthorized',
          gqlStatus: '50N42',
        },
      },
      {
        rejects: {
          name: 'Neo4jError',
          message: 'who are you',
          code: 'Neo.ClientError.Security.Unauthorized',
          gqlStatus: '50N42',
        },
      },
    ],
    2,
  ],
)

peerDifferential(
  "the server's hint connection.recv_timeout_seconds ends a query on a connection that has fallen silent",
  {
    dialogues: () => [[client('RUN'), success({ fields: ['n'] }), client('PULL'), stall()]],
    peer: { hello: { hints: { 'connection.recv_timeout_seconds': 1 } } },
  },
  async ({ driver }) => {
    const session = driver.session()
    const started = performance.now()
    const failed = await outcome(() => session.run('RETURN 1'))
    const took = performance.now() - started
    await session.close()
    return [failed, took > 900 && took < 15_000 ? 'in time' : took]
  },
  [
    {
      rejects: {
        name: 'Neo4jError',
        message:
          "Failed to connect to server. Please ensure that your database is listening on the correct host and port and that you have compatible encryption settings both on Neo4j server and driver. Note that the default encryption setting has changed in Neo4j 4.0. Caused by: Connection lost. Server didn't respond in 1000ms",
        code: 'ServiceUnavailable',
        gqlStatus: '50N42',
      },
    },
    'in time',
  ],
  { parallel: true },
)

peerDifferential(
  'closing the driver says GOODBYE on every idle connection',
  { dialogues: () => [ONE] },
  async ({ driver, peer }) => {
    await Promise.all([1, 2, 3].map(() => driver.session().run('RETURN 1 AS n')))
    await driver.close()
    await peer.idle()
    return [peer.connections, peer.count('GOODBYE')]
  },
  [3, 3],
)
