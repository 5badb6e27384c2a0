/**
 * Values of every type, in both directions, on each server: the value that the server sends for a literal,
 * and that the server finds the same value, sent as a parameter, equal to that literal.
 */
import { differential } from '../support/differential.js'
import type { Neo4j } from '../support/drivers.js'
import { LTS, NEWEST, type Neo4jVersion, OLD, requires, useServer } from '../support/servers.js'
import { outcome, snapshot } from '../support/snapshot.js'

/** A value in Cypher and in JavaScript. */
type Pair = [cypher: string, value: (neo4j: Neo4j) => unknown]

const SCALARS: Pair[] = [
  ['null', () => null],
  ['true', () => true],
  ['false', () => false],
  ['0', ({ int }) => int(0)],
  ['-1', ({ int }) => int(-1)],
  ['-16', ({ int }) => int(-16)],
  ['-17', ({ int }) => int(-17)],
  ['127', ({ int }) => int(127)],
  ['128', ({ int }) => int(128)],
  ['-128', ({ int }) => int(-128)],
  ['-129', ({ int }) => int(-129)],
  ['32767', ({ int }) => int(32767)],
  ['32768', ({ int }) => int(32768)],
  ['-32768', ({ int }) => int(-32768)],
  ['-32769', ({ int }) => int(-32769)],
  ['2147483647', ({ int }) => int(2147483647)],
  ['2147483648', ({ int }) => int(2147483648)],
  ['-2147483648', ({ int }) => int(-2147483648)],
  ['-2147483649', ({ int }) => int(-2147483649)],
  ['9007199254740991', ({ int }) => int('9007199254740991')],
  ['9007199254740993', ({ int }) => int('9007199254740993')],
  ['9223372036854775807', ({ int }) => int('9223372036854775807')],
  ['-9223372036854775808', ({ int }) => int('-9223372036854775808')],
  ['1.5', () => 1.5],
  ['1.0', () => 1],
  ['-0.0', () => -0],
  ['1.7976931348623157e308', () => Number.MAX_VALUE],
  ['5e-324', () => Number.MIN_VALUE],
  ['0.1 + 0.2', () => 0.1 + 0.2],
  ["''", () => ''],
  ["'a'", () => 'a'],
  ["'Größe \u{1F600} 漢字 \u0000'", () => 'Größe \u{1F600} 漢字 \u0000'],
  ["substring('0123456789abcdef', 0, 15)", () => '0123456789abcde'],
  ["'0123456789abcdef'", () => '0123456789abcdef'],
  ["reduce(s = '', i IN range(1, 300) | s + 'x')", () => 'x'.repeat(300)],
  ["reduce(s = '', i IN range(1, 7000) | s + '0123456789')", () => '0123456789'.repeat(7000)],
  ["reduce(s = '', i IN range(1, 600) | s + 'ä€')", () => 'ä€'.repeat(600)],
]

const COLLECTIONS: Pair[] = [
  ['[]', () => []],
  ['{}', () => ({})],
  ["[1, 'a', true, 1.5, [2]]", ({ int }) => [int(1), 'a', true, 1.5, [int(2)]]],
  ['range(1, 300)', ({ int }) => Array.from({ length: 300 }, (_, i) => int(i + 1))],
  ['range(1, 70000)', ({ int }) => Array.from({ length: 70_000 }, (_, i) => int(i + 1))],
  ['[i IN range(1, 768) | i / 4.0]', () => Array.from({ length: 768 }, (_, i) => (i + 1) / 4)],
  ["{a: 1, b: {c: [{d: 'x'}]}}", ({ int }) => ({ a: int(1), b: { c: [{ d: 'x' }] } })],
  ['{constructor: 2, toString: 3}', ({ int }) => ({ constructor: int(2), toString: int(3) })],
  ['{`with space`: 1, `0`: 2}', ({ int }) => ({ 'with space': int(1), 0: int(2) })],
  [
    `{${Array.from({ length: 40 }, (_, i) => `k${i}: ${i}`).join(', ')}}`,
    ({ int }) => Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, int(i)])),
  ],
]

