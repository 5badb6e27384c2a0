//! What a connection reports to: traits that the code above it implements.

use std::sync::Arc;

use crate::bolt::message::SuccessMetadata;
use crate::bolt::state::Request;
use crate::driver::app::tokens::Token;
use crate::driver::error::Error;
use crate::driver::flow::Reservation;

/// Receives the answers to requests. One handler may await several answers; `request` says which one has
/// come.
///
/// Called from the connection's task, and for [`failure`](Self::failure) from any thread, without the
/// connection's lock.
pub(crate) trait ResponseHandler: Send + Sync {
    /// How the records of a PULL are handed over. Asked for the first record of each batch.
    fn records_as(&self) -> RecordsAs {
        RecordsAs::Batches { columns: None }
    }

    /// A record, where they are handed over one by one.
    fn record(&self, _fields: &[u8]) {}

    /// The records of what has been read, transcoded into one batch. May be none where the server has more.
    fn records(&self, _batch: Batch) {}

    /// The server has answered with SUCCESS.
    fn success(self: Arc<Self>, request: Request, success: Success<'_>);

    /// The server has answered with FAILURE or IGNORED, or will not answer.
    fn failure(self: Arc<Self>, request: Request, error: &Error);
}

/// How records are handed over.
pub(crate) enum RecordsAs {
    /// Transcoded, all that one read brought at a time.
    Batches {
        /// How many values each record has to have, where the server has said it.
        columns: Option<usize>,
    },
    /// One by one, as they came.
    Fields,
}

/// Transcoded records.
pub(crate) struct Batch {
    /// How many there are.
    pub count: u32,
    /// The server has given what was pulled, and has more.
    pub has_more: bool,
    /// The batch frame.
    pub frame: Vec<u8>,
    /// Stands for the records in the count of what is on its way.
    pub reservation: Reservation,
}

/// A SUCCESS.
pub(crate) struct Success<'a> {
    /// The server.
    pub server: u32,
    /// The metadata in PackStream.
    pub encoded: &'a [u8],
    /// The metadata that the engine itself looks at.
    pub metadata: SuccessMetadata,
    /// The metadata as a batch frame.
    pub frame: Vec<u8>,
    /// Whether the answer to a query is next. Known only after BEGIN, COMMIT and ROLLBACK.
    pub query_follows: bool,
}

/// Acts on the failures of a connection, and returns the errors for the user.
pub(crate) trait ConnectionErrorHandler: Send + Sync {
    /// The connection cannot be used any more. Returns the driver's view of that, and does nothing else yet.
    fn lost(&self, error: Error) -> Error;

    /// Something failed. `token` is what the connection was in use with; `None` where a session brought its
    /// own user, whose token is not the driver's business.
    fn handle(&self, error: Error, token: Option<&Token>) -> Error;
}
