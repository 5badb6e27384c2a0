/** What is told of a query besides its records (errors, summaries, plans, notifications), object mapping, and what a driver takes for its configuration. */
import type { ResultSummary } from 'neo4j-driver'
import { hasFrame } from '../../support/stack.js'
import { differs, group, type Script } from './suite.js'

const ERRORS: [string, string][] = [
  ['a syntax error', 'RETURN 1 AS n RETURN'],
  ['an unknown function', 'RETURN no.such(1)'],
  ['an unknown procedure', 'CALL no.such()'],
  ['a missing parameter', 'RETURN $missing'],
  ['two missing parameters', 'RETURN $a + $b'],
  ['a division by zero', 'RETURN 1 / 0'],
  ['an integer that overflows', 'RETURN 9223372036854775807 + 1'],
  ['a wrong type', "RETURN 1 + date('2024-01-01')"],
  ['a wrong argument', "RETURN date('nonsense')"],
  ['an unknown variable', 'RETURN x'],
  ['an index out of a list', 'RETURN [1, 2][toInteger(1e300)]'],
  ['a property of a number', 'WITH 1 AS n RETURN n.a'],
  ['a duplicate column', 'RETURN 1 AS a, 2 AS a'],
  ['a command for system', 'SHOW DATABASES'],
  ['two statements', 'RETURN 1; RETURN 2'],
  ['an administration command', 'CREATE DATABASE nosuch'],
  ['a text that goes on for lines', 'RETURN 1\n  AS\n  n\nRETRUN'],
  ['unicode in the text', "RETURN '\u{1F600}' AS \u00e4 RETRUN"],
  ['text that is not closed', "RETURN 'abc"],
  ['a wrong escape', "RETURN '\\u12'"],
  ['null where a map is expected', 'UNWIND [1] AS i MATCH (n {a: i}) SET n = 5'],
]

const whereItShows =
  (query: string): Script =>
  async ({ session, attempt }) => {
    await attempt(() => session().run(query))
    await attempt(() => session().executeRead((tx) => tx.run(query)))
    const tx = await session().beginTransaction()
    await attempt(() => tx.run(query).summary())
    await attempt(() => tx.rollback())
  }

