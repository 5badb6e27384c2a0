/**
 * Log lines of both drivers, made comparable: without numbers, ids and times, and without the three things in
 * which the two are known to differ.
 * - The official driver says twice that an idle connection is acquired, ours once.
 * - HELLO describes another driver.
 * - RESET after a failure is logged when it is written: behind an IGNORED that came along with the FAILURE.
 *   The official driver logs it before, when it has looked at the FAILURE.
 */
export function comparable(lines: string[]): string[] {
  const plain = lines
    .map((line) =>
      line
        .replace(/Connection \[\d+\]/, 'Connection [N]')
        .replace(/(D|d)river \d+/, '$1river N')
        .replace(/"bolt_agent":\{[^}]*\}/, '"bolt_agent":{}')
        .replace(/ \(\{"gqlStatus.*"code":"([^"]+)".*/, ' $1'),
    )
    .filter((line, index, all) => !line.includes('acquired from') || line !== all[index - 1])
  for (let index = 1; index < plain.length; index++) {
    if (!plain[index].endsWith('C: RESET') || !plain[index - 1].includes('S: IGNORED')) continue
    const [ignored] = plain.splice(index - 1, 1)
    plain.splice(index, 0, ignored)
  }
  return plain
}
