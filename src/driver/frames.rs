//! Batch frames that the engine writes itself, beside those of records.

use crate::batch::BatchWriter;
use crate::bolt::packstream::EMPTY_MAP;

/// The payload of a SUCCESS event without metadata.
pub(crate) fn empty() -> Vec<u8> {
    let mut batch = BatchWriter::new();
    // An empty map is always well formed.
    let _ = batch.value(EMPTY_MAP);
    batch.finish()
}

/// One record of one column, a text.
pub(crate) fn text(text: &str) -> Vec<u8> {
    let mut batch = BatchWriter::new();
    // Only a frame that has records already could refuse it.
    let _ = batch.begin_record(1);
    batch.string(text);
    batch.finish()
}
