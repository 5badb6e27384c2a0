/**
 * Every supported version of Bolt, at a server with no other version. All requests, field by field, and
 * everything that the application sees of the answers are the same with both drivers, and are what the
 * version specifies.
 */
import assert from 'node:assert/strict'
import type { Config, Driver } from 'neo4j-driver'
import { obliging, startCluster } from '../support/cluster.js'
import { agreement, replaced } from '../support/differential.js'
import type { DriverName, Neo4j } from '../support/drivers.js'
import { Struct } from '../support/packstream.cjs'
import { outcome, snapshot } from '../support/snapshot.js'
import { type Peer, type PeerOptions, record, startPeer } from '../support/stub-server.js'
import { dateTimes, failureOf, node, path, relationship, said, since, speaks, VERSIONS } from '../support/versions.js'

interface Outcome<T> {
  said: unknown[][]
  seen: T
}

interface Setup {
  peer: PeerOptions
  config?: Config
  scheme?: 'bolt' | 'neo4j'
  /** Only these requests are compared, on all connections. */
  only?: string[]
}

interface Scene {
  neo4j: Neo4j
  name: DriverName
  driver: Driver
  peer: Peer
}

/** A script at a server that answers by `peer.reply`; the requests that it got, and what the script saw. */
function conversation<T>(
  title: string,
  setup: () => Setup,
  script: (scene: Scene) => Promise<T>,
  check: (outcome: Outcome<T>) => void,
): void {
  agreement(
    title,
    async (neo4j, name) => {
      const { peer: options, config = {}, scheme = 'bolt', only } = setup()
      const peer = await startPeer([[]], options)
      const driver = neo4j.driver(
        peer.uri.replace('bolt', scheme),
        neo4j.auth.basic('neo4j', 'password'),
        // A copy, because 6.3.0 writes into it.
        { ...config },
      )
      try {
        const seen = await script({ neo4j, name, driver, peer })
        await driver.close()
        await peer.idle()
        assert.deepEqual(peer.problems, [])
        const all = said(peer)
        const told = only === undefined ? all : [all.flat().filter(([name]) => only.includes(name))]
        return replaced({ said: told, seen }, undefined, peer) as Outcome<T>
      } finally {
        await driver.close()
        await peer.stop()
      }
    },
    check,
  )
}

/** The requests of this name, without it. */
function requests(outcome: Outcome<unknown>, name: string): unknown[][] {
  return outcome.said.flat().flatMap((message) => {
    const [which, ...fields] = message as [string, ...unknown[]]
    return which === name ? [fields] : []
  })
}

