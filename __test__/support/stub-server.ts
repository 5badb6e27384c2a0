/**
 * A scripted Bolt peer: a TCP or TLS server on 127.0.0.1 that plays a dialogue, given as data, with each
 * connection, and records everything that it receives. It handles framing, the handshake and the names of
 * messages. It does not read Cypher, and checks no protocol rules of its own.
 *
 * A dialogue is a list of steps. `client(...)` waits for a message; all others are sent or done at once.
 * Messages that a driver may send for its own housekeeping (HELLO, LOGON, RESET, TELEMETRY, GOODBYE, ...) are
 * answered without a step, unless the current step waits for exactly that.
 */
import net from 'node:net'
import tls from 'node:tls'
import { BoltInput } from './bolt-input.js'
import { FAILURE, IGNORED, RECORD, requestName, SUCCESS } from './messages.js'
import { decode, message, type Struct } from './packstream.cjs'

/** A message that the peer received. */
export interface Received {
  /** In order of being accepted, from 0. */
  connection: number
  /** Milliseconds since the peer was started. */
  at: number
  name: string
  fields: unknown[]
  /** The whole message, without its chunks. */
  body: Buffer
}

export type Step =
  | { kind: 'client'; name: string; check?: (fields: unknown[]) => boolean }
  | { kind: 'server'; bytes: Buffer }
  | { kind: 'raw'; bytes: Buffer }
  | { kind: 'call'; run: (connection: PeerConnection) => void | Promise<void> }
  | { kind: 'end'; run: (connection: PeerConnection) => void }

export interface PeerOptions {
  /** The version that the peer chooses from the driver's list; default 5.8. */
  version?: string
  /** Answer with a manifest of these versions instead, or of ranges such as `5.0-5.4`. */
  manifest?: string[]
  /**
   * Answer the handshake with these bytes and nothing else. `'silent'`: accept, and send nothing. A function
   * sends what it likes, at any pace.
   */
  handshake?: Buffer | 'silent' | ((connection: PeerConnection) => Promise<void>)
  /** More metadata for HELLO's SUCCESS, for instance `hints`. */
  hello?: Record<string, unknown>
  /**
   * The answer to a message that the dialogue has no step for, ahead of the usual answers; undefined = the
   * usual ones. With a dialogue without steps, this makes a server that answers every request.
   */
  reply?: (name: string, fields: unknown[], connection: PeerConnection) => Step[] | undefined
  /** Keep no record of what drivers send: for tests of many requests. */
  unrecorded?: boolean
  /** Speak TLS, with these settings. */
  tls?: tls.TlsOptions
}

export interface PeerConnection {
  readonly number: number
  readonly socket: net.Socket
  send(bytes: Buffer): void
  /** Sends, and resolves when there is room for more; false if the driver is gone. */
  push(bytes: Buffer): Promise<boolean>
  /** Closes the connection in good order. */
  cut(): void
  /** Breaks the connection: the driver's side sees a reset. */
  reset(): void
  readonly closed: Promise<void>
}

export interface Peer {
  readonly uri: string
  readonly address: string
  readonly port: number
  readonly received: readonly Received[]
  /** What the driver did that the dialogue has no step for. */
  readonly problems: readonly string[]
  /** How many connections there have been. */
  readonly connections: number
  /** How many are open. */
  readonly open: number
  /** The 20 bytes of each connection's handshake. */
  readonly handshakes: readonly Buffer[]
  /** What drivers chose from a manifest: the version and the capabilities. */
  readonly choices: readonly Buffer[]
  count(name: string, connection?: number): number
  names(connection?: number): string[]
  messages(name: string, connection?: number): unknown[][]
  /** Resolves when that many messages of this name have been received. */
  seen(name: string, times?: number): Promise<void>
  /** Resolves when no connection is open. */
  idle(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts a peer.
 * @param dialogues one for each connection in the order of acceptance; further connections get the last one.
 *   A function is called with the connection's number.
 * @param options for all connections, or a function that is called with the connection's number
 */
export async function startPeer(
  dialogues: Step[][] | ((connection: number) => Step[]),
  options: PeerOptions | ((connection: number) => PeerOptions) = {},
): Promise<Peer> {
  const started = performance.now()
  const received: Received[] = []
  const problems: string[] = []
  const handshakes: Buffer[] = []
  const choices: Buffer[] = []
  const sockets = new Set<net.Socket>()
  const listeners = new Set<() => void>()
  let connections = 0

  const changed = () => {
    for (const listener of [...listeners]) listener()
  }
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const listener = () => {
        if (!condition()) return
        listeners.delete(listener)
        resolve()
      }
      listeners.add(listener)
      listener()
    })

