/** The Promise API on a real server. */
import { differential } from '../support/differential.js'
import { useServer } from '../support/servers.js'
import { brief, outcome } from '../support/snapshot.js'
import { hasFrame } from '../support/stack.js'

const server = useServer()
const SYNTAX = 'Neo.ClientError.Statement.SyntaxError'

differential(
  'P1: executeWrite returns a native promise at once',
  server,
  async ({ driver }) => {
    const session = driver.session()
    let started = false
    const promise = session.executeWrite((tx) => {
      started = true
      return tx.run('RETURN 1 AS n')
    })
    const atOnce = [promise instanceof Promise, Object.getPrototypeOf(promise) === Promise.prototype, started]
    const { records } = await promise
    await session.close()
    return [...atOnce, started, records.length]
  },
  [true, true, false, true, 1],
)

differential(
  'P2: then for success, catch for failure, and a last then for both',
  server,
  async ({ driver }) => {
    const chain = async (query: string) => {
      const events: string[] = []
      const session = driver.session()
      await session
        .executeWrite((tx) => tx.run(query))
        .then((result) => {
          events.push(`then ${result.records.length}`)
          return result
        })
        .catch((error) => {
          events.push(`catch ${error.code}`)
        })
        .then(() => session.close())
        .then(() => events.push('closed'))
      return events
    }
    return [await chain('RETURN 1 AS n'), await chain('RETURN')]
  },
  [
    ['then 1', 'closed'],
    [`catch ${SYNTAX}`, 'closed'],
  ],
)

differential(
  'P3: a result is promise-like, no Promise, and gives the identical object however often it is awaited',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const result = session.run('RETURN 1 AS n')
    const shape = [
      typeof result.then,
      typeof result.catch,
      typeof result.finally,
      result[Symbol.toStringTag],
      String(result),
      result instanceof Promise,
    ]
    const first = await result
    const second = await result
    let finished = 0
    const third = await result.finally(() => {
      finished++
    })
    const keys = Object.keys(first)
    await session.close()
    return [shape, first === second, first === third, finished, keys]
  },
  [['function', 'function', 'function', 'Result', '[object Result]', false], true, true, 1, ['records', 'summary']],
)

differential(
  'P4: a result resolves only when all records are there',
  server,
  async ({ driver }) => {
    const session = driver.session({ fetchSize: 10 })
    const { records, summary } = await session.run('UNWIND range(1, 1234) AS i RETURN i')
    await session.close()
    return [records.length, records.at(-1)?.get('i').toNumber(), summary.queryType]
  },
  [1234, 1234, 'r'],
)

differential(
  'P5: executeQuery resolves with an EagerResult, or rejects',
  server,
  async ({ neo4j, driver }) => {
    const result = await driver.executeQuery('UNWIND $xs AS x RETURN x', { xs: ['a', 'b'] }, { database: 'neo4j' })
    const failed = await outcome(() => driver.executeQuery('RETURN'))
    return [
      result instanceof neo4j.EagerResult,
      Object.keys(result),
      result.keys,
      result.records.map((record) => record.get('x')),
      result.summary instanceof neo4j.ResultSummary,
      (failed as { rejects: { code: string } }).rejects.code,
    ]
  },
  [true, ['keys', 'records', 'summary'], ['x'], ['a', 'b'], true, SYNTAX],
)

