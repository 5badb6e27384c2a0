/** Drivers, and the values that a driver accepts in its configuration. */
import { differs, group } from './suite.js'

export const drivers = group('drivers and their configuration', {
  'what a driver looks like': async ({ neo4j, connect, log }) => {
    const driver = connect()
    log(
      driver instanceof neo4j.Driver,
      driver.isEncrypted(),
      (driver as never as { _supportsRouting(): boolean })._supportsRouting(),
      String(driver),
    )
    log(
      await driver.supportsMultiDb(),
      await driver.supportsTransactionConfig(),
      await driver.supportsUserImpersonation(),
      await driver.supportsSessionAuth(),
    )
    log(await driver.getNegotiatedProtocolVersion(), await driver.getServerInfo(), await driver.verifyConnectivity())
  },
  'addresses that are refused': async ({ neo4j, attempt }) => {
    for (const url of [
      'http://localhost',
      'localhost',
      '',
      'bolt://',
      'bolt:localhost',
      '//localhost',
      5,
      null,
      undefined,
      {},
      'neo4j://h?a=1&a=2',
      'neo4j://h?a',
      'neo4j://h?=1',
      'neo4j://h?a=',
      'BOLT://localhost',
      'bolt+x://localhost',
    ]) {
      await attempt(() => neo4j.driver(url as never).close())
    }
  },
  'addresses that are taken': async ({ neo4j, attempt }) => {
    for (const url of [
      'bolt://localhost',
      'bolt://localhost:1',
      'bolt://[::1]',
      'bolt://[::1]:7',
      'bolt://user:secret@localhost',
      'bolt://localhost/path',
      ' bolt://localhost ',
      'bolt://localhost#x',
    ]) {
      await attempt(() => neo4j.driver(url).close())
    }
  },
  'credentials that are refused': async ({ neo4j, attempt }) => {
    for (const auth of [{ principal: 'x' }, { scheme: null, credentials: 'x' }, {}, null, undefined, 'x'])
      await attempt(() => neo4j.driver('bolt://localhost', auth as never).close())
  },
  'credentials as they are made': async ({ neo4j, log, attempt }) => {
    const { auth } = neo4j
    log(
      auth.basic('u', 'p'),
      auth.basic('u', 'p', 'r'),
      auth.basic('u', 'p', ''),
      auth.kerberos('t'),
      auth.bearer('t'),
      (auth as never as { none(): object }).none(),
    )
    log(
      auth.custom('p', 'c', 'r', 's'),
      auth.custom('p', '', '', 's'),
      auth.custom('p', 'c', 'r', 's', {}),
      auth.custom('p', 'c', 'r', 's', { a: 1 }),
    )
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    await attempt(() => auth.custom('p', 'c', 'r', 's', cycle))
  },
  'settings that are refused': async ({ neo4j, attempt }) => {
    for (const config of [
      { fetchSize: 0 },
      { fetchSize: -2 },
      { fetchSize: 'x' },
      { connectionLivenessCheckTimeout: -1 },
      { connectionLivenessCheckTimeout: 'x' },
      { resolver: 5 },
      { logging: { level: 'x', logger: () => undefined } },
      { logging: {} },
      { logging: 'x' },
      { maxConnectionPoolSize: -5, maxConnectionLifetime: -5, connectionAcquisitionTimeout: -1, connectionTimeout: -1 },
      { maxConnectionPoolSize: '7', fetchSize: '9' },
      { notificationFilter: null },
      { unknownSetting: 1 },
    ]) {
      await attempt(() => neo4j.driver('bolt://localhost', undefined, config as never).close())
    }
  },
  'settings that are refused late': async ({ connect, attempt }) => {
    await attempt(() => void connect({ maxTransactionRetryTime: -1 }).session())
    await attempt(() =>
      connect({ fetchSize: '2' })
        .executeQuery('UNWIND [1, 2, 3] AS i RETURN i')
        .then(({ records }) => records.length),
    )
  },
  'a server that is there, and one that is not': async ({ neo4j, server, attempt }) => {
    await attempt(() => neo4j.hasReachableServer(server.uri))
    await attempt(() => neo4j.hasReachableServer('bolt://127.0.0.1:1'))
    await attempt(() => neo4j.hasReachableServer('http://localhost'))
  },
  'whether a user is let in': async ({ neo4j, driver, server, label, connect, attempt }) => {
    const known = neo4j.auth.basic(server.user, server.password)
    await attempt(() => driver.verifyAuthentication())
    await attempt(() => driver.verifyAuthentication({ auth: known, database: 'neo4j' }))
    await attempt(() => driver.verifyAuthentication({ auth: known, database: 'nosuch' }))
    await attempt(() => connect().verifyAuthentication({ auth: neo4j.auth.basic(label, 'x') }))
    await attempt(() => connect({}, neo4j.auth.basic(label, 'x')).verifyAuthentication())
  },
  'sessions and queries of another user': async ({ neo4j, driver, server, label, session, connect, log, attempt }) => {
    const system = session({ database: 'system' })
    await system.run(`CREATE USER ${label} SET PASSWORD 'password1' CHANGE NOT REQUIRED`)
    const auth = neo4j.auth.basic(label, 'password1')
    const who = 'SHOW CURRENT USER YIELD user RETURN user'
    log((await session({ auth }).run(who)).records, (await session().run(who)).records)
    log((await driver.executeQuery(who, {}, { auth })).records)
    log((await session({ auth: neo4j.auth.basic(server.user, server.password) }).run(who)).records)
    // On new connections: on a connection that belonged to another user, the official driver loses the
    // server's code.
    const wrong = (suffix: string) => neo4j.auth.basic(`${label}${suffix}`, 'wrong')
    await attempt(() =>
      connect()
        .session({ auth: wrong('x') })
        .run(who),
    )
    await attempt(() =>
      connect()
        .session({ auth: wrong('y') })
        .executeRead((tx) => tx.run(who)),
    )
    await attempt(() => connect().executeQuery(who, {}, { auth: wrong('z') }))
    await system.run(`DROP USER ${label}`)
  },
  'code: a user who is refused on a connection that was another ones': differs(
    'code',
    "the server's own code is kept",
    async ({ neo4j, connect, label, log }) => {
      const driver = connect()
      await driver.executeQuery('RETURN 1')
      const session = driver.session({ auth: neo4j.auth.basic(label, 'wrong') })
      log(
        await session.run('RETURN 1').then(
          () => 'run',
          ({ code, message }) => `${code} ${message}`,
        ),
      )
      await session.close()
    },
    {
      official: ['ProtocolError The client is unauthorized due to authentication failure.'],
      ours: ['Neo.ClientError.Security.Unauthorized The client is unauthorized due to authentication failure.'],
    },
  ),
  'a notification filter that the server cannot take': async ({ connect, session, attempt, log }) => {
    for (const filter of [
      { minimumSeverityLevel: 5 },
      { minimumSeverityLevel: 'LOUD' },
      { disabledCategories: 'HINT' },
      { disabledClassifications: 'HINT' },
      { disabledClassifications: [5] },
      { disabledCategories: [null] },
      { disabledCategories: ['NONE_SUCH'] },
      { minimumSeverityLevel: '', disabledClassifications: false },
    ]) {
      const settings = { notificationFilter: filter as never }
      // The official driver takes every refusal of a connection's first message for a ProtocolError; the text
      // is the server's.
      log(
        await connect(settings)
          .session()
          .run('RETURN 1')
          .then(
            () => 'run',
            ({ message }) => message,
          ),
      )
      await attempt(() => session(settings).run('RETURN 1 AS n'))
      await attempt(async () => (await session(settings).beginTransaction()).rollback())
    }
  },
  'transaction metadata of many kinds': async ({ session, attempt }) => {
    for (const metadata of [{ a: [1, 'x', null, true] }, { b: { c: 5n } }, { d: undefined }]) {
      await attempt(() => session().run('RETURN 1 AS n', {}, { metadata }))
    }
  },
  'fetch sizes beyond all records': async ({ session, attempt }) => {
    for (const fetchSize of [2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, 1e20, '1000', 7n, 1.5]) {
      await attempt(() => session({ fetchSize: fetchSize as never }).run('UNWIND range(1, 3) AS n RETURN n'))
    }
  },
  'many sessions at once': async ({ driver, log }) => {
    const values = await Promise.all(
      Array.from({ length: 50 }, (_, i) => driver.executeQuery('RETURN $i AS i', { i }, { routing: 'READ' })),
    )
    log(values.map(({ records }) => records[0]?.get('i')))
  },
  'texts as queries': async ({ session, attempt }) => {
    const one = session()
    for (const query of [
      ' RETURN 1 AS n ',
      '\nRETURN 1 AS n;',
      '// comment\nRETURN 1 AS n',
      '/* */ RETURN 1 AS n',
      "RETURN '\u{1F600}' AS n",
      `RETURN '${'x'.repeat(100_000)}' AS n`,
    ]) {
      await attempt(() => one.run(query).then(({ records }) => String(records[0]?.get('n')).length))
    }
  },
  'misuse of run': async ({ session, attempt }) => {
    const one = session()
    for (const query of [
      '',
      ' \n',
      42,
      true,
      {},
      { text: '' },
      { text: 5 },
      { text: null },
      [],
      ['RETURN 1'],
      () => 'RETURN 1',
      Symbol('s'),
    ])
      await attempt(() => one.run(query as never))
    for (const parameters of [[1], 'x', 1, true, () => 1, Symbol('s')])
      await attempt(() => one.run('RETURN 1 AS n', parameters as never).then(() => 'run'))
    await attempt(() => one.run('RETURN 1 AS n', null as never).then(() => 'run'))
    await attempt(() => one.run('RETURN 1 AS n', new Date(0) as never).then(() => 'run'))
  },
})
