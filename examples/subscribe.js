/**
 * Streaming: a callback for each record as soon as it arrives, for work that goes record by record and does
 * not have to slow the server down.
 *
 *   NEO4J_URI=bolt://localhost:7687 NEO4J_USER=neo4j NEO4J_PASSWORD=… node examples/subscribe.js
 */
const neo4j = require('..') // in an application: require('neobolt')

const { NEO4J_URI = 'bolt://localhost:7687', NEO4J_USER = 'neo4j', NEO4J_PASSWORD = 'neo4j' } = process.env

const driver = neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD))
const session = driver.session()
const close = () => session.close().then(() => driver.close())

let records = 0
session.run('UNWIND range(1, $last) AS n RETURN n, sqrt(n) AS root', { last: neo4j.int(100_000) }).subscribe({
  onKeys: (keys) => console.log(`Columns: ${keys.join(', ')}`),
  onNext: (record) => {
    records++
    if (records % 25_000 === 0) console.log(`The root of ${record.get('n')} is ${record.get('root').toFixed(2)}.`)
  },
  onCompleted: (summary) => {
    console.log(`${records} records from ${summary.server.address}`)
    close()
  },
  onError: (error) => {
    console.error(error.message)
    process.exitCode = 1
    close()
  },
})
