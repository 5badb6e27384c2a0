/** What one side of a Bolt connection sends, taken in pieces: bytes of the handshake, then messages. */
import type net from 'node:net'

export interface Message {
  readonly signature: number
  /** With the headers of its chunks, and the NOOPs before it: as it was sent. */
  readonly bytes: Buffer
  /** Its chunks put together. */
  readonly body: Buffer
}

export class BoltInput {
  #buffer = Buffer.alloc(0)
  #ended = false
  #wake: (() => void) | undefined

  constructor(socket: net.Socket) {
    socket.on('data', (bytes: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, bytes])
      this.#wake?.()
    })
    const end = () => {
      this.#ended = true
      this.#wake?.()
    }
    socket.once('end', end)
    socket.once('close', end)
  }

  /** The next bytes, which stay; null when the connection ends before. */
  async peek(size: number): Promise<Buffer | null> {
    while (this.#buffer.length < size) {
      if (this.#ended) return null
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#buffer.subarray(0, size)
  }

  /** The next bytes; null when the connection ends before. */
  async take(size: number): Promise<Buffer | null> {
    const bytes = await this.peek(size)
    if (bytes !== null) this.#buffer = this.#buffer.subarray(size)
    return bytes
  }

  /** The next message; null when the connection ends before. */
  async message(): Promise<Message | null> {
    const pieces: Buffer[] = []
    const chunks: Buffer[] = []
    for (;;) {
      const header = await this.take(2)
      if (header === null) return null
      pieces.push(header)
      const size = header.readUInt16BE()
      if (size === 0) {
        if (chunks.length === 0) continue
        const body = Buffer.concat(chunks)
        return { signature: body[1] ?? -1, bytes: Buffer.concat(pieces), body }
      }
      const chunk = await this.take(size)
      if (chunk === null) return null
      pieces.push(chunk)
      chunks.push(chunk)
    }
  }
}
