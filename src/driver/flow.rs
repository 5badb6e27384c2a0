//! Backpressure towards the socket: a connection stops reading while too much of what it has read is
//! still on its way to JavaScript. TCP then holds the server back. This bounds memory where PULL does
//! not: with a fetch size of "all", or with a peer that sends what nobody asked for. It also bounds the
//! work of one turn of JavaScript's event loop.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Counts what is on its way.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    held: AtomicUsize,
    reopened: Notify,
}

/// Records on their way; they have arrived when this is dropped.
#[derive(Debug)]
pub struct Hold {
    gate: Arc<Gate>,
    weight: usize,
}

impl Gate {
    /// Whether more may be read.
    pub(crate) fn is_open(&self) -> bool {
        self.held.load(Ordering::Acquire) < LIMIT
    }

    /// Counts so many records, in so many bytes, as on their way.
    pub(crate) fn hold(self: &Arc<Self>, records: u32, bytes: usize) -> Hold {
        let weight = bytes.saturating_add(RECORD.saturating_mul(records as usize));
        self.held.fetch_add(weight, Ordering::AcqRel);
        Hold { gate: Arc::clone(self), weight }
    }

    /// Waits until records have arrived after the gate was closed.
    pub(crate) async fn reopened(&self) {
        while !self.is_open() {
            self.reopened.notified().await;
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let before = self.gate.held.fetch_sub(self.weight, Ordering::AcqRel);
        if before >= LIMIT && before - self.weight < LIMIT {
            self.gate.reopened.notify_one();
        }
    }
}

/// In bytes. Enough to keep the engine busy while JavaScript works on a turn's records, and little
/// enough that one turn's records take a few milliseconds.
const LIMIT: usize = 512 * 1024;
/// What a record costs JavaScript besides its bytes, counted as bytes.
const RECORD: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_closed_while_the_limit_is_on_its_way() {
        let gate = Arc::new(Gate::default());
        let first = gate.hold(0, LIMIT - 1);
        assert!(gate.is_open());
        let second = gate.hold(0, 1);
        assert!(!gate.is_open());
        drop(first);
        assert!(gate.is_open());
        drop(second);
        assert_eq!(gate.held.load(Ordering::Acquire), 0);
    }

    #[test]
    fn many_small_records_weigh_more_than_their_bytes() {
        let gate = Arc::new(Gate::default());
        let _hold = gate.hold(10_000, 40_000);
        assert!(!gate.is_open());
    }

    #[tokio::test]
    async fn wakes_a_reader_that_waits() {
        let gate = Arc::new(Gate::default());
        let hold = gate.hold(0, LIMIT);
        let waiting = gate.reopened();
        tokio::pin!(waiting);
        assert!(futures::poll!(&mut waiting).is_pending());
        drop(hold);
        waiting.await;
    }
}
