/**
 * `npm run demo`: prepares this checkout, starts a real Neo4j or uses the one that is named, and answers
 * questions about airports in each of the five ways to read a result. Until `prepare` is done, only Node's
 * own modules may be imported: a fresh machine has nothing else.
 *
 * NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD name a server that is running already; the demo leaves it as it
 * was.
 */

import { say } from './demo/terminal.mjs'
import { prepare } from './prepare.mjs'

try {
  await prepare()
  const { demo } = await import('./demo/run.mjs')
  process.exitCode = await demo()
} catch (error) {
  // A sentence that is meant for the reader is printed alone; a bug is printed with its stack.
  say(error.name === 'DemoError' || error.name === 'MissingToolError' ? error.message : error.stack)
  process.exitCode = 1
}
