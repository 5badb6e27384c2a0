//! Where connections come from: one server, or whichever server of a cluster suits the request.

use std::sync::Arc;
use std::time::Duration;

use crate::driver::app::tokens::User;
use crate::driver::error::Result;
use crate::driver::pool::acquire::{AcquireRequest, AcquiredConnection};
use crate::driver::pool::metrics::Metrics;
use crate::driver::pool::set::PoolSet;
use crate::driver::pool::{Pool, Status};
use crate::driver::routing::Router;

/// Hands out connections.
pub(crate) struct ConnectionProvider {
    pools: Arc<PoolSet>,
    route: Route,
}

enum Route {
    /// All connections lead to the one address.
    Direct(Arc<Pool>),
    /// It depends.
    Routed(Arc<Router>),
}

impl ConnectionProvider {
    /// A provider of connections to the configured address, or to the cluster behind it.
    pub(super) fn new(pools: PoolSet) -> Arc<Self> {
        let pools = Arc::new(pools);
        let config = &pools.context().config;
        let route = match &config.routing {
            Some(context) => Route::Routed(Router::new(Arc::clone(&pools), context.clone())),
            None => Route::Direct(pools.pool(&config.address)),
        };
        Arc::new(Self { pools, route })
    }

    /// A connection, if there is one that needs neither waiting nor checking.
    pub(super) fn try_acquire(&self, request: &AcquireRequest<'_>) -> Option<AcquiredConnection> {
        match &self.route {
            Route::Direct(pool) => {
                Some(AcquiredConnection { lease: pool.try_acquire(request.user)?, home: None })
            }
            Route::Routed(router) => router.try_acquire(request),
        }
    }

    /// A connection.
    ///
    /// # Errors
    ///
    /// The acquisition timeout, for each connection that is needed for it; whatever keeps a new one
    /// from being opened; the driver is or gets closed.
    pub(super) async fn acquire(&self, request: &AcquireRequest<'_>) -> Result<AcquiredConnection> {
        match &self.route {
            Route::Direct(pool) => {
                Ok(AcquiredConnection { lease: pool.acquire(request.user).await?, home: None })
            }
            Route::Routed(router) => router.acquire(request).await,
        }
    }

    /// Sees whether there is a server for reading the database. Returns its number.
    ///
    /// # Errors
    ///
    /// As [`ConnectionProvider::acquire`].
    pub(super) async fn verify(&self, database: Option<&str>) -> Result<u32> {
        match &self.route {
            Route::Direct(pool) => pool.verify().await,
            Route::Routed(router) => router.verify(&AcquireRequest::reading(database, User::Driver)).await,
        }
    }

    /// Sees whether a server for reading the database takes the user. Returns its number.
    ///
    /// # Errors
    ///
    /// As [`ConnectionProvider::acquire`], and the server's that does not.
    pub(super) async fn authenticate(&self, database: Option<&str>, user: User<'_>) -> Result<u32> {
        let lease = self.acquire(&AcquireRequest::reading(database, user)).await?.lease;
        lease.authenticate(user).await?;
        Ok(lease.connection().peer().server)
    }

    /// Takes the application's answer to a callback.
    pub(super) fn answer(&self, callback: u32, answer: &[u8]) -> bool {
        self.pools.context().callbacks.answer(callback, answer)
    }

    /// Shakes hands with the server, or with the first of the routers to be reached. Returns the number of a
    /// server of the version agreed on.
    ///
    /// # Errors
    ///
    /// Whatever keeps a connection from being opened; the driver is or gets closed.
    pub(super) async fn negotiate(&self) -> Result<u32> {
        match &self.route {
            Route::Direct(pool) => pool.negotiate().await,
            Route::Routed(router) => router.negotiate().await,
        }
    }

    /// Adds time that the engine's clock did not count.
    pub(super) fn advance_clock(&self, by: Duration) {
        if let Route::Routed(router) = &self.route {
            router.advance_clock(by);
        }
    }

    /// How many connections there are.
    pub(super) fn status(&self) -> Status {
        self.pools.status()
    }

    /// What the pools are doing, and have done.
    pub(super) fn metrics(&self) -> Vec<Metrics> {
        self.pools.metrics()
    }

    /// Closes all connections. Requests under way fail; waiting requests are turned away.
    pub(super) fn close(&self) {
        self.pools.close();
    }
}
