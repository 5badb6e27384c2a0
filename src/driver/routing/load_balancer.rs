//! Which of several servers gets the next request: the one with the fewest connections at work, and
//! among equals one after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::bolt::message::AccessMode;
use crate::driver::pool::Pool;

/// Where to begin looking next time.
#[derive(Debug, Default)]
pub(crate) struct Balance {
    readers: AtomicUsize,
    writers: AtomicUsize,
}

impl Balance {
    /// Chooses one of `servers`, if there are any.
    pub(super) fn choose<'a>(&self, mode: AccessMode, servers: &'a [Arc<Pool>]) -> Option<&'a Arc<Pool>> {
        let start = self.turn(mode).load(Ordering::Relaxed).checked_rem(servers.len())?;
        let (before, behind) = servers.split_at_checked(start)?;
        // Of several with the least, the first is taken.
        behind.iter().chain(before).min_by_key(|pool| pool.busy())
    }

    /// Lets it be the next one's turn: the one that was chosen has got work.
    pub(super) fn advance(&self, mode: AccessMode) {
        self.turn(mode).fetch_add(1, Ordering::Relaxed);
    }

    fn turn(&self, mode: AccessMode) -> &AtomicUsize {
        match mode {
            AccessMode::Read => &self.readers,
            AccessMode::Write => &self.writers,
        }
    }
}
