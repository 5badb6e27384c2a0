/** Reads bookmarks, in all accepted forms. */

/**
 * Bookmarks from any accepted form: none, one, or lists of them, without duplicates.
 *
 * @throws TypeError if there is anything else among them
 * @internal
 */
export function bookmarksOf(value: unknown): string[] {
  if (value == null || value === '') return []
  if (isText(value)) return [String(value)]
  if (!Array.isArray(value)) {
    throw new TypeError(`Bookmarks should either be a string or a string array, given: '${value}'`)
  }
  const bookmarks = new Set<string>()
  for (const item of value.flat(Number.POSITIVE_INFINITY)) {
    if (item == null) continue
    if (!isText(item)) throw new TypeError(`Bookmark value should be a string, given: '${item}'`)
    bookmarks.add(String(item))
  }
  return [...bookmarks]
}

function isText(value: unknown): value is string {
  return typeof value === 'string' || value instanceof String
}
