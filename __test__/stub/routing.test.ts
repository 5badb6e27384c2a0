/**
 * `neo4j://`: which servers drivers ask for a routing table, when and with which request; where work goes;
 * what happens to servers that fail; and what the application sees of it. At clusters of scripted servers,
 * with both drivers.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuthToken, Config, Driver } from 'neo4j-driver'
import { type Cluster, obliging, type Reply, type Roles, startCluster } from '../support/cluster.js'
import { agreement } from '../support/differential.js'
import { driversUnderTest, load, type Neo4j, neoboltOnly } from '../support/drivers.js'
import { outcome, snapshot } from '../support/snapshot.js'
import {
  client,
  cut,
  failure,
  type PeerConnection,
  type PeerOptions,
  record,
  type Step,
  stall,
  success,
} from '../support/stub-server.js'
import { since } from '../support/versions.js'

interface Scene {
  neo4j: Neo4j
  driver: Driver
  cluster: Cluster
}

interface Setup {
  /** Default: 5.4. */
  version?: string
  /**
   * Names of the servers; the driver gets the address of the first. Servers with a name that begins with
   * `dead` do not exist.
   */
  servers: string[]
  /** The router's answers; default: the first server routes, and all do everything. */
  table?: (
    database: string | null,
    router: string,
    asked: number,
    cluster: Cluster,
  ) => Roles | Step[] | Record<string, unknown>
  /** A server's answers ahead of anything else. */
  reply?: (server: string, name: string, fields: unknown[]) => Step[] | undefined
  options?: Omit<PeerOptions, 'reply'>
  config?: (cluster: Cluster) => Config
  uri?: (cluster: Cluster) => string
}

/** A script at a cluster, on both drivers: what it sees, and which work the servers got. */
function scene<T>(
  title: string,
  setup: Setup,
  script: (scene: Scene) => Promise<T>,
  check: (seen: T, work: { [server: string]: string[] }, told: Awaited<ReturnType<Cluster['told']>>) => void,
): void {
  agreement(
    title,
    async (neo4j) => {
      const { version = '5.4', servers, options } = setup
      const cluster = await startCluster(
        version,
        servers,
        (name, there) => replies(version, name, there, setup),
        options,
      )
      const uri = setup.uri?.(cluster) ?? `neo4j://${cluster.address(servers[0])}`
      const driver = neo4j.driver(uri, neo4j.auth.basic('neo4j', 'password'), {
        maxTransactionRetryTime: 0,
        ...setup.config?.(cluster),
      })
      try {
        const seen = await script({ neo4j, driver, cluster })
        await driver.close()
        const told = await cluster.told()
        // Whether there is time for a GOODBYE is a matter of chance.
        const lasting = Object.fromEntries(
          Object.entries(told).map(([name, all]) => [
            name,
            all.map((one) => one.filter(([what]) => what !== 'GOODBYE')),
          ]),
        )
        return timeless(cluster.named({ seen, work: cluster.work(), told: lasting })) as {
          seen: T
          work: { [server: string]: string[] }
          told: typeof told
        }
      } finally {
        await driver.close()
        await cluster.stop()
      }
    },
    ({ seen, work, told }) => check(seen, work, told),
  )
}

function replies(version: string, name: string, cluster: Cluster, { servers, table, reply }: Setup): Reply {
  let asked = 0
  const roles = (database: string | null): Roles | Step[] | Record<string, unknown> =>
    table?.(database, name, ++asked, cluster) ?? { routers: [servers[0]], readers: servers, writers: servers }
  const good = obliging(version, {
    table: (database) => {
      const found = roles(database)
      return Array.isArray(found) || 'servers' in found ? found : cluster.table(found as Roles)
    },
  })
  return (request, fields, connection) => reply?.(name, request, fields) ?? good(request, fields, connection)
}

/** The times of tables do not matter. */
function timeless(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, item) =>
      typeof item === 'bigint' ? `${item}n` : item === undefined ? null : item,
    ).replace(/Time=\d+/g, 'Time=T'),
  )
}

async function run(driver: Driver, config: Parameters<Driver['session']>[0] = {}): Promise<unknown> {
  const session = driver.session(config)
  try {
    return await outcome(async () => (await session.run('RETURN 1')).summary.server.address)
  } finally {
    await session.close()
  }
}

/** The error of an outcome, with the texts of its causes. */
async function failed(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return { resolves: snapshot(await work()) }
  } catch (error) {
    const texts: unknown[] = []
    for (let at = error as (Error & { code?: string }) | undefined; at !== undefined; at = at.cause as Error) {
      texts.push([at.name, at.code, wording(at.message)])
    }
    return texts
  }
}

/**
 * Without what the two word differently: the complaint of the JavaScript engine at the end, for which ours
 * has a sentence of its own.
 */
function wording(message: string): string {
  return message
    .trimEnd()
    .replace(
      /\nError message: (Cannot read properties of|.* is not a function$|the time to live is|the servers are no list|a server is null).*/,
      '\nError message: ...',
    )
}

/** One transaction, run once: with no time for retries, 6.3.0 still makes one. */
async function once(driver: Driver, config: Parameters<Driver['session']>[0]): Promise<unknown> {
  const session = driver.session(config)
  try {
    return await failed(async () => {
      const tx = await session.beginTransaction()
      const { summary } = await tx.run('RETURN 1')
      await tx.commit()
      return summary.server.address
    })
  } finally {
    await session.close()
  }
}

const READ = { defaultAccessMode: 'READ', database: 'shop' } as const
const WRITE = { defaultAccessMode: 'WRITE', database: 'shop' } as const

// The resolver.

