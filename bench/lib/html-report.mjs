/**
 * The report page: one self-contained HTML file with its plots. The figures are given; it measures nothing.
 */

import { bars, lines, xml } from './plot.mjs'
import { explanation, origin, sections, verdicts, WAY_TITLES } from './report.mjs'
import { SHAPES } from './shapes.mjs'
import { many, short, times } from './table.mjs'
import { thresholdsOf } from './thresholds.mjs'

/** The plots of a run as SVG text, by name. */
export function plots(run) {
  const out = {}
  const of = (part, test = () => true) => run.cells.filter((cell) => cell.part === part && test(cell))
  for (const way of ['for-await', 'subscribe', 'promise']) {
    const cells = of('records', (cell) => cell.server === 'peer' && cell.way === way)
    if (cells.length === 0) continue
    out[`records-${way}`] = bars({
      title: `${WAY_TITLES[way]}, scripted peer: how many times less than neo4j-driver (red: what is asked for)`,
      legend: ['main-thread CPU', 'wall time'],
      format: times,
      groups: cells.map((cell) => {
        const { main, wall } = thresholdsOf(cell)
        return { name: SHAPES[cell.shape].title, values: [gain(cell, 'main'), gain(cell, 'wall')], asked: [main, wall] }
      }),
    })
  }
  const queries = of('queries')
  if (queries.length > 0) {
    out.queries = bars({
      title: 'Small queries: queries per second',
      legend: ['neobolt', 'neo4j-driver'],
      format: many,
      groups: queries.map((cell) => ({
        name: `${WAY_TITLES[cell.way]}, ${cell.concurrency} at once`,
        values: [1e6 / cell.ours.wall.median, 1e6 / cell.official.wall.median],
      })),
    })
  }
  for (const [part, key, x] of [
    ['length', 'rows', 'records in a result'],
    ['concurrent', 'concurrency', 'results read at once'],
  ]) {
    const cells = of(part)
    if (cells.length < 2) continue
    out[part] = lines({
      title: `Main-thread CPU for each record, by ${x}`,
      x,
      y: 'µs each',
      format: short,
      lines: both(cells, key, 'main'),
    })
    out[`${part}-memory`] = lines({
      title: `Peak RSS, by ${x}`,
      x,
      y: 'MB',
      format: short,
      lines: both(cells, key, 'rss'),
    })
  }
  return out
}

/** The page. */
export function page(run) {
  const drawn = Object.values(plots(run))
  const tables = sections(run, true).map(
    ({ title, note, head, rows }) =>
      `<h2>${xml(title)}</h2>${note ? `<p>${xml(note)}</p>` : ''}<div class="wide"><table><thead><tr>${head
        .map((cell) => `<th>${xml(cell)}</th>`)
        .join('')}</tr></thead><tbody>${rows
        .map(
          (row) =>
            `<tr>${row.map((cell) => `<td${cell.includes('✗') ? ' class="lost"' : ''}>${xml(cell)}</td>`).join('')}</tr>`,
        )
        .join('\n')}</tbody></table></div>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>neobolt and neo4j-driver, measured side by side</title>
<style>
:root { color-scheme: light dark }
body { font: 14px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
h2 { margin: 2.5rem 0 0.25rem; font-size: 1.15rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; white-space: nowrap; font-size: 12px }
td, th { padding: 0.15rem 0.55rem; text-align: right; border-bottom: 1px solid #8884 }
td:first-child { text-align: left }
td:nth-child(3n+1) { font-weight: 600 }
.lost { color: #c0392b }
svg { display: block; max-width: 100%; height: auto; margin: 1.5rem 0 }
</style>
<h1>neobolt and neo4j-driver, measured side by side</h1>
<p>${xml(origin(run))}</p>
<p>${xml(explanation(run))
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/_([^_]+)_/g, '<em>$1</em>')}</p>
${drawn.join('\n')}
${tables.join('\n')}
<h2>Held to</h2>
<ul>${verdicts(run)
    .map((text) => `<li>${xml(text)}</li>`)
    .join('\n')}</ul>
${run.notes.map((text) => `<p>${xml(text)}</p>`).join('\n')}
</html>
`
}

function gain(cell, figure) {
  return cell.official[figure].median / cell.ours[figure].median
}

function both(cells, key, figure) {
  return [
    { name: 'neobolt', points: cells.map((cell) => [cell[key], cell.ours[figure].median]) },
    { name: 'neo4j-driver', points: cells.map((cell) => [cell[key], cell.official[figure].median]) },
  ]
}
