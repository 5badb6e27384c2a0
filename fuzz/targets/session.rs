//! The engine against a peer that says anything: transactions, queries and resets over a pipe in
//! memory, with the clock paused. Whatever comes, every request ends exactly once, no connection
//! stays in use, and `close` comes to its end.

#![no_main]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::BytesMut;
use futures::future::{BoxFuture, FutureExt};
use libfuzzer_sys::fuzz_target;
use neobolt::bolt::message::NotificationFilter;
use neobolt::bolt::packstream::{write_int, write_list_header, write_map_header, write_null, write_string};
use neobolt::driver::config::{Address, Auth, Config, Secret};
use neobolt::driver::error::Result;
use neobolt::driver::stream::{Dial, Stream};
use neobolt::driver::{ALL, Driver, Event, Outlet};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

thread_local! {
    static RUNTIME: Runtime = Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
}

fuzz_target!(|data: &[u8]| {
    let Some((&[scenario, turns], said)) = data.split_first_chunk::<2>() else { return };
    RUNTIME.with(|runtime| runtime.block_on(play(scenario, turns, said)));
});

async fn play(scenario: u8, turns: u8, said: &[u8]) {
    let outlet = Arc::new(Ends::default());
    let dialer = Arc::new(Peers { greets: scenario & 0x80 == 0, turns, said: said.to_vec() });
    let driver = Driver::on(Handle::current(), config(), outlet.clone(), dialer);
    let mut expected = Vec::new();
    match scenario % 5 {
        0 => {
            let cursor = driver.run(1, &request(true), 0);
            cursor.next(ALL);
            expected.push(1);
        }
        1 => {
            let cursor = driver.run(1, &request(true), 0);
            sleep(Duration::from_millis(5)).await;
            cursor.reset();
            driver.run(2, &request(true), 0).discard();
            expected.extend([1, 2]);
        }
        2 => {
            let transaction = driver.begin(1, &request(false));
            let cursor = transaction.run(2, &in_transaction(), 0);
            cursor.next(1);
            transaction.commit(3);
            expected.extend([1, 2, 3]);
        }
        3 => {
            let transaction = driver.begin(1, &request(false));
            expected.push(1);
            outlet.ended(1).await;
            let first = transaction.run(2, &in_transaction(), 0);
            transaction.run(3, &in_transaction(), 0).discard();
            first.next(ALL);
            expected.extend([2, 3]);
            outlet.ended(2).await;
            transaction.rollback(4);
            expected.push(4);
        }
        _ => {
            driver.verify(1);
            let transaction = driver.begin(2, &request(false));
            transaction.reset();
            transaction.rollback(3);
            expected.extend([1, 2, 3]);
        }
    }
    // A server may fall silent in a conversation for as long as it likes; then its user gives up.
    sleep(Duration::from_secs(100)).await;
    driver.close(99);
    expected.push(99);
    for id in expected {
        outlet.ended(id).await;
        assert_eq!(outlet.ends(id), 1, "request {id}");
    }
    assert_eq!(driver.status().active, 0, "connections in use");
}

/// How often each request has ended.
#[derive(Default)]
struct Ends {
    ends: Mutex<HashMap<u32, u32>>,
    changed: Notify,
}

impl Ends {
    fn ends(&self, id: u32) -> u32 {
        self.ends.lock().expect("no panic").get(&id).copied().unwrap_or(0)
    }

    async fn ended(&self, id: u32) {
        let wait = async {
            while self.ends(id) == 0 {
                self.changed.notified().await;
            }
        };
        // The driver's own timeouts are all shorter, but where a server owes an answer to a query.
        if timeout(Duration::from_secs(200), wait).await.is_err() {
            assert!(id != 99, "close hangs");
        }
    }
}

impl Outlet for Ends {
    fn deliver(&self, id: u32, event: Event) {
        if event.is_last() {
            *self.ends.lock().expect("no panic").entry(id).or_default() += 1;
            self.changed.notify_one();
        }
    }
}

/// Peers that play what they are given, a turn for each time they are spoken to.
struct Peers {
    greets: bool,
    turns: u8,
    said: Vec<u8>,
}

impl Dial for Peers {
    fn dial<'a>(&'a self, _: &'a Address, _: Option<Duration>) -> BoxFuture<'a, Result<Stream>> {
        async move {
            let (near, mut far) = tokio::io::duplex(1 << 16);
            let (greets, said) = (self.greets, self.said.clone());
            let turn = said.len() / (usize::from(self.turns % 8) + 1) + 1;
            tokio::spawn(async move {
                let mut heard = BytesMut::new();
                if greets {
                    let _ = far.read_buf(&mut heard).await;
                    let _ = far.write_all(&[0, 0, 8, 5]).await;
                    let _ = far.read_buf(&mut heard).await;
                    let _ = far.write_all(b"\x00\x03\xB1\x70\xA0\x00\x00\x00\x03\xB1\x70\xA0\x00\x00").await;
                }
                for turn in said.chunks(turn) {
                    // Spoken to, or tired of waiting for it.
                    let _ = timeout(Duration::from_millis(10), far.read_buf(&mut heard)).await;
                    if far.write_all(turn).await.is_err() {
                        return;
                    }
                }
                // Silent for a while, and gone.
                sleep(Duration::from_secs(1)).await;
            });
            Ok(Stream::new(near))
        }
        .boxed()
    }
}

fn config() -> Config {
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
        log: None,
    }
}

/// The request for a query in an auto-commit transaction, or that for BEGIN.
fn request(query: bool) -> Vec<u8> {
    let mut out = BytesMut::new();
    write_list_header(&mut out, 10);
    write_string(&mut out, "w");
    write_null(&mut out);
    write_null(&mut out);
    write_list_header(&mut out, 0);
    write_null(&mut out);
    write_null(&mut out);
    write_null(&mut out);
    write_int(&mut out, 2);
    write_int(&mut out, -1);
    write_null(&mut out);
    if query {
        write_string(&mut out, "X");
        write_map_header(&mut out, 0);
    }
    out.to_vec()
}

fn in_transaction() -> Vec<u8> {
    let mut out = BytesMut::new();
    write_list_header(&mut out, 1);
    write_int(&mut out, 2);
    write_string(&mut out, "X");
    write_map_header(&mut out, 0);
    out.to_vec()
}
