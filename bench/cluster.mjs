// @ts-check
/**
 * A cluster of scripted servers (bench/lib/cluster.mjs: three writers, of which one leads, five readers, two
 * routers) under many sessions at once, while its leader changes, servers restart one after the other, and
 * some cannot be reached or cannot answer. Acknowledged work must be there once; failed work must be
 * retryable or in doubt; reads must be spread evenly over the readers; memory must not grow.
 *
 *     node bench/cluster.mjs                               two minutes, 200 sessions
 *     node bench/cluster.mjs --seconds 10 --sessions 20
 *     node bench/cluster.mjs --driver neo4j-driver         the same with another driver, for comparison
 *
 * Prints one table. Exits with 1 if a threshold does not hold, and with 2 if the run does not end in time.
 *
 * The time is divided so: an eighth to warm up, an eighth without disturbances, five eighths with them, an
 * eighth without them again. The two calm parts last longer if there were too few reads to judge how they
 * spread. They begin anew if the machine has stopped for so long that a driver had to take a server for dead.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { median, textTable } from './lib/table.mjs'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    sessions: { type: 'string', default: '200' },
    driver: { type: 'string', default: '..' },
  },
})
const seconds = Number(options.seconds)
const sessions = Number(options.sessions)
const READERS = 5
/**
 * With this many for each reader, the spread means something: of a hundred, the forty under way at either end
 * are too many.
 */
const ENOUGH_READS = 400
/** How far a reader may be from its even share. */
const UNEVEN = 0.1
/** Of a transaction function, in milliseconds. */
const BUDGET = 30_000
/**
 * How long a call may take, in milliseconds. A transaction function that fails just before the end of the
 * budget is tried once more, after a wait that has doubled up to there, and may wait for a connection.
 */
const LIMIT = 2 * BUDGET + 15_000
/** Longer than two minutes with 200 sessions take. */
const IDS = 1 << 21
const MB = 1e6

const neo4j = /** @type {typeof import('neo4j-driver')} */ (createRequire(import.meta.url)(options.driver))
setFlagsFromString('--expose-gc')
const collect = /** @type {() => void} */ (runInNewContext('gc'))

/** What has become of each id. */
const UNKNOWN = 1
const ACKNOWLEDGED = 2
const IN_DOUBT = 3
const FAILED = 4
// Filled, so that none of its pages is new later on.
const fates = new Uint8Array(IDS).fill(UNKNOWN)
let ids = 1
const outcome = { reads: 0, writes: 0, inDoubt: 0, failed: 0, notRetryable: 0, unread: 0, slowest: 0, tries: 0 }
/** @type {Map<string, number>} */
const codes = new Map()
/** @type {Map<string, number>} */
const surprises = new Map()
/** @type {{ at: number, rss: number }[]} */
const memory = []

const watchdog = setTimeout(
  () => {
    console.error('It does not come to an end. FAILED')
    process.exit(2)
  },
  seconds * 1000 + LIMIT + BUDGET,
)

const cluster = await startCluster()
const [seed] = await cluster.ask('start', { writer: 3, reader: READERS, router: 2 }, 2)
const driver = neo4j.driver(`neo4j://${seed}`, neo4j.auth.basic('neo4j', 'password'), {
  maxTransactionRetryTime: BUDGET,
  connectionAcquisitionTimeout: BUDGET,
  connectionTimeout: 1000,
  // Fewer connections than there is work for, so that some work has to wait.
  maxConnectionPoolSize: Math.max(2, Math.ceil(sessions / 5)),
  disableLosslessIntegers: true,
})
const metrics = () => /** @type {any} */ (driver).metrics?.()

const started = performance.now()
let ended = false
const sampling = sample()
const workers = Array.from({ length: sessions }, work)
await delay(seconds * 125)
const before = await calm()
await disturb(performance.now() + seconds * 625)
// A forgotten server is back with the next table, and a caller that waits for a retry has retried by then.
await delay(4500)
const after = await calm()
ended = true
await Promise.all(workers)
const elapsed = (performance.now() - started) / 1000
await sampling

