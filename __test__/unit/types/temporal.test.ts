import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  Date as CypherDate,
  DateTime,
  Duration,
  Integer,
  type int,
  LocalDateTime,
  LocalTime,
  Time,
} from '../../../lib/types/index.js'
import { holds } from '../../support/property.js'
import { ours, same, theirs, type Values } from '../compare.js'

type Kind = (driver: Values, value: number) => number

// Each field comes as a number, as an Integer and as a bigint; each driver makes its own Integers.
const kinds: Kind[] = [
  (_, value) => value,
  (driver, value) => driver.int(value) as unknown as number,
  (_, value) => BigInt(Math.trunc(value)) as unknown as number,
]

const kind = fc.constantFrom(...kinds)
const year = fc.oneof(
  fc.integer({ min: 1000, max: 3000 }),
  fc.integer({ min: -999999999, max: 999999999 }),
  fc.integer({ min: -12, max: 12 }),
)
const month = fc.integer({ min: 1, max: 12 })
const day = fc.integer({ min: 1, max: 31 })
const hour = fc.integer({ min: 0, max: 23 })
const sixty = fc.integer({ min: 0, max: 59 })
const nano = fc.oneof(fc.constantFrom(0, 1, 500_000_000, 999_999_999), fc.integer({ min: 0, max: 999_999_999 }))
const offset = fc.oneof(fc.constantFrom(0, 3600, -3600, 19800, 1, -1), fc.integer({ min: -64800, max: 64800 }))
const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'UTC', 'Asia/Kathmandu')
const standardDate = fc.date({ min: new Date('-002000-01-01'), max: new Date('+012000-01-01'), noInvalidDate: true })

type Build = (driver: Values, of: (value: number) => number, f: Fields) => object
interface Fields {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  nano: number
  offset: number
  zone: string
}

const fields = fc.record({ year, month, day, hour, minute: sixty, second: sixty, nano, offset, zone })

const builds: { [name: string]: Build } = {
  LocalTime: (d, of, f) => new d.LocalTime(of(f.hour), of(f.minute), of(f.second), of(f.nano)),
  Time: (d, of, f) => new d.Time(of(f.hour), of(f.minute), of(f.second), of(f.nano), of(f.offset)),
  Date: (d, of, f) => new d.Date(of(f.year), of(f.month), of(f.day)),
  LocalDateTime: (d, of, f) =>
    new d.LocalDateTime(of(f.year), of(f.month), of(f.day), of(f.hour), of(f.minute), of(f.second), of(f.nano)),
  'DateTime with offset': (d, of, f) =>
    new d.DateTime(
      of(f.year),
      of(f.month),
      of(f.day),
      of(f.hour),
      of(f.minute),
      of(f.second),
      of(f.nano),
      of(f.offset),
    ),
  'DateTime with zone': (d, of, f) =>
    new d.DateTime(
      of(f.year),
      of(f.month),
      of(f.day),
      of(f.hour),
      of(f.minute),
      of(f.second),
      of(f.nano),
      undefined,
      f.zone,
    ),
  'DateTime with both': (d, of, f) =>
    new d.DateTime(
      of(f.year),
      of(f.month),
      of(f.day),
      of(f.hour),
      of(f.minute),
      of(f.second),
      of(f.nano),
      of(f.offset),
      f.zone,
    ),
}

