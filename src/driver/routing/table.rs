//! Routing tables: who routes, reads and writes for one database, and until when that is to be believed.
//!
//! Knows how a router writes a table down; knows nothing of how it is asked.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::time::{Duration, Instant};

use super::super::config::Address;
use super::super::pool::Pool;
use crate::bolt::message::AccessMode;
use crate::bolt::packstream::Value;

/// The servers of one database.
#[derive(Clone, Default)]
pub(crate) struct Table {
    /// The database; `None` = whatever is the default of a server that does not say.
    pub database: Option<Arc<str>>,
    pub routers: Vec<Arc<Pool>>,
    pub readers: Vec<Arc<Pool>>,
    pub writers: Vec<Arc<Pool>>,
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
pub(crate) struct Answer {
    /// The name of the database; servers before 4.4 do not say.
    pub database: Option<String>,
    pub routers: Vec<Address>,
    pub readers: Vec<Address>,
    pub writers: Vec<Address>,
    /// For how many seconds this can be believed.
    pub ttl: i64,
}

impl Table {
    /// A table of what a router said just now.
    pub fn new(answer: &Answer, database: Option<Arc<str>>, pool: impl Fn(&Address) -> Arc<Pool>) -> Self {
        let pools = |addresses: &[Address]| addresses.iter().map(&pool).collect();
        Self {
            database,
            routers: pools(&answer.routers),
            readers: pools(&answer.readers),
            writers: pools(&answer.writers),
            expiry: Expiry::after(answer.ttl),
        }
    }

    /// A table of nothing.
    pub fn empty(database: Option<Arc<str>>) -> Self {
        Self { database, ..Self::default() }
    }

    /// Whether a router has to be asked before this is used for such work.
    pub fn is_stale_for(&self, mode: AccessMode) -> bool {
        self.expiry.is_over(Duration::ZERO) || self.routers.is_empty() || self.servers(mode).is_empty()
    }

    /// Whether it has been out of date for so long that nobody seems to need it.
    pub fn is_abandoned(&self) -> bool {
        self.expiry.is_over(PURGE_DELAY)
    }

    /// So much time has passed that the clock of the engine has not seen.
    pub fn age(&mut self, by: Duration) {
        if let Expiry::At(end) = self.expiry {
            self.expiry = end.checked_sub(by).map_or(Expiry::Always, Expiry::At);
        }
    }

    /// Who does such work.
    pub fn servers(&self, mode: AccessMode) -> &[Arc<Pool>] {
        match mode {
            AccessMode::Read => &self.readers,
            AccessMode::Write => &self.writers,
        }
    }

    /// Everybody; some more than once.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Pool>> {
        self.routers.iter().chain(&self.readers).chain(&self.writers)
    }

    /// Sends no more work to a server. It may still be asked for a table: else there might be nobody
    /// left to ask.
    pub fn forget(&mut self, server: &Arc<Pool>) {
        remove(&mut self.readers, server);
        remove(&mut self.writers, server);
    }

    /// Asks a server no more for tables.
    pub fn forget_router(&mut self, server: &Arc<Pool>) {
        remove(&mut self.routers, server);
    }

    /// Sends no more writes to a server.
    pub fn forget_writer(&mut self, server: &Arc<Pool>) {
        remove(&mut self.writers, server);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        write!(
            out,
            "RoutingTable[database={}, expirationTime={}, currentTime={}, routers=[{}], readers=[{}], writers=[{}]]",
            self.database.as_deref().unwrap_or("default database"),
            self.expiry.timestamp(now),
            now.as_millis(),
            Commas(&self.routers),
            Commas(&self.readers),
            Commas(&self.writers),
        )
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

impl Answer {
    /// Reads the map of a table: `ttl`, `servers` and, where the server says so, `db`.
    ///
    /// # Errors
    ///
    /// What is wrong, in a sentence, where the map is no usable table.
    pub fn parse(table: &Value, router: &Address) -> Result<Self, String> {
        let Some(ttl) = table.get("ttl").and_then(Value::as_int) else {
            return Err(format!("Unable to parse TTL entry from router {router}"));
        };
        let database = table.get("db").and_then(Value::as_str).map(str::to_owned);
        let mut answer = Self { database, ttl, routers: vec![], readers: vec![], writers: vec![] };
        let servers = table.get("servers").and_then(Value::as_list);
        let parsed = servers.and_then(|servers| servers.iter().try_for_each(|entry| answer.add(entry)));
        if parsed.is_none() {
            return Err(format!("Unable to parse servers entry from router {router}"));
        }
        for (name, addresses) in [("routers", &answer.routers), ("readers", &answer.readers)] {
            if addresses.is_empty() {
                return Err(format!("Received no {name} from router {router}"));
            }
        }
        Ok(answer)
    }

    fn add(&mut self, entry: &Value) -> Option<()> {
        let role = match entry.get("role")?.as_str()? {
            "ROUTE" => &mut self.routers,
            "READ" => &mut self.readers,
            "WRITE" => &mut self.writers,
            // Of some time to come.
            _ => return Some(()),
        };
        let addresses = entry.get("addresses")?.as_list()?.iter();
        *role = addresses.map(|address| Address::parse(address.as_str()?)).collect::<Option<_>>()?;
        Some(())
    }
}

fn remove(servers: &mut Vec<Arc<Pool>>, server: &Arc<Pool>) {
    servers.retain(|known| !Arc::ptr_eq(known, server));
}

struct Commas<'a>(&'a [Arc<Pool>]);

impl fmt::Display for Commas<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, pool) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(out, "{comma}{}", pool.address())?;
        }
        Ok(())
    }
}

