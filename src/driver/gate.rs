//! Backpressure towards the socket: a connection stops reading while too many bytes that it has read
//! are still on their way to JavaScript. TCP then holds the server back. This bounds memory where
//! PULL does not: with a fetch size of "all", or with a peer that sends what nobody asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Counts the bytes that are on their way.
#[derive(Debug, Default)]
pub struct Gate {
    held: AtomicUsize,
    reopened: Notify,
}

/// A number of bytes on their way; they have arrived when this is dropped.
#[derive(Debug)]
pub struct Hold {
    gate: Arc<Gate>,
    bytes: usize,
}

impl Gate {
    /// Whether more may be read.
    pub fn is_open(&self) -> bool {
        self.held.load(Ordering::Acquire) < LIMIT
    }

    /// Counts these bytes as on their way.
    pub fn hold(self: &Arc<Self>, bytes: usize) -> Hold {
        self.held.fetch_add(bytes, Ordering::AcqRel);
        Hold { gate: Arc::clone(self), bytes }
    }

    /// Waits until bytes have arrived after the gate was closed.
    pub async fn reopened(&self) {
        while !self.is_open() {
            self.reopened.notified().await;
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let before = self.gate.held.fetch_sub(self.bytes, Ordering::AcqRel);
        if before >= LIMIT && before - self.bytes < LIMIT {
            self.gate.reopened.notify_one();
        }
    }
}

/// In bytes. Enough to keep the engine busy while JavaScript works on a turn's records, and little
/// enough that one turn's records take a few milliseconds.
const LIMIT: usize = 512 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_closed_while_the_limit_is_on_its_way() {
        let gate = Arc::new(Gate::default());
        let first = gate.hold(LIMIT - 1);
        assert!(gate.is_open());
        let second = gate.hold(1);
        assert!(!gate.is_open());
        drop(first);
        assert!(gate.is_open());
        drop(second);
        assert_eq!(gate.held.load(Ordering::Acquire), 0);
    }

    #[tokio::test]
    async fn wakes_a_reader_that_waits() {
        let gate = Arc::new(Gate::default());
        let hold = gate.hold(LIMIT);
        let waiting = gate.reopened();
        tokio::pin!(waiting);
        assert!(futures::poll!(&mut waiting).is_pending());
        drop(hold);
        waiting.await;
    }
}
