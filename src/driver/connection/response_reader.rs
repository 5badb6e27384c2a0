//! What a server says, taken apart: each answer goes to its handler, and changes what the outbox knows of the
//! server.
//!
//! Records go undecoded from the bytes read into the batch of the result at the front of the queue, and leave
//! as one event for each read.

use std::sync::Arc;

use bytes::{Buf, BytesMut};
use tracing::Level;

use super::Connection;
use super::handler::{Batch, RecordsAs, Success};
use super::outbox::KnownUser;
use super::pending::PendingRequest;
use crate::batch::BatchWriter;
use crate::bolt::ProtocolError;
use crate::bolt::chunk::Dechunker;
use crate::bolt::message::{Response, SuccessMetadata};
use crate::bolt::state::{Outcome, Request, ServerState};
use crate::driver::error::{Error, Kind, Result};
use crate::driver::sync::lock;

/// Reads the responses on a connection.
pub(super) struct ResponseReader {
    connection: Arc<Connection>,
    dechunker: Dechunker,
    /// The request whose answer is being received. Taken off the queue at its first message, so that
    /// a record costs no lock.
    current: Option<PendingRequest>,
    batch: BatchWriter,
    metadata: BatchWriter,
    /// Whether a log listens to each message; asked once for each read.
    logging: bool,
    /// Whether it ignores what the server still sends.
    ignoring: bool,
}

impl ResponseReader {
    /// Nothing is received yet.
    pub(super) fn new(connection: &Arc<Connection>, max_message_size: usize) -> Self {
        Self {
            connection: Arc::clone(connection),
            dechunker: Dechunker::new(max_message_size),
            current: None,
            batch: BatchWriter::new(),
            metadata: BatchWriter::new(),
            logging: false,
            ignoring: false,
        }
    }

    /// Whether an answer has begun, and its end is to come.
    pub(super) fn is_amid_answer(&self) -> bool {
        self.current.is_some()
    }

    /// The request whose answer has begun, where its end will not come.
    pub(super) fn abandon(&mut self) -> Option<PendingRequest> {
        self.current.take()
    }

