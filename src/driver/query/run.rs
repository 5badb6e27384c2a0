//! RUN and the first PULL, on a connection that has been acquired.

use std::sync::Arc;

use bytes::BytesMut;

use super::cursor::{Cursor, Owner};
use super::request::{Options, Query};
use crate::bolt::ProtocolError;
use crate::bolt::message;
use crate::bolt::packstream::rewrite_date_times;
use crate::bolt::state::Request;
use crate::driver::connection::{Connection, PendingRequest};
use crate::driver::error::Result;

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
