/** The general part of the manual's page, and the driver as a whole. */
import { differential } from '../support/differential.js'
import { LTS, NEWEST, OLD, requires, useServer } from '../support/servers.js'
import { outcome, snapshot } from '../support/snapshot.js'

const server = useServer(LTS)

differential(
  'G1: awaiting a query waits for all its records and gives a plain object of records and summary',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const result = await session.run('UNWIND range(1, 2500) AS i RETURN i')
    await session.close()
    return [Object.keys(result), Object.getPrototypeOf(result) === Object.prototype, result.records.length]
  },
  [['records', 'summary'], true, 2500],
)

differential(
  'G2, G6: a result can be iterated, awaited and subscribed to; an RxResult comes from rxSession',
  server,
  async ({ neo4j, driver }) => {
    const session = driver.session()
    const result = session.run('RETURN 1')
    const shape = [
      result instanceof neo4j.Result,
      ...['then', 'catch', 'finally', 'keys', 'summary', 'isOpen', 'subscribe', Symbol.asyncIterator].map(
        (key) => typeof (result as unknown as Record<string | symbol, unknown>)[key],
      ),
    ]
    await result
    const rx = driver.rxSession().run('RETURN 1')
    const rxShape = ['keys', 'records', 'consume', 'pause', 'resume', 'push'].map(
      (key) => typeof (rx as unknown as Record<string, unknown>)[key],
    )
    await session.close()
    return [shape, rx.constructor.name, rxShape]
  },
  [[true, ...Array(8).fill('function')], 'RxResult', Array(6).fill('function')],
)

differential(
  'G3: a result awaited in a transaction function can be returned out of it, and read after session.close()',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const result = await session.executeRead(async (tx) => await tx.run('UNWIND [1, 2] AS i RETURN i'))
    await session.close()
    return result.records.map((record) => record.get('i').toNumber())
  },
  [1, 2],
)

differential(
  'G4: a bare result returned by a transaction function is awaited, as it is thenable',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const result = await session.executeRead((tx) => tx.run('UNWIND range(1, 3000) AS i RETURN i'))
    await session.close()
    return [Object.keys(result), result.records.length]
  },
  [['records', 'summary'], 3000],
)

differential(
  'G5: a transaction function is executed again, as a whole, when the server fails it for the moment',
  server,
  async ({ driver, label }) => {
    // Two transactions that lock two nodes in opposite order: the server breaks the deadlock by a transient
    // failure of one of them.
    await driver.executeQuery(`CREATE (:${label} {name: 'a'}), (:${label} {name: 'b'})`)
    const set = `MATCH (n:${label} {name: $name}) SET n.by = $by RETURN n`
    const attempts: Record<string, number> = { one: 0, two: 0 }
    let arrived = 0
    let open: () => void = () => {}
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const update = async (by: string, first: string, second: string) => {
      const session = driver.session()
      try {
        return await session.executeWrite(async (tx) => {
          attempts[by] = (attempts[by] ?? 0) + 1
          await tx.run(set, { name: first, by })
          if (++arrived === 2) open()
          await gate
          await tx.run(set, { name: second, by })
          return by
        })
      } finally {
        await session.close()
      }
    }
    const values = await Promise.all([update('one', 'a', 'b'), update('two', 'b', 'a')])
    return [values, (attempts.one ?? 0) + (attempts.two ?? 0)]
  },
  [['one', 'two'], 3],
)

differential(
  'T9: the default port is 7687',
  server,
  async ({ neo4j }) => {
    // The loopback address that is least likely to have a listener: the refusal names the port.
    const driver = neo4j.driver('bolt://127.77.77.77', undefined, { connectionTimeout: 5000 })
    const refused = (await outcome(() => driver.verifyConnectivity())) as { rejects: { message: string } }
    await driver.close()
    return refused.rejects.message.split('Caused by: ')[1]
  },
  'connect ECONNREFUSED 127.77.77.77:7687',
)

