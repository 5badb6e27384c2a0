/**
 * Each test file, and each reset of the modules, gives the process one more copy of the
 * driver, on the same native part.
 */
const load = () => {
  jest.resetModules()
  return { neo4j: require('neo4j-driver'), connect: require('../checks.cjs').connect }
}

test('copies of the driver work side by side, and know the values of each other', async () => {
  const first = load()
  const second = load()
  expect(first.neo4j).not.toBe(second.neo4j)
  const drivers = [first.connect(), second.connect()]
  try {
    const [one, other] = await Promise.all(
      drivers.map((driver) => driver.executeQuery("RETURN date('2026-01-02') AS date, point({x: 1, y: 2}) AS point")),
    )
    const { date, point } = one.records[0].toObject()
    expect(date).toBeInstanceOf(first.neo4j.Date)
    expect(date).not.toBeInstanceOf(second.neo4j.Date)
    expect(second.neo4j.isDate(date)).toBe(true)
    const given = { date, point, n: first.neo4j.int(1) }
    const { records } = await drivers[1].executeQuery('RETURN $given AS back', { given })
    expect(String(records[0].get('back').date)).toBe(String(other.records[0].get('date')))
    expect(records[0].get('back').point).toBeInstanceOf(second.neo4j.Point)
    await expect(drivers[0].executeQuery('RETURN nothing')).rejects.toBeInstanceOf(first.neo4j.Neo4jError)
  } finally {
    await Promise.all(drivers.map((driver) => driver.close()))
  }
})
