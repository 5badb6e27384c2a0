//! RUN and the first PULL, on a connection that has been acquired.

use std::sync::Arc;

use bytes::BytesMut;

use super::cursor::{Cursor, Owner};
use super::request::{Options, Query};
use crate::bolt::ProtocolError;
use crate::bolt::message;
use crate::bolt::packstream::{Reader, rewrite_date_times};
use crate::bolt::state::Request;
use crate::driver::connection::{Connection, PendingRequest};
use crate::driver::error::Result;
use crate::driver::event::Event;
use crate::driver::frames;
use crate::driver::pool::acquire::AcquiredConnection;

/// Takes a request for an auto-commit transaction apart.
pub(crate) fn parse(request: &[u8], flags: u32) -> Result<(Options<'_>, Query<'_>)> {
    let mut reader = Reader::new(request);
    let options = Options::parse(&mut reader)?;
    Ok((options, Query::parse(&mut reader, flags)?))
}

/// Runs a query on a connection of its own.
pub(crate) fn auto_commit(
    acquired: AcquiredConnection,
    cursor: &Arc<Cursor>,
    options: Options<'_>,
    query: &Query<'_>,
) {
    let AcquiredConnection { lease, home } = acquired;
    if let Some(home) = &home {
        cursor.deliver_with_next(Event::Home { frame: frames::text(home) });
    }
    let options = options.settled(home.as_deref());
    let connection = Arc::clone(lease.connection());
    if let Err(error) = run_and_pull(&connection, cursor, Owner::Lease(lease), query, Some(&options)) {
        cursor.fail(&error);
    }
}

/// Sends RUN and the first PULL. Options are given outside of a transaction only.
pub(super) fn run_and_pull(
    connection: &Arc<Connection>,
    cursor: &Arc<Cursor>,
    owner: Owner,
    query: &Query<'_>,
    options: Option<&Options<'_>>,
) -> Result<()> {
    let peer = connection.peer();
    query.check(peer.version)?;
    if !cursor.attach(connection, owner) {
        return Ok(());
    }
    let legacy = if query.has_date_times() && !peer.utc { Some(legacy_parameters(query)?) } else { None };
    let parameters = legacy.as_deref().unwrap_or(query.parameters);
    let sent = connection.submit(|outbox| {
        if let Some(api) = options.and_then(|options| options.telemetry).filter(|_| peer.telemetry) {
            message::telemetry(&mut outbox.out, api);
            outbox.pending.push_back(PendingRequest::unhandled(Request::Telemetry));
        }
        let extra = options.map(Options::extra);
        message::run(&mut outbox.out, peer.version, query.text, parameters, extra.as_ref())?;
        message::pull(&mut outbox.out, peer.version, cursor.fetch_size(), None);
        outbox.pending.push_back(PendingRequest::new(Request::Run, cursor.clone()));
        outbox.pending.push_back(PendingRequest::new(Request::Pull, cursor.clone()));
        Ok(())
    });
    if sent.is_err() {
        cursor.detach();
    }
    sent
}

fn legacy_parameters(query: &Query<'_>) -> std::result::Result<BytesMut, ProtocolError> {
    let mut parameters = BytesMut::with_capacity(query.parameters.len());
    rewrite_date_times(query.parameters, &mut query.offsets(), &mut parameters)?;
    Ok(parameters)
}
