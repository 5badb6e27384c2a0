//! Byte streams to a server, and dialling.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpSocket, TcpStream, lookup_host};
use tokio::time::{sleep, timeout};

use crate::driver::config::Address;
use crate::driver::error::{ConnectError, Error, Kind, Operation, Result};

/// An open stream, in two halves that are used at the same time.
pub struct Stream {
    /// Where bytes come from.
    pub reader: Box<dyn AsyncRead + Send + Unpin>,
    /// Where bytes go.
    pub writer: Box<dyn AsyncWrite + Send + Unpin>,
    /// Which of the addresses of the server's name it leads to, if that is known.
    pub ip: Option<IpAddr>,
}

/// How connections are opened. Tests put pipes in memory in place of sockets.
pub trait Dial: Send + Sync + 'static {
    /// Opens a stream to the address, within `limit` if there is one.
    fn dial<'a>(&'a self, address: &'a Address, limit: Option<Duration>) -> BoxFuture<'a, Result<Stream>>;

    /// The IP addresses of a name. None where the name says all there is to know, or cannot be looked up:
    /// then dialling says why.
    fn lookup<'a>(&'a self, _address: &'a Address) -> BoxFuture<'a, Vec<IpAddr>> {
        async { Vec::new() }.boxed()
    }
}

/// Dials over TCP.
#[derive(Debug)]
pub struct Tcp;

impl Dial for Tcp {
    fn dial<'a>(&'a self, address: &'a Address, limit: Option<Duration>) -> BoxFuture<'a, Result<Stream>> {
        async move {
            let connected = match limit {
                None => connect(address).await,
                Some(limit) => timeout(limit, connect(address))
                    .await
                    .unwrap_or_else(|_| Err(Error::connect_timeout(limit))),
            };
            connected.map(Stream::from)
        }
        .boxed()
    }

    fn lookup<'a>(&'a self, address: &'a Address) -> BoxFuture<'a, Vec<IpAddr>> {
        async {
            if address.ip.is_some() || address.host.parse::<IpAddr>().is_ok() {
                return Vec::new();
            }
            let found = resolve(address).await.unwrap_or_default();
            found.iter().map(SocketAddr::ip).collect()
        }
        .boxed()
    }
}

impl From<TcpStream> for Stream {
    fn from(socket: TcpStream) -> Self {
        let ip = socket.peer_addr().ok().map(|address| address.ip());
        let (reader, writer) = socket.into_split();
        Self { reader: Box::new(reader), writer: Box::new(writer), ip }
    }
}

impl Stream {
    /// A stream over anything that reads and writes.
    pub fn new(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Self {
        let (reader, writer) = tokio::io::split(stream);
        Self { reader: Box::new(reader), writer: Box::new(writer), ip: None }
    }
}

/// Tries the addresses of a name in the order of the resolver: the next one starts when the one
/// before has failed or has had a quarter of a second, and the first to be connected is taken.
async fn connect(address: &Address) -> Result<TcpStream> {
    let candidates = resolve(address).await?;
    first_of(candidates).await?.ok_or_else(|| ConnectError::NotFound(address.host.clone()).into())
}

/// `None` where there are no candidates.
async fn first_of(candidates: Vec<SocketAddr>) -> Result<Option<TcpStream>> {
    let mut waiting = candidates.into_iter();
    let mut attempts = FuturesUnordered::new();
    let mut failure = None;
    loop {
        match waiting.next() {
            Some(candidate) => attempts.push(connect_one(candidate)),
            None if attempts.is_empty() => return failure.map_or(Ok(None), Err),
            None => {}
        }
        tokio::select! {
            Some(attempt) = attempts.next() => match attempt {
                Ok(socket) => return Ok(Some(socket)),
                Err(error) => failure = Some(error),
            },
            () = sleep(HEAD_START), if waiting.len() > 0 => {}
        }
    }
}

async fn resolve(address: &Address) -> Result<Vec<SocketAddr>> {
    let port = address.dialable().ok_or(Kind::BadPort(address.port))?;
    if let Some(ip) = address.ip.or_else(|| address.host.parse().ok()) {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    match lookup_host((address.host.as_str(), port)).await {
        Ok(found) => Ok(found.collect()),
        Err(error) => Err(Error::lookup(&address.host, &error)),
    }
}

async fn connect_one(address: SocketAddr) -> Result<TcpStream> {
    let open = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
        socket.set_keepalive(true)?;
        io::Result::Ok(socket)
    };
    let connected = match open() {
        Ok(socket) => socket.connect(address).await,
        Err(error) => Err(error),
    };
    match connected {
        Ok(socket) => {
            // Requests are whole messages: to hold them back for more only adds delay.
            let _ = socket.set_nodelay(true);
            Ok(socket)
        }
        Err(error) => Err(Error::io(Operation::Connect, &error, Some(&address))),
    }
}

const HEAD_START: Duration = Duration::from_millis(250);

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// A listener that accepts no connection, and does not refuse one either: its queue is full.
    async fn full() -> (TcpListener, Vec<TcpStream>) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queue = Vec::new();
        while let Ok(Ok(socket)) = timeout(Duration::from_millis(500), TcpStream::connect(address)).await {
            queue.push(socket);
            assert!(queue.len() < 8, "a queue of one took {}", queue.len());
        }
        (listener, queue)
    }

    async fn taken(candidates: &[&TcpListener]) -> Result<Option<SocketAddr>> {
        let addresses = candidates.iter().map(|listener| listener.local_addr().unwrap()).collect();
        Ok(first_of(addresses).await?.map(|socket| socket.peer_addr().unwrap()))
    }

    #[tokio::test]
    async fn an_address_that_does_not_answer_holds_nobody_up() {
        let (silent, _queue) = full().await;
        let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
        assert_eq!(taken(&[&silent, &other]).await.unwrap(), other.local_addr().ok());
        assert_eq!(taken(&[&other, &silent]).await.unwrap(), other.local_addr().ok());
    }

    #[tokio::test]
    async fn a_port_that_is_none_is_refused_when_it_is_dialled() {
        for port in [-1, 65536, i64::MAX, i64::MIN] {
            let error = resolve(&Address::new("a", port)).await.unwrap_err();
            assert!(matches!(error.kind(), Kind::BadPort(refused) if *refused == port), "{error:?}");
        }
    }

    #[tokio::test]
    async fn an_address_where_nobody_listens_is_passed_over_at_once() {
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = other.local_addr().unwrap();
        let socket = first_of(vec![gone, address]).await.unwrap().unwrap();
        assert_eq!(socket.peer_addr().unwrap(), address);
        assert!(first_of(vec![gone, gone]).await.is_err());
        assert!(first_of(Vec::new()).await.unwrap().is_none());
    }
}
