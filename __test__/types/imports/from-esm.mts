/**
 * The ways to import the package from an ES module in Node, where `import neo4j from` gives all that
 * `require` gives.
 */

import * as everything from 'the-driver'
import neo4j, { type Driver, driver as named } from 'the-driver'

export function drivers(): Driver[] {
  return [neo4j.driver('x'), named('x'), everything.driver('x'), neo4j.default.driver('x')]
}
