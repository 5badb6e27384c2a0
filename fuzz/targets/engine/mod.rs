//! Not a target: what those have in common that run the engine, over pipes in memory and with the
//! clock paused. Knows requests and how they end; knows nothing of what peers say.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use bytes::{Buf, BytesMut};
use neobolt::bolt::Version;
use neobolt::bolt::chunk::Dechunker;
use neobolt::bolt::message::NotificationFilter;
use neobolt::bolt::packstream::{write_int, write_list_header, write_map_header, write_null, write_string};
use neobolt::driver::config::{Address, Auth, Config, LogSettings, Secret};
use neobolt::driver::{Driver, Event, EventSink};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tracing::Level;

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
}

/// Runs to its end, in no time.
pub fn play<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.with(|runtime| runtime.block_on(work))
}

/// How often each request has ended, and how.
#[derive(Default)]
pub struct Ends {
    ends: Mutex<HashMap<u32, Ended>>,
    changed: Notify,
}

#[derive(Clone, Copy, Default)]
struct Ended {
    times: u32,
    well: bool,
}

impl Ends {
    fn of(&self, id: u32) -> Ended {
        self.ends.lock().expect("no panic").get(&id).copied().unwrap_or_default()
    }

    /// Whether the request came to a good end.
    pub fn well(&self, id: u32) -> bool {
        self.of(id).well
    }

    /// Waits for the end of a request, but not for ever: a server may owe the answer to a query.
    pub async fn ended(&self, id: u32) {
        let wait = async {
            while self.of(id).times == 0 {
                self.changed.notified().await;
            }
        };
        let _ = timeout(Duration::from_secs(200), wait).await;
    }

    /// Closes the driver, and sees that all requests have ended then, each once.
    pub async fn close(&self, driver: &Driver, requests: &[u32]) {
        // A server may fall silent in a conversation for as long as it likes; then its user gives up.
        sleep(Duration::from_secs(100)).await;
        driver.close(CLOSE);
        self.ended(CLOSE).await;
        for &id in requests.iter().chain([&CLOSE]) {
            assert_eq!(self.of(id).times, 1, "request {id}");
        }
        assert_eq!(driver.status().active, 0, "connections in use");
    }
}

impl EventSink for Ends {
    fn deliver(&self, id: u32, event: Event) {
        // A question has the id of its own.
        if event.is_last() {
            let mut ends = self.ends.lock().expect("no panic");
            let ended = ends.entry(id).or_default();
            ended.times += 1;
            ended.well = matches!(event, Event::Success { .. });
            drop(ends);
            self.changed.notify_one();
        }
    }
}

/// The version that a byte of the input stands for.
pub fn version(byte: u8) -> Version {
    Version::SUPPORTED[usize::from(byte) % Version::SUPPORTED.len()]
}

/// Greets a driver as a server of this version does, and leaves in `heard` what it says then. `None` where
/// it has gone.
pub async fn greet(far: &mut DuplexStream, heard: &mut BytesMut, version: Version) -> Option<()> {
    while heard.len() < 20 {
        read(far, heard).await?;
    }
    heard.advance(20);
    far.write_all(&[0, 0, version.minor, version.major]).await.ok()?;
    // HELLO, and LOGON where there is one.
    for _ in 0..=usize::from(version.has_logon()) {
        while next_message(heard).is_none() {
            read(far, heard).await?;
        }
        far.write_all(b"\x00\x03\xB1\x70\xA0\x00\x00").await.ok()?;
    }
    Some(())
}

/// Waits for more; `None` at the end.
pub async fn read(far: &mut DuplexStream, heard: &mut BytesMut) -> Option<()> {
    far.read_buf(heard).await.ok().filter(|read| *read > 0).map(|_| ())
}

/// Takes the next message of the driver, if it is there in full.
pub fn next_message(heard: &mut BytesMut) -> Option<Vec<u8>> {
    let mut unread = &heard[..];
    let message =
        Dechunker::new(1 << 16).next(&mut unread).expect("drivers say little").map(<[u8]>::to_vec)?;
    heard.advance(heard.len() - unread.len());
    Some(message)
}

/// Settings with short and round times.
pub fn config(logs: bool) -> Config {
    Config {
        address: Address::new("peer.test", 7687),
        routing: None,
        resolves: false,
        user_agent: "fuzz/1".into(),
        bolt_agent: vec![0xA0],
        auth: Auth::Token(Secret(vec![0xA0])),
        notifications: NotificationFilter::default(),
        max_connection_pool_size: 1,
        min_connection_pool_size: 0,
        idle_timeout: None,
        acquisition_timeout: Duration::from_secs(60),
        tls: None,
        connection_timeout: Some(Duration::from_secs(30)),
        max_connection_lifetime: Duration::from_secs(3600),
        liveness_check_timeout: None,
        max_message_size: 1 << 16,
        telemetry_disabled: true,
        log: logs.then_some(LogSettings { level: Level::DEBUG, unredacted: true, driver: 1 }),
    }
}

/// The options of a request: a list of 12.
pub fn options(reads: bool, database: Option<&str>) -> BytesMut {
    let mut out = BytesMut::new();
    write_list_header(&mut out, 12);
    write_string(&mut out, if reads { "r" } else { "w" });
    match database {
        Some(database) => write_string(&mut out, database),
        None => write_null(&mut out),
    }
    write_null(&mut out);
    write_list_header(&mut out, 0);
    for _ in 0..3 {
        write_null(&mut out);
    }
    write_int(&mut out, 2);
    write_int(&mut out, -1);
    for _ in 0..3 {
        write_null(&mut out);
    }
    out
}

/// The request for a query in an auto-commit transaction.
pub fn query(reads: bool, database: Option<&str>) -> Vec<u8> {
    let mut out = options(reads, database);
    write_string(&mut out, "X");
    write_map_header(&mut out, 0);
    out.to_vec()
}

/// The request for a query in a transaction.
pub fn in_transaction() -> Vec<u8> {
    let mut out = BytesMut::new();
    write_list_header(&mut out, 1);
    write_int(&mut out, 2);
    write_string(&mut out, "X");
    write_map_header(&mut out, 0);
    out.to_vec()
}

const CLOSE: u32 = 99;