const inUse = metrics()?.pools.reduce(
  (/** @type {number} */ sum, /** @type {any} */ pool) => sum + pool.inUse + pool.waiting,
  0,
)
const times = /** @type {Uint8Array} */ (await cluster.ask('committed', ids))
const { strays } = await cluster.ask('counts')
const left = await closeInFlight()
const open = await drained()
cluster.stop()
clearTimeout(watchdog)
report()

/** One after the other, until the end. */
async function work() {
  while (!ended) {
    const dice = Math.random()
    if (dice < 0.4) await write(dice < 0.1)
    else if (dice < 0.8) await read(true)
    else await read(false)
    await delay(Math.random() * 20)
  }
}

/** @param {boolean} readBack */
async function write(readBack) {
  const id = ids++
  if (id >= IDS - 1) throw new Error('there are more writes than ids')
  const begun = performance.now()
  let tries = 0
  // Half of the sessions let the server name their home database.
  const session = driver.session(id % 2 === 0 ? { database: 'neo4j' } : {})
  try {
    await session.executeWrite((tx) => {
      tries++
      return tx.run('WRITE', { id: neo4j.int(id) })
    })
    fates[id] = ACKNOWLEDGED
    outcome.writes++
  } catch (error) {
    const { code, retryable } = /** @type {import('neo4j-driver').Neo4jError} */ (error)
    if ((code === 'ServiceUnavailable' || code === 'SessionExpired') && retryable === false) {
      fates[id] = IN_DOUBT
      outcome.inDoubt++
    } else {
      fates[id] = FAILED
      failed(error)
    }
  }
  outcome.slowest = Math.max(outcome.slowest, performance.now() - begun)
  outcome.tries = Math.max(outcome.tries, tries)
  try {
    if (readBack && fates[id] === ACKNOWLEDGED) {
      const { records } = await session.executeRead((tx) => tx.run('READ', { id: neo4j.int(id) }))
      outcome.reads++
      if (records[0]?.get('n') === 0) outcome.unread++
    }
  } catch (error) {
    failed(error)
  }
  await session.close()
}

/** @param {boolean} managed */
async function read(managed) {
  const begun = performance.now()
  const id = neo4j.int(1 + Math.floor(Math.random() * ids))
  const session = driver.session({
    defaultAccessMode: neo4j.session.READ,
    ...(Math.random() < 0.5 ? { database: 'neo4j' } : {}),
  })
  try {
    const result = await (managed ? session.executeRead((tx) => tx.run('READ', { id })) : session.run('READ', { id }))
    if (result.records.length !== 1) surprise(`a read gave ${result.records.length} records`)
    outcome.reads++
  } catch (error) {
    failed(error)
  }
  outcome.slowest = Math.max(outcome.slowest, performance.now() - begun)
  await session.close()
}

/** @param {unknown} error */
function failed(error) {
  const { code = 'none', message } = /** @type {import('neo4j-driver').Neo4jError} */ (error)
  outcome.failed++
  codes.set(code, (codes.get(code) ?? 0) + 1)
  if (neo4j.isRetryableError(/** @type {any} */ (error))) return
  outcome.notRetryable++
  surprise(`${code}: ${message}`)
}

/** @param {string} text */
function surprise(text) {
  if (surprises.size < 20 || surprises.has(text)) surprises.set(text, (surprises.get(text) ?? 0) + 1)
}

/**
 * How far the busiest or the least busy reader is from its even share, while nothing is wrong.
 * @returns {Promise<{ uneven: number, reads: number[] }>}
 */
