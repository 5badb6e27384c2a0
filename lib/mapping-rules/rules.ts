// biome-ignore-all lint/suspicious/noExplicitAny: rules are written by users, for values of whatever type
// biome-ignore-all lint/complexity/noBannedTypes: the bounds of the official types
// biome-ignore-all lint/suspicious/noShadowRestrictedNames: the official names of types
/**
 * Ready-made rules of object mapping, one for each type, with the official texts of their errors.
 */

import { newError } from '../error/neo4j-error.js'
import {
  type GenericConstructor,
  nameOf,
  newInstance,
  parameterOf,
  type Rule,
  type Rules,
  rulesOf,
  valueAs,
} from '../mapping/mapping.js'
import {
  Date,
  DateTime,
  Duration,
  Integer,
  isDate,
  isDateTime,
  isDuration,
  isInt,
  isLocalDateTime,
  isLocalTime,
  isNode,
  isPath,
  isPoint,
  isRelationship,
  isTime,
  isUUID,
  isVector,
  LocalDateTime,
  LocalTime,
  type StandardDate,
  Time,
  uuid,
  type VectorType,
  vector,
} from '../types/index.js'

/**
 * Rules for the types of values. Members given to one of these functions go into the rule that it returns,
 * and replace the rule's own. A value of another type fails with a TypeError that names the property.
 *
 * @example
 * const person = { name: neo4j.rule.asString(), born: neo4j.rule.asDate({ optional: true, stringify: true }) }
 * const { records } = await session.run('MATCH (p:Person) RETURN p.name AS name, p.born AS born').as(person)
 * records[0] // { name: 'Alice', born: '1985-04-03' }
 */
export const rule: Readonly<{
  /** Booleans. */
  asBoolean(rule?: Rule): Rule
  /** Strings. */
  asString(rule?: Rule): Rule
  /**
   * Numbers. The driver returns integers as {@link Integer} unless configured otherwise. With `isInteger` the
   * rule takes these, and sends parameters as integers. Default: false, only floating-point numbers.
   */
  asNumber(rule?: Rule & { isInteger?: boolean }): Rule
  /** Integers, as bigint. With `acceptNumber` (default: false) numbers, too. */
  asBigInt(rule?: Rule & { acceptNumber?: boolean }): Rule
  /** Integers, as {@link Integer}. With `acceptNumber` (default: false) numbers, too, which stay numbers. */
  asInteger(rule?: Rule & { acceptNumber?: boolean }): Rule
  /**
   * Nodes.
   *
   * @example
   * neo4j.rule.asNode({ convert: (node) => node.as(Person) })
   */
  asNode(rule?: Rule): Rule
  /** Relationships. To get an object of the properties, convert as in `rule.asNode`. */
  asRelationship(rule?: Rule): Rule
  /** Paths. */
  asPath(rule?: Rule): Rule
  /** Points. */
  asPoint(rule?: Rule): Rule
  /**
   * Durations; with `stringify` (default: false) as text in ISO 8601, both ways.
   *
   * @throws Neo4jError if both `stringify` and a conversion are given; so do all
   * rules with options that convert
   */
  asDuration(rule?: Rule & { stringify?: boolean }): Rule
  /** Local times; with `stringify` (default: false) as text, both ways. */
  asLocalTime(rule?: Rule & { stringify?: boolean }): Rule
  /** Times; with `stringify` (default: false) as text, both ways. */
  asTime(rule?: Rule & { stringify?: boolean }): Rule
  /**
   * Dates; as text with `stringify`, as JavaScript's Date with `jsNativeDate`, both ways (default: neither).
   */
  asDate(rule?: Rule & { stringify?: boolean; jsNativeDate?: boolean }): Rule
  /** Local dates and times, with the options of `rule.asDate`. */
  asLocalDateTime(rule?: Rule & { stringify?: boolean; jsNativeDate?: boolean }): Rule
  /** Dates and times, with the options of `rule.asDate`. */
  asDateTime(rule?: Rule & { stringify?: boolean; jsNativeDate?: boolean }): Rule
  /** Arrays. The rule in `apply`, if given, applies to each element. */
  asList(rule?: Rule & { apply?: Rule }): Rule
  /**
   * Vectors, optionally of a given number of coordinates and a given type; with `asTypedList` (default:
   * false) as typed arrays, both ways.
   */
  asVector(rule?: Rule & { asTypedList?: boolean; dimension?: number; type?: VectorType }): Rule
  /** UUIDs; with `stringify` (default: false) as text, both ways. */
  asUUID(rule?: Rule & { stringify?: boolean }): Rule
  /**
   * Maps, as objects of a class or plain objects. The given rules apply, or else the rules registered for the
   * class at the time of this call. Properties without a rule are left out.
   */
  asObject(constructorOrRules: GenericConstructor<Object> | Rules, rules?: Rules): Rule
}> = Object.freeze({
  asBoolean: (rule?: Rule) => ({ validate: ofType('boolean', (value) => typeof value === 'boolean'), ...rule }),
  asString: (rule?: Rule) => ({ validate: ofType('string', (value) => typeof value === 'string'), ...rule }),
  asNumber,
  asBigInt,
  asInteger,
  asNode: (rule?: Rule) => ({ validate: ofType('Node', isNode), ...rule }),
  asRelationship: (rule?: Rule) => ({ validate: ofType('Relationship', isRelationship), ...rule }),
  asPath: (rule?: Rule) => ({ validate: ofType('Path', isPath), ...rule }),
  asPoint: (rule?: Rule) => ({ validate: ofType('Point', isPoint), ...rule }),
  asDuration: (rule?: Textual) => textual('Duration', isDuration, Duration.fromString, rule),
  asLocalTime: (rule?: Textual) => textual('LocalTime', isLocalTime, LocalTime.fromString, rule),
  asTime: (rule?: Textual) => textual('Time', isTime, Time.fromString, rule),
  asDate: (rule?: Dated) => dated('Date', isDate, Date.fromString, Date.fromStandardDateLocal, rule),
  asLocalDateTime: (rule?: Dated) =>
    dated('LocalDateTime', isLocalDateTime, LocalDateTime.fromString, LocalDateTime.fromStandardDate, rule),
  asDateTime: (rule?: Dated) => dated('DateTime', isDateTime, DateTime.fromString, DateTime.fromStandardDate, rule),
  asList,
  asVector,
  asUUID: (rule?: Textual) => textual('UUID', isUUID, uuid, rule),
  asObject,
})

