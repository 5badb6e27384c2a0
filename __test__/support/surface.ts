/**
 * What can be seen of a module from outside: names, kinds, functions' names and lengths, statics, prototypes,
 * own properties with their flags, tags. Each is one line under a path, so that two surfaces can be compared.
 * Calls nothing.
 */

/** What stands under each path. */
export type Surface = Map<string, string>

/** One difference: what theirs has under a path, and what ours has; undefined where there is nothing. */
export interface Difference {
  readonly path: string
  readonly theirs: string | undefined
  readonly ours: string | undefined
}

type Callable = (...args: unknown[]) => unknown

/** The members of an object which every function or class has. */
const GIVEN = new Set(['length', 'name', 'prototype', 'arguments', 'caller'])

/** Writes down a value under a path: what it is, and what it has. */
export function look(surface: Surface, path: string, value: unknown): void {
  if (typeof value === 'function') {
    lookAtFunction(surface, path, value as Callable)
  } else if (typeof value === 'object' && value !== null) {
    surface.set(path, `object of ${lineage(value)}`)
    if (Object.isFrozen(value)) surface.set(`${path} (frozen)`, 'true')
    members(surface, path, value, '.')
  } else {
    surface.set(path, typeof value === 'symbol' ? String(value) : `${typeof value} ${String(value)}`)
  }
}

/** Writes down an instance of a class: its class, what it has of its own, how it is called and printed. */
export function lookAtInstance(surface: Surface, path: string, value: object): void {
  surface.set(path, `object of ${lineage(value)}`)
  surface.set(`${path} (tag)`, Object.prototype.toString.call(value))
  if (Object.isFrozen(value)) surface.set(`${path} (frozen)`, 'true')
  const names: string[] = []
  for (const key of Reflect.ownKeys(value)) {
    // The stack says where, which differs each time.
    if (key === 'stack') continue
    const descriptor = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor
    surface.set(`${path}.${String(key)}`, `${flags(descriptor)} ${kind(descriptor.value)}`)
    if (!String(key).startsWith('_')) names.push(String(key))
  }
  surface.set(`${path} (order)`, names.join(' '))
}

/** Everything that differs between the two, by path. */
export function differences(theirs: Surface, ours: Surface): Difference[] {
  const paths = [...new Set([...theirs.keys(), ...ours.keys()])].sort()
  return paths
    .map((path) => ({ path, theirs: theirs.get(path), ours: ours.get(path) }))
    .filter(({ theirs, ours }) => theirs !== ours)
}

function lookAtFunction(surface: Surface, path: string, value: Callable): void {
  const prototype = Object.getOwnPropertyDescriptor(value, 'prototype')?.value as object | undefined
  const isClass = prototype !== undefined && Reflect.ownKeys(prototype).some((key) => key !== 'constructor')
  surface.set(path, `${isClass ? 'class' : 'function'} ${value.name}(${value.length})`)
  for (const key of Reflect.ownKeys(value)) {
    if (GIVEN.has(String(key))) continue
    member(surface, `${path}.${String(key)}`, value, key)
  }
  if (!isClass) return
  const base = Object.getPrototypeOf(value)
  if (base !== Function.prototype) surface.set(`${path} (extends)`, base.name)
  // With inherited members: an application cannot tell at which prototype a method is.
  const seen = new Set<PropertyKey>(['constructor'])
  for (let level = prototype; level && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    if (level === Error.prototype || level === Promise.prototype) break
    for (const key of Reflect.ownKeys(level)) {
      if (seen.has(key)) continue
      seen.add(key)
      member(surface, `${path}#${String(key)}`, level, key)
    }
  }
}

function members(surface: Surface, path: string, object: object, separator: string): void {
  for (const key of Reflect.ownKeys(object)) member(surface, `${path}${separator}${String(key)}`, object, key)
}

function member(surface: Surface, path: string, object: object, key: PropertyKey): void {
  const descriptor = Object.getOwnPropertyDescriptor(object, key) as PropertyDescriptor
  const { value } = descriptor
  if (descriptor.get !== undefined || descriptor.set !== undefined) {
    surface.set(path, `${flags(descriptor)} accessor`)
  } else if (typeof value === 'function') {
    surface.set(path, `${flags(descriptor)} function ${value.name}(${value.length})`)
  } else {
    surface.set(path, `${flags(descriptor)} ${kind(value)}`)
  }
}

/** The classes of an object, from its own to the last before Object. */
function lineage(value: object): string {
  const names: string[] = []
  for (let at = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) {
    if (at === Object.prototype && names.length > 0) break
    names.push(at.constructor.name)
  }
  return names.length === 0 ? 'nothing' : names.join(' < ')
}

function kind(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'object') return Array.isArray(value) ? 'array' : `object of ${lineage(value)}`
  if (typeof value === 'function') return `function ${value.name}(${value.length})`
  return `${typeof value} ${typeof value === 'symbol' ? '' : String(value)}`
}

/** e(numerable) w(ritable) c(onfigurable) */
function flags(descriptor: PropertyDescriptor): string {
  const { enumerable, writable, configurable } = descriptor
  return `${enumerable ? 'e' : '-'}${writable === undefined ? '?' : writable ? 'w' : '-'}${configurable ? 'c' : '-'}`
}
