//! One connection: a task that owns the socket, and a handle through which any thread has it send.
//!
//! Requests are pipelined. Whoever submits one appends its bytes to the [`link`]'s buffer and, in the same
//! breath, who awaits the answer to the queue; the server answers in order. The task reads, takes
//! messages apart and hands each answer to the front of the queue. Records go undecoded from the
//! socket's bytes into the batch of the result at the front, and leave as one event for each read.
//!
//! After a FAILURE the server ignores everything until RESET. The connection goes back to its pool
//! then, and on its way there it is RESET; what was pipelined behind the failure is answered IGNORED
//! and fails with its cause.

mod link;
mod pending;

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, sleep_until, timeout};
use tracing::{Instrument, Level, debug_span};

use super::batch::BatchWriter;
use super::config::Secret;
use super::cursor::Cursor;
use super::error::{Error, Kind, Result};
use super::establish::Established;
use super::event::Event;
use super::gate::Gate;
use super::lock;
use super::log::{Log, line};
use super::pool::{Alive, Lease, Pool};
use super::pools::{Counted, Shared};
use super::routing::Tenant;
use super::stream::Stream;
use super::token::Token;
use crate::bolt::chunk::Dechunker;
use crate::bolt::message::{self, Response, SuccessMetadata};
use crate::bolt::state::{Outcome, Request, ServerState};
use crate::bolt::{ProtocolError, Version};
use link::{Ending, Link};
pub(crate) use pending::{Answer, Pending, Reply};

/// The handle of a connection. Everything here may be called from any thread.
pub(crate) struct Connection {
    link: Mutex<Link>,
    /// Tells the task that there is something to write, or that it is to end.
    wake: Notify,
    shared: Arc<Shared>,
    /// Where it belongs.
    pool: Weak<Pool>,
    gate: Arc<Gate>,
    peer: Peer,
    log: Log,
    /// It is not to be used again.
    retired: AtomicBool,
}

/// What is known of the other end.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    /// The Bolt version agreed on.
    pub version: Version,
    /// Whether DateTimes are in UTC.
    pub utc: bool,
    /// The number by which events refer to the server.
    pub server: u32,
    /// Whether the server routes by itself.
    pub routes_by_itself: bool,
    /// Whether the server wants TELEMETRY.
    pub telemetry: bool,
    /// How long the server may be silent at most while it owes an answer.
    pub receive_timeout: Option<Duration>,
    /// When the connection was opened.
    pub opened: Instant,
    /// The connection's number in this process, for the log.
    pub number: u64,
    /// The server's name for the connection.
    pub name: String,
}

/// Whether a connection can be used as somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoggedOn {
    /// It can. Where the server had to be told, it has been, and what is sent next is behind that.
    Yes,
    /// It is of no use any more.
    Lost,
    /// The server does not let users change, which is what a session with its own user asks for, even
    /// where it is the same one.
    Refused,
}

impl Connection {
    /// Starts the task of a connection that has shaken hands. `alive` is dropped when the task ends.
    pub fn start(established: Established, shared: Arc<Shared>, pool: Weak<Pool>, alive: Alive) -> Arc<Self> {
        let Established { stream, input, state, peer, token, max_message_size } = established;
        let span = debug_span!("connection", name = peer.name, version = %peer.version);
        let connection = Arc::new(Self {
            link: Mutex::new(Link::new(state, token)),
            wake: Notify::new(),
            log: shared.log.clone(),
            shared,
            pool,
            gate: Arc::new(Gate::default()),
            peer,
            retired: AtomicBool::new(false),
        });
        let task = Task {
            connection: Arc::clone(&connection),
            dechunker: Dechunker::new(max_message_size),
            current: None,
            batch: BatchWriter::new(),
            metadata: BatchWriter::new(),
            last_heard: Instant::now(),
            logging: false,
            deaf: false,
            _counted: connection.shared.count(connection.peer.routes_by_itself),
        };
        let work = async move {
            task.run(stream, input).await;
            drop(alive);
        };
        tokio::spawn(work.instrument(span));
        connection
    }

    /// What is known of the other end.
    pub fn peer(&self) -> &Peer {
        &self.peer
    }

    /// Whether the socket is still good, as far as is known.
    pub fn is_open(&self) -> bool {
        lock(&self.link).ending.is_none()
    }

