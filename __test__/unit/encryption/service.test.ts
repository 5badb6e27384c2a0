/**
 * Client-side encryption against the official driver's, in both directions: each driver decrypts what the
 * other has encrypted, and where nothing is left to chance the bytes are the same.
 */
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { describe, it, mock } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { Decoder } from '../../../lib/codec/decoder.js'
import type { IntegerMode } from '../../../lib/codec/hydrate.js'
import {
  type EncapsulatedKeyRecord,
  type EncapsulatedKeyRecordRepository,
  type EncryptionProfile,
  EnvelopeEncryptionProfile,
} from '../../../lib/encryption/keys.js'
import { LocalKeyEncapsulationService, localKeyEncapsulationService } from '../../../lib/encryption/local.js'
import { EncryptionService } from '../../../lib/encryption/service.js'
import { Neo4jError } from '../../../lib/error/neo4j-error.js'
import * as values from '../../../lib/types/index.js'
import { brokenReason, isBrokenObject } from '../../support/broken-object.js'
import { holdsLater } from '../../support/property.js'
import { exactSnapshot } from '../../support/snapshot.js'
import { official } from '../official.js'

const MASTER_KEY = Uint8Array.from({ length: 32 }, (_, i) => i)

/** Stores keys in memory, and counts its calls. */
class Repository implements EncapsulatedKeyRecordRepository {
  readonly asked: string[] = []
  readonly #records: {
    id: string
    alias: string | undefined
    bytes: Int8Array
    metadata: { [name: string]: string }
  }[] = []

  async findById(id: string): Promise<EncapsulatedKeyRecord> {
    this.asked.push(`id ${id}`)
    return this.#shown((record) => record.id === id)
  }

  async findByAlias(alias: string): Promise<EncapsulatedKeyRecord> {
    this.asked.push(`alias ${alias}`)
    return this.#shown((record) => record.alias === alias)
  }

  async create(alias: string, bytes: Int8Array, metadata: { [name: string]: string }): Promise<EncapsulatedKeyRecord> {
    const id = `key-${this.#records.length}`
    this.#records.push({ id, alias, bytes, metadata })
    return this.#shown((record) => record.id === id)
  }

  async setAliasById(id: string, alias: string | undefined): Promise<void> {
    if (this.#records.some((record) => record.alias === alias && alias !== undefined)) throw new Error('alias in use')
    for (const record of this.#records) if (record.id === id) record.alias = alias
  }

  async deleteById(id: string): Promise<void> {
    const index = this.#records.findIndex((record) => record.id === id)
    if (index === -1) throw new Error('no such key')
    this.#records.splice(index, 1)
  }

  #shown(is: (record: { id: string; alias: string | undefined }) => boolean): EncapsulatedKeyRecord {
    const found = this.#records.find(is)
    if (found === undefined) return undefined as unknown as EncapsulatedKeyRecord
    const { id, alias, bytes, metadata } = found
    return { id: () => id, alias: () => alias, encapsulation: () => bytes, metadata: () => metadata }
  }
}

interface Side {
  readonly name: string
  readonly service: EncryptionService
  readonly profile: EncryptionProfile
  /** With the classes of these values. */
  readonly values: typeof values
}

interface Options {
  integers?: IntegerMode
  keyCacheTTL?: number
  keyCacheMaxSize?: number
  keyAliasIndexTTL?: number
  keyAliasIndexMaxSize?: number
}

/** Ours and the official one with the same keys. */
function pair(repository: EncapsulatedKeyRecordRepository, options: Options = {}): [ours: Side, theirs: Side] {
  const { integers = 'integer', ...caches } = options
  const profile = new EnvelopeEncryptionProfile({
    name: 'people',
    encapsulationService: localKeyEncapsulationService(MASTER_KEY),
    keyRepository: repository,
    ...caches,
  })
  const theirProfile = new official.EnvelopeEncryptionProfile({
    name: 'people',
    encapsulationService: official.localKeyEncapsulationService(MASTER_KEY),
    keyRepository: repository,
    ...caches,
  })
  const their = official.driver('bolt://localhost', undefined, {
    encryptionProfiles: [theirProfile],
    useBigInt: integers === 'bigint',
    disableLosslessIntegers: integers === 'number',
  })
  return [
    { name: 'ours', service: new EncryptionService(integers, [profile]), profile, values },
    {
      name: 'theirs',
      service: their.encryption as unknown as EncryptionService,
      profile: theirProfile as unknown as EncryptionProfile,
      values: official as unknown as typeof values,
    },
  ]
}

