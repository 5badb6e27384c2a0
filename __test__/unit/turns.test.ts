import assert from 'node:assert/strict'
import { it } from 'node:test'
import { inTurn } from '../../lib/turns.js'

it('lets one go on in each turn of the event loop, in the order in which they came', async () => {
  const seen: string[] = []
  const turn = (): void => {
    seen.push('events')
    timer = setImmediate(turn)
  }
  await new Promise<void>((resolve) => {
    inTurn(() => {
      seen.push('a')
      inTurn(resolve)
    })
    inTurn(() => seen.push('b'))
    inTurn(() => seen.push('c'))
    timer = setImmediate(turn)
  })
  clearImmediate(timer)
  assert.deepEqual(seen, ['a', 'events', 'b', 'events', 'c', 'events'])
})

let timer: NodeJS.Immediate
