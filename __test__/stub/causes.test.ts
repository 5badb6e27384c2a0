/**
 * Errors that name what is wrong, and waits that end: with peers and functions of an application that do not
 * occur with a healthy server.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import type { Neo4jError } from 'neo4j-driver'
import { entry, load, neoboltOnly } from '../support/drivers.js'
import { client, ignored, record, type Step, startPeer, success } from '../support/stub-server.js'

const neo4j = load('neobolt')
const AUTH = neo4j.auth.basic('neo4j', 'password')

/** The error of a query. */
async function failureOf(uri: string, config: object, auth = AUTH): Promise<Neo4jError> {
  const driver = neo4j.driver(uri, auth, config)
  try {
    return await driver.executeQuery('RETURN 1').then(
      () => assert.fail('it should not work'),
      (error) => error,
    )
  } finally {
    await driver.close()
  }
}

test('a process that is out of descriptors is told so, and not of an I/O error', {
  skip: process.platform === 'win32' || neoboltOnly.skip,
}, async () => {
  // The server there is gone.
  const peer = await startPeer([[]])
  await peer.stop()
  const program = `
    const fs = require('node:fs')
    const neo4j = require(${JSON.stringify(entry('neobolt'))})
    const driver = neo4j.driver(${JSON.stringify(peer.uri)}, neo4j.auth.basic('a', 'b'), { maxTransactionRetryTime: 0 })
    driver.executeQuery('RETURN 1').catch(() => {}).then(async () => {
      // Whatever the engine starts with is there by now; then all that is left is taken.
      const held = []
      try { for (;;) held.push(fs.openSync('/dev/null')) } catch {}
      const error = await driver.session().run('RETURN 1').then(() => 'no error', (error) => error.message)
      for (const fd of held) fs.closeSync(fd)
      console.log(error)
      await driver.close()
    })`
  const { stdout, stderr } = spawnSync('sh', ['-c', 'ulimit -n 64; exec "$0" -e "$1"', process.execPath, program], {
    encoding: 'utf8',
    timeout: 30_000,
  })
  assert.match(stdout, /Caused by: connect EMFILE 127\.0\.0\.1:\d+/, stderr)
})

test(
  'a record over maxMessageSize is told by the name of the setting, its value and what is known of the size',
  neoboltOnly,
  async (t) => {
    const steps = (): Step[] => [
      client('BEGIN'),
      success(),
      client('RUN'),
      success({ fields: ['n'] }),
      client('PULL'),
      record('x'.repeat(200_000)),
      success({}),
    ]
    const peer = await startPeer(() => steps())
    t.after(() => peer.stop())
    const error = await failureOf(peer.uri, { maxMessageSize: 100_000, maxTransactionRetryTime: 0 })
    assert.equal(error.code, 'ProtocolError')
    assert.equal(error.retryable, false)
    assert.match(
      error.message,
      /^A message of the server is longer than maxMessageSize, which is 100000 bytes: it has at least 1\d{5}\. /,
    )
  },
)

test(
  'a query that the server ignores without a reason fails with what that means, and is not sent again',
  neoboltOnly,
  async (t) => {
    const peer = await startPeer(() => [client('RUN'), ignored()])
    t.after(() => peer.stop())
    const driver = neo4j.driver(peer.uri, AUTH)
    t.after(() => driver.close())
    const session = driver.session()
    await assert.rejects(async () => await session.run('RETURN 1'), {
      name: 'Neo4jError',
      code: 'ProtocolError',
      retryable: false,
      message:
        'Server ignored RUN, although nothing had failed before. A server does so where something fails in it that it ' +
        'cannot tell, such as a query that nests too deeply for its memory; its log may say more',
    })
    await peer.idle()
    assert.equal(peer.count('RUN'), 1)
  },
)

test(
  'a server that accepts and says nothing is given up with the acquisition timeout, which says what it was waiting for',
  neoboltOnly,
  async (t) => {
    const peer = await startPeer([[]], { handshake: 'silent' })
    t.after(() => peer.stop())
    const error = await failureOf(peer.uri, { connectionTimeout: 1000, connectionAcquisitionTimeout: 1000 })
    assert.equal(
      error.message,
      'Connection acquisition timed out in 1000 ms. Pool status: Active conn count = 0, Idle conn count = 0. ' +
        'The server has accepted the connection, and has not answered the handshake.',
    )
    assert.deepEqual([error.code, error.retryable], ['N/A', false])
  },
)

test(
  'functions of the application that never settle are given up with the acquisition timeout, and asked again',
  neoboltOnly,
  async (t) => {
    const peer = await startPeer([[]], { tls: {} })
    t.after(() => peer.stop())
    const asked: string[] = []
    const never = (what: string) => () => {
      asked.push(what)
      return new Promise<never>(() => {})
    }
    const times = { connectionTimeout: 2000, connectionAcquisitionTimeout: 2000, maxTransactionRetryTime: 0 }
    const plain = await startPeer([[]])
    t.after(() => plain.stop())
    const manager = { getToken: never('token'), handleSecurityException: () => false }
    const provider = { hasUpdate: never('certificate'), getClientCertificate: never('certificate') }
    const cases: [what: string, config: object, sentence: string, uri: string, auth?: object][] = [
      [
        'resolver',
        { resolver: never('resolver') },
        'The resolver has not answered.',
        plain.uri.replace('bolt', 'neo4j'),
      ],
      ['token', {}, 'The auth token manager has not given a token.', plain.uri, manager],
      [
        'certificate',
        { clientCertificate: provider },
        'The client certificate provider has not answered',
        peer.uri.replace('bolt', 'bolt+ssc'),
      ],
    ]
    const tried = cases.map(async ([what, config, sentence, uri, auth]) => {
      const driver = neo4j.driver(uri, (auth as typeof AUTH) ?? AUTH, { ...times, ...config })
      for (let times = 1; times <= 2; times++) {
        await assert.rejects(driver.verifyConnectivity(), (error: Neo4jError) => {
          assert.match(error.message, /^Connection acquisition timed out in 2000 ms\. Pool status: /)
          assert.ok(error.message.includes(sentence), error.message)
          return true
        })
        assert.equal(asked.filter((each) => each === what).length, times)
      }
      await driver.close()
    })
    await Promise.all(tried)
  },
)
