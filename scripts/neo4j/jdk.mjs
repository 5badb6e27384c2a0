// @ts-check
/**
 * Finds an installed JDK that a release of Neo4j runs on.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { MissingToolError } from './missing-tool.mjs'
import { RELEASES } from './releases.mjs'

/** @typedef {import('./releases.mjs').Neo4jVersion} Neo4jVersion */

/** @typedef {{ home: string, major: number }} Jdk */

/**
 * A JDK that this version of Neo4j runs on, or undefined. Looks at JAVA_HOME, at `java` on the PATH and
 * beside both, and where JDKs are usually installed.
 * @param {Neo4jVersion} version
 * @returns {Jdk | undefined}
 */
export function findJdk(version) {
  const found = installedJdks()
  for (const fits of RELEASES[version].jdks) {
    const jdk = found.find(({ major }) => fits(major))
    if (jdk !== undefined) return jdk
  }
  return undefined
}

/** @param {Neo4jVersion} version */
export function requireJdk(version) {
  const jdk = findJdk(version)
  if (jdk === undefined) throw new MissingToolError(jdkSentence(version))
  return jdk
}

/** @param {Neo4jVersion} version */
export function jdkSentence(version) {
  return `Neo4j ${version} needs a JDK ${RELEASES[version].jdkNames}: install one (for instance from https://adoptium.net) or set JAVA_HOME to it.`
}

/** @returns {Jdk[]} each once, JAVA_HOME first, then the one on the PATH */
export function installedJdks() {
  const executable = isWindows ? 'java.exe' : 'java'
  /** @type {string[]} */
  const homes = []
  if (process.env.JAVA_HOME) homes.push(process.env.JAVA_HOME)
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const java = join(folder, executable)
    if (existsSync(java)) homes.push(dirname(dirname(realpathSync(java))))
  }
  const parents = [
    ...homes.map((home) => dirname(home)),
    '/usr/lib/jvm',
    '/usr/java',
    '/opt/java',
    '/Library/Java/JavaVirtualMachines',
    '/opt/homebrew/opt',
    join(homedir(), '.sdkman', 'candidates', 'java'),
    join(homedir(), '.jdks'),
    join(homedir(), 'Library', 'Java', 'JavaVirtualMachines'),
    'C:\\Program Files\\Java',
    'C:\\Program Files\\Eclipse Adoptium',
  ]
  for (const parent of new Set(parents)) {
    let names
    try {
      names = readdirSync(parent)
    } catch {
      continue
    }
    for (const name of names) {
      homes.push(
        join(parent, name),
        join(parent, name, 'Contents', 'Home'),
        join(parent, name, 'libexec', 'openjdk.jdk', 'Contents', 'Home'),
      )
    }
  }
  /** @type {Map<string, Jdk>} */
  const jdks = new Map()
  for (const home of homes) {
    // The launcher is compiled when it is started, so a runtime alone (JRE) will not do.
    if (!existsSync(join(home, 'bin', isWindows ? 'javac.exe' : 'javac'))) continue
    const real = realpathSync(home)
    if (jdks.has(real)) continue
    const major = majorOf(real)
    if (major !== undefined) jdks.set(real, { home: real, major })
  }
  return [...jdks.values()]
}

/**
 * @param {string} home
 * @returns {number | undefined}
 */
function majorOf(home) {
  let text
  try {
    text = readFileSync(join(home, 'release'), 'utf8')
  } catch {
    const run = spawnSync(join(home, 'bin', 'java'), ['-version'], { encoding: 'utf8' })
    text = run.stderr ?? ''
  }
  const version = /(?:JAVA_VERSION=|version )"(?:1\.)?(\d+)/.exec(text)
  return version === null ? undefined : Number(version[1])
}

/**
 * On Linux, Java finds no file with a letter beyond ASCII in its path if the locale has none, as in many
 * containers.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function withUtf8(env) {
  return process.platform === 'linux' ? { ...env, LC_ALL: 'C.UTF-8' } : env
}

const isWindows = process.platform === 'win32'
