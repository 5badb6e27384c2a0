/**
 * Credentials: managers that supply tokens and are called when one is refused, users of sessions on pooled
 * connections, verifyAuthentication. The messages that the peers receive are part of the comparison: LOGON
 * shows the user.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import type { AuthToken, AuthTokenManager, Driver, SessionConfig } from 'neo4j-driver'
import { peerDifferential } from '../support/differential.js'
import { load, neoboltOnly } from '../support/drivers.js'
import { outcome } from '../support/snapshot.js'
import { answer, client, failure, type Peer, type Step, startPeer, success } from '../support/stub-server.js'

const { authTokenManagers } = load('neobolt')

const UNAUTHORIZED = 'Neo.ClientError.Security.Unauthorized'
const NO_USER_SWITCH = 'Driver is connected to a database that does not support user switch.'
const QUERY = answer(['n'], [[1]])
/** Before 5.7, where a FAILURE has a code and a message only. */
const peer = { version: '5.4' }
const bob: AuthToken = { scheme: 'basic', principal: 'bob', credentials: 'b' }

const fails = (code: string, text = 'no'): Step[] => [client('RUN'), failure(code, text)]
const switchFails = (code: string): Step[] => [client('LOGOFF'), success(), client('LOGON'), failure(code, 'no')]

/** Each connection's messages without GOODBYE, with the user where a message names one. */
function talk({ connections, received }: Peer): string[] {
  return Array.from({ length: connections }, (_, connection) =>
    received
      .filter((message) => message.connection === connection && message.name !== 'GOODBYE')
      .map(({ name, fields }) => {
        const { principal, credentials } = (fields[0] ?? {}) as { principal?: string; credentials?: string }
        return name === 'LOGON' ? `${name}(${principal}, ${credentials})` : name
      })
      .join(' '),
  )
}

async function run(driver: Driver, config?: SessionConfig): Promise<unknown> {
  const session = driver.session(config)
  try {
    return await outcome(async () => (await session.run('RETURN 1 AS n')).records.length)
  } finally {
    await session.close()
  }
}

const ONE = { resolves: 1 }
const refused = (code: string, message = 'no'): unknown => ({
  rejects: { name: 'Neo4jError', code, message, gqlStatus: '50N42' },
})

/** A manager that gives the tokens of the list, one after the other, and the last one again and again. */
function manager(tokens: readonly (AuthToken | Error)[], dealsWith: boolean | Error = false) {
  const story: string[] = []
  const remaining = [...tokens]
  const next = (): AuthToken | Error => (remaining.length > 1 ? remaining.shift() : remaining[0]) as AuthToken | Error
  const it: AuthTokenManager & { story: string[] } = {
    story,
    getToken() {
      const token = next()
      story.push(token instanceof Error ? 'none' : `token ${token?.credentials}`)
      if (token instanceof Error) throw token
      return token
    },
    handleSecurityException(token, code) {
      story.push(`refused ${token.credentials} ${code}`)
      if (dealsWith instanceof Error) throw dealsWith
      return dealsWith
    },
  }
  return it
}

const named = (credentials: string): AuthToken => ({ scheme: 'basic', principal: 'neo4j', credentials })

/** A driver with a manager of its own, closed at the end. */
function withManager(
  title: string,
  dialogues: () => Step[][],
  make: () => AuthTokenManager & { story: string[] },
  script: (driver: Driver) => Promise<unknown[]>,
  expected: unknown,
  options: { ours?: unknown; oursAlone?: boolean; version?: string } = {},
): void {
  const { version = '5.4', ...rest } = options
  peerDifferential(
    title,
    { dialogues, peer: { version } },
    async ({ neo4j, peer }) => {
      const tokens = make()
      const driver = neo4j.driver(peer.uri, tokens)
      try {
        const outcomes = await script(driver)
        return { outcomes, story: tokens.story, talk: talk(peer) }
      } finally {
        await driver.close()
      }
    },
    expected,
    rest,
  )
}

withManager(
  'a manager is asked once for each acquisition, and equal tokens change nothing',
  () => [[...QUERY, ...QUERY]],
  () => manager([named('a'), named('a')]),
  async (driver) => [await run(driver), await run(driver)],
  { outcomes: [ONE, ONE], story: ['token a', 'token a'], talk: ['HELLO LOGON(neo4j, a) RUN PULL RUN PULL'] },
)