for (const [title, resolve, good] of [
  ['gives a list', (cluster: Cluster) => [cluster.address('a')], true],
  ['promises a list', async (cluster: Cluster) => [cluster.address('a')], true],
  [
    'has servers in its list that are not there',
    (c: Cluster) => [c.address('dead1'), c.address('dead2'), c.address('a')],
    true,
  ],
  ['gives a list with a gap', (c: Cluster) => Object.assign([], { 1: c.address('a') }), true],
  ['gives a list of nothing', () => [], false],
  ['gives a list with undefined in it', (c: Cluster) => [undefined, c.address('a')], false],
  ['gives nothing', () => undefined, false],
  ['gives null', () => null, false],
  ['gives no list', () => 'made.up', false],
  ['gives a list of other things', () => [1, null], false],
  ['promises no list', async () => ({ length: 1 }), false],
  [
    'throws',
    () => {
      throw new TypeError('mine')
    },
    false,
  ],
  ['rejects', async () => Promise.reject(new RangeError('mine')), false],
] as [string, (cluster: Cluster) => unknown, boolean][]) {
  const asked: unknown[][] = []
  scene(
    `a resolver that ${title}`,
    {
      servers: ['a', 'dead1', 'dead2'],
      table: () => ({ routers: ['a'], readers: ['a'], writers: ['a'] }),
      uri: () => 'neo4j://made.up:1234',
      config: (cluster) => {
        asked.length = 0
        return {
          resolver: ((...args: unknown[]) => {
            asked.push(args)
            return resolve(cluster)
          }) as never,
        }
      },
    },
    async ({ driver }) => {
      const seen = [
        await failed(() =>
          driver
            .session(READ)
            .run('RETURN 1')
            .then((result) => result.records.length),
        ),
      ]
      if (good) seen.push(await run(driver, READ))
      return [seen, asked.length, asked[0]]
    },
    ([seen, times, args]) => {
      assert.deepEqual(args, ['made.up:1234'])
      assert.equal(times, 1)
      assert.equal('resolves' in (seen as object[])[0], good, JSON.stringify(seen))
    },
  )
}

scene(
  'a resolver is asked again only when no router of the table can be had',
  {
    servers: ['a', 'b'],
    table: (_, router, asked) => ({
      routers: ['b'],
      readers: ['a'],
      writers: ['a'],
      ttl: router === 'b' && asked > 1 ? 300 : 0,
    }),
    uri: () => 'neo4j://made.up:1234',
    config: (cluster) => ({ resolver: () => [cluster.address('a')] }),
  },
  async ({ driver, cluster }) => {
    const seen = []
    for (let i = 0; i < 4; i++) {
      seen.push(await run(driver, READ))
      await tick()
    }
    return [seen, cluster.peers.a.count('ROUTE'), cluster.peers.b.count('ROUTE')]
  },
  ([, seed, table]) => assert.deepEqual([seed, table], [1, 2]),
)

scene(
  'a resolver is asked for supportsMultiDb and the like, too, and the first server that is there answers',
  {
    servers: ['a', 'dead'],
    uri: () => 'neo4j://made.up:1234',
    config: (cluster) => ({ resolver: () => [cluster.address('dead'), cluster.address('a')] }),
  },
  async ({ driver }) => [
    await outcome(() => driver.supportsMultiDb()),
    await outcome(() => driver.supportsTransactionConfig()),
    await outcome(() => driver.supportsUserImpersonation()),
    await outcome(() => driver.supportsSessionAuth()),
    await outcome(() => driver.getNegotiatedProtocolVersion()),
  ],
  (seen) => assert.deepEqual(seen.slice(0, 4), Array(4).fill({ resolves: true })),
)

scene(
  'where no server of the resolver is there, supportsMultiDb and the like fail',
  {
    servers: ['dead'],
    config: (cluster) => ({ resolver: () => [cluster.address('dead')] }),
  },
  async ({ driver }) => {
    const texts = await failed(() => driver.supportsMultiDb())
    return (texts as [string, string, string][]).map(([name, code, text]) => [
      name,
      code,
      text.includes('ECONNREFUSED'),
    ])
  },
  (seen) => assert.equal(seen[0]?.[0], 'Neo4jError'),
)

async function tick(): Promise<void> {
  const now = Date.now()
  while (Date.now() <= now + 1) await new Promise(setImmediate)
}

// Tables.

const ONE = { routers: ['a'], readers: ['a'], writers: ['a'] }
const WHOLE = { routers: ['a'], readers: ['b'], writers: ['c'] }
const servers = ['a', 'b', 'c']

scene(
  'work goes to readers and writers, and the table is asked for once',
  { servers, table: () => WHOLE },
  async ({ driver }) => {
    const session = driver.session({ database: 'shop' })
    const seen = [
      await outcome(async () => (await session.executeRead((tx) => tx.run('RETURN 1'))).summary.server.address),
      await outcome(async () => (await session.executeWrite((tx) => tx.run('RETURN 1'))).summary.server.address),
      await outcome(async () => (await session.run('RETURN 1')).summary.server.address),
    ]
    await session.close()
    for (const routing of ['READ', 'WRITE', undefined] as const) {
      seen.push(
        await outcome(
          async () =>
            (
              await driver.executeQuery(
                'RETURN 1',
                {},
                { database: 'shop', ...(routing === undefined ? {} : { routing }) },
              )
            ).summary.server.address,
        ),
      )
    }
    return seen
  },
  (seen, work) => {
    assert.deepEqual(
      seen.map((each) => (each as { resolves: string }).resolves),
      ['<b>', '<c>', '<c>', '<b>', '<c>', '<c>'],
    )
    assert.deepEqual(work.a, ['ROUTE'])
  },
)

scene(
  'readers take turns',
  {
    servers: ['a', 'b', 'c', 'd'],
    table: () => ({ routers: ['a'], readers: ['b', 'c', 'd'], writers: ['a'] }),
  },
  async ({ driver }) => {
    const seen = []
    for (let i = 0; i < 9; i++) seen.push(await run(driver, READ))
    return seen.map((each) => (each as { resolves: string }).resolves)
  },
  (seen) => assert.deepEqual(seen, ['<b>', '<c>', '<d>', '<b>', '<c>', '<d>', '<b>', '<c>', '<d>']),
)

