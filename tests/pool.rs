//! The pool against scripted peers: reuse, limits, waiting, closing. Time is paused.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::time::Duration;

use neobolt::driver::config::Config;
use neobolt::driver::{Counters, Metrics, Status};
use support::*;
use tokio::time::{Instant, sleep};

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_used_again() {
    let mut setup = Setup::new(config());
    setup.run(1, "A", 1000);
    let mut peer = setup.accept().await;
    for id in 1..=3 {
        peer.expect(RUN).await;
        peer.expect(PULL).await;
        peer.result(0).await;
        assert_eq!(setup.events.word().await, format!("{id} FIELDS"));
        assert_eq!(setup.events.word().await, format!("{id} SUCCESS"));
        assert_eq!(setup.driver.status(), Status { active: 0, idle: 1 });
        setup.run(id + 1, "B", 1000);
    }
    assert!(!setup.has_dialled());
}

#[tokio::test(start_paused = true)]
async fn who_waits_is_served_in_the_order_of_coming() {
    let mut setup = Setup::new(config());
    for id in 1..=5 {
        setup.run(id, &format!("Q{id}"), 1000);
    }
    let mut first = setup.accept().await;
    let _second = setup.accept().await;
    for query in ["Q1", "Q3", "Q4", "Q5"] {
        let run = first.expect(RUN).await;
        assert_eq!(run[0].as_str(), Some(query));
        first.expect(PULL).await;
        first.result(0).await;
    }
    assert!(!setup.has_dialled(), "two is the most");
}

