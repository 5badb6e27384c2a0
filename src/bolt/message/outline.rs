//! What a log may show of a request: its name and its fields, but nothing of what authenticates.
//!
//! It is read from the encoded message, so that a request shows up in a log by being sent, and its sender has
//! nothing to do for that.

use super::request::{
    BEGIN, COMMIT, DISCARD, GOODBYE, HELLO, LOGOFF, LOGON, PULL, RESET, ROLLBACK, ROUTE, RUN, TELEMETRY,
};
use crate::bolt::error::ProtocolError;
use crate::bolt::packstream::Reader;
use crate::bolt::version::Version;

/// A request, as far as it may be shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outline<'a> {
    /// The name of the message.
    pub name: &'static str,
    /// What follows the name as it is: the query of RUN; what a log may show of an old HELLO or of LOGON.
    pub text: Option<String>,
    /// The encoded parameters of RUN, which a log shows only where it was asked to.
    pub parameters: Option<&'a [u8]>,
    /// All other fields, encoded, one after the other.
    pub values: &'a [u8],
}

impl<'a> Outline<'a> {
    /// Reads a whole request.
    ///
    /// # Errors
    ///
    /// The message is no request, or lacks the fields that belong to it.
    pub fn parse(message: &'a [u8], version: Version) -> Result<Self, ProtocolError> {
        let mut reader = Reader::new(message);
        let (signature, fields) = reader.struct_header()?;
        let values = reader.rest();
        let plain = |name| Self { name, text: None, parameters: None, values };
        Ok(match signature {
            HELLO if version.has_notification_filter() => plain("HELLO"),
            // It may carry credentials, and did not tell more before it stopped to.
            HELLO => Self { text: Some(user_agent(&mut reader)?), values: &[], ..plain("HELLO") },
            LOGON => Self { text: Some(WITHHELD.into()), values: &[], ..plain("LOGON") },
            RUN => {
                let query = reader.string()?.to_owned();
                let parameters = Some(reader.raw()?);
                Self { name: "RUN", text: Some(query), parameters, values: reader.rest() }
            }
            LOGOFF => plain("LOGOFF"),
            GOODBYE => plain("GOODBYE"),
            RESET => plain("RESET"),
            BEGIN => plain("BEGIN"),
            COMMIT => plain("COMMIT"),
            ROLLBACK => plain("ROLLBACK"),
            PULL if fields == 0 => plain("PULL_ALL"),
            PULL => plain("PULL"),
            DISCARD if fields == 0 => plain("DISCARD_ALL"),
            DISCARD => plain("DISCARD"),
            ROUTE => plain("ROUTE"),
            TELEMETRY => {
                let api = reader.int()?.to_string();
                Self { text: Some(api), values: &[], ..plain("TELEMETRY") }
            }
            unknown => return Err(ProtocolError::UnknownMessage(unknown)),
        })
    }
}

fn user_agent(reader: &mut Reader<'_>) -> Result<String, ProtocolError> {
    for _ in 0..reader.map_header()? {
        if reader.string()? == "user_agent" {
            return Ok(format!("{{user_agent: '{}', ...}}", reader.string()?));
        }
        reader.skip()?;
    }
    Ok(WITHHELD.into())
}

/// Stands for what is not shown.
pub const WITHHELD: &str = "{ ... }";

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use bytes::BytesMut;

    use super::super::request::{self, AccessMode, Extra, Hello, NotificationFilter};
    use super::*;
    use crate::bolt::chunk::Dechunker;

    const NONE: NotificationFilter =
        NotificationFilter { minimum_severity: None, disabled: None, shown: None };
    const AUTH: &[u8] = b"\xA1\x8Bcredentials\x86secret";

    fn outlined(version: Version, write: impl FnOnce(&mut BytesMut)) -> (String, Vec<u8>) {
        let mut out = BytesMut::new();
        write(&mut out);
        let mut dechunker = Dechunker::new(usize::MAX);
        let message = dechunker.next(&mut &out[..]).unwrap().unwrap().to_vec();
        let outline = Outline::parse(&message, version).unwrap();
        let Outline { name, text, values, .. } = outline;
        (text.map_or(name.into(), |text| format!("{name} {text}")), values.to_vec())
    }

    fn hello(out: &mut BytesMut, version: Version) {
        let hello = Hello {
            user_agent: "app/1",
            bolt_agent: b"\xA0",
            auth: AUTH,
            routing: None,
            notifications: &NONE,
        };
        request::hello(out, version, &hello).unwrap();
    }

    #[test]
    fn credentials_are_never_part_of_it() {
        for version in [Version::new(3, 0), Version::new(4, 4), Version::new(5, 0), Version::new(5, 1)] {
            let (text, values) = outlined(version, |out| hello(out, version));
            assert_eq!((text.as_str(), values.as_slice()), ("HELLO {user_agent: 'app/1', ...}", &[][..]));
        }
        for version in [Version::new(5, 2), Version::new(6, 1)] {
            let (text, values) = outlined(version, |out| hello(out, version));
            assert_eq!(text, "HELLO");
            assert!(values.starts_with(b"\xA1\x8Auser_agent\x85app/1") || values.first() == Some(&0xA2));
            assert!(!values.windows(6).any(|part| part == b"secret"));
            let (text, values) = outlined(version, |out| request::logon(out, AUTH));
            assert_eq!((text.as_str(), values.as_slice()), ("LOGON { ... }", &[][..]));
        }
    }

    #[test]
    fn the_parameters_of_a_query_stand_apart_from_its_other_fields() {
        let mut out = BytesMut::new();
        let extra = Extra {
            bookmarks: &[],
            timeout: None,
            metadata: None,
            mode: AccessMode::Read,
            database: None,
            impersonated_user: None,
            notifications: &NONE,
        };
        request::run(&mut out, Version::new(5, 8), b"\x88RETURN 1", b"\xA1\x81a\x01", Some(&extra)).unwrap();
        let mut dechunker = Dechunker::new(usize::MAX);
        let message = dechunker.next(&mut &out[..]).unwrap().unwrap().to_vec();
        assert_eq!(
            Outline::parse(&message, Version::new(5, 8)).unwrap(),
            Outline {
                name: "RUN",
                text: Some("RETURN 1".into()),
                parameters: Some(b"\xA1\x81a\x01"),
                values: b"\xA1\x84mode\x81r",
            }
        );
    }

    #[test]
    fn old_servers_are_told_to_pull_all() {
        let old = Version::new(3, 0);
        assert_eq!(outlined(old, |out| request::pull(out, old, -1, None)).0, "PULL_ALL");
        let new = Version::new(5, 8);
        assert_eq!(
            outlined(new, |out| request::pull(out, new, 2, None)),
            ("PULL".into(), b"\xA1\x81n\x02".to_vec())
        );
        assert_eq!(outlined(new, |out| request::telemetry(out, 3)).0, "TELEMETRY 3");
    }
}
