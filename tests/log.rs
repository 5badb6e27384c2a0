//! What the engine logs, where it goes, and what it keeps to itself.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use neobolt::bolt::packstream::Value;
use neobolt::driver::Event;
use neobolt::driver::config::{Auth, Config, LogSettings, Secret};
use support::*;
use tracing::field::{Field, Visit};
use tracing::{Level, Metadata, Subscriber, span};

fn logged(level: Level, unredacted: bool) -> Config {
    Config {
        // {credentials: "hush"}
        auth: Auth::Token(Secret(b"\xA1\x8Bcredentials\x84hush".to_vec())),
        log: Some(LogSettings { level, unredacted, driver: 0 }),
        ..config()
    }
}

/// All log lines of a query with one parameter and a record with one value, and of the driver's end. The
/// connection's number is N.
async fn converse(setup: &mut Setup) -> Vec<String> {
    let mut request = request("RETURN $p", 1000);
    // The empty map at the end becomes {p: "parameter"}.
    assert_eq!(request.pop(), Some(0xA0));
    request.extend_from_slice(b"\xA1\x81p\x89parameter");
    setup.driver.run(1, &request, 0);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.fields().await;
    peer.record(Value::String("of the server".into())).await;
    peer.success(&[("type", "r".into_value())]).await;
    let mut lines = lines_until(setup, 1).await;
    setup.driver.close(2);
    peer.expect(GOODBYE).await;
    drop(peer);
    lines.extend(lines_until(setup, 2).await);
    lines
}

async fn lines_until(setup: &mut Setup, end: u32) -> Vec<String> {
    let mut lines = Vec::new();
    loop {
        match setup.events.next().await {
            (_, Event::Log { level, frame, .. }) => {
                lines.push(format!("{level} {}", without_number(&text(&frame))));
            }
            (id, event) if id == end && event.is_last() => return lines,
            _ => {}
        }
    }
}

fn without_number(line: &str) -> String {
    let Some((before, rest)) = line.split_once("Connection [") else { return line.into() };
    let (_, rest) = rest.split_once(']').unwrap();
    format!("{before}Connection [N]{rest}")
}

/// The text of a line without the names in its values, which stand before it.
fn start(line: &str) -> String {
    let (level, text) = line.split_once(' ').unwrap();
    let text = text.find("Connection").and_then(|at| text.get(at..)).unwrap_or(text);
    format!("{level} {text}").chars().take(52).collect()
}

#[tokio::test]
async fn connections_and_messages_are_logged_in_order() {
    let mut setup = Setup::new(logged(Level::DEBUG, false));
    let lines = converse(&mut setup).await;
    assert_eq!(
        lines.iter().map(|line| start(line)).collect::<Vec<_>>(),
        [
            "3 Connection [N][] created towards server.test:7687",
            "3 Connection [N][] C: HELLO test/1",
            "3 Connection [N][] C: LOGON { ... }",
            "3 Connection [N][] S: SUCCESS {\"signature\":112,\"fields\"",
            "3 Connection [N][] S: SUCCESS {\"signature\":112,\"fields\"",
            "3 Connection [N][bolt-1] created for the pool server.test:7687",
            "3 Connection [N][bolt-1] acquired from the pool server.test:7687",
            "3 Connection [N][bolt-1] C: RUN RETURN $p { ... } ",
            "3 Connection [N][bolt-1] C: PULL ",
            "3 Connection [N][bolt-1] S: SUCCESS {\"signature\":112,\"fields\"",
            "3 Connection [N][bolt-1] S: RECORD {\"signature\":113,\"fields\"",
            "3 Connection [N][bolt-1] S: SUCCESS {\"signature\":112,\"fields\"",
            "3 Connection [N][bolt-1] released to the pool server.test:7687",
            "3 Connection [N][bolt-1] closing",
            "3 Connection [N][bolt-1] C: GOODBYE",
            "3 Connection [N][bolt-1] closed",
        ]
        .map(start)
    );
}

#[tokio::test]
async fn parameters_and_records_are_shown_only_where_the_settings_say_so_and_credentials_never() {
    for unredacted in [false, true] {
        let mut setup = Setup::new(logged(Level::DEBUG, unredacted));
        let log = converse(&mut setup).await.join("\n");
        assert_eq!(log.contains("parameter"), unredacted, "{log}");
        assert_eq!(log.contains("of the server"), unredacted, "{log}");
        assert!(!log.contains("hush"), "{log}");
    }
}