#[tokio::test(start_paused = true)]
async fn the_acquisition_timeout_says_how_busy_the_pool_is() {
    let mut setup = Setup::new(config());
    for id in 1..=3 {
        setup.run(id, "A", 1000);
    }
    let (mut first, mut second) = (setup.accept().await, setup.accept().await);
    first.expect(RUN).await;
    second.expect(RUN).await;
    let before = Instant::now();
    let failure = setup.events.word().await;
    assert_eq!(failure, "3 FAILURE AcquisitionTimeout(60000, 2, 0, null)");
    assert_eq!(before.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_accepts_and_says_nothing_is_waited_for_no_longer_than_the_acquisition_timeout() {
    let mut setup = Setup::new(config());
    setup.run(1, "A", 1000);
    let mut peer = setup.dialled().await;
    let failure = setup.events.word().await;
    assert!(failure.contains("AcquisitionTimeout(60000, "), "{failure}");
    assert!(failure.ends_with(", AwaitedHandshake())"), "{failure}");
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
    peer.expect_end().await;
    // What it had been waiting with is free again.
    setup.run(2, "A", 1000);
    setup.run(3, "A", 1000);
    setup.accept().await.expect(RUN).await;
    setup.accept().await.expect(RUN).await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_fails_to_open_makes_room_for_the_next() {
    let mut setup = Setup::new(config());
    for id in 1..=3 {
        setup.run(id, "A", 1000);
    }
    drop(setup.dialled().await);
    let _second = setup.accept().await;
    let mut third = setup.accept().await;
    assert_eq!(setup.events.word().await.split(' ').take(2).collect::<Vec<_>>(), ["1", "FAILURE"]);
    assert_eq!(third.expect(RUN).await[0].as_str(), Some("A"));
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_fails_with_the_servers_word() {
    let mut setup = Setup::new(config());
    setup.run(1, "A", 1000);
    let mut peer = setup.dialled().await;
    peer.greet(5, 0, &[]).await; // HELLO authenticates before 5.1 ...
    peer.expect(RUN).await;

    let mut setup = Setup::new(config());
    setup.run(1, "A", 1000);
    let mut peer = setup.dialled().await;
    let refused = async {
        peer.shake_hands(5, 8).await;
        peer.expect(HELLO).await;
        peer.success(&[]).await;
        peer.expect(LOGON).await; // ... and LOGON from there on, sent along with HELLO.
        peer.failure("Neo.ClientError.Security.Unauthorized", "who are you").await;
        peer.expect_end().await;
    };
    refused.await;
    let failure = setup.events.word().await;
    assert!(failure.contains("Neo.ClientError.Security.Unauthorized"), "{failure}");
}

#[tokio::test(start_paused = true)]
async fn a_connection_past_its_lifetime_is_not_used_again() {
    let mut setup = Setup::new(config());
    setup.run(1, "A", 1000);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.result(0).await;
    setup.events.words(2).await;
    sleep(Duration::from_secs(3601)).await;
    setup.run(2, "B", 1000);
    setup.accept().await.expect(RUN).await;
    peer.expect(GOODBYE).await;
    peer.expect_end().await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_idle_for_long_is_asked_first_whether_it_is_there() {
    let mut config = config();
    config.liveness_check_timeout = Some(Duration::from_secs(10));
    let mut setup = Setup::new(config);
    setup.run(1, "A", 1000);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.result(0).await;
    setup.events.words(2).await;

    sleep(Duration::from_secs(9)).await;
    setup.run(2, "B", 1000);
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.result(0).await;
    setup.events.words(2).await;

    sleep(Duration::from_secs(11)).await;
    setup.run(3, "C", 1000);
    peer.expect(RESET).await;
    peer.success(&[]).await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.result(0).await;
    setup.events.words(2).await;

    sleep(Duration::from_secs(11)).await;
    setup.run(4, "D", 1000);
    peer.expect(RESET).await;
    drop(peer);
    setup.accept().await.expect(RUN).await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_died_while_idle_is_replaced() {
    let mut setup = Setup::new(config());
    setup.run(1, "A", 1000);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.result(0).await;
    setup.events.words(2).await;
    drop(peer);
    sleep(Duration::from_secs(1)).await;
    setup.run(2, "B", 1000);
    setup.accept().await.expect(RUN).await;
}

#[tokio::test(start_paused = true)]
async fn an_open_transaction_that_is_reset_leaves_a_clean_connection() {
    let mut setup = Setup::new(config());
    let transaction = setup.driver.begin(1, &begin());
    let mut peer = setup.accept().await;
    peer.expect(BEGIN).await;
    peer.success(&[]).await;
    assert_eq!(setup.events.word().await, "1 SUCCESS");
    transaction.reset();
    peer.expect(RESET).await;
    setup.run(2, "A", 1000);
    // Not before RESET is answered.
    let mut other = setup.accept().await;
    other.expect(RUN).await;
    peer.success(&[]).await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(setup.driver.status(), Status { active: 1, idle: 1 });
}

#[tokio::test(start_paused = true)]
async fn a_transaction_whose_connection_was_lost_gives_its_place_in_the_pool_back() {
    for ask in ["run", "commit", "rollback"] {
        let mut setup = Setup::new(config());
        let transaction = setup.driver.begin(1, &begin());
        let mut peer = setup.accept().await;
        peer.expect(BEGIN).await;
        peer.success(&[]).await;
        assert_eq!(setup.events.word().await, "1 SUCCESS");
        drop(peer);
        sleep(Duration::from_secs(1)).await;
        match ask {
            "run" => drop(transaction.run(2, &transaction_request("A", 1000), 0)),
            "commit" => transaction.commit(2),
            _ => transaction.rollback(2),
        }
        let failure = setup.events.word().await;
        assert_eq!(failure, "2 FAILURE Disconnected()", "{ask}");
        assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 }, "{ask}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_transaction_that_is_reset_while_it_commits_answers_everything_it_was_asked() {
    let mut setup = Setup::new(config());
    let transaction = setup.driver.begin(1, &begin());
    let mut peer = setup.accept().await;
    peer.expect(BEGIN).await;
    peer.success(&[]).await;
    assert_eq!(setup.events.word().await, "1 SUCCESS");
    transaction.commit(2);
    peer.expect(COMMIT).await;
    transaction.reset();
    transaction.rollback(3);
    peer.expect(RESET).await;
    peer.success(&[]).await;
    peer.success(&[]).await;
    assert_eq!(setup.events.words(2).await, ["2 SUCCESS", "3 SUCCESS"]);
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 1 });
}

#[tokio::test(start_paused = true)]
async fn closing_ends_everything_that_is_under_way() {
    let mut setup = Setup::new(config());
    setup.run(1, "streams", 1000);
    setup.run(2, "has more", 1);
    setup.run(3, "waits", 1000);
    let transaction = setup.driver.begin(4, &begin());
    transaction.run(5, &transaction_request("waits too", 1000), 0);
    let (mut first, mut second) = (setup.accept().await, setup.accept().await);
    for peer in [&mut first, &mut second] {
        peer.expect(RUN).await;
        peer.expect(PULL).await;
        peer.fields().await;
    }
    second.has_more().await;
    assert_eq!(setup.events.words(3).await, ["1 FIELDS", "2 FIELDS", "2 RECORDS 0, has_more"]);
    sleep(Duration::from_secs(1)).await;

    setup.driver.close(9);
    first.expect(GOODBYE).await;
    second.expect(GOODBYE).await;
    let words = setup.events.words(6).await;
    for (id, word) in (1..=5).zip(&words) {
        assert_eq!(word, &format!("{id} FAILURE Closed()"));
    }
    assert_eq!(words[5], "9 SUCCESS");
    first.expect_end().await;
    second.expect_end().await;

    // Closed is closed, and still every request is answered.
    setup.run(10, "late", 1000);
    assert!(setup.events.word().await.ends_with("FAILURE PoolClosed()"));
    setup.driver.begin(11, &begin()).commit(12);
    setup.driver.verify(13, None);
    setup.driver.close(14);
    let words = setup.events.words(4).await;
    assert!(words[..3].iter().all(|word| word.contains("FAILURE")), "{words:?}");
    assert_eq!(words[3], "14 SUCCESS");
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
}

#[tokio::test(start_paused = true)]
async fn closing_does_not_wait_for_a_server_that_does_not_read() {
    let mut setup = Setup::new(config());
    let long = "x".repeat(1024 * 1024);
    setup.run(1, &long, 1000);
    let _peer = setup.accept().await;
    sleep(Duration::from_secs(1)).await;
    let before = Instant::now();
    setup.driver.close(2);
    assert_eq!(setup.events.word().await.split(' ').take(2).collect::<Vec<_>>(), ["1", "FAILURE"]);
    assert_eq!(setup.events.word().await, "2 SUCCESS");
    assert!(before.elapsed() <= Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn connections_that_are_idle_for_too_long_are_closed() {
    let mut setup = Setup::new(Config { idle_timeout: Some(Duration::from_secs(30)), ..config() });
    setup.run(1, "A", 1000);
    setup.run(2, "B", 1000);
    let (mut first, mut second) = (setup.accept().await, setup.accept().await);
    for peer in [&mut first, &mut second] {
        peer.expect(RUN).await;
        peer.expect(PULL).await;
    }
    first.result(0).await;
    setup.events.words(2).await;
    sleep(Duration::from_secs(20)).await;
    second.result(0).await;
    setup.events.words(2).await;
    let before = Instant::now();
    first.expect(GOODBYE).await;
    assert_eq!(before.elapsed().as_secs(), 10);
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 1 });
    second.expect(GOODBYE).await;
    assert_eq!(before.elapsed().as_secs(), 30);
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
    assert!(!setup.has_dialled());
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_used_is_not_idle() {
    let mut setup = Setup::new(Config { idle_timeout: Some(Duration::from_secs(30)), ..config() });
    setup.run(1, "A", 1000);
    let mut peer = setup.accept().await;
    for id in 1..=5 {
        peer.expect(RUN).await;
        peer.expect(PULL).await;
        sleep(Duration::from_secs(100)).await;
        peer.result(0).await;
        setup.events.words(2).await;
        sleep(Duration::from_secs(29)).await;
        setup.run(id + 1, "A", 1000);
    }
    assert!(!setup.has_dialled());
}

#[tokio::test(start_paused = true)]
async fn who_comes_just_when_a_connection_has_been_idle_for_too_long_is_served() {
    for idle in [29_999, 30_000, 30_001] {
        let mut setup = Setup::new(Config { idle_timeout: Some(Duration::from_secs(30)), ..config() });
        setup.run(1, "A", 1000);
        let mut peer = setup.accept().await;
        peer.expect(RUN).await;
        peer.expect(PULL).await;
        peer.result(0).await;
        setup.events.words(2).await;
        sleep(Duration::from_millis(idle)).await;
        setup.run(2, "B", 1000);
        settle().await;
        if setup.has_dialled() {
            assert!(idle >= 30_000, "a new connection after {idle} ms");
            peer.expect(GOODBYE).await;
            peer = setup.accept().await;
        }
        peer.expect(RUN).await;
        peer.expect(PULL).await;
        peer.result(0).await;
        assert_eq!(setup.events.words(2).await, ["2 FIELDS", "2 SUCCESS"]);
        assert_eq!(setup.driver.status(), Status { active: 0, idle: 1 });
    }
}

#[tokio::test(start_paused = true)]
async fn connections_are_opened_in_advance_and_again_when_they_are_lost() {
    let mut setup = Setup::new(Config { min_connection_pool_size: 2, ..config() });
    let (first, _second) = (setup.accept().await, setup.accept().await);
    settle().await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 2 });
    drop(first);
    let mut third = setup.accept().await;
    settle().await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 2 });
    // The one that was opened last is used first.
    setup.run(1, "A", 1000);
    third.expect(RUN).await;
    assert!(!setup.has_dialled());
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_away_is_tried_less_and_less_often_and_fails_nobody() {
    let mut setup = Setup::new(Config { min_connection_pool_size: 1, ..config() });
    let start = Instant::now();
    let mut seconds = Vec::new();
    for _ in 0..9 {
        drop(setup.dialled().await);
        seconds.push(start.elapsed().as_secs());
    }
    assert_eq!(seconds, [0, 1, 3, 7, 15, 31, 63, 123, 183]);
    settle().await;
    assert!(setup.events.is_empty());
    assert_eq!(setup.driver.metrics()[0].counters.failed, 9);
    let mut peer = setup.accept().await;
    settle().await;
    setup.run(1, "A", 1000);
    peer.expect(RUN).await;
}

#[tokio::test(start_paused = true)]
async fn who_comes_while_connections_are_opened_in_advance_gets_one() {
    let mut setup = Setup::new(Config { min_connection_pool_size: 2, ..config() });
    let mut first = setup.dialled().await;
    for id in 1..=2 {
        setup.run(id, "A", 1000);
    }
    // One request dials by itself; the other one waits, as the pool has only two places.
    let mut second = setup.accept().await;
    second.expect(RUN).await;
    first.greet(5, 8, &[]).await;
    first.expect(RUN).await;
    assert!(!setup.has_dialled());
}

#[tokio::test(start_paused = true)]
async fn as_many_as_are_kept_warm_are_never_too_idle() {
    let mut setup = Setup::new(Config {
        min_connection_pool_size: 1,
        idle_timeout: Some(Duration::from_secs(30)),
        max_connection_lifetime: Duration::from_secs(300),
        ..config()
    });
    let mut warm = setup.accept().await;
    settle().await;
    setup.run(1, "A", 1000);
    setup.run(2, "B", 1000);
    let mut other = setup.accept().await;
    for peer in [&mut warm, &mut other] {
        peer.expect(RUN).await;
        peer.expect(PULL).await;
        peer.result(0).await;
        setup.events.words(2).await;
    }
    sleep(Duration::from_secs(31)).await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 1 });
    warm.expect(GOODBYE).await;
    sleep(Duration::from_secs(200)).await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 1 });
    assert!(!setup.has_dialled());
    // But for its age, at which it makes room for a younger one.
    let before = Instant::now();
    other.expect(GOODBYE).await;
    assert_eq!(before.elapsed().as_secs(), 69);
    let _young = setup.accept().await;
    settle().await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 1 });
}

