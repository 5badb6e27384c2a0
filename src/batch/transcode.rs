//! From PackStream to the tape. Bolt's structures are recognised by their signatures.

use std::mem;

use super::BatchWriter;
use super::shapes::{self, NodeId};
use super::tape::{Tag, fits};
use crate::bolt::ProtocolError;
use crate::bolt::packstream::MAX_DEPTH;
use crate::bolt::packstream::marker::{
    BYTES_8, BYTES_16, BYTES_32, FALSE, FLOAT_32, FLOAT_64, INT_8, INT_16, INT_32, INT_64, LIST_8, LIST_16,
    LIST_32, MAP_8, MAP_16, MAP_32, NULL, STRING_8, STRING_16, STRING_32, STRUCT_8, STRUCT_16, TINY_LIST,
    TINY_MAP, TINY_MAX, TINY_STRING, TINY_STRUCT, TRUE, UUID,
};
use crate::bolt::packstream::scan::{ENDS, Scanner};
use crate::bolt::structure::{
    DATE, DATE_TIME_OFFSET_LOCAL, DATE_TIME_OFFSET_UTC, DATE_TIME_ZONE_LOCAL, DATE_TIME_ZONE_UTC, DURATION,
    LOCAL_DATE_TIME, LOCAL_TIME, NODE, PATH, POINT_2D, POINT_3D, RELATIONSHIP, TIME, UNBOUND_RELATIONSHIP,
    VECTOR,
};
use crate::calendar::{self, NANOS_OF_SECOND, SECONDS_OF_DAY};

/// A list, map or structure whose values are being read.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// Values still to come; in a map, pairs.
    remaining: usize,
    /// How many nulls stand for the fields that this structure does not have.
    absent: u8,
    map: Option<OpenMap>,
}

#[derive(Debug)]
struct OpenMap {
    /// Where its keys have led so far.
    keys: NodeId,
    /// Where its word stands on the tape. The shape is filled in at the end.
    word: usize,
}

impl Open {
    fn values(remaining: usize) -> Self {
        Self { remaining, absent: 0, map: None }
    }
}

impl BatchWriter {
    /// The values of a record, from the list that holds them.
    pub(super) fn transcode_record(&mut self, fields: &[u8]) -> Result<(), ProtocolError> {
        let mut input = Scanner::new(fields);
        let columns = input.list().ok_or_else(|| input.unexpected("a list"))?;
        self.begin_record(columns)?;
        self.values(&mut input, columns)
    }

    /// One value.
    pub(super) fn transcode_value(&mut self, value: &[u8]) -> Result<(), ProtocolError> {
        self.values(&mut Scanner::new(value), 1)
    }

    /// All that is left of `input`: `count` values. What is open stands on a stack of our own: a server must
    /// not decide how much of the thread's stack is used.
    fn values(&mut self, input: &mut Scanner<'_>, count: usize) -> Result<(), ProtocolError> {
        self.open.clear();
        let mut top = Open::values(count);
        loop {
            while top.remaining > 0 {
                top.remaining -= 1;
                if let Some(map) = &mut top.map {
                    map.keys = self.shapes.key(map.keys, input)?;
                }
                if let Some(inner) = self.value_or_open(input)? {
                    if self.open.len() == MAX_DEPTH {
                        return Err(ProtocolError::TooDeep);
                    }
                    self.open.push(mem::replace(&mut top, inner));
                }
            }
            for _ in 0..top.absent {
                self.null();
            }
            if let Some(OpenMap { keys, word }) = top.map {
                let shape = self.shapes.shape(keys, &mut self.texts)?;
                self.tape.patch(word, Tag::Map, shape);
            }
            match self.open.pop() {
                Some(outer) => top = outer,
                None if input.rest.is_empty() => return Ok(()),
                None => return Err(ProtocolError::TrailingData("a value")),
            }
        }
    }

