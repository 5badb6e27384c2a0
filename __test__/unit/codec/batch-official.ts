/** The official driver's values for PackStream bytes, and a way to compare two values. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { IntegerMode } from '../../../lib/codec/batch.js'

const load = createRequire(__filename)
// Not part of its API: the unpacker of the newest PackStream and the structures of Bolt, by version.
const inside = (path: string) => load(`neo4j-driver-bolt-connection/lib/${path}`)
const { alloc } = inside('channel')
const { Unpacker } = inside('packstream/packstream-v2')
const { default: Transformer } = inside('bolt/transformer')
const STRUCTURES = {
  '4.4': inside('bolt/bolt-protocol-v4x4.transformer').default,
  '6.1': inside('bolt/bolt-protocol-v6x1.transformer').default,
}

/** The official driver's value for these bytes, on a connection of that version of Bolt. */
export function unpacked(bytes: Buffer, integers: IntegerMode, bolt: keyof typeof STRUCTURES): unknown {
  const config = { disableLosslessIntegers: integers === 'number', useBigInt: integers === 'bigint' }
  const creators = Object.values(STRUCTURES[bolt]) as Array<(config: object, log: object) => object>
  const transformer = new Transformer(creators.map((create) => create(config, console)))
  const channel = alloc(bytes.length)
  for (const byte of bytes) channel.writeUInt8(byte)
  channel.reset()
  return new Unpacker(config.disableLosslessIntegers, config.useBigInt, true).unpack(channel, transformer.fromStructure)
}

/**
 * A value taken apart: class, frozen or not, own properties in their order with their flags, and so on for
 * the values in it. A broken object is represented by its error.
 */
export function anatomy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if ((value as { __isBrokenObject__?: boolean }).__isBrokenObject__ === true) {
    const { name, code, message } = (value as { __reason__: Error & { code?: string } }).__reason__
    return { broken: { name, code, message } }
  }
  const kind = Object.getPrototypeOf(value).constructor.name
  if (ArrayBuffer.isView(value)) return { kind, elements: Array.from(value as Int8Array) }
  if (Array.isArray(value)) return value.map(anatomy)
  const properties = Reflect.ownKeys(value).map((key) => {
    const { value: inner, ...flags } = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor
    return [key, flags, anatomy(inner)]
  })
  return { kind, frozen: Object.isFrozen(value), properties }
}

/** A line of batch-frames.txt. */
export interface Frame {
  readonly name: string
  /** Each a list of values in PackStream. */
  readonly records: readonly Buffer[]
  readonly frame: Buffer
}

/** The frames that the engine's tests keep up to date. */
export const FRAMES: readonly Frame[] = readFileSync(join(__dirname, 'batch-frames.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [name, records, frame] = line.split(' | ')
    return {
      name,
      records: records.split(' ').map((hex) => Buffer.from(hex, 'hex')),
      frame: Buffer.from(frame, 'hex'),
    }
  })

/** The frame of that name. */
export function frameOf(name: string): Frame {
  const found = FRAMES.find((frame) => frame.name === name)
  if (found === undefined) throw new Error(`batch-frames.txt has no ${name}`)
  return found
}
