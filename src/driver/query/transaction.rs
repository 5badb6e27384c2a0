//! Explicit transactions: one lease from BEGIN to COMMIT or ROLLBACK.
//!
//! ```text
//!               acquired                  COMMIT, ROLLBACK answered
//! Acquiring ─────────────▶ Open(lease) ─────────────────────────────▶ Over
//!     │                      │ any FAILURE, reset, connection lost      ▲
//!     │                      └─────────────────▶ Returning ─────────────┤
//!     │ no connection                               connection is back  │
//!     └─────────────────────────────────────────────────────────────────┘
//! ```
//!
//! While it is Returning its connection is being RESET. Announcements wait for the end of that, so that the
//! caller finds the connection idle when it hears of them.
//!
//! Nothing waits for BEGIN: what is asked for before there is a connection is kept, and goes out
//! behind BEGIN in one go.

use std::sync::{Arc, Mutex};

use super::cursor::{Cursor, Owner, QueryOwner};
use super::request::{Options, Query, transaction_options};
use super::run::run_and_pull;
use crate::bolt::message;
use crate::bolt::packstream::Reader;
use crate::bolt::state::Request;
use crate::driver::connection::PendingRequest;
use crate::driver::connection::handler::{ResponseHandler, Success};
use crate::driver::error::{Error, Kind, Result};
use crate::driver::event::{Event, SharedSink};
use crate::driver::frames;
use crate::driver::pool::Lease;
use crate::driver::pool::acquire::AcquiredConnection;
use crate::driver::sync::lock;

/// One explicit transaction.
pub struct Transaction {
    sink: SharedSink,
    state: Mutex<State>,
}

enum State {
    Acquiring { waiting: Vec<Action> },
    Open { lease: Lease },
    Returning { cause: Error, unannounced: Vec<(u32, Event)> },
    Over { cause: Option<Error> },
}

/// What was asked for before there was a connection.
enum Action {
    Run { cursor: Arc<Cursor>, request: Vec<u8>, flags: u32 },
    Commit { id: u32 },
    Rollback { id: u32 },
}

impl Transaction {
    pub(crate) fn new(sink: SharedSink) -> Arc<Self> {
        Arc::new(Self { sink, state: Mutex::new(State::Acquiring { waiting: Vec::new() }) })
    }

    /// Runs a query. The request is laid out as in [`super::request`].
    pub fn run(self: &Arc<Self>, id: u32, request: &[u8], flags: u32) -> Arc<Cursor> {
        let mut reader = Reader::new(request);
        let fetch_size = match transaction_options(&mut reader) {
            Ok(fetch_size) => fetch_size,
            Err(error) => {
                let cursor = Cursor::new(id, 0, Arc::clone(&self.sink));
                cursor.fail(&error);
                return cursor;
            }
        };
        let cursor = Cursor::new(id, fetch_size, Arc::clone(&self.sink));
        let mut state = lock(&self.state);
        let mut lost = false;
        let sent = match &mut *state {
            State::Acquiring { waiting } => {
                waiting.push(Action::Run { cursor: Arc::clone(&cursor), request: request.to_vec(), flags });
                Ok(())
            }
            State::Open { lease } => {
                let sent = self.send(lease, &cursor, reader, flags);
                lost = !lease.connection().is_open();
                sent
            }
            State::Returning { cause, .. } => Err(cause.clone()),
            State::Over { cause } => Err(over(cause)),
        };
        drop(state);
        if let Err(error) = sent {
            if lost {
                self.fail(&error);
            }
            if cursor.end_unsent() {
                self.deliver(id, Event::Failure { frame: error.frame() });
            }
        }
        cursor
    }

    /// Commits. Ends in SUCCESS with the bookmark, or in FAILURE.
    pub fn commit(self: &Arc<Self>, id: u32) {
        let mut state = lock(&self.state);
        let sent = match &mut *state {
            State::Acquiring { waiting } => {
                waiting.push(Action::Commit { id });
                Ok(())
            }
            State::Open { lease } => self.send_commit(lease, id),
            State::Returning { cause, .. } => Err(cause.clone()),
            State::Over { cause } => Err(over(cause)),
        };
        drop(state);
        if let Err(error) = sent {
            self.fail_request(id, &error);
        }
    }

    /// Rolls back. A transaction that is over already has nothing to roll back: that is a success.
    pub fn rollback(self: &Arc<Self>, id: u32) {
        let mut state = lock(&self.state);
        let sent = match &mut *state {
            State::Acquiring { waiting } => {
                waiting.push(Action::Rollback { id });
                Ok(())
            }
            State::Open { lease } => self.send_rollback(lease, id),
            State::Returning { .. } | State::Over { .. } => {
                drop(state);
                self.deliver(id, Event::Success { server: 0, frame: frames::empty() });
                return;
            }
        };
        drop(state);
        if let Err(error) = sent {
            self.fail_request(id, &error);
        }
    }

