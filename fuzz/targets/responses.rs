//! The response decoder, and the metadata that the driver reads itself: every field of them has
//! bytes behind it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use neobolt::bolt::message::{FailureMetadata, Response, SuccessMetadata};

fuzz_target!(|data: &[u8]| {
    let metadata = match Response::parse(data) {
        Ok(Response::Success(metadata) | Response::Failure(metadata)) => metadata,
        Ok(Response::Record(fields)) => {
            assert!(fields.len() <= data.len());
            return;
        }
        Ok(Response::Ignored) | Err(_) => return,
    };
    if let Ok(success) = SuccessMetadata::parse(metadata) {
        let texts = [success.server, success.connection_id];
        let length: usize = texts.iter().flatten().map(String::len).sum();
        assert!(length <= metadata.len());
    }
    if let Ok(failure) = FailureMetadata::parse(metadata) {
        assert!(failure.code.len() <= metadata.len());
    }
});
