/**
 * `npm run demo`: makes this checkout ready, starts a real Neo4j or takes the one that is named, and answers
 * questions about airports in each of the five ways to read a result. Until `prepare` is through, nothing but
 * Node itself may be imported: on a fresh machine there is nothing else.
 *
 * NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD name a server that is running already; it is left as it was found.
 */

import { say } from './demo/terminal.mjs'
import { prepare } from './prepare.mjs'

try {
  await prepare()
  const { demo } = await import('./demo/run.mjs')
  process.exitCode = await demo()
} catch (error) {
  // Sentences that are meant for the reader come alone; a bug comes with its stack.
  say(error.name === 'DemoError' || error.name === 'MissingToolError' ? error.message : error.stack)
  process.exitCode = 1
}
