/**
 * Drivers of other languages, for reference: the crates neo4rs and neo4j, and Python's neo4j with and without
 * its Rust extension, each reading three columns. If a tool is missing, its driver is left out, and a
 * sentence reports that.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder } from '../../scripts/neo4j/server.mjs'
import { cargo, runJson } from './child.mjs'
import { SERVER_TITLES } from './report.mjs'
import { queryOf } from './shapes.mjs'
import { median } from './table.mjs'

const FOLDER = fileURLToPath(new URL('../reference/', import.meta.url))
const SCRIPT = join(FOLDER, 'stream.py')
const SHAPE = 'three'
const PYTHON_VERSION = '6.4.1'
const PIP_LIMIT_MS = 120_000

/** Measures every available driver on each of `servers`, and adds the figures to `run`. */
export async function references(servers, repeats, rows, run, progress) {
  const query = queryOf(SHAPE, rows)
  const clients = [...rustClients(run, progress), ...pythonClients(run, progress)]
  for (const [server, { uri, user = 'neo4j', password = 'neo4j' }] of Object.entries(servers)) {
    for (const { client, program, args } of clients) {
      const samples = []
      try {
        for (let i = 0; i < repeats; i++) {
          progress(`references · ${server} · ${client} · ${i + 1}/${repeats}`)
          samples.push(await runJson(program, args(uri, user, password, query)))
        }
      } catch (error) {
        run.notes.push(`No figures of ${client} (server: ${SERVER_TITLES[server]}): ${oneLine(error.message)}`)
        continue
      }
      const middle = (name) => median(samples.map((sample) => sample[name]))
      run.references.push({ client, server, rows, wall: middle('wall'), cpu: middle('cpu'), samples })
    }
  }
}

function rustClients(run, progress) {
  progress('references · building the Rust drivers')
  try {
    const program = cargo(['build', '--release', '--message-format', 'json'], FOLDER)
    return [
      ['neo4rs', 'crate neo4rs 0.8.0'],
      ['neo4j', 'crate neo4j 0.2.0'],
    ].map(([name, client]) => ({
      client,
      program,
      args: (uri, user, password, query) => [name, uri.replace('bolt://', ''), user, password, query],
    }))
  } catch (error) {
    run.notes.push(`No figures of the Rust drivers: they could not be built (${oneLine(error.message)}).`)
    return []
  }
}

function pythonClients(run, progress) {
  const clients = []
  for (const [folder, client, packages] of [
    ['plain', `Python neo4j ${PYTHON_VERSION}`, [`neo4j==${PYTHON_VERSION}`]],
    ['rust', `Python neo4j ${PYTHON_VERSION} with neo4j-rust-ext`, [`neo4j-rust-ext==${PYTHON_VERSION}.*`]],
  ]) {
    progress(`references · ${client}`)
    try {
      const program = environment(`${folder}-${PYTHON_VERSION}`, packages)
      clients.push({ client, program, args: (...rest) => [SCRIPT, ...rest] })
    } catch (error) {
      run.notes.push(`No figures of ${client}: ${oneLine(error.message)}`)
    }
  }
  return clients
}

/** A virtual environment with these packages in the cache folder; the path of its Python. */
function environment(name, packages) {
  const folder = join(cacheFolder(), 'python', name)
  const [bin, exe] = process.platform === 'win32' ? ['Scripts', '.exe'] : ['bin', '']
  const python = join(folder, bin, `python${exe}`)
  if (existsSync(join(folder, 'ready'))) return python
  mkdirSync(folder, { recursive: true })
  must(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', folder], 'Python 3.10 or newer is needed')
  must(python, ['-m', 'pip', 'install', '--quiet', ...packages], 'pip could not install it')
  mkdirSync(join(folder, 'ready'))
  return python
}

function must(program, args, sentence) {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', timeout: PIP_LIMIT_MS })
  if (status !== 0) throw new Error(`${sentence} (${oneLine(error?.message ?? stderr)})`)
}

function oneLine(text) {
  return text.trim().split('\n').at(-1).slice(0, 300)
}
