/**
 * lib/codec/decoder.ts on any bytes, as anyone with the key may have encrypted them, or put them in
 * place of something encrypted: each ends in a value or in an error of the driver's own, soon, and with no
 * more values than there are bytes.
 *
 *     node --import tsx fuzz/payloads.ts BOUND [SEED]
 */
import { join } from 'node:path'
import type { IntegerMode } from '../lib/codec/batch.js'
import { Decoder } from '../lib/codec/decoder.js'
import { Neo4jError, PROTOCOL_ERROR } from '../lib/error/neo4j-error.js'
import { hunt, inputsOf } from './guided.js'
import { DICTIONARY, gist, size, sketch } from './snapshot.js'

const [bound = '', seed = String(Date.now() % 1e9)] = process.argv.slice(2)
const MODES: IntegerMode[] = ['integer', 'number', 'bigint']

function run(input: Buffer): string {
  let words = ''
  for (const mode of MODES) {
    for (const hydrates of [true, false]) {
      try {
        const decoder = new Decoder(input, mode, hydrates)
        const value = decoder.value()
        if (size(value) > 8 * input.length + 8) throw new Error(`${size(value)} values of ${input.length} bytes`)
        if (mode === 'integer' && hydrates) words += sketch(value)
      } catch (error) {
        if (!(error instanceof Neo4jError && error.code === PROTOCOL_ERROR)) throw error
        if (mode === 'integer' && hydrates) words += gist(error.message)
      }
    }
  }
  return words
}

async function main(): Promise<void> {
  const { executions, reached, kept } = await hunt(
    {
      name: 'payloads',
      seeds: inputsOf(join(__dirname, 'corpus', 'values')),
      dictionary: DICTIONARY,
      prepare: async (inputs) => inputs,
      run,
    },
    bound,
    Number(seed),
  )
  console.log(
    `${executions.toLocaleString('en')} executions, ${reached} characters of lib/ reached by ${kept.length} inputs, seed ${seed}`,
  )
}

void main()
