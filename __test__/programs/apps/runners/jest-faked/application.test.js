// The real one has no clock. Said first, as without it everything below would pass and show nothing.
test('mock timers are in place before the driver is loaded', () => {
  for (const mocked of [setTimeout, setImmediate, queueMicrotask]) expect(mocked).toHaveProperty('clock')
})

const { checks, connect } = require('../checks.cjs')

const driver = connect()
afterAll(() => driver.close())

test.each(Object.entries(checks))('%s', (_name, check) => check(driver))
