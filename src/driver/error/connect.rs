//! Why a connection cannot be made, or breaks.

use std::fmt;
use std::io;
use std::time::Duration;

use thiserror::Error;
use tokio_rustls::rustls;

use rustls::{AlertDescription, CertificateError};

use super::phrase::{Argument, Phrase, PhraseKind};

/// Why a connection cannot be made, or breaks.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// The operating system refuses an operation on a socket.
    #[error("{operation}: {error}")]
    System {
        /// Of what.
        operation: Operation,
        /// Why.
        error: SystemError,
        /// Where to, if that is what was to be reached.
        address: Option<String>,
    },
    /// The operating system refuses the engine's thread.
    #[error("no thread: {text}")]
    Thread {
        /// Why.
        error: SystemError,
        /// The server that the thread was wanted for.
        address: String,
        /// Why, in the words of the system.
        text: String,
    },
    /// There is no such name.
    #[error("host {0} not found")]
    NotFound(String),
    /// Name servers do not answer, at the moment.
    #[error("host {0} cannot be looked up at the moment")]
    LookupAgain(String),
    /// A name cannot be looked up.
    #[error("host {host} cannot be looked up: {error}")]
    Lookup {
        /// The name.
        host: String,
        /// Why.
        error: SystemError,
    },
    /// The connection was not made within the connection timeout.
    #[error("not within {} ms", .0.as_millis())]
    Timeout(Duration),
    /// The server said nothing for that long, while it owed an answer.
    #[error("the server was silent for {} ms", .0.as_millis())]
    Silence(Duration),
    /// The TLS handshake failed, or TLS later.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// What was to be done with a socket.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Operation {
    /// To connect it.
    Connect,
    /// To read from it.
    Read,
    /// To write to it.
    Write,
}

/// An error of the operating system.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SystemError {
    /// By its number, which means something else on each system.
    Number(i32),
    /// Where it has no number.
    Kind(io::ErrorKind),
}

/// What is wrong with TLS.
#[derive(Debug, Error)]
pub enum TlsError {
    /// The server ends it with an alert: number and name.
    #[error("TLS alert {0} ({1}) from the server")]
    Alert(u8, String),
    /// The server's signature is not made with its certificate's key.
    #[error("the server does not prove whose certificate it shows")]
    BadSignature,
    /// What the server says is something else.
    #[error("the server does not speak TLS")]
    NotTls,
    /// Anything else, in the words of rustls.
    #[error("TLS: {0}")]
    Other(String),
    /// What a connection would be made with is not good for one, in the words of rustls.
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
    /// The server hangs up in the middle of the handshake.
    #[error("the server hung up during the TLS handshake")]
    Ended,
    /// The host is none that a certificate can be for.
    #[error("{0} cannot be named in a certificate")]
    NoName(String),
    /// The client certificate's key is of an unknown kind.
    #[error("the key of the client certificate is of an unknown kind")]
    UnusableKey,
    /// There is no client certificate with its key.
    #[error("no client certificate fits the key")]
    WrongKey,
    /// The server's certificate is not trusted.
    #[error("the server's certificate is not trusted: {0}")]
    Untrusted(Distrust),
}

/// Why a certificate is not trusted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Distrust {
    /// Whether the authorities of the system were to be trusted.
    pub of_system: bool,
    /// Whether there was a certificate in what was to be trusted.
    pub any_trusted: bool,
    /// What is wrong with it.
    pub flaw: CertificateFlaw,
}

/// What is wrong with a certificate. Texts from certificates are printable and not long.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum CertificateFlaw {
    /// It has expired, on that day.
    #[error("expired")]
    Expired(Option<String>),
    /// It is not valid yet, but from that day on.
    #[error("not valid yet")]
    NotYetValid(Option<String>),
    /// It is for other hosts.
    #[error("for another host")]
    OtherHost {
        /// Those; `None` where it is for no host.
        names: Option<String>,
        /// The host that was asked for, if that is known.
        host: Option<String>,
    },
    /// It names the host, an IP address, as its common name only.
    #[error("{0} only in the common name")]
    CommonNameOnly(String),
    /// It is of a version of X.509 before 3.
    #[error("an old version of X.509")]
    Old,
    /// It is its own issuer.
    #[error("self-signed")]
    SelfSigned,
    /// One of its issuers is its own: name of the last one.
    #[error("self-signed in its chain")]
    SelfSignedInChain(Option<String>),
    /// Its issuer is unknown, and nothing was sent along with it.
    #[error("unknown issuer")]
    UnknownLeafIssuer(Option<String>),
    /// The issuer of the last one in its chain is unknown.
    #[error("unknown issuer of its chain")]
    UnknownIssuer(Option<String>),
    /// It is not signed by its issuer.
    #[error("wrong signature")]
    WrongSignature,
    /// It is not for servers.
    #[error("not for servers")]
    WrongPurpose,
    /// It has been revoked.
    #[error("revoked")]
    Revoked,
    /// It, or one that it depends on, is signed with an unknown algorithm.
    #[error("signed by an unknown algorithm")]
    UnknownAlgorithm,
    /// Anything else with it, in the words of rustls.
    #[error("{0}")]
    Refused(String),
    /// Anything else, in the words of rustls.
    #[error("{0}")]
    Other(String),
}

