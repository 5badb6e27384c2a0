//! Requests: functions that append one framed message each.
//!
//! What is encoded already (queries, parameters, metadata, tokens) is spliced in as it is. It has
//! to be exactly one value of the type that belongs there.

use bytes::{BufMut, BytesMut};

use crate::bolt::chunk::frame;
use crate::bolt::error::{Feature, ProtocolError};
use crate::bolt::packstream::{
    Reader, write_int, write_list_header, write_map_header, write_null, write_string, write_strings,
    write_struct_header,
};
use crate::bolt::version::Version;

/// What HELLO says. Which parts of it are sent depends on the version.
#[derive(Clone, Copy, Debug)]
pub struct Hello<'a> {
    /// The name and version of the client.
    pub user_agent: &'a str,
    /// An encoded map that describes the driver; sent from Bolt 5.3 on.
    pub bolt_agent: &'a [u8],
    /// The encoded map of the auth token; sent before Bolt 5.1, from where on LOGON carries it.
    pub auth: &'a [u8],
    /// The encoded map of the routing context; `None` for a direct connection. Sent from Bolt 4.1 on.
    pub routing: Option<&'a [u8]>,
    /// Which notifications the server should leave out.
    pub notifications: &'a NotificationFilter,
}

/// What goes with BEGIN, and with a RUN outside of a transaction. What is at its default is not sent.
#[derive(Clone, Copy, Debug)]
pub struct Extra<'a> {
    /// The transactions that have to be visible.
    pub bookmarks: &'a [String],
    /// Milliseconds after which the server ends the transaction; 0 for never, `None` for what the
    /// server is set to.
    pub timeout: Option<i64>,
    /// An encoded map that the server logs with the transaction.
    pub metadata: Option<&'a [u8]>,
    /// Whether the work only reads.
    pub mode: AccessMode,
    /// The database; `None` for the user's home database.
    pub database: Option<&'a str>,
    /// The user whose rights apply, if not the user that is logged on.
    pub impersonated_user: Option<&'a str>,
    /// Which notifications the server should leave out.
    pub notifications: &'a NotificationFilter,
}

/// Which notifications the server should leave out. The default says nothing, and so leaves it to
/// the server, or to what HELLO said. The settings are encoded values, sent as they are: the server
/// knows best what is wrong with one.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NotificationFilter {
    /// The lowest severity that is sent, or `OFF`.
    pub minimum_severity: Option<Vec<u8>>,
    /// The list of the categories (classifications, since Bolt 5.5) that are not sent.
    pub disabled: Option<Vec<u8>>,
    /// The filter as the application wrote it, in JSON, for the text of a refusal; `None` = there is none.
    pub shown: Option<String>,
}

/// What ROUTE asks for.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    /// The encoded map of the routing context.
    pub context: &'a [u8],
    /// The transactions that have to be visible.
    pub bookmarks: &'a [String],
    /// The database; `None` for the home database.
    pub database: Option<&'a str>,
    /// The user whose home database is meant.
    pub impersonated_user: Option<&'a str>,
}

/// Whether work reads or writes.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum AccessMode {
    /// Only reads: a cluster may send it to a reader.
    Read,
    /// May write.
    #[default]
    Write,
}

/// HELLO, the first request. Before Bolt 5.1 it also authenticates.
///
/// # Errors
///
/// [`ProtocolError::Unsupported`] for a notification filter before Bolt 5.2; an auth token that is
/// no map.
pub fn hello(out: &mut BytesMut, version: Version, hello: &Hello<'_>) -> Result<(), ProtocolError> {
    hello.notifications.check(version)?;
    let auth = if version.has_logon() { None } else { Some(entries(hello.auth)?) };
    frame(out, |out| {
        write_struct_header(out, HELLO, 1);
        let mut map = MapWriter::new(out);
        write_string(map.key("user_agent"), hello.user_agent);
        if version.has_bolt_agent() {
            map.key("bolt_agent").put_slice(hello.bolt_agent);
        }
        if let Some((count, encoded)) = auth {
            map.splice(count, encoded);
        }
        hello.notifications.write(version, &mut map);
        if let Some(context) = hello.routing
            && version.has_routing_context()
        {
            map.key("routing").put_slice(context);
        }
        if version.has_utc_patch() {
            let patches = map.key("patch_bolt");
            write_list_header(patches, 1);
            write_string(patches, "utc");
        }
        map.finish();
    });
    Ok(())
}

