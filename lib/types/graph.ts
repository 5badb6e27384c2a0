/** Nodes, relationships and paths, as a server returns them: their fields and their text. */

import { as, type GenericConstructor, type Rules } from '../mapping/mapping.js'
import { stringify } from '../util/json.js'
import type { NumberOrInteger } from './check.js'
import type { Integer } from './integer.js'
import { isMarked, mark } from './marker.js'

/** Properties of a node or a relationship. */
// biome-ignore lint/suspicious/noExplicitAny: the official type
export type Properties = { [key: string]: any }

/** A node of the graph, made by the driver from a server's response. It cannot be sent as a parameter. */
export class Node<
  T extends NumberOrInteger = Integer,
  P extends Properties = Properties,
  Label extends string = string,
> {
  /** @deprecated a server reuses the numbers of nodes: use {@link elementId} */
  declare identity: T
  /** In the order of the server. */
  declare labels: Label[]
  /** By name. */
  declare properties: P
  /**
   * The id of the node within its database; the digits of {@link identity} if the
   * server sends none (before 5.0).
   */
  declare elementId: string

  /**
   * @param identity its number
   * @param labels may be empty
   * @param properties by name
   * @param elementId default: the digits of the number
   */
  constructor(identity: T, labels: Label[], properties: P, elementId?: string) {
    this.identity = identity
    this.labels = labels
    this.properties = properties
    this.elementId = elementId ?? identity.toString()
  }

  /**
   * An object with the node's properties: the ones that the rules name and, for a class, the
   * other properties of a new instance. For a class without rules, the registered rules apply.
   * An absent property is undefined.
   *
   * @throws TypeError if a value is not of the type that its rule demands
   * @example
   * node.as<{ name: string }>({ name: neo4j.rule.asString() })
   * node.as(Person)
   */
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  as<O extends {} = Object>(rules: Rules): O
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  as<O extends {} = Object>(genericConstructor: GenericConstructor<O>): O
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  as<O extends {} = Object>(genericConstructor: GenericConstructor<O>, rules?: Rules): O
  as<O extends {}>(constructorOrRules: GenericConstructor<O> | Rules, rules?: Rules): O {
    return as(sourceOf(this.properties), constructorOrRules, rules)
  }

  /** `(elementId:Label {key:"value"})` */
  toString(): string {
    const labels = this.labels.map((label) => `:${label}`).join('')
    return `(${this.elementId}${labels}${propertiesToString(this.properties)})`
  }
}

mark(Node.prototype, '__isNode__')

/** Whether a value is a {@link Node}, of this or another copy of the driver. */
export function isNode<
  T extends NumberOrInteger = Integer,
  P extends Properties = Properties,
  Label extends string = string,
>(obj: unknown): obj is Node<T, P, Label> {
  return isMarked(obj, '__isNode__')
}

/** A relationship of the graph, with both ends. */
export class Relationship<
  T extends NumberOrInteger = Integer,
  P extends Properties = Properties,
  Type extends string = string,
> {
  /** @deprecated use {@link elementId} */
  declare identity: T
  /** @deprecated use {@link startNodeElementId} */
  declare start: T
  /** @deprecated use {@link endNodeElementId} */
  declare end: T
  /** Every relationship has one. */
  declare type: Type
  /** By name. */
  declare properties: P
  /** What names the relationship within its database. */
  declare elementId: string
  /** The {@link Node.elementId} of the node it starts at. */
  declare startNodeElementId: string
  /** The {@link Node.elementId} of the node it ends at. */
  declare endNodeElementId: string

  /**
   * @param identity its number
   * @param start number of the node it starts at
   * @param end number of the node it ends at
   * @param type its type
   * @param properties by name
   * @param elementId default: the digits of its number; so for those of its nodes
   * @param startNodeElementId of the node it starts at
   * @param endNodeElementId of the node it ends at
   */
  constructor(
    identity: T,
    start: T,
    end: T,
    type: Type,
    properties: P,
    elementId?: string,
    startNodeElementId?: string,
    endNodeElementId?: string,
  ) {
    this.identity = identity
    this.start = start
    this.end = end
    this.type = type
    this.properties = properties
    this.elementId = elementId ?? identity.toString()
    this.startNodeElementId = startNodeElementId ?? start.toString()
    this.endNodeElementId = endNodeElementId ?? end.toString()
  }

  /** An object with the properties, see {@link Node.as}. */
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  as<O extends {} = Object>(rules: Rules): O
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  as<O extends {} = Object>(genericConstructor: GenericConstructor<O>): O
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  as<O extends {} = Object>(genericConstructor: GenericConstructor<O>, rules?: Rules): O
  as<O extends {}>(constructorOrRules: GenericConstructor<O> | Rules, rules?: Rules): O {
    return as(sourceOf(this.properties), constructorOrRules, rules)
  }

  /** `(startNodeElementId)-[:TYPE {key:"value"}]->(endNodeElementId)` */
  toString(): string {
    const type = `[:${this.type}${propertiesToString(this.properties)}]`
    return `(${this.startNodeElementId})-${type}->(${this.endNodeElementId})`
  }
}

