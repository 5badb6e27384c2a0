import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RecordObjectMapping, type Rule } from '../../../lib/index.js'
import { checkedQuery } from '../../../lib/query/query.js'
import { bothGive, bothThrow, type Driver, ours, same, theirs } from '../both-drivers.js'
import { core } from '../official.js'

/** A value of each kind. */
const VALUES: { [name: string]: (d: Driver) => unknown } = {
  undefined: () => undefined,
  null: () => null,
  boolean: () => true,
  string: () => 'text',
  whole: () => 7,
  decimal: () => 7.5,
  NaN: () => Number.NaN,
  bigint: () => 7n,
  Integer: (d) => d.int(7),
  'big Integer': (d) => d.int('9007199254740993'),
  list: () => [1, 2],
  'list of text': () => ['a', null],
  map: () => ({ a: 1 }),
  function: () => Math.abs,
  Node: (d) => new d.Node(d.int(1), ['L'], { a: 1 }),
  Relationship: (d) => new d.Relationship(d.int(1), d.int(2), d.int(3), 'T', {}),
  UnboundRelationship: (d) => new d.UnboundRelationship(d.int(1), 'T', {}),
  Path: (d) => {
    const node = new d.Node(d.int(1), [], {})
    return new d.Path(node, node, [])
  },
  Point: (d) => new d.Point(d.int(4326), 1, 2),
  Duration: (d) => new d.Duration(1, 2, 3, 4),
  LocalTime: (d) => new d.LocalTime(1, 2, 3, 4),
  Time: (d) => new d.Time(1, 2, 3, 4, 3600),
  Date: (d) => new d.Date(2024, 2, 29),
  LocalDateTime: (d) => new d.LocalDateTime(2024, 2, 29, 1, 2, 3, 4_000_000),
  DateTime: (d) => new d.DateTime(2024, 2, 29, 1, 2, 3, 4_000_000, 3600),
  'Date of JavaScript': () => new globalThis.Date(1_700_000_000_123),
  Vector: (d) => d.vector(Int8Array.of(1, 2, 3)),
  'Vector of floats': (d) => d.vector(Float32Array.of(1, 2)),
  UUID: (d) => d.uuid('00112233-4455-6677-8899-aabbccddeeff'),
}

/** Every function of `rule` with every option. */
const RULES: { [name: string]: (d: Driver) => Rule } = {
  asBoolean: (d) => d.rule.asBoolean(),
  asString: (d) => d.rule.asString(),
  asNumber: (d) => d.rule.asNumber(),
  'asNumber isInteger': (d) => d.rule.asNumber({ isInteger: true }),
  'asNumber not isInteger': (d) => d.rule.asNumber({ isInteger: false }),
  asBigInt: (d) => d.rule.asBigInt(),
  'asBigInt acceptNumber': (d) => d.rule.asBigInt({ acceptNumber: true }),
  asInteger: (d) => d.rule.asInteger(),
  'asInteger acceptNumber': (d) => d.rule.asInteger({ acceptNumber: true }),
  asNode: (d) => d.rule.asNode(),
  asRelationship: (d) => d.rule.asRelationship(),
  asPath: (d) => d.rule.asPath(),
  asPoint: (d) => d.rule.asPoint(),
  asDuration: (d) => d.rule.asDuration(),
  'asDuration stringify': (d) => d.rule.asDuration({ stringify: true }),
  asLocalTime: (d) => d.rule.asLocalTime(),
  'asLocalTime stringify': (d) => d.rule.asLocalTime({ stringify: true }),
  asTime: (d) => d.rule.asTime(),
  'asTime stringify': (d) => d.rule.asTime({ stringify: true }),
  asDate: (d) => d.rule.asDate(),
  'asDate stringify': (d) => d.rule.asDate({ stringify: true }),
  'asDate jsNativeDate': (d) => d.rule.asDate({ jsNativeDate: true }),
  'asDate neither': (d) => d.rule.asDate({ stringify: false, jsNativeDate: false }),
  asLocalDateTime: (d) => d.rule.asLocalDateTime(),
  'asLocalDateTime stringify': (d) => d.rule.asLocalDateTime({ stringify: true }),
  'asLocalDateTime jsNativeDate': (d) => d.rule.asLocalDateTime({ jsNativeDate: true }),
  asDateTime: (d) => d.rule.asDateTime(),
  'asDateTime stringify': (d) => d.rule.asDateTime({ stringify: true }),
  'asDateTime jsNativeDate': (d) => d.rule.asDateTime({ jsNativeDate: true }),
  asList: (d) => d.rule.asList(),
  'asList of numbers': (d) => d.rule.asList({ apply: d.rule.asNumber() }),
  'asList of optional text': (d) => d.rule.asList({ apply: d.rule.asString({ optional: true }) }),
  'asList of anything, changed': (d) => d.rule.asList({ apply: { convert: (value, field) => [field, value] } }),
  asVector: (d) => d.rule.asVector(),
  'asVector asTypedList': (d) => d.rule.asVector({ asTypedList: true }),
  'asVector of two': (d) => d.rule.asVector({ dimension: 2 }),
  'asVector of INT8': (d) => d.rule.asVector({ type: 'INT8' }),
  asUUID: (d) => d.rule.asUUID(),
  'asUUID stringify': (d) => d.rule.asUUID({ stringify: true }),
  'asObject of rules': (d) => d.rule.asObject({ a: d.rule.asNumber() }),
  'asObject of optional rules': (d) => d.rule.asObject({ a: { optional: true } }),
}

