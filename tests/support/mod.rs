//! A scripted peer on the other end of a pipe in memory, and a driver that dials it.
//!
//! The peer speaks Bolt by hand: what a request must look like is written down in the tests, and not
//! computed by the code under test. Only framing is shared.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "../../src/batch/tests/reader.rs"]
#[allow(clippy::indexing_slicing, reason = "tests")]
mod reader;

use std::collections::{HashMap, HashSet};
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use futures::future::{BoxFuture, FutureExt};
use neobolt::bolt::chunk::{Dechunker, frame};
use neobolt::bolt::message::NotificationFilter;
use neobolt::bolt::packstream::{
    Reader, Value, write_int, write_list_header, write_map_header, write_null, write_string, write_value,
};
use neobolt::driver::config::{Address, Auth, Config, Secret};
use neobolt::driver::error::{Error, Operation, PhraseKind, Result};
use neobolt::driver::event::{LogKind, SharedSink};
use neobolt::driver::net::stream::{Dial, Stream};
use neobolt::driver::{Driver, Event, EventSink};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

pub(crate) const HELLO: u8 = 0x01;
pub(crate) const GOODBYE: u8 = 0x02;
pub(crate) const RESET: u8 = 0x0F;
pub(crate) const RUN: u8 = 0x10;
pub(crate) const BEGIN: u8 = 0x11;
pub(crate) const COMMIT: u8 = 0x12;
pub(crate) const ROLLBACK: u8 = 0x13;
pub(crate) const DISCARD: u8 = 0x2F;
pub(crate) const ROUTE: u8 = 0x66;
pub(crate) const PULL: u8 = 0x3F;
pub(crate) const TELEMETRY: u8 = 0x54;
pub(crate) const LOGON: u8 = 0x6A;
pub(crate) const LOGOFF: u8 = 0x6B;

const SUCCESS: u8 = 0x70;
const RECORD: u8 = 0x71;
const IGNORED: u8 = 0x7E;
const FAILURE: u8 = 0x7F;

/// Settings with short and round times.
pub(crate) fn config() -> Config {
    Config {
        address: Address::new("server.test", 7687),
        routing: None,
        resolves: false,
        user_agent: "test/1".into(),
        bolt_agent: vec![0xA0],
        auth: Auth::Token(Secret(vec![0xA0])),
        notifications: NotificationFilter::default(),
        max_connection_pool_size: 2,
        min_connection_pool_size: 0,
        idle_timeout: None,
        acquisition_timeout: Duration::from_secs(60),
        tls: None,
        connection_timeout: Some(Duration::from_secs(30)),
        max_connection_lifetime: Duration::from_secs(3600),
        liveness_check_timeout: None,
        max_message_size: 1 << 24,
        telemetry_disabled: false,
        log: None,
    }
}

/// A driver whose connections all lead to the test.
pub(crate) struct Setup {
    pub driver: Driver,
    pub events: Events,
    dialled: mpsc::UnboundedReceiver<(Address, DuplexStream)>,
    refusing: Refusing,
    names: Names,
}

/// What names stand for.
type Names = Arc<Mutex<HashMap<String, Vec<IpAddr>>>>;

/// Addresses at which nothing listens.
type Refusing = Arc<Mutex<HashSet<String>>>;

impl Setup {
    pub(crate) fn new(config: Config) -> Self {
        let (dialled_sender, dialled) = mpsc::unbounded_channel();
        let (events_sender, events) = mpsc::unbounded_channel();
        let sink: SharedSink = Arc::new(Collector(events_sender));
        let refusing = Refusing::default();
        let names = Names::default();
        let pipes =
            Pipes { dialled: dialled_sender, refusing: Arc::clone(&refusing), names: Arc::clone(&names) };
        let driver = Driver::on(Handle::current(), config, sink, Arc::new(pipes));
        Self { driver, events: Events(events), dialled, refusing, names }
    }

