//! What can be wrong with the bytes of a peer, or with a request for the version it speaks. Whether a
//! connection survives an error is the caller's decision.

use thiserror::Error;

use super::version::Version;

/// A breach of the protocol, or a request that the negotiated version cannot express.
///
/// Except for [`ProtocolError::Unsupported`], which is found before anything is written, the
/// connection that caused one is not usable any more.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum ProtocolError {
    /// The peer speaks HTTP: most likely the wrong port.
    #[error("the server speaks HTTP")]
    Http,
    /// A variable length integer of the manifest does not end where one of 64 bits has to.
    #[error("variable length integer is too long")]
    IntegerTooLong,
    /// The bytes end before the value that they announce.
    #[error("bytes end in the middle of {0}")]
    MissingData(&'static str),
    /// A message without exactly the fields, or metadata without an entry, that its specification demands.
    #[error("{0} does not have the fields that belong to it")]
    MissingField(&'static str),
    /// Peer and driver have no version in common.
    #[error("no version of Bolt in common with the server")]
    NoCommonVersion,
    /// A number that leaves the range of its meaning.
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
    /// A string that is not UTF-8.
    #[error("string is not valid UTF-8")]
    NotUtf8,
    /// Values nested deeper than [`MAX_DEPTH`](super::packstream::MAX_DEPTH).
    #[error("values are nested too deeply")]
    TooDeep,
    /// A message that is longer than the driver takes.
    #[error("message is longer than the {limit} bytes that it may have: {announced} are announced so far")]
    TooLong {
        /// How many bytes it may have.
        limit: usize,
        /// How many it has up to the end of the chunk that is one too many. What follows is not known.
        announced: usize,
    },
    /// A manifest that lists more versions than can be meant.
    #[error("server offers too many versions ({0})")]
    TooManyVersions(u64),
    /// Bytes after the end of a value that should be alone.
    #[error("unexpected bytes after {0}")]
    TrailingData(&'static str),
    /// A value of another type than the one that belongs there.
    #[error("expected {expected}, got marker {marker:#04x}")]
    UnexpectedMarker {
        /// The type that belongs there.
        expected: &'static str,
        /// The marker byte that was found.
        marker: u8,
    },
    /// A response that the server cannot give in its state.
    #[error("server answered {request} with {response} in state {state}")]
    UnexpectedResponse {
        /// The server's state before the response.
        state: &'static str,
        /// The request that was answered.
        request: &'static str,
        /// The response.
        response: &'static str,
    },
    /// A request was ignored although no failure explains it.
    #[error("server ignored {0} without a failure")]
    Ignored(&'static str),
    /// A marker byte that PackStream does not define.
    #[error("unknown marker {0:#04x}")]
    UnknownMarker(u8),
    /// A message that is none of the four responses.
    #[error("unknown message {0:#04x}")]
    UnknownMessage(u8),
    /// The server chose a version that was not offered, or that this driver does not speak.
    #[error("server chose version {0} of Bolt, which is not spoken")]
    UnknownVersion(Version),
    /// The request needs something that the negotiated version does not have.
    #[error(transparent)]
    Unsupported(#[from] Feature),
}

/// Something that only later versions of Bolt have.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum Feature {
    /// Work as another user: Bolt 4.4.
    #[error("impersonation, as of {0}, needs Bolt 4.4")]
    Impersonation(String),
    /// LOGOFF: Bolt 5.1.
    #[error("LOGOFF needs Bolt 5.1")]
    Logoff,
    /// LOGON: Bolt 5.1.
    #[error("LOGON needs Bolt 5.1")]
    Logon,
    /// A database chosen by name: Bolt 4.0.
    #[error("a database chosen by name needs Bolt 4.0")]
    MultipleDatabases,
    /// A notification filter, as the application wrote it: Bolt 5.2.
    #[error("the notification filter {0} needs Bolt 5.2")]
    NotificationFilter(String),
    /// The ROUTE message: Bolt 4.3.
    #[error("ROUTE needs Bolt 4.3")]
    Route,
    /// Another user on a connection: Bolt 5.1.
    #[error("another user on a connection needs Bolt 5.1")]
    UserSwitch,
    /// The UUID type: Bolt 6.1.
    #[error("the UUID type needs Bolt 6.1")]
    Uuid,
    /// The vector types: Bolt 6.0.
    #[error("vector types need Bolt 6.0")]
    Vector,
}
