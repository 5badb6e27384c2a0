//! What a server shows to prove who it is: names, keys and reasons are read from any bytes, and what is
//! said of them is short and fit for a terminal.
//!
//! The modules are private to the driver, and behind a signature that no input can have; they are compiled
//! in here once more.

#![no_main]
#![allow(
    dead_code,
    clippy::duplicate_mod,
    reason = "only what reads certificates is wanted of these modules"
)]

mod pieces;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| net::tls::examine(data));

#[path = "../../src/calendar.rs"]
mod calendar;

mod driver {
    pub use neobolt::driver::error;
}

#[path = "../../src/driver/net"]
mod net {
    pub mod tls {
        mod certificate;
        mod verifier;

        use std::time::Duration;

        use tokio_rustls::rustls::client::danger::ServerCertVerifier;
        use tokio_rustls::rustls::crypto::ring;
        use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
        use tokio_rustls::rustls::{CertificateError, Error};

        use crate::pieces::pieces;
        use certificate::{Certificate, printable};
        use neobolt::driver::error::CertificateFlaw;
        use verifier::{AuthorityVerifier, Untrusted};

        /// The first byte says what is on the list and who is asked for; certificates follow.
        pub fn examine(data: &[u8]) {
            let Some((&settings, rest)) = data.split_first() else { return };
            let mut shown = Vec::new();
            for der in pieces(rest) {
                if let Some(read) = Certificate::parse(der) {
                    assert!(read.key.len() + read.key_algorithm.len() < der.len());
                    assert!(read.issuer().is_none_or(|issuer| is_plain(&issuer, 100)));
                    assert!(read.common_name().map(printable).is_none_or(|name| is_plain(&name, 100)));
                }
                shown.push(CertificateDer::from(der.to_vec()));
            }
            let Some((server, others)) = shown.split_first() else { return };
            let listed = match settings % 4 {
                0 => Vec::new(),
                1 => vec![server.clone()],
                2 => others.to_vec(),
                _ => shown.clone(),
            };
            let host = match settings / 4 % 4 {
                0 => "localhost",
                1 => "127.0.0.1",
                2 => "a.b.example",
                _ => "::1",
            };
            let Ok(host) = ServerName::try_from(host) else { unreachable!("a name") };
            // In the middle of 2026, for which the certificates of the corpus are.
            let now = UnixTime::since_unix_epoch(Duration::from_secs(1_782_000_000));
            let algorithms = ring::default_provider().signature_verification_algorithms;
            match AuthorityVerifier::new(listed, algorithms).verify_server_cert(
                server,
                others,
                &host,
                &[],
                now,
            ) {
                Ok(_) => assert!(settings % 4 != 0, "trusted without anybody on the list"),
                Err(Error::InvalidCertificate(CertificateError::Other(other))) => {
                    let Some(untrusted) = other.0.downcast_ref::<Untrusted>() else { return };
                    for text in texts(&untrusted.flaw) {
                        assert!(is_plain(text, 100), "{text}");
                    }
                }
                Err(error) => panic!("{error}"),
            }
        }

        /// What a certificate, or rustls, says in it.
        fn texts(flaw: &CertificateFlaw) -> Vec<&String> {
            match flaw {
                CertificateFlaw::OtherHost { names, host } => names.iter().chain(host).collect(),
                CertificateFlaw::Expired(text)
                | CertificateFlaw::NotYetValid(text)
                | CertificateFlaw::SelfSignedInChain(text)
                | CertificateFlaw::UnknownLeafIssuer(text)
                | CertificateFlaw::UnknownIssuer(text) => text.iter().collect(),
                CertificateFlaw::CommonNameOnly(text)
                | CertificateFlaw::Refused(text)
                | CertificateFlaw::Other(text) => vec![text],
                CertificateFlaw::Old
                | CertificateFlaw::SelfSigned
                | CertificateFlaw::WrongSignature
                | CertificateFlaw::WrongPurpose
                | CertificateFlaw::Revoked
                | CertificateFlaw::UnknownAlgorithm => Vec::new(),
            }
        }

        fn is_plain(text: &str, length: usize) -> bool {
            text.chars().count() <= length && !text.chars().any(char::is_control)
        }
    }
}