scene(
  'a table that is out of date is asked for again, of its own routers',
  { servers, table: () => ({ ...WHOLE, routers: ['b'], ttl: 0 }) },
  async ({ driver }) => {
    const seen = []
    for (let i = 0; i < 3; i++) {
      seen.push(await run(driver, READ))
      await tick()
    }
    return seen
  },
  (_, work) => {
    assert.deepEqual(work.a, ['ROUTE'])
    assert.deepEqual(work.b, ['RUN', 'ROUTE', 'RUN', 'ROUTE', 'RUN'])
  },
)

for (const [title, table, code] of [
  ['has no writers, for reading', { routers: ['a'], readers: ['b'] }, undefined],
  ['has no readers', { routers: ['a'], writers: ['c'] }, 'ServiceUnavailable'],
  ['has no routers', { readers: ['b'], writers: ['c'] }, 'ServiceUnavailable'],
  ['has nobody', {}, 'ServiceUnavailable'],
] as [string, Roles, string | undefined][]) {
  scene(
    `a table that ${title}`,
    { servers, table: () => table },
    async ({ driver }) => [
      await failed(() =>
        driver
          .session(READ)
          .run('RETURN 1')
          .then(() => 1),
      ),
      await failed(() => driver.verifyConnectivity({ database: 'shop' })),
    ],
    ([seen]) => assert.equal(((seen as unknown[])[0] as unknown[] | undefined)?.[1], code),
  )
}

scene(
  'a table that has no writers, for writing: the seed is asked until it has',
  {
    servers,
    table: (_, __, asked) => (asked < 3 ? { routers: ['b'], readers: ['b'] } : { ...WHOLE, routers: ['b'] }),
  },
  async ({ driver }) => [await run(driver, WRITE), await run(driver, WRITE), await run(driver, WRITE)],
  (seen, work) => {
    assert.deepEqual(
      seen.map((each) => 'resolves' in (each as object)),
      [false, false, true],
    )
    assert.deepEqual(work.a, ['ROUTE', 'ROUTE', 'ROUTE'])
  },
)

const MALFORMED: [string, Record<string, unknown>][] = [
  ['no entries', {}],
  ['nothing but a time to live', { ttl: 1 }],
  ['null for its servers', { ttl: 1, servers: null }],
  ['no list of servers', { ttl: 1, servers: 'none' }],
  ['a map of servers', { ttl: 1, servers: { a: 1 } }],
  ['no servers', { ttl: 1, servers: [] }],
  ['a server without addresses', { ttl: 1, servers: [{ role: 'READ' }] }],
  ['addresses that are null', { ttl: 1, servers: [{ role: 'READ', addresses: null }] }],
  ['addresses that are no list', { ttl: 1, servers: [{ role: 'READ', addresses: 'a:1' }] }],
  ['addresses that are a number', { ttl: 1, servers: [{ role: 'WRITE', addresses: 2n ** 40n }] }],
  ['addresses that are a map', { ttl: 1, servers: [{ role: 'READ', addresses: { a: 1 } }] }],
  ['an address that is no text', { ttl: 1, servers: [{ role: 'ROUTE', addresses: ['a:1', 7] }] }],
  ['an address that is null', { ttl: 1, servers: [{ role: 'ROUTE', addresses: [null] }] }],
  ['an address that is a list', { ttl: 1, servers: [{ role: 'ROUTE', addresses: [['a:1']] }] }],
  ['an empty address', { ttl: 1, servers: [{ role: 'ROUTE', addresses: [''] }] }],
  [
    'an address that is an integer beyond all numbers',
    { ttl: 1, servers: [{ role: 'ROUTE', addresses: [2n ** 60n] }] },
  ],
  ['a server that is null', { ttl: 1, servers: [null] }],
  ['no time to live', { servers: [] }],
  ['a time to live that is null', { ttl: null, servers: [] }],
  ['a time to live that is an empty text', { ttl: '', servers: [] }],
  [
    'all sorts of values',
    {
      ttl: 1,
      servers: [
        {
          role: 'READ',
          addresses: false,
          more: [
            1.5,
            1e21,
            -1e-7,
            -0.0,
            NaN,
            Infinity,
            true,
            -5n,
            Buffer.from([97, 255]),
            'ü"\\\n\u0001\u2028',
            { x: [] },
          ],
        },
      ],
    },
  ],
]
for (const [title, table] of MALFORMED) {
  scene(
    `a table with ${title}`,
    { servers: ['a'], table: () => [success({ rt: table, more: 1 })] },
    async ({ driver }) =>
      failed(() =>
        driver
          .session(READ)
          .run('RETURN 1')
          .then(() => 1),
      ),
    (seen) => {
      assert.equal((seen as unknown[][])[0][1], 'ServiceUnavailable')
      const [name, code, text] = (seen as string[][])[1]
      assert.deepEqual([name, code], ['Neo4jError', 'ProtocolError'])
      assert.match(text, / from router <a>\(127\.0\.0\.1\)/)
    },
  )
}

/**
 * Two routers, the first of which answers oddly: the test shows whether its table is good enough, or the
 * other router is asked.
 */
function odd(
  title: string,
  version: string,
  steps: (servers: Record<string, unknown>[], address: string) => Step[],
  good: boolean,
  rest: Partial<Setup> = {},
): void {
  scene(
    title,
    {
      version,
      servers: ['a', 'b'],
      table: (_, router, __, cluster) =>
        router === 'a'
          ? steps(
              cluster.table({ routers: ['a'], readers: ['a'], writers: ['a'] }).servers as Record<string, unknown>[],
              cluster.address('a'),
            )
          : { routers: ['b'], readers: ['b'], writers: ['b'] },
      uri: () => 'neo4j://made.up:1',
      config: (cluster) => ({ resolver: () => [cluster.address('a'), cluster.address('b')] }),
      ...rest,
    },
    async ({ driver }) => run(driver, { defaultAccessMode: 'READ' }),
    (seen) => assert.deepEqual(seen, { resolves: good ? '<a>' : '<b>' }),
  )
}

