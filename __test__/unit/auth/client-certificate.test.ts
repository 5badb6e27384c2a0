import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { Certificates, type CertificatesAnswer } from '../../../lib/auth/certificates.js'
import { clientCertificateProviders as ours } from '../../../lib/auth/client-certificate.js'
import { type Config, parseDriverConfig } from '../../../lib/driver/config.js'
import { authority, certificate, certificateFolder } from '../../support/certificates.js'
import { core, official } from '../official.js'

const { clientCertificateProviders: theirs } = official

const outcome = (run: () => unknown): unknown => {
  try {
    run()
    return 'taken'
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
}

describe('what is taken for a client certificate', () => {
  const values: unknown[] = [
    ...['text', 5, true, {}, [], null, undefined, () => {}],
    { certfile: 'a' },
    { keyfile: 'b' },
    { certfile: 1, keyfile: 'b' },
    { certfile: [], keyfile: 'b' },
    { certfile: ['a', 2], keyfile: 'b' },
    { certfile: 'a', keyfile: [] },
    { certfile: 'a', keyfile: {} },
    { certfile: 'a', keyfile: { path: 5 } },
    { certfile: 'a', keyfile: 'b' },
    { certfile: ['a', 'b'], keyfile: [{ path: 'c' }, 'd'] },
    { certfile: 'a', keyfile: 'b', password: null },
    { certfile: 'a', keyfile: 'b', password: 'p', more: 5n },
    { hasUpdate: 1, getClientCertificate: 2 },
    { hasUpdate: () => false },
    { hasUpdate: () => false, getClientCertificate: () => null },
  ]
  for (const value of values) {
    it(`is as in the official driver: ${core.json.stringify(value)}`, () => {
      const config = { clientCertificate: value } as Config
      assert.equal(
        outcome(() => parseDriverConfig('bolt+s://host', null, config)),
        outcome(() => official.driver('bolt+s://host', undefined, { ...config } as never)),
      )
      const options = { initialCertificate: value } as never
      assert.equal(
        outcome(() => ours.rotating(options)),
        outcome(() => theirs.rotating(options)),
      )
      const certificate = { certfile: 'a', keyfile: 'b' }
      const [mine, their] = [ours, theirs].map((each) => each.rotating({ initialCertificate: certificate }))
      assert.equal(
        outcome(() => mine.updateCertificate(value as never)),
        outcome(() => their.updateCertificate(value as never)),
      )
    })
  }

  it('does not show passwords, where the official driver does', () => {
    const certificate = { certfile: 5, keyfile: { path: 'k', password: 'one' }, password: 'two' }
    assert.throws(() => parseDriverConfig('bolt+s://host', null, { clientCertificate: certificate as never }), {
      name: 'TypeError',
      message:
        'clientCertificate should be configured with ClientCertificate or ClientCertificateProvider, but got ' +
        '{"certfile":5,"keyfile":{"path":"k","password":"******"},"password":"******"}',
    })
    assert.throws(
      () => official.driver('bolt+s://host', undefined, { clientCertificate: certificate as never }),
      /"password":"one".*"password":"two"/,
    )
  })

  it('warns where it is of no use', () => {
    const lines: string[] = []
    const logging = { level: 'warn', logger: (_: string, line: string) => lines.push(line) } as const
    parseDriverConfig('bolt://host', null, { clientCertificate: { certfile: 'a', keyfile: 'b' }, logging })
    assert.equal(lines.length, 1)
    assert.match(lines[0], /connections are not encrypted/)
  })
})

describe('a rotating provider', () => {
  it('hands out what it was given last, and says once that there is a new one', () => {
    for (const providers of [ours, theirs]) {
      const first = { certfile: 'a', keyfile: 'b' }
      const provider = providers.rotating({ initialCertificate: first })
      first.certfile = 'changed behind its back'
      assert.deepEqual(
        [provider.hasUpdate(), provider.getClientCertificate()],
        [false, { certfile: 'a', keyfile: 'b' }],
      )
      provider.updateCertificate({ certfile: 'c', keyfile: 'd' })
      assert.deepEqual(
        [provider.hasUpdate(), provider.hasUpdate(), provider.getClientCertificate()],
        [true, false, { certfile: 'c', keyfile: 'd' }],
      )
    }
  })
})

describe('what the engine is told', () => {
  const folder = certificateFolder()
  after(folder.remove)
  const root = authority()
  const ROOT = folder.write('root.pem', root.pem)
  const files = (name: string) => {
    const made = certificate({ name })
    return { certfile: folder.write(`${name}.pem`, made.pem), keyfile: folder.write(`${name}.key`, made.key) }
  }
  const LISTED = 'TRUST_CUSTOM_CA_SIGNED_CERTIFICATES'
  const full = (answer: CertificatesAnswer) => {
    assert.equal(answer.length, 4)
    return answer as Exclude<CertificatesAnswer, [bigint]>
  }

  it('files as they are now, and only their version where they have not changed', async () => {
    const certificates = new Certificates(LISTED, [ROOT], undefined)
    const [version, authorities, chains, keys] = full(await certificates.answer(0))
    assert.deepEqual([version, String(authorities).trim(), chains, keys], [1n, root.pem.trim(), [], []])
    assert.deepEqual(await certificates.answer(1), [1n])
    folder.write('root.pem', authority('another').pem)
    assert.equal(full(await certificates.answer(1))[0], 2n)
    // A driver that still holds the first, or nothing, gets all of it.
    assert.equal(full(await certificates.answer(0))[0], 2n)
    folder.write('root.pem', root.pem)
  })

  it('the certificate of a provider, which is read again when it says so', async () => {
    const asked: string[] = []
    let [current, update] = [files('one'), false]
    const certificates = new Certificates('TRUST_ALL_CERTIFICATES', [], {
      hasUpdate: async () => {
        asked.push('update?')
        return update
      },
      getClientCertificate: async () => {
        asked.push('which?')
        return current
      },
    })
    const [first] = full(await certificates.answer(0))
    assert.deepEqual(await certificates.answer(Number(first)), [first])
    ;[current, update] = [files('two'), true]
    const [second, , chains, keys] = full(await certificates.answer(Number(first)))
    assert.deepEqual([first, second, chains.length, keys.length], [1n, 2n, 1, 1])
    assert.deepEqual(asked, ['which?', 'update?', 'update?', 'which?'])
  })

  it('connections that are made at the same time ask the provider once', async () => {
    let times = 0
    const which = files('three')
    const certificates = new Certificates('TRUST_ALL_CERTIFICATES', [], {
      hasUpdate: () => false,
      getClientCertificate: () => {
        times++
        return which
      },
    })
    const answers = await Promise.all([0, 0, 0].map((held) => certificates.answer(held)))
    assert.deepEqual([times, answers.map(([version]) => version)], [1, [1n, 1n, 1n]])
  })

  it('a provider that fails is asked anew by the next connection', async () => {
    const which = files('four')
    let fails = true
    const certificates = new Certificates('TRUST_ALL_CERTIFICATES', [], {
      hasUpdate: () => false,
      getClientCertificate: () => {
        if (fails) throw new Error('not yet')
        return which
      },
    })
    await assert.rejects(certificates.answer(0), { message: 'not yet' })
    fails = false
    assert.equal(full(await certificates.answer(0))[3].length, 1)
  })

  it('nothing of a list that is none', async () => {
    await assert.rejects(new Certificates(LISTED, 'a.pem' as never, undefined).answer(0), {
      name: 'TypeError',
      message: 'trustedCertificates should be a list of paths',
    })
  })
})