type Textual = Rule & { stringify?: boolean }
type Dated = Textual & { jsNativeDate?: boolean }

function asNumber(rule?: Rule & { isInteger?: boolean }): Rule {
  const isInteger = (): boolean => rule?.isInteger === true
  return {
    validate(value, field) {
      if (isInteger()) {
        if (typeof value !== 'number' && !isInt(value)) throw wrongType(field, 'a number', value)
        if (typeof value === 'number' && !Number.isInteger(value)) {
          throw new TypeError(`${field} should be an integer value but received decimal number.`)
        }
      } else if (isInt(value)) {
        throw new TypeError(
          'Number returned as Integer Object. To use asNumber mapping with Integers, set "isInteger" in rule configuration.',
        )
      } else if (typeof value === 'bigint') {
        throw new TypeError(
          'Number returned as BigInt. To use asNumber mapping with integer values, set "isInteger" in rule configuration.',
        )
      } else if (typeof value !== 'number') {
        throw wrongType(field, 'a number', value)
      }
    },
    convert(value) {
      if (typeof value === 'bigint') return Number(value)
      return isInt(value) ? value.toNumber() : value
    },
    parameterConversion: (value) => (isInteger() ? Integer.fromValue(value) : value),
    ...rule,
  }
}

function asBigInt(rule?: Rule & { acceptNumber?: boolean }): Rule {
  return {
    validate: ofType('bigint', (value) => isWhole(value, rule)),
    convert(value) {
      if (typeof value === 'number') return BigInt(value)
      return isInt(value) ? value.toBigInt() : value
    },
    ...rule,
  }
}

function asInteger(rule?: Rule & { acceptNumber?: boolean }): Rule {
  return {
    validate(value, field) {
      if (!isWhole(value, rule)) throw wrongType(field, 'an Integer', value)
    },
    convert: (value) => (typeof value === 'bigint' ? Integer.fromValue(value) : value),
    ...rule,
  }
}

