// @ts-check
/**
 * Starts a real Neo4j Community server from its jars on Maven Central: for the tests, the demo and the
 * benchmark, without a container and without an installed Neo4j.
 *
 * A server lives no longer than the process that started it: it runs under a small Java launcher
 * (launcher.java) that reads its standard input. When the other end of that pipe is gone for any reason, the
 * launcher ends, and removes the server's home folder.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import tls from 'node:tls'
import { fileURLToPath } from 'node:url'
import { downloadNeo4j, downloadPlugin, isDownloaded, missingMaven } from './download.mjs'
import { findJdk, jdkSentence, requireJdk, withUtf8 } from './jdk.mjs'
import { pluginOf, RELEASES } from './releases.mjs'
import { writeTls } from './tls.mjs'

export { cacheFolder } from './download.mjs'
export { MissingToolError } from './missing-tool.mjs'
export { VERSIONS } from './releases.mjs'

/** @typedef {import('./releases.mjs').Neo4jVersion} Neo4jVersion */

/** @typedef {import('./releases.mjs').Neo4jPlugin} Neo4jPlugin */

/** @typedef {import('./download.mjs').Progress} Progress */

/** @typedef {import('./tls.mjs').Tls} Tls */

/**
 * @typedef {object} StartOptions
 * @property {Neo4jVersion} [version] defaults to 5.26.20
 * @property {string} [password] the first password of the user neo4j, 8 characters at least; defaults to a
 *   random one
 * @property {(progress: Progress) => void} [onProgress] called as the download and the start advance
 * @property {Record<string, string>} [settings] more lines of neo4j.conf
 * @property {Neo4jPlugin[]} [plugins] downloaded like the server, and allowed all that they can do
 * @property {string} [heap] maximum heap of the JVM, as in -Xmx; defaults to 512m
 * @property {Tls} [tls] take encrypted connections only; not for 4.4
 */

/**
 * @typedef {object} Neo4jServer
 * @property {string} uri bolt://127.0.0.1:PORT; bolt+ssc:// with TLS
 * @property {string} user
 * @property {string} password
 * @property {Neo4jVersion} version
 * @property {number} port
 * @property {number} pid of the JVM
 * @property {() => Promise<void>} stop ends the JVM and removes its home folder; may be called again, and
 *   after kill()
 * @property {() => Promise<void>} restart kills it, and resolves when it answers again, at the same port and
 *   with the same data
 * @property {() => Promise<void>} kill ends the JVM at once, as a crash would: resolves when the process is
 *   gone
 */

/**
 * Everything needed to start the JVM of a server again and again.
 * @typedef {object} Installation
 * @property {Neo4jVersion} version
 * @property {number} port
 * @property {string} home
 * @property {Tls | undefined} tls
 * @property {string} java the executable
 * @property {string} heap
 * @property {string[]} jvmOptions
 * @property {string} classPath
 * @property {string} main the class to start, or `builder`
 */

/**
 * @typedef {object} Jvm
 * @property {import('node:child_process').ChildProcessWithoutNullStreams} child
 * @property {boolean} running
 * @property {Promise<void>} exited
 */

/**
 * Downloads the server's jars if the cache has none, starts it on a free port of 127.0.0.1, and resolves when
 * it answers queries.
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
      // Between finding a free port and Neo4j's binding it, another process may have taken it.
      if (attempt === 3 || !String(error).includes('Address already in use')) throw error
    }
  }
}

/**
 * The sentence that says what is missing to start this version here, or undefined if nothing is.
 * @param {Neo4jVersion} version
 * @param {Neo4jPlugin[]} [plugins]
 * @returns {string | undefined}
 */
export function missingTools(version, plugins = []) {
  if (findJdk(version) === undefined) return jdkSentence(version)
  return isDownloaded(version, plugins) ? undefined : missingMaven()
}

/**
 * Makes a home folder for a server and starts it there; resolves when it answers and has its password.
 * @param {Neo4jVersion} version
 * @param {import('./jdk.mjs').Jdk} jdk
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
  const { home, clientCertificate } = await makeHome(version, port, plugins, options)
  const started = Date.now()
  const server = new Neo4jProcess({
    version,
    port,
    home,
    tls: options.tls,
    java: join(jdk.home, 'bin', 'java'),
    heap: options.heap ?? '512m',
    jvmOptions: release.jvmOptions,
    // As in Neo4j's own start script: a plugin's extensions of the kernel are looked for here, its procedures
    // in its folder.
    classPath: [jars, join(home, 'plugins')].map((folder) => join(folder, '*')).join(delimiter),
    main: release.main,
  })
  const report = () =>
    options.onProgress?.({
      phase: 'start',
      done: Date.now() - started,
      total: USUAL_START_MS,
      jars: release.jars,
      totalJars: release.jars,
    })
  try {
    await server.answered(report)
    await setFirstPassword(uri, password, clientCertificate)
    report()
  } catch (error) {
    await server.stop()
    throw error
  }
  server.unref()
  return {
    uri,
    user: 'neo4j',
    password,
    version,
    port,
    get pid() {
      return server.pid
    },
    stop: () => server.stop(),
    kill: () => server.kill(),
    restart: () => server.restart(),
  }
}

/**
 * A home folder with plugins, certificates and neo4j.conf.
 * @param {Neo4jVersion} version
 * @param {number} port
 * @param {string[]} plugins folders with jars
 * @param {StartOptions} options
 */
