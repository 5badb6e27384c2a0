//! What has been asked of a server and not been answered: the bytes to write, and who awaits what, in order.
//!
//! Here RESET keeps out of the way of LOGON and BEGIN. Knows neither the socket nor the task that serves it, and
//! wakes nobody: who changes something here says so to the connection.

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
pub(crate) struct Link {
    /// Encoded requests that have not been written yet.
    pub out: BytesMut,
    /// What is to be written before `out`: LOGON is at its end, so it leaves nothing in memory.
    pub(super) secret: Option<Secret>,
    /// What was sent and not answered, in order.
    pub pending: VecDeque<PendingRequest>,
    /// The server's state as of its last answer.
    pub(super) state: ServerState,
    /// Results at `has_more` that wait for credit.
    pub(super) parked: Vec<Arc<dyn ResponseHandler>>,
    /// The failure that the server has not been RESET from.
    pub(super) failure: Option<Error>,
    /// What follows once the connection is clean. Set while it is being cleaned, on the way back from its user.
    pub(super) on_clean: Option<Box<dyn FnOnce() + Send>>,
    /// As whom the server knows this side; `None` where it has to be told again.
    pub(super) token: Option<Arc<Token>>,
    /// A session has brought its own user: what the server says of that is not the driver's business.
    pub(super) is_of_session: bool,
    /// Who waits for the answer to LOGON.
    pub(super) logons: Vec<oneshot::Sender<Result<()>>>,
    /// RESET is to be sent as soon as nothing is under way that must not be interrupted.
    reset_follows: bool,
    /// The server must not be interrupted at BEGIN.
    shields_begin: bool,
    /// What handles errors for as long as the connection is in use, where that is not the usual handler.
    pub(super) error_handler: Option<Arc<dyn ConnectionErrorHandler>>,
    pub(super) last_request: Option<Instant>,
    /// When the oldest RESET that is unanswered was sent.
    pub(super) reset_sent: Option<Instant>,
    pub(super) ending: Option<Ending>,
}

/// How a connection ends.
pub(super) enum Ending {
    /// What is in the buffer, GOODBYE at its end, is still to be written. Who comes too late is told why it ends,
    /// such as that the server has not taken the user.
    Goodbye(Error),
    /// The socket is gone, or to be dropped at once.
    Closed(Error),
}

impl Link {
    pub(super) fn new(state: ServerState, token: Arc<Token>, version: Version) -> Self {
        Self {
            out: BytesMut::new(),
            secret: None,
            pending: VecDeque::new(),
            state,
            parked: Vec::new(),
            failure: None,
            on_clean: None,
            is_of_session: token.is_of_session(),
            token: Some(token),
            logons: Vec::new(),
            reset_follows: false,
            shields_begin: !version.takes_reset_amid_begin(),
            error_handler: None,
            last_request: None,
            reset_sent: None,
            ending: None,
        }
    }

    /// Keeps neither buffers nor the token: the socket is gone.
    pub(super) fn bury(&mut self) {
        self.out = BytesMut::new();
        self.secret = None;
        self.token = None;
    }

    /// Keeps a result that fails with the connection, or when RESET is answered.
    pub(crate) fn park(&mut self, result: Arc<dyn ResponseHandler>) {
        self.parked.push(result);
    }

    /// Appends LOGOFF and LOGON. They go to a buffer of their own that is overwritten after use, behind all that
    /// is to be written before them: in `out`, which grows and is used again and again, the token would stay.
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
        self.token = Some(Arc::clone(token));
    }

    /// Whether RESET is under way: what is sent after it meets a server that knows nothing of before.
    pub(crate) fn is_resetting(&self) -> bool {
        self.reset_sent.is_some()
    }

    /// Takes a result off the list of those that wait for credit.
    pub(crate) fn unpark(&mut self, result: &impl ResponseHandler) {
        self.parked.retain(|parked| !ptr::addr_eq(Arc::as_ptr(parked), ptr::from_ref(result)));
    }

    /// Appends RESET, unless there is one under way. A server that is interrupted while LOGON is on its way
    /// would ignore it, and know nobody any more; at BEGIN it may fail and hang up. So RESET waits for their answers.
    pub(super) fn reset(&mut self) {
        self.reset_follows = self.is_not_to_be_interrupted();
        if self.reset_follows {
            self.reset_sent.get_or_insert_with(Instant::now);
        } else if !self.awaits(Request::Reset) {
            self.send_reset(PendingRequest::unhandled(Request::Reset));
        }
    }

    /// The last LOGON is answered.
    pub(super) fn logged_on(&mut self) {
        if self.reset_follows {
            self.reset();
        } else if !self.awaits(Request::Reset) {
            self.reset_sent = None;
        }
    }

    /// Appends the RESET that has waited, where it need not wait any longer.
    pub(super) fn reset_after(&mut self) {
        if self.reset_follows {
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
        self.reset_sent.get_or_insert_with(Instant::now);
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

impl Ending {
    /// Why it does.
    pub(super) fn error(&self) -> Error {
        match self {
            Self::Goodbye(error) | Self::Closed(error) => error.clone(),
        }
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
        let mut link = Link::new(ServerState::new(Version::new(5, 8)), token(b"nobody"), Version::new(5, 8));
        message::reset(&mut link.out);
        link.log_on(&token(b"secret"));
        message::goodbye(&mut link.out);
        link.log_on(&token(b"hidden"));
        message::reset(&mut link.out);
        assert_eq!(&link.out[..], b"\0\x02\xB0\x0F\0\0");
        // Dropping a `Secret` overwrites it. That it is no longer than foreseen says that it has not moved.
        let secret = link.secret.unwrap();
        let logon = |name: &str| format!("\0\x02\u{B0}\x6B\0\0\0\x0C\u{B1}\x6A\u{A1}\u{81}a\u{86}{name}\0\0");
        let expected =
            format!("\0\x02\u{B0}\x0F\0\0{}\0\x02\u{B0}\x02\0\0{}", logon("secret"), logon("hidden"));
        assert_eq!(secret.0.iter().map(|&byte| char::from(byte)).collect::<String>(), expected);
    }

    #[test]
    fn whoever_comes_after_the_end_is_told_why_it_ended() {
        for ending in [Ending::Goodbye(Kind::PoolClosed.into()), Ending::Closed(Kind::PoolClosed.into())] {
            assert!(matches!(ending.error().kind(), Kind::PoolClosed));
        }
    }
}
