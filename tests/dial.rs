//! Dialling over real sockets of this machine's loopback device.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::io::ErrorKind;
use std::time::Duration;

use neobolt::driver::config::Address;
use neobolt::driver::error::{ConnectError, Kind, Operation, SystemError};
use neobolt::driver::net::stream::{Dial, Tcp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const LIMIT: Option<Duration> = Some(Duration::from_secs(5));

fn address(host: &str, port: u16) -> Address {
    Address::new(host, port)
}

/// Dials, and sends a byte there and another one back.
async fn assert_connects(listener: TcpListener, host: &str) {
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let asked = socket.read_u8().await.unwrap();
        socket.write_u8(asked + 1).await.unwrap();
    });
    let mut stream = Tcp.dial(&address(host, port), LIMIT).await.unwrap();
    stream.writer.write_u8(41).await.unwrap();
    stream.writer.flush().await.unwrap();
    assert_eq!(stream.reader.read_u8().await.unwrap(), 42);
    server.await.unwrap();
}

#[tokio::test]
async fn an_ipv4_literal() {
    assert_connects(TcpListener::bind("127.0.0.1:0").await.unwrap(), "127.0.0.1").await;
}

#[tokio::test]
async fn an_ipv6_literal() {
    match TcpListener::bind("[::1]:0").await {
        Ok(listener) => assert_connects(listener, "::1").await,
        Err(error) if matches!(error.kind(), ErrorKind::AddrNotAvailable | ErrorKind::Unsupported) => {
            assert!(std::env::var_os("CI").is_none(), "this machine has no IPv6, so it can't be tested");
            eprintln!("NOT TESTED: this machine has no IPv6");
        }
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_name_whose_other_addresses_may_have_nobody_listening() {
    assert_connects(TcpListener::bind("127.0.0.1:0").await.unwrap(), "localhost").await;
}

#[tokio::test]
async fn nobody_listens() {
    // Held, but not listened on: a port that was given back might belong to another process by now.
    let held = tokio::net::TcpSocket::new_v4().unwrap();
    held.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = held.local_addr().unwrap().port();
    let Err(error) = Tcp.dial(&address("127.0.0.1", port), LIMIT).await else { panic!("connected") };
    let Kind::Connect(ConnectError::System { operation: Operation::Connect, error: refused, address }) =
        error.kind()
    else {
        panic!("{error:?}")
    };
    let SystemError::Number(number) = refused else { panic!("{refused:?}") };
    assert_eq!(std::io::Error::from_raw_os_error(*number).kind(), ErrorKind::ConnectionRefused);
    assert_eq!(address.as_deref(), Some(format!("127.0.0.1:{port}").as_str()));
}

#[tokio::test]
async fn a_name_that_means_nothing() {
    // No label is that long, so no name server is asked: its answer could differ from place to place.
    let name = format!("{}.invalid", "nobody".repeat(11));
    let Err(error) = Tcp.dial(&address(&name, 7687), LIMIT).await else { panic!("connected") };
    let Kind::Connect(ConnectError::NotFound(host)) = error.kind() else { panic!("{error:?}") };
    assert_eq!(*host, name);
}

#[tokio::test(start_paused = true)]
async fn the_connection_timeout_ends_a_dial_that_takes_too_long() {
    // A listener that accepts nothing: connections beyond its backlog are not answered.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut taken = Vec::new();
    for _ in 0..8 {
        let target = address("127.0.0.1", port);
        match Tcp.dial(&target, Some(Duration::from_millis(700))).await {
            Ok(stream) => taken.push(stream),
            Err(error) => {
                let Kind::Connect(ConnectError::Timeout(limit)) = error.kind() else { panic!("{error:?}") };
                assert_eq!(*limit, Duration::from_millis(700));
                return;
            }
        }
    }
    panic!("a backlog of one took {} connections", taken.len());
}
