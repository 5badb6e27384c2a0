//! The connections to one address.
//!
//! The right to a connection is a value. A [`Slot`] is the right to open one more, a [`Lease`] the
//! right to use one; both return to the pool when they are dropped, wherever that happens, so that
//! none can be lost. Who waits is served in the order of coming.
//!
//! What happens to connections that nobody asks for is up to the [`keeper`](super::keeper).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::yield_now;
use tokio::time::{Instant, timeout};
use tracing::{Level, instrument};

use super::config::Address;
use super::connection::{Connection, LoggedOn, Pending};
use super::error::{Error, Kind, Result};
use super::establish::{establish, negotiate};
use super::keeper::keep;
use super::lock;
use super::log::{Who, line};
use super::metrics::{Counters, Metrics};
use super::pools::Shared;
use super::routing::Tenant;
use super::token::{Token, User};
use crate::bolt::{Feature, ProtocolError};

/// Connections to one address, open and to be opened.
pub(crate) struct Pool {
    address: Address,
    shared: Arc<Shared>,
    state: Mutex<State>,
    /// Wakes the keeper, where there is one.
    changed: Arc<Notify>,
}

#[derive(Default)]
struct State {
    idle: VecDeque<Idle>,
    leased: usize,
    slots: usize,
    waiting: VecDeque<oneshot::Sender<Grant>>,
    /// All that were opened, for closing them.
    connections: Vec<Weak<Connection>>,
    counters: Counters,
    closed: bool,
}

struct Idle {
    connection: Arc<Connection>,
    since: Instant,
}

enum Grant {
    Lease(Lease),
    Slot(Slot),
}

/// The right to use a connection. Dropping it gives the connection back, after a RESET where it was
/// left at work.
pub(crate) struct Lease {
    pool: Arc<Pool>,
    connection: Arc<Connection>,
    /// How long it had been idle.
    idle: Option<Instant>,
    /// Whether it was opened for this lease.
    fresh: bool,
    /// False once it is back in the pool.
    held: bool,
    /// What to do once the connection is back, or gone.
    returned: Vec<Box<dyn FnOnce() + Send + Sync>>,
}

/// The right to open a connection.
pub(crate) struct Slot {
    pool: Arc<Pool>,
    held: bool,
}

/// Lives as long as a connection's task does, and tells the pool of its end.
pub(crate) struct Alive {
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
    /// A pool without connections. Where the settings ask for it, connections are opened in advance.
    pub fn new(address: Address, shared: Arc<Shared>) -> Arc<Self> {
        let pool = Arc::new(Self { address, shared, state: Mutex::default(), changed: Arc::default() });
        if pool.shared.config.idle_timeout.is_some() || pool.shared.config.min_connection_pool_size > 0 {
            pool.shared.runtime.spawn(keep(Arc::downgrade(&pool), Arc::clone(&pool.changed)));
        }
        pool
    }

    /// Where its connections lead.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// What it has in common with the driver's other pools.
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// How many connections are at work, or will be once they are open.
    pub fn busy(&self) -> usize {
        let state = lock(&self.state);
        state.leased + state.slots
    }

    /// Whether there is neither a connection nor anybody who wants one.
    pub fn is_empty(&self) -> bool {
        let state = lock(&self.state);
        state.leased + state.slots + state.idle.len() + state.waiting.len() == 0
    }

    /// How many connections there are.
    pub fn status(&self) -> Status {
        let state = lock(&self.state);
        Status { active: state.leased, idle: state.idle.len() }
    }

    /// What the pool is doing, and has done.
    pub fn metrics(&self) -> Metrics {
        let state = lock(&self.state);
        Metrics {
            address: self.address.clone(),
            in_use: state.leased,
            idle: state.idle.len(),
            opening: state.slots,
            waiting: state.waiting.iter().filter(|waiting| !waiting.is_closed()).count(),
            counters: state.counters,
        }
    }

