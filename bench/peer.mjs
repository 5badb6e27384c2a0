/**
 * A scripted Bolt server which is never the slow side: the records of a shape are encoded once, a thousand of them,
 * and a PULL is answered by writing that buffer. It speaks Bolt 5.8 (or the newest 5.x that is proposed), answers every
 * request with what a server would say, and honours PULL n, DISCARD, has_more, qid and RESET. No checks: the drivers
 * under measurement are tested elsewhere.
 *
 *   node bench/peer.mjs [--port 0]      prints `{"port": …}` when it listens
 */
import { createServer } from 'node:net'
import { parseArgs } from 'node:util'
import { message, unpack } from './lib/packstream.mjs'
import { SHAPES } from './lib/shapes.mjs'

const BLOCK = 1000

const HELLO = 0x01
const GOODBYE = 0x02
const RESET = 0x0f
const RUN = 0x10
const BEGIN = 0x11
const COMMIT = 0x12
const DISCARD = 0x2f
const PULL = 0x3f
const RECORD = 0x71
const SUCCESS = 0x70

const { values: options } = parseArgs({ options: { port: { type: 'string', default: '0' } } })

const OK = message(SUCCESS, {})
const HAS_MORE = message(SUCCESS, { has_more: true })
const END = message(SUCCESS, { type: 'r', t_last: 1, db: 'neo4j' })
const WELCOME = message(SUCCESS, { server: 'Neo4j/5.26.0', connection_id: 'bolt-1', hints: {} })
const COMMITTED = message(SUCCESS, { bookmark: 'FB:peer' })

const blocks = new Map()

/** The thousand encoded records of a shape: as one buffer, that buffer with has_more after it, and where each starts. */
function blockOf(name) {
  let block = blocks.get(name)
  if (block === undefined) {
    const records = Array.from({ length: BLOCK }, (_, i) => message(RECORD, SHAPES[name].record(i)))
    const starts = [0]
    for (const record of records) starts.push(starts.at(-1) + record.length)
    const bytes = Buffer.concat(records)
    block = { bytes, withMore: Buffer.concat([bytes, HAS_MORE]), starts }
    blocks.set(name, block)
  }
  return block
}

/** Handshake: takes the newest Bolt 5 of the four proposals. */
function chooseVersion(proposals) {
  let best = 0
  for (let i = 0; i < 4; i++) {
    const [, range, minor, major] = proposals.subarray(4 * i, 4 * i + 4)
    if (major !== 5) continue
    const newest = Math.min(minor, 8)
    if (newest >= minor - range && newest > best) best = newest
  }
  return Buffer.of(0, 0, best, 5)
}

/** One connection: what is open on it, and how requests are answered. */
class Connection {
  #socket
  #input = Buffer.alloc(0)
  #greeted = false
  #results = new Map()
  #lastQid = -1
  #inTransaction = false
  /** Answers wait here while a long PULL -1 is being written with respect to the socket's backpressure. */
  #queue = Promise.resolve()
  #busy = false

  constructor(socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (bytes) => this.#receive(bytes))
    socket.on('error', () => socket.destroy())
  }

