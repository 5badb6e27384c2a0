/** Re-execution when servers fail, restart or vanish. */
import type { Driver } from 'neo4j-driver'
import { lastValueFrom } from 'rxjs'
import { peerDifferential } from '../support/differential.js'
import { brief, outcome } from '../support/snapshot.js'
import { client, cut, failure, gqlFailure, record, type Step, stall, success } from '../support/stub-server.js'

const begin = (): Step[] => [client('BEGIN'), success()]
const query = (): Step[] => [
  client('RUN'),
  success({ fields: ['n'], qid: 0 }),
  client('PULL'),
  record(1),
  success({ type: 'r' }),
]
const commit = (): Step[] => [client('COMMIT'), success({ bookmark: 'done' })]
const TRANSIENT = 'Neo.TransientError.General.DatabaseUnavailable'

peerDifferential(
  'T1: transient failures of BEGIN, of a query and of COMMIT run the whole work again',
  {
    dialogues: () => [
      [
        client('BEGIN'),
        failure(TRANSIENT, 'not yet'),
        client('RESET'),
        success(),
        ...begin(),
        client('RUN'),
        failure(TRANSIENT, 'not yet'),
        client('RESET'),
        success(),
        ...begin(),
        ...query(),
        client('COMMIT'),
        failure(TRANSIENT, 'not yet'),
        client('RESET'),
        success(),
        ...begin(),
        ...query(),
        ...commit(),
      ],
    ],
    peer: { version: '5.4' },
  },
  async ({ driver, peer }) => {
    const session = driver.session()
    let attempts = 0
    const value = await session.executeWrite(async (tx) => {
      attempts++
      await tx.run('RETURN 1 AS n')
      return 'committed'
    })
    await session.close()
    return [value, attempts, peer.count('BEGIN'), peer.count('COMMIT'), session.lastBookmarks(), peer.connections]
  },
  ['committed', 3, 4, 2, ['done'], 1],
  { parallel: true },
)

peerDifferential(
  'T2: a connection that breaks in a transaction is SessionExpired or ServiceUnavailable, and the work runs again on another',
  {
    dialogues: () => (connection: number) =>
      connection === 0 ? [...begin(), client('RUN'), cut()] : [...begin(), ...query(), ...commit()],
  },
  async ({ driver, peer }) => {
    const session = driver.session()
    let attempts = 0
    const seen: unknown[] = []
    const value = await session.executeRead(async (tx) => {
      attempts++
      const { records } = await tx.run('RETURN 1 AS n').catch((error) => {
        seen.push(brief(error))
        throw error
      })
      return records.length
    })
    await session.close()
    return [value, attempts, seen, peer.connections]
  },
  [
    1,
    2,
    [
      {
        name: 'Neo4jError',
        message: 'Connection was closed by server',
        code: 'ServiceUnavailable',
        gqlStatus: '50N42',
      },
    ],
    2,
  ],
  { parallel: true },
)

peerDifferential(
  'T2: an auto-commit query on a connection that breaks is not run again',
  { dialogues: () => [[client('RUN'), cut()]] },
  async ({ driver, peer }) => {
    const session = driver.session()
    const failed = await outcome(() => session.run('CREATE ()'))
    await session.close()
    return [failed, peer.count('RUN')]
  },
  [
    {
      rejects: {
        name: 'Neo4jError',
        message: 'Connection was closed by server',
        code: 'ServiceUnavailable',
        gqlStatus: '50N42',
      },
    },
    1,
  ],
)

peerDifferential(
  'T2: failures that are not retryable come out of the first try',
  {
    dialogues: () => [
      [
        ...begin(),
        client('RUN'),
        failure('Neo.ClientError.Security.Forbidden', 'not for you'),
        client('RESET'),
        success(),
      ],
    ],
    peer: { version: '5.4' },
  },
  async ({ driver, peer }) => {
    const session = driver.session()
    let attempts = 0
    const failed = await outcome(() =>
      session.executeWrite((tx) => {
        attempts++
        return tx.run('CREATE ()')
      }),
    )
    await session.close()
    return [failed, attempts, peer.count('BEGIN')]
  },
  [
    {
      rejects: {
        name: 'Neo4jError',
        message: 'not for you',
        code: 'Neo.ClientError.Security.Forbidden',
        gqlStatus: '50N42',
      },
    },
    1,
    1,
  ],
)

