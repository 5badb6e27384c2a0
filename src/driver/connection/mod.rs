//! One connection: a handle through which any thread has it send, and a [`task`] that owns the socket.
//!
//! Requests are pipelined. The caller appends a request's bytes to the [`outbox`]'s buffer and, in the same
//! step, the [`handler`] of its answer to the queue; the server answers in order. The task writes and reads;
//! [`response_reader`] takes messages apart and hands each answer to the front of the queue.
//!
//! After a FAILURE the server ignores everything until RESET. The connection goes back to its pool then, and
//! on its way there it is RESET; what was pipelined behind the failure is answered IGNORED and fails with its
//! cause.
//!
//! Failures go to a `handler`, which acts on them.

pub(crate) mod handler;
pub(crate) mod open;
mod outbox;
mod peer;
mod pending;
mod response_reader;
pub(crate) mod servers;
pub(crate) mod task;
pub(crate) mod wakeups;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;
use tracing::Level;

use crate::bolt::ProtocolError;
use crate::bolt::message;
use crate::bolt::state::{Request, ServerState};
use crate::driver::app::tokens::Token;
use crate::driver::error::{Error, Kind, Result};
use crate::driver::flow::Budget;
use crate::driver::log::{Log, log_event};
use crate::driver::sync::lock;
use handler::{ConnectionErrorHandler, ResponseHandler};
use outbox::{KnownUser, Outbox, Phase, Then};
pub(crate) use peer::Peer;
pub(crate) use pending::PendingRequest;
use wakeups::Wakeups;

/// The handle of a connection. Everything here may be called from any thread.
pub(crate) struct Connection {
    outbox: Mutex<Outbox>,
    /// Tells the task that there is something to write, or that it is to end.
    wake: Arc<Notify>,
    context: Context,
    /// Of records on their way to JavaScript.
    budget: Arc<Budget>,
    peer: Peer,
    /// It is not to be used again.
    retired: AtomicBool,
}

/// What a connection needs of those above it.
pub(crate) struct Context {
    /// Where its messages are logged.
    pub log: Log,
    /// What wakes its task.
    pub wakeups: Arc<Wakeups>,
    /// What handles its errors while nothing else has been set to do so.
    pub errors: Arc<dyn ConnectionErrorHandler>,
}

/// Whether a connection can be used as a given user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoggedOn {
    /// It can. Where the server had to switch users, LOGOFF and LOGON go ahead of what is sent next.
    Yes,
    /// It cannot be used any more.
    Lost,
    /// The server does not let users change, which is what a session with its own user asks for, even
    /// where it is the same one.
    Refused,
}

impl Connection {
    fn new(state: ServerState, token: Arc<Token>, peer: Peer, context: Context) -> Arc<Self> {
        Arc::new(Self {
            outbox: Mutex::new(Outbox::new(state, token, peer.version)),
            wake: Arc::default(),
            context,
            budget: Budget::of_records(),
            peer,
            retired: AtomicBool::new(false),
        })
    }

    /// What is known of the other end.
    pub(crate) fn peer(&self) -> &Peer {
        &self.peer
    }

    /// Whether the socket is still good, as far as is known.
    pub(crate) fn is_open(&self) -> bool {
        lock(&self.outbox).phase.end().is_none()
    }

    /// Why it has ended, if it has, and not by this side's wish.
    pub(crate) fn end(&self) -> Option<Error> {
        match &lock(&self.outbox).phase {
            Phase::Closed(error) => Some(error.clone()),
            _ => None,
        }
    }

    /// Switches the connection to the token's user. Nothing waits for the answers to LOGOFF and LOGON: where
    /// they fail, so does what is sent behind them.
    ///
    /// With `again`, it logs on even where the server already knows this user.
    pub(crate) fn log_on(&self, token: &Arc<Token>, again: bool) -> LoggedOn {
        let mut outbox = lock(&self.outbox);
        if outbox.phase.end().is_some() {
            return LoggedOn::Lost;
        }
        outbox.user.wanted_by(token.is_of_session());
        let has_logon = self.peer.version.has_logon();
        match outbox.user.token() {
            Some(_) if token.is_of_session() && !has_logon => return LoggedOn::Refused,
            Some(known) if !again && Arc::ptr_eq(known, token) => return LoggedOn::Yes,
            Some(known) if !again && **known == **token => {
                // The same bytes, but perhaps another object in JavaScript, to which a later event may refer.
                outbox.user = KnownUser::new(Arc::clone(token));
                return LoggedOn::Yes;
            }
            _ if !has_logon => return LoggedOn::Lost,
            _ => {}
        }
        outbox.log_on(token);
        self.sent(&mut outbox);
        drop(outbox);
        self.wake();
        LoggedOn::Yes
    }

    /// Whether the server knows the connection by this token.
    pub(crate) fn is_logged_on_as(&self, token: &Token) -> bool {
        lock(&self.outbox).user.token().is_some_and(|known| **known == *token)
    }

    /// Waits for the answer to the LOGON under way; `None` where there is none.
    pub(crate) async fn logged_on(&self) -> Option<Result<()>> {
        let answer = {
            let mut outbox = lock(&self.outbox);
            if !outbox.is_logging_on() {
                return None;
            }
            let (sender, answer) = oneshot::channel();
            outbox.logons.push(sender);
            answer
        };
        Some(answer.await.unwrap_or_else(|_| Err(Kind::Disconnected.into())))
    }

    /// Has the connection log on again before it is used the next time.
    pub(crate) fn forget_token(&self) {
        lock(&self.outbox).user.forget();
    }

