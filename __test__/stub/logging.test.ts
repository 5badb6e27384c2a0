/** Log lines, at a scripted peer: the official driver's, except for what `log-lines.ts` lists. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LogLevel } from '../../lib/index.js'
import { type PeerScript, peerDifferential } from '../support/differential.js'
import { load, neoboltOnly } from '../support/drivers.js'
import { comparable } from '../support/log-lines.js'
import {
  answer,
  client,
  cut,
  failure,
  ignored,
  type PeerOptions,
  record,
  reset,
  type Step,
  startPeer,
  success,
} from '../support/stub-server.js'

const SECRET = 'do not tell'

interface Scene {
  dialogues: Step[][]
  peer?: PeerOptions
  config?: Record<string, unknown>
  unredacted?: boolean
  level?: LogLevel
  run(context: PeerScript): Promise<unknown>
}

/** Compares the lines of both drivers with the given ones: without times, numbers and ports. */
function logs(title: string, scene: Scene, expected: string[], options: { ours?: string[] } = {}): void {
  peerDifferential(
    title,
    { dialogues: () => scene.dialogues, peer: scene.peer },
    async (context) => {
      const { neo4j, peer, name } = context
      const lines: string[] = []
      const driver = neo4j.driver(peer.uri, neo4j.auth.basic('neo4j', SECRET), {
        ...scene.config,
        userAgent: 'agent',
        logging: {
          level: scene.level ?? 'debug',
          unredactDebugLogs: scene.unredacted,
          logger: (level, message) => void lines.push(`${level} ${message}`),
        },
      })
      try {
        await scene.run({ ...context, driver })
      } finally {
        await driver.close()
      }
      assert.ok(!lines.some((line) => line.includes(SECRET)), `${name} logs the password`)
      return comparable(lines)
    },
    expected,
    options,
  )
}

const created = 'info Direct driver N created for server address ADDRESS'
const closing = 'info Driver N closing'
const opened = (name = 'bolt-0', hints = '{}'): string[] => [
  'debug Connection [N][] created towards ADDRESS',
  'debug Connection [N][] C: HELLO {"user_agent":"agent","bolt_agent":{}}',
  'debug Connection [N][] C: LOGON { ... }',
  `debug Connection [N][] S: SUCCESS {"signature":112,"fields":[{"server":"Neo4j/5.26.0","connection_id":"${name}","hints":${hints}}]}`,
  'debug Connection [N][] S: SUCCESS {"signature":112,"fields":[{}]}',
  `debug Connection [N][${name}] created for the pool ADDRESS`,
]
const of =
  (name: string) =>
  (...lines: string[]): string[] =>
    lines.map((line) => (line.startsWith('error ') ? line : `debug Connection [N][${name}] ${line}`))
const first = of('bolt-0')
const closed = (name = 'bolt-0'): string[] => [closing, ...of(name)('closing', 'C: GOODBYE', 'closed')]
const acquired = 'acquired from the pool ADDRESS'
const released = 'released to the pool ADDRESS'
const queried = (text: string, records = 1): string[] => [
  acquired,
  `C: RUN ${text} { ... } {}`,
  'C: PULL {"n":{"low":1000,"high":0}}',
  'S: SUCCESS {"signature":112,"fields":[{"fields":["n"],"t_first":{"low":0,"high":0}}]}',
  ...Array.from({ length: records }, () => 'S: RECORD {"signature":113,"fields":[{ ... }]}'),
  'S: SUCCESS {"signature":112,"fields":[{"type":"r","t_last":{"low":0,"high":0},"db":"neo4j"}]}',
  released,
]

const ONE: Step[] = answer(['n'], [[1]])