for (const [title, entry, good] of [
  ['is a number', () => 5, true],
  ['is a text', () => 'READ', true],
  ['is a list', () => [], true],
  ['has no role', (address) => ({ addresses: [address] }), true],
  ['has a number for its role', (address) => ({ role: 1, addresses: [address] }), true],
  ['has a role that nobody knows, and no addresses', () => ({ role: 'SING' }), true],
  ['is null', () => null, false],
  ['has no addresses', () => ({ role: 'READ' }), false],
] as [string, (address: string) => unknown, boolean][]) {
  odd(
    `a table in which one server ${title} is ${good ? 'good enough' : 'no help, and the next router is asked'}`,
    '5.4',
    (servers, address) => [success({ rt: { ttl: 300, servers: [entry(address), ...servers] } })],
    good,
  )
}

for (const version of ['4.2', '3.0']) {
  const rows = (columns: string[], ...rows: unknown[][]): Step[] => [
    success({ fields: columns }),
    client('PULL'),
    ...rows.map((row) => record(...row)),
    success(),
  ]
  for (const [title, steps] of [
    ['no record', () => rows(['ttl', 'servers'])],
    ['two records', (servers) => rows(['ttl', 'servers'], [300, servers], [300, []])],
    ['five records', () => rows(['ttl', 'servers'], ...Array(5).fill([1.5, null]))],
    ['null for a time to live', (servers) => rows(['ttl', 'servers'], [null, servers])],
    ['null for its servers', () => rows(['ttl', 'servers'], [300, null])],
    ['a server without addresses', () => rows(['ttl', 'servers'], [300, [{ role: 'ROUTE' }]])],
    ['no readers', (servers) => rows(['ttl', 'servers'], [300, servers.slice(0, 1)])],
    [
      'a failure with the records',
      () => [...rows(['ttl', 'servers']).slice(0, 2), failure('Neo.ClientError.Made.Up', 'x')],
    ],
  ] as [string, (servers: Record<string, unknown>[]) => Step[]][]) {
    odd(`a table of ${version} with ${title}: the next router is asked`, version, steps, false)
    scene(
      `a table of ${version} with ${title}, and no other router`,
      {
        version,
        servers: ['a'],
        table: (_, __, ___, cluster) =>
          steps(cluster.table({ routers: ['a'], readers: ['a'], writers: ['a'] }).servers as Record<string, unknown>[]),
      },
      async ({ driver }) =>
        failed(() =>
          driver
            .session()
            .run('RETURN 1')
            .then(() => 1),
        ),
      (seen) => assert.deepEqual((seen as string[][]).map(([, code]) => code).slice(0, 1), ['ServiceUnavailable']),
    )
  }
  // 6.3.0 gives up at once here because of the error of its own record: N/A happens to be a code at which it
  // asks no other router.
  for (const [title, columns, row] of [
    ['no time to live', ['servers'], [[]]],
    ['no servers', ['ttl'], [300]],
    ['no columns', [], []],
  ] as const) {
    clusterDifferential(
      `a table of ${version} with ${title} has the next router asked`,
      version,
      (router, _, good) => (router === 'a' ? rows([...columns], [...row]) : good),
      async (driver) => brieflyRun(driver, { defaultAccessMode: 'READ' }),
      `N/A: This record has no field with key '${title === 'no servers' ? 'servers' : 'ttl'}', available keys are: [${columns}].`,
      '<b>',
    )
  }
}

/** Two routers, with answers of the first one after which the drivers differ. */
function clusterDifferential(
  title: string,
  version: string,
  answer: (router: string, asked: number, good: Step[]) => Step[],
  script: (driver: Driver, cluster: Cluster) => Promise<unknown>,
  theirs: unknown,
  ours: unknown,
  ttl: unknown = 300,
): void {
  test(title, { timeout: 240_000 }, async () => {
    for (const name of driversUnderTest) {
      const neo4j = load(name)
      let asked = 0
      const cluster = await startCluster(version, ['a', 'b'], (router, there) => {
        return obliging(version, {
          table: () => {
            const roles = { routers: [router], readers: [router], writers: [router] }
            const { servers } = there.table(roles)
            const good = since(version, '4.3')
              ? [success({ rt: { ttl, servers } })]
              : [success({ fields: ['ttl', 'servers'] }), client('PULL'), record(ttl, servers), success()]
            return answer(router, ++asked, good)
          },
        })
      })
      const driver = neo4j.driver('neo4j://made.up:1', neo4j.auth.basic('neo4j', 'password'), {
        maxTransactionRetryTime: 0,
        resolver: () => [cluster.address('a'), cluster.address('b')],
      })
      try {
        const seen = cluster.named(await script(driver, cluster))
        assert.deepEqual(seen, name === 'neobolt' ? ours : theirs, name)
      } finally {
        await driver.close()
        await cluster.stop()
      }
    }
  })
}

/** The server's address, or the error in a line. */
async function brieflyRun(driver: Driver, config: Parameters<Driver['session']>[0]): Promise<unknown> {
  const session = driver.session(config)
  try {
    return (await session.run('RETURN 1')).summary.server.address
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    return `${code}: ${message}`
  } finally {
    await session.close()
  }
}

