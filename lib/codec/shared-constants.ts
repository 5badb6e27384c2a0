/**
 * Numbers that TypeScript shares with the engine, where they stand in Rust.
 *
 * Do not edit: `cargo test --no-default-features shared_constants` writes this file.
 */

/** What the engine has to know of the parameters: bits. */
export const PARAMETER_FLAGS = {
  /** The parameters hold a DateTime with a zone id, whose offset follows them. */
  ZONED_DATE_TIMES: 1,
  /** The parameters hold a Vector, which needs Bolt 6.0. */
  VECTORS: 1 << 1,
  /** The parameters hold a UUID, which needs Bolt 6.1. */
  UUIDS: 1 << 2,
  /** The parameters hold a DateTime with an offset. */
  OFFSET_DATE_TIMES: 1 << 3,
} as const

/** The marker bytes of PackStream, with the names of its specification. */
export const MARKERS = {
  TINY_STRING: 0x80,
  TINY_LIST: 0x90,
  TINY_MAP: 0xa0,
  TINY_STRUCT: 0xb0,
  NULL: 0xc0,
  FLOAT_64: 0xc1,
  FALSE: 0xc2,
  TRUE: 0xc3,
  /** Of the elements of vectors; no value of its own. */
  FLOAT_32: 0xc6,
  INT_8: 0xc8,
  INT_16: 0xc9,
  INT_32: 0xca,
  INT_64: 0xcb,
  BYTES_8: 0xcc,
  BYTES_16: 0xcd,
  BYTES_32: 0xce,
  STRING_8: 0xd0,
  STRING_16: 0xd1,
  STRING_32: 0xd2,
  LIST_8: 0xd4,
  LIST_16: 0xd5,
  LIST_32: 0xd6,
  MAP_8: 0xd8,
  MAP_16: 0xd9,
  MAP_32: 0xda,
  /** No longer in the specification; servers of old may still send it. */
  STRUCT_8: 0xdc,
  /** As `STRUCT_8`. */
  STRUCT_16: 0xdd,
  /** Bolt 6.1. */
  UUID: 0xe0,
} as const

/** The signatures of structures: Bolt, "Structure Semantics". */
export const SIGNATURES = {
  NODE: 0x4e,
  RELATIONSHIP: 0x52,
  UNBOUND_RELATIONSHIP: 0x72,
  PATH: 0x50,
  DATE: 0x44,
  TIME: 0x54,
  LOCAL_TIME: 0x74,
  /** With an offset, in UTC. */
  DATE_TIME_OFFSET_UTC: 0x49,
  /** With an offset, on the local clock. */
  DATE_TIME_OFFSET_LOCAL: 0x46,
  /** With a zone id, in UTC. */
  DATE_TIME_ZONE_UTC: 0x69,
  /** With a zone id, on the local clock. */
  DATE_TIME_ZONE_LOCAL: 0x66,
  LOCAL_DATE_TIME: 0x64,
  DURATION: 0x45,
  POINT_2D: 0x58,
  POINT_3D: 0x59,
  VECTOR: 0x56,
} as const
