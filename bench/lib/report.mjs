/**
 * What is made of the samples: medians and minima for each cell, the ratios to neo4j-driver, the tables, and the rules of
 * `--check`. Measures nothing.
 */
import { SHAPES } from './shapes.mjs'
import { many, markdownTable, median, short, textTable, times } from './table.mjs'

const WAY_TITLES = { 'for-await': 'for await', subscribe: 'subscribe', promise: 'Promise API' }

/** How much less main-thread CPU `for await` has to take on the core shapes. */
const FOR_AWAIT_RATIO = 4

/** From the samples of one cell: `ours` and `official`, each with medians and minima per record. */
export function summarise(samples) {
  return { ours: figures(samples.neobolt), official: figures(samples['neo4j-driver']) }
}

function figures(list) {
  const per = (read) => {
    const values = list.map(read)
    return { median: median(values), min: Math.min(...values) }
  }
  return {
    /** µs of main-thread CPU per record */
    main: per((s) => (1000 * s.main) / s.rows),
    /** µs of CPU of all threads per record */
    process: per((s) => (1000 * s.process) / s.rows),
    /** µs per record on the clock */
    wall: per((s) => (1000 * s.wall) / s.rows),
    /** MB */
    rss: per((s) => s.rss),
    /** ms by which a timer was late at worst */
    delay: per((s) => s.delay),
  }
}

/** The whole run as text for a terminal or as a Markdown page. */
export function render(run, format) {
  const table = format === 'markdown' ? markdownTable : textTable
  const heading = format === 'markdown' ? (text) => `## ${text}` : (text) => `${text}\n${'═'.repeat(text.length)}`
  const { machine, versions } = run
  const out = []
  if (format === 'markdown') out.push('# neobolt and neo4j-driver, measured side by side', '')
  out.push(
    `${run.date.slice(0, 10)} · ${machine.cpu}, ${machine.cores} cores, ${machine.memory}, ${machine.system} · Node ${versions.node} · ` +
      `neobolt ${versions.neobolt} · neo4j-driver ${versions['neo4j-driver']}${versions.server ? ` · ${versions.server}` : ''}`,
    '',
  )
  if (format === 'markdown') out.push(EXPLANATION(run), '')
  else out.push(LEGEND, '')
  for (const server of new Set(run.cells.map((cell) => cell.server))) {
    for (const way of new Set(run.cells.map((cell) => cell.way))) {
      const cells = run.cells.filter((cell) => cell.server === server && cell.way === way)
      if (cells.length === 0) continue
      out.push(heading(`${WAY_TITLES[way]}, ${server}`), '')
      if (format === 'markdown') out.push(table(WIDE, cells.map(wideRow)), '')
      else out.push(table(NARROW, cells.map(narrowRow)), '')
    }
  }
  if (run.limits.length > 0) {
    out.push(heading('What the scripted peer can give (a socket that only counts bytes)'), '')
    out.push(
      table(
        ['shape', 'records/s', 'GB/s'],
        run.limits.map(({ shape, recordsPerSecond, bytesPerSecond }) => [
          SHAPES[shape].title,
          many(recordsPerSecond),
          short(bytesPerSecond / 1e9),
        ]),
      ),
      '',
    )
  }
  return out.join('\n').trimEnd()
}

/** What ours does worse than the official driver by its median, in any figure. For reading; not all of it fails the check. */
export function worse(run) {
  return run.cells.flatMap((cell) =>
    Object.keys(cell.ours)
      .filter((name) => cell.ours[name].median > cell.official[name].median * TOLERANCE[name] + SLACK[name])
      .map(
        (name) =>
          `${label(cell)}: ${name} ${short(cell.ours[name].median)} against ${short(cell.official[name].median)}`,
      ),
  )
}

/** What fails `--check`: more CPU in any cell, and less than 4x in `for await` on a core shape. */
export function failures(run) {
  return run.cells.flatMap((cell) => {
    const gain = (name) => cell.official[name].median / cell.ours[name].median
    const found = []
    if (gain('main') < 1) found.push(`${label(cell)}: more main-thread CPU than neo4j-driver (${times(gain('main'))})`)
    if (gain('process') < 1) found.push(`${label(cell)}: more CPU in all than neo4j-driver (${times(gain('process'))})`)
    const held = cell.way === 'for-await' && SHAPES[cell.shape].core
    if (held && gain('main') < FOR_AWAIT_RATIO) {
      found.push(`${label(cell)}: ${times(gain('main'))} less main-thread CPU, ${FOR_AWAIT_RATIO}x is asked for`)
    }
    return found
  })
}

function label({ server, way, shape }) {
  return `${server}, ${WAY_TITLES[way]}, ${SHAPES[shape].title}`
}

/** Everything, for the report. */
function wideRow(cell) {
  const { shape, ours, official } = cell
  const pair = (name, format) => [format(ours[name].median), format(official[name].median), ratio(cell, name)]
  return [
    SHAPES[shape].title,
    `${short(ours.main.median)} (${short(ours.main.min)})`,
    `${short(official.main.median)} (${short(official.main.min)})`,
    ratio(cell, 'main'),
    ...pair('wall', (us) => many(1e6 / us)),
    ...pair('process', short),
    ...pair('rss', (mb) => String(Math.round(mb))),
    ...pair('delay', short),
  ]
}

const WIDE = [
  'shape',
  'main CPU µs',
  'official',
  'ratio',
  'records/s',
  'official',
  'ratio',
  'all CPU µs',
  'official',
  'ratio',
  'RSS MB',
  'official',
  'ratio',
  'delay ms',
  'official',
  'ratio',
]

/** What fits a terminal: figures of the two that matter most, and the ratios of all. */
function narrowRow(cell) {
  const { shape, ours, official } = cell
  return [
    SHAPES[shape].title,
    `${short(ours.main.median)} (${short(ours.main.min)})`,
    `${short(official.main.median)} (${short(official.main.min)})`,
    ratio(cell, 'main'),
    many(1e6 / ours.wall.median),
    many(1e6 / official.wall.median),
    ratio(cell, 'wall'),
    ratio(cell, 'process'),
    ratio(cell, 'rss'),
    ratio(cell, 'delay'),
  ]
}

const NARROW = [
  'shape',
  'main CPU µs',
  'official',
  'ratio',
  'records/s',
  'official',
  'ratio',
  'all CPU',
  'RSS',
  'delay',
]

function ratio({ ours, official }, name) {
  return times(official[name].median / ours[name].median)
}

/** By how much a figure may differ and still count as equal: two runs of one driver differ as much. */
const TOLERANCE = { main: 1, process: 1.05, wall: 1.05, rss: 1.05, delay: 1.2 }
const SLACK = { main: 0, process: 0, wall: 0, rss: 0, delay: 2 }

const LEGEND = `Medians (minima in brackets). CPU per record: main = the JavaScript thread, all = every thread. A ratio above 1 is in favour of neobolt.`

const EXPLANATION = (
  run,
) => `Made by \`${run.command}\`. Each cell is the median of ${run.repeats} runs (main-thread CPU: minimum in brackets), each in a
fresh process, the two drivers taking turns; a ratio above 1 is in favour of neobolt. Per record: *main CPU* is the time that the
JavaScript thread was on a processor, *all CPU* that of all threads of the process. *RSS* is the peak of the process, *delay* the
worst lateness of a timer while the records came. All fields of all records are read, and the latest thousand records kept; integers are lossless; fetch size 1000. Both
drivers gave the same records (compared by digest). The scripted peer answers from memory as fast as the socket takes it; a real
server shares the processors with the client, and is the limit in most cells of records per second.`
