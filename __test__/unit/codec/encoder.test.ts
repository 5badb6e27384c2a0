import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { describe, it } from 'node:test'
import vm from 'node:vm'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { Encoder } from '../../../lib/codec/encoder.js'
import { PARAMETER_FLAGS } from '../../../lib/codec/shared-constants.js'
import { Neo4jError } from '../../../lib/error/neo4j-error.js'
import * as values from '../../../lib/types/index.js'
import { MAX_DEPTH } from '../../../lib/util/limits.js'
import { decode } from '../../support/packstream.cjs'
import { holds } from '../../support/property.js'
import { ours, theirs, type Values } from '../compare.js'
import { packOfficially } from './official-packer.js'

const { OFFSET_DATE_TIMES, UUIDS, VECTORS, ZONED_DATE_TIMES } = PARAMETER_FLAGS

const { int, DateTime, Duration, LocalDateTime, LocalTime, Point, Time, uuid, vector } = values

const encoder = new Encoder()

function hex(value: unknown): string {
  encoder.reset()
  encoder.value(value)
  return Buffer.from(encoder.finish()).toString('hex')
}

function officialHex(value: unknown): string {
  return packOfficially(value).toString('hex')
}

function failure(params: { [name: string]: unknown }, name?: string): Error & { code?: string } {
  encoder.reset()
  encoder.null()
  let raised: unknown
  try {
    encoder.parameters(params, name)
  } catch (error) {
    raised = error
  }
  assert.ok(raised instanceof Error, 'expected to throw')
  assert.equal(Buffer.from(encoder.finish()).toString('hex'), 'c0', 'the failed map leaves no bytes')
  assert.equal(hex({ a: true }), 'a18161c3', 'the encoder stays usable')
  return raised
}

const int64 = fc.oneof(
  fc.bigInt(-200n, 200n),
  fc.bigInt(-(2n ** 33n), 2n ** 33n),
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
)
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 10, maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
)

/**
 * Parameters built of the value types of one driver: the same choice, made with ours and with the official
 * ones.
 */
type Made = (driver: Values) => unknown

const kind = fc.constantFrom<(driver: Values, value: number) => number>(
  (_, value) => value,
  (driver, value) => driver.int(value) as unknown as number,
  (_, value) => BigInt(value) as unknown as number,
)
const between = (min: number, max: number) => fc.integer({ min, max })
const temporalFields = fc.record({
  of: kind,
  y: fc.oneof(between(1900, 2100), between(-999_999_999, 999_999_999)),
  m: between(1, 12),
  d: between(1, 31),
  h: between(0, 23),
  min: between(0, 59),
  s: between(0, 59),
  n: between(0, 999_999_999),
  offset: between(-64_800, 64_800),
  zone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC'),
  which: between(0, 7),
})

const temporal: fc.Arbitrary<Made> = temporalFields.map(
  ({ of, y, m, d, h, min, s, n, offset, zone, which }) =>
    (driver) => {
      const [yy, mm, dd, hh, mi, ss, nn, oo] = [y, m, d, h, min, s, n, offset].map((value) => of(driver, value))
      // Intl answers for years within ±271,821 only, and without an offset the official driver asks it.
      const near = of(driver, y % 200_000)
      const all: Array<() => unknown> = [
        () => new driver.LocalTime(hh, mi, ss, nn),
        () => new driver.Time(hh, mi, ss, nn, oo),
        () => new driver.Date(yy, mm, dd),
        () => new driver.LocalDateTime(yy, mm, dd, hh, mi, ss, nn),
        () => new driver.DateTime(yy, mm, dd, hh, mi, ss, nn, oo),
        () => new driver.DateTime(near, mm, dd, hh, mi, ss, nn, undefined, zone),
        () => new driver.DateTime(yy, mm, dd, hh, mi, ss, nn, oo, zone),
        () => new driver.Duration(yy, mm, nn, oo),
      ]
      return all[which]()
    },
)

const leaf: fc.Arbitrary<Made> = fc.oneof(
  fc.oneof(fc.constantFrom(null, true, false), fc.double(), fc.integer(), text, int64).map(
    (value): Made =>
      () =>
        value,
  ),
  int64.map(
    (value): Made =>
      (driver) =>
        driver.int(value),
  ),
  fc.int8Array({ maxLength: 300 }).map(
    (value): Made =>
      () =>
        value,
  ),
  temporal,
  fc.tuple(fc.integer(), fc.double(), fc.double(), fc.option(fc.double())).map(
    ([srid, x, y, z]): Made =>
      (driver) =>
        new driver.Point(driver.int(srid), x, y, z ?? undefined),
  ),
  fc
    .oneof(fc.int8Array(), fc.int16Array(), fc.int32Array(), fc.bigInt64Array(), fc.float32Array(), fc.float64Array())
    .map(
      (array): Made =>
        (driver) =>
          driver.vector(array as Int8Array),
    ),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map(
    (bytes): Made =>
      (driver) =>
        driver.uuid(bytes),
  ),
)

