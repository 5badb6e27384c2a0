/** `neo4j://` to real servers. A server on its own answers for its whole cluster. */
import { differential } from '../support/differential.js'
import { LTS, NEWEST, type Neo4jVersion, requires, type ServerAddress, useServer } from '../support/servers.js'

for (const version of [LTS, NEWEST] satisfies Neo4jVersion[]) {
  const server = useServer(version)
  const cluster = (): ServerAddress => ({ ...server(), uri: server().uri.replace('bolt://', 'neo4j://') })
  const needs = requires({ server: version })

  differential(
    `R1: the only server of ${version} routes, reads and writes`,
    cluster,
    async ({ driver, label, server }) => {
      const session = driver.session()
      const written = await session.executeWrite((tx) => tx.run(`CREATE (n:${label} {x: 1}) RETURN n.x AS x`))
      const read = await session.executeRead((tx) => tx.run(`MATCH (n:${label}) RETURN count(n) AS n`))
      const alone = await session.run('RETURN 1')
      const transaction = session.beginTransaction()
      const explicit = await transaction.run('RETURN 2')
      await transaction.commit()
      await session.close()
      const { summary } = await driver.executeQuery('RETURN 3', {}, { routing: 'READ', database: 'neo4j' })
      const seen = [written.summary, read.summary, alone.summary, explicit.summary, summary]
      return [
        read.records[0].get('n').toNumber(),
        ...seen.map(({ database, server: { address } }) => `${database.name} ${server.uri.endsWith(address ?? '-')}`),
      ]
    },
    [1, ...Array(5).fill('neo4j true')],
    needs,
  )

  differential(
    `R2: what a driver of ${version} tells of the servers`,
    cluster,
    async ({ driver, server }) => {
      const info = await driver.getServerInfo({ database: 'neo4j' })
      return [
        await driver.verifyConnectivity(),
        server.uri.endsWith(info.address ?? '-'),
        `${info.protocolVersion}` === `${await driver.getNegotiatedProtocolVersion()}`,
        await driver.verifyAuthentication(),
        await driver.supportsMultiDb(),
        await driver.supportsTransactionConfig(),
        await driver.supportsUserImpersonation(),
        await driver.supportsSessionAuth(),
        driver._supportsRouting(),
      ]
    },
    [undefined, true, true, true, true, true, true, true, true],
    needs,
  )

  differential(
    `R3: an absent database of ${version} is known by the code of the router`,
    cluster,
    async ({ driver, neo4j }) => {
      const codes: unknown[] = []
      const note = (error: unknown): void => {
        codes.push([error instanceof neo4j.Neo4jError, (error as { code: string }).code])
      }
      await driver.verifyConnectivity({ database: 'absent' }).catch(note)
      await driver.executeQuery('RETURN 1', {}, { database: 'absent' }).catch(note)
      const session = driver.session({ database: 'absent' })
      await session.run('RETURN 1').catch(note)
      await session.close()
      return codes
    },
    Array(3).fill([true, 'Neo.ClientError.Database.DatabaseNotFound']),
    needs,
  )

  differential(
    `R4: where nobody answers, all of ${version} is as good as gone`,
    cluster,
    async ({ neo4j }) => {
      const nobody = neo4j.driver('neo4j://127.0.0.1:1', neo4j.auth.basic('neo4j', 'x'), { maxTransactionRetryTime: 0 })
      try {
        const failure = await nobody
          .session()
          .run('RETURN 1')
          .catch((error) => error)
        const cause = failure.cause as { name: string; code: string; message: string }
        return [
          failure.code,
          failure.message.replace(/\d{5,}/g, 'NOW'),
          cause.name,
          cause.code,
          cause.message.includes('ECONNREFUSED 127.0.0.1:1'),
        ]
      } finally {
        await nobody.close()
      }
    },
    [
      'ServiceUnavailable',
      'Could not perform discovery. No routing servers available. Known routing table: RoutingTable[database=default ' +
        'database, expirationTime=0, currentTime=NOW, routers=[], readers=[], writers=[]]',
      'Neo4jError',
      'SessionExpired',
      true,
    ],
    needs,
  )

  differential(
    `R5: a resolver of ${version} is asked with the address of the URL, and may be wrong`,
    cluster,
    async ({ connect, neo4j, server }) => {
      const asked: string[] = []
      const there = server.uri.replace('neo4j://', '')
      const auth = neo4j.auth.basic(server.user, server.password)
      const found = neo4j.driver('neo4j://made.up:1', auth, {
        resolver: async (address: string) => {
          asked.push(address)
          return ['127.0.0.1:1', there]
        },
      })
      const outcomes: unknown[] = []
      try {
        await found.verifyConnectivity({ database: 'neo4j' }).then(
          () => outcomes.push('reached'),
          (error) => outcomes.push(error.code),
        )
      } finally {
        await found.close()
      }
      const thrown = new Error('mine')
      for (const resolver of [() => Promise.reject(thrown), () => 'no list']) {
        const lost = connect({ resolver: resolver as never })
        await lost.verifyConnectivity().catch((error) => outcomes.push(error === thrown || `${error}`))
      }
      return [asked, outcomes]
    },
    [
      ['made.up:1'],
      [
        // The server names itself as the URL does.
        'SessionExpired',
        true,
        'TypeError: Configured resolver function should either return an array of addresses or a Promise resolved with ' +
          "an array of addresses.Each address is '<host>:<port>'. Got: no list",
      ],
    ],
    needs,
  )
}
