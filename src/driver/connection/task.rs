//! The task of a connection, which owns the socket: writes what the outbox holds, reads what the server says,
//! and ends the connection where either fails or the server is silent for too long.
//!
//! What it reads goes to [`ResponseReader`].

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, BytesMut};
use futures::FutureExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until, timeout};
use tracing::{Instrument, Level, debug_span};

use super::open::OpenedConnection;
use super::response_reader::ResponseReader;
use super::{Connection, Context};
use crate::driver::config::Secret;
use crate::driver::error::{Error, Kind, Operation, Result};
use crate::driver::log::log_event;
use crate::driver::net::stream::Stream;
use crate::driver::sync::lock;

/// Starts the task of a connection that has been opened. `guard` is dropped when the task ends.
pub(crate) fn spawn(opened: OpenedConnection, context: Context, guard: Box<dyn Send>) -> Arc<Connection> {
    let OpenedConnection { stream, input, state, peer, token, max_message_size } = opened;
    let span = debug_span!("connection", name = peer.name, version = %peer.version);
    let connection = Connection::new(state, token, peer, context);
    let task = Task::new(&connection, max_message_size);
    let work = async move {
        task.run(stream, input).await;
        drop(guard);
    };
    tokio::spawn(work.instrument(span));
    connection
}

/// The side of a connection that has the socket.
struct Task {
    connection: Arc<Connection>,
    responses: ResponseReader,
    last_heard: Instant,
    /// When the task was last known to be reading.
    attentive: Instant,
}

impl Drop for Task {
    /// Where the task is dropped instead of run to its end, what it was about still ends.
    fn drop(&mut self) {
        self.connection.fail_all(&Kind::Closed.into(), self.responses.abandon());
        // An open transaction may hold the connection for much longer.
        lock(&self.connection.outbox).release();
    }
}

impl Task {
    /// Nothing is read or written yet.
    fn new(connection: &Arc<Connection>, max_message_size: usize) -> Self {
        Self {
            connection: Arc::clone(connection),
            responses: ResponseReader::new(connection, max_message_size),
            last_heard: Instant::now(),
            attentive: Instant::now(),
        }
    }

    /// Reads and writes until the connection ends.
    async fn run(mut self, stream: Stream, input: BytesMut) {
        let error = match self.exchange(stream, input).await {
            Ok(()) => Kind::Closed.into(),
            Err(error) => {
                let logging_on = {
                    let outbox = lock(&self.connection.outbox);
                    if outbox.is_logging_on() { outbox.user.token().cloned() } else { None }
                };
                let error = logging_on.map_or(error.clone(), |token| token.explain(error));
                self.connection.lost(error)
            }
        };
        let connection = &self.connection;
        let broken = !matches!(error.kind(), Kind::Closed);
        if broken {
            connection.context.log.connection_failed(&connection.peer, &error);
        }
        connection.fail_all(&error, self.responses.abandon());
        if broken {
            log_event!(connection.context.log, Level::DEBUG, &connection.peer, "closing");
        }
        log_event!(connection.context.log, Level::DEBUG, &connection.peer, "closed");
    }

    /// Returns `Ok` where this side ended the connection.
    async fn exchange(&mut self, stream: Stream, mut input: BytesMut) -> Result<()> {
        let Stream { mut reader, mut writer, .. } = stream;
        let connection = Arc::clone(&self.connection);
        let (mut secret, mut output) = (io::Cursor::<Secret>::default(), BytesMut::new());
        let (mut flushed, mut unlogged, mut large) = (true, false, false);
        self.responses.receive(&mut input)?;
        loop {
            let ending = {
                let mut outbox = lock(&connection.outbox);
                let written = output.is_empty() && !secret.has_remaining();
                if written && !(outbox.out.is_empty() && outbox.secret.is_none()) {
                    secret = io::Cursor::new(outbox.secret.take().unwrap_or_default());
                    // The other buffer takes its place: senders need not wait for what is being written.
                    std::mem::swap(&mut output, &mut outbox.out);
                    flushed = false;
                    unlogged = true;
                    large = output.len() > KEEP;
                }
                outbox.phase.end().is_some()
            };
            if std::mem::take(&mut unlogged) {
                for bytes in [secret.get_ref().as_ref(), &output] {
                    connection.context.log.sent(&connection.peer, connection.peer.version, bytes);
                }
            }
            if ending {
                // A server that does not listen, or does not hang up in its turn, is left to itself.
                let _ = timeout(HANG_UP_LIMIT, hang_up(reader, writer, secret, output, input)).await;
                return Ok(());
            }
            let has_room = connection.budget.has_room();
            if has_room {
                self.attend(STEP * 2);
            }
            input.reserve(READ_SIZE);
            tokio::select! {
                () = connection.wake.notified() => {}
                written = write(&mut writer, &mut secret, &mut output), if !flushed => {
                    written.map_err(|error| Error::io(Operation::Write, &error, None))?;
                    flushed = true;
                    if large {
                        // One request of many megabytes is not kept for all the small ones after it.
                        output = BytesMut::new();
                    }
                }
                read = reader.read_buf(&mut input), if has_room => self.heard(read, &mut input)?,
                () = connection.budget.freed(), if !has_room => self.attend(Duration::ZERO),
                silence = self.silence(), if has_room => if let Some(Silence { limit, overdue }) = silence {
                    // Whatever has come by now has come in time. A server that floods the line is not waited
                    // for as long again.
                    yield_now().await;
                    match reader.read_buf(&mut input).now_or_never() {
                        Some(read) if overdue < limit => self.heard(read, &mut input)?,
                        _ => return Err(Error::silent(limit)),
                    }
                }
            }
        }
    }

