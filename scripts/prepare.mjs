/**
 * Makes a checkout ready to run: installs the packages, builds the addon and the facade, each only where it
 * is missing or older than its sources. Uses nothing but Node itself.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DemoError, step } from './demo/terminal.mjs'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const isWindows = process.platform === 'win32'

/** Does what is needed, and reports what it does; silent if everything is up to date. */
export async function prepare() {
  await installPackages()
  const addon = addonFile()
  if (addon === undefined || changed([addon]) < changed(['src', 'Cargo.toml', 'Cargo.lock', 'build.rs'])) {
    requireRust()
    await command('Building the Rust core', npm(['run', 'build:addon']))
    touch(addonFile())
  }
  if (changed(['dist/index.js']) < changed(['lib', 'tsconfig.json', 'scripts/build-lib.mjs'])) {
    await command('Building the TypeScript facade', npm(['run', 'build:lib']))
    touch('dist/index.js')
  }
}

/** The npm packages, where they are missing or the lock file is newer. */
export async function installPackages() {
  const tooOld = nodeTooOld()
  if (tooOld !== null) throw new DemoError(tooOld)
  const installed = changed(['node_modules/.package-lock.json'])
  if (installed < changed(['package-lock.json'])) {
    // Not `npm ci`: that refuses a lock file which does not name the packages of every platform. This takes
    // the versions of the lock file, too, and --no-save leaves that file as it is.
    await command('Installing packages', npm(['install', '--no-save', '--no-audit', '--no-fund']))
    // npm leaves its own file as old as it was if there was nothing to do.
    touch('node_modules/.package-lock.json')
  }
}

/**
 * What to say where this Node is too old for the tools that build the package; the package itself runs on
 * Node 20.0. Null = it is new enough.
 */
export function nodeTooOld() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 13) || (major === 20 && minor >= 19)) return null
  return (
    `Building neobolt needs Node.js 20.19, 22.13 or newer, and this is ${process.version}: ` +
    'install it from https://nodejs.org.'
  )
}

/** @throws DemoError that says where to get Rust, unless it is there */
export function requireRust() {
  const cargo = spawnSync('cargo', ['--version'], { stdio: 'ignore', shell: isWindows })
  if (cargo.status !== 0) {
    throw new DemoError(
      'Building neobolt needs Rust 1.88 or newer: install it from https://rustup.rs, then run this again.',
    )
  }
}

/** The built addon of this platform, relative to the root. */
function addonFile() {
  const folder = join(ROOT, 'native')
  const name = existsSync(folder) ? readdirSync(folder).find((file) => file.endsWith('.node')) : undefined
  return name === undefined ? undefined : join('native', name)
}

/** When the newest of these files, or of the files in these folders, was changed; 0 where there is none. */
function changed(paths) {
  let newest = 0
  for (const path of paths) {
    const full = join(ROOT, path)
    if (!existsSync(full)) continue
    const stat = statSync(full)
    const time = stat.isDirectory() ? changed(readdirSync(full).map((name) => join(path, name))) : stat.mtimeMs
    newest = Math.max(newest, time)
  }
  return newest
}

function touch(path) {
  if (path !== undefined && existsSync(join(ROOT, path))) utimesSync(join(ROOT, path), new Date(), new Date())
}

/** The npm that runs this script, if there is one. */
function npm(args) {
  const path = process.env.npm_execpath
  return path?.endsWith('.js') ? [process.execPath, [path, ...args]] : [isWindows ? 'npm.cmd' : 'npm', args]
}

/** Runs a command and holds its output back. If the command fails, the end of it is shown. */
async function command(title, [program, args]) {
  const done = step(title)
  const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], shell: program.endsWith('.cmd') })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-8000)
    })
  }
  const code = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', resolve)
  })
  done(code === 0)
  if (code !== 0) throw new DemoError(`${output.trim()}\n\n${title}: \`${args.join(' ')}\` ended with ${code}.`)
}
