/**
 * Small queries: `count` of them, each with two parameters and one record, and with a session of its own if
 * the way uses one. `concurrency` of them are under way at any time. Measures the latency of each.
 */
import { queryOf } from '../lib/shapes.mjs'
import { measure } from '../lib/usage.mjs'

const QUERY = queryOf('int', 1)

/** Each way to run a query: resolves with its only record. */
const WAYS = {
  run: async (driver, parameters) => {
    const session = driver.session()
    try {
      return (await session.run(QUERY, parameters)).records[0]
    } finally {
      await session.close()
    }
  },
  executeQuery: async (driver, parameters) => (await driver.executeQuery(QUERY, parameters)).records[0],
  executeRead: async (driver, parameters) => {
    const session = driver.session()
    try {
      return await session.executeRead(async (tx) => (await tx.run(QUERY, parameters)).records[0])
    } finally {
      await session.close()
    }
  },
}

export async function perform(neo4j, driver, { way, count, concurrency }) {
  const run = WAYS[way]
  const batch = async (latencies) => {
    let next = 0
    let sink = 0
    const worker = async () => {
      while (next < latencies.length) {
        const i = next++
        const start = performance.now()
        const record = await run(driver, { id: neo4j.int(i), name: 'a name' })
        latencies[i] = performance.now() - start
        sink += record.get(0).low
      }
    }
    await Promise.all(Array.from({ length: concurrency }, worker))
    if (!(sink > 0)) throw new Error('a record was not what its shape says')
  }
  await batch(new Float64Array(Math.ceil(count / 2)))
  const latencies = new Float64Array(count)
  const { used } = await measure(() => batch(latencies))
  latencies.sort()
  return { ...used, count, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }
}

function quantile(sorted, part) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]
}
