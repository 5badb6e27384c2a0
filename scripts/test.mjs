// @ts-check
/**
 * What `npm test` runs: everything, on a machine that has only the tools. Installs the npm packages, builds,
 * lints, starts the real servers, runs each suite, and ends with the runners' own summaries.
 *
 *     npm test                        all stages
 *     npm test -- unit stub           only these stages (see STAGES)
 *     CI=true npm test                a server that cannot be run here is a failure
 *     NEOBOLT_TEST_CASES=10 npm test  properties are tried on ten times as many cases
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withUtf8 } from './neo4j/jdk.mjs'
import { nodeTooOld } from './prepare.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const isWindows = process.platform === 'win32'

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {() => Promise<string[]>} run resolves with the lines of its summary, rejects when it fails
 * @property {boolean} [vital] without it, no later stage makes sense
 */

/** Errors whose message says everything. */
class StageError extends Error {
  /**
   * @param {string} message
   * @param {string[]} summary
   */
  constructor(message, summary = []) {
    super(message)
    this.summary = summary
  }
}

/** @type {Stage[]} */
const STAGES = [
  { name: 'install', run: install, vital: true },
  { name: 'build', run: build, vital: true },
  { name: 'lint', run: lint },
  { name: 'rust', run: rust },
  { name: 'unit', run: () => suite('unit') },
  { name: 'boundary', run: () => suite('boundary', ['--expose-gc']) },
  { name: 'stub', run: () => suite('stub') },
  { name: 'integration', run: integration },
  { name: 'programs', run: programs },
]

/** The server that all integration tests need. The others are for what only they can show. */
const ESSENTIAL = '5.26.20'

/** On how many cases properties are to be tried, in Rust and in the unit tests together. */
const CASES = 1_000_000

/** Where the other compilers of TypeScript are. */
const COMPILERS = '__test__/types/compilers'

/** The targets of `npm run fuzz`, which are no part of the crate. */
const FUZZING = ['--manifest-path', 'fuzz/Cargo.toml', '--target-dir', 'fuzz/target']

/** The models of `npm run sanitize`, which share sources with the crate. */
const LOOM = ['--manifest-path', 'loom/Cargo.toml', '--target-dir', 'target/loom']

/** Environment variables that would change what Node, npm or the drivers do, and so what the tests see. */
const MISLEADING = [
  ...['NODE_OPTIONS', 'NODE_PATH', 'NODE_ENV', 'NODE_DEBUG', 'NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_V8_COVERAGE'],
  ...['FORCE_COLOR', 'NEO4J_URI', 'NEO4J_USER', 'NEO4J_PASSWORD'],
]

/** What was left out, for the last lines. @type {string[]} */
const leftOut = []

await main()

async function main() {
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name))
  if (unknown.length > 0) {
    console.error(`no such stage: ${unknown.join(', ')}; there are ${STAGES.map(({ name }) => name).join(', ')}`)
    process.exit(2)
  }
  const stages = wanted.length === 0 ? STAGES : STAGES.filter(({ name }) => wanted.includes(name))
  checkTools(stages.map(({ name }) => name))
  for (const name of MISLEADING) delete process.env[name]
  const counts = mkdtempSync(join(tmpdir(), 'neobolt-test-'))
  process.env.NEOBOLT_TEST_CASES_FILE = join(counts, 'cases')
  process.once('exit', () => rmSync(counts, { recursive: true, force: true }))

  /** @type {{ name: string, ok: boolean, seconds: number, lines: string[] }[]} */
  const results = []
  for (const { name, run, vital } of stages) {
    console.log(`\n━━ ${name} ${'━'.repeat(Math.max(0, 60 - name.length))}`)
    const started = performance.now()
    let ok = true
    /** @type {string[]} */
    let lines
    try {
      lines = await run()
    } catch (error) {
      ok = false
      lines = error instanceof StageError ? [error.message, ...error.summary] : [String(error)]
      if (!(error instanceof StageError)) console.error(error)
    }
    const seconds = (performance.now() - started) / 1000
    console.log(`── ${name}: ${ok ? 'ok' : 'FAILED'} in ${seconds.toFixed(1)} s`)
    results.push({ name, ok, seconds, lines })
    if (!ok && vital) break
  }

  console.log(`\n━━ summary ${'━'.repeat(53)}`)
  for (const { name, ok, seconds, lines } of results) {
    console.log(`${ok ? '✔' : '✖'} ${name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s`)
    for (const line of lines) console.log(`    ${line}`)
  }
  const notReached = stages.slice(results.length)
  if (notReached.length > 0) console.log(`not run: ${notReached.map(({ name }) => name).join(', ')}`)
  for (const line of leftOut) console.log(line)
  const failed = results.filter(({ ok }) => !ok).map(({ name }) => name)
  const cases = casesTried()
  if (cases > 0) console.log(`properties were tried on ${cases.toLocaleString('en')} cases`)
  const isAll = ['rust', 'unit'].every((name) => results.some((result) => result.name === name && result.ok))
  if (isAll && process.env.NEOBOLT_TEST_CASES === undefined && cases < CASES) {
    failed.push(`fewer than ${CASES.toLocaleString('en')} cases`)
  }
  const incomplete = leftOut.length > 0 && process.env.CI === 'true'
  if (failed.length > 0) console.log(`FAILED: ${failed.join(', ')}`)
  else if (incomplete) console.log('FAILED: with CI=true nothing may be left out')
  else console.log(wanted.length === 0 ? 'All passed.' : `Passed: ${wanted.join(', ')}.`)
  process.exitCode = failed.length > 0 || incomplete ? 1 : 0
}

