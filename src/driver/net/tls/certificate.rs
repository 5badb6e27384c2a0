//! The few fields of an X.509 certificate that are read beside the checks of rustls: names, to describe a
//! certificate that is not trusted, and the key, for certificates that are accepted unchecked.
//!
//! A certificate comes from the server, so nothing of it is believed: bytes are read with a cursor, and what
//! is malformed is `None`.

/// A certificate taken apart. RFC 5280, 4.1.
#[derive(Debug)]
pub(super) struct Certificate<'a> {
    /// The issuer: the contents of its `Name`.
    issuer: &'a [u8],
    /// The subject: the contents of its `Name`.
    subject: &'a [u8],
    /// Whether it is of version 1 or 2, which have no extensions.
    pub old: bool,
    /// The contents of the key's `AlgorithmIdentifier`.
    pub key_algorithm: &'a [u8],
    /// The key.
    pub key: &'a [u8],
}

impl<'a> Certificate<'a> {
    /// Reads a certificate in DER.
    pub(super) fn parse(der: &'a [u8]) -> Option<Self> {
        let mut certificate = Der(Der(der).expect(SEQUENCE)?);
        let mut fields = Der(certificate.expect(SEQUENCE)?);
        let version = fields.optional(VERSION)?;
        fields.expect(INTEGER)?; // serial number
        fields.expect(SEQUENCE)?; // signature algorithm
        let issuer = fields.expect(SEQUENCE)?;
        fields.expect(SEQUENCE)?; // validity
        let subject = fields.expect(SEQUENCE)?;
        let mut key = Der(fields.expect(SEQUENCE)?);
        let key_algorithm = key.expect(SEQUENCE)?;
        // The first byte counts the bits that the last one has too many, which no key has.
        let (&0, key) = key.expect(BIT_STRING)?.split_first()? else { return None };
        Some(Self { issuer, subject, old: version != Some(&VERSION_3), key_algorithm, key })
    }

    /// Whether it names itself as its issuer.
    pub(super) fn is_self_signed(&self) -> bool {
        self.issuer == self.subject
    }

    /// The subject's common name. RFC 5280, 4.1.2.6.
    pub(super) fn common_name(&self) -> Option<&'a str> {
        common_name(self.subject)
    }

    /// The issuer, for people: the common name, cut short and without what could spoil a terminal.
    pub(super) fn issuer(&self) -> Option<String> {
        common_name(self.issuer).map(printable)
    }
}

/// Text from a certificate, for people.
pub(super) fn printable(text: &str) -> String {
    let plain = |character: char| if character.is_control() { '\u{fffd}' } else { character };
    text.chars().take(LONGEST).map(plain).collect()
}

fn common_name(name: &[u8]) -> Option<&str> {
    let mut names = Der(name);
    let mut found = None;
    while !names.0.is_empty() {
        let mut set = Der(names.expect(SET)?);
        while !set.0.is_empty() {
            let mut attribute = Der(set.expect(SEQUENCE)?);
            let kind = attribute.expect(OBJECT_IDENTIFIER)?;
            let (tag, value) = attribute.next()?;
            if kind == COMMON_NAME && matches!(tag, UTF8_STRING | PRINTABLE_STRING | IA5_STRING) {
                found = std::str::from_utf8(value).ok();
            }
        }
    }
    found
}

/// A cursor over values in DER. X.690, 8.1.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The next value: its tag and its contents.
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&[tag, first], rest) = self.0.split_first_chunk()?;
        let (length, rest) = match first {
            0..=0x7F => (usize::from(first), rest),
            0x81 => rest.split_first().map(|(&length, rest)| (usize::from(length), rest))?,
            0x82 => rest
                .split_first_chunk()
                .map(|(&length, rest)| (usize::from(u16::from_be_bytes(length)), rest))?,
            // What is longer than 64 KB is no part of a certificate.
            _ => return None,
        };
        let (contents, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, contents))
    }

    /// The contents of the next value, which has to be of this tag.
    fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|&(found, _)| found == tag).map(|(_, contents)| contents)
    }

    /// The contents of the next value if it is of this tag.
    #[expect(clippy::option_option, reason = "the bytes may be in disorder, and the value absent")]
    fn optional(&mut self, tag: u8) -> Option<Option<&'a [u8]>> {
        if self.0.first() == Some(&tag) { self.expect(tag).map(Some) } else { Some(None) }
    }
}

/// In characters; a longer name is unreadable.
const LONGEST: usize = 100;

// X.690, 8.
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_IDENTIFIER: u8 = 0x06;
const UTF8_STRING: u8 = 0x0C;
const PRINTABLE_STRING: u8 = 0x13;
const IA5_STRING: u8 = 0x16;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// `[0] EXPLICIT`
const VERSION: u8 = 0xA0;

/// INTEGER 2, which stands for version 3.
const VERSION_3: [u8; 3] = [0x02, 0x01, 0x02];
/// 2.5.4.3
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair};

    use super::*;
    use crate::properties::cases;

    fn named(name: &str) -> CertificateParams {
        let mut params = CertificateParams::new(vec!["host.example".to_owned()]).unwrap();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::OrganizationName, "neobolt");
        params.distinguished_name.push(DnType::CommonName, name);
        params
    }

    fn signed() -> Vec<u8> {
        let mut params = named("authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = Issuer::new(params, KeyPair::generate().unwrap());
        named("server").signed_by(&KeyPair::generate().unwrap(), &authority).unwrap().der().to_vec()
    }

    #[test]
    fn names_and_key_of_a_certificate() {
        let key = KeyPair::generate().unwrap();
        let own = named("server").self_signed(&key).unwrap();
        let read = Certificate::parse(own.der()).unwrap();
        assert_eq!(read.common_name(), Some("server"));
        assert_eq!(read.issuer().as_deref(), Some("server"));
        assert!(read.is_self_signed() && !read.old);
        assert_eq!(read.key, key.public_key_raw());

        let other = signed();
        let read = Certificate::parse(&other).unwrap();
        assert_eq!((read.common_name(), read.issuer().as_deref()), (Some("server"), Some("authority")));
        assert!(!read.is_self_signed());
    }

    #[test]
    fn what_people_read_is_short_and_has_no_control_characters() {
        assert_eq!(printable("a\x1b[31m\nb"), "a\u{fffd}[31m\u{fffd}b");
        assert_eq!(printable(&"x".repeat(1000)).len(), LONGEST);
    }

    proptest! {
        #![proptest_config(cases(5_000))]

        #[test]
        fn any_bytes_end_in_a_certificate_or_in_none(bytes in vec(any::<u8>(), 0..600)) {
            if let Some(read) = Certificate::parse(&bytes) {
                let _ = (read.common_name(), read.issuer());
            }
        }

        #[test]
        fn a_certificate_with_changed_bytes_too(changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut in any::<prop::sample::Index>()) {
            let mut bytes = signed();
            for (at, byte) in changes {
                if let Some(place) = bytes.get_mut(at.index(600)) {
                    *place = byte;
                }
            }
            bytes.truncate(cut.index(1200));
            if let Some(read) = Certificate::parse(&bytes) {
                let _ = (read.common_name(), read.issuer());
            }
        }
    }
}
