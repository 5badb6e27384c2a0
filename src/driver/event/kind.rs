//! The numbers by which JavaScript tells events apart.

use crate::shared_constants::shared_enum;

shared_enum! {
    /// The number of each kind of [`Event`](super::Event).
    pub enum EventKind {
        /// RUN succeeded.
        Fields = 1,
        /// Records of a result.
        Records = 2,
        /// The request is done.
        Success = 3,
        /// The request failed.
        Failure = 4,
        /// A server is seen for the first time.
        Server = 5,
        /// The engine has to know something of the application.
        Callback = 6,
        /// What is kept under this number is not referred to any more.
        Released = 7,
        /// A line for the log.
        Log = 8,
        /// The home database has a name.
        Home = 9,
    }
}

/// What the flags of an event say: bits.
pub mod flag {
    use crate::shared_constants::shared_constants;

    shared_constants! {
        /// The payload is an attachment.
        pub const ATTACHED: u8 = 1;
        /// Of records: the server has given what the PULL asked for, and has more.
        pub const HAS_MORE: u8 = 1 << 1;
    }
}
