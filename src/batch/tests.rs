#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod reader;

use std::fmt::Write;
use std::{env, fs};

use bytes::BytesMut;
use proptest::prelude::*;

use super::*;
use crate::bolt::packstream::{MAX_DEPTH, Value, write_value};
use crate::properties::cases;
use reader::read;

fn encode(value: &Value) -> BytesMut {
    let mut bytes = BytesMut::new();
    write_value(&mut bytes, value);
    bytes
}

fn text(string: &str) -> Value {
    Value::String(string.to_owned())
}

fn map(entries: &[(&str, i64)]) -> Value {
    Value::Map(entries.iter().map(|&(key, value)| (key.to_owned(), Value::Int(value))).collect())
}

fn structure(tag: u8, fields: &[Value]) -> Value {
    Value::Struct { tag, fields: fields.to_vec() }
}

/// A frame with one record for each value.
fn frame(values: &[Value]) -> Vec<u8> {
    let mut writer = BatchWriter::new();
    for value in values {
        writer.value(&encode(value)).unwrap();
    }
    writer.finish()
}

/// What comes out of a frame with this value.
fn through(value: &Value) -> Value {
    read(&frame(std::slice::from_ref(value)))[0][0].clone()
}

fn words(words: &[i32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

#[test]
fn a_frame_is_header_tape_tables_and_texts() {
    let mut writer = BatchWriter::new();
    // [1, "ab", {k: -1}] and [2^40, "ab", {k: null}]
    writer.record(&[0x93, 0x01, 0x82, b'a', b'b', 0xA1, 0x81, b'k', 0xFF]).unwrap();
    writer.record(&[0x93, 0xCB, 0, 0, 1, 0, 0, 0, 0, 0, 0x82, b'a', b'b', 0xA1, 0x81, b'k', 0xC0]).unwrap();
    let tape = [
        [1 << 5 | 3, 2 << 5 | 7, 10, -32 | 3].as_slice(),
        // The second "ab" has become a name.
        &[1 << (40 - 32 + 5) | 4, 0, 9, 10, 0],
    ]
    .concat();
    let shapes = 32 + 9 * 4;
    let texts = shapes + 16;
    let header = [2, 3, shapes, shapes + 8, texts, texts + 4, texts + 4, texts + 6];
    let tables = [0, 1 << 3, 1, 2 << 3];
    // "k" of the shape and "ab" of the name, a byte to make it even, "ab" of the first record
    let expected = [words(&header), words(&tape), words(&tables), b"kab\0ab".to_vec()].concat();
    assert_eq!(writer.finish(), expected);
}

#[test]
fn a_frame_can_be_made_by_hand() {
    let mut writer = BatchWriter::new();
    writer.begin_record(4).unwrap();
    writer.null();
    writer.string("N/A");
    writer.int(i64::MIN);
    writer.raw(&[0xC3]).unwrap();
    assert_eq!((writer.records(), writer.columns()), (1, Some(4)));
    let fields = [Value::Null, text("N/A"), Value::Int(i64::MIN), Value::Bool(true)];
    assert_eq!(read(&writer.finish()), [fields]);
}

#[test]
fn a_finished_writer_is_empty_and_writes_the_same_again() {
    let mut writer = BatchWriter::new();
    let value = encode(&map(&[("a", 1), ("é", 2), ("日", 3)]));
    let mut frames = Vec::new();
    for _ in 0..3 {
        assert!(writer.is_empty());
        assert_eq!((writer.len(), writer.columns()), (32, None));
        writer.value(&value).unwrap();
        assert!(!writer.is_empty());
        frames.push(writer.finish());
    }
    assert_eq!(frames[0], frames[1]);
    assert_eq!(frames[0], frames[2]);
}

#[test]
fn an_empty_frame_has_a_header() {
    assert_eq!(BatchWriter::new().finish(), words(&[0, 0, 32, 32, 32, 32, 32, 32]));
}

#[test]
fn a_record_that_fails_leaves_no_trace() {
    let mut writer = BatchWriter::new();
    let mut clean = BatchWriter::new();
    for writer in [&mut writer, &mut clean] {
        writer.record(&[0x91, 0x81, b'a']).unwrap();
    }
    let columns = writer.record(&[0x92, 0x01, 0x02]);
    assert_eq!(columns, Err(ProtocolError::OutOfRange("number of columns")));
    let marker =
        writer.record(&[0x91, 0x92, 0x8A, 0xC3, 0xA9, b'3', b'4', b'5', b'6', b'7', b'8', b'9', b'0', 0xC7]);
    assert_eq!(marker, Err(ProtocolError::UnknownMarker(0xC7)));
    let short = writer.record(&[0x91, 0x82, b'a']);
    assert_eq!(short, Err(ProtocolError::MissingData("a value")));
    let long = writer.record(&[0x91, 0x01, 0x02]);
    assert_eq!(long, Err(ProtocolError::TrailingData("a value")));
    let list = writer.record(&[0x01]);
    assert_eq!(list, Err(ProtocolError::UnexpectedMarker { expected: "a list", marker: 0x01 }));
    let key = writer.record(&[0x91, 0xA1, 0x01, 0x01]);
    assert_eq!(key, Err(ProtocolError::UnexpectedMarker { expected: "the key of a map", marker: 0x01 }));
    assert_eq!(writer.records(), 1);
    assert_eq!(writer.finish(), clean.finish());

    // Nor does one that would have been the first.
    writer.record(&[0x92, 0x01]).unwrap_err();
    assert_eq!((writer.is_empty(), writer.columns()), (true, None));
}

#[test]
fn a_value_by_hand_that_fails_can_be_replaced() {
    let mut writer = BatchWriter::new();
    writer.begin_record(1).unwrap();
    writer.raw(&[0x92, 0x01]).unwrap_err();
    writer.null();
    assert_eq!(read(&writer.finish()), [[Value::Null]]);
}

#[test]
fn integers_take_as_many_words_as_they_need() {
    let size = |int: i64| frame(&[Value::Int(int)]).len() - 32;
    let (small, large) = (1_i64 << 26, 1_i64 << 58);
    for (int, words) in [
        (0, 1),
        (small - 1, 1),
        (-small, 1),
        (small, 2),
        (-small - 1, 2),
        (large - 1, 2),
        (-large, 2),
        (large, 3),
        (-large - 1, 3),
        (i64::MAX, 3),
        (i64::MIN, 3),
    ] {
        assert_eq!(size(int), words * 4, "{int}");
        assert_eq!(through(&Value::Int(int)), Value::Int(int));
    }
}

#[test]
fn lists_of_one_kind_of_number_are_blocks() {
    let floats = Value::List(vec![Value::Float(1.5), Value::Float(-0.0)]);
    assert_eq!(&frame(std::slice::from_ref(&floats))[32..36], words(&[2 << 5 | 12]));
    assert_eq!(through(&floats), floats);
    let ints = Value::List(vec![Value::Int(1), Value::Int(i64::from(i32::MIN))]);
    assert_eq!(&frame(std::slice::from_ref(&ints))[32..], words(&[2 << 5 | 13, 1, i32::MIN]));
    assert_eq!(through(&ints), ints);
    for mixed in [
        vec![Value::Float(1.5), Value::Null],
        vec![Value::Int(1), Value::Int(1 << 31)],
        vec![Value::Int(1), Value::Float(1.0)],
        vec![text("a"), Value::Int(1)],
    ] {
        let list = Value::List(mixed);
        assert_eq!(&frame(std::slice::from_ref(&list))[32..36], words(&[2 << 5 | 11]));
        assert_eq!(through(&list), list);
    }
}

#[test]
fn text_is_latin1_where_it_can_be() {
    for (string, tag, length) in [("", 7, 0), ("abc", 7, 3), ("é\u{80}ÿ", 7, 3), ("Ā", 8, 1), ("a😀", 8, 3)]
    {
        assert_eq!(&frame(&[text(string)])[32..36], words(&[length << 5 | tag]), "{string}");
        assert_eq!(through(&text(string)), text(string));
    }
}

#[test]
fn what_is_not_utf_8_is_replaced() {
    let mut writer = BatchWriter::new();
    writer.value(&[0x84, b'a', 0xFF, 0xE2, 0x82]).unwrap();
    assert_eq!(read(&writer.finish()), [[text("a\u{FFFD}\u{FFFD}")]]);
}

#[test]
fn short_strings_are_stored_twice_at_most() {
    let short = text("abcdefghijklmnopqrstuvwxyzabcdef");
    let long = text("abcdefghijklmnopqrstuvwxyzabcdefg");
    for (string, copies) in [(short, 2), (long, 4), (text("日本"), 2)] {
        let values = vec![string; 4];
        let frame = frame(&values);
        assert_eq!(read(&frame).concat(), values);
        let word = |index: usize| u32::from_le_bytes(frame[index * 4..][..4].try_into().unwrap()) as usize;
        let piece = match &values[0] {
            Value::String(string) if string.is_ascii() => string.len(),
            _ => 4,
        };
        assert_eq!((frame.len() - word(4)) / piece, copies);
    }
}

#[test]
fn maps_of_the_same_keys_share_a_shape() {
    let values = [
        map(&[("a", 1), ("b", 2)]),
        map(&[("a", 3), ("b", 4)]),
        map(&[("b", 3), ("a", 4)]),
        map(&[("a", 5)]),
        map(&[("a", 5), ("b", 6), ("c", 7)]),
        map(&[("a", 5), ("a", 6)]),
        map(&[("", 5)]),
        map(&[]),
    ];
    let frame = frame(&values);
    assert_eq!(read(&frame).concat(), values);
    let word = |index: usize| u32::from_le_bytes(frame[index * 4..][..4].try_into().unwrap());
    assert_eq!(word(3) - word(2), 6 * 8);
}

#[test]
fn keys_may_have_the_characters_between_keys() {
    let values = [
        map(&[("\0", 1), ("\u{1}", 2)]),
        map(&[("\0\u{1}", 1)]),
        map(&[("\u{1}\u{2}", 1), ("é\0", 2), ("日\u{1}", 3)]),
        map(&[("", 1), ("", 2)]),
    ];
    assert_eq!(read(&frame(&values)).concat(), values);
}

#[test]
fn keys_that_hardly_repeat_are_loose() {
    let keys = (0..200).map(|key| format!("key {key}")).collect::<Vec<_>>();
    let values = keys.iter().map(|key| map(&[(key, 1), ("x", 2)])).collect::<Vec<_>>();
    let mut writer = BatchWriter::new();
    let mut frames = Vec::new();
    for _ in 0..2 {
        values.iter().for_each(|value| writer.value(&encode(value)).unwrap());
        frames.push(writer.finish());
    }
    assert_eq!(read(&frames[0]).concat(), values);
    assert_eq!(frames[0], frames[1]);
    let word = |index: usize| u32::from_le_bytes(frames[0][index * 4..][..4].try_into().unwrap());
    let flags = (word(2) / 4 + 1..word(3) / 4).step_by(2).map(|at| word(at as usize) & 0b100);
    assert_eq!(flags.filter(|&loose| loose != 0).count(), 200 - 64);
}

#[test]
fn structures_out_of_order_go_as_they_are() {
    let node = |identity: Value, labels: Value| structure(0x4E, &[identity, labels, map(&[]), text("4:x:1")]);
    let zone = text("Europe/Berlin");
    let labels = Value::List(vec![text("A")]);
    for value in [
        node(Value::Null, labels.clone()),
        node(Value::Int(1), Value::List(vec![text("A"), Value::Int(1)])),
        node(Value::Int(1), text("A")),
        structure(0x4E, &[Value::Int(1)]),
        structure(0x52, &[Value::Int(1), Value::Int(2), Value::Null, text("T"), map(&[])]),
        structure(0x72, &[Value::Null, text("T"), map(&[])]),
        structure(0x50, &[Value::List(vec![])]),
        structure(0x44, &[Value::Int(i64::MAX)]),
        structure(0x44, &[text("today")]),
        structure(0x74, &[Value::Int(86_400_000_000_000)]),
        structure(0x74, &[Value::Int(-1)]),
        structure(0x64, &[Value::Int(0), Value::Int(1_000_000_000)]),
        structure(0x64, &[Value::Int(0), Value::Int(-1)]),
        structure(0x69, &[Value::Int(8_640_000_000_000), Value::Int(0), zone.clone()]),
        structure(0x69, &[Value::Int(0), Value::Int(0), text("")]),
        structure(0x69, &[Value::Int(0), Value::Int(0), Value::Null]),
        structure(0x49, &[Value::Int(i64::MAX), Value::Int(0), Value::Int(1)]),
        structure(0x45, &[Value::Int(0), Value::Int(0), Value::Int(i64::MAX), Value::Int(1_000_000_000)]),
        structure(0x58, &[Value::Int(4326), Value::Float(1.0), Value::Int(1)]),
        structure(0x56, &[Value::Bytes(vec![0xC9]), Value::Bytes(vec![0, 1, 2])]),
        structure(0x56, &[Value::Bytes(vec![0xC2]), Value::Bytes(vec![])]),
        structure(0x3F, &[text("T"), Value::Int(6), Value::Int(1), map(&[])]),
        structure(0xFF, &[]),
    ] {
        let frame = frame(std::slice::from_ref(&value));
        assert_eq!(frame[32] & 31, 31, "{value:?}");
        assert_eq!(read(&frame), [[value]]);
    }
}

#[test]
fn nesting_ends_at_the_limit() {
    let nested = |depth: usize, inner: &[u8]| [&vec![0x91; depth][..], inner].concat();
    let mut writer = BatchWriter::new();
    writer.value(&nested(MAX_DEPTH, &[0xC0])).unwrap();
    assert_eq!(writer.value(&nested(MAX_DEPTH + 1, &[0xC0])), Err(ProtocolError::TooDeep));
    assert_eq!(writer.value(&nested(1_000_000, &[])), Err(ProtocolError::TooDeep));
    // The list that is the record does not count.
    writer.record(&nested(MAX_DEPTH + 1, &[0xC0])).unwrap();
    assert_eq!(writer.record(&nested(MAX_DEPTH + 2, &[0xC0])), Err(ProtocolError::TooDeep));
}

#[test]
fn broken_structures_inside_each_other_take_linear_time() {
    // Nodes in the properties of nodes, each of them with a broken end.
    let open = [0xB4, 0x4E, 0x01, 0x90, 0xA1, 0x81, b'p'];
    let levels = MAX_DEPTH / 2;
    let bytes = [open.repeat(levels), vec![0x01], [0xB1, 0x4E, 0xC0].repeat(levels)].concat();
    BatchWriter::new().value(&bytes).unwrap();
}

#[test]
fn sizes_are_not_believed() {
    for head in [0xCE, 0xD2, 0xD6, 0xDA] {
        for tail in [&[][..], &[0xC1], &[0x01], &[0x81, b'k', 0x01]] {
            let bytes = [&[head, 0xFF, 0xFF, 0xFF, 0xFF], tail].concat();
            let mut writer = BatchWriter::new();
            writer.value(&bytes).unwrap_err();
            assert!(writer.tape.bytes().len() < 100);
        }
    }
}

/// Every frame that the tests of `lib/codec/batch.ts` read is what this module writes today.
///
/// To add a case, add a line without its last part; to write all frames anew, run this test with
/// `WRITE_FRAMES=1`.
#[test]
fn frames_of_the_javascript_tests_are_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/__test__/unit/codec/batch-frames.txt");
    let file = fs::read_to_string(path).unwrap();
    let mut writer = BatchWriter::new();
    let mut expected = String::new();
    for line in file.lines() {
        if line.is_empty() || line.starts_with('#') {
            writeln!(expected, "{line}").unwrap();
            continue;
        }
        let mut parts = line.split('|').map(str::trim);
        let (name, records) = (parts.next().unwrap(), parts.next().unwrap());
        for record in records.split(' ') {
            writer.record(&from_hex(record)).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        writeln!(expected, "{name} | {records} | {}", to_hex(&writer.finish())).unwrap();
    }
    if env::var_os("WRITE_FRAMES").is_some() {
        fs::write(path, expected).unwrap();
    } else {
        assert!(file == expected, "{path} is stale");
    }
}

fn from_hex(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap()).collect()
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

/// Any value; structures with signatures of Bolt whose fields are mostly, but not always, right.
fn any_value() -> impl Strategy<Value = Value> {
    let string = prop_oneof![
        "[a-c]{0,3}".prop_map(|string| text(&string)),
        "\\PC{0,40}".prop_map(|string| text(&string)),
        "[\0\u{1}\u{2}é日]{0,3}".prop_map(|string| text(&string)),
    ];
    let int = prop_oneof![any::<i8>().prop_map(i64::from), any::<i32>().prop_map(i64::from), any::<i64>()]
        .prop_map(Value::Int);
    let float = any::<f64>()
        .prop_filter("NaN is not equal to itself", |float| !float.is_nan())
        .prop_map(Value::Float);
    let second = (-62_135_596_800_i64..253_402_300_800).prop_map(Value::Int);
    let nano = (0..1_000_000_000_i64).prop_map(Value::Int);
    let temporal = prop_oneof![
        (0x44_u8..0x45, -1_000_000_i64..1_000_000).prop_map(|(tag, day)| structure(tag, &[Value::Int(day)])),
        (0..86_400_000_000_000_i64).prop_map(|nanos| structure(0x74, &[Value::Int(nanos)])),
        (0..86_400_000_000_000_i64, -64_800..64_800_i64)
            .prop_map(|(nanos, offset)| structure(0x54, &[Value::Int(nanos), Value::Int(offset)])),
        (second.clone(), nano.clone()).prop_map(|(s, n)| structure(0x64, &[s, n])),
        (second.clone(), nano.clone(), -64_800..64_800_i64)
            .prop_map(|(s, n, offset)| structure(0x46, &[s, n, Value::Int(offset)])),
        (second.clone(), nano.clone(), "[A-Z]{1,20}")
            .prop_map(|(s, n, zone)| structure(0x66, &[s, n, text(&zone)])),
        (second, nano.clone(), "[A-Z]{1,20}").prop_map(|(s, n, zone)| structure(0x69, &[s, n, text(&zone)])),
        (any::<i64>(), any::<i64>(), -1000..1000_i64, nano).prop_map(|(months, days, seconds, nanos)| {
            structure(0x45, &[Value::Int(months), Value::Int(days), Value::Int(seconds), nanos])
        }),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        int.clone(),
        float.clone(),
        string.clone(),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(Value::Bytes),
        any::<[u8; 16]>().prop_map(Value::Uuid),
        prop::collection::vec(int.clone(), 0..5).prop_map(Value::List),
        prop::collection::vec(float.clone(), 0..5).prop_map(Value::List),
        temporal,
        (any::<i16>(), prop::collection::vec(float, 2..4)).prop_map(|(srid, coordinates)| structure(
            if coordinates.len() == 2 { 0x58 } else { 0x59 },
            &[&[Value::Int(i64::from(srid))], &coordinates[..]].concat()
        )),
        (
            prop::sample::select(&[0xC1_u8, 0xC6, 0xC8, 0xC9, 0xCA, 0xCB, 0xC2][..]),
            prop::collection::vec(any::<u8>(), 0..40)
        )
            .prop_map(|(kind, elements)| structure(
                0x56,
                &[Value::Bytes(vec![kind]), Value::Bytes(elements)]
            )),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        let properties = prop::collection::vec(("[a-d\0]{0,2}", inner.clone()), 0..6).prop_map(Value::Map);
        let labels = prop::collection::vec(string.clone(), 0..3).prop_map(Value::List);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            properties.clone(),
            (int.clone(), labels.clone(), properties.clone(), string.clone()).prop_map(
                |(id, labels, properties, element)| structure(0x4E, &[id, labels, properties, element])
            ),
            (int.clone(), labels, properties.clone())
                .prop_map(|(id, labels, properties)| structure(0x4E, &[id, labels, properties])),
            (
                prop::collection::vec(int.clone(), 3),
                inner.clone(),
                properties.clone(),
                prop::collection::vec(string.clone(), 3)
            )
                .prop_map(|(ids, kind, properties, elements)| structure(
                    0x52,
                    &[&ids[..], &[kind, properties], &elements].concat()
                )),
            (int.clone(), string.clone(), properties)
                .prop_map(|(id, kind, properties)| structure(0x72, &[id, kind, properties])),
            prop::collection::vec(inner.clone(), 3).prop_map(|fields| structure(0x50, &fields)),
            (any::<u8>(), prop::collection::vec(inner, 0..9))
                .prop_map(|(tag, fields)| structure(tag, &fields)),
        ]
    })
}