    /// Why it has ended, if it has, and not by this side's wish.
    pub fn end(&self) -> Option<Error> {
        match &lock(&self.link).ending {
            Some(Ending::Closed(error)) => Some(error.clone()),
            _ => None,
        }
    }

    /// Makes the server know the connection as the token's user. LOGOFF and LOGON wait for nothing: where
    /// they fail, so does what is sent behind them.
    ///
    /// With `again`, the server is told even if it knows.
    pub fn log_on(self: &Arc<Self>, token: &Arc<Token>, again: bool) -> LoggedOn {
        let mut link = lock(&self.link);
        if link.ending.is_some() {
            return LoggedOn::Lost;
        }
        link.is_of_session = token.is_of_session();
        let has_logon = self.peer.version.has_logon();
        match &link.token {
            Some(_) if link.is_of_session && !has_logon => return LoggedOn::Refused,
            Some(known) if !again && Arc::ptr_eq(known, token) => return LoggedOn::Yes,
            Some(known) if !again && **known == **token => {
                // The same, but it may be another object that JavaScript has to be told of later.
                link.token = Some(Arc::clone(token));
                return LoggedOn::Yes;
            }
            _ if !has_logon => return LoggedOn::Lost,
            _ => {}
        }
        link.log_on(token);
        self.sent(&mut link);
        drop(link);
        self.shared.doorbell.ring(self);
        LoggedOn::Yes
    }

    /// As whom the server knows this side.
    pub fn is_logged_on_as(&self, token: &Token) -> bool {
        lock(&self.link).token.as_deref() == Some(token)
    }

    /// Waits for the answer to the LOGON under way; `None` where there is none.
    pub async fn logged_on(&self) -> Option<Result<()>> {
        let answer = {
            let mut link = lock(&self.link);
            if !link.is_logging_on() {
                return None;
            }
            let (sender, answer) = oneshot::channel();
            link.logons.push(sender);
            answer
        };
        Some(answer.await.unwrap_or_else(|_| Err(Kind::Disconnected.into())))
    }

    /// The server has to be told again who this side is, before the connection is used the next time.
    pub fn forget_token(&self) {
        lock(&self.link).token = None;
    }

    /// Has it closed instead of used again, once it is given back.
    pub fn retire(&self) {
        self.retired.store(true, Ordering::Relaxed);
    }

