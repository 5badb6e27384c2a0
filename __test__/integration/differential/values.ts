/** Values as the server sends them, by type and by the settings for integers, and values as parameters. */
import type { Neo4j } from '../../support/drivers.js'
import { differs, group, type Script, type Scripts } from './suite.js'

/** The value of an expression in Cypher, under each setting for integers. */
const out =
  (expression: string): Script =>
  async ({ connect, log }) => {
    for (const config of [{}, { disableLosslessIntegers: true }, { useBigInt: true }]) {
      const driver = connect(config)
      const { records } = await driver.executeQuery(`RETURN ${expression} AS v`)
      log(records[0]?.get('v'), records[0])
    }
  }

/** What comes back for a parameter, how the server reads it, and how it does within lists and maps. */
const back =
  (make: (neo4j: Neo4j) => unknown): Script =>
  async ({ neo4j, session, attempt }) => {
    const value = make(neo4j)
    const one = session()
    await attempt(async () => {
      const { records } = await one.run('RETURN $v AS v, valueType($v) AS type, [$v, $v] AS list, {k: $v} AS map', {
        v: value,
      })
      return records.map((record) => record.toObject())
    })
    await attempt(async () => (await one.run('RETURN $v AS v', { v: [value, { deep: [value] }] })).records[0]?.get('v'))
    // The connection still works after any of these.
    await attempt(async () => (await one.run('RETURN 1 AS one')).records[0]?.get('one'))
  }

/** Logs how the parameter is refused, and whether the session still works after that. */
function unsendable(make: (neo4j: Neo4j) => unknown): Script {
  return async ({ neo4j, connect, log }) => {
    const session = connect().session()
    const told = ({ name, code, message }: Error & { code?: string }) =>
      `${name}${code === undefined ? '' : ` ${code}`}: ${message.replace(/(\[0\]){20,}.*\)$/, '…)')}`
    log(await session.run('RETURN $v AS v', { v: [{ x: make(neo4j) }] }).then(() => 'sent', told))
    log(
      await session.run('RETURN 1 AS n').then(
        () => 'usable',
        () => 'broken',
      ),
    )
    await session.close().catch(() => undefined)
  }
}

/** Parameters that both refuse: ours adds the path, and nothing of it has been sent. */
function refusedWithPath(...table: [string, (neo4j: Neo4j) => unknown, string][]): Scripts {
  return Object.fromEntries(
    table.map(([name, make, message]) => [
      `F5: ${name}`,
      differs(
        'F5',
        'the error names the parameter; the official driver has sent half a message, and the next query fails',
        unsendable(make),
        {
          official: [`Neo4jError ProtocolError: ${message}`, 'broken'],
          ours: [`Neo4jError ProtocolError: ${message} (in $v[0].x)`, 'usable'],
        },
      ),
    ]),
  )
}

function nested(depth: number): unknown[] {
  let list: unknown[] = []
  for (let i = 0; i < depth; i++) list = [list]
  return list
}

const named = (prefix: string, script: (expression: string) => Script, expressions: string[]): Scripts =>
  Object.fromEntries(expressions.map((expression) => [`${prefix} ${expression}`, script(expression)]))

const parameters = (table: [string, (neo4j: Neo4j) => unknown][]): Scripts =>
  Object.fromEntries(table.map(([name, make]) => [`parameter: ${name}`, back(make)]))

