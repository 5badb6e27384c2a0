/**
 * Users and their passwords on real servers: sessions with users of their own, a password that changes while
 * the driver is in use, and verifyAuthentication. No user gets a wrong password three times, since the server
 * would then lock the user for a while.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AuthToken, Driver, Neo4jError } from 'neo4j-driver'
import { driversUnderTest, load, neoboltOnly } from '../support/drivers.js'
import { LTS, OLD, requires, useServer } from '../support/servers.js'
import { outcome } from '../support/snapshot.js'

const server = useServer(LTS)
const old = useServer(OLD)

const NO_USER_SWITCH = 'Driver is connected to a database that does not support user switch.'
const WRONG = {
  rejects: {
    name: 'Neo4jError',
    message: 'The client is unauthorized due to authentication failure.',
    code: 'Neo.ClientError.Security.Unauthorized',
    gqlStatus: '50N42',
  },
}

for (const name of driversUnderTest) {
  describe(`users of ${name} on a real server`, requires({ server: LTS }), () => {
    const neo4j = load(name)
    const user = (principal: string, password = `${principal}-password`): AuthToken =>
      neo4j.auth.basic(`${principal}_${name.replace('-', '_')}`, password)
    let admin: Driver

    const system = (query: string, parameters: object) => admin.executeQuery(query, parameters, { database: 'system' })
    const whoIs = async (driver: Driver, auth?: AuthToken): Promise<unknown> => {
      const { records } = await driver.executeQuery('SHOW CURRENT USER YIELD user', {}, { database: 'system', auth })
      return records[0].get('user')
    }

    before(async () => {
      const { uri, user: principal, password } = server()
      admin = neo4j.driver(uri, neo4j.auth.basic(principal, password), { maxConnectionPoolSize: 1 })
      for (const each of ['alice', 'bob', 'carol', 'dora']) {
        const { principal: created, credentials } = user(each)
        await system('CREATE OR REPLACE USER $created SET PASSWORD $credentials CHANGE NOT REQUIRED', {
          created,
          credentials,
        })
      }
    })
    after(() => admin.close())

    test('sessions of several users take turns on one connection', async () => {
      const [alice, bob] = [user('alice'), user('bob')]
      const seen = []
      for (const auth of [alice, bob, undefined, alice, undefined]) seen.push(await whoIs(admin, auth))
      const { user: own } = server()
      assert.deepEqual(seen, [alice.principal, bob.principal, own, alice.principal, own])
    })

    test('a wrong password is found out by verifyAuthentication, and leaves the driver as it was', async () => {
      assert.equal(await admin.verifyAuthentication({ auth: user('bob') }), true)
      // The official driver checks only if the connection was used in between.
      assert.equal(await whoIs(admin), server().user)
      assert.equal(await admin.verifyAuthentication({ auth: user('bob', 'wrong') }), false)
      assert.equal(await whoIs(admin), server().user)
      assert.equal(await admin.supportsSessionAuth(), true)
    })

    test('a password that changes while the driver is in use is fetched anew', async () => {
      let password = 'carol-password'
      let fetched = 0
      const manager = neo4j.authTokenManagers.basic({
        tokenProvider: async () => {
          fetched++
          return user('carol', password)
        },
      })
      const driver = neo4j.driver(server().uri, manager)
      try {
        const carol = user('carol').principal
        assert.equal(await whoIs(driver), carol)
        password = 'another-password'
        await system('ALTER USER $carol SET PASSWORD $password CHANGE NOT REQUIRED', { carol, password })
        // Open connections stay authenticated; the manager is called about the change as if the server had
        // reported it.
        assert.equal(manager.handleSecurityException(user('carol'), 'Neo.ClientError.Security.Unauthorized'), true)
        assert.equal(await whoIs(driver), carol)
        assert.equal(fetched, 2)
        assert.equal(await driver.verifyAuthentication(), true)
      } finally {
        await driver.close()
      }
    })

    // With retries, one of them takes half a minute.
    test('a token that the server cannot read fails at once, and is not retried', { timeout: 60_000 }, async () => {
      const { user: principal } = server()
      const tokens = [
        neo4j.auth.basic(principal, null as unknown as string),
        neo4j.auth.basic(null as unknown as string, 'password'),
        neo4j.auth.bearer(null as unknown as string),
        { scheme: 'basic', principal, credentials: ['password'] as unknown as string },
        { scheme: 'basic', principal, credentials: { a: 1 } as unknown as string },
      ]
      for (const token of tokens) {
        const driver = neo4j.driver(server().uri, token)
        try {
          await assert.rejects(driver.executeQuery('RETURN 1'), (error: Neo4jError) => {
            assert.match(error.message, /^Connection was closed by server/)
            // Ours names the entry, and never its content.
            if (name === 'neobolt')
              assert.match(error.message, /: its '(credentials|principal)' is (null|a list|a map)$/)
            assert.deepEqual([error.code, error.retryable], ['ProtocolError', false])
            return true
          })
        } finally {
          await driver.close()
        }
      }
    })

    test('what a manager throws is what the query rejects with', async () => {
      const error = new Error('the safe is locked')
      const getToken = () => Promise.reject(error)
      const driver = neo4j.driver(server().uri, { getToken, handleSecurityException: () => false })
      try {
        await assert.rejects(driver.executeQuery('RETURN 1'), (reason) => reason === error)
      } finally {
        await driver.close()
      }
    })
  })
}

describe('where the official driver is wrong about users', requires({ server: LTS }), () => {
  test('a wrong password on a connection that was verified and not used', async () => {
    const answers: { [name: string]: boolean } = {}
    for (const name of driversUnderTest) {
      const neo4j = load(name)
      const { uri, user, password } = server()
      const driver = neo4j.driver(uri, neo4j.auth.basic(user, password))
      try {
        await driver.verifyConnectivity()
        answers[name] = await driver.verifyAuthentication({ auth: neo4j.auth.basic(`nobody_${name}`, 'wrong') })
      } finally {
        await driver.close()
      }
    }
    const expected: { [name: string]: boolean } = { 'neo4j-driver': true, neobolt: false }
    assert.deepEqual(answers, Object.fromEntries(driversUnderTest.map((name) => [name, expected[name]])))
  })

  test(
    'a wrong password of a session is an error with the code of the server, also on a pooled connection',
    neoboltOnly,
    async () => {
      const neo4j = load('neobolt')
      const { uri, user, password } = server()
      const driver = neo4j.driver(uri, neo4j.auth.basic(user, password), { maxConnectionPoolSize: 1 })
      try {
        await driver.executeQuery('RETURN 1')
        const session = driver.session({ auth: neo4j.auth.basic('nobody', 'wrong') })
        assert.deepEqual(await outcome(() => session.run('RETURN 1')), WRONG)
        await session.close()
        await driver.executeQuery('RETURN 1')
      } finally {
        await driver.close()
      }
    },
  )
})

for (const name of driversUnderTest) {
  test(`${name}: Neo4j 4.4 does not let users change`, requires({ server: OLD }), async (context) => {
    const neo4j = load(name)
    const { uri, user, password } = old()
    const driver = neo4j.driver(uri, neo4j.auth.basic(user, password))
    context.after(() => driver.close())
    const refused = { rejects: { name: 'Neo4jError', message: NO_USER_SWITCH, code: 'N/A', gqlStatus: '50N42' } }
    const auth = neo4j.auth.basic(user, password)
    for (let round = 0; round < 2; round++) {
      assert.deepEqual(await outcome(() => driver.session({ auth }).run('RETURN 1')), refused)
      assert.deepEqual(await outcome(() => driver.verifyAuthentication({ auth })), refused)
      await driver.executeQuery('RETURN 1')
    }
    assert.equal(await driver.supportsSessionAuth(), false)
  })
}
