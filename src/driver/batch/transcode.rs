//! From PackStream to the tape. Knows the markers, and the structures of Bolt by their signatures;
//! knows nothing of records and frames.

use super::calendar::{self, NANOS_OF_SECOND, SECONDS_OF_DAY};
use super::cursor::{
    BYTES_8, BYTES_16, BYTES_32, Cursor, FALSE, FLOAT_64, INT_8, INT_16, INT_32, INT_64, LIST_8, LIST_16,
    LIST_32, MAP_8, MAP_16, MAP_32, NULL, STRING_8, STRING_16, STRING_32, STRUCT_8, STRUCT_16, TINY_LIST,
    TINY_MAP, TINY_SIZE, TINY_STRING, TINY_STRUCT, TRUE, UUID,
};
use super::tape::{Tag, fits};
use super::{BatchWriter, shapes};
use crate::bolt::ProtocolError;
use crate::bolt::packstream::MAX_DEPTH;

impl BatchWriter {
    /// The values of a record, from the list that holds them.
    pub(super) fn transcode_record(&mut self, fields: &[u8]) -> Result<(), ProtocolError> {
        let mut input = Cursor::new(fields);
        let columns = input.list().ok_or_else(|| input.unexpected("a list"))?;
        self.begin_record(columns)?;
        for _ in 0..columns {
            self.any(&mut input, 1)?;
        }
        finish(&input)
    }

    /// One value.
    pub(super) fn transcode_value(&mut self, value: &[u8]) -> Result<(), ProtocolError> {
        let mut input = Cursor::new(value);
        self.any(&mut input, 0)?;
        finish(&input)
    }

    /// The next value of `input`, which stands inside `depth` others.
    fn any(&mut self, input: &mut Cursor<'_>, depth: usize) -> Result<(), ProtocolError> {
        let marker = input.u8()?;
        match marker {
            0x00..=0x7F | 0xF0..=0xFF => self.tape.int(i64::from(marker.cast_signed())),
            TINY_STRING..0x90 => self.text(input, usize::from(marker & TINY_SIZE))?,
            TINY_LIST..0xA0 => self.list(input, usize::from(marker & TINY_SIZE), depth)?,
            TINY_MAP..0xB0 => self.map(input, usize::from(marker & TINY_SIZE), depth)?,
            TINY_STRUCT..0xC0 => self.structure(input, usize::from(marker & TINY_SIZE), depth)?,
            NULL => self.tape.word(Tag::Null, 0),
            FALSE => self.tape.word(Tag::False, 0),
            TRUE => self.tape.word(Tag::True, 0),
            FLOAT_64 => {
                let float = input.array()?;
                self.tape.word(Tag::Float, 0);
                self.tape.swapped(float);
            }
            INT_8 => self.tape.int(i64::from(i8::from_be_bytes(input.array()?))),
            INT_16 => self.tape.int(i64::from(i16::from_be_bytes(input.array()?))),
            INT_32 => self.tape.int(i64::from(i32::from_be_bytes(input.array()?))),
            INT_64 => self.tape.int(i64::from_be_bytes(input.array()?)),
            STRING_8 => input.size_8().and_then(|size| self.text(input, size))?,
            STRING_16 => input.size_16().and_then(|size| self.text(input, size))?,
            STRING_32 => input.size_32().and_then(|size| self.text(input, size))?,
            LIST_8 => input.size_8().and_then(|size| self.list(input, size, depth))?,
            LIST_16 => input.size_16().and_then(|size| self.list(input, size, depth))?,
            LIST_32 => input.size_32().and_then(|size| self.list(input, size, depth))?,
            MAP_8 => input.size_8().and_then(|size| self.map(input, size, depth))?,
            MAP_16 => input.size_16().and_then(|size| self.map(input, size, depth))?,
            MAP_32 => input.size_32().and_then(|size| self.map(input, size, depth))?,
            STRUCT_8 => input.size_8().and_then(|size| self.structure(input, size, depth))?,
            STRUCT_16 => input.size_16().and_then(|size| self.structure(input, size, depth))?,
            BYTES_8 => input.size_8().and_then(|size| self.bytes(input, size))?,
            BYTES_16 => input.size_16().and_then(|size| self.bytes(input, size))?,
            BYTES_32 => input.size_32().and_then(|size| self.bytes(input, size))?,
            UUID => {
                let uuid = input.array::<16>()?;
                self.tape.word(Tag::Uuid, 0);
                self.tape.raw(&uuid);
            }
            _ => return Err(ProtocolError::UnknownMarker(marker)),
        }
        Ok(())
    }

