/**
 * What can be right or wrong with the certificates of a connection: for each case a server, the settings of a
 * driver, and the outcomes of the official driver and of ours. docs/tls.md shows them as a table.
 */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import net from 'node:net'
import type tls from 'node:tls'
import { authority, type Certificate, type CertificateOptions, certificate, certificateFolder } from './certificates.js'
import { answer, startPeer } from './stub-server.js'

/** One case. */
export interface CertificateCase {
  title: string
  /** The server: TLS settings, or what a server without TLS does with a connection. */
  server: tls.TlsOptions | ((socket: net.Socket) => void) | 'plain Bolt'
  /** PORT stands for the server's. */
  uri: string
  config: Record<string, unknown>
  /** The outcome of the official driver. */
  theirs: string
  /** The outcome of ours. */
  ours: string
}

const HOSTS = ['localhost', '127.0.0.1']
const LOCALHOST = 'bolt://localhost:PORT'
const ADDRESS = 'bolt://127.0.0.1:PORT'
const DAY = 86_400_000
// Once for all, so that a certificate and the messages about it are of the same day.
const NOW = Date.now()
const at = (days: number): Date => new Date(NOW + days * DAY)
const day = (days: number): string => at(days).toISOString().slice(0, 10)

const OK = 'connected'
const NO_TLS = 'ServiceUnavailable: Client network socket disconnected before secure TLS connection was established'
const HINT = ' (does the server speak TLS on this port?)'
const NOT_TLS = 'ServiceUnavailable: what the server says is not TLS'
/** The official driver does not notice by itself. */
const IMPATIENT = { connectionTimeout: 700, connectionAcquisitionTimeout: 1500 }
const TOO_SLOW = 'N/A: Connection acquisition timed out'
const NO_MATCH = 'it has no way of encryption in common with this driver, or demands a client certificate'