#[tokio::test]
async fn a_driver_hears_nothing_of_another_one_nor_of_more_talkative_levels() {
    let mut talkative = Setup::new(logged(Level::DEBUG, false));
    let mut taciturn = Setup::new(logged(Level::INFO, false));
    let mut silent = Setup::new(config());
    assert_eq!(converse(&mut talkative).await.len(), 16);
    assert_eq!(converse(&mut taciturn).await, [""; 0]);
    assert_eq!(converse(&mut silent).await, [""; 0]);
}

#[tokio::test]
async fn the_end_of_a_connection_is_an_error() {
    let mut setup = Setup::new(logged(Level::ERROR, false));
    setup.run(1, "RETURN 1", 1000);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    drop(peer);
    assert_eq!(
        without_number(&setup.events.word().await),
        "LOG 0 Connection [N][bolt-1] experienced a fatal error caused by Disconnected()"
    );
}

#[tokio::test]
async fn without_a_log_of_its_own_a_driver_is_heard_by_the_programs_subscriber() {
    let heard = Arc::new(Mutex::new(String::new()));
    let _subscribed = tracing::subscriber::set_default(Everything(Arc::clone(&heard)));
    let mut setup = Setup::new(Config { log: None, ..logged(Level::ERROR, true) });
    assert_eq!(converse(&mut setup).await, [""; 0]);
    let heard = heard.lock().unwrap().clone();
    assert!(heard.contains("acquired from the pool server.test:7687"), "{heard}");
    assert!(heard.contains("side=\"C\" kind=\"RUN\" text=\"RETURN $p\""), "{heard}");
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x} ")).collect::<String>();
    for secret in ["hush", "parameter", "of the server"] {
        assert!(!heard.contains(secret) && !heard.contains(hex(secret).trim()), "{secret} in {heard}");
    }
}

#[tokio::test]
async fn a_line_is_bounded_whatever_the_message_holds() {
    let mut setup = Setup::new(logged(Level::DEBUG, true));
    let long = "x".repeat(1 << 20);
    setup.run(1, &long, 1000);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.fields().await;
    peer.record(Value::String(long)).await;
    peer.success(&[]).await;
    let mut longest = 0;
    let mut hinted = false;
    loop {
        match setup.events.next().await {
            (_, Event::Log { frame, .. }) => {
                longest = longest.max(frame.len());
                hinted |= text(&frame).contains("{ ... 1048");
            }
            (1, Event::Success { .. }) => break,
            _ => {}
        }
    }
    assert!((1 << 16..1 << 17).contains(&longest), "{longest}");
    assert!(hinted, "the record is said to be there");
}

#[tokio::test]
async fn lines_that_nobody_takes_do_not_fill_the_memory() {
    let mut setup = Setup::new(logged(Level::DEBUG, false));
    let mut kept = Vec::new();
    let mut bytes = 0;
    let query = "x".repeat(60_000);
    let mut peer = None;
    let mut all = 0;
    while all < 400 {
        setup.run(1, &query, 1000);
        let server = match &mut peer {
            None => peer.insert(setup.accept().await),
            Some(peer) => peer,
        };
        server.expect(RUN).await;
        server.expect(PULL).await;
        server.result(0).await;
        all += 1;
        loop {
            let event = setup.events.next().await;
            match &event {
                (_, Event::Log { frame, .. }) => bytes += frame.len(),
                (1, Event::Success { .. }) => break,
                _ => continue,
            }
            kept.push(event);
        }
    }
    assert!((8_000_000..9_000_000).contains(&bytes), "{bytes}");
    kept.clear();
    setup.run(1, "RETURN 1", 1000);
    assert!(
        setup.events.word().await.contains("log lines were left out, as more came than could be written"),
        "what is missing is said"
    );
}

/// Notes every event with its fields, as a program's own subscriber would.
struct Everything(Arc<Mutex<String>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        let mut heard = self.0.lock().unwrap();
        heard.push_str(&line.0);
        heard.push('\n');
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}
