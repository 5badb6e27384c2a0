// biome-ignore-all lint/suspicious/noExplicitAny: the official signatures, which fit every decorator context
// biome-ignore-all lint/complexity/noBannedTypes: the official signatures
/**
 * The rules of object mapping as decorators of a class and its properties. Decorators leave
 * the rules in `context.metadata`.
 */

import { type GenericConstructor, type Rule, type Rules, registerName } from '../mapping/mapping.js'
import type { VectorType } from '../types/index.js'
import { rule } from './rules.js'

/** A standard decorator, for a property or a class. */
export type MappingDecorator = (_: any, context: any) => void

/**
 * Rules given by decorators. `mappedClass` above a class registers its rules, see
 * {@link RecordObjectMapping}; a decorator ending in `Property` above a property gives its type, with the
 * options of the {@link rule} function of that name. `optionalProperty`, `mapPropertyFromName` and
 * `convertPropertyToType` stand above those; so does `listProperty`, which makes a list of the type below it.
 *
 * They need standard decorators (not TypeScript's `experimentalDecorators`) with `context.metadata`. In a
 * runtime without `Symbol.metadata`, compilers require the program to define it first. Without the metadata,
 * the decorators throw a TypeError.
 *
 * ```ts
 * @mappedClass()
 * class Person {
 *   @stringProperty() name!: string
 *   @optionalProperty() @numberProperty({ isInteger: true }) born?: number
 * }
 * const { records } = await session.run('MATCH (p:Person) RETURN p.name AS name, p.born AS born').as(Person)
 * ```
 *
 * @experimental as in the official driver
 */
export const mappingDecorators: {
  /** See `rule.asBoolean`. */
  booleanProperty: (config?: Rule) => MappingDecorator
  /** See `rule.asString`. */
  stringProperty: (config?: Rule) => MappingDecorator
  /** See `rule.asNumber`. */
  numberProperty: (config?: Rule & { isInteger?: boolean }) => MappingDecorator
  /** See `rule.asBigInt`. */
  bigIntProperty: (config?: Rule & { acceptNumber?: boolean }) => MappingDecorator
  /** See `rule.asInteger`. */
  integerProperty: (config?: Rule & { acceptNumber?: boolean }) => MappingDecorator
  /** See `rule.asNode`. */
  nodeProperty: (config?: Rule) => MappingDecorator
  /** See `rule.asRelationship`. */
  relationshipProperty: (config?: Rule) => MappingDecorator
  /** See `rule.asPath`. */
  pathProperty: (config?: Rule) => MappingDecorator
  /** See `rule.asPoint`. */
  pointProperty: (config?: Rule) => MappingDecorator
  /** See `rule.asDuration`. */
  durationProperty: (config?: Rule & { stringify?: boolean }) => MappingDecorator
  /** See `rule.asLocalTime`. */
  localTimeProperty: (config?: Rule & { stringify?: boolean }) => MappingDecorator
  /** See `rule.asTime`. */
  timeProperty: (config?: Rule & { stringify?: boolean }) => MappingDecorator
  /** See `rule.asDate`. */
  dateProperty: (config?: Rule & { stringify?: boolean; jsNativeDate?: boolean }) => MappingDecorator
  /** See `rule.asLocalDateTime`. */
  localDateTimeProperty: (config?: Rule & { stringify?: boolean; jsNativeDate?: boolean }) => MappingDecorator
  /** See `rule.asDateTime`. */
  dateTimeProperty: (config?: Rule & { stringify?: boolean; jsNativeDate?: boolean }) => MappingDecorator
  /** See `rule.asList`. Without `apply`, the rule below applies to the elements. */
  listProperty: (config?: Rule & { apply?: Rule }) => MappingDecorator
  /** See `rule.asVector`. */
  vectorProperty: (config?: Rule & { asTypedList?: boolean; dimension?: number; type?: VectorType }) => MappingDecorator
  /** See `rule.asUUID`. */
  uuidProperty: (config?: Rule & { stringify?: boolean }) => MappingDecorator
  /** See `rule.asObject`. */
  objectProperty: (constructorOrRules: GenericConstructor<Object> | Rules, rules?: Rules) => MappingDecorator
  /** Makes the rule below optional. */
  optionalProperty: () => MappingDecorator
  /** Makes the rule below take the value of this name. */
  mapPropertyFromName: (name: string) => MappingDecorator
  /** Makes the rule below convert its node or relationship to an instance of this class, with `as`. */
  convertPropertyToType: (type: any) => MappingDecorator
  /** Registers the rules of the properties for the class. */
  mappedClass: () => MappingDecorator
} = {
  booleanProperty: (config) => replacing(() => rule.asBoolean(config)),
  stringProperty: (config) => replacing(() => rule.asString(config)),
  numberProperty: (config) => replacing(() => rule.asNumber(config)),
  bigIntProperty: (config) => replacing(() => rule.asBigInt(config)),
  integerProperty: (config) => replacing(() => rule.asInteger(config)),
  nodeProperty: (config) => replacing(() => rule.asNode(config)),
  relationshipProperty: (config) => replacing(() => rule.asRelationship(config)),
  pathProperty: (config) => replacing(() => rule.asPath(config)),
  pointProperty: (config) => replacing(() => rule.asPoint(config)),
  durationProperty: (config) => replacing(() => rule.asDuration(config)),
  localTimeProperty: (config) => replacing(() => rule.asLocalTime(config)),
  timeProperty: (config) => replacing(() => rule.asTime(config)),
  dateProperty: (config) => replacing(() => rule.asDate(config)),
  localDateTimeProperty: (config) => replacing(() => rule.asLocalDateTime(config)),
  dateTimeProperty: (config) => replacing(() => rule.asDateTime(config)),
  listProperty: (config) => extending((below) => rule.asList({ apply: { ...below }, ...config })),
  vectorProperty: (config) => replacing(() => rule.asVector(config)),
  uuidProperty: (config) => replacing(() => rule.asUUID(config)),
  objectProperty: (constructorOrRules, rules) => replacing(() => rule.asObject(constructorOrRules, rules)),
  optionalProperty: () => extending((below) => ({ optional: true, ...below })),
  mapPropertyFromName: (name) => extending((below) => ({ from: name, ...below })),
  convertPropertyToType: (type) => extending((below) => ({ convert: (value: any) => value.as(type), ...below })),
  mappedClass: () => (_, context) => registerName(String(context.name), context.metadata),
}

/** Sets the rule of the property, replacing an earlier one. */
function replacing(make: () => Rule): MappingDecorator {
  return (_, context) => {
    context.metadata[context.name] = make()
  }
}

/** Sets the rule of the property to one made from the decorators below. */
function extending(make: (below: Rule | undefined) => Rule): MappingDecorator {
  return (_, context) => {
    context.metadata[context.name] = make(context.metadata[context.name])
  }
}