    /// Whether it is not to be used again.
    pub fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Relaxed)
    }

    /// Lets the router know what goes wrong until the connection is given back.
    pub fn let_to(&self, tenant: Tenant) {
        lock(&self.link).tenant = Some(tenant);
    }

    /// Lets `write` append requests and those who await their answers, and has them sent. If `write`
    /// fails, nothing is sent.
    pub fn submit(
        self: &Arc<Self>,
        write: impl FnOnce(&mut Link) -> std::result::Result<(), ProtocolError>,
    ) -> Result<()> {
        let mut link = lock(&self.link);
        if let Some(ending) = &link.ending {
            return Err(ending.error());
        }
        let (bytes, requests) = (link.out.len(), link.pending.len());
        if let Err(error) = write(&mut link) {
            link.out.truncate(bytes);
            // Whoever is dropped with it may need the link.
            let unsent = link.pending.split_off(requests);
            drop(link);
            drop(unsent);
            return Err(error.into());
        }
        self.sent(&mut link);
        drop(link);
        self.shared.doorbell.ring(self);
        Ok(())
    }

    /// Something has been asked of the server.
    fn sent(&self, link: &mut Link) {
        if self.peer.receive_timeout.is_some() {
            link.last_request = Some(Instant::now());
        }
    }

    /// Lets the task look at what there is to do. To be called on the engine's thread.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Keeps a result that waits for credit, so that it fails when the connection does.
    pub fn park(&self, cursor: &Arc<Cursor>) -> Result<()> {
        let mut link = lock(&self.link);
        if let Some(ending) = &link.ending {
            return Err(ending.error());
        }
        if let Some(failure) = &link.failure {
            return Err(failure.clone());
        }
        link.park(cursor);
        Ok(())
    }

    /// Interrupts what is at work. It fails with the server's word.
    pub fn reset(self: &Arc<Self>) {
        lock(&self.link).reset();
        self.shared.doorbell.ring(self);
    }

    /// Takes the connection back from whoever used it. Returns the lease where the connection can be
    /// used again at once or not at all; else it is RESET first and then given back by the task.
    pub fn recycle(self: &Arc<Self>, lease: Lease) -> Option<Lease> {
        let mut link = lock(&self.link);
        link.tenant = None;
        if link.ending.is_some() || link.is_clean() {
            return Some(lease);
        }
        link.returning = Some(lease);
        if link.is_only_logging_on() {
            return None;
        }
        link.reset();
        drop(link);
        self.shared.doorbell.ring(self);
        None
    }

    /// Says GOODBYE and ends the connection; what is under way fails with `error`.
    pub fn close(self: &Arc<Self>, error: &Error) {
        self.close_at(error, None);
    }

    /// As [`Connection::close`]; `current` is under way, and not in the queue any more.
    fn close_at(self: &Arc<Self>, error: &Error, current: Option<Pending>) {
        let mut link = lock(&self.link);
        if link.ending.is_none() {
            message::goodbye(&mut link.out);
            link.ending = Some(Ending::Goodbye(error.clone()));
        } else if current.is_none() {
            return;
        }
        drop(link);
        line!(self.log, Level::DEBUG, &self.peer, "closing");
        self.shared.doorbell.ring(self);
        self.fail_all(error, current);
    }

    /// The server has something against the driver's user, or the way it has proved to be that.
    fn denied(&self, error: Error, token: &Token) -> Error {
        if error.code() == AUTHORIZATION_EXPIRED
            && let Some(pool) = self.pool.upgrade()
        {
            pool.forget_tokens();
        }
        match token.kept() {
            Some(kept) if error.incident().is_none() => {
                let incident = self.shared.questions.report(kept, error.code());
                error.with_incident(incident)
            }
            _ => error,
        }
    }

    /// Lets those know what went wrong who are to draw consequences. Returns what the user is told.
    fn judged(&self, error: Error) -> Error {
        let (tenant, token) = {
            let link = lock(&self.link);
            (link.tenant.clone(), if link.is_of_session { None } else { link.token.clone() })
        };
        let error = match token {
            Some(token) if error.is_about_security() => self.denied(error, &token),
            _ => error,
        };
        match tenant {
            Some(tenant) => tenant.judged(error),
            None => error,
        }
    }

    /// Fails everything that awaits something of this connection.
    fn fail_all(&self, error: &Error, current: Option<Pending>) {
        let error = &self.judged(error.clone());
        let mut link = lock(&self.link);
        let pending = std::mem::take(&mut link.pending);
        let parked = std::mem::take(&mut link.parked);
        let returning = link.returning.take();
        // The first error is the one that later requests hear of; the task's end is none of them.
        link.ending.get_or_insert_with(|| Ending::Closed(error.clone()));
        let logons = std::mem::take(&mut link.logons);
        drop(link);
        for request in current.into_iter().chain(pending) {
            request.fail(error);
        }
        for cursor in parked {
            cursor.fail(error);
        }
        for waiting in logons {
            let _ = waiting.send(Err(error.clone()));
        }
        drop(returning);
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Connection").field("peer", &self.peer).finish_non_exhaustive()
    }
}

/// The side of a connection that reads.
struct Task {
    connection: Arc<Connection>,
    dechunker: Dechunker,
    /// The request whose answer is being received. Taken off the queue at its first message, so that
    /// a record costs no lock.
    current: Option<Pending>,
    batch: BatchWriter,
    metadata: BatchWriter,
    last_heard: Instant,
    /// Whether somebody wants to know of each message; asked once for each read.
    logging: bool,
    /// Nothing more is expected of the server.
    deaf: bool,
    _counted: Counted,
}

impl Drop for Task {
    /// Where the task is dropped instead of run to its end, what it was about still ends.
    fn drop(&mut self) {
        self.connection.fail_all(&Kind::Closed.into(), self.current.take());
    }
}

impl Task {
    /// Reads and writes until the connection ends.
    async fn run(mut self, stream: Stream, input: BytesMut) {
        let error = match self.exchange(stream, input).await {
            Ok(()) => Kind::Closed.into(),
            Err(error) => self.connection.shared.seen(error),
        };
        let connection = &self.connection;
        let broken = !matches!(error.kind(), Kind::Closed);
        if broken {
            connection.log.broken(&connection.peer, &error);
        }
        connection.fail_all(&error, self.current.take());
        if broken {
            line!(connection.log, Level::DEBUG, &connection.peer, "closing");
        }
        line!(connection.log, Level::DEBUG, &connection.peer, "closed");
    }