    /// The next connection that the driver opens, before its handshake.
    pub(crate) async fn dialled(&mut self) -> Peer {
        let (address, stream) = in_time(self.dialled.recv()).await.expect("the driver dials");
        Peer {
            address: address.ip.map_or_else(|| address.to_string(), |ip| format!("{ip}={address}")),
            stream,
            input: BytesMut::new(),
            dechunker: Dechunker::new(usize::MAX),
        }
    }

    /// Sends a query, as request 1; gives the server, which has read it with its first PULL and is still to
    /// answer.
    pub(crate) async fn queried(&mut self) -> Peer {
        self.run(1, "RETURN 1", 1000);
        let mut peer = self.accept().await;
        peer.expect(RUN).await;
        peer.expect(PULL).await;
        peer
    }

    /// The next connection, greeted as a server of Bolt 5.8 does.
    pub(crate) async fn accept(&mut self) -> Peer {
        let mut peer = self.dialled().await;
        peer.greet(5, 8, &[]).await;
        peer
    }

    /// The next connection, which is to this address, greeted as a server of Bolt 5.8 does.
    pub(crate) async fn accept_at(&mut self, address: &str) -> Peer {
        let mut peer = self.dialled().await;
        assert_eq!(peer.address, address, "where the driver dials");
        peer.greet(5, 8, &[]).await;
        peer
    }

    /// Has nothing listen at this address from now on, or something again.
    pub(crate) fn refuse(&self, address: &str, refused: bool) {
        let mut refusing = self.refusing.lock().unwrap();
        if refused {
            refusing.insert(address.to_owned());
        } else {
            refusing.remove(address);
        }
    }

    /// Has a name stand for these IP addresses. A connection to one of them alone is at `ip=name:port`.
    pub(crate) fn name(&self, host: &str, ips: &[IpAddr]) {
        self.names.lock().unwrap().insert(host.to_owned(), ips.to_vec());
    }

    /// Whether the driver has dialled since.
    pub(crate) fn has_dialled(&mut self) -> bool {
        !self.dialled.is_empty()
    }

    /// Runs `query` without parameters.
    pub(crate) fn run(&self, id: u32, query: &str, fetch_size: i64) -> Arc<neobolt::driver::Cursor> {
        self.driver.run(id, &request(query, fetch_size), 0)
    }
}

struct Pipes {
    dialled: mpsc::UnboundedSender<(Address, DuplexStream)>,
    refusing: Refusing,
    names: Names,
}

impl Dial for Pipes {
    fn dial<'a>(&'a self, address: &'a Address, _: Option<Duration>) -> BoxFuture<'a, Result<Stream>> {
        async move {
            if self.refusing.lock().unwrap().contains(&address.to_string()) {
                return Err(Error::io(
                    Operation::Connect,
                    &io::ErrorKind::ConnectionRefused.into(),
                    Some(address),
                ));
            }
            let (near, far) = tokio::io::duplex(PIPE);
            self.dialled.send((address.clone(), far)).expect("the test is there");
            Ok(Stream::new(near))
        }
        .boxed()
    }

    fn lookup<'a>(&'a self, address: &'a Address) -> BoxFuture<'a, Vec<IpAddr>> {
        let found = self.names.lock().unwrap().get(&address.host).cloned().unwrap_or_default();
        std::future::ready(found).boxed()
    }
}

struct Collector(mpsc::UnboundedSender<(u32, Event)>);

impl EventSink for Collector {
    fn deliver(&self, id: u32, event: Event) {
        let _ = self.0.send((id, event));
    }
}

/// What came out of the driver.
pub(crate) struct Events(mpsc::UnboundedReceiver<(u32, Event)>);

impl Events {
    /// The next event that is not the announcement of a server.
    pub(crate) async fn next(&mut self) -> (u32, Event) {
        loop {
            let (id, event) = in_time(self.0.recv()).await.expect("an event");
            if !matches!(event, Event::Server { .. }) {
                return (id, event);
            }
        }
    }

