//! The queries that are in flight, by the id of their request.
//!
//! A number for each query costs JavaScript nothing, where an object of the addon costs it as much as all the
//! rest of a small query's call: to be made, to be watched by the collector, and to be finalized.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::driver::Cursor;
use crate::driver::sync::lock;

/// Their cursors, from the call that asks for the query until JavaScript has its last event.
#[derive(Default)]
pub(crate) struct RunningQueries(Mutex<HashMap<u32, Arc<Cursor>>>);

impl RunningQueries {
    /// Adds the cursor of a request.
    pub(crate) fn insert(&self, id: u32, cursor: Arc<Cursor>) {
        lock(&self.0).insert(id, cursor);
    }

    /// The cursor of a request, unless that is over.
    pub(crate) fn get(&self, id: u32) -> Option<Arc<Cursor>> {
        lock(&self.0).get(&id).cloned()
    }

    /// Forgets requests that are over.
    pub(crate) fn remove(&self, ids: impl Iterator<Item = u32>) {
        let mut queries = lock(&self.0);
        for id in ids {
            queries.remove(&id);
        }
    }
}
