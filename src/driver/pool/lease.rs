//! The right to use a connection, and what its holder may ask of it: whether it is alive, and good for a
//! user.

use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;
use tokio::task::yield_now;
use tokio::time::Instant;
use tracing::Level;

use super::Pool;
use crate::bolt::state::Request;
use crate::bolt::{Feature, ProtocolError};
use crate::driver::app::tokens::{Token, User};
use crate::driver::connection::handler::{ConnectionErrorHandler, ResponseHandler, Success};
use crate::driver::connection::{Connection, LoggedOn, PendingRequest};
use crate::driver::error::{Awaited, Error, Kind, Result};
use crate::driver::log::Shown;
use crate::driver::patience::{awaiting, within};
use crate::driver::sync::lock;

/// The right to use a connection. Dropping it gives the connection back, after a RESET where it was
/// left at work.
pub(crate) struct Lease {
    pool: Arc<Pool>,
    connection: Arc<Connection>,
    /// How long it had been idle.
    idle: Option<Instant>,
    /// Whether it was opened for this lease.
    fresh: bool,
    /// False once it is back in the pool.
    held: bool,
    /// What to do once the connection is back, or gone.
    returned: Vec<Box<dyn FnOnce() + Send + Sync>>,
}

impl Lease {
    pub(super) fn new(pool: Arc<Pool>, connection: Arc<Connection>, idle: Option<Instant>) -> Self {
        Self { pool, connection, idle, fresh: false, held: true, returned: Vec::new() }
    }

    /// A lease of a connection that was opened for it.
    pub(super) fn fresh(pool: Arc<Pool>, connection: Arc<Connection>) -> Self {
        let mut lease = Self::new(pool, connection, None);
        lease.fresh = true;
        lease
    }

    /// Has something done once the connection can be used again, or is known to be gone: after the
    /// answer to the RESET, where it is left at work.
    pub(crate) fn when_returned(&mut self, action: impl FnOnce() + Send + Sync + 'static) {
        self.returned.push(Box::new(action));
    }

    /// Has errors of the connection handled by something else than its pool, for as long as the lease lasts.
    pub(crate) fn set_error_handler(&self, handler: Arc<dyn ConnectionErrorHandler>) {
        self.connection.set_error_handler(handler);
    }

    /// The connection.
    pub(crate) fn connection(&self) -> &Arc<Connection> {
        &self.connection
    }

    /// Whether the connection is there, and still answers. Asked only where it was idle for long enough.
    pub(super) async fn is_alive(&self) -> bool {
        if self.idle.is_some_and(|since| self.pool.is_look_due(since)) {
            // Whatever has come over the socket is looked at before this goes on.
            yield_now().await;
            if !self.connection.is_open() {
                return false;
            }
        }
        match self.idle {
            Some(since) if self.pool.is_check_due(since) => match self.ping().await {
                Ok(()) => true,
                Err(error) => {
                    let number = self.connection.peer().number;
                    self.pool.context.log.failure(
                        Level::DEBUG,
                        format_args!("The connection {number} is not alive because of an error"),
                        Shown::Coded,
                        &error,
                    );
                    false
                }
            },
            _ => true,
        }
    }

    /// Whether the connection can be used as this user. It fails where the request asks too much of the
    /// server.
    pub(super) async fn is_for(&self, user: User<'_>) -> Result<bool> {
        let token = match self.pool.context.tokens.current(user).await {
            Ok(token) => token,
            Err(error) => {
                // A new connection asks again, and hands the error on.
                let number = self.connection.peer().number;
                self.pool.context.log.failure(
                    Level::DEBUG,
                    format_args!("The connection {number} is not valid because of an error"),
                    Shown::Coded,
                    &error,
                );
                self.connection.close(&error);
                return Ok(false);
            }
        };
        match self.log_on(&token) {
            LoggedOn::Yes => Ok(true),
            LoggedOn::Lost => {
                self.connection.close(&Kind::Closed.into());
                Ok(false)
            }
            LoggedOn::Refused => {
                if self.connection.is_logged_on_as(&token) {
                    self.connection.close(&Kind::Closed.into());
                }
                Err(ProtocolError::from(Feature::UserSwitch).into())
            }
        }
    }

