/** A Bolt 5.8 server that agrees to everything and has no records: for tests that are about what is asked, and how, and not about the answers. */
import net from 'node:net'
import { REQUESTS, SUCCESS } from './messages.js'
import { message } from './packstream.cjs'

export interface ObligingPeer {
  readonly uri: string
  readonly port: number
  /** Open connections. */
  readonly open: number
  /** Resolves when no connection is open. */
  idle(): Promise<void>
  stop(): Promise<void>
}

/** @param stalls answers no PULL: queries run on for ever */
export async function startObligingPeer({ stalls = false } = {}): Promise<ObligingPeer> {
  const sockets = new Set<net.Socket>()
  const waiting: (() => void)[] = []
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => {
      sockets.delete(socket)
      if (sockets.size === 0) for (const resolve of waiting.splice(0)) resolve()
    })
    let shaken = false
    let input = Buffer.alloc(0)
    let signature = -1
    socket.on('data', (bytes) => {
      input = Buffer.concat([input, bytes])
      if (!shaken) {
        if (input.length < 20) return
        input = input.subarray(20)
        shaken = true
        socket.write(Buffer.of(0, 0, 8, 5))
      }
      while (input.length >= 2) {
        const size = input.readUInt16BE()
        if (input.length < 2 + size) return
        if (size > 0 && signature === -1) signature = input[3] ?? -1
        input = input.subarray(2 + size)
        if (size > 0 || signature === -1) continue
        if (signature === REQUESTS.PULL && !stalls) socket.write(message(SUCCESS, [{ type: 'r' }]))
        else if (signature === REQUESTS.RUN) socket.write(message(SUCCESS, [{ fields: ['n'] }]))
        else if (signature !== REQUESTS.GOODBYE && signature !== REQUESTS.PULL) socket.write(message(SUCCESS, [{}]))
        signature = -1
      }
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as net.AddressInfo
  return {
    uri: `bolt://127.0.0.1:${port}`,
    port,
    get open() {
      return sockets.size
    },
    idle: () => new Promise((resolve) => (sockets.size === 0 ? resolve() : waiting.push(resolve))),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
