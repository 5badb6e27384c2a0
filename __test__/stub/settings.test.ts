/**
 * Settings of nearly the right type, and extreme numbers: every setting of a driver, a session, a
 * transaction, a query and a token with every value of settings.ts, on both drivers. settings-differences.ts
 * lists everything that differs, with the reason.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Config, Driver } from 'neo4j-driver'
import { load, type Neo4j } from '../support/drivers.js'
import {
  type NearlyRight,
  type Outcome,
  PLACES,
  type Place,
  startTakingPeer,
  tryOut,
  VALUES,
} from '../support/settings.js'
import { INSIDES, SETTINGS_DIFFERENCES, type SettingsDifference } from '../support/settings-differences.js'

const ANY = /(?:)/
/** Milliseconds for all values at one place on both drivers: a second or two on an idle machine. */
const TIMEOUT = 120_000

describe('a setting of nearly the right type', () => {
  const used = new Set<SettingsDifference>()

  for (const place of PLACES) {
    it(`is taken as by the official driver, but for what is said: ${place.name}`, { timeout: TIMEOUT }, async () => {
      const [theirs, ours] = [await outcomes('neo4j-driver', place), await outcomes('neobolt', place)]
      const faults: unknown[] = []
      for (const value of VALUES) {
        const [their, our] = [theirs.get(value), ours.get(value)] as [Outcome, Outcome]
        assert.ok(!our.some((line) => INSIDES.test(line)), `${value.name} shows what is inside: ${our}`)
        if (JSON.stringify(their) === JSON.stringify(our)) continue
        const rules = SETTINGS_DIFFERENCES.filter(
          ({ places, values, covers }) =>
            (places ?? ANY).test(place.name) && (values ?? ANY).test(value.name) && covers(their, our),
        )
        for (const rule of rules) used.add(rule)
        if (rules.length === 0) faults.push({ value: value.name, theirs: their, ours: our })
      }
      assert.deepEqual(faults, [])
    })
  }

  it('differs in nothing that is said in vain', () => {
    assert.deepEqual(
      SETTINGS_DIFFERENCES.filter((rule) => !used.has(rule)).map(({ reason }) => reason),
      [],
    )
  })
})

async function outcomes(name: 'neo4j-driver' | 'neobolt', place: Place): Promise<Map<NearlyRight, Outcome>> {
  const peer = await startTakingPeer()
  const found = new Map<NearlyRight, Outcome>()
  try {
    for (const value of VALUES) found.set(value, await tryOut(load(name), peer, place, value))
  } finally {
    await peer.stop()
  }
  return found
}

const PORT = (port: number): object => ({
  name: 'RangeError',
  code: 'ERR_SOCKET_BAD_PORT',
  message: `Port should be >= 0 and < 65536. Received type number (${port}).`,
})

