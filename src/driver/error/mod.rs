//! What can go wrong in the engine, as data.
//!
//! JavaScript gets the kind of a failure and its arguments ([`PhraseKind`]). Codes and sentences, which are
//! those of neo4j-driver, are in `lib/error`. The texts of `Display` are for programs in Rust.

mod cluster;
mod connect;
mod phrase;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;

use crate::bolt::message::FailureMetadata;
use crate::bolt::{Feature, ProtocolError};

use crate::batch::BatchWriter;
use crate::driver::event::JsHandle;
use phrase::{Argument, Phrase};

pub use cluster::{ClusterError, KnownTable, RawTable, ServersFlaw, TableFlaw, TimeToLiveFlaw};
pub use connect::{CertificateFlaw, ConnectError, Distrust, Operation, SystemError, TlsError};
pub use phrase::PhraseKind;

/// A failure of a request or of a connection. Cheap to clone: one failure may end many requests.
#[derive(Clone, Debug)]
pub struct Error(Arc<Kind>);

/// The kinds of failure.
#[derive(Debug)]
pub enum Kind {
    /// The server answered FAILURE; `metadata` is its map, still encoded.
    Server {
        /// The status code, such as `Neo.ClientError.Statement.SyntaxError`.
        code: String,
        /// The FAILURE message's map in PackStream.
        metadata: Vec<u8>,
        /// What the driver's manager of tokens said to it, if there is a manager and it heard of the failure.
        incident: Option<JsHandle>,
    },
    /// No connection could be made, or an established one broke with an I/O error.
    Connect(ConnectError),
    /// An address has a port that no server can listen at.
    BadPort(i64),
    /// The server closed the connection.
    Disconnected,
    /// A routing driver has lost one server, or found it gone: there may be others.
    Lost(Error),
    /// No server of a cluster can do the work, or no router names one that can.
    Cluster {
        /// What is wrong.
        error: ClusterError,
        /// What led to it.
        cause: Option<Error>,
    },
    /// The server broke the protocol.
    Protocol(ProtocolError),
    /// A message of the server is over the limit that the application has set.
    TooLong {
        /// The setting, in bytes.
        limit: usize,
        /// How many bytes are known to belong to the message. How many more follow is unknown.
        announced: usize,
    },
    /// The server hung up instead of taking a token that it cannot read.
    BadToken {
        /// The entry that it cannot read.
        key: String,
        /// What that is: null, list or map.
        value: &'static str,
    },
    /// No connection became free in time.
    AcquisitionTimeout {
        /// The timeout.
        limit: Duration,
        /// Connections in use at that moment.
        active: usize,
        /// Connections idle at that moment.
        idle: usize,
        /// What the request was waiting for, if that is known.
        awaited: Option<Awaited>,
    },
    /// The driver was closed while the request was under way.
    Closed,
    /// A request came after the driver had been closed.
    PoolClosed,
    /// The request was interrupted by a RESET that the driver sent.
    Interrupted,
    /// The server's Bolt version cannot do what the request asks for.
    Unsupported(Feature),
    /// The connection was lost before COMMIT was answered: the transaction may or may not be committed.
    InDoubt(Error),
    /// The transaction is over, so nothing can be run in it.
    TransactionOver,
    /// The request buffer is malformed: a defect in the facade.
    Request(ProtocolError),
    /// A function of the application threw when the engine asked it something. What it threw is what
    /// the request fails with.
    Thrown(JsHandle),
}

/// What a request was waiting for when its time was up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Awaited {
    /// A token from the application's manager.
    Token,
    /// An answer of the application's resolver.
    Resolver,
    /// The application's certificates.
    Certificates,
    /// The server's answer to the handshake.
    Handshake,
    /// The server's answers to HELLO and LOGON.
    Greeting,
    /// The server's answer to LOGON.
    Logon,
    /// The server's answer.
    Server,
}