/**
 * Each property that holds has added a line with the number of its cases (src/properties.rs,
 * __test__/support/property.ts).
 */
function casesTried() {
  const file = process.env.NEOBOLT_TEST_CASES_FILE
  if (file === undefined || !existsSync(file)) return 0
  return readFileSync(file, 'utf8')
    .split('\n')
    .reduce((sum, line) => sum + Number(line), 0)
}

/**
 * Reports what is missing before anything takes its time.
 * @param {string[]} stages
 */
function checkTools(stages) {
  const missing = []
  const tooOld = nodeTooOld()
  if (tooOld !== null) missing.push(tooOld)
  if (['build', 'lint', 'rust'].some((name) => stages.includes(name)) && !answers('cargo', '--version')) {
    missing.push('Rust is needed to build the addon: see https://rustup.rs')
  }
  if (['integration', 'programs'].some((name) => stages.includes(name))) {
    if (!answers('java', '-version') && !process.env.JAVA_HOME) {
      missing.push('A JDK of 17 or newer is needed to run Neo4j: see https://adoptium.net')
    }
    if (!answers('mvn', '-version')) {
      missing.push(
        'Maven is needed to download Neo4j: see https://maven.apache.org, or `apt install maven`, `brew install maven`',
      )
    }
  }
  if (missing.length === 0) return
  for (const line of missing) console.error(line)
  process.exit(2)
}

/** @returns {Promise<string[]>} */
async function install() {
  // The second has only compilers. It is separate because each of them provides the command `tsc`.
  for (const folder of ['.', COMPILERS]) {
    if (existsSync(join(root, folder, 'node_modules', '.package-lock.json'))) {
      console.log(`${join(folder, 'node_modules')} is there`)
      continue
    }
    // Not `npm ci`: it insists on packages for other platforms, and not every registry has them.
    await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--include=dev', '--prefix', folder])
  }
  return []
}

/** @returns {Promise<string[]>} */
async function build() {
  await run('npm', ['run', 'build'])
  return []
}

/**
 * Runs all checks, so that one run shows everything there is to fix. Those of Rust and those of TypeScript
 * run side by side: neither keeps two cores busy.
 * @returns {Promise<string[]>}
 */