describe('temporal values', () => {
  for (const [name, build] of Object.entries(builds)) {
    it(`${name} has the properties and texts of the official one`, () => {
      holds(
        fc.property(fields, kind, (f, of) => {
          same((driver) => build(driver, (value) => of(driver, value), f))
        }),
        3000,
      )
    })

    it(`${name} converts to the same standard date`, () => {
      holds(
        fc.property(fields, kind, (f, of) => {
          const instant = (driver: Values) => {
            // Beyond that, milliseconds do not fit in 64 bits: the official driver then wraps around to some
            // date.
            const near = { ...f, year: f.year % 290_000_000 }
            const value = build(driver, (part) => of(driver, part), near) as { toStandardDate?: () => Date }
            return value.toStandardDate?.().getTime()
          }
          same((driver) => instant(driver))
        }),
        3000,
      )
    })
  }

  it('checks kind and range of every field with the official texts', () => {
    const wrong: unknown[] = [
      13,
      32,
      24,
      60,
      -1,
      0,
      1e9,
      -1e10,
      1.5,
      Number.NaN,
      '5',
      null,
      undefined,
      {},
      true,
      13n,
      -5n,
      [],
      new Date(0),
    ]
    const right = { year: 2020, month: 6, day: 15, hour: 12, minute: 30, second: 30, nano: 5, offset: 60, zone: 'UTC' }
    for (const build of Object.values(builds)) {
      for (const field of Object.keys(right)) {
        for (const value of wrong) {
          // The official driver takes it for UTC.
          if (field === 'offset' && Number.isNaN(value)) continue
          same((driver) => build(driver, (v) => v, { ...right, [field]: value }))
          if (typeof value === 'number')
            same((driver) => build(driver, (v) => v, { ...right, [field]: driver.int(value) }))
        }
      }
    }
  })

  it('wants an offset or a known zone for a DateTime', () => {
    const zones: unknown[] = [undefined, null, '', 'UTC', 'Europe/Nowhere', 'Europe/Nowhere', 5, {}, 'utc']
    for (const id of zones) {
      for (const seconds of [undefined, null, 0, 3600, 'x', 1n]) {
        same((d) => new d.DateTime(2020, 1, 1, 0, 0, 0, 0, seconds as number, id as string))
      }
    }
  })

  it('takes a zone that has its offset in its name, as servers do', () => {
    const of = (zone: string) => new DateTime(2020, 1, 1, 0, 0, 0, 0, undefined, zone)
    for (const zone of ['UT', 'UTC+01:00', 'GMT-5', 'UT+01:30:15', '+01:00', '-0330', 'UTC+18:00'])
      assert.equal(of(zone).timeZoneId, zone)
    for (const zone of ['UTC+18:01', 'utc+01:00', 'GMT+5:30', 'UTC+', 'UT0', 'UTC+01:60', 'X+01:00']) {
      assert.throws(() => of(zone), {
        message: `Time zone ID is expected to be a valid ZoneId but was: "${zone}"`,
      })
    }
  })

  it('accepts Integers of another copy of the driver', () => {
    const foreign = theirs.int(12) as unknown as ReturnType<typeof int>
    assert.equal(new LocalTime(foreign, foreign, foreign, foreign).toString(), '12:12:12.000000012')
    assert.throws(() => new CypherDate(foreign, theirs.int(13) as unknown as typeof foreign, foreign), {
      message: 'Month is expected to be in range [1, 12] but was: 13',
    })
  })

  it('does not let a bigint beyond 64 bits pass for a month', () => {
    // The official driver wraps it to 1 and accepts it.
    assert.throws(() => new CypherDate(2020n, 2n ** 64n + 1n, 1n), /Month is expected to be in range \[1, 12\]/)
  })

  it('takes over standard dates as the official one does, with and without nanoseconds', () => {
    holds(
      fc.property(standardDate, fc.constantFrom(undefined, 0, 7, 999_999), kind, (date, extra, of) => {
        const nanos = (driver: Values) => (extra === undefined ? undefined : of(driver, extra))
        same((d) => d.LocalTime.fromStandardDate(date, nanos(d)))
        same((d) => d.Time.fromStandardDate(date, nanos(d)))
        same((d) => d.LocalDateTime.fromStandardDate(date, nanos(d)))
        same((d) => d.DateTime.fromStandardDate(date, nanos(d)))
        same((d) => d.Date.fromStandardDate(date))
        same((d) => d.Date.fromStandardDateLocal(date))
        same((d) => d.Date.fromStandardDateUTC(date))
      }),
      2000,
    )
    for (const bad of [undefined, null, 5, '2020-01-01', {}, new Date(Number.NaN)]) {
      same((d) => d.LocalTime.fromStandardDate(bad as Date))
      same((d) => d.Date.fromStandardDateUTC(bad as Date))
      same((d) => d.DateTime.fromStandardDate(bad as Date))
    }
    same((d) => d.Time.fromStandardDate(new Date(0), 'x' as unknown as number))
  })

  it('becomes an invalid standard date where the language has none', () => {
    // The official driver: 30 September 12004 BC, by wrapping around.
    const far = new DateTime(584_542_047, 1, 1, 0, 0, 0, 0, 0)
    assert.ok(Number.isNaN(far.toStandardDate().getTime()))
    assert.ok(Number.isNaN(new CypherDate(-300_000, 1, 1).toStandardDate().getTime()))
  })

  it('needs an offset to become a standard date', () => {
    same((d) => new d.DateTime(2020, 1, 1, 0, 0, 0, 0, undefined, 'UTC').toStandardDate())
  })

  it('says of each value what it is, across copies of the driver', () => {
    const tests = [
      'isDuration',
      'isLocalTime',
      'isTime',
      'isDate',
      'isLocalDateTime',
      'isDateTime',
      'isPoint',
      'isInt',
    ] as const
    for (const maker of [ours, theirs]) {
      const made = {
        isDuration: new maker.Duration(1, 2, 3, 4),
        isLocalTime: new maker.LocalTime(1, 2, 3, 4),
        isTime: new maker.Time(1, 2, 3, 4, 5),
        isDate: new maker.Date(2020, 2, 3),
        isLocalDateTime: new maker.LocalDateTime(2020, 2, 3, 4, 5, 6, 7),
        isDateTime: new maker.DateTime(2020, 2, 3, 4, 5, 6, 7, 8),
        isPoint: new maker.Point(1, 2, 3),
        isInt: maker.int(1),
      }
      for (const asked of [ours, theirs]) {
        for (const test of tests) {
          for (const [name, value] of Object.entries(made)) assert.equal(asked[test](value), test === name)
          for (const other of [null, undefined, {}, new Date(), 'x']) assert.equal(asked[test](other), false)
        }
      }
    }
  })

  it('builds the same without checks', () => {
    assert.deepEqual(LocalTime.unchecked(1, 2, 3, 4), new LocalTime(1, 2, 3, 4))
    assert.deepEqual(Time.unchecked(1, 2, 3, 4, 5), new Time(1, 2, 3, 4, 5))
    assert.deepEqual(CypherDate.unchecked(1, 2, 3), new CypherDate(1, 2, 3))
    assert.deepEqual(LocalDateTime.unchecked(1, 2, 3, 4, 5, 6, 7), new LocalDateTime(1, 2, 3, 4, 5, 6, 7))
    assert.deepEqual(Duration.unchecked(1, 2, 3, 4), new Duration(1, 2, 3, 4))
    const zoned = DateTime.unchecked(1, 2, 3, 4, 5, 6, 7, 8, 'UTC')
    const checked = new DateTime(1, 2, 3, 4, 5, 6, 7, 8, 'UTC')
    assert.deepEqual(zoned, checked)
    assert.deepEqual(Object.keys(zoned), Object.keys(checked))
    assert.ok(zoned instanceof DateTime && Object.isFrozen(zoned) && zoned.constructor === DateTime)
  })
})

