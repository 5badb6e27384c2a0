//! The engine with a cluster that says anything: tables, and what the servers of the tables answer.
//! Whatever comes, every request ends exactly once, no connection stays in use, `close` comes to its
//! end, and nobody is dialled without end.

#![no_main]

mod engine;
mod pieces;

use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use bytes::{BufMut, BytesMut};
use engine::{Ends, config, greet, in_transaction, next_message, options, play, query, read, version};
use futures::future::{BoxFuture, FutureExt};
use libfuzzer_sys::fuzz_target;
use neobolt::bolt::Version;
use neobolt::bolt::chunk::frame;
use neobolt::driver::config::{Address, Config};
use neobolt::driver::error::{Error, Result};
use neobolt::driver::net::stream::{Dial, Stream};
use neobolt::driver::{ALL, Driver};
use pieces::pieces;
use tokio::io::{AsyncWriteExt, DuplexStream};
use tokio::runtime::Handle;

fuzz_target!(|data: &[u8]| {
    static CHECKED: Once = Once::new();
    // Tables that nobody believes would find nothing: what routers say leads somewhere.
    CHECKED.call_once(|| {
        let mut input = Vec::new();
        for answer in [TABLE, FIELDS, END] {
            input.put_u16(answer.len() as u16);
            input.put_slice(answer);
        }
        assert!(play(converse(0, 2, &input)).well(1), "a query succeeds");
    });
    let Some((&[scenario, version], said)) = data.split_first_chunk::<2>() else { return };
    play(converse(scenario, version, said));
});

async fn converse(scenario: u8, which: u8, said: &[u8]) -> Arc<Ends> {
    let sink = Arc::new(Ends::default());
    let cluster = Arc::new(Cluster {
        version: version(which),
        picky: scenario & 0x40 != 0,
        named: scenario & 0x20 != 0,
        answers: pieces(said).map(<[u8]>::to_vec).collect(),
        said: Arc::default(),
        dialled: AtomicUsize::new(0),
    });
    let config = Config {
        // {"address": "peer.test:7687"}
        routing: Some(b"\xA1\x87address\x8Epeer.test:7687".to_vec()),
        max_connection_pool_size: 2,
        ..config(scenario & 0x80 != 0)
    };
    let driver = Driver::on(Handle::current(), config, sink.clone(), cluster.clone());
    let mut expected = vec![1, 2];
    let hour = Duration::from_secs(3600);
    match scenario % 4 {
        0 => {
            driver.run(1, &query(true, None), 0).next(ALL);
            sink.ended(1).await;
            driver.run(2, &query(false, None), 0).next(ALL);
        }
        1 => {
            driver.run(1, &query(true, Some("db")), 0).discard();
            driver.run(2, &query(false, Some("db")), 0).discard();
            sink.ended(2).await;
            driver.advance_clock(hour);
            driver.run(3, &query(true, Some("db")), 0).discard();
            expected.push(3);
        }
        2 => {
            driver.verify(1, Some("db".to_owned()));
            sink.ended(1).await;
            driver.run(2, &query(true, Some("db")), 0).next(ALL);
        }
        _ => {
            let transaction = driver.begin(1, &options(false, None));
            transaction.run(2, &in_transaction(), 0).next(ALL);
            sink.ended(2).await;
            transaction.commit(3);
            expected.push(3);
        }
    }
    sink.close(&driver, &expected).await;
    // Each table makes every server that it names be tried a few times at most, and there is a table for each
    // request.
    let limit = 4 * (said.len() + 8) * expected.len();
    assert!(cluster.dialled.load(Ordering::Relaxed) <= limit, "dialled without end");
    sink
}

/// Servers that answer each request by what comes next, wherever it was sent.
struct Cluster {
    version: Version,
    /// Whether nobody listens on some ports.
    picky: bool,
    /// Whether names stand for two addresses.
    named: bool,
    answers: Vec<Vec<u8>>,
    /// How many of the answers have been given.
    said: Arc<Mutex<usize>>,
    dialled: AtomicUsize,
}

impl Dial for Cluster {
    fn dial<'a>(&'a self, address: &'a Address, _: Option<Duration>) -> BoxFuture<'a, Result<Stream>> {
        async move {
            self.dialled.fetch_add(1, Ordering::Relaxed);
            assert!(Address::parse(&address.to_string()).is_some(), "{address:?}");
            if self.picky && address.port % 4 == 3 {
                return Err(Error::connect_timeout(Duration::from_secs(1)));
            }
            let (near, far) = tokio::io::duplex(1 << 16);
            tokio::spawn(serve(far, self.version, self.answers.clone(), Arc::clone(&self.said)));
            Ok(Stream::new(near))
        }
        .boxed()
    }

    fn lookup<'a>(&'a self, _: &'a Address) -> BoxFuture<'a, Vec<IpAddr>> {
        let two = [IpAddr::from([127, 0, 0, 1]), IpAddr::from([127, 0, 0, 2])];
        std::future::ready(if self.named { two.to_vec() } else { Vec::new() }).boxed()
    }
}

async fn serve(mut far: DuplexStream, version: Version, answers: Vec<Vec<u8>>, said: Arc<Mutex<usize>>) {
    let mut heard = BytesMut::new();
    if greet(&mut far, &mut heard, version).await.is_none() {
        return;
    }
    loop {
        let Some(request) = next_message(&mut heard) else {
            if read(&mut far, &mut heard).await.is_none() {
                return;
            }
            continue;
        };
        let mut out = BytesMut::new();
        {
            let mut said = said.lock().expect("no panic");
            for _ in 0..=MOST_RECORDS {
                let Some(answer) = answers.get(*said % answers.len().max(1)) else { return };
                *said += 1;
                frame(&mut out, |out| out.put_slice(answer));
                // Records are followed by something else.
                if answer.get(1) != Some(&RECORD) {
                    break;
                }
            }
        }
        if request.get(1) == Some(&GOODBYE) || far.write_all(&out).await.is_err() {
            return;
        }
    }
}

const GOODBYE: u8 = 0x02;
const RECORD: u8 = 0x71;
const MOST_RECORDS: usize = 8;

/// SUCCESS {"rt": {"ttl": 9, "servers":
/// [{"role": "ROUTE", "addresses": ["a"]}, {"role": "READ", "addresses": ["b"]}]}}
const TABLE: &[u8] =
    b"\xB1\x70\xA1\x82rt\xA2\x83ttl\x09\x87servers\x92\xA2\x84role\x85ROUTE\x89addresses\x91\x81a\
    \xA2\x84role\x84READ\x89addresses\x91\x81b";
/// SUCCESS {"fields": []}
const FIELDS: &[u8] = b"\xB1\x70\xA1\x86fields\x90";
/// SUCCESS {}
const END: &[u8] = b"\xB1\x70\xA0";