mark(Relationship.prototype, '__isRelationship__')

/** Whether a value is a {@link Relationship}, of this or another copy of the driver. */
export function isRelationship<
  T extends NumberOrInteger = Integer,
  P extends Properties = Properties,
  Type extends string = string,
>(obj: unknown): obj is Relationship<T, P, Type> {
  return isMarked(obj, '__isRelationship__')
}

/** A relationship as a path holds it: its place in the path gives its ends. */
export class UnboundRelationship<
  T extends NumberOrInteger = Integer,
  P extends Properties = Properties,
  Type extends string = string,
> {
  /** @deprecated use {@link elementId} */
  declare identity: T
  /** Every relationship has one. */
  declare type: Type
  /** By name. */
  declare properties: P
  /** What names the relationship within its database. */
  declare elementId: string

  /**
   * @param identity its number
   * @param type its type
   * @param properties by name
   * @param elementId default: the digits of the number
   */
  // biome-ignore lint/suspicious/noExplicitAny: the official signature
  constructor(identity: T, type: Type, properties: any, elementId?: string) {
    this.identity = identity
    this.type = type
    this.properties = properties
    this.elementId = elementId ?? identity.toString()
  }

  /**
   * The relationship between two nodes given by their numbers.
   * @deprecated use {@link bindTo}, which knows the element ids
   */
  bind(start: T, end: T): Relationship<T> {
    return new Relationship<T>(this.identity, start, end, this.type, this.properties, this.elementId)
  }

  /** The relationship between two nodes. */
  bindTo(start: Node<T>, end: Node<T>): Relationship<T> {
    return new Relationship<T>(
      this.identity,
      start.identity,
      end.identity,
      this.type,
      this.properties,
      this.elementId,
      start.elementId,
      end.elementId,
    )
  }

  /** An object with the properties, see {@link Node.as}. */
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  as<O extends {} = Object>(rules: Rules): O
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  as<O extends {} = Object>(genericConstructor: GenericConstructor<O>): O
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  as<O extends {} = Object>(genericConstructor: GenericConstructor<O>, rules?: Rules): O
  as<O extends {}>(constructorOrRules: GenericConstructor<O> | Rules, rules?: Rules): O {
    return as(sourceOf(this.properties), constructorOrRules, rules)
  }

  /** `-[:TYPE {key:"value"}]->` */
  toString(): string {
    return `-[:${this.type}${propertiesToString(this.properties)}]->`
  }
}

mark(UnboundRelationship.prototype, '__isUnboundRelationship__')

/** Whether a value is an {@link UnboundRelationship}, of this or another copy of the driver. */
export function isUnboundRelationship<
  T extends NumberOrInteger = Integer,
  P extends Properties = Properties,
  Type extends string = string,
>(obj: unknown): obj is UnboundRelationship<T, P, Type> {
  return isMarked(obj, '__isUnboundRelationship__')
}

/**
 * One step of a {@link Path}. `start` and `end` follow the path; the relationship may point the other way.
 */
export class PathSegment<T extends NumberOrInteger = Integer> {
  /** Where the step starts, in the direction of the path. */
  declare start: Node<T>
  /** May point either way. */
  declare relationship: Relationship<T>
  /** Where the step ends. */
  declare end: Node<T>

  /**
   * @param start where the step starts
   * @param rel the relationship of the step
   * @param end where the step ends
   */
  constructor(start: Node<T>, rel: Relationship<T>, end: Node<T>) {
    this.start = start
    this.relationship = rel
    this.end = end
  }
}

mark(PathSegment.prototype, '__isPathSegment__')

/** Whether a value is a {@link PathSegment}, of this or another copy of the driver. */
export function isPathSegment<T extends NumberOrInteger = Integer>(obj: unknown): obj is PathSegment<T> {
  return isMarked(obj, '__isPathSegment__')
}

/** A walk over nodes and relationships. A path of one node has no segments and length 0. */
export class Path<T extends NumberOrInteger = Integer> {
  /** Its first node. */
  declare start: Node<T>
  /** Its last node; the first one if there are no segments. */
  declare end: Node<T>
  /** The steps, in order. */
  declare segments: Array<PathSegment<T>>
  /** The number of segments. */
  declare length: number

  /**
   * @param start its first node
   * @param end its last node
   * @param segments the steps in between
   */
  constructor(start: Node<T>, end: Node<T>, segments: Array<PathSegment<T>>) {
    this.start = start
    this.end = end
    this.segments = segments
    this.length = segments.length
  }
}

mark(Path.prototype, '__isPath__')

/** Whether a value is a {@link Path}, of this or another copy of the driver. */
export function isPath<T extends NumberOrInteger = Integer>(obj: unknown): obj is Path<T> {
  return isMarked(obj, '__isPath__')
}

/** Properties as object mapping reads them. */
function sourceOf(properties: Properties): { get(key: string): unknown } {
  return { get: (key) => properties[key] }
}

function propertiesToString(properties: Properties): string {
  const pairs = Object.keys(properties).map((key) => `${key}:${stringify(properties[key])}`)
  return pairs.length === 0 ? '' : ` {${pairs.join(',')}}`
}
