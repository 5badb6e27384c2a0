//! Queries and transactions: what a request asks for, and how far it has come.

pub mod cursor;
pub mod request;
pub(crate) mod run;
pub mod transaction;
