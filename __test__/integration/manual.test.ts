/**
 * The examples of the manual's page "Run non-blocking asynchronous queries", as its readers will run them: on
 * a person named Alice, in the five ways, with the output and the state of the database that they should
 * have.
 */
import * as rxjs from 'rxjs'
import { differential, type Script } from '../support/differential.js'
import { useServer } from '../support/servers.js'

const server = useServer()

/** The page's query, on nodes of this run only. */
const merge = (label: string) => `MERGE (p:Person:${label} {name: $name}) RETURN p.name AS name`

/** How many people there are now. */
async function people({ driver, label }: Script): Promise<number> {
  const { records } = await driver.executeQuery(`MATCH (p:Person:${label}) RETURN count(p) AS n`)
  return records[0]?.get('n').toNumber()
}

differential(
  'asynchronous iteration',
  server,
  async (script) => {
    const { driver, label } = script
    const printed: string[] = []
    const session = driver.session()
    let peopleNames: string[]
    try {
      peopleNames = await session.executeWrite(async (tx) => {
        const result = tx.run(merge(label), { name: 'Alice' })
        const names: string[] = []
        for await (const record of result) {
          printed.push(`Processing ${record.get('name')}`)
          names.push(record.get('name'))
        }
        return names
      })
    } finally {
      await session.close()
    }
    return [peopleNames, printed, await people(script)]
  },
  [['Alice'], ['Processing Alice'], 1],
)

differential(
  'the Promise API',
  server,
  async (script) => {
    const { driver, label } = script
    const printed: string[] = []
    const session = driver.session({ database: 'neo4j' })
    const result = session.executeWrite(async (tx) => {
      return tx.run(merge(label), { name: 'Alice' })
    })
    await result
      .then((result) => {
        result.records.forEach((record) => {
          printed.push(record.get('name'))
        })
        return result
      })
      .catch((error) => {
        printed.push(`error ${error}`)
      })
      .then(() => session.close())
    return [printed, await people(script)]
  },
  [['Alice'], 1],
)

differential(
  'the Promise API by executeQuery',
  server,
  async (script) => {
    const { driver, label } = script
    const printed: string[] = []
    await driver
      .executeQuery(merge(label), { name: 'Alice' }, { database: 'neo4j' })
      .then(({ records }) => {
        for (const record of records) printed.push(record.get('name'))
      })
      .catch((error) => {
        printed.push(`error ${error}`)
      })
    return [printed, await people(script)]
  },
  [['Alice'], 1],
)

differential(
  'combine several queries in one transaction',
  server,
  async (script) => {
    const { driver, label } = script
    for (const name of ['Alice', 'Bob', 'Carol']) await driver.executeQuery(merge(label), { name })
    const companyName = 'Neo4j'
    const session = driver.session({ database: 'neo4j' })
    let relationships: number
    let employees: string[]
    try {
      const names = await session.executeRead(async (tx) => {
        const result = await tx.run(`MATCH (p:Person:${label}) RETURN p.name AS name ORDER BY name`)
        return result.records.map((record) => record.get('name') as string)
      })
      employees = names
      relationships = await session.executeWrite((tx) =>
        Promise.all(
          names.map((name) =>
            tx
              .run(
                `MATCH (emp:Person:${label} {name: $personName})
                 MERGE (com:Company:${label} {name: $companyName})
                 MERGE (emp)-[:WORKS_FOR]->(com)`,
                { personName: name, companyName },
              )
              .then((result) => result.summary.counters.updates().relationshipsCreated),
          ),
        ).then((values) => values.reduce((a, b) => a + b)),
      )
    } finally {
      await session.close()
    }
    return [employees, `Created ${relationships} employees relationships.`]
  },
  [['Alice', 'Bob', 'Carol'], 'Created 3 employees relationships.'],
)

differential(
  'the streaming API',
  server,
  async (script) => {
    const { driver, label } = script
    const printed: unknown[] = []
    const session = driver.session({ database: 'neo4j' })
    const peopleNames: string[] = []
    await new Promise<void>((resolve, reject) => {
      session.run(merge(label), { name: 'Alice' }).subscribe({
        onKeys: (keys) => {
          printed.push('Result columns are:', keys)
        },
        onNext: (record) => {
          printed.push(`Processing ${record.get('name')}`)
          peopleNames.push(record.get('name'))
        },
        onCompleted: () => {
          session.close().then(resolve, reject)
        },
        onError: reject,
      })
    })
    return [peopleNames, printed, await people(script)]
  },
  [['Alice'], ['Result columns are:', ['name'], 'Processing Alice'], 1],
)

differential(
  'the reactive API, with and without materialize()',
  server,
  async (script) => {
    const { driver, label } = script
    const rxSession = driver.rxSession()
    const rxResult = await rxSession.executeWrite((tx) => {
      return tx
        .run(merge(label), { name: 'Alice' })
        .records()
        .pipe(rxjs.map((record) => record.get('name')))
    })
    const name = await rxResult.toPromise()
    const notifications = await rxSession
      .executeWrite((tx) =>
        tx
          .run(merge(label), { name: 'Alice' })
          .records()
          .pipe(
            rxjs.map((record) => record.get('name')),
            rxjs.materialize(),
            rxjs.toArray(),
          ),
      )
      .toPromise()
    await rxSession.close().toPromise()
    return [name, notifications?.map(({ kind, value }) => [kind, value ?? null]), await people(script)]
  },
  [
    'Alice',
    [
      ['N', 'Alice'],
      ['C', null],
    ],
    1,
  ],
)