    /// Handles all whole messages at the front of `input`.
    pub(super) fn receive(&mut self, input: &mut BytesMut) -> Result<()> {
        // The de-chunker lends its inner buffer, so it can't be borrowed together with the rest.
        let mut dechunker = std::mem::take(&mut self.dechunker);
        let mut unread: &[u8] = input;
        self.logging = self.connection.context.log.wants(Level::DEBUG);
        let handled = loop {
            match dechunker.next(&mut unread) {
                Ok(Some(message)) => {
                    if let Err(error) = self.message(message) {
                        break Err(error);
                    }
                }
                Ok(None) => break Ok(()),
                Err(ProtocolError::TooLong { limit, announced }) => {
                    break Err(Kind::TooLong { limit, announced }.into());
                }
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
        if self.ignoring {
            return Ok(());
        }
        let response = Response::parse(message)?;
        if self.logging {
            self.connection.context.log.received(&self.connection.peer, &response);
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
            let mut outbox = lock(&self.connection.outbox);
            // It fails with the connection where it must not be answered so: hence first this, then the
            // check.
            self.current = outbox.pending.pop_front();
            let Some(request) = &self.current else {
                return Err(unexpected_response(outbox.state, "RECORD"));
            };
            outbox.state.record(request.request)?;
        }
        let Some(PendingRequest { request: Request::Pull, handler: Some(handler) }) = &self.current else {
            // What was let go of before it was pulled.
            return Ok(());
        };
        if self.batch.is_empty() {
            match handler.records_as() {
                // JavaScript goes by the names of the columns, of which there must not be fewer or more.
                RecordsAs::Batches { columns: Some(columns) } => self.batch.expect(columns),
                RecordsAs::Batches { columns: None } => {}
                RecordsAs::Fields => {
                    handler.record(fields);
                    return Ok(());
                }
            }
        }
        Ok(self.batch.record(fields)?)
    }

    fn success(&mut self, metadata: &[u8]) -> Result<()> {
        let encoded = metadata;
        let metadata = SuccessMetadata::parse(encoded)?;
        // First, because it may fail: a handler that is taken off the queue below must be called.
        let frame = self.frame(encoded)?;
        self.publish(metadata.has_more);
        let server = self.connection.peer.server;
        let outcome = Outcome::Success { has_more: metadata.has_more };
        let PendingRequest { request, handler } = self.answered(outcome)?;
        let mut query_follows = false;
        match request {
            Request::Begin | Request::Commit | Request::Rollback => {
                let mut outbox = lock(&self.connection.outbox);
                outbox.send_deferred_reset();
                query_follows = outbox.pending.front().is_some_and(|next| next.request == Request::Run);
            }
            Request::Reset => self.was_reset(),
            Request::Logon => self.logged_on(),
            _ => {}
        }
        if let Some(handler) = handler {
            handler.success(request, Success { server, encoded, metadata, frame, query_follows });
        }
        Ok(())
    }

    fn failure(&mut self, metadata: &[u8]) -> Result<()> {
        self.publish(false);
        let error = Error::server(metadata);
        if let Kind::Protocol(_) = error.kind() {
            return Err(error);
        }
        let denied =
            error.is_about_security() && matches!(lock(&self.connection.outbox).user, KnownUser::Driver(_));
        let error = self.connection.handle(error);
        let request = self.answered(Outcome::Failure)?;
        if request.request == Request::Reset {
            request.fail(&error);
            return Err(error);
        }
        if denied || matches!(request.request, Request::Logoff | Request::Logon) {
            // The connection cannot be used any more, and what else comes of it does not matter.
            self.ignoring = true;
            self.connection.close_at(&error, Some(request));
            return Ok(());
        }
        let awaiting_credit = {
            let mut outbox = lock(&self.connection.outbox);
            outbox.phase.fail(error.clone());
            outbox.take_awaiting_credit()
        };
        // The transaction must learn of it before RESET is sent: a query after RESET would run outside of the
        // transaction.
        request.fail(&error);
        for result in awaiting_credit {
            result.failure(Request::Pull, &error);
        }
        lock(&self.connection.outbox).reset();
        Ok(())
    }

    fn ignored(&mut self) -> Result<()> {
        self.publish(false);
        let request = self.answered(Outcome::Ignored)?;
        let cause = lock(&self.connection.outbox).phase.failure().cloned();
        let cause = cause.unwrap_or_else(|| Kind::Interrupted.into());
        let is_logon = matches!(request.request, Request::Logoff | Request::Logon);
        request.fail(&cause);
        lock(&self.connection.outbox).send_deferred_reset();
        // It is unknown now which user the server takes the connection for.
        if is_logon { Err(cause) } else { Ok(()) }
    }

    /// The server knows the connection by its new user.
    fn logged_on(&mut self) {
        let (waiting, then) = {
            let mut outbox = lock(&self.connection.outbox);
            if outbox.is_logging_on() {
                return;
            }
            outbox.logged_on();
            let then = if outbox.is_clean() { outbox.phase.cleaned() } else { None };
            (std::mem::take(&mut outbox.logons), then)
        };
        for waiting in waiting {
            // The receiver may be gone.
            let _ = waiting.send(Ok(()));
        }
        self.connection.cleaned(then);
    }

    /// The connection is as new.
    fn was_reset(&mut self) {
        let (awaiting_credit, then) = {
            let mut outbox = lock(&self.connection.outbox);
            outbox.was_reset();
            (outbox.take_awaiting_credit(), outbox.phase.cleaned())
        };
        for result in awaiting_credit {
            result.failure(Request::Pull, &Kind::Interrupted.into());
        }
        self.connection.cleaned(then);
    }

    /// The request that the message in hand answers.
    fn answered(&mut self, outcome: Outcome) -> Result<PendingRequest> {
        let mut outbox = lock(&self.connection.outbox);
        let request = match self.current.take() {
            Some(request) => request,
            None => {
                outbox.pending.pop_front().ok_or_else(|| unexpected_response(outbox.state, outcome.name()))?
            }
        };
        match outbox.state.after(request.request, outcome) {
            Ok(state) => {
                outbox.state = state;
                Ok(request)
            }
            Err(error) => {
                // It fails with the connection.
                drop(outbox);
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
            self.current = lock(&self.connection.outbox).pending.pop_front();
        }
        let count = self.batch.records();
        let frame = self.batch.finish();
        if let Some(PendingRequest { request: Request::Pull, handler: Some(handler) }) = &self.current {
            let reservation = self.connection.budget.reserve(count, frame.len());
            handler.records(Batch { count, has_more, frame, reservation });
        }
    }

    fn frame(&mut self, metadata: &[u8]) -> Result<Vec<u8>> {
        self.metadata.value(metadata)?;
        Ok(self.metadata.finish())
    }
}

/// A response that answers nothing.
fn unexpected_response(state: ServerState, response: &'static str) -> Error {
    ProtocolError::UnexpectedResponse { state: state.name(), request: "nothing", response }.into()
}
