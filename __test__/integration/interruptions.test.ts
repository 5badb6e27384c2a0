/**
 * Interrupting queries of a real server at any moment: the caller that interrupts a query gets its own
 * reason, and no error of the connection.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { DriverMetrics } from '../../lib/engine/metrics.js'
import { load, neoboltOnly } from '../support/drivers.js'
import { LTS, NEWEST, OLD, requires, useServer } from '../support/servers.js'

const neo4j = load('neobolt')

for (const version of [LTS, NEWEST, OLD]) {
  const server = useServer(version)
  describe(`interrupting Neo4j ${version}`, { ...requires({ server: version }), ...neoboltOnly }, () => {
    test('400 queries that are aborted after 0 to 19 ms end as aborted, and hang up no connection', async (t) => {
      const { uri, user, password } = server()
      const driver = neo4j.driver(uri, neo4j.auth.basic(user, password), { maxConnectionPoolSize: 8 })
      t.after(() => driver.close())
      const failures = await Promise.all(
        Array.from({ length: 400 }, async (_, i) => {
          const abort = new AbortController()
          setTimeout(() => abort.abort(), i % 20)
          return driver.executeQuery('UNWIND range(1, 1000) AS n RETURN n', {}, { signal: abort.signal }).then(
            () => undefined,
            (error: Error) => [error, abort.signal.reason],
          )
        }),
      )
      const aborted = failures.filter((failure) => failure !== undefined)
      assert.ok(aborted.length > 0)
      for (const [error, reason] of aborted) assert.equal(error, reason)
      const [pool] = (driver as unknown as { metrics(): DriverMetrics }).metrics().pools
      // No connection was lost, and so none was opened in its place.
      assert.ok(pool.created <= 8, `${pool.created} connections were opened`)
    })
  })
}
