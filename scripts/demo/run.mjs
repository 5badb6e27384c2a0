/**
 * The demo once everything is built: a server, the data, five questions, the cost of each, and then the
 * cleanup, also on Ctrl-C and after a failure. Resolves with the exit code.
 */
import { createRequire } from 'node:module'
import { measure } from '../../bench/lib/usage.mjs'
import { Dataset } from './dataset.mjs'
import { QUESTIONS } from './questions.mjs'
import { bar, bold, DemoError, dim, duration, heading, number, prose, say, step, table } from './terminal.mjs'

const require = createRequire(import.meta.url)

/** How many records the last part streams. */
const MANY = 1_000_000

export async function demo() {
  const neo4j = require('../..')
  const server = await findServer()
  const connect = () => neo4j.driver(server.uri, neo4j.auth.basic(server.user, server.password))
  const driver = connect()
  const data = new Dataset(neo4j, driver)

  /** Settles when the load has ended, well or not: only then is it known what must be removed. */
  let loaded = Promise.resolve()
  /** Runs once, at the first of these: the end of the demo, a failure, a signal. */
  let cleared
  const clear = () => {
    cleared ??= (async () => {
      try {
        // Closing first ends a query that is still running. The data is then removed over a new connection.
        await driver.close()
        await loaded
        if (data.touched && !server.own) await removeFrom(connect(), data)
      } finally {
        await server.stop()
      }
    })()
    return cleared
  }
  const interrupted = onInterrupt(clear)

  try {
    await introduce(driver, server)
    if (!server.own) await data.refuseForeign()
    const loading = step('Loading the airports')
    const load = data.load()
    loaded = load.then(noop, noop)
    const { airports, routes } = await load
    loading(true, `${number(airports)} airports and ${number(routes)} routes flown between them in 2008`)

    const costs = []
    for (const question of QUESTIONS) costs.push(await ask(question, driver))
    costs.push(await many(driver))
    conclude(costs)
  } catch (error) {
    // A query that the interrupt itself has ended needs no message.
    if (!interrupted.now) throw error
  } finally {
    await clear()
  }
  say(server.own ? dim('The server has been stopped.') : dim('The database is as it was found.'))
  return interrupted.now ? 130 : 0
}

/** The server that the environment names, or one of our own. */
async function findServer() {
  const { NEO4J_URI: uri, NEO4J_USER: user = 'neo4j', NEO4J_PASSWORD: password } = process.env
  if (uri !== undefined) {
    if (password === undefined) throw new DemoError('NEO4J_URI is set, but NEO4J_PASSWORD is not: set both.')
    return { uri, user, password, own: false, stop: async () => {} }
  }
  const { startNeo4j } = await import('../neo4j/server.mjs')
  const bars = {}
  const finish = (phase, note) => bars[phase]?.(1, note)
  const server = await startNeo4j({
    version: '5.26.20',
    onProgress: ({ phase, done, total, jars, totalJars }) => {
      if (phase === 'download') {
        bars.download ??= bar('Downloading Neo4j 5.26')
        bars.download(
          Math.min(0.99, done / total),
          `${megabytes(done)} of ${megabytes(total)} MB, ${jars} of ${totalJars} files`,
        )
      } else {
        if (bars.start === undefined) finish('download', 'from Maven Central')
        bars.start ??= bar('Starting Neo4j 5.26   ')
        bars.start(Math.min(0.99, done / total), duration(done))
      }
    },
  })
  finish('start', server.uri)
  return { ...server, own: true, stop: () => server.stop() }
}

const noop = () => {}
const megabytes = (bytes) => Math.round(bytes / 1e6)

async function introduce(driver, { uri, own }) {
  const { agent, protocolVersion } = await driver.getServerInfo()
  const version = typeof protocolVersion === 'object' ? `${protocolVersion}` : Number(protocolVersion).toFixed(1)
  heading('neobolt: five ways to read a result')
  prose(
    `Connected to ${agent} at ${uri} (Bolt ${version}), ${
      own ? 'started for this demo and stopped at its end.' : 'which will be left as it was found.'
    }`,
  )
}

async function ask({ way, goodFor, asks, answer }, driver) {
  heading(way)
  prose(`Good for ${goodFor}.`)
  say()
  say(bold(asks))
  const { result: records, used } = await measure(() => answer(driver))
  say(
    dim(
      `  ${number(records)} records, ${duration(used.wall)} in all, ${duration(used.main)} of CPU on the main thread`,
    ),
  )
  return { way, records, used }
}

/** One long stream, for a figure that means more than one from a handful of records. */
async function many(driver) {
  heading('And a long one')
  prose(
    `${number(MANY)} records by asynchronous iteration: the memory does not grow with the result, and the main thread has time left.`,
  )
  say()
  const session = driver.session()
  try {
    const { result: sum, used } = await measure(async () => {
      let total = 0
      for await (const record of session.run(`UNWIND range(1, ${MANY}) AS i RETURN i`))
        total += record.get('i').toNumber()
      return total
    })
    table(
      ['the sum of the first million numbers', number(sum)],
      [
        ['records per second', number(Math.round((1000 * MANY) / used.wall))],
        ['main thread busy', `${Math.round((100 * used.main) / used.wall)} % of ${duration(used.wall)}`],
        ['peak memory of this process', `${Math.round(used.rss)} MB`],
        ['longest delay of a timer', duration(used.delay)],
      ],
      'lr',
    )
    return { way: 'The long one', records: MANY, used }
  } finally {
    await session.close()
  }
}

function conclude(costs) {
  heading('What it cost')
  table(
    ['', 'records', 'wall', 'main-thread CPU', 'CPU of all threads'],
    costs.map(({ way, records, used }) => [
      way,
      number(records),
      duration(used.wall),
      duration(used.main),
      duration(used.process),
    ]),
    'lrrrr',
  )
  say()
  prose('Each way is also a short file in examples/. To compare with neo4j-driver: npm run bench.')
  say()
}

async function removeFrom(driver, data) {
  try {
    await data.withDriver(driver).remove()
  } finally {
    await driver.close()
  }
}

/** Cleans up on Ctrl-C. A second Ctrl-C ends the process at once, as users expect. */
function onInterrupt(clear) {
  const state = { now: false }
  const stop = async () => {
    if (state.now) process.exit(130)
    state.now = true
    say()
    say('Interrupted: clearing up.')
    try {
      await clear()
    } catch (error) {
      say(`Could not clear up: ${error.message}`)
    }
    process.exit(130)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return state
}
