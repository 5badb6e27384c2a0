//! The messages: what the client asks and what the server answers, with the metadata that the driver itself
//! looks at. [`state`](super::state) follows their order.

mod outline;
mod request;
mod response;

pub use outline::{Outline, WITHHELD};
pub use request::{
    AccessMode, Extra, Hello, NotificationFilter, Route, begin, commit, discard, goodbye, hello, logoff,
    logon, longest_hello, longest_logon, pull, reset, rollback, route, run, telemetry,
};
pub use response::{FailureMetadata, Hints, Response, SuccessMetadata};
