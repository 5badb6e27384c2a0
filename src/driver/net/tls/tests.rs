//! TLS over pipes in memory, with a server and an application that the tests play.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{OnceLock, Weak};

use bytes::BytesMut;
use rcgen::{BasicConstraints, Certificate as Made, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::server::{Acceptor, ClientHello, ResolvesServerCert, WebPkiClientVerifier};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_rustls::{LazyConfigAcceptor, TlsAcceptor};

use super::*;
use crate::bolt::packstream::{write_bool, write_bytes, write_int, write_list_header};
use crate::driver::error::{CertificateFlaw, ConnectError};
use crate::driver::event::{CallbackKind, Event, EventSink};

/// Answers what the engine asks at once, from a list, the last of which stands for all to come.
struct Application {
    callbacks: OnceLock<Weak<Callbacks>>,
    answers: Mutex<Vec<Vec<u8>>>,
    asked: AtomicUsize,
}

impl EventSink for Application {
    fn deliver(&self, id: u32, event: Event) {
        if let Event::Callback { kind, .. } = event {
            assert_eq!(kind, CallbackKind::Certificates);
            let mut answers = lock(&self.answers);
            let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
            drop(answers);
            self.asked.fetch_add(1, Ordering::Relaxed);
            self.callbacks.get().unwrap().upgrade().unwrap().answer(id, &answer);
        }
    }
}

/// Hands out one end of a pipe, and the other to the test.
struct Pipes(mpsc::UnboundedSender<DuplexStream>);

impl Dial for Pipes {
    fn dial<'a>(&'a self, _: &'a Address, limit: Option<Duration>) -> BoxFuture<'a, Result<Stream>> {
        assert_eq!(limit, None, "the limit is for both together");
        let (near, far) = duplex(64 * 1024);
        self.0.send(far).unwrap();
        async move { Ok(Stream::new(near)) }.boxed()
    }
}

struct Setup {
    dialer: TlsDialer,
    pipes: mpsc::UnboundedReceiver<DuplexStream>,
    application: Arc<Application>,
    callbacks: Arc<Callbacks>,
}

fn setup(trust: Trust, client_certificate: bool, answers: Vec<Vec<u8>>) -> Setup {
    let application = Arc::new(Application {
        callbacks: OnceLock::new(),
        answers: Mutex::new(answers),
        asked: AtomicUsize::new(0),
    });
    let callbacks = Callbacks::new(application.clone());
    application.callbacks.set(Arc::downgrade(&callbacks)).unwrap();
    let (sender, pipes) = mpsc::unbounded_channel();
    let tls = Tls { trust, client_certificate };
    let dialer = TlsDialer::new(tls, Arc::new(Pipes(sender)), Arc::clone(&callbacks));
    Setup { dialer, pipes, application, callbacks }
}

fn answer(version: i64, authorities: &str, chains: &[String], keys: &[&KeyPair]) -> Vec<u8> {
    let mut out = BytesMut::new();
    write_list_header(&mut out, 2);
    write_bool(&mut out, true);
    write_list_header(&mut out, 4);
    write_int(&mut out, version);
    write_bytes(&mut out, authorities.as_bytes());
    write_list_header(&mut out, chains.len());
    for chain in chains {
        write_bytes(&mut out, chain.as_bytes());
    }
    write_list_header(&mut out, keys.len());
    for key in keys {
        write_bytes(&mut out, &key.serialize_der());
    }
    out.to_vec()
}

/// `[version]`: the one that is held.
fn unchanged(version: i64) -> Vec<u8> {
    let mut out = BytesMut::new();
    write_list_header(&mut out, 2);
    write_bool(&mut out, true);
    write_list_header(&mut out, 1);
    write_int(&mut out, version);
    out.to_vec()
}

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    der: CertificateDer<'static>,
}

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let made = params.self_signed(&key).unwrap();
    Authority { pem: made.pem(), der: made.der().clone(), issuer: Issuer::new(params, key) }
}

fn signed(authority: &Authority, hosts: &[&str]) -> (Made, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let params =
        CertificateParams::new(hosts.iter().map(|&host| host.to_owned()).collect::<Vec<_>>()).unwrap();
    (params.signed_by(&key, &authority.issuer).unwrap(), key)
}

fn private(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivatePkcs8KeyDer::from(key.serialize_der()).into()
}

fn serving((made, key): &(Made, KeyPair)) -> ServerConfig {
    ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.der().clone()], private(key))
        .unwrap()
}