  const accept = (socket: net.Socket) => {
    const number = connections++
    sockets.add(socket)
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => {
        sockets.delete(socket)
        resolve()
        changed()
      })
    })
    // A reset by the driver counts as an end.
    socket.on('error', () => {})
    changed()
    const steps =
      typeof dialogues === 'function' ? dialogues(number) : (dialogues[Math.min(number, dialogues.length - 1)] ?? [])
    const connection: PeerConnection = {
      number,
      socket,
      send: (bytes) => void socket.write(bytes),
      push: async (bytes) => {
        if (socket.destroyed) return false
        if (!socket.write(bytes)) {
          await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
        } else {
          // What the driver sends meanwhile has to be read, too.
          await new Promise((resolve) => setImmediate(resolve))
        }
        return !socket.destroyed
      },
      cut: () => void socket.end(),
      reset: () => void socket.resetAndDestroy(),
      closed,
    }
    const own = typeof options === 'function' ? options(number) : options
    const { unrecorded = false } = own
    converse(socket, connection, steps, own, {
      handshake: (bytes) => handshakes.push(bytes),
      choice: (bytes) => choices.push(bytes),
      message: (name, fields, body) => {
        if (!unrecorded) received.push({ connection: number, at: performance.now() - started, name, fields, body })
        changed()
      },
      problem: (text) => problems.push(`connection ${number}: ${text}`),
    }).catch((error) => {
      problems.push(`connection ${number}: ${error instanceof Error ? error.stack : error}`)
      socket.destroy()
    })
  }
  const encryption = typeof options === 'function' ? undefined : options.tls
  const server =
    encryption === undefined
      ? net.createServer({ noDelay: true }, accept)
      : tls.createServer({ noDelay: true, ...encryption }, accept)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as net.AddressInfo
  const of = (name: string, connection?: number) =>
    received.filter(
      (message) => message.name === name && (connection === undefined || message.connection === connection),
    )

  return {
    uri: `bolt://127.0.0.1:${port}`,
    address: `127.0.0.1:${port}`,
    port,
    received,
    problems,
    handshakes,
    choices,
    get connections() {
      return connections
    },
    get open() {
      return sockets.size
    },
    count: (name, connection) => of(name, connection).length,
    names: (connection) =>
      received
        .filter((message) => connection === undefined || message.connection === connection)
        .map(({ name }) => name),
    messages: (name, connection) => of(name, connection).map(({ fields }) => fields),
    seen: (name, times = 1) => until(() => of(name).length >= times),
    idle: () => until(() => sockets.size === 0),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/**
 * A server of Bolt 5.8 that accepts everything and has no records: for tests of what a driver sends, not of
 * the answers.
 * @param stalls answers no PULL: queries never end
 */
export function startMinimalServer({ stalls = false } = {}): Promise<Peer> {
  const reply = (name: string): Step[] => {
    switch (name) {
      case 'RUN':
        return [success({ fields: ['n'] })]
      case 'PULL':
        return stalls ? [] : [success({ type: 'r' })]
      case 'GOODBYE':
        return []
      default:
        return [success()]
    }
  }
  return startPeer([[]], { reply, unrecorded: true })
}

/** Waits for a message, optionally one that passes `check`. */
export function client(name: string, check?: (...fields: never[]) => boolean): Step {
  return check === undefined
    ? { kind: 'client', name }
    : { kind: 'client', name, check: (fields) => (check as (...fields: unknown[]) => boolean)(...fields) }
}

export function success(metadata: Record<string, unknown> = {}): Step {
  return { kind: 'server', bytes: message(SUCCESS, [metadata]) }
}

export function record(...fields: unknown[]): Step {
  return { kind: 'server', bytes: message(RECORD, [fields]) }
}

/** Records of one column that holds the integers from `first` to `last`. */
export function records(first: number, last: number): Step[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => record(first + i))
}