describe('a port that no server can have', () => {
  for (const neo4j of [load('neo4j-driver'), load('neobolt')]) {
    const name = neo4j === load('neobolt') ? 'neobolt' : 'neo4j-driver'

    for (const port of [-1, 65536, 99999, 2 ** 53]) {
      it(`${port} fails every request, and no call before: ${name}`, async () => {
        const driver = neo4j.driver(`bolt://localhost:${port}`)
        try {
          const session = driver.session()
          await assert.rejects(session.run('RETURN 1'), PORT(port))
          await assert.rejects(driver.executeQuery('RETURN 1'), PORT(port))
          await assert.rejects(driver.verifyConnectivity(), PORT(port))
          await assert.rejects(driver.verifyAuthentication(), PORT(port))
          await assert.rejects(driver.getNegotiatedProtocolVersion(), PORT(port))
          await assert.rejects(driver.supportsMultiDb(), PORT(port))
          await session.close()
        } finally {
          await driver.close()
        }
      })
    }

    it(`is the cause where there is no other router: ${name}`, async () => {
      const driver = neo4j.driver('neo4j://localhost:99999')
      try {
        await assert.rejects(driver.session().run('RETURN 1'), (error: Error & { code: string }) => {
          assert.equal(error.code, 'ServiceUnavailable')
          assert.match(error.message, /^Could not perform discovery\. No routing servers available\./)
          const { name, code, message } = error.cause as Error & { code: string }
          assert.deepEqual({ name, code, message }, PORT(99999))
          return true
        })
      } finally {
        await driver.close()
      }
    })

    for (const [what, wrong] of [
      ['a wrong one', '127.0.0.1:99999'],
      ['a negative one', '127.0.0.1:-1'],
    ]) {
      it(`does not keep a resolver's good address from answering, beside ${what}: ${name}`, async () => {
        await withCluster(neo4j, { resolver: (good) => [wrong, good] }, async (driver) => {
          for (let i = 0; i < 3; i++) assert.equal((await driver.session().run('RETURN 1')).records.length, 1)
        })
      })
    }

    it(`does not keep a routing table's other routers from being asked: ${name}`, async () => {
      await withCluster(neo4j, { routers: (good) => ['127.0.0.1:99999', good] }, async (driver) => {
        assert.equal((await driver.session().run('RETURN 1')).records.length, 1)
      })
    })

    it(`is the error where a routing table has no other server: ${name}`, async () => {
      await withCluster(neo4j, { servers: () => ['127.0.0.1:99999'] }, async (driver) => {
        await assert.rejects(driver.session().run('RETURN 1'), PORT(99999))
      })
    })

    it(`is the usual one where there are no digits: ${name}`, () => {
      const driver = neo4j.driver('bolt://localhost:abc')
      void driver.close()
    })
  }

  it('does not keep a server of a routing table from answering beside it; 6.3.0 fails with every second query', async () => {
    const failures = async (name: 'neo4j-driver' | 'neobolt'): Promise<number> => {
      let failed = 0
      await withCluster(load(name), { servers: (good) => ['127.0.0.1:99999', good] }, async (driver) => {
        for (let i = 0; i < 4; i++) {
          await driver
            .session()
            .run('RETURN 1')
            .then(undefined, () => failed++)
        }
      })
      return failed
    }
    assert.equal(await failures('neo4j-driver'), 2)
    assert.equal(await failures('neobolt'), 0)
  })
})

interface Cluster {
  resolver?: (good: string) => string[]
  routers?: (good: string) => string[]
  servers?: (good: string) => string[]
}

/** A driver for a cluster of one peer, whose routing tables also list other addresses. */
async function withCluster(neo4j: Neo4j, cluster: Cluster, run: (driver: Driver) => Promise<void>): Promise<void> {
  const alone = (good: string): string[] => [good]
  const peer = await startTakingPeer((good) => {
    const servers = (cluster.servers ?? alone)(good)
    return [
      { role: 'ROUTE', addresses: (cluster.routers ?? alone)(good) },
      { role: 'READ', addresses: servers },
      { role: 'WRITE', addresses: servers },
    ]
  })
  const { resolver } = cluster
  const driver = neo4j.driver(peer.uri.replace('bolt:', 'neo4j:'), undefined, {
    maxTransactionRetryTime: 0,
    ...(resolver !== undefined && { resolver: () => resolver(peer.address) }),
  })
  try {
    await run(driver)
  } finally {
    await driver.close()
    await peer.stop()
  }
}

