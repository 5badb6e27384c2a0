/**
 * AES-256-GCM with Node's crypto, which is loaded at its first use, and the service that wraps
 * keys with a key of this process.
 */

import { newError } from '../error/neo4j-error.js'
import { bytesOf } from '../types/kind.js'
import type { EncapsulationResult, KeyEncapsulationService } from './keys.js'

/** The result of {@link encrypt}. The ciphertext ends with the tag. */
export interface Sealed {
  readonly ciphertext: Int8Array
  readonly iv: Uint8Array
}

/** Encrypts under a key of 32 bytes, with a new initialisation vector. */
export async function encrypt(key: Uint8Array, message: Uint8Array, aad: Uint8Array | undefined): Promise<Sealed> {
  const crypto = await nodeCrypto()
  const iv = crypto.getRandomValues(new Uint8Array(IV_SIZE))
  const cipher = await crypto.subtle.importKey('raw', key, AES, false, ['encrypt'])
  const sealed = await crypto.subtle.encrypt({ name: AES.name, iv, additionalData: aad }, cipher, message)
  return { ciphertext: new Int8Array(sealed), iv }
}

/** Reverses {@link encrypt}; rejects if anything was changed. */
export async function decrypt(
  key: Uint8Array,
  iv: ArrayBufferView,
  ciphertext: ArrayBufferView,
  aad: Uint8Array | undefined,
): Promise<Uint8Array> {
  const crypto = await nodeCrypto()
  const cipher = await crypto.subtle.importKey('raw', key, AES, false, ['decrypt'])
  const parameters = { name: AES.name, iv: bytesOf(iv), additionalData: aad }
  return new Uint8Array(await crypto.subtle.decrypt(parameters, cipher, bytesOf(ciphertext)))
}

/**
 * Wraps keys with a key of 32 bytes that the application supplies (AES-256-GCM). For tests, and for
 * applications that keep that key in a safe place.
 *
 * @experimental part of client-side encryption
 */
export class LocalKeyEncapsulationService implements KeyEncapsulationService {
  // Private, so that inspect and JSON do not show it.
  readonly #kek: Uint8Array

  /**
   * @param kek 32 bytes; copied, so that the caller can overwrite them
   * @throws Neo4jError when there are not 32 bytes
   */
  constructor(kek: Uint8Array) {
    if (kek.byteLength !== KEY_SIZE) {
      throw newError(
        `LocalKeyEncapsualationService master key must be of byteLength 32 (256 bits), got ${kek.byteLength} (${kek.byteLength * 8} bits)`,
      )
    }
    this.#kek = Uint8Array.from(bytesOf(kek))
  }

  /** Makes a new key and wraps it. */
  async encapsulate(_options: { [name: string]: string }): Promise<EncapsulationResult> {
    const key = (await nodeCrypto()).getRandomValues(new Uint8Array(KEY_SIZE))
    const { ciphertext, iv } = await encrypt(this.#kek, key, undefined)
    return new LocalEncapsulationResult(key, ciphertext, { iv: Buffer.from(iv).toString('base64') })
  }

  /**
   * Unwraps a key.
   *
   * @throws when it was wrapped with another key, or changed since
   */
  async decapsulate(encapsulation: Int8Array, metadata: { [name: string]: string }): Promise<Uint8Array> {
    return await decrypt(this.#kek, Buffer.from(metadata.iv, 'base64'), encapsulation, undefined)
  }
}

/**
 * Makes a {@link LocalKeyEncapsulationService}.
 *
 * @param masterKey 32 bytes
 * @throws Neo4jError when there are not 32 bytes
 * @experimental part of client-side encryption
 */
export function localKeyEncapsulationService(masterKey: Uint8Array): LocalKeyEncapsulationService {
  return new LocalKeyEncapsulationService(masterKey)
}

class LocalEncapsulationResult implements EncapsulationResult {
  readonly #key: Uint8Array
  readonly #encapsulation: Int8Array
  readonly #options: { [name: string]: string }

  constructor(key: Uint8Array, encapsulation: Int8Array, options: { [name: string]: string }) {
    this.#key = key
    this.#encapsulation = encapsulation
    this.#options = options
  }

  encapsulation(): Int8Array {
    return this.#encapsulation
  }

  options(): { [name: string]: string } {
    return this.#options
  }

  key(): Uint8Array {
    return this.#key
  }
}

/** Overwrites a key that only the driver holds. */
export function wipe(service: KeyEncapsulationService, key: Uint8Array | undefined): void {
  // Another service may hand out the same bytes again.
  if (service instanceof LocalKeyEncapsulationService) key?.fill(0)
}

async function nodeCrypto(): Promise<typeof import('node:crypto')> {
  try {
    return (await import('node:crypto')).default
  } catch (error) {
    throw newError('Client-side encryption needs a Node.js that was built with crypto', undefined, error as Error)
  }
}

/** Of keys, in bytes. */
export const KEY_SIZE = 32
const IV_SIZE = 12
const AES = { name: 'AES-GCM', length: 256 }