#[tokio::test(start_paused = true)]
async fn a_connection_whose_end_has_come_is_not_handed_out() {
    for pause in [0, 49, 50, 60_000] {
        let mut setup = Setup::new(config());
        setup.run(1, "A", 1000);
        let mut peer = setup.accept().await;
        peer.expect(RUN).await;
        peer.expect(PULL).await;
        peer.result(0).await;
        setup.events.words(2).await;
        sleep(Duration::from_millis(pause)).await;
        drop(peer);
        if pause < 50 {
            // The engine has had its turn since.
            settle().await;
            assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
        }
        setup.run(2, "B", 1000);
        let mut peer = setup.accept().await;
        peer.expect(RUN).await;
        peer.expect(PULL).await;
        peer.result(0).await;
        assert_eq!(setup.events.words(2).await, ["2 FIELDS", "2 SUCCESS"]);
    }
}

#[tokio::test(start_paused = true)]
async fn who_got_a_connection_that_does_not_answer_keeps_its_turn() {
    let mut setup = Setup::new(Config {
        max_connection_pool_size: 1,
        liveness_check_timeout: Some(Duration::ZERO),
        ..config()
    });
    setup.run(1, "A", 1000);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.result(0).await;
    setup.events.words(2).await;
    setup.run(2, "first", 1000);
    peer.expect(RESET).await;
    setup.run(3, "second", 1000);
    settle().await;
    drop(peer);
    let mut peer = setup.accept().await;
    assert_eq!(peer.expect(RUN).await[0].as_str(), Some("first"));
}