async function lint() {
  await install()
  /** @type {[string, string[]][]} */
  const ofRust = [
    ['cargo', ['fmt', '--check']],
    ['cargo', ['clippy', '--all-targets', '--', '-D', 'warnings']],
    ['cargo', ['fmt', '--check', '--manifest-path', 'fuzz/Cargo.toml']],
    ['cargo', ['clippy', '--locked', '--no-default-features', ...FUZZING, '--', '-D', 'warnings']],
    ['cargo', ['fmt', '--check', '--manifest-path', 'loom/Cargo.toml']],
    ['cargo', ['check', '--locked', ...LOOM]],
  ]
  /** @type {[string, string[]][]} */
  const others = [
    ['npx', ['biome', 'ci']],
    ['node', ['scripts/line-width.mjs']],
    ['node', ['scripts/supply-chain.mjs', 'licences']],
    ['npx', ['tsc', '-p', 'tsconfig.test.json']],
    ['npx', ['tsc', '-p', '__test__/types']],
    ['npx', ['tsc', '-p', '__test__/types/tsconfig.official.json']],
    ['npm', ['run', 'docs']],
  ]
  for (const compiler of ['typescript-4.9', 'typescript-5']) {
    for (const config of ['ours', 'official', 'esm', 'no-interop']) {
      const tsc = `${COMPILERS}/node_modules/${compiler}/lib/tsc.js`
      others.push(['node', [tsc, '-p', `${COMPILERS}/tsconfig.${config}.json`]])
    }
  }
  let failed = false
  /** @param {[string, string[]][]} checks */
  const oneByOne = async (checks) => {
    const lines = []
    for (const [command, args] of checks) {
      const { code } = await watch(command, args, {}, true)
      failed ||= code !== 0
      lines.push(`${code === 0 ? 'ok    ' : 'FAILED'} ${command} ${args.join(' ')}`)
    }
    return lines
  }
  const lines = (await Promise.all([oneByOne(ofRust), oneByOne(others)])).flat()
  // The committed files must be what the sources produce. The new version is left in place, to be looked at
  // and committed.
  const generated = ['index.d.ts', 'lib/engine/native.d.ts'].map((name) => ({ name, committed: textOf(name) }))
  lines.push(...(await oneByOne([['npm', ['run', 'types']]])))
  for (const { name, committed } of generated) {
    const current = textOf(name) === committed
    failed ||= !current
    lines.push(current ? `ok     ${name} is up to date` : `FAILED ${name} was not what \`npm run types\` makes`)
  }
  if (failed) throw new StageError('there is something to mend', lines)
  return lines
}

/**
 * @param {string} name of a file, from the root
 * @returns {string}
 */
function textOf(name) {
  return readFileSync(join(root, name), 'utf8')
}

/**
 * Without the addon: the addon adds nothing that has tests in Rust, and this shows that the layers below do
 * not need it.
 * @returns {Promise<string[]>}
 */
async function rust() {
  const { code, output } = await watch('cargo', ['test', '--no-default-features'])
  const summary = output
    .split('\n')
    .filter((line) => /^test result: .* [1-9]\d* passed|^test result: FAILED/.test(line))
  if (code !== 0) throw new StageError('cargo test failed', summary)
  return summary
}

/**
 * The test files of one folder.
 * @param {string} folder
 * @param {string[]} flags
 * @param {Record<string, string>} env
 * @param {number} minutes that a file may take
 * @returns {Promise<string[]>}
 */