async function calm() {
  for (;;) {
    const from = await cluster.ask('counts')
    await delay(seconds * 125)
    let to = await cluster.ask('counts')
    const reads = () => to.reads.map((/** @type {number} */ count, /** @type {number} */ i) => count - from.reads[i])
    while (Math.min(...reads()) < ENOUGH_READS && to.ended === from.ended) {
      await delay(100)
      to = await cluster.ask('counts')
      if (Math.max(...reads()) > 10 * ENOUGH_READS) break
    }
    // A connection ended by itself: this part was not calm.
    if (to.ended !== from.ended) continue
    const share = reads().reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0) / READERS
    const uneven = Math.max(...reads().map((/** @type {number} */ count) => Math.abs(count - share) / share))
    return { uneven, reads: reads() }
  }
}

/** Everything that can go wrong, again and again. @param {number} until */
async function disturb(until) {
  /** @type {[name: string, ...args: unknown[]][]} */
  const script = [
    ['elect', 100],
    ...Array.from({ length: READERS }, (_, i) => /** @type {[string, ...unknown[]]} */ (['restart', 'reader', i, 100])),
    ['cut', 6],
    ['partition', 'reader', 1, 'deaf', 1600],
    ['crash', 300],
    ['restart', 'router', 0, 200],
    ['restart', 'router', 1, 200],
    ['isolate', 'mute', 1600],
    ['partition', 'reader', 3, 'mute', 400],
    ...Array.from({ length: 3 }, (_, i) => /** @type {[string, ...unknown[]]} */ (['restart', 'writer', i, 100])),
    ['cut', 6],
    ['partition', 'router', 0, 'deaf', 1600],
    ['isolate', 'deaf', 400],
    ['partition', 'reader', 4, 'mute', 1600],
    ['elect', 400],
    ['isolate', 'deaf', 1600],
    ['partition', 'router', 1, 'mute', 1600],
  ]
  for (let i = 0; performance.now() < until; i = (i + 1) % script.length) {
    const [name, ...args] = /** @type {[string, ...unknown[]]} */ (script[i])
    await cluster.ask(name, ...args)
    await delay(100)
  }
  await cluster.ask('uncut')
}

async function sample() {
  while (!ended) {
    await delay(Math.max(250, seconds * 10))
    collect()
    memory.push({ at: (performance.now() - started) / 1000, rss: process.memoryUsage.rss() / MB })
  }
}

/** Closes the driver while work is under way. Returns how many calls do not end. */
async function closeInFlight() {
  let left = 40
  const calls = Array.from({ length: left }, (_, i) => {
    const session = driver.session({ database: 'neo4j' })
    const call =
      i % 2 === 0
        ? session.executeRead((tx) => tx.run('READ', { id: neo4j.int(1) }))
        : session.run('WRITE', { id: neo4j.int(IDS - 1) })
    return call.then(
      () => left--,
      () => left--,
    )
  })
  await delay(2)
  await driver.close()
  await Promise.race([Promise.all(calls), delay(5000, undefined, { ref: false })])
  return left
}

/** How many connections the servers still have, after a while in which they can notice the ends. */
async function drained() {
  for (let i = 0; i < 50; i++) {
    if ((await cluster.ask('counts')).open === 0) return 0
    await delay(100)
  }
  return (await cluster.ask('counts')).open
}