describe('temporal values from text', () => {
  const names = ['LocalTime', 'Time', 'Date', 'LocalDateTime', 'DateTime', 'Duration'] as const
  const read = (driver: Values, name: (typeof names)[number], text: string) => driver[name].fromString(text)

  it('reads every text that the official one writes', () => {
    holds(
      fc.property(fields, (f) => {
        for (const [name, build] of Object.entries(builds)) {
          const text = String(build(ours, (value) => value, f))
          // A fraction of a second goes through a float officially, and may come out one nanosecond less.
          const type = name.split(' ')[0] as (typeof names)[number]
          assert.equal(String(read(ours, type, text)), text)
          if (f.nano === 0) same((driver) => read(driver, type, text))
        }
      }),
      2000,
    )
  })

  const texts = [
    '10 10:20 1020 10:20:30 102030 T10:20 t10:20 10:20:30.5 10:20:30,5 10:20:30.123456789 10:20.5 10.5 10,25 1:20 10:2 10:20:3 25:00',
    '10:20:60 10:60 aa 10:20:30Z 10:20Z 10Z 10:20z 10:20+ 10:20- 10:20+01 10:20-01 10:20+0130 10:20+01:30 10:20+01:30:15 10:20-013015',
    '10:20:30.5+01:00 10+01 10:20+1 10:20+01:3 2020-01-02 2020-1-2 20200102 +12020-01-02 -12020-01-02 +2020-01-02 2020-13-01 2020-00-01',
    '2020-02-31 -0001-01-01 -00001-01-01 2020-01-02T10 2020-01-02T10:20 2020-01-02t10:20:30 2020-01-02T10:20:30.5 2020-01-02 10:20',
    '2020-01-02T10:20:30Z 2020-01-02T10:20Z[Europe/Berlin] 2020-01-02T10:20+01:00 2020-01-02T10:20:30+01:00[Europe/Berlin]',
    '2020-01-02T10:20:30[Europe/Berlin] 2020-01-02T10:20:30[Nowhere] 2020-01-02T10:20:30[] 2020-01-02T10:20:30Z01:00 2020-01-02T10:20:30+',
    '2020-01-02T10:20:30-05:30:10 2020-01-02T102030+0130 2020-01-02T10:20:30z +12020-01-02T10+01:00 2020-01-02T10:20:30-01:00[UTC]',
    'P P1 PT P1YT P1Y P1M P1W P1D P1Y2M3W4D PT1H PT1M PT1S PT1H2M3S P1Y2M3W4DT5H6M7.8S p1y P0.5Y P0.5M P0.5W P.5Y P1.Y P.Y PT0.5H PT0.5M',
    'PT0.123456789S PT,5S PT-1S PT-1.5S PT-0.5S PT1.S P-1Y P-1M P-1W P-1D PT-1H PT-1M -P1Y -P1W -PT1H -PT1S -PT1.5S -PT-1.5S +P1Y P1D2W',
    'PT1S2H PYMD PT99999999999S PT0.0000000001S P1Y1Y 1Y P1H PT1D P1y2M3w4dT5h6m7s P-1Y-2M PT-1H-2M-3.5S -PT5H6M7S',
  ].flatMap((line) => line.split(' '))

  for (const name of names) {
    it(`reads or refuses as ${name} what the official one does`, () => {
      for (const text of texts) {
        same((driver) => read(driver, name, text))
      }
    })
  }

  it('agrees with the official one on arbitrary durations with a sign in no place or before single parts', () => {
    const amount = fc.integer({ min: -5000, max: 5000 })
    holds(
      fc.property(fc.tuple(amount, amount, amount, amount, amount, amount, amount), ([y, m, w, d, h, min, s]) => {
        same((driver) => driver.Duration.fromString(`P${y}Y${m}M${w}W${d}DT${h}H${min}M${s}.5S`))
      }),
      20_000,
    )
  })

  it('applies the sign of a duration to all of its parts', () => {
    // The official driver leaves it to years and weeks: there, -P2M is two months.
    assert.equal(Duration.fromString('-P1Y2M3W4DT5H6M7.5S').toString(), 'P-1Y-2M-25DT-5H-6M-7.500000000S')
    assert.equal(String(Duration.fromString('-P2M').months), '-2')
    assert.equal(String(Duration.fromString('-PT0.5S')), 'PT-0.500000000S')
  })

  it('reads an offset without minutes', () => {
    // The official driver takes it for zero, silently.
    assert.equal(String(DateTime.fromString('2020-01-02T10:20+02').timeZoneOffsetSeconds), '7200')
    assert.equal(String(DateTime.fromString('2020-01-02T10:20-02[UTC]').timeZoneOffsetSeconds), '-7200')
  })

  it('reads every nanosecond exactly', () => {
    // Officially one less in 1.7 of 100 cases: .001001 becomes 1000999 ns.
    assert.equal(LocalTime.fromString('10:20:30.001001').nanosecond.toInt(), 1_001_000)
    holds(
      fc.property(nano, (nanos) => {
        const digits = String(nanos).padStart(9, '0')
        assert.equal(LocalTime.fromString(`10:20:30.${digits}`).nanosecond.toInt(), nanos)
      }),
      150_000,
    )
    assert.equal(String(LocalTime.fromString('10:20.29')), '10:20:17.400000000')
    assert.equal(String(LocalTime.fromString('10.7')), '10:42:00')
    assert.equal(String(LocalTime.fromString('10:20:30.9999999999')), '10:20:30.999999999')
  })
})