export const errors = group('errors', {
  ...Object.fromEntries(ERRORS.map(([name, query]) => [name, whereItShows(query)])),
  'a constraint that is violated': async ({ session, label, attempt }) => {
    const one = session()
    await one.run(`CREATE CONSTRAINT c${label} FOR (n:${label}) REQUIRE n.id IS UNIQUE`)
    await one.run(`CREATE (:${label} {id: 1})`)
    const quiet = (error: Error & { code?: string; gqlStatus?: string }) => [error.name, error.code, error.gqlStatus]
    await attempt(() => one.run(`CREATE (:${label} {id: 1})`).catch(quiet))
    await attempt(() => one.executeWrite((tx) => tx.run(`CREATE (:${label} {id: 1})`)).catch(quiet))
    await one.run(`DROP CONSTRAINT c${label}`)
  },
  'what an error can be asked': async ({ neo4j, session, log }) => {
    const error = await session()
      .run('RETURN 1 AS n RETURN')
      .then(
        () => undefined,
        (reason) => reason,
      )
    log(
      error instanceof neo4j.Neo4jError,
      error instanceof Error,
      Object.keys(error)
        .filter((key) => key !== 'constructor')
        .sort(),
    )
    log(
      error.retryable,
      error.retriable,
      neo4j.isRetryableError(error),
      neo4j.Neo4jError.isRetryable(error),
      neo4j.Neo4jError.isRetriable(error),
    )
    log(error.containsGqlCause('42001'), error.containsGqlCause('42I06'), error.containsGqlCause('00000'))
    log(error.findByGqlStatus('42001') === error, error.findByGqlStatus('00000'), error.diagnosticRecordAsJsonString)
    log(JSON.parse(JSON.stringify(error)).code, Object.prototype.toString.call(error), /\n {4}at /.test(error.stack))
  },
  'errors made by hand': ({ neo4j, log }) => {
    const { Neo4jError } = neo4j
    const make = Neo4jError as unknown as new (...args: unknown[]) => Error
    const record = { OPERATION: 'X', OPERATION_CODE: '1', CURRENT_SCHEMA: '/', _classification: 'TRANSIENT_ERROR' }
    log(
      new make('a', 'Neo.TransientError.X', '50N42', 'd'),
      new make('a', 'N/A', '50N42', 'd', record, new RangeError('cause')),
      new make('', '', '', ''),
    )
    for (const value of [null, undefined, 5, new Error('x'), { code: 'ServiceUnavailable', retryable: true }])
      log(neo4j.isRetryableError(value as never))
  },
  'F7: isRetriableError': differs(
    'F7',
    'it answers',
    ({ neo4j, log }) => {
      const error = new neo4j.Neo4jError('x', 'ServiceUnavailable', '50N42', 'x')
      try {
        log(neo4j.isRetriableError(error))
      } catch (thrown) {
        log((thrown as Error).name)
      }
    },
    { official: ['TypeError'], ours: [true] },
  ),
  'the stack names who has called': async ({ session, log }) => {
    async function whoCalls() {
      await session().run('RETURN 1 / 0')
    }
    log(await whoCalls().catch((error) => hasFrame(error.stack, 'whoCalls')))
  },
  'nobody listens': async ({ neo4j, attempt }) => {
    const driver = neo4j.driver('bolt://127.0.0.1:1', undefined, {
      connectionTimeout: 2000,
      maxTransactionRetryTime: 0,
    })
    await attempt(() => driver.verifyConnectivity())
    await attempt(() => driver.session().run('RETURN 1'))
    await attempt(() => driver.session().beginTransaction())
    await attempt(() => driver.getServerInfo())
    await attempt(() => driver.close())
  },
  // Each fails a few times only, or the server would not look at it any more.
  'users that are not let in': async ({ neo4j, connect, label, attempt }) => {
    for (const auth of [
      neo4j.auth.basic(label, 'wrong'),
      { scheme: 'none' },
      neo4j.auth.bearer('x'),
      { scheme: 'strange', principal: 'p', credentials: 'c' },
    ]) {
      const driver = connect({ maxTransactionRetryTime: 0 }, auth)
      await attempt(() => driver.executeQuery('RETURN 1'))
      await attempt(() => driver.verifyConnectivity())
    }
  },
  'too few connections': async ({ connect, log }) => {
    const driver = connect({ maxConnectionPoolSize: 1, connectionAcquisitionTimeout: 3000 })
    const session = driver.session()
    const tx = await session.beginTransaction()
    log(
      await driver
        .session()
        .run('RETURN 1')
        .then(
          () => 'run',
          (error) => error,
        ),
    )
    await tx.rollback()
    log((await driver.session().run('RETURN 1 AS n')).records.length)
  },
})

const summaryOf =
  (...queries: string[]): Script =>
  async ({ session, label, log }) => {
    for (const query of queries) log((await session().run(query.replaceAll('LABEL', label))).summary)
  }

