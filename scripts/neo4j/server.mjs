// @ts-check
/**
 * Starts a real Neo4j Community server from its jars on Maven Central: for the tests, the demo and the benchmark, without a container and without
 * an installed Neo4j. Knows Maven, JDKs, neo4j.conf and processes; knows nothing of this package's driver and of what is asked of the server.
 *
 * A server lives no longer than the process that started it: it runs under a small Java launcher (launcher.java) that reads its standard
 * input, and ends, taking its home folder with it, when the other end of that pipe is gone, however it went.
 */
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import tls from 'node:tls'
import { fileURLToPath } from 'node:url'
import { lock } from '../lock.mjs'

/** @typedef {'5.26.20' | '2026.09.0' | '4.4.44'} Neo4jVersion */

/** @typedef {'apoc'} Neo4jPlugin `apoc` is APOC Core */

/**
 * What has been done so far. While downloading, `done` of `total` bytes; while starting, both are milliseconds, and `total` is what a start
 * usually takes.
 * @typedef {{ phase: 'download' | 'start', done: number, total: number, jars: number, totalJars: number }} Progress
 */

/**
 * @typedef {object} StartOptions
 * @property {Neo4jVersion} [version] defaults to 5.26.20
 * @property {string} [password] the first password of the user neo4j, 8 characters at least; defaults to a random one
 * @property {(progress: Progress) => void} [onProgress] called as the download and the start advance
 * @property {Record<string, string>} [settings] more lines of neo4j.conf
 * @property {Neo4jPlugin[]} [plugins] downloaded like the server, and allowed all that they can do
 * @property {string} [heap] maximum heap of the JVM, as in -Xmx; defaults to 512m
 * @property {Tls} [tls] take encrypted connections only; not for 4.4
 */

/**
 * @typedef {object} Tls
 * @property {string} key of the server, in PEM (PKCS #8)
 * @property {string} certificate of the server, in PEM, with those that signed it
 * @property {{ authority: string, key: string, certificate: string }} [clients] demand a certificate that this authority has signed; the other two are
 *   one of them with its key, to see whether the server is there
 */

/**
 * @typedef {object} Neo4jServer
 * @property {string} uri bolt://127.0.0.1:PORT; bolt+ssc:// with TLS
 * @property {string} user
 * @property {string} password
 * @property {Neo4jVersion} version
 * @property {number} port
 * @property {number} pid of the JVM
 * @property {() => Promise<void>} stop ends the JVM and removes its home folder; may be called again, and after kill()
 * @property {() => Promise<void>} restart kills it, and resolves when it answers again, at the same port and with the same data
 * @property {() => Promise<void>} kill ends the JVM at once, as a crash would: resolves when the process is gone
 */

/** @typedef {{ home: string, major: number }} Jdk */

/** Its message is one sentence that says what to install. */
export class MissingToolError extends Error {
  /** @override */
  name = 'MissingToolError'
}

/**
 * Downloads the server's jars where the cache has none, starts it on a free port of 127.0.0.1, and resolves when it answers queries.
 * @param {StartOptions} [options]
 * @returns {Promise<Neo4jServer>}
 */
export async function startNeo4j(options = {}) {
  const version = options.version ?? '5.26.20'
  const release = RELEASES[version]
  if (release === undefined) {
    throw new Error(`unknown Neo4j version ${version}; known are ${Object.keys(RELEASES).join(', ')}`)
  }
  const jdk = requireJdk(version)
  const jars = await downloadNeo4j(version, options.onProgress)
  /** @type {string[]} */
  const plugins = []
  for (const name of options.plugins ?? []) plugins.push(await downloadPlugin(version, name))
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch(version, jdk, jars, plugins, options)
    } catch (error) {
      // Between asking for a free port and Neo4j's binding it, another process may have taken it.
      if (attempt === 3 || !String(error).includes('Address already in use')) throw error
    }
  }
}