    /// Something has come from the server, or its end.
    fn heard(&mut self, read: io::Result<usize>, input: &mut BytesMut) -> Result<()> {
        match read {
            Ok(0) => Err(Kind::Disconnected.into()),
            Ok(_) => {
                self.last_heard = Instant::now();
                self.responses.receive(input)
            }
            Err(error) => Err(Error::io(Operation::Read, &error, None)),
        }
    }

    /// The task reads now. If it last did so longer ago than `unnoticed`, because JavaScript was busy or the
    /// process stood still, the server gets that much more time to answer.
    fn attend(&mut self, unnoticed: Duration) {
        let now = Instant::now();
        let before = std::mem::replace(&mut self.attentive, now);
        if now - before <= unnoticed {
            return;
        }
        self.last_heard = now;
        lock(&self.connection.outbox).excuse_reset(before, now);
    }

    /// Completes when the server has been silent for too long: longer than its hint allows while it owes an
    /// answer, or longer than the limit for the answer to RESET. `None`: check again whether it has been.
    async fn silence(&self) -> Option<Silence> {
        let (due, owes) = {
            let outbox = lock(&self.connection.outbox);
            let owes = self.responses.is_amid_answer() || !outbox.pending.is_empty();
            let since = outbox.last_request.map_or(self.last_heard, |sent| sent.max(self.last_heard));
            let hinted = self
                .connection
                .peer
                .receive_timeout
                .map(|limit| (if owes { since } else { Instant::now() } + limit, limit));
            let reset = outbox.resetting_since().map(|since| (since + RESET_LIMIT, RESET_LIMIT));
            (hinted.into_iter().chain(reset).min(), owes)
        };
        let now = Instant::now();
        match due {
            // Whatever changes that wakes the task, and this is asked again.
            None => std::future::pending().await,
            Some((due, limit)) if due <= now => Some(Silence { limit, overdue: now - due }),
            Some((due, _)) => {
                // In steps, to notice where the process stands still meanwhile.
                sleep_until(if owes { due.min(now + STEP) } else { due }).await;
                None
            }
        }
    }
}

/// A server that does not answer.
struct Silence {
    /// How long it may take.
    limit: Duration,
    /// How much longer it has taken.
    overdue: Duration,
}

/// Writes all of `secret`, then all of `output`. What is written leaves them, so this may be dropped and
/// begun again.
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

/// Writes what is left to write, ends the sending half, and reads the other half to its end. To close a
/// socket with unread bytes would reset the connection, while the server may still be sending its last
/// message.
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

/// How long a server may take to close its side after GOODBYE.
const HANG_UP_LIMIT: Duration = Duration::from_millis(500);
/// How long a server may take to answer RESET. A failure is announced after it, so it must not take forever,
/// and a connection that cannot be RESET cannot be used.
const RESET_LIMIT: Duration = Duration::from_secs(10);
/// While the server owes an answer, the task checks as often as this whether it still reads. If it misses two
/// of these checks, the process stood still.
const STEP: Duration = Duration::from_secs(1);
/// A buffer that has held more than this, in bytes, is given back.
const KEEP: usize = 1 << 20;
/// How much is read at a time, in bytes.
const READ_SIZE: usize = 64 * 1024;
