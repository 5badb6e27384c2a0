/**
 * Which authorities bolt+s trusts: the same as everything else in the process, in every way to configure
 * them.
 */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { authority, certificate, certificateFolder } from '../support/certificates.js'
import { type ChildOptions, runChild } from '../support/child.js'
import { driversUnderTest, neoboltOnly } from '../support/drivers.js'
import { answer, type Peer, startPeer } from '../support/stub-server.js'

const root = authority('Root')
const folder = certificateFolder()
after(folder.remove)
const ROOT = folder.write('root.pem', root.pem)
const NOBODY = folder.write('nobody.pem', authority('Nobody').pem)
/** Removes what this machine sets. */
const BARE = { NODE_EXTRA_CA_CERTS: undefined, SSL_CERT_FILE: undefined, SSL_CERT_DIR: undefined }
const BODY = `
  const driver = neo4j.driver('bolt+s://localhost:' + input, undefined, { maxTransactionRetryTime: 0 })
  const text = await driver.verifyConnectivity().then(() => 'connected', (error) => /Socket responded with: (\\w+)/.exec(error.message)?.[1] ?? error.message)
  console.log(text)
  await driver.close()`

let peer: Peer
before(async () => {
  const shown = certificate({ hosts: ['localhost'], issuer: root })
  peer = await startPeer([answer(['n'], [[1]])], { tls: { key: shown.key, cert: shown.chain } })
})
after(() => peer.stop())

const UNKNOWN = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
const cases: [title: string, options: ChildOptions, expected: string][] = [
  ['by default, Node’s own list', { env: BARE }, UNKNOWN],
  ['NODE_EXTRA_CA_CERTS is added', { env: { ...BARE, NODE_EXTRA_CA_CERTS: ROOT } }, 'connected'],
  ['SSL_CERT_FILE means nothing by itself', { env: { ...BARE, SSL_CERT_FILE: ROOT } }, UNKNOWN],
  [
    'with --use-openssl-ca, SSL_CERT_FILE is trusted',
    { env: { ...BARE, SSL_CERT_FILE: ROOT }, flags: ['--use-openssl-ca'] },
    'connected',
  ],
  [
    'with NODE_OPTIONS=--use-openssl-ca, too',
    { env: { ...BARE, SSL_CERT_FILE: ROOT, NODE_OPTIONS: '--use-openssl-ca' } },
    'connected',
  ],
  [
    'with --use-openssl-ca, NODE_EXTRA_CA_CERTS is still added',
    { env: { ...BARE, SSL_CERT_FILE: NOBODY, NODE_EXTRA_CA_CERTS: ROOT }, flags: ['--use-openssl-ca'] },
    'connected',
  ],
]
// Node.js 22.15 and newer; an older Node does not know the option and refuses to start.
if (process.allowedNodeEnvironmentFlags.has('--use-system-ca') && process.platform === 'linux') {
  cases.push([
    'with --use-system-ca, what the system trusts',
    { env: { ...BARE, SSL_CERT_FILE: ROOT }, flags: ['--use-system-ca'] },
    'connected',
  ])
}

describe('whom bolt+s trusts', { concurrency: 2 }, () => {
  for (const [title, options, expected] of cases) {
    for (const driver of driversUnderTest) {
      test(`${title} (${driver})`, async () => {
        const child = await runChild(BODY, { ...options, driver, input: peer.port })
        assert.deepEqual([child.stdout.trim(), child.code], [expected, 0], child.stderr)
      })
    }
  }
})

const TYPESCRIPT = ['--import', 'tsx']
const AUTHORITIES = `console.log(JSON.stringify(require('./lib/auth/certificates.ts').systemAuthorities()))`

test(
  'with --use-openssl-ca, certificates of SSL_CERT_DIR are those that are named by a hash',
  neoboltOnly,
  async () => {
    const hashed = join(dirname(ROOT), 'hashed')
    mkdirSync(hashed)
    folder.write(join('hashed', '0a1b2c3d.0'), root.pem)
    folder.write(join('hashed', 'README'), 'not a certificate')
    const child = await runChild(AUTHORITIES, {
      env: { ...BARE, SSL_CERT_FILE: '/absent.pem', SSL_CERT_DIR: hashed },
      flags: [...TYPESCRIPT, '--use-openssl-ca'],
    })
    assert.deepEqual(JSON.parse(child.stdout), [root.pem])
  },
)

test('without options, there are Node’s own and the extra ones', neoboltOnly, async () => {
  const child = await runChild(AUTHORITIES, { flags: TYPESCRIPT, env: { ...BARE, NODE_EXTRA_CA_CERTS: ROOT } })
  const found = JSON.parse(child.stdout) as string[]
  assert.ok(found.length > 100)
  assert.ok(found.some((pem) => pem.trim() === root.pem.trim()))
})

test('neither loading the package nor a plain connection loads what TLS needs', neoboltOnly, async () => {
  const plain = await startPeer([answer(['n'], [[1]])])
  try {
    const child = await runChild(
      `const driver = neo4j.driver(input)
       await driver.verifyConnectivity()
       await driver.close()
       console.log(process.moduleLoadList.filter((name) => /^NativeModule (tls|_tls_wrap|_tls_common)$/.test(name)).join())`,
      { input: plain.uri },
    )
    assert.deepEqual([child.stdout.trim(), child.code], ['', 0], child.stderr)
  } finally {
    await plain.stop()
  }
})