/** Parameters for the rules with a conversion, besides VALUES. */
const TEXTS: string[] = [
  'P1Y2M3DT4H5M6.7S',
  '01:02:03.000000004',
  '01:02:03+01:00',
  '2024-02-29',
  '2024-02-29T01:02:03.004',
  '2024-02-29T01:02:03.004+01:00',
  '00112233-4455-6677-8899-aabbccddeeff',
  'nothing of these',
]

const cleaned = {
  ours: (parameters: object, rules: { [key: string]: Rule }) => checkedQuery('Q', parameters, rules).parameters,
  theirs: (parameters: object, rules: object) =>
    core.internal.util.validateQueryAndParameters('Q', parameters, { parameterRules: rules } as object).params,
}

function parameter(d: Driver, rule: Rule, value: unknown): unknown {
  return (d === ours ? cleaned.ours : cleaned.theirs)({ p: value }, { p: rule })
}

describe('rule', () => {
  it('has the functions of the official one, in their order', () => {
    assert.deepEqual(Object.keys(ours.rule), Object.keys(theirs.rule))
    assert.ok(Object.isFrozen(ours.rule))
  })

  for (const [name, make] of Object.entries(RULES)) {
    it(`${name} takes and refuses what the official one does, in records`, () => {
      for (const [kind, value] of Object.entries(VALUES)) {
        same((d) => new d.Record(['p'], [value(d)]).as({ p: make(d) }), `${name} of ${kind}`)
        same((d) => new d.Record(['p'], [value(d)]).as({ p: { ...make(d), optional: true } }), `${name} of ${kind}?`)
      }
    })

    it(`${name} takes and refuses what the official one does, as a parameter`, () => {
      for (const [kind, value] of Object.entries(VALUES)) {
        // The errors of parsers for anything but text belong to the parsers, and not to mapping.
        if (name.endsWith('stringify') || name.endsWith('jsNativeDate') || name.endsWith('asTypedList')) continue
        same((d) => parameter(d, make(d), value(d)), `${name} of ${kind}`)
        same((d) => parameter(d, { ...make(d), optional: true }, value(d)), `${name} of ${kind}?`)
      }
      if (name.endsWith('stringify'))
        for (const text of TEXTS) same((d) => parameter(d, make(d), text), `${name} of ${text}`)
      if (name.endsWith('jsNativeDate')) same((d) => parameter(d, make(d), new globalThis.Date(2024, 1, 29, 12)), name)
      if (name.endsWith('asTypedList')) same((d) => parameter(d, make(d), Int8Array.of(1, 2)), name)
    })

    it(`${name} has the fields of the official one`, () => {
      // The official driver has the functions of `rule` in the rules of asObject, by mistake.
      const fields = (d: Driver) => Object.keys(make(d)).filter((key) => !(key in d.rule))
      assert.deepEqual(fields(ours), fields(theirs))
    })
  }

  it('says what is wrong with a value, by the official text', () => {
    const record = (d: Driver) => new d.Record(['age'], ['12'])
    class Person {
      age = 0
    }
    bothThrow(
      (d) => record(d).as({ age: d.rule.asNumber() }),
      'TypeError',
      'Object#age should be a number but received string',
    )
    bothThrow(
      (d) => record(d).as(Person, { age: d.rule.asInteger() }),
      'TypeError',
      'Person#age should be an Integer but received string',
    )
    bothThrow(
      (d) => new d.Record(['l'], [['a', 1]]).as({ l: d.rule.asList({ apply: d.rule.asString() }) }),
      'TypeError',
      'Object#l[1] should be a string but received number',
    )
    bothThrow(
      (d) => new d.Record(['o'], [{ a: 1 }]).as({ o: d.rule.asObject({ b: d.rule.asString() }) }),
      'Neo4jError',
      'Mapped object did not include required field Object#o with key b.',
    )
  })

  it('gives way to what it is given', () => {
    const seen: unknown[] = []
    const own: Rule = {
      validate: (value, field) => seen.push('validate', value, field),
      convert: (value, field) => [value, field],
      from: 'other',
    }
    for (const [name, make] of Object.entries(ours.rule)) {
      if (name === 'asObject') continue
      seen.length = 0
      const rule = (make as (rule: Rule) => Rule)(own)
      assert.deepEqual(new ours.Record(['other'], [1]).as({ p: rule }), { p: [1, 'Object#p'] }, name)
      assert.deepEqual(seen, ['validate', 1, 'Object#p'], name)
    }
  })

  it('checks the elements of a list as often as the official one does', () => {
    bothGive(
      (d) => {
        const fields: string[] = []
        const apply: Rule = { validate: (_, field) => void fields.push(field) }
        new d.Record(['l'], [[1, 2]]).as({ l: d.rule.asList({ apply }) })
        return fields
      },
      ['Object#l[0]', 'Object#l[1]', 'Object#l[0]', 'Object#l[1]'],
    )
  })

  for (const name of [
    'asDuration',
    'asLocalTime',
    'asTime',
    'asDate',
    'asLocalDateTime',
    'asDateTime',
    'asVector',
    'asUUID',
  ]) {
    it(`${name} refuses an option which converts beside a conversion`, () => {
      const make = (d: Driver, options: object): unknown =>
        (d.rule as unknown as { [name: string]: (o: object) => Rule })[name](options)
      for (const option of ['stringify', 'jsNativeDate', 'asTypedList']) {
        for (const value of [true, false, undefined]) {
          for (const conversion of ['convert', 'parameterConversion']) {
            same(
              (d) => Object.keys(make(d, { [option]: value, [conversion]: String }) as Rule),
              `${name} ${option} ${value}`,
            )
          }
        }
      }
      same((d) => Object.keys(make(d, { stringify: true, jsNativeDate: true }) as Rule))
    })
  }

  it('refuses both ways to convert a date at once', () => {
    bothThrow(
      (d) => d.rule.asDate({ stringify: true, jsNativeDate: true }),
      'Neo4jError',
      'both stringify and jsNativeDate cannot be set; use one or neither',
    )
    bothThrow(
      (d) => d.rule.asUUID({ stringify: true, convert: String }),
      'Neo4jError',
      'Provided rule already has convert and/or parameterConversion function, stringify can not be used in combination with custom conversion functions.',
    )
  })
})