peerDifferential(
  'Terminated and LockClientStopped are not transient, whatever their code says',
  {
    dialogues: () => [
      [
        ...begin(),
        client('RUN'),
        failure('Neo.TransientError.Transaction.Terminated', 'terminated'),
        client('RESET'),
        success(),
        ...begin(),
        client('RUN'),
        failure('Neo.TransientError.Transaction.LockClientStopped', 'stopped'),
        client('RESET'),
        success(),
      ],
    ],
    peer: { version: '5.4' },
  },
  async ({ driver, peer }) => {
    const session = driver.session()
    const outcomes = [
      await outcome(() => session.executeWrite((tx) => tx.run('CREATE ()'))),
      await outcome(() => session.executeWrite((tx) => tx.run('CREATE ()'))),
    ]
    await session.close()
    return [outcomes, peer.count('BEGIN')]
  },
  [
    [
      {
        rejects: {
          name: 'Neo4jError',
          message: 'terminated',
          code: 'Neo.ClientError.Transaction.Terminated',
          gqlStatus: '50N42',
        },
      },
      {
        rejects: {
          name: 'Neo4jError',
          message: 'stopped',
          code: 'Neo.ClientError.Transaction.LockClientStopped',
          gqlStatus: '50N42',
        },
      },
    ],
    2,
  ],
)

peerDifferential(
  'a failure of Bolt 5.7 has its GQL status, its description, its diagnostic record and its chain of causes',
  {
    dialogues: () => [
      [
        client('RUN'),
        gqlFailure({
          neo4j_code: 'Neo.ClientError.Statement.SyntaxError',
          message: 'it is wrong',
          gql_status: '42001',
          description: 'error: syntax error or access rule violation - invalid syntax',
          diagnostic_record: { _classification: 'CLIENT_ERROR', _position: { offset: 1, line: 1, column: 2 } },
          cause: {
            message: 'because of this',
            gql_status: '42I06',
            description: 'error: syntax error or access rule violation - invalid input',
          },
        }),
        client('RESET'),
        success(),
      ],
    ],
    peer: { version: '5.8' },
  },
  async ({ driver, neo4j }) => {
    const session = driver.session()
    let error: unknown
    try {
      await session.run('WRONG')
    } catch (caught) {
      error = caught
    }
    await session.close()
    const e = error as Record<string, unknown> & { cause?: Record<string, unknown> }
    const pick = (o: Record<string, unknown> | undefined) =>
      Object.fromEntries(
        [
          'name',
          'message',
          'code',
          'gqlStatus',
          'gqlStatusDescription',
          'diagnosticRecord',
          'classification',
          'rawClassification',
        ].map((key) => [key, o?.[key]]),
      )
    return [
      pick(e),
      pick(e.cause),
      e instanceof neo4j.Neo4jError,
      (e as unknown as { containsGqlCause(status: string): boolean }).containsGqlCause('42I06'),
    ]
  },
  [
    {
      name: 'Neo4jError',
      message: 'it is wrong',
      code: 'Neo.ClientError.Statement.SyntaxError',
      gqlStatus: '42001',
      gqlStatusDescription: 'error: syntax error or access rule violation - invalid syntax',
      diagnosticRecord: {
        OPERATION: '',
        OPERATION_CODE: '0',
        CURRENT_SCHEMA: '/',
        _classification: 'CLIENT_ERROR',
        _position: { offset: { low: 1, high: 0 }, line: { low: 1, high: 0 }, column: { low: 2, high: 0 } },
      },
      classification: 'CLIENT_ERROR',
      rawClassification: 'CLIENT_ERROR',
    },
    {
      name: 'GQLError',
      message: 'because of this',
      code: undefined,
      gqlStatus: '42I06',
      gqlStatusDescription: 'error: syntax error or access rule violation - invalid input',
      diagnosticRecord: { OPERATION: '', OPERATION_CODE: '0', CURRENT_SCHEMA: '/' },
      classification: 'UNKNOWN',
      rawClassification: undefined,
    },
    true,
    true,
  ],
)

