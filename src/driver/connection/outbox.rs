//! The requests under way to a server: the bytes to write, and the handlers of the answers, in order.
//!
//! RESET waits here until LOGON and BEGIN are answered. Appending wakes no thread: the connection does that
//! for its caller.

use std::collections::VecDeque;
use std::ptr;
use std::sync::Arc;

use bytes::BytesMut;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::handler::{ConnectionErrorHandler, ResponseHandler};
use super::pending::PendingRequest;
use crate::bolt::Version;
use crate::bolt::message;
use crate::bolt::state::{Request, ServerState};
use crate::driver::app::tokens::Token;
use crate::driver::config::Secret;
use crate::driver::error::{Error, Result};

/// The state that senders and the task share.
pub(crate) struct Outbox {
    /// Encoded requests that are still to be written.
    pub out: BytesMut,
    /// What is to be written before `out`: LOGON is at its end, so it leaves nothing in memory.
    pub(super) secret: Option<Secret>,
    /// What was sent and not answered, in order.
    pub pending: VecDeque<PendingRequest>,
    /// The server's state as of its last answer.
    pub(super) state: ServerState,
    pub(super) phase: Phase,
    reset: Reset,
    /// The server must not be interrupted at BEGIN.
    shields_begin: bool,
    pub(super) user: KnownUser,
    /// What waits for the answer to LOGON.
    pub(super) logons: Vec<oneshot::Sender<Result<()>>>,
    /// Results at `has_more` that wait for credit.
    awaiting_credit: Vec<Arc<dyn ResponseHandler>>,
    /// What handles errors for as long as the connection is in use, where that is not the usual handler.
    pub(super) error_handler: Option<Arc<dyn ConnectionErrorHandler>>,
    pub(super) last_request: Option<Instant>,
}

/// How far a connection has come.
///
/// ```text
///             FAILURE                 close
///  Serving ────────────▶ Failed ──────────────▶ Goodbye
///   ▲ │ ▲                  │ │       (of all)      │ the socket is gone
///   │ │ └──RESET answered──┘ │                     ▼
///   │ └──clean──▶ Cleaning ◀─┘clean             Closed
///   └─────clean──────┘           the socket is gone (of all) ▲
/// ```
pub(super) enum Phase {
    /// In use, or idle in its pool.
    Serving,
    /// The server has failed a request, and ignores others until RESET. They fail with the same cause.
    Failed(Error),
    /// On the way back from its user.
    Cleaning {
        /// As for [`Failed`](Self::Failed).
        failure: Option<Error>,
        /// What follows once the connection is clean, or ends.
        then: Then,
    },
    /// What is in the buffer, GOODBYE at its end, is still to be written. Later requests fail with the reason
    /// of the end, such as that the server did not accept the user.
    Goodbye(Error),
    /// The socket is gone, or to be dropped at once.
    Closed(Error),
}

/// Something to be done later, by whichever thread comes to it.
pub(super) type Then = Box<dyn FnOnce() + Send>;

/// How far a RESET has come.
enum Reset {
    /// There is none.
    None,
    /// It is to be sent as soon as nothing is under way that must not be interrupted.
    Deferred {
        /// Since when the connection is being RESET; `None` where a RESET before this one has just been
        /// answered.
        since: Option<Instant>,
    },
    /// The answer to RESET is awaited, or that to LOGON for no longer than one to RESET.
    Awaited {
        /// Since when; of several, since the oldest was sent.
        since: Instant,
    },
}

/// The user that the server knows the connection by; `None` where the connection has to log on again.
pub(super) enum KnownUser {
    /// As the driver's user.
    Driver(Option<Arc<Token>>),
    /// As a session's own: what the server says of that user is not the driver's business.
    Session(Option<Arc<Token>>),
}

impl Phase {
    /// Why the connection has ended, or is about to.
    pub(super) fn end(&self) -> Option<&Error> {
        match self {
            Self::Goodbye(error) | Self::Closed(error) => Some(error),
            Self::Serving | Self::Failed(_) | Self::Cleaning { .. } => None,
        }
    }

    /// What the server failed with, until RESET clears it.
    pub(super) fn failure(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) | Self::Cleaning { failure: Some(error), .. } => Some(error),
            _ => None,
        }
    }

    /// The server has failed a request.
    pub(super) fn fail(&mut self, error: Error) {
        match self {
            Self::Serving | Self::Failed(_) => *self = Self::Failed(error),
            Self::Cleaning { failure, .. } => *failure = Some(error),
            Self::Goodbye(_) | Self::Closed(_) => {}
        }
    }

    /// Begins to clean the connection; `then` follows.
    pub(super) fn clean(&mut self, then: Then) {
        let failure = self.failure().cloned();
        *self = Self::Cleaning { failure, then };
    }

    /// The connection is as new. Returns what follows, if it was being cleaned.
    pub(super) fn cleaned(&mut self) -> Option<Then> {
        self.end_with(Self::Serving)
    }

    /// The connection ends, unless it has ended already. Returns what follows, if it was being cleaned.
    pub(super) fn end_with(&mut self, phase: Self) -> Option<Then> {
        if self.end().is_some() {
            return None;
        }
        match std::mem::replace(self, phase) {
            Self::Cleaning { then, .. } => Some(then),
            _ => None,
        }
    }
}