    /// The next event in a word: `"1 SUCCESS"`, `"1 RECORDS 10"`, `"2 FAILURE Lost(Disconnected())"`.
    pub(crate) async fn word(&mut self) -> String {
        let (id, event) = self.next().await;
        word(id, &event)
    }

    /// This many events in words, sorted: for events that may come in any order.
    pub(crate) async fn words(&mut self, count: usize) -> Vec<String> {
        let mut words = Vec::new();
        for _ in 0..count {
            words.push(self.word().await);
        }
        words.sort();
        words
    }

    /// Nothing has come out since.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn word(id: u32, event: &Event) -> String {
    match event {
        Event::Home { frame } => format!("{id} HOME {}", text(frame)),
        Event::Fields { .. } => format!("{id} FIELDS"),
        Event::Records { count, has_more: false, .. } => format!("{id} RECORDS {count}"),
        Event::Records { count, has_more: true, .. } => format!("{id} RECORDS {count}, has_more"),
        Event::Success { .. } => format!("{id} SUCCESS"),
        Event::Failure { frame } => format!("{id} FAILURE {}", failure(frame)),
        Event::Server { server, .. } => format!("SERVER {server}"),
        Event::Callback { kind, .. } => format!("{id} QUESTION {kind:?}"),
        Event::Released => format!("{id} FORGOTTEN"),
        Event::Log { level, kind: LogKind::Failure, frame, .. } => match fields(frame).as_slice() {
            [Value::String(start), Value::Int(_), Value::List(end)] => {
                format!("LOG {level} {start} {}", phrase(end).expect("a kind"))
            }
            other => panic!("no line with a failure: {other:?}"),
        },
        Event::Log { level, frame, .. } => format!("LOG {level} {}", text(frame)),
    }
}

/// The readable part of a frame: all its text stands together at the end.
pub(crate) fn text(frame: &[u8]) -> String {
    let start = frame.get(16..20).map(|word| u32::from_le_bytes(word.try_into().unwrap())).unwrap_or(0);
    String::from_utf8_lossy(frame.get(start as usize..).unwrap_or_default()).trim_end_matches('\0').into()
}

/// The values of a frame of one record.
fn fields(frame: &[u8]) -> Vec<Value> {
    let records = reader::read(frame);
    let [fields] = <[_; 1]>::try_from(records).expect("one record");
    fields
}

/// What a failure's frame says, by the names of its kinds: `Connect(Silence(5000))`.
pub(crate) fn failure(frame: &[u8]) -> String {
    phrase(&fields(frame)).expect("a kind")
}

fn phrase(fields: &[Value]) -> Option<String> {
    let (Value::Int(number), arguments) = fields.split_first()? else { return None };
    let kind = PhraseKind::ALL.iter().find(|&&kind| kind as i64 == *number)?;
    Some(format!("{kind:?}({})", joined(arguments)))
}

fn joined(values: &[Value]) -> String {
    values.iter().map(shown).collect::<Vec<_>>().join(", ")
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::String(value) => value.clone(),
        Value::List(values) => phrase(values).unwrap_or_else(|| format!("[{}]", joined(values))),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}: {}", shown(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        other => format!("{other:?}"),
    }
}

/// Whether a failure's frame refers to what is kept under this number.
pub(crate) fn refers_to(frame: &[u8], number: u32) -> bool {
    fields(frame).last() == Some(&Value::Int(number.into()))
}

/// The request for a query in an auto-commit transaction.
pub(crate) fn request(query: &str, fetch_size: i64) -> Vec<u8> {
    request_as(None, query, fetch_size)
}

/// The same in a session with an encoded token of its own.
pub(crate) fn request_as(token: Option<&[u8]>, query: &str, fetch_size: i64) -> Vec<u8> {
    let mut out = options(token, fetch_size);
    write_string(&mut out, query);
    write_map_header(&mut out, 0);
    out.to_vec()
}

/// The request for BEGIN.
pub(crate) fn begin() -> Vec<u8> {
    options(None, 1000).to_vec()
}

