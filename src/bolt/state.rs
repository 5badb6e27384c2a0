//! The server's state, followed from response to response. Knows which response may follow which
//! request; knows nothing of bytes.

use super::{error::ProtocolError, version::Version};

/// What the server is ready for, after the last response that came from it.
///
/// ```text
///                   HELLO                    LOGON
///   Negotiation ───────────▶ Authentication ───────▶ Ready ◀──────────┐
///        │  HELLO before 5.1                           ▲│  ROUTE, TELEMETRY
///        └─────────────────────────────────────────────┘├─────────────┘
///                            ▲            LOGOFF        │
///                            └──────────────────────────┤
///                                                       │
///            ┌─────────── RUN ──────────────────────────┴────── BEGIN ──────────┐
///            ▼                                                                  ▼
///        Streaming ──┐                     Ready ◀── COMMIT, ROLLBACK ─────── TxReady
///     ▲  │           │ PULL, DISCARD                       │              RUN │    ▲
///     └──┘           ▼ without has_more                    │                  ▼    │ PULL, DISCARD
///   PULL, DISCARD  Ready                                   └──────────── TxStreaming  without has_more
///   with has_more                                                     ▲  │   for the last open result
///                                                                     └──┘ RUN; PULL, DISCARD
///
///   FAILURE to HELLO or LOGON:  ──▶ Defunct         any other FAILURE:          ──▶ Failed
///   Failed: IGNORED to anything ──▶ Failed          RESET is sent:              ──▶ Interrupted
///   Interrupted: anything       ──▶ Interrupted     SUCCESS to the last RESET:  ──▶ Ready
///   FAILURE to RESET:           ──▶ Defunct         GOODBYE is sent:            ──▶ Defunct
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ServerState {
    /// A version was agreed on; HELLO is next.
    Negotiation {
        /// LOGON follows HELLO, in place of HELLO authenticating (Bolt 5.1).
        logon: bool,
    },
    /// LOGON is next.
    Authentication,
    /// Idle.
    Ready,
    /// The result of an auto-commit transaction is open.
    Streaming,
    /// In an explicit transaction, without an open result.
    TxReady,
    /// In an explicit transaction, with open results.
    TxStreaming {
        /// How many; at least one.
        open: u32,
    },
    /// A request failed; everything is ignored up to RESET.
    Failed,
    /// RESET was sent; everything before it is ended or ignored.
    Interrupted {
        /// How many RESETs are unanswered; at least one.
        resets: u32,
    },
    /// Nothing will come of this connection any more.
    Defunct,
}

/// The kinds of requests.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Request {
    /// HELLO
    Hello,
    /// LOGON
    Logon,
    /// LOGOFF
    Logoff,
    /// RUN
    Run,
    /// BEGIN
    Begin,
    /// COMMIT
    Commit,
    /// ROLLBACK
    Rollback,
    /// PULL
    Pull,
    /// DISCARD
    Discard,
    /// RESET
    Reset,
    /// ROUTE
    Route,
    /// TELEMETRY
    Telemetry,
    /// GOODBYE, which is never answered
    Goodbye,
}

/// How a request ended: the kinds of responses but RECORD, which ends nothing.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Outcome {
    /// SUCCESS
    Success {
        /// PULL, DISCARD: the result has more records.
        has_more: bool,
    },
    /// FAILURE
    Failure,
    /// IGNORED
    Ignored,
}

impl ServerState {
    /// The state behind the handshake.
    pub fn new(version: Version) -> Self {
        Self::Negotiation { logon: version.has_logon() }
    }

    /// The state when `request` has been sent. Only RESET, which the server looks at out of turn,
    /// and GOODBYE, which it does not answer, change it before they are answered.
    #[must_use]
    pub fn sent(self, request: Request) -> Self {
        match (request, self) {
            (Request::Goodbye, _) | (_, Self::Defunct) => Self::Defunct,
            (Request::Reset, Self::Interrupted { resets }) => {
                Self::Interrupted { resets: resets.saturating_add(1) }
            }
            (Request::Reset, _) => Self::Interrupted { resets: 1 },
            _ => self,
        }
    }

    /// The state when `request`, the oldest that is unanswered, has ended in `outcome`.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::UnexpectedResponse`] where the server cannot answer so.
    pub fn after(self, request: Request, outcome: Outcome) -> Result<Self, ProtocolError> {
        match outcome {
            Outcome::Success { has_more } => self.after_success(request, has_more),
            Outcome::Failure => self.after_failure(request),
            Outcome::Ignored => self.after_ignored(request),
        }
    }

