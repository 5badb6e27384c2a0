/**
 * Pictures of values as plain data, so that what two drivers gave can be compared although each has classes of its own. A class is told by its name,
 * an error by all that an application may look at.
 */

export type Portrait = unknown

/**
 * The picture of any value. Fields whose name starts with an underscore are the official driver's private ones and are left out, except for those of
 * a Record, which ecosystem code reads.
 */
export function portrait(value: unknown): Portrait {
  return draw(value, [])
}

function draw(value: unknown, path: unknown[]): Portrait {
  if (typeof value === 'bigint') return { $bigint: String(value) }
  if (typeof value === 'function') return { $function: value.name }
  if (typeof value === 'symbol') return { $symbol: String(value) }
  if (value === undefined) return '<undefined>'
  if (typeof value === 'number' && (Number.isNaN(value) || !Number.isFinite(value) || Object.is(value, -0))) {
    return { $number: Object.is(value, -0) ? '-0' : String(value) }
  }
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
  if (value instanceof Error) return errorPortrait(value, inner)
  const drawn: Record<string, Portrait> = name === 'Object' ? {} : { $class: name }
  for (const key of Object.keys(value)) {
    if (key.startsWith('_') && name !== 'Record') continue
    drawn[key] = draw((value as Record<string, unknown>)[key], inner)
  }
  return drawn
}

function errorPortrait(error: Error, path: unknown[]): Portrait {
  const drawn: Record<string, Portrait> = {
    $error: className(error),
    name: error.name,
    message: trimmed(error.message),
  }
  // A cause is an own property that is not listed, where an error has one.
  for (const key of new Set([...Object.keys(error), ...(Object.hasOwn(error, 'cause') ? ['cause'] : [])])) {
    // The constructor is an own property of an error of the official driver by way of its ES5 classes.
    if (key.startsWith('_') || key === 'name' || key === 'message' || key === 'constructor' || key === 'stack') continue
    drawn[key] = draw((error as unknown as Record<string, unknown>)[key], path)
  }
  return drawn
}

/** What an application mostly looks at, of an error: short enough to be written into a test. */
export function brief(error: unknown): Portrait {
  if (!(error instanceof Error)) return portrait(error)
  const { code, gqlStatus } = error as Error & { code?: string; gqlStatus?: string }
  const drawn: Record<string, Portrait> = { name: error.name, message: trimmed(error.message) }
  if (code !== undefined) drawn.code = code
  if (gqlStatus !== undefined) drawn.gqlStatus = gqlStatus
  return drawn
}

/** Runs it, and gives the picture of the value or of the error, with whether the error was thrown or came by the promise. */
export async function outcome(run: () => unknown): Promise<Portrait> {
  let returned: unknown
  try {
    returned = run()
  } catch (error) {
    return { throws: brief(error) }
  }
  try {
    return { resolves: portrait(await returned) }
  } catch (error) {
    return { rejects: brief(error) }
  }
}

function className(value: object): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null
  return prototype === null ? 'null' : (prototype.constructor?.name ?? '?')
}

function trimmed(message: string): string {
  return message.trimEnd()
}
