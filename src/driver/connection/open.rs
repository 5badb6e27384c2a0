//! From a byte stream to an authenticated connection: handshake, HELLO, LOGON.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;
use tracing::Level;
use zeroize::Zeroize;

use super::Peer;
use super::servers::Servers;
use crate::bolt::chunk::Dechunker;
use crate::bolt::handshake::Handshake;
use crate::bolt::message::{self, Hello, Response, SuccessMetadata};
use crate::bolt::state::{Outcome, Request, ServerState};
use crate::bolt::{ProtocolError, Version};
use crate::driver::app::tokens::{Token, Tokens, User};
use crate::driver::config::{Address, Config, Secret};
use crate::driver::error::{Awaited, Error, Kind, Operation, Result};
use crate::driver::log::{ConnectionLabel, Log, log_event};
use crate::driver::net::stream::Stream;
use crate::driver::patience::awaiting;

/// A stream behind which a server is ready for requests.
pub(crate) struct OpenedConnection {
    /// The stream.
    pub stream: Stream,
    /// Bytes that were read from it and are still to be used.
    pub input: BytesMut,
    /// The server's state.
    pub state: ServerState,
    /// What the server said of itself.
    pub peer: Peer,
    /// The token that it is logged on with.
    pub token: Arc<Token>,
    /// How many bytes a message may have from now on.
    pub max_message_size: usize,
}

/// Shakes hands and authenticates. HELLO and LOGON go out together. A manager is asked for the token when
/// there is a server that wants it.
pub(crate) async fn open(
    stream: Stream,
    address: &Address,
    config: &Config,
    servers: &Servers,
    tokens: &Tokens,
    log: &Log,
    user: User<'_>,
) -> Result<OpenedConnection> {
    let mut opening = Opening { stream, input: BytesMut::new(), out: BytesMut::new(), log, number: 0 };
    let version = opening.negotiate().await?;
    opening.number = NUMBER.fetch_add(1, Ordering::Relaxed);
    log_event!(log, Level::DEBUG, opening.label(), "created towards {address}");
    match authenticate(&mut opening, version, address, config, servers, tokens, user).await {
        Ok((state, peer, token)) => Ok(OpenedConnection {
            stream: opening.stream,
            input: opening.input,
            state,
            peer,
            token,
            max_message_size: config.max_message_size,
        }),
        Err(error) => {
            log.connection_failed(opening.label(), &error);
            log_event!(log, Level::DEBUG, opening.label(), "closing");
            log_event!(log, Level::DEBUG, opening.label(), "closed");
            Err(error)
        }
    }
}

/// HELLO and LOGON, which go out together. A manager is asked for the token now that there is a server that
/// wants it.
async fn authenticate(
    opening: &mut Opening<'_>,
    version: Version,
    address: &Address,
    config: &Config,
    servers: &Servers,
    tokens: &Tokens,
    user: User<'_>,
) -> Result<(ServerState, Peer, Arc<Token>)> {
    let token = tokens.current(user).await?;
    let mut state = ServerState::new(version);
    let hello = Hello {
        user_agent: &config.user_agent,
        bolt_agent: &config.bolt_agent,
        auth: token.entries(),
        routing: config.routing.as_deref(),
        notifications: &config.notifications,
    };
    // The end of the handshake may still be in there.
    let start = opening.out.len();
    // Buffers that grow leave their bytes behind.
    opening.out.reserve(message::longest_hello(&hello) + message::longest_logon(token.encoded()));
    message::hello(&mut opening.out, version, &hello)?;
    if version.has_logon() {
        message::logon(&mut opening.out, token.encoded());
    }
    opening.log.sent(opening.label(), version, opening.out.get(start..).unwrap_or_default());
    awaiting(Awaited::Greeting);
    opening.send_secret().await?;
    let greeted = async {
        let greeting = opening.answer(&mut state, Request::Hello).await?;
        if version.has_logon() {
            opening.answer(&mut state, Request::Logon).await?;
        }
        Ok(greeting)
    };
    let greeting = greeted.await.map_err(|error| token.explain(error))?;
    let invalid = greeting.hints.invalid_recv_timeout;
    let peer =
        Peer { ip: opening.stream.ip, ..peer(version, greeting, address, config, servers, opening.number) };
    if let Some(seconds) = invalid {
        log_event!(
            opening.log,
            Level::INFO,
            &peer,
            "Server located at {address} supplied an invalid connection receive timeout value ({seconds}). \
             Please, verify the server configuration and status because this can be the symptom of a bigger issue."
        );
    }
    Ok((state, peer, token))
}

