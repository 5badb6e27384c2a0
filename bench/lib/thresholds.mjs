/**
 * The thresholds of `--check`, as data: by how many times a figure has to be below neo4j-driver's. A figure
 * without a threshold must not be worse than neo4j-driver's.
 */

/** Main-thread CPU per record on the scripted peer. */
const RECORDS = {
  int: { 'for-await': 6, subscribe: 3.5, promise: 2 },
  mixed: { 'for-await': 8, subscribe: 7, promise: 4.5 },
  node: { 'for-await': 7, subscribe: 6, promise: 3.5 },
  floats: { 'for-await': 5, subscribe: 4, promise: 3.5 },
  strings: { 'for-await': 5, subscribe: 3.5, promise: 2.2 },
  zoned: { 'for-await': 8, subscribe: 8, promise: 5 },
  point: { 'for-await': 5, subscribe: 4, promise: 3 },
  path: { 'for-await': 5, subscribe: 4, promise: 3 },
  relationship: { 'for-await': 5, subscribe: 4, promise: 3 },
  map: { 'for-await': 5, subscribe: 4, promise: 3 },
}

/** Records per second on the scripted peer, in every shape. */
const RECORDS_WALL = { 'for-await': 4 }

/** Queries per second, by how many are under way. */
const QUERIES_WALL = { 1: 1.5, 10: 4, 100: 5 }
const QUERIES_MAIN = 3

const PARAMETERS_MAIN = 5

/** Three columns from a real Neo4j, in every way. */
const NEO4J = { wall: 1.15, main: 3 }

const START_WALL = 2

/** MB by which the peak at ten million records may exceed the peak at one million. */
const MEMORY_MB = 20

/** The factor by which the cost per record may exceed the cheapest point of its line. */
const FLAT = 2

/**
 * The margin within which figures count as equal, since two runs of one driver differ by as much. A figure is
 * worse if it is above neo4j-driver's times `factor`, plus `slack` in the unit of the figure.
 */
const EQUAL = {
  main: { factor: 1, slack: 0 },
  process: { factor: 1.05, slack: 0 },
  wall: { factor: 1.05, slack: 0 },
  rss: { factor: 1.05, slack: 0 },
  delay: { factor: 1.2, slack: 2 },
  p50: { factor: 1.05, slack: 0 },
  p99: { factor: 1.05, slack: 0 },
}

/** The factor by which a figure of a cell has to be below neo4j-driver's, for each figure that has one. */
export function thresholdsOf({ part, server, shape, way, concurrency }) {
  switch (part) {
    case 'records':
      return server === 'peer'
        ? { main: RECORDS[shape]?.[way], wall: RECORDS_WALL[way] }
        : shape === 'three'
          ? NEO4J
          : {}
    case 'queries':
      return { wall: QUERIES_WALL[concurrency], main: QUERIES_MAIN }
    case 'parameters':
      return { main: PARAMETERS_MAIN }
    case 'start':
      return { wall: START_WALL }
    default:
      return {}
  }
}

/** Every threshold of a run, and whether it holds: `{ cell?, line?, figure, asked, found, holds }`. */
export function judge(run) {
  return [...run.cells.flatMap(judgeCell), ...judgeLines(run)]
}

function judgeCell(cell) {
  const thresholds = thresholdsOf(cell)
  return Object.keys(cell.ours).map((figure) => {
    const asked = thresholds[figure] ?? 1
    const ours = cell.ours[figure].median
    const official = cell.official[figure].median
    const found = official / ours
    const { factor, slack } = EQUAL[figure]
    const holds = asked > 1 ? found >= asked : ours <= official * factor + slack
    return { cell, figure, asked, found, holds }
  })
}

/**
 * The thresholds of the lines over the number of records and of results, and of the memory of ten million
 * records.
 */
function judgeLines(run) {
  const found = []
  for (const part of ['length', 'concurrent']) {
    const costs = run.cells.filter((cell) => cell.part === part).map((cell) => cell.ours.main.median)
    if (costs.length < 2) continue
    const spread = Math.max(...costs) / Math.min(...costs)
    found.push({ line: part, figure: 'main', asked: FLAT, found: spread, holds: spread <= FLAT })
  }
  const peak = (rows) => run.cells.find((cell) => cell.part === 'length' && cell.rows === rows)?.ours.rss.median
  const growth = peak(1e7) - peak(1e6)
  if (!Number.isNaN(growth)) {
    found.push({ line: 'memory', figure: 'rss', asked: MEMORY_MB, found: growth, holds: growth <= MEMORY_MB })
  }
  return found
}
