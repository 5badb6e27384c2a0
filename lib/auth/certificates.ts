/**
 * What encrypted connections need from files and from Node: the trusted certificates, and the
 * client's own certificate with its key.
 *
 * Nothing is read before the first connection. Until then, Node's modules for it are not even loaded.
 */

import type { KeyObject } from 'node:crypto'
import { newError, SERVICE_UNAVAILABLE } from '../error/neo4j-error.js'
import { isLost } from '../util/patience.js'
import type { ClientCertificate, ClientCertificateProvider, KeyFile } from './client-certificate.js'
import type { TrustStrategy } from './trust.js'

/**
 * The answer to the engine: a version, and the material itself if the engine does not have that version yet.
 */
export type CertificatesAnswer =
  | [version: bigint]
  | [version: bigint, authorities: Buffer, chains: Buffer[], keys: Buffer[]]

/** The client's certificate, as read from its files. */
interface Identity {
  /** PEM. */
  readonly chains: Buffer[]
  /** Node does not show their content. */
  readonly keys: KeyObject[]
}

/** The certificates of one driver. */
export class Certificates {
  readonly #trust: TrustStrategy
  readonly #files: readonly string[]
  readonly #provider: ClientCertificateProvider | undefined
  /**
   * Absent: not asked for yet, or the provider failed. A promise: the provider is at work. The promise is
   * dropped when it settles, because it holds the `AsyncLocalStorage` store of the request that asked.
   */
  #identity: Identity | Promise<Identity> | undefined
  /** When reading it began, in milliseconds of `Date.now()`. Absent: it is not being read. */
  #readingSince: number | undefined
  #system: Buffer | undefined
  #version = 0n
  /** The material of that version. */
  #authorities: Buffer | undefined
  #shown: Identity | undefined

  constructor(trust: TrustStrategy, files: readonly string[], provider: ClientCertificateProvider | undefined) {
    this.#trust = trust
    this.#files = files
    this.#provider = provider
  }

