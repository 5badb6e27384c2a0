//! Routing against scripted clusters: which servers are asked, get the work, and are forgotten. Time is
//! paused.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::time::Duration;

use neobolt::bolt::packstream::Value;
use neobolt::driver::Status;
use neobolt::driver::config::{Address, Config};
use support::*;
use tokio::time::{Instant, sleep};

/// A driver of the cluster behind `seed:1`.
fn cluster() -> Setup {
    Setup::new(routing(config()))
}

fn routing(config: Config) -> Config {
    // {"address": "seed:1"}
    let context = b"\xA1\x87address\x86seed:1".to_vec();
    Config { address: Address::new("seed", 1), routing: Some(context), ..config }
}

const READ: Demand<'_> = Demand {
    reads: true,
    database: Some("db"),
    impersonated_user: None,
    bookmarks: &[],
    home: None,
    token: None,
};
const WRITE: Demand<'_> = Demand { reads: false, ..READ };
const HOME: Demand<'_> = Demand { database: None, ..READ };

fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

/// A routing table, as routers write it down.
#[derive(Clone, Copy)]
struct Table<'a> {
    routers: &'a [&'a str],
    readers: &'a [&'a str],
    writers: &'a [&'a str],
    database: Option<&'a str>,
    ttl: i64,
}

const TABLE: Table<'_> =
    Table { routers: &["a:1"], readers: &["b:1", "c:1"], writers: &["d:1"], database: None, ttl: 300 };

impl Table<'_> {
    fn servers(&self) -> Value {
        let role = |role: &str, addresses: &[&str]| {
            let addresses = addresses.iter().map(|address| text(address)).collect();
            map(&[("role", text(role)), ("addresses", Value::List(addresses))])
        };
        Value::List(vec![
            role("ROUTE", self.routers),
            role("READ", self.readers),
            role("WRITE", self.writers),
        ])
    }

    fn value(&self) -> Value {
        let mut entries = vec![("ttl", Value::Int(self.ttl)), ("servers", self.servers())];
        entries.extend(self.database.map(|database| ("db", text(database))));
        map(&entries)
    }
}

/// Answers one ROUTE, and returns its fields.
async fn route(router: &mut Peer, table: &Table<'_>) -> Vec<Value> {
    let fields = router.expect(ROUTE).await;
    router.success(&[("rt", table.value())]).await;
    fields
}

/// Answers one query.
async fn serve(server: &mut Peer) -> Vec<Value> {
    let fields = server.expect(RUN).await;
    server.expect(PULL).await;
    server.result(0).await;
    fields
}

fn ask(setup: &Setup, id: u32, demand: &Demand<'_>) {
    setup.driver.run(id, &demand.request("Q"), 0);
}

/// Has the driver ask for a table and run a query for reading at `b:1`.
async fn acquainted(setup: &mut Setup, table: &Table<'_>) -> (Peer, Peer) {
    ask(setup, 1, &READ);
    let mut router = setup.accept_at("seed:1").await;
    route(&mut router, table).await;
    let mut reader = setup.accept_at(table.readers[0]).await;
    serve(&mut reader).await;
    assert_eq!(setup.events.words(2).await, ["1 FIELDS", "1 SUCCESS"]);
    (router, reader)
}

#[tokio::test(start_paused = true)]
async fn a_router_is_asked_with_context_bookmarks_and_database_and_a_reader_gets_the_work() {
    let mut setup = cluster();
    let bookmarks = ["x", "y"];
    ask(&setup, 1, &Demand { bookmarks: &bookmarks, impersonated_user: Some("me"), ..READ });
    let mut router = setup.dialled().await;
    assert_eq!(router.address, "seed:1");
    router.shake_hands(5, 8).await;
    let hello = router.expect(HELLO).await;
    assert_eq!(hello[0].get("routing"), Some(&map(&[("address", text("seed:1"))])));
    router.success(&[("server", text("Neo4j/test")), ("connection_id", text("bolt-1"))]).await;
    router.expect(LOGON).await;
    router.success(&[]).await;
    let fields = route(&mut router, &TABLE).await;
    assert_eq!(
        fields,
        [
            map(&[("address", text("seed:1"))]),
            Value::List(vec![text("x"), text("y")]),
            map(&[("db", text("db")), ("imp_user", text("me"))]),
        ]
    );
    let mut reader = setup.accept_at("b:1").await;
    let run = serve(&mut reader).await;
    assert_eq!(run[2].get("mode"), Some(&text("r")));
    assert_eq!(setup.events.words(2).await, ["1 FIELDS", "1 SUCCESS"]);
    // It is in no table.
    router.expect(GOODBYE).await;
}

