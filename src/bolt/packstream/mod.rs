//! PackStream, the encoding of values. The tags of structures are not interpreted, with one exception: date
//! times are rewritten for servers without UTC.
//!
//! Reading is a cursor over a slice ([`Reader`]), writing is functions that append. [`Value`] is
//! for the little that the driver looks at itself (metadata); records stay encoded.

mod date_time;
pub(crate) mod marker;
mod reader;
pub(crate) mod scan;
mod value;
mod writer;

pub use date_time::rewrite_date_times;
pub use reader::Reader;
pub use value::Value;
pub use writer::{
    write_bool, write_bytes, write_float, write_int, write_list_header, write_map_header, write_null,
    write_string, write_strings, write_struct_header, write_uuid, write_value,
};

/// A map without entries, encoded.
pub(crate) const EMPTY_MAP: &[u8] = &[marker::TINY_MAP];

/// How deep values may be nested that are decoded: a list in a list is two deep. Deeper ones are
/// [`TooDeep`](super::ProtocolError::TooDeep), because code that walks over a decoded value, if only to drop
/// it, needs stack for every level. Skipping, copying and rewriting have no limit.
pub const MAX_DEPTH: usize = 1024;
