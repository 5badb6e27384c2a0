import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newError } from '../../../lib/error/neo4j-error.js'
import { Retries, type RetryClock, RetrySchedule } from '../../../lib/session/retry.js'
import { settled, stateOf } from '../fake-engine.js'

const LATER = newError('later', 'ServiceUnavailable')

/** A clock that the test moves. */
class FakeClock implements RetryClock {
  time = 0
  chance = 0.5
  readonly waits: number[] = []
  #timers: { at: number; callback: () => void }[] = []

  now(): number {
    return this.time
  }

  random(): number {
    return this.chance
  }

  after(milliseconds: number, callback: () => void): () => void {
    this.waits.push(milliseconds)
    const timer = { at: this.time + milliseconds, callback }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  get waiting(): number {
    return this.#timers.length
  }

  async tick(milliseconds: number): Promise<void> {
    this.time += milliseconds
    const due = this.#timers.filter(({ at }) => at <= this.time)
    this.#timers = this.#timers.filter(({ at }) => at > this.time)
    for (const { callback } of due) callback()
    await settled()
  }
}

describe('the schedule of retries', () => {
  it('waits for 1 s and then twice as long each time', () => {
    const schedule = new RetrySchedule(30_000, new FakeClock())
    assert.deepEqual(
      [1, 2, 3, 4].map(() => schedule.delayAfter(LATER)),
      [1000, 2000, 4000, 8000],
    )
  })

  it('waits up to a fifth less or more, as chance has it', () => {
    const clock = new FakeClock()
    const schedule = new RetrySchedule(30_000, clock)
    clock.chance = 0
    assert.equal(schedule.delayAfter(LATER), 800)
    clock.chance = 1
    assert.equal(Math.round(schedule.delayAfter(LATER) as number), 2400)
  })

  it('ends when the budget is used up, which runs from the first failure', () => {
    const clock = new FakeClock()
    clock.time = 1_000_000
    const schedule = new RetrySchedule(30_000, clock)
    assert.equal(schedule.delayAfter(LATER), 1000)
    clock.time += 29_999
    assert.equal(schedule.delayAfter(LATER), 2000)
    clock.time += 1
    assert.equal(schedule.delayAfter(LATER), null)
  })

  it('has no place for a retry in a budget of 0', () => {
    assert.equal(new RetrySchedule(0, new FakeClock()).delayAfter(LATER), null)
  })

  it('is for errors which pass', () => {
    const schedule = new RetrySchedule(30_000, new FakeClock())
    for (const code of [
      'ServiceUnavailable',
      'SessionExpired',
      'Neo.TransientError.Transaction.DeadlockDetected',
      'Neo.ClientError.Security.AuthorizationExpired',
    ]) {
      assert.notEqual(schedule.delayAfter(newError('', code)), null, code)
    }
    for (const error of [
      newError('', 'Neo.ClientError.Statement.SyntaxError'),
      newError(''),
      new Error('ServiceUnavailable'),
      undefined,
    ]) {
      assert.equal(schedule.delayAfter(error), null)
    }
  })
})

describe('retries', () => {
  it('run the attempt again until it succeeds', async () => {
    const clock = new FakeClock()
    let attempts = 0
    const running = new Retries(30_000, clock).run(async () => {
      if (++attempts < 3) throw LATER
      return attempts
    })
    await settled()
    await clock.tick(1000)
    await clock.tick(2000)
    assert.equal(await running, 3)
    assert.deepEqual(clock.waits, [1000, 2000])
  })

  it('reject with the last error as it is when the budget is used up', async () => {
    const clock = new FakeClock()
    const errors: Error[] = []
    const running = new Retries(1500, clock).run(async () => {
      errors.push(newError(`${errors.length + 1}`, 'ServiceUnavailable'))
      throw errors[errors.length - 1]
    })
    running.catch(() => undefined)
    await settled()
    await clock.tick(1000)
    await clock.tick(2000)
    assert.equal(await running.catch((error) => error), errors[2])
    assert.equal(errors.length, 3)
  })

  it('do not repeat an error that will not pass', async () => {
    let attempts = 0
    const mine = new Error('mine')
    const running = new Retries(30_000, new FakeClock()).run(async () => {
      attempts++
      throw mine
    })
    assert.equal(await running.catch((error) => error), mine)
    assert.equal(attempts, 1)
  })

  it('give up with the last error when closed, and leave no timer behind', async () => {
    const clock = new FakeClock()
    const retries = new Retries(30_000, clock)
    const running = retries.run(async () => {
      throw LATER
    })
    assert.equal(await stateOf(running), 'pending')
    assert.equal(clock.waiting, 1)
    retries.close()
    assert.equal(await running.catch((error) => error), LATER)
    assert.equal(clock.waiting, 0)
    await assert.rejects(retries.wait(1, LATER), LATER)
  })

  it('go by the global timers as they are at the time, so that mock timers work', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
    let attempts = 0
    const running = new Retries(30_000).run(async () => {
      if (++attempts === 1) throw LATER
      return 'done'
    })
    await settled()
    context.mock.timers.tick(799)
    assert.equal(await stateOf(running), 'pending')
    context.mock.timers.tick(401)
    assert.equal(await running, 'done')
  })
})
