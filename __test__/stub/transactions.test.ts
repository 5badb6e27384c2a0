/**
 * The order of messages of transactions: pipelining, several results at a time, bookmarks, metadata,
 * TELEMETRY.
 */
import type { Record } from 'neo4j-driver'
import { peerDifferential } from '../support/differential.js'
import { outcome } from '../support/snapshot.js'
import { client, cut, failure, record, records, type Step, success } from '../support/stub-server.js'

/** Only what the test is about: without the handshake and GOODBYE. */
const work = (names: string[]) => names.filter((name) => !/HELLO|LOGON|GOODBYE|TELEMETRY/.test(name))

const one = (value: unknown): Step[] => [
  client('RUN'),
  success({ fields: ['n'], qid: 0 }),
  client('PULL'),
  record(value),
  success({ type: 'r' }),
]

peerDifferential(
  'C1: queries of a transaction are sent one behind the other, without waiting for answers',
  {
    dialogues: () => [
      [
        client('BEGIN'),
        success(),
        // Answers only when all three have arrived: a driver that waits for the first would wait forever.
        client('RUN', (query: string) => query === 'RETURN 1 AS n'),
        client('PULL'),
        client('RUN', (query: string) => query === 'RETURN 2 AS n'),
        client('PULL'),
        client('RUN', (query: string) => query === 'RETURN 3 AS n'),
        client('PULL'),
        ...[1, 2, 3].flatMap((n) => [success({ fields: ['n'], qid: n - 1 }), record(n), success({ type: 'r' })]),
        client('COMMIT'),
        success({ bookmark: 'b1' }),
      ],
    ],
  },
  async ({ driver, peer }) => {
    const session = driver.session()
    const values = await session.executeRead(async (tx) => {
      const results = await Promise.all([1, 2, 3].map((n) => tx.run(`RETURN ${n} AS n`)))
      return results.map(({ records: [first] }) => first?.get('n').toNumber())
    })
    await session.close()
    return [values, work(peer.names()), session.lastBookmarks(), peer.connections]
  },
  [[1, 2, 3], ['BEGIN', 'RUN', 'PULL', 'RUN', 'PULL', 'RUN', 'PULL', 'COMMIT'], ['b1'], 1],
)

peerDifferential(
  'A15: two open results of a transaction are pulled by their query ids',
  {
    dialogues: () => [
      [
        client('BEGIN'),
        success(),
        client('RUN'),
        success({ fields: ['i'], qid: 0 }),
        client('PULL', ({ n }: { n: number }) => n === 10),
        ...records(1, 10),
        success({ has_more: true }),
        client('RUN'),
        success({ fields: ['i'], qid: 1 }),
        client('PULL', ({ n }: { n: number }) => n === 10),
        ...records(101, 110),
        success({ has_more: true }),
        // To the first one again, which is no longer the latest.
        client('PULL', ({ n, qid }: { n: number; qid: number }) => n === 10 && qid === 0),
        ...records(11, 11),
        success({ type: 'r' }),
        client('PULL', ({ n, qid }: { n: number; qid?: number }) => n === 10 && (qid === 1 || qid === undefined)),
        ...records(111, 111),
        success({ type: 'r' }),
        client('COMMIT'),
        success({}),
      ],
    ],
  },
  async ({ driver }) => {
    const session = driver.session({ fetchSize: 10 })
    const take = async (iterator: AsyncIterator<Record, unknown>, into: number[]) => {
      const next = await iterator.next()
      if (!next.done) into.push(next.value.get('i').toNumber())
      return !next.done
    }
    const tx = await session.beginTransaction()
    const left = tx.run('LEFT')[Symbol.asyncIterator]()
    const lefts: number[] = []
    await take(left, lefts)
    const right = tx.run('RIGHT')[Symbol.asyncIterator]()
    const rights: number[] = []
    await take(right, rights)
    while (await take(left, lefts));
    while (await take(right, rights));
    await tx.commit()
    await session.close()
    return [lefts, rights]
  },
  [
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    [101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111],
  ],
)

peerDifferential(
  'T7: bookmarks of a session go into its next RUN and BEGIN, with mode, database, timeout and metadata',
  {
    dialogues: () => [
      [
        client('RUN'),
        success({ fields: [] }),
        client('PULL'),
        success({ type: 'w', bookmark: 'b1' }),
        client('BEGIN'),
        success(),
        client('RUN'),
        success({ fields: ['n'], qid: 0 }),
        client('PULL'),
        success({ type: 'r' }),
        client('COMMIT'),
        success({ bookmark: 'b2' }),
        client('RUN'),
        success({ fields: [] }),
        client('PULL'),
        success({ type: 'r', bookmark: 'b3' }),
      ],
    ],
  },
  async ({ driver, peer }) => {
    const session = driver.session({ bookmarks: ['b0'], database: 'neo4j', impersonatedUser: 'jane' })
    await session.run('CREATE ()')
    await session.executeRead((tx) => tx.run('RETURN 1 AS n'), { timeout: 1234, metadata: { app: 'x' } })
    await session.run('RETURN 1')
    const extras = [
      ...peer.messages('RUN').map(([, , extra]) => extra),
      ...peer.messages('BEGIN').map(([extra]) => extra),
    ]
    await session.close()
    return [extras, session.lastBookmarks()]
  },
  [
    [
      { bookmarks: ['b0'], db: 'neo4j', imp_user: 'jane' },
      {},
      { bookmarks: ['b2'], db: 'neo4j', imp_user: 'jane' },
      {
        bookmarks: ['b1'],
        tx_timeout: 1234,
        tx_metadata: { app: 'x' },
        db: 'neo4j',
        imp_user: 'jane',
        mode: 'r',
      },
    ],
    ['b3'],
  ],
)

