// @ts-check
/**
 * Finds what a type system does not see: memory errors in the addon and below it, and thread interleavings
 * that no test happens to meet. Installs and runs the tools on a stable toolchain.
 *
 *     npm run sanitize                        all tools
 *     npm run sanitize -- --tools asan,loom   some of them
 *
 * - asan: the tests in Rust under AddressSanitizer and LeakSanitizer.
 * - addon: the tests of the boundary and of the scripted server, on an addon under AddressSanitizer in an
 *   ordinary Node.js.
 * - valgrind: the tests in Rust, and Node.js with the addon on some of the other tests, under memcheck: for
 *   memory that is read before it is written.
 * - loom: models of the engine's hand-made pieces for several threads (loom/), in every order of their steps.
 *
 * For Linux on x86-64. asan and addon use the runtime that comes with Rust; valgrind has to be installed. The
 * packages, the addon's loader and the facade, which the tests in JavaScript need, are made where they are
 * missing or old.
 */
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { prepare, requireRust } from './prepare.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const TARGET = 'x86_64-unknown-linux-gnu'
const work = join(root, 'target', 'sanitize')

/**
 * @type {Record<string, () => Promise<string>>} each resolves with a line for the summary, and rejects with
 * what it has found
 */
const TOOLS = { asan, addon, valgrind, loom }

/**
 * A stable compiler has `-Zsanitizer`, but accepts it only with this variable. The target is named so that
 * build scripts and macros, which run in the compiler, are not instrumented.
 */
const ADDRESS = { RUSTC_BOOTSTRAP: '1', RUSTFLAGS: '-Zsanitizer=address -Cdebuginfo=1', NEOBOLT_TEST_CASES: '0.02' }

/** Memcheck: errors are the exit code, and so is memory that nothing points to any more. */
const MEMCHECK = ['--quiet', '--error-exitcode=9', `--suppressions=${join(root, 'scripts', 'valgrind.supp')}`]

const { values: options } = parseArgs({
  options: { tools: { type: 'string', default: Object.keys(TOOLS).join() } },
})
const wanted = options.tools.split(',')
const unknown = wanted.filter((name) => !(name in TOOLS))
if (unknown.length > 0) {
  console.error(`no such tool: ${unknown.join(', ')}; there are ${Object.keys(TOOLS).join(', ')}`)
  process.exit(2)
}

try {
  requireRust()
  if (['addon', 'valgrind'].some((name) => wanted.includes(name))) await prepare()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(2)
}
mkdirSync(work, { recursive: true })
const summary = []
let failed = false
for (const name of wanted) {
  console.log(`\n━━ ${name} ${'━'.repeat(60 - name.length)}`)
  const started = performance.now()
  const [ok, line] = await (TOOLS[name] ?? never)().then(
    (text) => [true, text],
    (error) => [false, error instanceof Error ? error.message : String(error)],
  )
  failed ||= !ok
  summary.push(
    `${ok ? '✔' : '✖'} ${name.padEnd(9)} ${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${line}`,
  )
}
console.log(`\n${summary.join('\n')}`)
console.log(failed ? 'FAILED' : 'Nothing found.')
process.exitCode = failed ? 1 : 0

/** @returns {Promise<string>} */
async function asan() {
  needLinux()
  const output = await run(
    'cargo',
    ['test', '--no-default-features', '--target', TARGET, '--target-dir', work],
    ADDRESS,
  )
  return passed(output)
}

/** @returns {Promise<string>} */
async function addon() {
  needLinux()
  await run('cargo', ['build', '--lib', '--target', TARGET, '--target-dir', work], ADDRESS)
  const reports = join(work, 'reports')
  rmSync(reports, { recursive: true, force: true })
  mkdirSync(reports)
  const tests = ['boundary', 'stub'].flatMap((folder) => testFiles(folder))
  const output = await run(
    process.execPath,
    [
      '--expose-gc',
      '--import',
      'tsx',
      '--test',
      '--test-reporter=spec',
      '--test-concurrency=2',
      '--test-timeout=300000',
      ...tests,
    ],
    {
      LD_PRELOAD: runtime(),
      NAPI_RS_NATIVE_LIBRARY_PATH: asAddon(join(work, TARGET, 'debug', 'libneobolt.so'), 'address.node'),
      // Leaks are not checked: V8 keeps pointers in forms that only it can read. Freed memory is kept out of
      // use for a while, but not hundreds of megabytes of it: some tests measure memory.
      ASAN_OPTIONS: `detect_leaks=0:quarantine_size_mb=8:thread_local_quarantine_size_kb=64:log_path=${join(reports, 'asan')}`,
      NEOBOLT_TEST_SANITIZER: '1',
    },
  ).catch((error) => error)
  // Also for processes that tests start, since a test may ignore their exit codes.
  const found = readdirSync(reports).map((name) => readFileSync(join(reports, name), 'utf8'))
  for (const report of found) console.error(report)
  if (found.length > 0) throw new Error(`${found.length} reports of AddressSanitizer, see ${reports}`)
  if (output instanceof Error) throw output
  return `${/ℹ pass (\d+)/.exec(output)?.[1]} tests passed`
}