    /// Returns `Ok` where this side ended the connection.
    async fn exchange(&mut self, stream: Stream, mut input: BytesMut) -> Result<()> {
        let Stream { mut reader, mut writer } = stream;
        let connection = Arc::clone(&self.connection);
        let (mut secret, mut output) = (io::Cursor::<Secret>::default(), BytesMut::new());
        let (mut flushed, mut unlogged, mut large) = (true, false, false);
        self.receive(&mut input)?;
        loop {
            let ending = {
                let mut link = lock(&connection.link);
                let written = output.is_empty() && !secret.has_remaining();
                if written && !(link.out.is_empty() && link.secret.is_none()) {
                    secret = io::Cursor::new(link.secret.take().unwrap_or_default());
                    // The other buffer takes its place: senders need not wait for what is being written.
                    std::mem::swap(&mut output, &mut link.out);
                    flushed = false;
                    unlogged = true;
                    large = output.len() > KEEP;
                }
                link.ending.is_some()
            };
            if std::mem::take(&mut unlogged) {
                for bytes in [secret.get_ref().as_ref(), &output] {
                    connection.log.sent(&connection.peer, connection.peer.version, bytes);
                }
            }
            if ending {
                // A server that does not listen, or does not hang up in its turn, is left to itself.
                let _ = timeout(HANG_UP_LIMIT, hang_up(reader, writer, secret, output, input)).await;
                return Ok(());
            }
            let open = connection.gate.is_open();
            input.reserve(READ_SIZE);
            tokio::select! {
                () = connection.wake.notified() => {}
                written = write(&mut writer, &mut secret, &mut output), if !flushed => {
                    written.map_err(|error| Error::io("write", &error, None))?;
                    flushed = true;
                    if large {
                        // One request of many megabytes is not kept for all the small ones after it.
                        output = BytesMut::new();
                    }
                }
                read = reader.read_buf(&mut input), if open => match read {
                    Ok(0) => return Err(Kind::Disconnected.into()),
                    Ok(_) => {
                        self.last_heard = Instant::now();
                        self.receive(&mut input)?;
                    }
                    Err(error) => return Err(Error::io("read", &error, None)),
                },
                () = connection.gate.reopened(), if !open => self.last_heard = Instant::now(),
                limit = self.silence(), if open => return Err(Error::silent(limit)),
            }
        }
    }

    /// Completes when the server has been silent for too long: longer than its hint allows while it owes
    /// an answer, or longer than anybody wants to wait for the answer to RESET.
    async fn silence(&self) -> Duration {
        loop {
            let due = {
                let link = lock(&self.connection.link);
                let owes = self.current.is_some() || !link.pending.is_empty();
                let since = link.last_request.map_or(self.last_heard, |sent| sent.max(self.last_heard));
                let hinted = self
                    .connection
                    .peer
                    .receive_timeout
                    .map(|limit| (if owes { since } else { Instant::now() } + limit, limit));
                let reset = link.reset_sent.map(|sent| (sent + RESET_LIMIT, RESET_LIMIT));
                hinted.into_iter().chain(reset).min()
            };
            match due {
                // Whatever changes that wakes the task, and this is asked again.
                None => return std::future::pending().await,
                Some((due, limit)) if due <= Instant::now() => return limit,
                Some((due, _)) => sleep_until(due).await,
            }
        }
    }

    /// Handles all whole messages at the front of `input`.
    fn receive(&mut self, input: &mut BytesMut) -> Result<()> {
        // The de-chunker lends its inner buffer, so it can't be borrowed together with the rest.
        let mut dechunker = std::mem::take(&mut self.dechunker);
        let mut unread: &[u8] = input;
        self.logging = self.connection.log.wants(Level::DEBUG);
        let handled = loop {
            match dechunker.next(&mut unread) {
                Ok(Some(message)) => {
                    if let Err(error) = self.message(message) {
                        break Err(error);
                    }
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error.into()),
            }
        };
        let consumed = input.len() - unread.len();
        input.advance(consumed);
        self.dechunker = dechunker;
        self.publish(false);
        handled
    }

