/** Reading a result takes no more memory than a few batches, however long the result is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runChild } from '../support/child.js'
import { neoboltOnly } from '../support/drivers.js'
import { useServer } from '../support/servers.js'

const server = useServer()

test('for await over ten million records stays below 150 MB', { timeout: 400_000, ...neoboltOnly }, async () => {
  const child = await runChild(
    `const driver = neo4j.driver(input.uri, neo4j.auth.basic(input.user, input.password))
     const session = driver.session()
     let count = 0, last
     for await (const record of session.run('UNWIND range(1, 10000000) AS i RETURN i')) { count++; last = record }
     await session.close()
     await driver.close()
     console.log(JSON.stringify({ count, last: last.get('i').toNumber(), megabytes: process.resourceUsage().maxRSS / 1000 }))`,
    { input: server(), timeout: 380_000 },
  )
  assert.equal(child.stderr, '')
  const { count, last, megabytes } = JSON.parse(child.stdout) as Record<string, number>
  assert.deepEqual([count, last], [10_000_000, 10_000_000])
  assert.ok((megabytes ?? 999) < 150, `peak RSS ${megabytes} MB`)
})

test('the event loop gets its turn while records at hand are iterated over', {
  timeout: 120_000,
  ...neoboltOnly,
}, async () => {
  const child = await runChild(
    `const driver = neo4j.driver(input.uri, neo4j.auth.basic(input.user, input.password))
     const session = driver.session({ fetchSize: -1 })
     let ticks = 0
     const timer = setInterval(() => ticks++, 1)
     let count = 0
     const started = performance.now()
     for await (const record of session.run('UNWIND range(1, 500000) AS i RETURN i')) count++
     const took = performance.now() - started
     clearInterval(timer)
     await driver.close()
     console.log(JSON.stringify({ count, ticks, took }))`,
    { input: server(), timeout: 110_000 },
  )
  assert.equal(child.stderr, '')
  const { count, ticks, took } = JSON.parse(child.stdout) as { count: number; ticks: number; took: number }
  assert.equal(count, 500_000)
  // A turn at least every 50 ms on average. It takes at most 4 of them if nothing else runs on the machine.
  assert.ok(ticks >= took / 50, `${ticks} turns in ${took} ms`)
})