export const values = group('values from Cypher', {
  ...named('RETURN', out, [
    'null',
    'true',
    '0',
    '-1',
    '127',
    '-129',
    '2147483648',
    '9007199254740991',
    '9007199254740992',
    '9223372036854775807',
    '-9223372036854775808',
    '1.0',
    '-0.0',
    '0.0 / 0.0',
    '1.0 / 0.0',
    '1e308',
    '4.9e-324',
    "''",
    "'Gr\u00f6\u00dfe \u{1F600} \u6F22 \\u0000'",
    "'\\n\\t\\\\\\''",
    '[]',
    '[[], [[]], null]',
    "[1, 2.5, 'x', true, null, {a: 1}]",
    'range(1, 300)',
    '{}',
    '{a: {b: {c: [1, {d: null}]}}}',
    '{`__proto__`: 1, constructor: 2, toString: 3, `0`: 4}',
    '{`sp ace`: 1, `\u00e4`: 2, `\u{1F600}`: 3, ``: 4}',
    "date('2024-02-29')",
    "date('-0001-12-31')",
    "date('+12345-01-01')",
    "localtime('23:59:59.999999999')",
    "localtime('00:00')",
    "time('12:00:00.5+05:45')",
    "time('12:00Z')",
    "localdatetime('2024-06-01T12:34:56.000000001')",
    "localdatetime('0001-01-01T00:00')",
    "datetime('2024-06-01T12:00+02:00')",
    "datetime('2024-06-01T12:00Z')",
    "datetime('2024-01-01T12:00:00.123[Europe/Stockholm]')",
    "datetime('1900-01-01T00:00[Europe/Amsterdam]')",
    "datetime({year: 2024, month: 10, day: 27, hour: 2, minute: 30, timezone: 'Europe/Berlin'})",
    "datetime('2024-06-01T12:00[UTC]')",
    "datetime('2024-06-01T12:00[Etc/GMT+3]')",
    "duration('P1Y2M3W4DT5H6M7.89S')",
    "duration('-P1M2DT-0.000000001S')",
    'duration({months: 0})',
    'duration({seconds: -1, nanoseconds: 1})',
    'point({x: 1, y: -2.5})',
    'point({x: 1, y: 2, z: 3})',
    'point({longitude: -180, latitude: 90})',
    'point({longitude: 12.5, latitude: 56.7, height: 100})',
    'elementId(null)',
    "[date('2024-01-01'), {p: point({x: 1, y: 2}), d: duration('P1D')}]",
  ]),
})