differential(
  'The summary tells the query, its type, the counters, the server and the database',
  server,
  async ({ driver, label }) => {
    const session = driver.session({ database: 'neo4j' })
    const { summary } = await session.run(`CREATE (n:${label} {a: $a})-[:R]->(:${label}) SET n.b = 1 RETURN n`, {
      a: 'x',
    })
    await session.close()
    return [
      snapshot(summary.query),
      summary.queryType,
      summary.counters.updates(),
      Object.isFrozen(summary.counters.updates()),
      summary.counters.containsUpdates(),
      summary.counters.systemUpdates(),
      summary.counters.containsSystemUpdates(),
      summary.plan,
      summary.profile,
      summary.hasPlan(),
      summary.hasProfile(),
      summary.notifications,
      snapshot(summary.gqlStatusObjects),
      snapshot(summary.server),
      summary.database,
      summary.resultAvailableAfter.constructor.name,
      summary.resultConsumedAfter.constructor.name,
    ]
  },
  [
    { text: 'CREATE (n:LABEL {a: $a})-[:R]->(:LABEL) SET n.b = 1 RETURN n', parameters: { a: 'x' } },
    'rw',
    {
      nodesCreated: 2,
      nodesDeleted: 0,
      relationshipsCreated: 1,
      relationshipsDeleted: 0,
      propertiesSet: 2,
      labelsAdded: 2,
      labelsRemoved: 0,
      indexesAdded: 0,
      indexesRemoved: 0,
      constraintsAdded: 0,
      constraintsRemoved: 0,
    },
    true,
    true,
    0,
    false,
    false,
    false,
    false,
    false,
    [],
    [
      {
        $class: 'GqlStatusObject',
        gqlStatus: '00000',
        statusDescription: 'note: successful completion',
        diagnosticRecord: { OPERATION: '', OPERATION_CODE: '0', CURRENT_SCHEMA: '/' },
        position: '<undefined>',
        severity: 'UNKNOWN',
        rawSeverity: '<undefined>',
        classification: 'UNKNOWN',
        rawClassification: '<undefined>',
        isNotification: false,
      },
    ],
    {
      $class: 'ServerInfo',
      address: 'ADDRESS',
      agent: 'Neo4j/5.26.20',
      protocolVersion: { $class: 'ProtocolVersion', major: 5, minor: 8 },
    },
    { name: 'neo4j' },
    'Integer',
    'Integer',
  ],
)

differential(
  'The summary has the plan of EXPLAIN and the profile of PROFILE, and notifications in both forms',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const explained = (await session.run('EXPLAIN RETURN 1 AS n')).summary
    const profiled = (await session.run('PROFILE RETURN 1 AS n')).summary
    const noted = (await session.run(`MATCH (n:${label}Unknown) RETURN n`)).summary
    await session.close()
    const plan = explained.plan as { operatorType: string; identifiers: string[]; children: unknown[] }
    const profile = profiled.profile as {
      operatorType: string
      rows: number
      dbHits: number
      hasPageCacheStats(): boolean
    }
    return [
      [explained.hasPlan(), plan.operatorType, plan.identifiers, plan.children.length, plan.constructor.name],
      [profiled.hasProfile(), profile.operatorType, profile.rows, profile.constructor.name],
      noted.notifications.map(snapshot),
      noted.gqlStatusObjects.map(snapshot),
    ]
  },
  [
    [true, 'ProduceResults@neo4j', ['n'], 1, 'Plan'],
    [true, 'ProduceResults@neo4j', 1, 'ProfiledPlan'],
    [
      {
        $class: 'Notification',
        code: 'Neo.ClientNotification.Statement.UnknownLabelWarning',
        title: 'The provided label is not in the database.',
        description:
          "One of the labels in your query is not available in the database, make sure you didn't misspell it or that the label is available when you run this statement in your application (the missing label name is: LABELUnknown)",
        position: { offset: 9, line: 1, column: 10 },
        severityLevel: 'WARNING',
        rawSeverityLevel: 'WARNING',
        category: 'UNRECOGNIZED',
        rawCategory: 'UNRECOGNIZED',
      },
    ],
    [
      {
        $class: 'GqlStatusObject',
        gqlStatus: '02000',
        statusDescription: 'note: no data',
        diagnosticRecord: { OPERATION: '', OPERATION_CODE: '0', CURRENT_SCHEMA: '/' },
        position: '<undefined>',
        severity: 'UNKNOWN',
        rawSeverity: '<undefined>',
        classification: 'UNKNOWN',
        rawClassification: '<undefined>',
        isNotification: false,
      },
      {
        $class: 'GqlStatusObject',
        gqlStatus: '01N50',
        statusDescription:
          'warn: label does not exist. The label `LABELUnknown` does not exist. Verify that the spelling is correct.',
        diagnosticRecord: { OPERATION: '', OPERATION_CODE: '0', CURRENT_SCHEMA: '/' },
        position: { offset: 9, line: 1, column: 10 },
        severity: 'WARNING',
        rawSeverity: 'WARNING',
        classification: 'UNRECOGNIZED',
        rawClassification: 'UNRECOGNIZED',
        isNotification: true,
      },
    ],
  ],
)

differential(
  'executeQuery takes routing, database, a transformer and the configuration of the transaction',
  server,
  async ({ neo4j, driver }) => {
    const { resultTransformers, routing } = neo4j
    const mapped = await driver.executeQuery(
      'UNWIND [1, 2] AS i RETURN i',
      {},
      {
        database: 'neo4j',
        routing: routing.READ,
        resultTransformer: resultTransformers.mapped({
          map: (record) => record.get('i').toNumber(),
          collect: (values, summary, keys) => ({ values, keys, type: summary.queryType }),
        }),
      },
    )
    const first = await driver.executeQuery('RETURN 7 AS n', {}, { resultTransformer: resultTransformers.first() })
    const summary = await driver.executeQuery('RETURN 7 AS n', {}, { resultTransformer: resultTransformers.summary() })
    return [
      mapped,
      first?.get('n').toNumber(),
      summary.constructor.name,
      await outcome(() => driver.executeQuery('RETURN 1', {}, { routing: 'x' as never })),
      await outcome(() => driver.executeQuery('CREATE (n)', {}, { routing: routing.READ })),
      await outcome(() => driver.executeQuery('', {})),
    ]
  },
  [
    { values: [1, 2], keys: ['i'], type: 'r' },
    7,
    'ResultSummary',
    {
      rejects: {
        name: 'Neo4jError',
        message: 'Illegal query routing config: "x"',
        code: 'N/A',
        gqlStatus: '50N42',
      },
    },
    {
      rejects: {
        name: 'Neo4jError',
        message: 'Writing in read access mode not allowed. Attempted write to neo4j',
        code: 'Neo.ClientError.Statement.AccessMode',
        gqlStatus: '50N42',
      },
    },
    { rejects: { name: 'TypeError', message: 'Cypher query is expected to be a non-empty string.' } },
  ],
)

