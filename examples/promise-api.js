/**
 * Promise API: the whole result at once, when all of it is there. For results that fit in memory, and
 * for chains of `then` and `catch`.
 *
 *   NEO4J_URI=bolt://localhost:7687 NEO4J_USER=neo4j NEO4J_PASSWORD=… node examples/promise-api.js
 */
const neo4j = require('..') // in an application: require('neobolt')

const { NEO4J_URI = 'bolt://localhost:7687', NEO4J_USER = 'neo4j', NEO4J_PASSWORD = 'neo4j' } = process.env

const driver = neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD))
const session = driver.session()

session
  .executeRead((tx) => tx.run('UNWIND $names AS name RETURN name ORDER BY name', { names: ['Bob', 'Carol', 'Alice'] }))
  .then(({ records, summary }) => {
    console.log(records.map((record) => record.get('name')).join(', '))
    console.log(`${records.length} records, available after ${summary.resultAvailableAfter} ms`)
  })
  .catch((error) => {
    console.error(error.message)
    process.exitCode = 1
  })
  .then(() => session.close())
  .then(() => driver.close())
