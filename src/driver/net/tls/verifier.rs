//! Which certificates are trusted, and what is wrong with the others.
//!
//! Chains, signatures, times and names are checked by rustls (webpki). What is different here is what
//! Node.js does differently, so that a certificate that works there works here: a certificate that is
//! itself on the list is trusted even where it is an authority's own, and a certificate without any
//! alternative name is for its common name.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use tokio_rustls::rustls;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};

use super::certificate::{Certificate, printable};
use crate::calendar;
use crate::driver::error::CertificateFlaw;

/// Trusts chains that end at one of a list of certificates, for the host that was asked for.
#[derive(Debug)]
pub(super) struct AuthorityVerifier {
    roots: RootCertStore,
    /// The list itself.
    certificates: Vec<CertificateDer<'static>>,
    algorithms: WebPkiSupportedAlgorithms,
}

/// Trusts every server that has the key of the certificate that it shows.
#[derive(Debug)]
pub(super) struct AcceptAll {
    algorithms: WebPkiSupportedAlgorithms,
}

/// Why a certificate is not trusted.
#[derive(Debug)]
pub(super) struct Untrusted {
    /// What is wrong with it.
    pub flaw: CertificateFlaw,
    /// Whether there was a certificate in what was to be trusted.
    pub any_trusted: bool,
}

impl AuthorityVerifier {
    /// Trusts these. What is no certificate is left out.
    pub(super) fn new(
        certificates: Vec<CertificateDer<'static>>,
        algorithms: WebPkiSupportedAlgorithms,
    ) -> Arc<Self> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(certificates.iter().cloned());
        Arc::new(Self { roots, certificates, algorithms })
    }

    fn check(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), rustls::Error> {
        let parsed = ParsedCertificate::try_from(certificate)?;
        match verify_server_cert_signed_by_trust_anchor(
            &parsed,
            &self.roots,
            intermediates,
            now,
            self.algorithms.all,
        ) {
            Err(error) if is_about_time(&error) || !self.certificates.contains(certificate) => {
                return Err(error);
            }
            // Its time is looked at before anything else, so that this is all there was to know.
            _ => {}
        }
        match verify_server_name(&parsed, host) {
            Err(rustls::Error::InvalidCertificate(CertificateError::NotValidForNameContext {
                presented,
                ..
            })) if presented.is_empty() && is_common_name(certificate, host) => Ok(()),
            checked => checked,
        }
    }
}

impl ServerCertVerifier for AuthorityVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match self.check(certificate, intermediates, host, now) {
            Ok(()) => Ok(ServerCertVerified::assertion()),
            Err(error) => {
                let flaw = flaw(&error, certificate, intermediates);
                let untrusted = Untrusted { flaw, any_trusted: !self.roots.is_empty() };
                Err(CertificateError::Other(OtherError(Arc::new(untrusted))).into())
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl AcceptAll {
    /// Trusts them.
    pub(super) fn new(algorithms: WebPkiSupportedAlgorithms) -> Arc<Self> {
        Arc::new(Self { algorithms })
    }

    /// Whether the server has the key of its certificate, whatever else may be wrong with that: the
    /// checks of rustls would want it to be of version 3.
    fn signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let Some(certificate) = Certificate::parse(certificate) else {
            return Err(CertificateError::BadEncoding.into());
        };
        let candidates = self.algorithms.mapping.iter().filter(|(scheme, _)| *scheme == signed.scheme);
        let fits = candidates
            .flat_map(|(_, algorithms)| algorithms.iter())
            .filter(|algorithm| algorithm.public_key_alg_id().as_ref() == certificate.key_algorithm)
            .any(|algorithm| {
                algorithm.verify_signature(certificate.key, message, signed.signature()).is_ok()
            });
        if fits {
            Ok(HandshakeSignatureValid::assertion())
        } else {
            Err(CertificateError::BadSignature.into())
        }
    }
}

impl ServerCertVerifier for AcceptAll {
    fn verify_server_cert(
        &self,
        _certificate: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _host: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl Untrusted {
    /// What the verifier has said, where it is why the handshake failed.
    pub(super) fn of(error: &io::Error) -> Option<&Self> {
        match error.get_ref()?.downcast_ref()? {
            rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(other))) => {
                other.downcast_ref()
            }
            _ => None,
        }
    }
}

impl fmt::Display for Untrusted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.flaw.fmt(out)
    }
}

impl Error for Untrusted {}

