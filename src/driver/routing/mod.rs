//! Routing: which server of a cluster gets a request.
//!
//! A table for each database lists its readers, writers and routers. Where no table is good for the work at
//! hand, a router is asked for one: once for all requests that wait for it. Servers that fail are taken out
//! of their table, and when it has none left for some work, a router is asked again.
//!
//! ```text
//!  acquire ──▶ table fresh? ──no──▶ discovery: known routers, seed ─▶ table, home database
//!                  │ yes                                               │
//!                  └─────────────▶ balancer: reader or writer ◀────────┘
//!                                          │
//!                     ┌──────────▶ pool of its address ──▶ lease, with an error handler
//!                     │                    │ cannot be reached     │ goes wrong
//!                     │                    ▼                       ▼
//!                     └─ next ──── table forgets the server ◀──────┘
//! ```

mod discovery;
mod error_handler;
mod load_balancer;
mod raw;
mod table;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use tracing::Level;

use crate::bolt::ProtocolError;
use crate::bolt::message::AccessMode;
use crate::bolt::packstream::Reader;
use crate::driver::app::callbacks::on_the_same_behalf;
use crate::driver::app::tokens::User;
use crate::driver::config::{Address, Secret};
use crate::driver::error::{ClusterError, Error, Kind, Result};
use crate::driver::log::{Log, Shown};
use crate::driver::patience::within;
use crate::driver::pool::acquire::{AcquireRequest, AcquiredConnection};
use crate::driver::pool::context::PoolContext;
use crate::driver::pool::set::PoolSet;
use crate::driver::pool::{Lease, Pool, Status};
use crate::driver::sync::lock;
use discovery::{TableRequest, is_final, is_no_router};
use error_handler::RoutingErrorHandler;
use load_balancer::LoadBalancer;
use table::{Table, TableData};

/// Routes.
pub(crate) struct Router {
    /// For what handles errors on its behalf.
    weak: Weak<Self>,
    pools: Arc<PoolSet>,
    /// The encoded routing context.
    context: Vec<u8>,
    state: Mutex<State>,
    balancer: LoadBalancer,
}

struct State {
    /// By name; [`UNNAMED`] is the default database of servers that do not name it.
    tables: HashMap<Arc<str>, Table>,
    discoveries: Vec<PendingDiscovery>,
    /// Whether the configured address is asked before the routers of the table. Otherwise a driver that has
    /// met a minority of the cluster would ask that minority for ever.
    seed_first: bool,
}

/// A table that is being asked for.
#[derive(Clone)]
struct PendingDiscovery {
    table_request: TableRequest,
    finished: watch::Receiver<Option<Result<Found>>>,
}

/// Why a router was of no help.
struct Failure {
    error: Error,
    /// Whether a connection to it could be had.
    reached: bool,
}

/// Where the table is that was asked for.
#[derive(Clone)]
struct Found {
    key: Arc<str>,
    /// The home database, where that was asked for and the server names it.
    home: Option<Arc<str>>,
}

impl Router {
    /// A router without tables.
    pub(super) fn new(pools: Arc<PoolSet>, context: Vec<u8>) -> Arc<Self> {
        let state = State { tables: HashMap::new(), discoveries: Vec::new(), seed_first: true };
        Arc::new_cyclic(|weak| Self {
            weak: Weak::clone(weak),
            pools,
            context,
            state: Mutex::new(state),
            balancer: LoadBalancer::default(),
        })
    }

    /// An idle connection to a suitable server, where that needs no waiting.
    pub(super) fn try_acquire(self: &Arc<Self>, request: &AcquireRequest<'_>) -> Option<AcquiredConnection> {
        let name = self.guess(request).or(request.database).unwrap_or(UNNAMED);
        let chosen = self.choose_server(name, request.mode)?;
        let lease = chosen.server.try_acquire(request.user)?;
        self.balancer.next(request.mode);
        lease.set_error_handler(chosen);
        Some(AcquiredConnection { lease, home: None })
    }

