//! Framing: messages travel in chunks of at most 65,535 bytes, each behind its length, and end with an empty
//! chunk.

use bytes::{BufMut, BytesMut};

use super::error::ProtocolError;

/// Finds whole messages in the byte stream.
///
/// ```text
///   00 03 xx xx xx  00 02 xx xx  00 00      00 00      00 01 …
///   ╰── chunk ───╯  ╰─ chunk ─╯   end        NOOP       next message
/// ```
#[derive(Debug, Default)]
pub struct Dechunker {
    /// The chunks so far of a message that has several.
    message: BytesMut,
    /// The message was handed out: the next call starts a new one.
    complete: bool,
    /// How many bytes a message may have.
    limit: usize,
}

impl Dechunker {
    /// A dechunker at the start of a message, of which none may have more than `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Takes the next whole message from the front of `input` and moves `input` behind it; `None`
    /// means that more bytes are needed. What is left in `input` then has to be offered again,
    /// with what has come in since behind it.
    ///
    /// A message of one chunk is a slice of the input itself. A longer one is put together in a
    /// buffer of the dechunker, which grows by bytes that have arrived, not by announced lengths.
    /// NOOPs (empty chunks between messages) are skipped.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::TooLong`] as soon as a chunk is announced that makes a message longer than the
    /// limit. Apart from that, every byte sequence is a sequence of chunks.
    pub fn next<'s, 'i: 's>(&'s mut self, input: &mut &'i [u8]) -> Result<Option<&'s [u8]>, ProtocolError> {
        if self.complete {
            self.complete = false;
            if self.message.capacity() > KEEP {
                self.message = BytesMut::new();
            }
            self.message.clear();
        }
        loop {
            let Some((length, after)) = header(input) else { return Ok(None) };
            if length == 0 {
                *input = after;
                if self.message.is_empty() {
                    continue;
                }
                self.complete = true;
                return Ok(Some(&self.message));
            }
            let announced = self.message.len() + length;
            if announced > self.limit {
                return Err(ProtocolError::TooLong { limit: self.limit, announced });
            }
            let Some((chunk, after)) = after.split_at_checked(length) else { return Ok(None) };
            if self.message.is_empty() {
                match header(after) {
                    None => return Ok(None),
                    Some((0, after)) => {
                        *input = after;
                        return Ok(Some(chunk));
                    }
                    Some(_) => {}
                }
            }
            self.message.extend_from_slice(chunk);
            *input = after;
        }
    }
}

/// Appends the message that `write` appends, in chunks, with its end mark. Nothing is appended
/// where `write` appends nothing: an empty message would be a NOOP.
pub fn frame(out: &mut BytesMut, write: impl FnOnce(&mut BytesMut)) {
    let start = out.len();
    out.put_u16(0);
    write(out);
    let body = start + HEADER;
    let length = out.len().saturating_sub(body);
    if length == 0 {
        out.truncate(start);
        return;
    }
    // Every chunk but the first needs room for its header: from the last to the first, move the
    // chunks to their places, and put the headers before them.
    let last = (length - 1) / MAX_CHUNK;
    out.put_bytes(0, last * HEADER);
    for chunk in (0..=last).rev() {
        let from = body + chunk * MAX_CHUNK;
        let size = (length - chunk * MAX_CHUNK).min(MAX_CHUNK);
        let to = from + chunk * HEADER;
        if chunk > 0 {
            out.copy_within(from..from + size, to);
        }
        if let (Some(header), Ok(size)) = (out.get_mut(to - HEADER..to), u16::try_from(size)) {
            header.copy_from_slice(&size.to_be_bytes());
        }
    }
    out.put_u16(0);
}

/// The chunk length at the front of `input`, and what follows it.
fn header(input: &[u8]) -> Option<(usize, &[u8])> {
    let (length, rest) = input.split_first_chunk::<HEADER>()?;
    Some((usize::from(u16::from_be_bytes(*length)), rest))
}

