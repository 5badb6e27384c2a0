//! Framing: messages travel in chunks of at most 65,535 bytes, each behind its length, and end
//! with an empty chunk. Knows chunk headers; knows nothing of what a message says.

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
}

impl Dechunker {
    /// A dechunker at the start of a message.
    pub fn new() -> Self {
        Self::default()
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
    /// None at present: every byte sequence is a sequence of chunks. The type leaves room for a
    /// limit.
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
