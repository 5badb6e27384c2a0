/**
 * Failures outside of the queries, on a real server and in programs of their own: each gives the official
 * error code, at once or after its timeout, nothing hangs, and the process exits by itself.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { runChild } from '../support/child.js'
import { holdPort } from '../support/closed-port.js'
import { differential } from '../support/differential.js'
import { type DriverName, driversUnderTest, load } from '../support/drivers.js'
import { type Neo4jServer, startServer, useServer } from '../support/servers.js'
import { brief, outcome } from '../support/snapshot.js'
import { type Peer, startPeer } from '../support/stub-server.js'

const server = useServer()

const CONNECT =
  'Failed to connect to server. Please ensure that your database is listening on the correct host and port and that you have compatible encryption settings both on Neo4j server and driver. Note that the default encryption setting has changed in Neo4j 4.0. Caused by: '

const POOL_CLOSED = {
  rejects: {
    name: 'Neo4jError',
    message: 'Pool is closed, it is no more able to serve requests.',
    code: 'N/A',
    gqlStatus: '50N42',
  },
}

differential(
  'a wrong password is rejected with the code of the server, by every kind of call, and the driver can be closed',
  server,
  async ({ neo4j, server: { uri } }) => {
    const driver = neo4j.driver(uri, neo4j.auth.basic('stranger', 'wrong'))
    const session = driver.session()
    const calls = [
      () => driver.verifyConnectivity(),
      () => driver.executeQuery('RETURN 1'),
      () => session.run('RETURN 1'),
      () => session.executeRead((tx) => tx.run('RETURN 1')),
      () => session.beginTransaction(),
    ]
    const outcomes: unknown[] = []
    for (const call of calls) outcomes.push(await outcome(call))
    await session.close()
    await driver.close()
    return outcomes
  },
  Array(5).fill({
    rejects: {
      name: 'Neo4jError',
      message: 'The client is unauthorized due to authentication failure.',
      code: 'Neo.ClientError.Security.Unauthorized',
      gqlStatus: '50N42',
    },
  }),
)

differential(
  'a port that nobody listens on is ServiceUnavailable at once',
  server,
  async ({ neo4j }) => {
    const { port, free } = await holdPort()
    const driver = neo4j.driver(`bolt://127.0.0.1:${port}`, neo4j.auth.basic('neo4j', 'x'))
    const started = performance.now()
    const session = driver.session()
    const outcomes = [await outcome(() => driver.verifyConnectivity()), await outcome(() => session.run('RETURN 1'))]
    await session.close()
    await driver.close()
    free()
    // Not after the acquisition timeout of a minute.
    const atOnce = performance.now() - started < 15_000
    return [JSON.parse(JSON.stringify(outcomes).replaceAll(String(port), 'PORT')), atOnce]
  },
  [
    Array(2).fill({
      rejects: {
        name: 'Neo4jError',
        message: `${CONNECT}connect ECONNREFUSED 127.0.0.1:PORT`,
        code: 'ServiceUnavailable',
        gqlStatus: '50N42',
      },
    }),
    true,
  ],
)

differential(
  'a host that does not exist is ServiceUnavailable',
  server,
  async ({ neo4j }) => {
    const driver = neo4j.driver('bolt://neobolt-test.invalid', neo4j.auth.basic('neo4j', 'x'))
    const failed = await outcome(() => driver.verifyConnectivity())
    await driver.close()
    const { rejects } = failed as { rejects: { code: string; message: string } }
    // Whether a resolver reports that the name does not exist, or that it cannot tell, depends on the
    // network.
    return [rejects.code, rejects.message.replace(/EAI_AGAIN|ENOTFOUND/, 'ERROR')]
  },
  ['ServiceUnavailable', `${CONNECT}getaddrinfo ERROR neobolt-test.invalid`],
)

differential(
  'a Cypher syntax error comes at once and does not cost the connection',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const failed = await outcome(() => session.run('RETRUN 1'))
    const next = await session.run('RETURN 1 AS n')
    await session.close()
    return [(failed as { rejects: { code: string } }).rejects.code, next.records.length]
  },
  ['Neo.ClientError.Statement.SyntaxError', 1],
)

differential(
  'a closed driver refuses everything at once',
  server,
  async ({ neo4j, server: { uri, user, password } }) => {
    const driver = neo4j.driver(uri, neo4j.auth.basic(user, password))
    const session = driver.session()
    await session.run('RETURN 1')
    await driver.close()
    await driver.close()
    return [
      await outcome(() => session.run('RETURN 1')),
      await outcome(() => session.executeRead((tx) => tx.run('RETURN 1'))),
      await outcome(() => driver.executeQuery('RETURN 1')),
      await outcome(() => driver.verifyConnectivity()),
      await outcome(() => driver.session().run('RETURN 1')),
    ]
  },
  [POOL_CLOSED, POOL_CLOSED, POOL_CLOSED, POOL_CLOSED, POOL_CLOSED],
  { parallel: true },
)

describe('a server that accepts and says nothing', () => {
  let peer: Peer
  before(async () => {
    peer = await startPeer([[]], { handshake: 'silent' })
  })
  after(() => peer.stop())

  for (const name of driversUnderTest) {
    test(`${name}: the acquisition of a connection times out`, { timeout: 90_000 }, async () => {
      const neo4j = load(name)
      const driver = neo4j.driver(peer.uri, neo4j.auth.basic('neo4j', 'x'), {
        connectionAcquisitionTimeout: 1000,
        connectionTimeout: 500,
      })
      const started = performance.now()
      let caught: unknown
      try {
        await driver.executeQuery('RETURN 1')
      } catch (error) {
        caught = brief(error)
      }
      const took = performance.now() - started
      await driver.close()
      assert.deepEqual(caught, {
        name: 'Neo4jError',
        message:
          'Connection acquisition timed out in 1000 ms. Pool status: Active conn count = 0, Idle conn count = 0.' +
          // Ours adds what the server has not done.
          (name === 'neobolt' ? ' The server has accepted the connection, and has not answered the handshake.' : ''),
        code: 'N/A',
        gqlStatus: '50N42',
      })
      // Not after connectionTimeout, nor after the default of a minute; on a busy machine a timer is late.
      assert.ok(took >= 950 && took < 10_000, `it took ${took} ms`)
    })
  }
})

describe('a server that is killed in mid-stream', () => {
  let own: Neo4jServer
  before(async () => {
    own = await startServer()
  })
  after(() => own.stop())

  test('ends every kind of query under way, and later ones, with ServiceUnavailable', {
    timeout: 120_000,
  }, async () => {
    const endless = 'UNWIND range(1, 1000000000) AS i RETURN i'
    const under = driversUnderTest.map((name) => {
      const neo4j = load(name)
      return {
        name,
        driver: neo4j.driver(own.uri, neo4j.auth.basic(own.user, own.password), { maxTransactionRetryTime: 0 }),
      }
    })
    try {
      const streams = under.map(({ name, driver }) => {
        let flows: () => void = () => {}
        const flowing = new Promise<void>((resolve) => {
          flows = resolve
        })
        const iterated = (async () => {
          let count = 0
          for await (const _ of driver.session({ fetchSize: 10 }).run(endless)) {
            if (++count === 25) {
              flows()
              await killed
            }
          }
        })()
        const subscribed = new Promise<void>((resolve, reject) => {
          driver
            .session()
            .run('UNWIND range(1, 1000000000) AS i WITH i WHERE i < 0 RETURN i')
            .subscribe({
              onCompleted: () => resolve(),
              onError: reject,
            })
        })
        return { name, flowing, ends: Promise.allSettled([iterated, subscribed]) }
      })
      let kill: () => void = () => {}
      const killed = new Promise<void>((resolve) => {
        kill = resolve
      })
      await Promise.all(streams.map(({ flowing }) => flowing))
      await own.kill()
      kill()
      for (const { name, ends } of streams) {
        const codes = (await ends).map((end) => (end.status === 'rejected' ? end.reason.code : end.status))
        assert.deepEqual(codes, ['ServiceUnavailable', 'ServiceUnavailable'], name)
      }
      for (const { name, driver } of under) {
        const later = (await outcome(() => driver.executeQuery('RETURN 1'))) as {
          rejects: { code: string; message: string }
        }
        assert.equal(later.rejects.code, 'ServiceUnavailable', name)
        assert.match(later.rejects.message, /ECONNREFUSED/, name)
      }
    } finally {
      await Promise.all(under.map(({ driver }) => driver.close()))
    }
  })
})

describe('the process exits by itself', () => {
  const exits = (title: string, body: string, expected: string, more: { drivers?: readonly DriverName[] } = {}) => {
    for (const name of (more.drivers ?? driversUnderTest).filter((each) => driversUnderTest.includes(each))) {
      test(`${name}: ${title}`, { timeout: 90_000 }, async () => {
        const { uri, user, password } = server()
        const child = await runChild(
          `const connect = (uri = input.uri, config) => neo4j.driver(uri, neo4j.auth.basic(input.user, input.password), config)
           ${body}`,
          { driver: name, input: { uri, user, password, silent: silent.uri } },
        )
        assert.deepEqual(
          { code: child.code, stdout: child.stdout.trim(), stderr: child.stderr },
          { code: 0, stdout: expected, stderr: '' },
        )
      })
    }
  }
  let silent: Peer
  before(async () => {
    silent = await startPeer([[]], { handshake: 'silent' })
  })
  after(() => silent.stop())

  exits(
    'after queries of every kind and close()',
    `const driver = connect()
     const session = driver.session()
     await session.run('RETURN 1')
     for await (const record of session.run('UNWIND range(1, 5000) AS i RETURN i')) if (record.get('i').toNumber() === 3) break
     await session.executeRead((tx) => tx.run('RETURN 1'))
     await session.close()
     await driver.executeQuery('RETURN 1')
     await driver.close()
     console.log('done')`,
    'done',
  )
  exits('of a driver that was never used nor closed', `connect(); console.log('done')`, 'done')
  exits(
    'after a wrong port',
    `const driver = connect('bolt://127.0.0.1:1')
     await driver.session().run('RETURN 1').catch((error) => console.log(error.code))
     await driver.close()`,
    'ServiceUnavailable',
  )
  exits(
    'after a server that says nothing',
    `const driver = connect(input.silent, { connectionAcquisitionTimeout: 300, connectionTimeout: 200 })
     await driver.executeQuery('RETURN 1').catch((error) => console.log(error.code))
     await driver.close()`,
    'N/A',
    // The official driver's process keeps running for as long as the silent server keeps the socket.
    { drivers: ['neobolt'] },
  )
  exits(
    'after a syntax error',
    `const driver = connect()
     await driver.executeQuery('RETRUN 1').catch((error) => console.log(error.code))
     await driver.close()`,
    'Neo.ClientError.Statement.SyntaxError',
  )
  exits(
    'after close() with a query in flight, which is rejected',
    `const driver = connect()
     const running = driver.session().run('UNWIND range(1, 1000000000) AS i WITH i WHERE i < 0 RETURN i')
     const ended = running.then(() => 'resolved', (error) => error.code)
     await driver.session().run('RETURN 1')
     await driver.close()
     console.log(await ended)`,
    'ServiceUnavailable',
    { drivers: ['neobolt'] },
  )
})
