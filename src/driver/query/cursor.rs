//! The pull-batch cursor: one running query, and when its next PULL may go out.
//!
//! ```text
//!            attach            SUCCESS has_more            PULL (credit)
//! Waiting ────────▶ Pulling ───────────────────▶ HasMore ───────────────▶ Pulling
//!    │                 │                            │ DISCARD (discard)
//!    │                 │ SUCCESS                    ▼
//!    │                 ├──────────────────────▶ Discarding ──┐
//!    └─── fail ────────┴──────────▶ Done ◀───────────────────┘ SUCCESS / FAILURE
//! ```
//!
//! Credit is how many PULLs JavaScript has allowed ahead of the one under way. It is given at the low
//! watermark, so that the server is not held up while the last records are being worked on.

use std::sync::{Arc, Mutex, MutexGuard};

use crate::bolt::message;
use crate::bolt::state::Request;
use crate::driver::connection::handler::{Batch, RecordsAs, ResponseHandler, Success};
use crate::driver::connection::{Connection, PendingRequest};
use crate::driver::error::{Error, Kind};
use crate::driver::event::{Event, SharedSink};
use crate::driver::pool::Lease;
use crate::driver::sync::lock;

/// Credit that lets every PULL go out as soon as the server has more.
pub const ALL: u32 = u32::MAX;

/// One query, from its RUN to the end of its records.
pub struct Cursor {
    id: u32,
    fetch_size: i64,
    sink: SharedSink,
    state: Mutex<State>,
}

struct State {
    phase: Phase,
    credit: u32,
    discard: bool,
    interrupted: bool,
    qid: Option<i64>,
    columns: Option<usize>,
    connection: Option<Arc<Connection>>,
    owner: Owner,
}

/// What the cursor keeps busy.
pub(crate) enum Owner {
    /// Nothing: it is over, or has no connection yet.
    None,
    /// A connection of its own, for an auto-commit transaction.
    Lease(Lease),
    /// The connection of its transaction, which fails with it.
    Transaction(Arc<dyn QueryOwner>),
}

/// Has a connection on which several queries run, one after the other or at once, and fails with each of
/// them.
pub(crate) trait QueryOwner: Send + Sync {
    /// Ends it by a RESET; its open queries fail.
    fn interrupt(self: Arc<Self>);

    /// The query of this request failed. Announces that when the connection is back.
    fn query_failed(self: Arc<Self>, id: u32, error: &Error);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Waiting,
    Pulling,
    HasMore,
    Discarding,
    Done,
}

impl Cursor {
    pub(crate) fn new(id: u32, fetch_size: i64, sink: SharedSink) -> Arc<Self> {
        Arc::new(Self {
            id,
            fetch_size,
            sink,
            state: Mutex::new(State {
                phase: Phase::Waiting,
                credit: 0,
                discard: false,
                interrupted: false,
                qid: None,
                columns: None,
                connection: None,
                owner: Owner::None,
            }),
        })
    }

    /// Allows so many more PULLs; [`ALL`] = all to the end of the result.
    pub fn next(self: &Arc<Self>, pulls: u32) {
        let mut state = lock(&self.state);
        state.credit = state.credit.saturating_add(pulls);
        if state.phase == Phase::HasMore {
            self.proceed(state);
        }
    }

    /// Lets the server discard the records that are still to be asked for. Records that are on their way
    /// still come, and so does SUCCESS.
    pub fn discard(self: &Arc<Self>) {
        let mut state = lock(&self.state);
        state.discard = true;
        if state.phase == Phase::HasMore {
            self.proceed(state);
        }
    }

    /// Interrupts the query: its connection is RESET and the query fails with the server's answer.
    pub fn reset(self: &Arc<Self>) {
        let mut state = lock(&self.state);
        state.interrupted = true;
        match (state.phase, &state.owner, &state.connection) {
            (Phase::Done, ..) => {}
            (Phase::Waiting, ..) => {
                drop(state);
                self.fail(&Kind::Interrupted.into());
            }
            (_, Owner::Transaction(transaction), _) => {
                let transaction = Arc::clone(transaction);
                drop(state);
                transaction.interrupt();
            }
            (_, _, Some(connection)) => connection.reset(),
            (_, _, None) => {}
        }
    }

    /// Records for each PULL.
    pub(crate) fn fetch_size(&self) -> i64 {
        self.fetch_size
    }

    fn deliver(&self, event: Event) {
        self.sink.deliver(self.id, event);
    }

    /// As [`deliver`](Self::deliver), for what may wait for the next event.
    pub(crate) fn deliver_lazily(&self, event: Event) {
        self.sink.deliver_lazily(self.id, event);
    }

