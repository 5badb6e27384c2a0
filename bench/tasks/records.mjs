/**
 * Reads all records of one query. A part of them is read first, so that the JIT has compiled the code. The
 * measured run follows on the same connection, `rounds` times if one alone is too short to measure. The
 * digest covers the first records in full: the caller compares it between the drivers, so that no figure
 * comes from a driver that returned something else.
 */
import { createHash } from 'node:crypto'
import { queryOf, SHAPES } from '../lib/shapes.mjs'
import { measure } from '../lib/usage.mjs'

const KEPT = 1024
const CHECKED = 1000
const MOST_WARM_UP = 250_000
const UNINTERRUPTED = 10_000

/** Each way to read a result: calls `each` for every record, resolves with how many there were. */
const WAYS = {
  'for-await': async (session, query, each) => {
    let count = 0
    for await (const record of session.run(query)) {
      each(record)
      count++
    }
    return count
  },
  subscribe: (session, query, each) =>
    new Promise((resolve, reject) => {
      let count = 0
      session.run(query).subscribe({
        onNext: (record) => {
          each(record)
          count++
        },
        onCompleted: () => resolve(count),
        onError: reject,
      })
    }),
  promise: async (session, query, each) => {
    const { records } = await session.run(query)
    for (let i = 0; i < records.length; i++) {
      each(records[i])
      // The loop is the application's: its time must not be counted as the driver holding up timers.
      if (i % UNINTERRUPTED === UNINTERRUPTED - 1) await new Promise(setImmediate)
    }
    return records.length
  },
}

export async function perform(neo4j, driver, { way, shape, rows, rounds }) {
  const read = WAYS[way]
  const { touch } = SHAPES[shape]
  const once = async (count, each) => {
    const session = driver.session({ defaultAccessMode: neo4j.session.READ })
    try {
      return await read(session, queryOf(shape, count), each)
    } finally {
      await session.close()
    }
  }

  const hash = createHash('sha256')
  await once(CHECKED, (record) => {
    hash.update(JSON.stringify(record.toObject()))
  })
  let sink = 0
  // The latest records are kept, as an application might: none can be optimised away.
  const kept = new Array(KEPT).fill(null)
  let seen = 0
  const each = (record) => {
    sink += touch(record)
    kept[seen++ % KEPT] = record
  }
  const warmUp = Math.min(MOST_WARM_UP, Math.ceil((rows * rounds) / 4000) * 1000)
  for (let done = 0; done < warmUp; done += rows) await once(Math.min(rows, Math.max(1000, warmUp)), each)

  const { result: count, used } = await measure(async () => {
    let sum = 0
    for (let round = 0; round < rounds; round++) sum += await once(rows, each)
    return sum
  })
  if (count !== rows * rounds) throw new Error(`${count} records came, ${rows * rounds} were asked for`)
  if (Number.isNaN(sink)) throw new Error('a field was not what its shape says')
  return { ...used, count, digest: hash.digest('hex').slice(0, 16) }
}
