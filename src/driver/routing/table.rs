//! Routing tables: the routers, readers and writers of one database, and for how long they are valid.
//!
//! A router's answer is decoded here, too.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::time::{Duration, Instant};

use super::error_handler::RoutingErrorHandler;
use super::raw::{self, RouterResponse, front};
use crate::bolt::message::AccessMode;
use crate::bolt::packstream::Value;
use crate::driver::config::{Address, leading_integer};
use crate::driver::error::{KnownTable, ServersFlaw, TableFlaw, TimeToLiveFlaw};
use crate::driver::pool::Pool;

/// The servers of one database.
#[derive(Clone, Default)]
pub(crate) struct Table {
    /// The database; `None` = the default of a server that does not name it.
    pub database: Option<Arc<str>>,
    pub routers: Vec<Arc<Pool>>,
    pub readers: Vec<Arc<Pool>>,
    pub writers: Vec<Arc<Pool>>,
    /// What handles the errors of connections to each reader and writer: made once, not for each connection.
    error_handlers: Vec<Arc<RoutingErrorHandler>>,
    expiry: Expiry,
}

/// When a table is over.
#[derive(Clone, Copy, Default)]
enum Expiry {
    /// It never was good for anything.
    #[default]
    Always,
    At(Instant),
    /// Further away than clocks can tell.
    Never,
}

/// What a router said, as far as it makes sense.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TableData {
    /// The name of the database; servers before 4.4 do not say.
    pub database: Option<String>,
    pub routers: Vec<Address>,
    pub readers: Vec<Address>,
    pub writers: Vec<Address>,
    /// The time to live of the table, in seconds.
    pub ttl: i64,
}

impl Table {
    /// A table of what a router said just now.
    pub(super) fn new(
        data: &TableData,
        database: Option<Arc<str>>,
        pool: impl Fn(&Address) -> Arc<Pool>,
    ) -> Self {
        let pools = |addresses: &[Address]| addresses.iter().map(&pool).collect();
        Self {
            database,
            routers: pools(&data.routers),
            readers: pools(&data.readers),
            writers: pools(&data.writers),
            error_handlers: Vec::new(),
            expiry: Expiry::after(data.ttl),
        }
    }

    /// Has the errors of connections to each reader and writer handled by what `handler` makes.
    pub(super) fn handle_errors(&mut self, handler: impl Fn(Arc<Pool>) -> Arc<RoutingErrorHandler>) {
        for server in self.readers.iter().chain(&self.writers) {
            if !self.error_handlers.iter().any(|known| Arc::ptr_eq(&known.server, server)) {
                self.error_handlers.push(handler(Arc::clone(server)));
            }
        }
    }

    /// What handles the errors of connections to a reader or writer.
    pub(super) fn error_handler(&self, server: &Arc<Pool>) -> Option<Arc<RoutingErrorHandler>> {
        self.error_handlers.iter().find(|handler| Arc::ptr_eq(&handler.server, server)).cloned()
    }

    /// An empty table.
    pub(super) fn empty(database: Option<Arc<str>>) -> Self {
        Self { database, ..Self::default() }
    }

    /// Whether a router has to be asked before this is used for such work.
    pub(super) fn is_stale_for(&self, mode: AccessMode) -> bool {
        self.expiry.is_over(Duration::ZERO) || self.routers.is_empty() || self.servers(mode).is_empty()
    }

    /// Whether it has been out of date for so long that it seems not to be needed any more.
    pub(super) fn is_abandoned(&self) -> bool {
        self.expiry.is_over(PURGE_DELAY)
    }

    /// Adds time that the engine's clock did not count.
    pub(super) fn advance_clock(&mut self, by: Duration) {
        if let Expiry::At(end) = self.expiry {
            self.expiry = end.checked_sub(by).map_or(Expiry::Always, Expiry::At);
        }
    }

    /// The servers for such work.
    pub(super) fn servers(&self, mode: AccessMode) -> &[Arc<Pool>] {
        match mode {
            AccessMode::Read => &self.readers,
            AccessMode::Write => &self.writers,
        }
    }