#[tokio::test(start_paused = true)]
async fn a_pool_counts_what_it_does() {
    let mut setup = Setup::new(Config { acquisition_timeout: Duration::from_secs(10), ..config() });
    for id in 1..=3 {
        setup.run(id, "A", 1000);
    }
    let (mut first, second) = (setup.accept().await, setup.accept().await);
    first.expect(RUN).await;
    first.expect(PULL).await;
    settle().await;
    let Metrics { address, in_use, idle, opening, waiting, .. } = setup.driver.metrics().remove(0);
    assert_eq!(address.to_string(), "server.test:7687");
    assert_eq!((in_use, idle, opening, waiting), (2, 0, 0, 1));
    sleep(Duration::from_secs(4)).await;
    first.result(0).await;
    setup.events.words(2).await;
    first.expect(RUN).await;
    setup.run(4, "A", 1000);
    sleep(Duration::from_secs(10)).await;
    assert!(setup.events.word().await.starts_with("4 FAILURE"));
    drop(second);
    assert!(setup.events.word().await.starts_with("2 FAILURE"));
    settle().await;
    setup.run(5, "A", 1000);
    drop(setup.dialled().await);
    assert!(setup.events.word().await.starts_with("5 FAILURE"));
    let metrics = setup.driver.metrics().remove(0);
    assert_eq!((metrics.in_use, metrics.idle, metrics.opening, metrics.waiting), (1, 0, 0, 0));
    assert_eq!(
        metrics.counters,
        Counters {
            created: 2,
            closed: 1,
            failed: 1,
            acquired: 3,
            timed_out: 1,
            waited: Duration::from_secs(4),
            longest_wait: Duration::from_secs(4),
        }
    );
}

/// Lets the engine come to rest.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}
