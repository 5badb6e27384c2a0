// biome-ignore-all lint/suspicious/noExplicitAny: the types of the decorators
import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { Rules } from '../../../lib/index.js'
import { checkedQuery } from '../../../lib/query/query.js'
import { bothThrow, type Driver, ours, same, theirs } from '../both-drivers.js'

type Decorators = typeof ours.mappingDecorators

/** What decorators, applied from the last to the first, leave for one property. */
function left(
  d: Driver,
  decorate: (decorators: Decorators) => ((_: any, context: any) => void)[],
  inherited = {},
): Rules {
  const metadata: Rules = Object.create(inherited)
  for (const decorator of decorate(d.mappingDecorators).reverse()) decorator(undefined, { name: 'p', metadata })
  return metadata
}

const EACH: { [name: string]: (d: Decorators) => ((_: any, context: any) => void)[] } = {
  booleanProperty: (d) => [d.booleanProperty()],
  stringProperty: (d) => [d.stringProperty({ optional: true, from: 'q' })],
  numberProperty: (d) => [d.numberProperty({ isInteger: true })],
  bigIntProperty: (d) => [d.bigIntProperty({ acceptNumber: true })],
  integerProperty: (d) => [d.integerProperty({ acceptNumber: true })],
  nodeProperty: (d) => [d.nodeProperty()],
  relationshipProperty: (d) => [d.relationshipProperty()],
  pathProperty: (d) => [d.pathProperty()],
  pointProperty: (d) => [d.pointProperty()],
  durationProperty: (d) => [d.durationProperty({ stringify: true })],
  localTimeProperty: (d) => [d.localTimeProperty({ stringify: true })],
  timeProperty: (d) => [d.timeProperty({ stringify: true })],
  dateProperty: (d) => [d.dateProperty({ jsNativeDate: true })],
  localDateTimeProperty: (d) => [d.localDateTimeProperty({ jsNativeDate: true })],
  dateTimeProperty: (d) => [d.dateTimeProperty({ stringify: true })],
  listProperty: (d) => [d.listProperty()],
  'listProperty with a rule': (d) => [d.listProperty({ apply: { optional: true } })],
  'listProperty above a type': (d) => [d.listProperty({ optional: true }), d.stringProperty()],
  vectorProperty: (d) => [d.vectorProperty({ asTypedList: true, dimension: 2, type: 'INT8' })],
  uuidProperty: (d) => [d.uuidProperty({ stringify: true })],
  objectProperty: (d) => [d.objectProperty({ a: {} })],
  optionalProperty: (d) => [d.optionalProperty(), d.stringProperty()],
  'optionalProperty below': (d) => [d.stringProperty(), d.optionalProperty()],
  'optionalProperty against the rule': (d) => [d.optionalProperty(), d.stringProperty({ optional: false })],
  mapPropertyFromName: (d) => [d.mapPropertyFromName('q'), d.stringProperty()],
  convertPropertyToType: (d) => [d.convertPropertyToType(Object), d.nodeProperty()],
}

/** A rule without its functions, of which only their presence is shown. */
function described(value: unknown, d: Driver): unknown {
  if (typeof value === 'function') return 'function'
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => !(key in d.rule))
  return entries.map(([key, item]) => [key, described(item, d)])
}

describe('mappingDecorators', () => {
  it('has the functions of the official one, in their order', () => {
    assert.deepEqual(Object.keys(ours.mappingDecorators), Object.keys(theirs.mappingDecorators))
  })

  for (const [name, decorate] of Object.entries(EACH)) {
    it(`${name} leaves the rule of the official one`, () => {
      assert.deepEqual(described(left(ours, decorate), ours), described(left(theirs, decorate), theirs))
      const inherited = { p: { from: 'inherited', optional: true } }
      const both = [ours, theirs].map((d) => described(left(d, decorate, inherited), d))
      assert.deepEqual(both[0], both[1])
    })

    it(`${name} fails without metadata as the official one does`, () => {
      same((d) => decorate(d.mappingDecorators).reverse()[0](undefined, { name: 'p', metadata: undefined }))
    })
  }

  it('tells of the missing metadata by a TypeError', () => {
    bothThrow(
      (d) => d.mappingDecorators.stringProperty()(undefined, { name: 'p' }),
      'TypeError',
      "Cannot set properties of undefined (setting 'p')",
    )
  })
})

/** Decorated classes, for either driver. */
function classes(d: Driver) {
  const {
    mappedClass,
    stringProperty,
    numberProperty,
    optionalProperty,
    mapPropertyFromName,
    listProperty,
    convertPropertyToType,
    nodeProperty,
  } = d.mappingDecorators

  @mappedClass()
  class Person {
    @stringProperty() name!: string
    @optionalProperty() @numberProperty({ isInteger: true }) born?: number
  }

  @mappedClass()
  class Actor extends Person {
    @mapPropertyFromName('parts') @listProperty() @stringProperty() roles!: string[]
    @optionalProperty() @convertPropertyToType(Person) @nodeProperty() friend?: Person
  }
  return { Person, Actor }
}

describe('decorated classes', () => {
  after(() => {
    for (const { RecordObjectMapping } of [ours, theirs]) RecordObjectMapping.clearMappingRegistry()
  })

  it('have their rules registered', () => {
    same((d) => {
      const { Person } = classes(d)
      return new d.Record(['name', 'born'], ['Alice', d.int(1985)]).as(Person)
    })
    same((d) => new d.Record(['name'], [1]).as(classes(d).Person))
  })

  it('inherit rules, and convert what is in them', () => {
    same((d) => {
      const { Actor } = classes(d)
      const friend = new d.Node(d.int(1), [], { name: 'Bob' })
      return new d.Record(['name', 'parts', 'friend'], ['Alice', ['x', 'y'], friend]).as(Actor)
    })
    same((d) => new d.Record(['name', 'parts'], ['Alice', ['x', 1]]).as(classes(d).Actor))
    same((d) => new d.Record(['name', 'parts'], [1, ['x']]).as(classes(d).Actor))
  })

  it('have their instances mapped to parameters, with inherited rules', () => {
    const { Actor } = classes(ours)
    const actor = Object.assign(new Actor(), { name: 'Alice', roles: ['x'], born: 1985 })
    const { parameters } = checkedQuery('Q', actor)
    assert.deepEqual(parameters, { parts: ['x'], friend: undefined, name: 'Alice', born: ours.int(1985) })
    assert.throws(() => checkedQuery('Q', new Actor()), /required parameter with key roles/)
  })
})
