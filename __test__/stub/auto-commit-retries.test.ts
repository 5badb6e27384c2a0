/** The one retry of an auto-commit query that the server refuses with the promise to have changed nothing. */
import type { Driver, RxSession, Session } from 'neo4j-driver'
import { lastValueFrom, materialize, toArray } from 'rxjs'
import { peerDifferential } from '../support/differential.js'
import { brief, outcome } from '../support/snapshot.js'
import { client, gqlFailure, ignored, record, type Step, success } from '../support/stub-server.js'

const refusal = (idempotent: unknown, message = 'too busy'): Step =>
  gqlFailure({
    neo4j_code: 'Neo.ClientError.General.Busy',
    message,
    gql_status: '51N00',
    description: 'error: system configuration or operation exception',
    diagnostic_record: { _classification: 'CLIENT_ERROR', _idempotent: idempotent },
  })
const refused = (message?: string): Step[] => [client('RUN'), refusal(true, message), client('RESET'), success()]
const answered: Step[] = [
  client('RUN'),
  success({ fields: ['n'] }),
  client('PULL'),
  record(1),
  record(2),
  success({ type: 'r', bookmark: 'done' }),
]
const peer = { version: '5.8', hello: { hints: { 'telemetry.enabled': true } } }

/** Every way to look at a result, and what it shows. */
const WAYS: { readonly [name: string]: (session: Session) => Promise<unknown> } = {
  await: async (session) => (await session.run('RETURN 1')).records.map((r) => r.get(0).toNumber()),
  'await later': async (session) => {
    const result = session.run('RETURN 1')
    const keys = await result.keys()
    return [keys, (await result).records.length]
  },
  summary: async (session) => (await session.run('RETURN 1').summary()).queryType,
  iterate: async (session) => {
    const numbers = []
    for await (const record of session.run('RETURN 1')) numbers.push(record.get('n').toNumber())
    return numbers
  },
  subscribe: (session) =>
    new Promise((resolve) => {
      const story: string[] = []
      session.run('RETURN 1').subscribe({
        onKeys: (keys) => story.push(`keys ${keys}`),
        onNext: (record) => story.push(`record ${record.get(0)}`),
        onCompleted: () => resolve([...story, 'completed']),
        onError: (error) => resolve([...story, `error ${error.message}`]),
      })
    }),
  'two at once': async (session) => {
    const result = session.run('RETURN 1')
    const [keys, all] = await Promise.all([result.keys(), result])
    return [keys, all.records.length]
  },
}
const SEEN = {
  await: [1, 2],
  'await later': [['n'], 2],
  summary: 'r',
  iterate: [1, 2],
  subscribe: ['keys n', 'record 1', 'record 2', 'completed'],
  'two at once': [['n'], 2],
}

for (const [name, look] of Object.entries(WAYS)) {
  peerDifferential(
    `a query which was refused without effect is run once more, seen by: ${name}`,
    { dialogues: () => [[...refused(), ...answered]], peer },
    async ({ driver, peer }) => {
      const session = driver.session()
      const seen = await look(session)
      await session.close()
      return [seen, session.lastBookmarks(), peer.count('RUN'), peer.count('TELEMETRY'), peer.connections]
    },
    [SEEN[name as keyof typeof SEEN], ['done'], 2, 1, 1],
  )

  peerDifferential(
    `a query which was refused twice fails with the second error, seen by: ${name}`,
    { dialogues: () => [[...refused('first'), client('RUN'), refusal(true, 'second')]], peer },
    async ({ driver, peer }) => {
      const session = driver.session()
      const seen = await outcome(() => look(session))
      await session.close()
      return [seen, peer.count('RUN')]
    },
    [
      name === 'subscribe'
        ? { resolves: ['error second'] }
        : {
            rejects: {
              name: 'Neo4jError',
              code: 'Neo.ClientError.General.Busy',
              message: 'second',
              gqlStatus: '51N00',
            },
          },
      2,
    ],
  )
}

