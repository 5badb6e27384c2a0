/**
 * Ports of this machine that nobody listens on. One that was merely given back may be another process's by
 * the time that it is dialled.
 */
import { once } from 'node:events'
import net from 'node:net'

export interface ClosedPort {
  readonly port: number
  /** Gives it back. */
  free(): void
}

/**
 * Holds a port of 127.0.0.1, as the near end of a connection: a client that dials it is refused, and no other
 * gets it.
 * @param localPort which one; default: one that is free
 */
export async function holdPort(localPort?: number): Promise<ClosedPort> {
  const far = net.createServer((socket) => socket.resume().on('error', () => {}))
  far.listen(0, '127.0.0.1')
  await once(far, 'listening')
  const { port } = far.address() as net.AddressInfo
  const near = net.connect({ port, host: '127.0.0.1', localAddress: '127.0.0.1', ...(localPort && { localPort }) })
  await once(near, 'connect')
  // A test that forgets it still ends.
  far.unref()
  near.unref()
  return {
    port: near.localPort as number,
    free: () => {
      near.resetAndDestroy()
      far.close()
    },
  }
}
