/** One of each: a query, records with all kinds of values, an error. Prints what it has seen. */
const neo4j = require('neo4j-driver')

const { NEO4J_URI: uri, NEO4J_USER: user, NEO4J_PASSWORD: password } = process.env
const QUERY = `UNWIND range(1, 3) AS n
  RETURN n, {a: n, b: 'x'} AS map, [n, 1.5] AS list, date('2026-01-02') AS date, datetime('2026-01-02T03:04:05Z') AS time,
         point({x: 1, y: n}) AS point, duration('P1D') AS duration, $given AS given`

async function main() {
  const driver = neo4j.driver(uri, neo4j.auth.basic(user, password))
  const given = { list: [1n, 2.5, 'x', null], bytes: new Int8Array(2), date: new neo4j.types.Date(2026, 1, 2) }
  try {
    const { records, summary } = await driver.executeQuery(QUERY, { given })
    const error = await driver.executeQuery('RETURN nothing').catch((reason) => reason)
    return {
      records: records.map((record) => record.keys.map((key) => `${key}: ${JSON.stringify(record.get(key))}`)),
      texts: ['date', 'time', 'point', 'duration'].map((key) => String(records[1].get(key))),
      counters: summary.counters.updates(),
      error: [error instanceof neo4j.Neo4jError, error.name, error.code, error.message],
      // A word would not do: it may stand in the path of every frame.
      named: /^ +at (async )?main \(/m.test(error.stack),
    }
  } finally {
    await driver.close()
  }
}

main().then((outcome) => console.log(JSON.stringify(outcome)))
