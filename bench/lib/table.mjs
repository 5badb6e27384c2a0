/**
 * Plain text tables, and numbers as people read them. Shared by the benchmark's terminal output and its
 * report.
 */

/** Columns padded to their widest cell; the first is aligned left, the others right. */
export function textTable(head, rows) {
  const all = [head, ...rows]
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i].length)))
  const line = (row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd()
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}

/** The same as a Markdown table. */
export function markdownTable(head, rows) {
  const line = (row) => `| ${row.join(' | ')} |`
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

/** `value` with three significant digits and no exponent. */
export function short(value) {
  if (value === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(Math.min(digits, 3))
}

/** 1_234_567 as `1.23 M`, 12_345 as `12.3 k`. */
export function many(value) {
  if (value >= 999_500) return `${short(value / 1e6)} M`
  if (value >= 1000) return `${short(value / 1e3)} k`
  return short(value)
}

/** A ratio, as `4.1x`. */
export function times(value) {
  return Number.isFinite(value) ? `${value.toFixed(value < 9.95 ? 2 : 1)}x` : '–'
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