clusterDifferential(
  'the answer to ROUTE without a table: 6.3.0 lets a TypeError through, ours says what came',
  '5.4',
  () => [success({ more: 1 })],
  async (driver) => {
    const [[, code], cause] = (await once(driver, READ)) as unknown[][]
    return [code, cause]
  },
  ['ServiceUnavailable', ['TypeError', undefined, "Cannot read properties of undefined (reading 'ttl')"]],
  [
    'ServiceUnavailable',
    [
      'Neo4jError',
      'ProtocolError',
      'Unable to parse TTL entry from router <b>(127.0.0.1) from raw routing table:\n' +
        '{"_response":{"more":{"low":1,"high":0}}}\nError message: ...',
    ],
  ],
)

for (const [title, version, steps] of [
  ['a table', '5.4', [success({ rt: { ttl: 1, servers: [{ role: 'READ', addresses: 'x'.repeat(2 ** 20) }] } })]],
  ['metadata', '5.4', [success({ rt: {}, more: Array(2 ** 18).fill('x') })]],
  [
    'many records',
    '4.2',
    [
      success({ fields: ['ttl'] }),
      client('PULL'),
      ...Array.from({ length: 2000 }, () => record('x'.repeat(500))),
      success(),
    ],
  ],
] as [string, string, Step[]][]) {
  clusterDifferential(
    `a megabyte of ${title} that cannot be read is not repeated as a whole; 6.3.0 does`,
    version,
    () => steps,
    async (driver) => {
      const [, [, code, text]] = (await once(driver, { defaultAccessMode: 'READ' })) as string[][]
      return [code, text.length > 2048, text.length < 5000, text.includes('... (cut)')]
    },
    ['ProtocolError', true, false, false],
    ['ProtocolError', true, true, true],
  )
}

// The time to live. Two queries in a row show whether the table of the first one serves the second one.

for (const [title, ttl, lasts] of [
  ['300', 300, true],
  ['0', 0, false],
  ['beyond all clocks', 2n ** 63n - 1n, true],
  ['so long that its milliseconds are beyond 64 bits', 2n ** 60n, true],
  ['the smallest integer', -(2n ** 63n), false],
  ['a float, 300.5', 300.5, true],
  ['a float, 0.9', 0.9, false],
  ['a float, -0.5', -0.5, false],
  ['not a number', NaN, false],
  ['infinity', Infinity, false],
  ['minus infinity', -Infinity, false],
  ['a float beyond all integers', 1e300, true],
  ['a float below all integers', -1e300, false],
  ['the text 300', '300', true],
  ['a text that begins with 300', ' 300.7 s', true],
  ['any text', 'soon', false],
  ['true', true, false],
  ['a list', [300], false],
  ['a map', { seconds: 300 }, false],
  ['bytes', Buffer.from('300'), false],
] as [string, unknown, boolean][]) {
  scene(
    `a time to live that is ${title}: the table is ${lasts ? 'used again' : 'used once'}`,
    { servers: ['a'], table: (_, __, ___, cluster) => ({ ...cluster.table(ONE), ttl }) },
    async ({ driver }) => {
      const seen = []
      for (let i = 0; i < 2; i++) {
        seen.push(await run(driver, READ))
        await tick()
      }
      return seen
    },
    (seen, work) => {
      assert.deepEqual(seen, [{ resolves: '<a>' }, { resolves: '<a>' }])
      assert.deepEqual(work.a, lasts ? ['ROUTE', 'RUN', 'RUN'] : ['ROUTE', 'RUN', 'ROUTE', 'RUN'])
    },
  )
}

// 6.3.0 takes a sum in the past for an overflow, and so for the end of time.
for (const ttl of [-1, -300, -1.5, '-5']) {
  clusterDifferential(
    `a time to live of ${typeof ttl === 'string' ? `the text ${ttl}` : ttl} is over at once; 6.3.0 believes the table for ever`,
    '5.4',
    (_, __, [good]) => [good],
    async (driver, cluster) => {
      for (let i = 0; i < 3; i++) {
        await brieflyRun(driver, READ)
        await tick()
      }
      return cluster.peers.a.count('ROUTE')
    },
    1,
    3,
    ttl,
  )
}

// 6.3.0 adds its delay of 30 s to the end of time, which gives a time in the past.
clusterDifferential(
  'a table that never ends outlives the table of another database; 6.3.0 throws it away',
  '5.4',
  (_, __, good) => good,
  async (driver, cluster) => {
    for (const database of ['shop', 'other', 'shop']) await brieflyRun(driver, { ...READ, database })
    return cluster.peers.a.count('ROUTE')
  },
  3,
  2,
  2n ** 63n - 1n,
)

// Discovery that fails.

for (const code of [
  'Neo.ClientError.Database.DatabaseNotFound',
  'Neo.ClientError.Transaction.InvalidBookmark',
  'Neo.ClientError.Transaction.InvalidBookmarkMixture',
  'Neo.ClientError.Statement.ArgumentError',
  'Neo.ClientError.Request.Invalid',
  'Neo.ClientError.Statement.TypeError',
  'Neo.ClientError.Security.Unauthorized',
  'Neo.ClientError.Security.Forbidden',
  'Neo.ClientError.Security.TokenExpired',
  'Neo.ClientError.Security.AuthorizationExpired',
  'Neo.ClientError.Security.MadeUp',
  'Neo.ClientError.Procedure.ProcedureNotFound',
  'Neo.TransientError.Database.BookmarkTimeout',
  'Neo.TransientError.General.DatabaseUnavailable',
  'Neo.ClientError.MadeUp.MadeUp',
  'Neo.DatabaseError.General.UnknownError',
]) {
  const last = ['.AuthorizationExpired', '.BookmarkTimeout', '.DatabaseUnavailable', '.MadeUp.MadeUp', '.UnknownError']
  const goesOn = last.some((end) => code.endsWith(end))
  scene(
    `a router that answers ${code}: ${goesOn ? 'the next one is asked' : 'that is all'}`,
    {
      servers: ['a', 'b'],
      table: (_, router) =>
        router === 'a' ? [failure(code, 'no table')] : { routers: ['b'], readers: ['b'], writers: ['b'] },
      uri: () => 'neo4j://made.up:1',
      config: (cluster) => ({ resolver: () => [cluster.address('a'), cluster.address('b')] }),
    },
    async ({ driver }) =>
      failed(() =>
        driver
          .session(READ)
          .run('RETURN 1')
          .then(() => 1),
      ),
    (seen, work) => {
      assert.equal('resolves' in (seen as object), goesOn)
      assert.equal(work.b !== undefined, goesOn)
    },
  )
}

