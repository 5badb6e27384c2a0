// @ts-check
/**
 * Installs the programs of this folder as a user would: with npm, into a folder of their own, with neobolt's
 * package under the name neo4j-driver for every package that depends on it. For comparison, does the same
 * with neo4j-driver itself.
 *
 * The installation is kept in .cache/programs and used again until something that went into it changes.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lock } from '../../scripts/lock.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(dirname(here))
const cache = join(root, '.cache', 'programs')

/**
 * The folder where the programs lie beside their node_modules. Needs the built package.
 * @param {'neobolt' | 'neo4j-driver'} driver
 * @returns {Promise<string>}
 */
export async function installPrograms(driver) {
  await mkdir(cache, { recursive: true })
  const unlock = await lock(join(cache, 'install.lock'))
  try {
    const folder = join(cache, driver)
    await install(driver, folder)
    await rm(join(folder, 'apps'), { recursive: true, force: true })
    await cp(join(here, 'apps'), join(folder, 'apps'), { recursive: true })
    return folder
  } finally {
    await unlock()
  }
}

/**
 * Other runtimes for JavaScript, as npm has them: their executables, by name. Only packages for this platform
 * are installed, so that none of their scripts has to run.
 * @returns {Promise<Record<string, string>>}
 */
export async function installRuntimes() {
  const { platform, arch } = process
  const isWindows = platform === 'win32'
  const exe = isWindows ? '.exe' : ''
  const node = `node-${isWindows ? 'win' : platform}-${arch}`
  const bun = `@oven/bun-${isWindows ? 'windows' : platform}-${arch === 'arm64' ? 'aarch64' : arch}`
  const deno = `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`
  /** @type {Record<string, [version: string, executable: string]>} */
  const packages = {
    'node-22': [`npm:${node}@22.23.3`, `bin/node${exe}`],
    'node-24': [`npm:${node}@24.9.0`, `bin/node${exe}`],
    'node-26': [`npm:${node}@26.9.0`, `bin/node${exe}`],
    bun: [`npm:${bun}@1.4.5`, `bin/bun${exe}`],
    deno: [`npm:${deno}@2.9.6`, `deno${exe}`],
  }
  const dependencies = Object.fromEntries(Object.entries(packages).map(([name, [version]]) => [name, version]))
  const folder = join(cache, 'runtimes')
  await mkdir(cache, { recursive: true })
  const unlock = await lock(join(cache, 'runtimes.lock'))
  try {
    const manifest = JSON.stringify({ private: true, dependencies }, undefined, 2)
    const mark = join(folder, 'installed.json')
    if ((await readFile(mark, 'utf8').catch(() => '')) !== manifest) {
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, 'package.json'), manifest)
      await npm(['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'], folder)
      await writeFile(mark, manifest)
    }
  } finally {
    await unlock()
  }
  return Object.fromEntries(
    Object.entries(packages).map(([name, [, executable]]) => [name, join(folder, 'node_modules', name, executable)]),
  )
}

/**
 * The package as npm would publish it.
 * @returns {Promise<string>} the path of the archive
 */
export async function pack() {
  await mkdir(cache, { recursive: true })
  const output = await npm(['pack', '--json', '--pack-destination', cache], root)
  // A list up to npm 11, a map by name since.
  const [{ filename }] = Object.values(JSON.parse(output))
  const archive = join(cache, 'neobolt.tgz')
  await rename(join(cache, basename(filename)), archive)
  return archive
}

/**
 * @param {'neobolt' | 'neo4j-driver'} driver
 * @param {string} folder
 */
async function install(driver, folder) {
  const manifest = JSON.parse(await readFile(join(here, 'package.json'), 'utf8'))
  const locked = JSON.parse(await readFile(join(here, 'package-lock.json'), 'utf8'))
  const archive = driver === 'neobolt' ? await pack() : undefined
  if (archive !== undefined) replaceDriver(manifest, locked)
  const others = hash(process.version, JSON.stringify(manifest), JSON.stringify(locked))
  const driverHash = archive === undefined ? '' : hash(await readFile(archive))
  const mark = join(folder, 'installed.json')
  const before = JSON.parse(await readFile(mark, 'utf8').catch(() => '{}'))
  if (before.others === others && before.driver === driverHash) return

  await rm(mark, { force: true })
  if (before.others !== others) await rm(folder, { recursive: true, force: true })
  // npm does not read an archive of the same name and version again, so it has to see that the package is
  // gone.
  for (const stale of ['neo4j-driver', '.package-lock.json']) {
    await rm(join(folder, 'node_modules', stale), { recursive: true, force: true })
  }
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, undefined, 2))
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(locked, undefined, 2))
  if (archive !== undefined) await cp(archive, join(folder, 'neobolt.tgz'))
  // No scripts: none of these packages needs one to work. The tools are only for the tests with neobolt.
  const omit = archive === undefined ? ['--omit=dev'] : []
  await npm(
    ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', ...omit],
    folder,
  )
  if (!existsSync(join(folder, 'node_modules', 'neo4j-driver', 'package.json'))) {
    throw new Error(`npm did not put a neo4j-driver into ${folder}`)
  }
  await writeFile(mark, JSON.stringify({ others, driver: driverHash }))
}

/**
 * What a user does by hand: the dependency names the other package, and `overrides` makes all dependencies
 * use it, too.
 * @param {{ dependencies: Record<string, string> }} manifest
 * @param {{ packages: Record<string, any> }} locked
 */
function replaceDriver(manifest, locked) {
  manifest.dependencies['neo4j-driver'] = 'file:neobolt.tgz'
  locked.packages[''].dependencies['neo4j-driver'] = 'file:neobolt.tgz'
  for (const name of ['neo4j-driver', 'neo4j-driver-core', 'neo4j-driver-bolt-connection']) {
    delete locked.packages[`node_modules/${name}`]
  }
}

/** @param {(string | Buffer)[]} parts */
function hash(...parts) {
  const sum = createHash('sha256')
  for (const part of parts) sum.update(part).update('\0')
  return sum.digest('hex')
}

/**
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<string>} its standard output
 */
function npm(args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve(stdout) : reject(new Error(`npm ${args[0]} failed in ${cwd}:\n${stderr.slice(-4000)}`)),
    )
  })
}
