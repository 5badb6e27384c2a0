//! The connections to one address.
//!
//! The right to a connection is a value. A [`permit`] is the right to open one more, a [`lease`] the right to
//! use one; both return to the pool when they are dropped, wherever that happens, so that none can be lost.
//! Waiting requests are served in the order of their arrival.
//!
//! [`maintenance`] takes care of connections between requests.

pub(crate) mod acquire;
pub(crate) mod context;
mod error_handler;
mod lease;
mod maintenance;
pub(super) mod metrics;
mod permit;
pub(crate) mod set;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::Instant;
use tracing::{Level, instrument};

use crate::bolt::{Feature, ProtocolError};
use crate::driver::app::tokens::User;
use crate::driver::config::Address;
use crate::driver::connection::handler::ConnectionErrorHandler;
use crate::driver::connection::open::{negotiate, open};
use crate::driver::connection::task::spawn;
use crate::driver::connection::{self, Connection, LoggedOn, Peer};
use crate::driver::error::{Awaited, Error, Kind, Result};
use crate::driver::log::{ConnectionLabel, Shown, log_event};
use crate::driver::patience::within;
use crate::driver::sync::lock;
use context::PoolContext;
use error_handler::PoolErrorHandler;
pub(crate) use lease::Lease;
use metrics::{Counters, Metrics};
pub(crate) use permit::OpenPermit;

/// Connections to one address, open and to be opened.
pub(crate) struct Pool {
    address: Address,
    context: Arc<PoolContext>,
    errors: Arc<PoolErrorHandler>,
    state: Mutex<State>,
    /// Wakes the maintenance task, where there is one.
    changed: Arc<Notify>,
}

#[derive(Default)]
struct State {
    idle: VecDeque<Idle>,
    leased: usize,
    open_permits: usize,
    waiting: VecDeque<oneshot::Sender<Permit>>,
    /// All that were opened, for closing them.
    connections: Vec<Weak<Connection>>,
    counters: Counters,
    closed: bool,
}

struct Idle {
    connection: Arc<Connection>,
    since: Instant,
}

enum Permit {
    Lease(Lease),
    Open(OpenPermit),
}

/// Lives as long as a connection's task does. Tells the pool of its end.
struct SocketGuard {
    pool: Weak<Pool>,
    /// The number of the connection.
    number: u64,
    /// When all of them are gone, no socket of the driver is left.
    _socket: mpsc::Sender<()>,
}

/// How many connections there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// In use.
    pub active: usize,
    /// Open and not in use.
    pub idle: usize,
}

impl Pool {
    /// A pool without connections.
    pub(crate) fn new(address: Address, context: Arc<PoolContext>) -> Arc<Self> {
        Arc::new_cyclic(|pool| {
            let errors = Arc::new(PoolErrorHandler::new(Weak::clone(pool), Arc::clone(&context)));
            Self { address, context, errors, state: Mutex::default(), changed: Arc::default() }
        })
    }

    /// Tells of connections that were lost.
    pub(super) fn changed(&self) -> &Arc<Notify> {
        &self.changed
    }

    /// Where its connections lead.
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// What it has in common with the driver's other pools.
    pub(crate) fn context(&self) -> &Arc<PoolContext> {
        &self.context
    }

    /// What handles the errors of its connections.
    pub(crate) fn error_handler(&self) -> &PoolErrorHandler {
        &self.errors
    }

    /// How many connections are at work, or will be once they are open.
    pub(crate) fn busy(&self) -> usize {
        let state = lock(&self.state);
        state.leased + state.open_permits
    }

    /// Whether there is neither a connection nor a request that wants one.
    pub(crate) fn is_empty(&self) -> bool {
        let state = lock(&self.state);
        state.leased + state.open_permits + state.idle.len() + state.waiting.len() == 0
    }

    /// How many connections there are.
    pub(crate) fn status(&self) -> Status {
        let state = lock(&self.state);
        Status { active: state.leased, idle: state.idle.len() }
    }

    /// What the pool is doing, and has done.
    pub(crate) fn metrics(&self) -> Metrics {
        let state = lock(&self.state);
        Metrics {
            address: self.address.clone(),
            in_use: state.leased,
            idle: state.idle.len(),
            opening: state.open_permits,
            waiting: state.waiting.iter().filter(|waiting| !waiting.is_closed()).count(),
            counters: state.counters,
        }
    }

