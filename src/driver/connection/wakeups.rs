//! How the engine's thread hears of requests: one wake-up for all that is submitted in a turn.
//!
//! Waking another thread is the dearest part of sending a request. The first connection on an empty list
//! rings; those that follow before the engine has looked are only added. The bytes are written by the
//! engine: the calling thread is the application's, and on a loopback device a write there includes half
//! of the way to the server.

use std::sync::{Arc, Mutex, Weak};

use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::Connection;
use crate::driver::sync::lock;

/// The connections that have something to send.
///
/// It holds none of them: each holds the doorbell, and where the engine ends before it has looked, nobody would break the
/// circle.
#[derive(Debug, Default)]
pub(crate) struct Doorbell {
    waiting: Mutex<Vec<Weak<Connection>>>,
    bell: Notify,
}

impl Doorbell {
    /// Lets the connection's task look at what there is to do.
    pub(crate) fn ring(&self, connection: &Arc<Connection>) {
        if Handle::try_current().is_ok() {
            // On the engine's thread, where no one has to be woken.
            connection.wake();
            return;
        }
        let mut waiting = lock(&self.waiting);
        waiting.push(Arc::downgrade(connection));
        let first = waiting.len() == 1;
        drop(waiting);
        if first {
            self.bell.notify_one();
        }
    }

    /// Answers the bell, for as long as it is polled.
    pub(crate) async fn answer(&self) {
        loop {
            self.bell.notified().await;
            for connection in std::mem::take(&mut *lock(&self.waiting)) {
                if let Some(connection) = connection.upgrade() {
                    connection.wake();
                }
            }
        }
    }
}
