import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import runner from '../checks.cjs'

const driver = runner.connect()
const checks = Object.entries(runner.checks)
afterAll(() => driver.close())

describe('with timers as they are', () => {
  test.each(checks)('%s', (_name, check) => check(driver))
})

describe('with mock timers', () => {
  const names = ['setTimeout', 'setImmediate', 'setInterval', 'Date', 'performance', 'queueMicrotask']
  beforeEach(() => {
    vi.useFakeTimers({ toFake: names })
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  test('they are in place', () => {
    expect(queueMicrotask).toHaveProperty('clock')
  })
  test.each(checks)('%s', (_name, check) => check(driver))
})