async function pairWithKey(options?: Options): Promise<[ours: Side, theirs: Side, keyId: string, Repository]> {
  const repository = new Repository()
  const [ours, theirs] = pair(repository, options)
  const key = await ours.service.keyManager().create('main')
  return [ours, theirs, key.id(), repository]
}

/** How it fails: class, code and text of the error and of its causes. */
async function failure(run: () => unknown): Promise<unknown> {
  try {
    await run()
  } catch (error) {
    const { name, message, code, gqlStatus, cause } = error as Neo4jError
    return { name, message, code, gqlStatus, cause: cause && { name: cause.name, message: cause.message } }
  }
  throw new Error('expected to fail')
}

/** Both must give the same. */
async function sameFailure(sides: readonly Side[], run: (side: Side) => unknown, text: RegExp): Promise<void> {
  const [mine, their] = await Promise.all(sides.map((side) => failure(() => run(side))))
  assert.deepEqual(mine, their)
  assert.match((mine as Error).message, text)
}

/** One of each type that a property can have. */
const SAMPLES: { readonly [name: string]: (v: typeof values) => unknown } = {
  null: () => null,
  text: () => 'Grüße, 世界 🌍',
  'long text': () => 'x'.repeat(70_000),
  boolean: () => true,
  float: () => -1.5e300,
  'whole float': () => 3,
  bigint: () => -(2n ** 63n),
  'small bigint': () => 5n,
  integer: (v) => v.int('9007199254740993'),
  'small integer': (v) => v.int(-17),
  date: (v) => new v.Date(-44, 3, 15),
  duration: (v) => new v.Duration(1, -2, 3, 4),
  vector: (v) => v.vector(Float32Array.of(1.5, -2.25, 0)),
  'vector of 8 bits': (v) => v.vector(Int8Array.of(1, -2)),
  'vector of 16 bits': (v) => v.vector(Int16Array.of(1, -2)),
  'vector of 64 bits': (v) => v.vector(BigInt64Array.of(1n, -(2n ** 63n))),
  'vector of doubles': (v) => v.vector(Float64Array.of(Math.PI)),
  bytes: () => Int8Array.of(-128, 0, 127),
  'local date time': (v) => new v.LocalDateTime(2024, 2, 29, 1, 2, 3, 4),
  'local time': (v) => new v.LocalTime(23, 59, 59, 999_999_999),
  'date time with offset': (v) => new v.DateTime(2024, 2, 29, 1, 2, 3, 4, -3600),
  'date time with both': (v) => new v.DateTime(2024, 7, 1, 1, 2, 3, 4, 7200, 'Europe/Stockholm'),
  time: (v) => new v.Time(1, 2, 3, 4, 3600),
  point: (v) => new v.Point(7203, 1.5, -2.5),
  'point in space': (v) => new v.Point(v.int(4979) as unknown as number, 1, 2, 3),
  uuid: (v) => v.uuid('00112233-4455-6677-8899-aabbccddeeff'),
  texts: () => ['a', 'b', ''],
  integers: (v) => Array.from({ length: 300 }, (_, i) => v.int(i * 1_000_003)),
  points: (v) => [new v.Point(7203, 1, 2), new v.Point(7203, 3, 4)],
}

