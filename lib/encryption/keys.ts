/**
 * The keys of client-side encryption: the interfaces for wrapping and storing
 * them, and a cache of wrapped keys.
 */

import { newError } from '../error/neo4j-error.js'
import { type Integer, int } from '../types/integer.js'
import { stringify } from '../util/json.js'

/** A key for encrypting values: 32 bytes, unwrapped. */
export type SecretKey = Uint8Array

/** The result of {@link KeyEncapsulationService.encapsulate}: a new key, unwrapped and wrapped. */
export interface EncapsulationResult {
  /** The key, wrapped. */
  encapsulation: () => Int8Array
  /** Metadata that the service needs to unwrap the key. */
  options: () => { [name: string]: string }
  /** The key, unwrapped. */
  key: () => SecretKey
}

/**
 * Creates keys and wraps them for storage: with a key of its own, or with a key management system.
 * @experimental part of client-side encryption
 */
export interface KeyEncapsulationService {
  /** Makes a new key and wraps it. */
  encapsulate: (options: { [name: string]: string }) => Promise<EncapsulationResult>
  /**
   * Unwraps a key.
   * @param metadata the `options()` of the encapsulation
   * @returns the key, which must be 32 bytes
   */
  decapsulate: (encapsulation: Int8Array, metadata: { [name: string]: string }) => Promise<Uint8Array>
}

/** A stored key, as the application sees it. */
export interface EncapsulatedKey {
  /** Globally unique, and never changed. */
  id: () => string
  /** A name for finding the key, which can be moved to another key. */
  alias: () => string | undefined
}

/** A stored key, as its repository holds it. */
export interface EncapsulatedKeyRecord extends EncapsulatedKey {
  /** The key, wrapped. */
  encapsulation: () => Int8Array
  /** Metadata that the service needs to unwrap it. */
  metadata: () => { [name: string]: string }
}

/**
 * Stores wrapped keys: in a database, a file, a vault. The application implements it.
 * @experimental part of client-side encryption
 */
export interface EncapsulatedKeyRecordRepository {
  /** The key with that id; undefined when there is none. */
  findById: (id: string) => Promise<EncapsulatedKeyRecord>
  /** The key with that alias; undefined when there is none. */
  findByAlias: (alias: string) => Promise<EncapsulatedKeyRecord>
  /** Stores a wrapped key under an id that nothing else has, such as a UUID. */
  create: (
    alias: string,
    encapsulation: Int8Array,
    metadata: { [name: string]: string },
  ) => Promise<EncapsulatedKeyRecord>
  /** Sets or removes the alias of a key. Fails if another key has that alias. */
  setAliasById: (id: string, alias: string | undefined) => Promise<void>
  /** Deletes a key. */
  deleteById: (id: string) => Promise<void>
}

/**
 * A way to encrypt. All drivers that share the data must give it the same name. See
 * {@link EnvelopeEncryptionProfile}.
 * @experimental part of client-side encryption
 */
export interface EncryptionProfile {
  /** Stands beside every encrypted value, and tells which profile can decrypt it. */
  name: string
  /** Wraps and unwraps keys. */
  encapsulationService: KeyEncapsulationService
  /** Where wrapped keys are stored. */
  keyRepository: EncapsulatedKeyRecordRepository
  /** The kind of encryption. */
  type: string
  /** Of the format of what is encrypted. */
  version: Integer
  /** The stored key with an id (also given as plain text) or an alias. */
  findKey: (options: string | { alias?: string; id?: string }) => Promise<EncapsulatedKeyRecord | undefined>
  /** Stores a wrapped key. */
  saveKey: (alias: string, encapsulation: Int8Array, metadata: { [name: string]: string }) => Promise<EncapsulatedKey>
}

interface Remembered<T> {
  readonly what: T
  readonly since: number
}

/**
 * Envelope encryption: encrypts values with keys that are themselves encrypted ("wrapped") and stored
 * elsewhere. Caches wrapped keys for a while.
 *
 * @experimental part of client-side encryption
 * @example
 * const profile = new neo4j.EnvelopeEncryptionProfile({
 *   name: 'people',
 *   encapsulationService: neo4j.localKeyEncapsulationService(masterKey),
 *   keyRepository: myRepository,
 * })
 * const driver = neo4j.driver(url, auth, { encryptionProfiles: [profile] })
 */
export class EnvelopeEncryptionProfile implements EncryptionProfile {
  /** Stands beside every encrypted value, and tells which profile can decrypt it. */
  name: string
  /** Wraps and unwraps keys. */
  encapsulationService: KeyEncapsulationService
  /** Where wrapped keys are stored. */
  keyRepository: EncapsulatedKeyRecordRepository
  /** The kind of encryption. */
  type: string
  /** Of the format of what is encrypted. */
  version: Integer
  readonly #keys: Memory<EncapsulatedKeyRecord>
  readonly #aliases: Memory<string>

  /**
   * @param config.name the same in all drivers that share the data
   * @param config.encapsulationService wraps and unwraps keys
   * @param config.keyRepository stores wrapped keys
   * @param config.keyCacheTTL for how many milliseconds the cache holds a key by its id. Default: 15 minutes
   * @param config.keyCacheMaxSize how many keys the cache holds; 0 = none, and no alias either. Default: 100
   * @param config.keyAliasIndexTTL for how many milliseconds the cache holds an alias. Default: 15 seconds
   * @param config.keyAliasIndexMaxSize how many aliases the cache holds; 0 = none. Default: 100
   */
  constructor(config: {
    name: string
    encapsulationService: KeyEncapsulationService
    keyRepository: EncapsulatedKeyRecordRepository
    keyCacheTTL?: number
    keyCacheMaxSize?: number
    keyAliasIndexTTL?: number
    keyAliasIndexMaxSize?: number
  }) {
    this.name = config.name
    this.encapsulationService = config.encapsulationService
    this.keyRepository = config.keyRepository
    const most = config.keyCacheMaxSize ?? 100
    const mostAliases = most === 0 ? 0 : (config.keyAliasIndexMaxSize ?? 100)
    this.#keys = new Memory(config.keyCacheTTL ?? 15 * 60_000, most)
    this.#aliases = new Memory(config.keyAliasIndexTTL ?? 15_000, mostAliases)
    this.type = 'ENVELOPE'
    this.version = int(1)
  }

