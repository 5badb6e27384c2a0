//! Reads values from a slice. Every read goes through [`Reader::take`]: nothing is indexed, so
//! nothing can be read past the end.

use super::{MAX_DEPTH, Value, marker};
use crate::bolt::error::ProtocolError;

/// A cursor over encoded values.
///
/// After an error, the position is somewhere inside the value that could not be read. A copy of
/// the reader (it is [`Copy`]) made before is the way back.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    input: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader at the start of `input`.
    pub fn new(input: &'a [u8]) -> Self {
        Self { input }
    }

    /// What is still unread.
    pub fn rest(&self) -> &'a [u8] {
        self.input
    }

    /// Whether everything has been read.
    pub fn is_empty(&self) -> bool {
        self.input.is_empty()
    }

    /// The error [`ProtocolError::TrailingData`] with the name of what was read, unless everything
    /// has been read.
    pub fn finish(&self, what: &'static str) -> Result<(), ProtocolError> {
        if self.is_empty() { Ok(()) } else { Err(ProtocolError::TrailingData(what)) }
    }

    /// The marker of the next value, which stays to be read.
    pub fn peek(&self) -> Result<u8, ProtocolError> {
        self.input.first().copied().ok_or(ProtocolError::MissingData("a value"))
    }

    /// The next byte.
    pub fn u8(&mut self) -> Result<u8, ProtocolError> {
        let [byte] = self.array("a value")?;
        Ok(byte)
    }

    /// The next `length` bytes.
    pub fn take(&mut self, length: usize) -> Result<&'a [u8], ProtocolError> {
        let (taken, rest) =
            self.input.split_at_checked(length).ok_or(ProtocolError::MissingData("a value"))?;
        self.input = rest;
        Ok(taken)
    }

    /// The next `N` bytes, part of `what`.
    pub fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], ProtocolError> {
        let (taken, rest) = self.input.split_first_chunk().ok_or(ProtocolError::MissingData(what))?;
        self.input = rest;
        Ok(*taken)
    }

    /// Reads a null, if there is one.
    pub fn null(&mut self) -> Result<bool, ProtocolError> {
        let found = self.peek()? == marker::NULL;
        if found {
            self.u8()?;
        }
        Ok(found)
    }

    /// `None` for a null, and otherwise what `read` makes of the value.
    pub fn optional<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, ProtocolError>,
    ) -> Result<Option<T>, ProtocolError> {
        if self.null()? { Ok(None) } else { read(self).map(Some) }
    }

    /// A boolean.
    pub fn bool(&mut self) -> Result<bool, ProtocolError> {
        match self.u8()? {
            marker::FALSE => Ok(false),
            marker::TRUE => Ok(true),
            marker => Err(ProtocolError::UnexpectedMarker { expected: "a boolean", marker }),
        }
    }

    /// An integer of any width.
    pub fn int(&mut self) -> Result<i64, ProtocolError> {
        let marker = self.u8()?;
        self.int_of(marker)?.ok_or(ProtocolError::UnexpectedMarker { expected: "an integer", marker })
    }

    /// A float.
    pub fn float(&mut self) -> Result<f64, ProtocolError> {
        match self.u8()? {
            marker::FLOAT_64 => Ok(f64::from_be_bytes(self.array("a float")?)),
            marker => Err(ProtocolError::UnexpectedMarker { expected: "a float", marker }),
        }
    }

    /// A string.
    pub fn string(&mut self) -> Result<&'a str, ProtocolError> {
        let length = self.size(
            "a string",
            marker::TINY_STRING,
            [marker::STRING_8, marker::STRING_16, marker::STRING_32],
        )?;
        std::str::from_utf8(self.take(length)?).map_err(|_| ProtocolError::NotUtf8)
    }

    /// A byte array.
    pub fn bytes(&mut self) -> Result<&'a [u8], ProtocolError> {
        let length = match self.u8()? {
            marker::BYTES_8 => self.size_8()?,
            marker::BYTES_16 => self.size_16()?,
            marker::BYTES_32 => self.size_32()?,
            marker => return Err(ProtocolError::UnexpectedMarker { expected: "bytes", marker }),
        };
        self.take(length)
    }

    /// A UUID.
    pub fn uuid(&mut self) -> Result<[u8; 16], ProtocolError> {
        match self.u8()? {
            marker::UUID => self.array("a UUID"),
            marker => Err(ProtocolError::UnexpectedMarker { expected: "a UUID", marker }),
        }
    }

    /// The head of a list: how many elements follow, as the peer says. Allocate by what arrives.
    pub fn list_header(&mut self) -> Result<usize, ProtocolError> {
        self.size("a list", marker::TINY_LIST, [marker::LIST_8, marker::LIST_16, marker::LIST_32])
    }

    /// The head of a map: how many entries follow, as the peer says. Each is a string and a value.
    pub fn map_header(&mut self) -> Result<usize, ProtocolError> {
        self.size("a map", marker::TINY_MAP, [marker::MAP_8, marker::MAP_16, marker::MAP_32])
    }

    /// The head of a structure: its tag, and how many fields follow, as the peer says.
    pub fn struct_header(&mut self) -> Result<(u8, usize), ProtocolError> {
        let size = match self.u8()? {
            tiny if is_tiny(tiny, marker::TINY_STRUCT) => tiny_size(tiny),
            marker::STRUCT_8 => self.size_8()?,
            marker::STRUCT_16 => self.size_16()?,
            marker => return Err(ProtocolError::UnexpectedMarker { expected: "a structure", marker }),
        };
        Ok((self.u8()?, size))
    }

    /// A list of strings.
    pub fn strings(&mut self) -> Result<Vec<String>, ProtocolError> {
        (0..self.list_header()?).map(|_| self.string().map(str::to_owned)).collect()
    }

    /// One whole value, decoded; at most [`MAX_DEPTH`] deep. What is open lies on the heap, not on
    /// the stack.
    pub fn value(&mut self) -> Result<Value, ProtocolError> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let mut value = self.scalar()?;
            if value.is_none() {
                if open.len() == MAX_DEPTH {
                    return Err(ProtocolError::TooDeep);
                }
                open.push(Open::read(self)?);
            }
            // A value goes into the innermost container; where that is full, it is a value itself.
            loop {
                let Some(innermost) = open.last_mut() else { return Ok(value.unwrap_or(Value::Null)) };
                if let Some(value) = value.take() {
                    innermost.add(value);
                }
                if innermost.expects(self)? {
                    break;
                }
                value = open.pop().map(|full| full.container);
            }
        }
    }

    /// Moves behind one whole value. Needs neither stack nor heap, however deep the value is.
    pub fn skip(&mut self) -> Result<(), ProtocolError> {
        let mut values = 1_u64;
        while let Some(left) = values.checked_sub(1) {
            // Every marker that adds to the count was read, and adds less than 2^33 to it: it would
            // take 2^31 markers to overflow, and saturating keeps even that safe.
            values = left.saturating_add(self.skip_head()?);
        }
        Ok(())
    }

    /// One whole value, still encoded.
    pub fn raw(&mut self) -> Result<&'a [u8], ProtocolError> {
        let before = self.input;
        self.skip()?;
        Ok(before.get(..before.len() - self.input.len()).unwrap_or_default())
    }

    /// Moves behind a scalar, or behind the head of a container, and says how many values the
    /// container holds.
    pub(super) fn skip_head(&mut self) -> Result<u64, ProtocolError> {
        let fixed = match self.u8()? {
            0x00..=0x7F | 0xF0..=0xFF | marker::NULL | marker::FALSE | marker::TRUE => 0,
            marker::INT_8 => 1,
            marker::INT_16 => 2,
            marker::INT_32 => 4,
            marker::INT_64 | marker::FLOAT_64 => 8,
            marker::UUID => 16,
            tiny if is_tiny(tiny, marker::TINY_STRING) => tiny_size(tiny),
            marker::STRING_8 | marker::BYTES_8 => self.size_8()?,
            marker::STRING_16 | marker::BYTES_16 => self.size_16()?,
            marker::STRING_32 | marker::BYTES_32 => self.size_32()?,
            tiny if is_tiny(tiny, marker::TINY_LIST) => return Ok(tiny_size(tiny) as u64),
            marker::LIST_8 => return Ok(self.size_8()? as u64),
            marker::LIST_16 => return Ok(self.size_16()? as u64),
            marker::LIST_32 => return Ok(self.size_32()? as u64),
            tiny if is_tiny(tiny, marker::TINY_MAP) => return Ok(2 * tiny_size(tiny) as u64),
            marker::MAP_8 => return Ok(2 * self.size_8()? as u64),
            marker::MAP_16 => return Ok(2 * self.size_16()? as u64),
            marker::MAP_32 => return Ok(2 * self.size_32()? as u64),
            tiny if is_tiny(tiny, marker::TINY_STRUCT) => {
                self.u8()?;
                return Ok(tiny_size(tiny) as u64);
            }
            marker::STRUCT_8 => {
                let fields = self.size_8()?;
                self.u8()?;
                return Ok(fields as u64);
            }
            marker::STRUCT_16 => {
                let fields = self.size_16()?;
                self.u8()?;
                return Ok(fields as u64);
            }
            unknown => return Err(ProtocolError::UnknownMarker(unknown)),
        };
        self.take(fixed)?;
        Ok(0)
    }

    /// A value that holds no others; `None`, with nothing read, where a container comes next.
    fn scalar(&mut self) -> Result<Option<Value>, ProtocolError> {
        Ok(Some(match self.peek()? {
            marker::NULL => {
                self.u8()?;
                Value::Null
            }
            marker::FALSE | marker::TRUE => Value::Bool(self.bool()?),
            marker::FLOAT_64 => Value::Float(self.float()?),
            marker::BYTES_8..=marker::BYTES_32 => Value::Bytes(self.bytes()?.to_vec()),
            marker::UUID => Value::Uuid(self.uuid()?),
            0x00..=0x7F | 0xF0..=0xFF | marker::INT_8..=marker::INT_64 => Value::Int(self.int()?),
            0x80..=0x8F | marker::STRING_8..=marker::STRING_32 => Value::String(self.string()?.to_owned()),
            _ => return Ok(None),
        }))
    }

    fn int_of(&mut self, marker: u8) -> Result<Option<i64>, ProtocolError> {
        Ok(Some(match marker {
            // PackStream, "Integer": -16 to 127 are their own marker.
            0x00..=0x7F | 0xF0..=0xFF => i64::from(i8::from_be_bytes([marker])),
            marker::INT_8 => i64::from(i8::from_be_bytes(self.array("an integer")?)),
            marker::INT_16 => i64::from(i16::from_be_bytes(self.array("an integer")?)),
            marker::INT_32 => i64::from(i32::from_be_bytes(self.array("an integer")?)),
            marker::INT_64 => i64::from_be_bytes(self.array("an integer")?),
            _ => return Ok(None),
        }))
    }

    /// A size that is part of the marker, or follows it in 1, 2 or 4 bytes.
    fn size(
        &mut self,
        expected: &'static str,
        tiny: u8,
        [size_8, size_16, size_32]: [u8; 3],
    ) -> Result<usize, ProtocolError> {
        let marker = self.u8()?;
        if is_tiny(marker, tiny) {
            Ok(tiny_size(marker))
        } else if marker == size_8 {
            self.size_8()
        } else if marker == size_16 {
            self.size_16()
        } else if marker == size_32 {
            self.size_32()
        } else {
            Err(ProtocolError::UnexpectedMarker { expected, marker })
        }
    }

    fn size_8(&mut self) -> Result<usize, ProtocolError> {
        self.array("a size").map(|[byte]| usize::from(byte))
    }

    fn size_16(&mut self) -> Result<usize, ProtocolError> {
        self.array("a size").map(|bytes| usize::from(u16::from_be_bytes(bytes)))
    }

    fn size_32(&mut self) -> Result<usize, ProtocolError> {
        let size = u32::from_be_bytes(self.array("a size")?);
        usize::try_from(size).map_err(|_| ProtocolError::OutOfRange("size"))
    }
}