const SPATIAL: Pair[] = [
  ['point({x: 1, y: 2})', ({ types: { Point }, int }) => new Point(int(7203), 1, 2)],
  ['point({x: 1.5, y: -2.5, z: 3.25})', ({ types: { Point }, int }) => new Point(int(9157), 1.5, -2.5, 3.25)],
  ['point({longitude: 12.5, latitude: 56.25})', ({ types: { Point }, int }) => new Point(int(4326), 12.5, 56.25)],
  [
    'point({longitude: 12.5, latitude: 56.25, height: 100})',
    ({ types: { Point }, int }) => new Point(int(4979), 12.5, 56.25, 100),
  ],
]

const TEMPORAL: Pair[] = [
  ["date('2024-02-29')", ({ types, int }) => new types.Date(int(2024), int(2), int(29))],
  ["date('-0044-03-15')", ({ types, int }) => new types.Date(int(-44), int(3), int(15))],
  ["date('+999999999-12-31')", ({ types, int }) => new types.Date(int(999999999), int(12), int(31))],
  [
    "localtime('12:34:56.789012345')",
    ({ types: { LocalTime }, int }) => new LocalTime(int(12), int(34), int(56), int(789012345)),
  ],
  ["localtime('00:00')", ({ types: { LocalTime }, int }) => new LocalTime(int(0), int(0), int(0), int(0))],
  [
    "time('23:59:59.999999999+02:00')",
    ({ types: { Time }, int }) => new Time(int(23), int(59), int(59), int(999999999), int(7200)),
  ],
  ["time('01:00:00-18:00')", ({ types: { Time }, int }) => new Time(int(1), int(0), int(0), int(0), int(-64800))],
  [
    "localdatetime('1969-12-31T23:59:59.999999999')",
    ({ types: { LocalDateTime }, int }) =>
      new LocalDateTime(int(1969), int(12), int(31), int(23), int(59), int(59), int(999999999)),
  ],
  [
    "localdatetime('2024-06-01T12:00')",
    ({ types: { LocalDateTime }, int }) =>
      new LocalDateTime(int(2024), int(6), int(1), int(12), int(0), int(0), int(0)),
  ],
  [
    "datetime('2024-06-01T12:00:00.000000001+05:30')",
    ({ types: { DateTime }, int }) =>
      new DateTime(int(2024), int(6), int(1), int(12), int(0), int(0), int(1), int(19800), undefined),
  ],
  [
    "datetime('1900-01-01T00:00:00Z')",
    ({ types: { DateTime }, int }) =>
      new DateTime(int(1900), int(1), int(1), int(0), int(0), int(0), int(0), int(0), undefined),
  ],
  [
    "datetime('2024-06-01T12:00:00[Europe/Stockholm]')",
    ({ types: { DateTime }, int }) =>
      new DateTime(int(2024), int(6), int(1), int(12), int(0), int(0), int(0), int(7200), 'Europe/Stockholm'),
  ],
  [
    "datetime('2024-01-15T12:00:00[America/New_York]')",
    ({ types: { DateTime }, int }) =>
      new DateTime(int(2024), int(1), int(15), int(12), int(0), int(0), int(0), int(-18000), 'America/New_York'),
  ],
  // The hour that comes twice: the offset tells which of the two.
  [
    "datetime({year: 2024, month: 10, day: 27, hour: 2, minute: 30, timezone: 'Europe/Berlin'})",
    ({ types: { DateTime }, int }) =>
      new DateTime(int(2024), int(10), int(27), int(2), int(30), int(0), int(0), int(7200), 'Europe/Berlin'),
  ],
  [
    'duration({months: 14, days: -3, seconds: 5, nanoseconds: 999999999})',
    ({ types: { Duration }, int }) => new Duration(int(14), int(-3), int(5), int(999999999)),
  ],
  [
    'duration({seconds: -1, nanoseconds: -1})',
    ({ types: { Duration }, int }) => new Duration(int(0), int(0), int(-2), int(999999999)),
  ],
]

const GROUPS: [string, Pair[]][] = [
  ['null, booleans, integers of every width, floats and strings', SCALARS],
  ['lists and maps, of all sizes and odd keys', COLLECTIONS],
  ['points', SPATIAL],
  ['dates, times and durations', TEMPORAL],
]

