/**
 * Snapshots for the differential suite: everything that a program can see of a value, as plain data. They
 * print more than `support/snapshot.ts`: which of the driver's classes the value is an instance of, whether
 * it is frozen, its texts, and the whole of an error with its causes. They also print less: the suite runs
 * each script twice on one server. So a value that differs from run to run (timings, ids, bookmarks,
 * addresses) becomes its kind, and a node's id its place in the order of appearance. `support/snapshot.ts`
 * must not do that: its tests write down ids and timings.
 */
import type { Neo4j } from '../../support/drivers.js'
import { className, isPlainNumber, numberText } from '../../support/snapshot.js'

export type Snapshot = unknown

export class Snapshots {
  readonly #classes: [string, new (...args: never[]) => unknown][]
  readonly #label: string
  readonly #address: string
  /** The ids of nodes and relationships by their order of appearance. */
  readonly #ids = new Map<string, number>()

  constructor(neo4j: Neo4j, { label, address }: { label: string; address: string }) {
    this.#label = label
    this.#address = address
    this.#classes = CLASSES.flatMap((name) => {
      const found = (neo4j as unknown as Record<string, unknown>)[name] ?? (neo4j.types as never)[name]
      return typeof found === 'function' ? [[name, found as never]] : []
    })
  }

  take(value: unknown): Snapshot {
    return this.#draw(value, [], '')
  }

  #draw(value: unknown, path: object[], key: string): Snapshot {
    if (VARYING.has(key)) return `<${kindOf(value)}>`
    switch (typeof value) {
      case 'string':
        return this.#text(value)
      case 'bigint':
        return `${value}n`
      case 'undefined':
        return '<undefined>'
      case 'function':
        return '<function>'
      case 'symbol':
        return String(value)
      case 'number':
        return isPlainNumber(value) ? value : `<${numberText(value)}>`
      case 'object':
        return value === null ? null : this.#object(value, path)
      default:
        return value
    }
  }

  #object(value: object, path: object[]): Snapshot {
    if (path.includes(value)) return '<cycle>'
    const inner = [...path, value]
    if (Array.isArray(value)) return value.map((item) => this.#draw(item, inner, ''))
    if (ArrayBuffer.isView(value)) {
      const items = Array.from(value as unknown as ArrayLike<unknown>, (item) => this.#draw(item, inner, ''))
      return { class: className(value), items: items.length > 100 ? [...items.slice(0, 100), items.length] : items }
    }
    const type = className(value)
    const isA = this.#classes.filter(([, known]) => value instanceof known).map(([name]) => name)
    const fields: Record<string, Snapshot> = {}
    for (const key of Object.keys(value)) {
      if ((key.startsWith('_') && type !== 'Record') || (value instanceof Error && HIDDEN.has(key))) continue
      const item = (value as Record<string, unknown>)[key]
      // Assigned under its own name, it would not become a property.
      const name = key === '__proto__' ? '<__proto__>' : this.#text(key)
      fields[name] = isId(isA, key) ? this.#id(isA, key, item) : this.#draw(item, inner, key)
    }
    if (type === 'Object' && isA.length === 0) return sorted(fields)
    const drawn: Record<string, Snapshot> = { class: type, isA, ...fields }
    if (!(value instanceof Error)) drawn.order = Object.keys(fields).join(' ')
    if (Object.isFrozen(value)) drawn.frozen = true
    if (value instanceof Error) {
      drawn.name = value.name
      drawn.message = this.#text(value.message)
      if (value instanceof AggregateError) drawn.errors = this.#draw(value.errors, inner, '')
      drawn.text = this.#text(String(value))
      if (value.cause !== undefined) drawn.cause = this.#draw(value.cause, inner, '')
    } else if (isA.some((name) => VALUES.includes(name))) {
      drawn.text = this.#text(String(value))
      drawn.json = this.#json(value)
    }
    const tag = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]
    if (tag !== undefined) drawn.tag = tag
    return drawn
  }

  /** A number or element id, shown as its kind and its place. */
  #id(isA: string[], key: string, value: unknown): Snapshot {
    // Nodes and relationships are counted separately, so that one number may stand for one of each.
    const kind = key === 'identity' && !isA.includes('Node') ? 'r' : 'n'
    if (typeof value === 'string') return this.#text(value)
    return `<${kindOf(value)} ${this.#ordinal(kind + value)}>`
  }

  #ordinal(id: string): number {
    const known = this.#ids.get(id)
    if (known !== undefined) return known
    this.#ids.set(id, this.#ids.size)
    return this.#ids.size - 1
  }

  #json(value: unknown): Snapshot {
    const json = JSON.stringify(value, (key, item) =>
      VARYING.has(key) || ID_KEYS.has(key) ? `<${key}>` : typeof item === 'bigint' ? `${item}n` : item,
    )
    // A map has the order of the server's hash table.
    return json === undefined ? '<undefined>' : sorted(JSON.parse(this.#text(json)))
  }

  #text(text: string): string {
    return (
      (this.#label === '' ? text : text.replaceAll(this.#label, 'LABEL').replaceAll(this.#address, 'ADDRESS'))
        .replace(/\d:[0-9a-f-]{36}:\d+/g, (id) => `<id ${this.#ordinal(id)}>`)
        .replace(/^FB:[\w+/=:-]{20,}$/, 'FB:<bookmark>')
        .replace(/-transaction-\d+/g, '-transaction-<n>')
        // What the server's parser expects next depends on what it has parsed before.
        .replace(/(Invalid input '[^']*': expected ).*( \(line \d+)/g, '$1<something>$2')
    )
  }
}

function isId(isA: string[], key: string): boolean {
  return ID_KEYS.has(key) && isA.some((name) => GRAPH.includes(name))
}

/** A map's keys come in the order of the server's hash table. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}

function kindOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? className(value) : typeof value
}

const GRAPH = ['Node', 'Relationship', 'UnboundRelationship']
const ID_KEYS = new Set(['identity', 'start', 'end', 'elementId', 'startNodeElementId', 'endNodeElementId'])
/** Classes with texts and JSON that are part of the value. */
const VALUES = [
  ...GRAPH,
  'Path',
  'PathSegment',
  'Record',
  'Point',
  'Integer',
  'Duration',
  'LocalTime',
  'Time',
  'Date',
  'LocalDateTime',
  'DateTime',
  'Vector',
  'UUID',
  'ProtocolVersion',
]
/** The classes to try with `instanceof`. */
const CLASSES = [
  ...VALUES,
  'Driver',
  'Session',
  'Transaction',
  'ManagedTransaction',
  'Result',
  'EagerResult',
  'RxSession',
  'RxTransaction',
  'RxManagedTransaction',
  'RxResult',
  'ResultSummary',
  'Plan',
  'ProfiledPlan',
  'QueryStatistics',
  'Notification',
  'GqlStatusObject',
  'ServerInfo',
  'UnsupportedType',
  'Neo4jError',
]
const VARYING = new Set([
  'resultAvailableAfter',
  'resultConsumedAfter',
  'time',
  'Time',
  'pageCacheHits',
  'pageCacheMisses',
  'pageCacheHitRatio',
  'PageCacheHits',
  'PageCacheMisses',
  'PageCacheHitRatio',
  'GlobalMemory',
  'Memory',
])
/** The constructor is an own property of an error of the official driver by way of its ES5 classes. */
const HIDDEN = new Set(['constructor', 'stack', 'message', 'name', 'cause'])