async function makeHome(version, port, plugins, options) {
  const home = await mkdtemp(join(tmpdir(), `neobolt-neo4j-${version}-`))
  await mkdir(join(home, 'conf'))
  await mkdir(join(home, 'plugins'))
  for (const folder of plugins) await cp(folder, join(home, 'plugins'), { recursive: true })
  const secure = options.tls === undefined ? undefined : await writeTls(join(home, 'certificates'), port, options.tls)
  const settings = {
    ...RELEASES[version].settings(port),
    ...secure?.settings,
    ...Object.assign({}, ...(options.plugins ?? []).map((name) => pluginOf(version, name).settings)),
    ...options.settings,
  }
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`)
  await writeFile(join(home, 'conf', 'neo4j.conf'), lines.join(''))
  return { home, clientCertificate: secure?.clientCertificate }
}

/** One server: its home folder, and the JVM that runs in it. */
class Neo4jProcess {
  /** The end of what the JVM has printed. @type {string[]} */
  #output = []
  /** @type {Jvm} */
  #jvm

  /** @param {Installation} installation */
  constructor(installation) {
    this.#installation = installation
    this.#jvm = this.#boot()
  }

  /** @type {Installation} */
  #installation

  get pid() {
    return /** @type {number} */ (this.#jvm.child.pid)
  }

  /**
   * Resolves when the server answers, rejects when its JVM has ended or START_MS have passed.
   * @param {() => void} [report] called before each new try
   */
  async answered(report) {
    const { version, port, tls } = this.#installation
    const since = Date.now()
    while (!(await answersBolt(port, tls))) {
      report?.()
      if (!this.#jvm.running) throw new Error(`Neo4j ${version} ended while starting:\n${await this.#said()}`)
      if (Date.now() > since + START_MS) {
        throw new Error(`Neo4j ${version} gave no answer in ${START_MS / 1000} s:\n${await this.#said()}`)
      }
      await delay(100)
    }
  }

  /** Lets this process end while the server runs: the JVM ends with it. */
  unref() {
    const { child } = this.#jvm
    child.unref()
    for (const stream of [child.stdin, child.stdout, child.stderr]) {
      const pipe = /** @type {import('node:net').Socket} */ (/** @type {unknown} */ (stream))
      pipe.unref()
    }
  }

  /** Ends the JVM at once, as a crash would. */
  async kill() {
    const { child, exited } = this.#jvm
    child.ref()
    child.kill('SIGKILL')
    await exited
  }

  /** Shuts the JVM down, and removes the server's home folder. May be called again. */
  async stop() {
    const { child, exited, running } = this.#jvm
    if (running) {
      child.ref()
      child.stdin.end()
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await exited
      clearTimeout(timer)
    }
    await rm(this.#installation.home, { recursive: true, force: true, maxRetries: 5 })
  }

  /** Kills the JVM and starts another one on the same data and port; resolves when the new one answers. */
  async restart() {
    await this.kill()
    this.#jvm = this.#boot()
    await this.answered()
    this.unref()
  }

  /** @returns {Jvm} */
  #boot() {
    const { home, java, heap, jvmOptions, classPath, main } = this.#installation
    const launcher = fileURLToPath(new URL('./launcher.java', import.meta.url))
    const child = spawn(
      java,
      [`-Xmx${heap}`, '-XX:+UseSerialGC', ...jvmOptions, '-cp', classPath, launcher, main, home],
      { stdio: ['pipe', 'pipe', 'pipe'], env: withUtf8(process.env) },
    )
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => this.#note(text))
    }
    // The pipe breaks if the JVM ends first; its exit event reports that.
    child.stdin.on('error', () => {})
    /** @type {Promise<void>} */
    const ended = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#note(String(error))
        resolve()
      })
      child.once('exit', () => resolve())
    })
    /** @type {Jvm} */
    const jvm = { child, running: true, exited: Promise.resolve() }
    jvm.exited = ended.then(() => {
      jvm.running = false
    })
    return jvm
  }

  /** @param {string} text */
  #note(text) {
    this.#output.push(text)
    if (this.#output.length > 200) this.#output.shift()
  }

  /** The end of what the server has printed and logged. */
  async #said() {
    const log = await readFile(join(this.#installation.home, 'logs', 'neo4j.log'), 'utf8').catch(() => '')
    return (this.#output.join('') + log).slice(-4000)
  }
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
        // Bolt answers a little before the database system is ready.
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

const START_MS = 300_000
const USUAL_START_MS = 9_000
const FIRST_PASSWORD_MS = 60_000
const STOP_MS = 10_000
// Bolt, "Handshake": magic, then four proposals. 5.4 to 5.0 and 4.4 to 4.2 are enough to see whether a server
// answers.
const HANDSHAKE = Buffer.from('6060b017' + '00040405' + '00020404' + '00000000' + '00000000', 'hex')
