/** Numeric settings, in all accepted forms. */

/** A whole number from a number or text, as parseInt reads it. */
export function integerOr(absent: number, value: unknown): number {
  const number = Number.parseInt(value as string, 10)
  return Number.isNaN(number) ? absent : number
}

/** Like {@link integerOr}; less than 0 means no limit. */
export function countOr(absent: number, value: unknown): number {
  const number = integerOr(absent, value)
  return number < 0 ? Number.MAX_SAFE_INTEGER : number
}

/** Like {@link integerOr}; 0 and less counts as absent. */
export function positiveOr(absent: number, value: unknown): number {
  const number = integerOr(absent, value)
  return number > 0 ? number : absent
}

/** Any number, infinity included. */
export function numberOr(absent: number, value: unknown): number {
  const number = Number(value)
  return Number.isNaN(number) ? absent : number
}