describe('debug lines', () => {
  logs(
    'of queries, one after the other on one connection',
    {
      dialogues: [[...ONE, ...answer(['n'], [[1], [2]])]],
      run: async ({ driver }) => {
        const session = driver.session()
        await session.run('RETURN $n', { n: SECRET })
        await session.run('RETURN 2')
        await session.close()
      },
    },
    [created, ...opened(), ...first(...queried('RETURN $n'), ...queried('RETURN 2', 2)), ...closed()],
  )

  logs(
    'with parameters and records, where that is wanted',
    {
      dialogues: [[...answer(['a', 'b', 'c'], [['a "value"', 1.5, [true, null]]])]],
      unredacted: true,
      run: async ({ driver, neo4j }) => {
        const session = driver.session()
        await session.run('RETURN $n', { n: { text: 'é\n', int: neo4j.int(2), float: 1.5 } })
        await session.close()
      },
    },
    [
      created,
      ...opened(),
      ...first(
        acquired,
        'C: RUN RETURN $n {"n":{"text":"é\\n","int":{"low":2,"high":0},"float":1.5}} {}',
        'C: PULL {"n":{"low":1000,"high":0}}',
        'S: SUCCESS {"signature":112,"fields":[{"fields":["a","b","c"],"t_first":{"low":0,"high":0}}]}',
        'S: RECORD {"signature":113,"fields":[["a \\"value\\"",1.5,[true,null]]]}',
        'S: SUCCESS {"signature":112,"fields":[{"type":"r","t_last":{"low":0,"high":0},"db":"neo4j"}]}',
        released,
      ),
      ...closed(),
    ],
  )

  logs(
    'of a transaction with settings',
    {
      dialogues: [
        [
          client('BEGIN'),
          success(),
          client('RUN'),
          success({ fields: [], qid: 0 }),
          client('PULL'),
          success({ type: 'w' }),
          client('COMMIT'),
          success({ bookmark: 'bm:1' }),
        ],
      ],
      run: async ({ driver, neo4j }) => {
        const session = driver.session({ database: 'db', bookmarks: ['bm:0'], defaultAccessMode: 'READ' })
        const tx = await session.beginTransaction({ timeout: 5000, metadata: { app: 'x', n: neo4j.int(1) } })
        await tx.run('CREATE ()')
        await tx.commit()
        await session.close()
      },
    },
    [
      created,
      ...opened(),
      ...first(
        acquired,
        'C: BEGIN {"bookmarks":["bm:0"],"tx_timeout":{"low":5000,"high":0},"tx_metadata":{"app":"x","n":{"low":1,"high":0}},"db":"db","mode":"r"}',
        'S: SUCCESS {"signature":112,"fields":[{}]}',
        'C: RUN CREATE () { ... } {}',
        'C: PULL {"n":{"low":1000,"high":0}}',
        'S: SUCCESS {"signature":112,"fields":[{"fields":[],"qid":{"low":0,"high":0}}]}',
        'S: SUCCESS {"signature":112,"fields":[{"type":"w"}]}',
        'C: COMMIT',
        'S: SUCCESS {"signature":112,"fields":[{"bookmark":"bm:1"}]}',
        released,
      ),
      ...closed(),
    ],
  )

  logs(
    'of a query that fails',
    {
      dialogues: [[client('RUN'), failure('Neo.ClientError.Statement.SyntaxError', 'no'), client('PULL'), ignored()]],
      run: async ({ driver }) => {
        const session = driver.session()
        await assert.rejects(
          session.run('RETRUN 1').then(() => {}),
          /no/,
        )
        await session.close()
      },
    },
    [
      created,
      ...opened(),
      ...first(
        acquired,
        'C: RUN RETRUN 1 { ... } {}',
        'C: PULL {"n":{"low":1000,"high":0}}',
        'S: FAILURE {"signature":127,"fields":[{"code":"Neo.ClientError.Statement.SyntaxError","message":"no"}]}',
        'C: RESET',
        'S: IGNORED {"signature":126,"fields":[]}',
        'S: SUCCESS {"signature":112,"fields":[{}]}',
        released,
      ),
      ...closed(),
    ],
  )

  logs(
    'of a connection that is cut under a query',
    {
      dialogues: [[client('RUN'), cut()]],
      run: async ({ driver }) => {
        const session = driver.session()
        await assert.rejects(session.run('RETURN 1').then(() => {}))
        await session.close()
      },
    },
    [
      created,
      ...opened(),
      ...first(
        acquired,
        'C: RUN RETURN 1 { ... } {}',
        'C: PULL {"n":{"low":1000,"high":0}}',
        'error Connection [N][bolt-0] experienced a fatal error caused by Neo4jError: Connection was closed by server ServiceUnavailable',
        "destroyed and can't be released to the pool ADDRESS because it is not functional",
        'closing',
        'closed',
      ),
      closing,
    ],
  )

  logs(
    'of a server that refuses the user: ours with the code that the application sees, too',
    {
      level: 'error',
      dialogues: [[client('LOGON'), failure('Neo.ClientError.Security.Unauthorized', 'who are you')]],
      run: async ({ driver }) => {
        const session = driver.session()
        await assert.rejects(
          session.run('RETURN 1').then(() => {}),
          /who are you/,
        )
        await session.close()
      },
    },
    ['error Connection [N][] experienced a fatal error caused by Neo4jError: who are you ProtocolError'],
    {
      ours: [
        'error Connection [N][] experienced a fatal error caused by Neo4jError: who are you Neo.ClientError.Security.Unauthorized',
      ],
    },
  )

  for (const [version, pull] of [
    ['4.4', 'PULL {"n":{"low":1000,"high":0}}'],
    ['3.0', 'PULL_ALL'],
  ]) {
    logs(
      `of Bolt ${version}, where HELLO has the password in it`,
      {
        dialogues: [[client('RUN'), success({ fields: ['n'] }), client('PULL'), record(1), success()]],
        peer: { version },
        run: async ({ driver }) => {
          const session = driver.session()
          await session.run('RETURN 1')
          await session.close()
        },
      },
      [
        created,
        'debug Connection [N][] created towards ADDRESS',
        "debug Connection [N][] C: HELLO {user_agent: 'agent', ...}",
        ...opened().slice(3, 4),
        ...opened().slice(5),
        ...first(
          acquired,
          'C: RUN RETURN 1 { ... } {}',
          `C: ${pull}`,
          'S: SUCCESS {"signature":112,"fields":[{"fields":["n"]}]}',
          'S: RECORD {"signature":113,"fields":[{ ... }]}',
          'S: SUCCESS {"signature":112,"fields":[{}]}',
          released,
        ),
        ...closed(),
      ],
    )
  }

  logs(
    'of a hint that makes no sense',
    {
      dialogues: [ONE],
      peer: { hello: { hints: { 'connection.recv_timeout_seconds': -1n } } },
      run: async ({ driver }) => {
        const session = driver.session()
        await session.run('RETURN 1')
        await session.close()
      },
    },
    [
      created,
      ...opened('bolt-0', '{"connection.recv_timeout_seconds":{"low":-1,"high":-1}}').slice(0, 5),
      'info Connection [N][bolt-0] Server located at ADDRESS supplied an invalid connection receive timeout value (-1). Please, verify the server configuration and status because this can be the symptom of a bigger issue.',
      ...opened().slice(5),
      ...first(...queried('RETURN 1')),
      ...closed(),
    ],
  )
})

