/**
 * The decoder of lib/, on frames that the engine has made of mutated records: it reads every record to its end, without an exception, in all three
 * modes of integers.
 *
 *     node --import tsx fuzz/decoder.ts PROGRAM FOLDER COUNT [SEED]
 */
import { spawn } from 'node:child_process'
import { Batch, type IntegerMode } from '../lib/batch.js'

const [program = '', folder = '', count = '', seed = String(Date.now() % 1e9)] = process.argv.slice(2)
const MODES: IntegerMode[] = ['integer', 'number', 'bigint']

async function main(): Promise<void> {
  const child = spawn(program, [folder, count, seed], { stdio: ['ignore', 'pipe', 'inherit'] })
  let frames = 0
  let records = 0
  let rest: Buffer = Buffer.alloc(0)
  for await (const bytes of child.stdout as AsyncIterable<Buffer>) {
    const input = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    let at = 0
    while (at + 4 <= input.length) {
      const end = at + 4 + input.readUInt32LE(at)
      if (end > input.length) break
      // In memory of its own, as a batch comes: what is read past its end is an exception.
      const frame = Buffer.from(input.subarray(at + 4, end))
      for (const mode of MODES) records += decode(frame, mode)
      frames++
      at = end
    }
    rest = input.subarray(at)
  }
  console.log(
    `decoded ${frames.toLocaleString('en')} frames three times, ${records.toLocaleString('en')} records, seed ${seed}`,
  )
  if (frames !== Number(count)) process.exitCode = 1
}

function decode(frame: Buffer, mode: IntegerMode): number {
  const batch = new Batch(frame, 0, mode)
  let records = 0
  try {
    while (batch.remaining > 0) {
      const fields = batch.fields()
      if (fields.length !== batch.columns) throw new Error(`${fields.length} fields of ${batch.columns}`)
      records++
    }
  } catch (error) {
    console.error(`seed ${seed}, ${mode}: ${frame.toString('hex')}`)
    throw error
  }
  return records
}

void main()
