/**
 * The limit of the scripted peer: a client that sends RUN and PULL n as the drivers do, counts the bytes of the answers
 * and decodes none. What a driver reaches cannot be more than this.
 */
import { connect } from 'node:net'
import { message } from './packstream.mjs'

const MAGIC = Buffer.of(0x60, 0x60, 0xb0, 0x17)
const BOLT_5_8 = Buffer.of(0, 8, 8, 5)
const NONE = Buffer.alloc(12)
const HELLO = 0x01
const RUN = 0x10
const PULL = 0x3f
const SUCCESS = 0x70

const HAS_MORE = message(SUCCESS, { has_more: true })
const END = message(SUCCESS, { type: 'r', t_last: 1, db: 'neo4j' })

/** Reads all records of `query` from the peer at `port`; resolves with bytes and milliseconds. */
export function count(port, query, fetchSize) {
  return new Promise((resolve, reject) => {
    const pull = message(PULL, { n: fetchSize })
    const tail = Buffer.alloc(64)
    let kept = 0
    let bytes = 0
    let start = 0
    // What has come is kept in one place: the socket reads into it again and again.
    const socket = connect({ port, host: '127.0.0.1', onread: { buffer: Buffer.alloc(256 * 1024), callback: receive } })
    socket.setNoDelay(true)
    socket.on('error', reject)
    socket.write(Buffer.concat([MAGIC, BOLT_5_8, NONE, message(HELLO, {}), message(RUN, query, {}, {}), pull]))
    start = performance.now()

    function receive(size, buffer) {
      bytes += size
      remember(size, buffer)
      if (endsWith(HAS_MORE)) socket.write(pull)
      else if (endsWith(END)) {
        socket.destroy()
        resolve({ bytes, wall: performance.now() - start })
        return false
      }
      return true
    }

    /** Keeps the last bytes of the stream, because the message that ends a PULL may come in two reads. */
    function remember(size, buffer) {
      if (size >= tail.length) {
        buffer.copy(tail, 0, size - tail.length, size)
        kept = tail.length
        return
      }
      const stay = Math.min(kept, tail.length - size)
      tail.copyWithin(0, kept - stay, kept)
      buffer.copy(tail, stay, 0, size)
      kept = stay + size
    }

    function endsWith(end) {
      return kept >= end.length && tail.compare(end, 0, end.length, kept - end.length, kept) === 0
    }
  })
}
