//! Why a cluster does not do what is wanted.

use std::fmt;

use bytes::BytesMut;
use thiserror::Error;

use super::phrase::{Argument, Phrase, PhraseKind};
use crate::bolt::message::AccessMode;

/// Why a cluster does not do what is wanted.
#[derive(Debug, Error)]
pub enum ClusterError {
    /// No router has given a table; this one is known.
    #[error("no router has given a routing table")]
    NoRouters(KnownTable),
    /// There is no router that could be asked.
    #[error("there is no router to ask")]
    NoSeeds,
    /// There is no server for such work in a table.
    #[error("the routing table has no server that could be verified")]
    NoServers {
        /// The database; `None` = the home database.
        database: Option<String>,
        /// The work.
        mode: AccessMode,
    },
    /// The server of that address does not know what routing is.
    #[error("{0} is no router")]
    NotARouter(String),
    /// There is no server for such work in a table.
    #[error("the routing table has no server for such work")]
    NoServer {
        /// The work.
        mode: AccessMode,
        /// The table.
        table: KnownTable,
    },
    /// The server of that address takes no writes any more.
    #[error("{0} takes no writes any more")]
    NotAWriter(String),
    /// A router gave a table that is none.
    #[error("{router} gave a routing table that is none: {flaw}")]
    BadTable {
        /// What errors call the router.
        router: String,
        /// What is wrong with it.
        flaw: TableFlaw,
    },
    /// A router gave another number of records than one.
    #[error("a router gave {count} records, and not one")]
    RecordCount {
        /// The number.
        count: usize,
        /// The first ones.
        rows: Vec<RawTable>,
    },
}

/// A routing table, as far as it is shown. Times are milliseconds since 1970.
#[derive(Debug)]
pub struct KnownTable {
    /// The database; `None` where it has no name.
    pub database: Option<String>,
    /// When it is over.
    pub expires: i64,
    /// When this was.
    pub now: i64,
    /// Addresses.
    pub routers: Vec<String>,
    /// Addresses.
    pub readers: Vec<String>,
    /// Addresses.
    pub writers: Vec<String>,
}

/// What is wrong with a routing table. Values are PackStream, and no more of them than can be shown.
#[derive(Debug, Eq, Error, PartialEq)]
pub enum TableFlaw {
    /// Its time to live cannot be read.
    #[error("{flaw}")]
    TimeToLive {
        /// Why.
        flaw: TimeToLiveFlaw,
        /// The table.
        raw: RawTable,
    },
    /// Its servers cannot be read.
    #[error("{flaw}")]
    Servers {
        /// Why.
        flaw: ServersFlaw,
        /// The servers, if there is anything in their place.
        raw: Option<Vec<u8>>,
    },
    /// It names no routers.
    #[error("it names no routers")]
    NoRouters,
    /// It names no readers.
    #[error("it names no readers")]
    NoReaders,
}

/// What is wrong with a time to live.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum TimeToLiveFlaw {
    /// There is none.
    #[error("there is no time to live")]
    Missing,
    /// It is null.
    #[error("its time to live is null")]
    Null,
    /// It is an empty text.
    #[error("its time to live is an empty text")]
    Empty,
}

/// What is wrong with the servers of a table.
#[derive(Debug, Eq, Error, PartialEq)]
pub enum ServersFlaw {
    /// They are no list.
    #[error("its servers are no list")]
    NoList,
    /// One of them is null.
    #[error("one of its servers is null")]
    Null,
    /// The addresses of one are no list: what is in their place, if anything.
    #[error("the addresses of one of its servers are no list")]
    AddressesNoList(Option<Vec<u8>>),
    /// An address is no text.
    #[error("one of its addresses is no text")]
    AddressNoText(Vec<u8>),
    /// An address without a host.
    #[error("one of its addresses has no host")]
    NoHost(String),
}

/// What a router answered, in PackStream: no more of it than can be shown.
#[derive(Debug, Eq, PartialEq)]
pub enum RawTable {
    /// To ROUTE: the metadata.
    Response(Vec<u8>),
    /// To the procedure's call.
    Record {
        /// A list.
        keys: Vec<u8>,
        /// A list.
        fields: Vec<u8>,
    },
}

impl ClusterError {
    /// The phrase for JavaScript. `cause`: what led to it.
    pub(super) fn phrase<'a>(&'a self, cause: Option<Phrase<'a>>) -> Phrase<'a> {
        let (kind, mut arguments) = self.parts();
        arguments.insert(0, cause.into());
        Phrase::new(kind, arguments)
    }

