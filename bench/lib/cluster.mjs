// @ts-check
/**
 * A cluster of scripted Bolt servers, in a process of its own: possible writers, of which one leads, readers
 * and routers. IPC messages control which server leads, which ones restart and which ones cannot be reached.
 * At the end, it reports what has been committed, how often, and how much each server has read.
 *
 * There are two queries, `WRITE` and `READ`, with a parameter `id`. A WRITE increments the count of its id,
 * so a write that is done twice shows. A reader sees only the commits that the bookmarks of the transaction
 * promise.
 */
import net from 'node:net'
import { decode, message } from '../../__test__/support/packstream.cjs'

/** How long routers keep giving out the old table after a change; milliseconds. */
const VIEW_LAG = 200
/** More ids than one run has transactions. */
const IDS = 1 << 21

/** @type {Server[]} */
const servers = []
/** How often each id has been committed. */
const times = new Uint8Array(IDS)
/** Which commit was an id's first. */
const indexes = new Uint32Array(IDS)
let index = 0
/** @type {Server | null} */
let leader = null
/** Changes with the leader: a transaction of an earlier term cannot commit. */
let term = 0
/**
 * What happens to the next commits: the connection is cut `before` or `after` they are applied.
 * @type {('before' | 'after')[]}
 */
let cuts = []
/** How often a server was sent work for another role. */
let strays = 0
let ended = 0
/** What routers say. @type {{ leader: Server | null, readers: Server[] }} */
let view = { leader: null, readers: [] }
let ttl = 3
/** Seconds of silence after which a client must give a server up. */
const patience = 1
let connections = 0

/** @typedef {'writer' | 'reader' | 'router'} Role */

class Server {
  /**
   * @param {Role} role
   * @param {number} number
   */
  constructor(role, number) {
    this.role = role
    this.name = `${role} ${number}`
    this.port = 0
    this.reads = 0
    /** Reads nothing. */
    this.deaf = false
    /** Sends nothing: it acts, but holds its answers back. */
    this.mute = false
    /** Refuses work, because it has just been started. */
    this.starting = false
    this.up = true
    /** @type {Set<Connection>} */
    this.connections = new Set()
    this.listener = net.createServer({ noDelay: true }, (socket) => this.connections.add(new Connection(this, socket)))
  }

  get address() {
    return `127.0.0.1:${this.port}`
  }

  /** @returns {Promise<void>} */
  listen() {
    return new Promise((resolve, reject) => {
      let tries = 0
      const attempt = () => this.listener.listen(this.port, '127.0.0.1')
      const failed = (/** @type {Error} */ error) => {
        // Another process may have been given the port for a moment.
        if (++tries > 100) reject(error)
        else setTimeout(attempt, 50)
      }
      this.listener.on('error', failed)
      this.listener.once('listening', () => {
        this.listener.off('error', failed)
        this.port = /** @type {net.AddressInfo} */ (this.listener.address()).port
        resolve()
      })
      attempt()
    })
  }

  /**
   * Breaks all connections, refuses new ones for a while, and then refuses work for a moment.
   * @param {number} milliseconds
   */
  async restart(milliseconds) {
    this.up = false
    const closed = new Promise((resolve) => this.listener.close(resolve))
    for (const connection of this.connections) connection.socket.resetAndDestroy()
    await closed
    await pause(milliseconds)
    this.starting = true
    await this.listen()
    this.up = true
    await pause(50)
    this.starting = false
  }

  /**
   * Cannot be reached, or cannot answer, for a while. What was sent meanwhile arrives afterwards.
   * @param {'deaf' | 'mute'} how
   * @param {number} milliseconds
   */
  async partition(how, milliseconds) {
    this[how] = true
    await pause(milliseconds)
    this[how] = false
    for (const connection of [...this.connections]) {
      connection.work()
      connection.flush()
    }
  }
}

class Connection {
  /**
   * @param {Server} server
   * @param {net.Socket} socket
   */
  constructor(server, socket) {
    this.server = server
    this.socket = socket
    this.number = connections++
    this.shaken = false
    this.input = Buffer.alloc(0)
    /** @type {Buffer[]} */
    this.output = []
    /** Holds the next message back until this one is answered. */
    this.busy = false
    this.failed = false
    this.transaction = new Transaction()
    socket.on('data', (bytes) => {
      this.input = this.input.length === 0 ? bytes : Buffer.concat([this.input, bytes])
      this.work()
    })
    socket.on('error', () => {})
    socket.once('close', () => {
      ended++
      server.connections.delete(this)
    })
  }

  work() {
    while (!this.busy && !this.server.deaf && !this.socket.destroyed) {
      if (!this.shaken) {
        if (this.input.length < 20) break
        this.output.push(choose(this.input.subarray(0, 20)))
        this.input = this.input.subarray(20)
        this.shaken = true
        continue
      }
      const body = this.take()
      if (body === null) break
      const { tag, fields } = /** @type {any} */ (decode(body))
      this.answer(tag, fields)
    }
    this.flush()
  }