    /// The next value, or the beginning of one that has others inside.
    fn value_or_open(&mut self, input: &mut Scanner<'_>) -> Result<Option<Open>, ProtocolError> {
        let marker = input.u8()?;
        let size = match marker {
            0x00..=0x7F | 0xF0..=0xFF => {
                self.tape.int(i64::from(marker.cast_signed()));
                return Ok(None);
            }
            NULL => {
                self.tape.word(Tag::Null, 0);
                return Ok(None);
            }
            FALSE => {
                self.tape.word(Tag::False, 0);
                return Ok(None);
            }
            TRUE => {
                self.tape.word(Tag::True, 0);
                return Ok(None);
            }
            FLOAT_64 => {
                let float = input.array()?;
                self.tape.word(Tag::Float, 0);
                self.tape.swapped(float);
                return Ok(None);
            }
            INT_8..=INT_64 => {
                let int = input.int_after(marker).ok_or(ENDS)?;
                self.tape.int(int);
                return Ok(None);
            }
            UUID => {
                let uuid = input.array::<16>()?;
                self.tape.word(Tag::Uuid, 0);
                self.tape.raw(&uuid);
                return Ok(None);
            }
            TINY_STRING..NULL => usize::from(marker & TINY_MAX),
            BYTES_8 | STRING_8 | LIST_8 | MAP_8 | STRUCT_8 => input.size_8()?,
            BYTES_16 | STRING_16 | LIST_16 | MAP_16 | STRUCT_16 => input.size_16()?,
            BYTES_32 | STRING_32 | LIST_32 | MAP_32 => input.size_32()?,
            _ => return Err(ProtocolError::UnknownMarker(marker)),
        };
        match marker {
            TINY_STRING..TINY_LIST | STRING_8..=STRING_32 => {
                let string = input.take(size)?;
                self.texts.value(string, &mut self.tape);
                Ok(None)
            }
            TINY_LIST..TINY_MAP | LIST_8..=LIST_32 => Ok(self.list(input, size)),
            TINY_MAP..TINY_STRUCT | MAP_8..=MAP_32 => Ok(self.map(size)),
            BYTES_8..=BYTES_32 => {
                let bytes = input.take(size)?;
                self.tape.counted(Tag::Bytes, size);
                self.tape.raw(bytes);
                self.tape.align(4);
                Ok(None)
            }
            _ => self.structure(input, size),
        }
    }

    #[inline]
    fn list(&mut self, input: &mut Scanner<'_>, size: usize) -> Option<Open> {
        let done = match input.peek() {
            Some(FLOAT_64) => self.floats(input, size),
            Some(0x00..=0x7F | 0xF0..=0xFF | INT_8..=INT_64) => self.ints(input, size),
            _ => false,
        };
        if done {
            return None;
        }
        self.tape.counted(Tag::List, size);
        (size > 0).then(|| Open::values(size))
    }

    #[inline]
    fn map(&mut self, size: usize) -> Option<Open> {
        if size == 0 {
            self.tape.word(Tag::Map, -1);
            return None;
        }
        let word = self.tape.len();
        self.tape.word(Tag::Map, 0);
        Some(Open { remaining: size, absent: 0, map: Some(OpenMap { keys: shapes::ROOT, word }) })
    }

    fn structure(&mut self, input: &mut Scanner<'_>, count: usize) -> Result<Option<Open>, ProtocolError> {
        let signature = input.u8()?;
        let start = self.tape.len();
        // What is in order takes a way of its own. Only as much as has to be right for that is looked
        // at, and nothing that could have others inside: the other way starts from here again.
        let mut ahead = *input;
        let open = match (signature, count) {
            (NODE, 3 | 4) => self.node(&mut ahead, count).map(Some),
            (RELATIONSHIP, 5 | 8) => self.relationship(&mut ahead, count).map(Some),
            (UNBOUND_RELATIONSHIP, 3 | 4) => self.unbound_relationship(&mut ahead, count).map(Some),
            (PATH, 3) => {
                self.tape.word(Tag::Path, 0);
                Some(Some(Open::values(count)))
            }
            _ => self.leaf(signature, &mut ahead, count).map(|()| None),
        };
        match open {
            Some(open) => {
                *input = ahead;
                Ok(open)
            }
            None => {
                self.tape.truncate(start);
                // A count has 16 bits at most.
                self.tape.word(Tag::Structure, (count as i32) << 8 | i32::from(signature));
                Ok((count > 0).then(|| Open::values(count)))
            }
        }
    }

    /// Labels and identity. Properties and element id follow.
    fn node(&mut self, input: &mut Scanner<'_>, count: usize) -> Option<Open> {
        let identity = input.int()?;
        let labels = input.list()?;
        self.tape.word(Tag::Node, i64::try_from(labels).ok().and_then(fits)?);
        for _ in 0..labels {
            let name = self.texts.name(input.string()?)?;
            self.tape.plain(name);
        }
        self.tape.int(identity);
        Some(Open { remaining: count - 2, absent: u8::from(count == 3), map: None })
    }

    /// Identities and type. Properties and element ids follow.
    fn relationship(&mut self, input: &mut Scanner<'_>, count: usize) -> Option<Open> {
        let (identity, start, end) = (input.int()?, input.int()?, input.int()?);
        let name = self.texts.name(input.string()?)?;
        self.tape.word(Tag::Relationship, name);
        self.tape.int(identity);
        self.tape.int(start);
        self.tape.int(end);
        Some(Open { remaining: count - 4, absent: if count == 5 { 3 } else { 0 }, map: None })
    }

    /// Identity and type. Properties and element id follow.
    fn unbound_relationship(&mut self, input: &mut Scanner<'_>, count: usize) -> Option<Open> {
        let identity = input.int()?;
        let name = self.texts.name(input.string()?)?;
        self.tape.word(Tag::UnboundRelationship, name);
        self.tape.int(identity);
        Some(Open { remaining: count - 2, absent: u8::from(count == 3), map: None })
    }

