/** The official driver's own packer for Bolt 6.1, run without a connection. */

import { createRequire } from 'node:module'

const load = createRequire(__filename)
const { default: packstream } = load('neo4j-driver-bolt-connection/lib/packstream')
const { default: types } = load('neo4j-driver-bolt-connection/lib/bolt/bolt-protocol-v6x1.transformer')
const { default: Transformer } = load('neo4j-driver-bolt-connection/lib/bolt/transformer')

type Create = (config: object, log: object) => object

const transformer = new Transformer(
  Object.values(types as { [name: string]: Create }).map((create) => create({}, { warn() {} })),
)

/** What the official driver would send for a value. */
export function packOfficially(value: unknown): Buffer {
  const out: Buffer[] = []
  const put = (size: number, write: (buffer: Buffer) => void) => {
    const buffer = Buffer.alloc(size)
    write(buffer)
    out.push(buffer)
  }
  const channel = {
    writeUInt8: (n: number) => put(1, (b) => b.writeUInt8(n)),
    writeInt8: (n: number) => put(1, (b) => new DataView(b.buffer, b.byteOffset).setInt8(0, n)),
    writeInt16: (n: number) => put(2, (b) => new DataView(b.buffer, b.byteOffset).setInt16(0, n)),
    writeInt32: (n: number) => put(4, (b) => new DataView(b.buffer, b.byteOffset).setInt32(0, n)),
    writeFloat64: (n: number) => put(8, (b) => b.writeDoubleBE(n)),
    writeBytes: (bytes: { _buffer: Buffer }) => out.push(Buffer.from(bytes._buffer)),
  }
  new packstream.Packer(channel, true).packable(value, transformer.toStructure)()
  return Buffer.concat(out)
}