/// Result with the engine's error.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The server's FAILURE with its encoded metadata map.
    pub fn server(metadata: &[u8]) -> Self {
        match FailureMetadata::parse(metadata) {
            Ok(parsed) => {
                Kind::Server { code: parsed.code, metadata: metadata.to_vec(), incident: None }.into()
            }
            Err(error) => error.into(),
        }
    }

    /// An I/O error.
    pub fn io(operation: Operation, error: &io::Error, address: Option<&dyn fmt::Display>) -> Self {
        if let Some(error) = TlsError::of(error) {
            return error.into();
        }
        // The end of the connection without the end of TLS. What was cut off, Bolt's framing shows.
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return Kind::Disconnected.into();
        }
        let address = address.map(ToString::to_string);
        ConnectError::System { operation, error: error.into(), address }.into()
    }

    /// The system refuses what the engine of a driver needs to begin.
    pub(crate) fn unstarted(error: &io::Error, address: &dyn fmt::Display) -> Self {
        let (address, text) = (address.to_string(), error.to_string());
        ConnectError::Thread { error: error.into(), address, text }.into()
    }

    /// A name was not found, or could not be looked up.
    pub(crate) fn lookup(host: &str, error: &io::Error) -> Self {
        ConnectError::lookup(host, error).into()
    }

    /// The TCP connection was not made within the connection timeout.
    pub fn connect_timeout(limit: Duration) -> Self {
        ConnectError::Timeout(limit).into()
    }

    /// The server said nothing for as long as its hint `connection.recv_timeout_seconds` allows,
    /// while it owed an answer.
    pub fn silent(limit: Duration) -> Self {
        ConnectError::Silence(limit).into()
    }

    /// Whether the server objects to the user, or to how the user's identity is proved.
    pub(crate) fn is_about_security(&self) -> bool {
        matches!(&*self.0, Kind::Server { code, .. } if code.starts_with("Neo.ClientError.Security."))
    }

    /// What the driver's manager of tokens said to it.
    pub(crate) fn incident(&self) -> Option<&JsHandle> {
        match &*self.0 {
            Kind::Server { incident, .. } => incident.as_ref(),
            _ => None,
        }
    }

    /// The same failure, after the manager has heard of it.
    pub(crate) fn with_incident(&self, incident: JsHandle) -> Self {
        match &*self.0 {
            Kind::Server { code, metadata, .. } => {
                let (code, metadata) = (code.clone(), metadata.clone());
                Kind::Server { code, metadata, incident: Some(incident) }.into()
            }
            _ => self.clone(),
        }
    }

    /// Whether the connection is gone, or was never made.
    pub(crate) fn is_of_network(&self) -> bool {
        matches!(self.kind(), Kind::Connect(_) | Kind::Disconnected | Kind::Lost(_))
    }

    /// The failure of a request that its own user has interrupted: the server's answer, or, where the
    /// connection is lost on the way there, that it was interrupted. The user does not want to run it again.
    pub(crate) fn of_interrupted(&self) -> Self {
        if self.is_of_network() { Kind::Interrupted.into() } else { self.clone() }
    }

    /// As a routing driver sees it: where the network failed, another server may do.
    pub(crate) fn lost(self) -> Self {
        match self.kind() {
            Kind::Connect(_) | Kind::Disconnected => Kind::Lost(self).into(),
            _ => self,
        }
    }

    /// A cluster does not do what is wanted. `cause`: what led to it.
    pub(crate) fn of_cluster(error: ClusterError, cause: Option<Self>) -> Self {
        Kind::Cluster { error, cause }.into()
    }

    /// The kind of this failure.
    pub fn kind(&self) -> &Kind {
        &self.0
    }

    /// The server's code for it, where the server has said what is wrong.
    pub fn code(&self) -> Option<&str> {
        match &*self.0 {
            Kind::Server { code, .. } => Some(code),
            Kind::InDoubt(cause) => cause.code(),
            _ => None,
        }
    }

    /// The failure as the payload of an event: a batch frame of one record. Its columns are the kind and the
    /// arguments of a [phrase](PhraseKind).
    pub fn frame(&self) -> Vec<u8> {
        let mut batch = BatchWriter::new();
        for raw in [true, false] {
            let mut record = BytesMut::new();
            self.phrase(raw).write(&mut record, raw);
            // What the server sent may have something deep inside that cannot be transcoded.
            if batch.record(&record).is_ok() {
                break;
            }
        }
        batch.finish()
    }

    /// The phrase for a line of the log, in PackStream. If `whole`, it has what the server sent, unless it is
    /// longer than `longest` then.
    pub(crate) fn encoded(&self, whole: bool, longest: usize) -> Vec<u8> {
        for raw in [whole, false] {
            let mut out = BytesMut::new();
            self.phrase(raw).write(&mut out, raw);
            if !raw || (out.len() <= longest && BatchWriter::new().value(&out).is_ok()) {
                return out.to_vec();
            }
        }
        Vec::new()
    }

    /// The phrase for JavaScript. `raw`: with what the server sent.
    fn phrase(&self, raw: bool) -> Phrase<'_> {
        match self.kind() {
            Kind::Server { code, metadata, incident } => {
                let incident = incident.as_ref().map(|handle| i64::from(handle.number())).into();
                if raw {
                    Phrase::new(PhraseKind::Server, [Argument::Raw(metadata), incident])
                } else {
                    Phrase::new(PhraseKind::ServerCode, [code.as_str().into(), incident])
                }
            }
            Kind::Connect(reason) => Phrase::new(PhraseKind::Connect, [reason.phrase().into()]),
            Kind::BadPort(port) => Phrase::new(PhraseKind::BadPort, [(*port).into()]),
            Kind::Disconnected => Phrase::new(PhraseKind::Disconnected, []),
            Kind::Lost(cause) => Phrase::new(PhraseKind::Lost, [cause.phrase(raw).into()]),
            Kind::Cluster { error, cause } => error.phrase(cause.as_ref().map(|cause| cause.phrase(raw))),
            Kind::Protocol(error) | Kind::Request(error) => of_protocol(error),
            Kind::TooLong { limit, announced } => {
                Phrase::new(PhraseKind::TooLong, [(*limit).into(), (*announced).into()])
            }
            Kind::BadToken { key, value } => {
                Phrase::new(PhraseKind::BadToken, [key.as_str().into(), (*value).into()])
            }
            Kind::AcquisitionTimeout { limit, active, idle, awaited } => Phrase::new(
                PhraseKind::AcquisitionTimeout,
                [(*limit).into(), (*active).into(), (*idle).into(), awaited.map(Awaited::kind).into()],
            ),
            Kind::Closed => Phrase::new(PhraseKind::Closed, []),
            Kind::PoolClosed => Phrase::new(PhraseKind::PoolClosed, []),
            Kind::Interrupted => Phrase::new(PhraseKind::Interrupted, []),
            Kind::Unsupported(feature) => of_feature(feature),
            Kind::InDoubt(cause) => Phrase::new(PhraseKind::InDoubt, [cause.phrase(raw).into()]),
            Kind::TransactionOver => Phrase::new(PhraseKind::TransactionOver, []),
            Kind::Thrown(handle) => Phrase::new(PhraseKind::Thrown, [i64::from(handle.number()).into()]),
        }
    }
}

