//! The Node boundary: two classes that convert, call and convert. No logic, no defaults, no checks
//! of what users pass: those are the facade's (`lib/native.ts`), the only caller.
//!
//! Requests come as one buffer and are answered by events, for the id that came with them; see
//! [`outlet`] for how events cross. No call here fails or waits because of the network.

mod config;
mod cursors;
mod metrics;
mod outlet;

use std::panic::RefUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use napi::bindgen_prelude::{Buffer, FnArgs, Function, Uint8Array};
use napi::{Env, Result};
use napi_derive::napi;

use crate::driver::{Driver, Transaction};
pub use config::NativeConfig;
use cursors::Cursors;
pub use metrics::NativeMetrics;
use outlet::TurnOutlet;

/// A driver. Ends with its `close`, or when it is garbage.
#[napi]
pub struct NativeDriver {
    driver: Driver,
    outlet: Arc<TurnOutlet>,
    cursors: Arc<Cursors>,
}

/// An explicit transaction.
#[napi]
pub struct NativeTransaction {
    transaction: Arc<Transaction>,
    outlet: Arc<TurnOutlet>,
    cursors: Arc<Cursors>,
}

// A panic in one of the calls below becomes a JavaScript exception. What it leaves behind is whole:
// every lock in the engine protects single steps.
impl RefUnwindSafe for NativeDriver {}
impl RefUnwindSafe for NativeTransaction {}

#[napi]
impl NativeDriver {
    /// Starts the engine of a driver. Opens no connection. `deliver` is called once for each turn in
    /// which something completed.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        config: NativeConfig,
        deliver: Function<'_, FnArgs<(Buffer, Vec<Buffer>)>, ()>,
    ) -> Result<Self> {
        let config = config.try_into()?;
        let cursors = Arc::new(Cursors::default());
        let outlet = TurnOutlet::new(&deliver, &cursors)?;
        let driver = Driver::start(config, outlet.clone())
            .map_err(|error| napi::Error::from_reason(format!("cannot start the engine: {error}")))?;
        Ok(Self { driver, outlet, cursors })
    }

    /// Runs a query in an auto-commit transaction.
    #[napi(catch_unwind)]
    pub fn run(&self, env: Env, id: u32, request: Uint8Array, flags: u32) -> Result<()> {
        self.outlet.expect(env)?;
        self.cursors.insert(id, self.driver.run(id, &request, flags));
        Ok(())
    }

    /// Allows a query so many more PULLs; 0xFFFFFFFF = all.
    #[napi(catch_unwind)]
    pub fn next(&self, id: u32, pulls: u32) {
        if let Some(cursor) = self.cursors.get(id) {
            cursor.next(pulls);
        }
    }

    /// Lets the server discard what a query has not been asked for yet.
    #[napi(catch_unwind)]
    pub fn discard(&self, id: u32) {
        if let Some(cursor) = self.cursors.get(id) {
            cursor.discard();
        }
    }

    /// Interrupts a query by a RESET.
    #[napi(catch_unwind)]
    pub fn reset(&self, id: u32) {
        if let Some(cursor) = self.cursors.get(id) {
            cursor.reset();
        }
    }

    /// Begins an explicit transaction.
    #[napi(catch_unwind)]
    pub fn begin(&self, env: Env, id: u32, request: Uint8Array) -> Result<NativeTransaction> {
        self.outlet.expect(env)?;
        let transaction = self.driver.begin(id, &request);
        let (outlet, cursors) = (Arc::clone(&self.outlet), Arc::clone(&self.cursors));
        Ok(NativeTransaction { transaction, outlet, cursors })
    }

    /// Tells of milliseconds that the engine's clock has not seen.
    #[napi(catch_unwind)]
    pub fn age(&self, by: u32) {
        self.driver.age(Duration::from_millis(by.into()));
    }

    /// Checks that there is a server for a database; null = the home database.
    #[napi(catch_unwind)]
    pub fn verify(&self, env: Env, id: u32, database: Option<String>) -> Result<()> {
        self.outlet.expect(env)?;
        self.driver.verify(id, database);
        Ok(())
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
        self.outlet.expect(env)?;
        self.driver.authenticate(id, database, token.as_deref());
        Ok(())
    }

    /// Answers a question. False where nobody waits for the answer any more.
    #[napi(catch_unwind)]
    pub fn answer(&self, question: u32, answer: Uint8Array) -> bool {
        self.driver.answer(question, &answer)
    }

    /// Finds out the version of Bolt.
    #[napi(catch_unwind)]
    pub fn negotiate(&self, env: Env, id: u32) -> Result<()> {
        self.outlet.expect(env)?;
        self.driver.negotiate(id);
        Ok(())
    }

    /// Calls `deliver` no more until `resume`.
    #[napi(catch_unwind)]
    pub fn pause(&self) {
        self.outlet.pause();
    }

    /// Ends a pause.
    #[napi(catch_unwind)]
    pub fn resume(&self) {
        self.outlet.resume();
    }

    /// What is going on in each pool.
    #[napi(catch_unwind)]
    pub fn metrics(&self) -> Vec<NativeMetrics> {
        self.driver.metrics().into_iter().map(NativeMetrics::from).collect()
    }

    /// Closes the driver.
    #[napi(catch_unwind)]
    pub fn close(&self, env: Env, id: u32) -> Result<()> {
        self.outlet.expect(env)?;
        self.driver.close(id);
        Ok(())
    }
}

#[napi]
impl NativeTransaction {
    /// Runs a query in the transaction.
    #[napi(catch_unwind)]
    pub fn run(&self, env: Env, id: u32, request: Uint8Array, flags: u32) -> Result<()> {
        self.outlet.expect(env)?;
        self.cursors.insert(id, self.transaction.run(id, &request, flags));
        Ok(())
    }

    /// Commits.
    #[napi(catch_unwind)]
    pub fn commit(&self, env: Env, id: u32) -> Result<()> {
        self.outlet.expect(env)?;
        self.transaction.commit(id);
        Ok(())
    }

    /// Rolls back.
    #[napi(catch_unwind)]
    pub fn rollback(&self, env: Env, id: u32) -> Result<()> {
        self.outlet.expect(env)?;
        self.transaction.rollback(id);
        Ok(())
    }

    /// Ends the transaction by a RESET.
    #[napi(catch_unwind)]
    pub fn reset(&self) {
        self.transaction.reset();
    }
}