  /**
   * Everything as it is now.
   *
   * @param held the version that the engine has
   * @throws the error of the provider, or of Node if it cannot read a file or a key
   */
  async answer(held: number): Promise<CertificatesAnswer> {
    const [authorities, identity] = await Promise.all([this.#currentAuthorities(), this.#currentIdentity()])
    const same = this.#authorities?.equals(authorities) === true && this.#shown === identity
    if (!same) {
      this.#version++
      this.#authorities = authorities
      this.#shown = identity
    }
    if (BigInt(held) === this.#version) return [this.#version]
    const keys = identity?.keys.map((key) => key.export({ type: 'pkcs8', format: 'der' })) ?? []
    return [this.#version, authorities, identity?.chains ?? [], keys]
  }

  async #currentAuthorities(): Promise<Buffer> {
    switch (this.#trust) {
      case 'TRUST_ALL_CERTIFICATES':
        return Buffer.alloc(0)
      case 'TRUST_SYSTEM_CA_SIGNED_CERTIFICATES':
        this.#system ??= Buffer.from(systemAuthorities().join('\n'))
        return this.#system
      case 'TRUST_CUSTOM_CA_SIGNED_CERTIFICATES': {
        if (!Array.isArray(this.#files)) throw new TypeError('trustedCertificates should be a list of paths')
        if (this.#files.length === 0) throw newError(NOTHING_LISTED, SERVICE_UNAVAILABLE)
        const texts = await Promise.all(this.#files.map((file) => readFile(file)))
        return Buffer.concat(texts.flatMap((text) => [text, LINE_END]))
      }
    }
  }

  async #currentIdentity(): Promise<Identity | undefined> {
    const provider = this.#provider
    if (provider === undefined) return undefined
    const isReadingLost = this.#readingSince !== undefined && isLost(this.#readingSince)
    if (this.#identity === undefined || isReadingLost || (await provider.hasUpdate())) {
      const reading = (async () => readIdentity(await provider.getClientCertificate()))()
      this.#identity = reading
      this.#readingSince = Date.now()
      const become = (identity: Identity | undefined): void => {
        if (this.#identity !== reading) return
        this.#identity = identity
        this.#readingSince = undefined
      }
      // After a failure, the next connection asks again.
      reading.then(become, () => become(undefined))
    }
    return this.#identity
  }
}

async function readIdentity(certificate: ClientCertificate): Promise<Identity> {
  const certificateFiles = [certificate.certfile].flat()
  const keyFiles = [certificate.keyfile].flat() as KeyFile[]
  const [chains, pems] = await Promise.all([
    Promise.all(certificateFiles.map((file) => readFile(file))),
    Promise.all(keyFiles.map((file) => readFile(typeof file === 'string' ? file : file.path))),
  ])
  const keys = pems.map((pem, i) => {
    const file = keyFiles[i]
    const own = typeof file === 'string' ? undefined : file.password
    return { pem, passphrase: own ?? certificate.password ?? undefined }
  })
  const { createPrivateKey } = require('node:crypto') as typeof import('node:crypto')
  const { createSecureContext } = require('node:tls') as typeof import('node:tls')
  // The context is not used: creating it makes Node check the files and throw its usual errors.
  createSecureContext({ cert: chains, key: keys })
  return {
    chains,
    keys: keys.map(({ pem, passphrase }) => createPrivateKey({ key: pem, passphrase })),
  }
}

/**
 * The certificates, in PEM, that this process trusts by default: Node's own list, or the system's if Node
 * uses that, and NODE_EXTRA_CA_CERTS.
 * @internal
 */
export function systemAuthorities(): string[] {
  const tls = require('node:tls') as typeof import('node:tls') & {
    /** Node.js 22.15 and newer. */
    getCACertificates?(type: 'default'): string[]
  }
  const openSsl = usesOpenSslStore()
  if (tls.getCACertificates !== undefined) {
    const authorities = tls.getCACertificates('default')
    return openSsl ? [...authorities, ...openSslAuthorities()] : authorities
  }
  const extra = process.env.NODE_EXTRA_CA_CERTS
  return [...(openSsl ? openSslAuthorities() : tls.rootCertificates), ...(extra ? contentsOf(extra) : [])]
}

/** Whether Node is built or configured to trust the certificates of OpenSSL, which it does not list. */
function usesOpenSslStore(): boolean {
  const options = [...(process.env.NODE_OPTIONS ?? '').split(/\s+/), ...process.execArgv]
  if (options.includes('--use-openssl-ca')) return true
  const { defines } = process.config.target_defaults as { defines?: string[] }
  return defines?.includes('NODE_OPENSSL_CERT_STORE') === true && !options.includes('--use-bundled-ca')
}

/** The certificates that OpenSSL reads by default: a file, and a folder whose files are named by a hash. */
function openSslAuthorities(): string[] {
  const { readdirSync } = require('node:fs') as typeof import('node:fs')
  const { join } = require('node:path') as typeof import('node:path')
  const { SSL_CERT_FILE, SSL_CERT_DIR } = process.env
  const found: string[] = []
  for (const file of SSL_CERT_FILE ? [SSL_CERT_FILE] : OPENSSL_FOLDERS.map((folder) => join(folder, 'cert.pem'))) {
    found.push(...contentsOf(file))
  }
  for (const folder of SSL_CERT_DIR
    ? SSL_CERT_DIR.split(process.platform === 'win32' ? ';' : ':')
    : OPENSSL_FOLDERS.map((folder) => join(folder, 'certs'))) {
    let names: string[] = []
    try {
      names = readdirSync(folder)
    } catch {
      // As in OpenSSL, a missing file adds nothing.
    }
    for (const name of names) {
      if (/^[0-9a-f]{8}\.\d+$/.test(name)) found.push(...contentsOf(join(folder, name)))
    }
  }
  return found
}

/** A file's text. Empty for a missing file, because Node itself warns of that. */
function contentsOf(file: string): string[] {
  const { readFileSync } = require('node:fs') as typeof import('node:fs')
  try {
    return [readFileSync(file, 'utf8')]
  } catch {
    return []
  }
}

async function readFile(path: string): Promise<Buffer> {
  const { promises } = require('node:fs') as typeof import('node:fs')
  return promises.readFile(path)
}

const LINE_END = Buffer.from('\n')

/** Where Node's OpenSSL looks on this platform, and where other builds of OpenSSL look. */
const OPENSSL_FOLDERS: readonly string[] =
  process.platform === 'win32'
    ? ['C:\\Program Files\\Common Files\\SSL']
    : process.platform === 'darwin'
      ? ['/System/Library/OpenSSL', '/etc/ssl']
      : ['/etc/ssl', '/etc/pki/tls', '/usr/lib/ssl']

const NOTHING_LISTED =
  'Failed to connect to server. Please ensure that your database is listening on the correct host and port and that ' +
  'you have compatible encryption settings both on Neo4j server and driver. Note that the default encryption setting ' +
  'has changed in Neo4j 4.0. Caused by: You are using TRUST_CUSTOM_CA_SIGNED_CERTIFICATES as the method to verify ' +
  'trust for encrypted  connections, but have not configured any trustedCertificates. You  must specify the path to ' +
  'at least one trusted X.509 certificate for this to work. Two other alternatives is to use TRUST_ALL_CERTIFICATES ' +
  'or to disable encryption by setting encrypted="ENCRYPTION_OFF"in your driver configuration.'
