import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { afterNextTurn, blockedFor, markBusy } from '../../../lib/util/event-loop.js'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('afterNextTurn()', () => {
  it('lets one go on in each turn of the event loop, in the order in which they came', async () => {
    const seen: string[] = []
    const events = (): void => {
      seen.push('events')
      timer = setImmediate(events)
    }
    let timer: NodeJS.Immediate | undefined
    await new Promise<void>((resolve) => {
      afterNextTurn(() => {
        seen.push('a')
        afterNextTurn(resolve)
      })
      afterNextTurn(() => seen.push('b'))
      afterNextTurn(() => seen.push('c'))
      timer = setImmediate(events)
    })
    clearImmediate(timer)
    assert.deepEqual(seen, ['a', 'events', 'b', 'events', 'c', 'events'])
  })
})

describe('blockedFor()', () => {
  // Milliseconds; only differences count.
  const START = 1000

  beforeEach(turn)

  it('is what the caller knows, while that is short', () => {
    assert.equal(blockedFor(START + 0.125, START), 0.125)
    assert.equal(blockedFor(START + 1, START + 1), 0)
  })

  it('is the longest run that anybody knows of', () => {
    assert.equal(blockedFor(START + 2, START), 2)
    assert.equal(blockedFor(START + 3, START + 3), 3)
    assert.equal(blockedFor(START + 3, START - 5), 3)
  })

  it('counts from a run that is noted, however short the parts that follow', () => {
    markBusy(START)
    markBusy(START + 1)
    assert.equal(blockedFor(START + 6, START + 6), 6)
  })

  it('begins anew after a turn of the event loop', async () => {
    markBusy(START)
    await turn()
    assert.equal(blockedFor(START + 7, START + 7), 0)
  })
})