    /// Has it closed instead of used again, once it is given back.
    pub(crate) fn retire(&self) {
        self.retired.store(true, Ordering::Relaxed);
    }

    /// Whether it is not to be used again.
    pub(crate) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Relaxed)
    }

    /// Has errors handled by something else than usual until the connection is given back.
    pub(crate) fn set_error_handler(&self, handler: Arc<dyn ConnectionErrorHandler>) {
        lock(&self.outbox).error_handler = Some(handler);
    }

    /// Lets `write` append requests and the handlers of their answers, and has them sent. If `write` fails,
    /// nothing is sent.
    pub(crate) fn submit(
        &self,
        write: impl FnOnce(&mut Outbox) -> std::result::Result<(), ProtocolError>,
    ) -> Result<()> {
        let mut outbox = lock(&self.outbox);
        if let Some(error) = outbox.phase.end() {
            return Err(error.clone());
        }
        let (bytes, requests) = (outbox.out.len(), outbox.pending.len());
        if let Err(error) = write(&mut outbox) {
            outbox.out.truncate(bytes);
            // A handler that is dropped with it may need the outbox.
            let unsent = outbox.pending.split_off(requests);
            drop(outbox);
            drop(unsent);
            return Err(error.into());
        }
        self.sent(&mut outbox);
        drop(outbox);
        self.wake();
        Ok(())
    }

    /// Something has been asked of the server.
    fn sent(&self, outbox: &mut Outbox) {
        if self.peer.receive_timeout.is_some() {
            outbox.last_request = Some(Instant::now());
        }
    }

    /// Lets the task look at what there is to do.
    fn wake(&self) {
        self.context.wakeups.wake(&self.wake);
    }

    /// Keeps a result that waits for credit, so that it fails when the connection does.
    pub(crate) fn await_credit(&self, result: Arc<dyn ResponseHandler>) -> Result<()> {
        let mut outbox = lock(&self.outbox);
        if let Some(error) = outbox.phase.end() {
            return Err(error.clone());
        }
        if let Some(failure) = outbox.phase.failure() {
            return Err(failure.clone());
        }
        outbox.await_credit(result);
        Ok(())
    }

    /// Interrupts what is at work. It fails with the server's answer.
    pub(crate) fn reset(&self) {
        lock(&self.outbox).reset();
        self.wake();
    }

    /// Takes the connection back from its user, has it cleaned by a RESET where need be, and then calls
    /// `then`: at once where the connection can be used again or not at all, else from the task.
    pub(crate) fn clean(&self, then: impl FnOnce() + Send + 'static) {
        let mut outbox = lock(&self.outbox);
        outbox.error_handler = None;
        if outbox.phase.end().is_some() || outbox.is_clean() {
            drop(outbox);
            then();
            return;
        }
        outbox.phase.clean(Box::new(then));
        if outbox.is_only_logging_on() {
            // Nothing has to be cleaned, but the answer to LOGON is waited for no longer than one to RESET.
            outbox.hurry_logon();
        } else {
            outbox.reset();
        }
        drop(outbox);
        self.wake();
    }

    /// The cleaning is over: does what follows, unless there is something to clean again.
    fn cleaned(&self, then: Option<Then>) {
        if let Some(then) = then {
            self.clean(then);
        }
    }

    /// Says GOODBYE and ends the connection; what is under way fails with `error`.
    pub(crate) fn close(&self, error: &Error) {
        self.close_at(error, None);
    }

    /// As [`Connection::close`]; `current` is under way, and not in the queue any more.
    fn close_at(&self, error: &Error, current: Option<PendingRequest>) {
        let mut outbox = lock(&self.outbox);
        let then = if outbox.phase.end().is_none() {
            message::goodbye(&mut outbox.out);
            outbox.phase.end_with(Phase::Goodbye(error.clone()))
        } else if current.is_none() {
            return;
        } else {
            None
        };
        drop(outbox);
        log_event!(self.context.log, Level::DEBUG, &self.peer, "closing");
        self.wake();
        self.fail_all(error, current);
        self.cleaned(then);
    }

    /// Has the handler act on a failure. Returns the error for the user.
    fn handle(&self, error: Error) -> Error {
        let (handler, token) = {
            let outbox = lock(&self.outbox);
            (outbox.error_handler.clone(), outbox.user.driver_token().cloned())
        };
        handler.as_ref().unwrap_or(&self.context.errors).handle(error, token.as_deref())
    }

    /// How the driver sees that the connection is lost.
    fn lost(&self, error: Error) -> Error {
        self.context.errors.lost(error)
    }

    /// Fails everything that awaits something of this connection.
    fn fail_all(&self, error: &Error, current: Option<PendingRequest>) {
        let error = &self.handle(error.clone());
        let mut outbox = lock(&self.outbox);
        let pending = std::mem::take(&mut outbox.pending);
        let awaiting_credit = outbox.take_awaiting_credit();
        // The first error is the one that later requests hear of; the task's end is none of them.
        let then = outbox.phase.end_with(Phase::Closed(error.clone()));
        let logons = std::mem::take(&mut outbox.logons);
        drop(outbox);
        for request in current.into_iter().chain(pending) {
            request.fail(error);
        }
        for result in awaiting_credit {
            result.failure(Request::Pull, error);
        }
        for waiting in logons {
            let _ = waiting.send(Err(error.clone()));
        }
        self.cleaned(then);
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Connection").field("peer", &self.peer).finish_non_exhaustive()
    }
}
