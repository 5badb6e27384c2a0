//! What a router said, and as much of it as an error shows: its length is limited, whatever the router sends.

use std::sync::Arc;

use bytes::BytesMut;

use crate::bolt::packstream::{Value, write_list_header, write_string, write_value};
use crate::driver::error::RawTable;

/// What a router answered, whole.
pub(super) enum RouterResponse {
    /// To ROUTE: the metadata, in which the table is `rt`.
    Response(Value),
    /// To the procedure's call: the only record, of which the table's entries are columns.
    Record(Row),
}

/// A record.
pub(super) struct Row {
    /// Shared by all records: there may be many small ones, of columns with long names.
    pub keys: Arc<[String]>,
    pub values: Vec<Value>,
}

impl RouterResponse {
    /// An entry of the table.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Response(metadata) => metadata.get("rt")?.get(name),
            Self::Record(Row { keys, values }) => values.get(keys.iter().rposition(|key| key == name)?),
        }
    }

    /// The front of all of it.
    pub(super) fn raw(&self) -> RawTable {
        match self {
            Self::Response(metadata) => RawTable::Response(front(metadata)),
            Self::Record(row) => row.raw(),
        }
    }
}

impl Row {
    /// The front of it.
    pub(super) fn raw(&self) -> RawTable {
        let mut room = ENOUGH;
        let mut kept = Vec::new();
        for key in self.keys.iter() {
            if room == 0 {
                break;
            }
            kept.push(part_of(key, &mut room));
        }
        let mut keys = BytesMut::new();
        write_list_header(&mut keys, kept.len());
        for key in kept {
            write_string(&mut keys, key);
        }
        let mut values = Vec::new();
        for value in &self.values {
            if room == 0 {
                break;
            }
            values.push(value_of(value, &mut room));
        }
        RawTable::Record { keys: keys.to_vec(), fields: encoded(&Value::List(values)) }
    }
}

/// The front of a value in PackStream: all of it, unless its JSON has more than [`ENOUGH`] bytes. The JSON of
/// what is left has at least that many.
pub(super) fn front(value: &Value) -> Vec<u8> {
    let mut room = ENOUGH;
    encoded(&value_of(value, &mut room))
}

/// The first bytes of a text, and what it takes to the end of a character.
pub(super) fn start(text: &str, bytes: usize) -> &str {
    let end = (bytes..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

/// In bytes of JSON: more than an error shows.
pub(super) const ENOUGH: usize = 4096;

/// A value without what there is no room for. What is taken off `room` for a value is no
/// more than the length of its JSON.
fn value_of(value: &Value, room: &mut usize) -> Value {
    *room = room.saturating_sub(1);
    match value {
        Value::String(text) => Value::String(part_of(text, room).to_owned()),
        Value::Bytes(bytes) => {
            let kept = bytes.get(..*room).unwrap_or(bytes);
            *room -= kept.len();
            Value::Bytes(kept.to_vec())
        }
        Value::List(values) => {
            let mut kept = Vec::new();
            for value in values {
                if *room == 0 {
                    break;
                }
                kept.push(value_of(value, room));
            }
            Value::List(kept)
        }
        Value::Map(entries) => {
            let mut kept = Vec::new();
            for (key, value) in entries {
                if *room == 0 {
                    break;
                }
                kept.push((part_of(key, room).to_owned(), value_of(value, room)));
            }
            Value::Map(kept)
        }
        Value::Struct { tag, fields } => {
            let mut kept = Vec::new();
            for field in fields {
                if *room == 0 {
                    break;
                }
                kept.push(value_of(field, room));
            }
            // One without all of its fields is another one.
            if *room == 0 { Value::List(kept) } else { Value::Struct { tag: *tag, fields: kept } }
        }
        other => other.clone(),
    }
}

fn part_of<'a>(text: &'a str, room: &mut usize) -> &'a str {
    let kept = start(text, *room);
    *room = room.saturating_sub(1 + kept.len());
    kept
}

fn encoded(value: &Value) -> Vec<u8> {
    let mut out = BytesMut::new();
    write_value(&mut out, value);
    out.to_vec()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use crate::bolt::packstream::Reader;

    fn read(bytes: &[u8]) -> Value {
        Reader::new(bytes).value().unwrap()
    }

    #[test]
    fn what_is_short_is_shown_whole() {
        let value = Value::Map(vec![
            (
                "a".into(),
                Value::List(vec![Value::Null, Value::Bool(true), Value::Int(-1), Value::Float(1.5)]),
            ),
            ("b".into(), Value::Bytes(vec![97, 0xFF])),
            ("ü".into(), Value::Struct { tag: 0x44, fields: vec![Value::Int(1)] }),
            ("c".into(), Value::Uuid([7; 16])),
        ]);
        assert_eq!(read(&front(&value)), value);
        assert_eq!(RouterResponse::Response(value.clone()).raw(), RawTable::Response(front(&value)));
    }

    #[test]
    fn a_record_shows_its_keys_and_fields() {
        let row =
            Row { keys: Arc::new(["ttl".into(), "x".into()]), values: vec![Value::Int(3), Value::Null] };
        let response = RouterResponse::Record(row);
        assert_eq!(response.get("ttl"), Some(&Value::Int(3)));
        assert_eq!(response.get("y"), None);
        let RawTable::Record { keys, fields } = response.raw() else { panic!("a record") };
        assert_eq!(read(&keys), Value::List(vec![Value::String("ttl".into()), Value::String("x".into())]));
        assert_eq!(read(&fields), Value::List(vec![Value::Int(3), Value::Null]));
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        for value in [
            Value::String("ü".repeat(1 << 20)),
            Value::List(vec![Value::Int(1); 1 << 16]),
            Value::Map((0..1 << 16).map(|i| (i.to_string(), Value::Null)).collect()),
            Value::Bytes(vec![0; 1 << 20]),
            Value::Struct { tag: 1, fields: vec![Value::Null; 1 << 16] },
        ] {
            let kept = front(&value);
            assert!(kept.len() <= 2 * ENOUGH, "{}", kept.len());
            read(&kept);
            for keys in [vec!["k".repeat(1 << 20)], vec![String::new(); 1 << 16], vec!["k".into()]] {
                let row = Row { keys: keys.into(), values: vec![value.clone(); 3] };
                let RawTable::Record { keys, fields } = row.raw() else { panic!("a record") };
                let length = keys.len() + fields.len();
                assert!(length > ENOUGH / 2 && length <= 2 * ENOUGH, "{length}");
            }
        }
        let fits = Value::String("x".repeat(ENOUGH - 1));
        assert_eq!(read(&front(&fits)), fits);
        assert_eq!(start("aüb", 2), "aü");
        assert_eq!(start("aüb", 9), "aüb");
    }
}