    /// A connection to a suitable server.
    ///
    /// # Errors
    ///
    /// No table can be had; it has no server for such work; whatever keeps a connection from being made.
    pub(super) async fn acquire(
        self: &Arc<Self>,
        request: &AcquireRequest<'_>,
    ) -> Result<AcquiredConnection> {
        if let Some(name) = self.guess(request)
            && let Some(chosen) = self.choose_server(name, request.mode)
        {
            self.balancer.next(request.mode);
            let lease = self.lease_of_any(chosen, request).await?;
            // The connection may be the first to a server that does not.
            if self.pools.context().servers_route() {
                return Ok(AcquiredConnection { lease, home: None });
            }
        }
        let Found { key, home } = self.fresh_table(request).await?;
        let chosen = self.choose(&key, request.mode)?;
        Ok(AcquiredConnection { lease: self.lease_of_any(chosen, request).await?, home })
    }

    /// Reaches one of the readers of a database. Returns its number.
    ///
    /// # Errors
    ///
    /// No table can be had; otherwise the last reader's.
    pub(super) async fn verify(self: &Arc<Self>, request: &AcquireRequest<'_>) -> Result<u32> {
        let Found { key, .. } = self.fresh_table(request).await?;
        let servers = self.table(&key).servers(request.mode).to_vec();
        let mut failure = None;
        for server in servers {
            match server.verify().await {
                Ok(server) => return Ok(server),
                Err(error) => failure = Some(error),
            }
        }
        Err(failure.unwrap_or_else(|| {
            let database = request.database.map(str::to_owned);
            Error::of_cluster(ClusterError::NoServers { database, mode: request.mode }, None)
        }))
    }

    /// Shakes hands with the first server of the configured address to be reached.
    ///
    /// # Errors
    ///
    /// The last one's.
    pub(super) async fn negotiate(&self) -> Result<u32> {
        let mut failure = None;
        for router in self.seeds().await? {
            match router.negotiate().await {
                Ok(server) => return Ok(server),
                Err(error) => failure = Some(error),
            }
        }
        Err(failure.unwrap_or_else(|| Error::of_cluster(ClusterError::NoSeeds, None)))
    }

    /// Adds time that the engine's clock did not count: all tables are older by that.
    pub(super) fn advance_clock(&self, by: Duration) {
        for table in lock(&self.state).tables.values_mut() {
            table.advance_clock(by);
        }
    }

