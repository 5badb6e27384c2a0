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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bolt::error::ProtocolError;
    use crate::bolt::packstream::Reader;
    use crate::properties::cases;

    fn written(write: impl FnOnce(&mut BytesMut)) -> Vec<u8> {
        let mut out = BytesMut::new();
        write(&mut out);
        out.to_vec()
    }

    #[test]
    fn integers_take_the_shortest_form() {
        let table: [(i64, &[u8]); 16] = [
            (0, &[0x00]),
            (42, &[0x2A]),
            (127, &[0x7F]),
            (-1, &[0xFF]),
            (-16, &[0xF0]),
            (-17, &[0xC8, 0xEF]),
            (-128, &[0xC8, 0x80]),
            (128, &[0xC9, 0x00, 0x80]),
            (-129, &[0xC9, 0xFF, 0x7F]),
            (32_767, &[0xC9, 0x7F, 0xFF]),
            (32_768, &[0xCA, 0x00, 0x00, 0x80, 0x00]),
            (-32_769, &[0xCA, 0xFF, 0xFF, 0x7F, 0xFF]),
            (2_147_483_647, &[0xCA, 0x7F, 0xFF, 0xFF, 0xFF]),
            (2_147_483_648, &[0xCB, 0, 0, 0, 0, 0x80, 0, 0, 0]),
            (-2_147_483_649, &[0xCB, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]),
            (i64::MIN, &[0xCB, 0x80, 0, 0, 0, 0, 0, 0, 0]),
        ];
        for (value, bytes) in table {
            assert_eq!(written(|out| write_int(out, value)), bytes, "{value}");
        }
    }

    #[test]
    fn scalars_are_one_marker() {
        assert_eq!(written(write_null), [0xC0]);
        assert_eq!(written(|out| write_bool(out, false)), [0xC2]);
        assert_eq!(written(|out| write_bool(out, true)), [0xC3]);
        assert_eq!(written(|out| write_float(out, 1.0)), [0xC1, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(written(|out| write_uuid(out, [7; 16])), [&[0xE0][..], &[7; 16]].concat());
    }

    #[test]
    fn sizes_take_the_shortest_form() {
        let string = |length| written(|out| write_string(out, &"a".repeat(length)));
        assert_eq!(string(0), [0x80]);
        assert_eq!(string(15)[..2], [0x8F, b'a']);
        assert_eq!(string(16)[..3], [0xD0, 0x10, b'a']);
        assert_eq!(string(255)[..3], [0xD0, 0xFF, b'a']);
        assert_eq!(string(256)[..4], [0xD1, 0x01, 0x00, b'a']);
        assert_eq!(string(65_535)[..4], [0xD1, 0xFF, 0xFF, b'a']);
        assert_eq!(string(65_536)[..6], [0xD2, 0x00, 0x01, 0x00, 0x00, b'a']);

        let bytes = |length| written(|out| write_bytes(out, &vec![9; length]));
        assert_eq!(bytes(0), [0xCC, 0x00]);
        assert_eq!(bytes(2), [0xCC, 0x02, 9, 9]);
        assert_eq!(bytes(256)[..4], [0xCD, 0x01, 0x00, 9]);
        assert_eq!(bytes(65_536)[..6], [0xCE, 0x00, 0x01, 0x00, 0x00, 9]);

        let list = |size| written(|out| write_list_header(out, size));
        assert_eq!(list(0), [0x90]);
        assert_eq!(list(15), [0x9F]);
        assert_eq!(list(16), [0xD4, 0x10]);
        assert_eq!(list(256), [0xD5, 0x01, 0x00]);
        assert_eq!(list(65_536), [0xD6, 0x00, 0x01, 0x00, 0x00]);

        let map = |size| written(|out| write_map_header(out, size));
        assert_eq!(map(0), [0xA0]);
        assert_eq!(map(15), [0xAF]);
        assert_eq!(map(16), [0xD8, 0x10]);
        assert_eq!(map(256), [0xD9, 0x01, 0x00]);
        assert_eq!(map(65_536), [0xDA, 0x00, 0x01, 0x00, 0x00]);

        let structure = |size| written(|out| write_struct_header(out, 0x4E, size));
        assert_eq!(structure(4), [0xB4, 0x4E]);
        assert_eq!(structure(16), [0xDC, 0x10, 0x4E]);
        assert_eq!(structure(256), [0xDD, 0x01, 0x00, 0x4E]);
    }

    #[test]
    fn sizes_count_bytes_not_characters() {
        assert_eq!(written(|out| write_string(out, "ö€")), [0x85, 0xC3, 0xB6, 0xE2, 0x82, 0xAC]);
    }

    #[test]
    fn lists_of_strings_are_lists() {
        let strings = ["a".to_owned(), "bc".to_owned()];
        assert_eq!(written(|out| write_strings(out, &strings)), b"\x92\x81a\x82bc");
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            (-40_000..40_000_i64).prop_map(Value::Int),
            prop::num::f64::NORMAL.prop_map(Value::Float),
            prop::collection::vec(any::<u8>(), 0..300).prop_map(Value::Bytes),
            ".{0,40}".prop_map(Value::String),
            any::<[u8; 16]>().prop_map(Value::Uuid),
        ];
        leaf.prop_recursive(5, 60, 20, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..20).prop_map(Value::List),
                prop::collection::vec((".{0,6}", inner.clone()), 0..20).prop_map(Value::Map),
                (any::<u8>(), prop::collection::vec(inner, 0..18))
                    .prop_map(|(tag, fields)| Value::Struct { tag, fields }),
            ]
        })
    }

    proptest! {
        #![proptest_config(cases(2_000))]

        #[test]
        fn what_is_written_is_read(value in values()) {
            let bytes = written(|out| write_value(out, &value));
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.value(), Ok(value));
            prop_assert!(reader.is_empty());
            prop_assert_eq!(Reader::new(&bytes).raw(), Ok(&bytes[..]));
        }

        #[test]
        fn a_value_cut_short_is_missing_data(value in values(), cut in any::<prop::sample::Index>()) {
            let bytes = written(|out| write_value(out, &value));
            let cut = &bytes[..cut.index(bytes.len())];
            prop_assert!(matches!(Reader::new(cut).value(), Err(ProtocolError::MissingData(_))));
            prop_assert!(matches!(Reader::new(cut).skip(), Err(ProtocolError::MissingData(_))));
        }
    }
}