export const parametersIn = group('values as parameters', {
  ...parameters([
    ['null', () => null],
    ['undefined', () => undefined],
    ['booleans', () => [true, false]],
    ['a whole number is a float', () => 1],
    ['a fraction', () => 0.1],
    ['-0, NaN and the infinities', () => [-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['the largest and smallest numbers', () => [Number.MAX_VALUE, Number.MIN_VALUE, Number.MAX_SAFE_INTEGER]],
    ['Integers', ({ int, integer }) => [int(0), int(-1), int('9223372036854775807'), integer.toNumber(int(5))]],
    ['Integer.MIN_VALUE and MAX_VALUE', ({ types: { Integer } }) => [Integer.MIN_VALUE, Integer.MAX_VALUE]],
    ['bigints', () => [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)]],
    ['the empty text', () => ''],
    ['text of every width', () => ['a', '\u00e4', '\u20ac', '\u{1F600}', 'x'.repeat(255), 'y'.repeat(65_536)]],
    ['half a surrogate pair', () => '\ud83d'],
    // biome-ignore lint/suspicious/noSparseArray: this is what is tried
    ['a list with a hole', () => [1, , 3]],
    ['a list with undefined', () => [1, undefined, 3]],
    ['nested lists', () => [[], [[1.5, []]], [[[[]]]]]],
    ['a list of 300 and one of 70,000', () => [Array(300).fill('x'), Array(70_000).fill(true).length]],
    ['an empty map', () => ({})],
    ['a map with undefined and null', () => ({ a: undefined, b: null })],
    [
      'odd keys',
      () => ({ '': 'empty', ' ': 'space', '\u{1F600}': 'smile', 0: 'zero', constructor: 'c', toString: 't' }),
    ],
    ['an own __proto__', () => JSON.parse('{"__proto__": "own", "a": 1}')],
    [
      'inherited and hidden properties',
      () => Object.create({ inherited: 1 }, { own: { value: 'x', enumerable: true }, hidden: { value: 'y' } }),
    ],
    [
      'a getter',
      () => ({
        get computed() {
          return 'got'
        },
      }),
    ],
    ['symbol keys', () => ({ [Symbol('s')]: 1, a: 'x' })],
    [
      'an instance of a class',
      () =>
        new (class Person {
          name = 'Alice'
          #secret = 1
          age() {
            return this.#secret
          }
        })(),
    ],
    ['toJSON is not asked', () => ({ toJSON: undefined, a: 'x' })],
    ['a Map', () => new Map([['a', 'x']])],
    ['a Set', () => new Set(['a', 'b'])],
    [
      'a generator',
      () =>
        (function* () {
          yield 'a'
          yield 'b'
        })(),
    ],
    ['bytes as Int8Array', () => Int8Array.of(-128, 0, 127)],
    ['no bytes', () => new Int8Array(0)],
    ['a Float32Array', () => Float32Array.of(1.5, 2)],
    ['a Float64Array', () => Float64Array.of(1.5, Number.NaN)],
    ['an Int32Array', () => Int32Array.of(1, -1)],
    ['a BigInt64Array', () => BigInt64Array.of(1n, -1n)],
    ['a Point', ({ types: { Point }, int }) => [new Point(int(7203), 1, 2), new Point(int(4979), 1, 2, 3)]],
    ['a Point with a number as SRID', ({ types: { Point } }) => new Point(4326, 1.5, 2.5)],
    ['a Point with a bigint as SRID', ({ types: { Point } }) => new Point(9157n as never, 1.5, 2.5, 3.5)],
    ['a Point with a wrong SRID', ({ types: { Point } }) => new Point(1, 1.5, 2.5)],
    ['a Date of the driver', ({ types, int }) => new types.Date(int(2024), int(2), int(29))],
    ['a Date of numbers', ({ types }) => new types.Date(2024, 2, 29)],
    ['a Date of bigints', ({ types }) => new types.Date(2024n as never, 2n as never, 29n as never)],
    ['a Date before year 0', ({ types }) => new types.Date(-44, 3, 15)],
    ['a LocalTime', ({ types: { LocalTime } }) => new LocalTime(23, 59, 59, 999_999_999)],
    ['a Time', ({ types: { Time } }) => new Time(1, 2, 3, 4, -3600)],
    ['a LocalDateTime', ({ types: { LocalDateTime } }) => new LocalDateTime(1969, 12, 31, 23, 59, 59, 1)],
    ['a DateTime with an offset', ({ types: { DateTime } }) => new DateTime(2024, 6, 1, 12, 0, 0, 0, 7200)],
    [
      'a DateTime with a zone',
      ({ types: { DateTime } }) => new DateTime(2024, 6, 1, 12, 0, 0, 0, undefined, 'Europe/Stockholm'),
    ],
    [
      'a DateTime with both',
      ({ types: { DateTime } }) => new DateTime(2024, 10, 27, 2, 30, 0, 0, 3600, 'Europe/Berlin'),
    ],
    [
      'a DateTime whose offset is not that of its zone',
      ({ types: { DateTime } }) => new DateTime(2024, 6, 1, 12, 0, 0, 0, 0, 'Europe/Stockholm'),
    ],
    ['a DateTime from a Date of the language', ({ types: { DateTime } }) => DateTime.fromStandardDate(new Date(0))],
    ['a Duration', ({ types: { Duration } }) => new Duration(1, -2, 3, 999_999_999)],
    [
      'a Duration of bigints',
      ({ types: { Duration } }) => new Duration(1n as never, 2n as never, 3n as never, -4n as never),
    ],
    [
      'temporal values deep inside',
      ({ types: { Duration }, types }) => ({ a: [{ d: new types.Date(2024, 1, 1) }, [new Duration(1, 0, 0, 0)]] }),
    ],
    ['an error with properties', () => Object.assign(new Error('x'), { code: 'A' })],
    ['an Integer made by hand', () => ({ low: 5, high: 0 })],
    ['a Record', ({ types: { Record } }) => new Record(['a'], [1.5])],
  ]),
  'a parameter used twice is sent twice': async ({ session, log }) => {
    const shared = { a: ['x'] }
    const { records } = await session().run('RETURN $a AS a, $b AS b', { a: shared, b: shared })
    log(records)
  },
  'parameters which the query does not use': async ({ session, log }) => {
    const { records, summary } = await session().run('RETURN 1 AS n', { unused: [1, 2] })
    log(records, summary.query)
  },
  'parameters of odd names': async ({ session, log }) => {
    const { records } = await session().run('RETURN $`a b` AS a, $`\u00e4` AS b, $`0` AS c', {
      'a b': 1.5,
      '\u00e4': 2.5,
      0: 3.5,
    })
    log(records)
  },
  'parameters are read when the query is run, not later': async ({ session, log }) => {
    const mutable: { list: unknown[]; text: string } = { list: ['a'], text: 'before' }
    const result = session().run('RETURN $list AS list, $text AS text', mutable)
    mutable.list.push('b')
    mutable.text = 'after'
    const { records, summary } = await result
    log(
      records[0]?.get('text') === 'before' || records[0]?.get('text') === 'after',
      summary.query.parameters === mutable,
    )
  },
  'many parameters': async ({ session, log }) => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`p${i}`, i + 0.5]))
    const { records } = await session().run('RETURN $p0 AS a, $p299 AS z, size(keys($all)) AS n', {
      ...many,
      all: many,
    })
    log(records)
  },
  'a text of two million characters': async ({ session, log }) => {
    const text = 'x\u00e4\u20ac\u{1F600}'.repeat(400_000)
    const { records } = await session().run('RETURN size($text) AS n, $text AS text', { text })
    log(records[0]?.get('n'), records[0]?.get('text') === text)
  },
  'a list of 100,000 maps': async ({ session, log }) => {
    const rows = Array.from({ length: 100_000 }, (_, i) => ({ i, name: `n${i}` }))
    const { records } = await session().run('UNWIND $rows AS row RETURN count(row) AS n, sum(row.i) AS sum', { rows })
    log(records)
  },
  'lists nested 900 deep': async ({ session, log }) => {
    const { records } = await session().run('RETURN $list AS list', { list: nested(900) })
    let depth = 0
    for (let at = records[0]?.get('list'); at.length > 0; at = at[0]) depth++
    log(depth)
  },
  // Not much deeper than our limit: a server with code that is not compiled yet runs out of stack below 1500
  // levels, and closes the connection.
  'depth: lists nested 1010 deep': differs(
    'depth',
    'more than 1000 levels are refused: a stack that is used up cannot be told from an attack',
    unsendable(() => nested(1010)),
    {
      official: ['sent', 'usable'],
      ours: [
        'Neo4jError ProtocolError: Unable to pack the given value: it is nested more than 1000 levels deep (in $v[0].x…)',
        'usable',
      ],
    },
  ),
  ...refusedWithPath(
    ['a function', () => () => 1, 'Unable to pack the given value: ()=>1'],
    [
      'a Node',
      ({ types: { Node } }) => new Node(1, ['A'], {}, '1'),
      'It is not allowed to pass nodes in query parameters, given: (1:A)',
    ],
    [
      'a Relationship',
      ({ types: { Relationship } }) => new Relationship(1, 2, 3, 'T', {}, '1', '2', '3'),
      'It is not allowed to pass relationships in query parameters, given: (2)-[:T]->(3)',
    ],
    [
      'an UnboundRelationship',
      ({ types: { UnboundRelationship } }) => new UnboundRelationship(1, 'T', {}, '1'),
      'It is not allowed to pass unbound relationships in query parameters, given: -[:T]->',
    ],
    [
      'a Path',
      ({ types: { Path, Node } }) => new Path(new Node(1, [], {}, '1'), new Node(1, [], {}, '1'), []),
      'It is not allowed to pass paths in query parameters, given: [object Object]',
    ],
  ),
  'F5: a symbol': differs(
    'F5',
    'the error says what is wrong, and where',
    unsendable(() => Symbol('s')),
    {
      official: ['TypeError: Cannot convert a Symbol value to a string', 'broken'],
      ours: ['Neo4jError ProtocolError: Unable to pack the given value: Symbol(s) (in $v[0].x)', 'usable'],
    },
  ),
  'F5: a boxed number': differs(
    'F5',
    'a boxed primitive stands for the primitive',
    async ({ session, log }) => {
      log((await session().run('RETURN $v AS v', { v: Object(5) })).records[0]?.get('v'))
    },
    { official: [{}], ours: [5] },
  ),
  'F5: a parameter that contains itself': differs(
    'F5',
    'it is refused before anything is sent; the official driver sends until its stack is used up, and loses the connection',
    unsendable(() => {
      const cycle: Record<string, unknown> = {}
      cycle.self = cycle
      return cycle
    }),
    {
      official: ['RangeError: Maximum call stack size exceeded', 'broken'],
      ours: [
        'Neo4jError ProtocolError: Unable to pack the given value: it contains itself (in $v[0].x.self)',
        'usable',
      ],
    },
  ),
  'F5: a getter that throws': differs(
    'F5',
    'nothing has been sent, so that the connection stays good',
    unsendable(() => ({
      get y() {
        throw new TypeError('no y')
      },
    })),
    { official: ['TypeError: no y', 'broken'], ours: ['TypeError: no y', 'usable'] },
  ),
  'F5: a bigint beyond 64 bits': differs(
    'F5',
    'another number than the one given is never sent; the error names the parameter',
    async ({ session, attempt }) => {
      await attempt(async () =>
        (await session().run('RETURN $list[0].n AS n', { list: [{ n: 2n ** 70n }] })).records[0]?.get('n').toString(),
      )
    },
    {
      official: [{ resolves: '0' }],
      ours: [
        {
          rejects: {
            class: 'RangeError',
            isA: [],
            name: 'RangeError',
            message: 'Integer beyond 64 bits: 1180591620717411303424 (in $list[0].n)',
            text: 'RangeError: Integer beyond 64 bits: 1180591620717411303424 (in $list[0].n)',
          },
        },
      ],
    },
  ),
  'F5: a Date of the language': differs(
    'F5',
    'an instant is sent as one, instead of as an empty map',
    async ({ session, log }) => {
      const { records } = await session().run('RETURN $d AS d', { d: new Date(Date.UTC(2024, 1, 29, 12, 30)) })
      log(String(records[0]?.get('d')))
    },
    { official: ['[object Object]'], ours: ['2024-02-29T12:30:00Z'] },
  ),
  'F5: boxed booleans and texts': differs(
    'F5',
    'a boxed primitive stands for the primitive',
    async ({ session, log }) => {
      const { records } = await session().run('RETURN $b AS b, $s AS s', { b: Object(true), s: Object('text') })
      log(records[0]?.get('b'), records[0]?.get('s'))
    },
    { official: [{}, ['t', 'e', 'x', 't']], ours: [true, 'text'] },
  ),
  'F5: Buffer, Uint8Array and ArrayBuffer': differs(
    'F5',
    'bytes are sent as bytes, instead of as lists of floats or an empty map',
    async ({ session, log }) => {
      const { records } = await session().run('RETURN $a AS a, $b AS b, $c AS c', {
        a: Buffer.from([1, 255]),
        b: Uint8Array.of(1, 255),
        c: Uint8Array.of(1, 255).buffer,
      })
      log(records[0]?.toObject())
    },
    {
      official: [{ a: [1, 255], b: [1, 255], c: {} }],
      ours: [
        {
          a: { class: 'Int8Array', items: [1, -1] },
          b: { class: 'Int8Array', items: [1, -1] },
          c: { class: 'Int8Array', items: [1, -1] },
        },
      ],
    },
  ),
  'F7: parameters without a prototype': differs(
    'F7',
    'what has no prototype is a map all the same',
    async ({ session, attempt }) => {
      const parameters = Object.assign(Object.create(null), { a: 'x' })
      await attempt(async () => (await session().run('RETURN $a AS a', parameters)).records[0]?.get('a'))
    },
    {
      official: [
        {
          rejects: {
            class: 'TypeError',
            isA: [],
            name: 'TypeError',
            message: "Cannot read properties of null (reading 'constructor')",
            text: "TypeError: Cannot read properties of null (reading 'constructor')",
          },
        },
      ],
      ours: [{ resolves: 'x' }],
    },
  ),
})

