/**
 * Bookmarks shared by sessions, so that each sees what the others have written. Knows sets of bookmarks; knows nothing
 * of sessions and servers.
 */

/** Keeps the bookmarks which sessions hand to each other. */
export interface BookmarkManager {
  /**
   * Replaces bookmarks which a finished transaction had started from by the one it ended with.
   *
   * @param previousBookmarks those the transaction started from
   * @param newBookmarks those it ended with
   */
  updateBookmarks(previousBookmarks: Iterable<string>, newBookmarks: Iterable<string>): Promise<void>
  /** What the next transaction has to wait for. */
  getBookmarks(): Promise<Iterable<string>>
}

/** Where bookmarks come from and go to, besides the manager's own memory. */
export interface BookmarkManagerConfig {
  /** What to begin with. Default: none. */
  initialBookmarks?: Iterable<string>
  /** Asked for more bookmarks each time they are needed; for those of other processes. */
  bookmarksSupplier?: () => Promise<Iterable<string>>
  /** Told all bookmarks each time they have changed. */
  bookmarksConsumer?: (bookmarks: Iterable<string>) => Promise<void>
}

/**
 * Makes a {@link BookmarkManager} which keeps bookmarks in memory.
 *
 * @example
 * const shared = neo4j.bookmarkManager()
 * const writer = driver.session({ bookmarkManager: shared })
 * const reader = driver.session({ bookmarkManager: shared }) // sees what writer has committed
 */
export function bookmarkManager(config?: BookmarkManagerConfig): BookmarkManager {
  return new Neo4jBookmarkManager(config ?? {})
}

class Neo4jBookmarkManager implements BookmarkManager {
  // Not a Set: one that lives long leaves a chain of tables behind it as it changes, and the collector of young objects
  // keeps what they lead to; with that a small query cost a third more.
  #bookmarks: readonly string[]
  readonly #supplier: BookmarkManagerConfig['bookmarksSupplier']
  readonly #consumer: BookmarkManagerConfig['bookmarksConsumer']

  constructor(config: BookmarkManagerConfig) {
    this.#bookmarks = [...new Set(config.initialBookmarks)]
    this.#supplier = config.bookmarksSupplier
    this.#consumer = config.bookmarksConsumer
  }

  /** @internal */
  get answersByItself(): boolean {
    return typeof this.#supplier !== 'function'
  }

  async updateBookmarks(previousBookmarks: Iterable<string>, newBookmarks: Iterable<string>): Promise<void> {
    const previous = new Set(previousBookmarks)
    this.#bookmarks = [...new Set([...this.#bookmarks.filter((bookmark) => !previous.has(bookmark)), ...newBookmarks])]
    if (typeof this.#consumer === 'function') await this.#consumer([...this.#bookmarks])
  }

  async getBookmarks(): Promise<Iterable<string>> {
    if (typeof this.#supplier !== 'function') return [...this.#bookmarks]
    // The set as it is now: what is committed while the supplier answers is for the next one to wait for.
    const bookmarks = new Set(this.#bookmarks)
    for (const bookmark of (await this.#supplier()) ?? []) bookmarks.add(bookmark)
    return [...bookmarks]
  }
}

/**
 * Whether a manager gives its bookmarks without asking a function of the application.
 * @internal
 */
export function answersByItself(manager: BookmarkManager): boolean {
  return manager instanceof Neo4jBookmarkManager && manager.answersByItself
}
