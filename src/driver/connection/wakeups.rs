//! Wakes the engine's thread for requests: one wake-up for all that is submitted in a turn.
//!
//! Waking another thread costs more than the rest of sending a request. The first task on an empty list wakes
//! the engine's thread; those that follow before the engine has looked are only added. The engine writes the
//! bytes: the calling thread is the application's, and on a loopback device a write there includes half of
//! the way to the server.

use std::sync::{Arc, Mutex};

use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::driver::sync::lock;

/// The connections' tasks that have something to look at.
///
/// A task is known by what it waits for. That holds no connection: an engine that ends before it has looked
/// leaves none behind.
#[derive(Debug, Default)]
pub(crate) struct Wakeups {
    waiting: Mutex<Vec<Arc<Notify>>>,
    first: Notify,
}

impl Wakeups {
    /// Lets a connection's task look at what there is to do.
    pub(crate) fn wake(&self, task: &Arc<Notify>) {
        if Handle::try_current().is_ok() {
            // On the engine's thread, so there is no other thread to wake.
            task.notify_one();
            return;
        }
        let mut waiting = lock(&self.waiting);
        waiting.push(Arc::clone(task));
        let is_first = waiting.len() == 1;
        drop(waiting);
        if is_first {
            self.first.notify_one();
        }
    }

    /// Wakes the tasks, for as long as it is polled.
    pub(crate) async fn run(&self) {
        loop {
            self.first.notified().await;
            for task in std::mem::take(&mut *lock(&self.waiting)) {
                task.notify_one();
            }
        }
    }
}