  /** The stored key with an id (also given as plain text) or an alias. Not meant to be called by users. */
  async findKey(options: string | { alias?: string; id?: string }): Promise<EncapsulatedKeyRecord | undefined> {
    if (typeof options === 'string') return await this.#findById(options)
    if (options.id != null) return await this.#findById(options.id)
    if (options.alias != null) return await this.#findByAlias(options.alias)
    throw newError(`invalid key options: ${stringify(options)}`)
  }

  /** Stores a wrapped key. Not meant to be called by users. */
  async saveKey(
    alias: string,
    encapsulation: Int8Array,
    metadata: { [name: string]: string },
  ): Promise<EncapsulatedKey> {
    return await asked('create', () => this.keyRepository.create(alias, encapsulation, metadata))
  }

  async #findById(id: string): Promise<EncapsulatedKeyRecord | undefined> {
    const known = this.#keys.recall(id)
    if (known !== undefined) return known
    const key = await asked('findById', () => this.keyRepository.findById(id))
    if (key == null) return undefined
    this.#keys.remember(id, key)
    return key
  }

  async #findByAlias(alias: string): Promise<EncapsulatedKeyRecord | undefined> {
    const known = this.#aliases.recall(alias)
    if (known !== undefined) return await this.#findById(known)
    const key = await asked('findByAlias', () => this.keyRepository.findByAlias(alias))
    if (key == null) return undefined
    this.#aliases.remember(alias, key.id())
    this.#keys.remember(key.id(), key)
    return key
  }
}

/**
 * Creates, finds and deletes the keys of a profile. `driver.encryption.keyManager()` returns one.
 * @experimental part of client-side encryption
 */
export class EncapsulatedKeyManager {
  readonly #profile: EncryptionProfile
  readonly #service: KeyEncapsulationService

  /** @internal */
  constructor(profile: EncryptionProfile, keyEncapsulationService: KeyEncapsulationService) {
    this.#profile = profile
    this.#service = keyEncapsulationService
  }

  /**
   * Creates a key and stores it.
   *
   * @param name its alias
   * @throws Neo4jError when the repository fails; its error is the cause
   */
  async create(name: string): Promise<EncapsulatedKey> {
    const made = await this.#service.encapsulate({})
    return await this.#profile.saveKey(name, made.encapsulation(), made.options())
  }

  /** The key with that id; undefined when there is none. */
  async findById(id: string): Promise<EncapsulatedKey | undefined> {
    return shown(await this.#profile.findKey({ id }))
  }

  /** The key with that alias; undefined when there is none. */
  async findByAlias(alias: string): Promise<EncapsulatedKey | undefined> {
    return shown(await this.#profile.findKey({ alias }))
  }

  /**
   * Gives a key an alias. A cached alias stays valid for as long as the profile says.
   *
   * @param alias one that no other key has; none removes the alias
   * @throws Neo4jError when the repository fails; its error is the cause
   */
  async setAliasById(id: string, alias?: string): Promise<void> {
    await asked('setAliasById', () => this.#profile.keyRepository.setAliasById(id, alias))
  }

  /**
   * Removes the alias of a key.
   *
   * @throws Neo4jError when the repository fails; its error is the cause
   */
  async deleteAliasById(id: string): Promise<void> {
    await this.setAliasById(id, undefined)
  }

  /**
   * Deletes a key. Data encrypted with it is lost.
   *
   * @throws Neo4jError when the repository fails; its error is the cause
   */
  async deleteById(id: string): Promise<void> {
    await asked('deleteById', () => this.#profile.keyRepository.deleteById(id))
  }
}

/** A cache with a size and a time limit. It drops the oldest entry first. */
class Memory<T> {
  readonly #lifetime: number
  readonly #most: number
  readonly #things = new Map<string, Remembered<T>>()

  constructor(lifetime: number, most: number) {
    this.#lifetime = lifetime
    this.#most = most
  }

  recall(name: string): T | undefined {
    const thing = this.#things.get(name)
    if (thing === undefined) return undefined
    if (Date.now() - thing.since < this.#lifetime) return thing.what
    this.#things.delete(name)
    return undefined
  }

  remember(name: string, what: T): void {
    // Deleted first, so that the entry moves to the end: a Map keeps insertion order.
    this.#things.delete(name)
    if (this.#most > 0) this.#things.set(name, { what, since: Date.now() })
    if (this.#things.size > this.#most) {
      for (const oldest of this.#things.keys()) {
        this.#things.delete(oldest)
        break
      }
    }
  }
}

async function asked<T>(method: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    // The status stands where the code should, as in the official driver.
    throw newError(`Call to EncapsulatedKeyRepository.${method} threw error, see cause`, '50N42', error as Error)
  }
}

function shown(key: EncapsulatedKeyRecord | undefined): EncapsulatedKey | undefined {
  if (key == null) return undefined
  return { id: () => key.id(), alias: () => key.alias() }
}
