//! The batch format: how records travel from the engine to JavaScript. Private between this module
//! and `lib/codec/batch.ts`, which reads it; may change in every release.
//!
//! Off the main thread, [`BatchWriter`] turns PackStream into what JavaScript materialises fastest:
//! numbers in place and little endian, text as Latin-1 or UTF-16 side by side (so that one call
//! makes a string of many, and the strings are cut from it), repeated names and the key lists of
//! maps once per frame, calendar fields instead of seconds. It allocates nothing per record or
//! value: its buffers live as long as the writer.
//!
//! # Frame
//!
//! Everything is little endian. A *word* is 32 bits. Offsets are in bytes from the frame's start,
//! which is a multiple of four. Every section ends where the next one begins.
//!
//! ```text
//! word 0      number of records
//! word 1      columns: how many values make a record
//! word 2      where the shapes begin
//! word 3      where the names begin
//! word 4      where the Latin-1 text of shapes and names begins
//! word 5      where the UTF-16 text of shapes and names begins (even)
//! word 6      where the Latin-1 text of values begins
//! word 7      where the UTF-16 text of values begins (even)
//! word 8 …    the tape: the values of the first record, those of the second, …
//! shapes      two words each: start, length << 3 | loose << 2 | escaped << 1 | UTF-16
//! names       two words each: start, length << 3 | UTF-16
//! 4 texts     in the order of words 4 to 7
//! ```
//!
//! Start and length of a shape or name count code units in the Latin-1 or the UTF-16 text of
//! shapes and names. A *name* is a string: a label, a relationship type, a time zone, or a short
//! string value that occurs more than once in the frame. A *shape* is the key list of a map: the
//! keys in order, with U+0000 between them. Where a key itself contains U+0000 or U+0001, the shape
//! is *escaped*: U+0000 is written as U+0001 U+0002, and U+0001 as U+0001 U+0001. A *loose* shape
//! is not worth remembering beyond the frame: such maps have keys that hardly repeat.
//!
//! Names and shapes stand beside the tape because records are read in order but not to the end:
//! a definition inside a record is lost with it.
//!
//! # Tape
//!
//! A value is one word, tag | payload << 5 (the payload is signed), and what the table lists after
//! it. *int*, *value* and *values* are values themselves. Strings consume the texts in order.
//! Where a count (c) does not fit into the payload, the payload is -1 and a word with the count
//! follows.
//!
//! | tag | payload | then |
//! |---|---|---|
//! | 0 null, 1 false, 2 true | | |
//! | 3 int | the value | |
//! | 4 int, 59 bits | bits 32 and up | word: the lower 32 bits |
//! | 5 int, 64 bits | | two words: the lower and the upper 32 bits |
//! | 6 float | | 8 bytes |
//! | 7 string | c: length | the next Latin-1 text |
//! | 8 string | c: code units | the next UTF-16 text |
//! | 9 string | index of the name | |
//! | 10 map | index of the shape; -1 = no keys | values, one for each key |
//! | 11 list | c: length | values |
//! | 12 list of floats | c: length | 8 bytes each |
//! | 13 list of ints | c: length | a word each |
//! | 14 bytes | c: length | the bytes, and up to 3 to the next word |
//! | 15 Node | number of labels | words: indices of names; int identity, value properties, value element id or null |
//! | 16 Relationship | index of the type's name | ints identity, start, end; values properties, element id, start and end element id or null |
//! | 17 UnboundRelationship | index of the type's name | int identity; values properties, element id or null |
//! | 18 Path | | values nodes, relationships, sequence |
//! | 19 Point, 2D | SRID | x and y, 8 bytes each |
//! | 20 Point, 3D | SRID | x, y and z, 8 bytes each |
//! | 21 Date | month << 5, day | word: year |
//! | 22 LocalTime | hour << 12, minute << 6, second | word: nanosecond |
//! | 23 Time | as 22 | words: nanosecond, offset in seconds |
//! | 24 LocalDateTime | month << 22, day << 17, then as 22 | words: year, nanosecond |
//! | 25 DateTime with offset | as 24 | words: year, nanosecond, offset in seconds |
//! | 26 DateTime with zone, local | as 24 | words: year, nanosecond, index of the zone's name |
//! | 27 DateTime with zone, UTC | index of the zone's name | seconds since the epoch as 8 bytes of float; word: nanosecond |
//! | 28 Duration | | ints months, days, seconds; word: nanosecond |
//! | 29 Vector | type: 0 to 5 = int 8, 16, 32, 64, float 32, 64 | word: length; up to 7 bytes to a multiple of eight; the elements; up to 3 to the next word |
//! | 30 UUID | | 16 bytes |
//! | 31 structure | count << 8, signature | values: the fields |
//!
//! Tags 15 to 29 stand for structures that are in order. One whose fields have other types or leave
//! their range goes as tag 31, with its signature in Bolt: JavaScript then says what is wrong with
//! it, at the moment when the application looks at it.

#![forbid(unsafe_code)]

mod shapes;
mod tape;
mod texts;
mod transcode;

use crate::bolt::ProtocolError;
use shapes::Shapes;
use tape::{Tag, Tape};
use texts::Texts;
use transcode::Open;

