//! What a pool counts, for monitoring.

use std::time::Duration;

use crate::driver::config::{Address, Config};

/// What has happened in a pool since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Connections that were opened, authentication included.
    pub created: u64,
    /// Connections that have ended, for whatever reason.
    pub closed: u64,
    /// Connections that could not be opened.
    pub failed: u64,
    /// How often a request got a connection.
    pub acquired: u64,
    /// How often a request did not get one within the acquisition timeout.
    pub timed_out: u64,
    /// The time that all acquisitions took together. One that finds an idle connection takes none.
    pub waited: Duration,
    /// The time that the longest of them took.
    pub longest_wait: Duration,
}

/// A pool at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metrics {
    /// Where its connections lead.
    pub address: Address,
    /// Connections in use.
    pub in_use: usize,
    /// Connections that are open and not in use.
    pub idle: usize,
    /// Connections that are being opened.
    pub opening: usize,
    /// How many wait until a connection is given back.
    pub waiting: usize,
    /// What has happened so far.
    pub counters: Counters,
}

impl Metrics {
    /// Those of a driver that was never used: a direct one has one pool, and it is empty.
    pub(crate) fn unused(config: &Config) -> Vec<Self> {
        if config.routing.is_some() {
            return Vec::new();
        }
        let (address, counters) = (config.address.clone(), Counters::default());
        vec![Self { address, in_use: 0, idle: 0, opening: 0, waiting: 0, counters }]
    }
}

impl Counters {
    /// Counts an acquisition that took some time.
    pub fn acquired_after(&mut self, wait: Duration) {
        self.acquired += 1;
        self.waited = self.waited.saturating_add(wait);
        self.longest_wait = self.longest_wait.max(wait);
    }
}
