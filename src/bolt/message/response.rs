//! Responses, and the metadata in them that the driver itself looks at.

use crate::bolt::error::ProtocolError;
use crate::bolt::packstream::Reader;

/// What the server answers. Bodies stay encoded, and are checked when they are read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Response<'a> {
    /// The request is done; the encoded map of its metadata.
    Success(&'a [u8]),
    /// The request failed; the encoded map that says why.
    Failure(&'a [u8]),
    /// The request was not looked at, because one before it failed.
    Ignored,
    /// One record; the encoded list of its fields.
    Record(&'a [u8]),
}

impl<'a> Response<'a> {
    /// Reads the head of a message.
    ///
    /// # Errors
    ///
    /// The message is no response, or lacks the one field that belongs to it. The contents of the field are
    /// not looked at: they may still be wrong.
    pub fn parse(message: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut reader = Reader::new(message);
        let (signature, fields) = reader.struct_header()?;
        match (signature, fields) {
            (RECORD, 1) => Ok(Self::Record(reader.rest())),
            (SUCCESS, 1) => Ok(Self::Success(reader.rest())),
            (FAILURE, 1) => Ok(Self::Failure(reader.rest())),
            (IGNORED, _) => Ok(Self::Ignored),
            (RECORD, _) => Err(ProtocolError::MissingField("RECORD")),
            (SUCCESS, _) => Err(ProtocolError::MissingField("SUCCESS")),
            (FAILURE, _) => Err(ProtocolError::MissingField("FAILURE")),
            _ => Err(ProtocolError::UnknownMessage(signature)),
        }
    }

    /// The signature of the message.
    pub fn signature(&self) -> u8 {
        match self {
            Self::Success(_) => SUCCESS,
            Self::Failure(_) => FAILURE,
            Self::Ignored => IGNORED,
            Self::Record(_) => RECORD,
        }
    }

    /// The name of the message.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Success(_) => "SUCCESS",
            Self::Failure(_) => "FAILURE",
            Self::Ignored => "IGNORED",
            Self::Record(_) => "RECORD",
        }
    }
}

/// What the driver reads in the metadata of a SUCCESS. The rest of it is not decoded.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SuccessMetadata {
    /// PULL, DISCARD: the result has more records.
    pub has_more: bool,
    /// RUN: how many values each record has.
    pub columns: Option<usize>,
    /// RUN in a transaction: the query's id.
    pub qid: Option<i64>,
    /// HELLO: the server's name and version.
    pub server: Option<String>,
    /// HELLO: the server's name of the connection.
    pub connection_id: Option<String>,
    /// HELLO: what the server asks the driver to do.
    pub hints: Hints,
    /// HELLO (Bolt 4.3, 4.4): date times are in their UTC forms from now on.
    pub utc_patch: bool,
}

/// What the server asks the driver to do. A hint of the wrong type is no hint.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Hints {
    /// The connection is dead where nothing comes for so many seconds; the server sends NOOPs more
    /// often than that.
    pub recv_timeout_seconds: Option<u32>,
    /// What was given in place of a number of seconds: 0 or less.
    pub invalid_recv_timeout: Option<i64>,
    /// TELEMETRY is welcome.
    pub telemetry_enabled: bool,
    /// The server routes by itself.
    pub ssr_enabled: bool,
}

impl SuccessMetadata {
    /// Reads an encoded map.
    ///
    /// # Errors
    ///
    /// Bytes that are not one map, or an entry of the wrong type.
    pub fn parse(metadata: &[u8]) -> Result<Self, ProtocolError> {
        let mut reader = Reader::new(metadata);
        let mut success = Self::default();
        for _ in 0..reader.map_header()? {
            match reader.string()? {
                // JavaScript makes the keys of records of them, and trusts them to be that.
                "fields" => success.columns = reader.optional(field_names)?,
                "has_more" => success.has_more = reader.optional(Reader::bool)?.unwrap_or(false),
                "qid" => success.qid = reader.optional(Reader::int)?,
                // JavaScript has the use of them, and trusts them to be that.
                "bookmark" | "db" => {
                    reader.optional(Reader::string)?;
                }
                "server" => success.server = reader.optional(owned)?,
                "connection_id" => success.connection_id = reader.optional(owned)?,
                "hints" => success.hints = hints(reader.raw()?).unwrap_or_default(),
                "patch_bolt" => {
                    success.utc_patch = reader.optional(names_utc)?.unwrap_or(false);
                }
                _ => reader.skip()?,
            }
        }
        reader.finish("the metadata of SUCCESS")?;
        Ok(success)
    }
}

/// What the driver reads in a FAILURE. The rest of it (description, diagnostic record, cause) is
/// not decoded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FailureMetadata {
    /// The Neo4j code, as `Neo.ClientError.Statement.SyntaxError`.
    pub code: String,
}