describe('Duration', () => {
  const amount = fc.oneof(
    fc.integer({ min: -100, max: 100 }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.constantFrom(0, 59, 60, 61, 3599, 3600, -59, -60, -61),
  )
  const nanoseconds = fc.oneof(
    fc.integer({ min: -5, max: 5 }),
    fc.maxSafeInteger(),
    fc.constantFrom(1e9, -1e9, 999_999_999, -999_999_999, 1e9 + 1),
  )

  it('carries nanoseconds over and writes itself as the official one does', () => {
    holds(
      fc.property(amount, amount, amount, nanoseconds, fc.tuple(kind, kind, kind, kind), (m, d, s, n, [a, b, c, e]) => {
        same((driver) => new driver.Duration(a(driver, m), b(driver, d), c(driver, s), e(driver, n)))
      }),
      50_000,
    )
  })

  it('checks its arguments with the official texts', () => {
    for (const bad of ['1', null, undefined, {}, true]) {
      for (let at = 0; at < 4; at++) {
        const of = (i: number) => (i === at ? bad : 1) as number
        same((driver) => new driver.Duration(of(0), of(1), of(2), of(3)))
      }
    }
    same((driver) => new driver.Duration(1.5, 2.5, 3.5, 4.5))
    same((driver) => new driver.Duration(0, 0, -0.5, 1e15))
  })

  it('keeps what does not fit into 64 bits as it is, and says so', () => {
    assert.equal(String(new Duration(0, 0, Number.POSITIVE_INFINITY, 5)), 'PTInfinityS')
    assert.equal(String(new Duration(Number.NEGATIVE_INFINITY, Number.NaN, 0, 0)), 'P-InfinityMNaNDT')
    assert.equal(new Duration(0, 0, 0, 1e300).nanoseconds, 1e300)
    assert.equal(String(new Duration(0n, 0n, 2n ** 63n - 1n, 1_000_000_000n)), 'PT2562047788015215H30M8S')
    assert.throws(
      () => new Duration(Integer.ZERO, Integer.ZERO, Integer.MAX_VALUE, Integer.fromNumber(1_000_000_000)),
      {
        name: 'RangeError',
        message: 'Integer beyond 64 bits: 9223372036854775808',
      },
    )
    assert.equal(String(new Time(1, 2, 3, 4, Number.NaN)), '01:02:03.000000004+NaN')
  })

  it('reads all digits of amounts that a number cannot hold', () => {
    for (const text of ['PT2562047788015215H30M7S', 'PT-2562047788015215H-30M-8S', 'P9007199254740993DT1S']) {
      assert.equal(String(Duration.fromString(text)), text)
    }
    for (const text of ['PT9223372036854775808S', 'P99999999999999999999Y', 'PT9223372036854775807.9999999999S']) {
      assert.throws(() => Duration.fromString(text), {
        name: 'Neo4jError',
        message: `Duration could not be parsed from string: ${text} (it does not fit into integers of 64 bits)`,
      })
    }
  })
})
