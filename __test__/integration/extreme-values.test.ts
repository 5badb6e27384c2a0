/**
 * Values at the ends of their ranges, and zones that the server's Java knows: a program reads what the server
 * says of the same value, and what it sends back is equal to it, or refused. 6.3.0 is silently wrong about
 * many of them, which is written down beside ours.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Driver } from 'neo4j-driver'
import { differential } from '../support/differential.js'
import { load } from '../support/drivers.js'
import { LTS, useServer } from '../support/servers.js'

const server = useServer()
const MODES: [name: string, config: Record<string, unknown>][] = [
  ['Integers', {}],
  ['numbers', { disableLosslessIntegers: true }],
  ['bigints', { useBigInt: true }],
]

const VALUES = [
  'duration({seconds: 9223372036854775807})',
  'duration({seconds: -9223372036854775808})',
  'duration({seconds: 9007199254740993, nanoseconds: 5})',
  'duration({seconds: 9007199254740991, nanoseconds: 1999999999})',
  'duration({nanoseconds: 9223372036854775807})',
  'duration({nanoseconds: -9223372036854775808})',
  "date('+999999999-12-31')",
  "date('-999999999-01-01')",
  "localdatetime('+999999999-12-31T23:59:59.999999999')",
  "localdatetime('-999999999-01-01T00:00:00')",
  "datetime('+999999999-12-31T23:59:59.999999999+18:00')",
  "datetime('+999999999-12-31T23:59:59.999999999-18:00')",
  "datetime('-999999999-01-01T00:00:00+18:00')",
  "datetime('-999999999-01-01T00:00:00-18:00')",
  "datetime('+999999999-12-31T23:59:59.999999999[Europe/Berlin]')",
  "datetime('-999999999-01-01T00:00:00[Europe/Berlin]')",
  "datetime('+275760-09-13T00:00:01[Europe/Berlin]')",
  "datetime('-300000-01-01T00:00:00[America/New_York]')",
  "datetime('+999999999-06-30T12:00[Australia/Sydney]')",
  "localtime('23:59:59.999999999')",
  "time('23:59:59.999999999-18:00')",
]

const BEYOND = 'Integer beyond 64 bits: Infinity (in $v)'
/** Values that a number cannot hold become infinite, as integers do, and show it. */
const INFINITE: { [value: string]: [text: string, sent: string] } = {
  'duration({seconds: 9223372036854775807})': ['PTInfinityS', BEYOND],
  'duration({seconds: -9223372036854775808})': ['PT-InfinityS', BEYOND.replace('Inf', '-Inf')],
  'duration({seconds: 9007199254740993, nanoseconds: 5})': ['PTInfinityS', BEYOND],
  'duration({seconds: 9007199254740991, nanoseconds: 1999999999})': ['PTInfinityS', BEYOND],
}

for (const [name, config] of MODES) {
  test(`the largest and smallest values are what the server says, with integers as ${name}, and are sent back as they were`, async () => {
    const neo4j = load('neobolt')
    const { uri, user, password } = server()
    const driver = neo4j.driver(uri, neo4j.auth.basic(user, password), config)
    try {
      for (const value of VALUES) {
        const [text, official, sent] = await there(driver, value)
        const [wantedText, wantedSent] = (name === 'numbers' && INFINITE[value]) || [official, true]
        assert.equal(text, wantedText, value)
        assert.equal(sent, wantedSent, value)
      }
    } finally {
      await driver.close()
    }
  })
}

/** The value in the program and on the server, and whether the server finds it equal when it is sent back. */
async function there(driver: Driver, value: string): Promise<[here: string, there: string, sent: unknown]> {
  const { records } = await driver.executeQuery(`WITH ${value} AS v RETURN v, toString(v) AS text`)
  const [v, text] = [records[0].get('v'), records[0].get('text')]
  const sent = driver.executeQuery(`RETURN $v = ${value} AS same`, { v }).then(
    ({ records }) => records[0].get('same'),
    (error: Error) => error.message,
  )
  return [String(v), text, await sent]
}

differential(
  'with numbers, a time or a duration that they cannot hold is not another one',
  server,
  async ({ connect }) => {
    const driver = connect({ disableLosslessIntegers: true })
    const values = [0, 8, 10, 14].map((at) => VALUES[at])
    return Promise.all(values.map(async (value) => (await there(driver, value)).filter((_, at) => at !== 1)))
  },
  [
    ['PT0S', false],
    ['1970-01-01T00:00:00.999999999', false],
    ['1970-01-01T18:00:00.999999999+18:00', false],
    ['1970-01-01T01:00:00.999999999+01:00[Europe/Berlin]', false],
  ],
  {
    ours: [
      ['PTInfinityS', BEYOND],
      ['+999999999-12-31T23:59:59.999999999', true],
      ['+999999999-12-31T23:59:59.999999999+18:00', true],
      ['+999999999-12-31T23:59:59.999999999+01:00[Europe/Berlin]', true],
    ],
  },
)