for (const version of VERSIONS) {
  const has = (first: string): boolean => since(version, first)

  conversation(
    `Bolt ${version}: getting acquainted, and what the server is said to be able to do`,
    () => ({ peer: { ...speaks(version), reply: obliging(version) } }),
    async ({ neo4j, driver }) => [
      await outcome(() => driver.getServerInfo()),
      await outcome(() => driver.getNegotiatedProtocolVersion()),
      await outcome(() => driver.supportsMultiDb()),
      await outcome(() => driver.supportsTransactionConfig()),
      await outcome(() => driver.supportsUserImpersonation()),
      await outcome(() => driver.supportsSessionAuth()),
      await outcome(() => driver.session().run('RETURN 1')),
      await outcome(() => driver.verifyConnectivity()),
      await outcome(() => driver.session().run('RETURN 1')),
      await outcome(() => driver.verifyAuthentication({ auth: neo4j.auth.basic('neo4j', 'password') })),
    ],
    (found) => {
      const token = { scheme: 'basic', principal: 'neo4j', credentials: 'password' }
      const hello = {
        user_agent: 'string',
        ...(version === '4.3' || version === '4.4' ? { patch_bolt: ['utc'] } : {}),
        ...(has('5.3') ? { bolt_agent: ['language_details', 'platform', 'product'] } : {}),
      }
      assert.deepEqual(
        found.said[0]?.slice(0, has('5.1') ? 2 : 1),
        has('5.1')
          ? [
              ['HELLO', hello],
              ['LOGON', token],
            ]
          : [['HELLO', { ...hello, ...token }]],
      )
      const [info, protocol, ...can] = found.seen as { resolves: Record<string, unknown> }[]
      const agreed = { $class: 'ProtocolVersion', major: Number(version[0]), minor: Number(version[2]) }
      assert.deepEqual(protocol, { resolves: agreed })
      assert.deepEqual(info?.resolves, {
        $class: 'ServerInfo',
        address: 'ADDRESS',
        agent: 'Neo4j/5.26.0',
        protocolVersion: agreed,
      })
      assert.deepEqual(
        can.slice(0, 4).map(({ resolves }) => resolves),
        [has('4.0'), true, has('4.4'), has('5.1')],
      )
    },
  )

  conversation(
    `Bolt ${version}: a query with all settings, and values of all kinds`,
    () => ({
      peer: {
        ...speaks(version),
        reply: obliging(version, {
          rows: () => [
            [node(version, 1, { name: 'a' }), relationship(version, 7, 1, 2), path(version, 1, 7, 2)],
            [...dateTimes(has('5.0')), null],
            [new Struct(0x58, [7203, 1.5, 2.5]), new Struct(0x45, [1, 2, 3, 4]), new Struct(0x44, [18_000])],
          ],
          summary: () => ({
            type: 'rw',
            stats: { 'nodes-created': 1, 'contains-updates': true },
            bookmark: 'auto-commit',
            plan: { operatorType: 'X', args: {}, identifiers: ['n'], children: [] },
            ...(has('5.6') ? { statuses: STATUSES } : { notifications: NOTIFICATIONS }),
          }),
        }),
      },
    }),
    async ({ neo4j, driver }) => {
      const session = driver.session({
        ...(has('4.0') ? { database: 'shop' } : {}),
        ...(has('4.4') ? { impersonatedUser: 'eve' } : {}),
        ...(has('5.2')
          ? { notificationFilter: { minimumSeverityLevel: 'WARNING', disabledCategories: ['HINT'] } }
          : {}),
        defaultAccessMode: 'READ',
        bookmarks: ['one', 'two'],
        fetchSize: 2,
      })
      const result = await session.run(
        'RETURN $x',
        { x: 1.5, i: neo4j.int(1), list: [1n, 'ä', null, true], map: { a: neo4j.int('9007199254740993') } },
        { timeout: 1234, metadata: { app: 'shop', at: neo4j.int(7) } },
      )
      const bookmarks = session.lastBookmarks()
      await session.close()
      return { records: snapshot(result.records), summary: snapshot(result.summary), bookmarks }
    },
    (found) => {
      assert.deepEqual(found.seen.bookmarks, ['auto-commit'])
      const [run] = requests(found, 'RUN')
      const filter = has('5.5') ? 'notifications_disabled_classifications' : 'notifications_disabled_categories'
      assert.deepEqual(run?.[2], {
        bookmarks: ['one', 'two'],
        tx_timeout: 1234,
        tx_metadata: { app: 'shop', at: 7 },
        mode: 'r',
        ...(has('4.0') ? { db: 'shop' } : {}),
        ...(has('4.4') ? { imp_user: 'eve' } : {}),
        ...(has('5.2') ? { notifications_minimum_severity: 'WARNING', [filter]: ['HINT'] } : {}),
      })
      // Before 4.0, a result is pulled as a whole, and no query has an id.
      assert.deepEqual(requests(found, 'PULL'), has('4.0') ? [[{ n: 2 }], [{ n: 2, qid: 0 }]] : [[]])
      const [[one]] = (found.seen.records as { _fields: { elementId: string }[] }[]).map(({ _fields }) => _fields)
      assert.equal(one.elementId, has('5.0') ? '4:db:1' : '1')
    },
  )

  conversation(
    `Bolt ${version}: transactions, several results at once, and what is discarded`,
    () => ({
      peer: {
        ...speaks(version),
        hello: { hints: { 'telemetry.enabled': true } },
        reply: obliging(version, { rows: (query) => Array.from({ length: Number(query) }, (_, i) => [i]) }),
      },
    }),
    async ({ driver }) => {
      const numbers: unknown[] = []
      const session = driver.session({ fetchSize: 10 })
      const tx = await session.beginTransaction({ timeout: 0, metadata: { explicit: true } })
      const [first, second] = [tx.run('25'), tx.run('23')]
      // Both are begun before either goes on: 6.3.0 pulls all of a result that the program has not begun to
      // read.
      const readers = [first[Symbol.asyncIterator](), second[Symbol.asyncIterator]()] as const
      for (const { value } of await Promise.all(readers.map((reader) => reader.next()))) numbers.push(snapshot(value))
      for (let next = await readers[0].next(); !next.done; next = await readers[0].next())
        numbers.push(snapshot(next.value))
      numbers.push((await readers[1].return?.())?.done)
      numbers.push((await tx.run('30').summary()).resultConsumedAfter)
      await tx.commit()
      const undone = await session.beginTransaction()
      await undone.run('1')
      await undone.rollback()
      numbers.push((await session.executeRead((work) => work.run('2'), { timeout: 5 })).records.length)
      numbers.push((await session.executeWrite((work) => work.run('3'))).records.length)
      const { records } = await driver.executeQuery('1', {}, { routing: 'READ', bookmarkManager: null })
      numbers.push(records.length)
      const bookmarks = session.lastBookmarks()
      await session.close()
      return { numbers: snapshot(numbers), bookmarks }
    },
    (found) => {
      assert.deepEqual(found.seen.bookmarks, ['bookmark-3'])
      const [begin] = requests(found, 'BEGIN')
      assert.deepEqual(begin, [{ tx_timeout: 0, tx_metadata: { explicit: true } }])
      // The number of the interface: explicit 1, managed 0, executeQuery 3.
      assert.deepEqual(requests(found, 'TELEMETRY'), has('5.4') ? [[1], [1], [0], [0], [3]] : [])
      const ids = new Set(requests(found, 'PULL').map(([extra]) => (extra as { qid?: number } | undefined)?.qid))
      assert.deepEqual(ids.has(0) || ids.has(1), has('4.0'))
      assert.equal(requests(found, 'DISCARD').length > 0, has('4.0'))
    },
  )

  conversation(
    `Bolt ${version}: parameters of all kinds, and the form that times get`,
    () => ({ peer: { ...speaks(version), reply: obliging(version) } }),
    async ({ neo4j, driver }) => {
      const { DateTime, Date: LocalDate, LocalTime, LocalDateTime, Time, Duration, Point } = neo4j.types
      const parameters = {
        offset: new DateTime(2020, 6, 15, 12, 30, 0, 7, 7200),
        zone: new DateTime(2020, 6, 15, 12, 30, 0, 7, undefined, 'Europe/Stockholm'),
        both: new DateTime(2020, 6, 15, 12, 30, 0, 7, 7200, 'Europe/Stockholm'),
        date: new LocalDate(1969, 12, 31),
        localTime: new LocalTime(1, 2, 3, 4),
        time: new Time(1, 2, 3, 4, -3600),
        localDateTime: new LocalDateTime(1969, 12, 31, 23, 59, 59, 1),
        duration: new Duration(1, -2, 3, 4),
        flat: new Point(neo4j.int(7203), 1, 2),
        high: new Point(neo4j.int(9157), 1, 2.5, -3),
      }
      const session = driver.session()
      await session.run('RETURN 1', parameters)
      await session.close()
      return snapshot(parameters)
    },
    (found) => {
      const [[, parameters]] = requests(found, 'RUN') as [[string, Record<string, { tag: number; fields: unknown[] }>]]
      const { offset, zone, both } = parameters
      const [expected, expectedZone] = snapshot(dateTimes(has('5.0'))) as [unknown, unknown]
      assert.deepEqual(offset, expected)
      assert.deepEqual([zone, both], [expectedZone, expectedZone])
    },
  )

  const made = (neo4j: Neo4j): [since: string, value: unknown][] => {
    const { vector, uuid } = neo4j as unknown as { vector(values: unknown): unknown; uuid(text: string): unknown }
    return [
      ['6.0', vector(new Float32Array([1, -2.5]))],
      ['6.0', vector(new BigInt64Array([1n]))],
      ['6.0', vector(new Int8Array([]))],
      ['6.1', uuid('00112233-4455-6677-8899-aabbccddeeff')],
    ]
  }

  conversation(
    `Bolt ${version}: vectors and UUIDs, there and back`,
    () => ({
      peer: {
        ...speaks(version),
        reply: obliging(version, {
          rows: () => [
            [
              ...(has('6.0')
                ? [
                    new Struct(0x56, [Buffer.of(0xc9), Buffer.of(0, 1, 0xff, 0xfe)]),
                    new Struct(0x3f, ['FUTURE', 6, 9, { message: 'not yet' }]),
                  ]
                : []),
              ...(has('6.1') ? [new Struct(0xe0, [Buffer.from('00112233445566778899aabbccddeeff', 'hex')])] : []),
              1,
            ],
          ],
        }),
      },
    }),
    async ({ neo4j, driver }) => {
      const session = driver.session()
      const values = made(neo4j).flatMap(([first, value]) => (has(first) ? [value] : []))
      const { records } = await session.run('RETURN $x', { x: values })
      await session.close()
      return [...records[0].values()].map((value) => [snapshot(value), String(value)])
    },
    (found) => {
      const [[, { x }]] = requests(found, 'RUN') as [[string, { x: { tag: number }[] }]]
      const tags = [...(has('6.0') ? [0x56, 0x56, 0x56] : []), ...(has('6.1') ? [0xe0] : [])]
      assert.deepEqual(
        x.map(({ tag }) => tag),
        tags,
      )
      assert.equal(found.seen.length, 1 + (has('6.0') ? 2 : 0) + (has('6.1') ? 1 : 0))
    },
  )

  agreement(
    `Bolt ${version}: vectors and UUIDs are refused where it has none`,
    async (neo4j) => {
      const refusals: unknown[] = []
      for (const [first, value] of made(neo4j)) {
        if (has(first)) continue
        // One for each: 6.3.0 has sent half of a message by then.
        const peer = await startPeer([[]], { ...speaks(version), reply: obliging(version) })
        const driver = neo4j.driver(peer.uri, neo4j.auth.basic('neo4j', 'password'))
        try {
          const failed = await driver
            .session()
            .run('RETURN $x', { x: value })
            .catch((error) => error)
          // Ours adds the path of the value.
          refusals.push([failed.name, failed.code, failed.message.replace(/ \(in .*\)$/, '')])
        } finally {
          await driver.close()
          await peer.stop()
        }
      }
      return refusals
    },
    (refusals) => assert.equal(refusals.length, has('6.1') ? 0 : has('6.0') ? 1 : 4),
  )

  conversation(
    `Bolt ${version}: what it lacks is refused`,
    // 6.3.0 discards a connection after a refused request.
    () => ({ peer: { ...speaks(version), reply: obliging(version) }, only: ['RUN', 'BEGIN'] }),
    async ({ neo4j, driver, peer }) => {
      const seen = []
      for (const config of [
        { database: 'shop' },
        { impersonatedUser: 'eve' },
        { notificationFilter: { minimumSeverityLevel: 'OFF' } },
        { notificationFilter: {} },
        { notificationFilter: { disabledClassifications: ['HINT', 'SECURITY'] } },
        { auth: neo4j.auth.basic('other', 'secret') },
      ] as const) {
        const session = driver.session(config as never)
        seen.push(await outcome(async () => (await session.run('RETURN 1')).records.length))
        seen.push(await outcome(async () => (await session.executeRead((tx) => tx.run('RETURN 1'))).records.length))
        await session.close()
      }
      for (const notificationFilter of [
        { minimumSeverityLevel: 'INFORMATION', disabledCategories: ['DEPRECATION'] },
        { disabledClassifications: [] },
      ] as const) {
        const token = neo4j.auth.basic('neo4j', 'password')
        const other = neo4j.driver(peer.uri, token, { notificationFilter: notificationFilter as never })
        seen.push(await outcome(async () => (await other.session().run('RETURN 1')).records.length))
        await other.close()
      }
      return seen
    },
    (found) => {
      const [database, , user, , filter, , , , , , token, , ofDriver] = found.seen.map(
        (each) => (each as { resolves?: unknown }).resolves === 1,
      )
      assert.deepEqual(
        { database, user, filter, token, ofDriver },
        { database: has('4.0'), user: has('4.4'), filter: has('5.2'), token: has('5.1'), ofDriver: has('5.2') },
      )
    },
  )

  for (const [what, at] of [
    ['a query', 'RUN'],
    ['BEGIN', 'BEGIN'],
    ['COMMIT', 'COMMIT'],
    ['the reading of a result', 'PULL'],
    ['LOGON', 'LOGON'],
    ['HELLO', 'HELLO'],
  ] as const) {
    // A failure of HELLO without credentials in it is a different case: see connections.test.ts.
    if (at === (has('5.1') ? 'HELLO' : 'LOGON')) continue
    conversation(
      `Bolt ${version}: a failure of ${what}`,
      () => {
        const good = obliging(version, { rows: () => [[1], [2]] })
        const code = at === 'LOGON' || at === 'HELLO' ? 'Security.Unauthorized' : 'Statement.SyntaxError'
        const cause = { message: 'deeper', gql_status: '01N00', description: 'warn: deeper', diagnostic_record: {} }
        const bad = failureOf(version, `Neo.ClientError.${code}`, 'no such thing', cause)
        return {
          peer: {
            ...speaks(version),
            reply: (name, fields, connection) =>
              name !== at ? good(name, fields, connection) : name === 'PULL' ? [record(1), bad] : [bad],
          },
        }
      },
      async ({ driver }) => {
        const session = driver.session()
        const work = at === 'RUN' || at === 'PULL' || at === 'HELLO' || at === 'LOGON'
        const caught = await (work ? session.run('X') : session.executeWrite((tx) => tx.run('X').then(() => 1))).then(
          () => undefined,
          snapshot,
        )
        const next = at === 'PULL' ? await outcome(() => session.beginTransaction().then((tx) => tx.rollback())) : null
        await session.close()
        return { caught, next }
      },
      (found) => {
        const { message, code, gqlStatus, cause } = found.seen.caught as Record<string, unknown>
        assert.equal(message, 'no such thing')
        assert.match(code as string, /^Neo\.ClientError\./)
        assert.equal(gqlStatus, has('5.7') ? '42N51' : '50N42')
        assert.equal((cause as { gqlStatus?: string } | undefined)?.gqlStatus, has('5.7') ? '01N00' : undefined)
      },
    )
  }
}