differential(
  'P6: the error is the driver error, with the stack of the function that called run()',
  server,
  async ({ neo4j, driver }) => {
    const session = driver.session()
    async function theFunctionThatRuns() {
      await session.run('RETURN 1 AS n RETURN 2')
    }
    let error: Error & { code?: string; gqlStatus?: string; retriable?: boolean; retryable?: boolean } = new Error(
      'none',
    )
    try {
      await theFunctionThatRuns()
    } catch (caught) {
      error = caught as Error
    }
    await session.close()
    return [
      error instanceof neo4j.Neo4jError,
      error instanceof Error,
      error.name,
      error.code,
      error.gqlStatus,
      error.retryable,
      hasFrame(error.stack, 'theFunctionThatRuns'),
      error.message.split('\n')[0],
      Object.keys(error)
        .filter((key) => key !== 'constructor')
        .sort(),
    ]
  },
  [
    true,
    true,
    'Neo4jError',
    'Neo.ClientError.Statement.SyntaxError',
    '42001',
    false,
    true,
    'RETURN can only be used at the end of the query. (line 1, column 1 (offset: 0))',
    [
      'classification',
      'code',
      'diagnosticRecord',
      'gqlStatus',
      'gqlStatusDescription',
      'name',
      'rawClassification',
      'retriable',
      'retryable',
    ],
  ],
)

differential(
  'P7: session.close() gives a promise of undefined, and may be called twice',
  server,
  async ({ driver }) => {
    const session = driver.session()
    await session.run('RETURN 1')
    const closing = session.close()
    return [closing instanceof Promise, String(await closing), String(await session.close())]
  },
  [true, 'undefined', 'undefined'],
)

differential(
  'P8: of two queries at once on a session the second is rejected, and the first is not harmed',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const first = session.run('RETURN 1 AS n')
    const second = outcome(() => session.run('RETURN 2 AS n'))
    const outcomes = [(await first).records.length, await second]
    const third = await session.run('RETURN 3 AS n')
    await session.close()
    return [...outcomes, third.records.length]
  },
  [
    1,
    {
      rejects: {
        name: 'Neo4jError',
        message:
          'Queries cannot be run directly on a session with ongoing work; either await the previous work, run in an existing transaction or use a different session.',
        code: 'N/A',
        gqlStatus: '50N42',
      },
    },
    1,
  ],
)

differential(
  'P9: of two transaction functions at once on a session the second is rejected; a second beginTransaction throws',
  server,
  async ({ driver }) => {
    const session = driver.session()
    let runs = 0
    const first = session.executeRead(async (tx) => {
      runs++
      await tx.run('RETURN 1')
      return 'first'
    })
    const second = outcome(() =>
      session.executeRead(async (tx) => {
        runs++
        await tx.run('RETURN 1')
      }),
    )
    const outcomes = [await second, await first, runs]
    const tx = await session.beginTransaction()
    const third = await outcome(() => session.beginTransaction())
    await tx.rollback()
    await session.close()
    return [...outcomes, third]
  },
  [
    {
      rejects: {
        name: 'Neo4jError',
        message:
          'You cannot begin a transaction on a session with ongoing work; either run from within an existing transaction or use a different session.',
        code: 'N/A',
        gqlStatus: '50N42',
      },
    },
    'first',
    1,
    {
      throws: {
        name: 'Neo4jError',
        message:
          'You cannot begin a transaction on a session with ongoing work; either run from within an existing transaction or use a different session.',
        code: 'N/A',
        gqlStatus: '50N42',
      },
    },
  ],
)

differential(
  'P10: a closed session runs and begins nothing',
  server,
  async ({ driver }) => {
    const session = driver.session()
    await session.close()
    return [
      await outcome(() => session.run('RETURN 1')),
      await outcome(() => session.beginTransaction()),
      await outcome(() => session.executeRead((tx) => tx.run('RETURN 1'))),
    ]
  },
  [
    {
      rejects: {
        name: 'Neo4jError',
        message: 'Cannot run query in a closed session.',
        code: 'N/A',
        gqlStatus: '50N42',
      },
    },
    {
      throws: {
        name: 'Neo4jError',
        message: 'Cannot begin a transaction on a closed session.',
        code: 'N/A',
        gqlStatus: '50N42',
      },
    },
    {
      rejects: {
        name: 'Neo4jError',
        message: 'Cannot begin a transaction on a closed session.',
        code: 'N/A',
        gqlStatus: '50N42',
      },
    },
  ],
)

