/** Shows a router's answer in an error as neo4j-driver does, but only up to a limit. */

import { stringify } from '../util/json.js'
import { KINDS } from './kinds.js'

/**
 * A value as JSON; `undefined` where there is none.
 * @internal
 */
export function shownAsJson(value: unknown): string {
  try {
    return cut(stringify(value) ?? 'undefined')
  } catch {
    // A broken structure throws when it is touched.
    return nameOf(value)
  }
}

/**
 * A value as a text.
 * @internal
 */
export function shownAsText(value: unknown): string {
  try {
    return cut(`${value}`)
  } catch {
    // A map may have any entries, such as a toString that is not a function.
    return nameOf(value)
  }
}

/**
 * A router's answer, with neo4j-driver's names for its parts.
 * @internal
 */
export function rawTable([kind, ...values]: readonly unknown[]): unknown {
  if (Number(kind) === KINDS.rawResponse) return { _response: values[0] }
  return { _record: rawRecord(values) }
}

/** @internal */
export function rawRecord([keys, fields]: readonly unknown[]): unknown {
  const names = (keys ?? []) as string[]
  const lookup = Object.fromEntries(names.map((key, at) => [key, at]))
  return { keys: names, length: names.length, _fields: fields, _fieldLookup: lookup }
}

function nameOf(value: unknown): string {
  return Object.prototype.toString.call(value)
}

function cut(text: string): string {
  if (text.length <= LONGEST / 3) return text
  const bytes = Buffer.from(text)
  if (bytes.length <= LONGEST) return text
  let end = LONGEST
  while (((bytes[end] as number) & CONTINUES) === CONTINUED) end--
  return `${bytes.toString('utf8', 0, end)}... (cut)`
}

/** In bytes: how much of a router's answer is shown. A table of twenty servers is shorter. */
const LONGEST = 2048
/** RFC 3629: every byte of a character but the first. */
const CONTINUES = 0b1100_0000
const CONTINUED = 0b1000_0000
