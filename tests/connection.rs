//! One connection against a scripted peer: pipelining, the pull-batch cursor, failures, backpressure.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::time::Duration;

use neobolt::bolt::packstream::Value;
use neobolt::driver::config::Config;
use neobolt::driver::{ALL, Event};
use support::*;
use tokio::time::{Instant, advance, sleep};

#[tokio::test(start_paused = true)]
async fn run_and_pull_go_out_together_and_records_come_as_one_batch() {
    let mut setup = Setup::new(config());
    setup.run(1, "RETURN 1", 1000);
    let mut peer = setup.accept().await;
    let run = peer.expect(RUN).await;
    assert_eq!(run[0].as_str(), Some("RETURN 1"));
    peer.expect_more(PULL, 1000, None).await;
    peer.result(3).await;
    assert_eq!(setup.events.word().await, "1 FIELDS");
    assert_eq!(setup.events.word().await, "1 RECORDS 3");
    assert_eq!(setup.events.word().await, "1 SUCCESS");
}

#[tokio::test(start_paused = true)]
async fn the_next_pull_waits_for_credit() {
    let mut setup = Setup::new(config());
    let cursor = setup.run(1, "RETURN 1", 2);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect_more(PULL, 2, None).await;
    peer.fields().await;
    peer.records(2).await;
    peer.has_more().await;
    assert_eq!(setup.events.word().await, "1 FIELDS");
    assert_eq!(setup.events.word().await, "1 RECORDS 2, has_more");
    // Whatever the peer gets next, it is not PULL.
    assert!(tokio::time::timeout(Duration::from_secs(10), peer.next()).await.is_err());

    cursor.next(1);
    peer.expect_more(PULL, 2, None).await;
    peer.records(2).await;
    peer.has_more().await;
    assert_eq!(setup.events.word().await, "1 RECORDS 2, has_more");
    assert!(tokio::time::timeout(Duration::from_secs(10), peer.next()).await.is_err());

    cursor.next(ALL);
    peer.expect_more(PULL, 2, None).await;
    peer.has_more().await;
    peer.expect_more(PULL, 2, None).await;
    peer.success(&[]).await;
    assert_eq!(setup.events.word().await, "1 RECORDS 0, has_more");
    assert_eq!(setup.events.word().await, "1 SUCCESS");
}

