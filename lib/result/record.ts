// biome-ignore-all lint/suspicious/noExplicitAny: the values of a record have whatever type the user expects of them
/** Records: the rows of a result. */

import { newError } from '../error/neo4j-error.js'
import { as, type GenericConstructor, type Rules } from '../mapping/mapping.js'

/** The content of a record: keys and the types of their values. */
export type RecordShape<Key extends PropertyKey = PropertyKey, Value = any> = {
  [K in Key]: Value
}

/** Called with each field of a record, for its effect. */
export type Visitor<Entries extends RecordShape = RecordShape, Key extends keyof Entries = keyof Entries> = MapVisitor<
  void,
  Entries,
  Key
>

/** Called with each field of a record, for its return value. */
export type MapVisitor<
  ReturnType,
  Entries extends RecordShape = RecordShape,
  Key extends keyof Entries = keyof Entries,
> = (value: Entries[Key], key: Key, record: Record<Entries>) => ReturnType

/**
 * One row of a result: an ordered list of values with their keys.
 *
 * @example
 * const { records } = await driver.executeQuery('RETURN "Alice" AS name, 42 AS age')
 * records[0].get('name') // 'Alice'
 * records[0].get(1)      // Integer { low: 42, high: 0 }
 */
export class Record<
  Entries extends RecordShape = RecordShape,
  Key extends keyof Entries = keyof Entries,
  FieldLookup extends RecordShape<keyof Entries, number> = RecordShape<keyof Entries, number>,
> {
  /** The keys in the order of the query's RETURN. One array for all records of a result. */
  declare keys: Key[]
  /** How many keys there are. */
  declare length: number
  declare private readonly _fields: any[]
  declare private readonly _fieldLookup: FieldLookup

  /**
   * @param keys in the order of the fields
   * @param fields the values
   * @param fieldLookup index of each key. Default: made from the keys
   */
  constructor(keys: Key[], fields: any[], fieldLookup?: FieldLookup) {
    this.keys = keys
    this.length = keys.length
    this._fields = fields
    this._fieldLookup = fieldLookup ?? (lookupOf(keys) as FieldLookup)
  }

  /** Calls the visitor with value, key and this record for each field, in order. */
  forEach(visitor: Visitor<Entries, Key>): void {
    const { keys, _fields: fields } = this
    for (let i = 0; i < keys.length; i++) visitor(fields[i], keys[i], this as unknown as Record<Entries>)
  }

  /** The visitor's return values for value, key and this record of each field, in order. */
  map<Value>(visitor: MapVisitor<Value, Entries, Key>): Value[] {
    const { keys, _fields: fields } = this
    const values: Value[] = []
    for (let i = 0; i < keys.length; i++) values.push(visitor(fields[i], keys[i], this as unknown as Record<Entries>))
    return values
  }

  /** The pairs of key and value, in order. */
  *entries(): IterableIterator<[string, any]> {
    const { keys, _fields: fields } = this
    for (let i = 0; i < keys.length; i++) yield [keys[i] as string, fields[i]]
  }

  /** The values, in order. */
  *values(): IterableIterator<any> {
    const { keys, _fields: fields } = this
    for (let i = 0; i < keys.length; i++) yield fields[i]
  }

  /** The values, in order. */
  [Symbol.iterator](): IterableIterator<any> {
    return this.values()
  }

  /** A new plain object with the record's keys and values. If columns share a name, the last one counts. */
  toObject(): Entries {
    const { keys, _fields: fields } = this
    const object = {} as Entries
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]
      // Assigned, this one key would set the prototype.
      if (key === '__proto__') Object.defineProperty(object, key, { value: fields[i], ...PLAIN })
      else object[key] = fields[i]
    }
    return object
  }

  /**
   * The value of a field, by key or by index from 0.
   *
   * @throws Neo4jError if the record has no such field
   */
  get<K extends keyof Entries = keyof Entries>(key: K): Entries[K]
  get(n: number): any
  get(key: PropertyKey): any {
    const index = typeof key === 'number' ? key : (this._fieldLookup as RecordShape<PropertyKey, number>)[key]
    if (index === undefined) {
      throw newError(
        `This record has no field with key '${key.toString()}', available keys are: [${this.keys.toString()}].`,
      )
    }
    if (index > this._fields.length - 1 || index < 0) {
      throw newError(
        `This record has no field with index '${index}'. Remember that indexes start at \`0\`, ` +
          'and make sure your query returns records in the shape you meant it to.',
      )
    }
    return this._fields[index]
  }

  /**
   * An object with the record's values: the ones that the rules name and, for a class, the other properties
   * of a new instance. For a class without rules, the registered rules apply.
   *
   * @throws Neo4jError if the record lacks a key, unless its rule is optional
   * @throws TypeError if a value is not of the type that its rule demands
   * @example
   * record.as<{ name: string }>({ name: neo4j.rule.asString() })
   * record.as(Person)
   */
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  as<T extends {} = Object>(rules: Rules): T
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  as<T extends {} = Object>(genericConstructor: GenericConstructor<T>): T
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  as<T extends {} = Object>(genericConstructor: GenericConstructor<T>, rules?: Rules): T
  as<T extends {}>(constructorOrRules: GenericConstructor<T> | Rules, rules?: Rules): T {
    return as(this, constructorOrRules, rules)
  }

  /** Whether there is such a field, by key or by index from 0. */
  has(key: Key | string | number): boolean {
    if (typeof key === 'number') return key >= 0 && key < this._fields.length
    return (this._fieldLookup as RecordShape<PropertyKey, number>)[key as PropertyKey] !== undefined
  }
}

/**
 * The index of each key, shared by all records of a result. It has no prototype, so that a column may have
 * any name. If columns share a name, the last one counts.
 * @internal
 */
export function lookupOf(keys: readonly PropertyKey[]): RecordShape<PropertyKey, number> {
  const lookup: RecordShape<PropertyKey, number> = Object.create(null)
  for (let i = 0; i < keys.length; i++) lookup[keys[i]] = i
  return lookup
}

const PLAIN = { writable: true, enumerable: true, configurable: true }
