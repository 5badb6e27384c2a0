import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Integer, inSafeRange, int, isInt, toString as toDigits, toNumber } from '../../../lib/types/integer.js'
import { holds } from '../../support/property.js'
import { ours, same, theirs, type Values } from '../compare.js'

const EDGES = [0n, 1n, -1n, 127n, 128n, -128n, -129n, 2n ** 31n, 2n ** 32n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 53n - 1n]
const ALL_EDGES = [...EDGES, ...EDGES.map((edge) => -edge), 2n ** 63n - 1n, -(2n ** 63n), -(2n ** 63n) + 1n, 2n ** 24n]

/** Any 64-bit value, with small, large and peculiar ones all likely. */
const int64 = fc.oneof(
  fc.constantFrom(...ALL_EDGES),
  fc.bigInt(-200n, 200n),
  fc.bigInt(-(2n ** 32n), 2n ** 32n),
  fc.bigInt(-(2n ** 53n), 2n ** 53n),
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
)

const wrapped = (value: bigint) => BigInt.asIntN(64, value)

describe('Integer', () => {
  it('adds, subtracts, multiplies and negates as int64 does, wrapping around', () => {
    holds(
      fc.property(int64, int64, (a, b) => {
        assert.equal(int(a).add(b).toBigInt(), wrapped(a + b))
        assert.equal(int(a).subtract(b).toBigInt(), wrapped(a - b))
        assert.equal(int(a).multiply(b).toBigInt(), wrapped(a * b))
        assert.equal(int(a).negate().toBigInt(), wrapped(-a))
      }),
      100_000,
    )
  })

  it('divides towards zero, the remainder having the sign of the dividend', () => {
    holds(
      fc.property(int64, int64, (a, b) => {
        fc.pre(b !== 0n)
        assert.equal(int(a).div(b).toBigInt(), wrapped(a / b))
        assert.equal(int(a).modulo(b).toBigInt(), wrapped(a % b))
      }),
      100_000,
    )
  })

  it('does bit work and comparisons as int64 does', () => {
    holds(
      fc.property(int64, int64, (a, b) => {
        assert.equal(int(a).and(b).toBigInt(), a & b)
        assert.equal(int(a).or(b).toBigInt(), a | b)
        assert.equal(int(a).xor(b).toBigInt(), a ^ b)
        assert.equal(int(a).not().toBigInt(), ~a)
        assert.equal(int(a).compare(b), a < b ? -1 : a > b ? 1 : 0)
        assert.equal(int(a).equals(b), a === b)
        assert.equal(int(a).lessThan(b), a < b)
        assert.equal(int(a).greaterThanOrEqual(b), a >= b)
      }),
      80_000,
    )
  })

  it('says everything about itself that the official one says', () => {
    const questions = [
      'inSafeRange toInt toNumber toBigInt toNumberOrInfinity toString valueOf getHighBits getLowBits getNumBitsAbs',
      'isZero isNegative isPositive isOdd isEven negate not',
    ]
      .join(' ')
      .split(' ') as Array<'toString'>
    holds(
      fc.property(int64, (a) => {
        for (const question of questions) same((driver) => driver.int(a)[question]())
      }),
      10_000,
    )
  })

  it('calculates what the official one calculates', () => {
    const operations = [
      'add subtract multiply div modulo and or xor compare equals notEquals lessThan lessThanOrEqual greaterThan',
      'greaterThanOrEqual',
    ]
      .join(' ')
      .split(' ') as Array<'add'>
    holds(
      fc.property(int64, int64, (a, b) => {
        for (const operation of operations) same((driver) => driver.int(a)[operation](driver.int(b)))
      }),
      10_000,
    )
  })

  it('shifts as the official one does, by any count', () => {
    holds(
      fc.property(int64, fc.integer({ min: -130, max: 130 }), (a, count) => {
        same((driver) => driver.int(a).shiftLeft(count))
        same((driver) => driver.int(a).shiftRight(count))
        same((driver) => driver.int(a).shiftRight(driver.int(count)))
      }),
      30_000,
    )
  })

  it('reads any number as the official one does', () => {
    const peculiar = [
      0,
      -0,
      0.5,
      -0.5,
      1.5,
      -1.5,
      2 ** 53,
      2 ** 63,
      -(2 ** 63),
      2 ** 64,
      1e300,
      Number.NaN,
      Infinity,
      -Infinity,
    ]
    holds(
      fc.property(
        fc.oneof(fc.constantFrom(...peculiar), fc.double(), fc.maxSafeInteger()),
        fc.boolean(),
        (value, ceilFloat) => {
          same((driver) => driver.int(value))
          same((driver) => driver.int(value, { ceilFloat }))
          same((driver) => driver.Integer.fromNumber(value))
          same((driver) => driver.Integer.fromInt(value))
        },
      ),
      20_000,
    )
  })

  it('reads any string as the official one does, with and without strict validation', () => {
    const digits = fc.oneof(
      int64.map(String),
      fc.stringMatching(/^[-+]?[0-9a-zA-Z. ]{0,20}$/),
      fc.stringMatching(/^-?[0-9]{0,30}$/),
      fc.constantFrom(
        '',
        '-',
        '--5',
        '5-',
        'NaN',
        'Infinity',
        '-Infinity',
        '+Infinity',
        'zz',
        '12.5',
        '00000000000012',
        ' 7',
      ),
    )
    holds(
      fc.property(digits, fc.boolean(), (text, strictStringValidation) => {
        same((driver) => driver.int(text))
        same((driver) => driver.int(text, { strictStringValidation }))
      }),
      20_000,
    )
    holds(
      fc.property(digits, fc.integer({ min: 0, max: 38 }), fc.boolean(), (text, radix, strictStringValidation) => {
        same((driver) => driver.Integer.fromString(text, radix, { strictStringValidation }))
      }),
      20_000,
    )
  })

  it('writes digits in every base', () => {
    holds(
      fc.property(int64, fc.integer({ min: 2, max: 36 }), (a, radix) => {
        assert.equal(int(a).toString(radix), a.toString(radix))
      }),
      60_000,
    )
    same((driver) => driver.int(1).toString(1))
    same((driver) => driver.int(1).toString(37))
  })

  it('takes whatever int() takes officially, and fails alike', () => {
    const inputs: unknown[] = [
      null,
      undefined,
      true,
      {},
      { low: 1, high: 2 },
      { low: 5 },
      [],
      theirs.int(7),
      ours.int(7),
      2n ** 70n + 5n,
    ]
    for (const input of inputs) {
      const of = (driver: Values) => driver.int(input as number)
      same((driver) => ({ low: of(driver).low, high: of(driver).high }))
      same((driver) => driver.toNumber(input as number))
      same((driver) => driver.inSafeRange(input as number))
    }
    same((driver) => driver.int(1).div(0))
    same((driver) => driver.int(0).modulo(0))
    same((driver) => new driver.Integer())
  })

  it('carries the constants of the official one', () => {
    const names = ['ZERO', 'ONE', 'NEG_ONE', 'MAX_VALUE', 'MIN_VALUE', 'MIN_SAFE_VALUE', 'MAX_SAFE_VALUE'] as const
    for (const name of names) same((driver) => driver.Integer[name])
  })

  it('is recognised by the official isInt, and recognises theirs', () => {
    assert.equal(theirs.isInt(int(1)), true)
    assert.equal(isInt(theirs.int(1)), true)
    for (const other of [null, undefined, 1, 1n, '1', {}, { low: 1, high: 1 }]) assert.equal(isInt(other), false)
  })

  it('gives the same object for a small value, and holds nothing but its halves', () => {
    for (const value of [-128, -1, 0, 127]) assert.equal(Integer.fromInt(value), Integer.fromInt(value))
    assert.notEqual(Integer.fromInt(128), Integer.fromInt(128))
    assert.deepEqual(Object.keys(int(5)), ['low', 'high'])
    assert.equal(JSON.stringify(int(-2)), '{"low":-2,"high":-1}')
  })

  it('mixes with numbers in comparisons, but not in sums', () => {
    assert.ok((int(3) as unknown as number) > 2)
    assert.ok(int(3) > int(2))
    assert.throws(() => (int(1) as unknown as number) + 1, TypeError)
  })

  it('offers its statics as functions', () => {
    assert.equal(toNumber(int(5)), 5)
    assert.equal(toNumber(5n), 5)
    assert.equal(toDigits(255, 16), 'ff')
    assert.equal(inSafeRange('9007199254740991'), true)
    assert.equal(inSafeRange('9007199254740992'), false)
    assert.equal(inSafeRange('-9007199254740992'), false)
  })
})