function report() {
  let lost = 0
  let twice = 0
  let thoughFailed = 0
  let done = 0
  for (let id = 1; id < ids; id++) {
    const count = times[id] ?? 0
    if (fates[id] === ACKNOWLEDGED && count === 0) lost++
    if (count > 1) twice++
    if (fates[id] === IN_DOUBT && count === 1) done++
    if (fates[id] === FAILED && count > 0) thoughFailed++
    if (fates[id] === UNKNOWN) surprise('a write that has not ended')
  }
  const { growth, limit, last } = flatness()
  const percent = (/** @type {number} */ part) => `${(part * 100).toFixed(1)} %`
  /** @type {[what: string, value: string, threshold: string, ok: boolean][]} */
  const rows = [
    ['writes acknowledged', String(outcome.writes), '> 0', outcome.writes > 0],
    ['  of which lost', String(lost), '0', lost === 0],
    ['done more than once', String(twice), '0', twice === 0],
    ['writes in doubt (of which done)', `${outcome.inDoubt} (${done})`, '', true],
    ['reads', String(outcome.reads), '> 0', outcome.reads > 0],
    ['own writes not read back', String(outcome.unread), '0', outcome.unread === 0],
    ['failed', String(outcome.failed), '', true],
    ['  of which not to be retried', String(outcome.notRetryable), '0', outcome.notRetryable === 0],
    ['  of which done though', String(thoughFailed), '0', thoughFailed === 0],
    ['anything else', String(surprises.size), '0', surprises.size === 0],
    ['work sent to the wrong role', String(strays), '0', strays === 0],
    ['slowest call', `${(outcome.slowest / 1000).toFixed(1)} s`, `< ${LIMIT / 1000} s`, outcome.slowest < LIMIT],
    ['most tries of one write', String(outcome.tries), '', true],
    ['readers off their share, before', percent(before.uneven), `≤ ${percent(UNEVEN)}`, before.uneven <= UNEVEN],
    ['readers off their share, after', percent(after.uneven), `≤ ${percent(UNEVEN)}`, after.uneven <= UNEVEN],
    ['memory (RSS) at the end', `${last.toFixed(0)} MB`, '', true],
    [
      '  more than after warm-up',
      `${growth.toFixed(1)} MB`,
      limit === null ? '' : `≤ ${limit.toFixed(1)} MB`,
      limit === null || growth <= limit,
    ],
    ['connections in use at the end', inUse === undefined ? '–' : String(inUse), '0', (inUse ?? 0) === 0],
    ['calls that close() leaves pending', String(left), '0', left === 0],
    ['sockets open after close()', String(open), '0', open === 0],
  ]
  const title = `${options.driver === '..' ? 'neobolt' : options.driver}: ${sessions} sessions, ${elapsed.toFixed(0)} s`
  console.log(
    textTable(
      [title, 'is', 'threshold', ''],
      rows.map(([what, value, threshold, ok]) => [what, value, threshold, ok ? '' : 'FAILED']),
    ),
  )
  if (codes.size > 0) console.log(`failed: ${[...codes].map(([code, count]) => `${count} ${code}`).join(', ')}`)
  for (const [text, count] of surprises) console.log(`${count} × ${text}`)
  if (rows.every(([, , , ok]) => ok)) console.log('Nothing lost, nothing done twice, all thresholds held.')
  else {
    console.log('FAILED')
    process.exitCode = 1
  }
}

/** How much more memory is in use in the last quarter than in the second one. */
function flatness() {
  const rss = (/** @type {number} */ from, /** @type {number} */ to) => {
    const within = memory.filter(({ at }) => at >= from * elapsed && at <= to * elapsed)
    return median(within.map(({ rss }) => rss))
  }
  const first = rss(0.25, 0.5)
  const last = rss(0.75, 1)
  // What a minute does not show is not a leak yet: both heaps are still growing to their size.
  return { growth: last - first, limit: seconds < 60 ? null : Math.max(8, first / 10), last }
}

/** Starts the servers. Each answers a request over IPC when it is ready. */
async function startCluster() {
  const child = fork(fileURLToPath(new URL('./lib/cluster.mjs', import.meta.url)), { serialization: 'advanced' })
  await once(child, 'spawn')
  /** @type {Map<number, (value: any) => void>} */
  const waiting = new Map()
  child.on('message', (/** @type {any} */ { number, value }) => {
    waiting.get(number)?.(value)
    waiting.delete(number)
  })
  child.once('exit', (code, signal) => {
    if (!stopped) {
      console.error(`the scripted servers ended with ${code ?? signal}. FAILED`)
      process.exit(2)
    }
  })
  let number = 0
  let stopped = false
  return {
    /**
     * @param {string} name
     * @param {unknown[]} args
     * @returns {Promise<any>}
     */
    ask: (name, ...args) =>
      new Promise((resolve) => {
        waiting.set(++number, resolve)
        child.send({ number, name, args })
      }),
    stop: () => {
      stopped = true
      child.disconnect()
    },
  }
}