/// What a value is known to become on the way: forms that mean the same, are the same.
fn normal(value: Value) -> Value {
    match value {
        Value::List(values) => Value::List(values.into_iter().map(normal).collect()),
        Value::Map(entries) => {
            Value::Map(entries.into_iter().map(|(key, value)| (key, normal(value))).collect())
        }
        Value::Struct { tag, fields } => {
            let mut fields = fields.into_iter().map(normal).collect::<Vec<_>>();
            match (tag, &fields[..]) {
                // Element ids that are null are as good as absent.
                (0x4E | 0x72, [.., Value::Null]) if fields.len() == 4 => fields.truncate(3),
                (0x52, [.., Value::Null, Value::Null, Value::Null]) if fields.len() == 8 => {
                    fields.truncate(5)
                }
                _ => {}
            }
            Value::Struct { tag, fields }
        }
        other => other,
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn values_arrive_as_they_were_sent(records in prop::collection::vec(prop::collection::vec(any_value(), 3), 1..8)) {
        let mut writer = BatchWriter::new();
        // The first frame teaches the writer; the second one has to be right nevertheless.
        for _ in 0..2 {
            for record in &records {
                writer.record(&encode(&Value::List(record.clone()))).unwrap();
            }
            let length = writer.len();
            let frame = writer.finish();
            prop_assert!(frame.len() - length <= 5);
            let expected = records.iter().map(|record| record.iter().cloned().map(normal).collect::<Vec<_>>());
            let read = read(&frame).into_iter().map(|record| record.into_iter().map(normal).collect::<Vec<_>>());
            prop_assert_eq!(read.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        }
    }
}

proptest! {
    #![proptest_config(cases(40_000))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        survives(&bytes)?;
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn damaged_values_never_panic(
        value in any_value(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = encode(&Value::List(vec![value]));
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        survives(&bytes)?;
        survives(&bytes[..cut.index(bytes.len())])?;
    }
}

/// Whatever the bytes are, the frame is one that can be read, and has the records before and after.
fn survives(bytes: &[u8]) -> Result<(), TestCaseError> {
    let mut writer = BatchWriter::new();
    writer.record(&[0x91, 0x01]).unwrap();
    let added = writer.record(bytes).is_ok();
    writer.record(&[0x91, 0x02]).unwrap();
    let records = read(&writer.finish());
    prop_assert_eq!(records.len(), if added { 3 } else { 2 });
    prop_assert_eq!(records.first(), Some(&vec![Value::Int(1)]));
    prop_assert_eq!(records.last(), Some(&vec![Value::Int(2)]));
    Ok(())
}
