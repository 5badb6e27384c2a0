//! The network: TCP, and TLS on it.

pub mod stream;
pub(crate) mod tls;