    /// Gives the cursor its connection; RUN and the first PULL are about to be sent. False where it
    /// has been ended before.
    pub(crate) fn attach(&self, connection: &Arc<Connection>, owner: Owner) -> bool {
        let mut state = lock(&self.state);
        if state.phase != Phase::Waiting {
            return false;
        }
        state.phase = Phase::Pulling;
        state.connection = Some(Arc::clone(connection));
        state.owner = owner;
        true
    }

    /// Takes back what `attach` did, as nothing could be sent.
    pub(crate) fn detach(&self) {
        let mut state = lock(&self.state);
        state.phase = Phase::Waiting;
        state.connection = None;
        let owner = std::mem::replace(&mut state.owner, Owner::None);
        drop(state);
        drop(owner);
    }

    /// RUN succeeded.
    fn running(&self, qid: Option<i64>, columns: Option<usize>, server: u32, frame: Vec<u8>) {
        let mut state = lock(&self.state);
        state.qid = qid;
        state.columns = columns;
        drop(state);
        self.deliver(Event::Fields { server, frame });
    }

    /// The batch is over and the server has more.
    fn has_more(self: &Arc<Self>) {
        let mut state = lock(&self.state);
        if state.phase == Phase::Done {
            return;
        }
        state.phase = Phase::HasMore;
        self.proceed(state);
    }

    /// The result is complete.
    fn finish(&self, server: u32, frame: Vec<u8>) {
        let mut state = lock(&self.state);
        if state.phase == Phase::Done {
            return;
        }
        // The connection goes back before the end is announced: the caller may use it when it hears of the
        // end.
        let owner = state.end();
        drop(state);
        drop(owner);
        self.deliver(Event::Success { server, frame });
    }

    /// The query failed; so does its transaction. This, too, is announced when the connection is back:
    /// what its user does next should find it idle, and not dial another one.
    pub(crate) fn fail(&self, error: &Error) {
        let mut state = lock(&self.state);
        if state.phase == Phase::Done {
            return;
        }
        let owner = state.end();
        let interrupted = state.interrupted;
        drop(state);
        let frame = || if interrupted { error.of_interrupted().frame() } else { error.frame() };
        match owner {
            Owner::None => self.deliver(Event::Failure { frame: frame() }),
            Owner::Lease(mut lease) => {
                let (sink, id, failure) =
                    (Arc::clone(&self.sink), self.id, Event::Failure { frame: frame() });
                lease.when_returned(move || sink.deliver(id, failure));
            }
            Owner::Transaction(transaction) => transaction.query_failed(self.id, error),
        }
    }

    /// Ends a query that is still unsent. Returns whether its end is still to be announced.
    pub(super) fn end_unsent(&self) -> bool {
        let mut state = lock(&self.state);
        let ended = state.phase != Phase::Done;
        if ended {
            state.end();
        }
        ended
    }

    /// Sends what the server waits for at `HasMore`, or waits for credit.
    fn proceed(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        let Some(connection) = state.connection.clone() else { return };
        let (version, qid) = (connection.peer().version, state.qid);
        let sent = if state.discard || state.credit > 0 {
            let discard = state.discard;
            if !discard && state.credit != ALL {
                state.credit -= 1;
            }
            state.phase = if discard { Phase::Discarding } else { Phase::Pulling };
            connection.submit(|outbox| {
                outbox.credited(&**self);
                if outbox.is_resetting() {
                    // After RESET there is nothing to pull or discard: that would be a failure of its own.
                    outbox.await_credit(self.clone());
                } else if discard {
                    message::discard(&mut outbox.out, version, -1, qid);
                    outbox.pending.push_back(PendingRequest::new(Request::Discard, self.clone()));
                } else {
                    message::pull(&mut outbox.out, version, self.fetch_size, qid);
                    outbox.pending.push_back(PendingRequest::new(Request::Pull, self.clone()));
                }
                Ok(())
            })
        } else {
            connection.await_credit(self.clone())
        };
        drop(state);
        if let Err(error) = sent {
            self.fail(&error);
        }
    }
}

impl ResponseHandler for Cursor {
    fn records_as(&self) -> RecordsAs {
        RecordsAs::Batches { columns: lock(&self.state).columns }
    }

    fn records(&self, batch: Batch) {
        let Batch { count, has_more, frame, reservation } = batch;
        self.deliver(Event::Records { count, has_more, frame, reservation });
    }

    fn success(self: Arc<Self>, request: Request, success: Success<'_>) {
        let Success { server, metadata, frame, .. } = success;
        match request {
            Request::Run => self.running(metadata.qid, metadata.columns, server, frame),
            _ if metadata.has_more => self.has_more(),
            _ => self.finish(server, frame),
        }
    }

    fn failure(self: Arc<Self>, _request: Request, error: &Error) {
        self.fail(error);
    }
}

impl State {
    fn end(&mut self) -> Owner {
        self.phase = Phase::Done;
        self.connection = None;
        std::mem::replace(&mut self.owner, Owner::None)
    }
}