test('a query and its answer are in the log before the program hears of the answer', neoboltOnly, async () => {
  const neo4j = load('neobolt')
  const peer = await startPeer([ONE])
  const events: string[] = []
  const driver = neo4j.driver(peer.uri, undefined, {
    logging: { level: 'debug', logger: (_level, message) => void events.push(message.replace(/^Connection \S+ /, '')) },
  })
  try {
    const session = driver.session()
    await session.run('RETURN 1')
    events.push('heard')
    await session.close()
    assert.deepEqual(events.slice(events.indexOf('heard') - 2), [
      ...queried('RETURN 1')
        .slice(-2)
        .map((line) => line.replace('ADDRESS', peer.address)),
      'heard',
    ])
  } finally {
    await driver.close()
    await peer.stop()
  }
})

test('a logger that throws is warned of once, and harms nothing', neoboltOnly, async () => {
  const neo4j = load('neobolt')
  const peer = await startPeer([[...ONE, ...ONE]])
  const warnings: string[] = []
  const warned = (warning: Error) => void warnings.push(`${warning.name}: ${warning.message}`)
  process.on('warning', warned)
  let calls = 0
  const driver = neo4j.driver(peer.uri, undefined, {
    logging: {
      level: 'debug',
      logger: (level) => {
        calls++
        // The driver's own lines are written while the program is in one of its calls.
        if (level === 'debug') throw new Error('disk full')
      },
    },
  })
  try {
    const session = driver.session()
    assert.equal((await session.run('RETURN 1')).records.length, 1)
    assert.equal((await session.run('RETURN 1')).records.length, 1)
    await session.close()
  } finally {
    await driver.close()
    await peer.stop()
    process.off('warning', warned)
  }
  assert.ok(calls > 20, `it is asked again: ${calls}`)
  assert.deepEqual(warnings, ['NeoboltWarning: The logger of a driver failed: Error: disk full'])
})

test('a driver without a log makes no lines, whatever another one logs', neoboltOnly, async () => {
  const neo4j = load('neobolt')
  const peers = await Promise.all([startPeer([ONE]), startPeer([ONE])])
  const lines: string[] = []
  const talkative = neo4j.driver(peers[0].uri, undefined, {
    logging: { level: 'debug', logger: (_, message) => void lines.push(message) },
  })
  const silent = neo4j.driver(peers[1].uri)
  try {
    await Promise.all([talkative, silent].map((driver) => driver.session().run('RETURN 1')))
  } finally {
    await Promise.all([talkative.close(), silent.close(), ...peers.map((peer) => peer.stop())])
  }
  assert.ok(lines.some((line) => line.includes(peers[0].address)))
  assert.ok(!lines.some((line) => line.includes(peers[1].address)))
})

test('a connection that is reset by the peer is an error at every level', neoboltOnly, async () => {
  const neo4j = load('neobolt')
  const peer = await startPeer([[client('RUN'), reset()]])
  const lines: string[] = []
  const driver = neo4j.driver(peer.uri, undefined, {
    logging: { level: 'error', logger: (level, message) => void lines.push(`${level} ${message}`) },
  })
  try {
    const session = driver.session()
    await assert.rejects(session.run('RETURN 1').then(() => {}))
    await session.close()
  } finally {
    await driver.close()
    await peer.stop()
  }
  assert.equal(lines.length, 1)
  assert.match(
    lines[0],
    /^error Connection \[\d+\]\[bolt-0\] experienced a fatal error caused by Neo4jError: .*ECONNRESET/,
  )
})