impl ConnectError {
    /// Why a name could not be looked up.
    pub(super) fn lookup(host: &str, error: &io::Error) -> Self {
        let host = host.to_owned();
        match error.raw_os_error() {
            // Winsock: WSAHOST_NOT_FOUND and WSANO_DATA; WSATRY_AGAIN.
            Some(11001 | 11004) => Self::NotFound(host),
            Some(11002) => Self::LookupAgain(host),
            Some(number) => Self::Lookup { host, error: SystemError::Number(number) },
            // Other systems have texts for it only.
            None if is_passing(&error.to_string()) => Self::LookupAgain(host),
            None => Self::NotFound(host),
        }
    }

    /// The phrase for JavaScript.
    pub(super) fn phrase(&self) -> Phrase<'_> {
        match self {
            Self::System { operation, error, address } => Phrase::new(
                PhraseKind::System,
                [operation.name().into(), (*error).into(), address.as_deref().into()],
            ),
            Self::Thread { error, address, text } => Phrase::new(
                PhraseKind::Thread,
                [(*error).into(), address.as_str().into(), text.as_str().into()],
            ),
            Self::NotFound(host) => Phrase::new(PhraseKind::HostNotFound, [host.as_str().into()]),
            Self::LookupAgain(host) => Phrase::new(PhraseKind::LookupAgain, [host.as_str().into()]),
            Self::Lookup { host, error } => {
                Phrase::new(PhraseKind::Lookup, [host.as_str().into(), (*error).into()])
            }
            Self::Timeout(limit) => Phrase::new(PhraseKind::ConnectTimeout, [(*limit).into()]),
            Self::Silence(limit) => Phrase::new(PhraseKind::Silence, [(*limit).into()]),
            Self::Tls(error) => error.phrase(),
        }
    }
}

impl Operation {
    fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl From<&io::Error> for SystemError {
    fn from(error: &io::Error) -> Self {
        error.raw_os_error().map_or(Self::Kind(error.kind()), Self::Number)
    }
}

impl fmt::Display for SystemError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => io::Error::from_raw_os_error(*number).fmt(out),
            Self::Kind(kind) => kind.fmt(out),
        }
    }
}

impl From<SystemError> for Argument<'_> {
    /// A number, or the name of a [kind](io::ErrorKind).
    fn from(error: SystemError) -> Self {
        match error {
            SystemError::Number(number) => i64::from(number).into(),
            SystemError::Kind(kind) => Self::Text(format!("{kind:?}")),
        }
    }
}

impl TlsError {
    /// What an I/O error means where TLS is its cause.
    pub(super) fn of(error: &io::Error) -> Option<Self> {
        let error: &rustls::Error = error.get_ref()?.downcast_ref()?;
        Some(match error {
            rustls::Error::AlertReceived(alert) => Self::alert(*alert),
            // All else that may be wrong with a certificate has been said by then.
            rustls::Error::InvalidCertificate(CertificateError::BadSignature) => Self::BadSignature,
            rustls::Error::InvalidMessage(_) => Self::NotTls,
            other => Self::Other(other.to_string()),
        })
    }

    fn alert(alert: AlertDescription) -> Self {
        Self::Alert(u8::from(alert), format!("{alert:?}"))
    }