    #[inline]
    fn text(&mut self, input: &mut Cursor<'_>, size: usize) -> Result<(), ProtocolError> {
        let string = input.take(size)?;
        self.texts.value(string, &mut self.tape);
        Ok(())
    }

    fn bytes(&mut self, input: &mut Cursor<'_>, size: usize) -> Result<(), ProtocolError> {
        let bytes = input.take(size)?;
        self.tape.counted(Tag::Bytes, size);
        self.tape.raw(bytes);
        self.tape.align(4);
        Ok(())
    }

    fn list(&mut self, input: &mut Cursor<'_>, size: usize, depth: usize) -> Result<(), ProtocolError> {
        let done = match input.peek() {
            Some(FLOAT_64) => self.floats(input, size),
            Some(0x00..=0x7F | 0xF0..=0xFF | INT_8..=INT_64) => self.ints(input, size),
            _ => false,
        };
        if !done {
            let depth = deeper(depth)?;
            self.tape.counted(Tag::List, size);
            for _ in 0..size {
                self.any(input, depth)?;
            }
        }
        Ok(())
    }

    /// The elements of a list, if they are floats and nothing else.
    fn floats(&mut self, input: &mut Cursor<'_>, size: usize) -> bool {
        let Some((list, rest)) = size.checked_mul(9).and_then(|bytes| input.rest.split_at_checked(bytes))
        else {
            return false;
        };
        let (elements, _) = list.as_chunks::<9>();
        if !elements.iter().all(|[marker, ..]| *marker == FLOAT_64) {
            return false;
        }
        self.tape.counted(Tag::Floats, size);
        self.tape.reserve(size * 8);
        for [_, float @ ..] in elements {
            self.tape.swapped(*float);
        }
        input.rest = rest;
        true
    }

    /// The elements of a list, if they are ints of 32 bits and nothing else.
    fn ints(&mut self, input: &mut Cursor<'_>, size: usize) -> bool {
        let start = self.tape.len();
        let mut ahead = *input;
        self.tape.counted(Tag::Ints, size);
        for _ in 0..size {
            let Some(int) = ahead.int().and_then(|int| i32::try_from(int).ok()) else {
                self.tape.truncate(start);
                return false;
            };
            self.tape.plain(int);
        }
        *input = ahead;
        true
    }

    fn map(&mut self, input: &mut Cursor<'_>, size: usize, depth: usize) -> Result<(), ProtocolError> {
        if size == 0 {
            self.tape.word(Tag::Map, -1);
            return Ok(());
        }
        let depth = deeper(depth)?;
        let word = self.tape.len();
        self.tape.word(Tag::Map, 0);
        let mut at = shapes::ROOT;
        for _ in 0..size {
            at = self.shapes.key(at, input)?;
            self.any(input, depth)?;
        }
        let shape = self.shapes.shape(at, &mut self.texts)?;
        self.tape.patch(word, Tag::Map, shape);
        Ok(())
    }

    fn structure(&mut self, input: &mut Cursor<'_>, count: usize, depth: usize) -> Result<(), ProtocolError> {
        let depth = deeper(depth)?;
        let signature = input.u8()?;
        // What is in order takes the first way; the second one takes whatever comes.
        let done = match signature {
            NODE => self.node(input, count, depth)?,
            RELATIONSHIP => self.relationship(input, count, depth)?,
            UNBOUND_RELATIONSHIP => self.unbound_relationship(input, count, depth)?,
            PATH => self.path(input, count, depth)?,
            _ => self.leaf(signature, input, count).is_some(),
        };
        if !done {
            // A count has 16 bits at most.
            self.tape.word(Tag::Structure, (count as i32) << 8 | i32::from(signature));
            for _ in 0..count {
                self.any(input, depth)?;
            }
        }
        Ok(())
    }

