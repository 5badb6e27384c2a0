import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type BookmarkManagerConfig, bookmarkManager } from '../../../lib/session/bookmark-manager.js'
import { official } from '../official.js'

/**
 * Runs a scenario with both drivers' managers, and records the calls of suppliers and consumers; fails if
 * they differ.
 */
async function same(
  scenario: (manager: typeof bookmarkManager, calls: unknown[]) => Promise<unknown>,
): Promise<unknown> {
  const outcomes = []
  for (const make of [bookmarkManager, official.bookmarkManager as typeof bookmarkManager]) {
    const calls: unknown[] = []
    outcomes.push({ outcome: await scenario(make, calls), calls })
  }
  assert.deepEqual(outcomes[0], outcomes[1])
  return outcomes[0].outcome
}

describe('bookmarkManager', () => {
  it('starts with nothing', async () => {
    assert.deepEqual(await same((make) => make().getBookmarks()), [])
  })

  it('starts with the initial bookmarks, each once', async () => {
    const config = { initialBookmarks: ['a', 'b', 'a'] }
    assert.deepEqual(await same((make) => make(config).getBookmarks()), ['a', 'b'])
  })

  it('replaces previous bookmarks by new ones', async () => {
    const outcome = await same(async (make) => {
      const manager = make({ initialBookmarks: new Set(['a', 'b', 'c']) })
      await manager.updateBookmarks(['a', 'c', 'unknown'], ['d', 'b'])
      return manager.getBookmarks()
    })
    assert.deepEqual(outcome, ['b', 'd'])
  })

  it('tells the consumer all bookmarks after each update', async () => {
    await same(async (make, calls) => {
      const bookmarksConsumer: BookmarkManagerConfig['bookmarksConsumer'] = async (bookmarks) => {
        calls.push(bookmarks)
      }
      const manager = make({ initialBookmarks: ['a'], bookmarksConsumer })
      await manager.updateBookmarks([], ['b'])
      await manager.updateBookmarks(['a', 'b'], ['c'])
      assert.deepEqual(calls, [['a', 'b'], ['c']])
    })
  })

  it('adds what the supplier knows, without keeping it', async () => {
    const outcome = await same(async (make) => {
      const supplied = [['x', 'a'], ['y'], undefined as unknown as string[]]
      const manager = make({ initialBookmarks: ['a'], bookmarksSupplier: async () => supplied.shift() as string[] })
      return [await manager.getBookmarks(), await manager.getBookmarks(), await manager.getBookmarks()]
    })
    assert.deepEqual(outcome, [['a', 'x'], ['a', 'y'], ['a']])
  })

  it('does not wait for what is committed while the supplier answers', async () => {
    const outcome = await same(async (make) => {
      let answer = (_: string[]) => {}
      const manager = make({
        initialBookmarks: ['a'],
        bookmarksSupplier: () => new Promise((resolve) => (answer = resolve)),
      })
      const bookmarks = manager.getBookmarks()
      await manager.updateBookmarks(['a'], ['b'])
      answer([])
      return bookmarks
    })
    assert.deepEqual(outcome, ['a'])
  })

  it('fails when supplier or consumer fail', async () => {
    const failing = async () => {
      throw new Error('out of order')
    }
    for (const make of [bookmarkManager, official.bookmarkManager]) {
      await assert.rejects(make({ bookmarksSupplier: failing }).getBookmarks(), { message: 'out of order' })
      await assert.rejects(make({ bookmarksConsumer: failing }).updateBookmarks([], ['a']), { message: 'out of order' })
    }
  })

  it('keeps its bookmarks to itself', async () => {
    const manager = bookmarkManager({ initialBookmarks: ['a'] })
    const bookmarks = (await manager.getBookmarks()) as string[]
    bookmarks.push('b')
    assert.deepEqual(await manager.getBookmarks(), ['a'])
  })
})
