//! The servers that a driver has met. Events refer to them by number: every summary names its server, whose
//! description need not cross to JavaScript each time.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Mutex;

use crate::batch::BatchWriter;
use crate::bolt::Version;
use crate::driver::config::Address;
use crate::driver::event::{Event, SharedSink};
use crate::driver::sync::lock;

/// Numbers servers, and announces each when it is met.
pub(crate) struct Servers {
    sink: SharedSink,
    known: Mutex<HashMap<(Address, String, Version), u32>>,
}

impl Servers {
    pub(crate) fn new(sink: SharedSink) -> Self {
        Self { sink, known: Mutex::default() }
    }

    /// The number of a server; never 0.
    pub(crate) fn number(&self, address: &Address, agent: &str, version: Version) -> u32 {
        let mut known = lock(&self.known);
        if known.len() == MOST {
            // A server that calls itself something else each time must not fill the memory. Numbers
            // begin anew; only what is under way to such servers may be told apart no more.
            known.clear();
        }
        let next = u32::try_from(known.len()).unwrap_or(u32::MAX - 1) + 1;
        match known.entry((address.clone(), agent.to_owned(), version)) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                entry.insert(next);
                let mut batch = BatchWriter::new();
                // Only a frame that has records already could refuse it.
                let _ = batch.begin_record(4);
                batch.string(&address.to_string());
                batch.string(agent);
                batch.int(version.major.into());
                batch.int(version.minor.into());
                self.sink.deliver(0, Event::Server { server: next, frame: batch.finish() });
                next
            }
        }
    }
}

/// As many versions and members as no cluster has had while a driver was connected to it.
const MOST: usize = 1024;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::driver::event::EventSink;

    struct Nobody;

    impl EventSink for Nobody {
        fn deliver(&self, _: u32, _: Event) {}
    }

    #[test]
    fn a_server_that_always_calls_itself_something_else_fills_no_memory() {
        let servers = Servers::new(Arc::new(Nobody));
        let address = Address::new("a", 7687);
        let version = Version::new(5, 8);
        for n in 0..5 * MOST {
            assert_ne!(servers.number(&address, &format!("Neo4j/{n}"), version), 0);
        }
        assert!(lock(&servers.known).len() <= MOST);
        let last = format!("Neo4j/{}", 5 * MOST - 1);
        assert_eq!(
            servers.number(&address, &last, version),
            servers.number(&address, &last, version),
            "the same server, the same number"
        );
    }
}