/// The request for a query in a transaction.
pub(crate) fn transaction_request(query: &str, fetch_size: i64) -> Vec<u8> {
    let mut out = BytesMut::new();
    write_list_header(&mut out, 1);
    write_int(&mut out, fetch_size);
    write_string(&mut out, query);
    write_map_header(&mut out, 0);
    out.to_vec()
}

fn options(token: Option<&[u8]>, fetch_size: i64) -> BytesMut {
    write_options(fetch_size, &Demand { token, ..Demand::default() })
}

/// What matters for the way of a request.
#[derive(Clone, Copy, Default)]
pub(crate) struct Demand<'a> {
    pub reads: bool,
    pub database: Option<&'a str>,
    pub impersonated_user: Option<&'a str>,
    pub bookmarks: &'a [&'a str],
    /// What the home database was the last time.
    pub home: Option<&'a str>,
    /// Of the session's own user.
    pub token: Option<&'a [u8]>,
}

impl Demand<'_> {
    /// The request for a query with this demand.
    pub(crate) fn request(&self, query: &str) -> Vec<u8> {
        let mut out = write_options(1000, self);
        write_string(&mut out, query);
        write_map_header(&mut out, 0);
        out.to_vec()
    }
}

fn write_options(fetch_size: i64, demand: &Demand<'_>) -> BytesMut {
    let mut out = BytesMut::new();
    let optional = |out: &mut BytesMut, text: Option<&str>| match text {
        Some(text) => write_string(out, text),
        None => write_null(out),
    };
    write_list_header(&mut out, 12);
    write_string(&mut out, if demand.reads { "r" } else { "w" });
    optional(&mut out, demand.database);
    optional(&mut out, demand.impersonated_user);
    write_list_header(&mut out, demand.bookmarks.len());
    for bookmark in demand.bookmarks {
        write_string(&mut out, bookmark);
    }
    write_null(&mut out);
    write_null(&mut out);
    write_null(&mut out);
    write_int(&mut out, fetch_size);
    write_int(&mut out, -1);
    match demand.token {
        Some(token) => out.extend_from_slice(token),
        None => write_null(&mut out),
    }
    optional(&mut out, demand.home);
    write_null(&mut out);
    out
}

/// The server's end of a connection.
pub(crate) struct Peer {
    /// Which address was dialled.
    pub address: String,
    stream: DuplexStream,
    input: BytesMut,
    dechunker: Dechunker,
}

impl Peer {
    /// Shakes hands.
    pub(crate) async fn shake_hands(&mut self, major: u8, minor: u8) {
        while self.input.len() < 20 {
            self.receive().await;
        }
        assert_eq!(self.input.split_to(4), [0x60, 0x60, 0xB0, 0x17][..]);
        self.input.advance(16);
        self.stream.write_all(&[0, 0, minor, major]).await.unwrap();
    }

    /// Shakes hands, and answers HELLO with these hints, and LOGON where there is one.
    pub(crate) async fn greet(&mut self, major: u8, minor: u8, hints: &[(&str, Value)]) {
        self.shake_hands(major, minor).await;
        self.expect(HELLO).await;
        let hints = hints.iter().map(|(key, value)| ((*key).into(), value.clone())).collect();
        self.success(&[
            ("server", "Neo4j/test".into_value()),
            ("connection_id", "bolt-1".into_value()),
            ("hints", Value::Map(hints)),
        ])
        .await;
        if (major, minor) >= (5, 1) {
            self.expect(LOGON).await;
            self.success(&[]).await;
        }
    }

    /// The next request: its signature, and its fields.
    pub(crate) async fn next(&mut self) -> (u8, Vec<Value>) {
        loop {
            let mut unread: &[u8] = &self.input;
            let message = self.dechunker.next(&mut unread).unwrap().map(<[u8]>::to_vec);
            let consumed = self.input.len() - unread.len();
            self.input.advance(consumed);
            if let Some(message) = message {
                let mut reader = Reader::new(&message);
                let (signature, count) = reader.struct_header().unwrap();
                return (signature, (0..count).map(|_| reader.value().unwrap()).collect());
            }
            self.receive().await;
        }
    }

