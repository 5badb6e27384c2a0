/** Bookmarks in all the forms in which they are accepted. */

/**
 * Bookmarks from any form in which they are accepted: none, one, or lists of them, each kept once.
 *
 * @throws TypeError when there is something else among them
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