for (const version of VERSIONS) {
  const has = (first: string): boolean => since(version, first)

  agreement(
    `Bolt ${version}: routing asks for tables in its way`,
    async (neo4j) => {
      const cluster = await startCluster(
        version,
        ['router', 'reader', 'writer'],
        (_, { table }) =>
          obliging(version, {
            table: (database) =>
              table({
                routers: ['router'],
                readers: ['reader'],
                writers: ['writer'],
                ...(has('4.4') ? { db: database ?? 'home' } : {}),
              }),
          }),
        { hello: { hints: { 'telemetry.enabled': true } } },
      )
      const uri = `neo4j://${cluster.address('router')}?region=eu&policy=%C3%A4`
      const driver = neo4j.driver(uri, neo4j.auth.basic('neo4j', 'password'))
      try {
        const seen: unknown[] = []
        const home = driver.session({ bookmarks: ['one'] })
        seen.push(await outcome(() => home.run('RETURN 1')))
        seen.push(await outcome(() => home.executeRead((tx) => tx.run('RETURN 2'))))
        await home.close()
        const database = has('4.0') ? 'shop' : ''
        const named = driver.session({ database, defaultAccessMode: 'READ', bookmarks: ['two', 'three'] })
        seen.push(await outcome(() => named.run('RETURN 3')))
        await named.close()
        const other = driver.session(has('4.4') ? { impersonatedUser: 'eve' } : {})
        seen.push(await outcome(() => other.run('RETURN 4')))
        await other.close()
        seen.push(await outcome(() => driver.executeQuery('RETURN 5', {}, { routing: 'READ', database })))
        seen.push(await outcome(() => driver.getServerInfo({ database })))
        seen.push(await outcome(() => driver.supportsMultiDb()))
        seen.push(await outcome(() => driver.supportsUserImpersonation()))
        seen.push(await outcome(() => driver.supportsSessionAuth()))
        await driver.close()
        return cluster.named({ told: await cluster.told(), seen })
      } finally {
        await driver.close()
        await cluster.stop()
      }
    },
    ({ told, seen }) => {
      const context = { region: 'eu', policy: '%C3%A4', address: '<router>' }
      const asked = told.router?.flat().filter(([name, text]) => name === 'ROUTE' || String(text).startsWith('CALL'))
      const wanted = has('4.4')
        ? [
            ['ROUTE', context, ['one'], {}],
            ['ROUTE', context, ['two', 'three'], { db: 'shop' }],
            ['ROUTE', context, [], { imp_user: 'eve' }],
          ]
        : has('4.3')
          ? [
              ['ROUTE', context, ['one'], null],
              ['ROUTE', context, ['two', 'three'], 'shop'],
            ]
          : has('4.0')
            ? [
                [
                  'RUN',
                  'CALL dbms.routing.getRoutingTable($context, $database)',
                  { context, database: null },
                  { bookmarks: ['one'], db: 'system', mode: 'r' },
                ],
                [
                  'RUN',
                  'CALL dbms.routing.getRoutingTable($context, $database)',
                  { context, database: 'shop' },
                  { bookmarks: ['two', 'three'], db: 'system', mode: 'r' },
                ],
              ]
            : [['RUN', 'CALL dbms.cluster.routing.getRoutingTable($context)', { context }, {}]]
      assert.deepEqual(asked?.slice(0, wanted.length), wanted)
      const greeting = told.writer?.[0]?.[0]?.[1] as { routing?: unknown }
      assert.deepEqual(greeting.routing, has('4.1') ? context : undefined)
      assert.ok('resolves' in (seen[0] as object))
    },
  )

  if (!has('4.4')) {
    agreement(
      `Bolt ${version}: a table is asked for without what the version lacks, and then the work is refused`,
      async (neo4j) => {
        const cluster = await startCluster(version, ['router', 'other'], (_, { table }) =>
          obliging(version, { table: () => table({ routers: ['router'], readers: ['other'], writers: ['other'] }) }),
        )
        const driver = neo4j.driver(`neo4j://${cluster.address('router')}`, neo4j.auth.basic('neo4j', 'password'))
        try {
          const seen: unknown[] = []
          for (const lacking of [{ impersonatedUser: 'eve' }, ...(has('4.0') ? [] : [{ database: 'shop' }])]) {
            const session = driver.session(lacking)
            seen.push(await outcome(() => session.run('RETURN 1')))
            seen.push(await outcome(() => session.executeRead((tx) => tx.run('RETURN 1'))))
            await session.close()
          }
          seen.push(await outcome(() => driver.getServerInfo({ database: 'shop' })))
          await driver.close()
          const { router } = await cluster.told()
          const asked = router?.flat().filter(([name]) => name === 'ROUTE' || name === 'RUN')
          return cluster.named({ asked, seen })
        } finally {
          await driver.close()
          await cluster.stop()
        }
      },
      ({ asked, seen }) => {
        assert.deepEqual(
          seen.map((each) => 'rejects' in (each as object)),
          has('4.0') ? [true, true, false] : [true, true, true, true, false],
        )
        assert.equal(asked?.length, 2)
      },
    )
  }

  for (const [hint, disabled] of [
    [true, false],
    [true, true],
    [false, false],
    [undefined, false],
  ] as const) {
    conversation(
      `Bolt ${version}: telemetry, where the server ${hint === undefined ? 'says nothing of it' : hint ? 'wants it' : 'wants none'}${disabled ? ' and the driver gives none' : ''}`,
      () => ({
        config: { telemetryDisabled: disabled },
        only: ['TELEMETRY'],
        peer: {
          ...speaks(version),
          hello: { hints: hint === undefined ? {} : { 'telemetry.enabled': hint } },
          reply: obliging(version),
        },
      }),
      async ({ driver }) => {
        const session = driver.session()
        await session.run('RETURN 1')
        await session.executeRead((tx) => tx.run('RETURN 1'))
        const tx = await session.beginTransaction()
        await tx.rollback()
        await session.close()
        await driver.executeQuery('RETURN 1')
      },
      (found) =>
        assert.deepEqual(
          requests(found, 'TELEMETRY'),
          has('5.4') && hint === true && !disabled ? [[2], [0], [1], [3]] : [],
        ),
    )
  }
}

