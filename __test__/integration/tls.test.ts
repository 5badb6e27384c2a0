/** Real servers with encrypted connections only, with certificates that the test makes. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { inBrief } from '../support/certificate-cases.js'
import { authority, type Certificate, certificate, certificateFolder } from '../support/certificates.js'
import { runChild } from '../support/child.js'
import { type DriverName, driversUnderTest, load } from '../support/drivers.js'
import { LTS, NEWEST, type Neo4jServer, requires, type ServerOptions, startServer } from '../support/servers.js'

const DAY = 86_400_000
const root = authority('Root')
const stranger = authority('Stranger')
const folder = certificateFolder()
after(folder.remove)
const ROOT = folder.write('root.pem', root.pem)
const STRANGER = folder.write('stranger.pem', stranger.pem)
const PATIENT = { connectionTimeout: 20_000, maxTransactionRetryTime: 0 }

/**
 * A driver's outcome at this server: the encryption that the server reports, or a short form of the error.
 */
async function outcome(
  name: DriverName,
  server: Neo4jServer,
  url: string,
  config: Record<string, unknown> = {},
): Promise<string> {
  const neo4j = load(name)
  const driver = neo4j.driver(
    url.replace('PORT', String(server.port)),
    neo4j.auth.basic(server.user, server.password),
    { ...PATIENT, ...config },
  )
  try {
    const { records } = await driver.executeQuery('UNWIND range(1, 5000) AS n RETURN n, toString(n) AS text')
    assert.equal(records.length, 5000)
    return driver.isEncrypted() ? 'encrypted' : 'plain'
  } catch (error) {
    return inBrief(error)
  } finally {
    await driver.close()
  }
}

const listing = (...paths: string[]): Record<string, unknown> => ({
  encrypted: true,
  trust: 'TRUST_CUSTOM_CA_SIGNED_CERTIFICATES',
  trustedCertificates: paths,
})

/**
 * What a program sees of a cluster: its readers and writers, and that every connection is encrypted; or a
 * short form of the error.
 */
const CLUSTER = `
  const { url, user, password, config, resolved } = input
  if (resolved) config.resolver = () => [resolved]
  const driver = neo4j.driver(url, neo4j.auth.basic(user, password), config)
  try {
    await driver.verifyConnectivity({ database: 'neo4j' })
    const seen = []
    for (const routing of ['READ', 'WRITE']) {
      const { summary } = await driver.executeQuery('UNWIND range(1, 5000) AS n RETURN n', {}, { routing })
      seen.push(routing, summary.server.address)
    }
    const { records } = await driver.executeQuery('CALL dbms.routing.getRoutingTable({}, "neo4j") YIELD servers')
    seen.push('advertised', records[0].get('servers')[0].addresses[0], driver.isEncrypted() ? 'encrypted' : 'plain')
    console.log(JSON.stringify({ seen }))
  } catch ({ name, code, message, cause }) {
    console.log(JSON.stringify({ error: { name, code, message }, cause: cause && { name: cause.name, code: cause.code, message: cause.message } }))
  } finally {
    await driver.close()
  }`

/** The outcome in short form, with PORT for the server's port. */
function routedOutcome(printed: string, port: number): string {
  const { seen, error, cause } = JSON.parse(printed)
  if (seen !== undefined) return seen.join(' ').replaceAll(`:${port}`, ':PORT')
  return error.message.startsWith('Could not perform discovery') ? `no router: ${inBrief(cause)}` : inBrief(error)
}

/** Like `both`, but through a routing table, in a process that trusts `trusted` besides Node's own list. */
function bothRouted(
  title: string,
  server: () => Neo4jServer,
  { url, config = {}, trusted, resolved }: { url: string; config?: object; trusted?: string; resolved?: string },
  expected: string | { theirs: string; ours: string },
): void {
  for (const driver of driversUnderTest) {
    test(`${title} (${driver})`, async () => {
      const { port, user, password } = server()
      const at = (address: string | undefined) => address?.replace('PORT', String(port))
      const input = { url: at(url), resolved: at(resolved), user, password, config: { ...PATIENT, ...config } }
      const env = { NODE_EXTRA_CA_CERTS: trusted }
      const { stdout, stderr, code } = await runChild(CLUSTER, { driver, input, env, timeout: 60_000 })
      assert.equal(code, 0, stderr)
      const texts = typeof expected === 'string' ? { theirs: expected, ours: expected } : expected
      assert.equal(routedOutcome(stdout, port), driver === 'neobolt' ? texts.ours : texts.theirs)
    })
  }
}