/**
 * The folder with the server's jars, after downloading them there if need be.
 * @param {Neo4jVersion} version
 * @param {(progress: Progress) => void} [onProgress]
 * @returns {Promise<string>}
 */
export async function downloadNeo4j(version, onProgress) {
  const { jars, bytes } = RELEASES[version]
  return download(`neo4j-${version}`, [`org.neo4j:neo4j:${version}`], { jars, bytes, onProgress })
}

/**
 * The folder with a plugin's jars, after downloading them there if need be.
 * @param {Neo4jVersion} version
 * @param {Neo4jPlugin} name
 * @returns {Promise<string>}
 */
export async function downloadPlugin(version, name) {
  const { folder, artifacts } = pluginOf(version, name)
  return download(folder, artifacts)
}

/**
 * A JDK that this version of Neo4j runs on, or undefined. Looks at JAVA_HOME, at `java` on the PATH and beside both, and where JDKs are
 * usually installed.
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

/**
 * The sentence that says what is missing to start this version here, or undefined when nothing is.
 * @param {Neo4jVersion} version
 * @param {Neo4jPlugin[]} [plugins]
 * @returns {string | undefined}
 */
export function missingTools(version, plugins = []) {
  if (findJdk(version) === undefined) return jdkSentence(version)
  const folders = [`neo4j-${version}`, ...plugins.map((name) => pluginOf(version, name).folder)]
  if (folders.every((folder) => existsSync(join(cacheFolder(), folder)))) return undefined
  const maven = spawnSync(mavenCommand(), ['-version'], { shell: isWindows, stdio: 'ignore', env: mavenEnvironment() })
  return maven.status === 0 ? undefined : MAVEN_SENTENCE
}

/** The folder where downloaded servers are kept. */
export function cacheFolder() {
  const base = process.env.NEOBOLT_CACHE || process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(base, 'neobolt')
}

/**
 * @param {Neo4jVersion} version
 * @param {Jdk} jdk
 * @param {string} jars
 * @param {string[]} plugins folders with jars
 * @param {StartOptions} options
 * @returns {Promise<Neo4jServer>}
 */
