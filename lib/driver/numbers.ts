/** Reads numeric settings, in all accepted forms. */

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

/**
 * A whole number for a setting that the official driver does not have. Unlike {@link integerOr}, it takes a
 * number as it is: parseInt would read 1e21 as 1. Text is read like a number in JavaScript source.
 *
 * @returns within the safe integers; `absent` for a value that is not a number
 */
export function ownIntegerOr(absent: number, value: unknown): number {
  // A template refuses a symbol, as parseInt does.
  const text = `${value}`.trim()
  const number = text === '' ? Number.NaN : Math.trunc(Number(text))
  if (Number.isNaN(number)) return absent
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(-Number.MAX_SAFE_INTEGER, number))
}

/** Like {@link ownIntegerOr}; 0 and less counts as absent. */
export function ownPositiveOr(absent: number, value: unknown): number {
  const number = ownIntegerOr(absent, value)
  return number > 0 ? number : absent
}

/** Any number, infinity included. */
export function numberOr(absent: number, value: unknown): number {
  const number = Number(value)
  return Number.isNaN(number) ? absent : number
}
