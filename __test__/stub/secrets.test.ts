/**
 * Passwords, tokens and private keys go to the server and nowhere else: not into a log line of any level, not
 * into an error, its stack or its causes, and not into the output of `util.inspect` and JSON for any object
 * that an application can hold.
 */
import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { after, test } from 'node:test'
import { inspect } from 'node:util'
import { authority, certificate, certificateFolder } from '../support/certificates.js'
import { load, neoboltOnly } from '../support/drivers.js'
import {
  answer,
  client,
  failure,
  type Peer,
  type PeerOptions,
  record,
  type Step,
  startPeer,
  success,
} from '../support/stub-server.js'

const SECRETS = ['pa55word-of-the-driver', 'pa55word-of-the-key', 'bearer-t0ken', 'n3xt-password']
const [PASSWORD, KEY_PASSWORD, BEARER, NEXT] = SECRETS

const root = authority('Root')
const shown = certificate({ name: 'client', issuer: root })
const server = certificate({ hosts: ['localhost'], issuer: root })
const folder = certificateFolder()
after(folder.remove)
const clientCertificate = {
  certfile: folder.write('client.pem', shown.chain),
  keyfile: folder.write(
    'client.key',
    shown.privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: KEY_PASSWORD,
    }) as string,
  ),
  password: KEY_PASSWORD,
}
/** Lines of base 64 of the key, and its number as bytes are printed. */
const scalar = Buffer.from(createPrivateKey(shown.key).export({ format: 'jwk' }).d as string, 'base64url')
const KEY = [
  ...shown.key.split('\n').filter((line) => line.length > 20 && !line.startsWith('--')),
  scalar.toString('hex', 4, 12),
  [...scalar.subarray(4, 12)].join(', '),
  scalar.toString('hex', 4, 12).replace(/..(?=.)/g, '$& '),
]

const neo4j = load('neobolt')

/** Collects texts, and searches them. */
class Witness {
  readonly lines: string[] = []

  readonly logging = {
    level: 'debug' as const,
    logger: (_level: string, message: string) => void this.lines.push(message),
    unredactDebugLogs: true,
  }

  see(value: unknown): void {
    this.lines.push(
      inspect(value, {
        depth: 20,
        showHidden: true,
        getters: true,
        maxStringLength: null,
        maxArrayLength: null,
        showProxy: true,
      }),
    )
    for (let error = value; error instanceof Error; error = error.cause) {
      this.lines.push(`${error} ${error.stack} ${JSON.stringify(error)}`)
    }
    try {
      this.lines.push(JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? `${item}` : item)) ?? '')
    } catch {
      // A value that contains itself cannot be written as JSON.
    }
    this.lines.push(String(value))
  }

  assertClean(...expected: RegExp[]): void {
    const text = this.lines.join('\n')
    for (const each of expected) assert.match(text, each, 'the text to look through is there')
    for (const secret of [...SECRETS, ...KEY]) {
      const at = text.indexOf(secret)
      assert.equal(at, -1, at < 0 ? '' : text.slice(Math.max(0, at - 200), at + 60))
      // Nor encoded, as buffers are printed.
      const hex = Buffer.from(secret).toString('hex')
      assert.ok(!text.includes(hex) && !text.includes(hex.replace(/..(?=.)/g, '$& ')), secret)
    }
  }
}

async function withPeer<T>(dialogues: Step[][], options: PeerOptions, run: (peer: Peer) => Promise<T>): Promise<T> {
  const peer = await startPeer(dialogues, options)
  try {
    return await run(peer)
  } finally {
    await peer.stop()
  }
}

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => assert.fail('did not fail'),
    (error: unknown) => error,
  )

