/**
 * Bookmarks shared by sessions, so that each session sees what the others have written.
 */

/** Holds the bookmarks that sessions share. */
export interface BookmarkManager {
  /**
   * Replaces the bookmarks from which a finished transaction started by the one with which it ended.
   *
   * @param previousBookmarks the ones from which the transaction started
   * @param newBookmarks the ones with which it ended
   */
  updateBookmarks(previousBookmarks: Iterable<string>, newBookmarks: Iterable<string>): Promise<void>
  /** The bookmarks that the next transaction waits for. */
  getBookmarks(): Promise<Iterable<string>>
}

/** Further sources and receivers of bookmarks, besides the manager's own memory. */
export interface BookmarkManagerConfig {
  /** The first bookmarks. Default: none. */
  initialBookmarks?: Iterable<string>
  /** Called for more bookmarks whenever a transaction needs them, for instance those of other processes. */
  bookmarksSupplier?: () => Promise<Iterable<string>>
  /** Called with all bookmarks whenever they have changed. */
  bookmarksConsumer?: (bookmarks: Iterable<string>) => Promise<void>
}

/**
 * Creates a {@link BookmarkManager} that holds bookmarks in memory.
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
  // Not a Set: a long-lived Set leaves a chain of tables behind as it changes, and the collector of young
  // objects keeps everything that they lead to. With a Set, a small query cost a third more.
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
    // The set as it is now. If a transaction commits while the supplier answers, the
    // next one waits for its bookmark.
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