differential(
  'what is no integer of 64 bits is refused in a duration or an offset, and not sent as another one',
  server,
  async ({ driver, neo4j: { Duration, Time, DateTime } }) => {
    const values: (() => unknown)[] = [
      () => new Duration(0, 0, Number.POSITIVE_INFINITY, 0),
      () => new Duration(0, Number.NaN, 0, 0),
      () => new Duration(0, 0, 1e30, 0),
      () => new Duration(0n, 0n, 2n ** 64n, 0n),
      () => new Duration(0n, 0n, 2n ** 63n - 1n, 1_000_000_000n),
      () => new Time(1, 2, 3, 4, Number.NaN),
      () => new DateTime(2024, 1, 1, 0, 0, 0, 0, Number.NEGATIVE_INFINITY),
      () => new DateTime(2024n, 1n, 1n, 0n, 0n, 0n, 0n, 2n ** 64n),
      () => Duration.fromString('PT2562047788015215H30M7S'),
      () => Duration.fromString('PT9223372036854775808S'),
    ]
    const texts: unknown[] = []
    for (const value of values) {
      try {
        const { records } = await driver.executeQuery('RETURN toString($v) AS text', { v: value() })
        texts.push(records[0].get('text'))
      } catch (error) {
        texts.push((error as Error).message)
      }
    }
    return texts
  },
  [
    'PT0S',
    'PT0S',
    'PT2562047788015215H30M7S',
    'PT0S',
    'PT-2562047788015215H-30M-8S',
    '01:02:03.000000004Z',
    '2024-01-01T00:00:00Z',
    '2024-01-01T00:00:00Z',
    'PT-2562047788015215H-30M-1S',
    'PT-2562047788015215H-30M-8S',
  ],
  {
    ours: [
      BEYOND,
      'Integer expected, but was: NaN (in $v)',
      'Integer beyond 64 bits: 1e+30 (in $v)',
      'Integer beyond 64 bits: 18446744073709551616 (in $v)',
      'Integer beyond 64 bits: 9223372036854775808 (in $v)',
      'Integer expected, but was: NaN (in $v)',
      'Integer beyond 64 bits: -Infinity (in $v)',
      'Integer beyond 64 bits: 18446744073709551616 (in $v)',
      'PT2562047788015215H30M7S',
      'Duration could not be parsed from string: PT9223372036854775808S (it does not fit into integers of 64 bits)',
    ],
  },
)

const OFFSET_NAMES = ['UT', 'UTC+01:00', 'UTC-18:00', 'UTC+18:00', 'GMT+01:00', 'GMT-05:30', 'UT+01:30:15', 'GMT0']

differential(
  'a zone that has its offset in its name can be read and sent',
  server,
  async ({ driver, neo4j: { DateTime } }) => {
    const seen: unknown[] = []
    for (const zone of OFFSET_NAMES) {
      try {
        const query = 'WITH datetime({year: 2024, month: 7, timezone: $zone}) AS v RETURN v'
        const read = (await driver.executeQuery(query, { zone })).records[0].get('v')
        const sent = new DateTime(2024, 7, 1, 0, 0, 0, 0, undefined, zone)
        // As texts: the server cannot compare times in such zones.
        const same = await driver.executeQuery('RETURN toString($sent) = toString($read) AS same', { sent, read })
        seen.push([String(read), same.records[0].get('same')])
      } catch (error) {
        seen.push((error as Error).message)
      }
    }
    return seen
  },
  [
    ...OFFSET_NAMES.slice(0, -1).map((zone) => `Time zone ID is expected to be a valid ZoneId but was: "${zone}"`),
    ['2024-07-01T00:00:00Z[GMT0]', true],
  ],
  {
    ours: [
      ['2024-07-01T00:00:00Z[UT]', true],
      ['2024-07-01T00:00:00+01:00[UTC+01:00]', true],
      ['2024-07-01T00:00:00-18:00[UTC-18:00]', true],
      ['2024-07-01T00:00:00+18:00[UTC+18:00]', true],
      ['2024-07-01T00:00:00+01:00[GMT+01:00]', true],
      ['2024-07-01T00:00:00-05:30[GMT-05:30]', true],
      ['2024-07-01T00:00:00+01:30:15[UT+01:30:15]', true],
      ['2024-07-01T00:00:00Z[GMT0]', true],
    ],
  },
)

test('a date and time in each zone that Java knows can be read', async () => {
  const neo4j = load('neobolt')
  const { uri, user, password } = server()
  const driver = neo4j.driver(uri, neo4j.auth.basic(user, password))
  try {
    const zones = await zonesOfJava()
    assert.ok(zones.length > 500, `${zones.length} zones`)
    const query =
      'UNWIND $zones AS zone WITH zone, datetime({year: 2024, month: 7, timezone: zone}) AS v RETURN zone, v, v.offset AS offset'
    const { records } = await driver.executeQuery(query, { zones })
    assert.equal(records.length, zones.length)
    for (const record of records) {
      assert.equal(String(record.get('v')), `2024-07-01T00:00:00${record.get('offset')}[${record.get('zone')}]`)
    }
  } finally {
    await driver.close()
  }
})

/** The names known to the Java that servers run on here. */
async function zonesOfJava(): Promise<string[]> {
  const { findJdk } = await import('../../scripts/neo4j/jdk.mjs')
  const folder = mkdtempSync(join(tmpdir(), 'zones-'))
  try {
    const source = join(folder, 'Zones.java')
    writeFileSync(
      source,
      'class Zones { public static void main(String[] a) { java.time.ZoneId.getAvailableZoneIds().forEach(System.out::println); } }',
    )
    const java = join(findJdk(LTS)?.home ?? '', 'bin', 'java')
    const { stdout, stderr, status } = spawnSync(java, [source], { encoding: 'utf8', timeout: 60_000 })
    assert.equal(status, 0, stderr)
    return stdout.trim().split('\n').sort()
  } finally {
    rmSync(folder, { recursive: true })
  }
}