describe('an encrypted value', () => {
  for (const integers of ['integer', 'number', 'bigint'] as const) {
    it(`is decrypted by the other driver to what it was, with integers as ${integers}`, async () => {
      const [ours, theirs, keyOptions] = await pairWithKey({ integers })
      for (const [name, sample] of Object.entries(SAMPLES)) {
        const outcomes = []
        for (const [from, to] of [
          [ours, ours],
          [ours, theirs],
          [theirs, ours],
          [theirs, theirs],
        ]) {
          const ciphertext = await from.service.encrypt({ value: sample(from.values), keyOptions })
          assert.ok(ciphertext instanceof Int8Array)
          outcomes.push(exactSnapshot(await to.service.decrypt({ ciphertext })))
        }
        for (const outcome of outcomes) assert.deepEqual(outcome, outcomes[3], name)
      }
    })
  }

  it('has the same bytes as one of the official driver, where chance is the same', async () => {
    const [ours, theirs, keyOptions] = await pairWithKey()
    const chance = mock.method(crypto.webcrypto, 'getRandomValues', (array: Uint8Array) => array.fill(7))
    try {
      for (const [name, sample] of Object.entries(SAMPLES)) {
        for (const aad of [undefined, 'who', true, Int8Array.of(1, 2)]) {
          const [mine, their] = await Promise.all(
            [ours, theirs].map(({ service, values }) => service.encrypt({ value: sample(values), keyOptions, aad })),
          )
          assert.deepEqual(mine, their, name)
        }
      }
      assert.ok(chance.mock.callCount() > 0)
    } finally {
      chance.mock.restore()
    }
  })

  it('carries any text, number and list of them', async () => {
    const [ours, theirs, keyOptions] = await pairWithKey({ integers: 'bigint' })
    const property = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.double(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.boolean(),
      fc.int8Array(),
      fc.array(fc.string(), { minLength: 1 }),
      fc.array(fc.double(), { minLength: 1 }),
      fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: 1 }),
    )
    await holdsLater(
      fc.asyncProperty(property, fc.boolean(), async (value, swapped) => {
        const [from, to] = swapped ? [theirs, ours] : [ours, theirs]
        const ciphertext = await from.service.encrypt({ value, keyOptions })
        assert.deepEqual(await to.service.decrypt({ ciphertext }), value)
      }),
      150,
    )
  })

  it('may be a time in a zone without an offset, which the official driver trips over', async () => {
    const [ours, theirs, keyOptions] = await pairWithKey()
    const value = new values.DateTime(2024, 7, 1, 1, 2, 3, 4, undefined, 'Europe/Stockholm')
    await assert.rejects(theirs.service.encrypt({ value, keyOptions }), TypeError)
    const ciphertext = await ours.service.encrypt({ value, keyOptions })
    assert.equal(String(await theirs.service.decrypt({ ciphertext })), `${value}`.replace('[', '+02:00['))
  })

  it('can lie anywhere in a larger buffer', async () => {
    const [ours, , keyOptions] = await pairWithKey()
    const ciphertext = await ours.service.encrypt({ value: 'secret', keyOptions })
    const larger = new Int8Array(ciphertext.length + 20)
    larger.set(ciphertext, 10)
    const inside = larger.subarray(10, 10 + ciphertext.length)
    assert.equal(await ours.service.decrypt({ ciphertext: inside }), 'secret')
    assert.equal(await ours.service.decrypt({ ciphertext: Buffer.from(inside) as unknown as Int8Array }), 'secret')
  })

  it('is never the same twice', async () => {
    const [ours, , keyOptions] = await pairWithKey()
    const [one, two] = await Promise.all([1, 2].map(() => ours.service.encrypt({ value: 'secret', keyOptions })))
    assert.notDeepEqual(one, two)
    assert.equal(Buffer.from(one).includes('secret'), false)
  })

  it('needs the additional data that it was encrypted with', async () => {
    const [ours, theirs, keyOptions] = await pairWithKey()
    for (const [from, to] of [
      [ours, theirs],
      [theirs, ours],
      [ours, ours],
    ]) {
      const ciphertext = await from.service.encrypt({ value: 'secret', keyOptions, aad: 'Alice' })
      assert.equal(await to.service.decrypt({ ciphertext, aad: 'Alice' }), 'secret')
      assert.equal(await to.service.decrypt({ ciphertext, usePersistedAad: true }), 'secret')
      for (const request of [{ ciphertext }, { ciphertext, aad: 'Bob' }]) {
        await sameFailure([ours, theirs], ({ service }) => service.decrypt(request), /^Property decryption failed/)
      }
    }
  })

  it('was encrypted without additional data, and is not decrypted with some', async () => {
    const [ours, theirs, keyOptions] = await pairWithKey()
    const ciphertext = await ours.service.encrypt({ value: 'secret', keyOptions })
    // The official driver fails on a missing part with a TypeError.
    await assert.rejects(theirs.service.decrypt({ ciphertext, aad: 'Alice' }), TypeError)
    await assert.rejects(ours.service.decrypt({ ciphertext, aad: 'Alice' }), {
      name: 'Neo4jError',
      message: 'Could not encode provided AAD as it was encoded with an unsupported encoding scheme',
    })
    assert.equal(await ours.service.decrypt({ ciphertext, usePersistedAad: true }), 'secret')
  })
})

