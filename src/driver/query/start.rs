//! What begins as soon as there is a connection for it: an auto-commit transaction, or an explicit one.

use std::sync::Arc;

use super::cursor::{Cursor, Owner};
use super::request::{Options, Query};
use super::run::run_and_pull;
use super::transaction::Transaction;
use crate::bolt::packstream::Reader;
use crate::driver::error::{Error, Result};
use crate::driver::event::Event;
use crate::driver::frames;
use crate::driver::pool::acquire::AcquiredConnection;

/// Begins with a request, for which a connection is acquired first.
pub(crate) trait Start: Clone + Send + Sync + 'static {
    /// What the request has beside its options.
    type Query<'a>: Send;

    /// Takes the request apart.
    fn parse<'a>(&self, request: &'a [u8]) -> Result<(Options<'a>, Self::Query<'a>)>;

    /// There is a connection.
    fn begin(&self, acquired: AcquiredConnection, options: Options<'_>, query: Self::Query<'_>);

    /// There will be none.
    fn fail(&self, error: &Error);
}

/// An auto-commit transaction. The request is laid out as in [`super::request`].
#[derive(Clone)]
pub(crate) struct AutoCommit {
    pub cursor: Arc<Cursor>,
    pub flags: u32,
}

impl AutoCommit {
    /// As [`Start::parse`], where there is no cursor yet.
    pub(crate) fn parse(request: &[u8], flags: u32) -> Result<(Options<'_>, Query<'_>)> {
        let mut reader = Reader::new(request);
        let options = Options::parse(&mut reader)?;
        Ok((options, Query::parse(&mut reader, flags)?))
    }
}

impl Start for AutoCommit {
    type Query<'a> = Query<'a>;

    fn parse<'a>(&self, request: &'a [u8]) -> Result<(Options<'a>, Query<'a>)> {
        Self::parse(request, self.flags)
    }

    fn begin(&self, acquired: AcquiredConnection, options: Options<'_>, query: Query<'_>) {
        let AcquiredConnection { lease, home } = acquired;
        if let Some(home) = &home {
            self.cursor.deliver_lazily(Event::Home { frame: frames::text(home) });
        }
        let options = options.with_home_database(home.as_deref());
        let connection = Arc::clone(lease.connection());
        if let Err(error) =
            run_and_pull(&connection, &self.cursor, Owner::Lease(lease), &query, Some(&options))
        {
            self.cursor.fail(&error);
        }
    }

    fn fail(&self, error: &Error) {
        self.cursor.fail(error);
    }
}

/// An explicit transaction.
#[derive(Clone)]
pub(crate) struct Explicit {
    pub transaction: Arc<Transaction>,
    /// Of the request.
    pub id: u32,
}

impl Start for Explicit {
    type Query<'a> = ();

    fn parse<'a>(&self, request: &'a [u8]) -> Result<(Options<'a>, ())> {
        Ok((Options::parse(&mut Reader::new(request))?, ()))
    }

    fn begin(&self, acquired: AcquiredConnection, options: Options<'_>, (): ()) {
        self.transaction.open(self.id, acquired, options);
    }

    fn fail(&self, error: &Error) {
        self.transaction.fail_request(self.id, error);
    }
}
