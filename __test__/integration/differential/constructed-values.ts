/** Values that the application makes. */
import { group, type Script } from './suite.js'

const TEMPORAL_TEXTS = [
  '2024-02-29',
  '12:34:56.789',
  '12:34:56.789+01:00',
  '2024-02-29T12:34:56',
  '2024-02-29T12:34:56Z',
  '2024-02-29T12:34:56+01:00[Europe/Berlin]',
  'P1Y2M3DT4H5M6.7S',
  'P2W',
  '',
  'x',
  '2024-13-01',
]

export const made = group('values made by hand', {
  ...Object.fromEntries(
    (['Date', 'LocalTime', 'Time', 'LocalDateTime', 'DateTime', 'Duration'] as const).map((name): [string, Script] => [
      `${name}: texts, numbers and what is out of range`,
      async ({ neo4j, attempt }) => {
        const type = neo4j.types[name] as unknown as {
          new (...args: unknown[]): unknown
          fromString(text: string): unknown
          fromStandardDate?(date: Date): unknown
        }
        for (const text of TEMPORAL_TEXTS) await attempt(() => type.fromString(text))
        for (const args of [
          [],
          [1],
          [2024, 2, 29],
          [2024, 13, 1],
          [1, 2, 3, 4],
          [25, 0, 0, 0],
          [1, 2, 3, 4, 5],
          [2024, 1, 1, 0, 0, 0, 0],
          [2024, 1, 1, 0, 0, 0, 0, 3600],
          [2024, 1, 1, 0, 0, 0, 0, null, 'Europe/Berlin'],
          [2024, 1, 1, 0, 0, 0, 0, null, 'No/Where'],
          ['a', 'b', 'c', 'd'],
          [1n, 2n, 3n, 4n],
          [1.5, 2, 3, 4],
        ]) {
          await attempt(() => new type(...args))
        }
        await attempt(() => type.fromStandardDate?.(new Date(Date.UTC(2024, 1, 29, 12, 34, 56, 789))))
        await attempt(() => type.fromStandardDate?.(new Date(Number.NaN)))
      },
    ]),
  ),
  'Integer: from everything': async ({ neo4j, attempt }) => {
    for (const value of [
      0,
      -1,
      1.5,
      '12',
      '-7',
      '0x10',
      'zz',
      '',
      '9223372036854775807',
      '9223372036854775808',
      5n,
      2n ** 70n,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      null,
      undefined,
      {},
      { low: 1, high: 2 },
      true,
    ])
      await attempt(() => neo4j.int(value as never))
    for (const text of ['12', '1z', '', '-', '-0', ' 5'])
      await attempt(() => neo4j.types.Integer.fromString(text, 10, { strictStringValidation: true }))
  },
  'Integer: arithmetic': ({ neo4j, log }) => {
    const { int } = neo4j
    const values = [
      int(0),
      int(1),
      int(-1),
      int(7),
      int(-13),
      int('9007199254740993'),
      neo4j.types.Integer.MAX_VALUE,
      neo4j.types.Integer.MIN_VALUE,
    ]
    for (const a of values) {
      for (const b of values)
        log(
          [a.add(b), a.subtract(b), a.multiply(b), a.compare(b), a.and(b), a.or(b), a.xor(b), a.equals(b)]
            .map(String)
            .join(' '),
        )
      log(
        a.negate().toString(),
        a.not().toString(),
        a.toString(16),
        a.toNumberOrInfinity(),
        a.inSafeRange(),
        a.shiftLeft(3).toString(),
        a.shiftRight(2).toString(),
        a.getNumBitsAbs(),
        a.toBigInt(),
      )
    }
  },
  Points: async ({ neo4j, attempt }) => {
    const { Point } = neo4j.types
    for (const args of [
      [7203, 1, 2],
      [7203, 1, 2, 3],
      [7203n, 1, 2],
      ['x', 1, 2],
      [7203, '1', 2],
      [7203, 1],
      [],
      [7203, 1, 2, 'z'],
      [neo4j.int(4326), 1, 2, null],
    ])
      await attempt(() => new (Point as unknown as new (...args: unknown[]) => unknown)(...args))
  },
  'Vectors and UUIDs': async ({ neo4j, attempt }) => {
    for (const value of [
      Float32Array.of(1),
      new Float64Array(0),
      [1, 2],
      'x',
      null,
      new Uint8Array(2),
      BigInt64Array.of(5n),
    ])
      await attempt(() => neo4j.vector(value as never))
    for (const value of [
      '01234567-89ab-cdef-0123-456789abcdef',
      '0123456789ABCDEF0123456789ABCDEF',
      'x',
      '',
      new Uint8Array(16),
      new Uint8Array(3),
      null,
      undefined,
      5,
    ])
      await attempt(() => neo4j.uuid(value as never))
  },
})
