/**
 * Turns the samples into medians and minima for each cell, and into tables and sentences, for a terminal and
 * for a page alike. Measures nothing.
 */

import { SHAPES } from './shapes.mjs'
import { many, markdownTable, median, short, textTable, times } from './table.mjs'
import { judge } from './thresholds.mjs'

export const WAY_TITLES = {
  'for-await': 'for await',
  subscribe: 'subscribe',
  promise: 'Promise API',
  run: 'session.run',
  executeQuery: 'executeQuery',
  executeRead: 'executeRead',
}

export const SERVER_TITLES = { peer: 'scripted peer', neo4j: 'Neo4j' }

/** The figures of a cell: their names and their formats. Those with `each` are per record or query. */
export const FIGURES = {
  main: { title: 'main CPU µs', each: true, format: short },
  process: { title: 'all CPU µs', each: true, format: short },
  wall: { title: 'per second', each: true, format: (us) => many(1e6 / us) },
  p50: { title: 'p50 ms', format: short },
  p99: { title: 'p99 ms', format: short },
  rss: { title: 'peak RSS MB', format: (mb) => String(Math.round(mb)) },
  delay: { title: 'worst delay ms', format: short },
}

/** From the samples of one cell: `ours` and `official`, each figure with its median and minimum. */
export function summarise(samples) {
  return { ours: figures(samples.neobolt), official: figures(samples['neo4j-driver']) }
}

function figures(list) {
  const out = {}
  for (const [name, { each }] of Object.entries(FIGURES)) {
    if (list[0][name] === undefined) continue
    const values = list.map((sample) => (each ? (1000 * sample[name]) / sample.count : sample[name]))
    out[name] = { median: median(values), min: Math.min(...values) }
  }
  return out
}

/**
 * The run as sections: `{ title, note?, head, rows, cells? }`, where `cells` are what the rows stand for.
 * `wide` = both drivers' figures; otherwise ours, and ratios.
 */
export function sections(run, wide) {
  const out = []
  const add = (title, note, cells, name) => {
    if (cells.length > 0) out.push({ title, note, cells, ...cellTable(cells, name, wide) })
  }
  const of = (part, test = () => true) => run.cells.filter((cell) => cell.part === part && test(cell))
  for (const server of ['peer', 'neo4j']) {
    for (const way of ['for-await', 'subscribe', 'promise']) {
      const cells = of('records', (cell) => cell.server === server && cell.way === way)
      add(`Records: ${WAY_TITLES[way]}, ${SERVER_TITLES[server]}`, 'each record', cells, (c) => SHAPES[c.shape].title)
    }
  }
  const under = (c) => `${WAY_TITLES[c.way]}, ${c.concurrency} at once`
  add('Small queries, scripted peer', 'each query: two parameters, one record', of('queries'), under)
  add('Parameters: a list of 10,000 maps of 6', 'each query', of('parameters'), () => 'UNWIND $rows')
  add('Length of a result: 1 int, for await', 'each record', of('length'), (c) => c.rows.toLocaleString('en'))
  add('Results read at once: 1 int, for await', 'each record', of('concurrent'), (c) => String(c.concurrency))
  add('Cold start', 'each process', of('start'), () => 'require')
  if (run.references.length > 0) out.push(referenceTable(run))
  if (run.floor.length > 0) out.push(floorTable(run))
  return out
}

function cellTable(cells, name, wide) {
  const names = Object.keys(cells[0].ours)
  const lost = (cell) => new Set(judge({ cells: [cell] }).flatMap(({ figure, holds }) => (holds ? [] : [figure])))
  const head = ['', ...names.flatMap((figure) => headOf(figure, wide))]
  const rows = cells.map((cell) => {
    const bad = lost(cell)
    return [
      name(cell),
      ...names.flatMap((figure) => {
        const ratio = times(cell.official[figure].median / cell.ours[figure].median) + (bad.has(figure) ? ' ✗' : '')
        const { format } = FIGURES[figure]
        const ours = format(cell.ours[figure].median)
        if (wide) return [ours, format(cell.official[figure].median), ratio]
        return SHOWN.includes(figure) ? [ours, ratio] : [ratio]
      }),
    ]
  })
  return { head, rows }
}

const SHOWN = ['main', 'wall', 'rss']

function headOf(figure, wide) {
  const { title } = FIGURES[figure]
  if (wide) return [title, 'official', 'ratio']
  return SHOWN.includes(figure) ? [title, 'ratio'] : [title.replace(/ (µs|ms|MB)$/, '')]
}

function referenceTable({ references }) {
  return {
    title: 'For reference: drivers of other languages, 3 columns (int, string, float)',
    note: 'not held to anything; CPU is that of the whole process',
    head: ['', 'server', 'records/s', 'CPU µs each'],
    rows: references.map(({ client, server, rows, wall, cpu }) => [
      client,
      SERVER_TITLES[server],
      many((1000 * rows) / wall),
      short((1000 * cpu) / rows),
    ]),
  }
}

