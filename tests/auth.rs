//! Credentials against scripted peers: managers that are asked, users that change on a connection, and what
//! follows when a server turns one away. Time is paused.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use bytes::BytesMut;
use neobolt::bolt::packstream::{Value, write_value};
use neobolt::driver::config::{Auth, Config, Secret};
use neobolt::driver::query::request::VECTORS;
use neobolt::driver::{Event, Status};
use support::*;
use tokio::time::Instant;

const UNAUTHORIZED: &str = "Neo.ClientError.Security.Unauthorized";
const TOKEN_EXPIRED: &str = "Neo.ClientError.Security.TokenExpired";
const AUTHORIZATION_EXPIRED: &str = "Neo.ClientError.Security.AuthorizationExpired";
const NO_USER_SWITCH: &str = "UserSwitch()";

/// An encoded token.
fn token(user: &str) -> Vec<u8> {
    let mut out = BytesMut::new();
    write_value(&mut out, &Value::Map(vec![("principal".into(), user.into_value())]));
    out.to_vec()
}

/// The answer of a manager: `[true, token]`.
fn gives(user: &str) -> Vec<u8> {
    [&[0x92, 0xC3], token(user).as_slice()].concat()
}

/// The answer of a manager that throws: `[false]`.
const THROWS: &[u8] = &[0x91, 0xC2];

/// A driver whose manager is the test.
fn managed() -> Setup {
    let mut config = config();
    config.auth = Auth::Manager;
    Setup::new(config)
}

impl Setup {
    fn run_as(&self, id: u32, user: &str) {
        self.driver.run(id, &request_as(Some(&token(user)), "Q", 1000), 0);
    }

    /// A connection on which request 1 has succeeded.
    async fn served(&mut self) -> Peer {
        self.run(1, "A", 1000);
        let mut peer = self.accept().await;
        peer.query().await;
        self.succeeds(1).await;
        peer
    }

    /// The same with a manager, which has given this token.
    async fn served_with_token(&mut self, user: &str) -> Peer {
        self.run(1, "A", 1000);
        let mut peer = self.dialled().await;
        tokio::join!(self.give(user), peer.greet_user(user));
        peer.query().await;
        self.succeeds(1).await;
        peer
    }

    /// The number of the token question that comes next.
    async fn asked(&mut self) -> u32 {
        let (number, event) = self.events.next().await;
        assert!(matches!(event, Event::Callback { .. }), "{event:?}");
        number
    }

    /// Answers the token question that comes next.
    async fn give(&mut self, user: &str) {
        let number = self.asked().await;
        assert!(self.driver.answer(number, &gives(user)));
    }

    /// The request with this id succeeds; what else comes are its records, and what is forgotten.
    async fn succeeds(&mut self, id: u32) {
        loop {
            match self.events.next().await {
                (found, Event::Success { .. }) if found == id => return,
                (found, Event::Failure { frame }) => panic!("{found} {}", failure(&frame)),
                _ => {}
            }
        }
    }

    /// The request with this id fails; returns its words.
    async fn fails(&mut self, id: u32) -> String {
        loop {
            match self.events.next().await {
                (found, Event::Failure { frame }) if found == id => return failure(&frame),
                (found, Event::Success { .. }) => panic!("{found} SUCCESS"),
                _ => {}
            }
        }
    }
}

impl Peer {
    /// Shakes hands and answers HELLO and LOGON, the latter for this user.
    async fn greet_user(&mut self, user: &str) {
        self.shake_hands(5, 8).await;
        self.expect(HELLO).await;
        self.success(&[("server", "Neo4j/test".into_value())]).await;
        self.expect_user(LOGON, user).await;
        self.success(&[]).await;
    }

    /// LOGON, or HELLO before 5.1, for this user.
    async fn expect_user(&mut self, signature: u8, user: &str) {
        let fields = self.expect(signature).await;
        assert_eq!(fields[0].get("principal").and_then(Value::as_str), Some(user), "{fields:?}");
    }

    /// Lets the user change.
    async fn switch(&mut self, user: &str) {
        self.expect(LOGOFF).await;
        self.expect_user(LOGON, user).await;
        self.success(&[]).await;
        self.success(&[]).await;
    }

