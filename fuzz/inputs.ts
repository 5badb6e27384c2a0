/** How inputs of the targets are put together (fuzz/targets/pieces.rs takes them apart). */

/** Several things in one: each behind its length of two bytes. */
export function pieces(each: Buffer[]): Buffer {
  return Buffer.concat(each.flatMap((piece) => [u16(piece.length), piece]))
}

/** What servers say one after the other; of which version they are, and what is asked of them. */
export function conversation(scenario: number, version: number, answers: Buffer[]): Buffer {
  return Buffer.concat([Buffer.of(scenario, version), pieces(answers)])
}

/** A number as it stands in front of a piece, and of a chunk. */
export function u16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff)
}