/** Only one RUN, regardless of its answer; the error is the first one's. */
function once(title: string, steps: Step[], run: (driver: Driver) => Promise<unknown>, config = {}): void {
  peerDifferential(
    title,
    { dialogues: () => [steps], peer },
    async ({ driver, peer }) => {
      const seen = await run(driver).then(() => 'no error', brief)
      return [(seen as { message?: string }).message ?? seen, peer.count('RUN')]
    },
    ['too busy', 1],
    { config },
  )
}

const inSession =
  (config: object = {}) =>
  async (driver: Driver): Promise<unknown> => {
    const session = driver.session(config)
    try {
      return await session.run('RETURN 1')
    } finally {
      await session.close()
    }
  }

once('a driver can do without', [client('RUN'), refusal(true)], inSession(), { disableAutoCommitRetries: true })
once('a session can do without', [client('RUN'), refusal(true)], inSession({ disableAutoCommitRetries: true }))
once('without the promise nothing is run again', [client('RUN'), refusal(false)], inSession())
once('a promise in other words is none', [client('RUN'), refusal('true')], inSession())
once(
  'what fails after it began is not run again',
  [client('RUN'), success({ fields: ['n'] }), client('PULL'), refusal(true)],
  inSession(),
)
once(
  'a query in a transaction is not run again by itself',
  [client('BEGIN'), success(), client('RUN'), refusal(true), client('ROLLBACK'), ignored()],
  async (driver) => {
    const session = driver.session()
    try {
      const tx = await session.beginTransaction()
      return await tx.run('RETURN 1')
    } finally {
      await session.close()
    }
  },
)

peerDifferential(
  'a session can do with it where its driver does without',
  { dialogues: () => [[...refused(), ...answered]], peer },
  async ({ driver, peer }) => {
    await inSession({ disableAutoCommitRetries: false })(driver)
    return peer.count('RUN')
  },
  2,
  { config: { disableAutoCommitRetries: true } },
)

peerDifferential(
  'a bookmark manager is asked again',
  { dialogues: () => [[...refused(), ...answered]], peer },
  async ({ driver, peer, neo4j }) => {
    let asked = 0
    const bookmarksSupplier = async () => [`mark ${++asked}`]
    const session = driver.session({ bookmarkManager: neo4j.bookmarkManager({ bookmarksSupplier }) })
    await session.run('RETURN 1')
    await session.close()
    const [first, second] = peer.messages('RUN').map(([, , extra]) => (extra as { bookmarks: string[] }).bookmarks)
    // The official driver asks more than once for each try.
    return [first?.length, second?.length, first?.[0] === second?.[0]]
  },
  [1, 1, false],
)

peerDifferential(
  'the same query with the same parameters and settings is sent',
  { dialogues: () => [[...refused(), ...answered]], peer },
  async ({ driver, peer }) => {
    const session = driver.session({ bookmarks: ['b'], database: 'people', defaultAccessMode: 'READ' })
    await session.run('RETURN $x', { x: 'y' }, { timeout: 5, metadata: { a: 'b' } })
    await session.close()
    const [first, second] = peer.messages('RUN')
    return [JSON.stringify(first, plain) === JSON.stringify(second, plain), first?.[0]]
  },
  [true, 'RETURN $x'],
)

peerDifferential(
  'a reactive query is run once more, too',
  { dialogues: () => [[...refused(), ...answered]], peer },
  async ({ driver, peer }) => {
    const session: RxSession = driver.rxSession()
    const notes = await lastValueFrom(session.run('RETURN 1').records().pipe(materialize(), toArray()))
    return [notes.map(({ kind }) => kind).join(''), peer.count('RUN')]
  },
  ['NNC', 2],
)

peerDifferential(
  'the session is free for the next query after either try',
  { dialogues: () => [[...refused(), ...answered, ...refused(), ...answered]], peer },
  async ({ driver, peer }) => {
    const session = driver.session()
    const first = (await session.run('RETURN 1')).records.length
    const second = (await session.run('RETURN 1')).records.length
    await session.close()
    return [first, second, peer.count('RUN')]
  },
  [2, 2, 4],
)

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