    /// Where servers route, a home database need not be asked for: the one of the last time will do, as a
    /// wrong server passes the request on.
    fn guess<'a>(&self, request: &AcquireRequest<'a>) -> Option<&'a str> {
        request.home.filter(|_| request.database.is_none() && self.pools.context().servers_route())
    }

    /// A server of a table that is fresh, if it is, with what handles the errors of connections to it.
    fn choose_server(&self, name: &str, mode: AccessMode) -> Option<Arc<RoutingErrorHandler>> {
        let state = lock(&self.state);
        let table = state.tables.get(name)?;
        if table.is_stale_for(mode) {
            return None;
        }
        table.error_handler(self.balancer.choose(mode, table.servers(mode))?)
    }

    /// A connection to `server`, or to another one of its table if it cannot be reached: nothing of the
    /// request has been sent by then, so the next one will do as well. All of them have the time of one
    /// acquisition.
    async fn lease_of_any(
        &self,
        chosen: Arc<RoutingErrorHandler>,
        request: &AcquireRequest<'_>,
    ) -> Result<Lease> {
        let deadline = Instant::now() + self.pools.context().config.acquisition_timeout;
        // A server that is tried in vain leaves the table; but a router may bring it back meanwhile.
        let key = Arc::clone(&chosen.database);
        let others = self.table(&key).servers(request.mode).len().saturating_sub(1);
        let mut leased = lease(chosen, request.user).await;
        for _ in 0..others {
            if !matches!(&leased, Err(error) if matches!(error.kind(), Kind::Lost(_) | Kind::BadPort(_))) {
                break;
            }
            let Some(next) = self.choose_server(&key, request.mode) else { break };
            self.balancer.next(request.mode);
            match timeout_at(deadline, lease(next, request.user)).await {
                Ok(other) => leased = other,
                Err(_) => break,
            }
        }
        leased
    }

    /// The table for the work at hand; asks for it where there is none.
    async fn fresh_table(self: &Arc<Self>, request: &AcquireRequest<'_>) -> Result<Found> {
        let table_request = TableRequest::from(request);
        let mut discovery = match self.join_or_start(request, &table_request, PendingDiscovery::serves) {
            Ok(found) => return Ok(found),
            Err(discovery) => discovery,
        };
        match discovery.finished().await {
            // It was asked with other bookmarks or another user, which may be why.
            Err(error) if is_personal(&error) && discovery.table_request != table_request => {}
            finished => return finished,
        }
        match self.join_or_start(request, &table_request, |discovery, table_request| {
            discovery.table_request == *table_request
        }) {
            Ok(found) => Ok(found),
            Err(mut discovery) => discovery.finished().await,
        }
    }

    /// A fresh table, or else a discovery that will bring one: one that is under way and suits, or a new one.
    fn join_or_start(
        self: &Arc<Self>,
        request: &AcquireRequest<'_>,
        table_request: &TableRequest,
        suits: impl Fn(&PendingDiscovery, &TableRequest) -> bool,
    ) -> std::result::Result<Found, PendingDiscovery> {
        let mut state = lock(&self.state);
        let known = state.tables.get_key_value(request.database.unwrap_or(UNNAMED));
        if let Some((key, table)) = known
            && !table.is_stale_for(request.mode)
        {
            return Ok(Found { key: Arc::clone(key), home: None });
        }
        let under_way = state.discoveries.iter().find(|discovery| suits(discovery, table_request)).cloned();
        Err(under_way
            .unwrap_or_else(|| self.start_discovery(&mut state, table_request.clone(), request.mode)))
    }

    /// Begins to ask.
    fn start_discovery(
        self: &Arc<Self>,
        state: &mut State,
        table_request: TableRequest,
        mode: AccessMode,
    ) -> PendingDiscovery {
        let database = table_request.database.as_deref();
        let current = state
            .tables
            .get(database.unwrap_or(UNNAMED))
            .cloned()
            .unwrap_or_else(|| Table::empty(database.map(Arc::from)));
        let (name, mode) = (database.unwrap_or("null"), UpperCase(mode));
        self.log().table(
            format_args!("Routing table is stale for database: \"{name}\" and access mode: \"{mode}\":"),
            || current.known(),
        );
        let (finish, finished) = watch::channel(None);
        let discovery = PendingDiscovery { table_request: table_request.clone(), finished };
        state.discoveries.push(discovery.clone());
        let router = Arc::clone(self);
        let guard = DiscoveryGuard { router: Arc::clone(self), table_request: table_request.clone() };
        tokio::spawn(on_the_same_behalf(async move {
            let guard = guard;
            let found = tokio::select! {
                biased;
                () = router.pools.context().closing() => Err(Kind::Closed.into()),
                found = router.discover(&table_request, &current) => found,
            };
            // No other request may join from here on, and those that have joined find the table.
            drop(guard);
            finish.send_replace(Some(found));
        }));
        discovery
    }

    /// Asks routers until one answers, and takes over what it says.
    async fn discover(&self, table_request: &TableRequest, current: &Table) -> Result<Found> {
        let seed_first = lock(&self.state).seed_first;
        let mut failure = None;
        // The servers of the configured address that were there, but were no help.
        let mut unhelpful = Vec::new();
        for at_seed in [seed_first, !seed_first] {
            let routers = if at_seed { self.seeds().await? } else { current.routers.clone() };
            for router in &routers {
                if let Some(data) = self.ask(router, at_seed, table_request, &mut failure).await? {
                    if at_seed && seed_first {
                        lock(&self.state).seed_first = false;
                    }
                    return Ok(self.apply(table_request, &data));
                }
                if at_seed && failure.as_ref().is_some_and(|failure| failure.reached) {
                    unhelpful.push(Arc::clone(router));
                }
            }
        }
        for seed in unhelpful {
            for router in self.resolve_each(seed.address()).await {
                if let Some(data) = self.ask(&router, true, table_request, &mut failure).await? {
                    return Ok(self.apply(table_request, &data));
                }
            }
        }
        let known =
            lock(&self.state).tables.get(table_request.database.as_deref().unwrap_or(UNNAMED)).cloned();
        let known = known.as_ref().unwrap_or(current);
        let known = known.known();
        Err(Error::of_cluster(ClusterError::NoRouters(known), failure.map(|failure| failure.error)))
    }

    /// Asks one router. Where that leads to nothing, notes why, or fails if no other router need be asked.
    /// `at_seed`: it is one of those that the configured address stands for. A bad answer of such a router is
    /// reported with its IP address, since the name may have several.
    async fn ask(
        &self,
        router: &Arc<Pool>,
        at_seed: bool,
        table_request: &TableRequest,
        failure: &mut Option<Failure>,
    ) -> Result<Option<TableData>> {
        let user = User::of(table_request.token.as_ref().map(|token| token.0.as_slice()));
        let (asked, reached) = match router.acquire(user).await {
            Ok(lease) => {
                let ip = lease.connection().peer().ip.filter(|_| at_seed);
                let name =
                    ip.map_or(router.address().to_string(), |ip| format!("{}({ip})", router.address()));
                (discovery::ask(&lease, &name, &self.context, table_request).await, true)
            }
            Err(error) => (Err(error), false),
        };
        match asked {
            Ok(data) => return Ok(Some(data)),
            Err(error) if is_final(&error) => return Err(error),
            Err(error) if is_no_router(&error) => {
                let problem = ClusterError::NotARouter(router.address().to_string());
                return Err(Error::of_cluster(problem, Some(error)));
            }
            Err(error) => {
                self.log().failure(
                    Level::WARN,
                    format_args!("unable to fetch routing table because of an error"),
                    Shown::Named,
                    &error,
                );
                self.change(table_request.database.as_deref().unwrap_or(UNNAMED), |table| {
                    table.forget_router(router);
                });
                *failure = Some(Failure { error, reached });
            }
        }
        Ok(None)
    }

    /// Where a name has several IP addresses, each of them by itself: dialling the name takes the first
    /// that can be reached, and the server there may be no help where the next one is.
    async fn resolve_each(&self, address: &Address) -> Vec<Arc<Pool>> {
        let Ok(dialer) = self.pools.context().dialer() else { return Vec::new() };
        let found = dialer.lookup(address).await;
        if found.len() < 2 {
            return Vec::new();
        }
        let one = |ip: IpAddr| self.pools.pool(&Address { ip: Some(ip), ..address.clone() });
        found.into_iter().map(one).collect()
    }

    /// The configured address, or what the application says stands for it.
    async fn seeds(&self) -> Result<Vec<Arc<Pool>>> {
        let PoolContext { config, callbacks, .. } = &**self.pools.context();
        if !config.resolves {
            return Ok(vec![self.pools.pool(&config.address)]);
        }
        let address = config.address.to_string();
        let limit = config.acquisition_timeout;
        let answer = within(limit, callbacks.resolve(&address)).await.unwrap_or_else(|awaited| {
            let Status { active, idle } = self.pools.status();
            Err(Kind::AcquisitionTimeout { limit, active, idle, awaited }.into())
        })?;
        let addresses = Reader::new(&answer.value.0).strings().map_err(Kind::Request)?;
        let pool = |text: &String| match Address::parse(text) {
            Some(address) => Ok(self.pools.pool(&address)),
            None => Err(Kind::Request(ProtocolError::OutOfRange("an address")).into()),
        };
        addresses.iter().map(pool).collect()
    }

    /// Takes over what a router said.
    fn apply(&self, table_request: &TableRequest, data: &TableData) -> Found {
        let database = table_request.database.as_deref().or(data.database.as_deref()).map(Arc::<str>::from);
        let key = database.clone().unwrap_or_else(|| UNNAMED.into());
        let mut table = Table::new(data, database.clone(), |address| self.pools.pool(address));
        table.handle_errors(|server| {
            Arc::new(RoutingErrorHandler::new(Weak::clone(&self.weak), server, Arc::clone(&key)))
        });
        let mut state = lock(&self.state);
        if table.writers.is_empty() {
            state.seed_first = true;
        }
        let shown = table.clone();
        state.tables.retain(|_, table| !table.is_abandoned());
        state.tables.insert(Arc::clone(&key), table);
        let wanted: Vec<_> = state.tables.values().flat_map(Table::all).map(Arc::clone).collect();
        drop(state);
        let addresses: HashSet<&Address> = wanted.iter().map(|server| server.address()).collect();
        self.pools.retain_only(&addresses);
        self.log().table(format_args!("Updated routing table"), || shown.known());
        Found { key, home: if table_request.database.is_none() { database } else { None } }
    }

    fn log(&self) -> &Log {
        &self.pools.context().log
    }

    fn choose(&self, key: &str, mode: AccessMode) -> Result<Arc<RoutingErrorHandler>> {
        let table = self.table(key);
        let chosen =
            self.balancer.choose(mode, table.servers(mode)).and_then(|server| table.error_handler(server));
        match chosen {
            Some(chosen) => {
                self.balancer.next(mode);
                Ok(chosen)
            }
            None => Err(Error::of_cluster(ClusterError::NoServer { mode, table: table.known() }, None)),
        }
    }

    fn table(&self, key: &str) -> Table {
        let name = (key != UNNAMED).then(|| key.into());
        lock(&self.state).tables.get(key).cloned().unwrap_or_else(|| Table::empty(name))
    }

    fn change(&self, key: &str, change: impl FnOnce(&mut Table)) {
        if let Some(table) = lock(&self.state).tables.get_mut(key) {
            change(table);
        }
    }
}

