//! The pools of a driver, one for each address.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use super::context::PoolContext;
use super::metrics::Metrics;
use super::{Pool, Status, maintenance};
use crate::driver::config::Address;
use crate::driver::sync::lock;

/// All pools of a driver.
pub(crate) struct PoolSet {
    context: Arc<PoolContext>,
    by_address: Mutex<HashMap<Address, Arc<Pool>>>,
}

impl PoolSet {
    /// No pools yet.
    pub(crate) fn new(context: Arc<PoolContext>) -> Self {
        Self { context, by_address: Mutex::default() }
    }

    /// What the pools share.
    pub(crate) fn context(&self) -> &Arc<PoolContext> {
        &self.context
    }

    /// The pool of an address. It is made at its first use.
    pub(crate) fn pool(&self, address: &Address) -> Arc<Pool> {
        let mut by_address = lock(&self.by_address);
        if let Some(pool) = by_address.get(address) {
            return Arc::clone(pool);
        }
        let pool = Pool::new(address.clone(), Arc::clone(&self.context));
        maintenance::start(&pool);
        if self.context.is_closed() {
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
    pub(crate) fn retain_only(&self, wanted: &HashSet<&Address>) {
        let mut unwanted = Vec::new();
        lock(&self.by_address).retain(|address, pool| {
            if wanted.contains(address) {
                return true;
            }
            unwanted.push(Arc::clone(pool));
            // A caller that holds the pool, or is about to, finds it in the map.
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

    /// Closes all connections. Requests under way fail; waiting requests are turned away.
    pub(crate) fn close(&self) {
        let pools: Vec<_> = {
            let by_address = lock(&self.by_address);
            self.context.close();
            by_address.values().cloned().collect()
        };
        for pool in pools {
            pool.close();
        }
        self.context.release();
    }
}