  /** The next whole message. @returns {Buffer | null} */
  take() {
    const chunks = []
    for (let at = 0; at + 2 <= this.input.length; ) {
      const size = this.input.readUInt16BE(at)
      at += 2
      if (size > 0) chunks.push(this.input.subarray(at, at + size))
      at += size
      if (size === 0) {
        this.input = this.input.subarray(at)
        if (chunks.length > 0) return Buffer.concat(chunks)
      }
    }
    return null
  }

  flush() {
    if (this.output.length === 0 || this.server.mute || this.socket.destroyed) return
    this.socket.write(Buffer.concat(this.output))
    this.output = []
  }

  /**
   * Continues after so many milliseconds, if the connection is still there.
   * @param {number} milliseconds
   * @param {() => void} then
   */
  later(milliseconds, then) {
    this.busy = true
    setTimeout(() => {
      this.busy = false
      if (this.socket.destroyed) return
      then()
      this.work()
    }, milliseconds)
  }

  /** @param {Record<string, unknown>} metadata */
  succeed(metadata = {}) {
    this.output.push(message(0x70, [metadata]))
  }

  /**
   * @param {string} code
   * @param {string} text
   */
  fail(code, text) {
    this.failed = true
    this.output.push(
      message(0x7f, [
        { neo4j_code: code, message: text, gql_status: '50N42', description: text, diagnostic_record: {} },
      ]),
    )
  }

  /**
   * @param {number} tag
   * @param {any[]} fields
   */
  answer(tag, fields) {
    const { server, transaction } = this
    if (this.failed && tag !== RESET && tag !== GOODBYE) {
      this.output.push(message(0x7e, []))
      return
    }
    switch (tag) {
      case HELLO:
        return this.succeed({
          server: 'Neo4j/5.26.0',
          connection_id: `bolt-${this.number}`,
          hints: { 'connection.recv_timeout_seconds': patience, 'ssr.enabled': true },
        })
      case GOODBYE:
        this.socket.end()
        return
      case RESET:
        this.failed = false
        this.transaction = new Transaction()
        return this.succeed()
      case ROUTE:
        if (server.role !== 'router') strays++
        return this.succeed({ rt: table() })
      case BEGIN:
        this.transaction = new Transaction(fields[0])
        return this.refuses() ? undefined : this.succeed({ db: 'neo4j' })
      case RUN: {
        const explicit = transaction.open
        if (!explicit) this.transaction = new Transaction(fields[2])
        if (!explicit && this.refuses()) return
        return this.run(fields[0], fields[1].id, explicit)
      }
      case PULL:
        return this.later(2 + Math.random() * 6, () => {
          const { row } = this.transaction
          if (row !== null) this.output.push(message(0x71, [[row]]))
          this.succeed({ type: 'r', t_last: 0, db: 'neo4j' })
        })
      case COMMIT:
        return this.commit()
      case ROLLBACK:
        this.transaction = new Transaction()
        return this.succeed()
      // LOGON, LOGOFF, TELEMETRY, DISCARD.
      default:
        return this.succeed()
    }
  }

  /** Whether this server refuses transactions now, with an error. */
  refuses() {
    if (!this.server.starting) return false
    this.fail('Neo.TransientError.General.DatabaseUnavailable', 'the database is starting')
    return true
  }

  /**
   * @param {string} query
   * @param {number} id
   * @param {boolean} explicit
   */
  run(query, id, explicit) {
    const { server, transaction } = this
    if (query === 'WRITE') {
      // This does not come from an outdated table: these servers have never led.
      if (server.role !== 'writer') strays++
      if (server !== leader || transaction.term !== term) return this.fail(NOT_A_LEADER, 'No longer the leader')
      transaction.id = id
      transaction.row = id
    } else {
      if (server.role === 'reader') server.reads++
      else strays++
      transaction.row = indexes[id] !== 0 && indexes[id] <= transaction.knows ? times[id] : 0
    }
    this.succeed({ fields: ['n'], t_first: 0, db: 'neo4j', ...(explicit ? { qid: 0 } : {}) })
  }

  /**
   * Two steps, between which a connection may end: what is applied stays applied, whether the answer arrives
   * or not.
   */
  commit() {
    const { transaction } = this
    const { id } = transaction
    this.later(1 + Math.random() * 4, () => {
      this.transaction = new Transaction()
      if (id === null) return this.succeed({ bookmark: `b:${transaction.knows}` })
      const cut = cuts.shift()
      if (cut === 'before') return void this.socket.resetAndDestroy()
      if (this.server !== leader || transaction.term !== term) return this.fail(NOT_A_LEADER, 'No longer the leader')
      times[id]++
      indexes[id] ||= ++index
      if (cut === 'after') return void this.socket.resetAndDestroy()
      const bookmark = `b:${index}`
      this.later(1 + Math.random() * 2, () => this.succeed({ bookmark }))
    })
  }
}

