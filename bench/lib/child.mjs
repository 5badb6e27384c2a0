/** The processes of a benchmark: the scripted peer, and one client for each measurement. Knows nothing of drivers. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PEER = fileURLToPath(new URL('../peer.mjs', import.meta.url))
const CLIENT = fileURLToPath(new URL('../client.mjs', import.meta.url))

/** How long one measurement may take. One that hangs must not hold up the run. */
const LIMIT_MS = 120_000

/** Starts the scripted peer; resolves with its port and a function that stops it. */
export function startPeer() {
  const child = spawn(process.execPath, [PEER], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the scripted peer ended with ${code}`)))
    child.stdout.once('data', (text) => {
      resolve({ port: JSON.parse(text).port, stop: () => child.kill() })
    })
  })
}

/** Runs bench/client.mjs with these options; resolves with the JSON that it prints. */
export function runClient(options) {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  const child = spawn(process.execPath, [CLIENT, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text
  })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      const what = `${options.driver}, ${options.way}, ${options.shape}`
      if (code === 0) resolve(JSON.parse(output))
      else if (signal === 'SIGKILL') reject(new Error(`${what}: nothing came for ${LIMIT_MS / 1000} s`))
      else reject(new Error(`${what}: ended with ${code ?? signal}\n${errors}`))
    })
  })
}
