//! Versions of Bolt, and what each can do. The only file that compares version numbers: the rest
//! asks a question. Knows nothing of how a version is negotiated.

use std::fmt;

/// A version of the Bolt protocol.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Version {
    /// The first number.
    pub major: u8,
    /// The second number.
    pub minor: u8,
}

impl Version {
    /// The versions that this driver speaks, the best first. 5.5 is not among them: no released
    /// server settles for it.
    pub const SUPPORTED: [Self; 14] = [
        Self::new(6, 1),
        Self::new(6, 0),
        Self::new(5, 8),
        Self::new(5, 7),
        Self::new(5, 6),
        Self::new(5, 4),
        Self::new(5, 3),
        Self::new(5, 2),
        Self::new(5, 1),
        Self::new(5, 0),
        Self::new(4, 4),
        Self::new(4, 3),
        Self::new(4, 2),
        Self::new(3, 0),
    ];

    /// Version `major.minor`.
    pub const fn new(major: u8, minor: u8) -> Self {
        Self { major, minor }
    }

    /// Whether this driver speaks the version.
    pub fn is_supported(self) -> bool {
        Self::SUPPORTED.contains(&self)
    }

    /// BEGIN and RUN name a database (4.0).
    pub fn has_multi_db(self) -> bool {
        self >= Self::new(4, 0)
    }

    /// PULL and DISCARD take a number of records and a query id; before, a result is always pulled
    /// or discarded whole (4.0).
    pub fn has_query_id(self) -> bool {
        self >= Self::new(4, 0)
    }

    /// HELLO carries the routing context (4.1).
    pub fn has_routing_context(self) -> bool {
        self >= Self::new(4, 1)
    }

    /// ROUTE replaces the routing procedure (4.3).
    pub fn has_route(self) -> bool {
        self >= Self::new(4, 3)
    }

    /// ROUTE's last field is a map that may name a user to impersonate (4.4).
    pub fn has_route_extra(self) -> bool {
        self >= Self::new(4, 4)
    }

    /// HELLO may ask for the UTC forms of date times (4.3 and 4.4).
    pub fn has_utc_patch(self) -> bool {
        self >= Self::new(4, 3) && self < Self::new(5, 0)
    }

    /// Date times are always in their UTC forms (5.0).
    pub fn has_utc_structs(self) -> bool {
        self >= Self::new(5, 0)
    }

    /// BEGIN and RUN may impersonate a user (4.4).
    pub fn has_impersonation(self) -> bool {
        self >= Self::new(4, 4)
    }

    /// Nodes and relationships carry element ids (5.0).
    pub fn has_element_ids(self) -> bool {
        self >= Self::new(5, 0)
    }

    /// Authentication has messages of its own, LOGON and LOGOFF (5.1).
    pub fn has_logon(self) -> bool {
        self >= Self::new(5, 1)
    }

    /// HELLO, BEGIN and RUN may filter notifications (5.2).
    pub fn has_notification_filter(self) -> bool {
        self >= Self::new(5, 2)
    }

    /// The notification filter speaks of classifications instead of categories (5.5).
    pub fn has_notification_classifications(self) -> bool {
        self >= Self::new(5, 5)
    }

    /// HELLO carries a map that describes the driver (5.3).
    pub fn has_bolt_agent(self) -> bool {
        self >= Self::new(5, 3)
    }

    /// TELEMETRY is understood (5.4).
    pub fn has_telemetry(self) -> bool {
        self >= Self::new(5, 4)
    }

    /// SUCCESS carries GQL status objects in place of notifications (5.6).
    pub fn has_gql_status(self) -> bool {
        self >= Self::new(5, 6)
    }

    /// FAILURE carries GQL status, diagnostic record and cause (5.7).
    pub fn has_gql_errors(self) -> bool {
        self >= Self::new(5, 7)
    }

    /// The server may say that it routes by itself, and names the home database (5.8).
    pub fn has_server_side_routing(self) -> bool {
        self >= Self::new(5, 8)
    }

    /// Vectors are values (6.0).
    pub fn has_vectors(self) -> bool {
        self >= Self::new(6, 0)
    }

    /// UUIDs are values (6.1).
    pub fn has_uuids(self) -> bool {
        self >= Self::new(6, 1)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}