/// A connection to a server that was chosen.
async fn lease(chosen: Arc<RoutingErrorHandler>, user: User<'_>) -> Result<Lease> {
    match chosen.server.acquire(user).await {
        Ok(lease) => {
            lease.set_error_handler(chosen);
            Ok(lease)
        }
        Err(error) => Err(chosen.on_server_error(error)),
    }
}

impl fmt::Debug for Router {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Router").finish_non_exhaustive()
    }
}

/// Takes a discovery off the list when it is over, however it ends.
struct DiscoveryGuard {
    router: Arc<Router>,
    table_request: TableRequest,
}

impl Drop for DiscoveryGuard {
    fn drop(&mut self) {
        lock(&self.router.state)
            .discoveries
            .retain(|discovery| discovery.table_request != self.table_request);
    }
}

impl PendingDiscovery {
    /// Whether its table will do for this request, too. A home database depends on the user that asks, and on
    /// what the router knows; the servers of a named database are the same for all.
    fn serves(&self, table_request: &TableRequest) -> bool {
        self.table_request == *table_request
            || table_request.database.is_some() && self.table_request.database == table_request.database
    }

    async fn finished(&mut self) -> Result<Found> {
        let finished = self.finished.wait_for(Option::is_some).await;
        finished.ok().and_then(|found| found.clone()).unwrap_or_else(|| Err(Kind::Closed.into()))
    }
}

/// Whether a server's answer kept a table from being had, rather than the lack of a server: it may answer
/// another request differently.
fn is_personal(error: &Error) -> bool {
    match error.kind() {
        Kind::Cluster { cause: Some(cause), .. } => matches!(cause.kind(), Kind::Server { .. }),
        _ => is_final(error),
    }
}

impl From<&AcquireRequest<'_>> for TableRequest {
    fn from(request: &AcquireRequest<'_>) -> Self {
        Self {
            database: request.database.map(str::to_owned),
            impersonated_user: request.impersonated_user.map(str::to_owned),
            bookmarks: request.bookmarks.to_vec(),
            token: match request.user {
                User::Driver => None,
                User::Session(token) => Some(Secret(token.to_vec())),
            },
        }
    }
}

/// An access mode as the log has it.
struct UpperCase(AccessMode);

impl fmt::Display for UpperCase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self.0 {
            AccessMode::Read => "READ",
            AccessMode::Write => "WRITE",
        })
    }
}

const UNNAMED: &str = "";