/// Writes frames. Reusable: what it allocates is kept from frame to frame.
#[derive(Debug, Default)]
pub struct BatchWriter {
    records: u32,
    columns: Option<usize>,
    tape: Tape,
    texts: Texts,
    shapes: Shapes,
    /// The values around the one being transcoded.
    open: Vec<Open>,
}

impl BatchWriter {
    /// A writer with an empty frame.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says how many values each record has, of a frame that has none yet.
    pub fn expect(&mut self, columns: usize) {
        self.columns = Some(columns);
    }

    /// Appends a record: one PackStream list, as RECORD has it.
    ///
    /// On an error, which includes another number of columns than the frame has, the frame is what
    /// it was before.
    pub fn record(&mut self, fields: &[u8]) -> Result<(), ProtocolError> {
        self.all_or_nothing(|writer| writer.transcode_record(fields))
    }

    /// Appends a record whose only column is this PackStream value. Errors as in [`record`](Self::record).
    pub fn value(&mut self, value: &[u8]) -> Result<(), ProtocolError> {
        self.all_or_nothing(|writer| {
            writer.begin_record(1)?;
            writer.transcode_value(value)
        })
    }

    /// Begins a record that is then given value by value, `columns` of them, with
    /// [`null`](Self::null), [`string`](Self::string), [`int`](Self::int) and [`raw`](Self::raw).
    pub fn begin_record(&mut self, columns: usize) -> Result<(), ProtocolError> {
        if *self.columns.get_or_insert(columns) != columns {
            return Err(ProtocolError::OutOfRange("number of columns"));
        }
        self.records = self.records.checked_add(1).ok_or(TOO_LARGE)?;
        Ok(())
    }

    /// Appends a null to the record that has been begun.
    pub fn null(&mut self) {
        self.tape.word(Tag::Null, 0);
    }

    /// Appends a string to the record that has been begun.
    pub fn string(&mut self, string: &str) {
        self.texts.value(string.as_bytes(), &mut self.tape);
    }

    /// Appends an integer to the record that has been begun.
    pub fn int(&mut self, int: i64) {
        self.tape.int(int);
    }

    /// Appends one PackStream value to the record that has been begun. On an error there is no such
    /// value, and the record waits for another.
    pub fn raw(&mut self, value: &[u8]) -> Result<(), ProtocolError> {
        self.all_or_nothing(|writer| writer.transcode_value(value))
    }

    /// How many values make a record of this frame; `None` before the first one, unless that was said.
    pub fn columns(&self) -> Option<usize> {
        self.columns
    }

    /// How many records the frame has so far.
    pub fn records(&self) -> u32 {
        self.records
    }

    /// How many bytes the frame has so far.
    pub fn len(&self) -> usize {
        HEADER + self.tape.len() + self.shapes.len() + self.texts.len()
    }

    /// Whether the frame has no record yet.
    pub fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// The frame. The writer is empty again.
    pub fn finish(&mut self) -> Vec<u8> {
        // Five bytes at most make the texts even and the frame's end a multiple of four.
        let mut frame = Vec::with_capacity(self.len() + 5);
        frame.resize(HEADER, 0);
        frame.extend_from_slice(self.tape.bytes());
        let shapes = frame.len();
        frame.extend_from_slice(self.shapes.table());
        let names = frame.len();
        frame.extend_from_slice(self.texts.names());
        let areas = self.texts.append_to(&mut frame);

        let columns = self.columns.unwrap_or(0);
        let header = [self.records as usize, columns, shapes, names, areas[0], areas[1], areas[2], areas[3]];
        for (slot, word) in frame.as_chunks_mut::<4>().0.iter_mut().zip(header) {
            // `all_or_nothing` keeps frames below 2 GiB.
            *slot = u32::try_from(word).unwrap_or(u32::MAX).to_le_bytes();
        }
        self.clear();
        frame
    }

    fn clear(&mut self) {
        if self.len() > KEEP {
            // One record of many megabytes is not paid for as long as the connection lives.
            *self = Self::default();
            return;
        }
        self.records = 0;
        self.columns = None;
        self.tape.clear();
        self.texts.clear();
        self.shapes.clear();
    }

    /// Runs `write`; where it fails, takes back what it has written.
    fn all_or_nothing(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), ProtocolError>,
    ) -> Result<(), ProtocolError> {
        let (records, columns, tape, texts) =
            (self.records, self.columns, self.tape.len(), self.texts.mark());
        let written = write(self).and_then(|()| if self.len() > MAX_FRAME { Err(TOO_LARGE) } else { Ok(()) });
        if written.is_err() {
            self.records = records;
            self.columns = columns;
            self.tape.truncate(tape);
            // Names and shapes stay: nothing refers to them, and their memory keeps its entries.
            self.texts.rewind(texts);
        }
        written
    }
}

const HEADER: usize = 8 * 4;

/// Buffers that have held more than this, in bytes, are given back.
const KEEP: usize = 1 << 20;

/// JavaScript keeps positions as small integers, which have 31 bits and a sign.
const MAX_FRAME: usize = i32::MAX as usize - 64;

const TOO_LARGE: ProtocolError = ProtocolError::OutOfRange("size of a batch");

#[cfg(test)]
mod tests;
