/**
 * A TCP proxy between a driver and a real server that does harm at one point of their conversation: it
 * delays, cuts, breaks, halves, throttles or swallows. It reads just enough Bolt to find that point: the
 * handshake, chunks, and the signature of a message.
 */
import net from 'node:net'
import { BoltInput } from './bolt-input.js'
import { RECORD, type RequestName, requestName } from './messages.js'

/** A request by its name, before it reaches the server or after; or an answer of the server. */
export type Point =
  | 'handshake'
  | { request: RequestName }
  | { answerTo: RequestName /** How many RECORDs are let through before. */; records?: number }

/**
 * What is done to the message there. `delay`: it comes 300 ms late. `throttle`: it comes byte by byte. `cut`:
 * both connections are closed in its stead. `reset`: the driver's connection is reset. `halve`: half of it
 * comes, then as with `cut`. `swallow`: from there on nothing comes through.
 */
export type Fault = 'delay' | 'throttle' | 'cut' | 'reset' | 'halve' | 'swallow'

export interface FaultProxy {
  readonly uri: string
  /** Connections so far. */
  readonly connections: number
  /** Connections that are open. */
  readonly open: number
  /** Whether the fault has happened. */
  readonly done: boolean
  /** Resolves when no connection is open. */
  idle(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts a proxy to the server at this address.
 * @param plan where to do what, once; none = everything passes through
 * @param hint seconds of silence after which the driver may give the server up, in place of its own 120
 */
export async function startFaultProxy(
  server: { uri: string },
  plan?: { at: Point; fault: Fault },
  hint = 3,
): Promise<FaultProxy> {
  const target = Number(new URL(server.uri).port)
  const sockets = new Set<net.Socket>()
  const listeners = new Set<() => void>()
  let connections = 0
  let done = false
  const strike = (at: 'handshake' | 'request' | 'answer', name?: string, records?: number): Fault | null => {
    if (plan === undefined || done) return null
    const hit =
      plan.at === 'handshake' || at === 'handshake'
        ? plan.at === at
        : 'request' in plan.at
          ? at === 'request' && plan.at.request === name
          : at === 'answer' && plan.at.answerTo === name && (plan.at.records ?? 0) === records
    if (hit) done = true
    return hit ? plan.fault : null
  }
  const proxy = net.createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    connections++
    const far = net.connect({ port: target, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    for (const socket of [near, far]) {
      sockets.add(socket)
      // If one side breaks the connection, it is broken for the other side, too.
      socket.on('error', () => {})
      socket.once('close', () => {
        sockets.delete(socket)
        for (const listener of listeners) listener()
      })
    }
    near.once('close', () => far.destroy())
    far.once('close', () => near.end())
    void relay(near, far, strike, hint).catch(() => {
      near.destroy()
      far.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    proxy.once('error', reject)
    proxy.listen(0, '127.0.0.1', resolve)
  })
  const { port } = proxy.address() as net.AddressInfo
  return {
    uri: `bolt://127.0.0.1:${port}`,
    get connections() {
      return connections
    },
    get open() {
      return sockets.size
    },
    get done() {
      return done
    },
    idle: () =>
      new Promise((resolve) => {
        const listener = () => {
          if (sockets.size > 0) return
          listeners.delete(listener)
          resolve()
        }
        listeners.add(listener)
        listener()
      }),
    stop: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

type Strike = (at: 'handshake' | 'request' | 'answer', name?: string, records?: number) => Fault | null

/** One connection: both directions, message by message. */
async function relay(near: net.Socket, far: net.Socket, strike: Strike, hint: number): Promise<void> {
  // Requests that the server still has to answer.
  const owed: string[] = []
  let swallows = false
  const harm = async (fault: Fault | null, to: net.Socket, bytes: Buffer): Promise<boolean> => {
    if (swallows) return true
    switch (fault) {
      case null:
        to.write(bytes)
        return true
      case 'delay':
        await pause(300)
        to.write(bytes)
        return true
      case 'throttle':
        for (const byte of bytes) {
          to.write(Buffer.of(byte))
          await new Promise((resolve) => setImmediate(resolve))
        }
        return true
      case 'swallow':
        swallows = true
        return true
      case 'reset':
        near.resetAndDestroy()
        far.destroy()
        return false
      case 'halve':
        to.write(bytes.subarray(0, bytes.length >> 1))
        break
      case 'cut':
        break
    }
    near.end()
    far.end()
    return false
  }

  const requests = async () => {
    const input = new BoltInput(near)
    const offer = await input.take(20)
    if (offer === null) return
    far.write(offer)
    // With a manifest, the driver answers before its first message: five bytes, the first of them zero, as in
    // any chunk so short. A first chunk is HELLO's. It may have more than 255 bytes or not, but its length is
    // never below 16.
    let pending = await input.peek(5)
    if (pending !== null && pending[0] === 0 && pending[1] === 0) {
      far.write((await input.take(5)) as Buffer)
    }
    pending = null
    for (let message = await input.message(); message !== null; message = await input.message()) {
      const name = requestName(message.signature)
      if (name !== undefined && name !== 'GOODBYE') owed.push(name)
      if (!(await harm(strike('request', name), far, message.bytes))) return
    }
    far.end()
  }

  const answers = async () => {
    const input = new BoltInput(far)
    const version = await input.take(4)
    if (version === null) return
    let hello = version
    if (version[2] === 1 && version[3] === 0xff) hello = Buffer.concat([version, await manifest(input)])
    if (!(await harm(strike('handshake'), near, hello))) return
    let records = 0
    for (let message = await input.message(); message !== null; message = await input.message()) {
      const name = owed[0]
      const fault = strike('answer', name, records)
      if (name === 'HELLO') shorten(message.bytes, hint)
      if (message.signature === RECORD) records++
      else {
        records = 0
        owed.shift()
      }
      if (!(await harm(fault, near, message.bytes))) return
    }
    near.end()
  }
  await Promise.all([requests(), answers()])
}

/** The rest of a manifest: the count, the ranges, the capabilities. */
async function manifest(input: BoltInput): Promise<Buffer> {
  const count = (await input.take(1)) ?? Buffer.of(0)
  const ranges = (await input.take(4 * (count[0] ?? 0))) ?? Buffer.alloc(0)
  const capabilities: Buffer[] = []
  for (;;) {
    const byte = await input.take(1)
    if (byte === null) break
    capabilities.push(byte)
    if (((byte[0] ?? 0) & 0x80) === 0) break
  }
  return Buffer.concat([count, ranges, ...capabilities])
}

/** The server's 120 seconds are one byte on the wire, and so is this value. */
function shorten(bytes: Buffer, hint: number): void {
  const key = 'connection.recv_timeout_seconds'
  const at = bytes.indexOf(key)
  if (at !== -1 && bytes[at + key.length] === 120) bytes[at + key.length] = hint
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
