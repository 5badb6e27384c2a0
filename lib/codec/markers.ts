/**
 * The markers of PackStream: the first byte of every value, which says what it is (PackStream specification, version 1; UUID_16 is of Bolt 6.1).
 * Knows nothing of what follows them.
 *
 * Those named TINY have a length in their lower four bits; of those that end in `_8` with a length of one byte, the ones for two and four bytes
 * are the next two.
 *
 * @internal
 */
export const MARKERS = {
  TINY_STRING: 0x80,
  TINY_LIST: 0x90,
  TINY_MAP: 0xa0,
  TINY_STRUCT: 0xb0,
  NULL: 0xc0,
  FLOAT_64: 0xc1,
  FALSE: 0xc2,
  TRUE: 0xc3,
  /** Of vectors only */
  FLOAT_32: 0xc6,
  INT_8: 0xc8,
  INT_16: 0xc9,
  INT_32: 0xca,
  INT_64: 0xcb,
  BYTES_8: 0xcc,
  STRING_8: 0xd0,
  LIST_8: 0xd4,
  MAP_8: 0xd8,
  STRUCT_8: 0xdc,
  STRUCT_16: 0xdd,
  UUID_16: 0xe0,
  /** From here on a byte is an integer by itself: -16 and up, as a byte with a sign. */
  SMALLEST_NEGATIVE: 0xf0,
} as const
