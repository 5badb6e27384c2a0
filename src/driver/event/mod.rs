//! What the engine tells JavaScript, and the way it takes.

mod handle;
pub mod kind;

use std::sync::Arc;

use crate::driver::flow::Reservation;
use crate::shared_constants::shared_enum;
pub use handle::JsHandle;

/// Something that completed. All payloads are batch frames ([`crate::batch`]).
#[derive(Debug)]
pub enum Event {
    /// RUN succeeded; the payload is its metadata.
    Fields {
        /// The server that answered, as announced by [`Event::Server`].
        server: u32,
        /// One record of one column, the metadata map.
        frame: Vec<u8>,
    },
    /// Records of a result.
    Records {
        /// How many; may be 0 where `has_more` is what there is to say.
        count: u32,
        /// The server has given what the PULL asked for, and waits for the next.
        has_more: bool,
        /// The records.
        frame: Vec<u8>,
        /// Stands for them in the count of what is on its way; dropped when they are taken.
        reservation: Reservation,
    },
    /// The home database has a name, and the request will say it to the server.
    Home {
        /// One record of one column, the name.
        frame: Vec<u8>,
    },
    /// The request is done; the payload is the metadata of the last SUCCESS.
    Success {
        /// The server that answered, 0 where none did.
        server: u32,
        /// One record of one column, the metadata map.
        frame: Vec<u8>,
    },
    /// The request failed.
    Failure {
        /// One record of five columns: code, message, metadata, the number of what is kept that the failure
        /// refers to, and the cause, as a list of the same.
        frame: Vec<u8>,
    },
    /// The engine needs something from the application ([`CallbackKind`]). The id is the callback's.
    Callback {
        /// What about.
        kind: CallbackKind,
        /// One record with the payload.
        frame: Vec<u8>,
    },
    /// What is kept under this id, which is a callback's, is not referred to any more.
    Released,
    /// A server is seen for the first time.
    Server {
        /// The number by which later events refer to it.
        server: u32,
        /// One record of four columns: address, agent, major and minor version.
        frame: Vec<u8>,
    },
    /// A line for the log.
    Log {
        /// From 0, an error, to 3, of use for debugging only.
        level: u32,
        /// What the record consists of.
        kind: LogKind,
        /// One record.
        frame: Vec<u8>,
        /// Stands for the line in the count of what is on its way; dropped when it is taken.
        reservation: Reservation,
    },
}

impl Event {
    /// Whether nothing follows for the same request.
    pub fn is_last(&self) -> bool {
        matches!(self, Self::Success { .. } | Self::Failure { .. })
    }
}

shared_enum! {
    /// What a callback is about.
    pub enum CallbackKind {
        /// Which token is to be used now? Without a payload; the answer is the token.
        Token = 1,
        /// Which addresses stand for this one? The payload is the address; the answer is a list of them.
        Resolve = 2,
        /// Which certificates are to be trusted and shown now? The payload is the version held, 0 = none; the
        /// answer is laid out in `net::tls`.
        Certificates = 3,
        /// The server has refused a token. The payload is the number under which that is kept, and the code.
        /// Nobody waits for an answer, but one is kept.
        Denied = 4,
    }
}

shared_enum! {
    /// How the frame of a line is to be read.
    pub enum LogKind {
        /// Text and values in turns, text first. The values are the server's.
        Line = 0,
        /// The same, with values of the driver.
        Request = 1,
        /// The line so far, how what it ends with is shown, and the phrase for that.
        Failure = 2,
    }
}

/// Where events go. Called on the engine's thread as well as on that of the request, at any time and
/// with locks held: it only puts the event away.
pub trait EventSink: Send + Sync + 'static {
    /// Hands over an event of the request with this id.
    fn deliver(&self, id: u32, event: Event);

    /// Hands over an event that may wait for the next one: it is not worth a wake-up of its own.
    fn deliver_lazily(&self, id: u32, event: Event) {
        self.deliver(id, event);
    }
}

/// A sink shared by all that a driver has under way.
pub type SharedSink = Arc<dyn EventSink>;
