/**
 * Reactive: a result is an rxjs Observable. Nothing is sent before a subscription, and unsubscribing
 * (here: `take`) stops the server.
 *
 *   NEO4J_URI=bolt://localhost:7687 NEO4J_USER=neo4j NEO4J_PASSWORD=… node examples/rx-session.js
 */
const { filter, lastValueFrom, map, take, toArray } = require('rxjs')
const neo4j = require('..') // in an application: require('neobolt')

const { NEO4J_URI = 'bolt://localhost:7687', NEO4J_USER = 'neo4j', NEO4J_PASSWORD = 'neo4j' } = process.env

async function main() {
  const driver = neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD))
  const session = driver.rxSession()
  try {
    const numbers = session
      .executeRead((tx) => tx.run('UNWIND range(1, 1000000) AS n RETURN n').records())
      .pipe(
        map((record) => record.get('n').toNumber()),
        filter((n) => n % 97 === 0),
        take(5),
        toArray(),
      )
    console.log(`The first five multiples of 97: ${(await lastValueFrom(numbers)).join(', ')}`)
  } finally {
    // close() completes without a value, for which lastValueFrom wants a default.
    await lastValueFrom(session.close(), { defaultValue: undefined })
    await driver.close()
  }
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
