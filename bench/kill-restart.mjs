// @ts-check
/**
 * Kills a real Neo4j and starts it again, many times, while transaction functions write to it. Every one of
 * them has to end within its budget. Acknowledged work has to be in the database once; work in doubt may be
 * there once or not at all; work that failed otherwise, not at all.
 *
 *     node bench/kill-restart.mjs --times 20
 */
import { createRequire } from 'node:module'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startNeo4j } from '../scripts/neo4j/server.mjs'

const { values: options } = parseArgs({
  options: { times: { type: 'string', default: '20' }, writers: { type: 'string', default: '20' } },
})
const times = Number(options.times)
/** Longer than a restart takes; in milliseconds. */
const BUDGET = 30_000
const neo4j = /** @type {typeof import('neo4j-driver')} */ (createRequire(import.meta.url)('..'))

const server = await startNeo4j({})
const driver = neo4j.driver(server.uri, neo4j.auth.basic(server.user, server.password), {
  maxTransactionRetryTime: BUDGET,
  connectionAcquisitionTimeout: 10_000,
  connectionTimeout: 5000,
  maxConnectionPoolSize: 10,
})
/** @type {{ acknowledged: number[], inDoubt: number[], failed: Map<string, number[]>, slowest: number }} */
const outcome = { acknowledged: [], inDoubt: [], failed: new Map(), slowest: 0 }
let ended = false
try {
  let id = 0
  const writers = Array.from({ length: Number(options.writers) }, async () => {
    while (!ended) await write(id++)
  })
  for (let time = 1; time <= times; time++) {
    // Under load: after some work has been done since the last time, or when its writers may be waiting for
    // their retries.
    const since = outcome.acknowledged.length
    for (let i = 0; i < 150 && outcome.acknowledged.length < since + 20; i++) await delay(100)
    const before = outcome.acknowledged.length
    const started = performance.now()
    await server.restart()
    console.log(
      `${time}: killed after ${before} acknowledged, answers again after ${((performance.now() - started) / 1000).toFixed(1)} s`,
    )
  }
  await delay(1000)
  ended = true
  await Promise.all(writers)
  await check()
} finally {
  await driver.close()
  await server.stop()
}

/** @param {number} id */
async function write(id) {
  const session = driver.session()
  const started = performance.now()
  try {
    await session.executeWrite((tx) => tx.run('CREATE (:Work {id: $id})', { id: neo4j.int(id) }))
    outcome.acknowledged.push(id)
  } catch (error) {
    const { code, retryable } = /** @type {import('neo4j-driver').Neo4jError} */ (error)
    if (code === 'ServiceUnavailable' && !retryable) outcome.inDoubt.push(id)
    else outcome.failed.set(code, [...(outcome.failed.get(code) ?? []), id])
  } finally {
    outcome.slowest = Math.max(outcome.slowest, performance.now() - started)
    await session.close()
  }
}

async function check() {
  const { records } = await driver.executeQuery('MATCH (w:Work) RETURN w.id AS id, count(*) AS times')
  const found = new Map(records.map((record) => [record.get('id').toNumber(), record.get('times').toNumber()]))
  const lost = outcome.acknowledged.filter((id) => !found.has(id))
  const twice = [...found].filter(([, times]) => times > 1).map(([id]) => id)
  const failed = [...outcome.failed.values()].flat()
  const though = failed.filter((id) => found.has(id))
  const done = outcome.inDoubt.filter((id) => found.has(id))
  const codes = [...outcome.failed].map(([code, ids]) => `${ids.length} ${code}`)
  console.log(`${outcome.acknowledged.length} acknowledged, of which lost: ${lost.length}`)
  console.log(`${outcome.inDoubt.length} in doubt, of which done: ${done.length}`)
  console.log(
    `${failed.length} failed${codes.length > 0 ? ` (${codes.join(', ')})` : ''}, of which done: ${though.length}`,
  )
  console.log(`done twice: ${twice.length}; the slowest call took ${(outcome.slowest / 1000).toFixed(1)} s`)
  // A transaction function that fails just before the end of the budget is tried once more, after a wait that
  // has doubled up to there, and may wait for a connection.
  const late = outcome.slowest > 2 * BUDGET + 15_000
  if (lost.length > 0 || twice.length > 0 || though.length > 0 || late) {
    console.log('FAILED')
    process.exitCode = 1
  } else console.log('Nothing lost, nothing done twice.')
}