const { made } = fc.letrec<{ made: Made }>((tie) => ({
  made: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('made'), { maxLength: 20 }).map(
      (items): Made =>
        (driver) =>
          items.map((item) => item(driver)),
    ),
    fc.array(fc.tuple(text, fc.option(tie('made'), { nil: undefined })), { maxLength: 20 }).map(
      (entries): Made =>
        (driver) =>
          Object.fromEntries(entries.map(([key, value]) => [key, value?.(driver)])),
    ),
  ),
}))

describe('Encoder', () => {
  it('writes every integer in its smallest form', () => {
    const golden: Array<[bigint, string]> = [
      [0n, '00'],
      [127n, '7f'],
      [-16n, 'f0'],
      [-17n, 'c8ef'],
      [-128n, 'c880'],
      [128n, 'c90080'],
      [-129n, 'c9ff7f'],
      [32767n, 'c97fff'],
      [-32768n, 'c98000'],
      [32768n, 'ca00008000'],
      [-32769n, 'caffff7fff'],
      [2n ** 31n - 1n, 'ca7fffffff'],
      [-(2n ** 31n), 'ca80000000'],
      [2n ** 31n, 'cb0000000080000000'],
      [-(2n ** 31n) - 1n, 'cbffffffff7fffffff'],
      [2n ** 63n - 1n, 'cb7fffffffffffffff'],
      [-(2n ** 63n), 'cb8000000000000000'],
    ]
    for (const [value, bytes] of golden) {
      assert.equal(hex(value), bytes)
      assert.equal(hex(int(value)), bytes)
      assert.equal(hex(theirs.int(value)), bytes)
      if (BigInt(Number(value)) !== value || !Number.isSafeInteger(Number(value))) continue
      encoder.reset()
      encoder.int(Number(value))
      assert.equal(Buffer.from(encoder.finish()).toString('hex'), bytes)
    }
  })

  it('writes every number as a float, whole ones too', () => {
    assert.equal(hex(1), 'c13ff0000000000000')
    assert.equal(hex(-0), 'c18000000000000000')
    assert.equal(hex(1.1), 'c13ff199999999999a')
    assert.equal(hex(Infinity), 'c17ff0000000000000')
  })

  it('writes null, booleans, strings, bytes, lists and maps with the header that their size needs', () => {
    assert.equal(hex(null), 'c0')
    assert.equal(hex(true), 'c3')
    assert.equal(hex(false), 'c2')
    assert.equal(hex(''), '80')
    assert.equal(hex('Größenmaßstäbe'), `d012${Buffer.from('Größenmaßstäbe').toString('hex')}`)
    assert.equal(hex('é'.repeat(8)), `d010${'c3a9'.repeat(8)}`)
    for (const [length, header] of [
      [15, '8f'],
      [16, 'd010'],
      [29, 'd01d'],
      [30, 'd01e'],
      [255, 'd0ff'],
      [256, 'd10100'],
      [65535, 'd1ffff'],
      [65536, 'd200010000'],
    ] as const) {
      assert.equal(hex('a'.repeat(length)), header + '61'.repeat(length))
    }
    assert.equal(hex(Int8Array.of(-1, 2)), 'cc02ff02')
    assert.equal(hex(new Int8Array(256)), `cd0100${'00'.repeat(256)}`)
    assert.equal(hex(new Int8Array(65536)), `ce00010000${'00'.repeat(65536)}`)
    assert.equal(hex([]), '90')
    assert.equal(hex(new Array(16).fill(null)), `d410${'c0'.repeat(16)}`)
    assert.equal(hex(new Array(256).fill(null)), `d50100${'c0'.repeat(256)}`)
    assert.equal(hex(new Array(65536).fill(null)), `d600010000${'c0'.repeat(65536)}`)
    assert.equal(hex({}), 'a0')
    const sixteen = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [String.fromCharCode(97 + i), null]))
    assert.ok(hex(sixteen).startsWith('d8108161c08162c0'))
  })

  it('writes the structures of the Bolt specification', () => {
    assert.equal(hex(new values.Date(1970, 1, 2)), 'b14401')
    assert.equal(hex(new LocalTime(0, 0, 1, 1)), 'b174ca3b9aca01')
    assert.equal(hex(new Time(0, 0, 0, 7, -17)), 'b25407c8ef')
    assert.equal(hex(new LocalDateTime(1970, 1, 1, 0, 1, 0, 5)), 'b2643c05')
    assert.equal(hex(new DateTime(1970, 1, 1, 1, 0, 0, 5, 3600)), 'b3490005c90e10')
    assert.equal(hex(new DateTime(1970, 1, 1, 1, 0, 1, 5, 3600, 'UTC')), 'b3690105' + '83555443')
    assert.equal(hex(new Duration(1, -2, 3, 4)), 'b44501fe0304')
    assert.equal(hex(new Point(7203, 1, 2)), 'b358c91c23c13ff0000000000000c14000000000000000')
    assert.equal(hex(new Point(9157, 1, 1, 1)), `b459c923c5${'c13ff0000000000000'.repeat(3)}`)
    assert.equal(hex(vector(Int16Array.of(1, -2))), 'b256cc01c9cc040001fffe')
    assert.equal(hex(vector(Float32Array.of(1))), 'b256cc01c6cc043f800000')
    assert.equal(hex(uuid('00112233-4455-6677-8899-aabbccddeeff')), 'e000112233445566778899aabbccddeeff')
  })

  it('writes what the official packer writes', () => {
    holds(
      fc.property(made, (make) => {
        assert.equal(hex(make(ours)), officialHex(make(theirs)))
        // Values of another copy of the driver work as well.
        assert.equal(hex(make(theirs)), officialHex(make(theirs)))
      }),
      1000,
    )
  })

  it('takes iterables, other typed arrays and class instances as the official packer does', () => {
    class Person {
      #secret = 1
      name = 'Ann'
      get upper() {
        return this.name.toUpperCase() + this.#secret
      }
    }
    class Bag {
      *[Symbol.iterator]() {
        yield 1
        yield undefined
      }
    }
    const samples = [
      new Set([1, 'a', null]),
      new Map<unknown, unknown>([
        ['a', 1],
        [2, [3]],
      ]),
      Float32Array.of(1.5, 2),
      BigInt64Array.of(1n, -1n),
      Uint8ClampedArray.of(1, 2),
      Uint16Array.of(1, 2),
      new Person(),
      new Bag(),
      {
        *[Symbol.iterator]() {
          yield 5
        },
      },
      [undefined, ...new Array(2), 1],
      Object.assign(new Array(3), { 1: 1 }),
      { a: undefined, b: 1, c: undefined },
      new (class extends Array {})(),
      Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, hidden: { value: 3 } }),
      Object.assign(Object.create(null), { a: 1 }),
      JSON.parse('{"__proto__": 1}'),
      theirs.vector(Int8Array.of(1)),
    ]
    for (const sample of samples) assert.equal(hex(sample), officialHex(sample))
  })

  it('counts a map without its undefined values, also where that shortens the header', () => {
    for (const [size, kept] of [
      [20, 5],
      [300, 20],
      [300, 3],
      [17, 16],
      [16, 0],
    ]) {
      const map = Object.fromEntries(
        Array.from({ length: size }, (_, i) => [`k${i}`, i < size - kept ? undefined : 'é']),
      )
      assert.equal(hex([map, 1]), officialHex([map, 1]))
    }
  })

  it('reads every property once', () => {
    let reads = 0
    const map = {
      get a() {
        reads++
        return 1
      },
      get b() {
        reads++
        return undefined
      },
    }
    hex(map)
    assert.equal(reads, 2)
  })

  it('raises flags for what a version may not know, and collects the offsets of zoned times', () => {
    encoder.reset()
    assert.equal(encoder.flags, 0)
    encoder.value(new DateTime(2020, 7, 1, 0, 0, 0, 0, undefined, 'Europe/Berlin'))
    encoder.value(new DateTime<number | values.Integer>(2020, 7, 1, 0, 0, 0, 0, int(-60), 'Europe/Berlin'))
    assert.equal(encoder.flags, ZONED_DATE_TIMES)
    assert.deepEqual(encoder.zoneOffsets, [7200, -60])
    encoder.value(new DateTime(2020, 7, 1, 0, 0, 0, 0, 0))
    encoder.value(vector(new Int8Array(1)))
    encoder.value(uuid(new Uint8Array(16)))
    assert.equal(encoder.flags, ZONED_DATE_TIMES | VECTORS | UUIDS | OFFSET_DATE_TIMES)
    encoder.reset()
    assert.deepEqual([encoder.flags, encoder.zoneOffsets.length, encoder.finish().length], [0, 0, 0])
  })

  it('keeps its bytes while growing, and gives back a huge buffer', () => {
    encoder.reset()
    const long = 'x'.repeat(100_000)
    for (let i = 0; i < 50; i++) encoder.value(long)
    assert.equal(encoder.finish().length, 50 * 100_005)
    assert.equal(decode(Buffer.from(encoder.finish().subarray(100_005 * 49))), long)
    encoder.reset()
    encoder.null()
    encoder.reset()
    assert.ok(encoder.finish().buffer.byteLength < 1_000_000)
  })
})

