//! The marker bytes, with the names of the PackStream specification.

pub(super) const TINY_STRING: u8 = 0x80;
pub(super) const TINY_LIST: u8 = 0x90;
pub(super) const TINY_MAP: u8 = 0xA0;
pub(super) const TINY_STRUCT: u8 = 0xB0;
pub(super) const NULL: u8 = 0xC0;
pub(super) const FLOAT_64: u8 = 0xC1;
pub(super) const FALSE: u8 = 0xC2;
pub(super) const TRUE: u8 = 0xC3;
pub(super) const INT_8: u8 = 0xC8;
pub(super) const INT_16: u8 = 0xC9;
pub(super) const INT_32: u8 = 0xCA;
pub(super) const INT_64: u8 = 0xCB;
pub(super) const BYTES_8: u8 = 0xCC;
pub(super) const BYTES_16: u8 = 0xCD;
pub(super) const BYTES_32: u8 = 0xCE;
pub(super) const STRING_8: u8 = 0xD0;
pub(super) const STRING_16: u8 = 0xD1;
pub(super) const STRING_32: u8 = 0xD2;
pub(super) const LIST_8: u8 = 0xD4;
pub(super) const LIST_16: u8 = 0xD5;
pub(super) const LIST_32: u8 = 0xD6;
pub(super) const MAP_8: u8 = 0xD8;
pub(super) const MAP_16: u8 = 0xD9;
pub(super) const MAP_32: u8 = 0xDA;
/// No longer in the specification; servers of old may still send it.
pub(super) const STRUCT_8: u8 = 0xDC;
/// As [`STRUCT_8`].
pub(super) const STRUCT_16: u8 = 0xDD;
/// Bolt 6.1.
pub(super) const UUID: u8 = 0xE0;

/// The largest size that fits into a tiny marker.
pub(super) const TINY_MAX: u8 = 0x0F;