/// A server that demands a certificate of this authority, and sends it back as its first bytes.
fn demanding((made, key): &(Made, KeyPair), authority: &Authority) -> ServerConfig {
    let provider = Arc::new(ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.add(authority.der.clone()).unwrap();
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![made.der().clone()], private(key))
        .unwrap()
}

/// Accepts one connection, and answers a byte with the next greater one. Gives the client's certificate.
fn accept(pipe: DuplexStream, config: ServerConfig) -> JoinHandle<io::Result<Option<Vec<u8>>>> {
    tokio::spawn(async move {
        let mut stream = TlsAcceptor::from(Arc::new(config)).accept(pipe).await?;
        let byte = stream.read_u8().await?;
        stream.write_u8(byte + 1).await?;
        stream.flush().await?;
        Ok(stream.get_ref().1.peer_certificates().map(|chain| chain[0].to_vec()))
    })
}

async fn echo(stream: &mut Stream) -> u8 {
    stream.writer.write_u8(41).await.unwrap();
    stream.writer.flush().await.unwrap();
    stream.reader.read_u8().await.unwrap()
}

fn place(host: &str) -> Address {
    Address::new(host, 7687)
}

/// Dials once, with the server on the other end.
async fn dial(setup: &mut Setup, host: &str, server: ServerConfig) -> Result<Option<Vec<u8>>> {
    let place = place(host);
    let dialing = setup.dialer.dial(&place, Some(Duration::from_secs(30)));
    let serving = async {
        let pipe = setup.pipes.recv().await.unwrap();
        accept(pipe, server).await.unwrap()
    };
    let client = async {
        let mut stream = dialing.await?;
        assert_eq!(echo(&mut stream).await, 42);
        Ok(())
    };
    let (client, server) = tokio::join!(client, serving);
    client.map(|()| server.unwrap())
}

fn cause(error: &Error) -> &TlsError {
    match error.kind() {
        Kind::Connect(ConnectError::Tls(cause)) => cause,
        other => panic!("{other:?}"),
    }
}

fn other_host(names: &str, host: &str) -> CertificateFlaw {
    CertificateFlaw::OtherHost { names: Some(names.to_owned()), host: Some(host.to_owned()) }
}

#[tokio::test]
async fn bytes_go_both_ways_where_the_certificate_is_right() {
    let root = authority("root");
    let mut setup = setup(Trust::Custom, false, vec![answer(1, &root.pem, &[], &[])]);
    for host in ["host.example", "host.example.", "127.0.0.1", "::1", "::1%lo"] {
        let server = signed(&root, &["host.example", "127.0.0.1", "::1"]);
        dial(&mut setup, host, serving(&server)).await.unwrap();
    }
}

#[tokio::test]
async fn both_versions_of_tls_are_spoken() {
    let root = authority("root");
    for version in [&TLS12, &TLS13] {
        let mut setup = setup(Trust::Custom, false, vec![answer(1, &root.pem, &[], &[])]);
        let (made, key) = signed(&root, &["host.example"]);
        let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.der().clone()], private(&key))
            .unwrap();
        dial(&mut setup, "host.example", server).await.unwrap();
    }
}

#[tokio::test]
async fn another_host_an_unknown_authority_and_no_name_at_all_are_refused() {
    let (root, stranger) = (authority("root"), authority("stranger"));
    let mut setup = setup(Trust::System, false, vec![answer(1, &root.pem, &[], &[])]);
    let cases = [
        (signed(&root, &["other.example"]), "host.example", other_host("other.example", "host.example")),
        (
            signed(&stranger, &["host.example"]),
            "host.example",
            CertificateFlaw::UnknownLeafIssuer(Some("stranger".to_owned())),
        ),
        (signed(&root, &["host.example"]), "127.0.0.1", other_host("host.example", "127.0.0.1")),
    ];
    for (server, host, expected) in cases {
        let place = place(host);
        let dialing = setup.dialer.dial(&place, None);
        let serving = async {
            let pipe = setup.pipes.recv().await.unwrap();
            accept(pipe, serving(&server)).await.unwrap()
        };
        let (client, server) = tokio::join!(dialing, serving);
        let error = client.err().unwrap();
        let TlsError::Untrusted(distrust) = cause(&error) else { panic!("{error:?}") };
        assert_eq!(*distrust, Distrust { of_system: true, any_trusted: true, flaw: expected });
        assert!(server.is_err(), "the server is told");
    }
    let error = setup.dialer.dial(&place("not a host"), None).await.err().unwrap();
    assert!(matches!(cause(&error), TlsError::NoName(host) if host == "not a host"), "{error:?}");
}

