//! The server's state, followed from response to response, and which response may follow which request.

use super::error::ProtocolError;
use super::version::Version;

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
    /// The connection cannot be used any more.
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

impl Outcome {
    /// The name of the message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success { .. } => "SUCCESS",
            Self::Failure => "FAILURE",
            Self::Ignored => "IGNORED",
        }
    }
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
    /// [`ProtocolError::UnexpectedResponse`] where the server cannot answer so, and
    /// [`ProtocolError::Ignored`] where it ignores what it has no reason to.
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
            _ => Err(ProtocolError::Ignored(request.name())),
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use Outcome::{Failure, Ignored};
    use Request::{
        Begin, Commit, Discard, Goodbye, Hello, Logoff, Logon, Pull, Reset, Rollback, Route, Run, Telemetry,
    };
    use ServerState::{
        Authentication, Defunct, Failed, Interrupted, Negotiation, Ready, Streaming, TxReady, TxStreaming,
    };

    use super::*;

    const DONE: Outcome = Outcome::Success { has_more: false };
    const MORE: Outcome = Outcome::Success { has_more: true };
    const REQUESTS: [Request; 13] =
        [Hello, Logon, Logoff, Run, Begin, Commit, Rollback, Pull, Discard, Reset, Route, Telemetry, Goodbye];
    const STATES: [ServerState; 11] = [
        Negotiation { logon: true },
        Negotiation { logon: false },
        Authentication,
        Ready,
        Streaming,
        TxReady,
        TxStreaming { open: 1 },
        TxStreaming { open: 2 },
        Failed,
        Interrupted { resets: 1 },
        Defunct,
    ];

    /// The arrows of the diagram, row by row. Every SUCCESS that is not here is an error.
    const DIAGRAM: [(ServerState, Request, Outcome, ServerState); 31] = [
        (Negotiation { logon: true }, Hello, DONE, Authentication),
        (Negotiation { logon: false }, Hello, DONE, Ready),
        (Authentication, Logon, DONE, Ready),
        (Ready, Logoff, DONE, Authentication),
        (Ready, Route, DONE, Ready),
        (Ready, Telemetry, DONE, Ready),
        (Ready, Run, DONE, Streaming),
        (Ready, Begin, DONE, TxReady),
        (Streaming, Pull, MORE, Streaming),
        (Streaming, Discard, MORE, Streaming),
        (Streaming, Pull, DONE, Ready),
        (Streaming, Discard, DONE, Ready),
        (TxReady, Commit, DONE, Ready),
        (TxReady, Rollback, DONE, Ready),
        (TxReady, Run, DONE, TxStreaming { open: 1 }),
        (TxStreaming { open: 1 }, Run, DONE, TxStreaming { open: 2 }),
        (TxStreaming { open: 2 }, Run, DONE, TxStreaming { open: 3 }),
        (TxStreaming { open: 1 }, Pull, MORE, TxStreaming { open: 1 }),
        (TxStreaming { open: 2 }, Pull, MORE, TxStreaming { open: 2 }),
        (TxStreaming { open: 1 }, Discard, MORE, TxStreaming { open: 1 }),
        (TxStreaming { open: 2 }, Discard, MORE, TxStreaming { open: 2 }),
        (TxStreaming { open: 2 }, Pull, DONE, TxStreaming { open: 1 }),
        (TxStreaming { open: 2 }, Discard, DONE, TxStreaming { open: 1 }),
        (TxStreaming { open: 1 }, Pull, DONE, TxReady),
        (TxStreaming { open: 1 }, Discard, DONE, TxReady),
        (TxStreaming { open: 1 }, Commit, DONE, Ready),
        (TxStreaming { open: 2 }, Commit, DONE, Ready),
        (TxStreaming { open: 1 }, Rollback, DONE, Ready),
        (TxStreaming { open: 2 }, Rollback, DONE, Ready),
        (Interrupted { resets: 1 }, Reset, DONE, Ready),
        (Interrupted { resets: 2 }, Reset, DONE, Interrupted { resets: 1 }),
    ];

    #[test]
    fn success_follows_the_arrows_of_the_diagram() {
        for (state, request, outcome, next) in DIAGRAM {
            assert_eq!(state.after(request, outcome), Ok(next), "{state:?} {request:?} {outcome:?}");
        }
    }

    #[test]
    fn success_goes_nowhere_else() {
        for state in STATES.into_iter().filter(|state| !matches!(state, Interrupted { .. })) {
            for request in REQUESTS {
                if !DIAGRAM.iter().any(|row| (row.0, row.1) == (state, request)) {
                    let expected = ProtocolError::UnexpectedResponse {
                        state: state.name(),
                        request: request.name(),
                        response: "SUCCESS",
                    };
                    assert_eq!(state.after(request, DONE), Err(expected));
                }
            }
        }
    }

    #[test]
    fn failure_leads_to_failed_or_to_the_end() {
        for state in [Ready, Streaming, TxReady, TxStreaming { open: 2 }] {
            for request in [Run, Begin, Pull, Discard, Commit, Rollback, Route, Telemetry, Logoff] {
                assert_eq!(state.after(request, Failure), Ok(Failed));
            }
        }
        assert_eq!(Negotiation { logon: true }.after(Hello, Failure), Ok(Defunct));
        assert_eq!(Authentication.after(Logon, Failure), Ok(Defunct));
        assert_eq!(Interrupted { resets: 1 }.after(Reset, Failure), Ok(Defunct));
    }

    #[test]
    fn only_failed_interrupted_and_defunct_ignore() {
        for state in STATES {
            let expected = match state {
                Failed | Interrupted { .. } | Defunct => Ok(state),
                _ => Err(ProtocolError::Ignored("RUN")),
            };
            assert_eq!(state.after(Run, Ignored), expected);
        }
        assert!(Interrupted { resets: 1 }.after(Reset, Ignored).is_err());
    }

    #[test]
    fn reset_interrupts_what_is_under_way_and_leads_to_ready() {
        let state = Streaming.sent(Reset);
        assert_eq!(state, Interrupted { resets: 1 });
        // PULL may be done, have failed, or be ignored when RESET reaches it.
        assert_eq!(state.record(Pull), Ok(()));
        for outcome in [DONE, MORE, Failure, Ignored] {
            assert_eq!(state.after(Pull, outcome), Ok(state));
        }
        assert_eq!(state.after(Reset, DONE), Ok(Ready));
    }

    #[test]
    fn a_reset_that_is_overtaken_by_another_may_be_ignored() {
        let state = Failed.sent(Reset).sent(Reset);
        assert_eq!(state, Interrupted { resets: 2 });
        let state = state.after(Reset, Ignored).unwrap();
        assert_eq!(state.after(Reset, DONE), Ok(Ready));
    }

    #[test]
    fn only_reset_and_goodbye_change_the_state_when_sent() {
        for state in STATES {
            for request in REQUESTS {
                let next = state.sent(request);
                match request {
                    Goodbye => assert_eq!(next, Defunct),
                    Reset if state != Defunct => assert!(matches!(next, Interrupted { .. })),
                    _ => assert_eq!(next, state),
                }
            }
        }
    }

    #[test]
    fn records_answer_a_pull_of_an_open_result_only() {
        for state in STATES {
            for request in REQUESTS {
                let open = matches!(state, Streaming | TxStreaming { .. } | Interrupted { .. });
                assert_eq!(state.record(request).is_ok(), open && request == Pull, "{state:?} {request:?}");
            }
        }
    }

    #[test]
    fn goodbye_is_never_answered() {
        for state in [Ready, Failed] {
            for outcome in [DONE, Failure, Ignored] {
                assert!(state.after(Goodbye, outcome).is_err());
            }
        }
    }

    #[test]
    fn a_connection_starts_as_its_version_does() {
        assert_eq!(ServerState::new(Version::new(5, 0)), Negotiation { logon: false });
        assert_eq!(ServerState::new(Version::new(5, 1)), Negotiation { logon: true });
    }

    #[test]
    fn an_unexpected_response_names_state_and_messages() {
        assert_eq!(
            Ready.after(Pull, DONE).unwrap_err().to_string(),
            "server answered PULL with SUCCESS in state READY"
        );
    }
}
