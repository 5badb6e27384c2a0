/**
 * The processes of a benchmark: the scripted peer, one client for each measurement, and the references. Each
 * has a time limit, so that a process that hangs does not hold up the run.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileOf, SHAPES } from './shapes.mjs'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const CLIENT = join(ROOT, 'bench', 'client.mjs')
const START = join(ROOT, 'bench', 'tasks', 'start.mjs')
const EXE = process.platform === 'win32' ? '.exe' : ''

/** How long one measurement may take. */
const LIMIT_MS = 180_000

/** Builds the scripted peer if it is older than its sources, and returns the path of the program. */
export function buildPeer() {
  return cargo(['build', '--release', '--example', 'peer', '--no-default-features', '--message-format', 'json'], ROOT)
}

/**
 * Builds a cargo project or a part of one, and returns the path of the program. Throws with cargo's output.
 */
export function cargo(args, cwd) {
  const { status, stdout, stderr, error } = spawnSync('cargo', args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status !== 0) throw new Error(error?.message ?? stderr.trim().slice(-2000))
  const messages = stdout.split('\n').filter((line) => line.startsWith('{'))
  const made = messages.map((line) => JSON.parse(line).executable).findLast((path) => typeof path === 'string')
  return made ?? join(cwd, 'target', 'release', `peer${EXE}`)
}

/** Starts the scripted peer; resolves with its port and a function that stops it. */
export function startPeer(program) {
  const folder = mkdtempSync(join(tmpdir(), 'neobolt-bench-'))
  for (const name of Object.keys(SHAPES)) writeFileSync(join(folder, `${name}.bolt`), fileOf(name))
  const child = spawn(program, ['serve', folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the scripted peer ended with ${code}`)))
    child.stdout.once('data', (text) => {
      // The peer has read all of them.
      rmSync(folder, { recursive: true, force: true })
      resolve({ port: JSON.parse(text).port, stop: () => child.kill() })
    })
  })
}

/** Runs bench/client.mjs with these options; resolves with the JSON that it prints. */
export function runClient(options) {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  return runJson(process.execPath, [CLIENT, ...args])
}

/** Measures how long `require` of a driver takes. */
export function runStart(driver) {
  return runJson(process.execPath, [START, driver])
}

/** Runs a program that prints one line of JSON. Rejects with its output if it fails or takes too long. */
export function runJson(program, args, env = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors = (errors + text).slice(-4000)
  })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      const what = args.join(' ')
      if (code === 0) resolve(JSON.parse(output))
      else if (signal === 'SIGKILL') reject(new Error(`${what}: not done after ${LIMIT_MS / 1000} s`))
      else reject(new Error(`${what}: ended with ${code ?? signal}\n${errors}`))
    })
  })
}
