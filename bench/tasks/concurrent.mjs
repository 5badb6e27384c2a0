/**
 * `concurrency` results read at the same time by `for await`, each of `rows` records on a connection of its
 * own.
 */
import { queryOf, SHAPES } from '../lib/shapes.mjs'
import { measure } from '../lib/usage.mjs'

export async function perform(neo4j, driver, { shape, rows, concurrency }) {
  const { touch } = SHAPES[shape]
  let sink = 0
  const read = async (count) => {
    const session = driver.session({ defaultAccessMode: neo4j.session.READ })
    try {
      let seen = 0
      for await (const record of session.run(queryOf(shape, count))) {
        sink += touch(record)
        seen++
      }
      return seen
    } finally {
      await session.close()
    }
  }
  const all = (count) => Promise.all(Array.from({ length: concurrency }, () => read(count)))
  // Opens the connections, too.
  await all(Math.max(1000, Math.ceil(rows / 4)))
  const { result, used } = await measure(() => all(rows))
  const count = result.reduce((sum, seen) => sum + seen, 0)
  if (count !== rows * concurrency) throw new Error(`${count} records came, ${rows * concurrency} were asked for`)
  if (Number.isNaN(sink)) throw new Error('a field was not what its shape says')
  return { ...used, count }
}
