/**
 * Ten million records by `for await` from a real Neo4j, and how much memory that takes: it must not grow with
 * the number of records. Exits with 1 where the peak is 150 MB or more.
 *
 *   node bench/stream-10m.mjs [--driver neobolt] [--rows 1000000,10000000]
 *
 * The server is started (Neo4j 5.26), unless NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD name one. Nothing is
 * written to it.
 */
import { parseArgs } from 'node:util'
import { prepare } from '../scripts/prepare.mjs'
import { runClient } from './lib/child.mjs'
import { neo4jServer, orSay } from './lib/server.mjs'
import { many, short, textTable } from './lib/table.mjs'

const LIMIT_MB = 150

const { values: options } = parseArgs({
  options: { driver: { type: 'string', default: 'neobolt' }, rows: { type: 'string', default: '1000000,10000000' } },
})

await orSay(prepare)()
const server = await neo4jServer((text) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`)
})
const lines = []
try {
  for (const rows of options.rows.split(',')) {
    const { uri, user, password } = server
    const used = await runClient({ driver: options.driver, way: 'for-await', shape: 'int', rows, uri, user, password })
    lines.push([
      Number(rows).toLocaleString('en'),
      `${short(used.wall / 1000)} s`,
      many((1000 * used.count) / used.wall),
      `${short((1000 * used.main) / used.count)} µs`,
      `${short(used.delay)} ms`,
      `${Math.round(used.rss)} MB`,
    ])
    if (used.rss >= LIMIT_MB) process.exitCode = 1
  }
} finally {
  await server.stop()
}
const head = [options.driver, 'wall', 'records/s', 'main CPU each', 'worst delay', 'peak RSS']
process.stdout.write(`${textTable(head, lines)}\n`)
if (process.exitCode === 1) process.stdout.write(`The peak is to stay below ${LIMIT_MB} MB.\n`)
