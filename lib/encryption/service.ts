/**
 * Client-side encryption: single values to bytes that only the holders of a key can read, and back. All Neo4j
 * drivers share the format of these bytes.
 *
 * The bytes are the number 1, for the format, and a PackStream structure. It names the profile and the key
 * and holds the value, packed as for Bolt 6.1 and encrypted.
 */

import { Decoder } from '../codec/decoder.js'
import { Encoder } from '../codec/encoder.js'
import { type IntegerMode, Structure } from '../codec/hydrate.js'
import { newError } from '../error/neo4j-error.js'
import { type Integer, int, isInt } from '../types/integer.js'
import { bytesOf } from '../types/kind.js'
import { isPoint, type Point } from '../types/spatial.js'
import { isDate, isDateTime, isDuration, isLocalDateTime, isLocalTime, isTime } from '../types/temporal.js'
import { UnsupportedType } from '../types/unsupported-type.js'
import { isUUID } from '../types/uuid.js'
import { isVector } from '../types/vector.js'
import { stringify } from '../util/json.js'
import { EncapsulatedKeyManager, type EncapsulatedKeyRecord, type EncryptionProfile } from './keys.js'
import { decrypt, encrypt, KEY_SIZE, wipe } from './local.js'

/**
 * Encrypts and decrypts values with the profiles of a driver. `driver.encryption` is one.
 * @experimental part of client-side encryption
 */
export class EncryptionService {
  readonly #integers: IntegerMode
  readonly #profiles = new Map<string, { profile: EncryptionProfile; keyManager: EncapsulatedKeyManager }>()

  /**
   * @throws Neo4jError when two profiles have one name
   * @internal
   */
  constructor(integers: IntegerMode, profiles: readonly EncryptionProfile[]) {
    this.#integers = integers
    profiles.forEach((profile) => {
      if (this.#profiles.has(profile.name)) {
        throw newError(`Multiple profiles with name ${profile.name} configured, each profile must have a unique name.`)
      }
      const keyManager = new EncapsulatedKeyManager(profile, profile.encapsulationService)
      this.#profiles.set(profile.name, { profile, keyManager })
    })
  }

  /**
   * Encrypts a value with AES-256-GCM. The result can be stored as a property. Any Neo4j driver with a
   * profile of that name and the same key can decrypt it.
   *
   * @param encryptRequest.value what a property can be
   * @param encryptRequest.keyOptions the key's id, or an object with its id or its alias
   * @param encryptRequest.encryptionProfile name of the profile. Default: the only one there is
   * @param encryptRequest.aad is not encrypted, but the value can't be decrypted with
   * another one. It is stored along.
   * @throws Neo4jError when there is no such profile or key, or the value can't be a property. When something
   * fails inside, that is the cause.
   */
  async encrypt(encryptRequest: {
    // biome-ignore lint/suspicious/noExplicitAny: the official signature
    value: any
    keyOptions: string | { alias?: string; id?: string }
    encryptionProfile?: string
    // biome-ignore lint/suspicious/noExplicitAny: the official signature
    aad?: any
  }): Promise<Int8Array> {
    const { value, keyOptions, encryptionProfile, aad } = encryptRequest
    const { profile } = this.#profile(encryptionProfile)
    const type = typeOf(value)
    const message = encoded(value)
    let authenticated: Uint8Array | undefined
    if (aad !== undefined) {
      const { name } = typeOf(aad)
      if (!AAD_TYPES.includes(name)) {
        throw newError(`Unsupported AAD property type ${name}, supported values are ${AAD_TYPES.toString()}`)
      }
      authenticated = encoded(aad)
    }
    const record = await findKey(profile, keyOptions)
    try {
      const { ciphertext, iv } = await withKey(profile, record, (key) => encrypt(key, message, authenticated))
      return envelope({
        profileType: profile.type,
        profileVersion: profile.version,
        profileName: profile.name,
        ciphertext,
        typeName: type.name,
        major: TYPES_MAJOR,
        minor: TYPES_MINOR,
        // In alphabetical order.
        metadata: {
          ...(authenticated !== undefined && {
            aad: new Int8Array(authenticated),
            aad_encoding_scheme_major: TYPES_MAJOR,
            aad_encoding_scheme_minor: TYPES_MINOR,
          }),
          iv: new Int8Array(iv),
          key_id: record.id(),
        },
      })
    } catch (error) {
      throw internal('Property encryption failed due to internal error, see cause.', error)
    }
  }

