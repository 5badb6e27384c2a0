/** Right and wrong certificates, on both drivers, at servers of this machine. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { type CertificateCase, certificateCases, inBrief, serve, table } from '../support/certificate-cases.js'
import { type DriverName, driversUnderTest, load, neoboltOnly, root } from '../support/drivers.js'

const { cases, remove } = certificateCases()
after(remove)

async function run(name: DriverName, example: CertificateCase): Promise<string> {
  const server = await serve(example)
  const driver = load(name).driver(example.uri.replace('PORT', String(server.port)), undefined, {
    maxTransactionRetryTime: 0,
    ...example.config,
  })
  try {
    const session = driver.session()
    const { records } = await session.run('RETURN 1 AS n')
    assert.equal(records.length, 1)
    await session.close()
    return 'connected'
  } catch (error) {
    return inBrief(error)
  } finally {
    await driver.close()
    await server.stop()
  }
}

/** A text that ends in `…` goes on. */
function assertOutcome(outcome: string, expected: string): void {
  if (expected.endsWith(' …')) assert.ok(outcome.startsWith(expected.slice(0, -2)), outcome)
  else assert.equal(outcome, expected)
}

describe('certificates', { concurrency: 8 }, () => {
  for (const example of cases) {
    for (const name of driversUnderTest) {
      test(`${example.title} (${name})`, async () => {
        assertOutcome(await run(name, example), name === 'neobolt' ? example.ours : example.theirs)
      })
    }
  }
})

test('the sentences around what is wrong with a certificate are the same', {
  skip: driversUnderTest.length < 2,
}, async () => {
  for (const title of ['expired', 'right for those who know the authority, with bolt+s']) {
    const example = cases.find((each) => each.title === title) as CertificateCase
    const messages = await Promise.all(
      driversUnderTest.map(async (name) => {
        const server = await serve(example)
        const driver = load(name).driver(example.uri.replace('PORT', String(server.port)), undefined, {
          ...example.config,
        })
        const error = await driver.verifyConnectivity().then(
          () => assert.fail('connected'),
          (error: Error & { code: string }) => error,
        )
        await driver.close()
        await server.stop()
        return [error.code, error.name, error.message.replace(/ \(.*\)$/, '')]
      }),
    )
    assert.deepEqual(messages[1], messages[0])
  }
})

test(
  'what a provider of certificates throws is what every call rejects with, the very object',
  neoboltOnly,
  async () => {
    const neo4j = load('neobolt')
    const error = new Error('no certificate today')
    const clientCertificate = {
      hasUpdate: () => false,
      getClientCertificate: () => {
        throw error
      },
    }
    const driver = neo4j.driver('bolt+ssc://localhost:1', undefined, { clientCertificate, maxTransactionRetryTime: 0 })
    try {
      const session = driver.session()
      for (const call of [
        () => driver.verifyConnectivity(),
        () => driver.getServerInfo(),
        () => driver.executeQuery('RETURN 1'),
        () => session.run('RETURN 1'),
        () => session.executeRead((tx) => tx.run('RETURN 1')),
        () => session.beginTransaction(),
      ]) {
        const thrown = await Promise.resolve(call()).then(
          () => assert.fail('did not fail'),
          (reason: unknown) => reason,
        )
        assert.equal(thrown, error, String(call))
      }
    } finally {
      await driver.close()
    }
  },
)

test(
  'a provider that never answers ends with the acquisition timeout, and the driver closes',
  neoboltOnly,
  async () => {
    const clientCertificate = { hasUpdate: () => false, getClientCertificate: () => new Promise<never>(() => {}) }
    const driver = load('neobolt').driver('bolt+ssc://localhost:1', undefined, {
      clientCertificate,
      connectionAcquisitionTimeout: 200,
      connectionTimeout: 100,
      maxTransactionRetryTime: 0,
    })
    await assert.rejects(driver.executeQuery('RETURN 1'), /Connection acquisition timed out in 200 ms/)
    const waiting = assert.rejects(driver.executeQuery('RETURN 1'), { name: 'Neo4jError' })
    await driver.close()
    await waiting
  },
)

test('docs/tls.md shows these cases', () => {
  const file = join(root, 'docs', 'tls.md')
  const text = readFileSync(file, 'utf8')
  const [, before, , behind] = /^(.*<!-- cases -->\n)(.*)(<!-- end of cases -->.*)$/s.exec(text) as RegExpExecArray
  const current = `${before}${table(cases)}\n${behind}`
  if (process.env.UPDATE_DOCS) writeFileSync(file, current)
  assert.equal(text, current, 'UPDATE_DOCS=1 writes it')
})