    fn phrase(&self) -> Phrase<'_> {
        match self {
            Self::Alert(number, name) => {
                Phrase::new(PhraseKind::TlsAlert, [i64::from(*number).into(), name.as_str().into()])
            }
            Self::BadSignature => Phrase::new(PhraseKind::BadSignature, []),
            Self::NotTls => Phrase::new(PhraseKind::NotTls, []),
            Self::Other(text) => Phrase::new(PhraseKind::TlsFailure, [text.as_str().into()]),
            Self::Setup(text) => Phrase::new(PhraseKind::TlsSetup, [text.as_str().into()]),
            Self::Ended => Phrase::new(PhraseKind::TlsEnded, []),
            Self::NoName(host) => Phrase::new(PhraseKind::NoCertificateFor, [host.as_str().into()]),
            Self::UnusableKey => Phrase::new(PhraseKind::UnusableKey, []),
            Self::WrongKey => Phrase::new(PhraseKind::WrongKey, []),
            Self::Untrusted(Distrust { of_system, any_trusted, flaw }) => Phrase::new(
                PhraseKind::Untrusted,
                [Argument::Bool(*of_system), Argument::Bool(*any_trusted), flaw.phrase().into()],
            ),
        }
    }
}

impl fmt::Display for Distrust {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.flaw.fmt(out)
    }
}

impl CertificateFlaw {
    fn phrase(&self) -> Phrase<'_> {
        let about = |kind, text: &Option<String>| Phrase::new(kind, [text.as_deref().into()]);
        match self {
            Self::Expired(day) => about(PhraseKind::CertificateExpired, day),
            Self::NotYetValid(day) => about(PhraseKind::CertificateNotYetValid, day),
            Self::OtherHost { names, host } => Phrase::new(
                PhraseKind::CertificateOtherHost,
                [names.as_deref().into(), host.as_deref().into()],
            ),
            Self::CommonNameOnly(host) => {
                Phrase::new(PhraseKind::CertificateCommonNameOnly, [host.as_str().into()])
            }
            Self::Old => Phrase::new(PhraseKind::CertificateOld, []),
            Self::SelfSigned => Phrase::new(PhraseKind::CertificateSelfSigned, []),
            Self::SelfSignedInChain(issuer) => about(PhraseKind::CertificateSelfSignedInChain, issuer),
            Self::UnknownLeafIssuer(issuer) => about(PhraseKind::CertificateUnknownLeafIssuer, issuer),
            Self::UnknownIssuer(issuer) => about(PhraseKind::CertificateUnknownIssuer, issuer),
            Self::WrongSignature => Phrase::new(PhraseKind::CertificateWrongSignature, []),
            Self::WrongPurpose => Phrase::new(PhraseKind::CertificateWrongPurpose, []),
            Self::Revoked => Phrase::new(PhraseKind::CertificateRevoked, []),
            Self::UnknownAlgorithm => Phrase::new(PhraseKind::CertificateUnknownAlgorithm, []),
            Self::Refused(text) => Phrase::new(PhraseKind::CertificateRefused, [text.as_str().into()]),
            Self::Other(text) => Phrase::new(PhraseKind::CertificateRejected, [text.as_str().into()]),
        }
    }
}

/// Whether a name server could not be asked, in the words of glibc and macOS, or of musl.
fn is_passing(lookup: &str) -> bool {
    ["Temporary failure in name resolution", "Try again"].iter().any(|text| lookup.ends_with(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_system_is_its_number_or_its_kind() {
        let error = SystemError::from(&io::Error::from_raw_os_error(99_999));
        assert_eq!(error, SystemError::Number(99_999));
        let error = SystemError::from(&io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(error, SystemError::Kind(io::ErrorKind::BrokenPipe));
        assert!(matches!(Argument::from(error), Argument::Text(name) if name == "BrokenPipe"));
    }

    #[test]
    fn a_name_that_cannot_be_looked_up_is_not_said_to_be_missing() {
        let failed = |text: &str| {
            let error = io::Error::other(format!("failed to lookup address information: {text}"));
            ConnectError::lookup("db.test", &error)
        };
        for text in ["Temporary failure in name resolution", "Try again"] {
            assert!(matches!(failed(text), ConnectError::LookupAgain(host) if host == "db.test"), "{text}");
        }
        for text in ["Name or service not known", "Name does not resolve"] {
            assert!(matches!(failed(text), ConnectError::NotFound(host) if host == "db.test"), "{text}");
        }
        for (number, passing) in [(11001, false), (11002, true), (11004, false)] {
            let found = ConnectError::lookup("db.test", &io::Error::from_raw_os_error(number));
            assert_eq!(matches!(found, ConnectError::LookupAgain(_)), passing, "{found:?}");
            assert_eq!(matches!(found, ConnectError::NotFound(_)), !passing, "{found:?}");
        }
    }
}