    fn message(&mut self, message: &[u8]) -> Result<()> {
        if self.deaf {
            return Ok(());
        }
        let response = Response::parse(message)?;
        if self.logging {
            self.connection.log.received(&self.connection.peer, &response);
        }
        match response {
            Response::Record(fields) => self.record(fields),
            Response::Success(metadata) => self.success(metadata),
            Response::Failure(metadata) => self.failure(metadata),
            Response::Ignored => self.ignored(),
        }
    }

    fn record(&mut self, fields: &[u8]) -> Result<()> {
        if self.current.is_none() {
            let mut link = lock(&self.connection.link);
            // It fails with the connection where it must not be answered so: hence first this, then the check.
            self.current = link.pending.pop_front();
            let Some(request) = &self.current else { return Err(unasked(link.state, "RECORD")) };
            link.state.record(request.request())?;
        }
        match &mut self.current {
            Some(Pending::Pull(cursor)) => {
                // JavaScript goes by the names of the columns, of which there must not be fewer or more.
                if self.batch.is_empty()
                    && let Some(columns) = cursor.columns()
                {
                    self.batch.expect(columns);
                }
                Ok(self.batch.record(fields)?)
            }
            Some(Pending::Inquiry(inquiry)) => {
                inquiry.record(fields);
                Ok(())
            }
            // What was let go of before it was pulled.
            _ => Ok(()),
        }
    }

    fn success(&mut self, metadata: &[u8]) -> Result<()> {
        let parsed = SuccessMetadata::parse(metadata)?;
        // First of all: whoever is taken off the queue below has to be told something.
        let frame = self.frame(metadata)?;
        self.publish(parsed.has_more);
        let server = self.connection.peer.server;
        match self.answered(Outcome::Success { has_more: parsed.has_more })? {
            Pending::Run(cursor) => cursor.running(parsed.qid, parsed.columns, server, frame),
            Pending::Pull(cursor) | Pending::Discard(cursor) if parsed.has_more => cursor.has_more(),
            Pending::Pull(cursor) | Pending::Discard(cursor) => cursor.finish(server, frame),
            Pending::Begin(reply) | Pending::Commit(reply) | Pending::Rollback(reply) => {
                let next = lock(&self.connection.link).pending.front().map(Pending::request);
                let query_follows = next == Some(Request::Run);
                reply(Ok(Answer { server, frame, query_follows }));
            }
            Pending::Reset => self.was_reset(),
            Pending::Ping(sender) => {
                self.was_reset();
                let _ = sender.send(Ok(()));
            }
            Pending::Telemetry | Pending::Logoff => {}
            Pending::Logon => self.logged_on(),
            Pending::Inquiry(inquiry) => inquiry.success(metadata),
        }
        Ok(())
    }

    fn failure(&mut self, metadata: &[u8]) -> Result<()> {
        self.publish(false);
        let error = Error::server(metadata);
        if let Kind::Protocol(_) = error.kind() {
            return Err(error);
        }
        let denied = error.is_about_security() && !lock(&self.connection.link).is_of_session;
        let error = self.connection.judged(error);
        let request = self.answered(Outcome::Failure)?;
        if request.request() == Request::Reset {
            request.fail(&error);
            return Err(error);
        }
        if denied || matches!(request.request(), Request::Logoff | Request::Logon) {
            // The connection is of no use, and what else comes of it is of no interest.
            self.deaf = true;
            self.connection.close_at(&error, Some(request));
            return Ok(());
        }
        let parked = {
            let mut link = lock(&self.connection.link);
            link.failure = Some(error.clone());
            std::mem::take(&mut link.parked)
        };
        // The transaction has to know before RESET is on its way: a query that is sent after it would
        // run outside of the transaction.
        request.fail(&error);
        for cursor in parked {
            cursor.fail(&error);
        }
        lock(&self.connection.link).reset();
        Ok(())
    }

    fn ignored(&mut self) -> Result<()> {
        self.publish(false);
        let request = self.answered(Outcome::Ignored)?;
        let cause = lock(&self.connection.link).failure.clone();
        let cause = cause.unwrap_or_else(|| Kind::Interrupted.into());
        let is_logon = matches!(request.request(), Request::Logoff | Request::Logon);
        request.fail(&cause);
        // Whom the server takes this side for is anybody's guess then.
        if is_logon { Err(cause) } else { Ok(()) }
    }