export function ignored(): Step {
  return { kind: 'server', bytes: message(IGNORED, []) }
}

/** A FAILURE in the form of Bolt 5.6 and before: a code and a message. */
export function failure(code: string, text: string): Step {
  return { kind: 'server', bytes: message(FAILURE, [{ code, message: text }]) }
}

/** A FAILURE in the form of Bolt 5.7 and later. */
export function gqlFailure(metadata: {
  neo4j_code: string
  message: string
  gql_status: string
  description: string
  diagnostic_record?: Record<string, unknown>
  cause?: Record<string, unknown>
}): Step {
  return { kind: 'server', bytes: message(FAILURE, [metadata]) }
}

/** Bytes as they are, without framing. */
export function raw(bytes: Buffer): Step {
  return { kind: 'raw', bytes }
}

/** An empty chunk, which servers send to keep a connection alive. */
export function noop(): Step {
  return { kind: 'raw', bytes: Buffer.of(0, 0) }
}

/** Closes the connection in good order. */
export function cut(): Step {
  return { kind: 'end', run: (connection) => connection.cut() }
}

/** Breaks the connection. */
export function reset(): Step {
  return { kind: 'end', run: (connection) => connection.reset() }
}

/** Sends these bytes again and again until the driver is gone. */
export function flood(bytes: Buffer): Step {
  return {
    kind: 'call',
    run: async (connection) => {
      while (await connection.push(bytes));
    },
  }
}

/** Sends nothing more until the driver is gone. */
export function stall(): Step {
  return { kind: 'call', run: (connection) => connection.closed }
}

/** Sends nothing more until `promise` is settled. */
export function hold(promise: Promise<unknown>): Step {
  return { kind: 'call', run: () => promise.then(() => {}) }
}

/** What an auto-commit query and its records look like if the driver pulls everything at once. */
export function answer(fields: string[], rows: unknown[][], summary: Record<string, unknown> = {}): Step[] {
  return [
    client('RUN'),
    success({ fields, t_first: 0 }),
    client('PULL'),
    ...rows.map((row) => record(...row)),
    success({ type: 'r', t_last: 0, db: 'neo4j', ...summary }),
  ]
}

interface Witness {
  handshake(bytes: Buffer): void
  choice(bytes: Buffer): void
  message(name: string, fields: unknown[], body: Buffer): void
  problem(text: string): void
}

async function converse(
  socket: net.Socket,
  connection: PeerConnection,
  steps: Step[],
  options: PeerOptions,
  witness: Witness,
): Promise<void> {
  const input = new BoltInput(socket)
  const offer = await input.take(20)
  if (offer === null) return
  witness.handshake(Buffer.from(offer))
  if (options.handshake === 'silent') return
  if (options.handshake !== undefined) {
    if (typeof options.handshake === 'function') await options.handshake(connection)
    else connection.send(options.handshake)
    while ((await input.take(1)) !== null);
    return
  }
  if (options.manifest !== undefined) {
    connection.send(manifest(options.manifest))
    // The answer is the chosen version and a capability mask of one byte, as long as no capability is
    // offered.
    const choice = await input.take(5)
    if (choice === null) return
    witness.choice(Buffer.from(choice))
  } else {
    const [major, minor] = versionOf(options.version ?? '5.8')
    connection.send(Buffer.of(0, 0, minor, major))
  }

  // Read ahead of the dialogue, so that what arrives while the peer stalls is recorded at once.
  const inbox = new Inbox()
  const reading = (async () => {
    for (let message = await input.message(); message !== null; message = await input.message()) {
      const { body } = message
      const { tag, fields } = decode(body) as Struct
      const name = requestName(tag) ?? `0x${tag.toString(16)}`
      witness.message(name, fields, body)
      inbox.put({ name, fields })
    }
  })().finally(() => inbox.end())
  await play(inbox, connection, steps, options, witness)
  await reading
}