    async fn query(&mut self) {
        self.expect(RUN).await;
        self.expect(PULL).await;
        self.result(0).await;
    }

    async fn greet_44(&mut self, user: &str) {
        self.shake_hands(4, 4).await;
        self.expect_user(HELLO, user).await;
        self.success(&[("server", "Neo4j/4.4".into_value())]).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_manager_is_asked_once_the_server_has_shaken_hands_and_for_each_idle_connection() {
    let mut setup = managed();
    setup.run(1, "A", 1000);
    let mut peer = setup.dialled().await;
    assert!(setup.events.is_empty());
    let (asked, ()) = tokio::join!(setup.asked(), peer.shake_hands(5, 8));
    assert!(setup.driver.answer(asked, &gives("a")));
    peer.expect(HELLO).await;
    peer.success(&[]).await;
    peer.expect_user(LOGON, "a").await;
    peer.success(&[]).await;
    peer.query().await;
    setup.succeeds(1).await;

    setup.run(2, "B", 1000);
    setup.give("a").await;
    peer.query().await;
    setup.succeeds(2).await;
}

#[tokio::test(start_paused = true)]
async fn another_token_of_the_manager_goes_out_ahead_of_the_request() {
    let mut setup = managed();
    let mut peer = setup.served_with_token("a").await;

    setup.run(2, "B", 1000);
    setup.give("b").await;
    // None of these messages waits for an answer.
    peer.expect(LOGOFF).await;
    peer.expect_user(LOGON, "b").await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.success(&[]).await;
    peer.success(&[]).await;
    peer.result(0).await;
    setup.succeeds(2).await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 1 });
}

#[tokio::test(start_paused = true)]
async fn a_token_is_kept_for_as_long_as_a_connection_has_it() {
    let mut setup = managed();
    setup.run(1, "A", 1000);
    let mut peer = setup.dialled().await;
    let (first, ()) = tokio::join!(setup.asked(), peer.shake_hands(5, 8));
    setup.driver.answer(first, &gives("a"));
    peer.expect(HELLO).await;
    peer.success(&[]).await;
    peer.expect(LOGON).await;
    peer.success(&[]).await;
    peer.query().await;
    assert_eq!(setup.events.word().await, "1 FIELDS");
    assert_eq!(setup.events.word().await, "1 SUCCESS");

    setup.run(2, "B", 1000);
    let second = setup.asked().await;
    setup.driver.answer(second, &gives("a"));
    assert_eq!(setup.events.word().await, format!("{first} FORGOTTEN"));
    peer.query().await;
    setup.succeeds(2).await;
    setup.driver.close(3);
    assert_eq!(setup.events.words(2).await, [format!("{second} FORGOTTEN"), "3 SUCCESS".into()]);
}

#[tokio::test(start_paused = true)]
async fn what_a_manager_throws_ends_the_idle_connection_and_then_the_request() {
    let mut setup = managed();
    let mut peer = setup.served_with_token("a").await;

    setup.run(2, "B", 1000);
    let asked = setup.asked().await;
    setup.driver.answer(asked, THROWS);
    let mut other = setup.dialled().await;
    peer.expect(GOODBYE).await;
    other.shake_hands(5, 8).await;
    let again = loop {
        if let (number, Event::Callback { .. }) = setup.events.next().await {
            break number;
        }
    };
    setup.driver.answer(again, THROWS);
    assert!(setup.fails(2).await.contains("Thrown("));
    other.expect_end().await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
}

#[tokio::test(start_paused = true)]
async fn what_a_manager_throws_is_kept_until_the_failure_is_announced() {
    let mut setup = managed();
    setup.driver.verify(1, None);
    let mut peer = setup.dialled().await;
    let (asked, ()) = tokio::join!(setup.asked(), peer.shake_hands(5, 8));
    setup.driver.answer(asked, THROWS);
    assert!(setup.events.word().await.starts_with("1 FAILURE"));
    assert_eq!(setup.events.word().await, format!("{asked} FORGOTTEN"));
}