/** A folder with the files of the cases, and the cases. The caller removes the folder. */
export function certificateCases(): { cases: CertificateCase[]; remove(): void } {
  const folder = certificateFolder()
  let files = 0
  const file = (text: string): string => folder.write(`${files++}.pem`, text)

  const root = authority('Root')
  const stranger = authority('Stranger')
  const middle = authority('Middle', { issuer: root })
  const rootFile = file(root.pem)
  const listing = (...paths: string[]): Record<string, unknown> => ({
    encrypted: true,
    trust: 'TRUST_CUSTOM_CA_SIGNED_CERTIFICATES',
    trustedCertificates: paths,
  })
  const rooted = listing(rootFile)
  const signed = (options: CertificateOptions = {}): Certificate =>
    certificate({ hosts: HOSTS, issuer: root, ...options })
  const serving = (shown: Certificate, more: tls.TlsOptions = {}): tls.TlsOptions => ({
    key: shown.key,
    cert: shown.chain,
    ...more,
  })

  const good = signed()
  const viaMiddle = signed({ issuer: middle })
  const unknown = signed({ issuer: stranger })
  const viaUnknown = signed({ issuer: authority('Stranger in the middle', { issuer: stranger }) })
  const own = certificate({ hosts: HOSTS })
  const ownAuthority = certificate({ hosts: HOSTS, authority: true })
  const ownExpired = certificate({ hosts: HOSTS, authority: true, from: at(-9), until: at(-1) })

  const mutual: tls.TlsOptions = { requestCert: true, rejectUnauthorized: true, ca: root.pem }
  const client = certificate({ name: 'client', issuer: root })
  const certfile = file(client.chain)
  const keyfile = file(client.key)
  const encrypted = file(encryptedKey(client.privateKey, 'pass', ['word', '']))
  const otherKey = file(certificate().key)
  // The official driver accepts a certificate itself only with +s and +ssc. From a provider it accepts it
  // with any scheme.
  const showing = (shown: unknown): Record<string, unknown> => ({
    ...rooted,
    clientCertificate: { hasUpdate: () => false, getClientCertificate: () => shown },
  })

  const cases: CertificateCase[] = []
  const add = (
    title: string,
    server: CertificateCase['server'],
    outcome: string | { theirs: string; ours: string },
    config: Record<string, unknown> = rooted,
    uri = LOCALHOST,
  ): void => {
    const { theirs, ours } = typeof outcome === 'string' ? { theirs: outcome, ours: outcome } : outcome
    cases.push({ title, server, uri, config, theirs, ours })
  }
  /** The same code, and our own sentence behind it. */
  const refused = (code: string, detail: string) => ({
    theirs: `not trusted: ${code}`,
    ours: `not trusted: ${code} (${detail})`,
  })

  add('right, by name', serving(good), OK)
  add('right, by address', serving(good), OK, rooted, ADDRESS)
  add('right, with one authority in between', serving(viaMiddle), OK)
  add('right, one of several in one file', serving(good), OK, listing(file(stranger.pem + root.pem)))
  add('right, one of several files', serving(good), OK, listing(file(stranger.pem), rootFile))
  add('right, for the common name alone', serving(signed({ hosts: [], name: 'localhost' })), OK)
  add('right, RSA', serving(signed({ key: 'rsa' })), OK)
  add('right, Ed25519', serving(signed({ key: 'ed25519' })), OK)
  add('right, server with TLS 1.2 alone', serving(good, { maxVersion: 'TLSv1.2' }), OK)
  add('right, server with TLS 1.3 alone', serving(good, { minVersion: 'TLSv1.3' }), OK)
  add(
    'expired',
    serving(signed({ from: at(-9), until: at(-1) })),
    refused('CERT_HAS_EXPIRED', `it expired on ${day(-1)}`),
  )
  add(
    'not valid yet',
    serving(signed({ from: at(1) })),
    refused('CERT_NOT_YET_VALID', `it is not valid before ${day(1)}`),
  )
  const forOther = 'it is for other.example, not for'
  const otherHost = signed({ hosts: ['other.example'] })
  add('for another host', serving(otherHost), refused('ERR_TLS_CERT_ALTNAME_INVALID', `${forOther} localhost`))
  add(
    'for another host, by address',
    serving(otherHost),
    refused('ERR_TLS_CERT_ALTNAME_INVALID', `${forOther} 127.0.0.1`),
    rooted,
    ADDRESS,
  )
  add(
    'for another host, as common name alone',
    serving(signed({ hosts: [], name: 'other.example' })),
    refused('ERR_TLS_CERT_ALTNAME_INVALID', `${forOther} localhost`),
  )
  add(
    'for the address as common name alone',
    serving(signed({ hosts: [], name: '127.0.0.1' })),
    refused(
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'it has 127.0.0.1 as its common name only, which does not count for addresses',
    ),
    rooted,
    ADDRESS,
  )
  add(
    'of an unknown authority',
    serving(unknown),
    refused('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its issuer, Stranger, is unknown'),
  )
  add(
    'of an unknown authority, which the server sends along',
    { key: unknown.key, cert: unknown.pem + stranger.pem },
    refused('SELF_SIGNED_CERT_IN_CHAIN', 'its issuer, Stranger, is unknown'),
  )
  add(
    'of an unknown authority, with one in between',
    serving(viaUnknown),
    refused('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its issuer, Stranger, is unknown'),
  )
  add(
    'the authority in between is not sent',
    { key: viaMiddle.key, cert: viaMiddle.pem },
    refused('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its issuer, Middle, is unknown'),
  )
  add(
    'self-signed',
    serving(own),
    refused('DEPTH_ZERO_SELF_SIGNED_CERT', 'it is self-signed, and is not among those that are trusted'),
  )
  add('self-signed and listed', serving(own), OK, listing(file(own.pem)))
  add('self-signed, an authority, and listed', serving(ownAuthority), OK, listing(file(ownAuthority.pem)))
  add(
    'self-signed, listed, and expired',
    serving(ownExpired),
    refused('CERT_HAS_EXPIRED', `it expired on ${day(-1)}`),
    listing(file(ownExpired.pem)),
  )
  add(
    'expired and of an unknown authority',
    serving(signed({ issuer: stranger, from: at(-9), until: at(-1) })),
    refused('CERT_HAS_EXPIRED', `it expired on ${day(-1)}`),
  )
  add(
    'the certificate itself is listed, its authority is not',
    serving(good),
    { theirs: 'not trusted: UNABLE_TO_VERIFY_LEAF_SIGNATURE', ours: OK },
    listing(file(good.pem)),
  )
  add(
    'the authority in between is listed, the root is not',
    serving(viaMiddle),
    { theirs: 'not trusted: UNABLE_TO_GET_ISSUER_CERT', ours: OK },
    listing(file(middle.pem)),
  )
  add(
    'the listed file has no certificate',
    serving(good),
    {
      theirs: 'not trusted: UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      ours: 'not trusted: UNABLE_TO_VERIFY_LEAF_SIGNATURE (its issuer, Root, is unknown; there is no certificate in what was to be trusted)',
    },
    listing(file('nothing')),
  )
  add('the listed file is absent', serving(good), 'ENOENT: no such file or directory', listing('/absent.pem'))
  add(
    'nothing is listed',
    serving(good),
    {
      theirs: "TypeError: Cannot read properties of undefined (reading 'destroyed')",
      ours: 'ServiceUnavailable: You are using TRUST_CUSTOM_CA_SIGNED_CERTIFICATES as the method to verify trust …',
    },
    listing(),
  )
  add('key of RSA with 1024 bits', serving(signed({ key: 'rsa1024' }), { ciphers: 'DEFAULT:@SECLEVEL=0' }), {
    theirs: OK,
    ours: 'ServiceUnavailable: the server does not prove that its certificate is its own, or its key is of a kind that cannot be used …',
  })
  add('key on P-521', serving(signed({ key: 'p521' })), {
    theirs: OK,
    ours: `ServiceUnavailable: the server ended TLS with alert 40: ${NO_MATCH}`,
  })
  add('signed with ECDSA and SHA-512', serving(signed({ hash: 'sha512' })), {
    theirs: OK,
    ours: 'not trusted: CERT_REJECTED (it, or one that it depends on, is signed with an algorithm that is not supported)',
  })
  add(
    'right for those who know the authority, with bolt+s',
    serving(good),
    refused('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its issuer, Root, is unknown'),
    {},
    'bolt+s://localhost:PORT',
  )
  add(
    'expired, self-signed, for another host, with bolt+ssc',
    serving(certificate({ hosts: ['other.example'], from: at(-9), until: at(-1) })),
    OK,
    {},
    'bolt+ssc://localhost:PORT',
  )
  add('of X.509 version 1, with bolt+ssc', serving(certificate({ version: 1 })), OK, {}, 'bolt+ssc://localhost:PORT')

  add(
    'the server speaks Bolt without TLS',
    'plain Bolt',
    { theirs: TOO_SLOW, ours: NOT_TLS },
    { ...rooted, ...IMPATIENT },
  )
  add('the server speaks HTTP', (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')), {
    theirs: 'ServiceUnavailable: OpenSSL: wrong version number',
    ours: NOT_TLS,
  })
  add('the server hangs up', (socket) => socket.once('data', () => socket.end()), {
    theirs: NO_TLS,
    ours: NO_TLS + HINT,
  })
  add(
    'the server breaks the connection',
    (socket) => socket.once('data', () => socket.resetAndDestroy()),
    'ServiceUnavailable: read ECONNRESET',
  )
  add(
    'the server says nothing',
    () => {},
    {
      theirs: TOO_SLOW,
      ours: 'ServiceUnavailable: Failed to establish connection in 700ms',
    },
    { ...rooted, ...IMPATIENT },
  )
  add(
    'the server wants TLS, the driver does not',
    serving(good),
    'ServiceUnavailable: Connection was closed by server',
    {},
  )
  add(
    'the server speaks TLS 1.1 at most',
    serving(good, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' }),
    {
      theirs: 'ServiceUnavailable: OpenSSL: tlsv1 alert protocol version',
      ours: 'ServiceUnavailable: the server ended TLS with alert 70: it speaks neither TLS 1.2 nor TLS 1.3',
    },
  )
  add('no cipher in common', serving(good, { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' }), {
    theirs: 'ServiceUnavailable: OpenSSL: sslv3 alert handshake failure',
    ours: `ServiceUnavailable: the server ended TLS with alert 40: ${NO_MATCH}`,
  })

  add('client certificate demanded and shown', serving(good, mutual), OK, showing({ certfile, keyfile }))
  add(
    'client certificate demanded and shown, TLS 1.2',
    serving(good, { ...mutual, maxVersion: 'TLSv1.2' }),
    OK,
    showing({ certfile, keyfile }),
  )
  add('its key has a password', serving(good, mutual), OK, showing({ certfile, keyfile: encrypted, password: 'pass' }))
  add(
    'its key has a password of its own',
    serving(good, mutual),
    {
      theirs:
        'ERR_INVALID_ARG_TYPE: The "options.key" property must be of type string or an instance of Buffer, TypedArray, or DataView. Received an instance of Object',
      ours: OK,
    },
    showing({ certfile, keyfile: { path: encrypted, password: 'pass' } }),
  )
  add(
    'the same in lists',
    serving(good, mutual),
    OK,
    showing({ certfile: [certfile], keyfile: [{ path: encrypted, password: 'pass' }] }),
  )
  add(
    'the password is wrong',
    serving(good, mutual),
    'ERR_OSSL_BAD_DECRYPT: error:1C800064:Provider routines::bad decrypt',
    showing({ certfile, keyfile: encrypted, password: 'word' }),
  )
  add(
    'the password is missing',
    serving(good, mutual),
    'ERR_OSSL_BAD_DECRYPT: error:1C800064:Provider routines::bad decrypt',
    showing({ certfile, keyfile: encrypted }),
  )
  add(
    'the key is of another certificate',
    serving(good, mutual),
    'ERR_OSSL_X509_KEY_VALUES_MISMATCH: error:05800074:x509 certificate routines::key values mismatch',
    showing({ certfile, keyfile: otherKey }),
  )
  add(
    'the file is absent',
    serving(good, mutual),
    'ENOENT: no such file or directory',
    showing({ certfile: '/absent.pem', keyfile }),
  )
  add(
    'given as it is, with encrypted: true',
    serving(good, mutual),
    {
      theirs: 'TypeError: this._clientCertificateProvider.getClientCertificate is not a function',
      ours: OK,
    },
    { ...rooted, clientCertificate: { certfile, keyfile } },
  )
  add('client certificate demanded and missing, TLS 1.3', serving(good, mutual), {
    theirs: 'ServiceUnavailable: OpenSSL: tlsv13 alert certificate required',
    ours: 'ServiceUnavailable: the server ended TLS with alert 116: it demands a client certificate',
  })
  add('client certificate demanded and missing, TLS 1.2', serving(good, { ...mutual, maxVersion: 'TLSv1.2' }), {
    theirs: 'ServiceUnavailable: OpenSSL: sslv3 alert handshake failure',
    ours: `ServiceUnavailable: the server ended TLS with alert 40: ${NO_MATCH}`,
  })
  return { cases, remove: folder.remove }
}

/** Starts the server of a case. */
export async function serve(example: CertificateCase): Promise<{ port: number; stop(): Promise<void> }> {
  const { server } = example
  if (typeof server !== 'function') {
    return startPeer([answer(['n'], [[1]])], server === 'plain Bolt' ? {} : { tls: server })
  }
  const sockets = new Set<net.Socket>()
  const listening = net.createServer((socket) => {
    sockets.add(socket)
    // A client that closes the connection is what these cases are about.
    socket.on('error', () => {})
    server(socket)
  })
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  return {
    port: (listening.address() as net.AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        listening.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/**
 * A key in PEM, encrypted so that none of the wrong passwords fits by chance. The last byte of what a
 * password decrypts is the length of the padding. One wrong password in 256 gives a possible length, and then
 * another error, or none.
 */
function encryptedKey(key: KeyObject, passphrase: string, wrong: string[]): string {
  const isSeenToBeWrong = (pem: string, guess: string): boolean => {
    try {
      createPrivateKey({ key: pem, passphrase: guess })
      return false
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_OSSL_BAD_DECRYPT'
    }
  }
  for (;;) {
    // Each time with another salt.
    const pem = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }) as string
    if (wrong.every((guess) => isSeenToBeWrong(pem, guess))) return pem
  }
}

/** An error in one line: its code, and what is behind the constant sentences. */
export function inBrief(error: unknown): string {
  const { code, message, name } = error as Error & { code?: string }
  const cause = message.slice(message.lastIndexOf('Caused by: ') + 1).replace(/^aused by: /, '')
  const refused = /^Server certificate is not trusted.*Socket responded with: (.*)$/s.exec(cause)
  if (refused !== null) return `not trusted: ${refused[1]}`
  const openSsl = /:SSL routines:[^:]*:([^:]*):/.exec(cause)
  if (openSsl !== null) return `${code}: OpenSSL: ${openSsl[1]}`
  if (code === 'ENOENT') return cause.replace(/, open.*/, '')
  return `${code ?? name}: ${cause.replace(/^(Connection acquisition timed out).*/, '$1')}`
}

/** The cases as a table of Markdown. */
export function table(cases: readonly CertificateCase[]): string {
  const dateless = (text: string) => text.replace(/\d{4}-\d\d-\d\d/, '…').replaceAll('|', '\\|')
  const rows = cases.map(({ title, theirs, ours }) => `| ${title} | ${dateless(theirs)} | ${dateless(ours)} |`)
  return ['| case | neo4j-driver 6.3.0 | neobolt |', '| --- | --- | --- |', ...rows].join('\n')
}
