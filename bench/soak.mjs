// @ts-check
/**
 * Checks whether anything piles up: a thousand sessions at once on a pool of a hundred connections, and then
 * small queries in a row, against the scripted peer. Prints memory (after a full collection) and open files
 * ten times for each part. Exits with 1 if they grow after the first fifth: if the least memory of the second
 * half is above the most of that fifth, or more files are open at the end.
 *
 *     node bench/soak.mjs [--driver neobolt|neo4j-driver] [--sessions 1000] [--pool 100] [--count 1000000]
 */
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { buildPeer, startPeer } from './lib/child.mjs'
import { queryOf } from './lib/shapes.mjs'
import { textTable } from './lib/table.mjs'

const { values: options } = parseArgs({
  options: {
    driver: { type: 'string', default: 'neobolt' },
    sessions: { type: 'string', default: '1000' },
    pool: { type: 'string', default: '100' },
    count: { type: 'string', default: '1000000' },
  },
})
const [sessions, pool, count] = [options.sessions, options.pool, options.count].map(Number)
const require = createRequire(import.meta.url)
/** @type {typeof import('neo4j-driver')} */
const neo4j = require(options.driver === 'neobolt' ? '..' : options.driver)
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

/** How much memory may grow, in MB: what the allocator keeps in fragments. */
const MOST_GROWTH = 5
const SAMPLES = 10
const QUERY = queryOf('int', 1)

const peer = await startPeer(buildPeer())
const driver = neo4j.driver(`bolt://127.0.0.1:${peer.port}`, neo4j.auth.basic('neo4j', 'neo4j'), {
  maxConnectionPoolSize: pool,
})
/** @type {string[][]} */
const lines = []
const problems = []
try {
  await part(`${sessions} sessions at once`, sessions, Math.ceil(count / 5))
  await part('one after the other', 1, count)
  const left = 'metrics' in driver ? /** @type {any} */ (driver).metrics().pools : []
  for (const { inUse, waiting } of left) {
    if (inUse + waiting > 0)
      problems.push(`${inUse} connections are in use and ${waiting} waited for, though nothing runs`)
  }
} finally {
  await driver.close()
  await peer.stop()
}
const head = [options.driver, 'queries', 'RSS MB', 'heap MB', 'open files', 'queries/s']
process.stdout.write(`${textTable(head, lines)}\n`)
const files = openFiles()
process.stdout.write(
  `After close(): ${files} open files, active: ${process.getActiveResourcesInfo().join(', ') || 'nothing'}\n`,
)
for (const problem of problems) process.stdout.write(`✗ ${problem}\n`)
process.exitCode = problems.length > 0 ? 1 : 0

/**
 * @param {string} name
 * @param {number} concurrency
 * @param {number} queries
 */
async function part(name, concurrency, queries) {
  const samples = []
  for (let sample = 1; sample <= SAMPLES; sample++) {
    const started = performance.now()
    let left = Math.ceil(queries / SAMPLES)
    const worker = async () => {
      while (left-- > 0) await query()
    }
    await Promise.all(Array.from({ length: concurrency }, worker))
    const rate = (1000 * Math.ceil(queries / SAMPLES)) / (performance.now() - started)
    collect()
    const { rss, heapUsed } = process.memoryUsage()
    const taken = { rss: rss / 1e6, files: openFiles() }
    samples.push(taken)
    const done = Math.ceil(queries / SAMPLES) * sample
    const row = [
      name,
      done.toLocaleString('en'),
      taken.rss.toFixed(1),
      (heapUsed / 1e6).toFixed(1),
      String(taken.files),
    ]
    lines.push([...row, Math.round(rate).toLocaleString('en')])
  }
  // Between two of the allocator's own collections, memory goes up and down.
  const warm = {
    rss: Math.max(...samples.slice(0, SAMPLES / 5).map(({ rss }) => rss)),
    files: samples[SAMPLES / 5 - 1].files,
  }
  const last = { rss: Math.min(...samples.slice(SAMPLES / 2).map(({ rss }) => rss)), files: samples[SAMPLES - 1].files }
  if (last.rss > warm.rss + MOST_GROWTH) {
    problems.push(`${name}: memory grew from ${warm.rss.toFixed(1)} to ${last.rss.toFixed(1)} MB after the warm-up`)
  }
  if (last.files > warm.files) problems.push(`${name}: open files grew from ${warm.files} to ${last.files}`)
}

async function query() {
  const session = driver.session()
  try {
    const { records } = await session.run(QUERY, { id: 1, name: 'a name' })
    if (records.length !== 1) throw new Error(`${records.length} records`)
  } finally {
    await session.close()
  }
}

/** Files, sockets and pipes of this process; 0 if the system does not report them. */
function openFiles() {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}