export const summaries = group('summaries', {
  'of a query that reads': summaryOf('RETURN 1 AS n', 'UNWIND [] AS x RETURN x', 'UNWIND [1, 2] AS x RETURN x'),
  'of one that writes': summaryOf('CREATE (n:LABEL {a: 1})-[:R {b: 2}]->(:LABEL) RETURN n', 'CREATE (:LABEL)'),
  'of one that changes and deletes': summaryOf(
    'CREATE (:LABEL {a: 1})-[:R]->(:LABEL)',
    'MATCH (n:LABEL) SET n.x = 1, n:LABELX REMOVE n.a',
    'MATCH (n:LABEL) DETACH DELETE n',
    'MATCH (n:LABEL) DETACH DELETE n',
  ),
  'of changes to the schema': summaryOf(
    'CREATE INDEX iLABEL FOR (n:LABEL) ON (n.a)',
    'DROP INDEX iLABEL',
    'DROP INDEX iLABEL IF EXISTS',
    'CREATE CONSTRAINT cLABEL FOR (n:LABEL) REQUIRE n.a IS UNIQUE',
    'DROP CONSTRAINT cLABEL',
  ),
  'of a procedure': summaryOf('CALL db.ping()', 'CALL db.labels() YIELD label WITH label LIMIT 0 RETURN label'),
  'of commands': async ({ session, log, label }) => {
    const one = session({ database: 'system' })
    log((await one.run(`CREATE USER ${label} SET PASSWORD 'password1'`)).summary)
    log((await one.run(`DROP USER ${label}`)).summary.counters)
    log((await one.run('SHOW USERS')).summary.counters)
  },
  'of EXPLAIN': summaryOf(
    'EXPLAIN RETURN 1 AS n',
    'EXPLAIN MATCH (n) WHERE n.a > 1 RETURN n.a AS a ORDER BY a LIMIT 3',
  ),
  'of PROFILE': summaryOf(
    'PROFILE RETURN 1 AS n',
    'PROFILE UNWIND range(1, 10) AS i WITH i WHERE i > 5 RETURN sum(i) AS s',
  ),
  'of PROFILE under each setting for integers': async ({ connect, log }) => {
    for (const config of [{}, { disableLosslessIntegers: true }, { useBigInt: true }]) {
      const { summary } = await connect(config).session().run('PROFILE UNWIND range(1, 3) AS i RETURN i')
      log(summary)
    }
  },
  'with notifications': summaryOf(
    'MATCH (n:NoSuchLabel) RETURN n',
    'MATCH (n) WHERE n.noSuchProperty = 1 RETURN n LIMIT 1',
    'MATCH (a), (b) RETURN a, b LIMIT 0',
    'MATCH ()-[:NO_SUCH_TYPE]->() RETURN 1 AS n',
    'EXPLAIN MATCH (n) RETURN id(n)',
  ),
  'with notifications filtered': async ({ connect, driver, log }) => {
    const query = 'MATCH (n:NoSuchLabel), (m) RETURN n, m'
    const statuses = ({ gqlStatusObjects, notifications }: ResultSummary) => [
      gqlStatusObjects.map(({ gqlStatus }) => gqlStatus),
      notifications.map(({ code }) => code),
    ]
    for (const notificationFilter of [
      { minimumSeverityLevel: 'OFF' },
      { minimumSeverityLevel: 'WARNING' },
      { minimumSeverityLevel: 'INFORMATION' },
      { disabledCategories: ['UNRECOGNIZED'] },
      { disabledClassifications: ['PERFORMANCE', 'UNRECOGNIZED'] },
      { minimumSeverityLevel: 'INFORMATION', disabledCategories: [] },
    ]) {
      log(statuses((await connect({ notificationFilter }).session().run(query)).summary))
      log(statuses((await driver.session({ notificationFilter } as never).run(query)).summary))
    }
  },
  'with a filter that is wrong': async ({ connect, session, attempt }) => {
    const both = { disabledCategories: ['HINT'], disabledClassifications: ['HINT'] }
    await attempt(() => connect({ notificationFilter: both }).executeQuery('RETURN 1 AS n'))
    for (const notificationFilter of [{ minimumSeverityLevel: 'x' }, { disabledCategories: ['x'] }, both]) {
      await attempt(() =>
        session({ notificationFilter } as never)
          .run('RETURN 1 AS n')
          .then(() => 'run'),
      )
    }
  },
  'code: a filter that the server refuses as the connection begins': differs(
    'code',
    "the server's own code is kept, with its causes",
    async ({ connect, log }) => {
      const driver = connect({ notificationFilter: { minimumSeverityLevel: 'x' } })
      log(
        await driver.executeQuery('RETURN 1').then(
          () => 'run',
          (error) => error.code,
        ),
      )
    },
    { official: ['ProtocolError'], ours: ['Neo.ClientError.Request.Invalid'] },
  ),
  'what a summary can be asked': async ({ session, log }) => {
    const { summary } = await session().run('PROFILE RETURN 1 AS n')
    log(
      summary.hasPlan(),
      summary.hasProfile(),
      summary.counters.containsUpdates(),
      summary.counters.containsSystemUpdates(),
      summary.counters.systemUpdates(),
      summary.counters.updates(),
    )
    log(
      Object.isFrozen(summary.counters.updates()),
      String(summary.server.protocolVersion),
      (summary.gqlStatusObjects[0] as { diagnosticRecordAsJsonString?: string }).diagnosticRecordAsJsonString,
    )
    log(summary.plan, (summary as unknown as { queryProfile: unknown }).queryProfile)
  },
  'the parameters are those that were given': async ({ session, log }) => {
    const parameters = { a: { b: [1.5] } }
    const { summary } = await session().run('RETURN $a AS a', parameters)
    log(summary.query, summary.query.parameters === parameters, (await session().run('RETURN 1 AS n')).summary.query)
  },
  'of each query of a transaction': async ({ session, label, log }) => {
    const tx = await session().beginTransaction()
    log((await tx.run(`CREATE (:${label})`)).summary, (await tx.run(`MATCH (n:${label}) RETURN n`).summary()).counters)
    await tx.rollback()
  },
})

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
    // On new connections: on one that was another user's the official driver loses the server's code.
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
      // To the first message of a connection the official driver takes every refusal for a ProtocolError: the text is the server's.
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