// Servers that fail.

scene(
  'the only reader cannot be reached and is forgotten: SessionExpired, and the next one finds a new table',
  {
    servers: ['a', 'dead', 'b'],
    table: (_, __, asked) => ({ routers: ['a'], readers: [asked === 1 ? 'dead' : 'b'], writers: ['a'] }),
  },
  async ({ driver }) => {
    const first = (await once(driver, READ)) as string[][]
    return [first[0]?.slice(0, 2), await run(driver, READ), await run(driver, READ)]
  },
  ([first, ...others], work) => {
    assert.deepEqual(first, ['Neo4jError', 'SessionExpired'])
    assert.deepEqual(others, Array(2).fill({ resolves: '<b>' }))
    assert.deepEqual(work.a, ['ROUTE', 'ROUTE'])
  },
)

for (const [title, at] of [
  ['at RUN', 'RUN'],
  ['while its result is read', 'PULL'],
  ['at BEGIN', 'BEGIN'],
] as const) {
  scene(
    `a server that hangs up ${title} is forgotten, and a table asked for when nobody is left`,
    {
      servers: ['a', 'b', 'c'],
      table: (_, __, asked) => ({ routers: ['a'], readers: [asked === 1 ? 'b' : 'c'], writers: ['a'] }),
      reply: (server, name) => (server === 'b' && name === at ? [cut()] : undefined),
    },
    async ({ driver }) => {
      const first = (await once(driver, READ)) as string[][]
      const second = await run(driver, READ)
      return [first[0]?.slice(0, 2), second]
    },
    ([first, second], work) => {
      assert.deepEqual(first, ['Neo4jError', 'SessionExpired'])
      assert.deepEqual(second, { resolves: '<c>' })
      assert.deepEqual(work.a, ['ROUTE', 'ROUTE'])
    },
  )
}

const hasty = { hello: { hints: { 'connection.recv_timeout_seconds': 1 } } }

scene(
  'a router that falls silent is given up after the time of its own hint, and the next one asked',
  {
    servers: ['a', 'b'],
    options: hasty,
    table: (_, router) => (router === 'a' ? [stall()] : { routers: ['b'], readers: ['b'], writers: ['b'] }),
    uri: () => 'neo4j://made.up:1',
    config: (cluster) => ({ resolver: () => [cluster.address('a'), cluster.address('b')] }),
  },
  async ({ driver }) => [await run(driver, READ), await run(driver, READ)],
  (seen, work) => {
    assert.deepEqual(seen, Array(2).fill({ resolves: '<b>' }))
    assert.deepEqual(work.a, ['ROUTE'])
  },
)

