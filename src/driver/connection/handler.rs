//! What a connection reports to. Those above it are known here by what they take, and by nothing else.

use crate::driver::app::tokens::Token;
use crate::driver::error::Error;

/// Draws the consequences of a failure, and says what the user is told.
pub(crate) trait ConnectionErrorHandler: Send + Sync {
    /// The connection cannot be used any more. Says how the driver sees that; nothing follows of it yet.
    fn lost(&self, error: Error) -> Error;

    /// Something failed. `token` is what the connection was in use with; `None` where a session brought its own user, with
    /// whom the driver has nothing to do.
    fn handle(&self, error: Error, token: Option<&Token>) -> Error;
}