for (const version of ['4.3', '4.4']) {
  for (const utc of [true, false]) {
    conversation(
      `Bolt ${version}: where the server ${utc ? 'agrees to' : 'knows nothing of'} UTC, times have the form of ${utc ? '5.0' : 'before'}, there and back`,
      () => ({
        peer: {
          ...speaks(version),
          hello: utc ? { patch_bolt: ['utc'] } : {},
          reply: obliging(version, { rows: () => [dateTimes(utc)] }),
        },
      }),
      async ({ neo4j, driver }) => {
        const { DateTime } = neo4j.types
        const session = driver.session()
        const { records } = await session.run('RETURN 1', {
          offset: new DateTime(2020, 6, 15, 12, 30, 0, 7, 7200),
          zone: new DateTime(2020, 6, 15, 12, 30, 0, 7, undefined, 'Europe/Stockholm'),
        })
        await session.close()
        return [...records[0].values()].map(String)
      },
      (found) => {
        const [[, { offset, zone }]] = requests(found, 'RUN') as [[string, { offset: unknown; zone: unknown }]]
        assert.deepEqual([offset, zone], snapshot(dateTimes(utc)))
        assert.deepEqual(found.seen, [
          '2020-06-15T12:30:00.000000007+02:00',
          utc
            ? '2020-06-15T12:30:00.000000007+02:00[Europe/Stockholm]'
            : '2020-06-15T12:30:00.000000007[Europe/Stockholm]',
        ])
      },
    )
  }
}