/// A container that is being read. It grows by what is there, not by what its head announced.
struct Open {
    container: Value,
    /// How many values are still to begin.
    missing: usize,
    /// Map: the key of the value that is being read.
    key: String,
}

impl Open {
    /// Reads the head of a container.
    fn read(reader: &mut Reader<'_>) -> Result<Self, ProtocolError> {
        let (container, missing) = match reader.peek()? {
            0x90..=0x9F | marker::LIST_8..=marker::LIST_32 => {
                (Value::List(Vec::new()), reader.list_header()?)
            }
            0xA0..=0xAF | marker::MAP_8..=marker::MAP_32 => (Value::Map(Vec::new()), reader.map_header()?),
            0xB0..=0xBF | marker::STRUCT_8..=marker::STRUCT_16 => {
                let (tag, missing) = reader.struct_header()?;
                (Value::Struct { tag, fields: Vec::new() }, missing)
            }
            unknown => return Err(ProtocolError::UnknownMarker(unknown)),
        };
        Ok(Self { container, missing, key: String::new() })
    }

    /// Whether another value follows, which is read up to its key.
    fn expects(&mut self, reader: &mut Reader<'_>) -> Result<bool, ProtocolError> {
        let Some(missing) = self.missing.checked_sub(1) else { return Ok(false) };
        self.missing = missing;
        if matches!(self.container, Value::Map(_)) {
            self.key = reader.string()?.to_owned();
        }
        Ok(true)
    }

