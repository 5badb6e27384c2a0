//! neobolt: a Bolt driver core for Neo4j, bound to Node.js.
//!
//! The layers, of which all but the first are here; each uses only those below it.
//!
//! ```text
//! lib/         the neo4j-driver API in TypeScript: sessions, results, retries, values
//! src/addon/   the Node boundary: two classes that convert, call and convert
//! src/driver/  the engine: sockets, pool, deadlines, the pull-batch cursor (tokio)
//! src/batch/   records as batches for JavaScript
//! src/bolt/    the protocol: bytes in, bytes out (no I/O, no clock)
//! ```
//!
//! Two flows cross them. A *request* is one buffer that JavaScript encodes: options, query and
//! parameters in PackStream; the engine splices its bytes into the RUN message. *Records* come back in
//! batches: the engine transcodes them off the main thread into frames ([`batch`]) and one
//! wake-up of the JavaScript thread hands over all that has completed since the last.

#![cfg_attr(not(feature = "addon"), forbid(unsafe_code))]

#[cfg(feature = "addon")]
#[expect(unnameable_types, reason = "JavaScript names what the addon exports")]
mod addon;
pub mod batch;
pub mod bolt;
mod calendar;
pub mod driver;
#[cfg(test)]
mod properties;
mod shared_constants;
