// Runs TestKit, the Neo4j drivers' conformance suite, against the built package, and fails where a test
// fails, or where a part has fewer that pass than the official driver has (baseline.txt of the suite).
//
// Usage: node .ci/conformance.mjs FOLDER_OF_THE_SUITE [SUITE ...]
// A SUITE whose name ends in -rx is driven through rxSession().
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SUITES = ['stub', 'stub-rx', 'tls']

/**
 * How many tests of a whole suite have to pass. In `stub` and `stub-rx` that is two
 * more than with neo4j-driver 6.3.0.
 */
const COMPLETE = new Map([
  ['stub', 523],
  ['stub-rx', 493],
  ['tls', 44],
])

const [folder, ...chosen] = process.argv.slice(2)
const baseline = counts(readFileSync(join(folder, 'baseline.txt'), 'utf8'))
const out = mkdtempSync(join(tmpdir(), 'conformance-'))
const problems = []
let passed = 0
try {
  for (const suite of chosen.length > 0 ? chosen : SUITES) {
    const rx = suite.endsWith('-rx')
    // The baseline is that of the promises.
    const judged = ([name]) => !rx && (suite === 'stub' || name === suite || name.startsWith(`${suite}.`))
    const expected = [...baseline].filter(judged)
    const complete = COMPLETE.get(suite) ?? (rx ? 1 : undefined)
    if (expected.length === 0 && complete === undefined) problems.push(`${suite}: the baseline has no such suite`)
    const run = spawnSync(join(folder, 'run'), [rx ? suite.slice(0, -3) : suite, out], {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
      env: { ...process.env, SESSION_TYPE: rx ? 'RX' : 'ASYNC' },
    })
    process.stdout.write(run.stdout)
    const found = counts(run.stdout)
    if (complete !== undefined) {
      const all = [...found.values()]
      const good = all.reduce((sum, part) => sum + part.passed, 0)
      const bad = all.reduce((sum, part) => sum + part.bad, 0)
      if (good < complete || bad > 0) problems.push(`${suite}: ${good} of ${complete} passed and ${bad} failed`)
      if (expected.length === 0) passed += good
    }
    for (const [name, official] of expected) {
      const ours = found.get(name)
      if (ours === undefined) {
        problems.push(`${name}: was not run`)
      } else if (ours.passed < official.passed || ours.bad > 0) {
        problems.push(`${name}: ${ours.passed} passed and ${ours.bad} failed; official ${official.passed} and ${official.bad}`)
      }
      passed += ours?.passed ?? 0
    }
  }
} finally {
  rmSync(out, { recursive: true, force: true })
}
for (const problem of problems) console.error(`conformance: ${problem}`)
console.log(`conformance: ${passed} passed, ${problems.length} parts worse than neo4j-driver 6.3.0`)
process.exitCode = problems.length > 0 ? 1 : 0

/** The lines `NAME run N passed N failed N errors N skipped N` of a report. */
function counts(report) {
  const line = /^(tests\.\S+)\s+run\s+\d+\s+passed\s+(\d+)\s+failed\s+(\d+)\s+errors\s+(\d+)/gm
  return new Map(
    [...report.matchAll(line)].map(([, name, passed, failed, errors]) => [
      name,
      { passed: Number(passed), bad: Number(failed) + Number(errors) },
    ]),
  )
}
