//! The right to open a connection. It becomes a lease, or goes to the next request that waits.

use std::sync::Arc;

use super::{Lease, Pool};
use crate::driver::connection::Connection;
use crate::driver::sync::lock;

/// The right to open a connection.
pub(crate) struct OpenPermit {
    pool: Arc<Pool>,
    held: bool,
}

impl OpenPermit {
    /// For a permit that the pool has counted.
    pub(super) fn new(pool: &Arc<Pool>) -> Self {
        Self { pool: Arc::clone(pool), held: true }
    }

    /// The connection is open: the right to open it becomes the right to use it.
    pub(super) fn filled(mut self, connection: Arc<Connection>) -> Lease {
        self.held = false;
        {
            let mut state = lock(&self.pool.state);
            state.open_permits -= 1;
            state.leased += 1;
        }
        Lease::fresh(Arc::clone(&self.pool), connection)
    }

    /// No request has taken it. Nothing has failed, and the caller looks after the next request that waits.
    pub(super) fn take_back(mut self) {
        self.held = false;
        lock(&self.pool.state).open_permits -= 1;
    }
}

impl Drop for OpenPermit {
    fn drop(&mut self) {
        if std::mem::replace(&mut self.held, false) {
            {
                let mut state = lock(&self.pool.state);
                state.open_permits -= 1;
                state.counters.failed += 1;
            }
            self.pool.grant_open_permit();
        }
    }
}