/// Agrees on a version, and says GOODBYE at once.
pub(crate) async fn negotiate(stream: Stream, address: &Address, log: &Log) -> Result<Version> {
    let mut opening = Opening { stream, input: BytesMut::new(), out: BytesMut::new(), log, number: 0 };
    let version = opening.negotiate().await?;
    opening.number = NUMBER.fetch_add(1, Ordering::Relaxed);
    log_event!(log, Level::DEBUG, opening.label(), "created towards {address}");
    log_event!(log, Level::DEBUG, opening.label(), "closing");
    let start = opening.out.len();
    message::goodbye(&mut opening.out);
    log.sent(opening.label(), version, opening.out.get(start..).unwrap_or_default());
    // The server may have gone already.
    let _ = opening.send().await;
    log_event!(log, Level::DEBUG, opening.label(), "closed");
    Ok(version)
}

fn peer(
    version: Version,
    greeting: SuccessMetadata,
    address: &Address,
    config: &Config,
    servers: &Servers,
    number: u64,
) -> Peer {
    let agent = greeting.server.unwrap_or_default();
    let hints = greeting.hints;
    Peer {
        version,
        utc: version.has_utc_structs() || greeting.utc_patch,
        server: servers.number(address, &agent, version),
        routes_by_itself: version.has_server_side_routing() && hints.ssr_enabled,
        telemetry: hints.telemetry_enabled && version.has_telemetry() && !config.telemetry_disabled,
        receive_timeout: hints.recv_timeout_seconds.map(|seconds| Duration::from_secs(seconds.into())),
        opened: Instant::now(),
        number,
        name: greeting.connection_id.unwrap_or_default(),
        ip: None,
    }
}

/// A connection that is being set up: one request and its answer after the other.
struct Opening<'a> {
    stream: Stream,
    input: BytesMut,
    out: BytesMut,
    log: &'a Log,
    /// The connection's number in this process.
    number: u64,
}

impl<'a> Opening<'a> {
    fn label(&self) -> ConnectionLabel<'static> {
        // The server's name for the connection becomes its own once it is set up.
        ConnectionLabel { number: self.number, name: "" }
    }

    async fn negotiate(&mut self) -> Result<Version> {
        let mut handshake = Handshake::new();
        Handshake::request(&mut self.out);
        awaiting(Awaited::Handshake);
        self.send().await?;
        loop {
            self.receive().await?;
            match handshake.receive(&mut self.input, &mut self.out) {
                Ok(Some(version)) => return Ok(version),
                Ok(None) => {}
                Err(error) => {
                    // That no version of a manifest will do is an answer, too. The server may have gone
                    // already.
                    let _ = self.send().await;
                    return Err(error.into());
                }
            }
        }
    }

    async fn answer(&mut self, state: &mut ServerState, request: Request) -> Result<SuccessMetadata> {
        let mut dechunker = Dechunker::new(LONGEST_GREETING);
        loop {
            let mut unread: &[u8] = &self.input;
            let answer = match dechunker.next(&mut unread)? {
                None => None,
                Some(message) => Some(match self.logged(Response::parse(message)?) {
                    Response::Success(metadata) => {
                        *state = state.after(request, Outcome::Success { has_more: false })?;
                        SuccessMetadata::parse(metadata)?
                    }
                    Response::Failure(metadata) => return Err(Error::server(metadata)),
                    other => {
                        return Err(ProtocolError::UnexpectedResponse {
                            state: state.name(),
                            request: request.name(),
                            response: other.name(),
                        }
                        .into());
                    }
                }),
            };
            let consumed = self.input.len() - unread.len();
            self.input.advance(consumed);
            match answer {
                Some(metadata) => return Ok(metadata),
                None => self.receive().await?,
            }
        }
    }

    fn logged<'m>(&self, response: Response<'m>) -> Response<'m> {
        self.log.received(self.label(), &response);
        response
    }

    /// Sends what is in the buffer, and leaves nothing of it in memory.
    async fn send_secret(&mut self) -> Result<()> {
        let secret = Secret(self.out.to_vec());
        // Not `fill`, which the compiler may leave out where the bytes are not read again.
        self.out.as_mut().zeroize();
        self.out.clear();
        let sent = async {
            self.stream.writer.write_all(&secret.0).await?;
            self.stream.writer.flush().await
        };
        sent.await.map_err(|error| Error::io(Operation::Write, &error, None))
    }

    async fn send(&mut self) -> Result<()> {
        let sent = async {
            self.stream.writer.write_all_buf(&mut self.out).await?;
            self.stream.writer.flush().await
        };
        sent.await.map_err(|error| Error::io(Operation::Write, &error, None))
    }

    async fn receive(&mut self) -> Result<()> {
        self.input.reserve(READ_SIZE);
        match self.stream.reader.read_buf(&mut self.input).await {
            Ok(0) => Err(Kind::Disconnected.into()),
            Ok(_) => Ok(()),
            Err(error) => Err(Error::io(Operation::Read, &error, None)),
        }
    }
}

/// In bytes; the answers to HELLO and LOGON are short.
const READ_SIZE: usize = 4 * 1024;
/// In bytes. Before it lets the driver in, a server has no more to say than a name and some hints, or why
/// not.
const LONGEST_GREETING: usize = 64 * 1024;
/// The number of the next connection of this process.
static NUMBER: AtomicU64 = AtomicU64::new(0);