/** @returns {Promise<string>} */
async function valgrind() {
  needLinux()
  if (spawnSync('valgrind', ['--version']).status !== 0) {
    throw new Error('valgrind is not installed: `apt install valgrind`, or leave it out with `--tools asan,addon,loom`')
  }
  const { stdout, status } = spawnSync(
    'cargo',
    ['test', '--no-default-features', '--no-run', '--message-format=json'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  if (status !== 0) throw new Error('cargo test --no-run failed')
  const programs = stdout
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
    .flatMap((message) => (message.profile?.test && message.executable ? [message.executable] : []))
  let output = ''
  for (const program of programs) {
    const leaks = ['--leak-check=full', '--errors-for-leak-kinds=definite', '--show-leak-kinds=definite']
    output += await run('valgrind', [...MEMCHECK, ...leaks, program, '--test-threads=1'], {
      NEOBOLT_TEST_CASES: '0.0005',
    })
  }
  await run('cargo', ['build', '--lib'])
  const env = { NAPI_RS_NATIVE_LIBRARY_PATH: asAddon(join(root, 'target', 'debug', 'libneobolt.so'), 'plain.node') }
  let tests = 0
  for (const file of ['boundary/native', 'stub/transactions', 'stub/backpressure']) {
    // V8 writes code while it runs.
    const node = ['--smc-check=all-non-file', process.execPath, '--expose-gc', '--import', 'tsx']
    const said = await run('valgrind', [...MEMCHECK, ...node, join('__test__', `${file}.test.ts`)], env)
    tests += Number(/^# pass (\d+)$/m.exec(said)?.[1])
  }
  return `${passed(output)}; ${tests} in Node.js`
}

/** @returns {Promise<string>} */
async function loom() {
  const output = await run('cargo', [
    'run',
    '--locked',
    '--manifest-path',
    join(root, 'loom', 'Cargo.toml'),
    '--target-dir',
    join(root, 'target', 'loom'),
  ])
  const orders = [...output.matchAll(/: (\d+) orders$/gm)].map(([, count]) => Number(count))
  return `${orders.length} models, ${orders.reduce((sum, count) => sum + count, 0).toLocaleString('en')} orders`
}

/**
 * The runtime of AddressSanitizer as a library that can be loaded ahead of everything: Node.js is not built
 * with it, and the runtime that comes with Rust is for programs.
 */
function runtime() {
  const { stdout } = spawnSync('rustc', ['--print', 'sysroot'], { encoding: 'utf8' })
  const folder = join(stdout.trim(), 'lib', 'rustlib', TARGET, 'lib')
  const name = readdirSync(folder).find((file) => /^librustc-.*_rt\.asan\.a$/.test(file))
  if (name === undefined) throw new Error(`this Rust has no runtime of AddressSanitizer: ${folder}`)
  const archive = join(work, 'address-runtime.a')
  // Not "libasan": the runtime refuses to run beside a library of such a name.
  const library = join(work, 'address-runtime.so')
  copyFileSync(join(folder, name), archive)
  // The entry that starts it in a program. A library must not have that, and starts it by a constructor.
  tool('ar', ['d', archive, 'asan_preinit.cpp.o'])
  const whole = ['-Wl,--whole-archive', archive, '-Wl,--no-whole-archive']
  tool('cc', ['-shared', '-o', library, ...whole, '-ldl', '-lpthread', '-lrt', '-lm'])
  return library
}

/**
 * Node.js recognises an addon by its name.
 * @param {string} library
 * @param {string} name
 */
function asAddon(library, name) {
  const path = join(work, name)
  // A process may have the old one mapped.
  rmSync(path, { force: true })
  copyFileSync(library, path)
  return path
}

/** @param {string} folder */
function testFiles(folder) {
  // package.test.ts tests the files of the package, and builds nothing that this check needs.
  return readdirSync(join(root, '__test__', folder))
    .filter((name) => name.endsWith('.test.ts') && name !== 'package.test.ts')
    .map((name) => join('__test__', folder, name))
}

function needLinux() {
  if (process.platform === 'linux' && process.arch === 'x64') return
  throw new Error('for Linux on x86-64 only')
}

/** @returns {Promise<string>} */
function never() {
  return Promise.reject(new Error('there is no such tool'))
}

/** @param {string} output of `cargo test` */
function passed(output) {
  const counts = [...output.matchAll(/^test result: ok\. (\d+) passed/gm)].map(([, count]) => Number(count))
  return `${counts.reduce((sum, count) => sum + count, 0)} tests in Rust passed`
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function tool(command, args) {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (error !== undefined) {
    throw new Error(
      `\`${command}\` cannot be run (${error.message}): install a C compiler and binutils, \`apt install gcc\``,
    )
  }
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr}`)
}

/**
 * Runs a command, shows its output, and returns what it wrote to the standard output.
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @returns {Promise<string>}
 */
function run(command, args, env = {}) {
  console.log(`$ ${command} ${args.join(' ')}`)
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text
      process.stdout.write(text)
    })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output)
      else reject(new Error(`${[command, ...args].join(' ')} ended with ${code ?? signal}`))
    })
  })
}