function floorTable({ floor }) {
  return {
    title: 'Floor on the scripted peer',
    note: 'count: a socket whose bytes are counted and not looked at; transcode: the engine’s own work on every record, on one thread, for nobody',
    head: ['', 'count: records/s', 'GB/s', 'transcode: records/s', 'GB/s', 'CPU µs each'],
    rows: floor.map(({ shape, rows, count, transcode }) => [
      SHAPES[shape].title,
      many((1000 * rows) / count.wall),
      short(count.bytes / count.wall / 1e6),
      many((1000 * rows) / transcode.wall),
      short(transcode.bytes / transcode.wall / 1e6),
      short((1000 * transcode.cpu) / rows),
    ]),
  }
}

/** The whole run as text for a terminal, or as a Markdown page. */
export function render(run, format) {
  const out = []
  if (format === 'markdown') {
    out.push('# neobolt and neo4j-driver, measured side by side', '', origin(run), '', explanation(run), '')
    out.push('The same with plots: [index.html](index.html). All samples: [run.json](run.json).', '')
    for (const name of run.plots ?? []) out.push(`![${name}](${name}.svg)`, '')
  } else out.push(origin(run), '', LEGEND, '')
  for (const { title, note, head, rows } of sections(run, format === 'markdown')) {
    if (format === 'markdown')
      out.push(`## ${title}`, '', ...(note ? [`${note}.`, ''] : []), markdownTable(head, rows), '')
    else out.push(`${title}${note ? ` (${note})` : ''}`, textTable(head, rows), '')
  }
  if (format === 'markdown') out.push('## Held to', '', ...verdicts(run).map((text) => `- ${text}`), '')
  for (const text of run.notes) out.push(text, '')
  return out.join('\n').trimEnd()
}

/** Date, machine and versions in one line. */
export function origin({ date, machine, versions }) {
  const { node, server, ...packages } = versions
  return [
    date.slice(0, 10),
    `${machine.cpu}, ${machine.cores} cores, ${machine.memory}, ${machine.system}`,
    `Node ${node}`,
    ...Object.entries(packages).map(([name, version]) => `${name} ${version}`),
    ...(server === undefined ? [] : [server]),
  ].join(' · ')
}

/** The thresholds that do not hold, one sentence each. */
export function failures(run) {
  return judge(run)
    .filter(({ holds }) => !holds)
    .map(sentence)
}

/** How many thresholds hold, and every one that does not. */
export function verdicts(run) {
  const all = judge(run)
  const lost = all.filter(({ holds }) => !holds)
  const lines = all.filter(({ line, holds }) => line !== undefined && holds)
  return [
    `${all.length - lost.length} of ${all.length} hold.`,
    ...lines.map(sentence),
    ...lost.map((one) => `✗ ${sentence(one)}`),
  ]
}

function sentence({ cell, line, figure, asked, found }) {
  if (line === 'memory') {
    return `peak RSS at ten million records is ${short(Math.abs(found))} MB ${found < 0 ? 'below' : 'above'} that at one million; ${asked} MB are allowed`
  }
  if (line !== undefined) {
    const over = line === 'length' ? 'the length of a result' : 'the number of results read at once'
    return `main-thread CPU per record over ${over}: dearest to cheapest ${times(found)}; ${asked}x are allowed`
  }
  const { format, title } = FIGURES[figure]
  const values = `${format(cell.ours[figure].median)} against ${format(cell.official[figure].median)}`
  const wanted = asked > 1 ? `${times(found)}, ${asked}x are asked for` : 'worse'
  return `${label(cell)}: ${title} ${values} (${wanted})`
}

export function label({ part, server, shape, way, concurrency, rows }) {
  const where = [part]
  if (server !== undefined) where.push(SERVER_TITLES[server])
  if (way !== undefined) where.push(WAY_TITLES[way])
  if (part === 'records') where.push(SHAPES[shape].title)
  if (part === 'length') where.push(`${rows.toLocaleString('en')} records`)
  if (concurrency !== undefined) where.push(`${concurrency} at once`)
  return where.join(', ')
}

export const LEGEND =
  'Medians. CPU: main = the JavaScript thread, all = every thread. A ratio above 1 is in favour of neobolt; ✗ = less than is asked for.'

export function explanation(run) {
  return `Made by \`${run.command}\`. Each figure is the median of ${run.repeats} runs (ten million records, and cold start: see run.json), each in a fresh process, the two drivers taking
turns. A ratio above 1 is in favour of neobolt; ✗ marks what is less than asked for, or worse. _Main CPU_ is the time that the JavaScript thread was on a processor,
_all CPU_ that of all threads of the process. _RSS_ is the peak of the process, _delay_ the worst lateness of a timer meanwhile. All fields of all records are read, and the
latest thousand records kept; integers are lossless; fetch size 1000. Both drivers gave the same records (compared by digest). The scripted peer answers from memory and shares
the processors with the client, as does the real server, which is the limit in most cells of records per second.`
}
