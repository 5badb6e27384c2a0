//! What a router does about failures of the connections that it has chosen.

use std::sync::{Arc, Weak};

use tracing::Level;

use super::Router;
use crate::driver::app::tokens::Token;
use crate::driver::connection::handler::ConnectionErrorHandler;
use crate::driver::error::{ClusterError, Error, Kind};
use crate::driver::log::Shown;
use crate::driver::pool::Pool;

/// Handles the errors of connections to one server of a table. A table has one for each of its servers.
pub(super) struct RoutingErrorHandler {
    router: Weak<Router>,
    pub(super) server: Arc<Pool>,
    /// The database, as the key of its table.
    pub(super) database: Arc<str>,
}

impl RoutingErrorHandler {
    pub(super) fn new(router: Weak<Router>, server: Arc<Pool>, database: Arc<str>) -> Self {
        Self { router, server, database }
    }

    /// Takes a server that cannot be used out of its table. Returns the error for the user.
    pub(super) fn on_server_error(&self, error: Error) -> Error {
        let Some(router) = self.router.upgrade() else { return error };
        let (address, database, log) = (self.server.address(), &self.database, router.log());
        match (error.kind(), error.code()) {
            (Kind::Lost(_) | Kind::BadPort(_), _)
            | (_, Some("Neo.TransientError.General.DatabaseUnavailable")) => {
                log.failure(
                    Level::WARN,
                    format_args!(
                        "Routing driver {} will forget {address} for database '{database}' because of an error",
                        log.driver()
                    ),
                    Shown::Coded,
                    &error,
                );
                router.change(database, |table| table.forget(&self.server));
                self.server.purge();
                error
            }
            (
                _,
                Some(
                    "Neo.ClientError.Cluster.NotALeader"
                    | "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase",
                ),
            ) => {
                log.failure(
                    Level::WARN,
                    format_args!(
                        "Routing driver {} will forget writer {address} for database '{database}' because of an error",
                        log.driver()
                    ),
                    Shown::Coded,
                    &error,
                );
                router.change(database, |table| table.forget_writer(&self.server));
                Error::of_cluster(ClusterError::NotAWriter(address.to_string()), Some(error))
            }
            _ => error,
        }
    }
}

impl ConnectionErrorHandler for RoutingErrorHandler {
    fn lost(&self, error: Error) -> Error {
        self.server.error_handler().lost(error)
    }

    fn handle(&self, error: Error, token: Option<&Token>) -> Error {
        self.on_server_error(self.server.error_handler().handle(error, token))
    }
}