    pub(super) fn log_on(&self, token: &Arc<Token>) -> LoggedOn {
        self.connection.log_on(token, false)
    }

    /// Makes sure that the server is there and takes the user, where neither is known by now.
    pub(crate) async fn verify(&self) -> Result<()> {
        self.in_time(self.verify_unbounded()).await
    }

    async fn verify_unbounded(&self) -> Result<()> {
        awaiting(Awaited::Server);
        match self.connection.logged_on().await {
            _ if self.fresh => Ok(()),
            Some(answer) => answer,
            None => self.ping().await,
        }
    }

    /// Makes sure that the server takes the user, even where it has done so before.
    pub(crate) async fn authenticate(&self, user: User<'_>) -> Result<()> {
        if !self.connection.peer().version.has_logon() {
            return Err(ProtocolError::from(Feature::UserSwitch).into());
        }
        if self.fresh {
            return Ok(());
        }
        self.in_time(self.authenticate_unbounded(user)).await
    }

    /// With the limit for acquiring a connection. After a timeout the connection's user is unknown, so it
    /// ends.
    async fn in_time(&self, work: impl Future<Output = Result<()>>) -> Result<()> {
        let limit = self.pool.context.config.acquisition_timeout;
        within(limit, work).await.unwrap_or_else(|awaited| {
            let error = self.pool.timed_out(awaited);
            self.connection.close(&error);
            Err(error)
        })
    }

    async fn authenticate_unbounded(&self, user: User<'_>) -> Result<()> {
        awaiting(Awaited::Logon);
        if let Some(answer) = self.connection.logged_on().await {
            return answer;
        }
        let token = self.pool.context.tokens.current(user).await?;
        awaiting(Awaited::Logon);
        match self.connection.log_on(&token, true) {
            LoggedOn::Yes => self.connection.logged_on().await.unwrap_or(Ok(())),
            LoggedOn::Lost | LoggedOn::Refused => Err(Kind::Disconnected.into()),
        }
    }

    /// Sends RESET and waits for the answer.
    pub(crate) async fn ping(&self) -> Result<()> {
        let (sender, answer) = oneshot::channel();
        let ping = Arc::new(Ping(Mutex::new(Some(sender))));
        self.connection.submit(|outbox| {
            outbox.send_reset(PendingRequest::new(Request::Reset, ping));
            Ok(())
        })?;
        answer.await.unwrap_or_else(|_| Err(Kind::Disconnected.into()))
    }

    pub(super) fn into_connection(mut self) -> Arc<Connection> {
        self.held = false;
        Arc::clone(&self.connection)
    }
}

/// Hears of the answer to a RESET that asks whether the server is there.
struct Ping(Mutex<Option<oneshot::Sender<Result<()>>>>);

impl Ping {
    fn answered(&self, answer: Result<()>) {
        if let Some(waiting) = lock(&self.0).take() {
            // The receiver may be gone.
            let _ = waiting.send(answer);
        }
    }
}

impl ResponseHandler for Ping {
    fn success(self: Arc<Self>, _request: Request, _success: Success<'_>) {
        self.answered(Ok(()));
    }

    fn failure(self: Arc<Self>, _request: Request, error: &Error) {
        self.answered(Err(error.clone()));
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !std::mem::replace(&mut self.held, false) {
            return;
        }
        let (pool, connection) = (Arc::clone(&self.pool), Arc::clone(&self.connection));
        let returned = std::mem::take(&mut self.returned);
        self.connection.clean(move || {
            pool.check_in(connection);
            for action in returned {
                action();
            }
        });
    }
}