peerDifferential(
  'P11: closing a session resets the connection of the query that it runs, and the query is rejected',
  {
    dialogues: () => [
      [
        client('RUN'),
        success({ fields: ['n'] }),
        client('PULL'),
        client('RESET'),
        failure('Neo.ClientError.Transaction.Terminated', 'The transaction has been terminated.'),
        success(),
      ],
    ],
    peer: { version: '5.4' },
  },
  async ({ driver, peer }) => {
    const session = driver.session()
    const running = outcome(() => session.run('RETURN 1'))
    await peer.seen('PULL')
    const closed = session.close()
    await peer.seen('RESET')
    const ended = await running
    await closed
    return ended
  },
  {
    rejects: {
      name: 'Neo4jError',
      message: 'The transaction has been terminated.',
      code: 'Neo.ClientError.Transaction.Terminated',
      gqlStatus: '50N42',
    },
  },
)

peerDifferential(
  'F2: closing a session while a retry waits rejects with the last error',
  {
    dialogues: () => [[client('BEGIN'), failure(TRANSIENT, 'not yet'), client('RESET'), success()]],
    peer: { version: '5.4' },
  },
  async ({ driver }) => {
    const waits = wait(700, 1300)
    const session = driver.session()
    const executing = outcome(() => session.executeWrite((tx) => tx.run('CREATE ()')))
    await waits
    await session.close()
    return await executing
  },
  { rejects: { name: 'Neo4jError', message: 'not yet', code: TRANSIENT, gqlStatus: '50N42' } },
  { oursAlone: true },
)

for (const [title, work] of [
  ['executeWrite', (driver: Driver) => driver.session().executeWrite((tx) => tx.run('CREATE ()'))],
  ['executeQuery', (driver: Driver) => driver.executeQuery('CREATE ()')],
  [
    'a reactive session',
    (driver: Driver) => lastValueFrom(driver.rxSession().executeWrite((tx) => tx.run('CREATE ()').records())),
  ],
] as const) {
  peerDifferential(
    `closing a driver while a retry of ${title} waits rejects with the last error at once; 6.3.0 waits, and finds its pool closed`,
    {
      dialogues: () => [[client('BEGIN'), failure(TRANSIENT, 'not yet'), client('RESET'), success()]],
      peer: { version: '5.4' },
    },
    async ({ driver }) => {
      const waits = wait(700, 1300)
      let ended = false
      const executing = outcome(() => work(driver)).finally(() => {
        ended = true
      })
      await waits
      await driver.close()
      const atOnce = ended
      const { rejects } = (await executing) as { rejects: { code: string; message: string } }
      return [rejects.code, rejects.message, atOnce]
    },
    ['N/A', 'Pool is closed, it is no more able to serve requests.', false],
    { ours: [TRANSIENT, 'not yet', true] },
  )
}

peerDifferential(
  'F1: closing a driver with a query in flight rejects that query at once',
  { dialogues: () => [[client('RUN'), client('PULL'), stall()]] },
  async ({ driver, peer }) => {
    const session = driver.session()
    const running = outcome(() => session.run('RETURN 1'))
    await peer.seen('PULL')
    const before = performance.now()
    await driver.close()
    const ended = await running
    await peer.idle()
    return [(ended as { rejects: { code: string } }).rejects.code, performance.now() - before < 10_000]
  },
  ['ServiceUnavailable', true],
  { oursAlone: true },
)

/** Resolves when some code begins to wait for so many milliseconds. */
function wait(least: number, most: number): Promise<void> {
  const { setTimeout, setInterval } = globalThis
  return new Promise((resolve) => {
    const watched = (real: (...args: never[]) => unknown) =>
      ((callback: () => void, milliseconds: number, ...rest: unknown[]) => {
        if (milliseconds >= least && milliseconds <= most) {
          Object.assign(globalThis, { setTimeout, setInterval })
          resolve()
        }
        return real(...([callback, milliseconds, ...rest] as never[]))
      }) as never
    Object.assign(globalThis, { setTimeout: watched(setTimeout), setInterval: watched(setInterval) })
  })
}