#[tokio::test(start_paused = true)]
async fn a_manager_that_never_answers_is_waited_for_no_longer_than_the_acquisition_timeout() {
    let mut setup = managed();
    setup.run(1, "A", 1000);
    let mut peer = setup.dialled().await;
    let before = Instant::now();
    let (asked, ()) = tokio::join!(setup.asked(), peer.shake_hands(5, 8));
    let failure = setup.fails(1).await;
    assert!(failure.contains("AcquisitionTimeout(60000, "), "{failure}");
    assert!(failure.ends_with(", AwaitedToken())"), "{failure}");
    assert_eq!(before.elapsed().as_secs(), 60);
    assert!(!setup.driver.answer(asked, &gives("a")), "nobody waits");
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
}

#[tokio::test(start_paused = true)]
async fn closing_the_driver_ends_the_waiting_for_a_manager() {
    let mut setup = managed();
    setup.run(1, "A", 1000);
    let mut peer = setup.dialled().await;
    let (asked, ()) = tokio::join!(setup.asked(), peer.shake_hands(5, 8));
    setup.driver.close(2);
    assert!(setup.fails(1).await.contains("Closed()"));
    assert!(!setup.driver.answer(asked, &gives("a")));
}

#[tokio::test(start_paused = true)]
async fn a_session_with_its_own_user_switches_to_it_and_the_next_one_back() {
    let mut setup = Setup::new(config());
    let mut peer = setup.served().await;
    for (id, switches) in [(2, true), (3, false)] {
        setup.run_as(id, "bob");
        if switches {
            peer.switch("bob").await;
        }
        peer.query().await;
        setup.succeeds(id).await;
    }
    setup.run(4, "D", 1000);
    peer.expect(LOGOFF).await;
    assert_eq!(peer.expect(LOGON).await[0].get("principal"), None);
    peer.success(&[]).await;
    peer.success(&[]).await;
    peer.query().await;
    setup.succeeds(4).await;
    assert!(!setup.has_dialled());
}

#[tokio::test(start_paused = true)]
async fn the_user_of_a_session_opens_a_connection_where_none_is_idle() {
    let mut setup = managed();
    setup.run_as(1, "bob");
    let mut peer = setup.dialled().await;
    peer.greet_user("bob").await;
    peer.query().await;
    // The manager is not asked.
    assert_eq!(setup.events.word().await, "1 FIELDS");
    assert_eq!(setup.events.word().await, "1 SUCCESS");
}

#[tokio::test(start_paused = true)]
async fn a_server_without_logon_refuses_sessions_with_a_user() {
    let mut setup = Setup::new(config());
    // A connection of the session's user is not kept.
    setup.run_as(1, "bob");
    let mut peer = setup.dialled().await;
    peer.greet_44("bob").await;
    assert!(setup.fails(1).await.contains(NO_USER_SWITCH));
    peer.expect(GOODBYE).await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });

    // One of the driver's user is.
    setup.run(2, "A", 1000);
    let mut peer = setup.dialled().await;
    peer.shake_hands(4, 4).await;
    peer.expect(HELLO).await;
    peer.success(&[]).await;
    peer.query().await;
    setup.succeeds(2).await;
    setup.run_as(3, "bob");
    assert!(setup.fails(3).await.contains(NO_USER_SWITCH));
    setup.run(4, "B", 1000);
    peer.query().await;
    setup.succeeds(4).await;
    assert!(!setup.has_dialled());
}