#[tokio::test(start_paused = true)]
async fn credit_given_ahead_lets_pull_go_out_at_once() {
    let mut setup = Setup::new(config());
    let cursor = setup.run(1, "RETURN 1", 2);
    cursor.next(1);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.fields().await;
    peer.has_more().await;
    peer.expect_more(PULL, 2, None).await;
    peer.has_more().await;
    assert!(tokio::time::timeout(Duration::from_secs(10), peer.next()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn discard_lets_go_of_what_has_not_been_pulled() {
    let mut setup = Setup::new(config());
    let cursor = setup.run(1, "RETURN 1", 2);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.fields().await;
    assert_eq!(setup.events.word().await, "1 FIELDS");
    cursor.discard();
    peer.records(2).await;
    peer.has_more().await;
    peer.expect_more(DISCARD, -1, None).await;
    peer.success(&[]).await;
    assert_eq!(setup.events.word().await, "1 RECORDS 2, has_more");
    assert_eq!(setup.events.word().await, "1 SUCCESS");
    // The connection is free again.
    setup.run(2, "RETURN 2", 1000);
    peer.expect(RUN).await;
}

#[tokio::test(start_paused = true)]
async fn results_of_one_transaction_are_told_apart_by_qid() {
    let mut setup = Setup::new(config());
    let transaction = setup.driver.begin(1, &begin());
    let first = transaction.run(2, &transaction_request("A", 1), 0);
    let second = transaction.run(3, &transaction_request("B", 1), 0);
    let mut peer = setup.accept().await;
    peer.expect(BEGIN).await;
    for query in ["A", "B"] {
        assert_eq!(peer.expect(RUN).await[0].as_str(), Some(query));
        peer.expect_more(PULL, 1, None).await;
    }
    peer.success(&[]).await;
    for qid in [7, 8] {
        peer.fields_of(qid).await;
        peer.records(1).await;
        peer.has_more().await;
    }
    assert_eq!(setup.events.word().await, "1 SUCCESS");
    for id in [2, 3] {
        assert_eq!(setup.events.word().await, format!("{id} FIELDS"));
        assert_eq!(setup.events.word().await, format!("{id} RECORDS 1, has_more"));
    }
    second.next(1);
    peer.expect_more(PULL, 1, Some(8)).await;
    peer.success(&[]).await;
    assert_eq!(setup.events.word().await, "3 SUCCESS");
    first.discard();
    peer.expect_more(DISCARD, -1, Some(7)).await;
    peer.success(&[]).await;
    assert_eq!(setup.events.word().await, "2 SUCCESS");
    transaction.commit(4);
    peer.expect(COMMIT).await;
    peer.success(&[("bookmark", "b1".into_value())]).await;
    assert_eq!(setup.events.word().await, "4 SUCCESS");
}

#[tokio::test(start_paused = true)]
async fn a_failure_ends_every_query_of_the_transaction_with_its_cause_and_resets() {
    let mut setup = Setup::new(config());
    let transaction = setup.driver.begin(1, &begin());
    transaction.run(2, &transaction_request("A", 1), 0);
    transaction.run(3, &transaction_request("B", 1), 0);
    transaction.run(4, &transaction_request("C", 1), 0);
    let mut peer = setup.accept().await;
    peer.expect(BEGIN).await;
    for _ in 0..3 {
        peer.expect(RUN).await;
        peer.expect(PULL).await;
    }
    peer.success(&[]).await;
    peer.fields_of(0).await;
    peer.records(1).await;
    peer.has_more().await;
    peer.failure("Neo.ClientError.Statement.SyntaxError", "no").await;
    peer.expect(RESET).await;
    for _ in 0..3 {
        peer.ignored().await;
    }
    peer.success(&[]).await;
    assert_eq!(setup.events.word().await, "1 SUCCESS");
    assert_eq!(setup.events.word().await, "2 FIELDS");
    assert_eq!(setup.events.word().await, "2 RECORDS 1, has_more");
    for id in [3, 2, 4] {
        let word = setup.events.word().await;
        assert!(word.starts_with(&format!("{id} FAILURE")), "{word}");
        assert!(word.contains("Neo.ClientError.Statement.SyntaxError"), "{word}");
    }
    // Over is over: nothing more is sent, and there is nothing left to roll back.
    transaction.run(5, &transaction_request("D", 1), 0);
    assert!(setup.events.word().await.starts_with("5 FAILURE"));
    transaction.commit(6);
    assert!(setup.events.word().await.starts_with("6 FAILURE"));
    transaction.rollback(7);
    assert_eq!(setup.events.word().await, "7 SUCCESS");
    setup.run(8, "RETURN 1", 1000);
    peer.expect(RUN).await;
    assert!(!setup.has_dialled());
}

#[tokio::test(start_paused = true)]
async fn reset_interrupts_a_query_and_gives_the_connection_back() {
    let mut setup = Setup::new(config());
    let cursor = setup.run(1, "RETURN 1", 1000);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.fields().await;
    assert_eq!(setup.events.word().await, "1 FIELDS");
    cursor.reset();
    peer.expect(RESET).await;
    peer.failure("Neo.TransientError.Transaction.Terminated", "ended").await;
    // The outcome is announced when the connection can be used again.
    assert!(tokio::time::timeout(Duration::from_secs(5), setup.events.word()).await.is_err());
    peer.success(&[]).await;
    assert!(setup.events.word().await.contains("Neo.TransientError.Transaction.Terminated"));
    setup.run(2, "RETURN 2", 1000);
    peer.expect(RUN).await;
    assert!(!setup.has_dialled());
}

#[tokio::test(start_paused = true)]
async fn a_result_that_waits_for_credit_ends_with_a_reset() {
    let mut setup = Setup::new(config());
    let cursor = setup.run(1, "RETURN 1", 1);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.fields().await;
    peer.records(1).await;
    peer.has_more().await;
    assert_eq!(setup.events.word().await, "1 FIELDS");
    assert_eq!(setup.events.word().await, "1 RECORDS 1, has_more");
    cursor.reset();
    peer.expect(RESET).await;
    peer.success(&[]).await;
    assert!(setup.events.word().await.starts_with("1 FAILURE"));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_pulled_or_discarded_of_a_result_that_was_reset() {
    for discard in [true, false] {
        let mut setup = Setup::new(config());
        let cursor = setup.run(1, "RETURN 1", 1);
        let mut peer = setup.accept().await;
        peer.expect(RUN).await;
        peer.expect(PULL).await;
        peer.fields().await;
        assert_eq!(setup.events.word().await, "1 FIELDS");
        if discard {
            cursor.discard();
        } else {
            cursor.next(ALL);
        }
        cursor.reset();
        peer.expect(RESET).await;
        // The server was faster with this.
        peer.records(1).await;
        peer.has_more().await;
        assert_eq!(setup.events.word().await, "1 RECORDS 1, has_more");
        peer.success(&[]).await;
        assert!(setup.events.word().await.starts_with("1 FAILURE"));
        setup.run(2, "RETURN 2", 1000);
        peer.expect(RUN).await;
        assert!(!setup.has_dialled());
    }
}

#[tokio::test(start_paused = true)]
async fn what_comes_after_the_end_of_a_connection_hears_why_it_has_ended() {
    let mut setup = Setup::new(config());
    let transaction = setup.driver.begin(1, &begin());
    let mut peer = setup.accept().await;
    peer.expect(BEGIN).await;
    peer.success(&[]).await;
    assert_eq!(setup.events.word().await, "1 SUCCESS");
    drop(peer);
    // Nothing is under way that could tell: time passes when the engine has nothing left to do.
    sleep(Duration::from_secs(1)).await;
    transaction.run(2, &transaction_request("RETURN 1", 1000), 0);
    let failure = setup.events.word().await;
    assert_eq!(failure, "2 FAILURE Disconnected()");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_the_server_closes_fails_what_is_under_way() {
    let mut setup = Setup::new(config());
    let mut peer = setup.queried().await;
    peer.fields().await;
    peer.records(2).await;
    drop(peer);
    assert_eq!(setup.events.word().await, "1 FIELDS");
    assert_eq!(setup.events.word().await, "1 RECORDS 2");
    let failure = setup.events.word().await;
    assert_eq!(failure, "1 FAILURE Disconnected()");
    // The pool has room for a new one.
    setup.run(2, "RETURN 2", 1000);
    setup.accept().await.expect(RUN).await;
}

#[tokio::test(start_paused = true)]
async fn a_result_that_waits_for_credit_fails_with_its_connection() {
    let mut setup = Setup::new(config());
    setup.run(1, "RETURN 1", 1);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.fields().await;
    peer.has_more().await;
    assert_eq!(setup.events.word().await, "1 FIELDS");
    assert_eq!(setup.events.word().await, "1 RECORDS 0, has_more");
    drop(peer);
    assert_eq!(setup.events.word().await, "1 FAILURE Disconnected()");
}

#[tokio::test(start_paused = true)]
async fn what_breaks_the_protocol_ends_the_connection_with_protocol_error() {
    const IGNORED: &[u8] = b"\x00\x02\xB0\x7E\x00\x00"; // without a failure
    let garbage: [&[u8]; 5] = [
        b"\x00\x02\xB1\x70\x00\x00",     // SUCCESS whose metadata is missing
        b"\x00\x03\xB1\x00\xA0\x00\x00", // no such message
        b"\x00\x03\xB1\x71\x90\x00\x00", // RECORD in answer to RUN
        IGNORED,
        b"\x00\x07\xB1\x70\xD8\xFF\xFF\xFF\xFF\x00\x00", // a map of four billion entries
    ];
    for bytes in garbage {
        let mut setup = Setup::new(config());
        let mut peer = setup.queried().await;
        peer.send(bytes).await;
        let failure = setup.events.word().await;
        let expected = if bytes == IGNORED { "1 FAILURE Ignored(RUN)" } else { "1 FAILURE Protocol(" };
        assert!(failure.starts_with(expected), "{bytes:02X?}: {failure}");
        peer.expect_end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_has_a_value_for_each_field_whenever_it_comes() {
    for row in [vec![], vec![Value::Int(1), Value::Int(2)]] {
        let mut setup = Setup::new(config());
        let mut peer = setup.queried().await;
        peer.fields().await;
        assert_eq!(setup.events.word().await, "1 FIELDS");
        // Read by itself, it is the first of its batch.
        peer.records(1).await;
        assert_eq!(setup.events.word().await, "1 RECORDS 1");
        peer.row(row).await;
        let failure = setup.events.word().await;
        assert!(failure.starts_with("1 FAILURE Protocol("), "{failure}");
        peer.expect_end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_in_answer_to_anything_but_pull_fails_what_it_answers() {
    let record = b"\x00\x03\xB1\x71\x90\x00\x00";
    // BEGIN
    let mut setup = Setup::new(config());
    let _transaction = setup.driver.begin(1, &begin());
    let mut peer = setup.accept().await;
    peer.expect(BEGIN).await;
    peer.send(record).await;
    assert!(setup.events.word().await.starts_with("1 FAILURE Protocol("));
    peer.expect_end().await;
    // COMMIT
    let mut setup = Setup::new(config());
    let transaction = setup.driver.begin(1, &begin());
    let mut peer = setup.accept().await;
    peer.expect(BEGIN).await;
    peer.success(&[]).await;
    assert_eq!(setup.events.word().await, "1 SUCCESS");
    transaction.commit(2);
    peer.expect(COMMIT).await;
    peer.send(record).await;
    assert!(setup.events.word().await.starts_with("2 FAILURE InDoubt(Protocol("));
    assert_eq!(setup.driver.status().active, 0);
}

#[tokio::test(start_paused = true)]
async fn metadata_that_cannot_be_read_to_the_end_fail_what_they_answer() {
    // A map in them with a key that is no string: to skip it does not reveal that.
    let success = b"\x00\x08\xB1\x70\xA1\x81x\xA1\x01\x02\x00\x00";
    let mut setup = Setup::new(config());
    let mut peer = setup.queried().await;
    peer.fields().await;
    peer.send(success).await;
    assert_eq!(setup.events.word().await, "1 FIELDS");
    assert!(setup.events.word().await.starts_with("1 FAILURE Protocol("));
    assert_eq!(setup.driver.status().active, 0);

    let transaction = setup.driver.begin(2, &begin());
    let mut peer = setup.accept().await;
    peer.expect(BEGIN).await;
    peer.success(&[]).await;
    assert_eq!(setup.events.word().await, "2 SUCCESS");
    transaction.commit(3);
    peer.expect(COMMIT).await;
    peer.send(success).await;
    assert!(setup.events.word().await.starts_with("3 FAILURE InDoubt(Protocol("));
    assert_eq!(setup.driver.status().active, 0);
}

#[tokio::test(start_paused = true)]
async fn a_message_past_the_limit_ends_the_connection_before_it_has_come() {
    let mut setup = Setup::new(Config { max_message_size: 100_000, ..config() });
    let mut peer = setup.queried().await;
    let mut chunk = vec![0xFF, 0xFF];
    chunk.resize(2 + 0xFFFF, 0xC0);
    peer.send(&chunk).await;
    // Announced, but missing.
    peer.send(&[0xFF, 0xFF]).await;
    let failure = setup.events.word().await;
    assert_eq!(failure, "1 FAILURE TooLong(100000, 131070)");
    peer.expect_end().await;
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_ignored_without_a_reason_fails_with_what_that_means() {
    let mut setup = Setup::new(config());
    let mut peer = setup.queried().await;
    peer.ignored().await;
    let failure = setup.events.word().await;
    assert_eq!(failure, "1 FAILURE Ignored(RUN)");
    peer.expect_end().await;
    // The next one gets another connection.
    setup.run(2, "RETURN 2", 1000);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    peer.result(1).await;
    assert_eq!(setup.events.word().await, "2 FIELDS");
    assert_eq!(setup.events.word().await, "2 RECORDS 1");
    assert_eq!(setup.events.word().await, "2 SUCCESS");
}

#[tokio::test(start_paused = true)]
async fn a_greeting_without_end_is_not_taken_in() {
    let mut setup = Setup::new(config());
    setup.run(1, "RETURN 1", 1000);
    let mut peer = setup.dialled().await;
    peer.shake_hands(5, 8).await;
    peer.expect(HELLO).await;
    let chunk = [&[0x7F, 0xFF][..], &[0xC0; 0x7FFF]].concat();
    for _ in 0..3 {
        peer.send(&chunk).await;
    }
    let failure = setup.events.word().await;
    assert!(failure.contains("message is longer than the 65536 bytes that it may have"), "{failure}");
    peer.expect_end().await;
    assert_eq!(setup.driver.status().active, 0);
}

#[tokio::test(start_paused = true)]
async fn a_response_to_nothing_ends_the_connection() {
    let mut setup = Setup::new(config());
    let mut peer = setup.queried().await;
    peer.result(0).await;
    peer.success(&[]).await;
    assert_eq!(setup.events.word().await, "1 FIELDS");
    assert_eq!(setup.events.word().await, "1 SUCCESS");
    peer.expect_end().await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_owes_an_answer_and_is_silent_past_its_own_hint_is_given_up() {
    let mut setup = Setup::new(config());
    setup.run(1, "RETURN 1", 1000);
    let mut peer = setup.dialled().await;
    peer.greet(5, 8, &[("connection.recv_timeout_seconds", Value::Int(5))]).await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    let before = Instant::now();
    let failure = setup.events.word().await;
    assert!(failure.contains("Connect(Silence(5000))"), "{failure}");
    assert_eq!(before.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_announced_when_reset_is_answered_or_has_been_waited_for_long_enough() {
    let mut setup = Setup::new(config());
    setup.run(1, "RETURN 1", 1000);
    let mut peer = setup.accept().await;
    for answers in [true, false] {
        peer.expect(RUN).await;
        peer.expect(PULL).await;
        peer.failure("Neo.ClientError.Statement.SyntaxError", "no").await;
        peer.ignored().await;
        peer.expect(RESET).await;
        let before = Instant::now();
        if answers {
            peer.success(&[]).await;
        }
        let failure = setup.events.word().await;
        assert!(failure.contains("Neo.ClientError.Statement.SyntaxError"), "{failure}");
        assert_eq!(before.elapsed().as_secs(), if answers { 0 } else { 10 });
        setup.run(2, "RETURN 2", 1000);
    }
    // The connection that could not be RESET is given up.
    setup.accept().await.expect(RUN).await;
}

#[tokio::test(start_paused = true)]
async fn noops_keep_a_slow_server_alive() {
    let mut setup = Setup::new(config());
    setup.run(1, "RETURN 1", 1000);
    let mut peer = setup.dialled().await;
    peer.greet(5, 8, &[("connection.recv_timeout_seconds", Value::Int(5))]).await;
    peer.expect(RUN).await;
    peer.expect(PULL).await;
    for _ in 0..10 {
        sleep(Duration::from_secs(4)).await;
        assert!(peer.send(&[0, 0]).await);
    }
    peer.result(1).await;
    assert_eq!(setup.events.word().await, "1 FIELDS");
    assert_eq!(setup.events.word().await, "1 RECORDS 1");
    assert_eq!(setup.events.word().await, "1 SUCCESS");
    // An idle connection may be as silent as it likes.
    sleep(Duration::from_secs(60)).await;
    setup.run(2, "RETURN 2", 1000);
    peer.expect(RUN).await;
}

#[tokio::test(start_paused = true)]
async fn reading_stops_while_too_much_is_on_its_way() {
    let mut setup = Setup::new(config());
    setup.run(1, "RETURN 1", -1);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect_more(PULL, -1, None).await;
    peer.fields().await;
    let large = Value::Bytes(vec![0; 32 * 1024]);
    let mut sent = 0_usize;
    // The test takes no events, so at some point the connection stops reading the pipe.
    while sent < 1000 {
        let blocked = tokio::time::timeout(Duration::from_secs(1), peer.record(large.clone())).await.is_err();
        if blocked {
            break;
        }
        sent += 1;
    }
    assert!((10..100).contains(&sent), "{sent} records of 32 KiB were read ahead");
    // Taken, they make room for the rest. (The record in the pipe was cut off, so the connection's
    // next words are not Bolt any more: all that counts here is that it reads them.)
    assert_eq!(setup.events.word().await, "1 FIELDS");
    let mut taken = 0;
    while taken < sent as u32 - 2 {
        match setup.events.next().await {
            (1, Event::Records { count, .. }) => taken += count,
            (id, event) => panic!("{id} {event:?}"),
        }
    }
    assert!(peer.send(&[0; 256 * 1024]).await);
}

/// A query is RESET while so many of its records have been read that the engine reads no more.
async fn reset_with_much_on_its_way(setup: &mut Setup) -> Peer {
    let cursor = setup.run(1, "RETURN 1", -1);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    peer.expect_more(PULL, -1, None).await;
    peer.fields().await;
    for _ in 0..17 {
        peer.record(Value::Bytes(vec![0; 32 * 1024])).await;
    }
    cursor.reset();
    peer.expect(RESET).await;
    peer
}

/// Takes what has been read of a result; returns the word behind it.
async fn end_of_result(setup: &mut Setup) -> String {
    loop {
        let word = setup.events.word().await;
        if !word.contains("FIELDS") && !word.contains("RECORDS") {
            return word;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_time_for_reset_does_not_pass_while_nobody_takes_what_was_read() {
    let mut setup = Setup::new(config());
    let mut peer = reset_with_much_on_its_way(&mut setup).await;
    // The server answers at once, and JavaScript is busy with something else.
    peer.ignored().await;
    peer.success(&[]).await;
    sleep(Duration::from_secs(60)).await;
    let failure = end_of_result(&mut setup).await;
    assert!(failure.ends_with("FAILURE Interrupted()"), "{failure}");
    setup.run(2, "RETURN 2", 1000);
    peer.expect(RUN).await;
}

#[tokio::test(start_paused = true)]
async fn the_time_for_reset_goes_on_once_the_engine_reads_again() {
    let mut setup = Setup::new(config());
    let mut peer = reset_with_much_on_its_way(&mut setup).await;
    sleep(Duration::from_secs(60)).await;
    let before = Instant::now();
    let failure = end_of_result(&mut setup).await;
    // The user has interrupted it: the failure is the interruption, not the server's silence.
    assert!(failure.ends_with("FAILURE Interrupted()"), "{failure}");
    assert_eq!(before.elapsed().as_secs(), 10);
    peer.expect_end().await;
}

#[tokio::test(start_paused = true)]
async fn time_in_which_the_process_stands_still_is_not_the_servers() {
    for (hints, limit) in [(vec![], 10), (vec![("connection.recv_timeout_seconds", Value::Int(5))], 5)] {
        let mut setup = Setup::new(config());
        setup.run(1, "RETURN 1", 1000);
        let mut peer = setup.dialled().await;
        peer.greet(5, 8, &hints).await;
        peer.expect(RUN).await;
        peer.expect(PULL).await;
        peer.failure("Neo.ClientError.Statement.SyntaxError", "no").await;
        peer.ignored().await;
        peer.expect(RESET).await;
        // As after SIGSTOP: the clock has gone on, and no timer has fired.
        advance(Duration::from_secs(100)).await;
        sleep(Duration::from_secs(limit - 2)).await;
        peer.success(&[]).await;
        let failure = setup.events.word().await;
        assert!(failure.contains("Neo.ClientError.Statement.SyntaxError"), "{failure}");
        setup.run(2, "RETURN 2", 1000);
        peer.expect(RUN).await;
        peer.expect(PULL).await;
        // A server that is silent while the process goes on gets no more time.
        if limit == 5 {
            let before = Instant::now();
            let failure = setup.events.word().await;
            assert!(failure.contains("Connect(Silence(5000))"), "{failure}");
            assert_eq!(before.elapsed().as_secs(), limit);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_waits_for_begin() {
    for answers in [true, false] {
        let mut setup = Setup::new(config());
        let transaction = setup.driver.begin(1, &begin());
        transaction.run(2, &transaction_request("A", 1000), 0);
        let mut peer = setup.accept().await;
        peer.expect(BEGIN).await;
        peer.expect(RUN).await;
        peer.expect(PULL).await;
        transaction.reset();
        assert!(peer.is_quiet().await, "the server might fail, and hang up");
        if answers {
            peer.success(&[]).await;
            peer.expect(RESET).await;
        } else {
            peer.failure("Neo.ClientError.Transaction.InvalidBookmark", "no").await;
            peer.expect(RESET).await;
        }
        peer.ignored().await;
        peer.ignored().await;
        peer.success(&[]).await;
        let words = setup.events.words(2).await;
        assert!(words[1].starts_with("2 FAILURE"), "{words:?}");
        assert_eq!(words[0].starts_with("1 SUCCESS"), answers, "{words:?}");
        setup.run(3, "B", 1000);
        peer.expect(RUN).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_interrupt_does_not_wait_for_the_begin_of_an_older_server() {
    let mut setup = Setup::new(config());
    let transaction = setup.driver.begin(1, &begin());
    let mut peer = setup.dialled().await;
    peer.greet(4, 4, &[]).await;
    peer.expect(BEGIN).await;
    transaction.reset();
    peer.expect(RESET).await;
}

#[tokio::test(start_paused = true)]
async fn what_its_user_has_interrupted_says_so_where_the_server_hangs_up() {
    let mut setup = Setup::new(config());
    let transaction = setup.driver.begin(1, &begin());
    transaction.run(2, &transaction_request("A", 1000), 0);
    let mut peer = setup.accept().await;
    peer.expect(BEGIN).await;
    transaction.reset();
    drop(peer);
    for word in setup.events.words(2).await {
        assert!(word.ends_with("FAILURE Interrupted()"), "{word}");
    }
    let cursor = setup.run(3, "B", 1000);
    let mut peer = setup.accept().await;
    peer.expect(RUN).await;
    cursor.reset();
    drop(peer);
    let word = setup.events.word().await;
    assert_eq!(word, "3 FAILURE Interrupted()");
    // A commit may have been done all the same.
    let transaction = setup.driver.begin(4, &begin());
    let mut peer = setup.accept().await;
    peer.expect(BEGIN).await;
    peer.success(&[]).await;
    assert_eq!(setup.events.word().await, "4 SUCCESS");
    transaction.commit(5);
    peer.expect(COMMIT).await;
    transaction.reset();
    drop(peer);
    let word = setup.events.word().await;
    // The engine sees that the server is gone by what it reads, or by what it can't write.
    let seen = ["Disconnected()", "Connect(System(write, BrokenPipe, null))"];
    assert!(seen.iter().any(|seen| word == format!("5 FAILURE InDoubt({seen})")), "{word}");
}

#[tokio::test(start_paused = true)]
async fn telemetry_goes_out_only_where_the_server_asks_for_it() {
    let with_api = |api: u8| {
        let mut bytes = request("RETURN 1", 1000);
        // The API is the last but one of the options: -1 (0xFF) before null (0xC0).
        let at = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        bytes[at] = api;
        bytes
    };
    let mut setup = Setup::new(config());
    setup.driver.run(1, &with_api(2), 0);
    let mut peer = setup.dialled().await;
    peer.greet(5, 8, &[("telemetry.enabled", Value::Bool(true))]).await;
    assert_eq!(peer.expect(TELEMETRY).await, [Value::Int(2)]);
    peer.expect(RUN).await;

    let mut setup = Setup::new(config());
    setup.driver.run(1, &with_api(2), 0);
    setup.accept().await.expect(RUN).await;
}
