const { checks, connect } = require('../checks.cjs')

describe('an application', () => {
  const driver = connect()
  after(() => driver.close())
  for (const [name, check] of Object.entries(checks)) it(name, () => check(driver))
})
