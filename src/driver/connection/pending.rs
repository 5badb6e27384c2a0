//! Who awaits the answer to a request, and what becomes of them where it is not SUCCESS.
//!
//! Knows nothing of the order in which answers come, nor of bytes.

use std::sync::Arc;

use tokio::sync::oneshot;

use crate::bolt::state::Request;
use crate::driver::error::{Error, Kind, Result};
use crate::driver::query::cursor::Cursor;
use crate::driver::routing::Inquiry;

/// Who awaits an answer.
pub(crate) enum Pending {
    /// The cursor's RUN.
    Run(Arc<Cursor>),
    /// The cursor's PULL.
    Pull(Arc<Cursor>),
    /// The cursor's DISCARD.
    Discard(Arc<Cursor>),
    /// BEGIN.
    Begin(Reply),
    /// COMMIT.
    Commit(Reply),
    /// ROLLBACK.
    Rollback(Reply),
    /// RESET, to give the connection back.
    Reset,
    /// RESET, to see whether the server is there.
    Ping(oneshot::Sender<Result<()>>),
    /// TELEMETRY: nobody.
    Telemetry,
    /// LOGOFF: nobody.
    Logoff,
    /// LOGON.
    Logon,
    /// What the driver itself wants to know.
    Inquiry(Box<Inquiry>),
}

/// Takes the answer to BEGIN, COMMIT or ROLLBACK.
pub(crate) type Reply = Box<dyn FnOnce(Result<Answer>) + Send + Sync>;

/// A SUCCESS.
pub(crate) struct Answer {
    /// The server.
    pub server: u32,
    /// Its metadata as a batch frame.
    pub frame: Vec<u8>,
    /// Whether the answer to a query is next.
    pub query_follows: bool,
}

impl Pending {
    /// What the server was asked.
    pub(super) fn request(&self) -> Request {
        match self {
            Self::Run(_) => Request::Run,
            Self::Pull(_) => Request::Pull,
            Self::Discard(_) => Request::Discard,
            Self::Begin(_) => Request::Begin,
            Self::Commit(_) => Request::Commit,
            Self::Rollback(_) => Request::Rollback,
            Self::Reset | Self::Ping(_) => Request::Reset,
            Self::Telemetry => Request::Telemetry,
            Self::Logoff => Request::Logoff,
            Self::Logon => Request::Logon,
            Self::Inquiry(inquiry) => inquiry.request(),
        }
    }

    /// Tells whoever waits that there is no answer, or a bad one.
    pub(super) fn fail(self, error: &Error) {
        match self {
            Self::Run(cursor) | Self::Pull(cursor) | Self::Discard(cursor) => cursor.fail(error),
            Self::Begin(reply) | Self::Rollback(reply) => reply(Err(error.clone())),
            Self::Commit(reply) => reply(Err(match error.kind() {
                // The server's word, or that it has not looked at it.
                Kind::Server { .. } | Kind::Cluster { .. } | Kind::Interrupted => error.clone(),
                _ => Kind::InDoubt(error.clone()).into(),
            })),
            Self::Ping(sender) => {
                // Nobody waits any more: nobody needs to know.
                let _ = sender.send(Err(error.clone()));
            }
            Self::Inquiry(inquiry) => inquiry.fail(error),
            Self::Reset | Self::Telemetry | Self::Logoff | Self::Logon => {}
        }
    }
}
