const { checks, connect } = require('../checks.cjs')

const driver = connect()
afterAll(() => driver.close())

describe('with timers as they are', () => {
  test.each(Object.entries(checks))('%s', (_name, check) => check(driver))
})

describe('with mock timers', () => {
  beforeEach(() => jest.useFakeTimers())
  afterEach(() => jest.useRealTimers())
  test('they are in place', () => expect(queueMicrotask).toHaveProperty('clock'))
  test.each(Object.entries(checks))('%s', (_name, check) => check(driver))
})