    /// The server knows the connection by its new user.
    fn logged_on(&mut self) {
        let (waiting, returning) = {
            let mut link = lock(&self.connection.link);
            if link.is_logging_on() {
                return;
            }
            if std::mem::take(&mut link.reset_follows) {
                link.reset();
            }
            let returning = if link.is_clean() { link.returning.take() } else { None };
            (std::mem::take(&mut link.logons), returning)
        };
        for waiting in waiting {
            // Nobody waits any more: nobody needs to know.
            let _ = waiting.send(Ok(()));
        }
        drop(returning);
    }

    /// The connection is as new.
    fn was_reset(&mut self) {
        let (parked, returning) = {
            let mut link = lock(&self.connection.link);
            link.failure = None;
            link.reset_sent = None;
            (std::mem::take(&mut link.parked), link.returning.take())
        };
        for cursor in parked {
            cursor.fail(&Kind::Interrupted.into());
        }
        drop(returning);
    }

    /// The request that the message in hand answers.
    fn answered(&mut self, outcome: Outcome) -> Result<Pending> {
        let mut link = lock(&self.connection.link);
        let request = match self.current.take() {
            Some(request) => request,
            None => link.pending.pop_front().ok_or_else(|| unasked(link.state, outcome.name()))?,
        };
        match link.state.after(request.request(), outcome) {
            Ok(state) => {
                link.state = state;
                Ok(request)
            }
            Err(error) => {
                // It fails with the connection.
                drop(link);
                self.current = Some(request);
                Err(error.into())
            }
        }
    }

    /// Hands over the records of the batch, and that the server waits for the next PULL.
    fn publish(&mut self, has_more: bool) {
        if self.batch.is_empty() && !has_more {
            return;
        }
        if self.current.is_none() {
            self.current = lock(&self.connection.link).pending.pop_front();
        }
        let count = self.batch.records();
        let frame = self.batch.finish();
        if let Some(Pending::Pull(cursor)) = &self.current {
            let hold = self.connection.gate.hold(count, frame.len());
            cursor.deliver(Event::Records { count, has_more, frame, hold });
        }
    }

    fn frame(&mut self, metadata: &[u8]) -> Result<Vec<u8>> {
        self.metadata.value(metadata)?;
        Ok(self.metadata.finish())
    }
}

/// Writes all of `secret`, then all of `output`. What is written leaves them, so this may be dropped and begun
/// again.
async fn write(
    writer: &mut (impl AsyncWrite + Unpin),
    secret: &mut io::Cursor<Secret>,
    output: &mut BytesMut,
) -> io::Result<()> {
    if secret.has_remaining() {
        writer.write_all_buf(secret).await?;
        // Dropped, it is overwritten.
        *secret = io::Cursor::default();
    }
    writer.write_all_buf(output).await?;
    writer.flush().await
}

/// Says what is left to say, ends the sending half, and reads to the end of the other: a socket that is
/// closed with bytes unread would break the line under a server that is about to say its last word.
async fn hang_up(
    mut reader: impl AsyncRead + Unpin,
    mut writer: impl AsyncWrite + Unpin,
    mut secret: io::Cursor<Secret>,
    mut output: BytesMut,
    mut input: BytesMut,
) -> io::Result<()> {
    write(&mut writer, &mut secret, &mut output).await?;
    writer.shutdown().await?;
    while reader.read_buf(&mut input).await? > 0 {
        input.clear();
    }
    Ok(())
}

/// A response that answers nothing.
fn unasked(state: ServerState, response: &'static str) -> Error {
    ProtocolError::UnexpectedResponse { state: state.name(), request: "nothing", response }.into()
}

/// The server has forgotten what all its users may do: each connection has to log on again.
const AUTHORIZATION_EXPIRED: &str = "Neo.ClientError.Security.AuthorizationExpired";
/// How long a server may take to close its side after GOODBYE.
const HANG_UP_LIMIT: Duration = Duration::from_millis(500);
/// How long a server may take to answer RESET. A failure is announced after it, so it must not take
/// forever, and a connection that cannot be RESET is of no use.
const RESET_LIMIT: Duration = Duration::from_secs(10);
/// A buffer that has held more than this, in bytes, is given back.
const KEEP: usize = 1 << 20;
/// How much is read at a time, in bytes.
const READ_SIZE: usize = 64 * 1024;
