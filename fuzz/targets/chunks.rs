//! The de-chunker: any split of the bytes gives the same messages, nothing is held that has not
//! arrived, and what is framed again is the same messages again.

#![no_main]

use bytes::{BufMut, BytesMut};
use libfuzzer_sys::fuzz_target;
use neobolt::bolt::chunk::{Dechunker, frame};

fuzz_target!(|data: &[u8]| {
    let Some((&[limit, cut], bytes)) = data.split_first_chunk::<2>() else { return };
    let limit = usize::from(limit);
    let whole = dechunk([bytes].into_iter(), limit);
    let step = usize::from(cut % 7) + 1;
    let parts = dechunk(bytes.chunks(step), limit);
    assert_eq!(whole, parts);
    let (messages, _) = whole;
    let mut framed = BytesMut::new();
    for message in &messages {
        assert!(!message.is_empty() && message.len() <= limit);
        frame(&mut framed, |out| out.put_slice(message));
    }
    let again = dechunk([&framed[..]].into_iter(), limit);
    assert_eq!(again, (messages, false));
});

/// The messages, and whether one was too long.
fn dechunk<'a>(pieces: impl Iterator<Item = &'a [u8]>, limit: usize) -> (Vec<Vec<u8>>, bool) {
    let mut dechunker = Dechunker::new(limit);
    let (mut messages, mut unread) = (Vec::new(), Vec::new());
    for piece in pieces {
        unread.extend_from_slice(piece);
        let mut input = &unread[..];
        loop {
            match dechunker.next(&mut input) {
                Ok(Some(message)) => messages.push(message.to_vec()),
                Ok(None) => break,
                Err(_) => return (messages, true),
            }
        }
        unread = input.to_vec();
    }
    (messages, false)
}