scene(
  'a router that falls silent, and no other',
  { servers: ['a'], options: hasty, table: () => [stall()] },
  async ({ driver }) => once(driver, READ),
  (seen) => {
    const [first, cause] = seen as string[][]
    assert.deepEqual([first[1], cause[1]], ['ServiceUnavailable', 'SessionExpired'])
    assert.match(cause[2], /Server didn't respond in 1000ms/)
  },
)

for (const at of ['RUN', 'BEGIN', 'COMMIT']) {
  scene(
    `a reader that falls silent at ${at} is forgotten after the time of its own hint, and the other one serves`,
    {
      servers: ['a', 'b', 'c'],
      options: hasty,
      table: () => ({ routers: ['a'], readers: ['b', 'c'], writers: ['a'] }),
      reply: (server, name) => (server === 'b' && name === at ? [stall()] : undefined),
    },
    async ({ driver }) => {
      const first = (await once(driver, READ)) as string[][]
      return [first[0].slice(0, 2), await run(driver, READ), await run(driver, READ)]
    },
    ([first, ...others], work) => {
      assert.deepEqual(first, ['Neo4jError', 'SessionExpired'])
      assert.deepEqual(others, Array(2).fill({ resolves: '<c>' }))
      assert.deepEqual(work.a, ['ROUTE'])
    },
  )
}

for (const code of [
  'Neo.ClientError.Cluster.NotALeader',
  'Neo.ClientError.General.ForbiddenOnReadOnlyDatabase',
  'Neo.TransientError.General.DatabaseUnavailable',
  'Neo.TransientError.General.TransactionMemoryLimit',
  'Neo.ClientError.Security.AuthorizationExpired',
]) {
  for (const at of ['RUN', 'PULL', 'COMMIT'] as const) {
    scene(
      `a writer that answers ${at} by ${code}`,
      {
        servers: ['a', 'b', 'c'],
        table: (_, __, asked) => ({ routers: ['a'], readers: ['b'], writers: [asked === 1 ? 'b' : 'c'] }),
        reply: (server, name) => (server === 'b' && name === at ? [failure(code, 'not here')] : undefined),
      },
      async ({ driver }) => {
        return [await once(driver, WRITE), await once(driver, READ), await once(driver, WRITE)]
      },
      ([first], work) => {
        const forgets = /NotALeader|ForbiddenOnRead|DatabaseUnavailable/.test(code)
        assert.ok(Array.isArray(first))
        assert.equal(work.a.length, forgets ? 2 : 1)
        assert.equal((first as string[][])[0][1], /NotALeader|ForbiddenOnRead/.test(code) ? 'SessionExpired' : code)
      },
    )
  }
}

// The home database.

for (const ssr of [true, false]) {
  scene(
    `the home database, where servers ${ssr ? 'route by themselves: that of the last time is good enough' : 'do not: it is asked for each time'}`,
    {
      version: '5.8',
      servers: ['a'],
      table: (database) => ({ routers: ['a'], readers: ['a'], writers: ['a'], db: database ?? 'home' }),
      options: { hello: { hints: { 'ssr.enabled': ssr } } },
    },
    async ({ driver }) => {
      for (const config of [{}, {}, { impersonatedUser: 'eve' }, { impersonatedUser: 'eve' }, { database: 'home' }]) {
        // One query each: these servers do not name the database, and 6.3.0 asks again before the second one.
        const session = driver.session(config)
        await session.run('RETURN 1')
        await session.close()
      }
      return null
    },
    (_, __, told) => {
      const all = told.a.flat()
      assert.equal(all.filter(([name]) => name === 'ROUTE').length, ssr ? 2 : 4)
      const databases = all.flatMap(([name, , , extra]) => (name === 'RUN' ? [(extra as { db?: string }).db] : []))
      // The server has to say whether a guess is right.
      assert.deepEqual(databases, ssr ? ['home', undefined, 'home', undefined, 'home'] : Array(5).fill('home'))
    },
  )
}

/**
 * A cluster in which every user has a home database: the one in `homes`, or else `home of NAME`. Each query
 * of a session is one of `sessions`.
 */
interface Homely {
  /** Default: 5.8. */
  version?: string
  hints?: Record<string, unknown>
  /** Whether a server names the database of a request that named none: all do since 5.8. Default: true. */
  tells?: boolean
  homes?: { [user: string]: string }
}

/** The requests that servers `a` and `b` got: user, request, database. */
type Asked = string[]

async function atHome(
  neo4j: Neo4j,
  { version = '5.8', hints = { 'ssr.enabled': true }, tells = true, homes = {} }: Homely,
  script: (
    driver: Driver,
    as: (user: string) => { auth: AuthToken },
    homes: { [user: string]: string },
  ) => Promise<void>,
): Promise<Asked> {
  const users = new Map<PeerConnection, string>()
  const asked: Asked = []
  const moved = { ...homes }
  const homeOf = (extra: { imp_user?: string }, connection: PeerConnection): string => {
    const user = extra.imp_user ?? users.get(connection) ?? '?'
    return moved[user] ?? `home of ${user}`
  }
  const cluster = await startCluster(
    version,
    ['a'],
    (_, there) => {
      const good = obliging(version, {
        table: (database, [, , extra], connection) =>
          there.table({ ...ONE, db: database ?? homeOf(extra as object, connection) }),
        ...(tells ? { home: (extra: object, connection: PeerConnection) => homeOf(extra, connection) } : {}),
      })
      return (name, fields, connection) => {
        if (name === 'LOGON') users.set(connection, (fields[0] as { principal: string }).principal)
        const extra = { ROUTE: fields[2], RUN: fields[2], BEGIN: fields[0] }[name] as
          | { db?: string; imp_user?: string }
          | undefined
        if (extra !== undefined && fields[0] !== 'in a transaction') {
          const user =
            extra.imp_user === undefined ? users.get(connection) : `${users.get(connection)} as ${extra.imp_user}`
          asked.push(`${user}: ${name} ${extra.db ?? '-'}`)
        }
        return good(name, fields, connection)
      }
    },
    { hello: { hints } },
  )
  const driver = neo4j.driver(`neo4j://${cluster.address('a')}`, neo4j.auth.basic('me', 'x'))
  try {
    await script(driver, (user) => ({ auth: neo4j.auth.basic(user, 'x') }), moved)
  } finally {
    await driver.close()
    await cluster.stop()
  }
  return asked
}

async function queries(driver: Driver, config: Parameters<Driver['session']>[0], count = 2): Promise<void> {
  const session = driver.session(config)
  for (let i = 0; i < count; i++) await session.run('RETURN 1')
  await session.close()
}

agreement(
  'users of sessions: nobody is sent to the home of another, and the last home of each is the guess the next time',
  (neo4j) =>
    atHome(neo4j, {}, async (driver, as) => {
      for (const config of [as('eve'), as('eve'), as('bob'), as('eve'), {}, as('bob'), {}])
        await queries(driver, config)
    }),
  (asked) =>
    assert.deepEqual(asked, [
      'eve: ROUTE -',
      'eve: RUN home of eve',
      'eve: RUN home of eve',
      // The server has to say whether the guess is right, and then the session stays there.
      'eve: RUN -',
      'eve: RUN home of eve',
      'bob: ROUTE -',
      'bob: RUN home of bob',
      'bob: RUN home of bob',
      'eve: RUN -',
      'eve: RUN home of eve',
      'me: ROUTE -',
      'me: RUN home of me',
      'me: RUN home of me',
      'bob: RUN -',
      'bob: RUN home of bob',
      'me: RUN -',
      'me: RUN home of me',
    ]),
)

agreement(
  'users of sessions and impersonated ones: a name is a name',
  (neo4j) =>
    atHome(neo4j, {}, async (driver, as) => {
      for (const config of [
        { impersonatedUser: 'eve' },
        as('eve'),
        { ...as('bob'), impersonatedUser: 'eve' },
        { impersonatedUser: 'bob' },
        as('bob'),
        // The name of the driver's own user is not known.
        as('me'),
        {},
      ]) {
        await queries(driver, config, 1)
      }
    }),
  (asked) =>
    assert.deepEqual(asked, [
      'me as eve: ROUTE -',
      'me as eve: RUN home of eve',
      'eve: RUN -',
      'bob as eve: RUN -',
      'me as bob: ROUTE -',
      'me as bob: RUN home of bob',
      'bob: RUN -',
      'me: ROUTE -',
      'me: RUN home of me',
      'me: ROUTE -',
      'me: RUN home of me',
    ]),
)

for (const [title, hints] of [
  ['do not route', {}],
  ['say that they do not route', { 'ssr.enabled': false }],
  ['say something else in its place', { 'ssr.enabled': null }],
] as const) {
  agreement(
    `users of sessions, where servers ${title}: the home is asked for in each session`,
    (neo4j) =>
      atHome(neo4j, { hints }, async (driver, as) => {
        for (const config of [as('eve'), {}, as('eve'), { impersonatedUser: 'eve' }]) await queries(driver, config)
      }),
    (asked) =>
      assert.deepEqual(
        asked,
        ['eve', 'me', 'eve', 'me as eve'].flatMap((who) => {
          const home = `${who}: RUN home of ${who.split(' ').at(-1)}`
          return [`${who}: ROUTE -`, home, home]
        }),
      ),
  )
}

agreement(
  'a home that has moved: the server says so, the session goes on there, and the next one asks for its table',
  (neo4j) =>
    atHome(neo4j, { homes: { eve: 'old' } }, async (driver, as, homes) => {
      await queries(driver, as('eve'), 1)
      homes.eve = 'new'
      await queries(driver, as('eve'))
      await queries(driver, as('eve'))
      await queries(driver, as('eve'))
      // Other users are not affected.
      await queries(driver, {}, 1)
    }),
  (asked) =>
    assert.deepEqual(asked, [
      'eve: ROUTE -',
      'eve: RUN old',
      'eve: RUN -',
      'eve: ROUTE new',
      'eve: RUN new',
      'eve: RUN -',
      'eve: RUN new',
      'eve: RUN -',
      'eve: RUN new',
      'me: ROUTE -',
      'me: RUN home of me',
    ]),
)

agreement(
  'users of transactions and of executeQuery',
  (neo4j) =>
    atHome(neo4j, {}, async (driver, as) => {
      for (const config of [as('eve'), as('eve'), {}, {}]) {
        const session = driver.session(config)
        for (let i = 0; i < 2; i++) {
          const tx = await session.beginTransaction()
          await tx.run('in a transaction')
          await tx.commit()
        }
        await session.executeRead((tx) => tx.run('in a transaction'))
        await session.close()
        await driver.executeQuery('in a transaction', {}, config)
      }
    }),
  (asked) => {
    assert.deepEqual(
      asked.filter((line) => line.includes('ROUTE')),
      ['eve: ROUTE -', 'me: ROUTE -'],
    )
    assert.deepEqual(
      asked.filter((line) => /^eve: .*of me|^me: .*of eve/.test(line)),
      [],
    )
  },
)

test('many users at once: each at home, each home asked for once', { timeout: 240_000, ...neoboltOnly }, async () => {
  const names = Array.from({ length: 20 }, (_, i) => `user${i}`)
  const seen: string[] = []
  const asked = await atHome(load('neobolt'), { hints: {} }, async (driver, as) => {
    await Promise.all(
      names.flatMap((name) =>
        Array.from({ length: 3 }, async () => {
          const session = driver.session(as(name))
          await session.run('RETURN 1')
          await session.close()
          seen.push(name)
        }),
      ),
    )
  })
  assert.equal(seen.length, 60)
  for (const name of names) {
    const own = asked.filter((line) => line.startsWith(`${name}: `))
    assert.deepEqual(
      own.filter((line) => line.includes('RUN')),
      Array(3).fill(`${name}: RUN home of ${name}`),
    )
    assert.ok(own.some((line) => line === `${name}: ROUTE -`))
  }
})

// If a server does not name the database, 6.3.0 takes that for a database without a name. It remembers that,
// and from then on asks for the table of no name.
test('a server that routes and does not tell the home: ours goes on with its guess, 6.3.0 asks again', {
  timeout: 240_000,
}, async () => {
  for (const name of driversUnderTest) {
    const asked = await atHome(load(name), { tells: false }, async (driver, as) => {
      for (const config of [as('eve'), as('eve'), as('eve')]) await queries(driver, config)
    })
    assert.deepEqual(
      asked,
      name === 'neobolt'
        ? ['eve: ROUTE -', 'eve: RUN home of eve', 'eve: RUN home of eve', ...Array(4).fill('eve: RUN -')]
        : [
            'eve: ROUTE -',
            'eve: RUN home of eve',
            'eve: RUN home of eve',
            'eve: RUN -',
            'eve: ROUTE -',
            'eve: RUN -',
            'eve: ROUTE -',
            'eve: RUN home of eve',
            'eve: RUN home of eve',
          ],
      name,
    )
  }
})

// If no server names the database of a request, a session that begins with a guess never learns its home.
test('before 5.8 the home is asked for in each session, whatever the hint; 6.3.0 believes the hint', {
  timeout: 240_000,
}, async () => {
  for (const name of driversUnderTest) {
    const asked = await atHome(load(name), { version: '5.7', tells: false }, async (driver, as) => {
      for (const config of [as('eve'), as('eve')]) await queries(driver, config, 1)
    })
    const first = ['eve: ROUTE -', 'eve: RUN home of eve']
    assert.deepEqual(asked, name === 'neobolt' ? [...first, ...first] : [...first, 'eve: RUN -'], name)
  }
})

// What a driver reports about the cluster.

scene(
  'getServerInfo tries one reader after the other',
  { servers: ['a', 'dead', 'b'], table: () => ({ routers: ['a'], readers: ['dead', 'b'], writers: ['a'] }) },
  async ({ driver }) => [
    await outcome(() => driver.getServerInfo({ database: 'shop' })),
    await outcome(() => driver.supportsMultiDb()),
  ],
  ([info]) => assert.equal((info as { resolves: { address: string } }).resolves.address, '<b>'),
)
