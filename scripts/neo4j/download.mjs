// @ts-check
/** Downloads the jars of Neo4j and of its plugins from Maven Central into a cache, by Maven. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { lock } from '../lock.mjs'
import { installedJdks, withUtf8 } from './jdk.mjs'
import { MissingToolError } from './missing-tool.mjs'
import { pluginOf, RELEASES } from './releases.mjs'

/** @typedef {import('./releases.mjs').Neo4jVersion} Neo4jVersion */

/** @typedef {import('./releases.mjs').Neo4jPlugin} Neo4jPlugin */

/**
 * What has been done so far. While downloading, `done` of `total` bytes; while starting, both are
 * milliseconds, and `total` is what a start usually takes.
 * @typedef {{ phase: 'download' | 'start', done: number, total: number, jars: number, totalJars: number }}
 *   Progress
 */

/**
 * For showing progress: how many jars there will be, and their size.
 * @typedef {{ jars: number, bytes: number, onProgress: ((progress: Progress) => void) | undefined }} Expected
 */

/**
 * The folder with the server's jars, downloaded if necessary.
 * @param {Neo4jVersion} version
 * @param {(progress: Progress) => void} [onProgress]
 * @returns {Promise<string>}
 */
export async function downloadNeo4j(version, onProgress) {
  const { jars, bytes } = RELEASES[version]
  return download(`neo4j-${version}`, [`org.neo4j:neo4j:${version}`], { jars, bytes, onProgress })
}

/**
 * The folder with a plugin's jars, downloaded if necessary.
 * @param {Neo4jVersion} version
 * @param {Neo4jPlugin} name
 * @returns {Promise<string>}
 */
export async function downloadPlugin(version, name) {
  const { folder, artifacts } = pluginOf(version, name)
  return download(folder, artifacts)
}

/** The folder where downloaded servers are kept. */
export function cacheFolder() {
  const base = process.env.NEOBOLT_CACHE || process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(base, 'neobolt')
}

/**
 * Whether everything is downloaded already.
 * @param {Neo4jVersion} version
 * @param {Neo4jPlugin[]} plugins
 */
export function isDownloaded(version, plugins) {
  const folders = [`neo4j-${version}`, ...plugins.map((name) => pluginOf(version, name).folder)]
  return folders.every((folder) => existsSync(join(cacheFolder(), folder)))
}

/**
 * The sentence that says that Maven is missing, or undefined when it can be run.
 * @returns {string | undefined}
 */
export function missingMaven() {
  const maven = spawnSync(mavenCommand(), ['-version'], { shell: isWindows, stdio: 'ignore', env: mavenEnvironment() })
  return maven.status === 0 ? undefined : MAVEN_SENTENCE
}

/**
 * The folder of this name in the cache. If it does not exist yet, it is filled with the artifacts' jars and
 * their dependencies.
 * @param {string} name
 * @param {string[]} artifacts GROUP:NAME:VERSION
 * @param {Expected} [expected]
 * @returns {Promise<string>}
 */
async function download(name, artifacts, expected) {
  const root = cacheFolder()
  const target = join(root, name)
  if (existsSync(target)) return target
  await mkdir(root, { recursive: true })
  // Maven's local repository does not allow several writers at a time.
  const unlock = await lock(join(root, 'download.lock'))
  try {
    if (existsSync(target)) return target
    const work = await mkdtemp(join(root, `.${name}-`))
    try {
      await copyDependencies(artifacts, work, expected)
      await rename(join(work, 'lib'), target)
    } finally {
      await rm(work, { recursive: true, force: true })
    }
    return target
  } finally {
    await unlock()
  }
}

/**
 * Runs Maven in `work`, which gets a pom.xml and a folder lib with all jars.
 * @param {string[]} artifacts
 * @param {string} work
 * @param {Expected | undefined} expected
 */
async function copyDependencies(artifacts, work, expected) {
  await writeFile(join(work, 'pom.xml'), pom(artifacts))
  const maven = spawn(
    mavenCommand(),
    ['-B', '-Dstyle.color=never', COPY_GOAL, '-DoutputDirectory=lib', '-DincludeScope=runtime'],
    { cwd: work, shell: isWindows, stdio: ['ignore', 'pipe', 'pipe'], env: mavenEnvironment() },
  )
  let downloaded = 0
  let bytes = 0
  let copied = 0
  let log = ''
  let rest = ''
  /** @param {string} line */
  const read = (line) => {
    const download = /Downloaded from \S+: \S+\/(\S+)\.jar \(([\d.]+) ([kM]?)B/.exec(line)
    // Maven's own plugin comes first and is not part of the server.
    if (download !== null && !download[1]?.startsWith('maven-')) {
      downloaded++
      bytes += Number(download[2]) * (download[3] === 'M' ? 1e6 : download[3] === 'k' ? 1e3 : 1)
    } else if (/Copying \S+\.jar/.test(line)) {
      copied++
    } else {
      return
    }
    if (expected === undefined) return
    const share = Math.max(Math.min(bytes / expected.bytes, 1), copied / expected.jars)
    expected.onProgress?.({
      phase: 'download',
      done: Math.min(Math.round(share * expected.bytes), expected.bytes),
      total: expected.bytes,
      jars: Math.min(Math.max(downloaded, copied), expected.jars),
      totalJars: expected.jars,
    })
  }
  for (const stream of [maven.stdout, maven.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      log = (log + text).slice(-8000)
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      lines.forEach(read)
    })
  }
  const code = await new Promise((resolve, reject) => {
    maven.once('error', () => reject(new MissingToolError(MAVEN_SENTENCE)))
    maven.once('close', resolve)
  })
  if (code !== 0) throw new Error(`Maven could not download ${artifacts.join(', ')}:\n${log}`)
}

function mavenCommand() {
  return isWindows ? 'mvn.cmd' : 'mvn'
}

function mavenEnvironment() {
  // Maven looks for a JDK on the PATH by itself. If there is none, it needs the path of the one found
  // elsewhere.
  if (process.env.JAVA_HOME) return withUtf8(process.env)
  const jdk = installedJdks().find(({ major }) => major >= 11)
  return withUtf8(jdk === undefined ? process.env : { ...process.env, JAVA_HOME: jdk.home })
}

/** @param {string[]} artifacts */
function pom(artifacts) {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(':')
    return `    <dependency>
      <groupId>${group}</groupId>
      <artifactId>${name}</artifactId>
      <version>${version}</version>
    </dependency>
`
  })
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId>
  <artifactId>neo4j-jars</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
${dependencies.join('')}  </dependencies>
</project>
`
}

const isWindows = process.platform === 'win32'
const MAVEN_SENTENCE =
  'Downloading Neo4j needs Maven: install it (for instance `apt install maven` or `brew install maven`), so that `mvn` is on the PATH.'
const COPY_GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'
