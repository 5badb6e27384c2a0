/**
 * The keys of client-side encryption: who wraps them, who keeps them, and where they are remembered for a while. Knows keys only in
 * their wrapped form; knows nothing of ciphers and of the values that are encrypted.
 */

import { newError } from '../error/neo4j-error.js'
import { type Integer, int } from '../types/integer.js'
import { stringify } from '../util/json.js'

/** A key with which values are encrypted, 32 bytes of it in the open. */
export type SecretKey = Uint8Array

/** What {@link KeyEncapsulationService.encapsulate} gives: a new key, in the open and wrapped. */
export interface EncapsulationResult {
  /** The key, wrapped. */
  encapsulation: () => Int8Array
  /** What the service wants to be told again when it unwraps the key. */
  options: () => { [name: string]: string }
  /** The key in the open. */
  key: () => SecretKey
}

/**
 * Makes keys and wraps them, so that they may be stored: with a key of its own, or with the help of a key management system.
 * @experimental part of client-side encryption
 */
export interface KeyEncapsulationService {
  /** Makes a new key and wraps it. */
  encapsulate: (options: { [name: string]: string }) => Promise<EncapsulationResult>
  /**
   * Unwraps a key.
   * @param metadata what the `options()` of the encapsulation were
   * @returns the key, which must be 32 bytes
   */
  decapsulate: (encapsulation: Int8Array, metadata: { [name: string]: string }) => Promise<Uint8Array>
}

/** A stored key as its user sees it. */
export interface EncapsulatedKey {
  /** Unique in the world, and never changed. */
  id: () => string
  /** The name under which it is found, which may be given to another key. */
  alias: () => string | undefined
}

/** A stored key as its repository has it. */
export interface EncapsulatedKeyRecord extends EncapsulatedKey {
  /** The key, wrapped. */
  encapsulation: () => Int8Array
  /** What the service that has wrapped it wants to be told. */
  metadata: () => { [name: string]: string }
}

/**
 * Where wrapped keys are stored: a database, a file, a vault. To be written by the user.
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
  /** Gives a key an alias, or none. Fails when another key has that alias. */
  setAliasById: (id: string, alias: string | undefined) => Promise<void>
  /** Forgets a key. */
  deleteById: (id: string) => Promise<void>
}

/**
 * A way to encrypt, under a name which all drivers that share the data have to give it. See {@link EnvelopeEncryptionProfile}.
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
 * Envelope encryption: values are encrypted with keys that are themselves encrypted ("wrapped") and stored elsewhere. Remembers
 * wrapped keys for a while.
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
   * @param config.name the same for all drivers that share the data
   * @param config.encapsulationService wraps and unwraps keys
   * @param config.keyRepository stores wrapped keys
   * @param config.keyCacheTTL for how many milliseconds a key is remembered by its id. Default: 15 minutes
   * @param config.keyCacheMaxSize how many keys are remembered; 0 = none, and no alias either. Default: 100
   * @param config.keyAliasIndexTTL for how many milliseconds it is remembered which key an alias stands for. Default: 15 seconds
   * @param config.keyAliasIndexMaxSize how many aliases are remembered; 0 = none. Default: 100
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
 * Makes, finds and forgets the keys of a profile. Made by `driver.encryption.keyManager()`.
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
   * Makes a key and stores it.
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
   * Gives a key an alias. What was remembered of the alias holds for as long as the profile says.
   *
   * @param alias which no other key has; none takes the alias away
   * @throws Neo4jError when the repository fails; its error is the cause
   */
  async setAliasById(id: string, alias?: string): Promise<void> {
    await asked('setAliasById', () => this.#profile.keyRepository.setAliasById(id, alias))
  }

  /**
   * Takes the alias of a key away.
   *
   * @throws Neo4jError when the repository fails; its error is the cause
   */
  async deleteAliasById(id: string): Promise<void> {
    await this.setAliasById(id, undefined)
  }

  /**
   * Forgets a key: what was encrypted with it is lost.
   *
   * @throws Neo4jError when the repository fails; its error is the cause
   */
  async deleteById(id: string): Promise<void> {
    await asked('deleteById', () => this.#profile.keyRepository.deleteById(id))
  }
}

/** Remembers so many things for so long; what was learnt first is forgotten first. */
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
    // Anew at the end: a Map keeps the order in which its keys came.
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