for (const version of [LTS, NEWEST, OLD] satisfies Neo4jVersion[]) {
  const server = useServer(version)
  const options = requires({ server: version })

  for (const [name, pairs] of GROUPS) {
    differential(
      `Neo4j ${version}: ${name} come and go`,
      server,
      async ({ neo4j, driver }) => {
        const session = driver.session()
        const wrong: unknown[] = []
        for (const [cypher, make] of pairs) {
          const value = make(neo4j)
          const { records } = await session.run(`WITH ${cypher} AS literal RETURN literal, literal = $value AS equal`, {
            value,
          })
          const [record] = records
          const got = JSON.stringify([sorted(snapshot(record?.get('literal'))), texts(record?.get('literal'))])
          const wanted = JSON.stringify([sorted(snapshot(value)), texts(value)])
          if (got !== wanted) wrong.push({ cypher, got, wanted })
          if (record?.get('equal') !== (value === null ? null : true))
            wrong.push({ cypher, equal: record?.get('equal') })
        }
        await session.close()
        return wrong
      },
      [],
      options,
    )
  }

  differential(
    `Neo4j ${version}: NaN, infinities and bytes come and go`,
    server,
    async ({ driver }) => {
      const session = driver.session()
      const { records } = await session.run(
        "RETURN 0.0 / 0.0 AS nan, toFloat('Infinity') AS plus, toFloat('-Infinity') AS minus, $nan AS n, $plus AS p, $bytes AS b, $large AS l",
        {
          nan: Number.NaN,
          plus: Number.POSITIVE_INFINITY,
          bytes: Int8Array.of(-128, -1, 0, 1, 127),
          large: new Int8Array(70_000).fill(7),
        },
      )
      const [record] = records
      await session.close()
      const large = record?.get('l') as Int8Array
      return [
        ...['nan', 'plus', 'minus', 'n', 'p', 'b'].map((key) => snapshot(record?.get(key))),
        large.length,
        large.at(-1),
      ]
    },
    [
      { $number: 'NaN' },
      { $number: 'Infinity' },
      { $number: '-Infinity' },
      { $number: 'NaN' },
      { $number: 'Infinity' },
      { $class: 'Int8Array', values: [-128, -1, 0, 1, 127] },
      70_000,
      7,
    ],
    options,
  )

  differential(
    `Neo4j ${version}: nodes, relationships and paths`,
    server,
    async ({ neo4j, driver, label }) => {
      const session = driver.session()
      const { records } = await session.run(
        `CREATE (a:${label}:A {name: 'a', n: 1}), (b:${label}:B), (c:${label})
         CREATE (a)-[r:TO {w: 1.5}]->(b), (c)-[s:TO]->(b)
         WITH a, b, c, r, s
         MATCH p = (a)-->(b)<--(c)
         MATCH q = (c)
         RETURN a, b, r, p, q, [a, b] AS list, {r: r} AS map`,
      )
      const [record] = records
      await session.close()
      if (record === undefined) return 'no record'
      const { a, b, r, p, q, list, map } = record.toObject()
      const id = (node: { identity: { toString(): string }; elementId: string }) => [
        String(node.identity),
        node.elementId,
      ]
      return [
        [
          a.constructor.name,
          Object.keys(a),
          a.labels.includes('A'),
          snapshot(a.properties),
          String(a).includes('name:"a"'),
        ],
        [r.constructor.name, Object.keys(r), r.type, snapshot(r.properties)],
        [
          r.start.equals(a.identity),
          r.end.equals(b.identity),
          r.startNodeElementId === a.elementId,
          r.endNodeElementId === b.elementId,
        ],
        [
          p.constructor.name,
          Object.keys(p),
          p.length,
          p.segments.map((segment: object) => [segment.constructor.name, Object.keys(segment)]),
        ],
        // The second relationship is walked against its direction, and still gives its own start.
        [
          p.start.elementId === a.elementId,
          p.segments[1].relationship.end.equals(b.identity),
          p.segments[1].start.elementId === b.elementId,
        ],
        [q.length, q.segments, q.start.elementId === q.end.elementId],
        [list.map((node: object) => node.constructor.name), map.r.constructor.name],
        [
          neo4j.isNode(a),
          neo4j.isRelationship(r),
          neo4j.isPath(p),
          neo4j.isPathSegment(p.segments[0]),
          neo4j.isNode({}),
        ],
        typeof id(a)[1],
      ]
    },
    [
      [
        'Node',
        ['identity', 'labels', 'properties', 'elementId'],
        true,
        { name: 'a', n: { $class: 'Integer', low: 1, high: 0 } },
        true,
      ],
      [
        'Relationship',
        ['identity', 'start', 'end', 'type', 'properties', 'elementId', 'startNodeElementId', 'endNodeElementId'],
        'TO',
        { w: 1.5 },
      ],
      [true, true, true, true],
      [
        'Path',
        ['start', 'end', 'segments', 'length'],
        2,
        [
          ['PathSegment', ['start', 'relationship', 'end']],
          ['PathSegment', ['start', 'relationship', 'end']],
        ],
      ],
      [true, true, true],
      [0, [], true],
      [['Node', 'Node'], 'Relationship'],
      [true, true, true, true, false],
      'string',
    ],
    options,
  )

  differential(
    `Neo4j ${version}: integers as numbers and as bigint`,
    server,
    async ({ connect }) => {
      const query =
        "RETURN 1 AS one, 9007199254740993 AS big, -9223372036854775808 AS least, [1, {n: 2}] AS nested, date('2024-02-29') AS d, duration('P1M2DT3.5S') AS span, point({x: 1, y: 2}) AS p"
      const outcomes: unknown[] = []
      for (const config of [{ disableLosslessIntegers: true }, { useBigInt: true }]) {
        const session = connect(config).session()
        const { records, summary } = await session.run(query)
        outcomes.push([
          snapshot(records[0]?.toObject()),
          typeof summary.resultAvailableAfter,
          records[0]?.get('d').toString(),
          records[0]?.get('span').toString(),
        ])
        await session.close()
      }
      return outcomes
    },
    [
      [
        {
          one: 1,
          big: { $number: 'Infinity' },
          least: { $number: '-Infinity' },
          nested: [1, { n: 2 }],
          d: { $class: 'Date', year: 2024, month: 2, day: 29 },
          span: { $class: 'Duration', months: 1, days: 2, seconds: 3, nanoseconds: 500000000 },
          p: { $class: 'Point', srid: 7203, x: 1, y: 2, z: '<undefined>' },
        },
        'number',
        '2024-02-29',
        'P1M2DT3.500000000S',
      ],
      [
        {
          one: { $bigint: '1' },
          big: { $bigint: '9007199254740993' },
          least: { $bigint: '-9223372036854775808' },
          nested: [{ $bigint: '1' }, { n: { $bigint: '2' } }],
          d: { $class: 'Date', year: { $bigint: '2024' }, month: { $bigint: '2' }, day: { $bigint: '29' } },
          span: {
            $class: 'Duration',
            months: { $bigint: '1' },
            days: { $bigint: '2' },
            seconds: { $bigint: '3' },
            nanoseconds: { $bigint: '500000000' },
          },
          p: { $class: 'Point', srid: { $bigint: '7203' }, x: 1, y: 2, z: '<undefined>' },
        },
        'bigint',
        '2024-02-29',
        'P1M2DT3.500000000S',
      ],
    ],
    options,
  )
}

