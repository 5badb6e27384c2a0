//! Date times for servers that do not know UTC: Bolt 4 without the patch, and Bolt 3. Knows the
//! four structures of date times; knows no time zone, offsets are given.

use bytes::{BufMut, BytesMut};

use super::{Reader, marker, writer};
use crate::bolt::error::ProtocolError;

/// Appends `params`, one encoded value, with every date time in its legacy form.
///
/// The UTC forms count the seconds since the epoch in UTC; the legacy forms count them on the
/// local clock, and so need the offset: `I` (with offset) carries it, and for each `i` (with zone
/// id), in the order of the wire, `zone_offsets` gives it, in seconds east of UTC.
///
/// # Errors
///
/// [`ProtocolError::MissingData`] where `zone_offsets` ends too early, and whatever is wrong with
/// the encoding of `params`. What has been appended by then is not to be used.
pub fn rewrite_date_times(
    params: &[u8],
    zone_offsets: &mut dyn Iterator<Item = i64>,
    out: &mut BytesMut,
) -> Result<(), ProtocolError> {
    let mut reader = Reader::new(params);
    let mut copied = reader;
    let mut values = 1_u64;
    while let Some(left) = values.checked_sub(1) {
        let start = reader;
        values = left.saturating_add(reader.skip_head()?);
        let Some(utc) = UtcDateTime::at(start)? else { continue };
        out.put_slice(copied.take(copied.rest().len() - start.rest().len())?);
        reader = utc.write_legacy(zone_offsets, out)?;
        values = left;
        copied = reader;
    }
    out.put_slice(copied.take(copied.rest().len() - reader.rest().len())?);
    reader.finish("the parameters")
}

/// A date time in its UTC form.
struct UtcDateTime<'a> {
    seconds: i64,
    nanoseconds: i64,
    /// The offset in seconds where `has_offset`, and otherwise the zone's id; not read yet.
    zone: Reader<'a>,
    has_offset: bool,
}

impl<'a> UtcDateTime<'a> {
    /// The date time at this position, if there is one.
    fn at(mut reader: Reader<'a>) -> Result<Option<Self>, ProtocolError> {
        if reader.peek()? & !marker::TINY_MAX != marker::TINY_STRUCT {
            return Ok(None);
        }
        let has_offset = match reader.struct_header()? {
            (DATE_TIME, FIELDS) => true,
            (DATE_TIME_ZONE_ID, FIELDS) => false,
            _ => return Ok(None),
        };
        Ok(Some(Self { seconds: reader.int()?, nanoseconds: reader.int()?, zone: reader, has_offset }))
    }

    /// Appends the legacy form, and returns the reader behind the UTC form.
    fn write_legacy(
        mut self,
        zone_offsets: &mut dyn Iterator<Item = i64>,
        out: &mut BytesMut,
    ) -> Result<Reader<'a>, ProtocolError> {
        let zone = self.zone.rest();
        let (tag, offset) = if self.has_offset {
            (LEGACY_DATE_TIME, self.zone.int()?)
        } else {
            self.zone.string()?;
            (LEGACY_DATE_TIME_ZONE_ID, zone_offsets.next().ok_or(ProtocolError::MissingData("zone offsets"))?)
        };
        let local = self.seconds.checked_add(offset).ok_or(ProtocolError::OutOfRange("date time"))?;
        writer::write_struct_header(out, tag, 3);
        writer::write_int(out, local);
        writer::write_int(out, self.nanoseconds);
        out.put_slice(Reader::new(zone).raw()?);
        Ok(self.zone)
    }
}

/// With offset, UTC.
const DATE_TIME: u8 = b'I';
/// With zone id, UTC.
const DATE_TIME_ZONE_ID: u8 = b'i';
/// With offset, on the local clock.
const LEGACY_DATE_TIME: u8 = b'F';
/// With zone id, on the local clock.
const LEGACY_DATE_TIME_ZONE_ID: u8 = b'f';
const FIELDS: usize = 3;
