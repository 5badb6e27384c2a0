//! Versions of Bolt, and what each can do. The only file that compares version numbers: all other code asks
//! whether a version can do something.

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

    /// Authentication has messages of its own, LOGON and LOGOFF (5.1).
    pub fn has_logon(self) -> bool {
        self >= Self::new(5, 1)
    }

    /// Servers of this version take RESET while BEGIN is under way. Those that speak 5.0 and later may fail
    /// BEGIN of it, and hang up.
    pub fn takes_reset_amid_begin(self) -> bool {
        self < Self::new(5, 0)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_as_two_numbers() {
        assert_eq!(Version::new(5, 8).to_string(), "5.8");
    }

    #[test]
    fn the_best_version_comes_first() {
        assert!(Version::SUPPORTED.is_sorted_by(|a, b| a > b));
    }

    #[test]
    fn what_lies_between_the_offers_is_not_spoken() {
        for version in
            [(6, 2), (5, 9), (5, 5), (4, 5), (4, 1), (4, 0), (3, 1), (2, 0), (1, 0), (0, 0), (255, 1)]
        {
            assert!(!Version::new(version.0, version.1).is_supported(), "{version:?}");
        }
    }

    /// Each question, and the first version of those spoken that answers yes.
    #[test]
    fn features_arrive_with_their_version() {
        type Question = fn(Version) -> bool;
        let table: [(Question, (u8, u8)); 14] = [
            (Version::has_multi_db, (4, 2)),
            (Version::has_query_id, (4, 2)),
            (Version::has_routing_context, (4, 2)),
            (Version::has_route, (4, 3)),
            (Version::has_route_extra, (4, 4)),
            (Version::has_impersonation, (4, 4)),
            (Version::has_utc_structs, (5, 0)),
            (Version::has_logon, (5, 1)),
            (Version::has_notification_filter, (5, 2)),
            (Version::has_bolt_agent, (5, 3)),
            (Version::has_telemetry, (5, 4)),
            (Version::has_server_side_routing, (5, 8)),
            (Version::has_vectors, (6, 0)),
            (Version::has_uuids, (6, 1)),
        ];
        for (row, (has, (major, minor))) in table.into_iter().enumerate() {
            let first = Version::SUPPORTED.into_iter().rev().find(|&version| has(version));
            assert_eq!(first, Some(Version::new(major, minor)), "row {row}");
            assert!(has(Version::new(6, 1)), "row {row} is still there in the last version");
        }
    }

    #[test]
    fn the_utc_patch_is_for_late_versions_of_4_only() {
        let patched: Vec<_> =
            Version::SUPPORTED.into_iter().filter(|version| version.has_utc_patch()).collect();
        assert_eq!(patched, [Version::new(4, 4), Version::new(4, 3)]);
    }

    #[test]
    fn classifications_are_not_in_5_4() {
        assert!(!Version::new(5, 4).has_notification_classifications());
        assert!(Version::new(5, 6).has_notification_classifications());
    }
}
