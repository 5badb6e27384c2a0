//! A request under way, and the handler of its answer.

use std::sync::Arc;

use super::handler::ResponseHandler;
use crate::bolt::state::Request;
use crate::driver::error::Error;

/// Awaits an answer.
pub(crate) struct PendingRequest {
    /// What the server was asked.
    pub request: Request,
    /// The handler of the answer; `None` where it changes only what the connection knows of the server.
    pub handler: Option<Arc<dyn ResponseHandler>>,
}

impl PendingRequest {
    /// A request whose answer goes to `handler`.
    pub(crate) fn new(request: Request, handler: Arc<dyn ResponseHandler>) -> Self {
        Self { request, handler: Some(handler) }
    }

    /// A request whose answer nothing above the connection waits for.
    pub(crate) fn unhandled(request: Request) -> Self {
        Self { request, handler: None }
    }

    /// Says that there is no answer, or a bad one.
    pub(super) fn fail(self, error: &Error) {
        if let Some(handler) = self.handler {
            handler.failure(self.request, error);
        }
    }
}