impl Awaited {
    fn kind(self) -> PhraseKind {
        match self {
            Self::Token => PhraseKind::AwaitedToken,
            Self::Resolver => PhraseKind::AwaitedResolver,
            Self::Certificates => PhraseKind::AwaitedCertificates,
            Self::Handshake => PhraseKind::AwaitedHandshake,
            Self::Greeting => PhraseKind::AwaitedGreeting,
            Self::Logon => PhraseKind::AwaitedLogon,
            Self::Server => PhraseKind::AwaitedServer,
        }
    }
}

fn of_protocol(error: &ProtocolError) -> Phrase<'static> {
    let unknown = |major: u8, minor: u8| {
        Phrase::new(PhraseKind::UnknownVersion, [i64::from(major).into(), i64::from(minor).into()])
    };
    match error {
        ProtocolError::Http => Phrase::new(PhraseKind::Http, []),
        // The version that servers name where there is none.
        ProtocolError::NoCommonVersion => unknown(0, 0),
        ProtocolError::UnknownVersion(version) => unknown(version.major, version.minor),
        ProtocolError::Ignored(request) => Phrase::new(PhraseKind::Ignored, [(*request).into()]),
        ProtocolError::Unsupported(feature) => of_feature(feature),
        other => Phrase::new(PhraseKind::Protocol, [Argument::Text(other.to_string())]),
    }
}