    /// An idle connection, if there is one that needs neither waiting nor checking.
    pub(crate) fn try_acquire(self: &Arc<Self>, user: User<'_>) -> Option<Lease> {
        let token = self.context.tokens.at_hand(user)?;
        let mut state = lock(&self.state);
        if state.closed || !state.waiting.is_empty() {
            return None;
        }
        let mut dead = Vec::new();
        let idle = self.take_idle(&mut state, &mut dead);
        let lease = match idle {
            Some(idle) if self.is_look_due(idle.since) => {
                state.idle.push_back(idle);
                None
            }
            Some(idle) => {
                state.counters.acquired += 1;
                Some(self.lease(&mut state, idle))
            }
            None => None,
        };
        drop(state);
        close_all(dead);
        // A connection that the user cannot have is given back; `acquire` then finds out why.
        let lease = lease.filter(|lease| lease.log_on(&token) == LoggedOn::Yes);
        if let Some(lease) = &lease {
            self.log_acquired(lease);
        }
        lease
    }

    /// A connection: an idle one, a new one, or the next that is given back.
    ///
    /// # Errors
    ///
    /// The acquisition timeout, which covers dialling and authentication too; whatever keeps a new
    /// connection from being opened; the pool is or gets closed.
    #[instrument(level = "debug", skip_all)]
    pub(crate) async fn acquire(self: &Arc<Self>, user: User<'_>) -> Result<Lease> {
        if lock(&self.state).closed {
            return Err(Kind::PoolClosed.into());
        }
        let start = Instant::now();
        let acquired = tokio::select! {
            biased;
            () = self.context.closing() => Err(Kind::Closed.into()),
            acquired = within(self.context.config.acquisition_timeout, self.acquire_unbounded(user)) => {
                acquired.unwrap_or_else(|awaited| {
                    lock(&self.state).counters.timed_out += 1;
                    Err(self.timed_out(awaited))
                })
            }
        };
        if let Ok(lease) = &acquired {
            lock(&self.state).counters.acquired_after(start.elapsed());
            self.log_acquired(lease);
        }
        acquired
    }

    fn log_acquired(&self, lease: &Lease) {
        let peer = lease.connection().peer();
        log_event!(self.context.log, Level::DEBUG, peer, "acquired from the pool {}", self.address);
    }

    /// Sees whether the server lets this driver in. Returns the server's number.
    ///
    /// # Errors
    ///
    /// As [`Pool::acquire`], and where the server does not answer.
    pub(crate) async fn verify(self: &Arc<Self>) -> Result<u32> {
        let lease = self.acquire(User::Driver).await?;
        lease.verify().await?;
        Ok(lease.connection().peer().server)
    }

    /// The error of a request that ran out of time while it waited for a server of this address, and for
    /// `awaited`.
    pub(crate) fn timed_out(&self, awaited: Option<Awaited>) -> Error {
        let Status { active, idle } = self.status();
        Kind::AcquisitionTimeout { limit: self.context.config.acquisition_timeout, active, idle, awaited }
            .into()
    }

    /// Shakes hands over a connection that is not for use, and does nothing else. Returns the number of a
    /// server of the version agreed on.
    ///
    /// # Errors
    ///
    /// As [`Pool::acquire`].
    pub(crate) async fn negotiate(&self) -> Result<u32> {
        let PoolContext { config, servers, log, .. } = &*self.context;
        let Some(_socket) = self.context.socket() else { return Err(Kind::PoolClosed.into()) };
        let dialer = self.context.dialer()?;
        let limit = config.acquisition_timeout;
        let negotiated = async {
            let stream = dialer.dial(&self.address, config.connection_timeout).await?;
            negotiate(stream, &self.address, log).await
        };
        let version = tokio::select! {
            biased;
            () = self.context.closing() => Err(Kind::Closed.into()),
            negotiated = within(limit, negotiated) => {
                negotiated.unwrap_or_else(|awaited| Err(self.timed_out(awaited)))
            }
        };
        Ok(servers.number(&self.address, "", version.map_err(|error| self.errors.lost(error))?))
    }

