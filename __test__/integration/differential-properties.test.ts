/**
 * Properties of values, on both drivers and a real server: what is sent as a parameter comes back, and both
 * get the same for an expression of Cypher. A run's seed is printed; NEOBOLT_TEST_SEED repeats it.
 */
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import type { Driver } from 'neo4j-driver'
import { type DriverName, driversUnderTest, load, type Neo4j } from '../support/drivers.js'
import { LTS, useServer } from '../support/servers.js'
import { Snapshots } from './differential/snapshot.js'

const server = useServer(LTS)
const SEED = Number(process.env.NEOBOLT_TEST_SEED ?? randomInt(2 ** 31 - 1))
const RUNS = 200

interface Side {
  neo4j: Neo4j
  /** By the way in which integers are given. */
  drivers: Driver[]
}

const sides = new Map<DriverName, Side>()
const MODES = [{}, { disableLosslessIntegers: true }, { useBigInt: true }]

before(() => {
  const { uri, user, password } = server()
  for (const name of driversUnderTest) {
    const neo4j = load(name)
    sides.set(name, { neo4j, drivers: MODES.map((mode) => neo4j.driver(uri, neo4j.auth.basic(user, password), mode)) })
  }
})
after(() => Promise.all([...sides.values()].flatMap(({ drivers }) => drivers.map((driver) => driver.close()))))

/** A value, made by the classes of each driver. */
type Make = (neo4j: Neo4j) => unknown

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const integer = fc.oneof(
  fc.integer().map(BigInt),
  int64,
  fc.constantFrom(0n, -1n, -16n, -17n, 127n, 128n, -128n, -129n, 32767n, 32768n, 2n ** 53n, -(2n ** 63n)),
)
const float = fc.oneof(
  fc.double(),
  fc.constantFrom(-0, 0, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE, 1e308),
)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('', '\u0000', '\u{1F600}', 'x'.repeat(300), '\u20ac'.repeat(100)),
)
const year = fc.integer({ min: -9999, max: 9999 })
const month = fc.integer({ min: 1, max: 12 })
const day = fc.integer({ min: 1, max: 28 })
const hour = fc.integer({ min: 0, max: 23 })
const sixty = fc.integer({ min: 0, max: 59 })
const nano = fc.oneof(fc.integer({ min: 0, max: 999_999_999 }), fc.constantFrom(0, 1, 999_999_999))
const offset = fc.integer({ min: -18 * 60, max: 18 * 60 }).map((minutes) => minutes * 60)
const coordinate = fc.double({ noNaN: true, noDefaultInfinity: true, min: -80, max: 80 })
const part = fc.integer({ min: -1_000_000, max: 1_000_000 })

const simple: fc.Arbitrary<Make> = fc.oneof(
  fc.constantFrom(null, true, false).map((value) => () => value),
  integer.map((value) => () => value),
  integer.map(
    (value) =>
      ({ int }: Neo4j) =>
        int(value),
  ),
  float.map((value) => () => value),
  text.map((value) => () => value),
  fc.int8Array({ maxLength: 300 }).map((value) => () => value),
)

// The server has only 64 bits for the results of these.
const temporal: fc.Arbitrary<Make> = fc.oneof(
  fc.tuple(year, month, day).map(
    ([y, m, d]) =>
      ({ types, int }: Neo4j) =>
        new types.Date(int(y), int(m), int(d)),
  ),
  fc.tuple(hour, sixty, sixty, nano).map(
    ([h, m, s, n]) =>
      ({ types, int }: Neo4j) =>
        new types.LocalTime(int(h), int(m), int(s), int(n)),
  ),
  fc.tuple(hour, sixty, sixty, nano, offset).map(
    ([h, m, s, n, o]) =>
      ({ types, int }: Neo4j) =>
        new types.Time(int(h), int(m), int(s), int(n), int(o)),
  ),
  fc.tuple(year, month, day, hour, sixty, sixty, nano).map(
    ([y, mo, d, h, m, s, n]) =>
      ({ types, int }: Neo4j) =>
        new types.LocalDateTime(int(y), int(mo), int(d), int(h), int(m), int(s), int(n)),
  ),
  fc.tuple(year, month, day, hour, sixty, sixty, nano, offset).map(
    ([y, mo, d, h, m, s, n, o]) =>
      ({ types, int }: Neo4j) =>
        new types.DateTime(int(y), int(mo), int(d), int(h), int(m), int(s), int(n), int(o)),
  ),
  fc.tuple(part, part, part, part).map(
    ([mo, d, s, n]) =>
      ({ types, int }: Neo4j) =>
        new types.Duration(int(mo), int(d), int(s), int(n)),
  ),
)

const spatial: fc.Arbitrary<Make> = fc.oneof(
  fc.tuple(fc.constantFrom(7203, 4326), coordinate, coordinate).map(
    ([srid, x, y]) =>
      ({ types, int }: Neo4j) =>
        new types.Point(int(srid), x, y),
  ),
  fc.tuple(fc.constantFrom(9157, 4979), coordinate, coordinate, coordinate).map(
    ([srid, x, y, z]) =>
      ({ types, int }: Neo4j) =>
        new types.Point(int(srid), x, y, z),
  ),
)

const { nested } = fc.letrec<{ nested: Make }>((tie) => ({
  nested: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    simple,
    temporal,
    spatial,
    fc.array(tie('nested'), { maxLength: 5 }).map((items) => (neo4j: Neo4j) => items.map((make) => make(neo4j))),
    fc
      .array(fc.tuple(fc.oneof(text, fc.constantFrom('__proto__', 'constructor', '0', 'toString')), tie('nested')), {
        maxLength: 4,
      })
      .map((entries) => (neo4j: Neo4j) => {
        const map = {}
        for (const [key, make] of entries) {
          Object.defineProperty(map, key, { value: make(neo4j), enumerable: true, configurable: true, writable: true })
        }
        return map
      }),
  ),
}))

