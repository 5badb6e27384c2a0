//! The handshake: which version both sides speak. Knows the first bytes of a connection; knows
//! nothing of messages.
//!
//! ```text
//!   client                                            server
//!   60 60 B0 17, four proposals        ───────▶
//!                                      ◀───────       00 00 minor major           (version list)
//!                                         or
//!                                      ◀───────       00 00 01 FF, count, ranges, capabilities
//!   00 00 minor major, capabilities    ───────▶                                   (manifest v1)
//! ```

use bytes::{Buf, BufMut, BytesMut};

use super::{error::ProtocolError, packstream::Reader, version::Version};

/// The negotiation of a version, on one connection.
#[derive(Debug, Default)]
pub struct Handshake {
    stage: Stage,
}

impl Handshake {
    /// A handshake of which nothing has been received.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends what the client says first: manifest v1, 5.8 to 5.0, 4.4 to 4.2, 3.0.
    pub fn request(out: &mut BytesMut) {
        out.put_slice(&MAGIC);
        for proposal in PROPOSALS {
            out.put_slice(&proposal);
        }
    }

    /// Takes the server's part from `input`, and appends the answer, if there is one, to `out`.
    /// `None` means that more bytes are needed. Bytes behind the handshake stay in `input`.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::Http`] where the peer speaks HTTP, [`ProtocolError::NoCommonVersion`] and
    /// [`ProtocolError::UnknownVersion`] where the choice is not one of
    /// [`Version::SUPPORTED`], and others for a manifest that makes no sense.
    pub fn receive(
        &mut self,
        input: &mut BytesMut,
        out: &mut BytesMut,
    ) -> Result<Option<Version>, ProtocolError> {
        if matches!(self.stage, Stage::Answer) {
            let Some(answer) = input.first_chunk::<4>().copied() else { return Ok(None) };
            input.advance(answer.len());
            match answer {
                MANIFEST_V1 => self.stage = Stage::Manifest,
                HTTP => return Err(ProtocolError::Http),
                [_, _, 0, 0] => return Err(ProtocolError::NoCommonVersion),
                [_, _, minor, major] => {
                    let version = Version { major, minor };
                    if !version.is_supported() {
                        return Err(ProtocolError::UnknownVersion(version));
                    }
                    return Ok(Some(version));
                }
            }
        }
        let mut reader = Reader::new(input);
        let version = match manifest(&mut reader) {
            Err(ProtocolError::MissingData(_)) => return Ok(None),
            Err(error) => return Err(error),
            Ok(version) => version,
        };
        let consumed = input.len() - reader.rest().len();
        input.advance(consumed);
        let version = version.ok_or(ProtocolError::NoCommonVersion)?;
        out.put_slice(&[0, 0, version.minor, version.major]);
        out.put_u8(NO_CAPABILITIES);
        Ok(Some(version))
    }
}

/// What the server sends next.
#[derive(Debug, Default)]
enum Stage {
    #[default]
    Answer,
    Manifest,
}

/// Reads a whole manifest, and chooses the best version of it, if there is one.
fn manifest(reader: &mut Reader<'_>) -> Result<Option<Version>, ProtocolError> {
    let count = variable_length(reader)?;
    if count > MAX_RANGES {
        return Err(ProtocolError::TooManyVersions(count));
    }
    let mut best = None;
    for _ in 0..count {
        let [_, back, minor, major] = reader.array::<4>("version range")?;
        let range = Version { major, minor: minor.saturating_sub(back) }..=Version { major, minor };
        let found = Version::SUPPORTED.into_iter().find(|version| range.contains(version));
        best = best.max(found);
    }
    variable_length(reader)?; // The server's capabilities; none of them has a meaning yet.
    Ok(best)
}

/// Reads an integer in groups of seven bits, the lowest first; the high bit says that more follow.
fn variable_length(reader: &mut Reader<'_>) -> Result<u64, ProtocolError> {
    let mut value = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let byte = reader.u8()?;
        value |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(ProtocolError::IntegerTooLong)
}

const MAGIC: [u8; 4] = [0x60, 0x60, 0xB0, 0x17];
const MANIFEST_V1: [u8; 4] = [0x00, 0x00, 0x01, 0xFF];
/// Reserved, minor versions downwards from the named one, minor, major.
const PROPOSALS: [[u8; 4]; 4] =
    [MANIFEST_V1, [0x00, 0x08, 0x08, 0x05], [0x00, 0x02, 0x04, 0x04], [0x00, 0x00, 0x00, 0x03]];
const HTTP: [u8; 4] = *b"HTTP";
const NO_CAPABILITIES: u8 = 0;
/// There are no more major versions than this.
const MAX_RANGES: u64 = 0xFF;
