/**
 * neobolt and neo4j-driver side by side, in one run: every cell is measured in fresh processes that take turns, so that
 * what the machine does meanwhile meets both. Prints tables, writes bench/results/<date>.json, and with --report the page
 * bench/report.md.
 *
 *   npm run bench -- [--server peer,neo4j] [--shapes int,node] [--ways for-await] [--repeats 5] [--scale 1] [--check] [--report]
 *
 * The real server is started (Neo4j 5.26), unless NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD name one. There, a
 * thousand nodes with the label NeoboltBenchItem are made, and removed at the end.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { prepare } from '../scripts/demo/prepare.mjs'
import { runClient, startPeer } from './lib/child.mjs'
import { count } from './lib/raw.mjs'
import { failures, render, summarise, worse } from './lib/report.mjs'
import { neo4jServer, orSay } from './lib/server.mjs'
import { CLEANUP, FOREIGN, queryOf, SETUP, SHAPES } from './lib/shapes.mjs'

const require = createRequire(import.meta.url)
const WAYS = ['for-await', 'subscribe', 'promise']

const { values: options } = parseArgs({
  options: {
    server: { type: 'string', default: 'peer,neo4j' },
    shapes: { type: 'string', default: Object.keys(SHAPES).join() },
    ways: { type: 'string', default: WAYS.join() },
    repeats: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
    check: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
})

await orSay(prepare)()

const shapes = chosen(options.shapes, Object.keys(SHAPES), 'shape')
const ways = chosen(options.ways, WAYS, 'way')
const servers = chosen(options.server, ['peer', 'neo4j'], 'server')
const repeats = Number(options.repeats)

const run = {
  date: new Date().toISOString(),
  command: `npm run bench -- ${process.argv.slice(2).join(' ')}`.replace(/ -- $/, ''),
  machine: {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${process.platform} ${process.arch}`,
  },
  versions: {
    node: process.version,
    neobolt: require('../package.json').version,
    'neo4j-driver': require('neo4j-driver/package.json').version,
  },
  repeats,
  limits: [],
  cells: [],
}

for (const kind of servers) {
  const server = kind === 'peer' ? await peer() : await realServer()
  try {
    for (const shape of shapes) {
      for (const way of ways) run.cells.push(await cell(server, shape, way))
    }
  } finally {
    await server.stop()
  }
}
progress('')

process.stdout.write(`${render(run, 'text')}\n`)
const folder = fileURLToPath(new URL('./results/', import.meta.url))
mkdirSync(folder, { recursive: true })
const file = `${folder}${run.date.replaceAll(':', '-')}.json`
writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`)
process.stdout.write(`\nAll figures: ${file}\n`)
if (options.report) {
  const page = fileURLToPath(new URL('./report.md', import.meta.url))
  writeFileSync(page, `${render(run, 'markdown')}\n`)
  process.stdout.write(`Report: ${page}\n`)
}
for (const text of worse(run)) process.stdout.write(`Worse than neo4j-driver: ${text}\n`)
if (options.check) {
  const found = failures(run)
  for (const text of found) process.stdout.write(`Check failed: ${text}\n`)
  if (found.length === 0) process.stdout.write('Check passed.\n')
  else process.exitCode = 1
}

/** One cell of the tables: both drivers in turn, `repeats` times each. */
async function cell(server, shape, way) {
  const rows = Math.max(1000, Math.round((SHAPES[shape].rows * Number(options.scale)) / 1000) * 1000)
  const samples = { neobolt: [], 'neo4j-driver': [] }
  const drivers = Object.keys(samples)
  for (let i = 0; i < repeats; i++) {
    // Who goes first changes every time: neither always follows the other's heat.
    for (const driver of i % 2 === 0 ? drivers : drivers.toReversed()) {
      progress(`${server.title} · ${SHAPES[shape].title} · ${way} · ${i + 1}/${repeats} · ${driver}`)
      samples[driver].push(await runClient({ ...server.options, driver, way, shape, rows }))
    }
  }
  const digests = new Set(Object.values(samples).flatMap((list) => list.map(({ digest }) => digest)))
  if (digests.size !== 1) throw new Error(`${shape}, ${way}: the two drivers gave different records`)
  return { server: server.title, shape, way, rows, ...summarise(samples), samples }
}

/** The scripted peer, after measuring what it can give at most. */
async function peer() {
  const { port, stop } = await startPeer()
  for (const shape of shapes) {
    progress(`scripted peer · ${SHAPES[shape].title} · what it can give`)
    const { rows } = SHAPES[shape]
    await count(port, queryOf(shape, rows), 1000)
    const { bytes, wall } = await count(port, queryOf(shape, rows), 1000)
    run.limits.push({ shape, recordsPerSecond: (rows / wall) * 1000, bytesPerSecond: (bytes / wall) * 1000 })
  }
  return { title: 'scripted peer', options: { uri: `bolt://127.0.0.1:${port}` }, stop }
}

/** A real Neo4j with the nodes that the shapes need. */
async function realServer() {
  const { uri, user, password, stop } = await neo4jServer(progress)
  const neo4j = require('neo4j-driver')
  const driver = neo4j.driver(uri, neo4j.auth.basic(user, password))
  try {
    const { agent } = await driver.getServerInfo()
    run.versions.server = agent
    const { records } = await driver.executeQuery(FOREIGN)
    if (records.length > 0) throw new Error(`the database has nodes of an earlier run or of somebody else: ${CLEANUP}`)
    await driver.executeQuery(SETUP)
  } catch (error) {
    await driver.close()
    await stop()
    throw error
  }
  const end = async () => {
    await driver.executeQuery(CLEANUP)
    await driver.close()
    await stop()
  }
  process.once('SIGINT', () => end().finally(() => process.exit(130)))
  return { title: 'Neo4j', options: { uri, user, password }, stop: end }
}

function chosen(text, known, what) {
  const names = text.split(',').filter((name) => name !== '')
  for (const name of names) {
    if (!known.includes(name)) throw new Error(`there is no ${what} "${name}"; known are ${known.join(', ')}`)
  }
  return names
}

/** One line that is written over on a terminal, and left out where the output is a file. */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`)
}