test('an arbitrary parameter comes back from the server as it was sent, to both drivers', async (t) => {
  await check(t, nested, async (make) => {
    for (const [name, { neo4j, drivers }] of sides) {
      const value = make(neo4j)
      const { records } = await (drivers[0] as Driver).executeQuery('RETURN $value AS value, [$value] AS list', {
        value,
      })
      const wanted = snapshot(neo4j, integers(neo4j, value))
      assert.deepStrictEqual(snapshot(neo4j, records[0]?.get('value')), wanted, `what came back to ${name}`)
      assert.deepStrictEqual(snapshot(neo4j, records[0]?.get('list')), [wanted], `what came back to ${name} in a list`)
    }
  })
})

test('a time in any zone is the same time to both drivers, and to the server', async (t) => {
  const zone = fc.constantFrom(
    'Europe/Stockholm',
    'America/New_York',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
    'UTC',
  )
  const zoned = fc.tuple(fc.integer({ min: 1900, max: 2100 }), month, day, hour, sixty, sixty, nano, zone)
  await check(t, zoned, async ([y, mo, d, h, m, s, n, id]) => {
    const seen: unknown[] = []
    for (const { neo4j, drivers } of sides.values()) {
      const { DateTime } = neo4j.types
      const { int } = neo4j
      const value = new DateTime(int(y), int(mo), int(d), int(h), int(m), int(s), int(n), undefined, id)
      const { records } = await (drivers[0] as Driver).executeQuery(
        'RETURN $value AS value, toString($value) AS text',
        { value },
      )
      seen.push([snapshot(neo4j, records[0]?.get('value')), records[0]?.get('text')])
    }
    assert.deepStrictEqual(seen.at(-1), seen[0])
  })
})

/** An expression in Cypher. */
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false', '0.0 / 0.0', '-1.0 / 0.0', '-0.0'),
    int64.filter((value) => value !== -(2n ** 63n)).map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toExponential()),
    text.map(literal),
    fc.tuple(year, month, day).map(([y, m, d]) => `date({year: ${y}, month: ${m}, day: ${d}})`),
    fc
      .tuple(hour, sixty, nano)
      .map(([h, m, n]) => `localtime({hour: ${h}, minute: ${m}, second: 0, nanosecond: ${n}})`),
    fc
      .tuple(part, part, part, nano)
      .map(([mo, d, s, n]) => `duration({months: ${mo}, days: ${d}, seconds: ${s}, nanoseconds: ${n}})`),
    fc
      .tuple(year, month, day, hour, fc.constantFrom('+02:00', 'Z', '-09:30', 'Europe/Berlin', 'Asia/Tokyo'))
      .map(([y, m, d, h, z]) => `datetime({year: ${y}, month: ${m}, day: ${d}, hour: ${h}, timezone: '${z}'})`),
    fc.tuple(coordinate, coordinate).map(([x, y]) => `point({x: ${x.toExponential()}, y: ${y.toExponential()}})`),
    fc.array(tie('expression'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
    fc
      .uniqueArray(fc.tuple(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 }), tie('expression')), {
        maxLength: 4,
        selector: ([key]) => key,
      })
      .map(
        (entries) =>
          `{${entries.map(([key, value]) => `\`${key.replaceAll('\\', '').replaceAll('`', '``')}x\`: ${value}`).join(', ')}}`,
      ),
  ),
}))

test('what Cypher makes of an arbitrary expression is the same to both drivers, under each setting for integers', async (t) => {
  await check(t, expression, async (cypher) => {
    for (const mode of MODES.keys()) {
      const seen: unknown[] = []
      for (const { neo4j, drivers } of sides.values()) {
        const { records } = await (drivers[mode] as Driver).executeQuery(`RETURN ${cypher} AS value`)
        seen.push(snapshot(neo4j, records[0]?.get('value')))
      }
      assert.deepStrictEqual(seen.at(-1), seen[0])
    }
  })
})

async function check<T>(
  t: TestContext,
  arbitrary: fc.Arbitrary<T>,
  property: (value: T) => Promise<void>,
): Promise<void> {
  t.diagnostic(`${RUNS} runs, NEOBOLT_TEST_SEED=${SEED}`)
  await fc.assert(fc.asyncProperty(arbitrary, property), { seed: SEED, numRuns: RUNS })
}

function snapshot(neo4j: Neo4j, value: unknown): unknown {
  return new Snapshots(neo4j, { label: '', address: '' }).take(value)
}

/** A bigint comes back as an Integer, unless the driver is configured otherwise. */
function integers(neo4j: Neo4j, value: unknown): unknown {
  if (typeof value === 'bigint') return neo4j.int(value)
  if (Array.isArray(value)) return value.map((item) => integers(neo4j, item))
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const map = {}
  for (const [key, item] of Object.entries(value)) {
    Object.defineProperty(map, key, {
      value: integers(neo4j, item),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return map
}

/** A text in quotes; characters that Cypher might read differently are escaped. */
function literal(value: string): string {
  const escaped = [...value].map((character) => {
    const code = character.codePointAt(0) as number
    if (code > 0xffff) return character
    // Escapes by number are read before the text is.
    if (character === "'" || character === '\\') return `\\${character}`
    return /[\w ]/.test(character) ? character : `\\u${code.toString(16).padStart(4, '0')}`
  })
  return `'${escaped.join('')}'`
}
