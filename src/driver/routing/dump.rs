//! What a router said, as JSON in the text of an error: in the form that the official driver gives it, which whoever
//! looks for the router at fault has seen before.
//!
//! Knows values; knows nothing of what makes a table. The length is limited, whatever the router sends.

use std::fmt::{self, Write};
use std::sync::Arc;

use crate::bolt::packstream::Value;

/// What a router answered, whole.
pub(crate) enum Told {
    /// To ROUTE: the metadata, in which the table is `rt`.
    Response(Value),
    /// To the procedure's call: the only record, of which the table's entries are columns.
    Record(Row),
}

/// A record.
pub(crate) struct Row {
    /// Shared by all records: there may be many small ones, of columns with long names.
    pub keys: Arc<[String]>,
    pub values: Vec<Value>,
}

impl Told {
    /// An entry of the table.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Response(metadata) => metadata.get("rt")?.get(name),
            Self::Record(Row { keys, values }) => values.get(keys.iter().rposition(|key| key == name)?),
        }
    }

    /// All of it.
    pub(super) fn dump(&self) -> String {
        short(|out| match self {
            Self::Response(metadata) => {
                out.write_str(r#"{"_response":"#)?;
                write(out, metadata)?;
                out.write_char('}')
            }
            Self::Record(row) => {
                out.write_str(r#"{"_record":"#)?;
                row.json(out)?;
                out.write_char('}')
            }
        })
    }
}

impl Row {
    fn json(&self, out: &mut Short) -> fmt::Result {
        let Self { keys, values } = self;
        out.write_str(r#"{"keys":"#)?;
        array(out, keys.iter(), |out, key| string(out, key))?;
        write!(out, r#","length":{},"_fields":"#, keys.len())?;
        array(out, values, write)?;
        out.write_str(r#","_fieldLookup":"#)?;
        object(out, keys.iter().zip(0..), |out, at: usize| write!(out, "{at}"))?;
        out.write_char('}')
    }
}

/// A value; `undefined` where there is none.
pub(crate) fn json(value: Option<&Value>) -> String {
    short(|out| match value {
        Some(value) => write(out, value),
        None => out.write_str("undefined"),
    })
}

/// Records.
pub(crate) fn rows(rows: &[Row]) -> String {
    short(|out| array(out, rows, |out, row| row.json(out)))
}

/// What JavaScript makes of a value where it wants a text.
pub(crate) fn text(value: Option<&Value>) -> String {
    short(|out| match value {
        None => out.write_str("undefined"),
        Some(Value::String(text)) => out.write_str(text),
        Some(Value::Int(value)) => write!(out, "{value}"),
        Some(Value::Float(value)) if !value.is_finite() => out.write_str(if value.is_nan() {
            "NaN"
        } else if *value > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }),
        Some(Value::Map(_) | Value::Struct { .. }) => out.write_str("[object Object]"),
        Some(value) => write(out, value),
    })
}

/// In bytes: how much of what a router said is repeated. Beyond that, it is cut, and the text says so. A table of
/// twenty servers is shorter.
pub(crate) const LONGEST: usize = 2048;

fn short(write: impl FnOnce(&mut Short) -> fmt::Result) -> String {
    let mut out = Short(String::new());
    if write(&mut out).is_err() {
        out.0.push_str(CUT);
    }
    out.0
}

/// A text that is full some time. Writing fails then, so that the rest is not even looked at.
struct Short(String);

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = LONGEST - self.0.len();
        let fits = if text.len() <= room {
            text.len()
        } else {
            (0..=room).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default()
        };
        self.0.push_str(text.get(..fits).unwrap_or_default());
        if fits < text.len() { Err(fmt::Error) } else { Ok(()) }
    }
}

fn write(out: &mut Short, value: &Value) -> fmt::Result {
    match value {
        Value::Null => out.write_str("null"),
        Value::Bool(value) => write!(out, "{value}"),
        // As an Integer of the API.
        Value::Int(value) => {
            let [a, b, c, d, e, f, g, h] = value.to_be_bytes();
            let (high, low) = (i32::from_be_bytes([a, b, c, d]), i32::from_be_bytes([e, f, g, h]));
            write!(out, r#"{{"low":{low},"high":{high}}}"#)
        }
        Value::Float(value) => number(out, *value),
        // As an Int8Array.
        Value::Bytes(bytes) => {
            let bytes = (0..).zip(bytes).map(|(at, byte): (usize, _)| (at.to_string(), byte.cast_signed()));
            object(out, bytes, |out, byte| write!(out, "{byte}"))
        }
        Value::String(text) => string(out, text),
        Value::List(values) => array(out, values, write),
        Value::Map(entries) => object(out, entries.iter().map(|(key, value)| (key, value)), write),
        // No router has a use for these; so they are shown as they came.
        Value::Struct { tag, fields } => {
            write!(out, r#"{{"signature":{tag},"fields":"#)?;
            array(out, fields, write)?;
            out.write_char('}')
        }
        Value::Uuid(bytes) => write!(out, r#""{:032x}""#, u128::from_be_bytes(*bytes)),
    }
}

/// As JavaScript writes numbers.
fn number(out: &mut Short, value: f64) -> fmt::Result {
    let size = value.abs();
    if !value.is_finite() {
        out.write_str("null")
    } else if size == 0.0 {
        out.write_char('0')
    } else if (1e-6..1e21).contains(&size) {
        write!(out, "{value}")
    } else {
        let text = format!("{value:e}");
        out.write_str(&if text.contains("e-") { text } else { text.replace('e', "e+") })
    }
}

fn string(out: &mut Short, text: &str) -> fmt::Result {
    out.write_char('"')?;
    for part in text.split_inclusive(|c| matches!(c, '"' | '\\' | '\0'..='\x1f')) {
        let mut chars = part.chars();
        match chars.next_back() {
            Some(last @ ('"' | '\\' | '\0'..='\x1f')) => {
                out.write_str(chars.as_str())?;
                match last {
                    '"' | '\\' => write!(out, "\\{last}")?,
                    '\n' => out.write_str("\\n")?,
                    '\r' => out.write_str("\\r")?,
                    '\t' => out.write_str("\\t")?,
                    '\x08' => out.write_str("\\b")?,
                    '\x0c' => out.write_str("\\f")?,
                    control => write!(out, "\\u{:04x}", u32::from(control))?,
                }
            }
            _ => out.write_str(part)?,
        }
    }
    out.write_char('"')
}

fn array<T>(
    out: &mut Short,
    items: impl IntoIterator<Item = T>,
    mut one: impl FnMut(&mut Short, T) -> fmt::Result,
) -> fmt::Result {
    out.write_char('[')?;
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.write_char(',')?;
        }
        one(out, item)?;
    }
    out.write_char(']')
}

fn object<K: AsRef<str>, T>(
    out: &mut Short,
    entries: impl IntoIterator<Item = (K, T)>,
    mut one: impl FnMut(&mut Short, T) -> fmt::Result,
) -> fmt::Result {
    out.write_char('{')?;
    for (at, (key, value)) in entries.into_iter().enumerate() {
        if at > 0 {
            out.write_char(',')?;
        }
        string(out, key.as_ref())?;
        out.write_char(':')?;
        one(out, value)?;
    }
    out.write_char('}')
}

const CUT: &str = "... (cut)";

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: Value) -> String {
        json(Some(&value))
    }

    #[test]
    fn values_look_as_in_the_official_driver() {
        let list = Value::List(vec![
            Value::Null,
            Value::Bool(true),
            Value::Int(-1),
            Value::Int(i64::MIN + 5),
            Value::Bytes(vec![97, 0xFF]),
            Value::Map(vec![("a".into(), Value::Int(7)), ("b".into(), Value::List(vec![]))]),
        ]);
        assert_eq!(
            of(list),
            r#"[null,true,{"low":-1,"high":-1},{"low":5,"high":-2147483648},{"0":97,"1":-1},{"a":{"low":7,"high":0},"b":[]}]"#
        );
        assert_eq!(json(None), "undefined");
    }

    #[test]
    fn numbers_and_texts_look_as_in_json() {
        let numbers = [
            (1.5, "1.5"),
            (2.0, "2"),
            (-0.0, "0"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (-1.25e300, "-1.25e+300"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (f64::NAN, "null"),
            (f64::INFINITY, "null"),
        ];
        for (value, text) in numbers {
            assert_eq!(of(Value::Float(value)), text);
        }
        let text = Value::String("a\"b\\c\n\r\t\x08\x0c\x01\u{7f}ü\u{2028}".into());
        assert_eq!(of(text), "\"a\\\"b\\\\c\\n\\r\\t\\b\\f\\u0001\u{7f}ü\u{2028}\"");
    }

    #[test]
    fn a_record_shows_its_keys() {
        let row =
            Row { keys: Arc::new(["ttl".into(), "x".into()]), values: vec![Value::Int(3), Value::Null] };
        let shown = r#"{"keys":["ttl","x"],"length":2,"_fields":[{"low":3,"high":0},null],"_fieldLookup":{"ttl":0,"x":1}}"#;
        assert_eq!(rows(std::slice::from_ref(&row)), format!("[{shown}]"));
        let told = Told::Record(row);
        assert_eq!(told.dump(), format!(r#"{{"_record":{shown}}}"#));
        assert_eq!(told.get("ttl"), Some(&Value::Int(3)));
        assert_eq!(told.get("y"), None);
        assert_eq!(Told::Response(Value::Null).dump(), r#"{"_response":null}"#);
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters() {
        for value in [
            Value::String("ü".repeat(1 << 20)),
            Value::List(vec![Value::Int(1); 1 << 16]),
            Value::Map((0..1 << 16).map(|i| (i.to_string(), Value::Null)).collect()),
            Value::Bytes(vec![0; 1 << 20]),
        ] {
            for text in [of(value.clone()), Told::Response(value).dump()] {
                assert!(text.len() <= LONGEST + CUT.len() && text.len() > LONGEST - 4, "{}", text.len());
                assert!(text.ends_with(CUT), "{text}");
            }
        }
        let fits = Value::String("x".repeat(LONGEST - 2));
        assert_eq!(of(fits).len(), LONGEST);
    }

    #[test]
    fn a_text_of_anything() {
        for (value, expected) in [
            (Value::Null, "null"),
            (Value::String("a".into()), "a"),
            (Value::Int(1 << 60), "1152921504606846976"),
            (Value::Float(f64::NEG_INFINITY), "-Infinity"),
            (Value::Float(0.5), "0.5"),
            (Value::Map(vec![]), "[object Object]"),
        ] {
            assert_eq!(text(Some(&value)), expected);
        }
    }
}
