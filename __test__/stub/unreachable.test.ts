/** Servers of a routing table that cannot be reached: work goes to the next one, where 6.3.0 fails. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Driver } from 'neo4j-driver'
import { obliging, startCluster } from '../support/cluster.js'
import { type DriverName, driversUnderTest, load } from '../support/drivers.js'
import { outcome } from '../support/snapshot.js'

const WORK: { [what: string]: (driver: Driver) => Promise<unknown> } = {
  'session.run': async (driver) => {
    const session = driver.session({ database: 'db', defaultAccessMode: 'READ' })
    const { summary } = await session.run('RETURN 1')
    await session.close()
    return summary.server.address
  },
  'a transaction that writes': async (driver) => {
    const session = driver.session({ database: 'db' })
    const transaction = await session.beginTransaction()
    const { summary } = await transaction.run('CREATE ()')
    await transaction.commit()
    await session.close()
    return summary.server.address
  },
}

for (const name of driversUnderTest) {
  for (const [what, work] of Object.entries(WORK)) {
    const ours: { [driver in DriverName]: string } = { neobolt: 'goes to the next', 'neo4j-driver': 'fails' }
    test(`${name}: ${what} ${ours[name]} where the first server of the table cannot be reached`, async (t) => {
      const servers = ['dead', 'deader', 'live']
      const cluster = await startCluster('5.4', ['router', ...servers], (_, { table }) =>
        obliging('5.4', { table: () => table({ routers: ['router'], readers: servers, writers: servers }) }),
      )
      const neo4j = load(name)
      const driver = neo4j.driver(`neo4j://${cluster.address('router')}`, neo4j.auth.basic('neo4j', 'password'))
      t.after(async () => {
        await driver.close()
        await cluster.stop()
      })
      const found = cluster.named(await outcome(() => work(driver)))
      if (name === 'neobolt') {
        assert.deepEqual(found, { resolves: '<live>' })
      } else {
        assert.match(JSON.stringify(found), /"rejects".*ECONNREFUSED <dead>.*"SessionExpired"/)
      }
      // No part of it has been sent twice.
      const { live = [] } = cluster.work()
      assert.equal(live.filter((request) => request === 'RUN').length, name === 'neobolt' ? 1 : 0)
    })
  }
}
