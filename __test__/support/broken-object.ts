/** The stand-in for a broken structure: it throws whenever a program looks into it, except at two names. */

export function isBrokenObject(value: unknown): boolean {
  const { __isBrokenObject__ } = (value ?? {}) as { __isBrokenObject__?: unknown }
  return typeof value === 'object' && __isBrokenObject__ === true
}

/** The error that it throws. */
export function brokenReason(object: object): unknown {
  return (object as { __reason__?: unknown }).__reason__
}