  /**
   * Decrypts the result of {@link EncryptionService.encrypt} of this or another driver.
   *
   * @param decryptRequest.ciphertext as it was read from the property
   * @param decryptRequest.aad what the value was encrypted with
   * @param decryptRequest.usePersistedAad take that which is stored along
   * @returns the value; an {@link UnsupportedType} if a newer driver encoded it
   * @throws Neo4jError when there is no such profile or key, the additional data is another, or the bytes
   * were changed. When something fails inside, that is the cause.
   */
  async decrypt<T>(decryptRequest: {
    ciphertext: Int8Array
    usePersistedAad?: boolean
    // biome-ignore lint/suspicious/noExplicitAny: the official signature
    aad?: any
  }): Promise<T | UnsupportedType> {
    const sealed = opened(decryptRequest.ciphertext)
    const { metadata } = sealed
    if (sealed.major.notEquals(TYPES_MAJOR) || sealed.minor.greaterThan(TYPES_MINOR)) {
      return new UnsupportedType(
        'Undecryptable Value',
        sealed.major.toNumber(),
        sealed.minor.toNumber(),
        'Encrypted value was encoded with a newer driver, you must update your driver version to decode it.',
      )
    }
    if (sealed.profileType !== 'ENVELOPE' || !isInt(sealed.profileVersion) || sealed.profileVersion.notEquals(1)) {
      const version = isInt(sealed.profileVersion) ? sealed.profileVersion : stringify(sealed.profileVersion)
      throw newError(`Unsupported encryption profile version ${version} of profile type ${sealed.profileType}.`)
    }
    let aad: Uint8Array | undefined
    if (decryptRequest.usePersistedAad === true) {
      aad = metadata.aad === undefined ? undefined : bytesIn(metadata.aad)
    } else if (decryptRequest.aad !== undefined) {
      typeOf(decryptRequest.aad)
      const { aad_encoding_scheme_major: major, aad_encoding_scheme_minor: minor } = metadata
      if (!isInt(major) || !isInt(minor) || major.notEquals(TYPES_MAJOR) || minor.greaterThan(TYPES_MINOR)) {
        throw newError('Could not encode provided AAD as it was encoded with an unsupported encoding scheme')
      }
      aad = encoded(decryptRequest.aad)
    }
    const { profile } = this.#profile(sealed.profileName)
    try {
      const record = await findKey(profile, metadata.key_id as string)
      const message = await withKey(profile, record, (key) =>
        decrypt(key, bytesIn(metadata.iv), bytesIn(sealed.ciphertext), aad),
      )
      const value = new Decoder(message, this.#integers).value()
      // A holder of the key may have packed a value that is no property.
      typeOf(value)
      return value as T
    } catch (error) {
      throw internal('Property decryption failed due to internal error, see cause.', error)
    }
  }

  /**
   * The object that creates and finds the keys of a profile.
   *
   * @param profileName default: the only one there is
   * @throws Neo4jError when there is no such profile
   */
  keyManager(profileName?: string): EncapsulatedKeyManager {
    return this.#profile(profileName).keyManager
  }

  #profile(name: string | undefined): { profile: EncryptionProfile; keyManager: EncapsulatedKeyManager } {
    if (name == null) {
      const [only, another] = this.#profiles.values()
      if (only !== undefined && another === undefined) return only
      throw newError(
        'When using a driver with multiple encryption profiles configured, which encryption profile to use must be explicitly provided',
      )
    }
    const found = this.#profiles.get(name)
    if (found === undefined) throw newError(`Could not find encryption profile with name ${name}`)
    return found
  }
}

/** The structure in the bytes, taken apart. Of what stands outside of the encryption nothing is trusted. */
interface Envelope {
  readonly profileType: string
  readonly profileVersion: unknown
  readonly profileName: string
  readonly ciphertext: unknown
  readonly typeName: unknown
  readonly major: Integer
  readonly minor: Integer
  readonly metadata: { readonly [name: string]: unknown }
}

function envelope(content: Envelope): Int8Array {
  const encoder = new Encoder()
  encoder.int(FORMAT)
  encoder.structHeader(ENCRYPTED, FIELDS)
  const { profileType, profileVersion, profileName, ciphertext, typeName, major, minor, metadata } = content
  for (const field of [profileType, profileVersion, profileName, ciphertext, typeName, major, minor, metadata]) {
    encoder.value(field)
  }
  return new Int8Array(encoder.finish())
}

