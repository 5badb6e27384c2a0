/**
 * JSON text for error messages and for people: `JSON.stringify` which also takes bigints. The driver's own
 * types are written by their `toString()`.
 */

/** How {@link stringify} writes objects. */
export interface StringifyOptions {
  /** Write an object with a `toString()` of its own as that text. Default: false. */
  useCustomToString?: boolean
  /** Names of members whose values are left out. Default: none. */
  hidden?: readonly string[]
}

/**
 * Writes a value as JSON. A bigint becomes the text `"12n"`.
 *
 * @returns the text, or undefined where JSON has none (`undefined`, functions, symbols)
 */
export function stringify(value: unknown, options?: StringifyOptions): string | undefined {
  const custom = options?.useCustomToString === true
  const hidden = options?.hidden
  return JSON.stringify(value, (key, item: unknown) => {
    if (item != null && hidden?.includes(key)) return '******'
    if (typeof item === 'bigint') return `${item}n`
    if (custom && typeof item === 'object' && item !== null && !Array.isArray(item)) {
      const text = item.toString
      if (typeof text === 'function' && text !== Object.prototype.toString) return text.call(item)
    }
    return item
  })
}
