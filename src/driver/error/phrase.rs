//! A failure as data: a kind, which is a number, and its arguments. The sentences are in
//! `lib/error/texts.ts`, which has one for each kind.

use bytes::{BufMut, BytesMut};

use crate::bolt::packstream::{
    write_bool, write_int, write_list_header, write_null, write_string, write_strings,
};

/// A kind and what it is about.
#[derive(Debug)]
pub(crate) struct Phrase<'a> {
    kind: PhraseKind,
    arguments: Vec<Argument<'a>>,
}

/// An argument of a phrase.
#[derive(Debug)]
pub(crate) enum Argument<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    /// A value of the server's in PackStream.
    Raw(&'a [u8]),
    Texts(&'a [String]),
    Phrase(Phrase<'a>),
}

impl<'a> Phrase<'a> {
    pub(super) fn new(kind: PhraseKind, arguments: impl Into<Vec<Argument<'a>>>) -> Self {
        Self { kind, arguments: arguments.into() }
    }

    /// Appends the phrase as a list of its kind and its arguments. `raw`: with the server's values, which
    /// are null otherwise.
    pub(super) fn write(&self, out: &mut BytesMut, raw: bool) {
        write_list_header(out, 1 + self.arguments.len());
        write_int(out, self.kind as i64);
        for argument in &self.arguments {
            match argument {
                Argument::Bool(value) => write_bool(out, *value),
                Argument::Int(value) => write_int(out, *value),
                Argument::Text(value) => write_string(out, value),
                Argument::Raw(value) if raw => out.put_slice(value),
                Argument::Texts(values) => write_strings(out, values),
                Argument::Null | Argument::Raw(_) => write_null(out),
                Argument::Phrase(phrase) => phrase.write(out, raw),
            }
        }
    }
}

impl From<PhraseKind> for Argument<'_> {
    fn from(kind: PhraseKind) -> Self {
        Self::Phrase(Phrase::new(kind, []))
    }
}

impl<'a> From<Phrase<'a>> for Argument<'a> {
    fn from(phrase: Phrase<'a>) -> Self {
        Self::Phrase(phrase)
    }
}

impl From<i64> for Argument<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<usize> for Argument<'_> {
    fn from(value: usize) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<std::time::Duration> for Argument<'_> {
    /// In milliseconds.
    fn from(value: std::time::Duration) -> Self {
        Self::Int(i64::try_from(value.as_millis()).unwrap_or(i64::MAX))
    }
}

