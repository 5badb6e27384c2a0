// biome-ignore-all lint/suspicious/noExplicitAny: rules are written by users, for values of whatever type
// biome-ignore-all lint/complexity/noBannedTypes: the bounds of the official types
/**
 * Object mapping by rules: from a record, or anything else with keys and values, to an object of the
 * application, and from such an object to the parameters of a query.
 */

import { Neo4jError, newError } from '../error/neo4j-error.js'
import { getCaseTranslator, type StandardCase } from './names.js'

/** A class to map to. Its constructor is called without arguments. */
export type GenericConstructor<T extends {}> = new (...args: any[]) => T

/** What to do with one property of an object on its way from a record, or to the parameters of a query. */
export interface Rule {
  /**
   * Whether the value may be absent, null or undefined. Such a value is neither checked
   * nor converted. Default: false.
   */
  optional?: boolean
  /**
   * The name of the value in the record or the query. Default: the property's own
   * name, translated like all others.
   */
  from?: string
  /**
   * Converts the record's value to the property's value, after the check. Default: no conversion.
   *
   * @param field what to call the value in an error, such as `Person#name`
   */
  convert?: (recordValue: any, field: string) => any
  /** Converts the property's value to the parameter, before the check. Not called for null and undefined. */
  parameterConversion?: (objectValue: any) => any
  /**
   * Throws if it refuses the value. Default: every value is accepted.
   *
   * @param field what to call the value in an error, such as `Person#name`
   */
  validate?: (value: any, field: string) => void
}

/** A {@link Rule} for each property. */
export type Rules = { [property: string]: Rule }

/** The source of an object: a value for each key. */
interface Gettable {
  get(key: string): unknown
}

/**
 * Settings of object mapping. They apply to the whole process and all drivers in it.
 * Only the name identifies a class.
 */
export const RecordObjectMapping: Readonly<{
  /** Removes the rules of all classes. The translation of names stays. */
  clearMappingRegistry: () => void
  /**
   * Makes a function for `RecordObjectMapping.translateIdentifiers`.
   *
   * @param databaseConvention how the keys of records are spelled
   * @param codeConvention how the properties of objects are spelled
   * @throws Neo4jError for a spelling that is not one of {@link StandardCase}
   */
  getCaseTranslator: (databaseConvention: StandardCase, codeConvention: StandardCase) => (name: string) => string
  /**
   * Sets the rules of a class. They apply wherever the class is given without rules, and to parameters that
   * are an instance of it. Classes of the same name share them; later rules replace earlier ones.
   *
   * @example
   * neo4j.RecordObjectMapping.register(Person, { name: neo4j.rule.asString() })
   * const { records } = await driver.executeQuery('MATCH (p:Person) RETURN p.name AS name', {}, {
   *   resultTransformer: neo4j.resultTransformers.hydrated(Person),
   * })
   */
  register: <T extends {} = Object>(genericConstructor: GenericConstructor<T>, rules: Rules) => void
  /**
   * Sets how a property's name becomes the key in a record or the name of a parameter, unless a rule has a
   * `from`. By default they are the same.
   *
   * @example
   * const { getCaseTranslator, translateIdentifiers } = neo4j.RecordObjectMapping
   * translateIdentifiers(getCaseTranslator('snake_case', 'camelCase')) // bornIn comes from born_in
   */
  translateIdentifiers: (translationFunction: (name: string) => string) => void
}> = Object.freeze({ clearMappingRegistry, getCaseTranslator, register, translateIdentifiers })

/**
 * An object with the values of `source`: those with rules first, in their order, then the other
 * own properties of a new instance.
 *
 * @throws Neo4jError if `source` lacks a key, unless the rule is optional
 * @throws whatever a rule throws; TypeError, if it is a rule of {@link rule}
 * @internal
 */
