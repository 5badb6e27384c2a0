//! Backpressure: how much is on its way to JavaScript, and whether more may follow.
//!
//! A connection stops reading while too much of what it has read is still on its way. TCP then holds the
//! server back. This bounds memory where PULL does not: with a fetch size of "all", or with a peer that sends
//! what no request asked for. It also bounds the work of one turn of JavaScript's event loop. A log leaves
//! out lines while too many are on their way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// How much may be on its way at one time.
#[derive(Debug)]
pub(crate) struct Budget {
    limit: usize,
    /// What an item costs JavaScript besides its bytes, counted as bytes.
    per_item: usize,
    reserved: AtomicUsize,
    freed: Notify,
}

/// A part of a budget. It is given back when this is dropped: what it was reserved for has arrived.
#[derive(Debug)]
pub struct Reservation {
    budget: Arc<Budget>,
    weight: usize,
}

impl Budget {
    /// What a connection may have on its way: records.
    pub(crate) fn of_records() -> Arc<Self> {
        Self::new(RECORDS, RECORD)
    }

    /// What a log may have on its way: lines.
    pub(crate) fn of_lines() -> Arc<Self> {
        Self::new(LINES, LINE)
    }

    fn new(limit: usize, per_item: usize) -> Arc<Self> {
        Arc::new(Self { limit, per_item, reserved: AtomicUsize::new(0), freed: Notify::default() })
    }

    /// Whether more may follow.
    pub(crate) fn has_room(&self) -> bool {
        self.reserved.load(Ordering::Acquire) < self.limit
    }

    /// Counts so many items, in so many bytes, as on their way. What is there already goes even where there
    /// is no room.
    pub(crate) fn reserve(self: &Arc<Self>, items: u32, bytes: usize) -> Reservation {
        let weight = bytes.saturating_add(self.per_item.saturating_mul(items as usize));
        self.reserved.fetch_add(weight, Ordering::AcqRel);
        Reservation { budget: Arc::clone(self), weight }
    }

    /// Waits until there is room.
    pub(crate) async fn freed(&self) {
        while !self.has_room() {
            self.freed.notified().await;
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let Budget { limit, reserved, freed, .. } = &*self.budget;
        let before = reserved.fetch_sub(self.weight, Ordering::AcqRel);
        if before >= *limit && before - self.weight < *limit {
            freed.notify_one();
        }
    }
}

/// In bytes. Enough to keep the engine busy while JavaScript works on a turn's records, and little
/// enough that one turn's records take a few milliseconds.
const RECORDS: usize = 512 * 1024;
/// What a record costs JavaScript besides its bytes, counted as bytes.
const RECORD: usize = 64;
/// In bytes: lines that wait for JavaScript.
const LINES: usize = 8 << 20;
/// What a line costs besides its text, in bytes.
const LINE: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_no_room_while_the_limit_is_on_its_way() {
        let budget = Budget::of_records();
        let first = budget.reserve(0, RECORDS - 1);
        assert!(budget.has_room());
        let second = budget.reserve(0, 1);
        assert!(!budget.has_room());
        drop(first);
        assert!(budget.has_room());
        drop(second);
        assert_eq!(budget.reserved.load(Ordering::Acquire), 0);
    }

    #[test]
    fn many_small_records_weigh_more_than_their_bytes() {
        let budget = Budget::of_records();
        let _reservation = budget.reserve(10_000, 40_000);
        assert!(!budget.has_room());
    }

    #[tokio::test]
    async fn wakes_a_reader_that_waits() {
        let budget = Budget::of_records();
        let reservation = budget.reserve(0, RECORDS);
        let waiting = budget.freed();
        tokio::pin!(waiting);
        assert!(futures::poll!(&mut waiting).is_pending());
        drop(reservation);
        waiting.await;
    }
}