#[tokio::test(start_paused = true)]
async fn a_server_without_logon_gets_a_new_connection_for_a_new_token() {
    let mut setup = managed();
    setup.run(1, "A", 1000);
    let mut peer = setup.dialled().await;
    tokio::join!(setup.give("a"), peer.greet_44("a"));
    peer.query().await;
    setup.succeeds(1).await;
    setup.run(2, "B", 1000);
    setup.give("b").await;
    let mut other = setup.dialled().await;
    peer.expect(GOODBYE).await;
    let answer = async {
        loop {
            if let (number, Event::Callback { .. }) = setup.events.next().await {
                assert!(setup.driver.answer(number, &gives("b")));
                return;
            }
        }
    };
    tokio::join!(answer, other.greet_44("b"));
    other.query().await;
    setup.succeeds(2).await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_logon_fails_what_was_sent_behind_it_and_ends_the_connection() {
    let mut setup = Setup::new(config());
    let mut peer = setup.served().await;
    setup.run_as(2, "bob");
    peer.expect(LOGOFF).await;
    peer.expect(LOGON).await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.success(&[]).await;
    peer.failure(UNAUTHORIZED, "who is bob").await;
    peer.ignored().await;
    peer.ignored().await;
    assert!(setup.fails(2).await.contains("who is bob"));
    peer.expect(GOODBYE).await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
    setup.run(3, "B", 1000);
    let mut other = setup.accept().await;
    other.query().await;
    setup.succeeds(3).await;
}

#[tokio::test(start_paused = true)]
async fn a_logon_that_is_ignored_ends_the_connection() {
    let mut setup = Setup::new(config());
    let mut peer = setup.served().await;
    setup.run_as(2, "bob");
    peer.expect(LOGOFF).await;
    peer.failure("Neo.ClientError.Request.Invalid", "no").await;
    peer.ignored().await;
    assert!(setup.fails(2).await.contains("no"));
    peer.expect_end().await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
}

#[tokio::test(start_paused = true)]
async fn the_drivers_user_turned_away_ends_the_connection_and_is_told_to_the_manager_first() {
    for code in [UNAUTHORIZED, TOKEN_EXPIRED, "Neo.ClientError.Security.Forbidden"] {
        let mut setup = managed();
        setup.run(1, "A", 1000);
        let mut peer = setup.dialled().await;
        let (token, ()) = tokio::join!(setup.asked(), peer.shake_hands(5, 8));
        setup.driver.answer(token, &gives("a"));
        peer.expect(HELLO).await;
        peer.success(&[]).await;
        peer.expect(LOGON).await;
        peer.success(&[]).await;
        peer.expect(RUN).await;
        peer.failure(code, "no").await;
        peer.ignored().await;
        let (incident, event) = setup.events.next().await;
        let Event::Callback { kind, frame } = event else { panic!("{event:?}") };
        assert_eq!(format!("{kind:?}"), "Denied");
        assert!(text(&frame).contains(code));
        // [int, string]: tag 3 with the number of the token
        assert_eq!(u32::from_le_bytes(frame[32..36].try_into().unwrap()), 3 | (token << 5));
        let (id, event) = setup.events.next().await;
        let Event::Failure { frame } = event else { panic!("{event:?}") };
        assert_eq!(id, 1);
        assert!(text(&frame).contains(code) && refers_to(&frame, incident), "{frame:?}");
        let mut forgotten = [setup.events.word().await, setup.events.word().await];
        forgotten.sort();
        assert_eq!(forgotten, [format!("{token} FORGOTTEN"), format!("{incident} FORGOTTEN")]);
        // No RESET: the connection is not going to be used.
        peer.expect(PULL).await;
        peer.expect(GOODBYE).await;
        assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
    }
}

#[tokio::test(start_paused = true)]
async fn every_query_of_a_transaction_refers_to_the_one_incident() {
    let mut setup = managed();
    let transaction = setup.driver.begin(1, &begin());
    transaction.run(2, &transaction_request("A", 1000), 0);
    transaction.run(3, &transaction_request("B", 1000), 0);
    let mut peer = setup.dialled().await;
    tokio::join!(setup.give("a"), peer.greet_user("a"));
    peer.expect(BEGIN).await;
    peer.failure(TOKEN_EXPIRED, "no").await;
    let (incident, event) = setup.events.next().await;
    assert!(matches!(event, Event::Callback { .. }));
    let mut failed = Vec::new();
    while failed.len() < 3 {
        match setup.events.next().await {
            (id, Event::Failure { frame }) => {
                assert!(refers_to(&frame, incident));
                failed.push(id);
            }
            (_, event) => panic!("{event:?}"),
        }
    }
    failed.sort_unstable();
    assert_eq!(failed, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_user_of_a_session_turned_away_is_nobody_elses_business() {
    let mut setup = managed();
    setup.run_as(1, "bob");
    let mut peer = setup.dialled().await;
    peer.greet_user("bob").await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.failure(UNAUTHORIZED, "no").await;
    peer.ignored().await;
    peer.expect(RESET).await;
    peer.success(&[]).await;
    assert!(setup.events.word().await.starts_with("1 FAILURE"));
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 1 });
}

#[tokio::test(start_paused = true)]
async fn after_authorization_has_expired_each_connection_logs_on_again() {
    let mut setup = Setup::new(config());
    setup.run(1, "A", 1000);
    setup.run(2, "B", 1000);
    let (mut first, mut second) = (setup.accept().await, setup.accept().await);
    first.query().await;
    second.query().await;
    setup.succeeds(1).await;
    setup.succeeds(2).await;

    setup.run(3, "C", 1000);
    second.expect(RUN).await;
    second.expect(PULL).await;
    second.failure(AUTHORIZATION_EXPIRED, "who was it").await;
    assert!(setup.fails(3).await.contains("who was it"));
    second.expect(GOODBYE).await;

    setup.run(4, "D", 1000);
    first.expect(LOGOFF).await;
    first.expect(LOGON).await;
    first.success(&[]).await;
    first.success(&[]).await;
    first.query().await;
    setup.succeeds(4).await;
    setup.run(5, "E", 1000);
    first.query().await;
    setup.succeeds(5).await;
}

/// PackStream for `{ credentials: null }` and the like.
fn flawed(key: &str, value: &[u8]) -> Vec<u8> {
    [&[0xA1, 0x80 + key.len() as u8], key.as_bytes(), value].concat()
}

#[tokio::test(start_paused = true)]
async fn a_server_that_hangs_up_on_a_token_that_it_cannot_read_is_not_asked_again() {
    for (token, flaw) in [
        (flawed("credentials", &[0xC0]), Some("credentials, null")),
        (flawed("realm", &[0xC0]), Some("realm, null")),
        (flawed("anything", &[0xC0]), Some("anything, null")),
        (flawed("principal", &[0x90]), Some("principal, list")),
        (flawed("scheme", &[0xA0]), Some("scheme, map")),
        (flawed("credentials", &[0x81, b'x']), None),
        (flawed("parameters", &[0xA0]), None),
        (flawed("anything", &[0x90]), None),
    ] {
        let told = |word: String| match flaw {
            Some(flaw) => {
                assert!(word.ends_with(&format!("FAILURE BadToken({flaw})")), "{word}");
            }
            None => assert!(word.ends_with("FAILURE Disconnected()"), "{word}"),
        };
        let mut setup = Setup::new(Config { auth: Auth::Token(Secret(token.clone())), ..config() });
        setup.run(1, "A", 1000);
        let mut peer = setup.dialled().await;
        peer.shake_hands(5, 8).await;
        peer.expect(HELLO).await;
        drop(peer);
        told(setup.events.word().await);

        // A session's own, on a connection that is open.
        let mut setup = Setup::new(config());
        let mut peer = setup.served().await;
        setup.driver.run(2, &request_as(Some(&token), "B", 1000), 0);
        peer.expect(LOGOFF).await;
        drop(peer);
        told(setup.events.word().await);
    }
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_waits_for_logon() {
    let mut setup = Setup::new(config());
    let mut peer = setup.served().await;
    let cursor = setup.driver.run(2, &request_as(Some(&token("bob")), "Q", 1000), 0);
    peer.expect(LOGOFF).await;
    peer.expect(LOGON).await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    cursor.reset();
    peer.success(&[]).await;
    assert!(peer.is_quiet().await, "the server would ignore LOGON");
    peer.success(&[]).await;
    peer.expect(RESET).await;
    peer.ignored().await;
    peer.ignored().await;
    peer.success(&[]).await;
    assert!(setup.fails(2).await.contains("Interrupted()"));
    setup.run_as(3, "bob");
    peer.query().await;
    setup.succeeds(3).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_logon_is_left_after_the_time_for_a_reset() {
    let mut setup = Setup::new(config());
    let mut peer = setup.served().await;
    let cursor = setup.driver.run(2, &request_as(Some(&token("bob")), "Q", 1000), 0);
    cursor.reset();
    let before = Instant::now();
    assert!(setup.fails(2).await.contains("Interrupted()"));
    assert_eq!(before.elapsed().as_secs(), 10);
    peer.expect(LOGOFF).await;
    peer.expect(LOGON).await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.expect_end().await;
}

#[tokio::test(start_paused = true)]
async fn a_request_that_cannot_be_sent_leaves_the_connection_to_its_new_user_without_a_reset() {
    let mut setup = Setup::new(config());
    let mut peer = setup.served().await;
    setup.driver.run(2, &request_as(Some(&token("bob")), "Q", 1000), VECTORS);
    peer.switch("bob").await;
    assert!(setup.fails(2).await.contains("Vector()"));
    setup.run_as(3, "bob");
    peer.query().await;
    setup.succeeds(3).await;
}

#[tokio::test(start_paused = true)]
async fn a_new_connection_needs_no_reset_to_be_verified_and_an_old_one_does() {
    let mut setup = Setup::new(config());
    setup.driver.verify(1, None);
    let mut peer = setup.accept().await;
    setup.succeeds(1).await;
    setup.driver.verify(2, None);
    peer.expect(RESET).await;
    peer.success(&[]).await;
    setup.succeeds(2).await;
}

#[tokio::test(start_paused = true)]
async fn a_user_is_verified_by_a_logon_whose_answer_counts() {
    let mut setup = Setup::new(config());
    setup.driver.authenticate(1, None, None);
    let mut peer = setup.accept().await;
    setup.succeeds(1).await;
    // Another user, the same one again, and the driver's own.
    for (id, user) in [(2, Some("bob")), (3, Some("bob")), (4, None), (5, None)] {
        setup.driver.authenticate(id, None, user.map(token).as_deref());
        peer.expect(LOGOFF).await;
        let logon = peer.expect(LOGON).await;
        assert_eq!(logon[0].get("principal").and_then(Value::as_str), user);
        peer.success(&[]).await;
        assert!(peer.is_quiet().await && setup.events.is_empty());
        peer.success(&[]).await;
        setup.succeeds(id).await;
    }
    setup.driver.authenticate(6, None, Some(&token("eve")));
    peer.expect(LOGOFF).await;
    peer.expect(LOGON).await;
    peer.success(&[]).await;
    peer.failure(UNAUTHORIZED, "no eve").await;
    assert!(setup.fails(6).await.contains("no eve"));
    peer.expect(GOODBYE).await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_say_whether_it_takes_a_user_is_waited_for_no_longer_than_for_a_connection() {
    let mut setup = Setup::new(config());
    setup.driver.authenticate(1, None, None);
    let mut peer = setup.accept().await;
    setup.succeeds(1).await;
    let before = Instant::now();
    setup.driver.authenticate(2, None, Some(&token("bob")));
    let failure = setup.fails(2).await;
    assert!(failure.contains("AcquisitionTimeout(60000, "), "{failure}");
    assert!(failure.ends_with(", AwaitedLogon())"), "{failure}");
    assert_eq!(before.elapsed().as_secs(), 60);
    peer.expect(LOGOFF).await;
    peer.expect(LOGON).await;
    peer.expect(GOODBYE).await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
}

#[tokio::test(start_paused = true)]
async fn a_connection_whose_logon_is_never_answered_does_not_fill_the_pool() {
    let mut setup = Setup::new(config());
    let mut peer = setup.served().await;
    // The query is not sent, but its user is.
    setup.driver.run(2, &request_as(Some(&token("bob")), "Q", 1000), VECTORS);
    peer.expect(LOGOFF).await;
    peer.expect(LOGON).await;
    assert!(setup.fails(2).await.contains("Vector()"));
    peer.expect_end().await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
}

#[tokio::test(start_paused = true)]
async fn a_user_cannot_be_verified_without_logon() {
    for user in [None, Some("bob")] {
        let mut setup = Setup::new(config());
        setup.driver.authenticate(1, None, user.map(token).as_deref());
        let mut peer = setup.dialled().await;
        peer.shake_hands(4, 4).await;
        peer.expect(HELLO).await;
        peer.success(&[]).await;
        assert!(setup.fails(1).await.contains(NO_USER_SWITCH));
    }
}

#[test]
fn debug_output_holds_no_credentials() {
    let mut config = config();
    config.auth = Auth::Token(Secret(token("topsecret")));
    let shown = format!("{config:?}");
    assert!(!shown.contains("topsecret") && !shown.contains("116, 111, 112"), "{shown}");
}
