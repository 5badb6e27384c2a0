//! Responses, and the metadata in them that the driver itself looks at.

use crate::bolt::{
    error::ProtocolError,
    packstream::{Reader, Value},
};

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
    /// A message that is no response, or that has not the one field that belongs to it. What is
    /// inside of the field is not looked at: it may still be wrong.
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
    /// RUN in a transaction: the query's id.
    pub qid: Option<i64>,
    /// The end of an auto-commit transaction, COMMIT: the bookmark.
    pub bookmark: Option<String>,
    /// RUN, BEGIN (Bolt 5.8) and the end of a result: the database.
    pub db: Option<String>,
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
                "has_more" => success.has_more = reader.optional(Reader::bool)?.unwrap_or(false),
                "qid" => success.qid = reader.optional(Reader::int)?,
                "bookmark" => success.bookmark = reader.optional(owned)?,
                "db" => success.db = reader.optional(owned)?,
                "server" => success.server = reader.optional(owned)?,
                "connection_id" => success.connection_id = reader.optional(owned)?,
                "hints" => success.hints = reader.optional(hints)?.unwrap_or_default(),
                "patch_bolt" => {
                    let patches = reader.optional(Reader::strings)?.unwrap_or_default();
                    success.utc_patch = patches.iter().any(|patch| patch == "utc");
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
    /// The text for people.
    pub message: String,
    /// The GQL status (Bolt 5.7).
    pub gql_status: Option<String>,
}

impl FailureMetadata {
    /// Reads an encoded map, of any version: the code's key changed in Bolt 5.7.
    ///
    /// # Errors
    ///
    /// Bytes that are not one map, an entry of the wrong type, no code or no message.
    pub fn parse(metadata: &[u8]) -> Result<Self, ProtocolError> {
        let mut reader = Reader::new(metadata);
        let (mut code, mut message, mut gql_status) = (None, None, None);
        for _ in 0..reader.map_header()? {
            match reader.string()? {
                "code" | "neo4j_code" => code = Some(owned(&mut reader)?),
                "message" => message = Some(owned(&mut reader)?),
                "gql_status" => gql_status = reader.optional(owned)?,
                _ => reader.skip()?,
            }
        }
        reader.finish("the metadata of FAILURE")?;
        let (Some(code), Some(message)) = (code, message) else {
            return Err(ProtocolError::MissingField("FAILURE"));
        };
        Ok(Self { code, message, gql_status })
    }
}

fn owned(reader: &mut Reader<'_>) -> Result<String, ProtocolError> {
    reader.string().map(str::to_owned)
}

fn hints(reader: &mut Reader<'_>) -> Result<Hints, ProtocolError> {
    let hints = reader.value()?;
    let bool = |key| hints.get(key).and_then(Value::as_bool).unwrap_or(false);
    let seconds = hints.get("connection.recv_timeout_seconds").and_then(Value::as_int);
    Ok(Hints {
        recv_timeout_seconds: seconds.and_then(|seconds| u32::try_from(seconds).ok()).filter(|&s| s > 0),
        telemetry_enabled: bool("telemetry.enabled"),
        ssr_enabled: bool("ssr.enabled"),
    })
}

const SUCCESS: u8 = 0x70;
const RECORD: u8 = 0x71;
const IGNORED: u8 = 0x7E;
const FAILURE: u8 = 0x7F;