    fn node(&mut self, input: &mut Cursor<'_>, count: usize, depth: usize) -> Result<bool, ProtocolError> {
        let start = self.tape.len();
        if !(3..=4).contains(&count) || self.node_head(input).is_none() {
            self.tape.truncate(start);
            return Ok(false);
        }
        self.any(input, depth)?;
        self.any_or_null(input, count == 4, depth)?;
        Ok(true)
    }

    /// Labels and identity, which have to be what they should be.
    fn node_head(&mut self, input: &mut Cursor<'_>) -> Option<()> {
        let mut ahead = *input;
        let identity = ahead.int()?;
        let labels = ahead.list()?;
        self.tape.word(Tag::Node, i64::try_from(labels).ok().and_then(fits)?);
        for _ in 0..labels {
            let name = self.texts.name(ahead.string()?)?;
            self.tape.plain(name);
        }
        self.tape.int(identity);
        *input = ahead;
        Some(())
    }

    fn relationship(
        &mut self,
        input: &mut Cursor<'_>,
        count: usize,
        depth: usize,
    ) -> Result<bool, ProtocolError> {
        let mut ahead = *input;
        let (5 | 8, Some(identity), Some(start), Some(end)) = (count, ahead.int(), ahead.int(), ahead.int())
        else {
            return Ok(false);
        };
        *input = ahead;
        self.tape.word(Tag::Relationship, 0);
        self.tape.int(identity);
        self.tape.int(start);
        self.tape.int(end);
        self.named(input, depth)?;
        self.any(input, depth)?;
        for _ in 0..3 {
            self.any_or_null(input, count == 8, depth)?;
        }
        Ok(true)
    }

    fn unbound_relationship(
        &mut self,
        input: &mut Cursor<'_>,
        count: usize,
        depth: usize,
    ) -> Result<bool, ProtocolError> {
        let mut ahead = *input;
        let (3 | 4, Some(identity)) = (count, ahead.int()) else { return Ok(false) };
        *input = ahead;
        self.tape.word(Tag::UnboundRelationship, 0);
        self.tape.int(identity);
        self.named(input, depth)?;
        self.any(input, depth)?;
        self.any_or_null(input, count == 4, depth)?;
        Ok(true)
    }

    fn path(&mut self, input: &mut Cursor<'_>, count: usize, depth: usize) -> Result<bool, ProtocolError> {
        if count != 3 {
            return Ok(false);
        }
        self.tape.word(Tag::Path, 0);
        for _ in 0..3 {
            self.any(input, depth)?;
        }
        Ok(true)
    }

    /// A value that is a string which occurs again, as relationship types do.
    #[inline]
    fn named(&mut self, input: &mut Cursor<'_>, depth: usize) -> Result<(), ProtocolError> {
        let mut ahead = *input;
        match ahead.string().and_then(|string| self.texts.name(string)) {
            Some(name) => {
                self.tape.word(Tag::Name, name);
                *input = ahead;
                Ok(())
            }
            None => self.any(input, depth),
        }
    }

    #[inline]
    fn any_or_null(
        &mut self,
        input: &mut Cursor<'_>,
        present: bool,
        depth: usize,
    ) -> Result<(), ProtocolError> {
        if present {
            return self.any(input, depth);
        }
        self.null();
        Ok(())
    }

    /// The structures without other values inside. `None`, and nothing written, where something
    /// about the fields is wrong.
    #[inline]
    fn leaf(&mut self, signature: u8, input: &mut Cursor<'_>, count: usize) -> Option<()> {
        let mut ahead = *input;
        match (signature, count) {
            (POINT_2D, 3) => self.point::<2>(Tag::Point2D, &mut ahead),
            (POINT_3D, 4) => self.point::<3>(Tag::Point3D, &mut ahead),
            (DATE, 1) => self.date(&mut ahead),
            (LOCAL_TIME, 1) => self.local_time(&mut ahead),
            (TIME, 2) => self.time(&mut ahead),
            (LOCAL_DATE_TIME, 2) => self.local_date_time(&mut ahead),
            (DATE_TIME_OFFSET_UTC, 3) => self.date_time_offset(&mut ahead, true),
            (DATE_TIME_OFFSET_LOCAL, 3) => self.date_time_offset(&mut ahead, false),
            (DATE_TIME_ZONE_UTC, 3) => self.date_time_zone_utc(&mut ahead),
            (DATE_TIME_ZONE_LOCAL, 3) => self.date_time_zone_local(&mut ahead),
            (DURATION, 4) => self.duration(&mut ahead),
            (VECTOR, 2) => self.vector(&mut ahead),
            _ => None,
        }?;
        *input = ahead;
        Some(())
    }

