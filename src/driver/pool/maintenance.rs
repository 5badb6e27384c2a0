//! Keeps a pool in shape between requests: ends connections that have been idle for too long, and opens those
//! that are to be kept warm. It decides when; the pool does the work.
//!
//! It sleeps until the next connection is due. A connection that becomes idle meanwhile is due later than
//! that, so the pool need not wake it, and giving a connection back costs nothing.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use tracing::Level;

use super::Pool;
use crate::driver::app::tokens::User;
use crate::driver::error::Error;
use crate::driver::log::Shown;
use crate::driver::patience::within;

/// Starts the maintenance of a pool where the settings ask for any. To be called in the context of the
/// engine's runtime.
pub(super) fn start(pool: &Arc<Pool>) {
    let config = &pool.context().config;
    if config.idle_timeout.is_some() || config.min_connection_pool_size > 0 {
        tokio::spawn(run(Arc::downgrade(pool), Arc::clone(pool.changed())));
    }
}

/// Maintains the pool for as long as there is one and it is open. `changed` tells of connections that were
/// lost.
async fn run(pool: Weak<Pool>, changed: Arc<Notify>) {
    let mut failures = Failures::default();
    loop {
        let wake = {
            let Some(pool) = pool.upgrade() else { return };
            let Some(due) = pool.evict_idle() else { return };
            match failures.until {
                Some(until) if until > Instant::now() => due.min(until),
                _ => match fill(&pool).await {
                    Filled::Yes => {
                        failures = Failures::default();
                        due
                    }
                    Filled::Closed => return,
                    Filled::No(error) => {
                        let until = failures.next();
                        pool.context().log.failure(
                            Level::DEBUG,
                            format_args!(
                                "A connection to {} could not be opened in advance:",
                                pool.address()
                            ),
                            Shown::Text,
                            &error,
                        );
                        due.min(until)
                    }
                },
            }
        };
        tokio::select! {
            () = sleep_until(wake) => {}
            () = changed.notified() => {}
        }
    }
}

enum Filled {
    /// There are as many connections as there should be.
    Yes,
    No(Error),
    Closed,
}

/// Opens connections, one after the other, until there are enough.
async fn fill(pool: &Arc<Pool>) -> Filled {
    while let Some(permit) = pool.reserve_missing() {
        let context = pool.context();
        let opened = tokio::select! {
            biased;
            () = context.closing() => return Filled::Closed,
            opened = within(context.config.acquisition_timeout, pool.open(permit, User::Driver)) => opened,
        };
        match opened {
            // It goes to the first request that waits, or is idle from now on.
            Ok(Ok(lease)) => drop(lease),
            Ok(Err(error)) => return Filled::No(error),
            Err(awaited) => return Filled::No(pool.timed_out(awaited)),
        }
    }
    Filled::Yes
}

/// Attempts that have failed, one after the other.
#[derive(Default)]
struct Failures {
    count: u32,
    /// No sooner than this is the next one made.
    until: Option<Instant>,
}

impl Failures {
    fn next(&mut self) -> Instant {
        let pause = FIRST_PAUSE.saturating_mul(1 << self.count.min(10)).min(LONGEST_PAUSE);
        let until = Instant::now() + pause;
        self.count += 1;
        self.until = Some(until);
        until
    }
}

/// How long the task waits after a failure before it tries again; twice as long after each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
