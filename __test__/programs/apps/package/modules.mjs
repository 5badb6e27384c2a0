/** All that `require` gives can be imported by name, and `default` is the object with all of it. */
import { createRequire } from 'node:module'
import * as everything from 'neo4j-driver'
import neo4j, { auth, driver, int, Neo4jError, Session } from 'neo4j-driver'

const required = createRequire(import.meta.url)('neo4j-driver')
const names = Object.keys(required).sort()
const imported = new Map(Object.entries(everything))
console.log(
  JSON.stringify({
    imported: names.filter((name) => !imported.has(name)),
    same: names.filter((name) => name !== 'default' && imported.get(name) !== required[name]),
    count: names.length > 60,
    named: [
      driver === required.driver,
      auth === neo4j.auth,
      int(1) instanceof required.Integer,
      Session === neo4j.Session,
    ],
    error: new Neo4jError('m', 'c', '50N42', 'd') instanceof neo4j.Neo4jError,
  }),
)