#[tokio::test(start_paused = true)]
async fn a_fresh_table_serves_all_work_without_another_question() {
    let mut setup = cluster();
    let (_router, mut first) = acquainted(&mut setup, &TABLE).await;
    ask(&setup, 2, &READ);
    let mut second = setup.accept_at("c:1").await;
    serve(&mut second).await;
    ask(&setup, 3, &WRITE);
    let mut writer = setup.accept_at("d:1").await;
    serve(&mut writer).await;
    // Round and round, over connections that are there.
    ask(&setup, 4, &READ);
    serve(&mut first).await;
    ask(&setup, 5, &READ);
    serve(&mut second).await;
    ask(&setup, 6, &WRITE);
    serve(&mut writer).await;
    assert!(!setup.has_dialled());
    setup.events.words(10).await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 3 });
}

#[tokio::test(start_paused = true)]
async fn work_goes_where_the_fewest_connections_are_busy() {
    let mut setup = cluster();
    let (_router, mut first) = acquainted(&mut setup, &TABLE).await;
    ask(&setup, 2, &READ);
    let mut second = setup.accept_at("c:1").await;
    second.expect(RUN).await;
    // The turn of b, of c, of b: but c is busy all the time.
    for id in 3..6 {
        ask(&setup, id, &READ);
        serve(&mut first).await;
        setup.events.words(2).await;
    }
}

#[tokio::test(start_paused = true)]
async fn many_who_need_a_table_at_once_share_one_question() {
    let mut setup = Setup::new(routing(Config { max_connection_pool_size: 100, ..config() }));
    for id in 0..50 {
        let bookmark = format!("bookmark {id}");
        ask(&setup, id, &Demand { bookmarks: &[&bookmark], ..READ });
    }
    let mut router = setup.accept_at("seed:1").await;
    route(&mut router, &TABLE).await;
    let mut served = 0;
    while served < 50 {
        let mut server = setup.accept().await;
        assert_ne!(server.address, "seed:1");
        serve(&mut server).await;
        served += 1;
    }
    assert_eq!(setup.events.words(100).await.iter().filter(|word| word.ends_with("SUCCESS")).count(), 50);
    router.expect(GOODBYE).await;
}

#[tokio::test(start_paused = true)]
async fn who_knows_of_a_newer_database_does_not_share_the_failure_of_who_does_not() {
    let mut setup = cluster();
    ask(&setup, 1, &READ);
    let mut router = setup.accept_at("seed:1").await;
    router.expect(ROUTE).await;
    ask(&setup, 2, &Demand { bookmarks: &["created"], ..READ });
    sleep(Duration::from_secs(1)).await;
    router.failure("Neo.ClientError.Database.DatabaseNotFound", "no such database").await;
    assert!(setup.events.word().await.starts_with("1 FAILURE"));
    let mut router = setup.accept_at("seed:1").await;
    let fields = route(&mut router, &TABLE).await;
    assert_eq!(fields[1], Value::List(vec![text("created")]));
    serve(&mut setup.accept_at("b:1").await).await;
    assert_eq!(setup.events.words(2).await, ["2 FIELDS", "2 SUCCESS"]);
}

#[tokio::test(start_paused = true)]
async fn bookmarks_that_no_router_has_yet_are_the_failure_of_who_has_them() {
    let mut setup = cluster();
    ask(&setup, 1, &Demand { bookmarks: &["of the future"], ..READ });
    let mut router = setup.accept_at("seed:1").await;
    router.expect(ROUTE).await;
    ask(&setup, 2, &READ);
    sleep(Duration::from_secs(1)).await;
    router.failure("Neo.TransientError.Transaction.BookmarkTimeout", "not there yet").await;
    assert!(setup.events.word().await.starts_with("1 FAILURE"));
    let mut router = setup.accept_at("seed:1").await;
    let fields = route(&mut router, &TABLE).await;
    assert_eq!(fields[1], Value::List(vec![]));
    serve(&mut setup.accept_at("b:1").await).await;
    assert_eq!(setup.events.words(2).await, ["2 FIELDS", "2 SUCCESS"]);
}