    /// The elements of a list, if they are floats and nothing else.
    fn floats(&mut self, input: &mut Scanner<'_>, size: usize) -> bool {
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
    fn ints(&mut self, input: &mut Scanner<'_>, size: usize) -> bool {
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

    /// The structures without other values inside; `None` where something about the fields is wrong.
    fn leaf(&mut self, signature: u8, input: &mut Scanner<'_>, count: usize) -> Option<()> {
        match (signature, count) {
            (POINT_2D, 3) => self.point::<2>(Tag::Point2D, input),
            (POINT_3D, 4) => self.point::<3>(Tag::Point3D, input),
            (DATE, 1) => self.date(input),
            (LOCAL_TIME, 1) => self.local_time(input),
            (TIME, 2) => self.time(input),
            (LOCAL_DATE_TIME, 2) => self.local_date_time(input),
            (DATE_TIME_OFFSET_UTC, 3) => self.date_time_offset(input, true),
            (DATE_TIME_OFFSET_LOCAL, 3) => self.date_time_offset(input, false),
            (DATE_TIME_ZONE_UTC, 3) => self.date_time_zone_utc(input),
            (DATE_TIME_ZONE_LOCAL, 3) => self.date_time_zone_local(input),
            (DURATION, 4) => self.duration(input),
            (VECTOR, 2) => self.vector(input),
            _ => None,
        }
    }

    fn point<const N: usize>(&mut self, tag: Tag, input: &mut Scanner<'_>) -> Option<()> {
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

    fn date(&mut self, input: &mut Scanner<'_>) -> Option<()> {
        let date = calendar::date(input.int()?)?;
        self.tape.word(Tag::Date, date.month << 5 | date.day);
        self.tape.plain(date.year);
        Some(())
    }

    fn local_time(&mut self, input: &mut Scanner<'_>) -> Option<()> {
        let (clock, nanos) = time_of_day(input.int()?)?;
        self.tape.word(Tag::LocalTime, clock);
        self.tape.plain(nanos);
        Some(())
    }

    fn time(&mut self, input: &mut Scanner<'_>) -> Option<()> {
        let (clock, nanos) = time_of_day(input.int()?)?;
        let offset = i32::try_from(input.int()?).ok()?;
        self.tape.word(Tag::Time, clock);
        self.tape.plain(nanos);
        self.tape.plain(offset);
        Some(())
    }

    fn local_date_time(&mut self, input: &mut Scanner<'_>) -> Option<()> {
        let (seconds, nanos) = (input.int()?, nanos(input.int()?)?);
        self.wall_clock(Tag::LocalDateTime, seconds, nanos)
    }

    fn date_time_offset(&mut self, input: &mut Scanner<'_>, utc: bool) -> Option<()> {
        let (seconds, nanos) = (input.int()?, nanos(input.int()?)?);
        let offset = i32::try_from(input.int()?).ok()?;
        let local = if utc { seconds.checked_add(i64::from(offset))? } else { seconds };
        self.wall_clock(Tag::DateTimeOffset, local, nanos)?;
        self.tape.plain(offset);
        Some(())
    }

    fn date_time_zone_utc(&mut self, input: &mut Scanner<'_>) -> Option<()> {
        let (seconds, nanos, zone) = (input.int()?, nanos(input.int()?)?, input.string()?);
        (seconds.unsigned_abs() <= MAX_INSTANT && !zone.is_empty()).then_some(())?;
        let name = self.texts.name(zone)?;
        self.tape.word(Tag::DateTimeZoneUtc, name);
        // Exact: it is far below 2^53.
        self.tape.float(seconds as f64);
        self.tape.plain(nanos);
        Some(())
    }

    fn date_time_zone_local(&mut self, input: &mut Scanner<'_>) -> Option<()> {
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

    fn duration(&mut self, input: &mut Scanner<'_>) -> Option<()> {
        let (months, days, seconds, nanos) = (input.int()?, input.int()?, input.int()?, input.int()?);
        // The nanoseconds count forward from the seconds, also where these are negative.
        let seconds = seconds.checked_add(nanos.div_euclid(NANOS_OF_SECOND))?;
        self.tape.word(Tag::Duration, 0);
        self.tape.int(months);
        self.tape.int(days);
        self.tape.int(seconds);
        self.tape.plain(i32::try_from(nanos.rem_euclid(NANOS_OF_SECOND)).ok()?);
        Some(())
    }

    fn vector(&mut self, input: &mut Scanner<'_>) -> Option<()> {
        let marker = *input.bytes()?.first()?;
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

/// Seconds to the ends of JavaScript's time, which time zones are computed in.
const MAX_INSTANT: u64 = 8_640_000_000_000 - 1;
