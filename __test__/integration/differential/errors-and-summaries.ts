/** Errors, and summaries with plans and notifications. */
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
  // Each fails a few times only; otherwise the server would stop checking it.
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