#[tokio::test]
async fn anybody_is_trusted_without_a_question_where_nothing_is_checked() {
    let stranger = authority("stranger");
    let mut setup = setup(Trust::All, false, vec![Vec::new()]);
    for host in ["host.example", "127.0.0.1", "not a host"] {
        dial(&mut setup, host, serving(&signed(&stranger, &["other.example"]))).await.unwrap();
    }
    assert_eq!(setup.application.asked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn who_does_not_have_the_certificates_key_is_not_trusted_even_there() {
    /// Shows a certificate with another one's key.
    #[derive(Debug)]
    struct Impostor(Arc<CertifiedKey>);
    impl ResolvesServerCert for Impostor {
        fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
            Some(Arc::clone(&self.0))
        }
    }
    let root = authority("root");
    let (made, _) = signed(&root, &["host.example"]);
    let other = KeyPair::generate().unwrap();
    let key = ring::sign::any_supported_type(&private(&other)).unwrap();
    let shown = Arc::new(CertifiedKey::new(vec![made.der().clone()], key));
    for trust in [Trust::All, Trust::Custom] {
        for version in [&TLS12, &TLS13] {
            let mut setup = setup(trust, false, vec![answer(1, &root.pem, &[], &[])]);
            let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_protocol_versions(&[version])
                .unwrap()
                .with_no_client_auth()
                .with_cert_resolver(Arc::new(Impostor(Arc::clone(&shown))));
            let place = place("host.example");
            let dialing = setup.dialer.dial(&place, None);
            let serving = async {
                let pipe = setup.pipes.recv().await.unwrap();
                accept(pipe, server).await.unwrap()
            };
            let (client, _) = tokio::join!(dialing, serving);
            let error = client.err().unwrap();
            assert!(matches!(cause(&error), TlsError::BadSignature), "{error:?}");
        }
    }
}

#[tokio::test]
async fn the_host_is_named_to_the_server_and_an_address_is_not() {
    for (host, expected) in
        [("host.example", Some("host.example")), ("h.example.", Some("h.example")), ("127.0.0.1", None)]
    {
        let mut setup = setup(Trust::All, false, vec![Vec::new()]);
        let place = place(host);
        let dialing = setup.dialer.dial(&place, None);
        let looking = async {
            let pipe = setup.pipes.recv().await.unwrap();
            let start = LazyConfigAcceptor::new(Acceptor::default(), pipe).await.unwrap();
            start.client_hello().server_name().map(str::to_owned)
        };
        let (client, name) = tokio::join!(dialing, looking);
        assert!(client.is_err());
        assert_eq!(name.as_deref(), expected);
    }
}

#[tokio::test]
async fn the_systems_authorities_are_asked_for_once_and_files_for_each_connection() {
    let root = authority("root");
    for (trust, expected) in [(Trust::System, 1), (Trust::Custom, 3)] {
        let answers = vec![answer(1, &root.pem, &[], &[]), unchanged(1)];
        let mut setup = setup(trust, false, answers);
        for _ in 0..3 {
            dial(&mut setup, "host.example", serving(&signed(&root, &["host.example"]))).await.unwrap();
        }
        assert_eq!(setup.application.asked.load(Ordering::Relaxed), expected, "{trust:?}");
    }
}

#[tokio::test]
async fn a_new_version_is_what_later_connections_are_made_with() {
    let (old, new) = (authority("old"), authority("new"));
    let answers = vec![answer(1, &old.pem, &[], &[]), answer(2, &new.pem, &[], &[]), unchanged(2)];
    let mut setup = setup(Trust::Custom, false, answers);
    dial(&mut setup, "h.example", serving(&signed(&old, &["h.example"]))).await.unwrap();
    dial(&mut setup, "h.example", serving(&signed(&new, &["h.example"]))).await.unwrap();
    dial(&mut setup, "h.example", serving(&signed(&new, &["h.example"]))).await.unwrap();
}

#[tokio::test]
async fn the_clients_certificate_is_shown_with_the_key_that_fits() {
    let root = authority("root");
    let (first, first_key) = signed(&root, &["client"]);
    let (second, second_key) = signed(&root, &["client"]);
    // Keys in another order than their certificates.
    let answers = vec![answer(1, &root.pem, &[first.pem(), second.pem()], &[&second_key, &first_key])];
    let mut one = setup(Trust::Custom, true, answers);
    let shown = dial(&mut one, "h.example", demanding(&signed(&root, &["h.example"]), &root)).await.unwrap();
    assert_eq!(shown.unwrap(), second.der().to_vec());

    let answers = vec![answer(1, &root.pem, &[first.pem()], &[&second_key])];
    let none = setup(Trust::Custom, true, answers);
    let error = none.dialer.dial(&place("h.example"), None).await.err().unwrap();
    assert!(matches!(cause(&error), TlsError::WrongKey), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_does_not_end_ends_with_the_connection_timeout() {
    let mut setup = setup(Trust::All, false, vec![Vec::new()]);
    let place = place("h.example");
    let dialing = setup.dialer.dial(&place, Some(Duration::from_millis(900)));
    let silent = setup.pipes.recv();
    let (client, pipe) = tokio::join!(dialing, silent);
    assert!(pipe.is_some());
    let error = client.err().unwrap();
    let Kind::Connect(ConnectError::Timeout(limit)) = error.kind() else { panic!("{error:?}") };
    assert_eq!(*limit, Duration::from_millis(900));
}

#[tokio::test]
async fn a_server_that_speaks_something_else_or_hangs_up() {
    for (said, expected) in [
        (&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], "NotTls"),
        (&[0, 0, 8, 5], "NotTls"),
        // PackStream in a chunk, as long as a TLS header.
        (&[0, 3, 0xB1, 0x70, 0xA0, 0, 0], "NotTls"),
        (&[], "Ended"),
        // Alerts: handshake failure, and one without a meaning of its own, decode_error.
        (&[21, 3, 3, 0, 2, 2, 40], "Alert(40, \"HandshakeFailure\")"),
        (&[21, 3, 3, 0, 2, 2, 50], "Alert(50, \"DecodeError\")"),
    ] {
        let mut setup = setup(Trust::All, false, vec![Vec::new()]);
        let place = place("h.example");
        let dialing = setup.dialer.dial(&place, None);
        let speaking = async {
            let mut pipe = setup.pipes.recv().await.unwrap();
            pipe.write_all(said).await.unwrap();
            pipe.shutdown().await.unwrap();
            // Whatever the client says is left unread until it has read this.
            pipe
        };
        let (client, _pipe) = tokio::join!(dialing, speaking);
        assert_eq!(format!("{:?}", cause(&client.err().unwrap())), expected);
    }
}

#[tokio::test]
async fn what_the_application_may_not_answer_is_an_error() {
    for answer in [
        &[0x92, 0xC3, 0xC0][..],
        &[0x92, 0xC3, 0x91, 0xC0],
        &[0x92, 0xC3, 0x91, 1],
        &[0x92, 0xC3, 0x92, 1, 1],
        &[0x92, 0xC3, 0x94, 1, 0xCC, 0, 0x91, 1, 0x90],
    ] {
        let setup = setup(Trust::Custom, false, vec![answer.to_vec()]);
        let error = setup.dialer.dial(&place("h.example"), None).await.err().unwrap();
        assert!(matches!(error.kind(), Kind::Request(_)), "{error:?}");
    }
    let setup = setup(Trust::Custom, false, vec![vec![0x91, 0xC2]]);
    let error = setup.dialer.dial(&place("h.example"), None).await.err().unwrap();
    assert!(matches!(error.kind(), Kind::Thrown(_)), "{error:?}");
}

#[tokio::test]
async fn nothing_of_keys_shows_up_in_debug_output() {
    let root = authority("root");
    let (made, key) = signed(&root, &["client"]);
    let setup = setup(Trust::Custom, true, vec![answer(1, &root.pem, &[made.pem()], &[&key])]);
    let config = setup.dialer.config().await.unwrap();
    let answer = setup.callbacks.certificates(0).await.unwrap();
    let shown = format!("{:?} {config:?} {answer:?}", setup.dialer);
    let plain = |bytes: &[u8]| bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    // The certificate is there, so that this finds what is looked for.
    assert!(format!("{:?}", &made.der()[..]).contains(&plain(&made.der()[100..108])));
    // What stands before and behind it is in every certificate, too. RFC 5208 and RFC 5915.
    let private = key.serialize_der()[36..68].to_vec();
    for window in private.windows(8) {
        assert!(!shown.contains(&plain(window)), "{shown}");
        let hex: String = window.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!shown.contains(&hex), "{shown}");
    }
}