/// What the refusal of a certificate means.
fn flaw(
    error: &rustls::Error,
    certificate: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
) -> CertificateFlaw {
    use CertificateError as Refused;
    let rustls::Error::InvalidCertificate(refused) = error else {
        return CertificateFlaw::Other(printable(&error.to_string()));
    };
    let read = Certificate::parse(certificate);
    match refused {
        Refused::ExpiredContext { not_after, .. } => CertificateFlaw::Expired(Some(date(*not_after))),
        Refused::Expired => CertificateFlaw::Expired(None),
        Refused::NotValidYetContext { not_before, .. } => {
            CertificateFlaw::NotYetValid(Some(date(*not_before)))
        }
        Refused::NotValidYet => CertificateFlaw::NotYetValid(None),
        Refused::NotValidForNameContext { expected, presented } => {
            other_names(expected, presented, read.as_ref())
        }
        Refused::NotValidForName => CertificateFlaw::OtherHost { names: None, host: None },
        _ if read.as_ref().is_some_and(|read| read.old) => CertificateFlaw::Old,
        _ if read.as_ref().is_some_and(Certificate::is_self_signed) => CertificateFlaw::SelfSigned,
        Refused::UnknownIssuer => unknown_issuer(read.as_ref(), intermediates),
        Refused::BadSignature => CertificateFlaw::WrongSignature,
        Refused::InvalidPurpose | Refused::InvalidPurposeContext { .. } => CertificateFlaw::WrongPurpose,
        Refused::Revoked => CertificateFlaw::Revoked,
        // rustls would show the bytes of the server's name for it, and of all the names that it knows.
        Refused::UnsupportedSignatureAlgorithmContext { .. }
        | Refused::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            CertificateFlaw::UnknownAlgorithm
        }
        other => CertificateFlaw::Refused(printable(&other.to_string())),
    }
}

fn unknown_issuer(
    certificate: Option<&Certificate<'_>>,
    intermediates: &[CertificateDer<'_>],
) -> CertificateFlaw {
    let parsed: Vec<_> = intermediates.iter().filter_map(|der| Certificate::parse(der)).collect();
    let issuer = parsed.last().or(certificate).and_then(Certificate::issuer);
    if parsed.iter().any(Certificate::is_self_signed) {
        CertificateFlaw::SelfSignedInChain(issuer)
    } else if intermediates.is_empty() {
        CertificateFlaw::UnknownLeafIssuer(issuer)
    } else {
        CertificateFlaw::UnknownIssuer(issuer)
    }
}

fn is_about_time(error: &rustls::Error) -> bool {
    matches!(
        error,
        rustls::Error::InvalidCertificate(
            CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. }
                | CertificateError::BadEncoding
        )
    )
}

/// The names that a certificate is for, in place of the host.
fn other_names(
    host: &ServerName<'_>,
    presented: &[String],
    read: Option<&Certificate<'_>>,
) -> CertificateFlaw {
    let host = host.to_str().into_owned();
    if presented.is_empty() {
        return match read.and_then(Certificate::common_name).map(printable) {
            Some(name) if name == host => CertificateFlaw::CommonNameOnly(host),
            names => CertificateFlaw::OtherHost { names, host: Some(host) },
        };
    }
    // As `DnsName("example.com")` or `IpAddress(127.0.0.1)`.
    let bare = |name: &String| {
        let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
        inner.trim_matches('"').to_owned()
    };
    let names: Vec<String> = presented.iter().map(bare).collect();
    CertificateFlaw::OtherHost { names: Some(printable(&names.join(", "))), host: Some(host) }
}

/// Whether the host is the certificate's common name, or matches it where it begins with `*.`; never for
/// an IP address.
fn is_common_name(certificate: &CertificateDer<'_>, host: &ServerName<'_>) -> bool {
    let ServerName::DnsName(host) = host else { return false };
    let host = host.as_ref();
    let Some(name) = Certificate::parse(certificate).and_then(|read| read.common_name()) else {
        return false;
    };
    match name.strip_prefix("*.") {
        None => name.eq_ignore_ascii_case(host),
        // One label, and not of a whole top-level domain.
        Some(domain) => {
            domain.contains('.')
                && host
                    .split_once('.')
                    .is_some_and(|(label, rest)| !label.is_empty() && rest.eq_ignore_ascii_case(domain))
        }
    }
}

/// A day, as in ISO 8601.
fn date(time: UnixTime) -> String {
    let days = i64::try_from(time.as_secs() / 86_400).unwrap_or(i64::MAX);
    calendar::date(days)
        .map_or_else(String::new, |date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day))
}
