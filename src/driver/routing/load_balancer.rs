//! Which of several servers gets the next request: the one with the fewest connections at work, and
//! among equals one after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::bolt::message::AccessMode;
use crate::driver::pool::Pool;

/// Chooses the server with the fewest connections at work. Remembers where to begin looking next time.
#[derive(Debug, Default)]
pub(crate) struct LoadBalancer {
    readers: AtomicUsize,
    writers: AtomicUsize,
}

impl LoadBalancer {
    /// Chooses one of `servers`, if there are any.
    pub(super) fn choose<'a>(&self, mode: AccessMode, servers: &'a [Arc<Pool>]) -> Option<&'a Arc<Pool>> {
        let start = self.position(mode).load(Ordering::Relaxed).checked_rem(servers.len())?;
        let (before, behind) = servers.split_at_checked(start)?;
        // Of several with the least, the first is taken.
        behind.iter().chain(before).min_by_key(|pool| pool.busy())
    }

    /// Lets it be the next one's turn: the one that was chosen has got work.
    pub(super) fn next(&self, mode: AccessMode) {
        self.position(mode).fetch_add(1, Ordering::Relaxed);
    }

    fn position(&self, mode: AccessMode) -> &AtomicUsize {
        match mode {
            AccessMode::Read => &self.readers,
            AccessMode::Write => &self.writers,
        }
    }
}