function opened(ciphertext: Int8Array): Envelope {
  if (ciphertext.length === 0) throw newError('Empty byte array provided as ciphertext to decryption.')
  if (ciphertext[0] !== FORMAT) {
    throw newError(`Object is encoded with version ${ciphertext[0]}, this driver only supports version 1.`)
  }
  const decoder = new Decoder(bytesOf(ciphertext).subarray(1), 'integer', false)
  const structure = decoder.value()
  if (decoder.hasRemaining) {
    throw newError('Found data remaining after decoding ciphertext and metadata, unclean decode.')
  }
  if (!(structure instanceof Structure) || structure.signature !== ENCRYPTED) {
    throw newError('The ciphertext holds something else than an encrypted value.')
  }
  if (structure.size !== FIELDS) {
    throw newError(`Expects encrypted structure to have 8 fields, found ${structure.size}`)
  }
  const [profileType, profileVersion, profileName, inner, typeName, major, minor, metadata] = structure.fields
  if (!isInt(major) || !isInt(minor) || !isText(profileType) || !isText(profileName) || !isMap(metadata)) {
    throw newError('The fields of the encrypted value are not of the types that they should be.')
  }
  return { profileType, profileVersion, profileName, ciphertext: inner, typeName, major, minor, metadata }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isMap(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** The bytes of a field that should have some. */
function bytesIn(value: unknown): Uint8Array {
  if (!(value instanceof Int8Array)) throw newError('A field of the encrypted value should be bytes but is not.')
  return bytesOf(value)
}

function encoded(value: unknown): Uint8Array {
  const encoder = new Encoder()
  encoder.value(value)
  return encoder.finish()
}

async function findKey(
  profile: EncryptionProfile,
  options: string | { alias?: string; id?: string },
): Promise<EncapsulatedKeyRecord> {
  const key = await profile.findKey(options)
  if (key == null) throw newError(`Could not find key with key options: ${stringify(options)}`)
  return key
}

/** Unwraps a key for one use. */
async function withKey<T>(
  profile: EncryptionProfile,
  record: EncapsulatedKeyRecord,
  use: (key: Uint8Array) => Promise<T>,
): Promise<T> {
  const service = profile.encapsulationService
  const key = await service.decapsulate(record.encapsulation(), record.metadata())
  try {
    if (key.length !== KEY_SIZE) throw newError(`Expected decapulated key to be 32 bytes, found ${key.length}`)
    return await use(key)
  } finally {
    wipe(service, key)
  }
}

function internal(message: string, cause: unknown): Error {
  // The status stands where the code should, as in the official driver.
  return newError(message, '50N42', cause as Error)
}

/** The type of a property: how it is called, and which values may stand beside one in an array. */
interface PropertyType {
  readonly name: string
  /** @throws Neo4jError where there is more to say than no */
  fits(value: unknown): boolean
}

/** @throws Neo4jError for what can't be a property */
function typeOf(value: unknown): PropertyType {
  for (const type of TYPES) if (type.is(value)) return { name: type.name, fits: type.fits?.(value) ?? type.is }
  if (!Array.isArray(value)) throw newError(`could not identify type of: ${stringify(value)}`)
  const { fits } = typeOf(value[0])
  if (!value.map(fits).every((same) => same)) {
    throw newError('Every element of an encrypted array must be of the same property type')
  }
  return { name: 'LIST', fits: () => false }
}

interface KnownType {
  readonly name: string
  is(value: unknown): boolean
  /** Default: {@link is}. */
  fits?(first: unknown): (value: unknown) => boolean
}

const refusing = (message: string) => (): never => {
  throw newError(message)
}

const TYPES: readonly KnownType[] = [
  {
    name: 'NULL',
    is: (value) => value === null,
    fits: () => refusing('Encrypted arrays cannot contain null values'),
  },
  { name: 'STRING', is: (value) => typeof value === 'string' },
  { name: 'BOOLEAN', is: (value) => typeof value === 'boolean' },
  { name: 'FLOAT', is: (value) => typeof value === 'number' },
  { name: 'INTEGER', is: (value) => typeof value === 'bigint' },
  { name: 'INTEGER', is: (value) => isInt(value as object) },
  { name: 'DATE', is: isDate },
  { name: 'DURATION', is: isDuration },
  { name: 'VECTOR', is: isVector, fits: () => refusing('Encrypted arrays cannot contain vector values') },
  { name: 'BYTES', is: (value) => value instanceof Int8Array },
  { name: 'LOCAL DATETIME', is: isLocalDateTime },
  { name: 'LOCAL TIME', is: isLocalTime },
  { name: 'ZONED DATETIME', is: isDateTime },
  { name: 'ZONED TIME', is: isTime },
  { name: 'POINT', is: isPoint, fits: (first) => (value) => isPoint(value) && isAlike(value, first as Point) },
  { name: 'UUID', is: isUUID },
]

function isAlike(point: Point, first: Point): boolean {
  if (int(point.srid).notEquals(int(first.srid))) {
    throw newError('Encrypted arrays of Points must only contain Points with identical srids')
  }
  if ((point.z == null) !== (first.z == null)) {
    throw newError('Encrypted arrays of Points must only contain Points of the same dimensionality.')
  }
  return true
}

/** Of what is not encrypted but authenticated. */
const AAD_TYPES = ['BOOLEAN', 'DATE', 'INTEGER', 'LOCAL TIME', 'POINT', 'STRING', 'ZONED TIME', 'UUID', 'BYTES']

/** The version of the list of types. */
const TYPES_MAJOR = int(1)
const TYPES_MINOR = int(0)

const FORMAT = 1
const ENCRYPTED = 0x65
const FIELDS = 8