fn of_feature(feature: &Feature) -> Phrase<'static> {
    match feature {
        Feature::Impersonation(user) => Phrase::new(PhraseKind::Impersonation, [user.as_str().into()]),
        Feature::Logoff => Phrase::new(PhraseKind::Logoff, []),
        Feature::Logon => Phrase::new(PhraseKind::Logon, []),
        Feature::MultipleDatabases => Phrase::new(PhraseKind::MultipleDatabases, []),
        Feature::NotificationFilter(filter) => {
            Phrase::new(PhraseKind::NotificationFilter, [filter.as_str().into()])
        }
        Feature::Route => Phrase::new(PhraseKind::Route, []),
        Feature::UserSwitch => Phrase::new(PhraseKind::UserSwitch, []),
        Feature::Uuid => Phrase::new(PhraseKind::Uuid, []),
        Feature::Vector => Phrase::new(PhraseKind::Vector, []),
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self(Arc::new(kind))
    }
}

impl From<ConnectError> for Error {
    fn from(error: ConnectError) -> Self {
        Kind::Connect(error).into()
    }
}

impl From<TlsError> for Error {
    fn from(error: TlsError) -> Self {
        ConnectError::from(error).into()
    }
}

impl From<ProtocolError> for Error {
    fn from(error: ProtocolError) -> Self {
        match error {
            ProtocolError::Unsupported(feature) => Kind::Unsupported(feature),
            other => Kind::Protocol(other),
        }
        .into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Server { code, .. } => write!(out, "the server failed the request with {code}"),
            Kind::Connect(reason) => write!(out, "no connection to the server: {reason}"),
            Kind::InDoubt(cause) => cause.fmt(out),
            Kind::BadPort(port) => write!(out, "there is no port {port}"),
            Kind::Disconnected => out.write_str("the server closed the connection"),
            Kind::Lost(error) => error.fmt(out),
            Kind::Cluster { error, .. } => error.fmt(out),
            Kind::Protocol(error) | Kind::Request(error) => error.fmt(out),
            Kind::TooLong { limit, announced } => {
                write!(
                    out,
                    "a message of at least {announced} bytes is longer than {limit}, which is the limit"
                )
            }
            Kind::BadToken { key, value } => {
                write!(out, "the server closed the connection at an auth token whose {key} is a {value}")
            }
            Kind::AcquisitionTimeout { limit, active, idle, .. } => write!(
                out,
                "no connection was to be had within {} ms, with {active} in use and {idle} idle",
                limit.as_millis(),
            ),
            Kind::Closed => out.write_str("the driver was closed while the request was under way"),
            Kind::PoolClosed => out.write_str("the driver is closed"),
            Kind::Interrupted => out.write_str("the request was interrupted"),
            Kind::Unsupported(feature) => feature.fmt(out),
            Kind::TransactionOver => out.write_str("nothing can be run in a transaction that is over"),
            Kind::Thrown(_) => out.write_str("a function of the application failed"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            Kind::Protocol(error) | Kind::Request(error) => Some(error),
            Kind::Connect(error) => Some(error),
            Kind::InDoubt(cause) => Some(cause),
            Kind::Lost(error) => Some(error),
            Kind::Cluster { cause: Some(cause), .. } => Some(cause),
            _ => None,
        }
    }
}

/// The server has forgotten what its users may do.
pub(crate) const AUTHORIZATION_EXPIRED: &str = "Neo.ClientError.Security.AuthorizationExpired";