const newest = useServer(NEWEST)

differential(
  'Bolt 6: vectors of every type come and go',
  newest,
  async ({ neo4j, driver }) => {
    const session = driver.session()
    const vectors = [
      Int8Array.of(-1, 2, 127),
      Int16Array.of(-1, 2, 32767),
      Int32Array.of(-1, 2, 2 ** 31 - 1),
      BigInt64Array.of(-1n, 2n, 2n ** 63n - 1n),
      Float32Array.of(-1.5, 2, 0.25),
      Float64Array.of(-1.5, 2, 0.1),
    ].map((array) => neo4j.vector(array as Float64Array))
    const seen: unknown[] = []
    for (const vector of vectors) {
      const { records } = await session.run('RETURN $vector AS vector', { vector })
      const back = records[0]?.get('vector')
      seen.push([
        neo4j.isVector(back),
        back.constructor.name,
        back.getType(),
        snapshot(back.asTypedArray()),
        String(back),
      ])
    }
    const literal = await session.run('CYPHER 25 RETURN vector([1, 2, 3], 3, INTEGER8) AS vector')
    seen.push(snapshot(literal.records[0]?.get('vector').asTypedArray()))
    await session.close()
    return seen
  },
  [
    [
      true,
      'Vector',
      'INT8',
      { $class: 'Int8Array', values: [-1, 2, 127] },
      'vector([-1, 2, 127], 3, INTEGER8 NOT NULL)',
    ],
    [
      true,
      'Vector',
      'INT16',
      { $class: 'Int16Array', values: [-1, 2, 32767] },
      'vector([-1, 2, 32767], 3, INTEGER16 NOT NULL)',
    ],
    [
      true,
      'Vector',
      'INT32',
      { $class: 'Int32Array', values: [-1, 2, 2147483647] },
      'vector([-1, 2, 2147483647], 3, INTEGER32 NOT NULL)',
    ],
    [
      true,
      'Vector',
      'INT64',
      {
        $class: 'BigInt64Array',
        values: [{ $bigint: '-1' }, { $bigint: '2' }, { $bigint: '9223372036854775807' }],
      },
      'vector([-1, 2, 9223372036854775807], 3, INTEGER NOT NULL)',
    ],
    [
      true,
      'Vector',
      'FLOAT32',
      { $class: 'Float32Array', values: [-1.5, 2, 0.25] },
      'vector([-1.5, 2, 0.25], 3, FLOAT32 NOT NULL)',
    ],
    [
      true,
      'Vector',
      'FLOAT64',
      { $class: 'Float64Array', values: [-1.5, 2, 0.1] },
      'vector([-1.5, 2, 0.1], 3, FLOAT NOT NULL)',
    ],
    { $class: 'Int8Array', values: [1, 2, 3] },
  ],
  requires({ server: NEWEST }),
)