    /// The next request, which has this signature.
    pub(crate) async fn expect(&mut self, signature: u8) -> Vec<Value> {
        let (found, fields) = self.next().await;
        assert_eq!(found, signature, "expected {signature:#04x}, got {found:#04x} {fields:?}");
        fields
    }

    /// PULL or DISCARD with these fields.
    pub(crate) async fn expect_more(&mut self, signature: u8, n: i64, qid: Option<i64>) {
        let fields = self.expect(signature).await;
        let extra = fields.first().unwrap();
        assert_eq!(extra.get("n").and_then(Value::as_int), Some(n));
        assert_eq!(extra.get("qid").and_then(Value::as_int), qid);
    }

    /// Whether the driver sends nothing for a second.
    pub(crate) async fn is_quiet(&mut self) -> bool {
        self.input.is_empty()
            && timeout(Duration::from_secs(1), self.stream.read_buf(&mut self.input)).await.is_err()
    }

    /// Waits until the driver has closed the connection.
    pub(crate) async fn expect_end(&mut self) {
        while self.stream.read_buf(&mut self.input).await.unwrap_or(0) > 0 {}
    }

    pub(crate) async fn success(&mut self, metadata: &[(&str, Value)]) {
        self.answer(SUCCESS, Some(map(metadata))).await;
    }

    pub(crate) async fn has_more(&mut self) {
        self.success(&[("has_more", Value::Bool(true))]).await;
    }

    /// Answers RUN, and PULL with all its records.
    pub(crate) async fn result(&mut self, records: i64) {
        self.fields().await;
        self.records(records).await;
        self.success(&[]).await;
    }

    pub(crate) async fn fields(&mut self) {
        self.success(&[("fields", Value::List(vec!["n".into_value()]))]).await;
    }

    pub(crate) async fn fields_of(&mut self, qid: i64) {
        self.success(&[("fields", Value::List(vec!["n".into_value()])), ("qid", Value::Int(qid))]).await;
    }

    pub(crate) async fn records(&mut self, count: i64) {
        for n in 0..count {
            self.answer(RECORD, Some(Value::List(vec![Value::Int(n)]))).await;
        }
    }

    pub(crate) async fn record(&mut self, value: Value) {
        self.row(vec![value]).await;
    }

    pub(crate) async fn row(&mut self, values: Vec<Value>) {
        self.answer(RECORD, Some(Value::List(values))).await;
    }

    pub(crate) async fn failure(&mut self, code: &str, message: &str) {
        self.answer(FAILURE, Some(map(&[("code", code.into_value()), ("message", message.into_value())])))
            .await;
    }

    pub(crate) async fn ignored(&mut self) {
        self.answer(IGNORED, None).await;
    }

    /// Sends bytes as they are. False where the other side reads no more.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).await.is_ok()
    }

    async fn answer(&mut self, signature: u8, field: Option<Value>) {
        let mut out = BytesMut::new();
        frame(&mut out, |out| {
            neobolt::bolt::packstream::write_struct_header(out, signature, usize::from(field.is_some()));
            if let Some(field) = &field {
                write_value(out, field);
            }
        });
        self.stream.write_all(&out).await.unwrap();
    }

    async fn receive(&mut self) {
        let read = in_time(self.stream.read_buf(&mut self.input)).await.unwrap();
        assert!(read > 0, "the driver closed the connection");
    }
}

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

pub(crate) trait IntoValue {
    fn into_value(self) -> Value;
}

impl IntoValue for &str {
    fn into_value(self) -> Value {
        Value::String(self.to_owned())
    }
}

/// A day of paused time is over at once: what does not come fails the test instead of holding it up.
async fn in_time<T>(event: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(86_400), event).await.expect("nothing came, and nothing will")
}

/// How many bytes a pipe holds.
const PIPE: usize = 64 * 1024;
