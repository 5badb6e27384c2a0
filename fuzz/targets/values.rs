//! The PackStream reader: decoding, skipping and copying are ways through the same bytes, and what
//! is decoded is written and decoded again as the same value.

#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use neobolt::bolt::packstream::{Reader, rewrite_date_times, write_value};

fuzz_target!(|data: &[u8]| {
    let (mut decoded, mut skipped) = (Reader::new(data), Reader::new(data));
    let value = decoded.value();
    let skip = skipped.skip();
    if let Ok(value) = value {
        assert_eq!(skip, Ok(()));
        assert_eq!(decoded.rest(), skipped.rest());
        let mut written = BytesMut::new();
        write_value(&mut written, &value);
        let mut reader = Reader::new(&written);
        // By its text: a NaN is not equal to itself.
        assert_eq!(reader.value().map(|again| format!("{again:?}")), Ok(format!("{value:?}")));
        assert!(reader.is_empty());
    }
    let mut out = BytesMut::new();
    let offsets = [0, 3600, -1, i64::MAX, i64::MIN];
    if rewrite_date_times(data, &mut offsets.into_iter().cycle(), &mut out).is_ok() {
        let mut reader = Reader::new(&out);
        assert_eq!(reader.skip(), Ok(()));
        assert!(reader.is_empty());
    }
    let _ = Reader::new(data).strings();
});
