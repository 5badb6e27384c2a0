//! Asking one router for a table: ROUTE, or the procedure that was there before it.

use std::sync::{Arc, Mutex};

use bytes::BytesMut;
use tokio::sync::oneshot;
use tokio::time::Duration;

use super::raw::{self, RouterResponse, Row};
use super::table::TableData;
use crate::bolt::message::{self, AccessMode, Extra, NotificationFilter, Route};
use crate::bolt::packstream::{Reader, Value, write_map_header, write_null, write_string};
use crate::bolt::state::Request;
use crate::bolt::{Feature, ProtocolError, Version};
use crate::driver::config::Secret;
use crate::driver::connection::PendingRequest;
use crate::driver::connection::handler::{RecordsAs, ResponseHandler, Success};
use crate::driver::error::{AUTHORIZATION_EXPIRED, ClusterError, Error, Kind, Result};
use crate::driver::patience::within;
use crate::driver::pool::Lease;
use crate::driver::sync::lock;

/// The user, database and bookmarks that a table is wanted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableRequest {
    /// The database; `None` = the home database.
    pub database: Option<String>,
    /// The user whose home database and rights apply, if not the user that is logged on.
    pub impersonated_user: Option<String>,
    /// What the router must already have seen.
    pub bookmarks: Vec<String>,
    /// The encoded token of a session's own user.
    pub token: Option<Secret>,
}

/// Receives the responses to a request for a table.
struct TableResponseHandler(Mutex<Option<Heard>>);

/// What has come so far.
struct Heard {
    /// The first ones.
    records: Vec<Vec<u8>>,
    /// How many there were.
    count: usize,
    reply: oneshot::Sender<Result<Reply>>,
}

struct Reply {
    metadata: Vec<u8>,
    records: Vec<Vec<u8>>,
    count: usize,
}

/// Asks the server behind a connection. `router` is what errors call it.
pub(crate) async fn ask(
    lease: &Lease,
    router: &str,
    context: &[u8],
    request: &TableRequest,
) -> Result<TableData> {
    let answer = async {
        let response = if lease.connection().peer().version.has_route() {
            route(lease, context, request).await?
        } else {
            call(lease, context, request).await?
        };
        TableData::parse(&response).map_err(|flaw| {
            Error::of_cluster(ClusterError::BadTable { router: router.to_owned(), flaw }, None)
        })
    };
    // A server that is alive answers before long, or its hint `connection.recv_timeout_seconds` ends it.
    within(ANSWER_LIMIT, answer).await.unwrap_or_else(|_| Err(Error::silent(ANSWER_LIMIT).lost()))
}

async fn route(lease: &Lease, context: &[u8], request: &TableRequest) -> Result<RouterResponse> {
    let version = lease.connection().peer().version;
    let (handler, reply) = TableResponseHandler::new();
    lease.connection().submit(|outbox| {
        let route = Route {
            context,
            bookmarks: &request.bookmarks,
            database: request.database.as_deref(),
            impersonated_user: request.impersonated_user.as_deref(),
        };
        message::route(&mut outbox.out, version, &route)?;
        outbox.pending.push_back(PendingRequest::new(Request::Route, handler));
        Ok(())
    })?;
    let metadata = answered(reply).await?.metadata;
    Ok(RouterResponse::Response(Reader::new(&metadata).value()?))
}

/// Before Bolt 4.3.
async fn call(lease: &Lease, context: &[u8], request: &TableRequest) -> Result<RouterResponse> {
    let version = lease.connection().peer().version;
    let multi_db = version.has_multi_db();
    let (run, header) = TableResponseHandler::new();
    let (pull, table) = TableResponseHandler::new();
    lease.connection().submit(|outbox| {
        let notifications = NotificationFilter::default();
        let extra = Extra {
            bookmarks: if multi_db { &request.bookmarks } else { &[] },
            timeout: None,
            metadata: None,
            mode: if multi_db { AccessMode::Read } else { AccessMode::Write },
            database: multi_db.then_some(SYSTEM_DATABASE),
            // Such a server cannot impersonate. The request that needs the table reports that.
            impersonated_user: None,
            notifications: &notifications,
        };
        let (mut text, mut parameters) = (BytesMut::new(), BytesMut::new());
        write_call(&mut text, &mut parameters, version, context, request.database.as_deref());
        message::run(&mut outbox.out, version, &text, &parameters, Some(&extra))?;
        message::pull(&mut outbox.out, version, -1, None);
        outbox.pending.push_back(PendingRequest::new(Request::Run, run));
        outbox.pending.push_back(PendingRequest::new(Request::Pull, pull));
        Ok(())
    })?;
    let header = Reader::new(&answered(header).await?.metadata).value()?;
    let names = header.get("fields").and_then(Value::as_list).unwrap_or_default();
    let keys: Arc<[_]> = names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let Reply { records, count, .. } = answered(table).await?;
    let mut rows = Vec::with_capacity(records.len());
    for record in &records {
        let Value::List(values) = Reader::new(record).value()? else {
            return Err(ProtocolError::MissingField("RECORD").into());
        };
        rows.push(Row { keys: Arc::clone(&keys), values });
    }
    if count == 1
        && let Some(row) = rows.pop()
    {
        return Ok(RouterResponse::Record(row));
    }
    let rows = rows.iter().map(Row::raw).collect();
    Err(Error::of_cluster(ClusterError::RecordCount { count, rows }, None))
}