differential(
  'P11: closing a session terminates the query that it runs',
  server,
  async ({ driver }) => {
    const session = driver.session()
    // Long enough to be in the middle of it, and without records until its end.
    const result = session.run('UNWIND range(1, 1000000000) AS i WITH i WHERE i < 0 RETURN i')
    const running = outcome(() => result)
    // RUN is answered, so the server is at PULL. A RESET before that would make the server ignore it, not
    // terminate it.
    await result.keys()
    // On the server, the query has begun when the list of transactions shows it.
    const watcher = driver.session()
    for (;;) {
      const { records } = await watcher.run(
        "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH 'UNWIND range(1, 1000000000)' RETURN currentQuery",
      )
      if (records.length > 0) break
    }
    await watcher.close()
    const before = performance.now()
    await session.close()
    const quick = performance.now() - before < 10_000
    const ended = (await running) as { rejects?: { code: string; message: string } }
    return [quick, ended.rejects?.code, ended.rejects?.message.startsWith('The transaction has been terminated.')]
  },
  [true, 'Neo.ClientError.Transaction.Terminated', true],
)

differential(
  'A query or parameters of a wrong type throw a TypeError at once',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const run = (query: unknown, parameters?: unknown, config?: unknown) =>
      outcome(() => session.run(query as string, parameters as object, config as object))
    const outcomes = [
      await run(''),
      await run('  '),
      await run(42),
      await run(undefined),
      await run('RETURN 1', [1]),
      await run('RETURN 1', 'x'),
      await run('RETURN 1', undefined, { timeout: -1 }),
      await run('RETURN 1', undefined, { timeout: '1' }),
      await run('RETURN 1', undefined, { metadata: 1 }),
      await run({ text: 'RETURN $n AS n', parameters: { n: 'x' } }),
    ]
    await session.close()
    return outcomes.map((item) => {
      const resolved = (item as { resolves?: { records: { _fields: unknown }[] } }).resolves
      return resolved === undefined ? item : { resolves: resolved.records[0]?._fields }
    })
  },
  [
    { throws: { name: 'TypeError', message: 'Cypher query is expected to be a non-empty string.' } },
    { throws: { name: 'TypeError', message: 'Cypher query is expected to be a non-empty string.' } },
    { throws: { name: 'TypeError', message: 'Cypher query is expected to be a non-empty string.' } },
    { throws: { name: 'TypeError', message: 'Cypher query is expected to be a non-empty string.' } },
    {
      throws: {
        name: 'TypeError',
        message: 'Query parameters are expected to either be undefined/null or an object, given: Array [1]',
      },
    },
    {
      throws: {
        name: 'TypeError',
        message: 'Query parameters are expected to either be undefined/null or an object, given: String "x"',
      },
    },
    {
      throws: {
        name: 'Neo4jError',
        message: 'Transaction timeout should not be negative',
        code: 'N/A',
        gqlStatus: '50N42',
      },
    },
    {
      throws: {
        name: 'TypeError',
        message: 'Transaction timeout expected to be either a number or an Integer object but was: "1"',
      },
    },
    { throws: { name: 'TypeError', message: 'config.metadata expected to be an object but was: 1' } },
    { resolves: ['x'] },
  ],
)