describe('what is refused', () => {
  it('is refused with the same words', async () => {
    const [ours, theirs, keyOptions] = await pairWithKey()
    const sides = [ours, theirs]
    const encrypting = (text: RegExp, value: (v: typeof values) => unknown, aad?: (v: typeof values) => unknown) =>
      sameFailure(sides, (s) => s.service.encrypt({ value: value(s.values), keyOptions, aad: aad?.(s.values) }), text)
    await encrypting(/^could not identify type of: undefined/, () => undefined)
    await encrypting(/^could not identify type of: \{"a":1\}/, () => ({ a: 1 }))
    await encrypting(/^could not identify type of/, () => [])
    await encrypting(/same property type/, () => [1, 'a'])
    await encrypting(/same property type/, () => [['a'], ['b']])
    await encrypting(/cannot contain null/, () => [null, null])
    await encrypting(/cannot contain vector/, (v) => [v.vector(Int8Array.of(1))])
    await encrypting(/identical srids/, (v) => [new v.Point(1, 1, 1), new v.Point(2, 1, 1)])
    await encrypting(/same dimensionality/, (v) => [new v.Point(1, 1, 1), new v.Point(1, 1, 1, 1)])
    await encrypting(
      /^Unsupported AAD property type FLOAT/,
      () => 'x',
      () => 1,
    )
    await encrypting(
      /^Unsupported AAD property type NULL/,
      () => 'x',
      () => null,
    )
    await encrypting(
      /^could not identify type of/,
      () => 'x',
      () => ({}),
    )

    const key = (keyOptions: unknown, text: RegExp) =>
      sameFailure(sides, (s) => s.service.encrypt({ value: 'x', keyOptions: keyOptions as string }), text)
    await key('nobody', /^Could not find key with key options: "nobody"/)
    await key({ alias: 'nobody' }, /^Could not find key with key options: \{"alias":"nobody"\}/)
    await key({}, /^invalid key options: \{\}/)
    await key(undefined, /./)

    const decrypting = (ciphertext: Int8Array, text: RegExp) =>
      sameFailure(sides, ({ service }) => service.decrypt({ ciphertext }), text)
    await decrypting(new Int8Array(0), /^Empty byte array/)
    await decrypting(Int8Array.of(2, 0), /^Object is encoded with version 2/)
    await decrypting(Int8Array.of(-1, 0), /^Object is encoded with version -1/)
    const good = await ours.service.encrypt({ value: 'x', keyOptions })
    await decrypting(Int8Array.of(...good, 0), /^Found data remaining/)
    const changed = good.slice()
    // The key's id is at the end; before it comes the initialisation vector.
    changed[changed.length - 20] ^= 1
    await decrypting(changed, /^Property decryption failed/)
    await decrypting(Int8Array.of(1, -0x4a, 0x65, -0x80, 1, -0x80, -0x34, 0, -0x80, 1), /found 6$/)
  })

  it('says that a newer driver is needed, by a value', async () => {
    const [ours, theirs] = await pairWithKey()
    const newer = (major: number, minor: number) =>
      Int8Array.of(1, -0x48, 0x65, -0x80, 1, -0x80, -0x34, 0, -0x80, major, minor, -0x60)
    for (const [major, minor] of [
      [2, 0],
      [1, 1],
      [0, 0],
    ]) {
      const mine = await ours.service.decrypt({ ciphertext: newer(major, minor) })
      assert.ok(values.isUnsupportedType(mine))
      assert.deepEqual(
        exactSnapshot(mine),
        exactSnapshot(await theirs.service.decrypt({ ciphertext: newer(major, minor) })),
      )
    }
    await sameFailure(
      [ours, theirs],
      ({ service }) => service.decrypt({ ciphertext: newer(1, 0) }),
      /^Unsupported encr/,
    )
  })

  it('knows its profiles by name', async () => {
    const repository = new Repository()
    const { profile } = pair(repository)[0]
    const { profile: theirProfile } = pair(repository)[1]
    const serve = (names: string[]): [ours: EncryptionService, theirs: EncryptionService] => [
      new EncryptionService(
        'integer',
        names.map((name) => ({ ...profile, name })),
      ),
      official.driver('bolt://localhost', undefined, {
        encryptionProfiles: names.map((name) => ({ ...theirProfile, name })) as never,
      }).encryption as unknown as EncryptionService,
    ]
    const same = async (names: string[], run: (service: EncryptionService) => unknown, text: RegExp) => {
      const [mine, their] = await Promise.all(serve(names).map((service) => failure(() => run(service))))
      assert.deepEqual(mine, their)
      assert.match((mine as Error).message, text)
    }
    await same([], (service) => service.keyManager(), /multiple encryption profiles/)
    await same(['a', 'b'], (service) => service.keyManager(), /multiple encryption profiles/)
    await same(['a', 'b'], (service) => service.keyManager('c'), /^Could not find encryption profile with name c/)
    await same([], (service) => service.encrypt({ value: 1, keyOptions: 'k' }), /multiple encryption profiles/)
    const [mine, their] = await Promise.all([0, 1].map((i) => failure(() => serve(['a', 'a'])[i])))
    assert.deepEqual(mine, their)
  })

  it('is a master key that is not of 32 bytes', async () => {
    for (const size of [0, 16, 31, 33]) {
      const key = new Uint8Array(size)
      assert.deepEqual(
        await failure(() => localKeyEncapsulationService(key)),
        await failure(() => official.localKeyEncapsulationService(key)),
      )
    }
  })

  it('is a key of another length, which a service may give', async () => {
    const repository = new Repository()
    const [ours, theirs] = pair(repository)
    await ours.service.keyManager().create('main')
    for (const { profile } of [ours, theirs]) {
      profile.encapsulationService.decapsulate = async () => new Uint8Array(16)
    }
    await sameFailure(
      [ours, theirs],
      ({ service }) => service.encrypt({ value: 1, keyOptions: 'key-0' }),
      /^Property encryption failed/,
    )
  })
})