interface Person {
  name: string
  age: number
}

export const mapping = group('object mapping', {
  'records by rules': async ({ neo4j, session, log, attempt }) => {
    const { rule } = neo4j
    const { records } = await session().run(
      "RETURN 'Alice' AS name, 42 AS age, date('2024-01-01') AS born, [1.5, 2.5] AS list, null AS nothing",
    )
    const record = records[0]
    if (record === undefined) throw new Error('no record')
    log(record.as({ name: rule.asString(), age: rule.asNumber({ isInteger: true }) }))
    log(record.as({ born: rule.asDate({ stringify: true }), list: rule.asList({ apply: rule.asNumber() }) } as never))
    log(record.as({ age: rule.asBigInt(), nothing: { ...rule.asString(), optional: true } } as never))
    await attempt(() => record.as({ name: rule.asNumber() }))
    await attempt(() => record.as({ zz: rule.asString() }))
    await attempt(() => record.as({ nothing: rule.asString() }))
    await attempt(() => record.as({ list: rule.asList({ apply: rule.asString() }) } as never))
    await attempt(() => record.as({ other: { ...rule.asString(), from: 'name' } } as never))
  },
  'records as a class': async ({ neo4j, session, log }) => {
    const { rule } = neo4j
    class Thing {
      name = ''
      age = 0
    }
    const { records } = await session().run("RETURN 'Alice' AS name, 42 AS age")
    const thing = records[0]?.as(
      Thing as never,
      { age: rule.asNumber({ isInteger: true }) } as never,
    ) as unknown as Thing
    log(thing instanceof Thing, { ...thing }, records[0]?.as(Thing as never))
  },
  results: async ({ neo4j, session, driver, log, attempt }) => {
    const { rule, resultTransformers } = neo4j
    const rules = { name: rule.asString(), age: rule.asNumber({ isInteger: true }) }
    const query = "UNWIND ['Alice', 'Bob'] AS name RETURN name, 42 AS age"
    const mapped = await session().run(query).as<Person>(rules)
    log(mapped.records, mapped.summary.queryType)
    const people = []
    for await (const person of session().run(query).as<Person>(rules)) people.push(person)
    log(people)
    log(
      (await driver.executeQuery(query, {}, { resultTransformer: resultTransformers.hydrated<Person>(rules) })).records,
    )
    await attempt(() => session().run(query).as<Person>({ name: rule.asNumber() }))
    await attempt(async () => {
      const result = session().run(query)
      await result
      result.as<Person>(rules)
    })
  },
  nodes: async ({ neo4j, session, label, log, attempt }) => {
    const { rule } = neo4j
    const { records } = await session().run(
      `CREATE (n:${label} {name: 'Alice', age: 42})-[r:KNOWS {since: 2020}]->(:${label}) RETURN n, r`,
    )
    log(
      records[0]?.get('n').as({ name: rule.asString(), age: rule.asNumber({ isInteger: true }) }),
      records[0]?.get('r').as({ since: rule.asNumber({ isInteger: true }) }),
    )
    await attempt(() => records[0]?.get('n').as({ zz: rule.asString() }))
  },
  parameters: async ({ neo4j, session, log, attempt }) => {
    const { rule } = neo4j
    const rules = { name: rule.asString(), age: rule.asNumber({ isInteger: true }) }
    log((await session().run('RETURN $name AS name, $age AS age', { name: 'Alice', age: 42 }, {}, rules)).records)
    await attempt(() => session().run('RETURN $name AS name', { name: 5 }, {}, rules))
    await attempt(() => session().run('RETURN $name AS name', {}, {}, rules))
    await attempt(() => session().run({ text: 'RETURN 1 AS n' }, {}, {}, rules))
    log(
      (
        await session().run({
          text: 'RETURN $name AS name',
          parameters: { name: 'x', age: 1 },
          parameterRules: rules,
        } as never)
      ).records,
    )
  },
  ...Object.fromEntries(
    [
      'asBoolean',
      'asString',
      'asNumber',
      'asBigInt',
      'asInteger',
      'asNode',
      'asPoint',
      'asDuration',
      'asLocalTime',
      'asTime',
      'asDate',
      'asLocalDateTime',
      'asDateTime',
      'asList',
      'asVector',
      'asUUID',
    ].map((name): [string, Script] => [
      `rule.${name} and every type`,
      async ({ neo4j, session, attempt }) => {
        const make = (neo4j.rule as unknown as Record<string, (options?: object) => object>)[name]
        const { records } = await session().run(
          "RETURN true AS b, 's' AS s, 1 AS i, 1.5 AS f, [1] AS l, {a: 1} AS m, date('2024-01-01') AS d, time('12:00Z') AS t, localtime('12:00') AS lt, datetime('2024-01-01T00:00Z') AS dt, localdatetime('2024-01-01T00:00') AS ldt, duration('P1D') AS du, point({x: 1, y: 2}) AS p, null AS n",
        )
        const record = records[0]
        for (const key of record?.keys ?? []) await attempt(() => record?.as({ [key]: make?.() } as never))
        await attempt(() => record?.as({ d: make?.({ stringify: true }) } as never))
        await attempt(() => record?.as({ i: make?.({ acceptNumber: true }) } as never))
      },
    ]),
  ),
})

