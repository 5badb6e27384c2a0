//! The settings of a driver, as types. Defaults and the checks of user input are the facade's.

use std::net::IpAddr;
use std::time::Duration;

use tracing::Level;
use zeroize::Zeroize;

use crate::bolt::message::NotificationFilter;

/// Everything that the engine has to know of one driver.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the server is; for a routing driver, the first router to be asked.
    pub address: Address,
    /// The routing context of a routing driver: an encoded PackStream map, with `address`. `None` for a
    /// direct driver.
    pub routing: Option<Vec<u8>>,
    /// Whether the application turns the address into others
    /// ([`CallbackKind::Resolve`](crate::driver::event::CallbackKind)).
    pub resolves: bool,
    /// Sent in HELLO as `user_agent`.
    pub user_agent: String,
    /// Sent in HELLO as `bolt_agent` from Bolt 5.3 on: an encoded PackStream map.
    pub bolt_agent: Vec<u8>,
    /// The driver's user.
    pub auth: Auth,
    /// Which notifications the server is to leave out.
    pub notifications: NotificationFilter,
    /// Most connections that are open at one time, those being opened included.
    pub max_connection_pool_size: usize,
    /// Connections that are kept open to each address, idle ones included.
    pub min_connection_pool_size: usize,
    /// A connection that was idle for longer is closed, unless there are too few; `None` = never.
    pub idle_timeout: Option<Duration>,
    /// How long a request waits for a connection, dialling and authentication included.
    pub acquisition_timeout: Duration,
    /// How connections are encrypted; `None` = not at all.
    pub tls: Option<Tls>,
    /// How long the TCP connection may take, with the TLS handshake; `None` = as long as the system lets it.
    pub connection_timeout: Option<Duration>,
    /// A connection older than this is closed instead of being used again.
    pub max_connection_lifetime: Duration,
    /// A connection that was idle for longer is checked by a RESET before use; `None` = never.
    pub liveness_check_timeout: Option<Duration>,
    /// How many bytes one message of the server may have. Until the server has let the driver in, the limit
    /// is lower.
    pub max_message_size: usize,
    /// Never send TELEMETRY, even where the server asks for it.
    pub telemetry_disabled: bool,
    /// What is logged as events of the sink; `None` = nothing.
    pub log: Option<LogSettings>,
}

impl Config {
    /// Whether connections are to be opened before a request needs one.
    pub fn opens_in_advance(&self) -> bool {
        // The servers of a cluster are unknown before a router is asked.
        self.min_connection_pool_size > 0 && self.routing.is_none()
    }
}

/// What a driver logs.
#[derive(Clone, Copy, Debug)]
pub struct LogSettings {
    /// The most talkative level.
    pub level: Level,
    /// Show parameters and records.
    pub unredacted: bool,
    /// The number by which log lines name the driver.
    pub driver: u32,
}

/// How connections are encrypted.
#[derive(Clone, Copy, Debug)]
pub struct Tls {
    /// Which certificates are trusted.
    pub trust: Trust,
    /// Whether the application has a certificate to show. It is asked for each connection which one.
    pub client_certificate: bool,
}

/// Which certificates are trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// All of them. The application is asked nothing.
    All,
    /// Those of the authorities that the application trusts anyway. The application is asked once.
    System,
    /// Those on a list, and those that these have signed. The application is asked for each connection.
    Custom,
}

/// A host, by name or IP literal (without brackets), and a port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// Name or literal.
    pub host: String,
    /// TCP port, as it was written: [`Address::dialable`] says whether it is one.
    pub port: i64,
    /// Which one of the name's IP addresses is meant; `None` = whichever can be reached.
    pub ip: Option<IpAddr>,
}

impl Address {
    /// Any of the addresses of a name, or a literal.
    pub fn new(host: impl Into<String>, port: impl Into<i64>) -> Self {
        Self { host: host.into(), port: port.into(), ip: None }
    }

    /// The port, if there can be a server behind it.
    pub fn dialable(&self) -> Option<u16> {
        u16::try_from(self.port).ok()
    }

    /// Reads `host`, `host:port` or `[IPv6]:port`, also with a scheme before it or a path behind. A port is
    /// read as the official driver reads it, and is the usual one where it does not begin with digits.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.split_once("://").map_or(text, |(_scheme, rest)| rest);
        let text = text.split(['/', '?', '#']).next().unwrap_or_default().trim();
        let (host, port) = match text.strip_prefix('[') {
            Some(literal) => {
                let (host, rest) = literal.split_once(']')?;
                (host, if rest.is_empty() { None } else { Some(rest.strip_prefix(':')?) })
            }
            None => match text.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (text, None),
            },
        };
        let port = port.and_then(leading_integer).unwrap_or(DEFAULT_PORT);
        (!host.is_empty()).then(|| Self::new(host, port))
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.host.contains(':') {
            write!(out, "[{}]:{}", self.host, self.port)
        } else {
            write!(out, "{}:{}", self.host, self.port)
        }
    }
}

/// Where the driver's tokens come from.
#[derive(Clone, Debug)]
pub enum Auth {
    /// It has one: an encoded PackStream map.
    Token(Secret),
    /// The application's manager is asked ([`CallbackKind::Token`](crate::driver::event::CallbackKind)).
    Manager,
}

/// Bytes that must not show up in a log, nor be left in memory: credentials.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(pub Vec<u8>);

impl AsRef<[u8]> for Secret {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret(..)")
    }
}

/// The integer that a text begins with, whatever follows it. What is beyond 64 bits is their farthest end.
pub(crate) fn leading_integer(text: &str) -> Option<i64> {
    let text = text.trim_start();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = || digits.bytes().take_while(u8::is_ascii_digit).map(|digit| i64::from(digit - b'0'));
    digits().next()?;
    Some(digits().fold(0, |number: i64, digit| {
        let tenfold = number.saturating_mul(10);
        if negative { tenfold.saturating_sub(digit) } else { tenfold.saturating_add(digit) }
    }))
}

/// Where Bolt servers listen.
const DEFAULT_PORT: i64 = 7687;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_and_read() {
        for (text, host, port) in [
            ("a", "a", 7687),
            ("a:1", "a", 1),
            ("bolt://a.b:2/db?x=y", "a.b", 2),
            ("[::1]", "::1", 7687),
            ("[fe80::1]:3", "fe80::1", 3),
            ("10.0.0.1:65535", "10.0.0.1", 65535),
            ("a:", "a", 7687),
            ("a:b", "a", 7687),
            ("a: 7x", "a", 7),
            ("a:+7", "a", 7),
            ("a:65536", "a", 65536),
            ("a:-1", "a", -1),
            ("a:99999999999999999999", "a", i64::MAX),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!((address.host.as_str(), address.port), (host, port), "{text}");
            assert_eq!(Address::parse(&address.to_string()), Some(address), "{text}");
        }
        for text in ["", ":1", "[::1", "[::1]x", "[]:1", "bolt://"] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_port_that_is_none_cannot_be_dialled() {
        for port in [0, 7687, 65535] {
            assert_eq!(i64::from(Address::new("a", port).dialable().unwrap()), port);
        }
        for port in [-1, 65536, i64::MAX, i64::MIN] {
            assert_eq!(Address::new("a", port).dialable(), None);
        }
    }
}
