/**
 * One measurement in a fresh process: one driver, one task of bench/tasks. Prints one line of JSON: the
 * resources used, and the count of records or queries they were used for.
 *
 *   node bench/client.mjs --uri bolt://… [--driver neobolt|neo4j-driver] TASK
 *
 * TASK is one of these:
 *
 *   --task records --way for-await --shape int --rows 1000000
 *   --task queries --way run|executeQuery|executeRead --concurrency 10 --count 10000
 *   --task parameters --count 20
 *   --task concurrent --concurrency 100 --rows 10000
 */
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'

const require = createRequire(import.meta.url)
const DRIVERS = { neobolt: '..', 'neo4j-driver': 'neo4j-driver' }
const TASKS = ['records', 'queries', 'parameters', 'concurrent']

const { values: options } = parseArgs({
  options: {
    driver: { type: 'string', default: 'neobolt' },
    task: { type: 'string', default: 'records' },
    way: { type: 'string', default: 'for-await' },
    shape: { type: 'string', default: 'int' },
    rows: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000' },
    concurrency: { type: 'string', default: '1' },
    uri: { type: 'string', default: 'bolt://127.0.0.1:7687' },
    user: { type: 'string', default: 'neo4j' },
    password: { type: 'string', default: 'neo4j' },
    'fetch-size': { type: 'string', default: '1000' },
  },
})

if (!TASKS.includes(options.task)) throw new Error(`there is no task ${options.task}; known are ${TASKS.join(', ')}`)
const { perform } = await import(`./tasks/${options.task}.mjs`)
const neo4j = require(DRIVERS[options.driver])
const driver = neo4j.driver(options.uri, neo4j.auth.basic(options.user, options.password), {
  fetchSize: Number(options['fetch-size']),
  maxConnectionPoolSize: 1000,
})
try {
  const figures = await perform(neo4j, driver, {
    ...options,
    rows: Number(options.rows),
    rounds: Number(options.rounds),
    count: Number(options.count),
    concurrency: Number(options.concurrency),
  })
  process.stdout.write(`${JSON.stringify(figures)}\n`)
} finally {
  await driver.close()
}