/// How many bytes HELLO takes at most.
pub fn longest_hello(hello: &Hello<'_>) -> usize {
    let NotificationFilter { minimum_severity, disabled, .. } = hello.notifications;
    let texts = minimum_severity.as_ref().map_or(0, Vec::len) + disabled.as_ref().map_or(0, Vec::len);
    let routing = hello.routing.map_or(0, <[u8]>::len);
    let body = hello.user_agent.len() + hello.bolt_agent.len() + hello.auth.len() + routing + texts;
    // The names of the entries and the headers of their values; and a header for each chunk.
    body + 256 + 2 * (body / 0xFFFF + 1)
}

/// LOGON with the encoded map of an auth token (Bolt 5.1).
pub fn logon(out: &mut BytesMut, auth: &[u8]) {
    frame(out, |out| {
        write_struct_header(out, LOGON, 1);
        out.put_slice(auth);
    });
}

/// How many bytes [`logoff`] and [`logon`] append at most, and need on their way.
pub fn longest_logon(auth: &[u8]) -> usize {
    // LOGOFF with its header and end mark; the same and the structure's header of
    // LOGON; and a header for each chunk.
    auth.len() + 16 + 2 * (auth.len() / 0xFFFF + 1)
}

/// LOGOFF (Bolt 5.1).
pub fn logoff(out: &mut BytesMut) {
    plain(out, LOGOFF);
}

/// RUN with an encoded string and an encoded map. In a transaction, `extra` is `None`.
///
/// # Errors
///
/// [`ProtocolError::Unsupported`] for what the version cannot do; nothing is appended then.
pub fn run(
    out: &mut BytesMut,
    version: Version,
    query: &[u8],
    parameters: &[u8],
    extra: Option<&Extra<'_>>,
) -> Result<(), ProtocolError> {
    if let Some(extra) = extra {
        extra.check(version)?;
    }
    frame(out, |out| {
        write_struct_header(out, RUN, 3);
        out.put_slice(query);
        out.put_slice(parameters);
        match extra {
            Some(extra) => extra.write(version, out),
            None => write_map_header(out, 0),
        }
    });
    Ok(())
}

/// BEGIN.
///
/// # Errors
///
/// As for [`run`].
pub fn begin(out: &mut BytesMut, version: Version, extra: &Extra<'_>) -> Result<(), ProtocolError> {
    extra.check(version)?;
    frame(out, |out| {
        write_struct_header(out, BEGIN, 1);
        extra.write(version, out);
    });
    Ok(())
}

/// PULL of `n` records (-1 for all) of the query `qid`, or of the last one run. Bolt 3.0 knows
/// neither, and always pulls all.
pub fn pull(out: &mut BytesMut, version: Version, n: i64, qid: Option<i64>) {
    stream(out, version, PULL, n, qid);
}

/// DISCARD, with fields as for [`pull`].
pub fn discard(out: &mut BytesMut, version: Version, n: i64, qid: Option<i64>) {
    stream(out, version, DISCARD, n, qid);
}

/// COMMIT.
pub fn commit(out: &mut BytesMut) {
    plain(out, COMMIT);
}

/// ROLLBACK.
pub fn rollback(out: &mut BytesMut) {
    plain(out, ROLLBACK);
}

/// RESET: interrupts what runs, and leads back to READY.
pub fn reset(out: &mut BytesMut) {
    plain(out, RESET);
}

/// ROUTE (Bolt 4.3).
///
/// # Errors
///
/// [`ProtocolError::Unsupported`] before Bolt 4.3. Before 4.4 it cannot name a user, and does not: the
/// request that needs the table reports that the version has no impersonation.
pub fn route(out: &mut BytesMut, version: Version, route: &Route<'_>) -> Result<(), ProtocolError> {
    if !version.has_route() {
        return Err(Feature::Route.into());
    }
    frame(out, |out| {
        write_struct_header(out, ROUTE, 3);
        out.put_slice(route.context);
        write_strings(out, route.bookmarks);
        if version.has_route_extra() {
            let mut map = MapWriter::new(out);
            if let Some(database) = route.database {
                write_string(map.key("db"), database);
            }
            if let Some(user) = route.impersonated_user {
                write_string(map.key("imp_user"), user);
            }
            map.finish();
        } else {
            match route.database {
                Some(database) => write_string(out, database),
                None => write_null(out),
            }
        }
    });
    Ok(())
}

