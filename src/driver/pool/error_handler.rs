//! What a pool does about failures of its connections.

use std::sync::{Arc, Weak};

use super::Pool;
use super::context::PoolContext;
use crate::driver::app::tokens::Token;
use crate::driver::connection::handler::ConnectionErrorHandler;
use crate::driver::error::{AUTHORIZATION_EXPIRED, Error};

/// Handles the errors of one pool's connections.
pub(crate) struct PoolErrorHandler {
    pool: Weak<Pool>,
    context: Arc<PoolContext>,
}

impl PoolErrorHandler {
    pub(super) fn new(pool: Weak<Pool>, context: Arc<PoolContext>) -> Self {
        Self { pool, context }
    }

    /// The server objects to the driver's user, or to how the user's identity was proved.
    fn on_security_error(&self, error: Error, token: &Token) -> Error {
        // The server has forgotten what all its users may do: each connection has to log on again.
        if error.code() == Some(AUTHORIZATION_EXPIRED)
            && let Some(pool) = self.pool.upgrade()
        {
            pool.forget_tokens();
        }
        match token.handle() {
            Some(handle) if error.incident().is_none() => {
                let incident = self.context.callbacks.report(handle, error.code().unwrap_or_default());
                error.with_incident(incident)
            }
            _ => error,
        }
    }
}

impl ConnectionErrorHandler for PoolErrorHandler {
    /// A routing driver has lost one server of several.
    fn lost(&self, error: Error) -> Error {
        if self.context.config.routing.is_some() { error.lost() } else { error }
    }

    fn handle(&self, error: Error, token: Option<&Token>) -> Error {
        match token {
            Some(token) if error.is_about_security() => self.on_security_error(error, token),
            _ => error,
        }
    }
}