const TEMPORAL_TEXTS = [
  '2024-02-29',
  '12:34:56.789',
  '12:34:56.789+01:00',
  '2024-02-29T12:34:56',
  '2024-02-29T12:34:56Z',
  '2024-02-29T12:34:56+01:00[Europe/Berlin]',
  'P1Y2M3DT4H5M6.7S',
  'P2W',
  '',
  'x',
  '2024-13-01',
]

export const made = group('values made by hand', {
  ...Object.fromEntries(
    (['Date', 'LocalTime', 'Time', 'LocalDateTime', 'DateTime', 'Duration'] as const).map((name): [string, Script] => [
      `${name}: texts, numbers and what is out of range`,
      async ({ neo4j, attempt }) => {
        const type = neo4j.types[name] as unknown as {
          new (...args: unknown[]): unknown
          fromString(text: string): unknown
          fromStandardDate?(date: Date): unknown
        }
        for (const text of TEMPORAL_TEXTS) await attempt(() => type.fromString(text))
        for (const args of [
          [],
          [1],
          [2024, 2, 29],
          [2024, 13, 1],
          [1, 2, 3, 4],
          [25, 0, 0, 0],
          [1, 2, 3, 4, 5],
          [2024, 1, 1, 0, 0, 0, 0],
          [2024, 1, 1, 0, 0, 0, 0, 3600],
          [2024, 1, 1, 0, 0, 0, 0, null, 'Europe/Berlin'],
          [2024, 1, 1, 0, 0, 0, 0, null, 'No/Where'],
          ['a', 'b', 'c', 'd'],
          [1n, 2n, 3n, 4n],
          [1.5, 2, 3, 4],
        ]) {
          await attempt(() => new type(...args))
        }
        await attempt(() => type.fromStandardDate?.(new Date(Date.UTC(2024, 1, 29, 12, 34, 56, 789))))
        await attempt(() => type.fromStandardDate?.(new Date(Number.NaN)))
      },
    ]),
  ),
  'Integer: from everything': async ({ neo4j, attempt }) => {
    for (const value of [
      0,
      -1,
      1.5,
      '12',
      '-7',
      '0x10',
      'zz',
      '',
      '9223372036854775807',
      '9223372036854775808',
      5n,
      2n ** 70n,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      null,
      undefined,
      {},
      { low: 1, high: 2 },
      true,
    ])
      await attempt(() => neo4j.int(value as never))
    for (const text of ['12', '1z', '', '-', '-0', ' 5'])
      await attempt(() => neo4j.types.Integer.fromString(text, 10, { strictStringValidation: true }))
  },
  'Integer: arithmetic': ({ neo4j, log }) => {
    const { int } = neo4j
    const values = [
      int(0),
      int(1),
      int(-1),
      int(7),
      int(-13),
      int('9007199254740993'),
      neo4j.types.Integer.MAX_VALUE,
      neo4j.types.Integer.MIN_VALUE,
    ]
    for (const a of values) {
      for (const b of values)
        log(
          [a.add(b), a.subtract(b), a.multiply(b), a.compare(b), a.and(b), a.or(b), a.xor(b), a.equals(b)]
            .map(String)
            .join(' '),
        )
      log(
        a.negate().toString(),
        a.not().toString(),
        a.toString(16),
        a.toNumberOrInfinity(),
        a.inSafeRange(),
        a.shiftLeft(3).toString(),
        a.shiftRight(2).toString(),
        a.getNumBitsAbs(),
        a.toBigInt(),
      )
    }
  },
  Points: async ({ neo4j, attempt }) => {
    const { Point } = neo4j.types
    for (const args of [
      [7203, 1, 2],
      [7203, 1, 2, 3],
      [7203n, 1, 2],
      ['x', 1, 2],
      [7203, '1', 2],
      [7203, 1],
      [],
      [7203, 1, 2, 'z'],
      [neo4j.int(4326), 1, 2, null],
    ])
      await attempt(() => new (Point as unknown as new (...args: unknown[]) => unknown)(...args))
  },
  'Vectors and UUIDs': async ({ neo4j, attempt }) => {
    for (const value of [
      Float32Array.of(1),
      new Float64Array(0),
      [1, 2],
      'x',
      null,
      new Uint8Array(2),
      BigInt64Array.of(5n),
    ])
      await attempt(() => neo4j.vector(value as never))
    for (const value of [
      '01234567-89ab-cdef-0123-456789abcdef',
      '0123456789ABCDEF0123456789ABCDEF',
      'x',
      '',
      new Uint8Array(16),
      new Uint8Array(3),
      null,
      undefined,
      5,
    ])
      await attempt(() => neo4j.uuid(value as never))
  },
})