    fn point<const N: usize>(&mut self, tag: Tag, input: &mut Cursor<'_>) -> Option<()> {
        let srid = fits(input.int()?)?;
        let mut coordinates = [[0; 8]; N];
        for coordinate in &mut coordinates {
            *coordinate = input.float()?;
        }
        self.tape.word(tag, srid);
        for coordinate in coordinates {
            self.tape.swapped(coordinate);
        }
        Some(())
    }

    fn date(&mut self, input: &mut Cursor<'_>) -> Option<()> {
        let date = calendar::date(input.int()?)?;
        self.tape.word(Tag::Date, date.month << 5 | date.day);
        self.tape.plain(date.year);
        Some(())
    }

    fn local_time(&mut self, input: &mut Cursor<'_>) -> Option<()> {
        let (clock, nanos) = time_of_day(input.int()?)?;
        self.tape.word(Tag::LocalTime, clock);
        self.tape.plain(nanos);
        Some(())
    }

    fn time(&mut self, input: &mut Cursor<'_>) -> Option<()> {
        let (clock, nanos) = time_of_day(input.int()?)?;
        let offset = i32::try_from(input.int()?).ok()?;
        self.tape.word(Tag::Time, clock);
        self.tape.plain(nanos);
        self.tape.plain(offset);
        Some(())
    }

    fn local_date_time(&mut self, input: &mut Cursor<'_>) -> Option<()> {
        let (seconds, nanos) = (input.int()?, nanos(input.int()?)?);
        self.wall_clock(Tag::LocalDateTime, seconds, nanos)
    }

    fn date_time_offset(&mut self, input: &mut Cursor<'_>, utc: bool) -> Option<()> {
        let (seconds, nanos) = (input.int()?, nanos(input.int()?)?);
        let offset = i32::try_from(input.int()?).ok()?;
        let local = if utc { seconds.checked_add(i64::from(offset))? } else { seconds };
        // With numbers instead of Integers, the official driver computes with what it has rounded.
        (seconds.unsigned_abs() <= MAX_SAFE).then_some(())?;
        self.wall_clock(Tag::DateTimeOffset, local, nanos)?;
        self.tape.plain(offset);
        Some(())
    }

    fn date_time_zone_utc(&mut self, input: &mut Cursor<'_>) -> Option<()> {
        let (seconds, nanos, zone) = (input.int()?, nanos(input.int()?)?, input.string()?);
        (seconds.unsigned_abs() <= MAX_INSTANT && !zone.is_empty()).then_some(())?;
        let name = self.texts.name(zone)?;
        self.tape.word(Tag::DateTimeZoneUtc, name);
        // Exact: it is far below 2^53.
        self.tape.float(seconds as f64);
        self.tape.plain(nanos);
        Some(())
    }

    fn date_time_zone_local(&mut self, input: &mut Cursor<'_>) -> Option<()> {
        let (seconds, nanos, zone) = (input.int()?, nanos(input.int()?)?, input.string()?);
        if zone.is_empty() {
            return None;
        }
        let name = self.texts.name(zone)?;
        self.wall_clock(Tag::DateTimeZoneLocal, seconds, nanos)?;
        self.tape.plain(name);
        Some(())
    }

    /// Date and time of a clock on the wall.
    fn wall_clock(&mut self, tag: Tag, seconds: i64, nanos: i32) -> Option<()> {
        let date = calendar::date(seconds.div_euclid(SECONDS_OF_DAY))?;
        let clock = calendar::clock(i32::try_from(seconds.rem_euclid(SECONDS_OF_DAY)).ok()?);
        self.tape.word(tag, date.month << 22 | date.day << 17 | clock);
        self.tape.plain(date.year);
        self.tape.plain(nanos);
        Some(())
    }