impl FailureMetadata {
    /// Reads an encoded map, of any version: the code's key changed in Bolt 5.7.
    ///
    /// # Errors
    ///
    /// Bytes that are not one map, an entry of the wrong type, no code or no message.
    pub fn parse(metadata: &[u8]) -> Result<Self, ProtocolError> {
        let mut reader = Reader::new(metadata);
        let (mut code, mut has_message) = (None, false);
        for _ in 0..reader.map_header()? {
            match reader.string()? {
                "code" | "neo4j_code" => code = Some(owned(&mut reader)?),
                // Neo4j 4.4 has none for an error that it finds while planning the query.
                "message" => {
                    reader.optional(Reader::string)?;
                    has_message = true;
                }
                "gql_status" => {
                    reader.optional(Reader::string)?;
                }
                _ => reader.skip()?,
            }
        }
        reader.finish("the metadata of FAILURE")?;
        let code = code.filter(|_| has_message).ok_or(ProtocolError::MissingField("FAILURE"))?;
        Ok(Self { code })
    }
}

/// How many there are.
fn field_names(reader: &mut Reader<'_>) -> Result<usize, ProtocolError> {
    let columns = reader.list_header()?;
    for _ in 0..columns {
        reader.string()?;
    }
    Ok(columns)
}

fn names_utc(reader: &mut Reader<'_>) -> Result<bool, ProtocolError> {
    let mut found = false;
    for _ in 0..reader.list_header()? {
        found |= reader.string()? == "utc";
    }
    Ok(found)
}

fn owned(reader: &mut Reader<'_>) -> Result<String, ProtocolError> {
    reader.string().map(str::to_owned)
}

/// Reads what is of use, value by value: a tree of all that a server might put here would take many times its
/// bytes.
fn hints(map: &[u8]) -> Result<Hints, ProtocolError> {
    let mut reader = Reader::new(map);
    let mut hints = Hints::default();
    for _ in 0..reader.map_header()? {
        let key = reader.string()?;
        let mut value = Reader::new(reader.raw()?);
        match key {
            "connection.recv_timeout_seconds" => {
                let seconds = value.int().ok();
                hints.invalid_recv_timeout = seconds.filter(|&seconds| seconds <= 0);
                let seconds = seconds.filter(|&seconds| seconds > 0);
                hints.recv_timeout_seconds = seconds.and_then(|seconds| u32::try_from(seconds).ok());
            }
            "telemetry.enabled" => hints.telemetry_enabled = value.bool().unwrap_or(false),
            "ssr.enabled" => hints.ssr_enabled = value.bool().unwrap_or(false),
            _ => {}
        }
    }
    Ok(hints)
}