differential(
  'An explicit transaction commits, rolls back, and says which of these it did',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const count = async () =>
      (await session.run(`MATCH (n:${label}) RETURN count(n) AS n`)).records[0]?.get('n').toNumber()
    const committed = await session.beginTransaction()
    const open = [committed.isOpen()]
    await committed.run(`CREATE (:${label})`)
    await committed.commit()
    open.push(committed.isOpen())
    const afterCommit = [
      await outcome(() => committed.commit()),
      await outcome(() => committed.rollback()),
      await outcome(() => committed.run('RETURN 1')),
    ]
    const counts = [await count()]
    const rolledBack = await session.beginTransaction()
    await rolledBack.run(`CREATE (:${label})`)
    await rolledBack.rollback()
    open.push(rolledBack.isOpen())
    const afterRollback = [
      await outcome(() => rolledBack.commit()),
      await outcome(() => rolledBack.rollback()),
      await outcome(() => rolledBack.run('RETURN 1')),
    ]
    counts.push(await count())
    const failed = await session.beginTransaction()
    const error = await outcome(() => failed.run('RETURN'))
    open.push(failed.isOpen())
    const afterFailure = [
      await outcome(() => failed.run('RETURN 1')),
      await outcome(() => failed.commit()),
      await outcome(() => failed.rollback()),
    ]
    const closed = await session.beginTransaction()
    await closed.run(`CREATE (:${label})`)
    await closed.close()
    counts.push(await count())
    await session.close()
    return {
      open,
      counts,
      afterCommit,
      afterRollback,
      afterFailure,
      failedWith: (error as { rejects: { code: string } }).rejects.code,
    }
  },
  {
    open: [true, false, false, false],
    counts: [1, 1, 1],
    afterCommit: [
      {
        rejects: {
          name: 'Neo4jError',
          message: 'Cannot commit this transaction, because it has already been committed.',
          code: 'N/A',
          gqlStatus: '50N42',
        },
      },
      {
        rejects: {
          name: 'Neo4jError',
          message: 'Cannot rollback this transaction, because it has already been committed.',
          code: 'N/A',
          gqlStatus: '50N42',
        },
      },
      {
        rejects: {
          name: 'Neo4jError',
          message: 'Cannot run query in this transaction, because it has already been committed.',
          code: 'N/A',
          gqlStatus: '50N42',
        },
      },
    ],
    afterRollback: [
      {
        rejects: {
          name: 'Neo4jError',
          message: 'Cannot commit this transaction, because it has already been rolled back.',
          code: 'N/A',
          gqlStatus: '50N42',
        },
      },
      {
        rejects: {
          name: 'Neo4jError',
          message: 'Cannot rollback this transaction, because it has already been rolled back.',
          code: 'N/A',
          gqlStatus: '50N42',
        },
      },
      {
        rejects: {
          name: 'Neo4jError',
          message: 'Cannot run query in this transaction, because it has already been rolled back.',
          code: 'N/A',
          gqlStatus: '50N42',
        },
      },
    ],
    afterFailure: [
      {
        rejects: {
          name: 'Neo4jError',
          message:
            'Cannot run query in this transaction, because it has been rolled back either because of an error or explicit termination.',
          code: 'N/A',
          gqlStatus: '50N42',
        },
      },
      {
        rejects: {
          name: 'Neo4jError',
          message:
            'Cannot commit this transaction, because it has been rolled back either because of an error or explicit termination.',
          code: 'N/A',
          gqlStatus: '50N42',
        },
      },
      { resolves: '<undefined>' },
    ],
    failedWith: 'Neo.ClientError.Statement.SyntaxError',
  },
)

differential(
  'A transaction can be used without waiting for its beginning',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const tx = session.beginTransaction()
    const shape = [tx[Symbol.toStringTag], typeof tx.then, typeof tx.run]
    const result = tx.run(`CREATE (n:${label}) RETURN n`)
    const { records } = await result
    await tx.commit()
    const count = await session.run(`MATCH (n:${label}) RETURN count(n) AS n`)
    const wrong = driver.session({ database: 'nosuchdatabase' })
    const failed = await outcome(() => wrong.beginTransaction())
    await wrong.close()
    await session.close()
    return [
      shape,
      records.length,
      count.records[0]?.get('n').toNumber(),
      brief((failed as { rejects: unknown }).rejects),
    ]
  },
  [
    ['TransactionPromise', 'function', 'function'],
    1,
    1,
    {
      name: 'Neo4jError',
      message: 'Graph not found: nosuchdatabase',
      code: 'Neo.ClientError.Database.DatabaseNotFound',
      gqlStatus: '50N42',
    },
  ],
)