    fn parts(&self) -> (PhraseKind, Vec<Argument<'_>>) {
        match self {
            Self::NoRouters(table) => (PhraseKind::NoRouters, vec![table.phrase().into()]),
            Self::NoSeeds => (PhraseKind::NoSeeds, Vec::new()),
            Self::NoServers { database, mode } => {
                (PhraseKind::NoServers, vec![database.as_deref().into(), name(*mode).into()])
            }
            Self::NotARouter(address) => (PhraseKind::NotARouter, vec![address.as_str().into()]),
            Self::NoServer { mode, table } => {
                (PhraseKind::NoServer, vec![name(*mode).into(), table.phrase().into()])
            }
            Self::NotAWriter(address) => (PhraseKind::NotAWriter, vec![address.as_str().into()]),
            Self::BadTable { router, flaw } => {
                let (kind, mut arguments) = flaw.parts();
                arguments.insert(0, router.as_str().into());
                (kind, arguments)
            }
            Self::RecordCount { count, rows } => {
                let rows = rows.iter().map(|row| row.phrase().into());
                (PhraseKind::RecordCount, std::iter::once((*count).into()).chain(rows).collect())
            }
        }
    }
}

impl KnownTable {
    /// The phrase for a line of the log, in PackStream.
    pub(crate) fn encoded(&self) -> Vec<u8> {
        let mut out = BytesMut::new();
        self.phrase().write(&mut out, true);
        out.to_vec()
    }

    /// The phrase for JavaScript.
    pub(super) fn phrase(&self) -> Phrase<'_> {
        Phrase::new(
            PhraseKind::RoutingTable,
            [
                self.database.as_deref().into(),
                self.expires.into(),
                self.now.into(),
                Argument::Texts(&self.routers),
                Argument::Texts(&self.readers),
                Argument::Texts(&self.writers),
            ],
        )
    }
}

impl fmt::Display for KnownTable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { database, routers, readers, writers, .. } = self;
        write!(out, "{database:?}: routers {routers:?}, readers {readers:?}, writers {writers:?}")
    }
}

impl TableFlaw {
    fn parts(&self) -> (PhraseKind, Vec<Argument<'_>>) {
        match self {
            Self::TimeToLive { flaw, raw } => {
                (PhraseKind::BadTimeToLive, vec![flaw.kind().into(), raw.phrase().into()])
            }
            Self::Servers { flaw, raw } => {
                let mut arguments = vec![flaw.phrase().into()];
                arguments.extend(raw.as_deref().map(Argument::Raw));
                (PhraseKind::BadServers, arguments)
            }
            Self::NoRouters => (PhraseKind::NoneOfRole, vec!["routers".into()]),
            Self::NoReaders => (PhraseKind::NoneOfRole, vec!["readers".into()]),
        }
    }
}

impl TimeToLiveFlaw {
    fn kind(self) -> PhraseKind {
        match self {
            Self::Missing => PhraseKind::TimeToLiveMissing,
            Self::Null => PhraseKind::TimeToLiveNull,
            Self::Empty => PhraseKind::TimeToLiveEmpty,
        }
    }
}

impl ServersFlaw {
    fn phrase(&self) -> Phrase<'_> {
        match self {
            Self::NoList => Phrase::new(PhraseKind::ServersNoList, []),
            Self::Null => Phrase::new(PhraseKind::ServerNull, []),
            Self::AddressesNoList(None) => Phrase::new(PhraseKind::AddressesNoList, []),
            Self::AddressesNoList(Some(raw)) => {
                Phrase::new(PhraseKind::AddressesNoList, [Argument::Raw(raw)])
            }
            Self::AddressNoText(raw) => Phrase::new(PhraseKind::AddressNoText, [Argument::Raw(raw)]),
            Self::NoHost(text) => Phrase::new(PhraseKind::AddressNoHost, [text.as_str().into()]),
        }
    }
}

impl RawTable {
    fn phrase(&self) -> Phrase<'_> {
        match self {
            Self::Response(metadata) => Phrase::new(PhraseKind::RawResponse, [Argument::Raw(metadata)]),
            Self::Record { keys, fields } => {
                Phrase::new(PhraseKind::RawRecord, [Argument::Raw(keys), Argument::Raw(fields)])
            }
        }
    }
}

fn name(mode: AccessMode) -> &'static str {
    match mode {
        AccessMode::Read => "READ",
        AccessMode::Write => "WRITE",
    }
}
