// @ts-check
/**
 * Coverage-guided fuzzing of the code that reads a peer's bytes, with libFuzzer on stable Rust. Builds and
 * runs the targets in fuzz/.
 *
 *     npm run fuzz                                   every target for 60 seconds
 *     npm run fuzz -- --targets batch --seconds 600  one of them for longer
 *     npm run fuzz -- --runs 1000000                 by count instead of time
 *     npm run fuzz -- --minimize                     keeps the smallest inputs that reach as far
 *
 * Two of them, decoder and payloads, are for the JavaScript of lib/, by V8's own coverage.
 *
 * Needs Rust and a C++ compiler, for libFuzzer. Installs the npm packages where a target in JavaScript needs
 * them.
 *
 * Findings are written to fuzz/findings/, and make the exit code 1; `fuzz/target/…/TARGET FILE` runs one
 * again. A target in JavaScript prints the seed that reproduces its finding.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installPackages, requireRust } from './prepare.mjs'

const fuzz = join(dirname(dirname(fileURLToPath(import.meta.url))), 'fuzz')
const TARGETS = ['handshake', 'chunks', 'values', 'responses', 'batch', 'certificate', 'session', 'routing']
/** The targets that run the whole engine: for them, a long input is only slow. */
const CONVERSATIONS = ['session', 'routing']
/**
 * The targets in JavaScript: the decoder of lib/, on frames that the engine has made of any records, and the
 * decoder of encrypted values, on any bytes.
 */
const SCRIPTS = ['decoder', 'payloads']

/**
 * The flags that make the compiler instrument the code for libFuzzer. All of them are stable flags;
 * `cargo fuzz` gives the same ones, and needs a nightly toolchain only for the sanitizers.
 */
const COVERAGE = [
  '-Cpasses=sancov-module',
  '-Cllvm-args=-sanitizer-coverage-level=4',
  '-Cllvm-args=-sanitizer-coverage-inline-8bit-counters',
  '-Cllvm-args=-sanitizer-coverage-pc-table',
  '-Cllvm-args=-sanitizer-coverage-trace-compares',
  '-Ccodegen-units=1',
]

const { values: options } = parseArgs({
  options: {
    targets: { type: 'string', default: [...TARGETS, ...SCRIPTS].join() },
    seconds: { type: 'string' },
    runs: { type: 'string' },
    minimize: { type: 'boolean', default: false },
  },
})
const targets = options.targets.split(',')
const unknown = targets.filter((target) => !SCRIPTS.includes(target) && !TARGETS.includes(target))
if (unknown.length > 0) {
  console.error(`no such target: ${unknown.join(', ')}; there are ${[...TARGETS, ...SCRIPTS].join(', ')}`)
  process.exit(2)
}
const bound = options.runs !== undefined ? [`-runs=${options.runs}`] : [`-max_total_time=${options.seconds ?? '60'}`]

await makeReady()
const host = hostTriple()
const programs = join(fuzz, 'target')
build()

/** @type {string[]} */
const summary = []
let found = false
for (const target of targets) {
  const outcome = SCRIPTS.includes(target) ? await script(target) : await hunt(target)
  summary.push(`${target.padEnd(11)} ${outcome.text}`)
  found ||= !outcome.ok
}
console.log(`\n${summary.join('\n')}`)
console.log(found ? 'FOUND: see fuzz/findings' : 'Nothing found.')
process.exitCode = found ? 1 : 0

/** Installs what it can, and reports what else is missing before anything takes its time. */
async function makeReady() {
  try {
    requireRust()
    requireCompiler()
    if (targets.some((target) => SCRIPTS.includes(target))) await installPackages()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(2)
  }
}

/** The one that libFuzzer, whose sources come in its crate, is compiled with. */
function requireCompiler() {
  const compiler = process.env.CXX ?? 'c++'
  if (spawnSync(compiler, ['--version'], { stdio: 'ignore' }).status === 0) return
  throw new Error(
    `libFuzzer needs a C++ compiler, and \`${compiler}\` cannot be run: install one (\`apt install g++\`, \`xcode-select --install\`) or name it in CXX.`,
  )
}