withManager(
  'another token is told to the server ahead of the next query',
  () => [[...QUERY, ...QUERY]],
  () => manager([named('a'), named('b')]),
  async (driver) => [await run(driver), await run(driver)],
  {
    outcomes: [ONE, ONE],
    story: ['token a', 'token b'],
    talk: ['HELLO LOGON(neo4j, a) RUN PULL LOGOFF LOGON(neo4j, b) RUN PULL'],
  },
)

withManager(
  'another token takes another connection where users cannot change',
  () => [QUERY, QUERY],
  () => manager([named('a'), named('b')]),
  async (driver) => [await run(driver), await run(driver)],
  { outcomes: [ONE, ONE], story: ['token a', 'token b', 'token b'], talk: ['HELLO RUN PULL', 'HELLO RUN PULL'] },
  { version: '5.0' },
)

for (const kind of ['throws', 'rejects'] as const) {
  const error = new RangeError('no token today')
  peerDifferential(
    `what a manager ${kind} rejects the query, as the very same object, and the next one asks again`,
    { dialogues: () => [[], QUERY], peer },
    async ({ neo4j, peer }) => {
      let calls = 0
      const getToken = (): AuthToken | Promise<AuthToken> => {
        calls++
        if (calls > 1) return named('a')
        if (kind === 'throws') throw error
        return Promise.reject(error)
      }
      const driver = neo4j.driver(peer.uri, { getToken, handleSecurityException: () => false })
      try {
        const session = driver.session()
        const same = await session.run('RETURN 1').then(
          () => 'no error',
          (reason) => reason === error,
        )
        return [same, await run(driver), calls]
      } finally {
        await driver.close()
      }
    },
    [true, ONE, 2],
  )
}

peerDifferential(
  'what a manager throws rejects transactions, executeQuery and verifyConnectivity, too',
  { dialogues: () => [[]], peer },
  async ({ neo4j, peer }) => {
    const error = new Error('never')
    const driver = neo4j.driver(peer.uri, manager([error]))
    const same = (promise: PromiseLike<unknown>) =>
      promise.then(
        () => 'no error',
        (reason) => reason === error,
      )
    try {
      const session = driver.session()
      return [
        await same(session.beginTransaction()),
        await same(session.executeRead((tx) => tx.run('RETURN 1'))),
        await same(driver.executeQuery('RETURN 1')),
        await same(driver.verifyConnectivity()),
        await same(driver.verifyAuthentication()),
      ]
    } finally {
      await driver.close()
    }
  },
  [true, true, true, true, true],
)

withManager(
  'a manager that cannot give a token for an idle connection is asked again for a new one',
  () => [QUERY, QUERY],
  () => manager([named('a'), new Error('not now'), named('b')]),
  async (driver) => [await run(driver), await run(driver)],
  {
    outcomes: [ONE, ONE],
    story: ['token a', 'none', 'token b'],
    talk: ['HELLO LOGON(neo4j, a) RUN PULL', 'HELLO LOGON(neo4j, b) RUN PULL'],
  },
)

for (const token of [undefined, null]) {
  withManager(
    `a token which is ${token} is refused`,
    () => [[]],
    () => manager([token as unknown as AuthToken]),
    async (driver) => [await run(driver)],
    undefined,
    {
      oursAlone: true,
      ours: {
        outcomes: [refused('ProtocolError', `Unable to pack the given value: ${token} (in authToken)`)],
        story: ['token undefined'],
        talk: [''],
      },
    },
  )
}

for (const code of ['Unauthorized', 'TokenExpired', 'AuthorizationExpired', 'CredentialsExpired', 'Forbidden', 'Any']) {
  const full = `Neo.ClientError.Security.${code}`
  for (const dealsWith of [false, true]) {
    peerDifferential(
      `${code} ends the connection, and is worth a retry where the manager has dealt with it: ${dealsWith}`,
      { dialogues: () => [[...QUERY, ...fails(full)], QUERY], peer },
      async ({ neo4j, peer }) => {
        const tokens = manager([named('a')], dealsWith)
        const driver = neo4j.driver(peer.uri, tokens)
        try {
          await run(driver)
          const session = driver.session()
          const error = await session.run('RETURN 1').then(
            () => undefined,
            (reason) => reason,
          )
          await session.close()
          const { retryable, retriable } = error
          const after = await run(driver)
          return [error.code, retryable, retriable, neo4j.isRetryableError(error), after, tokens.story, talk(peer)]
        } finally {
          await driver.close()
        }
      },
      [
        full,
        ...Array(3).fill(dealsWith || code === 'AuthorizationExpired'),
        ONE,
        ['token a', 'token a', `refused a ${full}`, 'token a'],
        ['HELLO LOGON(neo4j, a) RUN PULL RUN PULL', 'HELLO LOGON(neo4j, a) RUN PULL'],
      ],
    )
  }
}