impl KnownUser {
    pub(super) fn new(token: Arc<Token>) -> Self {
        if token.is_of_session() { Self::Session(Some(token)) } else { Self::Driver(Some(token)) }
    }

    /// The token that the server knows the connection by.
    pub(super) fn token(&self) -> Option<&Arc<Token>> {
        match self {
            Self::Driver(token) | Self::Session(token) => token.as_ref(),
        }
    }

    /// The same, where it is the driver's.
    pub(super) fn driver_token(&self) -> Option<&Arc<Token>> {
        match self {
            Self::Driver(token) => token.as_ref(),
            Self::Session(_) => None,
        }
    }

    /// The connection has to log on again.
    pub(super) fn forget(&mut self) {
        let (Self::Driver(token) | Self::Session(token)) = self;
        *token = None;
    }

    /// The driver wants the connection, or a session with a user of its own does. The server's user stays the
    /// same.
    pub(super) fn wanted_by(&mut self, session: bool) {
        let (Self::Driver(token) | Self::Session(token)) = self;
        let token = token.take();
        *self = if session { Self::Session(token) } else { Self::Driver(token) };
    }
}

impl Outbox {
    pub(super) fn new(state: ServerState, token: Arc<Token>, version: Version) -> Self {
        Self {
            out: BytesMut::new(),
            secret: None,
            pending: VecDeque::new(),
            state,
            phase: Phase::Serving,
            reset: Reset::None,
            shields_begin: !version.takes_reset_amid_begin(),
            user: KnownUser::new(token),
            logons: Vec::new(),
            awaiting_credit: Vec::new(),
            error_handler: None,
            last_request: None,
        }
    }

    /// Keeps neither buffers nor the token: the socket is gone.
    pub(super) fn release(&mut self) {
        self.out = BytesMut::new();
        self.secret = None;
        self.user.forget();
    }

    /// Keeps a result that fails with the connection, or when RESET is answered.
    pub(crate) fn await_credit(&mut self, result: Arc<dyn ResponseHandler>) {
        self.awaiting_credit.push(result);
    }

    /// The results that wait for credit: what they wait at is over.
    pub(super) fn take_awaiting_credit(&mut self) -> Vec<Arc<dyn ResponseHandler>> {
        std::mem::take(&mut self.awaiting_credit)
    }

    /// Appends LOGOFF and LOGON. They go to a buffer of their own that is overwritten after use, behind all
    /// that is to be written before them: in `out`, which grows and is used again and again, the token would
    /// stay.
    pub(super) fn log_on(&mut self, token: &Arc<Token>) {
        let before = self.secret.take().unwrap_or_default();
        // Buffers that grow leave their bytes behind.
        let mut bytes = BytesMut::with_capacity(
            before.0.len() + self.out.len() + message::longest_logon(token.encoded()),
        );
        bytes.extend_from_slice(&before.0);
        bytes.extend_from_slice(&self.out);
        self.out.clear();
        message::logoff(&mut bytes);
        message::logon(&mut bytes, token.encoded());
        self.secret = Some(Secret(bytes.into()));
        self.pending.push_back(PendingRequest::unhandled(Request::Logoff));
        self.pending.push_back(PendingRequest::unhandled(Request::Logon));
        self.user = KnownUser::new(Arc::clone(token));
    }

    /// Whether RESET is under way: what is sent after it meets a server that has forgotten all before.
    pub(crate) fn is_resetting(&self) -> bool {
        self.resetting_since().is_some()
    }

    /// Takes a result off the list of those that wait for credit.
    pub(crate) fn credited(&mut self, result: &impl ResponseHandler) {
        self.awaiting_credit.retain(|waiting| !ptr::addr_eq(Arc::as_ptr(waiting), ptr::from_ref(result)));
    }

    /// Appends RESET, unless there is one under way. A server that is interrupted while LOGON is on its way
    /// would ignore LOGON, and the connection would have no user. At BEGIN, the server may fail and hang up.
    /// So RESET waits for the answers to both.
    pub(super) fn reset(&mut self) {
        let since = self.resetting_since();
        if self.is_not_to_be_interrupted() {
            self.reset = Reset::Deferred { since: since.or_else(|| Some(Instant::now())) };
            return;
        }
        self.reset = since.map_or(Reset::None, |since| Reset::Awaited { since });
        if !self.awaits(Request::Reset) {
            self.send_reset(PendingRequest::unhandled(Request::Reset));
        }
    }