    fn add(&mut self, value: Value) {
        match &mut self.container {
            Value::List(values) | Value::Struct { fields: values, .. } => values.push(value),
            Value::Map(entries) => entries.push((std::mem::take(&mut self.key), value)),
            // The others are no containers.
            _ => {}
        }
    }
}

fn is_tiny(marker: u8, tiny: u8) -> bool {
    marker & !marker::TINY_MAX == tiny
}

fn tiny_size(marker: u8) -> usize {
    usize::from(marker & marker::TINY_MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::properties::cases;

    fn read(bytes: &[u8]) -> Result<Value, ProtocolError> {
        let mut reader = Reader::new(bytes);
        let value = reader.value()?;
        reader.finish("a value")?;
        Ok(value)
    }

    fn text(value: &str) -> Value {
        Value::String(value.to_owned())
    }

    #[test]
    fn integers_are_read_in_every_width() {
        let table: [(&[u8], i64); 14] = [
            (&[0x00], 0),
            (&[0x7F], 127),
            (&[0xF0], -16),
            (&[0xFF], -1),
            (&[0xC8, 0xEF], -17),
            (&[0xC8, 0x80], -128),
            // Wider than need be, as some servers write them.
            (&[0xC8, 0x01], 1),
            (&[0xC9, 0x00, 0x80], 128),
            (&[0xC9, 0x80, 0x00], -32_768),
            (&[0xCA, 0x00, 0x00, 0x80, 0x00], 32_768),
            (&[0xCA, 0x80, 0x00, 0x00, 0x00], -2_147_483_648),
            (&[0xCB, 0, 0, 0, 0, 0x80, 0, 0, 0], 2_147_483_648),
            (&[0xCB, 0x80, 0, 0, 0, 0, 0, 0, 0], i64::MIN),
            (&[0xCB, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], i64::MAX),
        ];
        for (bytes, value) in table {
            assert_eq!(read(bytes), Ok(Value::Int(value)), "{bytes:02X?}");
            assert_eq!(Reader::new(bytes).int(), Ok(value), "{bytes:02X?}");
        }
    }

    #[test]
    fn scalars_are_read() {
        assert_eq!(read(&[0xC0]), Ok(Value::Null));
        assert_eq!(read(&[0xC2]), Ok(Value::Bool(false)));
        assert_eq!(read(&[0xC3]), Ok(Value::Bool(true)));
        // The float of the specification: 6.283185307179586.
        let tau = [0xC1, 0x40, 0x19, 0x21, 0xFB, 0x54, 0x44, 0x2D, 0x18];
        assert_eq!(read(&tau), Ok(Value::Float(std::f64::consts::TAU)));
    }

    #[test]
    fn strings_are_read_in_every_width() {
        assert_eq!(read(&[0x80]), Ok(text("")));
        assert_eq!(read(&[0x81, 0x41]), Ok(text("A")));
        assert_eq!(read(b"\xD0\x12Gr\xC3\xB6\xC3\x9Fenma\xC3\x9Fst\xC3\xA4be"), Ok(text("Größenmaßstäbe")));
        assert_eq!(read(b"\xD1\x00\x02ab"), Ok(text("ab")));
        assert_eq!(read(b"\xD2\x00\x00\x00\x02ab"), Ok(text("ab")));
    }

    #[test]
    fn bytes_are_read_in_every_width() {
        for head in [&[0xCC, 3][..], &[0xCD, 0, 3], &[0xCE, 0, 0, 0, 3]] {
            assert_eq!(read(&[head, &[1, 2, 3]].concat()), Ok(Value::Bytes(vec![1, 2, 3])));
        }
    }

    #[test]
    fn lists_are_read_in_every_width() {
        for head in [&[0x92][..], &[0xD4, 2], &[0xD5, 0, 2], &[0xD6, 0, 0, 0, 2]] {
            assert_eq!(read(&[head, &[1, 2]].concat()), Ok(Value::List(vec![Value::Int(1), Value::Int(2)])));
        }
    }

    #[test]
    fn maps_are_read_in_every_width() {
        for head in [&[0xA1][..], &[0xD8, 1], &[0xD9, 0, 1], &[0xDA, 0, 0, 0, 1]] {
            let expected = Value::Map(vec![("a".to_owned(), Value::Int(1))]);
            assert_eq!(read(&[head, &[0x81, 0x61, 0x01]].concat()), Ok(expected));
        }
    }

    #[test]
    fn structures_are_read_in_the_legacy_widths_too() {
        for head in [&[0xB2][..], &[0xDC, 2], &[0xDD, 0, 2]] {
            let expected = Value::Struct { tag: 0x58, fields: vec![Value::Int(1), Value::Null] };
            assert_eq!(read(&[head, &[0x58, 1, 0xC0]].concat()), Ok(expected));
        }
    }

    #[test]
    fn a_uuid_is_its_marker_and_16_bytes() {
        let bytes: Vec<u8> = [0xE0].into_iter().chain(0..16).collect();
        assert_eq!(read(&bytes), Ok(Value::Uuid(std::array::from_fn(|index| u8::try_from(index).unwrap()))));
        assert_eq!(read(&bytes[..16]), Err(ProtocolError::MissingData("a UUID")));
    }

    #[test]
    fn markers_without_a_meaning_are_refused() {
        for marker in [0xC4, 0xC7, 0xCF, 0xD3, 0xD7, 0xDB, 0xDE, 0xDF, 0xE1, 0xEF] {
            assert_eq!(read(&[marker, 0, 0, 0, 0]), Err(ProtocolError::UnknownMarker(marker)));
            assert_eq!(Reader::new(&[marker]).skip(), Err(ProtocolError::UnknownMarker(marker)));
        }
    }

    #[test]
    fn a_key_that_is_no_string_is_refused() {
        assert_eq!(
            read(&[0xA1, 0x01, 0x01]),
            Err(ProtocolError::UnexpectedMarker { expected: "a string", marker: 1 })
        );
    }

    #[test]
    fn a_string_that_is_not_utf_8_is_refused() {
        assert_eq!(read(&[0x81, 0xFF]), Err(ProtocolError::NotUtf8));
    }

    #[test]
    fn trailing_bytes_are_refused() {
        assert_eq!(read(&[0xC0, 0xC0]), Err(ProtocolError::TrailingData("a value")));
    }

    #[test]
    fn announced_sizes_are_not_believed() {
        for marker in [0xCE, 0xD2, 0xD6, 0xDA] {
            let bytes = [marker, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0x61, 0x01];
            assert!(matches!(read(&bytes), Err(ProtocolError::MissingData(_))), "{marker:#04x}");
            assert!(
                matches!(Reader::new(&bytes).skip(), Err(ProtocolError::MissingData(_))),
                "{marker:#04x}"
            );
        }
    }

    #[test]
    fn nesting_of_decoded_values_is_bounded() {
        let nested = |depth: usize| [vec![0x91; depth - 1], vec![0x90]].concat();
        assert!(read(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(read(&nested(MAX_DEPTH + 1)), Err(ProtocolError::TooDeep));
        let structures = b"\xB1\x01".repeat(MAX_DEPTH + 1);
        assert_eq!(read(&structures), Err(ProtocolError::TooDeep));
        let maps = b"\xA1\x80".repeat(MAX_DEPTH + 1);
        assert_eq!(read(&maps), Err(ProtocolError::TooDeep));
    }

    #[test]
    fn skipping_goes_to_any_depth() {
        let nested = [vec![0x91; 1_000_000], vec![0xC0, 0x2A]].concat();
        let mut reader = Reader::new(&nested);
        assert_eq!(reader.skip(), Ok(()));
        assert_eq!(reader.rest(), [0x2A]);
    }

    #[test]
    fn raw_is_one_value_as_it_was() {
        let bytes = b"\xA1\x81a\x92\x01\xB1X\xC0\x2A";
        let mut reader = Reader::new(bytes);
        assert_eq!(reader.raw(), Ok(&bytes[..8]));
        assert_eq!(reader.int(), Ok(42));
        assert!(reader.is_empty());
    }

    #[test]
    fn headers_and_strings_are_read_one_by_one() {
        let mut reader = Reader::new(b"\xA2\x81a\xC0\x81b\x92\x81x\x81y\xB3\x4E\x01\xC3\xC1\0\0\0\0\0\0\0\0");
        assert_eq!(reader.map_header(), Ok(2));
        assert_eq!(reader.string(), Ok("a"));
        assert_eq!(reader.optional(Reader::int), Ok(None));
        assert_eq!(reader.string(), Ok("b"));
        assert_eq!(reader.optional(Reader::strings), Ok(Some(vec!["x".to_owned(), "y".to_owned()])));
        assert_eq!(reader.peek(), Ok(0xB3));
        assert_eq!(reader.struct_header(), Ok((0x4E, 3)));
        assert_eq!((reader.int(), reader.bool(), reader.float()), (Ok(1), Ok(true), Ok(0.0)));
        assert_eq!(reader.finish("all"), Ok(()));
    }

    #[test]
    fn another_type_than_asked_for_is_named() {
        let wrong = |expected| ProtocolError::UnexpectedMarker { expected, marker: 0xC0 };
        let reader = Reader::new(&[0xC0]);
        assert_eq!({ reader }.int(), Err(wrong("an integer")));
        assert_eq!({ reader }.bool(), Err(wrong("a boolean")));
        assert_eq!({ reader }.float(), Err(wrong("a float")));
        assert_eq!({ reader }.string(), Err(wrong("a string")));
        assert_eq!({ reader }.bytes(), Err(wrong("bytes")));
        assert_eq!({ reader }.uuid(), Err(wrong("a UUID")));
        assert_eq!({ reader }.list_header(), Err(wrong("a list")));
        assert_eq!({ reader }.map_header(), Err(wrong("a map")));
        assert_eq!({ reader }.struct_header(), Err(wrong("a structure")));
        assert_eq!(wrong("a map").to_string(), "expected a map, got marker 0xc0");
    }

    proptest! {
        #![proptest_config(cases(40_000))]

        /// Decoding and skipping are two ways through the same bytes.
        #[test]
        fn arbitrary_bytes_never_panic_and_skip_agrees(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let (mut decoded, mut skipped) = (Reader::new(&bytes), Reader::new(&bytes));
            let value = decoded.value();
            let skip = skipped.skip();
            if value.is_ok() {
                prop_assert_eq!(skip, Ok(()));
                prop_assert_eq!(decoded.rest(), skipped.rest());
            }
        }
    }
}