/// TELEMETRY (Bolt 5.4): which API is in use. 0 managed transaction, 1 explicit transaction,
/// 2 auto-commit, 3 `executeQuery`.
pub fn telemetry(out: &mut BytesMut, api: i64) {
    frame(out, |out| {
        write_struct_header(out, TELEMETRY, 1);
        write_int(out, api);
    });
}

/// GOODBYE. The server answers by closing the connection.
pub fn goodbye(out: &mut BytesMut) {
    plain(out, GOODBYE);
}

impl Extra<'_> {
    fn check(&self, version: Version) -> Result<(), ProtocolError> {
        if self.database.is_some() && !version.has_multi_db() {
            return Err(Feature::MultipleDatabases.into());
        }
        check_impersonation(version, self.impersonated_user)?;
        self.notifications.check(version)
    }

    fn write(&self, version: Version, out: &mut BytesMut) {
        let mut map = MapWriter::new(out);
        if !self.bookmarks.is_empty() {
            write_strings(map.key("bookmarks"), self.bookmarks);
        }
        if let Some(timeout) = self.timeout {
            write_int(map.key("tx_timeout"), timeout);
        }
        if let Some(metadata) = self.metadata {
            map.key("tx_metadata").put_slice(metadata);
        }
        if let Some(database) = self.database {
            write_string(map.key("db"), database);
        }
        if let Some(user) = self.impersonated_user {
            write_string(map.key("imp_user"), user);
        }
        if self.mode == AccessMode::Read {
            write_string(map.key("mode"), "r");
        }
        self.notifications.write(version, &mut map);
        map.finish();
    }
}

impl NotificationFilter {
    fn check(&self, version: Version) -> Result<(), ProtocolError> {
        match &self.shown {
            Some(shown) if !version.has_notification_filter() => {
                Err(Feature::NotificationFilter(shown.clone()).into())
            }
            _ => Ok(()),
        }
    }

    fn write(&self, version: Version, map: &mut MapWriter<'_>) {
        if let Some(severity) = &self.minimum_severity {
            map.key("notifications_minimum_severity").put_slice(severity);
        }
        if let Some(disabled) = &self.disabled {
            let key = if version.has_notification_classifications() {
                "notifications_disabled_classifications"
            } else {
                "notifications_disabled_categories"
            };
            map.key(key).put_slice(disabled);
        }
    }
}

/// A map whose number of entries is known when the last one is written.
struct MapWriter<'a> {
    out: &'a mut BytesMut,
    start: usize,
    entries: usize,
}

impl<'a> MapWriter<'a> {
    fn new(out: &'a mut BytesMut) -> Self {
        let start = out.len();
        write_map_header(out, 0);
        Self { out, start, entries: 0 }
    }

    /// Appends a key; its value is to be appended to what is returned.
    fn key(&mut self, key: &str) -> &mut BytesMut {
        self.entries += 1;
        write_string(self.out, key);
        self.out
    }

    /// Appends encoded entries.
    fn splice(&mut self, entries: usize, encoded: &[u8]) {
        self.entries += entries;
        self.out.put_slice(encoded);
    }

    fn finish(self) {
        let mut header = BytesMut::new();
        write_map_header(&mut header, self.entries);
        match (self.out.get_mut(self.start), &*header) {
            (Some(placeholder), &[tiny]) => *placeholder = tiny,
            _ => {
                // Only a custom auth token can have so many entries.
                let body = self.out.split_off(self.start);
                self.out.put_slice(&header);
                self.out.put_slice(body.get(1..).unwrap_or_default());
            }
        }
    }
}

/// The number of entries of an encoded map, and their bytes.
fn entries(map: &[u8]) -> Result<(usize, &[u8]), ProtocolError> {
    let mut reader = Reader::new(map);
    let count = reader.map_header()?;
    let encoded = reader.rest();
    for _ in 0..count {
        reader.string()?;
        reader.skip()?;
    }
    reader.finish("the auth token")?;
    Ok((count, encoded))
}

fn check_impersonation(version: Version, user: Option<&str>) -> Result<(), ProtocolError> {
    match user {
        Some(user) if !version.has_impersonation() => Err(Feature::Impersonation(user.to_owned()).into()),
        _ => Ok(()),
    }
}

fn stream(out: &mut BytesMut, version: Version, signature: u8, n: i64, qid: Option<i64>) {
    if !version.has_query_id() {
        return plain(out, signature);
    }
    frame(out, |out| {
        write_struct_header(out, signature, 1);
        write_map_header(out, if qid.is_some() { 2 } else { 1 });
        write_string(out, "n");
        write_int(out, n);
        if let Some(qid) = qid {
            write_string(out, "qid");
            write_int(out, qid);
        }
    });
}