    /// Checks that `request`, the oldest that is unanswered, may be answered with a RECORD.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::UnexpectedResponse`] where no result is open, or it is not being pulled.
    pub fn record(self, request: Request) -> Result<(), ProtocolError> {
        match (self, request) {
            (Self::Streaming | Self::TxStreaming { .. } | Self::Interrupted { .. }, Request::Pull) => Ok(()),
            _ => Err(self.unexpected(request, "RECORD")),
        }
    }

    /// The name of the state in the specification.
    pub fn name(self) -> &'static str {
        match self {
            Self::Negotiation { .. } => "NEGOTIATION",
            Self::Authentication => "AUTHENTICATION",
            Self::Ready => "READY",
            Self::Streaming => "STREAMING",
            Self::TxReady => "TX_READY",
            Self::TxStreaming { .. } => "TX_STREAMING",
            Self::Failed => "FAILED",
            Self::Interrupted { .. } => "INTERRUPTED",
            Self::Defunct => "DEFUNCT",
        }
    }

    fn after_success(self, request: Request, has_more: bool) -> Result<Self, ProtocolError> {
        Ok(match (self, request) {
            (Self::Negotiation { logon: true }, Request::Hello) => Self::Authentication,
            (Self::Negotiation { logon: false }, Request::Hello) => Self::Ready,
            (Self::Authentication, Request::Logon) => Self::Ready,

            (Self::Ready, Request::Logoff) => Self::Authentication,
            (Self::Ready, Request::Route | Request::Telemetry) => Self::Ready,
            (Self::Ready, Request::Run) => Self::Streaming,
            (Self::Ready, Request::Begin) => Self::TxReady,

            (Self::Streaming, Request::Pull | Request::Discard) if has_more => self,
            (Self::Streaming, Request::Pull | Request::Discard) => Self::Ready,

            (Self::TxReady, Request::Run) => Self::TxStreaming { open: 1 },
            (Self::TxStreaming { open }, Request::Run) => Self::TxStreaming { open: open.saturating_add(1) },
            (Self::TxStreaming { .. }, Request::Pull | Request::Discard) if has_more => self,
            (Self::TxStreaming { open: 0 | 1 }, Request::Pull | Request::Discard) => Self::TxReady,
            (Self::TxStreaming { open }, Request::Pull | Request::Discard) => {
                Self::TxStreaming { open: open - 1 }
            }
            (Self::TxReady | Self::TxStreaming { .. }, Request::Commit | Request::Rollback) => Self::Ready,

            (Self::Interrupted { resets: 0 | 1 }, Request::Reset) => Self::Ready,
            (Self::Interrupted { resets }, Request::Reset) => Self::Interrupted { resets: resets - 1 },
            // Done before the server saw RESET.
            (Self::Interrupted { .. }, _) => self,

            _ => return Err(self.unexpected(request, "SUCCESS")),
        })
    }

    fn after_failure(self, request: Request) -> Result<Self, ProtocolError> {
        match (self, request) {
            (Self::Defunct, _) | (_, Request::Hello | Request::Logon | Request::Reset) => Ok(Self::Defunct),
            (_, Request::Goodbye) => Err(self.unexpected(request, "FAILURE")),
            // Failed before the server saw RESET, or because of it.
            (Self::Interrupted { .. }, _) => Ok(self),
            _ => Ok(Self::Failed),
        }
    }

    fn after_ignored(self, request: Request) -> Result<Self, ProtocolError> {
        match (self, request) {
            (_, Request::Goodbye) => Err(self.unexpected(request, "IGNORED")),
            // RESET is never ignored, except where another one behind it is already under way.
            (Self::Interrupted { resets }, Request::Reset) if resets > 1 => {
                Ok(Self::Interrupted { resets: resets - 1 })
            }
            (Self::Interrupted { .. }, Request::Reset) => Err(self.unexpected(request, "IGNORED")),
            (Self::Failed | Self::Interrupted { .. } | Self::Defunct, _) => Ok(self),
            _ => Err(self.unexpected(request, "IGNORED")),
        }
    }

    fn unexpected(self, request: Request, response: &'static str) -> ProtocolError {
        ProtocolError::UnexpectedResponse { state: self.name(), request: request.name(), response }
    }
}

impl Request {
    /// The name of the message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hello => "HELLO",
            Self::Logon => "LOGON",
            Self::Logoff => "LOGOFF",
            Self::Run => "RUN",
            Self::Begin => "BEGIN",
            Self::Commit => "COMMIT",
            Self::Rollback => "ROLLBACK",
            Self::Pull => "PULL",
            Self::Discard => "DISCARD",
            Self::Reset => "RESET",
            Self::Route => "ROUTE",
            Self::Telemetry => "TELEMETRY",
            Self::Goodbye => "GOODBYE",
        }
    }
}