    /// An idle connection, if there is one that needs neither waiting nor checking.
    pub fn try_acquire(self: &Arc<Self>, user: User<'_>) -> Option<Lease> {
        let token = self.shared.tokens.at_hand(user)?;
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
        bury(dead);
        // Where the server has something against the user, it is given back, and said by another way.
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
    pub async fn acquire(self: &Arc<Self>, user: User<'_>) -> Result<Lease> {
        if lock(&self.state).closed {
            return Err(Kind::PoolClosed.into());
        }
        let start = Instant::now();
        let acquired = tokio::select! {
            biased;
            () = self.shared.closing() => Err(Kind::Closed.into()),
            acquired = timeout(self.shared.config.acquisition_timeout, self.acquire_unbounded(user)) => {
                acquired.unwrap_or_else(|_| {
                    lock(&self.state).counters.timed_out += 1;
                    Err(self.timed_out())
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
        let peer = lease.connection.peer();
        line!(self.shared.log, Level::DEBUG, peer, "acquired from the pool {}", self.address);
    }

    /// Sees whether the server lets this driver in. Returns the server's number.
    ///
    /// # Errors
    ///
    /// As [`Pool::acquire`], and where the server does not answer.
    pub async fn verify(self: &Arc<Self>) -> Result<u32> {
        let lease = self.acquire(User::Driver).await?;
        lease.verify().await?;
        Ok(lease.connection().peer().server)
    }

    /// What a request fails with whose time was up while it waited for a server of this address.
    pub fn timed_out(&self) -> Error {
        let Status { active, idle } = self.status();
        Kind::AcquisitionTimeout { limit: self.shared.config.acquisition_timeout, active, idle }.into()
    }

    /// Shakes hands over a connection that is not for use, and says nothing else. Returns the number of a server
    /// of the version agreed on.
    ///
    /// # Errors
    ///
    /// As [`Pool::acquire`].
    pub async fn negotiate(&self) -> Result<u32> {
        let Shared { config, dialer, servers, log, .. } = &*self.shared;
        let Some(_alive) = self.shared.alive() else { return Err(Kind::PoolClosed.into()) };
        let limit = config.acquisition_timeout;
        let negotiated = async {
            let stream = dialer.dial(&self.address, config.connection_timeout).await?;
            negotiate(stream, &self.address, log).await
        };
        let version = tokio::select! {
            biased;
            () = self.shared.closing() => Err(Kind::Closed.into()),
            negotiated = timeout(limit, negotiated) => negotiated.unwrap_or_else(|_| Err(self.timed_out())),
        };
        Ok(servers.number(&self.address, "", version.map_err(|error| self.shared.seen(error))?))
    }

    /// Closes the connections that are idle now, and those in use once they are given back.
    pub fn purge(&self) {
        let idle = {
            let mut state = lock(&self.state);
            for connection in state.connections.iter().filter_map(Weak::upgrade) {
                connection.retire();
            }
            std::mem::take(&mut state.idle)
        };
        bury(idle);
    }

    /// Closes all connections. What is under way fails; who waits is turned away.
    pub fn close(&self) {
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
        let mut grant = match self.take()? {
            Ok(grant) => grant,
            Err(turn) => turn.await.map_err(|_| Error::from(Kind::Closed))?,
        };
        loop {
            let lease = match grant {
                Grant::Slot(slot) => return self.open(slot, user).await,
                Grant::Lease(lease) => lease,
            };
            if lease.is_alive().await && lease.is_for(user).await? {
                return Ok(lease);
            }
            grant = self.exchange(lease);
        }
    }

    /// Another connection, or the right to open one, for a connection that is of no use: who has waited for
    /// it need not wait again.
    fn exchange(self: &Arc<Self>, lease: Lease) -> Grant {
        let connection = lease.into_connection();
        let mut dead = Vec::new();
        let mut state = lock(&self.state);
        state.leased -= 1;
        let grant = if let Some(idle) = self.take_idle(&mut state, &mut dead) {
            Grant::Lease(self.lease(&mut state, idle))
        } else {
            state.slots += 1;
            Grant::Slot(Slot { pool: Arc::clone(self), held: true })
        };
        drop(state);
        connection.close(&Kind::Closed.into());
        bury(dead);
        grant
    }

    /// What can be had at once, or the turn to wait for.
    fn take(self: &Arc<Self>) -> Result<std::result::Result<Grant, oneshot::Receiver<Grant>>> {
        let mut dead = Vec::new();
        let mut state = lock(&self.state);
        if state.closed {
            return Err(Kind::PoolClosed.into());
        }
        let taken = if let Some(idle) = self.take_idle(&mut state, &mut dead) {
            Ok(Grant::Lease(self.lease(&mut state, idle)))
        } else if state.leased + state.slots < self.shared.config.max_connection_pool_size {
            state.slots += 1;
            Ok(Grant::Slot(Slot { pool: Arc::clone(self), held: true }))
        } else {
            let (turn, waiting) = oneshot::channel();
            // Whoever has given up waiting needs no place in the queue.
            state.waiting.retain(|waiting| !waiting.is_closed());
            state.waiting.push_back(turn);
            Err(waiting)
        };
        drop(state);
        bury(dead);
        Ok(taken)
    }

    /// Opens a connection.
    pub async fn open(self: &Arc<Self>, slot: Slot, user: User<'_>) -> Result<Lease> {
        let Shared { config, dialer, log, .. } = &*self.shared;
        let Some(socket) = self.shared.alive() else { return Err(Kind::PoolClosed.into()) };
        let established = async {
            let stream = dialer.dial(&self.address, config.connection_timeout).await?;
            establish(stream, &self.address, &self.shared, user).await
        };
        let established = established.await.map_err(|error| self.shared.seen(error))?;
        let token = Arc::clone(&established.token);
        let alive = Alive { pool: Arc::downgrade(self), number: established.peer.number, _socket: socket };
        let connection =
            Connection::start(established, Arc::clone(&self.shared), Arc::downgrade(self), alive);
        line!(log, Level::DEBUG, connection.peer(), "created for the pool {}", self.address);
        let closed = {
            let mut state = lock(&self.state);
            state.connections.retain(|known| known.strong_count() > 0);
            state.connections.push(Arc::downgrade(&connection));
            state.counters.created += 1;
            state.closed
        };
        let lease = slot.filled(connection);
        if closed {
            lease.connection.close(&Kind::Closed.into());
            return Err(Kind::PoolClosed.into());
        }
        if lease.log_on(&token) == LoggedOn::Refused {
            // It belongs to somebody who must not have one.
            lease.connection.close(&Kind::Closed.into());
            return Err(ProtocolError::from(Feature::UserSwitch).into());
        }
        Ok(lease)
    }

    /// Has each connection log on again before it is used the next time.
    pub fn forget_tokens(&self) {
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
            && connection.peer().opened.elapsed() < self.shared.config.max_connection_lifetime
    }

    /// Whether it was idle for so long that its end may have come unnoticed by the calling thread.
    fn is_look_due(&self, idle_since: Instant) -> bool {
        idle_since.elapsed() >= UNSEEN || self.is_check_due(idle_since)
    }

    fn is_check_due(&self, idle_since: Instant) -> bool {
        self.shared.config.liveness_check_timeout.is_some_and(|limit| idle_since.elapsed() >= limit)
    }

    /// Ends what is idle for longer than the settings allow. Says when to come again; `None` = never, as the
    /// pool is closed.
    pub fn tend(&self) -> Option<Instant> {
        let now = Instant::now();
        let config = &self.shared.config;
        let mut ended = Vec::new();
        let due = {
            let mut state = lock(&self.state);
            if state.closed {
                return None;
            }
            let mut due = now + config.idle_timeout.unwrap_or(SELDOM);
            if config.min_connection_pool_size > 0 {
                // Those that are kept warm are replaced before somebody finds them too old.
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
        bury(ended);
        Some(due)
    }

    /// The right to open a connection in advance, where there are fewer than there should be.
    pub fn missing(self: &Arc<Self>) -> Option<Slot> {
        let mut state = lock(&self.state);
        if state.closed || state.total() >= self.shared.config.min_connection_pool_size {
            return None;
        }
        state.slots += 1;
        Some(Slot { pool: Arc::clone(self), held: true })
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
            let who = Who::from(connection.peer());
            line!(
                self.shared.log,
                Level::DEBUG,
                "Idle connection {who} destroyed because of error: Neo4jError: {error}"
            );
        }
        if self.shared.config.min_connection_pool_size > 0 {
            self.changed.notify_one();
        }
    }

    /// Takes back a clean connection: for who waits first, or to be idle.
    fn put_back(self: &Arc<Self>, connection: Arc<Connection>) {
        let log = &self.shared.log;
        let mut connection = Some(connection);
        loop {
            let mut state = lock(&self.state);
            let reusable = connection.as_ref().is_some_and(|connection| self.is_usable(connection));
            if !reusable || state.closed {
                if let Some(connection) = &connection {
                    let cause = if reusable { "pool has been purged" } else { "it is not functional" };
                    line!(
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
                line!(log, Level::DEBUG, connection.peer(), "released to the pool {}", self.address);
            }
            let Some(turn) = state.waiting.pop_front() else {
                state.leased -= 1;
                if let Some(connection) = connection.take() {
                    state.idle.push_back(Idle { connection, since: Instant::now() });
                }
                return;
            };
            drop(state);
            if let Some(free) = connection.take() {
                let lease = Lease::new(Arc::clone(self), free, None);
                match turn.send(Grant::Lease(lease)) {
                    Ok(()) => return,
                    // Gave up waiting; the lease is still ours.
                    Err(Grant::Lease(lease)) => connection = Some(lease.into_connection()),
                    Err(Grant::Slot(_)) => return,
                }
            }
        }
        if let Some(connection) = connection {
            connection.close(&Kind::Closed.into());
        }
        lock(&self.state).leased -= 1;
        self.grant_slot();
    }

    /// Lets the first who waits open a connection, if there is room for one.
    fn grant_slot(self: &Arc<Self>) {
        loop {
            let turn = {
                let mut state = lock(&self.state);
                if state.closed || state.leased + state.slots >= self.shared.config.max_connection_pool_size {
                    return;
                }
                let Some(turn) = state.waiting.pop_front() else { return };
                state.slots += 1;
                turn
            };
            let slot = Slot { pool: Arc::clone(self), held: true };
            match turn.send(Grant::Slot(slot)) {
                Ok(()) => return,
                // Gave up waiting: the right goes to the next.
                Err(Grant::Slot(mut slot)) => {
                    slot.held = false;
                    lock(&self.state).slots -= 1;
                }
                Err(Grant::Lease(_)) => return,
            }
        }
    }
}

impl State {
    /// Connections that are open, or will be.
    fn total(&self) -> usize {
        self.leased + self.slots + self.idle.len()
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.changed.notify_one();
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        if let Some(pool) = self.pool.upgrade() {
            pool.ended(self.number);
        }
    }
}

impl Lease {
    fn new(pool: Arc<Pool>, connection: Arc<Connection>, idle: Option<Instant>) -> Self {
        Self { pool, connection, idle, fresh: false, held: true, returned: Vec::new() }
    }

    /// Has something done once the connection can be used again, or is known to be gone: after the
    /// answer to the RESET, where it is left at work.
    pub fn when_returned(&mut self, action: impl FnOnce() + Send + Sync + 'static) {
        self.returned.push(Box::new(action));
    }

    /// Lets the router know what goes wrong from now on, for as long as the lease lasts.
    pub fn let_to(&self, tenant: Tenant) {
        self.connection.let_to(tenant);
    }

    /// The connection.
    pub fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }

    /// Whether the connection is there, and still answers. Asked only where it was idle for long enough.
    async fn is_alive(&self) -> bool {
        if self.idle.is_some_and(|since| self.pool.is_look_due(since)) {
            // Whatever has come over the socket is looked at before this goes on.
            yield_now().await;
            if !self.connection.is_open() {
                return false;
            }
        }
        match self.idle {
            Some(since) if self.pool.is_check_due(since) => match self.ping().await {
                Ok(()) => true,
                Err(error) => {
                    let number = self.connection.peer().number;
                    line!(
                        self.pool.shared.log,
                        Level::DEBUG,
                        "The connection {number} is not alive because of an error {} '{error}'",
                        error.code()
                    );
                    false
                }
            },
            _ => true,
        }
    }

    /// Whether the connection can be used as somebody. Errors are for those who ask too much of the server.
    async fn is_for(&self, user: User<'_>) -> Result<bool> {
        let token = match self.pool.shared.tokens.current(user).await {
            Ok(token) => token,
            Err(error) => {
                // A new connection asks again, and hands the error on.
                let number = self.connection.peer().number;
                line!(
                    self.pool.shared.log,
                    Level::DEBUG,
                    "The connection {number} is not valid because of an error {} '{error}'",
                    error.code()
                );
                self.connection.close(&error);
                return Ok(false);
            }
        };
        match self.log_on(&token) {
            LoggedOn::Yes => Ok(true),
            LoggedOn::Lost => {
                self.connection.close(&Kind::Closed.into());
                Ok(false)
            }
            LoggedOn::Refused => {
                if self.connection.is_logged_on_as(&token) {
                    self.connection.close(&Kind::Closed.into());
                }
                Err(ProtocolError::from(Feature::UserSwitch).into())
            }
        }
    }

    fn log_on(&self, token: &Arc<Token>) -> LoggedOn {
        self.connection.log_on(token, false)
    }

    /// Makes sure that the server is there and takes the user, where neither is known by now.
    pub async fn verify(&self) -> Result<()> {
        match self.connection.logged_on().await {
            _ if self.fresh => Ok(()),
            Some(answer) => answer,
            None => self.ping().await,
        }
    }

    /// Makes sure that the server takes the user, even where it has done so before.
    pub async fn authenticate(&self, user: User<'_>) -> Result<()> {
        if !self.connection.peer().version.has_logon() {
            return Err(ProtocolError::from(Feature::UserSwitch).into());
        }
        if self.fresh {
            return Ok(());
        }
        if let Some(answer) = self.connection.logged_on().await {
            return answer;
        }
        let token = self.pool.shared.tokens.current(user).await?;
        match self.connection.log_on(&token, true) {
            LoggedOn::Yes => self.connection.logged_on().await.unwrap_or(Ok(())),
            LoggedOn::Lost | LoggedOn::Refused => Err(Kind::Disconnected.into()),
        }
    }

    /// Sends RESET and waits for the answer.
    pub async fn ping(&self) -> Result<()> {
        let (sender, answer) = oneshot::channel();
        self.connection.submit(|link| {
            link.send_reset(Pending::Ping(sender));
            Ok(())
        })?;
        answer.await.unwrap_or_else(|_| Err(Kind::Disconnected.into()))
    }

    fn into_connection(mut self) -> Arc<Connection> {
        self.held = false;
        Arc::clone(&self.connection)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !std::mem::replace(&mut self.held, false) {
            return;
        }
        let mut lease = Lease::new(Arc::clone(&self.pool), Arc::clone(&self.connection), None);
        lease.returned = std::mem::take(&mut self.returned);
        let connection = Arc::clone(&self.connection);
        // Where the connection has to be cleaned first, its task gives the lease back afterwards.
        if let Some(mut lease) = connection.recycle(lease) {
            let returned = std::mem::take(&mut lease.returned);
            self.pool.put_back(lease.into_connection());
            for action in returned {
                action();
            }
        }
    }
}

impl Slot {
    fn filled(mut self, connection: Arc<Connection>) -> Lease {
        self.held = false;
        {
            let mut state = lock(&self.pool.state);
            state.slots -= 1;
            state.leased += 1;
        }
        let mut lease = Lease::new(Arc::clone(&self.pool), connection, None);
        lease.fresh = true;
        lease
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if std::mem::replace(&mut self.held, false) {
            {
                let mut state = lock(&self.pool.state);
                state.slots -= 1;
                state.counters.failed += 1;
            }
            self.pool.grant_slot();
        }
    }
}

/// Ends connections that are not to be used any more.
fn bury(dead: impl IntoIterator<Item = Idle>) {
    for idle in dead {
        idle.connection.close(&Kind::Closed.into());
    }
}

/// After so long, a connection's end that the system knows of may be unknown to the calling thread: the
/// engine's thread, which hears of it first, is then asked for the connection.
const UNSEEN: Duration = Duration::from_millis(50);
/// How often the keeper looks where nothing is due.
const SELDOM: Duration = Duration::from_secs(24 * 3600);
