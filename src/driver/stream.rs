//! Byte streams to a server, and dialling.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpSocket, TcpStream, lookup_host};
use tokio::time::{sleep, timeout};

use super::config::Address;
use super::error::{Error, Kind, Result};

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
    let mut waiting = resolve(address).await?.into_iter();
    let mut attempts = FuturesUnordered::new();
    let mut failure = None;
    loop {
        match waiting.next() {
            Some(candidate) => attempts.push(connect_one(candidate)),
            None if attempts.is_empty() => return Err(failure.unwrap_or_else(|| not_found(&address.host))),
            None => {}
        }
        tokio::select! {
            Some(attempt) = attempts.next() => match attempt {
                Ok(socket) => return Ok(socket),
                Err(error) => failure = Some(error),
            },
            () = sleep(HEAD_START), if waiting.len() > 0 => {}
        }
    }
}

async fn resolve(address: &Address) -> Result<Vec<SocketAddr>> {
    if let Some(ip) = address.ip.or_else(|| address.host.parse().ok()) {
        return Ok(vec![SocketAddr::new(ip, address.port)]);
    }
    match lookup_host((address.host.as_str(), address.port)).await {
        Ok(found) => Ok(found.collect()),
        Err(_) => Err(not_found(&address.host)),
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
        Err(error) => Err(Error::io("connect", &error, Some(&address))),
    }
}

fn not_found(host: &str) -> Error {
    Kind::Connect { reason: format!("getaddrinfo ENOTFOUND {host}") }.into()
}

const HEAD_START: Duration = Duration::from_millis(250);
