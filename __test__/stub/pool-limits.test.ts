/**
 * The limits of a pool, at a scripted server, with both drivers: how many connections, for how long, how long
 * idle, how long silent; and security failures.
 */
import assert from 'node:assert/strict'
import type { Config, Driver } from 'neo4j-driver'
import { obliging, type Reply } from '../support/cluster.js'
import { agreement, replaced } from '../support/differential.js'
import type { Neo4j } from '../support/drivers.js'
import { outcome } from '../support/snapshot.js'
import { cut, failure, hold, type Peer, type PeerOptions, stall, startPeer } from '../support/stub-server.js'
import { failureOf } from '../support/versions.js'

interface Setup {
  config?: Config
  options?: Omit<PeerOptions, 'reply'>
  /** The server's answers ahead of everything else. */
  reply?: Reply
  parallel?: boolean
}

interface Scene {
  neo4j: Neo4j
  driver: Driver
  peer: Peer
}

function scene<T>(title: string, setup: () => Setup, script: (scene: Scene) => Promise<T>, expected: T): void {
  agreement(
    title,
    async (neo4j) => {
      const { config = {}, options = {}, reply } = setup()
      const good = obliging('5.8')
      const peer = await startPeer([[]], {
        version: '5.8',
        ...options,
        reply: (name, fields, connection) => reply?.(name, fields, connection) ?? good(name, fields, connection),
      })
      const driver = neo4j.driver(peer.uri, neo4j.auth.basic('neo4j', 'password'), {
        maxTransactionRetryTime: 0,
        ...config,
      })
      try {
        return replaced(await script({ neo4j, driver, peer }), undefined, peer) as T
      } finally {
        await driver.close()
        await peer.stop()
      }
    },
    (seen) => assert.deepEqual(seen, expected),
    { parallel: true },
  )
}

/** One query on a session of its own: the number of its records, or the code and the text of the error. */
async function run(driver: Driver, query = 'RETURN 1'): Promise<unknown> {
  const session = driver.session()
  const found = await session.run(query).then(
    ({ records }) => records.length,
    (error) => [error.code, error.message.trimEnd()],
  )
  await session.close()
  return found
}

/** The names of all requests, without the handshake and the other messages of a query. */
function names(peer: Peer): string[] {
  return peer.names().filter((name) => !['HELLO', 'LOGON', 'PULL', 'GOODBYE'].includes(name))
}

for (const size of [1, 2, 5]) {
  scene(
    `a pool of ${size} is full: who waits in vain is told so, with the numbers, and nothing is lost`,
    () => ({ config: { maxConnectionPoolSize: size, connectionAcquisitionTimeout: 1500 } }),
    async ({ driver, peer }) => {
      const held = await Promise.all(
        Array.from({ length: size }, async () => {
          const session = driver.session()
          return [session, await session.beginTransaction()] as const
        }),
      )
      const waiting = await Promise.all([run(driver), run(driver)])
      for (const [session, tx] of held) {
        await tx.rollback()
        await session.close()
      }
      return [waiting, await Promise.all([run(driver), run(driver)]), peer.connections]
    },
    [
      Array(2).fill([
        'N/A',
        `Connection acquisition timed out in 1500 ms. Pool status: Active conn count = ${size}, Idle conn count = 0.`,
      ]),
      [1, 1],
      size,
    ],
  )
}

for (const [title, timeout, resets] of [
  ['asked about before it is used again, where that is due at once', 0, 2],
  ['not asked about where it has not been idle for long', 60_000, 0],
  ['never asked about where that was not wished for', undefined, 0],
] as const) {
  scene(
    `an idle connection is ${title}`,
    () => ({ config: timeout === undefined ? {} : { connectionLivenessCheckTimeout: timeout } }),
    async ({ driver, peer }) => [
      await run(driver),
      await run(driver),
      await run(driver),
      peer.connections,
      peer.count('RESET'),
    ],
    [1, 1, 1, 1, resets],
  )
}