async function play(
  inbox: Inbox,
  connection: PeerConnection,
  steps: Step[],
  options: PeerOptions,
  witness: Witness,
): Promise<void> {
  // After a FAILURE everything is ignored until RESET, as a real server does.
  let failed = false
  let at = 0
  for (;;) {
    let step = steps[at]
    while (step !== undefined && step.kind !== 'client') {
      at++
      if (step.kind === 'end') {
        // What arrives meanwhile does not matter.
        step.run(connection)
        return
      }
      if (step.kind === 'call') await step.run(connection)
      else connection.send(step.bytes)
      if (step.kind === 'server' && step.bytes[3] === FAILURE) failed = true
      step = steps[at]
    }
    const next = await inbox.take()
    if (next === null) return
    const { name, fields } = next
    const text = `${name} ${JSON.stringify(fields, plainBigInt)}`
    if (step !== undefined && step.name === name && (!failed || name === 'RESET')) {
      if (step.check !== undefined && !step.check(fields)) {
        witness.problem(`${text} is not the one expected`)
        connection.cut()
        return
      }
      if (name === 'RESET') failed = false
      at++
      continue
    }
    const said = failed && name !== 'RESET' ? undefined : options.reply?.(name, fields, connection)
    if (said !== undefined) {
      if (name === 'RESET') failed = false
      steps = [...said, ...steps.slice(at)]
      at = 0
      continue
    }
    const reply = housekeeping(name, options, connection)
    if (reply !== null) {
      if (name === 'RESET') failed = false
      connection.send(reply)
    } else if (failed) {
      connection.send(message(IGNORED, []))
    } else if (name !== 'GOODBYE') {
      witness.problem(`${text} came where ${step?.name ?? 'nothing'} was expected`)
      connection.cut()
      return
    }
  }
}

function housekeeping(name: string, options: PeerOptions, connection: PeerConnection): Buffer | null {
  switch (name) {
    case 'HELLO':
      return message(SUCCESS, [
        { server: 'Neo4j/5.26.0', connection_id: `bolt-${connection.number}`, hints: {}, ...options.hello },
      ])
    case 'LOGON':
    case 'LOGOFF':
    case 'RESET':
    case 'TELEMETRY':
      return message(SUCCESS, [{}])
    default:
      return null
  }
}

// Bolt, "Handshake", manifest v1: the marker, a count, the ranges, and the capability mask.
function manifest(versions: string[]): Buffer {
  const ranges = versions.map((range) => {
    const [from = '', to = from] = range.split('-')
    const [major, minor] = versionOf(to)
    return Buffer.of(0, minor - versionOf(from)[1], minor, major)
  })
  return Buffer.concat([Buffer.of(0, 0, 1, 0xff, versions.length), ...ranges, Buffer.of(0)])
}

function versionOf(text: string): [major: number, minor: number] {
  const [major = 0, minor = 0] = text.split('.').map(Number)
  return [major, minor]
}

function plainBigInt(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

/** The messages that have arrived and are not yet answered. */
class Inbox {
  readonly #messages: { name: string; fields: unknown[] }[] = []
  #ended = false
  #wake: (() => void) | undefined

  put(message: { name: string; fields: unknown[] }): void {
    this.#messages.push(message)
    this.#wake?.()
  }

  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  /** The next one, or null when the connection has ended. */
  async take(): Promise<{ name: string; fields: unknown[] } | null> {
    for (;;) {
      const next = this.#messages.shift()
      if (next !== undefined) return next
      if (this.#ended) return null
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
