/**
 * Asynchronous iteration: one record after the other, at the pace of the loop. A slow loop makes
 * the server wait, and leaving the loop early makes it stop: of the million rows here, the
 * server sends only some thousands.
 *
 *   NEO4J_URI=bolt://localhost:7687 NEO4J_USER=neo4j NEO4J_PASSWORD=… node examples/async-iteration.js
 */
const neo4j = require('..') // in an application: require('neobolt')

const { NEO4J_URI = 'bolt://localhost:7687', NEO4J_USER = 'neo4j', NEO4J_PASSWORD = 'neo4j' } = process.env

async function main() {
  const driver = neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD))
  const session = driver.session()
  try {
    const found = await session.executeRead(async (tx) => {
      const result = tx.run('UNWIND range(1, 1000000) AS n RETURN n, n * n AS square')
      // The result is read inside the transaction function: it ends with the transaction.
      for await (const record of result) {
        if (record.get('square').toNumber() > 1_000_000) return record.get('n')
      }
      return null
    })
    console.log(`The first number with a square above a million is ${found}.`)
  } finally {
    await session.close()
    await driver.close()
  }
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
