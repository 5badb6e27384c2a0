//! The handshake: whatever a peer says first gives a version, an error or the wish for more, and
//! the same however the bytes were cut.

#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use neobolt::bolt::handshake::Handshake;

fuzz_target!(|data: &[u8]| {
    let Some((&cut, bytes)) = data.split_first() else { return };
    let whole = shake([bytes]);
    let cut = usize::from(cut) % (bytes.len() + 1);
    let (first, second) = bytes.split_at(cut);
    let parts = shake([first, second]);
    assert_eq!(whole.0, parts.0);
    if matches!(whole.0, Ok(Some(_))) {
        assert_eq!(whole, parts);
        assert!(whole.1.is_empty() || whole.1.len() == 5);
    }
});

type Outcome = (Result<Option<neobolt::bolt::Version>, neobolt::bolt::ProtocolError>, Vec<u8>, Vec<u8>);

fn shake<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let (mut handshake, mut input, mut out) = (Handshake::new(), BytesMut::new(), BytesMut::new());
    let mut result = Ok(None);
    for piece in pieces {
        input.extend_from_slice(piece);
        if let Ok(None) = result {
            result = handshake.receive(&mut input, &mut out);
        }
    }
    (result, out.to_vec(), input.to_vec())
}
