//! The pools of a driver, one for each address, and what they have in common.
//!
//! Knows nothing of why a server is chosen.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::{mpsc, watch};

use super::metrics::Metrics;
use super::{Pool, Status};
use crate::driver::app::callbacks::Questions;
use crate::driver::app::tokens::Tokens;
use crate::driver::config::{Address, Auth, Config};
use crate::driver::connection::servers::Servers;
use crate::driver::connection::wakeups::Wakeups;
use crate::driver::error::{Error, Kind, Result};
use crate::driver::log::Log;
use crate::driver::net::stream::Dial;
use crate::driver::sync::lock;

/// All pools of a driver.
pub(crate) struct Pools {
    shared: Arc<Shared>,
    by_address: Mutex<HashMap<Address, Arc<Pool>>>,
}

/// What all pools of a driver share.
pub(crate) struct Shared {
    pub config: Config,
    /// None once there is nothing to dial for any more: it may hold a private key.
    dialer: Mutex<Option<Arc<dyn Dial>>>,
    pub servers: Servers,
    pub wakeups: Arc<Wakeups>,
    pub questions: Arc<Questions>,
    pub log: Log,
    pub tokens: Tokens,
    /// How many open connections lead to servers that route by themselves, and how many do not.
    routing_servers: RoutingServers,
    /// Turns true when the driver is closed.
    closing: watch::Sender<bool>,
    /// Each connection's task holds a clone; when the last is dropped, no socket is left.
    alive: Mutex<Option<mpsc::Sender<()>>>,
}

/// Stands for an open connection.
pub(crate) struct Counted {
    shared: Arc<Shared>,
    routes_by_itself: bool,
}

#[derive(Default)]
struct RoutingServers {
    with: AtomicUsize,
    without: AtomicUsize,
}

impl Pools {
    /// No pools yet. The receiver ends when they are closed and every connection's task is over.
    ///
    /// None of this keeps the engine's runtime: an open transaction may hold a pool for longer than that is there.
    pub(crate) fn new(
        mut config: Config,
        dialer: Arc<dyn Dial>,
        servers: Servers,
        wakeups: Arc<Wakeups>,
        questions: Arc<Questions>,
        log: Log,
    ) -> (Self, mpsc::Receiver<()>) {
        let (alive, ended) = mpsc::channel(1);
        // The one place where it is kept, so that it can be forgotten.
        let auth = std::mem::replace(&mut config.auth, Auth::Manager);
        let tokens = Tokens::new(auth, Arc::clone(&questions));
        let shared = Shared {
            config,
            dialer: Mutex::new(Some(dialer)),
            servers,
            wakeups,
            questions,
            log,
            tokens,
            routing_servers: RoutingServers::default(),
            closing: watch::Sender::new(false),
            alive: Mutex::new(Some(alive)),
        };
        (Self { shared: Arc::new(shared), by_address: Mutex::default() }, ended)
    }

    /// What the pools share.
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// The pool of an address. It is made at its first use.
    pub(crate) fn pool(&self, address: &Address) -> Arc<Pool> {
        let mut by_address = lock(&self.by_address);
        if let Some(pool) = by_address.get(address) {
            return Arc::clone(pool);
        }
        let pool = Pool::new(address.clone(), Arc::clone(&self.shared));
        if self.shared.is_closed() {
            pool.close();
        }
        by_address.insert(address.clone(), Arc::clone(&pool));
        pool
    }

    /// What the pools are doing, and have done.
    pub(crate) fn metrics(&self) -> Vec<Metrics> {
        let pools: Vec<_> = lock(&self.by_address).values().cloned().collect();
        pools.iter().map(|pool| pool.metrics()).collect()
    }

    /// Closes the connections to all addresses but these, at once or when they are given back.
    pub(crate) fn keep(&self, wanted: &HashSet<&Address>) {
        let mut unwanted = Vec::new();
        lock(&self.by_address).retain(|address, pool| {
            if wanted.contains(address) {
                return true;
            }
            unwanted.push(Arc::clone(pool));
            // Whoever holds it, or comes to hold it, finds it in the map.
            Arc::strong_count(pool) > 2 || !pool.is_empty()
        });
        for pool in unwanted {
            pool.purge();
        }
    }

    /// How many connections there are, to all addresses together.
    pub(crate) fn status(&self) -> Status {
        let mut sum = Status { active: 0, idle: 0 };
        for pool in lock(&self.by_address).values() {
            let Status { active, idle } = pool.status();
            sum.active += active;
            sum.idle += idle;
        }
        sum
    }

    /// Closes all connections. What is under way fails; who waits is turned away.
    pub(crate) fn close(&self) {
        let pools: Vec<_> = {
            let by_address = lock(&self.by_address);
            self.shared.closing.send_replace(true);
            by_address.values().cloned().collect()
        };
        for pool in pools {
            pool.close();
        }
        self.shared.questions.close();
        lock(&self.shared.alive).take();
        self.shared.tokens.forget();
        let dialer = lock(&self.shared.dialer).take();
        drop(dialer);
    }
}

impl Shared {
    /// Who dials.
    ///
    /// # Errors
    ///
    /// The driver is closed.
    pub(crate) fn dialer(&self) -> Result<Arc<dyn Dial>> {
        lock(&self.dialer).clone().ok_or_else(|| Kind::PoolClosed.into())
    }

    /// How this driver sees a failure of the network.
    pub(crate) fn seen(&self, error: Error) -> Error {
        if self.config.routing.is_some() { error.lost() } else { error }
    }

    /// Counts an open connection until the value is dropped.
    pub(crate) fn count(self: &Arc<Self>, routes_by_itself: bool) -> Counted {
        let counted = Counted { shared: Arc::clone(self), routes_by_itself };
        counted.counter().fetch_add(1, Ordering::Relaxed);
        counted
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
    pub(crate) fn alive(&self) -> Option<mpsc::Sender<()>> {
        lock(&self.alive).clone()
    }
}

impl Counted {
    fn counter(&self) -> &AtomicUsize {
        let RoutingServers { with, without } = &self.shared.routing_servers;
        if self.routes_by_itself { with } else { without }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.counter().fetch_sub(1, Ordering::Relaxed);
    }
}
