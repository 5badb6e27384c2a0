/**
 * Several queries in one transaction: all are sent at once, without waiting for each other's answers, and
 * either all of them take effect or none does. Creates a few nodes labelled ExamplePerson and
 * ExampleCompany, and removes them at the end.
 *
 *   NEO4J_URI=bolt://localhost:7687 NEO4J_USER=neo4j NEO4J_PASSWORD=… node examples/promise-all.js
 */
const neo4j = require('..') // in an application: require('neobolt')

const { NEO4J_URI = 'bolt://localhost:7687', NEO4J_USER = 'neo4j', NEO4J_PASSWORD = 'neo4j' } = process.env

async function main() {
  const driver = neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD))
  const session = driver.session()
  try {
    const created = await session.executeWrite((tx) =>
      Promise.all(
        ['Alice', 'Bob', 'Carol'].map((name) =>
          tx
            .run(
              `MERGE (p:ExamplePerson {name: $name})
               MERGE (c:ExampleCompany {name: $company})
               MERGE (p)-[:WORKS_FOR]->(c)`,
              { name, company: 'Neo4j' },
            )
            .then((result) => result.summary.counters.updates().relationshipsCreated),
        ),
      ),
    )
    console.log(`Relationships created by each query: ${created.join(', ')}`)
    await session.executeWrite((tx) => tx.run('MATCH (n:ExamplePerson|ExampleCompany) DETACH DELETE n'))
  } finally {
    await session.close()
    await driver.close()
  }
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