describe('bytes from anybody', () => {
  it('end in an error or a value, whatever they are', async () => {
    const [ours, , keyOptions] = await pairWithKey()
    const good = await ours.service.encrypt({ value: ['a', 'b'], keyOptions, aad: 'x' })
    const anything = fc.oneof(
      fc.int8Array({ maxLength: 200 }).map((bytes) => Int8Array.of(1, ...bytes)),
      fc.tuple(fc.nat(good.length - 1), fc.integer({ min: -128, max: 127 })).map(([at, byte]) => {
        const changed = good.slice()
        changed[at] = byte
        return changed
      }),
      fc.nat(good.length - 1).map((length) => good.slice(0, length)),
    )
    await holdsLater(
      fc.asyncProperty(anything, async (ciphertext) => {
        try {
          const value = await ours.service.decrypt({ ciphertext, usePersistedAad: true })
          assert.ok(values.isUnsupportedType(value) || Array.isArray(value))
        } catch (error) {
          assert.ok(error instanceof Neo4jError, String(error))
        }
      }),
      5000,
    )
  })

  it('do not make the driver allocate what they claim, or recurse as deep as they like', async () => {
    const [ours] = await pairWithKey()
    const claims = [
      Int8Array.of(1, -0x2a, 0x7f, -1, -1, -1), // a list of 2^31
      Int8Array.of(1, -0x26, 0x7f, -1, -1, -1), // a map
      Int8Array.of(1, -0x32, 0x7f, -1, -1, -1), // bytes
      Int8Array.of(1, -0x2e, 0x7f, -1, -1, -1), // text
    ]
    for (const ciphertext of claims) {
      await assert.rejects(ours.service.decrypt({ ciphertext }), { message: 'The bytes end in the middle of a value' })
    }
    const deep = new Int8Array(1_000_000).fill(-0x6f)
    deep[0] = 1
    await assert.rejects(ours.service.decrypt({ ciphertext: deep }), { message: /nested more than 1000 deep/ })
  })
})