describe('Encoder, where the official packer is wrong', () => {
  it('sends Buffer, Uint8Array, ArrayBuffer and DataView as bytes', () => {
    const backing = Uint8Array.of(9, 1, 2, 9)
    const samples = [
      Buffer.of(1, 2),
      Uint8Array.of(1, 2),
      Uint8Array.of(1, 2).buffer,
      backing.subarray(1, 3),
      new DataView(backing.buffer, 1, 2),
      new Int8Array(backing.buffer, 1, 2),
      new (class extends Uint8Array {})([1, 2]),
      vm.runInNewContext('Uint8Array.of(1, 2)'),
      vm.runInNewContext('Uint8Array.of(1, 2).buffer'),
    ]
    for (const sample of samples) assert.equal(hex(sample), 'cc020102')
    assert.notEqual(officialHex(Buffer.of(1, 2)), 'cc020102')
  })

  it('sends a standard date as a DateTime in UTC', () => {
    assert.equal(hex(new Date(1)), 'b34900ca000f424000')
    assert.equal(hex(new Date(-1)), 'b349ff' + 'ca3b8b87c0' + '00')
    assert.equal(hex(vm.runInNewContext('new Date(1000)')), 'b349010000')
    assert.equal(encoder.flags, OFFSET_DATE_TIMES)
    assert.equal(officialHex(new Date(1)), 'a0')
    holds(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        assert.equal(
          hex(date),
          hex(
            new DateTime(
              date.getUTCFullYear(),
              date.getUTCMonth() + 1,
              date.getUTCDate(),
              date.getUTCHours(),
              date.getUTCMinutes(),
              date.getUTCSeconds(),
              date.getUTCMilliseconds() * 1e6,
              0,
            ),
          ),
        )
      }),
      20_000,
    )
    assert.equal(
      failure({ when: new Date(Number.NaN) }).message,
      'Unable to pack the given value: Invalid Date (in $when)',
    )
  })

  it('takes primitives out of their boxes', () => {
    assert.equal(hex(new Boolean(true)), 'c3')
    assert.equal(hex(new String('ab')), '826162')
    assert.equal(hex(new Number(1)), hex(1))
    assert.equal(hex(Object(5n)), '05')
    assert.match(
      failure({ s: Object(Symbol('x')) }).message,
      /^Unable to pack the given value: Symbol\(x\) \(in \$s\)$/,
    )
    assert.equal(officialHex(new Boolean(true)), 'a0')
  })

  it('sends a vector over a part of a buffer without the rest of it', () => {
    const part = new Float32Array([9, 1, 9]).subarray(1, 2)
    assert.equal(hex(vector(part)), 'b256cc01c6cc043f800000')
    assert.notEqual(officialHex(theirs.vector(part)), 'b256cc01c6cc043f800000')
    assert.deepEqual([...part], [1])
  })

  it('refuses integers beyond 64 bits', () => {
    for (const value of [2n ** 63n, -(2n ** 63n) - 1n, 2n ** 70n]) {
      const error = failure({ rows: [{}, { id: value }] })
      assert.ok(error instanceof RangeError)
      assert.equal(error.message, `Integer beyond 64 bits: ${value} (in $rows[1].id)`)
    }
    assert.equal(officialHex(2n ** 70n), '00')
    const odd = new values.Integer(2 ** 40, 0)
    assert.match(failure({ odd }).message, /^Integer with halves beyond 32 bits: .* \(in \$odd\)$/)
    assert.equal(hex(new values.Integer(0xffffffff, 0)), 'cb00000000ffffffff')
    assert.ok(failure({ d: new Duration(1n, 2n ** 64n, 1n, 1n) }) instanceof RangeError)
  })

  const MOST = 18 * 3600
  const offsets: [name: string, value: object, message: string][] = [
    ['of a Time', new Time(1, 2, 3, 4, MOST + 1), `Offset beyond 18 hours: ${MOST + 1} seconds`],
    [
      'of a Time, as an Integer',
      new Time(int(1), int(2), int(3), int(4), int(-MOST - 1)),
      `Offset beyond 18 hours: ${-MOST - 1} seconds`,
    ],
    ['of a Time, as a bigint', new Time(1n, 2n, 3n, 4n, 2n ** 40n), `Offset beyond 18 hours: ${2n ** 40n} seconds`],
    ['of a DateTime', new DateTime(2024, 1, 2, 3, 4, 5, 0, MOST + 1), `Offset beyond 18 hours: ${MOST + 1} seconds`],
  ]
  for (const [name, value, message] of offsets) {
    it(`refuses an offset that no server knows: ${name}`, () => {
      const error = failure({ rows: [{ at: value }] })
      assert.ok(error instanceof RangeError)
      assert.equal(error.message, `${message} (in $rows[0].at)`)
    })
  }

  it('sends the largest offsets', () => {
    for (const offset of [MOST, -MOST]) {
      assert.equal(hex(new Time(1, 2, 3, 4, offset)), officialHex(new theirs.Time(1, 2, 3, 4, offset)))
      hex(new DateTime(2024, 1, 2, 3, 4, 5, 0, offset))
    }
  })

  it('refuses a DateTime whose local date no server has, and sends the first and the last one', () => {
    const message = 'DateTime beyond the years -999999999 to 999999999 (in $p)'
    const first = [-999_999_999, 1, 1, 0, 0, 0, 0] as const
    const last = [999_999_999, 12, 31, 23, 59, 59, 999_999_999] as const
    for (const offset of [MOST, 0, -MOST]) {
      hex(new DateTime(...first, offset))
      hex(new DateTime(...last, offset))
    }
    for (const zone of ['Europe/Berlin', 'UTC-18:00', 'America/New_York', 'Pacific/Kiritimati']) {
      hex(new DateTime(...first, undefined, zone))
      hex(new DateTime(...last, undefined, zone))
    }
    const made = (fields: object) =>
      Object.assign(Object.create(DateTime.prototype), { ...new DateTime(2024, 1, 1, 0, 0, 0, 0, 0), ...fields })
    for (const value of [
      made({ year: 1_000_000_000 }),
      made({ year: int(-1_000_000_000) }),
      made({ year: 999_999_999, month: 12, day: 32 }),
      made({ year: 999_999_999, month: 12, day: 31, hour: 24 }),
      made({ year: 999_999_999, month: 12, day: 31, hour: 23, minute: 59, second: 59, nanosecond: 1_000_000_000 }),
      made({ year: -999_999_999, second: -1 }),
      made({ year: 1_000_000_000, timeZoneId: 'Europe/Berlin' }),
      // The local date in the zone decides, regardless of the offset.
      new DateTime(...last, -MOST, 'Europe/Berlin'),
      new DateTime(...first, MOST, 'America/New_York'),
    ]) {
      const error = failure({ p: value })
      assert.ok(error instanceof RangeError)
      assert.equal(error.message, message)
    }
  })

  it('refuses a coordinate reference system beyond 32 bits', () => {
    for (const srid of [2 ** 31, -(2 ** 31) - 1, int(2 ** 40), 2n ** 62n]) {
      const error = failure({ p: new Point(srid as number, 1, 2) })
      assert.ok(error instanceof RangeError)
      assert.equal(error.message, `Coordinate reference system beyond 32 bits: ${srid} (in $p)`)
    }
    hex(new Point(2 ** 31 - 1, 1, 2))
  })

  it('sends nanoseconds of a Duration that are beyond 32 bits as seconds', () => {
    for (const [nanoseconds, seconds, rest] of [
      [2n ** 63n - 1n, 9_223_372_041n, 854_775_807n],
      [int(-(2 ** 31) - 1), 2n, 852_516_351n],
      [3_000_000_001, 8n, 1n],
    ] as const) {
      const sent = made(5n, nanoseconds as bigint)
      assert.equal(hex(sent), officialHex(new theirs.Duration(1n, 2n, seconds, rest)), String(nanoseconds))
    }
    assert.equal(hex(made(5n, 2n ** 31n - 1n)), 'b445010205ca7fffffff')
    assert.match(failure({ p: made(2n ** 63n - 1n, 2n ** 40n) }).message, /^Integer beyond 64 bits: 9\d+ \(in \$p\)$/)

    /** The constructor carries, but a program may still set a field. */
    function made(seconds: bigint, nanoseconds: bigint): values.Duration<bigint> {
      return Object.assign(Object.create(Duration.prototype), { months: 1n, days: 2n, seconds, nanoseconds })
    }
  })

  it('takes maps without prototype, at the top and below', () => {
    const map = Object.assign(Object.create(null), { a: Object.create(null) })
    encoder.reset()
    encoder.parameters(map)
    assert.equal(Buffer.from(encoder.finish()).toString('hex'), 'a18161a0')
  })
})