export const vectors = group('vectors, UUIDs and what Bolt 6 brings', {
  ...parameters([
    ['a vector of INT8', ({ vector }) => vector(Int8Array.of(-128, 127))],
    ['a vector of INT16', ({ vector }) => vector(Int16Array.of(-1, 32767))],
    ['a vector of INT32', ({ vector }) => vector(Int32Array.of(-1, 2 ** 31 - 1))],
    ['a vector of INT64', ({ vector }) => vector(BigInt64Array.of(-1n, 2n ** 63n - 1n))],
    ['a vector of FLOAT32', ({ vector }) => vector(Float32Array.of(-1.5, 0.25))],
    ['a vector of FLOAT64', ({ vector }) => vector(Float64Array.of(-1.5, Number.MAX_VALUE))],
    ['a vector of nothing', ({ vector }) => vector(new Float32Array(0))],
    ['a vector of 4096 coordinates', ({ vector }) => vector(new Float32Array(4096).fill(0.5))],
    ['a UUID', ({ uuid }) => uuid('01234567-89ab-cdef-0123-456789abcdef')],
    ['a UUID of bytes', ({ uuid }) => uuid(new Uint8Array(16).fill(255))],
    [
      'dates, points and durations',
      ({ types: { Point, Duration }, types }) => [
        new types.Date(2024, 2, 29),
        new Point(7203, 1, 2),
        new Duration(1, 2, 3, 4),
      ],
    ],
    [
      'a DateTime with a zone',
      ({ types: { DateTime } }) => new DateTime(2024, 6, 1, 12, 0, 0, 0, undefined, 'Asia/Kathmandu'),
    ],
  ]),
  ...named('RETURN', out, [
    "datetime('2024-01-01T12:00:00.123[Europe/Stockholm]')",
    "[1, 'x', {a: date('2024-01-01')}]",
    'range(1, 10)',
  ]),
  'vectors from Cypher': async ({ session, log }) => {
    for (const type of ['INTEGER8', 'INTEGER16', 'INTEGER32', 'INTEGER64', 'FLOAT32', 'FLOAT64']) {
      const { records } = await session().run(`CYPHER 25 RETURN vector([1, 2, 3], 3, ${type}) AS v`)
      const v = records[0]?.get('v')
      log(v, v.getType(), v.asTypedArray(), String(v))
    }
  },
  'errors have causes': async ({ session, attempt }) => {
    await attempt(() => session().run('RETURN 1 / 0'))
    await attempt(() => session().run('RETURN $missing'))
    await attempt(() => session().run('MATCH (n'))
    await attempt(() => session().run("RETURN date('x')"))
  },
  'the server introduces itself': async ({ driver, log }) => {
    log(await driver.getServerInfo(), await driver.getNegotiatedProtocolVersion())
    log(await driver.supportsMultiDb(), await driver.supportsSessionAuth(), await driver.supportsUserImpersonation())
  },
  'F5: a vector over part of a buffer': differs(
    'F5',
    'the part is sent, and not the buffer it is a part of',
    async ({ neo4j, session, log }) => {
      const whole = Float32Array.of(1, 2, 3, 4)
      const { records } = await session().run('RETURN $v AS v', { v: neo4j.vector(whole.subarray(1, 3)) })
      log(Array.from(records[0]?.get('v').asTypedArray() as Float32Array))
    },
    { official: [[1, 2, 3, 4]], ours: [[2, 3]] },
  ),
})