    fn duration(&mut self, input: &mut Cursor<'_>) -> Option<()> {
        let (months, days, seconds, nanos) = (input.int()?, input.int()?, input.int()?, input.int()?);
        // The sign of a duration is that of its seconds; the rest of one counts from there.
        let seconds = seconds.checked_add(nanos.div_euclid(NANOS_OF_SECOND))?;
        (seconds.unsigned_abs() <= MAX_SAFE && nanos.unsigned_abs() <= MAX_SAFE).then_some(())?;
        self.tape.word(Tag::Duration, 0);
        self.tape.int(months);
        self.tape.int(days);
        self.tape.int(seconds);
        self.tape.plain(i32::try_from(nanos.rem_euclid(NANOS_OF_SECOND)).ok()?);
        Some(())
    }

    fn vector(&mut self, input: &mut Cursor<'_>) -> Option<()> {
        let &[marker] = input.bytes()? else { return None };
        let elements = input.bytes()?;
        let (kind, size) = match marker {
            INT_8 => (0, 1),
            INT_16 => (1, 2),
            INT_32 => (2, 4),
            INT_64 => (3, 8),
            FLOAT_32 => (4, 4),
            FLOAT_64 => (5, 8),
            _ => return None,
        };
        if elements.len() % size != 0 {
            return None;
        }
        self.tape.word(Tag::Vector, kind);
        self.tape.plain(i32::try_from(elements.len() / size).ok()?);
        self.tape.align(8);
        match size {
            2 => self.elements::<2>(elements),
            4 => self.elements::<4>(elements),
            8 => self.elements::<8>(elements),
            _ => self.tape.raw(elements),
        }
        self.tape.align(4);
        Some(())
    }

    /// Elements of a vector, from network order.
    fn elements<const N: usize>(&mut self, elements: &[u8]) {
        self.tape.reserve(elements.len());
        for element in elements.as_chunks::<N>().0 {
            let mut element = *element;
            element.reverse();
            self.tape.raw(&element);
        }
    }
}

/// The depth of what is inside a value at `depth`.
#[inline]
fn deeper(depth: usize) -> Result<usize, ProtocolError> {
    if depth < MAX_DEPTH { Ok(depth + 1) } else { Err(ProtocolError::TooDeep) }
}

fn finish(input: &Cursor<'_>) -> Result<(), ProtocolError> {
    if input.rest.is_empty() { Ok(()) } else { Err(ProtocolError::TrailingData("a value")) }
}

/// Nanoseconds within a second.
fn nanos(nanos: i64) -> Option<i32> {
    (0..NANOS_OF_SECOND).contains(&nanos).then(|| i32::try_from(nanos).ok())?
}

/// Clock and nanosecond from the nanoseconds since midnight.
fn time_of_day(nanos: i64) -> Option<(i32, i32)> {
    let second = nanos.div_euclid(NANOS_OF_SECOND);
    (0..SECONDS_OF_DAY).contains(&second).then_some(())?;
    let clock = calendar::clock(i32::try_from(second).ok()?);
    Some((clock, i32::try_from(nanos.rem_euclid(NANOS_OF_SECOND)).ok()?))
}

/// The largest integer that every smaller one of is a number, too.
const MAX_SAFE: u64 = (1 << 53) - 1;
/// Seconds to the ends of JavaScript's time, which time zones are computed in.
const MAX_INSTANT: u64 = 8_640_000_000_000 - 1;

// Bolt, "Structure semantics".
const NODE: u8 = 0x4E;
const RELATIONSHIP: u8 = 0x52;
const UNBOUND_RELATIONSHIP: u8 = 0x72;
const PATH: u8 = 0x50;
const DATE: u8 = 0x44;
const TIME: u8 = 0x54;
const LOCAL_TIME: u8 = 0x74;
const DATE_TIME_OFFSET_UTC: u8 = 0x49;
const DATE_TIME_OFFSET_LOCAL: u8 = 0x46;
const DATE_TIME_ZONE_UTC: u8 = 0x69;
const DATE_TIME_ZONE_LOCAL: u8 = 0x66;
const LOCAL_DATE_TIME: u8 = 0x64;
const DURATION: u8 = 0x45;
const POINT_2D: u8 = 0x58;
const POINT_3D: u8 = 0x59;
const VECTOR: u8 = 0x56;
/// An element type of vectors; in no value of its own.
const FLOAT_32: u8 = 0xC6;
