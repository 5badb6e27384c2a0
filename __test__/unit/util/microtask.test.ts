import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { soon } from '../../../lib/util/microtask.js'

describe('soon', () => {
  it('calls back after the present job, in order with other microtasks', async () => {
    const calls: string[] = []
    queueMicrotask(() => calls.push('before'))
    soon(() => calls.push('soon'))
    queueMicrotask(() => calls.push('after'))
    calls.push('now')
    await null
    assert.deepEqual(calls, ['now', 'before', 'soon', 'after'])
  })

  it('does not need the global queueMicrotask, which mock timers replace', async () => {
    const real = globalThis.queueMicrotask
    globalThis.queueMicrotask = () => {}
    try {
      let called = false
      soon(() => {
        called = true
      })
      await null
      assert.equal(called, true)
    } finally {
      globalThis.queueMicrotask = real
    }
  })
})