    /// Ends the transaction by a RESET; its open queries fail.
    pub fn reset(self: &Arc<Self>) {
        self.fail(&Kind::Interrupted.into());
    }

    /// Opens the transaction on a connection, and sends what has waited for it.
    pub(crate) fn open(self: &Arc<Self>, id: u32, acquired: AcquiredConnection, options: Options<'_>) {
        let AcquiredConnection { lease, home } = acquired;
        if let Some(home) = &home {
            self.sink.deliver_lazily(id, Event::Home { frame: frames::text(home) });
        }
        let options = options.with_home_database(home.as_deref());
        let mut state = lock(&self.state);
        let waiting = match &mut *state {
            State::Acquiring { waiting } => std::mem::take(waiting),
            State::Open { .. } | State::Returning { .. } => return,
            State::Over { cause } => {
                let error = over(cause);
                drop(state);
                self.sink.deliver(id, Event::Failure { frame: error.frame() });
                return;
            }
        };
        if let Err(error) = self.send_begin(&lease, id, &options) {
            drop(state);
            drop(lease);
            self.fail_request(id, &error);
            self.fail_actions(waiting, &error);
            return;
        }
        let mut unsent = Vec::new();
        for action in waiting {
            let sent = match &action {
                Action::Run { cursor, request, flags } => {
                    let mut reader = Reader::new(request);
                    transaction_options(&mut reader).and_then(|_| self.send(&lease, cursor, reader, *flags))
                }
                Action::Commit { id } => self.send_commit(&lease, *id),
                Action::Rollback { id } => self.send_rollback(&lease, *id),
            };
            if let Err(error) = sent {
                unsent.push((action, error));
            }
        }
        let lost = !lease.connection().is_open();
        *state = State::Open { lease };
        drop(state);
        for (action, error) in unsent {
            if lost {
                self.fail(&error);
            }
            self.fail_action(action, &error);
        }
    }

    /// BEGIN, COMMIT or ROLLBACK failed, and the transaction with it.
    pub(crate) fn fail_request(self: &Arc<Self>, id: u32, error: &Error) {
        let error = &self.told(error);
        let waiting = self.end(error);
        self.deliver(id, Event::Failure { frame: error.frame() });
        self.fail_actions(waiting, error);
    }

    /// Ends the transaction.
    fn fail(self: &Arc<Self>, error: &Error) {
        let waiting = self.end(error);
        self.fail_actions(waiting, error);
    }

    /// The error to announce. Where the user has interrupted the transaction, it says nothing of a connection
    /// that is lost on the way back.
    fn told(&self, error: &Error) -> Error {
        match &*lock(&self.state) {
            State::Returning { cause, .. } | State::Over { cause: Some(cause) }
                if matches!(cause.kind(), Kind::Interrupted) =>
            {
                error.of_interrupted()
            }
            _ => error.clone(),
        }
    }

    /// Announces something: at once, or when the connection is back.
    fn deliver(&self, id: u32, event: Event) {
        if let State::Returning { unannounced, .. } = &mut *lock(&self.state) {
            unannounced.push((id, event));
            return;
        }
        self.sink.deliver(id, event);
    }

    /// Gives the connection back, by way of a RESET. Returns what has waited for one.
    fn end(self: &Arc<Self>, error: &Error) -> Vec<Action> {
        let mut state = lock(&self.state);
        match &mut *state {
            State::Acquiring { waiting } => {
                let waiting = std::mem::take(waiting);
                *state = State::Over { cause: Some(error.clone()) };
                waiting
            }
            State::Open { .. } => {
                let returning = State::Returning { cause: error.clone(), unannounced: Vec::new() };
                let before = std::mem::replace(&mut *state, returning);
                drop(state);
                if let State::Open { mut lease } = before {
                    let transaction = Arc::clone(self);
                    lease.when_returned(move || transaction.returned());
                }
                Vec::new()
            }
            State::Returning { .. } | State::Over { .. } => Vec::new(),
        }
    }

    /// The connection is back, or gone.
    fn returned(&self) {
        let mut state = lock(&self.state);
        let State::Returning { cause, unannounced } = &mut *state else { return };
        let unannounced = std::mem::take(unannounced);
        *state = State::Over { cause: Some(cause.clone()) };
        drop(state);
        for (id, event) in unannounced {
            self.sink.deliver(id, event);
        }
    }