withManager(
  'a manager hears of one failure once, though all results of the transaction end by it',
  // The peer answers once both queries are there: a message that it has not read does not count as sent.
  () => [
    [
      client('BEGIN'),
      success(),
      ...['RUN', 'PULL', 'RUN', 'PULL'].map((name) => client(name)),
      failure(UNAUTHORIZED, 'no'),
    ],
  ],
  () => manager([named('a')], true),
  async (driver) => {
    const tx = await driver.session().beginTransaction()
    return Promise.all(
      ['RETURN 1', 'RETURN 2'].map((query) =>
        tx.run(query).then(
          () => 'no error',
          ({ code, retryable }) => [code, retryable],
        ),
      ),
    )
  },
  {
    outcomes: [
      [UNAUTHORIZED, true],
      [UNAUTHORIZED, true],
    ],
    story: ['token a', `refused a ${UNAUTHORIZED}`],
    talk: ['HELLO LOGON(neo4j, a) BEGIN RUN PULL RUN PULL'],
  },
)

withManager(
  'a transaction function is run again after a failure that the manager has dealt with',
  () => [
    [client('BEGIN'), success(), ...fails(UNAUTHORIZED)],
    [client('BEGIN'), success(), ...QUERY, client('COMMIT'), success({ bookmark: 'x' })],
  ],
  () => manager([named('a'), named('b')], true),
  async (driver) => [
    await outcome(() => driver.session().executeRead(async (tx) => (await tx.run('RETURN 1')).records.length)),
  ],
  {
    outcomes: [ONE],
    story: ['token a', `refused a ${UNAUTHORIZED}`, 'token b'],
    talk: ['HELLO LOGON(neo4j, a) BEGIN RUN PULL', 'HELLO LOGON(neo4j, b) BEGIN RUN PULL COMMIT'],
  },
)

peerDifferential(
  'what handleSecurityException throws rejects the query, as the very same object',
  { dialogues: () => [fails(UNAUTHORIZED)], peer },
  async ({ neo4j, peer }) => {
    const error = new Error('no idea')
    const driver = neo4j.driver(peer.uri, manager([named('a')], error))
    try {
      return await driver
        .session()
        .run('RETURN 1')
        .then(
          () => 'no error',
          (reason) => reason === error,
        )
    } finally {
      await driver.close()
    }
  },
  true,
)

withManager(
  'a refusal of a new connection is not told to the manager',
  () => [[client('LOGON'), failure(UNAUTHORIZED, 'no')]],
  () => manager([named('a')], true),
  async (driver) => [await run(driver)],
  { outcomes: [refused(UNAUTHORIZED)], story: ['token a'], talk: ['HELLO LOGON(neo4j, a)'] },
)

withManager(
  'a refusal of another token on an idle connection is told to the manager, and has the code of the server',
  () => [[...QUERY, ...switchFails(UNAUTHORIZED)], QUERY],
  () => manager([named('a'), named('b'), named('c')], true),
  async (driver) => [await run(driver), await run(driver), await run(driver)],
  {
    outcomes: [ONE, refused('ProtocolError'), ONE],
    story: ['token a', 'token b', `refused b ${UNAUTHORIZED}`, 'token c'],
    talk: ['HELLO LOGON(neo4j, a) RUN PULL LOGOFF LOGON(neo4j, b) RUN PULL', 'HELLO LOGON(neo4j, c) RUN PULL'],
  },
  {
    ours: {
      outcomes: [ONE, refused(UNAUTHORIZED), ONE],
      story: ['token a', 'token b', `refused b ${UNAUTHORIZED}`, 'token c'],
      talk: ['HELLO LOGON(neo4j, a) RUN PULL LOGOFF LOGON(neo4j, b) RUN PULL', 'HELLO LOGON(neo4j, c) RUN PULL'],
    },
  },
)

peerDifferential(
  'sessions with a user of their own share the connections of the driver',
  { dialogues: () => [[...QUERY, ...QUERY, ...QUERY, ...QUERY]], peer },
  async ({ driver, peer }) => {
    const outcomes = [
      await run(driver),
      await run(driver, { auth: bob }),
      await run(driver, { auth: { ...bob } }),
      await run(driver),
    ]
    return [outcomes, talk(peer)]
  },
  [
    [ONE, ONE, ONE, ONE],
    [
      'HELLO LOGON(neo4j, password) RUN PULL LOGOFF LOGON(bob, b) RUN PULL RUN PULL LOGOFF LOGON(neo4j, password) RUN PULL',
    ],
  ],
)