/** The outcome of a handshake: the version, or the error, and the choice from a manifest. */
function shaking(title: string, options: PeerOptions, expected: unknown, oursAlone = false): void {
  agreement(
    title,
    async (neo4j) => {
      const peer = await startPeer([[]], { ...options, reply: obliging('5.0') })
      const driver = neo4j.driver(peer.uri, neo4j.auth.basic('neo4j', 'password'))
      try {
        const reached = await outcome(async () => {
          const { summary } = await driver.session().run('RETURN 1')
          return String(summary.server.protocolVersion)
        })
        await driver.close()
        await peer.idle()
        return replaced([reached, ...peer.choices.map((each) => each.toString('hex'))], undefined, peer)
      } finally {
        await driver.close()
        await peer.stop()
      }
    },
    (found) => assert.deepEqual(found, expected),
    { oursAlone },
  )
}

function unknown(version: string): unknown {
  const message = `Unknown Bolt protocol version: ${version}`
  return { rejects: { name: 'Neo4jError', message, code: 'N/A', gqlStatus: '50N42' } }
}

for (const version of VERSIONS) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const choice = Buffer.of(0, 0, minor, major, 0).toString('hex')
  shaking(`Bolt ${version} is agreed on by a manifest of it alone`, { manifest: [version] }, [
    { resolves: version },
    choice,
  ])
}
shaking(
  'of a manifest, the newest version known to both is chosen',
  { manifest: ['9.0', '5.0-5.7', '4.2-4.4', '3.0'] },
  [{ resolves: '5.7' }, '0000070500'],
)
shaking('a manifest may name versions in any order', { manifest: ['3.0', '6.0', '4.4', '5.8'] }, [
  { resolves: '6.0' },
  '0000000600',
])
shaking('a range of a manifest counts downwards, past versions that nobody speaks', { manifest: ['5.4-5.5'] }, [
  { resolves: '5.4' },
  '0000040500',
])
for (const manifest of [['5.5'], ['9.0', '7.3-7.9'], ['4.0-4.1', '2.0', '1.0'], []]) {
  shaking(`a manifest of ${manifest.join(', ') || 'nothing'} has no version for us`, { manifest }, [
    unknown('0.0'),
    '0000000000',
  ])
}
for (const version of ['6.0', '6.1']) {
  shaking(`Bolt ${version} is understood also where no manifest was asked for`, { version }, [{ resolves: version }])
}
for (const version of ['5.9', '4.5', '7.0', '255.9']) {
  shaking(`a server that insists on ${version} is turned away`, { version }, [unknown(version)])
}
// 5.5 is in the range that is offered, but no server ever had it; the others were not offered. 6.3.0 uses
// these or hangs.
for (const version of ['5.5', '4.1', '4.0', '2.0', '1.0']) {
  shaking(`a server that insists on ${version} is turned away by ours`, { version }, [unknown(version)], true)
}

const NOTIFICATIONS = [
  {
    code: 'Neo.ClientNotification.Statement.CartesianProduct',
    title: 'A product',
    description: 'It is large',
    severity: 'WARNING',
    category: 'PERFORMANCE',
    position: { offset: 1, line: 2, column: 3 },
  },
]

const STATUSES = [
  { gql_status: '00000', status_description: 'note: successful completion' },
  {
    gql_status: '03N90',
    status_description: 'info: it is large',
    neo4j_code: 'Neo.ClientNotification.Statement.CartesianProduct',
    title: 'A product',
    description: 'It is large',
    diagnostic_record: {
      _severity: 'WARNING',
      _classification: 'PERFORMANCE',
      _position: { offset: 1, line: 2, column: 3 },
      OPERATION: '',
      OPERATION_CODE: '0',
      CURRENT_SCHEMA: '/',
    },
  },
]
