/**
 * The decoder of lib/, on frames that the engine has made of mutated records: it reads every record to its
 * end, without an exception, in all three modes of integers; and what it reads is what lib/codec/decoder.ts
 * reads of the same record, which does without the engine.
 *
 *     node --import tsx fuzz/decoder.ts PROGRAM BOUND [SEED]
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { Batch, type IntegerMode } from '../lib/codec/batch.js'
import { Decoder } from '../lib/codec/decoder.js'
import { hunt, inputsOf } from './guided.js'
import { DICTIONARY, sketch, snapshot } from './snapshot.js'

const [program = '', bound = '', seed = String(Date.now() % 1e9)] = process.argv.slice(2)
const MODES: IntegerMode[] = ['integer', 'number', 'bigint']

interface Framed {
  /** What the engine has taken. */
  records: Buffer[]
  frame: Buffer
}

/** The engine's transcoder, in a process of its own. */
class Engine {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #output: NodeJS.AsyncIterator<Buffer>
  #arrived: Buffer = Buffer.alloc(0)

  constructor() {
    this.#child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#output = this.#child.stdout[Symbol.asyncIterator]()
  }

  async frames(inputs: Buffer[]): Promise<Framed[]> {
    this.#child.stdin.write(Buffer.concat([u32(inputs.length), ...inputs.flatMap((each) => [u32(each.length), each])]))
    const framed: Framed[] = []
    for (const _ of inputs) {
      const records: Buffer[] = []
      for (let left = (await this.#take(4)).readUInt32LE(); left > 0; left--) records.push(await this.#block())
      framed.push({ records, frame: await this.#block() })
    }
    return framed
  }

  end(): void {
    this.#child.stdin.end()
  }

  async #block(): Promise<Buffer> {
    return this.#take((await this.#take(4)).readUInt32LE())
  }

  /** So many bytes, in memory of their own, as a batch comes: what is read past its end is an exception. */
  async #take(length: number): Promise<Buffer> {
    while (this.#arrived.length < length) {
      const { value, done } = await this.#output.next()
      if (done === true) throw new Error('the engine has ended')
      this.#arrived = Buffer.concat([this.#arrived, value])
    }
    const taken = Buffer.from(this.#arrived.subarray(0, length))
    this.#arrived = this.#arrived.subarray(length)
    return taken
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

let read = 0

function run({ records, frame }: Framed): string {
  let words = ''
  for (const mode of MODES) {
    const batch = new Batch(frame, 0, mode)
    if (batch.remaining !== records.length) throw new Error(`${batch.remaining} records of ${records.length}`)
    for (const record of records) {
      const fields = batch.fields()
      if (fields.length !== batch.columns) throw new Error(`${fields.length} fields of ${batch.columns}`)
      const expected = snapshot(new Decoder(record, mode).value())
      const found = snapshot(fields)
      if (found !== expected) throw new Error(`${mode}: ${found} instead of ${expected}`)
      if (mode === 'integer') words += sketch(fields)
      read++
    }
  }
  return words
}

async function main(): Promise<void> {
  const engine = new Engine()
  const { executions, reached, kept } = await hunt(
    {
      name: 'decoder',
      seeds: inputsOf(join(__dirname, 'corpus', 'batch')),
      dictionary: DICTIONARY,
      prepare: (inputs) => engine.frames(inputs),
      run,
    },
    bound,
    Number(seed),
  )
  engine.end()
  console.log(
    `${executions.toLocaleString('en')} executions, ${reached} characters of lib/ reached by ${kept.length} inputs, ${read.toLocaleString('en')} records read, seed ${seed}`,
  )
}

void main()
