import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lookupOf, Record } from '../../../lib/result/record.js'
import { exactSnapshot } from '../../support/snapshot.js'
import { members, official, thrown } from '../official.js'

const ours = Record as unknown as typeof official.Record
type RecordClass = typeof official.Record
type AnyRecord = InstanceType<RecordClass>

/** What both drivers answer; fails when they differ. */
function same<T>(ask: (type: RecordClass) => T): T {
  const mine = ask(ours)
  assert.deepEqual(exactSnapshot(mine), exactSnapshot(ask(official.Record)))
  return mine
}

describe('Record', () => {
  const make = (type: RecordClass) => new type(['name', 'age'], ['Alice', 42])

  it('has the own properties, order and JSON of the official one', () => {
    same(make)
    assert.equal(JSON.stringify(make(ours)), JSON.stringify(make(official.Record)))
  })

  it('has the members of the official one', () => {
    assert.deepEqual(members(Record), members(official.Record))
  })

  it('gives values by key and by index', () => {
    assert.equal(
      same((type) => make(type).get('name')),
      'Alice',
    )
    assert.equal(
      same((type) => make(type).get(1)),
      42,
    )
  })

  it('gives the last value of columns with one name', () => {
    const twice = (type: RecordClass) => new type(['a', 'a'], [1, 2])
    assert.equal(
      same((type) => twice(type).get('a')),
      2,
    )
    assert.deepEqual(
      same((type) => twice(type).toObject()),
      { a: 2 },
    )
  })

  for (const key of ['zz', '', 'toString', '__proto__', 2, -1]) {
    it(`refuses the field ${JSON.stringify(key)} with the official text`, () => {
      const ask = (type: RecordClass) => thrown(() => make(type).get(key as string))
      assert.deepEqual(ask(ours), ask(official.Record))
    })
  }

  it('knows which fields it has', () => {
    for (const key of ['name', 'zz', 'toString', 0, 1, 2, -1]) same((type) => make(type).has(key))
  })

  it('visits value, key and record in order', () => {
    const visit = (type: RecordClass) => {
      const seen: unknown[] = []
      const record: AnyRecord = make(type)
      record.forEach((value, key, self) => {
        seen.push([value, key, self === record])
      })
      return [seen, record.map((value, key, self) => [value, key, self === record])]
    }
    assert.deepEqual(same(visit)[0], [
      ['Alice', 'name', true],
      [42, 'age', true],
    ])
  })

  it('iterates entries, values and itself', () => {
    same((type) => [...make(type).entries()])
    same((type) => [...make(type).values()])
    assert.deepEqual(
      same((type) => [...make(type)]),
      ['Alice', 42],
    )
  })

  it('iterates as many values as it has keys', () => {
    assert.deepEqual(
      same((type) => [...new type(['a', 'b'], [1])]),
      [1, undefined],
    )
    assert.deepEqual(
      same((type) => [...new type(['a'], [1, 2]).entries()]),
      [['a', 1]],
    )
  })

  it('becomes a plain object', () => {
    assert.deepEqual(
      same((type) => make(type).toObject()),
      { name: 'Alice', age: 42 },
    )
  })

  it('becomes an object with a column named __proto__, which the official driver drops', () => {
    const object = new Record(['__proto__', 'a'], [{ evil: true }, 1]).toObject()
    assert.equal(Object.getPrototypeOf(object), Object.prototype)
    assert.deepEqual(Object.keys(object), ['__proto__', 'a'])
    assert.deepEqual(Object.keys(new official.Record(['__proto__', 'a'], [{ evil: true }, 1]).toObject()), ['a'])
  })

  it('shares keys and lookup with the other records of its result', () => {
    const keys = ['a', '__proto__']
    const lookup = lookupOf(keys)
    const records = [new Record(keys, [1, 2], lookup), new Record(keys, [3, 4], lookup)]
    assert.equal(records[0].keys, records[1].keys)
    assert.equal(records[1].get('__proto__'), 4)
    assert.equal(Object.getPrototypeOf(lookup), null)
  })
})