async function suite(folder, flags = [], env = {}, minutes = 8) {
  const path = join('__test__', folder)
  const files = readdirSync(join(root, path), { encoding: 'utf8', recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(path, name))
  if (files.length === 0) throw new StageError(`there are no tests in ${path}`)
  const { code, output } = await watch(
    process.execPath,
    [
      ...flags,
      '--import',
      'tsx',
      '--test',
      '--test-reporter=spec',
      '--test-concurrency=2',
      `--test-timeout=${minutes * 60_000}`,
      ...files,
    ],
    env,
  )
  // The reporter's closing lines: tests, pass, fail, skipped, ...
  const counts = [...output.matchAll(/^ℹ (tests|pass|fail|cancelled|skipped|todo) (\d+)$/gm)].slice(-6)
  const summary = [counts.map(([, what, count]) => `${what} ${count}`).join(', ')]
  if (code !== 0) throw new StageError('node:test failed', summary)
  return summary
}

/** @returns {Promise<string[]>} */
async function integration() {
  const { MissingToolError, missingTools, startNeo4j, VERSIONS } = await import('./neo4j/server.mjs')
  /** @type {Record<string, string>} */
  const absent = {}
  /** @type {Record<string, { uri: string, user: string, password: string, version: string }>} */
  const addresses = {}
  /** @type {import('./neo4j/server.mjs').Neo4jServer[]} */
  const servers = []
  try {
    const start = async (/** @type {(typeof VERSIONS)[number]} */ version) => {
      const missing = missingTools(version)
      if (missing !== undefined) {
        if (version === ESSENTIAL) throw new MissingToolError(missing)
        absent[version] = missing
        leftOut.push(`NOT TESTED on Neo4j ${version}: ${missing}`)
        return
      }
      const started = performance.now()
      const server = await startNeo4j({ version, onProgress: progress(version) })
      servers.push(server)
      addresses[version] = { uri: server.uri, user: server.user, password: server.password, version }
      console.log(
        `Neo4j ${version} answers at ${server.uri} after ${((performance.now() - started) / 1000).toFixed(1)} s`,
      )
    }
    // Side by side. All of them have started, or failed to, before any is stopped.
    for (const started of await Promise.allSettled(VERSIONS.map(start))) {
      if (started.status === 'rejected') throw started.reason
    }
    return await suite('integration', [], {
      NEOBOLT_TEST_SERVERS: JSON.stringify(addresses),
      NEOBOLT_TEST_ABSENT: JSON.stringify(absent),
    })
  } catch (error) {
    throw error instanceof MissingToolError ? new StageError(error.message) : error
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}

/**
 * Third-party programs on our driver. They have a server of their own, since they need a plugin and empty the
 * database.
 * @returns {Promise<string[]>}
 */
async function programs() {
  const { MissingToolError, startNeo4j } = await import('./neo4j/server.mjs')
  const { installPrograms, installRuntimes } = await import('../__test__/programs/install.mjs')
  // Before the tests, which have a time limit: how long npm takes the first time says nothing about them.
  for (const driver of /** @type {const} */ (['neobolt', 'neo4j-driver'])) {
    console.log(`installing the programs with ${driver}`)
    await installPrograms(driver)
  }
  console.log('installing other runtimes')
  await installRuntimes()
  try {
    const server = await startNeo4j({ version: ESSENTIAL, plugins: ['apoc'], onProgress: progress(ESSENTIAL) })
    try {
      const { uri, user, password, version } = server
      const addresses = { [version]: { uri, user, password, version } }
      return await suite('programs', [], { NEOBOLT_TEST_SERVERS: JSON.stringify(addresses) }, 10)
    } finally {
      await server.stop()
    }
  } catch (error) {
    throw error instanceof MissingToolError ? new StageError(error.message) : error
  }
}

/** @param {string} version */
function progress(version) {
  let shown = -1
  /** @param {import('./neo4j/server.mjs').Progress} state */
  return ({ phase, done, total }) => {
    const tenths = Math.floor((10 * done) / total)
    if (phase !== 'download' || tenths === shown) return
    shown = tenths
    console.log(`downloading Neo4j ${version}: ${(done / 1e6).toFixed(0)} of ${(total / 1e6).toFixed(0)} MB`)
  }
}

/**
 * Runs a command and passes its output through; rejects if it fails.
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<void>}
 */
function run(command, args) {
  console.log(`$ ${command} ${args.join(' ')}`)
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', shell: isWindows })
    child.once('error', (error) => reject(new StageError(`${command} could not be started: ${error.message}`)))
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new StageError(`${command} ${args.join(' ')} failed`)),
    )
  })
}

/**
 * Runs a command, shows its output and also returns it.
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @param {boolean} inOnePiece show it when the command has ended, since other commands run beside it
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function watch(command, args, env = {}, inOnePiece = false) {
  const title = `$ ${command === process.execPath ? 'node' : command} ${args.join(' ')}`
  if (!inOnePiece) console.log(title)
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: isWindows && command !== process.execPath,
      env: { ...process.env, ...env },
    })
    let output = ''
    for (const [stream, out] of /** @type {const} */ ([
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
        if (!inOnePiece) out.write(text)
      })
    }
    child.once('error', (error) => reject(new StageError(`${command} could not be started: ${error.message}`)))
    child.once('close', (code) => {
      if (inOnePiece) process.stdout.write(`${title}\n${output}`)
      resolve({ code, output })
    })
  })
}

/**
 * @param {string} command
 * @param {string} argument
 */
function answers(command, argument) {
  return spawnSync(command, [argument], { stdio: 'ignore', shell: isWindows, env: withUtf8(process.env) }).status === 0
}
