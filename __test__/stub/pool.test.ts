/** What our pool can do beyond the official driver's, at a scripted peer. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Driver, DriverMetrics } from '../../lib/index.js'
import { load, neoboltOnly } from '../support/drivers.js'
import { hasFrame } from '../support/stack.js'
import { answer, client, hold, type Peer, type Step, startPeer, success } from '../support/stub-server.js'

const ONE: Step[] = answer(['n'], [[1]])

async function withDriver(
  dialogues: Step[][] | ((connection: number) => Step[]),
  config: Record<string, unknown>,
  script: (driver: Driver, peer: Peer) => Promise<void>,
): Promise<void> {
  const peer = await startPeer(dialogues)
  const driver = load('neobolt').driver(peer.uri, undefined, config) as unknown as Driver
  try {
    await script(driver, peer)
    assert.deepEqual(peer.problems, [])
  } finally {
    await driver.close()
    await peer.stop()
  }
}

/** The first metrics for which this is true; the engine is asked again and again until then. */
async function metricsWhere(
  driver: Driver,
  holds: (pool: DriverMetrics['pools'][number]) => boolean,
): Promise<DriverMetrics['pools'][number]> {
  for (;;) {
    const [pool] = driver.metrics().pools
    if (holds(pool)) return pool
    await new Promise(setImmediate)
  }
}

describe('driver.metrics()', neoboltOnly, () => {
  test('tells of a pool what it does, and what it has done', () =>
    withDriver([[...ONE, ...ONE]], {}, async (driver, peer) => {
      const nothing = { created: 0, closed: 0, failed: 0, inUse: 0, idle: 0, opening: 0, waiting: 0 }
      assert.deepEqual(driver.metrics(), {
        pools: [
          {
            address: peer.address,
            ...nothing,
            acquisitions: { count: 0, timedOut: 0, total: 0, average: 0, max: 0 },
          },
        ],
      })
      const session = driver.session()
      const result = session.run('RETURN 1')
      const { opening } = await metricsWhere(driver, (pool) => pool.opening + pool.inUse > 0)
      assert.ok(opening <= 1)
      await result
      await session.run('RETURN 1')
      await session.close()
      const [{ acquisitions, ...pool }] = driver.metrics().pools
      assert.deepEqual(pool, { ...nothing, address: peer.address, created: 1, idle: 1 })
      assert.equal(acquisitions.count, 2)
      assert.equal(acquisitions.timedOut, 0)
      assert.ok(acquisitions.max > 0 && acquisitions.max <= acquisitions.total, 'the first one had to dial')
      assert.equal(acquisitions.average, acquisitions.total / 2)
      assert.equal(Object.getPrototypeOf(acquisitions), Object.prototype)
      await driver.close()
      assert.deepEqual(
        driver.metrics().pools.map(({ idle, closed }) => ({ idle, closed })),
        [{ idle: 0, closed: 1 }],
      )
    }))

  test('counts what fails', async () => {
    const driver = load('neobolt').driver('bolt://127.0.0.1:1') as unknown as Driver
    try {
      await assert.rejects(driver.verifyConnectivity())
      const [{ failed, acquisitions }] = driver.metrics().pools
      assert.deepEqual([failed, acquisitions.count], [1, 0])
    } finally {
      await driver.close()
    }
  })
})

test('minConnectionPoolSize opens connections before anybody asks for one', neoboltOnly, () =>
  withDriver(
    () => ONE,
    { minConnectionPoolSize: 3 },
    async (driver, peer) => {
      const { created, acquisitions } = await metricsWhere(driver, (pool) => pool.idle === 3)
      assert.deepEqual([created, acquisitions.count, peer.connections], [3, 0, 3])
      const session = driver.session()
      await session.run('RETURN 1')
      await session.close()
      assert.equal(peer.connections, 3)
    },
  ),
)