const prefixed = (prefix: string, { theirs, ours }: { theirs: string; ours: string }) => ({
  theirs: prefix + theirs,
  ours: prefix + ours,
})

/** The official driver's text equals ours, except for the sentence behind it. */
function both(
  title: string,
  server: () => Neo4jServer,
  [url, config]: [url: string, config?: Record<string, unknown>],
  expected: string | { theirs: string; ours: string },
): void {
  for (const name of driversUnderTest) {
    test(`${title} (${name})`, async () => {
      const texts = typeof expected === 'string' ? { theirs: expected, ours: expected } : expected
      const found = await outcome(name, server(), url, config)
      assert.equal(found, name === 'neobolt' ? texts.ours : texts.theirs)
    })
  }
}

const refused = (code: string, detail: string) => ({
  theirs: `not trusted: ${code}`,
  ours: `not trusted: ${code} (${detail})`,
})

/** A server of its own for the calling `describe`. */
function running(
  version: Neo4jServer['version'],
  shown: Certificate,
  more: Partial<ServerOptions['tls']> = {},
): () => Neo4jServer {
  let server: Neo4jServer | undefined
  before(async () => {
    server = await startServer(version, { tls: { key: shown.key, certificate: shown.chain, ...more } })
  })
  after(() => server?.stop())
  return () => server as Neo4jServer
}