    /// Closes the connections that are idle now, and those in use once they are given back.
    pub(crate) fn purge(&self) {
        let idle = {
            let mut state = lock(&self.state);
            for connection in state.connections.iter().filter_map(Weak::upgrade) {
                connection.retire();
            }
            std::mem::take(&mut state.idle)
        };
        close_all(idle);
    }

    /// Closes all connections. Requests under way fail; waiting requests are turned away.
    pub(crate) fn close(&self) {
        let (waiting, idle, connections) = {
            let mut state = lock(&self.state);
            state.closed = true;
            (
                std::mem::take(&mut state.waiting),
                std::mem::take(&mut state.idle),
                std::mem::take(&mut state.connections),
            )
        };
        self.changed.notify_one();
        drop(waiting);
        for connection in connections.iter().filter_map(Weak::upgrade) {
            connection.close(&Kind::Closed.into());
        }
        drop(idle);
    }

    async fn acquire_unbounded(self: &Arc<Self>, user: User<'_>) -> Result<Lease> {
        let mut permit = match self.take()? {
            Ok(permit) => permit,
            Err(waiter) => waiter.await.map_err(|_| Error::from(Kind::Closed))?,
        };
        loop {
            let lease = match permit {
                Permit::Open(permit) => return self.open(permit, user).await,
                Permit::Lease(lease) => lease,
            };
            if lease.is_alive().await && lease.is_for(user).await? {
                return Ok(lease);
            }
            permit = self.swap(lease);
        }
    }

    /// Another connection, or the right to open one, for a connection that cannot be used: a request that has
    /// waited for it need not wait again.
    fn swap(self: &Arc<Self>, lease: Lease) -> Permit {
        let connection = lease.into_connection();
        let mut dead = Vec::new();
        let mut state = lock(&self.state);
        state.leased -= 1;
        let permit = if let Some(idle) = self.take_idle(&mut state, &mut dead) {
            Permit::Lease(self.lease(&mut state, idle))
        } else {
            state.open_permits += 1;
            Permit::Open(OpenPermit::new(self))
        };
        drop(state);
        connection.close(&Kind::Closed.into());
        close_all(dead);
        permit
    }

    /// What can be had at once, or else what to wait for.
    fn take(self: &Arc<Self>) -> Result<std::result::Result<Permit, oneshot::Receiver<Permit>>> {
        let mut dead = Vec::new();
        let mut state = lock(&self.state);
        if state.closed {
            return Err(Kind::PoolClosed.into());
        }
        let taken = if let Some(idle) = self.take_idle(&mut state, &mut dead) {
            Ok(Permit::Lease(self.lease(&mut state, idle)))
        } else if state.leased + state.open_permits < self.context.config.max_connection_pool_size {
            state.open_permits += 1;
            Ok(Permit::Open(OpenPermit::new(self)))
        } else {
            let (waiter, waiting) = oneshot::channel();
            // A request that has given up waiting needs no place in the queue.
            state.waiting.retain(|waiting| !waiting.is_closed());
            state.waiting.push_back(waiter);
            Err(waiting)
        };
        drop(state);
        close_all(dead);
        Ok(taken)
    }

