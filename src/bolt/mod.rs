//! The Bolt protocol without I/O: bytes in, bytes out.
//!
//! ```text
//!            requests                                     responses
//!   message::run, pull, …                         message::Response::parse
//!            │ appends                                       ▲ one message
//!            ▼                                               │
//!   chunk::frame (chunked in place)               chunk::Dechunker::next
//!            │                                               ▲
//!            ▼              handshake::Handshake             │
//!   ─────────────────────────  the byte stream  ─────────────────────────
//! ```
//!
//! [`packstream`] is the value encoding that both sides use, [`version`] answers what a protocol
//! version can do, [`state`] follows the server's state from response to response.
//!
//! Whatever a peer sends ends in a value or in a [`ProtocolError`]: never in a panic, and never in an
//! allocation of a size that the peer claims.
#![forbid(unsafe_code)]

pub mod chunk;
mod error;
pub mod handshake;
pub mod message;
pub mod packstream;
pub mod state;
pub(crate) mod structure;
pub mod version;

pub use error::{Feature, ProtocolError};
pub use version::Version;