differential(
  'executeQuery and sessions with a bookmark manager pass on its bookmarks',
  server,
  async ({ neo4j, driver, label }) => {
    const bookmarks = async () =>
      (await driver.executeQueryBookmarkManager.getBookmarks()) as string[] | Iterable<string>
    const before = [...(await bookmarks())].length
    await driver.executeQuery(`CREATE (:${label})`)
    const [mark] = [...(await bookmarks())]
    const own = neo4j.bookmarkManager({ initialBookmarks: [] })
    const session = driver.session({ bookmarkManager: own })
    await session.run(`CREATE (:${label})`)
    const marks = [...(await own.getBookmarks())]
    const same = marks.length === 1 && session.lastBookmarks()[0] === marks[0]
    await session.close()
    return [before, typeof mark, same]
  },
  [0, 'string', true],
)

differential(
  'verifyConnectivity resolves undefined; getServerInfo tells address, agent and version; the questions about features',
  server,
  async ({ driver, neo4j, server: { uri } }) => {
    const wrong = neo4j.driver(uri, neo4j.auth.basic('stranger', 'no password'))
    try {
      return [
        String(await driver.verifyConnectivity()),
        snapshot(await driver.getServerInfo()),
        await driver.supportsMultiDb(),
        await driver.supportsTransactionConfig(),
        await driver.supportsUserImpersonation(),
        await driver.supportsSessionAuth(),
        snapshot(await driver.getNegotiatedProtocolVersion()),
        driver.isEncrypted(),
        await outcome(() => wrong.verifyConnectivity()),
      ]
    } finally {
      await wrong.close()
    }
  },
  [
    'undefined',
    {
      $class: 'ServerInfo',
      address: 'ADDRESS',
      agent: 'Neo4j/5.26.20',
      protocolVersion: { $class: 'ProtocolVersion', major: 5, minor: 8 },
    },
    true,
    true,
    true,
    true,
    { $class: 'ProtocolVersion', major: 5, minor: 8 },
    false,
    {
      rejects: {
        name: 'Neo4jError',
        message: 'The client is unauthorized due to authentication failure.',
        code: 'Neo.ClientError.Security.Unauthorized',
        gqlStatus: '50N42',
      },
    },
  ],
)

for (const [version, expected] of [
  [OLD, { major: 4, minor: 4 }],
  [LTS, { major: 5, minor: 8 }],
  [NEWEST, { major: 6, minor: 1 }],
] as const) {
  const address = useServer(version)
  differential(
    `On Neo4j ${version} the drivers agree on Bolt ${expected.major}.${expected.minor}, read, write and fail alike`,
    address,
    async ({ driver, label }) => {
      const { protocolVersion } = await driver.getServerInfo()
      const session = driver.session({ database: 'neo4j' })
      const created = await session.executeWrite((tx) =>
        tx.run(`UNWIND range(1, 3) AS i CREATE (n:${label} {i: i})-[r:R {w: i}]->(n) RETURN n, r`),
      )
      const read = await session.executeRead((tx) => tx.run(`MATCH p = (:${label})-->() RETURN count(p) AS n`))
      const failed = (await outcome(() => session.run('RETURN 1 / 0'))) as { rejects: { code: string } }
      const missing = (await outcome(() => session.run('RETURN $x'))) as { rejects: { code: string } }
      const [record] = created.records
      await session.close()
      return [
        { ...protocolVersion },
        created.summary.counters.updates().nodesCreated,
        read.records[0]?.get('n').toNumber(),
        failed.rejects.code,
        missing.rejects.code,
        record?.get('n').constructor.name,
        typeof record?.get('n').elementId,
        Object.keys(record?.get('r') ?? {}).sort(),
        created.summary.gqlStatusObjects.map(({ gqlStatus }) => gqlStatus),
      ]
    },
    [
      expected,
      3,
      3,
      'Neo.ClientError.Statement.ArithmeticError',
      'Neo.ClientError.Statement.ParameterMissing',
      'Node',
      'string',
      ['elementId', 'end', 'endNodeElementId', 'identity', 'properties', 'start', 'startNodeElementId', 'type'],
      ['00000'],
    ],
    requires({ server: version }),
  )
}