/// Bytes of a chunk header.
const HEADER: usize = 2;
/// The longest chunk that a header can announce.
const MAX_CHUNK: usize = 0xFFFF;
/// A buffer larger than this is given back after its message.
const KEEP: usize = 1 << 20;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::properties::cases;

    /// Feeds the pieces one after the other, keeping what the dechunker leaves, as a connection does.
    fn dechunk<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Vec<u8>>, Vec<u8>) {
        let mut dechunker = Dechunker::new(usize::MAX);
        let (mut messages, mut unread) = (Vec::new(), Vec::new());
        for piece in pieces {
            unread.extend_from_slice(piece);
            let mut input = &unread[..];
            while let Some(message) = dechunker.next(&mut input).unwrap() {
                messages.push(message.to_vec());
            }
            unread = input.to_vec();
        }
        (messages, unread)
    }

    fn framed(message: &[u8]) -> BytesMut {
        let mut out = BytesMut::new();
        frame(&mut out, |out| out.put_slice(message));
        out
    }

    #[test]
    fn a_message_is_its_chunk_and_an_empty_one() {
        assert_eq!(framed(&[0xB0, 0x0F])[..], [0x00, 0x02, 0xB0, 0x0F, 0x00, 0x00]);
    }

    #[test]
    fn messages_are_appended() {
        let mut out = BytesMut::from(&[0xAA][..]);
        frame(&mut out, |out| out.put_u8(1));
        frame(&mut out, |out| out.put_u8(2));
        assert_eq!(out[..], [0xAA, 0, 1, 1, 0, 0, 0, 1, 2, 0, 0]);
    }

    #[test]
    fn nothing_written_is_no_message() {
        assert!(framed(&[]).is_empty());
    }

    #[test]
    fn a_long_message_is_cut_at_65535_bytes() {
        let message: Vec<u8> = (0..=255).cycle().take(2 * 0xFFFF + 3).collect();
        let mut expected = vec![0xFF, 0xFF];
        expected.extend_from_slice(&message[..0xFFFF]);
        expected.extend_from_slice(&[0xFF, 0xFF]);
        expected.extend_from_slice(&message[0xFFFF..2 * 0xFFFF]);
        expected.extend_from_slice(&[0, 3]);
        expected.extend_from_slice(&message[2 * 0xFFFF..]);
        expected.extend_from_slice(&[0, 0]);
        assert!(framed(&message)[..] == expected);
    }

    #[test]
    fn a_message_of_exactly_one_full_chunk_has_one_header() {
        let out = framed(&[7; 0xFFFF]);
        assert_eq!(out.len(), 2 + 0xFFFF + 2);
        assert_eq!(out[..3], [0xFF, 0xFF, 7]);
    }

    #[test]
    fn chunks_of_a_message_are_put_together() {
        let (messages, unread) = dechunk([&[0, 2, 1, 2, 0, 1, 3, 0, 0, 0, 1, 4, 0, 0][..]]);
        assert_eq!(messages, [vec![1, 2, 3], vec![4]]);
        assert!(unread.is_empty());
    }

    #[test]
    fn noops_before_and_between_messages_are_skipped() {
        let (messages, unread) = dechunk([&[0, 0, 0, 0, 0, 1, 9, 0, 0, 0, 0, 0, 1, 8, 0, 0, 0, 0][..]]);
        assert_eq!(messages, [[9], [8]]);
        assert!(unread.is_empty());
    }

    #[test]
    fn a_message_of_one_chunk_is_not_copied() {
        let bytes = [0, 2, 5, 6, 0, 0];
        let (mut dechunker, mut input) = (Dechunker::new(usize::MAX), &bytes[..]);
        let message = dechunker.next(&mut input).unwrap().unwrap();
        assert_eq!(message.as_ptr_range(), bytes[2..4].as_ptr_range());
    }

    #[test]
    fn an_announced_length_allocates_nothing() {
        let mut dechunker = Dechunker::new(usize::MAX);
        let mut input = &[0xFF, 0xFF, 1, 2, 3][..];
        assert_eq!(dechunker.next(&mut input), Ok(None));
        assert_eq!((dechunker.message.capacity(), input.len()), (0, 5));
    }

    #[test]
    fn a_message_ends_at_the_limit() {
        let just = framed(&[1; 70_000]);
        let mut input = &just[..];
        assert_eq!(Dechunker::new(70_000).next(&mut input).unwrap().map(<[u8]>::len), Some(70_000));
        let mut input = &just[..];
        assert_eq!(
            Dechunker::new(69_999).next(&mut input),
            Err(ProtocolError::TooLong { limit: 69_999, announced: 70_000 })
        );
        // Of one chunk, and before it has come.
        assert_eq!(
            Dechunker::new(9).next(&mut &[0, 10][..]),
            Err(ProtocolError::TooLong { limit: 9, announced: 10 })
        );
    }

    #[test]
    fn the_limit_is_that_of_each_message() {
        let bytes = framed(&[7; 4]).repeat(9);
        let (mut dechunker, mut input) = (Dechunker::new(4), &bytes[..]);
        for _ in 0..9 {
            assert_eq!(dechunker.next(&mut input), Ok(Some(&[7; 4][..])));
        }
    }

    #[test]
    fn a_large_buffer_is_given_back() {
        let message = vec![1; 2 * KEEP];
        let bytes = framed(&message);
        let (mut dechunker, mut input) = (Dechunker::new(usize::MAX), &bytes[..]);
        assert_eq!(dechunker.next(&mut input).unwrap().map(<[u8]>::len), Some(2 * KEEP));
        assert_eq!(dechunker.next(&mut input), Ok(None));
        assert_eq!(dechunker.message.capacity(), 0);
    }

    #[test]
    fn the_end_mark_may_come_alone() {
        let (messages, unread) = dechunk([&[0, 1, 9][..], &[0], &[0], &[0, 1]]);
        assert_eq!((messages, unread), (vec![vec![9]], vec![0, 1]));
    }

    proptest! {
        #![proptest_config(cases(60_000))]

        #[test]
        fn any_split_of_the_input_gives_the_same_messages(
            chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..12),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        ) {
            // An empty chunk ends a message, or is a NOOP where none is open: all lists are valid.
            let mut bytes = Vec::new();
            let (mut expected, mut open) = (Vec::new(), Vec::new());
            for chunk in &chunks {
                bytes.extend_from_slice(&u16::try_from(chunk.len()).unwrap().to_be_bytes());
                bytes.extend_from_slice(chunk);
                open.extend_from_slice(chunk);
                if chunk.is_empty() && !open.is_empty() {
                    expected.push(std::mem::take(&mut open));
                }
            }
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let (messages, _) = dechunk(cuts.windows(2).map(|cut| &bytes[cut[0]..cut[1]]));
            prop_assert_eq!(messages, expected);
        }
    }

    proptest! {
        #![proptest_config(cases(256))]

        #[test]
        fn what_is_framed_is_dechunked(
            lengths in prop::collection::vec(prop_oneof![1..300_usize, 65_530..65_540_usize, 131_060..131_080_usize], 1..4),
        ) {
            let messages: Vec<Vec<u8>> =
                lengths.iter().map(|&length| (0..=250).cycle().take(length).collect()).collect();
            let mut bytes = BytesMut::new();
            for message in &messages {
                frame(&mut bytes, |out| out.put_slice(message));
            }
            let (found, unread) = dechunk([&bytes[..]]);
            prop_assert!(found == messages && unread.is_empty());
        }
    }

    proptest! {
        #![proptest_config(cases(30_000))]

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            dechunk([&bytes[..]]);
        }
    }
}
