/**
 * Snapshots: values as plain data, so that a test can compare what two drivers gave, although their classes
 * are not the same.
 *
 * - `snapshot` is short enough to be written into a test: the fields that an application reads, with a class
 *   as its name.
 * - `exactSnapshot` is for comparisons alone: every own property with its flags, and whether the value is
 *   frozen.
 *
 * Two others print something else; their headers say why: `integration/differential/snapshot.ts` and
 * `fuzz/snapshot.ts`.
 */

export type Snapshot = unknown

/**
 * The snapshot of any value. A field whose name starts with an underscore is private in the official driver
 * and left out, except in a Record, whose private fields other libraries read.
 */
export function snapshot(value: unknown): Snapshot {
  return draw(value, [])
}

/**
 * A value with its class, whether it is frozen, and every own property in its order with its flags, and so on
 * for the values in it. Two values with equal snapshots look the same to code that lists keys, copies, prints
 * or compares.
 */
export function exactSnapshot(value: unknown, seen: unknown[] = []): unknown {
  if (typeof value === 'function') return `function ${value.name}`
  if (typeof value !== 'object' || value === null) return value
  if (seen.includes(value)) return `seen ${seen.indexOf(value)}`
  const inside = [...seen, value]
  const properties = Object.entries(Object.getOwnPropertyDescriptors(value))
    .filter(([key]) => key !== 'stack')
    .map(([key, { value: item, ...flags }]) => [key, flags, exactSnapshot(item, inside)])
  return { class: className(value), frozen: Object.isFrozen(value), properties }
}

function draw(value: unknown, path: unknown[]): Snapshot {
  if (typeof value === 'bigint') return { $bigint: String(value) }
  if (typeof value === 'function') return { $function: value.name }
  if (typeof value === 'symbol') return { $symbol: String(value) }
  if (value === undefined) return '<undefined>'
  if (typeof value === 'number') return isPlainNumber(value) ? value : { $number: numberText(value) }
  if (typeof value !== 'object' || value === null) return value
  if (path.includes(value)) return '<cycle>'
  const inner = [...path, value]
  if (Array.isArray(value)) return value.map((item) => draw(item, inner))
  if (ArrayBuffer.isView(value)) {
    return {
      $class: className(value),
      values: Array.from(value as unknown as ArrayLike<unknown>, (v) => draw(v, inner)),
    }
  }
  const name = className(value)
  if (value instanceof Error) return errorSnapshot(value, inner)
  const drawn: Record<string, Snapshot> = name === 'Object' ? {} : { $class: name }
  for (const key of Object.keys(value)) {
    if (key.startsWith('_') && name !== 'Record') continue
    drawn[key] = draw((value as Record<string, unknown>)[key], inner)
  }
  return drawn
}

function errorSnapshot(error: Error, path: unknown[]): Snapshot {
  const drawn: Record<string, Snapshot> = {
    $error: className(error),
    name: error.name,
    message: trimmed(error.message),
  }
  // An error's cause, if there is one, is an own property that Object.keys() does not list.
  for (const key of new Set([...Object.keys(error), ...(Object.hasOwn(error, 'cause') ? ['cause'] : [])])) {
    // The official driver's ES5 classes make the constructor an own property of its errors.
    if (key.startsWith('_') || key === 'name' || key === 'message' || key === 'constructor' || key === 'stack') continue
    drawn[key] = draw((error as unknown as Record<string, unknown>)[key], path)
  }
  return drawn
}

/** The parts of an error that an application mostly reads: short enough to be written into a test. */
export function brief(error: unknown): Snapshot {
  if (!(error instanceof Error)) return snapshot(error)
  const { code, gqlStatus } = error as Error & { code?: string; gqlStatus?: string }
  const drawn: Record<string, Snapshot> = { name: error.name, message: trimmed(error.message) }
  if (code !== undefined) drawn.code = code
  if (gqlStatus !== undefined) drawn.gqlStatus = gqlStatus
  return drawn
}

/**
 * Runs the function, and returns the snapshot of its value or its error, and whether it threw, rejected or
 * resolved.
 */
export async function outcome(run: () => unknown): Promise<Snapshot> {
  let returned: unknown
  try {
    returned = run()
  } catch (error) {
    return { throws: brief(error) }
  }
  try {
    return { resolves: snapshot(await returned) }
  } catch (error) {
    return { rejects: brief(error) }
  }
}

/** Whether JSON and deepEqual keep the number: it is finite, and not -0. */
export function isPlainNumber(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0)
}

/** A number as text, -0 included. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/** The name of a value's class; `null` where it has no prototype. */
export function className(value: object): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null
  return prototype === null ? 'null' : (prototype.constructor?.name ?? '?')
}

function trimmed(message: string): string {
  return message.trimEnd()
}