peerDifferential(
  'executeQuery takes a user, too',
  {
    dialogues: () => [[...QUERY, client('BEGIN'), success(), ...QUERY, client('COMMIT'), success({ bookmark: 'x' })]],
    peer,
  },
  async ({ driver, peer }) => {
    await run(driver)
    const { records } = await driver.executeQuery('RETURN 1', {}, { auth: bob })
    return [records.length, talk(peer)]
  },
  [1, ['HELLO LOGON(neo4j, password) RUN PULL LOGOFF LOGON(bob, b) BEGIN RUN PULL COMMIT']],
)

withManager(
  'a session with a user does not ask the manager, nor tell it of a refusal, and the connection stays',
  () => [[...QUERY, ...fails(UNAUTHORIZED), client('RESET'), success(), ...QUERY]],
  () => manager([named('a')], true),
  async (driver) => [await run(driver), await run(driver, { auth: bob }), await run(driver)],
  {
    outcomes: [ONE, refused(UNAUTHORIZED), ONE],
    story: ['token a', 'token a'],
    talk: ['HELLO LOGON(neo4j, a) RUN PULL LOGOFF LOGON(bob, b) RUN PULL RESET LOGOFF LOGON(neo4j, a) RUN PULL'],
  },
)

peerDifferential(
  'a user whom the server refuses on an idle connection: the error has the code of the server',
  { dialogues: () => [[...QUERY, ...switchFails(UNAUTHORIZED)], QUERY], peer },
  async ({ driver, peer }) => [
    await run(driver),
    await run(driver, { auth: bob }),
    await run(driver),
    talk(peer).length,
  ],
  [ONE, refused('ProtocolError'), ONE, 2],
  { ours: [ONE, refused(UNAUTHORIZED), ONE, 2] },
)

peerDifferential(
  'a user whom the server refuses on a new connection',
  { dialogues: () => [[client('LOGON'), failure(UNAUTHORIZED, 'no')], QUERY], peer },
  async ({ driver }) => [await run(driver, { auth: bob }), await run(driver)],
  [refused(UNAUTHORIZED), ONE],
)

peerDifferential(
  'a server that does not let users change refuses sessions with one, be it the same',
  { dialogues: () => [[], [...QUERY, ...QUERY]], peer: { version: '5.0' } },
  async ({ driver }) => [
    await run(driver, { auth: bob }),
    await run(driver),
    await run(driver, { auth: bob }),
    await run(driver),
  ],
  [refused('N/A', NO_USER_SWITCH), ONE, refused('N/A', NO_USER_SWITCH), ONE],
)

peerDifferential(
  'after AuthorizationExpired all connections log on again',
  {
    dialogues: () => [
      [client('BEGIN'), success(), ...QUERY, client('COMMIT'), success({}), ...QUERY],
      fails('Neo.ClientError.Security.AuthorizationExpired'),
    ],
    peer,
  },
  async ({ driver, peer }) => {
    const session = driver.session()
    const tx = await session.beginTransaction()
    const second = await run(driver)
    await tx.run('RETURN 1')
    await tx.commit()
    return [second, await run(driver), talk(peer)]
  },
  [
    refused('Neo.ClientError.Security.AuthorizationExpired'),
    ONE,
    [
      'HELLO LOGON(neo4j, password) BEGIN RUN PULL COMMIT LOGOFF LOGON(neo4j, password) RUN PULL',
      'HELLO LOGON(neo4j, password) RUN PULL',
    ],
  ],
)

peerDifferential(
  'a user is verified by a new connection, or on one that has been used',
  { dialogues: () => [QUERY], peer },
  async ({ driver, peer }) => [
    await driver.verifyAuthentication({ auth: bob }),
    await run(driver),
    await driver.verifyAuthentication({ auth: bob }),
    talk(peer),
  ],
  [true, ONE, true, ['HELLO LOGON(bob, b) LOGOFF LOGON(neo4j, password) RUN PULL LOGOFF LOGON(bob, b)']],
)

for (const code of ['CredentialsExpired', 'Forbidden', 'TokenExpired', 'Unauthorized']) {
  const full = `Neo.ClientError.Security.${code}`
  peerDifferential(
    `${code} is the answer no to verifyAuthentication`,
    { dialogues: () => [[client('LOGON'), failure(full, 'no')], [...QUERY, ...switchFails(full)], QUERY], peer },
    async ({ driver }) => [
      await driver.verifyAuthentication({ auth: bob }),
      await run(driver),
      await driver.verifyAuthentication({ auth: bob }),
      await run(driver),
    ],
    [false, ONE, false, ONE],
  )
}

