//! Queries and transactions: what a request asks for, and how far it has come.

pub mod cursor;
pub mod request;
mod run;
pub(crate) mod start;
pub mod transaction;