differential(
  'Bolt 6.1: UUIDs come and go',
  newest,
  async ({ neo4j, driver }) => {
    const session = driver.session()
    const uuid = neo4j.uuid('01234567-89ab-cdef-0123-456789abcdef')
    const { records } = await session.run('RETURN $uuid AS uuid', { uuid })
    const back = records[0]?.get('uuid')
    await session.close()
    return [neo4j.isUUID(back), back.constructor.name, String(back), String(uuid)]
  },
  [true, 'UUID', '01234567-89ab-cdef-0123-456789abcdef', '01234567-89ab-cdef-0123-456789abcdef'],
  requires({ server: NEWEST }),
)

for (const version of [LTS, OLD]) {
  differential(
    `Neo4j ${version}: a vector is refused before anything is sent, and the connection stays usable`,
    useServer(version),
    async ({ neo4j, driver }) => {
      const session = driver.session()
      const refused = await outcome(() => session.run('RETURN $v', { v: neo4j.vector(Float32Array.of(1)) }))
      const after = await session.run('RETURN 1 AS n')
      await session.close()
      return [refused, after.records.length]
    },
    [
      {
        rejects: {
          name: 'Neo4jError',
          message:
            'Sending vector types require server and driver to be communicating with Bolt protocol 6.0 or later. Please update your database version.',
          code: 'N/A',
          gqlStatus: '50N42',
        },
      },
      1,
    ],
    // The official driver leaves half a message behind, and the next query fails.
    { oursAlone: true, ...requires({ server: version }) },
  )
}

/** The text of a value that has one of its own: of a temporal or spatial value, an Integer, a node. */
function texts(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 10).map(texts)
  return typeof value === 'object' &&
    value !== null &&
    value.toString !== Object.prototype.toString &&
    typeof value.toString === 'function'
    ? String(value)
    : null
}

/** A map's keys come in the order of the server's hash table. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}