fn write_call(
    text: &mut BytesMut,
    parameters: &mut BytesMut,
    version: Version,
    context: &[u8],
    database: Option<&str>,
) {
    let multi_db = version.has_multi_db();
    write_string(text, if multi_db { CALL_4_0 } else { CALL_3_0 });
    write_map_header(parameters, if multi_db { 2 } else { 1 });
    write_string(parameters, "context");
    parameters.extend_from_slice(context);
    if multi_db {
        write_string(parameters, "database");
        match database {
            Some(database) => write_string(parameters, database),
            None => write_null(parameters),
        }
    }
}

async fn answered(reply: oneshot::Receiver<Result<Reply>>) -> Result<Reply> {
    reply.await.unwrap_or_else(|_| Err(Error::from(Kind::Disconnected).lost()))
}

impl TableResponseHandler {
    fn new() -> (Arc<Self>, oneshot::Receiver<Result<Reply>>) {
        let (reply, answer) = oneshot::channel();
        (Arc::new(Self(Mutex::new(Some(Heard { records: Vec::new(), count: 0, reply })))), answer)
    }
}

impl ResponseHandler for TableResponseHandler {
    fn records_as(&self) -> RecordsAs {
        RecordsAs::Fields
    }

    fn record(&self, fields: &[u8]) {
        let mut heard = lock(&self.0);
        let Some(Heard { records, count, .. }) = &mut *heard else { return };
        *count += 1;
        // One is expected. Of more, an error shows the beginning.
        if records.iter().map(Vec::len).sum::<usize>() < raw::ENOUGH {
            records.push(fields.to_vec());
        }
    }

    fn success(self: Arc<Self>, _request: Request, success: Success<'_>) {
        let Some(Heard { records, count, reply }) = lock(&self.0).take() else { return };
        // The receiver may be gone.
        let _ = reply.send(Ok(Reply { metadata: success.encoded.to_vec(), records, count }));
    }

    fn failure(self: Arc<Self>, _request: Request, error: &Error) {
        if let Some(Heard { reply, .. }) = lock(&self.0).take() {
            let _ = reply.send(Err(error.clone()));
        }
    }
}

/// Whether no other router would answer otherwise.
pub(crate) fn is_final(error: &Error) -> bool {
    match error.kind() {
        Kind::BadToken { .. }
        | Kind::AcquisitionTimeout { .. }
        | Kind::PoolClosed
        | Kind::Interrupted
        | Kind::Thrown(_)
        | Kind::TransactionOver
        | Kind::Protocol(
            ProtocolError::Http | ProtocolError::NoCommonVersion | ProtocolError::UnknownVersion(_),
        ) => true,
        Kind::Unsupported(feature) => *feature != Feature::Uuid,
        Kind::Server { code, .. } => match code.as_str() {
            "Neo.ClientError.Database.DatabaseNotFound"
            | "Neo.ClientError.Transaction.InvalidBookmark"
            | "Neo.ClientError.Transaction.InvalidBookmarkMixture"
            | "Neo.ClientError.Statement.ArgumentError"
            | "Neo.ClientError.Request.Invalid"
            | "Neo.ClientError.Statement.TypeError"
            | "N/A" => true,
            code => code.starts_with("Neo.ClientError.Security.") && code != AUTHORIZATION_EXPIRED,
        },
        _ => false,
    }
}

/// Whether the server does not even support routing.
pub(crate) fn is_no_router(error: &Error) -> bool {
    error.code() == Some("Neo.ClientError.Procedure.ProcedureNotFound")
}

const CALL_3_0: &str = "CALL dbms.cluster.routing.getRoutingTable($context)";
const CALL_4_0: &str = "CALL dbms.routing.getRoutingTable($context, $database)";
const SYSTEM_DATABASE: &str = "system";
/// How long a router may take to answer. Not part of the acquisition timeout, which is for each of the
/// connections that are needed.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);
