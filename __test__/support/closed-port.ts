/**
 * Ports of this machine without a listener. A port that was merely released may belong to another process by
 * the time that a driver dials it.
 */
import { once } from 'node:events'
import net from 'node:net'

export interface ClosedPort {
  readonly port: number
  /** Releases it. */
  free(): void
}

/**
 * Holds a port of 127.0.0.1, as the near end of a connection: it refuses connections, and no other process
 * gets it.
 *
 * @param localPort which one. Default: one that the system gives to no process that asks for any port. A port
 *   of the system's choice may have been that of a test's server, which is started on it again while it is
 *   held: two sockets with SO_REUSEADDR may have one port, if one of them listens only.
 */
export async function holdPort(localPort?: number): Promise<ClosedPort> {
  const far = net.createServer((socket) => socket.resume().on('error', () => {}))
  far.listen(0, '127.0.0.1')
  await once(far, 'listening')
  const { port } = far.address() as net.AddressInfo
  for (;;) {
    const near = net.connect({
      port,
      host: '127.0.0.1',
      localAddress: '127.0.0.1',
      localPort: localPort ?? FIRST_PORT + Math.floor(PORTS * Math.random()),
    })
    try {
      await once(near, 'connect')
    } catch (error) {
      if (localPort === undefined && (error as NodeJS.ErrnoException).code === 'EADDRINUSE') continue
      throw error
    }
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
}

/**
 * Below the ports that Linux (from 32768), macOS and Windows (from 49152) give to processes that ask for any.
 */
const FIRST_PORT = 20_000
const PORTS = 10_000
