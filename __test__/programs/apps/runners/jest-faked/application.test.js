const { checks, connect } = require('../checks.cjs')

const driver = connect()
afterAll(() => driver.close())

test.each(Object.entries(checks))('%s', (_name, check) => check(driver))
