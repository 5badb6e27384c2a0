//! TLS on any stream: TLS 1.2 and 1.3 by rustls, with ring's cryptography.
//!
//! The application decides which certificates are trusted, and which one a client shows. It is asked when a
//! connection is about to be made: once where the answer does not change, for each connection where files or
//! a provider are behind it. An answer has a version, so that the same one need not be read twice.
//!
//! Sessions are never resumed: a certificate that has expired or has been replaced is noticed at the next
//! connection, whichever side it belongs to.
//!
//! Files are read by the application's side, which hands over their contents.

mod certificate;
mod verifier;

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt};
use tokio::time::timeout;
use tokio_rustls::{TlsConnector, rustls};
use tracing::debug;

use rustls::client::danger::ServerCertVerifier;
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, SignatureScheme};

use super::stream::{Dial, Stream};
use crate::bolt::ProtocolError;
use crate::bolt::packstream::Reader;
use crate::driver::app::callbacks::Callbacks;
use crate::driver::config::{Address, Tls, Trust};
use crate::driver::error::{Distrust, Error, Kind, Operation, Result, TlsError};
use crate::driver::sync::lock;
use verifier::{AcceptAll, AuthorityVerifier, Untrusted};

/// Dials with another dialer, and speaks TLS on its streams.
pub(crate) struct TlsDialer {
    tls: Tls,
    dialer: Arc<dyn Dial>,
    callbacks: Arc<Callbacks>,
    provider: Arc<CryptoProvider>,
    current: Mutex<Option<Current>>,
}

/// What connections are made with, until there is another version of it.
#[derive(Clone)]
struct Current {
    version: i64,
    config: Arc<ClientConfig>,
}

/// The application's answer, taken apart.
struct TlsMaterial<'a> {
    /// Certificates in PEM.
    authorities: &'a [u8],
    /// Certificate chains in PEM.
    chains: Vec<&'a [u8]>,
    /// Private keys in PKCS #8, not encrypted.
    keys: Vec<&'a [u8]>,
}

impl TlsDialer {
    /// Speaks TLS on the streams of the dialer.
    pub(crate) fn new(tls: Tls, dialer: Arc<dyn Dial>, callbacks: Arc<Callbacks>) -> Self {
        let provider = Arc::new(ring::default_provider());
        Self { tls, dialer, callbacks, provider, current: Mutex::default() }
    }

    /// What the next connection is made with.
    async fn config(&self) -> Result<Arc<ClientConfig>> {
        let current = lock(&self.current).clone();
        if !self.tls.client_certificate {
            match (&current, self.tls.trust) {
                (Some(current), Trust::All | Trust::System) => return Ok(Arc::clone(&current.config)),
                (None, Trust::All) => return self.install(0, &TlsMaterial::NONE),
                _ => {}
            }
        }
        let held = current.as_ref().map_or(0, |current| current.version);
        let answer = self.callbacks.certificates(held).await?;
        let mut reader = Reader::new(&answer.value.0);
        let parsed = parse(&mut reader).map_err(Kind::Request)?;
        match (parsed, current) {
            ((version, Some(material)), _) => self.install(version, &material),
            ((_, None), Some(current)) => Ok(current.config),
            ((_, None), None) => Err(Kind::Request(ProtocolError::MissingField("the certificates")).into()),
        }
    }

    fn install(&self, version: i64, material: &TlsMaterial<'_>) -> Result<Arc<ClientConfig>> {
        let config = Arc::new(self.build(material)?);
        *lock(&self.current) = Some(Current { version, config: Arc::clone(&config) });
        debug!(version, "certificates read");
        Ok(config)
    }