describe('bytes that were decrypted', () => {
  it('make a broken value, and no exception, where a vector is made of broken values', () => {
    // A vector of a date without a day, and of bytes.
    const bytes = Buffer.from('b256b144c0cc0101', 'hex')
    const vector = new Decoder(bytes, 'integer').value()
    assert.equal(isBrokenObject(vector), true)
    assert.match(String(brokenReason(vector as object)), /^TypeError: Cannot read properties of null/)
  })
})

describe('keys', () => {
  it('are made, found, renamed and forgotten alike', async () => {
    const tell = async (side: Side): Promise<unknown[]> => {
      const story: unknown[] = []
      const manager = side.service.keyManager('people')
      const told = async (run: () => Promise<unknown>): Promise<void> => {
        try {
          const key = (await run()) as EncapsulatedKeyRecord | undefined
          story.push(key === undefined ? undefined : [key.id(), key.alias()])
        } catch (error) {
          story.push(await failure(() => Promise.reject(error)))
        }
      }
      await told(() => manager.create('one'))
      await told(() => manager.create('two'))
      await told(() => manager.findById('key-0'))
      await told(() => manager.findByAlias('two'))
      await told(() => manager.findById('key-9'))
      await told(() => manager.findByAlias('nobody'))
      await told(() => manager.setAliasById('key-0', 'two'))
      await told(() => manager.deleteAliasById('key-1'))
      await told(() => manager.setAliasById('key-0', 'two'))
      await told(() => manager.deleteById('key-1'))
      await told(() => manager.deleteById('key-1'))
      return story
    }
    const [ours] = pair(new Repository())
    const [, theirs] = pair(new Repository())
    assert.deepEqual(await tell(ours), await tell(theirs))
  })

  for (const [name, options] of Object.entries({
    'by default': {},
    'two keys': { keyCacheMaxSize: 2 },
    'no key': { keyCacheMaxSize: 0 },
    'no alias': { keyAliasIndexMaxSize: 0 },
    'for a second': { keyCacheTTL: 1000, keyAliasIndexTTL: 100 },
    'for no time': { keyCacheTTL: 0, keyAliasIndexTTL: 0 },
  })) {
    it(`are remembered as long and as many: ${name}`, async () => {
      const tell = async (which: 0 | 1): Promise<string[]> => {
        mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
        try {
          const repository = new Repository()
          const { service } = pair(repository, options)[which]
          const manager = service.keyManager()
          for (const alias of ['a', 'b', 'c']) await manager.create(alias)
          const looks = ['a', 'b', 'a', 'c', 'a', 'b', 'c']
          for (const wait of [0, 50, 60, 1000, 14_000, 900_001]) {
            mock.timers.tick(wait)
            repository.asked.push(`after ${wait}`)
            for (const alias of looks) {
              await service.encrypt({ value: 1, keyOptions: { alias } })
              mock.timers.tick(1)
            }
            await service.encrypt({ value: 1, keyOptions: 'key-1' })
            await service.encrypt({ value: 1, keyOptions: { id: 'key-2' } })
          }
          return repository.asked
        } finally {
          mock.timers.reset()
        }
      }
      const mine = await tell(0)
      assert.deepEqual(mine, await tell(1))
      assert.ok(mine.length > 6)
    })
  }

  it('that were wrapped by one driver are unwrapped by the other', async () => {
    const [mine, their] = [localKeyEncapsulationService(MASTER_KEY), official.localKeyEncapsulationService(MASTER_KEY)]
    for (const [from, to] of [
      [mine, their],
      [their, mine],
    ]) {
      const made = await from.encapsulate({})
      const key = await to.decapsulate(made.encapsulation(), made.options())
      assert.equal(key.length, 32)
      assert.deepEqual(key, made.key())
      assert.deepEqual(Object.keys(made.options()), ['iv'])
    }
  })

  it('are in no print of the service, of what it gives, or of what uses it', async () => {
    const service = new LocalKeyEncapsulationService(Uint8Array.from({ length: 32 }, () => 0xab))
    const made = await service.encapsulate({})
    const profile = new EnvelopeEncryptionProfile({
      name: 'x',
      encapsulationService: service,
      keyRepository: new Repository(),
    })
    const encryption = new EncryptionService('integer', [profile])
    for (const what of [service, made, profile, encryption, encryption.keyManager()]) {
      for (const text of [inspect(what, { depth: 9, showHidden: true }), JSON.stringify(what)]) {
        assert.doesNotMatch(text, /171/)
        assert.doesNotMatch(text, new RegExp(`${made.key()[0]}, ${made.key()[1]}, ${made.key()[2]}`))
      }
    }
  })

  it('are overwritten after use where nobody else has them', async () => {
    const [ours, , keyOptions] = await pairWithKey()
    const service = ours.profile.encapsulationService
    const unwrap = service.decapsulate
    const given: Uint8Array[] = []
    service.decapsulate = async function (...args) {
      const key = await unwrap.apply(this, args)
      given.push(key)
      return key
    }
    const ciphertext = await ours.service.encrypt({ value: 'secret', keyOptions })
    assert.equal(await ours.service.decrypt({ ciphertext }), 'secret')
    assert.equal(given.length, 2)
    for (const key of given) assert.deepEqual(key, new Uint8Array(32))
  })

  it('of a service of the user stay as they are', async () => {
    const key = Uint8Array.from({ length: 32 }, (_, i) => i)
    const repository = new Repository()
    await repository.create('main', new Int8Array(0), {})
    const encapsulationService = {
      encapsulate: () => Promise.reject(new Error('not asked for')),
      decapsulate: async () => key,
    }
    const profile = new EnvelopeEncryptionProfile({ name: 'x', encapsulationService, keyRepository: repository })
    const service = new EncryptionService('integer', [profile])
    const ciphertext = await service.encrypt({ value: 'secret', keyOptions: 'key-0' })
    assert.equal(await service.decrypt({ ciphertext }), 'secret')
    assert.equal(key[31], 31)
  })

  it('of a service are its own: the master key may be overwritten', async () => {
    const master = MASTER_KEY.slice()
    const service = localKeyEncapsulationService(master)
    master.fill(0)
    const made = await service.encapsulate({})
    assert.deepEqual(
      await localKeyEncapsulationService(MASTER_KEY).decapsulate(made.encapsulation(), made.options()),
      made.key(),
    )
  })

  it('are wanted of a repository, whose errors are causes', async () => {
    const broken = new Proxy({} as EncapsulatedKeyRecordRepository, {
      get: () => () => Promise.reject(new Error('no disk')),
    })
    const sides = pair(broken)
    for (const run of [
      (s: Side) => s.service.encrypt({ value: 1, keyOptions: 'k' }),
      (s: Side) => s.service.encrypt({ value: 1, keyOptions: { alias: 'k' } }),
      (s: Side) => s.service.keyManager().create('k'),
      (s: Side) => s.service.keyManager().findById('k'),
      (s: Side) => s.service.keyManager().findByAlias('k'),
      (s: Side) => s.service.keyManager().setAliasById('k', 'a'),
      (s: Side) => s.service.keyManager().deleteAliasById('k'),
      (s: Side) => s.service.keyManager().deleteById('k'),
    ]) {
      await sameFailure(sides, run, /^Call to EncapsulatedKeyRepository\.\w+ threw error, see cause/)
    }
  })
})
