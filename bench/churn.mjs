// @ts-check
/**
 * Checks whether anything outlives a driver: makes, uses and closes many, one after the other, against the
 * scripted peer, in a process limited to 256 descriptors, and without forcing a garbage collection. Then
 * drops some without closing them, and terminates workers that have drivers. Prints threads, descriptors and
 * memory on the way. Exits with 1 if a driver fails, or threads or descriptors are left.
 *
 *     node bench/churn.mjs [--driver neobolt|neo4j-driver] [--count 100000] [--forgotten 1000]
 *         [--workers 200] [--descriptors 256]
 */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import { buildPeer, startPeer } from './lib/child.mjs'
import { queryOf } from './lib/shapes.mjs'
import { textTable } from './lib/table.mjs'

const { values: options } = parseArgs({
  options: {
    driver: { type: 'string', default: 'neobolt' },
    count: { type: 'string', default: '100000' },
    forgotten: { type: 'string', default: '1000' },
    workers: { type: 'string', default: '200' },
    descriptors: { type: 'string', default: '256' },
    port: { type: 'string' },
  },
})
const SAMPLES = 10
const QUERY = queryOf('int', 1)

if (options.port === undefined) await under(Number(options.descriptors))
else await churn(Number(options.port))

/**
 * Runs this program again with fewer descriptors; the peer has no such limit.
 * @param {number} descriptors
 */
async function under(descriptors) {
  const peer = await startPeer(buildPeer())
  const again = [process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2), '--port', `${peer.port}`]
  const child = spawn('sh', ['-c', 'ulimit -n "$0" && exec "$@"', `${descriptors}`, ...again], { stdio: 'inherit' })
  process.exitCode = await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)))
  await peer.stop()
}

/** @param {number} port */
async function churn(port) {
  const require = createRequire(import.meta.url)
  const path = require.resolve(options.driver === 'neobolt' ? '..' : options.driver)
  /** @type {typeof import('neo4j-driver')} */
  const neo4j = require(path)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  const make = () => neo4j.driver(`bolt://127.0.0.1:${port}`, neo4j.auth.basic('neo4j', 'neo4j'))
  const query = async (driver = make()) => {
    const { records } = await driver.executeQuery(QUERY, { id: 1, name: 'a name' })
    if (records.length !== 1) throw new Error(`${records.length} records`)
    return driver
  }
  const worker = `
    const { parentPort, workerData } = require('node:worker_threads')
    const neo4j = require(workerData.path)
    const driver = neo4j.driver('bolt://127.0.0.1:' + workerData.port, neo4j.auth.basic('neo4j', 'neo4j'))
    driver.executeQuery(workerData.query, { id: 1, name: 'a name' }).then(() => parentPort.postMessage('idle'))
    setInterval(() => {}, 1000)`
  const terminated = () =>
    /** @type {Promise<unknown>} */ (
      new Promise((resolve, reject) => {
        const thread = new Worker(worker, { eval: true, workerData: { path, port, query: QUERY } })
        thread.once('error', reject)
        thread.once('message', () => resolve(thread.terminate()))
      })
    )

  /** @type {string[][]} */
  const lines = []
  /** @type {string[]} */
  const problems = []
  /**
   * @param {string} name
   * @param {number} count
   * @param {() => Promise<unknown>} one
   * @param {() => void} tidy runs before the count
   */
  const part = async (name, count, one, tidy = () => {}) => {
    await one()
    const before = await settled({ threads: 0, files: 0 }, tidy, 100)
    for (let sample = 1; sample <= SAMPLES; sample++) {
      const started = performance.now()
      const times = Math.ceil(count / SAMPLES)
      for (let i = 0; i < times; i++) await one()
      const each = (performance.now() - started) / times
      const { threads, files } = counts()
      const memory = (process.memoryUsage.rss() / 1e6).toFixed(1)
      lines.push([name, `${times * sample}`, `${threads}`, `${files}`, memory, each.toFixed(2)])
    }
    const after = await settled(before, tidy)
    if (after.threads > before.threads)
      problems.push(`${name}: threads grew from ${before.threads} to ${after.threads}`)
    if (after.files > before.files) problems.push(`${name}: descriptors grew from ${before.files} to ${after.files}`)
  }
  try {
    await part('made, used, closed', Number(options.count), async () => (await query()).close())
    await part('made, forgotten', Number(options.forgotten), async () => void make(), collect)
    let used = 0
    const forget = async () => {
      await query()
      // Each holds its socket until it is collected, and this process may have few descriptors.
      if (++used % 20 === 0) collect()
    }
    await part('used, forgotten', Number(options.forgotten), forget, collect)
    await part('workers, terminated', Number(options.workers), terminated)
  } catch (error) {
    problems.push(`${error instanceof Error ? error.stack : error}`)
  }
  process.stdout.write(
    `${textTable([options.driver, 'so far', 'threads', 'descriptors', 'RSS MB', 'ms each'], lines)}\n`,
  )
  for (const problem of problems) process.stdout.write(`✗ ${problem}\n`)
  process.exitCode = problems.length > 0 ? 1 : 0
}

/** 0 if the system does not report it. */
function counts() {
  const list = (/** @type {string} */ folder) => {
    try {
      return readdirSync(folder).length
    } catch {
      return 0
    }
  }
  return { threads: list('/proc/self/task'), files: list('/proc/self/fd') }
}

/**
 * The counts once they are no more than expected, or after a while.
 * @param {{ threads: number, files: number }} expected
 * @param {() => void} tidy
 */
async function settled(expected, tidy, tries = 500) {
  for (let i = 0; i < tries; i++) {
    tidy()
    const { threads, files } = counts()
    if (threads <= expected.threads && files <= expected.files) break
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return counts()
}