const SUCCESS: u8 = 0x70;
const RECORD: u8 = 0x71;
const IGNORED: u8 = 0x7E;
const FAILURE: u8 = 0x7F;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::properties::cases;

    #[test]
    fn the_four_responses_are_told_apart() {
        assert_eq!(Response::parse(b"\xB1\x70\xA0"), Ok(Response::Success(b"\xA0")));
        assert_eq!(Response::parse(b"\xB1\x71\x91\x01"), Ok(Response::Record(b"\x91\x01")));
        assert_eq!(Response::parse(b"\xB0\x7E"), Ok(Response::Ignored));
        assert_eq!(Response::parse(b"\xB1\x7F\xA0"), Ok(Response::Failure(b"\xA0")));
    }

    #[test]
    fn ignored_may_carry_metadata() {
        assert_eq!(Response::parse(b"\xB1\x7E\xA0"), Ok(Response::Ignored));
    }

    #[test]
    fn a_failure_may_come_without_a_text() {
        let metadata = b"\xA2\x84code\x83A.B\x87message\xC0";
        let failure = FailureMetadata::parse(metadata).unwrap();
        assert_eq!(failure.code, "A.B");
    }

    #[test]
    fn other_messages_are_refused() {
        assert_eq!(Response::parse(b"\xB1\x10\xA0"), Err(ProtocolError::UnknownMessage(0x10)));
        assert_eq!(Response::parse(b"\xB0\x70"), Err(ProtocolError::MissingField("SUCCESS")));
        assert_eq!(Response::parse(b"\xB2\x71\x90\x90"), Err(ProtocolError::MissingField("RECORD")));
        assert_eq!(Response::parse(b"\xB1"), Err(ProtocolError::MissingData("a value")));
        assert_eq!(
            Response::parse(b"\xA0"),
            Err(ProtocolError::UnexpectedMarker { expected: "a structure", marker: 0xA0 })
        );
    }

    #[test]
    fn success_of_hello_names_server_and_hints() {
        let success = SuccessMetadata::parse(
            b"\xA4\x86server\x8CNeo4j/5.26.0\x8Dconnection_id\x86bolt-1\x85hints\xA4\xD0\x1Fconnection.recv_timeout_seconds\x78\xD0\x11telemetry.enabled\xC3\x8Bssr.enabled\xC2\x85other\x90\x8Apatch_bolt\x91\x83utc",
        );
        let expected = SuccessMetadata {
            server: Some("Neo4j/5.26.0".to_owned()),
            connection_id: Some("bolt-1".to_owned()),
            hints: Hints { recv_timeout_seconds: Some(120), telemetry_enabled: true, ..Hints::default() },
            utc_patch: true,
            ..SuccessMetadata::default()
        };
        assert_eq!(success, Ok(expected));
    }

    #[test]
    fn success_of_a_result_says_whether_there_is_more() {
        let more = SuccessMetadata::parse(b"\xA1\x88has_more\xC3").unwrap();
        assert!(more.has_more);
        let last = SuccessMetadata::parse(
            b"\xA4\x88bookmark\x84bm:1\x84type\x81r\x85stats\xA1\x81x\x01\x82db\x85neo4j",
        );
        assert!(!last.unwrap().has_more);
        assert_eq!(SuccessMetadata::parse(b"\xA1\x83qid\x2A").unwrap().qid, Some(42));
        assert_eq!(SuccessMetadata::parse(b"\xA1\x86fields\x92\x81a\x81b").unwrap().columns, Some(2));
    }

    #[test]
    fn null_is_as_good_as_absent() {
        let metadata = b"\xA4\x83qid\xC0\x88has_more\xC0\x88bookmark\xC0\x85hints\xC0";
        assert_eq!(SuccessMetadata::parse(metadata), Ok(SuccessMetadata::default()));
    }

    #[test]
    fn a_hint_of_the_wrong_type_is_no_hint() {
        for (seconds, invalid) in [
            (&b"\x00"[..], Some(0)),
            (b"\xFF", Some(-1)),
            (b"\xC0", None),
            (b"\x81x", None),
            (b"\xC1\0\0\0\0\0\0\0\0", None),
        ] {
            let metadata =
                [&b"\xA1\x85hints\xA1\xD0\x1Fconnection.recv_timeout_seconds"[..], seconds].concat();
            let hints = Hints { invalid_recv_timeout: invalid, ..Hints::default() };
            let expected = SuccessMetadata { hints, ..SuccessMetadata::default() };
            assert_eq!(SuccessMetadata::parse(&metadata), Ok(expected), "{seconds:02X?}");
        }
    }

    #[test]
    fn hints_that_are_none_are_no_hints() {
        for hints in
            [&b"\x05"[..], b"\x91\x01", b"\xA1\x01\x02", b"\xB1\x4E\x01", b"\xA1\x8Bssr.enabled\x91\xC3"]
        {
            let metadata = [&b"\xA1\x85hints"[..], hints].concat();
            assert_eq!(SuccessMetadata::parse(&metadata), Ok(SuccessMetadata::default()), "{hints:02X?}");
        }
        assert!(SuccessMetadata::parse(b"\xA1\x85hints\xDF").is_err());
    }

    #[test]
    fn metadata_of_the_wrong_type_is_refused() {
        for metadata in [
            &b"\x90"[..],
            b"\xA1\x83qid\x81x",
            b"\xA1\x88has_more\x01",
            b"\xA1\x83qid",
            b"\xA0\xC0",
            b"\xA1\x86fields\x01",
            b"\xA1\x86fields\x91\x01",
            b"\xA1\x86fields\x91\x81\xFF",
            b"\xA1\x8Apatch_bolt\x91\x01",
            b"\xA1\x88bookmark\x01",
            b"\xA1\x82db\x01",
        ] {
            assert!(SuccessMetadata::parse(metadata).is_err(), "{metadata:02X?}");
        }
    }

    #[test]
    fn failure_is_read_in_both_forms() {
        let old = FailureMetadata::parse(b"\xA2\x84code\x85Neo.C\x87message\x82no");
        let expected = FailureMetadata { code: "Neo.C".to_owned() };
        assert_eq!(old, Ok(expected.clone()));
        let new = FailureMetadata::parse(
            b"\xA6\x8Aneo4j_code\x85Neo.C\x87message\x82no\x8Agql_status\x8501N00\x8Bdescription\x81d\xD0\x11diagnostic_record\xA1\x81_\xC0\x85cause\xA0",
        );
        assert_eq!(new, Ok(expected));
    }

    #[test]
    fn failure_without_code_or_message_is_refused() {
        let missing = Err(ProtocolError::MissingField("FAILURE"));
        assert_eq!(FailureMetadata::parse(b"\xA1\x84code\x81c"), missing);
        assert_eq!(FailureMetadata::parse(b"\xA1\x87message\x81m"), missing);
    }

    proptest! {
        #![proptest_config(cases(40_000))]

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Response::parse(&bytes);
            let _ = SuccessMetadata::parse(&bytes);
            let _ = FailureMetadata::parse(&bytes);
            for key in ["hints", "patch_bolt", "qid", "code"] {
                let mut map = bytes::BytesMut::from(&[0xA1][..]);
                crate::bolt::packstream::write_string(&mut map, key);
                map.extend_from_slice(&bytes);
                let _ = SuccessMetadata::parse(&map);
                let _ = FailureMetadata::parse(&map);
            }
        }
    }
}