    fn fail_actions(&self, actions: Vec<Action>, error: &Error) {
        for action in actions {
            self.fail_action(action, error);
        }
    }

    fn send_begin(self: &Arc<Self>, lease: &Lease, id: u32, options: &Options<'_>) -> Result<()> {
        let connection = lease.connection();
        let peer = connection.peer();
        connection.submit(|outbox| {
            if let Some(api) = options.telemetry.filter(|_| peer.telemetry) {
                message::telemetry(&mut outbox.out, api);
                outbox.pending.push_back(PendingRequest::unhandled(Request::Telemetry));
            }
            message::begin(&mut outbox.out, peer.version, &options.extra())?;
            outbox.pending.push_back(self.pending(Request::Begin, id));
            Ok(())
        })
    }

    fn send(
        self: &Arc<Self>,
        lease: &Lease,
        cursor: &Arc<Cursor>,
        mut reader: Reader<'_>,
        flags: u32,
    ) -> Result<()> {
        let query = Query::parse(&mut reader, flags)?;
        run_and_pull(lease.connection(), cursor, Owner::Transaction(self.clone()), &query, None)
    }

    fn send_commit(self: &Arc<Self>, lease: &Lease, id: u32) -> Result<()> {
        lease.connection().submit(|outbox| {
            message::commit(&mut outbox.out);
            outbox.pending.push_back(self.pending(Request::Commit, id));
            Ok(())
        })
    }

    fn send_rollback(self: &Arc<Self>, lease: &Lease, id: u32) -> Result<()> {
        lease.connection().submit(|outbox| {
            message::rollback(&mut outbox.out);
            outbox.pending.push_back(self.pending(Request::Rollback, id));
            Ok(())
        })
    }

    fn pending(self: &Arc<Self>, request: Request, id: u32) -> PendingRequest {
        PendingRequest::new(request, Arc::new(Answered { transaction: Arc::clone(self), id }))
    }

    /// BEGIN is answered.
    fn begun(&self, id: u32, success: Success<'_>) {
        let Success { server, frame, query_follows, .. } = success;
        let success = Event::Success { server, frame };
        if query_follows {
            // A caller that did not wait for BEGIN is interested in the query.
            self.sink.deliver_lazily(id, success);
        } else {
            self.sink.deliver(id, success);
        }
    }

    /// COMMIT or ROLLBACK is answered. The connection goes back before that is announced.
    fn ended(&self, id: u32, success: Success<'_>) {
        let Success { server, frame, .. } = success;
        let mut state = lock(&self.state);
        // Where it was reset in the meantime, the connection is on its way back already.
        let before = matches!(*state, State::Open { .. })
            .then(|| std::mem::replace(&mut *state, State::Over { cause: None }));
        drop(state);
        drop(before);
        self.deliver(id, Event::Success { server, frame });
    }

    fn fail_action(&self, action: Action, error: &Error) {
        match action {
            Action::Run { cursor, .. } => cursor.fail(error),
            Action::Commit { id } => {
                self.sink.deliver(id, Event::Failure { frame: error.frame() });
            }
            Action::Rollback { id } => {
                self.sink.deliver(id, Event::Success { server: 0, frame: frames::empty() });
            }
        }
    }
}

impl QueryOwner for Transaction {
    fn interrupt(self: Arc<Self>) {
        self.reset();
    }

    fn query_failed(self: Arc<Self>, id: u32, error: &Error) {
        let error = &self.told(error);
        self.fail(error);
        self.deliver(id, Event::Failure { frame: error.frame() });
    }
}

/// Hears of the answer to BEGIN, COMMIT or ROLLBACK.
struct Answered {
    transaction: Arc<Transaction>,
    /// Of the request.
    id: u32,
}

impl ResponseHandler for Answered {
    fn success(self: Arc<Self>, request: Request, success: Success<'_>) {
        match request {
            Request::Begin => self.transaction.begun(self.id, success),
            _ => self.transaction.ended(self.id, success),
        }
    }

    fn failure(self: Arc<Self>, request: Request, error: &Error) {
        // There is no doubt where the server has answered, or has ignored the request.
        let in_doubt = request == Request::Commit
            && !matches!(error.kind(), Kind::Server { .. } | Kind::Cluster { .. } | Kind::Interrupted);
        if in_doubt {
            self.transaction.fail_request(self.id, &Kind::InDoubt(error.clone()).into());
        } else {
            self.transaction.fail_request(self.id, error);
        }
    }
}

fn over(cause: &Option<Error>) -> Error {
    cause.clone().unwrap_or_else(|| Kind::TransactionOver.into())
}
