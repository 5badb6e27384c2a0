/**
 * Client certificates (mutual TLS): their settings, checked, and a provider whose
 * certificate changes. Reads no file.
 */

import { stringify } from '../util/json.js'

/** The certificate with which the client identifies itself (mutual TLS). */
export interface ClientCertificate {
  /** Paths of PEM files; each may hold a chain, the client's own certificate first. */
  readonly certfile: string | string[]
  /** The key of each. */
  readonly keyfile: KeyFile | KeyFile[]
  /** Password of the key files that have none of their own. */
  readonly password?: string
}

/** A private key: the path of its file, with the password if it has one. */
export type KeyFile =
  | string
  | {
      /** Path of a PEM file. */
      path: string
      /** Default: the password of the certificate, if it has one. */
      password?: string
    }

/** Hands out client certificates that change over time. */
export interface ClientCertificateProvider {
  /** Whether there is a newer certificate than the last one. Called for each connection but the first. */
  hasUpdate(): boolean | Promise<boolean>
  /** Called for the first connection, and after each `hasUpdate` that was true. */
  getClientCertificate(): ClientCertificate | Promise<ClientCertificate>
}

/** A provider whose certificate can be replaced while drivers use it. */
export interface RotatingClientCertificateProvider extends ClientCertificateProvider {
  /**
   * Sets the certificate of new connections. Open connections stay as they are.
   *
   * @throws TypeError if it is no certificate
   */
  updateCertificate(certificate: ClientCertificate): void
}

/** Ready-made providers of client certificates. */
export class ClientCertificateProviders {
  /**
   * A provider that hands out one certificate until the application updates it.
   *
   * @throws TypeError if the first one is no certificate
   * @example
   * const provider = neo4j.clientCertificateProviders.rotating({
   *   initialCertificate: { certfile: 'client.pem', keyfile: 'client.key' },
   * })
   * const driver = neo4j.driver('bolt+s://example.com', token, { clientCertificate: provider })
   * provider.updateCertificate({ certfile: 'next.pem', keyfile: 'next.key' })
   */
  rotating({ initialCertificate }: { initialCertificate: ClientCertificate }): RotatingClientCertificateProvider {
    return new Rotating(checked('initialCertificate', initialCertificate))
  }
}

/** Ready-made providers of client certificates. */
export const clientCertificateProviders: ClientCertificateProviders = Object.freeze(new ClientCertificateProviders())

class Rotating implements RotatingClientCertificateProvider {
  // Private, so that printing a driver's settings does not show a password.
  #certificate: ClientCertificate
  #updated = false

  constructor(certificate: ClientCertificate) {
    this.#certificate = certificate
  }

  hasUpdate(): boolean {
    const updated = this.#updated
    this.#updated = false
    return updated
  }

  getClientCertificate(): ClientCertificate {
    return this.#certificate
  }

  updateCertificate(certificate: ClientCertificate): void {
    this.#certificate = checked('certificate', certificate)
    this.#updated = true
  }
}

/**
 * The provider that the `clientCertificate` of a driver stands for, or none.
 *
 * @throws TypeError if it is neither a certificate nor a provider
 * @internal
 */
export function checkedClientCertificate(value: unknown): ClientCertificateProvider | undefined {
  if (value == null) return undefined
  if (isProvider(value)) return value
  if (isClientCertificate(value)) {
    const certificate = { ...value }
    return { hasUpdate: () => false, getClientCertificate: () => certificate }
  }
  throw new TypeError(
    `clientCertificate should be configured with ClientCertificate or ClientCertificateProvider, but got ${shown(value)}`,
  )
}

function checked(name: string, value: unknown): ClientCertificate {
  if (isClientCertificate(value)) return { ...value }
  throw new TypeError(`${name} should be ClientCertificate, but got ${shown(value)}`)
}

function isProvider(value: unknown): value is ClientCertificateProvider {
  if (typeof value !== 'object' || value === null) return false
  const { hasUpdate, getClientCertificate } = value as Partial<ClientCertificateProvider>
  return typeof hasUpdate === 'function' && typeof getClientCertificate === 'function'
}

function isClientCertificate(value: unknown): value is ClientCertificate {
  if (typeof value !== 'object' || value === null) return false
  const { certfile, keyfile, password } = value as Partial<ClientCertificate>
  return isOneOrMore(certfile, isText) && isOneOrMore(keyfile, isKeyFile) && isTextOrAbsent(password)
}

function isKeyFile(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isText(value)
  const { path, password } = value as { path?: unknown; password?: unknown }
  return isText(path) && isTextOrAbsent(password)
}

function isOneOrMore(value: unknown, is: (value: unknown) => boolean): boolean {
  return Array.isArray(value) ? value.length > 0 && value.every(is) : is(value)
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isTextOrAbsent(value: unknown): boolean {
  return value == null || isText(value)
}

/** As JSON without passwords: an error may end up in a log. */
function shown(value: unknown): string | undefined {
  return stringify(value, { hidden: ['password'] })
}