for (const version of [LTS, NEWEST]) {
  describe(`Neo4j ${version} with the certificate of an authority`, requires({ server: version }), () => {
    const server = running(
      version,
      certificate({ hosts: ['localhost'], issuer: authority('Middle', { issuer: root }) }),
    )

    both('right', server, ['bolt://localhost:PORT', listing(ROOT)], 'encrypted')
    both(
      'wrong host',
      server,
      ['bolt://127.0.0.1:PORT', listing(ROOT)],
      refused('ERR_TLS_CERT_ALTNAME_INVALID', 'it is for localhost, not for 127.0.0.1'),
    )
    both(
      'unknown authority',
      server,
      ['bolt://localhost:PORT', listing(STRANGER)],
      refused('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its issuer, Root, is unknown'),
    )
    both(
      'unknown to this system',
      server,
      ['bolt+s://localhost:PORT'],
      refused('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its issuer, Root, is unknown'),
    )
    both('anybody is trusted', server, ['bolt+ssc://127.0.0.1:PORT'], 'encrypted')
    both('no encryption', server, ['bolt://localhost:PORT'], 'ServiceUnavailable: Connection was closed by server')

    const wrongHost = refused('ERR_TLS_CERT_ALTNAME_INVALID', 'it is for localhost, not for 127.0.0.1')
    const unknown = refused('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its issuer, Root, is unknown')
    // A server on its own names the address by which it was reached.
    const fine = (host: string) => `READ ${host}:PORT WRITE ${host}:PORT advertised localhost:PORT encrypted`
    bothRouted('neo4j+s, right', server, { url: 'neo4j+s://localhost:PORT', trusted: ROOT }, fine('localhost'))
    bothRouted('neo4j+s, unknown', server, { url: 'neo4j+s://localhost:PORT' }, prefixed('no router: ', unknown))
    bothRouted(
      'neo4j+s, another authority is trusted',
      server,
      { url: 'neo4j+s://localhost:PORT', trusted: STRANGER },
      prefixed('no router: ', unknown),
    )
    bothRouted(
      'neo4j+s, wrong host',
      server,
      { url: 'neo4j+s://127.0.0.1:PORT', trusted: ROOT },
      prefixed('no router: ', wrongHost),
    )
    bothRouted(
      'neo4j+s, right router, which names a wrong host',
      server,
      { url: 'neo4j+s://127.0.0.1:PORT', resolved: 'localhost:PORT', trusted: ROOT },
      wrongHost,
    )
    bothRouted('neo4j+ssc, wrong host', server, { url: 'neo4j+ssc://127.0.0.1:PORT' }, fine('127.0.0.1'))
    bothRouted('neo4j+ssc, unknown', server, { url: 'neo4j+ssc://localhost:PORT' }, fine('localhost'))
    bothRouted('neo4j, listed', server, { url: 'neo4j://localhost:PORT', config: listing(ROOT) }, fine('localhost'))
    bothRouted(
      'neo4j, another is listed',
      server,
      { url: 'neo4j://localhost:PORT', config: listing(STRANGER) },
      prefixed('no router: ', unknown),
    )
    bothRouted(
      'neo4j, no encryption',
      server,
      { url: 'neo4j://localhost:PORT' },
      'no router: SessionExpired: Connection was closed by server',
    )
  })

  describe(`Neo4j ${version} with an expired certificate`, requires({ server: version }), () => {
    const until = new Date(Date.now() - DAY)
    const expired = certificate({ hosts: ['localhost'], issuer: root, from: new Date(Date.now() - 9 * DAY), until })
    const server = running(version, expired)

    both(
      'expired',
      server,
      ['bolt://localhost:PORT', listing(ROOT)],
      refused('CERT_HAS_EXPIRED', `it expired on ${until.toISOString().slice(0, 10)}`),
    )
    both('anybody is trusted', server, ['bolt+ssc://localhost:PORT'], 'encrypted')
  })

  describe(
    `Neo4j ${version} with a self-signed certificate, which demands one of its clients`,
    requires({ server: version }),
    () => {
      const own = certificate({ hosts: ['localhost'], key: 'rsa', authority: true })
      const client = certificate({ name: 'client', issuer: root })
      const second = certificate({ name: 'client', issuer: root, key: 'rsa' })
      const foreign = certificate({ name: 'client', issuer: stranger })
      const server = running(version, own, {
        clients: { authority: root.pem, key: client.key, certificate: client.chain },
      })
      const trusting = listing(folder.write(`own-${version}.pem`, own.pem))
      const shown = (who: Certificate, name: string, password?: string) => ({
        certfile: folder.write(`${version}-${name}.pem`, who.chain),
        keyfile: folder.write(
          `${version}-${name}.key`,
          password === undefined
            ? who.key
            : (who.privateKey.export({
                type: 'pkcs8',
                format: 'pem',
                cipher: 'aes-256-cbc',
                passphrase: password,
              }) as string),
        ),
        ...(password !== undefined && { password }),
      })
      const showing = (certificate: object) => ({
        clientCertificate: { hasUpdate: () => false, getClientCertificate: () => certificate },
      })

      both(
        'self-signed',
        server,
        ['bolt://localhost:PORT', { ...listing(ROOT), ...showing(shown(client, 'a')) }],
        refused('DEPTH_ZERO_SELF_SIGNED_CERT', 'it is self-signed, and is not among those that are trusted'),
      )
      both(
        'self-signed and listed, client certificate shown',
        server,
        ['bolt://localhost:PORT', { ...trusting, ...showing(shown(client, 'b')) }],
        'encrypted',
      )
      both(
        'the key of the client has a password',
        server,
        ['bolt+ssc://localhost:PORT', { clientCertificate: shown(second, 'c', 'sesame') }],
        'encrypted',
      )
      for (const name of driversUnderTest) {
        test(`no client certificate, or that of a stranger: ServiceUnavailable (${name})`, async () => {
          const missing = await outcome(name, server(), 'bolt+ssc://localhost:PORT')
          const wrong = await outcome(name, server(), 'bolt+ssc://localhost:PORT', {
            clientCertificate: shown(foreign, `d-${name}`),
          })
          const text = name === 'neobolt' ? /^ServiceUnavailable: .* client certificate/ : /^ServiceUnavailable: /
          assert.match(missing, text)
          assert.match(wrong, text)
        })

        test(`a certificate is replaced while the driver is in use (${name})`, async () => {
          const neo4j = load(name)
          const provider = neo4j.clientCertificateProviders.rotating({
            initialCertificate: shown(foreign, `e-${name}`),
          })
          const driver = neo4j.driver(
            `bolt+ssc://localhost:${server().port}`,
            neo4j.auth.basic(server().user, server().password),
            { ...PATIENT, clientCertificate: provider },
          )
          try {
            await assert.rejects(driver.executeQuery('RETURN 1'), { code: 'ServiceUnavailable' })
            provider.updateCertificate(shown(client, `f-${name}`))
            const { records } = await driver.executeQuery('RETURN 1 AS n')
            assert.equal(records.length, 1)
          } finally {
            await driver.close()
          }
        })
      }
    },
  )
}