test('a driver with a password, in use, and all that it hands out', neoboltOnly, async () => {
  const witness = new Witness()
  const transaction = [
    client('BEGIN'),
    success(),
    client('RUN'),
    success({ fields: ['n'] }),
    client('PULL'),
    record(1),
    success({}),
  ]
  await withPeer([[...answer(['n'], [[1]]), ...transaction, client('ROLLBACK'), success()]], {}, async (peer) => {
    const driver = neo4j.driver(peer.uri, neo4j.auth.basic('neo4j', PASSWORD), { logging: witness.logging })
    const session = driver.session()
    const result = session.run('RETURN $x AS n', { x: 1 })
    const settled = await result
    const tx = await session.beginTransaction()
    const running = tx.run('RETURN 1 AS n')
    for (const each of [driver, session, driver.rxSession(), result, settled, settled.summary, tx, running, neo4j])
      witness.see(each)
    witness.see(await running)
    await tx.rollback()
    await session.close()
    await driver.close()
    witness.see(driver)
    // The peer received them, or else this would prove nothing.
    assert.match(JSON.stringify(peer.messages('LOGON')), new RegExp(PASSWORD as string))
  })
  witness.assertClean(/RETURN \$x AS n/, /LOGON/, /Driver \{/)
})

test('a bearer token, and one with a password in its parameters', neoboltOnly, async () => {
  const witness = new Witness()
  for (const token of [
    neo4j.auth.bearer(BEARER as string),
    neo4j.auth.custom('me', BEARER as string, '', 'own', { hint: PASSWORD }),
  ]) {
    for (const version of ['5.8', '5.0', '4.4']) {
      await withPeer([answer(['n'], [[1]])], { version }, async (peer) => {
        const driver = neo4j.driver(peer.uri, token, { logging: witness.logging })
        await driver.session().run('RETURN 1 AS n')
        witness.see(driver)
        await driver.close()
      })
    }
  }
  witness.assertClean(/HELLO/, /LOGON/)
})

test('a server that refuses the user, repeats nothing, breaks the protocol, or is not there', neoboltOnly, async () => {
  const witness = new Witness()
  const refusing = [client('LOGON'), failure('Neo.ClientError.Security.Unauthorized', 'wrong')]
  const garbage = [client('LOGON'), record('what')]
  for (const steps of [refusing, garbage]) {
    await withPeer([steps], {}, async (peer) => {
      const driver = neo4j.driver(peer.uri, neo4j.auth.basic('neo4j', PASSWORD), { logging: witness.logging })
      witness.see(await caught(driver.executeQuery('RETURN 1')))
      witness.see(driver)
      await driver.close()
    })
  }
  const peer = await startPeer([[]])
  await peer.stop()
  const driver = neo4j.driver(peer.uri, neo4j.auth.basic('neo4j', PASSWORD), {
    logging: witness.logging,
    maxTransactionRetryTime: 0,
  })
  witness.see(await caught(driver.executeQuery('RETURN 1')))
  await driver.close()
  witness.assertClean(/Unauthorized/, /ECONNREFUSED/)
})

test('a client certificate whose key has a password, in use', neoboltOnly, async () => {
  const witness = new Witness()
  const tls = { key: server.key, cert: server.chain, ca: root.pem, requestCert: true, rejectUnauthorized: true }
  await withPeer([answer(['n'], [[1]])], { tls }, async (peer) => {
    const provider = neo4j.clientCertificateProviders.rotating({ initialCertificate: clientCertificate })
    for (const certificate of [clientCertificate, provider]) {
      const driver = neo4j.driver(`bolt+ssc://localhost:${peer.port}`, neo4j.auth.basic('neo4j', PASSWORD), {
        logging: witness.logging,
        clientCertificate: certificate,
      })
      const session = driver.session()
      await session.run('RETURN 1 AS n')
      for (const each of [driver, session, provider]) witness.see(each)
      await driver.close()
    }
  })
  witness.assertClean(/Driver \{/, /TLS|encrypt/i)
})

test('client certificates that are wrong: the setting, the password, the key', neoboltOnly, async () => {
  const witness = new Witness()
  const make = (certificate: unknown) =>
    neo4j.driver('bolt+ssc://localhost:1', neo4j.auth.basic('neo4j', PASSWORD), {
      clientCertificate: certificate as never,
      logging: witness.logging,
      maxTransactionRetryTime: 0,
    })
  for (const wrong of [
    { ...clientCertificate, certfile: 5 },
    { certfile: 'a', keyfile: { path: 5, password: KEY_PASSWORD } },
    { certfile: 'a', keyfile: [{ path: 'b', password: KEY_PASSWORD }, { path: 5 }] },
  ]) {
    witness.see(await caught((async () => make(wrong))()))
    witness.see(
      await caught((async () => neo4j.clientCertificateProviders.rotating({ initialCertificate: wrong as never }))()),
    )
  }
  for (const certificate of [
    { ...clientCertificate, password: NEXT },
    { ...clientCertificate, certfile: '/absent.pem' },
    { ...clientCertificate, certfile: clientCertificate.keyfile },
    {
      ...clientCertificate,
      keyfile: folder.write('plain.key', shown.key),
      certfile: folder.write('other.pem', otherCertificate()),
    },
  ]) {
    const driver = make(certificate)
    witness.see(await caught(driver.executeQuery('RETURN 1')))
    witness.see(driver)
    await driver.close()
  }
  witness.assertClean(/clientCertificate should be configured/, /bad decrypt/, /ENOENT/, /\*\*\*\*\*\*/)
})

function otherCertificate(): string {
  return certificate({ name: 'other', issuer: root }).pem
}
