import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Point } from '../../../lib/types/index.js'
import { ours, same, theirs, type Values } from '../compare.js'

const PROPERTIES = {
  name: 'Ann "A."',
  age: 5n,
  list: [1, null, { a: 1 }],
  none: null,
  missing: undefined,
  date: '2020',
}

type Graph = ReturnType<typeof graph>

function graph(d: Values) {
  const ann = new d.Node(d.int(1), ['Person', 'Admin'], { ...PROPERTIES, id: d.int(7) }, '4:a:1')
  const bob = new d.Node(d.int(2), [], {}, '4:a:2')
  const knows = new d.Relationship(d.int(9), d.int(1), d.int(2), 'KNOWS', { since: 2020 }, '5:a:9', '4:a:1', '4:a:2')
  const segment = new d.PathSegment(ann, knows, bob)
  return {
    ann,
    bob,
    old: new d.Node(d.int(-3), ['Old'], {}),
    oldNull: new d.Node(3 as never, ['Old'], {}, null as unknown as string),
    empty: new d.Node(3n as never, ['Old'], {}, ''),
    knows,
    oldKnows: new d.Relationship(d.int(9), d.int(1), d.int(2), 'KNOWS', {}),
    unbound: new d.UnboundRelationship(d.int(9), 'KNOWS', { since: 2020 }, '5:a:9'),
    oldUnbound: new d.UnboundRelationship(d.int(9), 'KNOWS', {}),
    bound: new d.UnboundRelationship(d.int(9), 'KNOWS', { a: 1 }, 'x').bind(d.int(1), d.int(2)),
    boundTo: new d.UnboundRelationship(d.int(9), 'KNOWS', { a: 1 }, 'x').bindTo(ann, bob),
    segment,
    path: new d.Path(ann, bob, [segment]),
    lonely: new d.Path(ann, ann, []),
  }
}

describe('graph values', () => {
  for (const name of Object.keys(graph(ours)) as Array<keyof Graph>) {
    it(`have the properties and texts of the official ones: ${name}`, () => {
      same((driver) => graph(driver)[name])
    })
  }

  it('need an identity or an element id', () => {
    same((driver) => new driver.Node(undefined as never, [], {}))
    same((driver) => new driver.Relationship(driver.int(1), null as never, null as never, 'X', {}))
  })

  it('say what they are, across copies of the driver', () => {
    const tests = ['isNode', 'isRelationship', 'isUnboundRelationship', 'isPathSegment', 'isPath'] as const
    for (const maker of [ours, theirs]) {
      const made = graph(maker)
      const samples = { isNode: made.ann, isRelationship: made.knows, isUnboundRelationship: made.unbound }
      const all = { ...samples, isPathSegment: made.segment, isPath: made.path }
      for (const asked of [ours, theirs]) {
        for (const test of tests) {
          const is: (value: unknown) => boolean = asked[test]
          for (const [name, value] of Object.entries(all)) assert.equal(is(value), test === name)
          for (const other of [null, undefined, {}, 5]) assert.equal(is(other), false)
        }
      }
    }
  })
})

describe('Point', () => {
  it('has the properties and texts of the official one', () => {
    const numbers = [0, -0, 1, 1.5, -2.25, Number.NaN, Infinity, 1e21]
    for (const x of numbers) {
      for (const z of [undefined, null, ...numbers]) {
        same((d) => new d.Point(d.int(7203), x, 2, z as number))
        same((d) => new d.Point(4326, 1, x, z as number))
        same((d) => new d.Point(4979n, x, x, z as number))
      }
    }
  })

  it('checks its arguments with the official texts', () => {
    for (const bad of [undefined, null, '1', 5n, {}, []]) {
      same((d) => new d.Point(bad as number, 1, 2))
      same((d) => new d.Point(1, bad as number, 2))
      same((d) => new d.Point(1, 2, bad as number))
      same((d) => new d.Point(1, 2, 3, bad as number))
    }
  })

  it('is the same without checks', () => {
    assert.deepEqual(Point.unchecked(1, 2, 3), new Point(1, 2, 3))
    assert.deepEqual(Object.keys(Point.unchecked(1, 2, 3, 4)), ['srid', 'x', 'y', 'z'])
    assert.ok(Object.isFrozen(Point.unchecked(1, 2, 3)))
  })
})

describe('Vector', () => {
  const arrays = [
    Int8Array.of(1, -2),
    Int16Array.of(1, -2),
    Int32Array.of(1, -2),
    BigInt64Array.of(1n, -2n),
    Float32Array.of(1, -2.5, Number.NaN, Infinity),
    Float64Array.of(1, -2.5),
    new Float64Array(0),
  ]

  it('has the properties and texts of the official one', () => {
    for (const array of arrays) {
      same((d) => new d.Vector(array))
      same((d) => d.vector(array))
      same((d) => [d.vector(array).getType(), d.vector(array).asTypedArray() === array, d.isVector(d.vector(array))])
    }
  })

  it('refuses anything else with the official texts', () => {
    for (const bad of [
      undefined,
      null,
      [1],
      Uint8Array.of(1),
      new ArrayBuffer(8),
      'x',
      Object.create(null),
      Buffer.of(1),
    ]) {
      same((d) => new d.Vector(bad as Int8Array))
      same((d) => d.vector(bad as Int8Array))
    }
  })
})

describe('UUID', () => {
  const text = '550e8400-e29b-41d4-a716-446655440000'

  it('has the properties and texts of the official one', () => {
    same((d) => d.uuid(text))
    same((d) => d.uuid(text.replaceAll('-', '').toUpperCase()))
    same((d) => d.UUID.fromString(text))
    same((d) => d.uuid(Uint8Array.from({ length: 16 }, (_, i) => i)).getTypedArray())
    same((d) => d.uuid(new Uint8Array(32).subarray(8, 24).fill(7)))
    assert.equal(ours.uuid(text).toString(), text)
  })

  it('refuses anything else with the official texts', () => {
    const bad = [
      '',
      'x',
      `${text}0`,
      text.slice(1),
      text.replace('-', ''),
      ` ${text}`,
      `${text}\n`,
      5,
      null,
      undefined,
      {},
    ]
    for (const value of [...bad, new Uint8Array(15), new Uint8Array(17), Object.create(null), [1]]) {
      same((d) => d.uuid(value as string))
    }
    same((d) => new d.UUID(new Uint8Array(3)))
  })
})

describe('UnsupportedType', () => {
  it('has the properties and texts of the official one', () => {
    same((d) => new d.UnsupportedType('QUATERNION', 6, 2, 'wait for it'))
    same((d) => new d.UnsupportedType('QUATERNION', 6, 2, undefined))
    same((d) => [d.isUnsupportedType(new d.UnsupportedType('X', 6, 2, undefined)), d.isUnsupportedType({})])
  })
})
