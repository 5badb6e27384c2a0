import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClockDrift } from '../../../lib/engine/clock-drift.js'

function watch(): { at(lead: number): number } {
  let now = 1_700_000_000_000
  const clock = new ClockDrift(() => now)
  return {
    at: (lead) => {
      now = 1_700_000_000_000 + lead
      return clock.sinceLast()
    },
  }
}

test('what has been slept through is told once', () => {
  const clock = watch()
  assert.deepEqual([clock.at(0), clock.at(60_000), clock.at(60_000), clock.at(90_500.4)], [0, 60_000, 0, 30_500])
})

test('a clock that wanders is no sleep, however far it gets bit by bit, until that is a second', () => {
  const clock = watch()
  assert.deepEqual([clock.at(400), clock.at(900), clock.at(1400)], [0, 0, 1400])
})

test('a clock that is set back starts anew from there', () => {
  const clock = watch()
  assert.deepEqual([clock.at(-3_600_000), clock.at(-3_600_000 + 5000)], [0, 5000])
})

test('no more is told than the engine takes', () => {
  assert.equal(watch().at(2 ** 40), 0xffffffff)
})
