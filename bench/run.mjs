/**
 * neobolt and neo4j-driver side by side, in one run: every cell is measured in fresh processes that take
 * turns, so that other load on the machine affects both. Prints tables, and writes bench/results/<date>.json.
 * With --report it also writes the pages under bench/report. With --check it fails if a threshold of
 * bench/lib/thresholds.mjs does not hold.
 *
 *   npm run bench -- [--parts records,queries,…] [--shapes int,node] [--ways for-await] [--repeats 5]
 *                    [--scale 1] [--check] [--report]
 *   npm run bench -- --from bench/results/<date>.json --report      the pages of an earlier run
 *
 * Parts on the scripted peer: `records` (every shape in every way), `queries` (small ones), `parameters`,
 * `length` (of a result), `concurrent` (results), `start` (require) and `floor`. Parts on a real server:
 * `neo4j` (the shapes of --neo4j-shapes) and `references` (drivers of other languages). The server is a
 * Neo4j 5.26, which is started unless NEO4J_URI, NEO4J_USER and NEO4J_PASSWORD name another one. A thousand
 * nodes with the label NeoboltBenchItem are made there, and removed at the end.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { prepare } from '../scripts/prepare.mjs'
import { buildPeer, runClient, runJson, runStart, startPeer } from './lib/child.mjs'
import { page, plots } from './lib/html-report.mjs'
import { references } from './lib/references.mjs'
import { failures, label, render, summarise, verdicts } from './lib/report.mjs'
import { neo4jServer, orSay } from './lib/server.mjs'
import { CLEANUP, FOREIGN, queryOf, SETUP, SHAPES } from './lib/shapes.mjs'

const require = createRequire(import.meta.url)
const DRIVERS = ['neobolt', 'neo4j-driver']
const WAYS = ['for-await', 'subscribe', 'promise']
const QUERY_WAYS = ['run', 'executeQuery', 'executeRead']
const PARTS = ['records', 'queries', 'parameters', 'length', 'concurrent', 'start', 'floor', 'neo4j', 'references']

/** Small queries of one measurement, by how many are under way. */
const QUERIES = { 1: 4000, 10: 12_000, 100: 20_000 }
const PARAMETERS = 20
const LENGTHS = [1e3, 1e4, 1e5, 1e6, 1e7]
/** Short results are read repeatedly until this many records have been read. */
const LENGTH_RECORDS = 200_000
const RESULTS = [1, 10, 100, 1000]
const RESULTS_RECORDS = 500_000
/** A cold start takes little time to measure, and scatters more than anything else. */
const STARTS = 15
const MOST_REPEATS_OF_LONGEST = 3
const SERVER_WARM_UP = 3

/** The parts on the scripted peer. */
const ON_PEER = {
  records: measureRecords,
  queries: measureQueries,
  parameters: measureParameters,
  length: measureLengths,
  concurrent: measureConcurrentResults,
  start: measureStart,
  floor: measureFloor,
}

