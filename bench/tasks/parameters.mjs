/** Big parameters: `count` queries one after the other, each with a list of 10,000 maps of 6. */
import { queryOf } from '../lib/shapes.mjs'
import { measure } from '../lib/usage.mjs'

const QUERY = queryOf('int', 1)
const WARM_UP = 5

export async function perform(neo4j, driver, { count }) {
  const rows = Array.from({ length: 10_000 }, (_, i) => ({
    id: neo4j.int(i),
    name: `Person number ${i}`,
    email: `person.${i}@example.com`,
    age: neo4j.int(i % 90),
    score: i * 0.5,
    active: i % 2 === 0,
  }))
  const session = driver.session()
  try {
    for (let i = 0; i < WARM_UP; i++) await session.run(QUERY, { rows })
    const { used } = await measure(async () => {
      for (let i = 0; i < count; i++) await session.run(QUERY, { rows })
    })
    return { ...used, count }
  } finally {
    await session.close()
  }
}