  #receive(bytes) {
    this.#input = this.#input.length === 0 ? bytes : Buffer.concat([this.#input, bytes])
    if (!this.#greeted) {
      if (this.#input.length < 20) return
      this.#socket.write(chooseVersion(this.#input.subarray(4, 20)))
      this.#input = this.#input.subarray(20)
      this.#greeted = true
    }
    this.#socket.cork()
    for (let body = this.#take(); body !== undefined; body = this.#take()) this.#answer(body)
    this.#socket.uncork()
  }

  /** The next whole message of the input, without its chunk headers; undefined while it is not all there. */
  #take() {
    const parts = []
    let at = 0
    while (at + 2 <= this.#input.length) {
      const size = this.#input.readUInt16BE(at)
      at += 2
      if (size === 0) {
        if (parts.length === 0) continue
        this.#input = this.#input.subarray(at)
        return parts.length === 1 ? parts[0] : Buffer.concat(parts)
      }
      if (at + size > this.#input.length) return undefined
      parts.push(this.#input.subarray(at, at + size))
      at += size
    }
    return undefined
  }

  #answer(body) {
    const { tag, fields } = unpack({ bytes: body, at: 0 })
    if (tag === GOODBYE) {
      this.#socket.end()
      return
    }
    if (this.#busy) {
      this.#queue = this.#queue.then(() => this.#handle(tag, fields))
      return
    }
    const done = this.#handle(tag, fields)
    if (done === undefined) return
    this.#busy = true
    const queue = done.then(() => {
      if (this.#queue === queue) this.#busy = false
    })
    this.#queue = queue
  }

  /** Answers one request; a promise where the answer has to wait for the socket to drain. */
  #handle(tag, fields) {
    switch (tag) {
      case HELLO:
        this.#socket.write(WELCOME)
        return undefined
      case RUN:
        this.#run(fields[0])
        return undefined
      case PULL:
        return this.#pull(fields[0])
      case DISCARD:
        this.#results.delete(this.#qid(fields[0]))
        this.#socket.write(END)
        return undefined
      case BEGIN:
        this.#inTransaction = true
        this.#socket.write(OK)
        return undefined
      case COMMIT:
        this.#inTransaction = false
        this.#socket.write(COMMITTED)
        return undefined
      case RESET:
        this.#results.clear()
        this.#inTransaction = false
        this.#socket.write(OK)
        return undefined
      default:
        // LOGON, LOGOFF, TELEMETRY, ROLLBACK: nothing to say but yes.
        this.#socket.write(OK)
        return undefined
    }
  }

  #run(query) {
    const match = /^\/\* shape (\w+) rows (\d+) \*\//.exec(query)
    const name = match?.[1]
    const keys = name === undefined ? ['x'] : SHAPES[name].keys
    if (!this.#inTransaction) this.#results.clear()
    this.#lastQid = this.#inTransaction ? this.#lastQid + 1 : 0
    this.#results.set(this.#lastQid, {
      block: name === undefined ? undefined : blockOf(name),
      sent: 0,
      rows: Number(match?.[2] ?? 0),
    })
    const metadata = { t_first: 1, fields: keys }
    if (this.#inTransaction) metadata.qid = this.#lastQid
    this.#socket.write(message(SUCCESS, metadata))
  }

  #qid(extra) {
    return extra.qid === undefined || extra.qid === -1 ? this.#lastQid : extra.qid
  }

  #pull(extra) {
    const qid = this.#qid(extra)
    const result = this.#results.get(qid)
    if (result === undefined) throw new Error(`PULL of result ${qid}, which is not open`)
    const { block } = result
    const left = result.rows - result.sent
    const wanted = extra.n === -1 ? left : Math.min(extra.n, left)
    if (wanted === BLOCK && wanted < left && result.sent % BLOCK === 0) {
      result.sent += BLOCK
      this.#socket.write(block.withMore)
      return undefined
    }
    if (wanted > 4 * BLOCK) return this.#stream(qid, result, wanted)
    this.#write(result, wanted)
    this.#finish(qid, result)
    return undefined
  }

  /** Many blocks: as fast as the socket takes them, and no faster. */
  async #stream(qid, result, wanted) {
    const end = result.sent + wanted
    while (result.sent < end) {
      const flushed = this.#write(result, Math.min(end - result.sent, BLOCK))
      if (!flushed) {
        await new Promise((resolve) => {
          this.#socket.once('drain', resolve)
          this.#socket.once('close', resolve)
        })
      }
      if (this.#socket.destroyed) return
    }
    this.#finish(qid, result)
  }

  #write(result, count) {
    let flushed = true
    let left = count
    while (left > 0) {
      const first = result.sent % BLOCK
      const some = Math.min(left, BLOCK - first)
      const { bytes, starts } = result.block
      flushed = this.#socket.write(bytes.subarray(starts[first], starts[first + some]))
      result.sent += some
      left -= some
    }
    return flushed
  }

  #finish(qid, result) {
    if (result.sent < result.rows) {
      this.#socket.write(HAS_MORE)
      return
    }
    this.#results.delete(qid)
    this.#socket.write(END)
  }
}

const server = createServer((socket) => new Connection(socket))
server.listen(Number(options.port), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`)
})
