//! The handshake: which version both sides speak.
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

use super::error::ProtocolError;
use super::packstream::Reader;
use super::version::Version;

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
        let chosen = version.unwrap_or(Version::new(0, 0));
        out.put_slice(&[0, 0, chosen.minor, chosen.major]);
        out.put_u8(NO_CAPABILITIES);
        version.map(Some).ok_or(ProtocolError::NoCommonVersion)
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::properties::cases;

    /// The outcome for a server that says `bytes`, the client's answer, and the bytes left over.
    fn shake(bytes: &[u8]) -> (Result<Option<Version>, ProtocolError>, Vec<u8>, Vec<u8>) {
        let (mut input, mut out) = (BytesMut::from(bytes), BytesMut::new());
        let result = Handshake::new().receive(&mut input, &mut out);
        (result, out.to_vec(), input.to_vec())
    }

    #[test]
    fn the_client_offers_the_manifest_and_three_ranges() {
        let mut out = BytesMut::new();
        Handshake::request(&mut out);
        #[rustfmt::skip]
        assert_eq!(out[..], [
            0x60, 0x60, 0xB0, 0x17,
            0x00, 0x00, 0x01, 0xFF,
            0x00, 0x08, 0x08, 0x05,
            0x00, 0x02, 0x04, 0x04,
            0x00, 0x00, 0x00, 0x03,
        ]);
    }

    #[test]
    fn a_version_of_the_list_needs_no_answer() {
        for version in Version::SUPPORTED.into_iter().filter(|version| version.major < 6) {
            let found = shake(&[0, 0, version.minor, version.major, 0xAA]);
            assert_eq!(found, (Ok(Some(version)), vec![], vec![0xAA]));
        }
    }

    #[test]
    fn the_best_version_of_a_manifest_is_chosen_and_answered() {
        // 4.4-4.2, 6.1, 5.8-5.0; then a message that came in the same segment.
        let found = shake(&[0, 0, 1, 0xFF, 3, 0, 2, 4, 4, 0, 0, 1, 6, 0, 8, 8, 5, 0, 0xAA, 0xBB]);
        assert_eq!(found, (Ok(Some(Version::new(6, 1))), vec![0, 0, 1, 6, 0], vec![0xAA, 0xBB]));
    }

    #[test]
    fn later_versions_in_a_manifest_are_passed_over() {
        let found = shake(&[0, 0, 1, 0xFF, 2, 0, 9, 9, 5, 0, 1, 1, 9, 0]);
        assert_eq!(found, (Ok(Some(Version::new(5, 8))), vec![0, 0, 8, 5, 0], vec![]));
    }

    #[test]
    fn a_manifest_of_5_5_only_has_no_common_version() {
        let found = shake(&[0, 0, 1, 0xFF, 1, 0, 0, 5, 5, 0]);
        assert_eq!(found, (Err(ProtocolError::NoCommonVersion), vec![0; 5], vec![]));
    }

    #[test]
    fn a_range_that_reaches_below_zero_ends_at_zero() {
        assert_eq!(shake(&[0, 0, 1, 0xFF, 1, 0, 9, 1, 5, 0]).0, Ok(Some(Version::new(5, 1))));
    }

    #[test]
    fn capabilities_may_take_several_bytes_and_are_declined() {
        let found = shake(&[0, 0, 1, 0xFF, 1, 0, 0, 8, 5, 0x81, 0x80, 0x01, 0xAA]);
        assert_eq!(found, (Ok(Some(Version::new(5, 8))), vec![0, 0, 8, 5, 0], vec![0xAA]));
    }

    #[test]
    fn http_is_recognised() {
        let (result, ..) = shake(b"HTTP/1.1 400 Bad Request\r\n");
        assert_eq!(result, Err(ProtocolError::Http));
    }

    #[test]
    fn zeros_mean_no_common_version() {
        let (result, ..) = shake(&[0, 0, 0, 0]);
        assert_eq!(result, Err(ProtocolError::NoCommonVersion));
    }

    #[test]
    fn a_version_that_was_not_offered_is_refused() {
        for (minor, major) in [(9, 9), (5, 5), (1, 4), (0, 1), (2, 0xFF)] {
            let (result, ..) = shake(&[0, 0, minor, major]);
            assert_eq!(result, Err(ProtocolError::UnknownVersion(Version::new(major, minor))));
        }
    }

    #[test]
    fn a_manifest_without_end_is_refused() {
        assert_eq!(shake(&[0, 0, 1, 0xFF, 0x80, 0x02]).0, Err(ProtocolError::TooManyVersions(256)));
        assert_eq!(
            shake(&[&[0, 0, 1, 0xFF][..], &[0xFF; 10]].concat()).0,
            Err(ProtocolError::IntegerTooLong)
        );
    }

    proptest! {
        #![proptest_config(cases(40_000))]

        #[test]
        fn any_split_of_the_manifest_gives_the_same_version(cuts in prop::collection::vec(0..=14_usize, 0..6)) {
            let bytes = [0, 0, 1, 0xFF, 2, 0, 8, 8, 5, 0, 1, 1, 6, 0];
            let (mut handshake, mut input, mut out) = (Handshake::new(), BytesMut::new(), BytesMut::new());
            let mut cuts = cuts;
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            cuts.dedup();
            let mut version = None;
            for cut in cuts.windows(2) {
                prop_assert_eq!(version, None);
                input.put_slice(&bytes[cut[0]..cut[1]]);
                version = handshake.receive(&mut input, &mut out).unwrap();
            }
            prop_assert_eq!(version, Some(Version::new(6, 1)));
            prop_assert_eq!(&out[..], [0, 0, 1, 6, 0]);
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = shake(&bytes);
            let _ = shake(&[&MANIFEST_V1[..], &bytes].concat());
        }
    }
}