    /// Opens a connection.
    pub(crate) async fn open(self: &Arc<Self>, permit: OpenPermit, user: User<'_>) -> Result<Lease> {
        let PoolContext { config, log, .. } = &*self.context;
        let Some(socket) = self.context.socket() else { return Err(Kind::PoolClosed.into()) };
        let dialer = self.context.dialer()?;
        let opened = async {
            let stream = dialer.dial(&self.address, config.connection_timeout).await?;
            let PoolContext { servers, tokens, .. } = &*self.context;
            open(stream, &self.address, config, servers, tokens, log, user).await
        };
        let opened = opened.await.map_err(|error| self.errors.lost(error))?;
        let token = Arc::clone(&opened.token);
        let Peer { number, routes_by_itself, .. } = opened.peer;
        let socket = SocketGuard { pool: Arc::downgrade(self), number, _socket: socket };
        let guard = Box::new((self.context.count(routes_by_itself), socket));
        let errors: Arc<dyn ConnectionErrorHandler> = self.errors.clone();
        let context =
            connection::Context { log: log.clone(), wakeups: Arc::clone(&self.context.wakeups), errors };
        let connection = spawn(opened, context, guard);
        log_event!(log, Level::DEBUG, connection.peer(), "created for the pool {}", self.address);
        let closed = {
            let mut state = lock(&self.state);
            state.connections.retain(|known| known.strong_count() > 0);
            state.connections.push(Arc::downgrade(&connection));
            state.counters.created += 1;
            state.closed
        };
        let lease = permit.filled(connection);
        if closed {
            lease.connection().close(&Kind::Closed.into());
            return Err(Kind::PoolClosed.into());
        }
        if lease.log_on(&token) == LoggedOn::Refused {
            // The connection is for a session with a user of its own, which this server does not allow.
            lease.connection().close(&Kind::Closed.into());
            return Err(ProtocolError::from(Feature::UserSwitch).into());
        }
        Ok(lease)
    }

    /// Has each connection log on again before it is used the next time.
    pub(crate) fn forget_tokens(&self) {
        let connections: Vec<_> = lock(&self.state).connections.iter().filter_map(Weak::upgrade).collect();
        for connection in connections {
            connection.forget_token();
        }
    }

    /// The connection used last that is still good; those that are not end up in `dead`.
    fn take_idle(&self, state: &mut State, dead: &mut Vec<Idle>) -> Option<Idle> {
        loop {
            let idle = state.idle.pop_back()?;
            if self.is_usable(&idle.connection) {
                return Some(idle);
            }
            dead.push(idle);
        }
    }

    fn lease(self: &Arc<Self>, state: &mut State, idle: Idle) -> Lease {
        state.leased += 1;
        Lease::new(Arc::clone(self), idle.connection, Some(idle.since))
    }

    fn is_usable(&self, connection: &Connection) -> bool {
        connection.is_open()
            && !connection.is_retired()
            && connection.peer().opened.elapsed() < self.context.config.max_connection_lifetime
    }

    /// Whether it was idle for so long that its end may have come unnoticed by the calling thread.
    fn is_look_due(&self, idle_since: Instant) -> bool {
        idle_since.elapsed() >= UNSEEN || self.is_check_due(idle_since)
    }

    fn is_check_due(&self, idle_since: Instant) -> bool {
        self.context.config.liveness_check_timeout.is_some_and(|limit| idle_since.elapsed() >= limit)
    }

    /// Ends what is idle for longer than the settings allow. Says when to come again; `None` = never, as the
    /// pool is closed.
    pub(crate) fn evict_idle(&self) -> Option<Instant> {
        let now = Instant::now();
        let config = &self.context.config;
        let mut ended = Vec::new();
        let due = {
            let mut state = lock(&self.state);
            if state.closed {
                return None;
            }
            let mut due = now + config.idle_timeout.unwrap_or(SELDOM);
            if config.min_connection_pool_size > 0 {
                // Those that are kept warm are replaced before a request finds them too old.
                let (old, young): (VecDeque<_>, VecDeque<_>) = std::mem::take(&mut state.idle)
                    .into_iter()
                    .partition(|idle| !self.is_usable(&idle.connection));
                state.idle = young;
                ended.extend(old);
                let opened = state.idle.iter().map(|idle| idle.connection.peer().opened);
                if let Some(opened) = opened.min() {
                    due = due.min(opened + config.max_connection_lifetime);
                }
            }
            if let Some(limit) = config.idle_timeout {
                // The one that was used first is at the front.
                while let Some(oldest) = state.idle.front() {
                    if state.total() <= config.min_connection_pool_size {
                        break;
                    }
                    if oldest.since + limit > now {
                        due = due.min(oldest.since + limit);
                        break;
                    }
                    ended.extend(state.idle.pop_front());
                }
            }
            due
        };
        close_all(ended);
        Some(due)
    }

    /// The right to open a connection in advance, where there are fewer than there should be.
    pub(crate) fn reserve_missing(self: &Arc<Self>) -> Option<OpenPermit> {
        let mut state = lock(&self.state);
        if state.closed || state.total() >= self.context.config.min_connection_pool_size {
            return None;
        }
        state.open_permits += 1;
        Some(OpenPermit::new(self))
    }