describe('what cannot be sent', () => {
  const one = (): number => 1
  const nested = { user: [{ id: 1n }, { id: 2n ** 64n }] }

  it('is named by its place in the metadata of a transaction', async () => {
    await withOurs({}, undefined, async (driver) => {
      const refused = {
        name: 'RangeError',
        message: 'Integer beyond 64 bits: 18446744073709551616 (in metadata.user[1].id)',
      }
      const settings = { metadata: nested }
      await assert.rejects(driver.session().run('RETURN 1', {}, settings), refused)
      await assert.rejects(driver.session().beginTransaction(settings), refused)
      await assert.rejects(
        driver.session().executeRead((tx) => tx.run('RETURN 1'), settings),
        refused,
      )
      await assert.rejects(driver.executeQuery('RETURN 1', {}, { transactionConfig: settings }), refused)
      await assert.rejects(driver.session().run('RETURN 1', {}, { metadata: { 'a b': one } }), {
        code: 'ProtocolError',
        message: `Unable to pack the given value: ${one} (in metadata["a b"])`,
      })
      // And the connection still works.
      assert.equal((await driver.session().run('RETURN 1')).records.length, 1)
    })
  })

  const secret = 18446744073709551617n
  const token = {
    scheme: 'x',
    principal: 'me',
    credentials: 'secret',
    parameters: { key: secret, more: () => 'secret' },
  }

  it('is named, but not shown, in a token of a driver, which fails each request and no call before', async () => {
    await withOurs({}, token, async (driver) => {
      const refused = { name: 'RangeError', message: 'Integer beyond 64 bits (in authToken.parameters.key)' }
      await assert.rejects(driver.session().run('RETURN 1'), refused)
      await assert.rejects(driver.verifyConnectivity(), refused)
      await assert.rejects(driver.executeQuery('RETURN 1'), refused)
    })
  })

  it('is named, but not shown, in a token of a manager, of a session and of verifyAuthentication', async () => {
    const manager = {
      getToken: () => ({ ...token, parameters: token.parameters.more }),
      handleSecurityException: () => false,
    }
    await withOurs({}, manager, async (driver) => {
      await assert.rejects(driver.session().run('RETURN 1'), {
        code: 'ProtocolError',
        message: 'Unable to pack the given value (in authToken.parameters)',
      })
    })
    await withOurs({}, undefined, async (driver) => {
      const refused = { name: 'RangeError', message: 'Integer beyond 64 bits (in auth.parameters.key)' }
      await assert.rejects(driver.session({ auth: token }).run('RETURN 1'), refused)
      await assert.rejects(driver.executeQuery('RETURN 1', {}, { auth: token }), refused)
      await assert.rejects(driver.verifyAuthentication({ auth: token }), refused)
    })
  })

  it('is named in a notification filter', async () => {
    const notificationFilter = { disabledCategories: ['HINT', Symbol('x')] } as never
    const refused = {
      code: 'ProtocolError',
      message: 'Unable to pack the given value: Symbol(x) (in notificationFilter.disabledCategories[1])',
    }
    await withOurs({ notificationFilter }, undefined, async (driver) => {
      await assert.rejects(driver.session().run('RETURN 1'), refused)
    })
    await withOurs({}, undefined, async (driver) => {
      await assert.rejects(driver.session({ notificationFilter }).run('RETURN 1'), refused)
    })
  })

  async function withOurs(config: Config, token: unknown, run: (driver: Driver) => Promise<void>): Promise<void> {
    const peer = await startTakingPeer()
    const driver = load('neobolt').driver(peer.uri, token as never, { maxTransactionRetryTime: 0, ...config })
    try {
      await run(driver)
    } finally {
      await driver.close()
      await peer.stop()
    }
    assert.deepEqual(peer.problems, [])
  }
})

describe('a token of a session on a routing driver', () => {
  for (const parameters of [{ tenant: 5n }, { tenants: [1n, { b: 2n }] }]) {
    it(`may hold bigints, with two drivers alike: ${Object.keys(parameters)}`, async () => {
      for (const name of ['neo4j-driver', 'neobolt'] as const) {
        await withCluster(load(name), {}, async (driver) => {
          const session = driver.session({ auth: { scheme: 'x', credentials: 'y', parameters } })
          assert.equal((await session.run('RETURN 1')).records.length, 1)
        })
      }
    })
  }

  it('that contains itself fails the request, and not the call before', async () => {
    const parameters: { self?: unknown } = {}
    parameters.self = parameters
    await withCluster(load('neobolt'), {}, async (driver) => {
      const session = driver.session({ auth: { scheme: 'x', credentials: 'y', parameters } })
      await assert.rejects(session.run('RETURN 1'), { code: 'ProtocolError', message: /\(in auth\.parameters/ })
    })
  })
})

describe('a leak detection threshold beyond what timers count to', () => {
  it('is as long as they can', async () => {
    const lines: string[] = []
    const peer = await startTakingPeer()
    const warnings: Error[] = []
    const warned = (warning: Error): number => warnings.push(warning)
    process.on('warning', warned)
    const driver = load('neobolt').driver(peer.uri, undefined, {
      leakDetectionThreshold: 2 ** 40,
      logging: { level: 'warn', logger: (_level: string, line: string) => lines.push(line) },
    } as Config)
    try {
      const transaction = await driver.session().beginTransaction()
      await transaction.run('RETURN 1')
      await transaction.commit()
      await new Promise((resolve) => setImmediate(resolve))
    } finally {
      await driver.close()
      await peer.stop()
      process.off('warning', warned)
    }
    assert.deepEqual(lines, [])
    assert.deepEqual(
      warnings.filter(({ name }) => name === 'TimeoutOverflowWarning'),
      [],
    )
  })
})
