//! Requests: functions that append one framed message each.
//!
//! What is encoded already (queries, parameters, metadata, tokens) is spliced in as it is. It has
//! to be exactly one value of the type that belongs there.

use std::fmt::Write as _;

use bytes::{BufMut, BytesMut};

use crate::bolt::{
    chunk::frame,
    error::{Feature, ProtocolError},
    packstream::{
        Reader, write_int, write_list_header, write_map_header, write_null, write_string, write_strings,
        write_struct_header,
    },
    version::Version,
};

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
    /// The user whose rights apply, if not those of the one that is logged on.
    pub impersonated_user: Option<&'a str>,
    /// Which notifications the server should leave out.
    pub notifications: &'a NotificationFilter,
}

/// Which notifications the server should leave out. The default says nothing, and so leaves it to
/// the server, or to what HELLO said.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NotificationFilter {
    /// The lowest severity that is sent, or `OFF`.
    pub minimum_severity: Option<String>,
    /// The categories (classifications, since Bolt 5.5) that are not sent.
    pub disabled: Option<Vec<String>>,
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

/// LOGON with the encoded map of an auth token (Bolt 5.1).
pub fn logon(out: &mut BytesMut, auth: &[u8]) {
    frame(out, |out| {
        write_struct_header(out, LOGON, 1);
        out.put_slice(auth);
    });
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
/// [`ProtocolError::Unsupported`] before Bolt 4.3, and for impersonation before 4.4.
pub fn route(out: &mut BytesMut, version: Version, route: &Route<'_>) -> Result<(), ProtocolError> {
    if !version.has_route() {
        return Err(Feature::Route.into());
    }
    check_impersonation(version, route.impersonated_user)?;
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
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.minimum_severity.is_none() && self.disabled.is_none()
    }

    fn check(&self, version: Version) -> Result<(), ProtocolError> {
        if self.is_empty() || version.has_notification_filter() {
            Ok(())
        } else {
            Err(Feature::NotificationFilter(self.to_json()).into())
        }
    }

    fn write(&self, version: Version, map: &mut MapWriter<'_>) {
        if let Some(severity) = &self.minimum_severity {
            write_string(map.key("notifications_minimum_severity"), severity);
        }
        if let Some(disabled) = &self.disabled {
            let key = if version.has_notification_classifications() {
                "notifications_disabled_classifications"
            } else {
                "notifications_disabled_categories"
            };
            write_strings(map.key(key), disabled);
        }
    }

    /// As the user wrote it, for the error text.
    fn to_json(&self) -> String {
        let mut json = String::from("{");
        if let Some(severity) = &self.minimum_severity {
            // Writing to a string does not fail.
            let _ = write!(json, "\"minimumSeverityLevel\":{severity:?}");
        }
        if let Some(disabled) = &self.disabled {
            let separator = if json.len() > 1 { "," } else { "" };
            let _ = write!(json, "{separator}\"disabledCategories\":[");
            for (index, name) in disabled.iter().enumerate() {
                let separator = if index > 0 { "," } else { "" };
                let _ = write!(json, "{separator}{name:?}");
            }
            json.push(']');
        }
        json.push('}');
        json
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

const HELLO: u8 = 0x01;
const GOODBYE: u8 = 0x02;
const RESET: u8 = 0x0F;
const RUN: u8 = 0x10;
const BEGIN: u8 = 0x11;
const COMMIT: u8 = 0x12;
const ROLLBACK: u8 = 0x13;
const DISCARD: u8 = 0x2F;
const PULL: u8 = 0x3F;
const TELEMETRY: u8 = 0x54;
const ROUTE: u8 = 0x66;
const LOGON: u8 = 0x6A;
const LOGOFF: u8 = 0x6B;