impl From<&str> for Argument<'_> {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl<'a, T: Into<Self>> From<Option<T>> for Argument<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! numbered {
    ($($(#[$doc:meta])* $kind:ident = $number:literal,)*) => {
        /// The kinds of phrases. `lib/error/kinds.ts` has the same names and numbers.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum PhraseKind {
            $($(#[$doc])* $kind = $number,)*
        }

        impl PhraseKind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];
        }
    };
}

numbered! {
    // Failures of requests. Behind each: its arguments.
    /// The metadata of the server's FAILURE; the number of what JavaScript keeps about it, or null.
    Server = 1,
    /// The same, where the metadata cannot cross: code; number or null.
    ServerCode = 2,
    /// The failure that left a commit in doubt.
    InDoubt = 3,
    /// The failure by which a routing driver lost a server.
    Lost = 4,
    /// The number of what is kept in JavaScript: what a function of the application threw.
    Thrown = 5,
    /// No arguments.
    Interrupted = 6,
    /// No arguments.
    Closed = 7,
    /// No arguments.
    PoolClosed = 8,
    /// No arguments.
    TransactionOver = 9,
    /// Limit in milliseconds; connections in use, and idle; what was awaited, or null.
    AcquisitionTimeout = 10,
    /// Port.
    BadPort = 11,
    /// No arguments.
    Disconnected = 12,
    /// Entry of the token; what it is: null, list or map.
    BadToken = 13,
    /// The setting in bytes; how many are known to belong to the message.
    TooLong = 14,
    /// Why no connection could be made, or why one broke.
    Connect = 15,
    /// What is wrong, in the engine's words. They are for authors of servers and proxies.
    Protocol = 16,
    /// No arguments.
    Http = 17,
    /// Major and minor version.
    UnknownVersion = 18,
    /// Request.
    Ignored = 19,

    // What the server's version of Bolt does not have.
    /// User.
    Impersonation = 30,
    /// No arguments.
    Logoff = 31,
    /// No arguments.
    Logon = 32,
    /// No arguments.
    MultipleDatabases = 33,
    /// The filter, as the application wrote it.
    NotificationFilter = 34,
    /// No arguments.
    Route = 35,
    /// No arguments.
    UserSwitch = 36,
    /// No arguments.
    Uuid = 37,
    /// No arguments.
    Vector = 38,

    // Why no connection can be made, or why one breaks.
    /// Operation; number of the system's error, or name of its kind; address or null.
    System = 40,
    /// Number or kind; address; the system's words.
    Thread = 41,
    /// Host.
    HostNotFound = 42,
    /// Host.
    LookupAgain = 43,
    /// Host; number.
    Lookup = 44,
    /// Milliseconds.
    ConnectTimeout = 45,
    /// Milliseconds.
    Silence = 46,
    /// Number; name.
    TlsAlert = 47,
    /// No arguments.
    BadSignature = 48,
    /// No arguments.
    NotTls = 49,
    /// The words of rustls.
    TlsFailure = 50,
    /// The words of rustls.
    TlsSetup = 51,
    /// No arguments.
    TlsEnded = 52,
    /// Host.
    NoCertificateFor = 53,
    /// No arguments.
    UnusableKey = 54,
    /// No arguments.
    WrongKey = 55,
    /// Whether the system's authorities were to be trusted; whether any certificate was to be trusted;
    /// what is wrong with the server's.
    Untrusted = 56,

    // What is wrong with a certificate.
    /// Day or null.
    CertificateExpired = 60,
    /// Day or null.
    CertificateNotYetValid = 61,
    /// Hosts or null; host or null.
    CertificateOtherHost = 62,
    /// Host.
    CertificateCommonNameOnly = 63,
    /// No arguments.
    CertificateOld = 64,
    /// No arguments.
    CertificateSelfSigned = 65,
    /// Issuer or null.
    CertificateSelfSignedInChain = 66,
    /// Issuer or null.
    CertificateUnknownLeafIssuer = 67,
    /// Issuer or null.
    CertificateUnknownIssuer = 68,
    /// No arguments.
    CertificateWrongSignature = 69,
    /// No arguments.
    CertificateWrongPurpose = 70,
    /// No arguments.
    CertificateRevoked = 71,
    /// No arguments.
    CertificateUnknownAlgorithm = 72,
    /// The words of rustls.
    CertificateRefused = 73,
    /// The words of rustls.
    CertificateRejected = 74,

    // What was awaited when a time was up. No arguments.
    /// The application's manager of tokens.
    AwaitedToken = 80,
    /// The application's resolver.
    AwaitedResolver = 81,
    /// The application's certificates.
    AwaitedCertificates = 82,
    /// The server: the handshake.
    AwaitedHandshake = 83,
    /// The server: HELLO and LOGON.
    AwaitedGreeting = 84,
    /// The server: LOGON.
    AwaitedLogon = 85,
    /// The server: anything.
    AwaitedServer = 86,

    // What goes wrong in a cluster. The first argument is the failure that led to it, or null.
    /// Known table.
    NoRouters = 90,
    /// Nothing else.
    NoSeeds = 91,
    /// Database or null; READ or WRITE.
    NoServers = 92,
    /// Address.
    NotARouter = 93,
    /// READ or WRITE; known table.
    NoServer = 94,
    /// Address.
    NotAWriter = 95,
    /// Router; routers or readers.
    NoneOfRole = 96,
    /// Router; what is wrong; what the router said.
    BadTimeToLive = 97,
    /// Router; what is wrong; what is in place of the servers, if anything.
    BadServers = 98,
    /// Number; what the router said, record by record.
    RecordCount = 99,

    // Tables, and what is wrong with them.
    /// Database or null; when it is over, and when this was, in milliseconds since 1970; lists of routers,
    /// readers and writers.
    RoutingTable = 100,
    /// Metadata.
    RawResponse = 101,
    /// Lists of keys and fields.
    RawRecord = 102,
    /// No arguments.
    TimeToLiveMissing = 103,
    /// No arguments.
    TimeToLiveNull = 104,
    /// No arguments.
    TimeToLiveEmpty = 105,
    /// No arguments.
    ServersNoList = 106,
    /// No arguments.
    ServerNull = 107,
    /// What is in place of the list, if anything.
    AddressesNoList = 108,
    /// What is in place of the text.
    AddressNoText = 109,
    /// Text.
    AddressNoHost = 110,
}
