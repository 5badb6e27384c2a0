//! The engine against a peer that says anything: transactions, queries and resets over a pipe in
//! memory, with the clock paused. Whatever comes, every request ends exactly once, no connection
//! stays in use, and `close` comes to its end.

#![no_main]

mod engine;

use std::sync::{Arc, Once};
use std::time::Duration;

use bytes::BytesMut;
use engine::{Ends, config, greet, in_transaction, options, play, query, version};
use futures::future::{BoxFuture, FutureExt};
use libfuzzer_sys::fuzz_target;
use neobolt::driver::config::Address;
use neobolt::driver::error::Result;
use neobolt::driver::net::stream::{Dial, Stream};
use neobolt::driver::{ALL, Driver};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};

fuzz_target!(|data: &[u8]| {
    static CHECKED: Once = Once::new();
    // Requests that no peer ever sees would find nothing: what servers say leads somewhere.
    CHECKED.call_once(|| {
        let fine = b"\x00\x0B\xB1\x70\xA1\x86fields\x90\x00\x00\x00\x03\xB1\x70\xA0\x00\x00";
        assert!(play(converse(0, 16, fine)).well(1), "a query succeeds");
    });
    let Some((&[scenario, turns], said)) = data.split_first_chunk::<2>() else { return };
    play(converse(scenario, turns, said));
});

async fn converse(scenario: u8, turns: u8, said: &[u8]) -> Arc<Ends> {
    let sink = Arc::new(Ends::default());
    let dialer = Arc::new(Peers { greets: scenario & 0x80 == 0, turns, said: said.to_vec() });
    let driver = Driver::on(Handle::current(), config(scenario & 0x40 != 0), sink.clone(), dialer);
    let mut expected = Vec::new();
    let (run, begin) = (query(false, None), options(false, None));
    match scenario % 5 {
        0 => {
            let cursor = driver.run(1, &run, 0);
            cursor.next(ALL);
            expected.push(1);
        }
        1 => {
            let cursor = driver.run(1, &run, 0);
            sleep(Duration::from_millis(5)).await;
            cursor.reset();
            driver.run(2, &run, 0).discard();
            expected.extend([1, 2]);
        }
        2 => {
            let transaction = driver.begin(1, &begin);
            let cursor = transaction.run(2, &in_transaction(), 0);
            cursor.next(1);
            transaction.commit(3);
            expected.extend([1, 2, 3]);
        }
        3 => {
            let transaction = driver.begin(1, &begin);
            expected.push(1);
            sink.ended(1).await;
            let first = transaction.run(2, &in_transaction(), 0);
            transaction.run(3, &in_transaction(), 0).discard();
            first.next(ALL);
            expected.extend([2, 3]);
            sink.ended(2).await;
            transaction.rollback(4);
            expected.push(4);
        }
        _ => {
            driver.verify(1, None);
            let transaction = driver.begin(2, &begin);
            transaction.reset();
            transaction.rollback(3);
            expected.extend([1, 2, 3]);
        }
    }
    sink.close(&driver, &expected).await;
    sink
}

/// Peers that play what they are given, a turn for each time they are spoken to.
struct Peers {
    greets: bool,
    /// In its lowest three bits how many, less one; above them the version.
    turns: u8,
    said: Vec<u8>,
}

impl Dial for Peers {
    fn dial<'a>(&'a self, _: &'a Address, _: Option<Duration>) -> BoxFuture<'a, Result<Stream>> {
        async move {
            let (near, mut far) = tokio::io::duplex(1 << 16);
            let (greets, version, said) = (self.greets, version(self.turns >> 3), self.said.clone());
            let turn = said.len() / (usize::from(self.turns % 8) + 1) + 1;
            tokio::spawn(async move {
                let mut heard = BytesMut::new();
                if greets && greet(&mut far, &mut heard, version).await.is_none() {
                    return;
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