export function as<T extends {} = Object>(
  source: Gettable,
  constructorOrRules: GenericConstructor<T> | Rules,
  given?: Rules,
): T {
  const rules = rulesOf(constructorOrRules, given)
  const object = newInstance(constructorOrRules)
  if (rules != null) for (const [key, rule] of Object.entries(rules)) fill(object, key, source, rule)
  for (const key of Object.getOwnPropertyNames(object)) {
    // This also finds rules that a class inherits.
    if (rules == null || !isEnumerable.call(rules, key)) fill(object, key, source, rules?.[key])
  }
  return object as T
}

/**
 * The value of a property, checked and converted.
 * @internal
 */
export function valueAs(value: unknown, field: string, rule?: Rule): unknown {
  if (rule == null || (rule.optional === true && value == null)) return value
  if (typeof rule.validate === 'function') rule.validate(value, field)
  return rule.convert != null ? rule.convert(value, field) : value
}

/**
 * The parameter of a property, converted.
 * @internal
 */
export function parameterOf(value: unknown, rule: Rule): unknown {
  return value != null && rule.parameterConversion != null ? rule.parameterConversion(value) : value
}

/**
 * The parameters to send with a query: the given ones, or the result of applying rules to them, given or
 * registered for their class. Rules leave out properties without a rule.
 *
 * @throws Neo4jError if one is absent, unless its rule is optional
 * @throws whatever a rule throws
 * @internal
 */
export function mappedParameters(parameters: unknown, given: Rules | null | undefined): unknown {
  if (given == null && registry.size === 0) return parameters
  const rules = given ?? registry.get(Object.getPrototypeOf(parameters)?.constructor?.name)
  if (rules == null) return parameters
  const mapped: { [name: string]: unknown } = {}
  for (const key in rules) {
    const rule = rules[key]
    const value = parameterOf((parameters as { [key: string]: unknown })[key], rule)
    if (value != null) rule.validate?.(value, key)
    else if (rule.optional !== true) throw newError(absentParameter(key))
    mapped[nameOf(key, rule)] = value
  }
  return mapped
}

/**
 * The given rules, or else the rules registered for the class.
 * @internal
 */
export function rulesOf<T extends {}>(
  constructorOrRules: GenericConstructor<T> | Rules,
  given: Rules | undefined,
): Rules | undefined {
  if (typeof constructorOrRules === 'object') return constructorOrRules ?? undefined
  return given ?? registry.get(constructorOrRules.name)
}

/**
 * The object to fill: a plain object if there are only rules.
 * @internal
 */
export function newInstance<T extends {}>(constructorOrRules: GenericConstructor<T> | Rules): { [key: string]: any } {
  return typeof constructorOrRules === 'function' ? new constructorOrRules() : {}
}

/**
 * The name of a property in the database.
 * @internal
 */
export function nameOf(key: string, rule: Rule | undefined): string {
  return rule?.from ?? translate(key)
}

/**
 * Sets the rules of all classes of that name.
 * @internal
 */
export function registerName(name: string, rules: Rules): void {
  registry.set(name, rules)
}

function register<T extends {} = Object>(genericConstructor: GenericConstructor<T>, rules: Rules): void {
  registerName(genericConstructor.name, rules)
}

function clearMappingRegistry(): void {
  registry.clear()
}

function translateIdentifiers(translationFunction: (name: string) => string): void {
  translate = translationFunction
}

function fill(object: { [key: string]: any }, key: string, source: Gettable, rule: Rule | undefined): void {
  const name = nameOf(key, rule)
  let value: unknown
  try {
    value = source.get(name)
  } catch (error) {
    if (rule?.optional === true && error instanceof Neo4jError) return
    throw error
  }
  object[key] = valueAs(value, `${object.constructor.name}#${key}`, rule)
}

// With the line break of the official text.
function absentParameter(key: string): string {
  return `Mapped Parameter object did not include required parameter with key ${key}, \n            check provided parameters and parameter rules.`
}

/** By the name of a class. */
const registry = new Map<string, Rules>()

let translate = (name: string): string => name

const isEnumerable = Object.prototype.propertyIsEnumerable