for (const code of ['AuthorizationExpired', 'MadeUp', 'AuthenticationRateLimit']) {
  const full = `Neo.ClientError.Security.${code}`
  peerDifferential(
    `${code} is an error of verifyAuthentication`,
    {
      dialogues: () => [
        [client('LOGON'), failure(full, 'no')],
        [...QUERY, ...switchFails(full)],
      ],
      peer,
    },
    async ({ driver }) => [
      await outcome(() => driver.verifyAuthentication({ auth: bob })),
      await run(driver),
      await outcome(() => driver.verifyAuthentication({ auth: bob })),
    ],
    [refused(full), ONE, refused(full)],
  )
}

peerDifferential(
  'verifyAuthentication is an error where users cannot change',
  { dialogues: () => [QUERY], peer: { version: '4.4' } },
  async ({ driver }) => [
    await outcome(() => driver.verifyAuthentication()),
    await run(driver),
    await outcome(() => driver.verifyAuthentication({ auth: bob })),
  ],
  [refused('N/A', NO_USER_SWITCH), ONE, refused('N/A', NO_USER_SWITCH)],
)

peerDifferential(
  'a wrong password is found out also on a connection which was not used yet',
  { dialogues: () => [[client('LOGON'), success(), ...switchFails(UNAUTHORIZED)]], peer },
  async ({ driver }) => {
    await driver.verifyConnectivity()
    return driver.verifyAuthentication({ auth: bob })
  },
  true,
  { ours: false },
)

peerDifferential(
  'the driver\u2019s own user is verified also on a connection which is known to be theirs',
  { dialogues: () => [[...QUERY, ...switchFails(UNAUTHORIZED)]], peer },
  async ({ driver }) => [await run(driver), await driver.verifyAuthentication()],
  [ONE, true],
  { ours: [ONE, false] },
)

peerDifferential(
  'a new connection is not RESET to be verified, and one that was used is',
  { dialogues: () => [[...QUERY, client('RESET'), success()]], peer },
  async ({ driver, peer }) => {
    await driver.verifyConnectivity()
    const before = peer.count('RESET')
    await run(driver)
    await driver.getServerInfo()
    return [before, peer.count('RESET')]
  },
  [0, 1],
)

peerDifferential(
  'a connection that has only been verified before is RESET to be verified again',
  { dialogues: () => [[]], peer },
  async ({ driver, peer }) => {
    await driver.verifyConnectivity()
    await driver.verifyConnectivity()
    await driver.getServerInfo()
    return [peer.connections, peer.count('RESET')]
  },
  [1, 0],
  { ours: [1, 2] },
)

for (const [what, text, manager] of [
  ['null from a provider', 'null', authTokenManagers.basic({ tokenProvider: async () => null as never })],
  ['an object without a token', 'undefined', authTokenManagers.bearer({ tokenProvider: async () => ({}) as never })],
  ['text in place of a token', 'undefined', authTokenManagers.bearer({ tokenProvider: async () => 'jwt' as never })],
] as const) {
  test(`${what} fails the request, and the error says that it is the token`, neoboltOnly, async () => {
    const server = await startPeer([[]], peer)
    const driver = load('neobolt').driver(server.uri, manager as never)
    try {
      await assert.rejects(driver.executeQuery('RETURN 1'), {
        code: 'ProtocolError',
        message: `Unable to pack the given value: ${text} (in authToken)`,
      })
    } finally {
      await driver.close()
      await server.stop()
    }
  })
}

test('no credentials show where a driver, a session or an error is printed', neoboltOnly, async () => {
  const neo4j = load('neobolt')
  const stub = await startPeer([[...QUERY, ...switchFails(UNAUTHORIZED)]], peer)
  const secret = (number: number): AuthToken => ({ scheme: 'basic', principal: 'p', credentials: `secret${number}` })
  const driver = neo4j.driver(stub.uri, secret(1))
  try {
    await run(driver)
    const session = driver.session({ auth: secret(2) })
    const error = await session.run('RETURN 1').then(
      () => assert.fail('it is refused'),
      (reason) => reason,
    )
    for (const value of [driver, session, error]) {
      assert.doesNotMatch(inspect(value, { depth: 20, showHidden: true }), /secret/)
      assert.doesNotMatch(JSON.stringify(value), /secret/)
    }
    assert.doesNotMatch(error.stack, /secret/)
  } finally {
    await driver.close()
    await stub.stop()
  }
})
