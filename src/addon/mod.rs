//! The Node boundary: two classes that convert, call and convert. No logic, no defaults, no checks
//! of what users pass: those are the facade's (`lib/engine/engine.ts`), the only caller.
//!
//! Requests come as one buffer and are answered by events, for the id that came with them; see
//! [`delivery`] for how events cross. No call here fails or waits because of the network.

mod config;
mod context;
mod delivery;
mod metrics;
mod queries;

use std::panic::RefUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use napi::bindgen_prelude::{Buffer, FnArgs, Function, Uint8Array};
use napi::{Env, Result};
use napi_derive::napi;

use crate::driver::config::Config;
use crate::driver::{Driver, Transaction};
pub(crate) use config::NativeConfig;
use delivery::{Deliver, Delivery};
pub(crate) use metrics::NativeMetrics;
use queries::RunningQueries;

/// A driver. Ends with its `close`, or when it is garbage-collected.
#[napi]
pub struct NativeDriver {
    driver: Driver,
    way: Arc<Way>,
}

/// An explicit transaction.
#[napi]
pub struct NativeTransaction {
    transaction: Arc<Transaction>,
    way: Arc<Way>,
}

/// The way to JavaScript and back. Stays on JavaScript's thread.
struct Way {
    sink: Arc<Delivery>,
    queries: Arc<RunningQueries>,
    deliver: Deliver,
}

impl Way {
    /// Makes a request, of which the last event is waited for.
    fn ask<T>(&self, env: Env, id: u32, ask: impl FnOnce() -> T) -> Result<T> {
        let started = self.sink.request_started(env, &self.deliver, id)?;
        let asked = ask();
        started.made();
        Ok(asked)
    }
}

// A panic in one of the calls below becomes a JavaScript exception. What it leaves behind is whole:
// every lock in the engine protects single steps.
impl RefUnwindSafe for NativeDriver {}
impl RefUnwindSafe for NativeTransaction {}

#[napi]
impl NativeDriver {
    /// A driver. Opens no connection, and needs neither thread nor descriptors before its first
    /// request, unless connections are to be opened in advance. `deliver` is called once for each
    /// turn in which something completed.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        env: Env,
        config: NativeConfig,
        deliver: Function<'_, FnArgs<(Buffer, Vec<Buffer>)>, ()>,
    ) -> Result<Self> {
        let config: Config = config.try_into()?;
        let queries = Arc::new(RunningQueries::default());
        let sink = Delivery::new(&queries);
        let deliver = deliver.create_ref()?;
        if config.opens_in_advance() {
            // There may be something to ask, or to log.
            sink.connect(env, &deliver)?;
        }
        let driver = Driver::new(config, sink.clone());
        Ok(Self { driver, way: Arc::new(Way { sink, queries, deliver }) })
    }

    /// Runs a query in an auto-commit transaction.
    #[napi(catch_unwind)]
    pub fn run(&self, env: Env, id: u32, request: Uint8Array, flags: u32) -> Result<()> {
        self.way.ask(env, id, || self.way.queries.insert(id, self.driver.run(id, &request, flags)))
    }

    /// Allows a query so many more PULLs; 0xFFFFFFFF = all. Nothing happens where the query is over.
    #[napi(catch_unwind)]
    pub fn next(&self, id: u32, pulls: u32) {
        if let Some(cursor) = self.way.queries.get(id) {
            cursor.next(pulls);
        }
    }

    /// Has the server discard the records of a query that it has not been asked for.
    /// Nothing happens where it is over.
    #[napi(catch_unwind)]
    pub fn discard(&self, id: u32) {
        if let Some(cursor) = self.way.queries.get(id) {
            cursor.discard();
        }
    }

    /// Interrupts a query by a RESET. Nothing happens where it is over.
    #[napi(catch_unwind)]
    pub fn reset(&self, id: u32) {
        if let Some(cursor) = self.way.queries.get(id) {
            cursor.reset();
        }
    }

    /// Begins an explicit transaction.
    #[napi(catch_unwind)]
    pub fn begin(&self, env: Env, id: u32, request: Uint8Array) -> Result<NativeTransaction> {
        let transaction = self.way.ask(env, id, || self.driver.begin(id, &request))?;
        Ok(NativeTransaction { transaction, way: Arc::clone(&self.way) })
    }

    /// Moves the engine's clock on by milliseconds that it has missed.
    #[napi(catch_unwind)]
    pub fn age(&self, by: u32) {
        self.driver.advance_clock(Duration::from_millis(by.into()));
    }

    /// Checks that there is a server for a database; null = the home database.
    #[napi(catch_unwind)]
    pub fn verify(&self, env: Env, id: u32, database: Option<String>) -> Result<()> {
        self.way.ask(env, id, || self.driver.verify(id, database))
    }

    /// Checks that a server for a database takes a user: that of an encoded token; null = the driver's own.
    #[napi(catch_unwind)]
    pub fn authenticate(
        &self,
        env: Env,
        id: u32,
        database: Option<String>,
        token: Option<Uint8Array>,
    ) -> Result<()> {
        self.way.ask(env, id, || self.driver.authenticate(id, database, token.as_deref()))
    }

    /// Answers a question. False where nobody waits for the answer any more.
    #[napi(catch_unwind)]
    pub fn answer(&self, question: u32, answer: Uint8Array) -> bool {
        self.driver.answer(question, &answer)
    }

    /// Finds out the version of Bolt.
    #[napi(catch_unwind)]
    pub fn negotiate(&self, env: Env, id: u32) -> Result<()> {
        self.way.ask(env, id, || self.driver.negotiate(id))
    }

    /// Calls `deliver` no more until `resume`.
    #[napi(catch_unwind)]
    pub fn pause(&self) {
        self.way.sink.pause();
    }

    /// Ends a pause.
    #[napi(catch_unwind)]
    pub fn resume(&self) {
        self.way.sink.resume();
    }

    /// What is going on in each pool.
    #[napi(catch_unwind)]
    pub fn metrics(&self) -> Vec<NativeMetrics> {
        self.driver.metrics().into_iter().map(NativeMetrics::from).collect()
    }

    /// Closes the driver.
    #[napi(catch_unwind)]
    pub fn close(&self, env: Env, id: u32) -> Result<()> {
        self.way.ask(env, id, || {
            self.way.sink.close();
            self.driver.close(id);
        })
    }
}

#[napi]
impl NativeTransaction {
    /// Runs a query in the transaction.
    #[napi(catch_unwind)]
    pub fn run(&self, env: Env, id: u32, request: Uint8Array, flags: u32) -> Result<()> {
        self.way.ask(env, id, || self.way.queries.insert(id, self.transaction.run(id, &request, flags)))
    }

    /// Commits.
    #[napi(catch_unwind)]
    pub fn commit(&self, env: Env, id: u32) -> Result<()> {
        self.way.ask(env, id, || self.transaction.commit(id))
    }

    /// Rolls back.
    #[napi(catch_unwind)]
    pub fn rollback(&self, env: Env, id: u32) -> Result<()> {
        self.way.ask(env, id, || self.transaction.rollback(id))
    }

    /// Ends the transaction by a RESET.
    #[napi(catch_unwind)]
    pub fn reset(&self) {
        self.transaction.reset();
    }
}