function asList(rule?: Rule & { apply?: Rule }): Rule {
  return {
    validate(list, field) {
      if (!Array.isArray(list)) throw wrongType(field, 'a list', list)
      const validate = rule?.apply?.validate
      if (validate != null) list.forEach((value, index) => void validate(value, `${field}[${index}]`))
    },
    convert(list, field) {
      const apply = rule?.apply
      if (apply == null) return list
      return list.map((value: unknown, index: number) => valueAs(value, `${field}[${index}]`, apply))
    },
    parameterConversion(list) {
      const apply = rule?.apply
      return apply == null ? list : list.map((value: unknown) => parameterOf(value, apply))
    },
    ...rule,
  }
}

function asVector(rule?: Rule & { asTypedList?: boolean; dimension?: number; type?: VectorType }): Rule {
  assertOneConversion('asTypedList', rule?.asTypedList, rule)
  return {
    validate(value, field) {
      if (!isVector(value)) throw wrongType(field, 'a vector', value)
      const { length } = value.asTypedArray()
      if (rule?.dimension != null && length !== rule.dimension) {
        throw new TypeError(`${field} should be a vector of length ${rule.dimension} but received length ${length}`)
      }
      const type = value.getType()
      if (rule?.type != null && type !== rule.type) {
        throw new TypeError(`${field} should be a vector of type ${rule.type} but received type ${type}`)
      }
    },
    convert: (value) => (rule?.asTypedList === true ? value.asTypedArray() : value),
    parameterConversion: rule?.asTypedList === true ? (typedArray) => vector(typedArray) : undefined,
    ...rule,
  }
}

function asObject(constructorOrRules: GenericConstructor<Object> | Rules, given?: Rules): Rule {
  const rules = rulesOf(constructorOrRules, given) ?? {}
  return {
    validate(value, field) {
      for (const key in rules) {
        const part = rules[key]
        const name = nameOf(key, part)
        const item = value[name]
        if (item != null) part.validate?.(item, `${field}[${key}]`)
        else if (part.optional !== true) {
          throw newError(`Mapped object did not include required field ${field} with key ${name}.`)
        }
      }
    },
    convert(value, field) {
      const object = newInstance(constructorOrRules)
      for (const key in rules) {
        const part = rules[key]
        const name = nameOf(key, part)
        const item = value[name]
        object[key] = item != null && part.convert != null ? part.convert(item, `${field}[${name}]`) : item
      }
      return object
    },
    parameterConversion(object) {
      const value: { [name: string]: unknown } = {}
      for (const key in rules) value[nameOf(key, rules[key])] = parameterOf(object[key], rules[key])
      return value
    },
  }
}

/** A rule for a type with a notation. */
function textual(name: string, is: (value: any) => boolean, read: (text: string) => unknown, rule?: Textual): Rule {
  assertOneConversion('stringify', rule?.stringify, rule)
  return {
    validate: ofType(name, is),
    convert: (value) => (rule?.stringify === true ? value.toString() : value),
    parameterConversion: rule?.stringify === true ? (text) => read(text) : undefined,
    ...rule,
  }
}

/** A rule for a type with a notation that JavaScript's Date can represent. */
function dated(
  name: string,
  is: (value: any) => boolean,
  read: (text: string) => unknown,
  take: (date: StandardDate) => unknown,
  rule?: Dated,
): Rule {
  assertOneConversion('stringify', rule?.stringify, rule)
  assertOneConversion('jsNativeDate', rule?.jsNativeDate, rule)
  if (rule?.jsNativeDate !== true) return textual(name, is, read, rule)
  if (rule.stringify === true) throw newError('both stringify and jsNativeDate cannot be set; use one or neither')
  return {
    validate: ofType(name, is),
    convert: (value) => value.toStandardDate(),
    parameterConversion: (date) => take(date),
    ...rule,
  }
}

/** Throws for an option that converts if the user converts, too. */
function assertOneConversion(option: string, value: unknown, rule: Rule | undefined): void {
  if (value == null || (rule?.convert == null && rule?.parameterConversion == null)) return
  throw newError(
    `Provided rule already has convert and/or parameterConversion function, ${option} can not be used in combination with custom conversion functions.`,
  )
}

function ofType(name: string, is: (value: any) => boolean): (value: unknown, field: string) => void {
  return (value, field) => {
    if (!is(value)) throw wrongType(field, `a ${name}`, value)
  }
}

function wrongType(field: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${field} should be ${expected} but received ${typeof value}`)
}

function isWhole(value: unknown, rule: { acceptNumber?: boolean } | undefined): boolean {
  return typeof value === 'bigint' || isInt(value) || (typeof value === 'number' && rule?.acceptNumber === true)
}
