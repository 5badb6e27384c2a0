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

    /// What has not been read yet.
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

    /// One whole value, decoded; at most [`MAX_DEPTH`] deep.
    pub fn value(&mut self) -> Result<Value, ProtocolError> {
        self.value_within(MAX_DEPTH)
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

    /// A value that may still have `room` levels.
    fn value_within(&mut self, room: usize) -> Result<Value, ProtocolError> {
        let room = room.checked_sub(1).ok_or(ProtocolError::TooDeep)?;
        match self.peek()? {
            marker::NULL => {
                self.u8()?;
                Ok(Value::Null)
            }
            marker::FALSE | marker::TRUE => self.bool().map(Value::Bool),
            marker::FLOAT_64 => self.float().map(Value::Float),
            marker::BYTES_8..=marker::BYTES_32 => self.bytes().map(|bytes| Value::Bytes(bytes.to_vec())),
            marker::UUID => self.uuid().map(Value::Uuid),
            0x00..=0x7F | 0xF0..=0xFF | marker::INT_8..=marker::INT_64 => self.int().map(Value::Int),
            0x80..=0x8F | marker::STRING_8..=marker::STRING_32 => {
                self.string().map(|string| Value::String(string.to_owned()))
            }
            0x90..=0x9F | marker::LIST_8..=marker::LIST_32 => self.list_within(room),
            0xA0..=0xAF | marker::MAP_8..=marker::MAP_32 => self.map_within(room),
            0xB0..=0xBF | marker::STRUCT_8..=marker::STRUCT_16 => self.struct_within(room),
            unknown => Err(ProtocolError::UnknownMarker(unknown)),
        }
    }

    fn list_within(&mut self, room: usize) -> Result<Value, ProtocolError> {
        let size = self.list_header()?;
        self.values_within(size, room).map(Value::List)
    }

    fn map_within(&mut self, room: usize) -> Result<Value, ProtocolError> {
        let size = self.map_header()?;
        let mut entries = Vec::new();
        for _ in 0..size {
            entries.push((self.string()?.to_owned(), self.value_within(room)?));
        }
        Ok(Value::Map(entries))
    }

    fn struct_within(&mut self, room: usize) -> Result<Value, ProtocolError> {
        let (tag, size) = self.struct_header()?;
        self.values_within(size, room).map(|fields| Value::Struct { tag, fields })
    }

    /// Grows by what is there, not by what the header announced.
    fn values_within(&mut self, size: usize, room: usize) -> Result<Vec<Value>, ProtocolError> {
        let mut values = Vec::new();
        for _ in 0..size {
            values.push(self.value_within(room)?);
        }
        Ok(values)
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

fn is_tiny(marker: u8, tiny: u8) -> bool {
    marker & !marker::TINY_MAX == tiny
}

fn tiny_size(marker: u8) -> usize {
    usize::from(marker & marker::TINY_MAX)
}