function build() {
  const { status } = spawnSync(
    'cargo',
    ['build', '--release', '--locked', '--target', host, '--target-dir', programs],
    { cwd: fuzz, stdio: 'inherit', env: { ...process.env, RUSTFLAGS: COVERAGE.join(' ') } },
  )
  if (status !== 0) process.exit(2)
}

function hostTriple() {
  const { stdout } = spawnSync('rustc', ['-vV'], { encoding: 'utf8' })
  const triple = /^host: (.+)$/m.exec(stdout ?? '')?.[1]
  if (triple === undefined) throw new Error('rustc -vV does not name its host')
  return triple
}

/**
 * @param {string} target
 * @returns {Promise<{ ok: boolean, text: string }>}
 */
async function hunt(target) {
  const corpus = join(fuzz, 'corpus', target)
  const findings = join(fuzz, 'findings')
  mkdirSync(corpus, { recursive: true })
  mkdirSync(findings, { recursive: true })
  // New inputs go to a folder of their own: the repository has only what --minimize leaves.
  const work = mkdtempSync(join(tmpdir(), `neobolt-fuzz-${target}-`))
  const program = join(programs, host, 'release', target)
  try {
    const limits = ['-rss_limit_mb=2048', '-timeout=10', `-max_len=${CONVERSATIONS.includes(target) ? 2048 : 4096}`]
    const { code, output } = await run(program, [
      ...bound,
      ...limits,
      '-print_final_stats=1',
      `-artifact_prefix=${findings}/${target}-`,
      work,
      corpus,
    ])
    const executions = /stat::number_of_executed_units:\s*(\d+)/.exec(output)?.[1] ?? '0'
    const covered = [...output.matchAll(/cov: (\d+) ft: (\d+) corp: (\d+)/g)].at(-1)
    if (options.minimize && code === 0) await minimize(program, work, corpus)
    const inputs = covered === undefined ? '' : `, ${covered[1]} places reached by ${covered[3]} inputs`
    return {
      ok: code === 0,
      text: `${Number(executions).toLocaleString('en')} executions${inputs}${code === 0 ? '' : ', FOUND'}`,
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/**
 * Replaces the corpus by the smallest inputs that reach as far.
 * @param {string} program
 * @param {string} work
 * @param {string} corpus
 */
async function minimize(program, work, corpus) {
  const smallest = `${corpus}.new`
  rmSync(smallest, { recursive: true, force: true })
  mkdirSync(smallest)
  const { code } = await run(program, ['-merge=1', '-max_len=4096', smallest, corpus, work])
  if (code !== 0 || readdirSync(smallest).length === 0) return
  rmSync(corpus, { recursive: true })
  renameSync(smallest, corpus)
}

/**
 * @param {string} target
 * @returns {Promise<{ ok: boolean, text: string }>}
 */
async function script(target) {
  const program = target === 'decoder' ? [join(programs, host, 'release', 'frames')] : []
  const { code, output } = await run(process.execPath, [
    // A target that stops early has found something.
    '--max-old-space-size=512',
    '--import',
    'tsx',
    join(fuzz, `${target}.ts`),
    ...program,
    options.runs ?? `${options.seconds ?? '60'}s`,
  ])
  return { ok: code === 0, text: /^[\d,]+ executions, .*/m.exec(output)?.[0] ?? 'FOUND' }
}

/**
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function run(program, args) {
  console.log(`$ ${program} ${args.join(' ')}`)
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: dirname(fuzz), stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const [stream, out] of /** @type {const} */ ([
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])) {
      stream.setEncoding('utf8').on('data', (text) => {
        // Only the end of the output is read.
        output = (output + text).slice(-200_000)
        out.write(text)
      })
    }
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}
