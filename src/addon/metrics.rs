//! What a pool is doing, as JavaScript gets it.

use std::time::Duration;

use napi_derive::napi;

use crate::driver::{Counters, Metrics};

/// A pool at one moment. Times are in milliseconds.
#[napi(object, object_from_js = false)]
pub struct NativeMetrics {
    /// Host and port.
    pub address: String,
    /// Connections in use.
    pub in_use: u32,
    /// Connections that are open and not in use.
    pub idle: u32,
    /// Connections that are being opened.
    pub opening: u32,
    /// Callers that wait for a connection.
    pub waiting: u32,
    /// Connections that were opened.
    pub created: f64,
    /// Connections that have ended.
    pub closed: f64,
    /// Connections that could not be opened.
    pub failed: f64,
    /// Acquisitions.
    pub acquired: f64,
    /// Acquisitions that ran out of time.
    pub timed_out: f64,
    /// The time of all acquisitions.
    pub waited: f64,
    /// The time of the longest.
    pub longest_wait: f64,
}

impl From<Metrics> for NativeMetrics {
    fn from(metrics: Metrics) -> Self {
        let Metrics { address, in_use, idle, opening, waiting, counters } = metrics;
        let Counters { created, closed, failed, acquired, timed_out, waited, longest_wait } = counters;
        Self {
            address: address.to_string(),
            in_use: in_use as u32,
            idle: idle as u32,
            opening: opening as u32,
            waiting: waiting as u32,
            created: created as f64,
            closed: closed as f64,
            failed: failed as f64,
            acquired: acquired as f64,
            timed_out: timed_out as f64,
            waited: milliseconds(waited),
            longest_wait: milliseconds(longest_wait),
        }
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