describe('Encoder, given an instance of a class that keeps its content to itself', () => {
  const CANNOT = 'Unable to pack the given value'

  it('says which one and where, and sends no empty map', () => {
    class Link extends URL {}
    class Later extends Promise<number> {}
    const opaque: { [name: string]: unknown } = {
      URL: new URL('http://localhost'),
      Link: new Link('http://localhost'),
      RegExp: /x/,
      Error: new Error('x'),
      TypeError: new TypeError('x'),
      DOMException: new DOMException('x'),
      WeakMap: new WeakMap(),
      WeakSet: new WeakSet(),
      WeakRef: new WeakRef({}),
      NumberFormat: new Intl.NumberFormat(),
      Collator: new Intl.Collator(),
      Blob: new Blob(['x']),
      AbortController: new AbortController(),
      ReadableStream: new ReadableStream(),
      Event: new Event('x'),
      AsyncGenerator: (async function* () {})(),
      SecretKeyObject: createSecretKey(Buffer.from('secret')),
    }
    for (const [name, value] of Object.entries(opaque)) {
      assertRefused(value, `${CANNOT}: an instance of ${name}, which has no properties to be sent (in $rows[3].id)`)
    }
    const promises = [Promise.resolve(1), Later.resolve(1), Object.assign(Promise.resolve(1), { pid: 1 })]
    for (const value of [...promises, vm.runInNewContext('Promise.resolve(1)')]) {
      assertRefused(value, `${CANNOT}: a Promise, which has to be awaited first (in $rows[3].id)`)
    }
    assertRefused(
      vm.runInNewContext('new Error("x")'),
      `${CANNOT}: an instance of Error, which has no properties to be sent (in $rows[3].id)`,
    )
  })

  it('does so for all that comes with this runtime, but for what has a meaning of its own', () => {
    const sent = new Set([
      ...['Object', 'Array', 'Date', 'Number', 'Boolean', 'String', 'Symbol', 'BigInt', 'Function'],
      ...['ArrayBuffer', 'SharedArrayBuffer', 'DataView', 'Buffer', 'Proxy'],
      ...['Map', 'Set', 'Iterator', 'Headers', 'FormData', 'URLSearchParams', 'Segments'],
    ])
    const seen: string[] = []
    for (const [name, type] of builtInClasses()) {
      if (sent.has(name) || /Array$/.test(name)) continue
      const error = failure({ rows: [0, 0, 0, { id: Object.create(type.prototype) }] })
      assert.ok(error instanceof TypeError, name)
      assert.match(
        error.message,
        /^Unable to pack the given value: an instance of \w+, .* \(in \$rows\[3\]\.id\)$/,
        name,
      )
      seen.push(name)
    }
    assert.ok(seen.length > 70 && seen.includes('Promise') && seen.includes('Collator'), seen.join())
  })

  it('sends what has properties, what can be iterated over, and classes of the application, as the official packer does', () => {
    class Own {
      #hidden = 1
      get shown() {
        return this.#hidden
      }
    }
    class Extended extends EventTarget {
      name = 'x'
    }
    const values = [
      Object.create(null),
      new Own(),
      Object.create({ inherited: 1 }),
      new Extended(),
      new Proxy({}, {}),
      new Proxy({ a: 1 }, {}),
      Object.assign(new Error('x'), { code: 'A' }),
      vm.runInNewContext('({})'),
      vm.runInNewContext('new (class A {})'),
      new Map([['a', 1]]),
      new Set([1]),
      new URLSearchParams('a=1'),
      [1].values(),
    ]
    for (const value of values) {
      const again = typeof value.next === 'function' ? [1].values() : value
      assert.equal(hex(value), officialHex(again))
    }
    const global = globalThis as { Declared?: new () => object }
    global.Declared = class Declared {}
    try {
      assert.equal(hex(new global.Declared()), 'a0')
    } finally {
      delete global.Declared
    }
  })

  it('says so for all of the parameters', () => {
    for (const params of [Promise.resolve({}), new URL('http://localhost')]) {
      const error = failure(params as never)
      assert.equal(
        error.message,
        `${CANNOT}: an instance of ${params.constructor.name}, which has no properties to be sent (in $)`,
      )
    }
    assert.ok(failure(new Map([['a', 1]]) as never) instanceof TypeError)
  })

  function assertRefused(id: unknown, message: string): void {
    const error = failure({ rows: [0, 1, 2, { id }] })
    assert.ok(error instanceof TypeError, message)
    assert.equal(error.message, message)
  }

  /** The classes among the globals, and those within the namespaces there. */
  function* builtInClasses(): Generator<[string, { prototype: object }]> {
    for (const from of ['', 'Intl', 'WebAssembly', 'Temporal']) {
      const namespace = (from === '' ? globalThis : (globalThis as { [name: string]: unknown })[from]) as
        | object
        | undefined
      for (const name of Object.getOwnPropertyNames(namespace ?? {})) {
        // What an application, or the test's runner, has put there is enumerable.
        if (!/^[A-Z]/.test(name) || Object.getOwnPropertyDescriptor(namespace, name)?.enumerable) continue
        const type = (namespace as { [name: string]: unknown })[name]
        if (typeof type === 'function' && typeof type.prototype === 'object') yield [name, type as never]
      }
    }
  }
})