#[tokio::test(start_paused = true)]
async fn that_nobody_is_there_is_the_failure_of_all_who_wait() {
    let mut setup = cluster();
    ask(&setup, 1, &Demand { bookmarks: &["one"], ..READ });
    let mut router = setup.accept_at("seed:1").await;
    router.expect(ROUTE).await;
    ask(&setup, 2, &READ);
    sleep(Duration::from_secs(1)).await;
    drop(router);
    let words = setup.events.words(2).await;
    assert!(words[0].starts_with("1 FAILURE") && words[1].starts_with("2 FAILURE"), "{words:?}");
}

#[tokio::test(start_paused = true)]
async fn the_home_database_is_named_and_then_said_to_the_server() {
    let mut setup = cluster();
    ask(&setup, 1, &HOME);
    let mut router = setup.accept_at("seed:1").await;
    let table = Table { database: Some("mine"), routers: &["seed:1"], ..TABLE };
    let fields = route(&mut router, &table).await;
    assert_eq!(fields[2], map(&[]));
    let mut reader = setup.accept_at("b:1").await;
    let run = serve(&mut reader).await;
    assert_eq!(run[2].get("db"), Some(&text("mine")));
    assert_eq!(setup.events.word().await, "1 HOME mine");
    setup.events.words(2).await;
    // Its table is known by its name now. Which database is the user's home has to be asked again.
    ask(&setup, 2, &Demand { database: Some("mine"), ..READ });
    serve(&mut setup.accept_at("c:1").await).await;
    setup.events.words(2).await;
    ask(&setup, 3, &HOME);
    route(&mut router, &table).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_before_4_4_does_not_name_the_home_database_and_its_table_serves_all() {
    let mut setup = cluster();
    ask(&setup, 1, &HOME);
    let mut router = setup.dialled().await;
    router.greet(4, 3, &[]).await;
    let fields = route(&mut router, &TABLE).await;
    assert_eq!(fields[1..], [Value::List(vec![]), Value::Null]);
    let mut reader = setup.accept_at("b:1").await;
    assert_eq!(serve(&mut reader).await[2].get("db"), None);
    assert_eq!(setup.events.words(2).await, ["1 FIELDS", "1 SUCCESS"]);
    ask(&setup, 2, &HOME);
    serve(&mut setup.accept_at("c:1").await).await;
}

#[tokio::test(start_paused = true)]
async fn where_servers_route_the_home_database_of_the_last_time_is_good_enough() {
    let hints = [("ssr.enabled", Value::Bool(true))];
    let table = Table { database: Some("mine"), readers: &["b:1"], ..TABLE };
    let mut setup = cluster();
    ask(&setup, 1, &HOME);
    let mut router = setup.dialled().await;
    router.greet(5, 8, &hints).await;
    route(&mut router, &table).await;
    let mut reader = setup.dialled().await;
    reader.greet(5, 8, &hints).await;
    serve(&mut reader).await;
    setup.events.words(3).await;

    ask(&setup, 2, &Demand { home: Some("mine"), ..HOME });
    let run = serve(&mut reader).await;
    assert_eq!(run[2].get("db"), None, "the server decides");
    assert_eq!(setup.events.words(2).await, ["2 FIELDS", "2 SUCCESS"]);

    // A server that does not route: from now on, routers have to be asked.
    let writing = Demand { home: Some("mine"), reads: false, ..HOME };
    ask(&setup, 3, &writing);
    let mut writer = setup.dialled().await;
    assert_eq!(writer.address, "d:1");
    writer.greet(5, 8, &[]).await;
    let mut router = setup.dialled().await;
    assert_eq!(router.address, "seed:1");
    router.greet(5, 8, &hints).await;
    route(&mut router, &table).await;
    assert_eq!(serve(&mut writer).await[2].get("db"), Some(&text("mine")));
    assert_eq!(setup.events.words(3).await, ["3 FIELDS", "3 HOME mine", "3 SUCCESS"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_cannot_be_reached_is_forgotten_and_the_next_one_gets_the_work() {
    let mut setup = cluster();
    let (_router, mut reader) = acquainted(&mut setup, &TABLE).await;
    setup.refuse("c:1", true);
    ask(&setup, 2, &READ);
    serve(&mut reader).await;
    assert_eq!(setup.events.words(2).await, ["2 FIELDS", "2 SUCCESS"]);
    // c could be reached again, but no table says so.
    setup.refuse("c:1", false);
    for id in 3..5 {
        ask(&setup, id, &READ);
    }
    assert!(!setup.has_dialled() || setup.dialled().await.address == "b:1");
}

#[tokio::test(start_paused = true)]
async fn when_no_server_of_a_table_can_be_reached_the_failure_of_the_last_one_is_told() {
    let mut setup = cluster();
    for address in TABLE.readers {
        setup.refuse(address, true);
    }
    ask(&setup, 1, &READ);
    route(&mut setup.accept_at("seed:1").await, &TABLE).await;
    let failure = setup.events.word().await;
    assert!(failure.starts_with("1 FAILURE Lost("), "{failure}");
    assert!(failure.contains("System(connect, ConnectionRefused, c:1)"), "{failure}");
    assert!(!setup.has_dialled());
}

#[tokio::test(start_paused = true)]
async fn all_servers_of_a_table_together_have_the_time_of_one_acquisition() {
    let mut setup = cluster();
    ask(&setup, 1, &READ);
    route(&mut setup.accept_at("seed:1").await, &TABLE).await;
    let reader = setup.dialled().await;
    let start = Instant::now();
    sleep(Duration::from_secs(50)).await;
    drop(reader);
    let silent = setup.dialled().await;
    assert_eq!(silent.address, "c:1");
    let failure = setup.events.word().await;
    assert!(failure.starts_with("1 FAILURE Lost("), "{failure}");
    assert_eq!(start.elapsed().as_secs(), 60);
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_the_user_is_the_only_one_to_be_asked() {
    let mut setup = cluster();
    ask(&setup, 1, &READ);
    route(&mut setup.accept_at("seed:1").await, &TABLE).await;
    let mut reader = setup.dialled().await;
    reader.shake_hands(5, 8).await;
    reader.expect(HELLO).await;
    reader.failure("Neo.ClientError.Security.Unauthorized", "no").await;
    let failure = setup.events.word().await;
    assert!(failure.starts_with("1 FAILURE") && failure.contains("Unauthorized"), "{failure}");
    assert!(!setup.has_dialled());
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_at_work_is_session_expired_and_its_server_is_forgotten() {
    let mut setup = cluster();
    let (_router, mut reader) = acquainted(&mut setup, &TABLE).await;
    ask(&setup, 2, &READ);
    let mut other = setup.accept_at("c:1").await;
    serve(&mut other).await;
    setup.events.words(2).await;
    ask(&setup, 3, &READ);
    reader.expect(RUN).await;
    drop(reader);
    let failure = setup.events.word().await;
    assert_eq!(failure, "3 FAILURE Lost(Disconnected())");
    for id in 4..7 {
        ask(&setup, id, &READ);
        serve(&mut other).await;
        setup.events.words(2).await;
    }
}

#[tokio::test(start_paused = true)]
async fn when_nobody_is_left_for_some_work_a_router_is_asked_again() {
    let mut setup = cluster();
    acquainted(&mut setup, &TABLE).await;
    setup.refuse("d:1", true);
    ask(&setup, 2, &WRITE);
    assert!(setup.events.word().await.starts_with("2 FAILURE Lost("));
    ask(&setup, 3, &WRITE);
    let mut router = setup.accept_at("a:1").await;
    route(&mut router, &Table { writers: &["e:1"], ..TABLE }).await;
    serve(&mut setup.accept_at("e:1").await).await;
}

#[tokio::test(start_paused = true)]
async fn who_is_no_leader_gets_no_more_writes() {
    for code in ["Neo.ClientError.Cluster.NotALeader", "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase"]
    {
        let mut setup = cluster();
        acquainted(&mut setup, &TABLE).await;
        ask(&setup, 2, &WRITE);
        let mut writer = setup.accept_at("d:1").await;
        writer.expect(RUN).await;
        writer.expect(PULL).await;
        writer.failure(code, "not me").await;
        writer.ignored().await;
        writer.expect(RESET).await;
        writer.success(&[]).await;
        let failure = setup.events.word().await;
        assert!(failure.starts_with("2 FAILURE NotAWriter(Server({"), "{failure}");
        assert!(failure.ends_with(", null), d:1)"), "{failure}");
        assert!(failure.contains(code) && failure.contains("not me"), "the cause is there: {failure}");
        ask(&setup, 3, &WRITE);
        let mut router = setup.accept_at("a:1").await;
        route(&mut router, &TABLE).await;
        // The failure had nothing to do with its connection.
        serve(&mut writer).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_unavailable_database_is_looked_for_elsewhere() {
    let mut setup = cluster();
    let (_router, mut reader) = acquainted(&mut setup, &TABLE).await;
    ask(&setup, 2, &READ);
    let mut other = setup.accept_at("c:1").await;
    serve(&mut other).await;
    setup.events.words(2).await;
    ask(&setup, 3, &READ);
    reader.expect(RUN).await;
    reader.expect(PULL).await;
    reader.failure("Neo.TransientError.General.DatabaseUnavailable", "later").await;
    reader.ignored().await;
    reader.expect(RESET).await;
    reader.success(&[]).await;
    assert!(setup.events.word().await.contains("DatabaseUnavailable"));
    reader.expect(GOODBYE).await;
    for id in 4..7 {
        ask(&setup, id, &READ);
        serve(&mut other).await;
        setup.events.words(2).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_table_that_is_out_of_date_is_renewed_by_a_router_of_its_own() {
    let mut setup = cluster();
    let (_router, mut reader) = acquainted(&mut setup, &TABLE).await;
    sleep(Duration::from_secs(301)).await;
    ask(&setup, 2, &READ);
    let mut router = setup.accept_at("a:1").await;
    route(&mut router, &Table { readers: &["c:1"], ..TABLE }).await;
    // Not in the table any more.
    reader.expect(GOODBYE).await;
    serve(&mut setup.accept_at("c:1").await).await;
    setup.events.words(2).await;
    // The router is.
    sleep(Duration::from_secs(301)).await;
    ask(&setup, 3, &READ);
    route(&mut router, &TABLE).await;
}

#[tokio::test(start_paused = true)]
async fn a_table_gets_old_while_the_machine_sleeps() {
    let mut setup = cluster();
    let (_router, mut reader) = acquainted(&mut setup, &Table { readers: &["b:1"], ..TABLE }).await;
    setup.driver.advance_clock(Duration::from_secs(299));
    ask(&setup, 2, &READ);
    serve(&mut reader).await;
    setup.events.words(2).await;
    // More than the clock has counted since it began.
    setup.driver.advance_clock(Duration::from_secs(100 * 365 * 24 * 3600));
    ask(&setup, 3, &READ);
    route(&mut setup.accept_at("a:1").await, &TABLE).await;
}

#[tokio::test(start_paused = true)]
async fn tables_that_nobody_renews_are_dropped_and_their_servers_with_them() {
    let mut setup = cluster();
    let (_router, mut reader) = acquainted(&mut setup, &Table { ttl: 10, ..TABLE }).await;
    sleep(Duration::from_secs(41)).await;
    ask(&setup, 2, &Demand { database: Some("other"), ..READ });
    let mut router = setup.accept_at("seed:1").await;
    route(&mut router, &Table { readers: &["x:1"], writers: &[], ..TABLE }).await;
    reader.expect(GOODBYE).await;
    serve(&mut setup.accept_at("x:1").await).await;
}

#[tokio::test(start_paused = true)]
async fn routers_that_fail_are_passed_over_and_at_last_the_seed_is_asked() {
    let mut setup = cluster();
    acquainted(&mut setup, &Table { routers: &["a:1", "e:1", "f:1"], ttl: 1, ..TABLE }).await;
    setup.refuse("a:1", true);
    sleep(Duration::from_secs(2)).await;
    ask(&setup, 2, &READ);
    drop(setup.accept_at("e:1").await);
    let mut third = setup.accept_at("f:1").await;
    third.expect(ROUTE).await;
    third.failure("Neo.TransientError.General.OutOfMemoryError", "none left").await;
    third.expect(RESET).await;
    route(&mut setup.accept_at("seed:1").await, &TABLE).await;
}

#[tokio::test(start_paused = true)]
async fn each_address_of_a_name_is_asked_where_the_first_that_is_there_is_no_help() {
    let mut setup = cluster();
    setup.name("seed", &["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()]);
    ask(&setup, 1, &READ);
    drop(setup.accept_at("seed:1").await);
    drop(setup.accept_at("10.0.0.1=seed:1").await);
    let mut second = setup.accept_at("10.0.0.2=seed:1").await;
    route(&mut second, &Table { readers: &["b:1"], ..TABLE }).await;
    serve(&mut setup.accept_at("b:1").await).await;
}

#[tokio::test(start_paused = true)]
async fn addresses_of_a_name_at_which_nobody_is_are_not_tried_again() {
    let mut setup = cluster();
    setup.name("seed", &["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()]);
    setup.refuse("seed:1", true);
    ask(&setup, 1, &READ);
    let words = setup.events.words(1).await;
    assert!(!setup.has_dialled(), "{words:?}");
}

#[tokio::test(start_paused = true)]
async fn who_has_met_a_minority_asks_the_seed_the_next_time() {
    let mut setup = cluster();
    let (_router, mut reader) = acquainted(&mut setup, &Table { writers: &[], ..TABLE }).await;
    ask(&setup, 2, &WRITE);
    route(&mut setup.accept_at("seed:1").await, &Table { writers: &[], readers: &["b:1"], ..TABLE }).await;
    let failure = setup.events.word().await;
    assert!(failure.starts_with("2 FAILURE NoServer(null, WRITE, RoutingTable(db, "), "{failure}");
    assert!(failure.ends_with(", [a:1], [b:1], []))"), "{failure}");
    ask(&setup, 3, &READ);
    serve(&mut reader).await;
}

#[tokio::test(start_paused = true)]
async fn a_discovery_that_nobody_answers_says_what_was_known() {
    let mut setup = cluster();
    setup.refuse("seed:1", true);
    ask(&setup, 1, &READ);
    let failure = setup.events.word().await;
    let start =
        "1 FAILURE NoRouters(Lost(Connect(System(connect, ConnectionRefused, seed:1))), RoutingTable(db, 0, ";
    assert!(failure.starts_with(start), "{failure}");
    assert!(failure.ends_with(", [], [], []))"), "{failure}");
}

#[tokio::test(start_paused = true)]
async fn what_no_other_router_would_know_better_is_said_at_once() {
    for code in [
        "Neo.ClientError.Database.DatabaseNotFound",
        "Neo.ClientError.Transaction.InvalidBookmark",
        "Neo.ClientError.Transaction.InvalidBookmarkMixture",
        "Neo.ClientError.Statement.ArgumentError",
        "Neo.ClientError.Request.Invalid",
        "Neo.ClientError.Statement.TypeError",
        "Neo.ClientError.Security.Forbidden",
        "Neo.ClientError.Security.MadeUpByTheTest",
    ] {
        let mut setup = cluster();
        acquainted(&mut setup, &Table { routers: &["a:1", "e:1"], ttl: 1, ..TABLE }).await;
        sleep(Duration::from_secs(2)).await;
        ask(&setup, 2, &READ);
        let mut router = setup.accept_at("a:1").await;
        router.expect(ROUTE).await;
        router.failure(code, "no").await;
        let failure = setup.events.word().await;
        assert!(failure.starts_with("2 FAILURE") && failure.contains(code), "{failure}");
        assert!(!failure.contains("NoRouters("), "{failure}");
        assert!(!setup.has_dialled());
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_authorization_is_not_the_end_of_discovery() {
    let mut setup = cluster();
    acquainted(&mut setup, &Table { routers: &["a:1", "e:1"], ttl: 1, ..TABLE }).await;
    sleep(Duration::from_secs(2)).await;
    ask(&setup, 2, &READ);
    let mut router = setup.accept_at("a:1").await;
    router.expect(ROUTE).await;
    router.failure("Neo.ClientError.Security.AuthorizationExpired", "again").await;
    route(&mut setup.accept_at("e:1").await, &TABLE).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_knows_no_routing_is_said_to_be_one() {
    let mut setup = cluster();
    ask(&setup, 1, &READ);
    let mut router = setup.dialled().await;
    router.greet(4, 2, &[]).await;
    router.expect(RUN).await;
    router.expect(PULL).await;
    router.failure("Neo.ClientError.Procedure.ProcedureNotFound", "what?").await;
    router.ignored().await;
    let failure = setup.events.word().await;
    assert!(failure.starts_with("1 FAILURE NotARouter(Server({"), "{failure}");
    assert!(failure.ends_with(", null), seed:1)"), "{failure}");
}

#[tokio::test(start_paused = true)]
async fn a_table_that_makes_no_sense_is_no_table() {
    for (table, said) in [
        (Table { readers: &[], ..TABLE }.value(), "NoneOfRole(null, seed:1, readers)"),
        (Table { routers: &[], ..TABLE }.value(), "NoneOfRole(null, seed:1, routers)"),
        (map(&[]), "BadTimeToLive(null, seed:1, TimeToLiveMissing(), RawResponse({rt: {}}))"),
        (Value::Int(1), "BadTimeToLive(null, seed:1, TimeToLiveMissing(), RawResponse({rt: 1}))"),
        (
            map(&[("ttl", Value::Int(1)), ("servers", Value::Int(5))]),
            "BadServers(null, seed:1, ServersNoList(), 5)",
        ),
    ] {
        let mut setup = cluster();
        ask(&setup, 1, &READ);
        let mut router = setup.accept_at("seed:1").await;
        router.expect(ROUTE).await;
        router.success(&[("rt", table)]).await;
        let failure = setup.events.word().await;
        assert!(failure.starts_with(&format!("1 FAILURE NoRouters({said}, RoutingTable(")), "{failure}");
    }
}

#[tokio::test(start_paused = true)]
async fn before_4_3_a_procedure_is_called_in_the_system_database() {
    let mut setup = cluster();
    ask(&setup, 1, &Demand { bookmarks: &["x"], ..READ });
    let mut router = setup.dialled().await;
    router.greet(4, 2, &[]).await;
    let run = router.expect(RUN).await;
    assert_eq!(run[0], text("CALL dbms.routing.getRoutingTable($context, $database)"));
    assert_eq!(run[1], map(&[("context", map(&[("address", text("seed:1"))])), ("database", text("db"))]));
    assert_eq!(run[2].get("db"), Some(&text("system")));
    assert_eq!(run[2].get("mode"), Some(&text("r")));
    assert_eq!(run[2].get("bookmarks"), Some(&Value::List(vec![text("x")])));
    router.expect_more(PULL, -1, None).await;
    router.success(&[("fields", Value::List(vec![text("ttl"), text("servers")]))]).await;
    router.row(vec![Value::Int(300), TABLE.servers()]).await;
    router.success(&[]).await;
    serve(&mut setup.accept_at("b:1").await).await;
}

#[tokio::test(start_paused = true)]
async fn the_oldest_procedure_knows_no_databases() {
    let mut setup = cluster();
    ask(&setup, 1, &Demand { bookmarks: &["x"], ..HOME });
    let mut router = setup.dialled().await;
    router.greet(3, 0, &[]).await;
    let run = router.expect(RUN).await;
    assert_eq!(run[0], text("CALL dbms.cluster.routing.getRoutingTable($context)"));
    assert_eq!(run[1], map(&[("context", map(&[("address", text("seed:1"))]))]));
    assert_eq!(run[2], map(&[]));
    assert_eq!(router.expect(PULL).await, []);
    router.success(&[("fields", Value::List(vec![text("ttl"), text("servers")]))]).await;
    router.row(vec![Value::Int(300), TABLE.servers()]).await;
    router.success(&[]).await;
    let mut reader = setup.dialled().await;
    reader.greet(3, 0, &[]).await;
    serve(&mut reader).await;
}

#[tokio::test(start_paused = true)]
async fn a_procedure_that_gives_other_than_one_row_gives_no_table() {
    for rows in [0, 2] {
        let mut setup = cluster();
        ask(&setup, 1, &READ);
        let mut router = setup.dialled().await;
        router.greet(4, 2, &[]).await;
        router.expect(RUN).await;
        router.expect(PULL).await;
        router.success(&[("fields", Value::List(vec![text("ttl"), text("servers")]))]).await;
        for _ in 0..rows {
            router.row(vec![Value::Int(300), TABLE.servers()]).await;
        }
        router.success(&[]).await;
        let failure = setup.events.word().await;
        assert!(failure.starts_with(&format!("1 FAILURE NoRouters(RecordCount(null, {rows}")), "{failure}");
        assert_eq!(failure.matches("RawRecord([ttl, servers], [").count(), rows, "{failure}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_router_that_does_not_answer_is_given_up() {
    let mut setup = cluster();
    ask(&setup, 1, &READ);
    let mut router = setup.accept_at("seed:1").await;
    router.expect(ROUTE).await;
    let failure = setup.events.word().await;
    assert!(failure.starts_with("1 FAILURE NoRouters(Lost(Connect(Silence(60000))), "), "{failure}");
    sleep(Duration::from_secs(60)).await;
    assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
}

#[tokio::test(start_paused = true)]
async fn the_acquisition_timeout_is_for_each_connection() {
    let mut setup = cluster();
    ask(&setup, 1, &READ);
    let mut router = setup.dialled().await;
    sleep(Duration::from_secs(50)).await;
    router.greet(5, 8, &[]).await;
    router.expect(ROUTE).await;
    sleep(Duration::from_secs(50)).await;
    router.success(&[("rt", TABLE.value())]).await;
    let mut reader = setup.dialled().await;
    sleep(Duration::from_secs(50)).await;
    reader.greet(5, 8, &[]).await;
    serve(&mut reader).await;
    assert_eq!(setup.events.words(2).await, ["1 FIELDS", "1 SUCCESS"]);

    let mut setup = cluster();
    ask(&setup, 1, &READ);
    let _router = setup.dialled().await;
    let failure = setup.events.word().await;
    assert!(failure.contains("AcquisitionTimeout(60000, "), "{failure}");
}

#[tokio::test(start_paused = true)]
async fn closing_ends_a_discovery() {
    let mut setup = cluster();
    ask(&setup, 1, &READ);
    let mut router = setup.accept_at("seed:1").await;
    router.expect(ROUTE).await;
    setup.driver.close(9);
    let words = setup.events.words(2).await;
    assert!(words[0] == "1 FAILURE Closed()", "{words:?}");
    assert_eq!(words[1], "9 SUCCESS");
    ask(&setup, 2, &READ);
    assert!(setup.events.word().await.ends_with("FAILURE PoolClosed()"));
}

#[tokio::test(start_paused = true)]
async fn verifying_tries_one_reader_after_the_other() {
    let mut setup = cluster();
    setup.refuse("b:1", true);
    setup.driver.verify(1, Some("db".into()));
    route(&mut setup.accept_at("seed:1").await, &TABLE).await;
    let reader = setup.accept_at("c:1").await;
    assert_eq!(setup.events.word().await, "1 SUCCESS");

    setup.refuse("c:1", true);
    drop(reader);
    sleep(Duration::from_secs(1)).await;
    setup.driver.verify(2, Some("db".into()));
    let failure = setup.events.word().await;
    assert!(
        failure.starts_with("2 FAILURE Lost(") && failure.contains("System(connect, ConnectionRefused, c:1)"),
        "{failure}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_version_is_found_out_by_shaking_hands() {
    for mut setup in [cluster(), Setup::new(config())] {
        setup.driver.negotiate(1);
        let mut peer = setup.dialled().await;
        peer.shake_hands(4, 4).await;
        peer.expect(GOODBYE).await;
        assert_eq!(setup.events.word().await, "1 SUCCESS");
        assert_eq!(setup.driver.status(), Status { active: 0, idle: 0 });
    }
}

#[tokio::test(start_paused = true)]
async fn a_resolver_that_never_answers_is_waited_for_no_longer_than_for_a_connection() {
    let mut setup = Setup::new(routing(Config { resolves: true, ..config() }));
    setup.driver.run(1, &READ.request("A"), 0);
    let before = Instant::now();
    assert_eq!(setup.events.word().await, "1 QUESTION Resolve");
    let failure = setup.events.word().await;
    assert!(failure.contains("AcquisitionTimeout(60000, "), "{failure}");
    assert!(failure.ends_with(", AwaitedResolver())"), "{failure}");
    assert_eq!(before.elapsed().as_secs(), 60);
    // A request for no more than a version does not wait longer either; and each request asks anew.
    setup.driver.negotiate(2);
    assert_eq!(setup.events.word().await, "2 QUESTION Resolve");
    let failure = setup.events.word().await;
    assert!(failure.ends_with(", AwaitedResolver())"), "{failure}");
    assert_eq!(before.elapsed().as_secs(), 120);
    // The end of the driver is the end of the waiting.
    setup.driver.run(3, &READ.request("B"), 0);
    assert_eq!(setup.events.word().await, "3 QUESTION Resolve");
    setup.driver.close(4);
    let words = setup.events.words(2).await;
    assert!(words[0].contains("3 FAILURE") && words[1] == "4 SUCCESS", "{words:?}");
    assert_eq!(before.elapsed().as_secs(), 120);
}