/// A message without fields.
fn plain(out: &mut BytesMut, signature: u8) {
    frame(out, |out| write_struct_header(out, signature, 0));
}

pub(super) const HELLO: u8 = 0x01;
pub(super) const GOODBYE: u8 = 0x02;
pub(super) const RESET: u8 = 0x0F;
pub(super) const RUN: u8 = 0x10;
pub(super) const BEGIN: u8 = 0x11;
pub(super) const COMMIT: u8 = 0x12;
pub(super) const ROLLBACK: u8 = 0x13;
pub(super) const DISCARD: u8 = 0x2F;
pub(super) const PULL: u8 = 0x3F;
pub(super) const TELEMETRY: u8 = 0x54;
pub(super) const ROUTE: u8 = 0x66;
pub(super) const LOGON: u8 = 0x6A;
pub(super) const LOGOFF: u8 = 0x6B;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    const V3_0: Version = Version::new(3, 0);
    const V4_2: Version = Version::new(4, 2);
    const V4_3: Version = Version::new(4, 3);
    const V4_4: Version = Version::new(4, 4);
    const V5_0: Version = Version::new(5, 0);
    const V5_1: Version = Version::new(5, 1);
    const V5_2: Version = Version::new(5, 2);
    const V5_4: Version = Version::new(5, 4);
    const V5_6: Version = Version::new(5, 6);
    const V6_1: Version = Version::new(6, 1);

    const SILENT: NotificationFilter =
        NotificationFilter { minimum_severity: None, disabled: None, shown: None };
    const EXTRA: Extra<'_> = Extra {
        bookmarks: &[],
        timeout: None,
        metadata: None,
        mode: AccessMode::Write,
        database: None,
        impersonated_user: None,
        notifications: &SILENT,
    };
    const HELLO: Hello<'_> = Hello {
        user_agent: "ua",
        bolt_agent: b"\xA1\x87product\x81p",
        auth: b"\xA1\x86scheme\x84none",
        routing: None,
        notifications: &SILENT,
    };

    /// The message, checked to be framed as one chunk.
    fn message(write: impl FnOnce(&mut BytesMut)) -> Vec<u8> {
        let mut out = BytesMut::new();
        write(&mut out);
        let length = u16::try_from(out.len() - 4).unwrap().to_be_bytes();
        assert_eq!((out.first_chunk(), out.last_chunk()), (Some(&length), Some(&[0, 0])));
        out.split_to(out.len() - 2).split_off(2).to_vec()
    }

    fn hello_message(version: Version, request: &Hello<'_>) -> Vec<u8> {
        message(|out| hello(out, version, request).unwrap())
    }

    /// What `write` refuses; that it has written nothing then is checked.
    fn refusal(write: impl FnOnce(&mut BytesMut) -> Result<(), ProtocolError>) -> ProtocolError {
        let mut out = BytesMut::new();
        let error = write(&mut out).unwrap_err();
        assert!(out.is_empty());
        error
    }

    fn encoded(write: impl FnOnce(&mut BytesMut)) -> Vec<u8> {
        let mut out = BytesMut::new();
        write(&mut out);
        out.to_vec()
    }

    fn filter(severity: Option<&str>, disabled: Option<&[&str]>) -> NotificationFilter {
        NotificationFilter {
            minimum_severity: severity.map(|name| encoded(|out| write_string(out, name))),
            disabled: disabled.map(|names| {
                let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
                encoded(|out| write_strings(out, &names))
            }),
            shown: Some("{as written}".to_owned()),
        }
    }

    #[test]
    fn messages_without_fields_are_their_signature() {
        assert_eq!(message(goodbye), [0xB0, 0x02]);
        assert_eq!(message(reset), [0xB0, 0x0F]);
        assert_eq!(message(commit), [0xB0, 0x12]);
        assert_eq!(message(rollback), [0xB0, 0x13]);
        assert_eq!(message(logoff), [0xB0, 0x6B]);
    }

    #[test]
    fn hello_authenticates_before_5_1() {
        for version in [V3_0, V4_2, V5_0] {
            assert_eq!(hello_message(version, &HELLO), b"\xB1\x01\xA2\x8Auser_agent\x82ua\x86scheme\x84none");
        }
    }

    #[test]
    fn hello_asks_for_utc_in_4_3_and_4_4() {
        for version in [V4_3, V4_4] {
            assert_eq!(
                hello_message(version, &HELLO),
                b"\xB1\x01\xA3\x8Auser_agent\x82ua\x86scheme\x84none\x8Apatch_bolt\x91\x83utc"
            );
        }
    }

    #[test]
    fn hello_leaves_authentication_to_logon_from_5_1() {
        for version in [V5_1, V5_2] {
            assert_eq!(hello_message(version, &HELLO), b"\xB1\x01\xA1\x8Auser_agent\x82ua");
        }
        let auth = b"\xA3\x86scheme\x85basic\x89principal\x81u\x8Bcredentials\x81p";
        assert_eq!(message(|out| logon(out, auth)), [b"\xB1\x6A", &auth[..]].concat());
    }

    #[test]
    fn hello_describes_the_driver_from_5_3() {
        for version in [Version::new(5, 3), V5_4, V6_1] {
            assert_eq!(
                hello_message(version, &HELLO),
                b"\xB1\x01\xA2\x8Auser_agent\x82ua\x8Abolt_agent\xA1\x87product\x81p"
            );
        }
    }

    #[test]
    fn hello_carries_the_routing_context_where_there_is_one() {
        let request = Hello { routing: Some(b"\xA1\x87address\x81a"), ..HELLO };
        assert_eq!(
            hello_message(V5_1, &request),
            b"\xB1\x01\xA2\x8Auser_agent\x82ua\x87routing\xA1\x87address\x81a"
        );
        assert_eq!(hello_message(V3_0, &request), hello_message(V3_0, &HELLO));
    }

    #[test]
    fn hello_carries_the_notification_filter() {
        let notifications = filter(Some("OFF"), Some(&["HINT"]));
        let request = Hello { notifications: &notifications, ..HELLO };
        assert_eq!(
            hello_message(V5_2, &request),
            b"\xB1\x01\xA3\x8Auser_agent\x82ua\xD0\x1Enotifications_minimum_severity\x83OFF\xD0\x21notifications_disabled_categories\x91\x84HINT"
        );
        assert!(matches!(
            refusal(|out| hello(out, V5_1, &request)),
            ProtocolError::Unsupported(Feature::NotificationFilter(_))
        ));
    }

    #[test]
    fn hello_takes_an_auth_token_of_any_size() {
        let mut auth = BytesMut::new();
        write_map_header(&mut auth, 20);
        for _ in 0..20 {
            auth.put_slice(b"\x81k\x01");
        }
        let request = Hello { auth: &auth, ..HELLO };
        let expected = [&b"\xB1\x01\xD8\x15\x8Auser_agent\x82ua"[..], &b"\x81k\x01".repeat(20)].concat();
        assert_eq!(hello_message(V4_2, &request), expected);
    }

    #[test]
    fn hello_refuses_an_auth_token_that_is_no_map() {
        for auth in [&b"\x90"[..], b"", b"\xA1\x81k", b"\xA0\xC0", b"\xA1\x01\x01"] {
            refusal(|out| hello(out, V4_2, &Hello { auth, ..HELLO }));
        }
    }

    #[test]
    fn run_in_a_transaction_has_an_empty_extra() {
        let found = message(|out| run(out, V5_4, b"\x88RETURN 1", b"\xA1\x81a\x01", None).unwrap());
        assert_eq!(found, b"\xB3\x10\x88RETURN 1\xA1\x81a\x01\xA0");
    }

    #[test]
    fn defaults_are_not_sent() {
        assert_eq!(message(|out| begin(out, V5_4, &EXTRA).unwrap()), b"\xB1\x11\xA0");
        assert_eq!(
            message(|out| run(out, V3_0, b"\x80", b"\xA0", Some(&EXTRA)).unwrap()),
            b"\xB3\x10\x80\xA0\xA0"
        );
    }

    #[test]
    fn begin_and_run_carry_the_same_extra() {
        let bookmarks = ["b1".to_owned(), "b2".to_owned()];
        let notifications = filter(Some("WARNING"), Some(&[]));
        let extra = Extra {
            bookmarks: &bookmarks,
            timeout: Some(0),
            metadata: Some(b"\xA1\x81k\x01"),
            mode: AccessMode::Read,
            database: Some("db1"),
            impersonated_user: Some("bob"),
            notifications: &notifications,
        };
        let map = b"\xA8\x89bookmarks\x92\x82b1\x82b2\x8Atx_timeout\x00\x8Btx_metadata\xA1\x81k\x01\x82db\x83db1\x88imp_user\x83bob\x84mode\x81r\xD0\x1Enotifications_minimum_severity\x87WARNING";
        let categories = [&map[..], b"\xD0\x21notifications_disabled_categories\x90"].concat();
        let classifications = [&map[..], b"\xD0\x26notifications_disabled_classifications\x90"].concat();
        for (version, map) in
            [(V5_2, &categories), (V5_4, &categories), (V5_6, &classifications), (V6_1, &classifications)]
        {
            let begin = message(|out| begin(out, version, &extra).unwrap());
            assert_eq!(begin, [b"\xB1\x11", &map[..]].concat());
            let run = message(|out| run(out, version, b"\x81Q", b"\xA0", Some(&extra)).unwrap());
            assert_eq!(run, [b"\xB3\x10\x81Q\xA0", &map[..]].concat());
        }
    }

    #[test]
    fn what_the_version_cannot_do_is_refused_with_the_official_text() {
        let database = Extra { database: Some("x"), ..EXTRA };
        assert_eq!(
            refusal(|out| begin(out, V3_0, &database)),
            ProtocolError::Unsupported(Feature::MultipleDatabases)
        );
        assert!(begin(&mut BytesMut::new(), V4_2, &database).is_ok());

        let user = Extra { impersonated_user: Some("bob"), ..EXTRA };
        assert_eq!(
            refusal(|out| run(out, V4_3, b"\x80", b"\xA0", Some(&user))),
            ProtocolError::Unsupported(Feature::Impersonation("bob".to_owned()))
        );
        assert!(begin(&mut BytesMut::new(), V4_4, &user).is_ok());

        let refused = |filter: NotificationFilter| {
            refusal(|out| begin(out, V5_1, &Extra { notifications: &filter, ..EXTRA }))
        };
        let unsupported = ProtocolError::Unsupported(Feature::NotificationFilter("{as written}".to_owned()));
        assert_eq!(refused(filter(Some("OFF"), Some(&["HINT", "GENERIC"]))), unsupported);
        // One that says nothing is one all the same.
        assert_eq!(refused(filter(None, None)), unsupported);
        assert!(begin(&mut BytesMut::new(), V5_1, &EXTRA).is_ok());
    }

    #[test]
    fn pull_and_discard_name_a_query_only_where_asked() {
        assert_eq!(message(|out| pull(out, V5_4, 1000, None)), b"\xB1\x3F\xA1\x81n\xC9\x03\xE8");
        assert_eq!(message(|out| pull(out, V4_2, -1, Some(7))), b"\xB1\x3F\xA2\x81n\xFF\x83qid\x07");
        assert_eq!(message(|out| discard(out, V4_4, -1, None)), b"\xB1\x2F\xA1\x81n\xFF");
        assert_eq!(message(|out| discard(out, V6_1, -1, Some(0))), b"\xB1\x2F\xA2\x81n\xFF\x83qid\x00");
    }

    #[test]
    fn bolt_3_pulls_and_discards_all() {
        assert_eq!(message(|out| pull(out, V3_0, 10, Some(1))), [0xB0, 0x3F]);
        assert_eq!(message(|out| discard(out, V3_0, -1, None)), [0xB0, 0x2F]);
    }

    #[test]
    fn telemetry_is_one_number() {
        assert_eq!(message(|out| telemetry(out, 3)), [0xB1, 0x54, 0x03]);
    }

    #[test]
    fn route_names_the_database_as_its_version_wants() {
        let bookmarks = ["b".to_owned()];
        let request =
            Route { context: b"\xA0", bookmarks: &bookmarks, database: Some("db1"), impersonated_user: None };
        let home = Route { database: None, ..request };
        let bob = Route { impersonated_user: Some("bob"), ..home };
        let sent = |version, request: &Route<'_>| message(|out| route(out, version, request).unwrap());
        assert_eq!(sent(V4_3, &request), b"\xB3\x66\xA0\x91\x81b\x83db1");
        assert_eq!(sent(V4_3, &home), b"\xB3\x66\xA0\x91\x81b\xC0");
        assert_eq!(sent(V4_4, &request), b"\xB3\x66\xA0\x91\x81b\xA1\x82db\x83db1");
        assert_eq!(sent(V5_4, &home), b"\xB3\x66\xA0\x91\x81b\xA0");
        assert_eq!(sent(V6_1, &bob), b"\xB3\x66\xA0\x91\x81b\xA1\x88imp_user\x83bob");
        assert_eq!(sent(V4_3, &bob), b"\xB3\x66\xA0\x91\x81b\xC0");
        refusal(|out| route(out, V4_2, &request));
    }
}
