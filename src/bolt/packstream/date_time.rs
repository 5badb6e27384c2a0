//! Date times for servers that do not know UTC: Bolt 4 without the patch, and Bolt 3. Offsets are given, so
//! no time zone is looked up.

use bytes::{BufMut, BytesMut};

use super::{Reader, marker, writer};
use crate::bolt::error::ProtocolError;
use crate::bolt::structure::{
    DATE_TIME_OFFSET_LOCAL, DATE_TIME_OFFSET_UTC, DATE_TIME_ZONE_LOCAL, DATE_TIME_ZONE_UTC,
};

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
            (DATE_TIME_OFFSET_UTC, FIELDS) => true,
            (DATE_TIME_ZONE_UTC, FIELDS) => false,
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
            (DATE_TIME_OFFSET_LOCAL, self.zone.int()?)
        } else {
            self.zone.string()?;
            (DATE_TIME_ZONE_LOCAL, zone_offsets.next().ok_or(ProtocolError::MissingData("zone offsets"))?)
        };
        let local = self.seconds.checked_add(offset).ok_or(ProtocolError::OutOfRange("date time"))?;
        writer::write_struct_header(out, tag, 3);
        writer::write_int(out, local);
        writer::write_int(out, self.nanoseconds);
        out.put_slice(Reader::new(zone).raw()?);
        Ok(self.zone)
    }
}

const FIELDS: usize = 3;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::properties::cases;

    fn rewrite(params: &[u8], offsets: &[i64]) -> Result<Vec<u8>, ProtocolError> {
        let mut out = BytesMut::new();
        rewrite_date_times(params, &mut offsets.iter().copied(), &mut out)?;
        Ok(out.to_vec())
    }

    #[test]
    fn an_offset_moves_the_seconds_to_the_local_clock() {
        // 1970-01-01T00:00:10Z at +01:00 (3600 = 0x0E10; 3610 = 0x0E1A).
        let utc = b"\xB3I\x0A\x05\xC9\x0E\x10";
        assert_eq!(rewrite(utc, &[]).unwrap(), b"\xB3F\xC9\x0E\x1A\x05\xC9\x0E\x10");
    }

    #[test]
    fn a_zone_id_takes_the_next_given_offset() {
        let params = b"\xA2\x81a\xB3i\x0A\x05\x83CET\x81b\x92\xB3i\x00\x00\x83UTC\x2A";
        let legacy = b"\xA2\x81a\xB3f\xC9\x0E\x1A\x05\x83CET\x81b\x92\xB3f\xF0\x00\x83UTC\x2A";
        assert_eq!(rewrite(params, &[3600, -16]).unwrap(), legacy);
    }

    #[test]
    fn everything_else_is_copied() {
        // The string holds what would be a date time, were it a value of its own.
        let params = b"\xA3\x81a\xB3X\x01\x02\x03\x81I\xB3I\x01\x02\x03\x81s\x86\xC2\xB3I\x01\x02\x03";
        let legacy = b"\xA3\x81a\xB3X\x01\x02\x03\x81I\xB3F\x04\x02\x03\x81s\x86\xC2\xB3I\x01\x02\x03";
        assert_eq!(rewrite(params, &[]).unwrap(), legacy);
    }

    #[test]
    fn a_missing_offset_is_an_error() {
        assert_eq!(rewrite(b"\xB3i\x0A\x05\x83CET", &[]), Err(ProtocolError::MissingData("zone offsets")));
    }

    #[test]
    fn seconds_that_overflow_are_an_error() {
        let utc = b"\xB3I\xCB\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00\x01";
        assert_eq!(rewrite(utc, &[]), Err(ProtocolError::OutOfRange("date time")));
    }

    #[test]
    fn bytes_behind_the_parameters_are_an_error() {
        assert_eq!(rewrite(b"\xA0\xC0", &[]), Err(ProtocolError::TrailingData("the parameters")));
    }

    #[test]
    fn depth_is_no_limit() {
        let nested = [vec![0x91; 100_000], b"\xB3I\x00\x00\x01".to_vec()].concat();
        let legacy = [vec![0x91; 100_000], b"\xB3F\x01\x00\x01".to_vec()].concat();
        assert!(rewrite(&nested, &[]).unwrap() == legacy);
    }

    proptest! {
        #![proptest_config(cases(40_000))]

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), tail in prop::collection::vec(any::<u8>(), 0..20)) {
            let _ = rewrite(&bytes, &[1, i64::MAX, i64::MIN]);
            let _ = rewrite(&[b"\xB3i\x00\x00", &tail[..]].concat(), &[1]);
        }
    }
}