/// For how long a table that is out of date is kept, for its routers.
const PURGE_DELAY: Duration = Duration::from_secs(30);

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

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

    fn address(host: &str, port: u16) -> Address {
        Address::new(host, port)
    }

    fn parse(servers: Vec<Value>) -> Result<Answer, String> {
        let table = map(&[("ttl", Value::Int(300)), ("servers", Value::List(servers))]);
        Answer::parse(&table, &address("router", 7687))
    }

    #[test]
    fn a_table_names_servers_by_their_role() {
        let answer = parse(vec![
            server("READ", &["a:1", "[::1]:2"]),
            server("WRITE", &["c"]),
            server("ROUTE", &["d:4"]),
            server("SING", &["e:5"]),
        ]);
        let expected = Answer {
            database: None,
            routers: vec![address("d", 4)],
            readers: vec![address("a", 1), address("::1", 2)],
            writers: vec![address("c", 7687)],
            ttl: 300,
        };
        assert_eq!(answer, Ok(expected));
    }

    #[test]
    fn a_table_without_writers_is_one() {
        let answer = parse(vec![server("READ", &["a:1"]), server("ROUTE", &["d:4"])]).unwrap();
        assert_eq!(answer.writers, []);
    }

    #[test]
    fn a_table_without_routers_or_readers_is_none() {
        assert_eq!(
            parse(vec![server("READ", &["a:1"])]).unwrap_err(),
            "Received no routers from router router:7687"
        );
        assert_eq!(
            parse(vec![server("ROUTE", &["a:1"]), server("READ", &[])]).unwrap_err(),
            "Received no readers from router router:7687"
        );
    }

    #[test]
    fn what_makes_no_sense_is_an_error() {
        let unreadable = [
            vec![Value::Int(1)],
            vec![map(&[("role", text("READ"))])],
            vec![map(&[("addresses", Value::List(vec![]))])],
            vec![map(&[("role", text("READ")), ("addresses", text("a:1"))])],
            vec![map(&[("role", text("READ")), ("addresses", Value::List(vec![Value::Int(1)]))])],
            vec![server("READ", &["a:70000"])],
        ];
        for servers in unreadable {
            let text = format!("{servers:?}");
            assert_eq!(
                parse(servers),
                Err("Unable to parse servers entry from router router:7687".to_owned()),
                "{text}"
            );
        }
        for table in [map(&[]), map(&[("ttl", text("1"))]), Value::Null] {
            assert_eq!(
                Answer::parse(&table, &address("router", 7687)).unwrap_err(),
                "Unable to parse TTL entry from router router:7687"
            );
        }
        let no_servers = map(&[("ttl", Value::Int(1))]);
        assert!(Answer::parse(&no_servers, &address("router", 7687)).is_err());
    }

    #[test]
    fn a_table_of_nothing_is_stale_and_says_so() {
        let table = Table::empty(None);
        assert!(table.is_stale_for(AccessMode::Read) && table.is_abandoned());
        let text = table.to_string();
        assert!(
            text.starts_with("RoutingTable[database=default database, expirationTime=0, currentTime=1"),
            "{text}"
        );
        assert!(text.ends_with(", routers=[], readers=[], writers=[]]"), "{text}");
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