    /// All servers; some more than once.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Pool>> {
        self.routers.iter().chain(&self.readers).chain(&self.writers)
    }

    /// Sends no more work to a server. It may still be asked for a table: otherwise there might be no server
    /// left to ask.
    pub(super) fn forget(&mut self, server: &Arc<Pool>) {
        remove(&mut self.readers, server);
        self.forget_writer(server);
    }

    /// Asks a server no more for tables.
    pub(super) fn forget_router(&mut self, server: &Arc<Pool>) {
        remove(&mut self.routers, server);
    }

    /// Sends no more writes to a server.
    pub(super) fn forget_writer(&mut self, server: &Arc<Pool>) {
        remove(&mut self.writers, server);
        if !self.readers.iter().any(|reader| Arc::ptr_eq(reader, server)) {
            self.error_handlers.retain(|handler| !Arc::ptr_eq(&handler.server, server));
        }
    }

    /// As it is shown.
    pub(super) fn known(&self) -> KnownTable {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let addresses = |pools: &[Arc<Pool>]| pools.iter().map(|pool| pool.address().to_string()).collect();
        KnownTable {
            database: self.database.as_deref().map(str::to_owned),
            expires: milliseconds(self.expiry.timestamp(now)),
            now: milliseconds(now.as_millis()),
            routers: addresses(&self.routers),
            readers: addresses(&self.readers),
            writers: addresses(&self.writers),
        }
    }
}

impl Expiry {
    fn after(seconds: i64) -> Self {
        let now = Instant::now();
        match u64::try_from(seconds) {
            Ok(seconds) => now.checked_add(Duration::from_secs(seconds)).map_or(Self::Never, Self::At),
            Err(_) => Self::Always,
        }
    }

    /// Whether it has been over for so long.
    fn is_over(self, delay: Duration) -> bool {
        match self {
            Self::Always => true,
            Self::At(end) => end.elapsed() > delay,
            Self::Never => false,
        }
    }

    /// In milliseconds since 1970.
    fn timestamp(self, now: Duration) -> u128 {
        match self {
            Self::Always => 0,
            Self::At(end) => {
                let left = end.saturating_duration_since(Instant::now());
                (now + left).saturating_sub(end.elapsed()).as_millis()
            }
            Self::Never => i64::MAX as u128,
        }
    }
}

impl TableData {
    /// Reads the entries of a table: `ttl`, `servers` and, where the server says so, `db`.
    ///
    /// # Errors
    ///
    /// What is wrong, where it is no usable table, with what was received (as far as that is short).
    pub(super) fn parse(response: &RouterResponse) -> Result<Self, TableFlaw> {
        let ttl = seconds(response.get("ttl"))
            .map_err(|flaw| TableFlaw::TimeToLive { flaw, raw: response.raw() })?;
        let database = response.get("db").and_then(Value::as_str).map(str::to_owned);
        let mut data = Self { database, ttl, routers: vec![], readers: vec![], writers: vec![] };
        let servers = response.get("servers");
        let parsed = match servers {
            Some(Value::List(servers)) => servers.iter().try_for_each(|entry| data.add(entry)),
            _ => Err(ServersFlaw::NoList),
        };
        parsed.map_err(|flaw| TableFlaw::Servers { flaw, raw: servers.map(front) })?;
        if data.routers.is_empty() {
            return Err(TableFlaw::NoRouters);
        }
        if data.readers.is_empty() {
            return Err(TableFlaw::NoReaders);
        }
        Ok(data)
    }

    fn add(&mut self, entry: &Value) -> Result<(), ServersFlaw> {
        if entry.is_null() {
            return Err(ServersFlaw::Null);
        }
        let role = match entry.get("role").and_then(Value::as_str) {
            Some("ROUTE") => &mut self.routers,
            Some("READ") => &mut self.readers,
            Some("WRITE") => &mut self.writers,
            // An unknown, newer role.
            _ => return Ok(()),
        };
        *role = match entry.get("addresses") {
            Some(Value::List(addresses)) => addresses.iter().map(address).collect::<Result<_, _>>()?,
            other => return Err(ServersFlaw::AddressesNoList(other.map(front))),
        };
        Ok(())
    }
}

/// A table's time to live. What is no integer is read as the official driver reads it: a fraction does not
/// count, a text may begin with digits, and anything else is no time at all, so that the table is used once.
fn seconds(ttl: Option<&Value>) -> Result<i64, TimeToLiveFlaw> {
    match ttl {
        None => Err(TimeToLiveFlaw::Missing),
        Some(Value::Null) => Err(TimeToLiveFlaw::Null),
        Some(Value::Int(seconds)) => Ok(*seconds),
        #[allow(clippy::cast_possible_truncation, reason = "it saturates, and the farthest end is no end")]
        Some(Value::Float(seconds)) if seconds.is_finite() => Ok(*seconds as i64),
        Some(Value::String(text)) if text.is_empty() => Err(TimeToLiveFlaw::Empty),
        Some(Value::String(text)) => Ok(leading_integer(text).unwrap_or(0)),
        Some(_) => Ok(0),
    }
}