test('idleTimeout closes what nobody uses, in good order', neoboltOnly, () =>
  withDriver(
    () => ONE,
    { idleTimeout: 20 },
    async (driver, peer) => {
      const session = driver.session()
      await session.run('RETURN 1')
      await session.close()
      await peer.seen('GOODBYE')
      const { idle } = await metricsWhere(driver, (pool) => pool.closed === 1)
      assert.equal(idle, 0)
    },
  ),
)

test('an option that makes no sense is refused, one that is none counts as left out', neoboltOnly, async () => {
  const neo4j = load('neobolt')
  const config = (more: object): object => ({ maxConnectionPoolSize: 2, ...more })
  assert.throws(() => neo4j.driver('bolt://localhost', undefined, config({ minConnectionPoolSize: 3 })), {
    name: 'Error',
    message:
      'The minConnectionPoolSize can not be greater than the maxConnectionPoolSize. However minConnectionPoolSize = 3 and maxConnectionPoolSize = 2',
  })
  for (const value of ['x', -1, null, undefined]) {
    await neo4j
      .driver('bolt://localhost', undefined, config({ minConnectionPoolSize: value, idleTimeout: value }))
      .close()
  }
})

test(
  'leakDetectionThreshold warns of a transaction that nobody ends, and says where it was begun',
  neoboltOnly,
  async () => {
    const lines: string[] = []
    let warned: () => void = () => {}
    const warning = new Promise<void>((resolve) => {
      warned = resolve
    })
    const logger = (level: string, message: string): void => {
      lines.push(`${level} ${message}`)
      if (level === 'warn') warned()
    }
    await withDriver(
      [[client('BEGIN'), success(), ...ONE]],
      { leakDetectionThreshold: 10, logging: { level: 'warn', logger } },
      async (driver) => {
        const session = driver.session()
        async function forgetful(): Promise<unknown> {
          return session.beginTransaction()
        }
        await forgetful()
        await warning
        await session.close()
        await driver.session().run('RETURN 1')
      },
    )
    // On a busy machine, the query that follows may hold one for as long.
    assert.equal(lines.filter((line) => line.startsWith('warn A transaction ')).length, 1)
    assert.match(lines[0], /^warn A transaction has held a connection for more than 10 ms\. It was begun here:\n/)
    assert.ok(hasFrame(lines[0], 'forgetful'), lines[0])
  },
)

test('a thousand sessions at once share a hundred connections, first come, first served', {
  timeout: 240_000,
  ...neoboltOnly,
}, async () => {
  const forever = Array.from({ length: 1000 }, () => ONE).flat()
  let open: () => void = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  await withDriver(
    () => [client('RUN'), hold(gate), ...ONE.slice(1), ...forever],
    { maxConnectionPoolSize: 100 },
    async (driver, peer) => {
      const order: number[] = []
      const all = Array.from({ length: 1000 }, async (_, number) => {
        const session = driver.session()
        const { records } = await session.run('RETURN $number', { number })
        order.push(number)
        await session.close()
        return records.length
      })
      await metricsWhere(driver, (pool) => pool.inUse === 100 && pool.waiting === 900)
      assert.equal(peer.connections, 100)
      open()
      assert.deepEqual(new Set(await Promise.all(all)), new Set([1]))
      const [{ inUse, idle, waiting, created, acquisitions }] = driver.metrics().pools
      assert.deepEqual(
        { inUse, idle, waiting, created, count: acquisitions.count },
        { inUse: 0, idle: 100, waiting: 0, created: 100, count: 1000 },
      )
      // Requests are served as connections become free, so none is overtaken by more requests than hold a
      // connection.
      const sent = peer.messages('RUN').map(([, parameters]) => Number((parameters as { number: number }).number))
      const waited = sent.filter((number) => number >= 100)
      waited.forEach((number, place) => {
        assert.ok(Math.abs(number - 100 - place) < 200, `${number} came at place ${place}`)
      })
    },
  )
})
