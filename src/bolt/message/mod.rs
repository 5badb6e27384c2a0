//! The messages: what the client asks, and what the server answers. Knows signatures, fields and
//! the metadata that the driver itself looks at; knows nothing of the order of messages, which is
//! [`state`](super::state)'s.

mod outline;
mod request;
mod response;

pub use outline::{Outline, WITHHELD};
pub use request::{
    AccessMode, Extra, Hello, NotificationFilter, Route, begin, commit, discard, goodbye, hello, logoff,
    logon, longest_hello, longest_logon, pull, reset, rollback, route, run, telemetry,
};
pub use response::{FailureMetadata, Hints, Response, SuccessMetadata};