class Transaction {
  /** @param {any} [extra] of BEGIN or RUN; none: nothing is open */
  constructor(extra) {
    this.open = extra !== undefined
    this.term = term
    /** The last commit that it must see. */
    this.knows = Math.max(
      0,
      ...(extra?.bookmarks ?? []).map((/** @type {string} */ bookmark) => Number(bookmark.slice(2))),
    )
    /** What it writes. @type {number | null} */
    this.id = null
    /** The value of the one record. @type {number | null} */
    this.row = null
  }
}

/** What routers give out. */
function table() {
  const addresses = (/** @type {Server[]} */ list) => list.map(({ address }) => address)
  return {
    ttl,
    db: 'neo4j',
    servers: [
      { role: 'ROUTE', addresses: addresses(servers.filter(({ role }) => role === 'router')) },
      { role: 'READ', addresses: addresses(view.readers) },
      { role: 'WRITE', addresses: view.leader === null ? [] : addresses([view.leader]) },
    ],
  }
}

/** Routers learn of it some time later. */
function publish(lag = VIEW_LAG) {
  const now = { leader, readers: servers.filter(({ role, deaf, mute }) => role === 'reader' && !deaf && !mute) }
  setTimeout(() => {
    view = now
  }, lag)
}

/**
 * Another server becomes the leader, after an election of so many milliseconds.
 * @param {number} milliseconds
 */
async function elect(milliseconds) {
  const before = leader
  leader = null
  term++
  publish()
  await pause(milliseconds)
  const able = servers.filter((server) => server.role === 'writer' && server.up && !server.deaf && !server.mute)
  const at = able.findIndex((server) => before !== null && servers.indexOf(server) > servers.indexOf(before))
  leader = able[Math.max(0, at)] ?? null
  publish()
}

/** The newest Bolt 5 up to 5.8 that is offered by the list. @param {Buffer} hello */
function choose(hello) {
  let best = 0
  for (let at = 4; at < 20; at += 4) {
    const [, range = 0, minor = 0, major = 0] = hello.subarray(at, at + 4)
    if (major === 5 && minor - range <= 8) best = Math.max(best, Math.min(minor, 8))
  }
  return Buffer.of(0, 0, best, best === 0 ? 0 : 5)
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** The requests that IPC accepts. @type {Record<string, (...args: any[]) => unknown>} */
const COMMANDS = {
  async start(/** @type {Record<Role, number>} */ counts, /** @type {number} */ seconds) {
    ttl = seconds
    for (const [role, count] of Object.entries(counts)) {
      for (let i = 0; i < count; i++) servers.push(new Server(/** @type {Role} */ (role), i))
    }
    await Promise.all(servers.map((server) => server.listen()))
    leader = servers.find(({ role }) => role === 'writer') ?? null
    publish(0)
    return servers.filter(({ role }) => role === 'router').map(({ address }) => address)
  },
  elect,
  cut: (/** @type {number} */ count) => {
    cuts = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 'after' : 'before'))
  },
  uncut: () => {
    cuts = []
  },
  restart: (/** @type {Role} */ role, /** @type {number} */ number, /** @type {number} */ milliseconds) =>
    find(role, number).restart(milliseconds),
  /** The leader restarts; another one is elected meanwhile. */
  async crash(/** @type {number} */ milliseconds) {
    const server = leader
    await Promise.all([server?.restart(milliseconds), elect(milliseconds / 2)])
  },
  async partition(
    /** @type {Role} */ role,
    /** @type {number} */ number,
    /** @type {'deaf' | 'mute'} */ how,
    /** @type {number} */ milliseconds,
  ) {
    const over = find(role, number).partition(how, milliseconds)
    publish()
    await over
    publish()
  },
  /** The leader cannot be reached, or cannot answer; the others elect a new one. */
  async isolate(/** @type {'deaf' | 'mute'} */ how, /** @type {number} */ milliseconds) {
    const over = leader?.partition(how, milliseconds)
    await pause(milliseconds / 4)
    await elect(milliseconds / 4)
    await over
  },
  counts: () => ({
    reads: servers.filter(({ role }) => role === 'reader').map(({ reads }) => reads),
    strays,
    ended,
    open: servers.reduce((sum, server) => sum + server.connections.size, 0),
  }),
  /** How often each id below this one has been committed. */
  committed: (/** @type {number} */ ids) => times.subarray(0, ids).slice(),
}

/**
 * @param {Role} role
 * @param {number} number
 */
function find(role, number) {
  const server = servers.filter((one) => one.role === role)[number]
  if (server === undefined) throw new Error(`there is no ${role} ${number}`)
  return server
}

// Bolt, "Messages"
const HELLO = 0x01
const GOODBYE = 0x02
const RESET = 0x0f
const RUN = 0x10
const BEGIN = 0x11
const COMMIT = 0x12
const ROLLBACK = 0x13
const PULL = 0x3f
const ROUTE = 0x66
const NOT_A_LEADER = 'Neo.ClientError.Cluster.NotALeader'

process.on(
  'message',
  async (/** @type {{ number: number, name: string, args: unknown[] }} */ { number, name, args }) => {
    const value = await COMMANDS[name]?.(...args)
    process.send?.({ number, value })
  },
)
// The process that started this one is gone.
process.on('disconnect', () => process.exit(0))
