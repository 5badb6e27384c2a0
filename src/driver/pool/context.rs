//! What the pools of a driver have in common.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::{mpsc, watch};

use crate::driver::app::callbacks::Callbacks;
use crate::driver::app::tokens::Tokens;
use crate::driver::config::{Auth, Config};
use crate::driver::connection::servers::Servers;
use crate::driver::connection::wakeups::Wakeups;
use crate::driver::error::{Kind, Result};
use crate::driver::log::Log;
use crate::driver::net::stream::Dial;
use crate::driver::sync::lock;

/// What all pools of a driver share.
pub(crate) struct PoolContext {
    pub config: Config,
    /// None once there is nothing to dial for any more: it may hold a private key.
    dialer: Mutex<Option<Arc<dyn Dial>>>,
    pub servers: Servers,
    pub wakeups: Arc<Wakeups>,
    pub callbacks: Arc<Callbacks>,
    pub log: Log,
    pub tokens: Tokens,
    /// How many open connections lead to servers that route by themselves, and how many do not.
    routing_servers: RoutingServers,
    /// Turns true when the driver is closed.
    closing: watch::Sender<bool>,
    /// Each connection's task holds a clone; when the last is dropped, no socket is left.
    sockets: Mutex<Option<mpsc::Sender<()>>>,
}

/// Counts an open connection, as one to a server that routes by itself or does not, for as long as it lives.
pub(crate) struct RoutingGuard {
    context: Arc<PoolContext>,
    routes_by_itself: bool,
}

#[derive(Default)]
struct RoutingServers {
    with: AtomicUsize,
    without: AtomicUsize,
}

impl PoolContext {
    /// For pools that dial by this dialer. The receiver ends when they are closed and every connection's task
    /// is over.
    ///
    /// None of this keeps the engine's runtime: an open transaction may hold a pool for longer than the
    /// runtime exists.
    pub(crate) fn new(
        mut config: Config,
        dialer: Arc<dyn Dial>,
        servers: Servers,
        wakeups: Arc<Wakeups>,
        callbacks: Arc<Callbacks>,
        log: Log,
    ) -> (Arc<Self>, mpsc::Receiver<()>) {
        let (socket, ended) = mpsc::channel(1);
        // The one place where it is kept, so that it can be forgotten.
        let auth = std::mem::replace(&mut config.auth, Auth::Manager);
        let tokens = Tokens::new(auth, Arc::clone(&callbacks));
        let context = Self {
            config,
            dialer: Mutex::new(Some(dialer)),
            servers,
            wakeups,
            callbacks,
            log,
            tokens,
            routing_servers: RoutingServers::default(),
            closing: watch::Sender::new(false),
            sockets: Mutex::new(Some(socket)),
        };
        (Arc::new(context), ended)
    }

    /// The dialer.
    ///
    /// # Errors
    ///
    /// The driver is closed.
    pub(crate) fn dialer(&self) -> Result<Arc<dyn Dial>> {
        lock(&self.dialer).clone().ok_or_else(|| Kind::PoolClosed.into())
    }

    /// Counts an open connection until the value is dropped.
    pub(crate) fn count(self: &Arc<Self>, routes_by_itself: bool) -> RoutingGuard {
        let guard = RoutingGuard { context: Arc::clone(self), routes_by_itself };
        guard.counter().fetch_add(1, Ordering::Relaxed);
        guard
    }

    /// Whether all servers route by themselves, and there is one: then a request may go to the wrong server.
    pub(crate) fn servers_route(&self) -> bool {
        let RoutingServers { with, without } = &self.routing_servers;
        with.load(Ordering::Relaxed) > 0 && without.load(Ordering::Relaxed) == 0
    }

    /// Whether the driver serves no more requests.
    pub(crate) fn is_closed(&self) -> bool {
        *self.closing.borrow()
    }

    /// Completes when the driver is closed.
    pub(crate) async fn closing(&self) {
        // It fails only without a sender, and that is here.
        let _ = self.closing.subscribe().wait_for(|closed| *closed).await;
    }

    /// To be held for as long as a socket is open; `None` where no more may be opened.
    pub(crate) fn socket(&self) -> Option<mpsc::Sender<()>> {
        lock(&self.sockets).clone()
    }

    /// Serves no more requests.
    pub(super) fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Gives up what is needed to open connections. All pools are closed.
    pub(super) fn release(&self) {
        self.callbacks.close();
        lock(&self.sockets).take();
        self.tokens.forget();
        let dialer = lock(&self.dialer).take();
        drop(dialer);
    }
}

impl RoutingGuard {
    fn counter(&self) -> &AtomicUsize {
        let RoutingServers { with, without } = &self.context.routing_servers;
        if self.routes_by_itself { with } else { without }
    }
}

impl Drop for RoutingGuard {
    fn drop(&mut self) {
        self.counter().fetch_sub(1, Ordering::Relaxed);
    }
}