    /// Since when the connection is being RESET, or waits for an answer that is due as soon as one to RESET.
    pub(super) fn resetting_since(&self) -> Option<Instant> {
        match self.reset {
            Reset::None => None,
            Reset::Deferred { since } => since,
            Reset::Awaited { since } => Some(since),
        }
    }

    /// The answer to LOGON is waited for no longer than one to RESET.
    pub(super) fn hurry_logon(&mut self) {
        let since = self.resetting_since().unwrap_or_else(Instant::now);
        self.reset = match self.reset {
            Reset::Deferred { .. } => Reset::Deferred { since: Some(since) },
            Reset::None | Reset::Awaited { .. } => Reset::Awaited { since },
        };
    }

    /// Does not count the time from `before` to `until`, in which this side did not read, against the server.
    pub(super) fn excuse_reset(&mut self, before: Instant, until: Instant) {
        if let Reset::Awaited { since } | Reset::Deferred { since: Some(since) } = &mut self.reset {
            *since += until.saturating_duration_since(before.max(*since));
        }
    }

    /// A RESET is answered.
    pub(super) fn was_reset(&mut self) {
        self.reset = match self.reset {
            Reset::Deferred { .. } => Reset::Deferred { since: None },
            Reset::None | Reset::Awaited { .. } => Reset::None,
        };
    }

    /// The last LOGON is answered.
    pub(super) fn logged_on(&mut self) {
        match self.reset {
            Reset::Deferred { .. } => self.reset(),
            _ if !self.awaits(Request::Reset) => self.reset = Reset::None,
            _ => {}
        }
    }

    /// Appends the RESET that has waited, where it need not wait any longer.
    pub(super) fn send_deferred_reset(&mut self) {
        if matches!(self.reset, Reset::Deferred { .. }) {
            self.reset();
        }
    }

    fn is_not_to_be_interrupted(&self) -> bool {
        self.awaits(Request::Logon) || self.shields_begin && self.awaits(Request::Begin)
    }

    /// Appends RESET, which the server looks at before all that is under way.
    pub(crate) fn send_reset(&mut self, request: PendingRequest) {
        message::reset(&mut self.out);
        self.state = self.state.sent(Request::Reset);
        let since = self.resetting_since().unwrap_or_else(Instant::now);
        self.reset = Reset::Awaited { since };
        self.pending.push_back(request);
    }

    /// Whether there is an answer to come to such a request.
    fn awaits(&self, request: Request) -> bool {
        self.pending.iter().any(|pending| pending.request == request)
    }

    pub(super) fn is_logging_on(&self) -> bool {
        self.awaits(Request::Logon)
    }

    /// Whether nothing but LOGOFF and LOGON is under way.
    pub(super) fn is_only_logging_on(&self) -> bool {
        matches!(self.state, ServerState::Ready | ServerState::Authentication)
            && self.pending.iter().all(|pending| matches!(pending.request, Request::Logoff | Request::Logon))
    }

    pub(super) fn is_clean(&self) -> bool {
        self.state == ServerState::Ready && self.pending.is_empty()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use crate::driver::error::Kind;

    /// What is encoded in the shared buffer stays in memory, and moves as that grows.
    #[test]
    fn logon_is_encoded_into_a_buffer_of_its_own_that_is_overwritten_after_use() {
        let token = |name: &[u8]| Arc::new(Token::of_session(&[b"\xA1\x81a\x86", name].concat()));
        let mut outbox =
            Outbox::new(ServerState::new(Version::new(5, 8)), token(b"nobody"), Version::new(5, 8));
        message::reset(&mut outbox.out);
        outbox.log_on(&token(b"secret"));
        message::goodbye(&mut outbox.out);
        outbox.log_on(&token(b"hidden"));
        message::reset(&mut outbox.out);
        assert_eq!(&outbox.out[..], b"\0\x02\xB0\x0F\0\0");
        // Dropping a `Secret` overwrites it. It is no longer than foreseen, so it was never moved.
        let secret = outbox.secret.unwrap();
        let logon = |name: &str| format!("\0\x02\u{B0}\x6B\0\0\0\x0C\u{B1}\x6A\u{A1}\u{81}a\u{86}{name}\0\0");
        let expected =
            format!("\0\x02\u{B0}\x0F\0\0{}\0\x02\u{B0}\x02\0\0{}", logon("secret"), logon("hidden"));
        assert_eq!(secret.0.iter().map(|&byte| char::from(byte)).collect::<String>(), expected);
    }

    #[test]
    fn requests_after_the_end_are_told_why_it_ended() {
        for phase in [Phase::Goodbye(Kind::PoolClosed.into()), Phase::Closed(Kind::PoolClosed.into())] {
            assert!(matches!(phase.end().unwrap().kind(), Kind::PoolClosed));
        }
    }
}
