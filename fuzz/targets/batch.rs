//! The batch transcoder: records of arbitrary bytes, several in a frame and frames one after the
//! other. What is refused leaves no trace, and what is taken stands in the frame.

#![no_main]

mod pieces;

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use neobolt::batch::BatchWriter;
use pieces::pieces;

thread_local! {
    // Kept from input to input, as a connection keeps it: what one frame leaves is there for the next.
    static KEPT: RefCell<BatchWriter> = RefCell::new(BatchWriter::new());
}

fuzz_target!(|data: &[u8]| {
    let mut fresh = BatchWriter::new();
    KEPT.with_borrow_mut(|kept| {
        for record in pieces(data) {
            let before = (fresh.records(), fresh.columns());
            let taken = fresh.record(record);
            assert_eq!(kept.record(record), taken);
            if taken.is_err() {
                assert_eq!((fresh.records(), fresh.columns()), before);
            } else {
                assert_eq!(fresh.records(), before.0 + 1);
                // Every value has a word, and every word a byte behind it: no more than a few times the
                // input.
                assert!(fresh.len() <= 64 + 16 * data.len());
            }
        }
        let (frame, other) = (fresh.finish(), kept.finish());
        check(&frame);
        check(&other);
        assert!(fresh.is_empty() && kept.is_empty());
    });
});

/// The sections of a frame follow one another.
fn check(frame: &[u8]) {
    assert_eq!(frame.len() % 2, 0);
    let word = |at: usize| {
        let bytes = frame.get(at * 4..at * 4 + 4).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
        u32::from_le_bytes(bytes) as usize
    };
    let mut end = 32;
    for section in 2..8 {
        assert!(word(section) >= end && word(section) <= frame.len());
        end = word(section);
    }
}