export const graph = group('nodes, relationships and paths', {
  'a node, with everything that can be done with it': async ({ neo4j, session, label, log }) => {
    const { records } = await session().run(
      `CREATE (n:${label} {name: 'a', n: 1, list: [1.5, 2.5], at: date('2024-01-01')}) RETURN n, labels(n) AS l`,
    )
    const node = records[0]?.get('n')
    log(node, neo4j.isNode(node), neo4j.graph.isNode(node), neo4j.isRelationship(node), Object.isFrozen(node.labels))
    log(records[0], typeof node.identity, typeof node.elementId)
  },
  'a node of several labels': async ({ session, label, log }) => {
    const { records } = await session().run(`CREATE (n:${label}:${label}B:${label}C) RETURN n`)
    // They come in the order in which the server has learnt them.
    log(records[0]?.get('n').labels.sort())
  },
  'a node under each setting for integers': async ({ connect, label, log }) => {
    for (const config of [{}, { disableLosslessIntegers: true }, { useBigInt: true }]) {
      const { records } = await connect(config).executeQuery(`CREATE (n:${label} {i: 1})-[r:R {i: 2}]->(n) RETURN n, r`)
      log(records[0])
    }
  },
  'a node without labels and properties': async ({ session, label, log }) => {
    const { records } = await session().run(
      `CREATE (n:${label}) REMOVE n:${label} WITH n, n{.*} AS map DELETE n RETURN n, map`,
    )
    log(records[0]?.get('map'))
  },
  'a deleted node': async ({ session, label, attempt }) => {
    await attempt(async () => (await session().run(`CREATE (n:${label} {a: 1}) DELETE n RETURN n`)).records)
  },
  'a relationship': async ({ neo4j, session, label, log }) => {
    const { records } = await session().run(
      `CREATE (a:${label})-[r:KNOWS {since: 2020, w: 1.5}]->(b:${label}) RETURN a, r, b`,
    )
    const r = records[0]?.get('r')
    log(records[0], neo4j.isRelationship(r), neo4j.isUnboundRelationship(r), neo4j.isPath(r))
  },
  'a path of one node': async ({ neo4j, session, label, log }) => {
    const { records } = await session().run(`CREATE p = (:${label} {a: 1}) RETURN p`)
    log(records[0]?.get('p'), neo4j.isPath(records[0]?.get('p')))
  },
  'a path that is walked against its relationships': async ({ neo4j, session, label, log }) => {
    const { records } = await session().run(
      `CREATE (a:${label} {n: 'a'})-[:R {i: 1}]->(b:${label} {n: 'b'})<-[:S {i: 2}]-(c:${label} {n: 'c'}) WITH a, c MATCH p = (a)-[*2]-(c) RETURN p`,
    )
    const p = records[0]?.get('p')
    log(p, p.segments.map(neo4j.isPathSegment), p.segments[0].end === p.segments[1].start)
  },
  'a path that visits a node twice': async ({ session, label, log }) => {
    const { records } = await session().run(
      `CREATE (a:${label})-[:R]->(b:${label})-[:S]->(a) WITH a MATCH p = (a)-[:R]->()-[:S]->(a) RETURN p, nodes(p) AS n, relationships(p) AS r`,
    )
    log(records[0])
  },
  'nodes within lists and maps': async ({ session, label, log }) => {
    const { records } = await session().run(
      `CREATE (a:${label} {x: 1}), (b:${label}) RETURN [a, [b]] AS list, {a: a, deep: {b: [b]}} AS map`,
    )
    log(records[0])
  },
  'the same node twice in a record is two objects': async ({ session, label, log }) => {
    const { records } = await session().run(`CREATE (a:${label}) RETURN a, a AS b, [a, a] AS c`)
    const record = records[0]
    log(record?.get('a') === record?.get('b'), record?.get('c')[0] === record?.get('c')[1])
  },
  'properties of every type': async ({ session, label, log }) => {
    const { records } = await session().run(
      `CREATE (n:${label} {i: 1, f: 1.5, s: 's', b: true, d: date('2024-01-01'), t: time('12:00Z'), lt: localtime('12:00'), dt: datetime('2024-01-01T00:00Z'),
        ldt: localdatetime('2024-01-01T00:00'), du: duration('P1D'), p: point({x: 1, y: 2}), li: [1, 2], ls: ['a'], bytes: $bytes}) RETURN n`,
      { bytes: Int8Array.of(1, 2) },
    )
    log(records[0]?.get('n').properties)
  },
  'nodes are made by hand, and printed': ({ neo4j, log }) => {
    const { Node, Relationship, UnboundRelationship, PathSegment, Path } = neo4j.types
    const a = new Node(neo4j.int(1), ['A', 'B'], { x: neo4j.int(1), y: 'z' }, 'a1')
    const bare = new Node(2 as never, [], {})
    const r = new Relationship(3, 1, 2, 'R', { x: 1 }, 'r3', 'a1', 'a2')
    const u = new UnboundRelationship(4, 'U', {})
    log(String(a), String(bare), String(r), String(u), JSON.stringify([a, bare, r, u]))
    log(u.bind(neo4j.int(1) as never, neo4j.int(2) as never), u.bindTo(a as never, bare as never))
    const path = new Path(a, bare, [new PathSegment(a, r as never, bare)])
    log(path.length, JSON.stringify(path), String(path), String(path.segments[0]))
  },
  'isX of strangers': ({ neo4j, log }) => {
    const guards = [
      'isNode',
      'isRelationship',
      'isUnboundRelationship',
      'isPath',
      'isPathSegment',
      'isPoint',
      'isDuration',
      'isDate',
      'isTime',
      'isLocalTime',
      'isDateTime',
      'isLocalDateTime',
      'isInt',
      'isVector',
      'isUUID',
      'isUnsupportedType',
    ] as const
    const strangers = [
      null,
      undefined,
      0,
      '',
      {},
      [],
      new Date(0),
      { __isNode__: true },
      { __isInteger__: true },
      Object.create(null),
    ]
    for (const guard of guards)
      log(guard, ...strangers.map((value) => (neo4j[guard] as (value: unknown) => boolean)(value)))
  },
})
