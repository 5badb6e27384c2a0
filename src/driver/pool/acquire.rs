//! What a request asks of the connection that it gets, and what it gets.

use std::sync::Arc;

use super::Lease;
use crate::bolt::message::AccessMode;
use crate::driver::app::tokens::User;

/// What a request asks of the connection that it gets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AcquireRequest<'a> {
    /// Whether it only reads.
    pub mode: AccessMode,
    /// The database; `None` = the home database.
    pub database: Option<&'a str>,
    /// What the home database was the last time, where that is asked for.
    pub home: Option<&'a str>,
    /// The user that the server is to know the connection by.
    pub user: User<'a>,
    /// The user whose rights apply, if not that one.
    pub impersonated_user: Option<&'a str>,
    /// What the servers must already have seen.
    pub bookmarks: &'a [String],
}

impl<'a> AcquireRequest<'a> {
    /// A request that only reads, without other options.
    pub(crate) fn reading(database: Option<&'a str>, user: User<'a>) -> Self {
        Self { mode: AccessMode::Read, database, home: None, user, impersonated_user: None, bookmarks: &[] }
    }
}

/// A connection, and what was found out on the way to it.
pub(crate) struct AcquiredConnection {
    /// The connection.
    pub lease: Lease,
    /// The name of the home database, where that was asked for and had to be known.
    pub home: Option<Arc<str>>,
}