async function launch(version, jdk, jars, plugins, options) {
  const release = RELEASES[version]
  const password = options.password ?? randomBytes(9).toString('hex')
  const port = await freePort()
  const uri = `${options.tls === undefined ? 'bolt' : 'bolt+ssc'}://127.0.0.1:${port}`
  const home = await mkdtemp(join(tmpdir(), `neobolt-neo4j-${version}-`))
  await mkdir(join(home, 'conf'))
  await mkdir(join(home, 'plugins'))
  for (const folder of plugins) await cp(folder, join(home, 'plugins'), { recursive: true })
  const secure = options.tls === undefined ? undefined : await writeTls(join(home, 'certificates'), port, options.tls)
  const settings = {
    ...release.settings(port),
    ...secure?.settings,
    ...Object.assign({}, ...(options.plugins ?? []).map((name) => pluginOf(version, name).settings)),
    ...options.settings,
  }
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`)
  await writeFile(join(home, 'conf', 'neo4j.conf'), lines.join(''))

  const started = Date.now()
  /** @type {string[]} */
  const output = []
  const boot = () => {
    const jvm = spawn(
      join(jdk.home, 'bin', 'java'),
      [
        `-Xmx${options.heap ?? '512m'}`,
        '-XX:+UseSerialGC',
        ...release.jvmOptions,
        '-cp',
        // As Neo4j's own start script does it: a plugin's extensions of the kernel are looked for here, its procedures in its folder.
        [jars, join(home, 'plugins')].map((folder) => join(folder, '*')).join(delimiter),
        fileURLToPath(new URL('./launcher.java', import.meta.url)),
        release.main,
        home,
      ],
      { stdio: ['pipe', 'pipe', 'pipe'], env: withUtf8(process.env) },
    )
    for (const stream of [jvm.stdout, jvm.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output.push(text)
        if (output.length > 200) output.shift()
      })
    }
    // The pipe breaks when the JVM ends first; that is seen by its exit.
    jvm.stdin.on('error', () => {})
    const started = { jvm, running: true, exited: Promise.resolve() }
    /** @type {Promise<void>} */
    const exit = new Promise((resolve) => {
      jvm.once('error', (error) => {
        output.push(String(error))
        resolve()
      })
      jvm.once('exit', () => resolve())
    })
    started.exited = exit.then(() => {
      started.running = false
    })
    return started
  }
  let current = boot()
  const said = async () => {
    const log = await readFile(join(home, 'logs', 'neo4j.log'), 'utf8').catch(() => '')
    return (output.join('') + log).slice(-4000)
  }
  const kill = async () => {
    const { jvm, exited } = current
    jvm.ref()
    jvm.kill('SIGKILL')
    await exited
  }
  const stop = async () => {
    const { jvm, exited, running } = current
    if (running) {
      jvm.ref()
      jvm.stdin.end()
      const timer = setTimeout(() => jvm.kill('SIGKILL'), STOP_MS)
      await exited
      clearTimeout(timer)
    }
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }

  /**
   * @param {number} since
   * @param {() => void} [report]
   */
  const answered = async (since, report) => {
    while (!(await answersBolt(port, options.tls))) {
      report?.()
      if (!current.running) throw new Error(`Neo4j ${version} ended while starting:\n${await said()}`)
      if (Date.now() > since + START_MS) {
        throw new Error(`Neo4j ${version} gave no answer in ${START_MS / 1000} s:\n${await said()}`)
      }
      await delay(100)
    }
  }
  // The JVM ends with this process, so that it is no reason to keep this process alive.
  const letGo = () => {
    const { jvm } = current
    jvm.unref()
    for (const stream of [jvm.stdin, jvm.stdout, jvm.stderr]) {
      const pipe = /** @type {import('node:net').Socket} */ (/** @type {unknown} */ (stream))
      pipe.unref()
    }
  }
  const restart = async () => {
    await kill()
    current = boot()
    await answered(Date.now())
    letGo()
  }

  try {
    const report = () =>
      options.onProgress?.({
        phase: 'start',
        done: Date.now() - started,
        total: USUAL_START_MS,
        jars: release.jars,
        totalJars: release.jars,
      })
    await answered(started, report)
    await setFirstPassword(uri, password, secure?.clientCertificate)
    report()
  } catch (error) {
    await stop()
    throw error
  }

  letGo()
  return {
    uri,
    user: 'neo4j',
    password,
    version,
    port,
    get pid() {
      return /** @type {number} */ (current.jvm.pid)
    },
    stop,
    kill,
    restart,
  }
}

/**
 * The folder of this name in the cache, filled with the artifacts' jars and those that they need where it is not there yet.
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
  // Maven's local repository is not made for several at a time.
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
 * To show progress by: how many jars there will be, and their size.
 * @typedef {{ jars: number, bytes: number, onProgress: ((progress: Progress) => void) | undefined }} Expected
 */

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
    // Maven's own plugin comes first and is not of the server.
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

/** @param {Neo4jVersion} version */
function requireJdk(version) {
  const jdk = findJdk(version)
  if (jdk === undefined) throw new MissingToolError(jdkSentence(version))
  return jdk
}

/** @param {Neo4jVersion} version */
function jdkSentence(version) {
  return `Neo4j ${version} needs a JDK ${RELEASES[version].jdkNames}: install one (for instance from https://adoptium.net) or set JAVA_HOME to it.`
}

/**
 * @param {Neo4jVersion} version
 * @param {Neo4jPlugin} name
 * @returns {Plugin}
 */
function pluginOf(version, name) {
  const plugin = RELEASES[version].plugins?.[name]
  if (plugin === undefined) throw new Error(`it is not known where to get the plugin ${name} for Neo4j ${version}`)
  return plugin
}

/** @returns {Jdk[]} each once, JAVA_HOME first, then the one on the PATH */
function installedJdks() {
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
    // The launcher is compiled when it is started, so that a mere run time (JRE) will not do.
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

function mavenCommand() {
  return isWindows ? 'mvn.cmd' : 'mvn'
}

function mavenEnvironment() {
  // Maven looks for a JDK on the PATH by itself; where it is not there, it needs to be told of one that we found elsewhere.
  if (process.env.JAVA_HOME) return withUtf8(process.env)
  const jdk = installedJdks().find(({ major }) => major >= 11)
  return withUtf8(jdk === undefined ? process.env : { ...process.env, JAVA_HOME: jdk.home })
}

/**
 * Java on Linux finds no file with a letter beyond ASCII in its path where the locale knows none, as in many containers.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
function withUtf8(env) {
  return process.platform === 'linux' ? { ...env, LC_ALL: 'C.UTF-8' } : env
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = net.createServer()
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(undefined))
  })
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  await new Promise((resolve) => server.close(resolve))
  return port
}

/**
 * Whether the peer at this port agrees on a version of Bolt.
 * @param {number} port
 * @param {Tls} [secure]
 * @returns {Promise<boolean>}
 */
function answersBolt(port, secure) {
  return new Promise((resolve) => {
    const connected = () => socket.write(HANDSHAKE)
    const socket =
      secure === undefined
        ? net.connect(port, '127.0.0.1', connected)
        : tls.connect(
            port,
            '127.0.0.1',
            { rejectUnauthorized: false, key: secure.clients?.key, cert: secure.clients?.certificate },
            connected,
          )
    socket.setTimeout(2000, () => socket.destroy())
    socket.once('data', () => {
      resolve(true)
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}

/**
 * The files of an encrypted server, and the settings that name them.
 * @param {string} folder
 * @param {number} port
 * @param {Tls} secure
 */
async function writeTls(folder, port, secure) {
  await mkdir(join(folder, 'trusted'), { recursive: true })
  await mkdir(join(folder, 'revoked'))
  await writeFile(join(folder, 'private.key'), secure.key)
  await writeFile(join(folder, 'public.crt'), secure.certificate)
  let clientCertificate
  if (secure.clients !== undefined) {
    await writeFile(join(folder, 'trusted', 'authority.crt'), secure.clients.authority)
    clientCertificate = { certfile: join(folder, 'client.crt'), keyfile: join(folder, 'client.key') }
    await writeFile(clientCertificate.certfile, secure.clients.certificate)
    await writeFile(clientCertificate.keyfile, secure.clients.key)
  }
  const settings = {
    'server.bolt.tls_level': 'REQUIRED',
    // Certificates are for names.
    'server.bolt.advertised_address': `localhost:${port}`,
    'dbms.ssl.policy.bolt.enabled': 'true',
    'dbms.ssl.policy.bolt.base_directory': folder,
    'dbms.ssl.policy.bolt.private_key': 'private.key',
    'dbms.ssl.policy.bolt.public_certificate': 'public.crt',
    'dbms.ssl.policy.bolt.client_auth': secure.clients === undefined ? 'NONE' : 'REQUIRE',
  }
  return { settings, clientCertificate }
}

/**
 * @param {string} uri
 * @param {string} password
 * @param {{ certfile: string, keyfile: string }} [clientCertificate]
 */
async function setFirstPassword(uri, password, clientCertificate) {
  const deadline = Date.now() + FIRST_PASSWORD_MS
  const { default: neo4j } = await import('neo4j-driver')
  const driver = neo4j.driver(uri, neo4j.auth.basic('neo4j', 'neo4j'), {
    maxTransactionRetryTime: 0,
    telemetryDisabled: true,
    ...(clientCertificate && { clientCertificate }),
  })
  try {
    for (;;) {
      const session = driver.session({ database: 'system' })
      try {
        await session.run("ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password", { password })
        break
      } catch (error) {
        // Bolt answers a little before the database system is there.
        if (Date.now() > deadline) throw error
        await delay(200)
      } finally {
        await session.close()
      }
    }
  } finally {
    await driver.close()
  }
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

/** @param {number} port */
function settingsOf5(port) {
  return {
    'server.bolt.listen_address': `127.0.0.1:${port}`,
    'server.bolt.advertised_address': `127.0.0.1:${port}`,
    'server.http.enabled': 'false',
    'server.memory.pagecache.size': '64m',
    'dbms.usage_report.enabled': 'false',
  }
}

/** @param {number} port */
function settingsOf4(port) {
  return {
    'dbms.connector.bolt.listen_address': `127.0.0.1:${port}`,
    'dbms.connector.bolt.advertised_address': `127.0.0.1:${port}`,
    'dbms.connector.bolt.enabled': 'true',
    'dbms.connector.http.enabled': 'false',
    'dbms.memory.pagecache.size': '64m',
    // Off by default where the server is started through its builder.
    'dbms.security.auth_enabled': 'true',
  }
}

/**
 * @typedef {object} Release
 * @property {string} main the class to start, or `builder` for DatabaseManagementServiceBuilder
 * @property {Array<(major: number) => boolean>} jdks which JDKs will do, the best first
 * @property {string} jdkNames
 * @property {string[]} jvmOptions
 * @property {(port: number) => Record<string, string>} settings
 * @property {number} jars how many there are, to show progress by
 * @property {number} bytes their size, to show progress by
 * @property {Partial<Record<Neo4jPlugin, Plugin>>} [plugins]
 */

/**
 * @typedef {object} Plugin
 * @property {string} folder its name in the cache
 * @property {string[]} artifacts GROUP:NAME:VERSION
 * @property {Record<string, string>} settings what it needs in neo4j.conf
 */

/** @type {Record<Neo4jVersion, Release>} */
const RELEASES = {
  '5.26.20': {
    main: 'org.neo4j.server.CommunityEntryPoint',
    jdks: [(major) => major === 21 || major === 17, (major) => major > 17],
    jdkNames: '17 or newer',
    jvmOptions: [],
    settings: settingsOf5,
    jars: 213,
    bytes: 120_697_430,
    plugins: {
      // There is no 5.26.20 of it; the first two numbers are what has to be the same.
      apoc: {
        folder: 'apoc-core-5.26.19',
        // The jar of apoc-core needs that of apoc-common, though its pom does not say so.
        artifacts: ['org.neo4j.procedure:apoc-core:5.26.19', 'org.neo4j.procedure:apoc-common:5.26.19'],
        settings: { 'dbms.security.procedures.unrestricted': 'apoc.*' },
      },
    },
  },
  '2026.09.0': {
    main: 'org.neo4j.server.Neo4jCommunity',
    jdks: [(major) => major >= 21],
    jdkNames: '21 or newer',
    jvmOptions: [],
    settings: settingsOf5,
    jars: 230,
    bytes: 161_140_698,
  },
  '4.4.44': {
    main: 'builder',
    jdks: [(major) => major === 17 || major === 11],
    jdkNames: '17 or 11',
    jvmOptions: ['java.nio', 'java.io', 'sun.nio.ch', 'java.lang', 'java.util.concurrent'].map(
      (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
    ),
    settings: settingsOf4,
    jars: 174,
    bytes: 100_088_042,
  },
}

/** The versions that can be started. */
export const VERSIONS = /** @type {Neo4jVersion[]} */ (Object.keys(RELEASES))

const isWindows = process.platform === 'win32'
const MAVEN_SENTENCE =
  'Downloading Neo4j needs Maven: install it (for instance `apt install maven` or `brew install maven`), so that `mvn` is on the PATH.'
const COPY_GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'
const START_MS = 300_000
const USUAL_START_MS = 9_000
const FIRST_PASSWORD_MS = 60_000
const STOP_MS = 10_000
// Bolt, "Handshake": magic, then four proposals; 5.4 to 5.0 and 4.4 to 4.2 are enough to hear whether somebody answers.
const HANDSHAKE = Buffer.from('6060b017' + '00040405' + '00020404' + '00000000' + '00000000', 'hex')
