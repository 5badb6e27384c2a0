/**
 * Several queries in one transaction, with Promise.all. stub/transactions.test.ts shows that they are
 * pipelined.
 */
import { differential } from '../support/differential.js'
import { useServer } from '../support/servers.js'
import { brief, outcome } from '../support/snapshot.js'

const server = useServer()

differential(
  'C1: queries submitted without await run in one transaction, in order, and Promise.all has their results in order',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const values = await session.executeWrite((tx) =>
      Promise.all([
        tx.run(`CREATE (n:${label} {step: 1}) RETURN 'first' AS name`),
        tx.run(`MATCH (n:${label}) SET n.step = n.step + 1 RETURN 'second' AS name, n.step AS step`),
        tx.run(`MATCH (n:${label}) RETURN 'third' AS name, n.step AS step`),
      ]).then((results) =>
        results.map(({ records: [record] }) => [
          record?.get('name'),
          record?.has('step') ? record.get('step').toNumber() : 0,
        ]),
      ),
    )
    await session.close()
    return values
  },
  [
    ['first', 0],
    ['second', 2],
    ['third', 2],
  ],
)

differential(
  'C2: the counters of each result are numbers: 4 relationships for 4 people, and one company',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const names = ['Alice', 'Bob', 'Carol', 'Dave']
    await session.run(`UNWIND $names AS name CREATE (:${label}:Person {name: name})`, { names })
    const created = await session.executeWrite((tx) =>
      Promise.all(
        names.map((personName) =>
          tx
            .run(
              `MATCH (emp:${label}:Person {name: $personName})
               MERGE (com:${label}:Company {name: $companyName})
               MERGE (emp)-[:WORKS_FOR]->(com)`,
              { personName, companyName: 'Neo4j' },
            )
            .then((result) => result.summary.counters.updates().relationshipsCreated),
        ),
      ),
    )
    const companies = await session.run(`MATCH (c:${label}:Company) RETURN count(c) AS n`)
    await session.close()
    return [created, created.reduce((a, b) => a + b), companies.records[0]?.get('n').toNumber()]
  },
  [[1, 1, 1, 1], 4, 1],
)

differential(
  'C3: reducing the counters of nobody is an error of the user, which rejects and rolls back',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const none: string[] = []
    let attempts = 0
    const failed = await outcome(() =>
      session.executeWrite(async (tx) => {
        attempts++
        await tx.run(`CREATE (:${label})`)
        const values = await Promise.all(none.map((name) => tx.run('RETURN $name', { name }).then(() => 1)))
        return values.reduce((a, b) => a + b)
      }),
    )
    const count = await session.run(`MATCH (n:${label}) RETURN count(n) AS n`)
    await session.close()
    return [failed, attempts, count.records[0]?.get('n').toNumber()]
  },
  [{ rejects: { name: 'TypeError', message: 'Reduce of empty array with no initial value' } }, 1, 0],
)

differential(
  'C4: the queries of one transaction do not run beside each other: each sees what those before it wrote',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const counts = await session.executeWrite((tx) =>
      Promise.all(
        Array.from({ length: 10 }, () =>
          tx
            .run(`CREATE (:${label}) WITH 1 AS one MATCH (n:${label}) RETURN count(n) AS n`)
            .then(({ records: [record] }) => record?.get('n').toNumber()),
        ),
      ),
    )
    await session.close()
    return counts
  },
  [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
)

differential(
  'C5: where one of them fails, all is rolled back, every open result rejects with that error, finished ones stay',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const seen: Record<string, unknown> = {}
    const settle = (promise: PromiseLike<{ records: unknown[] }>) =>
      Promise.resolve(promise).then(
        ({ records }) => records.length,
        (error) => [error.code, error.message],
      )
    const failed = await outcome(() =>
      session.executeWrite(async (tx) => {
        const before = tx.run(`CREATE (n:${label}) RETURN n`)
        await before
        const all = [
          tx.run('UNWIND range(1, 3000) AS i RETURN i'),
          tx.run('RETURN 1 / 0 AS boom'),
          tx.run('RETURN 2 AS n'),
          tx.run('RETURN 3 AS n'),
        ]
        const settled = all.map(settle)
        try {
          await Promise.all(all)
        } finally {
          seen.before = (await before).records.length
          seen.all = await Promise.all(settled)
        }
      }),
    )
    const count = await session.run(`MATCH (n:${label}) RETURN count(n) AS n`)
    await session.close()
    return [failed, seen, count.records[0]?.get('n').toNumber()]
  },
  [
    {
      rejects: {
        name: 'Neo4jError',
        message: '/ by zero',
        code: 'Neo.ClientError.Statement.ArithmeticError',
        gqlStatus: '50N42',
      },
    },
    {
      before: 1,
      all: [
        ['Neo.ClientError.Statement.ArithmeticError', '/ by zero'],
        ['Neo.ClientError.Statement.ArithmeticError', '/ by zero'],
        ['Neo.ClientError.Statement.ArithmeticError', '/ by zero'],
        ['Neo.ClientError.Statement.ArithmeticError', '/ by zero'],
      ],
    },
    0,
  ],
)

differential(
  'C6: a failure that work() swallows resolves with its value, although nothing was committed',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const value = await outcome(() =>
      session.executeWrite(async (tx) => {
        await tx.run(`CREATE (:${label})`)
        await tx.run('RETURN').catch(() => {})
        return 'fine'
      }),
    )
    const count = await session.run(`MATCH (n:${label}) RETURN count(n) AS n`)
    await session.close()
    return [value, count.records[0]?.get('n').toNumber()]
  },
  [{ resolves: 'fine' }, 0],
)

differential(
  'C7: a query that work() does not await is run and committed, and its error rejects executeWrite',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const value = await session.executeWrite((tx) => {
      void tx.run(`UNWIND range(1, 3) AS i CREATE (n:${label}) RETURN n`)
      return 'done'
    })
    const count = async () =>
      (await session.run(`MATCH (n:${label}) RETURN count(n) AS n`)).records[0]?.get('n').toNumber()
    const counts = [await count()]
    let caught: unknown
    try {
      await session.executeWrite((tx) => {
        void tx.run(`CREATE (:${label})`)
        void tx.run('RETURN 1 / 0 AS boom')
        return 'done'
      })
    } catch (error) {
      caught = brief(error)
    }
    counts.push(await count())
    await session.close()
    return [value, counts, caught]
  },
  [
    'done',
    [3, 3],
    {
      name: 'Neo4jError',
      message: '/ by zero',
      code: 'Neo.ClientError.Statement.ArithmeticError',
      gqlStatus: '50N42',
    },
  ],
)