    fn build(&self, material: &TlsMaterial<'_>) -> Result<ClientConfig> {
        let algorithms = self.provider.signature_verification_algorithms;
        let verifier: Arc<dyn ServerCertVerifier> = match self.tls.trust {
            Trust::All => AcceptAll::new(algorithms),
            Trust::System | Trust::Custom => {
                AuthorityVerifier::new(certificates(material.authorities), algorithms)
            }
        };
        let builder = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(|error| TlsError::Setup(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let mut config = if material.keys.is_empty() {
            builder.with_no_client_auth()
        } else {
            builder.with_client_cert_resolver(Arc::new(ClientIdentities::read(material)?))
        };
        config.resumption = Resumption::disabled();
        Ok(config)
    }

    async fn secure(&self, address: &Address, config: Arc<ClientConfig>) -> Result<Stream> {
        let host = self.server_name(&address.host)?;
        let Stream { reader, writer, ip } = self.dialer.dial(address, None).await?;
        let connecting = TlsConnector::from(config).connect(host, tokio::io::join(reader, writer));
        match connecting.await {
            Ok(stream) => {
                let (_, session) = stream.get_ref();
                debug!(%address, version = ?session.protocol_version(), "TLS");
                Ok(Stream { ip, ..Stream::new(stream) })
            }
            Err(error) => Err(self.explain(&error)),
        }
    }

    /// The name to ask for, and to check the certificate against.
    fn server_name(&self, host: &str) -> Result<ServerName<'static>> {
        // An address of IPv6 may have a zone, which only this machine knows.
        let literal = host.split_once('%').map_or(host, |(address, _zone)| address);
        if let Ok(address) = literal.parse::<IpAddr>() {
            return Ok(ServerName::IpAddress(address.into()));
        }
        let name = host.strip_suffix('.').unwrap_or(host);
        match (ServerName::try_from(name.to_owned()), self.tls.trust) {
            (Ok(name), _) => Ok(name),
            // Asked for by no name, as an address is.
            (Err(_), Trust::All) => Ok(ServerName::IpAddress(IpAddr::from([0; 4]).into())),
            (Err(_), _) => Err(TlsError::NoName(host.to_owned()).into()),
        }
    }

    fn explain(&self, error: &io::Error) -> Error {
        if let Some(Untrusted { flaw, any_trusted }) = Untrusted::of(error) {
            let (of_system, flaw) = (self.tls.trust == Trust::System, flaw.clone());
            return TlsError::Untrusted(Distrust { of_system, any_trusted: *any_trusted, flaw }).into();
        }
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return TlsError::Ended.into();
        }
        Error::io(Operation::Read, error, None)
    }
}

impl Dial for TlsDialer {
    fn dial<'a>(&'a self, address: &'a Address, limit: Option<Duration>) -> BoxFuture<'a, Result<Stream>> {
        async move {
            // The application takes its own time; the deadline of the whole acquisition holds for it.
            let config = self.config().await?;
            let secured = self.secure(address, config);
            match limit {
                None => secured.await,
                Some(limit) => {
                    timeout(limit, secured).await.unwrap_or_else(|_| Err(Error::connect_timeout(limit)))
                }
            }
        }
        .boxed()
    }

    fn lookup<'a>(&'a self, address: &'a Address) -> BoxFuture<'a, Vec<IpAddr>> {
        self.dialer.lookup(address)
    }
}

impl fmt::Debug for TlsDialer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TlsDialer").field("tls", &self.tls).finish_non_exhaustive()
    }
}

impl TlsMaterial<'_> {
    const NONE: Self = Self { authorities: &[], chains: Vec::new(), keys: Vec::new() };
}

/// An answer: `[version]` where that is the one held, else `[version, authorities, chains, keys]`.
fn parse<'a>(reader: &mut Reader<'a>) -> std::result::Result<(i64, Option<TlsMaterial<'a>>), ProtocolError> {
    let count = reader.list_header()?;
    let version = reader.int()?;
    if count == 1 {
        return Ok((version, None));
    }
    let authorities = reader.bytes()?;
    let list = |reader: &mut Reader<'a>| {
        let count = reader.list_header()?;
        (0..count).map(|_| reader.bytes()).collect::<std::result::Result<Vec<_>, _>>()
    };
    let (chains, keys) = (list(reader)?, list(reader)?);
    reader.finish("the certificates")?;
    Ok((version, Some(TlsMaterial { authorities, chains, keys })))
}

/// The certificates in PEM text. What else may stand there is passed over, as Node does.
fn certificates(pem: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(pem).filter_map(std::result::Result::ok).collect()
}

/// The certificates by which a client can identify itself, each with its key.
struct ClientIdentities(Vec<Arc<CertifiedKey>>);

impl ClientIdentities {
    /// Finds each chain's key. Where none fits, the chain is not used.
    fn read(material: &TlsMaterial<'_>) -> Result<Self> {
        let mut found = Vec::new();
        for key in &material.keys {
            // Read where it lies, in an answer that is overwritten when it is dropped: no copy stays behind.
            let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(*key));
            // Whether the key is well formed has been seen by Node; what is left is its kind.
            let key = ring::sign::any_supported_type(&key).map_err(|_| TlsError::UnusableKey)?;
            for chain in &material.chains {
                let certified = CertifiedKey::new(certificates(chain), Arc::clone(&key));
                if certified.keys_match().is_ok() {
                    found.push(Arc::new(certified));
                }
            }
        }
        if found.is_empty() {
            return Err(TlsError::WrongKey.into());
        }
        Ok(Self(found))
    }
}

impl ResolvesClientCert for ClientIdentities {
    fn resolve(&self, _issuers: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        // As OpenSSL: also where the server names other issuers, so that it can say what is wrong.
        self.0.iter().find(|certified| certified.key.choose_scheme(schemes).is_some()).cloned()
    }

    fn has_certs(&self) -> bool {
        true
    }
}

impl fmt::Debug for ClientIdentities {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ClientIdentities({})", self.0.len())
    }
}

#[cfg(test)]
mod tests;
