/**
 * One measurement in a fresh process: one driver, one way to read, one shape. Prints one line of JSON.
 *
 *   node bench/client.mjs --driver neobolt|neo4j-driver --way for-await|subscribe|promise --shape int --rows 1000000 --uri bolt://…
 *
 * A quarter of the rows is read first, so that the JIT has seen the code, then the measured run follows on the same
 * connection. The digest covers the first rows in full: the caller compares it between the drivers, so that no
 * figure comes from a driver that gave something else.
 */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { queryOf, SHAPES } from './lib/shapes.mjs'
import { measure, threadClock } from './lib/usage.mjs'

const require = createRequire(import.meta.url)
const DRIVERS = { neobolt: '..', 'neo4j-driver': 'neo4j-driver' }

const KEPT = 1024

const { values: options } = parseArgs({
  options: {
    driver: { type: 'string', default: 'neobolt' },
    way: { type: 'string', default: 'for-await' },
    shape: { type: 'string', default: 'int' },
    rows: { type: 'string' },
    uri: { type: 'string', default: 'bolt://127.0.0.1:7687' },
    user: { type: 'string', default: 'neo4j' },
    password: { type: 'string', default: 'neo4j' },
    'fetch-size': { type: 'string', default: '1000' },
  },
})

const shape = SHAPES[options.shape]
const rows = Number(options.rows ?? shape.rows)

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
    for (const record of records) each(record)
    return records.length
  },
}

const neo4j = require(DRIVERS[options.driver])
const driver = neo4j.driver(options.uri, neo4j.auth.basic(options.user, options.password), {
  fetchSize: Number(options['fetch-size']),
})

try {
  const read = WAYS[options.way]
  const digest = await check(read)
  let sink = 0
  // The latest records are kept, as an application might: none can be optimised away before it is made.
  const kept = new Array(KEPT).fill(null)
  let seen = 0
  const each = (record) => {
    sink += shape.touch(record)
    kept[seen++ % KEPT] = record
  }
  await once(read, Math.max(1000, Math.ceil(rows / 4000) * 1000), each)
  const { result: count, used } = await measure(() => once(read, rows, each))
  if (count !== rows) throw new Error(`${count} records came, ${rows} were asked for`)
  if (Number.isNaN(sink)) throw new Error('a field was not what its shape says')
  process.stdout.write(`${JSON.stringify({ ...used, rows, digest, clock: threadClock.name })}\n`)
} finally {
  await driver.close()
}

async function once(read, count, each) {
  const session = driver.session({ defaultAccessMode: neo4j.session.READ })
  try {
    return await read(session, queryOf(options.shape, count), each)
  } finally {
    await session.close()
  }
}

/** A hash over the whole content of the first thousand records. */
async function check(read) {
  const hash = createHash('sha256')
  await once(read, 1000, (record) => {
    hash.update(JSON.stringify(record.toObject()))
  })
  return hash.digest('hex').slice(0, 16)
}