describe('rule.asObject', () => {
  class Address {
    street = 'none'
    city?: string
    get text(): string {
      return `${this.street}, ${this.city}`
    }
  }
  const value = { address: { street: 'Main', city: 'York', zip: 1 } }
  const record = (d: Driver) => new d.Record(['address'], [value.address])
  const rules = (d: Driver) => ({ street: d.rule.asString(), city: d.rule.asString({ optional: true }) })

  it('makes plain objects, which have what the rules name', () => {
    bothGive((d) => record(d).as({ address: d.rule.asObject(rules(d)) }), { address: { street: 'Main', city: 'York' } })
  })

  it('makes instances of a class', () => {
    bothGive(
      (d) => record(d).as<{ address: Address }>({ address: d.rule.asObject(Address, rules(d)) }).address.text,
      'Main, York',
    )
  })

  it('takes the rules which are registered when it is called, and no later ones', () => {
    for (const { RecordObjectMapping } of [ours, theirs]) RecordObjectMapping.clearMappingRegistry()
    bothGive((d) => record(d).as({ address: d.rule.asObject(Address) }), { address: new Address() })
    bothGive(
      (d) => {
        const early = d.rule.asObject(Address)
        d.RecordObjectMapping.register(Address, { city: d.rule.asString({ from: 'street' }) })
        const late = d.rule.asObject(Address)
        d.RecordObjectMapping.clearMappingRegistry()
        return [early, late].map((address) => record(d).as<{ address: Address }>({ address }).address.city)
      },
      [undefined, 'Main'],
    )
  })

  it('goes down any number of levels, both ways, and translates names on each', () => {
    const deep = (d: Driver) => ({
      outer: d.rule.asObject({
        innerPart: d.rule.asObject({ theDate: d.rule.asDate({ stringify: true }) }),
        other: { from: 'x' },
      }),
    })
    for (const { RecordObjectMapping } of [ours, theirs]) {
      RecordObjectMapping.translateIdentifiers(RecordObjectMapping.getCaseTranslator('snake_case', 'camelCase'))
    }
    try {
      const mapped = { outer: { innerPart: { theDate: '2024-02-29' }, other: 1 } }
      bothGive((d) => {
        const raw = { inner_part: { the_date: new d.Date(2024, 2, 29) }, x: 1 }
        return new d.Record(['outer'], [raw]).as(deep(d))
      }, mapped)
      same((d) => (d === ours ? cleaned.ours : cleaned.theirs)(mapped, deep(d)))
      bothThrow(
        (d) => new d.Record(['outer'], [{ inner_part: { the_date: 1 }, x: 1 }]).as(deep(d)),
        'TypeError',
        'Object#outer[innerPart][theDate] should be a Date but received number',
      )
    } finally {
      for (const { RecordObjectMapping } of [ours, theirs]) RecordObjectMapping.translateIdentifiers((name) => name)
    }
  })

  it('does not have the functions of `rule` in it, which are there by mistake in the official one', () => {
    assert.deepEqual(Object.keys(ours.rule.asObject({})), ['validate', 'convert', 'parameterConversion'])
    assert.ok('asObject' in theirs.rule.asObject({}))
  })

  it('is the same object by name and on the default object', () => {
    assert.equal(RecordObjectMapping, ours.RecordObjectMapping)
  })
})