for (const [title, answer] of [
  ['hangs up', cut()],
  ['fails', failure('Neo.DatabaseError.General.UnknownError', 'no')],
] as const) {
  scene(
    `a server that ${title} when it is asked whether it is there: the query runs on another connection`,
    () => ({
      config: { connectionLivenessCheckTimeout: 0 },
      reply: (name, _, { number }) => (name === 'RESET' && number === 0 ? [answer] : undefined),
    }),
    async ({ driver, peer }) => [await run(driver), await run(driver), await run(driver), peer.connections],
    [1, 1, 1, 2],
  )
}

scene(
  'a connection past its lifetime is not used again, and is taken leave of; one within it is',
  () => ({ config: { maxConnectionLifetime: 1 } }),
  async ({ driver, peer }) => {
    const seen = [await run(driver)]
    const began = Date.now()
    while (Date.now() < began + 5) await new Promise(setImmediate)
    seen.push(await run(driver))
    await driver.close()
    await peer.idle()
    return [seen, peer.connections, peer.count('GOODBYE')]
  },
  [[1, 1], 2, 2],
)

const silent = (milliseconds: number): string =>
  'Failed to connect to server. Please ensure that your database is listening on the correct host and port and that you have compatible encryption ' +
  'settings both on Neo4j server and driver. Note that the default encryption setting has changed in Neo4j 4.0. ' +
  `Caused by: Connection lost. Server didn't respond in ${milliseconds}ms`

for (const at of ['RUN', 'BEGIN', 'COMMIT'] as const) {
  scene(
    `a server that falls silent at ${at} is given up after the time of its own hint, and another connection serves`,
    () => ({
      options: { hello: { hints: { 'connection.recv_timeout_seconds': 1 } } },
      reply: (name, _, { number }) => (name === at && number === 0 ? [stall()] : undefined),
    }),
    async ({ driver, peer }) => {
      const session = driver.session()
      const failed = await outcome(async () => {
        if (at === 'RUN') return session.run('RETURN 1')
        const tx = await session.beginTransaction()
        await tx.run('RETURN 1')
        return tx.commit()
      })
      await session.close()
      return [failed, await run(driver), peer.connections]
    },
    [{ rejects: { name: 'Neo4jError', message: silent(1000), code: 'ServiceUnavailable', gqlStatus: '50N42' } }, 1, 2],
  )
}

for (const hint of [0, -1, 'soon', null, 1.5, { much: true }]) {
  scene(
    `a hint of ${JSON.stringify(hint)} seconds is no hint`,
    () => {
      const good = obliging('5.8')
      // A slow server: the hint would have ended the query by then.
      const limit = typeof hint === 'number' && hint > 0 ? hint * 1000 : 0
      const later = new Promise<void>((resolve) => setTimeout(resolve, limit + 200))
      return {
        options: { hello: { hints: { 'connection.recv_timeout_seconds': hint } } },
        reply: (name, fields, connection) => {
          const answer = good(name, fields, connection)
          return name === 'RUN' && answer !== undefined ? [hold(later), ...answer] : answer
        },
      }
    },
    async ({ driver, peer }) => [await run(driver), await run(driver), peer.connections],
    [1, 1, 1],
  )
}

for (const [code, connections, retried] of [
  ['Neo.ClientError.Security.AuthorizationExpired', 2, true],
  ['Neo.ClientError.Security.TokenExpired', 2, false],
  ['Neo.ClientError.Security.Unauthorized', 2, false],
  ['Neo.ClientError.Security.MadeUp', 2, false],
  ['Neo.ClientError.Statement.SyntaxError', 1, false],
] as const) {
  scene(
    `after ${code} the connection is ${connections === 2 ? 'closed' : 'kept'}, and the error is ${retried ? '' : 'not '}worth another try`,
    () => {
      let failures = 0
      return { reply: (name) => (name === 'RUN' && failures++ === 0 ? [failureOf('5.8', code, 'no')] : undefined) }
    },
    async ({ driver, peer }) => {
      const session = driver.session()
      const error = await session.run('RETURN 1').then(
        () => null,
        (reason) => reason,
      )
      await session.close()
      return [error.code, error.retryable, await run(driver), await run(driver), peer.connections, names(peer)]
    },
    [code, retried, 1, 1, connections, connections === 2 ? ['RUN', 'RUN', 'RUN'] : ['RUN', 'RESET', 'RUN', 'RUN']],
  )
}