fn address(value: &Value) -> Result<Address, ServersFlaw> {
    let Value::String(text) = value else { return Err(ServersFlaw::AddressNoText(front(value))) };
    Address::parse(text).ok_or_else(|| ServersFlaw::NoHost(raw::start(text, raw::ENOUGH).to_owned()))
}

fn milliseconds(since_1970: u128) -> i64 {
    i64::try_from(since_1970).unwrap_or(i64::MAX)
}

fn remove(servers: &mut Vec<Arc<Pool>>, server: &Arc<Pool>) {
    servers.retain(|known| !Arc::ptr_eq(known, server));
}

/// For how long a table that is out of date is kept, for its routers.
const PURGE_DELAY: Duration = Duration::from_secs(30);

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use crate::driver::error::RawTable;

    fn text(value: &str) -> Value {
        Value::String(value.to_owned())
    }

    fn map(entries: &[(&str, Value)]) -> Value {
        Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }

    fn server(role: &str, addresses: &[&str]) -> Value {
        let addresses = addresses.iter().map(|address| text(address)).collect();
        map(&[("role", text(role)), ("addresses", Value::List(addresses))])
    }

    fn address(host: &str, port: i64) -> Address {
        Address::new(host, port)
    }

    fn parse(servers: Vec<Value>) -> Result<TableData, TableFlaw> {
        parse_table(&map(&[("ttl", Value::Int(300)), ("servers", Value::List(servers))]))
    }

    fn parse_table(table: &Value) -> Result<TableData, TableFlaw> {
        TableData::parse(&RouterResponse::Response(map(&[("rt", table.clone())])))
    }

    #[test]
    fn a_table_names_servers_by_their_role() {
        let data = parse(vec![
            server("READ", &["a:1", "[::1]:2"]),
            server("WRITE", &["c"]),
            server("ROUTE", &["d:4"]),
            server("SING", &["e:5"]),
        ]);
        let expected = TableData {
            database: None,
            routers: vec![address("d", 4)],
            readers: vec![address("a", 1), address("::1", 2)],
            writers: vec![address("c", 7687)],
            ttl: 300,
        };
        assert_eq!(data, Ok(expected));
    }

    #[test]
    fn an_address_whose_port_is_none_is_read_as_the_official_driver_reads_it() {
        let data =
            parse(vec![server("READ", &["a:70000", "b:x", "c:-1"]), server("ROUTE", &["d:4"])]).unwrap();
        assert_eq!(data.readers, [address("a", 70000), address("b", 7687), address("c", -1)]);
    }

    #[test]
    fn a_table_without_writers_is_one() {
        let data = parse(vec![server("READ", &["a:1"]), server("ROUTE", &["d:4"])]).unwrap();
        assert_eq!(data.writers, []);
    }

    #[test]
    fn a_table_without_routers_or_readers_is_none() {
        assert_eq!(parse(vec![server("READ", &["a:1"])]), Err(TableFlaw::NoRouters));
        assert_eq!(parse(vec![server("ROUTE", &["a:1"]), server("READ", &[])]), Err(TableFlaw::NoReaders));
    }

    #[test]
    fn what_makes_no_sense_is_an_error_that_shows_it() {
        let unreadable = [
            (vec![Value::Null], ServersFlaw::Null),
            (vec![map(&[("role", text("READ"))])], ServersFlaw::AddressesNoList(None)),
            (
                vec![map(&[("role", text("READ")), ("addresses", text("a:1"))])],
                ServersFlaw::AddressesNoList(Some(front(&text("a:1")))),
            ),
            (
                vec![map(&[("role", text("READ")), ("addresses", Value::List(vec![Value::Int(1)]))])],
                ServersFlaw::AddressNoText(front(&Value::Int(1))),
            ),
            (vec![server("READ", &[":7687"])], ServersFlaw::NoHost(":7687".to_owned())),
        ];
        for (servers, flaw) in unreadable {
            let raw = Some(front(&Value::List(servers.clone())));
            assert_eq!(parse(servers), Err(TableFlaw::Servers { flaw, raw }));
        }
        for (table, flaw) in [
            (map(&[]), TimeToLiveFlaw::Missing),
            (map(&[("ttl", Value::Null)]), TimeToLiveFlaw::Null),
            (map(&[("ttl", text(""))]), TimeToLiveFlaw::Empty),
            (Value::Null, TimeToLiveFlaw::Missing),
        ] {
            let raw = RawTable::Response(front(&map(&[("rt", table.clone())])));
            assert_eq!(parse_table(&table), Err(TableFlaw::TimeToLive { flaw, raw }));
        }
        assert_eq!(
            parse_table(&map(&[("ttl", Value::Int(1))])),
            Err(TableFlaw::Servers { flaw: ServersFlaw::NoList, raw: None })
        );
    }

    #[test]
    fn an_error_is_short_whatever_the_router_says() {
        let long = "x".repeat(1 << 20);
        for servers in [
            vec![server(&long, &[]), Value::Null],
            vec![map(&[("role", text("READ")), ("addresses", text(&long))])],
            vec![map(&[("role", text("READ")), ("addresses", Value::List(vec![text(&format!(":{long}"))]))])],
            vec![map(&[
                ("role", text("READ")),
                ("addresses", Value::List(vec![map(&[(&long, Value::Null)])])),
            ])],
        ] {
            let TableFlaw::Servers { flaw, raw } = parse(servers).unwrap_err() else { panic!("the servers") };
            let said = match flaw {
                ServersFlaw::AddressesNoList(Some(raw)) | ServersFlaw::AddressNoText(raw) => raw.len(),
                ServersFlaw::NoHost(text) => text.len(),
                ServersFlaw::Null => 0,
                other => panic!("{other:?}"),
            };
            let length = raw.unwrap().len();
            assert!(said <= raw::ENOUGH + 8 && length <= raw::ENOUGH + 64, "{said} {length}");
            assert!(length > raw::ENOUGH - 64, "{length}");
        }
    }

    #[test]
    fn an_entry_that_is_nobody_it_knows_does_not_matter() {
        let good = [server("ROUTE", &["d:4"]), server("READ", &["a:1"])];
        for odd in [
            Value::Int(1),
            text("READ"),
            Value::List(vec![]),
            map(&[("addresses", Value::List(vec![]))]),
            map(&[("role", Value::Int(1)), ("addresses", text("a:1"))]),
        ] {
            let data = parse([&[odd], good.as_slice()].concat()).unwrap();
            assert_eq!(data.readers, [address("a", 1)]);
        }
    }

    #[test]
    fn a_time_to_live_of_another_type_is_read_as_the_official_driver_reads_it() {
        for (ttl, expected) in [
            (Value::Float(1.9), 1),
            (Value::Float(-0.5), 0),
            (Value::Float(f64::NAN), 0),
            (Value::Float(f64::INFINITY), 0),
            (Value::Float(1e300), i64::MAX),
            (Value::Float(-1e300), i64::MIN),
            (text("5"), 5),
            (text(" 7x"), 7),
            (text("-5"), -5),
            (text("1.5"), 1),
            (text("x"), 0),
            (text(&"9".repeat(1000)), i64::MAX),
            (Value::Bool(true), 0),
            (Value::List(vec![Value::Int(5)]), 0),
        ] {
            assert_eq!(seconds(Some(&ttl)), Ok(expected), "{ttl:?}");
        }
    }

    #[test]
    fn a_table_of_nothing_is_stale_and_says_so() {
        let table = Table::empty(None);
        assert!(table.is_stale_for(AccessMode::Read) && table.is_abandoned());
        let known = table.known();
        assert_eq!((known.database, known.expires), (None, 0));
        assert!(known.now > 1_000_000_000_000 && known.routers.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_ttl_that_no_clock_holds_never_ends() {
        for seconds in [i64::MAX, i64::MAX / 1000] {
            assert!(!Expiry::after(seconds).is_over(Duration::ZERO));
        }
        assert!(Expiry::after(-1).is_over(Duration::ZERO));
        let expiry = Expiry::after(10);
        tokio::time::advance(Duration::from_secs(10)).await;
        assert!(!expiry.is_over(Duration::ZERO));
        tokio::time::advance(Duration::from_millis(1)).await;
        assert!(expiry.is_over(Duration::ZERO) && !expiry.is_over(PURGE_DELAY));
        let day = Duration::from_secs(86_400);
        assert_eq!(expiry.timestamp(day), day.as_millis() - 1);
    }
}