const { values: options } = parseArgs({
  options: {
    parts: { type: 'string', default: PARTS.join() },
    shapes: { type: 'string', default: Object.keys(SHAPES).join() },
    ways: { type: 'string', default: WAYS.join() },
    'neo4j-shapes': { type: 'string', default: 'three' },
    repeats: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
    from: { type: 'string' },
    check: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
})

const repeats = Number(options.repeats)
const scale = Number(options.scale)
const run = options.from === undefined ? await measureAll() : JSON.parse(readFileSync(options.from, 'utf8'))

process.stdout.write(`${render(run, 'text')}\n\n`)
for (const text of verdicts(run)) process.stdout.write(`${text}\n`)
if (options.report) writeReport()
if (options.check && failures(run).length > 0) process.exitCode = 1

/**
 * @typedef {object} Measuring what the parts of a run need
 * @property {any} made       the run, to which each part adds its figures
 * @property {string[]} shapes
 * @property {string[]} ways
 * @property {string} program the scripted peer
 * @property {number} port    of the scripted peer
 * @property {{ uri: string }} peer
 */

/** Measures the chosen parts, and writes all figures to a file. */
async function measureAll() {
  const parts = chosen(options.parts, PARTS, 'part')
  const shapes = chosen(options.shapes, Object.keys(SHAPES), 'shape')
  const ways = chosen(options.ways, WAYS, 'way')
  await orSay(prepare)()
  progress('building the scripted peer')
  const program = buildPeer()
  const made = emptyRun()
  const { port, stop } = await startPeer(program)
  const measuring = { made, shapes, ways, program, port, peer: { uri: `bolt://127.0.0.1:${port}` } }
  try {
    for (const part of PARTS) if (parts.includes(part)) await ON_PEER[part]?.(measuring)
    if (parts.includes('neo4j') || parts.includes('references')) await measureOnNeo4j(measuring, parts)
  } finally {
    stop()
    progress('')
  }
  save(made)
  return made
}

/** A run without figures: when and where it was made, and with what. */
function emptyRun() {
  return {
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
    cells: [],
    floor: [],
    references: [],
    notes: [],
  }
}

/** @param {Measuring} measuring */
async function measureRecords({ made, shapes, ways, peer }) {
  for (const shape of shapes) for (const way of ways) await records(made, 'peer', peer, shape, way)
}

/** @param {Measuring} measuring */
async function measureQueries({ made, peer }) {
  for (const way of QUERY_WAYS) {
    for (const [concurrency, count] of Object.entries(QUERIES)) {
      const what = { part: 'queries', server: 'peer', way, concurrency: Number(concurrency) }
      await cell(made, what, { ...peer, task: 'queries', way, concurrency, count: scaled(count, 100) })
    }
  }
}

/** @param {Measuring} measuring */
async function measureParameters({ made, peer }) {
  const task = { ...peer, task: 'parameters', count: scaled(PARAMETERS, 1) }
  await cell(made, { part: 'parameters', server: 'peer' }, task)
}

/** @param {Measuring} measuring */
async function measureLengths({ made, peer }) {
  for (const rows of LENGTHS) {
    const rounds = Math.max(1, Math.round(LENGTH_RECORDS / rows))
    const task = { ...peer, task: 'records', way: 'for-await', shape: 'int', rows, rounds }
    const times = rows === LENGTHS.at(-1) ? Math.min(repeats, MOST_REPEATS_OF_LONGEST) : repeats
    await cell(made, { part: 'length', rows }, task, times)
  }
}

/** @param {Measuring} measuring */
async function measureConcurrentResults({ made, peer }) {
  for (const concurrency of RESULTS) {
    const rows = Math.max(1000, RESULTS_RECORDS / concurrency)
    await cell(
      made,
      { part: 'concurrent', concurrency },
      { ...peer, task: 'concurrent', shape: 'int', concurrency, rows },
    )
  }
}

/** @param {Measuring} measuring */
async function measureStart({ made }) {
  await cell(made, { part: 'start' }, undefined, Math.max(STARTS, repeats))
}

/** @param {Measuring} measuring */
async function measureFloor({ made, shapes, program, port }) {
  for (const shape of shapes) {
    const rows = rowsOf(shape)
    progress(`floor · ${SHAPES[shape].title}`)
    const read = (work) => runJson(program, [work, String(port), queryOf(shape, rows), '1000'])
    made.floor.push({ shape, rows, count: await read('count'), transcode: await read('transcode') })
  }
}

/**
 * @param {Measuring} measuring
 * @param {string[]} parts
 */
async function measureOnNeo4j({ made, ways, peer }, parts) {
  const server = await realServer(made)
  try {
    await warmUp(server)
    if (parts.includes('neo4j')) {
      for (const shape of chosen(options['neo4j-shapes'], Object.keys(SHAPES), 'shape')) {
        for (const way of ways) await records(made, 'neo4j', server.options, shape, way)
      }
    }
    if (parts.includes('references')) {
      await references({ peer, neo4j: server.options }, repeats, rowsOf('three'), made, progress)
    }
  } finally {
    await server.stop()
  }
}

/** A server that has just started is slow at first, which would count against the driver that goes first. */
async function warmUp(server) {
  const task = { ...server.options, task: 'records', way: 'subscribe', shape: 'three', rows: 200_000 }
  for (let i = 0; i < SERVER_WARM_UP; i++) {
    progress('warming up the server')
    for (const driver of DRIVERS) await runClient({ ...task, driver })
  }
}

async function records(made, server, at, shape, way) {
  await cell(made, { part: 'records', server, shape, way }, { ...at, task: 'records', way, shape, rows: rowsOf(shape) })
}

/** One cell of the tables: both drivers in turn, `times` times each. */
async function cell(made, what, task, times = repeats) {
  const samples = { neobolt: [], 'neo4j-driver': [] }
  for (let i = 0; i < times; i++) {
    // The order changes every time, so that neither driver always follows the other one's heat.
    for (const driver of i % 2 === 0 ? DRIVERS : DRIVERS.toReversed()) {
      progress(`${label(what)} · ${i + 1}/${times} · ${driver}`)
      samples[driver].push(task === undefined ? await runStart(driver) : await runClient({ driver, ...task }))
    }
  }
  const digests = new Set(Object.values(samples).flatMap((list) => list.map(({ digest }) => digest)))
  if (digests.size !== 1) throw new Error(`${label(what)}: the two drivers gave different records`)
  made.cells.push({ ...what, ...summarise(samples), samples })
}

function save(made) {
  const folder = fileURLToPath(new URL('./results/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  const file = `${folder}${made.date.replaceAll(':', '-')}.json`
  writeFileSync(file, `${JSON.stringify(made, null, 1)}\n`)
  process.stdout.write(`All figures: ${file}\n\n`)
}

/** A real Neo4j with the nodes that the shapes need. */
async function realServer(made) {
  const { uri, user, password, stop } = await neo4jServer(progress)
  const neo4j = require('neo4j-driver')
  const driver = neo4j.driver(uri, neo4j.auth.basic(user, password))
  try {
    const { agent } = await driver.getServerInfo()
    made.versions.server = agent
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
  return { options: { uri, user, password }, stop: end }
}

/** The pages, the plots as files of their own for viewers without HTML, and all samples. */
function writeReport() {
  const folder = fileURLToPath(new URL('./report/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) if (name.endsWith('.svg')) rmSync(`${folder}${name}`)
  const drawn = plots(run)
  for (const [name, svg] of Object.entries(drawn)) writeFileSync(`${folder}${name}.svg`, `${svg}\n`)
  writeFileSync(`${folder}README.md`, `${render({ ...run, plots: Object.keys(drawn) }, 'markdown')}\n`)
  writeFileSync(`${folder}index.html`, page(run))
  writeFileSync(`${folder}run.json`, `${JSON.stringify(run, null, 1)}\n`)
  process.stdout.write(`\nReport: ${folder}index.html\n`)
}

function rowsOf(shape) {
  return Math.max(1000, Math.round((SHAPES[shape].rows * scale) / 1000) * 1000)
}

function scaled(count, least) {
  return Math.max(least, Math.round(count * scale))
}

function chosen(text, known, what) {
  const names = text.split(',').filter((name) => name !== '')
  for (const name of names) {
    if (!known.includes(name)) throw new Error(`there is no ${what} "${name}"; known are ${known.join(', ')}`)
  }
  return names
}

/** One line that is overwritten on a terminal, and left out if the output is a file. */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`)
}
