//! Writes values: functions that append, each in the shortest form that PackStream has.

use bytes::{BufMut, BytesMut};

use super::{Value, marker};

/// Appends a null.
pub fn write_null(out: &mut BytesMut) {
    out.put_u8(marker::NULL);
}

/// Appends a boolean.
pub fn write_bool(out: &mut BytesMut, value: bool) {
    out.put_u8(if value { marker::TRUE } else { marker::FALSE });
}

/// Appends an integer.
pub fn write_int(out: &mut BytesMut, value: i64) {
    // PackStream, "Integer": INT_8 does not cover -16..=127, they are their own marker.
    if let Ok(tiny) = i8::try_from(value) {
        if tiny < -16 {
            out.put_u8(marker::INT_8);
        }
        out.put_i8(tiny);
    } else if let Ok(short) = i16::try_from(value) {
        out.put_u8(marker::INT_16);
        out.put_i16(short);
    } else if let Ok(int) = i32::try_from(value) {
        out.put_u8(marker::INT_32);
        out.put_i32(int);
    } else {
        out.put_u8(marker::INT_64);
        out.put_i64(value);
    }
}

/// Appends a float.
pub fn write_float(out: &mut BytesMut, value: f64) {
    out.put_u8(marker::FLOAT_64);
    out.put_f64(value);
}

/// Appends a string.
pub fn write_string(out: &mut BytesMut, value: &str) {
    size(
        out,
        value.len(),
        Some(marker::TINY_STRING),
        [marker::STRING_8, marker::STRING_16, marker::STRING_32],
    );
    out.put_slice(value.as_bytes());
}

/// Appends a byte array.
pub fn write_bytes(out: &mut BytesMut, value: &[u8]) {
    size(out, value.len(), None, [marker::BYTES_8, marker::BYTES_16, marker::BYTES_32]);
    out.put_slice(value);
}

/// Appends a UUID. Bolt 6.1 and later understand it.
pub fn write_uuid(out: &mut BytesMut, value: [u8; 16]) {
    out.put_u8(marker::UUID);
    out.put_slice(&value);
}

/// Appends the head of a list; its elements are to follow.
pub fn write_list_header(out: &mut BytesMut, elements: usize) {
    size(out, elements, Some(marker::TINY_LIST), [marker::LIST_8, marker::LIST_16, marker::LIST_32]);
}

/// Appends the head of a map; its entries are to follow, each a string and a value.
pub fn write_map_header(out: &mut BytesMut, entries: usize) {
    size(out, entries, Some(marker::TINY_MAP), [marker::MAP_8, marker::MAP_16, marker::MAP_32]);
}

/// Appends the head of a structure; its fields are to follow. The specification allows 15 of them;
/// more take the widths that it once had, as [`Reader`](super::Reader) reads them.
pub fn write_struct_header(out: &mut BytesMut, tag: u8, fields: usize) {
    size(out, fields, Some(marker::TINY_STRUCT), [marker::STRUCT_8, marker::STRUCT_16, marker::STRUCT_16]);
    out.put_u8(tag);
}

/// Appends a list of strings.
pub fn write_strings(out: &mut BytesMut, values: &[String]) {
    write_list_header(out, values.len());
    for value in values {
        write_string(out, value);
    }
}

/// Appends any value.
pub fn write_value(out: &mut BytesMut, value: &Value) {
    match value {
        Value::Null => write_null(out),
        Value::Bool(value) => write_bool(out, *value),
        Value::Int(value) => write_int(out, *value),
        Value::Float(value) => write_float(out, *value),
        Value::Bytes(value) => write_bytes(out, value),
        Value::String(value) => write_string(out, value),
        Value::List(values) => {
            write_list_header(out, values.len());
            for value in values {
                write_value(out, value);
            }
        }
        Value::Map(entries) => {
            write_map_header(out, entries.len());
            for (key, value) in entries {
                write_string(out, key);
                write_value(out, value);
            }
        }
        Value::Struct { tag, fields } => {
            write_struct_header(out, *tag, fields.len());
            for field in fields {
                write_value(out, field);
            }
        }
        Value::Uuid(value) => write_uuid(out, *value),
    }
}

/// Appends a size: in the marker, or behind it in 1, 2 or 4 bytes. PackStream has no larger ones,
/// and neither has a request, which comes in one buffer of less than 4 GiB.
fn size(out: &mut BytesMut, size: usize, tiny: Option<u8>, [size_8, size_16, size_32]: [u8; 3]) {
    debug_assert!(u32::try_from(size).is_ok(), "PackStream sizes have 32 bits");
    match (u8::try_from(size), tiny) {
        (Ok(small), Some(tiny)) if small <= marker::TINY_MAX => out.put_u8(tiny | small),
        (Ok(small), _) => {
            out.put_u8(size_8);
            out.put_u8(small);
        }
        _ => {
            if let Ok(medium) = u16::try_from(size) {
                out.put_u8(size_16);
                out.put_u16(medium);
            } else {
                out.put_u8(size_32);
                out.put_u32(u32::try_from(size).unwrap_or(u32::MAX));
            }
        }
    }
}
