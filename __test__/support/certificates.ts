/**
 * Makes X.509 certificates for the tests with nothing but Node's own crypto: right ones, and all the wrong
 * ones that a certificate authority would not issue. They have the few fields that clients look at, written
 * in DER.
 */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { isIPv4, isIPv6 } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface CertificateOptions {
  /** The common name; default: the first host, else `neobolt test`. */
  name?: string
  /**
   * Names and addresses in the subject alternative names; without any, the certificate has no such extension.
   */
  hosts?: string[]
  /** The certificate that signs; default: itself. */
  issuer?: Certificate
  /** Whether it may sign others. Default: false. */
  authority?: boolean
  /** Default: yesterday. */
  from?: Date
  /** Default: in a year. */
  until?: Date
  /** Default: elliptic, P-256. */
  key?: 'ec' | 'p521' | 'rsa' | 'rsa1024' | 'ed25519'
  /** The digest of the signature, unless the key is Ed25519. Default: SHA-256. */
  hash?: Hash
  /** 1 has no extensions. Default: 3. */
  version?: 1 | 3
}

type Hash = 'sha256' | 'sha512'

export interface Certificate {
  name: string
  der: Buffer
  /** With the certificates that signed it, except the root, as servers send it. */
  chain: string
  pem: string
  privateKey: KeyObject
  /** PKCS #8, not encrypted. */
  key: string
  selfSigned: boolean
}

/** Makes a certificate and its key. */
export function certificate(options: CertificateOptions = {}): Certificate {
  const { hosts = [], issuer, version = 3, hash = 'sha256' } = options
  const name = options.name ?? hosts[0] ?? 'neobolt test'
  const { privateKey, publicKey } = keyPair(options.key ?? 'ec')
  const signing = issuer?.privateKey ?? privateKey
  const algorithm = signatureAlgorithm(signing, hash)
  const body = sequence(
    ...(version === 3 ? [tlv(CONTEXT_0, integer(Buffer.of(2)))] : []),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    distinguishedName(issuer?.name ?? name),
    sequence(time(options.from ?? new Date(Date.now() - DAY)), time(options.until ?? new Date(Date.now() + 365 * DAY))),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(version === 3 ? [extensions(options.authority === true, hosts)] : []),
  )
  const signature = sign(signing.asymmetricKeyType === 'ed25519' ? null : hash, body, signing)
  const der = sequence(body, algorithm, tlv(BIT_STRING, Buffer.of(0), signature))
  const pem = toPem(der)
  return {
    name,
    der,
    pem,
    chain: issuer === undefined || issuer.selfSigned ? pem : pem + issuer.chain,
    privateKey,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    selfSigned: issuer === undefined,
  }
}

/** A certificate authority of this test alone. */
export function authority(name = 'neobolt test authority', options: CertificateOptions = {}): Certificate {
  return certificate({ ...options, name, authority: true })
}

/** A folder for files whose paths are given to drivers. The caller removes it. */
export function certificateFolder(): { write(name: string, text: string | Buffer): string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'neobolt-certificates-'))
  return {
    write: (name, text) => {
      const path = join(folder, name)
      writeFileSync(path, text)
      return path
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function keyPair(kind: NonNullable<CertificateOptions['key']>): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (kind) {
    case 'ec':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    case 'p521':
      return generateKeyPairSync('ec', { namedCurve: 'P-521' })
    case 'rsa':
      return generateKeyPairSync('rsa', { modulusLength: 2048 })
    case 'rsa1024':
      return generateKeyPairSync('rsa', { modulusLength: 1024 })
    case 'ed25519':
      return generateKeyPairSync('ed25519')
  }
}

function signatureAlgorithm(key: KeyObject, hash: Hash): Buffer {
  const sha512 = hash === 'sha512'
  switch (key.asymmetricKeyType) {
    case 'ec':
      return sequence(oid(sha512 ? '2a8648ce3d040304' : '2a8648ce3d040302')) // ecdsa-with-SHA512, -SHA256
    case 'rsa':
      return sequence(oid(sha512 ? '2a864886f70d01010d' : '2a864886f70d01010b'), tlv(NULL)) // sha512With-, sha256WithRSAEncryption
    default:
      return sequence(oid('2b6570')) // Ed25519
  }
}

function distinguishedName(commonName: string): Buffer {
  return sequence(tlv(SET, sequence(oid('550403'), tlv(UTF8_STRING, Buffer.from(commonName)))))
}

function extensions(authority: boolean, hosts: string[]): Buffer {
  const list = [
    // basicConstraints, critical
    extension('551d13', sequence(...(authority ? [tlv(BOOLEAN, Buffer.of(0xff))] : [])), true),
  ]
  if (hosts.length > 0) list.push(extension('551d11', sequence(...hosts.map(alternativeName)), false))
  return tlv(CONTEXT_3, sequence(...list))
}

function extension(id: string, value: Buffer, critical: boolean): Buffer {
  return sequence(oid(id), ...(critical ? [tlv(BOOLEAN, Buffer.of(0xff))] : []), tlv(OCTET_STRING, value))
}

function alternativeName(host: string): Buffer {
  if (isIPv4(host)) return tlv(IP_ADDRESS, Buffer.from(host.split('.').map(Number)))
  if (isIPv6(host)) {
    const [head = '', tail] = host.split('::')
    const left = head === '' ? [] : head.split(':')
    const right = tail === undefined || tail === '' ? [] : tail.split(':')
    const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
    return tlv(IP_ADDRESS, Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex'))
  }
  return tlv(DNS_NAME, Buffer.from(host))
}

function time(date: Date): Buffer {
  const text = date
    .toISOString()
    .replace(/[-:T]/g, '')
    .replace(/\.\d+Z/, 'Z')
  // RFC 5280, 4.1.2.5: two digits of the year until 2049.
  return date.getUTCFullYear() < 2050
    ? tlv(UTC_TIME, Buffer.from(text.slice(2)))
    : tlv(GENERALIZED_TIME, Buffer.from(text))
}

function integer(bytes: Buffer): Buffer {
  return tlv(INTEGER, bytes)
}

function oid(hex: string): Buffer {
  return tlv(OID, Buffer.from(hex, 'hex'))
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(SEQUENCE, ...parts)
}

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const header =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(header), content])
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

// X.690, 8.1.2; the numbers of RFC 5280 for alternative names.
const BOOLEAN = 0x01
const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const NULL = 0x05
const OID = 0x06
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18
const SEQUENCE = 0x30
const SET = 0x31
const DNS_NAME = 0x82
const IP_ADDRESS = 0x87
const CONTEXT_0 = 0xa0
const CONTEXT_3 = 0xa3

const DAY = 86_400_000