peerDifferential(
  'nothing is sent of what has its default',
  { dialogues: () => [[...one(1), client('BEGIN'), success(), ...one(2), client('COMMIT'), success()]] },
  async ({ driver, peer }) => {
    const session = driver.session()
    await session.run('RETURN 1 AS n')
    await session.executeWrite((tx) => tx.run('RETURN $n AS n', { n: 2 }))
    await session.close()
    return [peer.messages('RUN'), peer.messages('BEGIN'), peer.messages('PULL'), peer.messages('COMMIT')]
  },
  [
    [
      ['RETURN 1 AS n', {}, {}],
      ['RETURN $n AS n', { n: 2 }, {}],
    ],
    [[{}]],
    [[{ n: 1000 }], [{ n: 1000 }]],
    [[]],
  ],
)

peerDifferential(
  'executeQuery sends BEGIN, RUN and PULL in one go',
  {
    dialogues: () => [
      [
        client('BEGIN'),
        client('RUN'),
        client('PULL'),
        success(),
        success({ fields: ['n'], qid: 0 }),
        record(1),
        success({ type: 'r' }),
        client('COMMIT'),
        success({ bookmark: 'b1' }),
      ],
    ],
  },
  async ({ driver, peer }) => {
    const { records: rows } = await driver.executeQuery('RETURN 1 AS n')
    return [rows.length, work(peer.names())]
  },
  [1, ['BEGIN', 'RUN', 'PULL', 'COMMIT']],
)

peerDifferential(
  'C5: after a failure in a transaction the connection is reset and used again; nothing else is sent for that transaction',
  {
    dialogues: () => [
      [
        client('BEGIN'),
        success(),
        client('RUN'),
        // The PULL behind it is ignored.
        failure('Neo.ClientError.Statement.SyntaxError', 'no such thing'),
        client('RESET'),
        success(),
        ...one(7),
      ],
    ],
    peer: { version: '5.4' },
  },
  async ({ driver, peer }) => {
    const session = driver.session()
    const failed = await outcome(() => session.executeWrite((tx) => tx.run('WRONG')))
    const next = await session.run('RETURN 7 AS n')
    await session.close()
    return [failed, next.records.length, peer.count('ROLLBACK'), peer.connections]
  },
  [
    {
      rejects: {
        name: 'Neo4jError',
        message: 'no such thing',
        code: 'Neo.ClientError.Statement.SyntaxError',
        gqlStatus: '50N42',
      },
    },
    1,
    0,
    1,
  ],
)

peerDifferential(
  'TELEMETRY says which kind of call it is, where the server asks for it',
  {
    dialogues: () => [
      [
        ...one(1),
        client('BEGIN'),
        success(),
        ...one(1),
        client('COMMIT'),
        success(),
        client('BEGIN'),
        success(),
        ...one(1),
        client('COMMIT'),
        success(),
        client('BEGIN'),
        success(),
        ...one(1),
        client('COMMIT'),
        success(),
      ],
    ],
    peer: { hello: { hints: { 'telemetry.enabled': true } } },
  },
  async ({ driver, peer }) => {
    const session = driver.session()
    await session.run('RETURN 1 AS n')
    await session.executeRead((tx) => tx.run('RETURN 1 AS n'))
    const tx = await session.beginTransaction()
    await tx.run('RETURN 1 AS n')
    await tx.commit()
    await session.close()
    await driver.executeQuery('RETURN 1 AS n')
    return peer.messages('TELEMETRY')
  },
  [[2], [0], [1], [3]],
)

peerDifferential(
  'TELEMETRY is sent again until the server has read it, and not after that, although BEGIN fails',
  {
    dialogues: () => [
      [client('TELEMETRY'), cut()],
      [
        client('BEGIN'),
        failure('Neo.TransientError.General.PleaseRetry', 'not now'),
        client('BEGIN'),
        success(),
        ...one(1),
        client('COMMIT'),
        success(),
      ],
    ],
    peer: { version: '5.4', hello: { hints: { 'telemetry.enabled': true } } },
  },
  async ({ driver, peer }) => {
    const session = driver.session()
    await session.executeRead((tx) => tx.run('RETURN 1 AS n'))
    await session.close()
    return [peer.count('TELEMETRY', 0), peer.count('TELEMETRY', 1)]
  },
  [1, 1],
  { parallel: true },
)
