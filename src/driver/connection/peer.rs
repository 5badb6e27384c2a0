//! What is known of the other end of a connection.

use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;

use crate::bolt::Version;
use crate::driver::log::ConnectionLabel;

/// What is known of the other end.
#[derive(Clone, Debug)]
pub(crate) struct Peer {
    /// The Bolt version agreed on.
    pub version: Version,
    /// Whether DateTimes are in UTC.
    pub utc: bool,
    /// The number by which events refer to the server.
    pub server: u32,
    /// Whether the server routes by itself.
    pub routes_by_itself: bool,
    /// Whether the server wants TELEMETRY.
    pub telemetry: bool,
    /// How long the server may be silent at most while it owes an answer.
    pub receive_timeout: Option<Duration>,
    /// When the connection was opened.
    pub opened: Instant,
    /// The connection's number in this process, for the log.
    pub number: u64,
    /// The server's name for the connection.
    pub name: String,
    /// Which of the addresses of the server's name it leads to, if that is known.
    pub ip: Option<IpAddr>,
}

impl<'a> From<&'a Peer> for ConnectionLabel<'a> {
    fn from(peer: &'a Peer) -> Self {
        Self { number: peer.number, name: &peer.name }
    }
}
