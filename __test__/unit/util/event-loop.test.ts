import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { inTurn, noteRun, ranFor } from '../../../lib/util/event-loop.js'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('inTurn()', () => {
  it('lets one go on in each turn of the event loop, in the order in which they came', async () => {
    const seen: string[] = []
    const events = (): void => {
      seen.push('events')
      timer = setImmediate(events)
    }
    let timer: NodeJS.Immediate | undefined
    await new Promise<void>((resolve) => {
      inTurn(() => {
        seen.push('a')
        inTurn(resolve)
      })
      inTurn(() => seen.push('b'))
      inTurn(() => seen.push('c'))
      timer = setImmediate(events)
    })
    clearImmediate(timer)
    assert.deepEqual(seen, ['a', 'events', 'b', 'events', 'c', 'events'])
  })
})

describe('ranFor()', () => {
  // Milliseconds; only differences count.
  const START = 1000

  beforeEach(turn)

  it('is what the caller knows, while that is short', () => {
    assert.equal(ranFor(START + 0.125, START), 0.125)
    assert.equal(ranFor(START + 1, START + 1), 0)
  })

  it('is the longest run that anybody knows of', () => {
    assert.equal(ranFor(START + 2, START), 2)
    assert.equal(ranFor(START + 3, START + 3), 3)
    assert.equal(ranFor(START + 3, START - 5), 3)
  })

  it('counts from a run that is noted, however short the parts that follow', () => {
    noteRun(START)
    noteRun(START + 1)
    assert.equal(ranFor(START + 6, START + 6), 6)
  })

  it('begins anew after a turn of the event loop', async () => {
    noteRun(START)
    await turn()
    assert.equal(ranFor(START + 7, START + 7), 0)
  })
})