    /// A connection's task is over.
    fn ended(&self, number: u64) {
        let found = {
            let mut state = lock(&self.state);
            state.counters.closed += 1;
            let at = state.idle.iter().position(|idle| idle.connection.peer().number == number);
            at.and_then(|at| state.idle.remove(at))
        };
        if let Some(Idle { connection, .. }) = found
            && let Some(error) = connection.end()
        {
            let label = ConnectionLabel::from(connection.peer());
            self.context.log.failure(
                Level::DEBUG,
                format_args!("Idle connection {label} destroyed because of error:"),
                Shown::Named,
                &error,
            );
        }
        if self.context.config.min_connection_pool_size > 0 {
            self.changed.notify_one();
        }
    }

    /// Takes back a clean connection: for the first request that waits, or to be idle.
    fn check_in(self: &Arc<Self>, connection: Arc<Connection>) {
        let log = &self.context.log;
        let mut connection = Some(connection);
        loop {
            let mut state = lock(&self.state);
            let reusable = connection.as_ref().is_some_and(|connection| self.is_usable(connection));
            if !reusable || state.closed {
                if let Some(connection) = &connection {
                    let cause = if reusable { "pool has been purged" } else { "it is not functional" };
                    log_event!(
                        log,
                        Level::DEBUG,
                        connection.peer(),
                        "destroyed and can't be released to the pool {} because {cause}",
                        self.address
                    );
                }
                break;
            }
            if let Some(connection) = &connection {
                log_event!(log, Level::DEBUG, connection.peer(), "released to the pool {}", self.address);
            }
            let Some(waiter) = state.waiting.pop_front() else {
                state.leased -= 1;
                if let Some(connection) = connection.take() {
                    state.idle.push_back(Idle { connection, since: Instant::now() });
                }
                return;
            };
            drop(state);
            if let Some(free) = connection.take() {
                let lease = Lease::new(Arc::clone(self), free, None);
                match waiter.send(Permit::Lease(lease)) {
                    Ok(()) => return,
                    // Gave up waiting; the lease is still ours.
                    Err(Permit::Lease(lease)) => connection = Some(lease.into_connection()),
                    Err(Permit::Open(_)) => return,
                }
            }
        }
        if let Some(connection) = connection {
            connection.close(&Kind::Closed.into());
        }
        lock(&self.state).leased -= 1;
        self.grant_open_permit();
    }

    /// Lets the first request that waits open a connection, if there is room for one.
    fn grant_open_permit(self: &Arc<Self>) {
        loop {
            let waiter = {
                let mut state = lock(&self.state);
                if state.closed
                    || state.leased + state.open_permits >= self.context.config.max_connection_pool_size
                {
                    return;
                }
                let Some(waiter) = state.waiting.pop_front() else { return };
                state.open_permits += 1;
                waiter
            };
            let permit = OpenPermit::new(self);
            match waiter.send(Permit::Open(permit)) {
                Ok(()) => return,
                // Gave up waiting: the right goes to the next.
                Err(Permit::Open(permit)) => permit.take_back(),
                Err(Permit::Lease(_)) => return,
            }
        }
    }
}

impl State {
    /// Connections that are open, or will be.
    fn total(&self) -> usize {
        self.leased + self.open_permits + self.idle.len()
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.changed.notify_one();
    }
}

impl Drop for SocketGuard {
    fn drop(&mut self) {
        if let Some(pool) = self.pool.upgrade() {
            pool.ended(self.number);
        }
    }
}

/// Ends connections that are not to be used any more.
fn close_all(dead: impl IntoIterator<Item = Idle>) {
    for idle in dead {
        idle.connection.close(&Kind::Closed.into());
    }
}

/// After so long in the pool, a connection may have ended unnoticed by the calling thread, though the system
/// knows of it: the engine's thread, which hears of it first, is then asked for the connection.
const UNSEEN: Duration = Duration::from_millis(50);
/// How often the maintenance task looks where nothing is due.
const SELDOM: Duration = Duration::from_secs(24 * 3600);