describe('Encoder, when a value cannot be sent', () => {
  const node = new values.Node(int(1), ['A'], {}, 'x')
  const relationship = new values.Relationship(int(1), int(2), int(3), 'R', {}, 'r', 's', 'e')
  const cases: Array<[string, unknown, string]> = [
    ['nodes', node, '(x:A)'],
    ['relationships', relationship, '(s)-[:R]->(e)'],
    ['unbound relationships', new values.UnboundRelationship(int(1), 'R', {}), '-[:R]->'],
    ['paths', new values.Path(node, node, []), '[object Object]'],
  ]

  for (const [kindName, value, shown] of cases) {
    it(`says so for ${kindName}, in the official words, and where it is`, () => {
      const error = failure({ rows: [0, { when: value }] })
      assert.ok(error instanceof Neo4jError)
      assert.equal(error.code, 'ProtocolError')
      const official = `It is not allowed to pass ${kindName} in query parameters, given: ${shown}`
      assert.equal(error.message, `${official} (in $rows[1].when)`)
    })
  }

  it('says so for graph values of another copy of the driver, and for a path segment inside', () => {
    assert.match(failure({ n: new theirs.Node(1 as never, [], {}) }).message, /^It is not allowed to pass nodes/)
    const segment = new values.PathSegment(node, relationship, node)
    assert.match(failure({ s: segment }).message, /pass nodes .*\(in \$s\.start\)$/)
  })

  it('uses the official words and code for functions and symbols', () => {
    const f = () => 1
    assert.throws(() => packOfficially(f), { message: `Unable to pack the given value: ${f}`, code: 'ProtocolError' })
    const error = failure({ f })
    assert.equal(error.message, `Unable to pack the given value: ${f} (in $f)`)
    assert.equal(error.code, 'ProtocolError')
    assert.match(failure({ s: Symbol('x') }).message, /^Unable to pack the given value: Symbol\(x\) \(in \$s\)$/)
    assert.throws(() => hex(undefined), { message: 'Unable to pack the given value: undefined', code: 'ProtocolError' })
    assert.equal(
      failure({ u: new values.UnsupportedType('X', 6, 9, '') }).message,
      'UnsupportedType object can not be transmitted (in $u)',
    )
  })

  it('writes paths with odd names so that they can be told apart', () => {
    assert.match(failure({ 'a b': { 'c-d': [[() => 1]] } }).message, /\(in \$\["a b"\]\["c-d"\]\[0\]\[0\]\)$/)
    assert.match(failure({ größe: { $x: () => 1 } }).message, /\(in \$größe\.\$x\)$/)
    assert.match(failure({ a: { b: () => 1 } }, 'metadata').message, /\(in metadata\.a\.b\)$/)
    assert.match(failure({ set: new Set([1, () => 1]) }).message, /\(in \$set\[1\]\)$/)
  })

  it('refuses lists that lie about their length', () => {
    for (const length of [-1, 1.5, 2 ** 40, Number.NaN, '2', undefined]) {
      const list = new Proxy([1, 2], { get: (target, key) => (key === 'length' ? length : Reflect.get(target, key)) })
      assert.match(failure({ list }).message, /it is no list of .* items \(in \$list\)$/)
    }
    class Liar extends Float64Array {
      override get length() {
        return 1000
      }
    }
    assert.match(failure({ floats: new Liar(2) }).message, /it is no list of 1000 items$/)
  })

  it('finds a value that contains itself', () => {
    const cyclic: { [key: string]: unknown } = { name: 'x' }
    cyclic.self = { again: [cyclic] }
    const error = failure({ row: cyclic })
    assert.equal(error.message, 'Unable to pack the given value: it contains itself (in $row.self.again[0])')
    assert.equal(error.code, 'ProtocolError')
    const list: unknown[] = []
    list.push(list)
    assert.match(failure({ list }).message, /it contains itself \(in \$list\[0\]\)$/)
  })

  it('accepts what occurs twice without containing itself', () => {
    const shared = { a: 1 }
    assert.equal(hex([shared, shared]), officialHex([shared, shared]))
  })

  function nested(levels: number): unknown {
    let value: unknown = 1
    for (let i = 0; i < levels; i++) value = i % 2 === 0 ? [value] : { a: value }
    return value
  }

  it(`encodes ${MAX_DEPTH} levels and refuses one more with the beginning of the path`, () => {
    encoder.reset()
    encoder.parameters({ deep: nested(MAX_DEPTH - 1) })
    const bytes = Buffer.from(encoder.finish())
    assert.equal(bytes.subarray(0, 12).toString('hex'), 'a18464656570' + '91a1816191a1')
    assert.equal(bytes.subarray(-10).toString('hex'), '91c13ff0000000000000')
    const error = failure({ deep: nested(MAX_DEPTH) })
    assert.match(error.message, /nested more than 1000 levels deep \(in \$deep\.a\[0\]\.a\[0\].*…\)$/)
    assert.ok(error.message.length < 400)
    assert.equal(error.code, 'ProtocolError')
  })

  it('reaches that depth on a small stack, in a fresh process state without optimised code', async () => {
    const source = `
      const { Encoder } = require(${JSON.stringify(require.resolve('../../../lib/codec/encoder.ts'))})
      const { parentPort } = require('node:worker_threads')
      let value = 1
      for (let i = 0; i < ${MAX_DEPTH - 1}; i++) value = i % 2 ? [value] : { a: value }
      const outcomes = []
      for (const params of [{ value }, { value: [value] }]) {
        try { new Encoder().parameters(params); outcomes.push('encoded') } catch (error) { outcomes.push(error.code) }
      }
      parentPort.postMessage(outcomes)`
    const worker = new Worker(source, {
      eval: true,
      execArgv: ['--require', 'tsx/cjs'],
      resourceLimits: { stackSizeMb: 1 },
    })
    const outcomes = await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    assert.deepEqual(outcomes, ['encoded', 'ProtocolError'])
  })

  it('passes on what getters, proxies and toString throw', () => {
    const boom = new Error('boom')
    const throwing = () => {
      throw boom
    }
    const hostile: unknown[] = [
      Object.defineProperty({}, 'x', { enumerable: true, get: throwing }),
      new Proxy({}, { ownKeys: throwing }),
      new Proxy({}, { getPrototypeOf: throwing }),
      new Proxy([1], { get: throwing }),
      Object.defineProperty({}, Symbol.iterator, { get: throwing }),
    ]
    for (const value of hostile) assert.equal(failure({ rows: [value] }), boom)
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    assert.ok(failure({ proxy }) instanceof TypeError)
    const shy = new values.Node(int(1), [], {})
    Object.defineProperty(shy, 'toString', { value: throwing })
    assert.match(failure({ shy }).message, /given: \[object Object\] \(in \$shy\)$/)
  })

  it('names the iterable that failed, as the official packer does', () => {
    const iterable = {
      *[Symbol.iterator]() {
        yield 1
        throw new Error('ran dry')
      },
    }
    assert.throws(() => packOfficially(iterable), { message: 'Cannot pack given iterable, ran dry: [object Object]' })
    assert.equal(failure({ iterable }).message, 'Cannot pack given iterable, ran dry: [object Object] (in $iterable)')
  })

  it('says what is wrong without the path where it cannot be seen a second time', () => {
    const f = () => 1
    let first = true
    const changing = {
      get x() {
        if (!first) return 1
        first = false
        return f
      },
    }
    assert.equal(failure({ changing }).message, `Unable to pack the given value: ${f}`)
    const once = (function* () {
      yield f
    })()
    assert.equal(failure({ once }).message, `Unable to pack the given value: ${f}`)
  })

  it('refuses a zone that the engine does not know, when it has to know it', () => {
    const zoned = DateTime.unchecked(2020, 1, 1, 0, 0, 0, 0, undefined, 'Europe/Nowhere')
    assert.match(failure({ zoned }).message, /^Invalid time zone specified: Europe\/Nowhere \(in \$zoned\)$/)
    assert.equal(hex(DateTime.unchecked(1970, 1, 1, 0, 0, 0, 0, 0, 'X')), 'b36900008158')
  })

  it('does not mistake a failure inside a getter for its own', () => {
    const inner = new Encoder()
    const params = {
      get x() {
        inner.parameters({ y: () => 1 })
        return 1
      },
    }
    assert.match(failure(params).message, /\(in \$y\)$/)
  })

  it('shows while it is busy, so that a getter with a query of its own can be served by another', () => {
    let seen: boolean | undefined
    encoder.reset()
    encoder.parameters({
      get x() {
        seen = encoder.busy
        return 1
      },
    })
    assert.deepEqual([seen, encoder.busy], [true, false])
  })
})
