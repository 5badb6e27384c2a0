//! The engine: connections, pool, transactions and the pull-batch cursor.
//!
//! A [`Driver`] takes requests from any thread and answers with [`Event`]s, which go to an [`EventSink`].

#![forbid(unsafe_code)]

mod app;
pub mod config;
mod connection;
pub mod error;
pub mod event;
mod flow;
mod frames;
mod log;
pub mod net;
mod patience;
mod pool;
mod provider;
pub mod query;
mod routing;
pub(crate) mod sync;

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tokio::runtime::{self, Handle};
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tracing::Level;

pub use crate::driver::pool::metrics::{Counters, Metrics};
pub use crate::driver::query::cursor::{ALL, Cursor};
pub use crate::driver::query::transaction::Transaction;
pub use event::{CallbackKind, Event, EventSink, JsHandle};
pub use flow::Reservation;
pub use pool::Status;

use crate::driver::app::callbacks::{Callbacks, on_behalf_of};
use crate::driver::app::tokens::User;
use crate::driver::connection::servers::Servers;
use crate::driver::connection::wakeups::Wakeups;
use crate::driver::net::stream::{Dial, Tcp};
use crate::driver::net::tls::TlsDialer;
use crate::driver::pool::context::PoolContext;
use crate::driver::pool::set::PoolSet;
use crate::driver::query::request::Options;
use crate::driver::query::start::{AutoCommit, Explicit, Start};
use crate::driver::sync::lock;
use config::{Config, Secret};
use error::{Error, Kind, Result};
use event::SharedSink;
use log::{Log, log_event};
use provider::ConnectionProvider;

/// A driver for one server, or for a cluster.
///
/// A caller makes a request with an id of its choice, which no other request under way has, and hears of it
/// by events for that id. Every request ends in exactly one [`Event::Success`] or [`Event::Failure`].
///
/// # Threads
///
/// All methods of the driver, of a [`Cursor`] and of a [`Transaction`] may be called from any thread, at any
/// time and in any order. None of them waits for the network, and none fails: what goes wrong is an event.
///
/// Until its first request the driver is no more than its settings. That request starts one thread, which has
/// all sockets. Where a connection is idle, the calling thread encodes the request, and the engine's thread
/// writes it; otherwise a task on that thread waits for a connection first. A driver made by
/// [`on`](Driver::on) uses the runtime that it is given.
///
/// The [`EventSink`] is called on the engine's thread as well as on those of callers, also before the
/// call that makes a request returns, and with locks held. It must only put the event away: it must
/// neither block nor call the driver.
///
/// # Order of events
///
/// - For a query: [`Event::Home`] if the home database had to be found, [`Event::Fields`], any number of
///   [`Event::Records`], and the last event. A FAILURE may take the place of any of them.
/// - For BEGIN, COMMIT and ROLLBACK, and for all else: the last event, for BEGIN after [`Event::Home`].
/// - The requests of a transaction are answered in the order in which they were made, unless they fail. The
///   connection is idle again before the last event of a transaction, or of an auto-commit query, is
///   delivered.
/// - [`Event::Server`] precedes all events that refer to that server. So does [`Event::Callback`] with
///   [`CallbackKind::Denied`] precede the failures that refer to it.
///
/// # What may be called when
///
/// The first PULL goes out with RUN, those after it only as far as [`Cursor::next`] allows; that,
/// [`Cursor::discard`] and [`Cursor::reset`] may be called before there is a connection, and have no effect
/// after the end. A transaction takes requests before BEGIN is answered, and sends them behind it. Once it
/// has ended, its requests fail, except for a rollback, which succeeds. A transaction that is dropped without
/// an end gives its connection back.
///
/// After [`close`](Driver::close) each request fails, and the driver is no more than its last figures. A
/// driver that is dropped without `close` ends its thread as well, without an event.
///
/// # Example
///
/// ```no_run
/// use std::sync::{Arc, mpsc};
/// use std::time::Duration;
///
/// use bytes::BytesMut;
/// use neobolt::bolt::message::NotificationFilter;
/// use neobolt::bolt::packstream::{write_int, write_list_header, write_map_header, write_null, write_string};
/// use neobolt::driver::config::{Address, Auth, Config, Secret};
/// use neobolt::driver::{ALL, Driver, Event, EventSink};
///
/// struct Queue(mpsc::Sender<(u32, Event)>);
///
/// impl EventSink for Queue {
///     fn deliver(&self, id: u32, event: Event) {
///         // The receiver may be gone.
///         let _ = self.0.send((id, event));
///     }
/// }
///
/// let mut token = BytesMut::new();
/// write_map_header(&mut token, 3);
/// for text in ["scheme", "basic", "principal", "neo4j", "credentials", "a password"] {
///     write_string(&mut token, text);
/// }
/// let config = Config {
///     address: Address::new("localhost", 7687),
///     routing: None,
///     resolves: false,
///     user_agent: "example/1.0".into(),
///     bolt_agent: vec![0xA0],
///     auth: Auth::Token(Secret(token.to_vec())),
///     notifications: NotificationFilter::default(),
///     max_connection_pool_size: 100,
///     min_connection_pool_size: 0,
///     idle_timeout: None,
///     acquisition_timeout: Duration::from_secs(60),
///     tls: None,
///     connection_timeout: Some(Duration::from_secs(30)),
///     max_connection_lifetime: Duration::from_secs(3600),
///     liveness_check_timeout: None,
///     max_message_size: 1 << 29,
///     telemetry_disabled: true,
///     log: None,
/// };
/// let (sender, events) = mpsc::channel();
/// let driver = Driver::new(config, Arc::new(Queue(sender)));
///
/// // Options, query and parameters, as `query::request` describes them.
/// let mut request = BytesMut::new();
/// write_list_header(&mut request, 12);
/// write_string(&mut request, "r");
/// write_null(&mut request);
/// write_null(&mut request);
/// write_list_header(&mut request, 0);
/// (0..3).for_each(|_| write_null(&mut request));
/// write_int(&mut request, 1000);
/// write_int(&mut request, -1);
/// (0..3).for_each(|_| write_null(&mut request));
/// write_string(&mut request, "RETURN 1");
/// write_map_header(&mut request, 0);
///
/// let cursor = driver.run(1, &request, 0);
/// cursor.next(ALL);
/// for (id, event) in &events {
///     match event {
///         // The frame is in the format of `batch`.
///         Event::Records { count, frame, .. } => println!("{count} records in {} bytes", frame.len()),
///         Event::Success { .. } | Event::Failure { .. } if id == 1 => driver.close(2),
///         Event::Success { .. } | Event::Failure { .. } => break,
///         _ => {}
///     }
/// }
/// ```
pub struct Driver {
    stage: Arc<Mutex<Stage>>,
    sink: SharedSink,
    log: Log,
}

/// The stages of a driver.
///
/// ```text
///  Unused ──first request──▶ Running ──close──▶ Closing ──no socket is left──▶ Closed
///    └─────────────────────────close──────────────────────────────────────────────▲
/// ```
enum Stage {
    /// Its settings.
    Unused(Box<Config>),
    /// Everything.
    Running(Running),
    /// The provider whose connections say GOODBYE.
    Closing(Arc<ConnectionProvider>),
    /// What its pools had counted.
    Closed(Vec<Metrics>),
}

/// What a driver has from its first request on. Nothing else holds the runtime: what of that is not given
/// back stays open, two descriptors for each driver.
struct Running {
    provider: Arc<ConnectionProvider>,
    runtime: Handle,
    /// Ends when no socket is left.
    ended: mpsc::Receiver<()>,
    /// Wakes the connections' tasks.
    wakeup_task: AbortHandle,
    /// Ends the engine's thread, which answers the `close` of this id; none where the caller provides the
    /// runtime.
    stop: Option<oneshot::Sender<u32>>,
}

impl Driver {
    /// A driver that starts a thread of its own with its first request, or at once where connections are to
    /// be opened in advance.
    pub fn new(config: Config, sink: SharedSink) -> Self {
        let in_advance = config.opens_in_advance();
        let log = Log::new(config.log, &sink);
        let stage = Arc::new(Mutex::new(Stage::Unused(Box::new(config))));
        let driver = Self { stage, sink, log };
        if in_advance {
            // Where the system refuses, the first request tries again.
            let _ = driver.provider();
        }
        driver
    }

    /// A driver on a runtime that exists, over the dialer's streams, with TLS on them where that is
    /// configured.
    pub fn on(runtime: Handle, config: Config, sink: SharedSink, dialer: Arc<dyn Dial>) -> Self {
        let log = Log::new(config.log, &sink);
        let running = Running::on(runtime, config, &sink, &log, dialer);
        Self { stage: Arc::new(Mutex::new(Stage::Running(running))), sink, log }
    }

    /// Where connections come from. Starts the engine if it is not running yet.
    fn provider(&self) -> Result<Arc<ConnectionProvider>> {
        let mut stage = lock(&self.stage);
        match &*stage {
            Stage::Running(running) => Ok(Arc::clone(&running.provider)),
            Stage::Closing(_) | Stage::Closed(_) => Err(Kind::PoolClosed.into()),
            Stage::Unused(config) => {
                let (runtime, stop) =
                    self.thread().map_err(|error| Error::unstarted(&error, &config.address))?;
                let config = match std::mem::replace(&mut *stage, Stage::Closed(Vec::new())) {
                    Stage::Unused(config) => *config,
                    _ => return Err(Kind::PoolClosed.into()),
                };
                let mut running = Running::on(runtime, config, &self.sink, &self.log, Arc::new(Tcp));
                running.stop = Some(stop);
                let provider = Arc::clone(&running.provider);
                *stage = Stage::Running(running);
                Ok(provider)
            }
        }
    }

    /// The engine's thread, with a runtime on it. It ends when the sender sends, or is dropped.
    fn thread(&self) -> std::io::Result<(Handle, oneshot::Sender<u32>)> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            // Only names are looked up there.
            .max_blocking_threads(4)
            .thread_keep_alive(Duration::from_millis(100))
            .thread_name("neobolt-dns")
            .build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel();
        let (stage, sink) = (Arc::clone(&self.stage), Arc::clone(&self.sink));
        thread::Builder::new().name("neobolt".into()).stack_size(STACK_SIZE).spawn(move || {
            let close = runtime.block_on(stopped);
            // Drops all tasks, and never waits for a name server.
            runtime.shutdown_background();
            if let Ok(id) = close {
                // The caller that hears of it finds nothing left of the engine but the end of this thread.
                close_stage(&stage);
                sink.deliver(id, Event::Success { server: 0, frame: frames::empty() });
            }
        })?;
        Ok((handle, stop))
    }

    /// Runs a query in an auto-commit transaction. The request is laid out as in [`query::request`].
    pub fn run(&self, id: u32, request: &[u8], flags: u32) -> Arc<Cursor> {
        let parsed = AutoCommit::parse(request, flags);
        let fetch_size = parsed.as_ref().map_or(0, |(options, _)| options.fetch_size);
        let cursor = Cursor::new(id, fetch_size, Arc::clone(&self.sink));
        self.start(id, request, parsed, AutoCommit { cursor: Arc::clone(&cursor), flags });
        cursor
    }

    /// Opens an explicit transaction: BEGIN goes out as soon as there is a connection.
    pub fn begin(&self, id: u32, request: &[u8]) -> Arc<Transaction> {
        let transaction = Transaction::new(Arc::clone(&self.sink));
        let start = Explicit { transaction: Arc::clone(&transaction), id };
        self.start(id, request, start.parse(request), start);
        transaction
    }

    /// Begins something on a connection: on the calling thread where one is idle, else in a task that waits
    /// for one.
    fn start<'a, S: Start>(
        &self,
        id: u32,
        request: &'a [u8],
        parsed: Result<(Options<'a>, S::Query<'a>)>,
        start: S,
    ) {
        let (provider, options, query) =
            match parsed.and_then(|(options, query)| Ok((self.provider()?, options, query))) {
                Ok(ready) => ready,
                Err(error) => return start.fail(&error),
            };
        if let Some(acquired) = provider.try_acquire(&options.acquire_request()) {
            return start.begin(acquired, options, query);
        }
        // It may hold a session's token.
        let request = Secret(request.to_vec());
        let on_drop = start.clone();
        self.spawn(id, move |error| on_drop.fail(&error), async move {
            let acquired = async {
                let (options, query) = start.parse(&request.0)?;
                Ok((provider.acquire(&options.acquire_request()).await?, options, query))
            };
            match acquired.await {
                Ok((acquired, options, query)) => start.begin(acquired, options, query),
                Err(error) => start.fail(&error),
            }
        });
    }

    /// Sees whether there is a server that lets this driver in, for reading the database; `None` = the home
    /// database. SUCCESS says which.
    pub fn verify(&self, id: u32, database: Option<String>) {
        self.find(id, async move |provider| provider.verify(database.as_deref()).await);
    }

    /// Sees whether a server for reading the database takes a user: that of an encoded token, or the driver's
    /// own. SUCCESS says which server.
    pub fn authenticate(&self, id: u32, database: Option<String>, token: Option<&[u8]>) {
        let token = token.map(|token| Secret(token.to_vec()));
        self.find(id, async move |provider| {
            let user = User::of(token.as_ref().map(|token| token.0.as_slice()));
            provider.authenticate(database.as_deref(), user).await
        });
    }

    /// Takes the application's answer to an [`Event::Callback`], laid out as `Callbacks::answer` says.
    /// False where no request waits for it any more.
    pub fn answer(&self, callback: u32, answer: &[u8]) -> bool {
        self.running(|provider| provider.answer(callback, answer)).unwrap_or(false)
    }

    /// Finds out which version of Bolt is spoken with the server, without logging on. SUCCESS refers to a
    /// server of that version.
    pub fn negotiate(&self, id: u32) {
        self.find(id, async move |provider| provider.negotiate().await);
    }

    /// Closes all connections. What is under way fails. SUCCESS follows when no socket is left, nor anything
    /// else of the engine, whose thread ends right after. A driver that was not used starts none for this.
    pub fn close(&self, id: u32) {
        let running = {
            let mut stage = lock(&self.stage);
            match std::mem::replace(&mut *stage, Stage::Closed(Vec::new())) {
                Stage::Running(running) => {
                    *stage = Stage::Closing(Arc::clone(&running.provider));
                    Some(running)
                }
                Stage::Unused(config) => {
                    *stage = Stage::Closed(Metrics::unused(&config));
                    None
                }
                over => {
                    *stage = over;
                    None
                }
            }
        };
        match running {
            Some(running) => running.close(id, &self.stage, &self.sink, self.log.clone()),
            None => self.sink.deliver(id, Event::Success { server: 0, frame: frames::empty() }),
        }
    }

    /// Lets the engine's thread find a server. SUCCESS refers to it.
    fn find<F>(&self, id: u32, find: impl FnOnce(Arc<ConnectionProvider>) -> F)
    where
        F: Future<Output = Result<u32>> + Send + 'static,
    {
        let sink = Arc::clone(&self.sink);
        let provider = match self.provider() {
            Ok(provider) => provider,
            Err(error) => {
                sink.deliver(id, Event::Failure { frame: error.frame() });
                return;
            }
        };
        let find = find(provider);
        let on_drop = Arc::clone(&self.sink);
        self.spawn(
            id,
            move |error| on_drop.deliver(id, Event::Failure { frame: error.frame() }),
            async move {
                let found = find.await;
                // What the error refers to must be kept until the event is on its way.
                let event = match &found {
                    Ok(server) => Event::Success { server: *server, frame: frames::empty() },
                    Err(error) => Event::Failure { frame: error.frame() },
                };
                sink.deliver(id, event);
            },
        );
    }

    /// Lets the engine's thread do `work` for the request; `abandon` is called where it can't get to it any
    /// more.
    fn spawn(
        &self,
        id: u32,
        abandon: impl FnOnce(Error) + Send + 'static,
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        let on_drop = OnDrop(Some(abandon));
        let runtime = match &*lock(&self.stage) {
            Stage::Running(running) => running.runtime.clone(),
            _ => return,
        };
        runtime.spawn(async move {
            let on_drop = on_drop;
            on_behalf_of(id, work).await;
            on_drop.disarm();
        });
    }

    /// Adds time that the engine's clock did not count, as it stands still while a machine sleeps: what is
    /// known of a cluster is older by that.
    pub fn advance_clock(&self, by: Duration) {
        self.running(|provider| provider.advance_clock(by));
    }

    /// What is going on in each of the driver's pools.
    pub fn metrics(&self) -> Vec<Metrics> {
        match &*lock(&self.stage) {
            Stage::Unused(config) => Metrics::unused(config),
            Stage::Running(Running { provider, .. }) | Stage::Closing(provider) => provider.metrics(),
            Stage::Closed(last) => last.clone(),
        }
    }

    /// How many connections there are.
    pub fn status(&self) -> Status {
        match &*lock(&self.stage) {
            Stage::Running(Running { provider, .. }) | Stage::Closing(provider) => provider.status(),
            Stage::Unused(_) | Stage::Closed(_) => Status { active: 0, idle: 0 },
        }
    }

    /// What the provider has to say, where it is there.
    fn running<T>(&self, ask: impl FnOnce(&ConnectionProvider) -> T) -> Option<T> {
        let provider = match &*lock(&self.stage) {
            Stage::Running(running) => Arc::clone(&running.provider),
            _ => return None,
        };
        Some(ask(&provider))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let stage = std::mem::replace(&mut *lock(&self.stage), Stage::Closed(Vec::new()));
        if let Stage::Running(running) = stage {
            running.provider.close();
            running.wakeup_task.abort();
        }
    }
}

impl Running {
    fn on(runtime: Handle, config: Config, sink: &SharedSink, log: &Log, dialer: Arc<dyn Dial>) -> Self {
        let servers = Servers::new(Arc::clone(sink));
        let callbacks = Callbacks::new(Arc::clone(sink));
        let dialer = match config.tls {
            None => dialer,
            Some(tls) => Arc::new(TlsDialer::new(tls, dialer, Arc::clone(&callbacks))),
        };
        let wakeups = Arc::new(Wakeups::default());
        let (context, ended) =
            PoolContext::new(config, dialer, servers, Arc::clone(&wakeups), callbacks, log.clone());
        let provider = {
            let _context = runtime.enter();
            ConnectionProvider::new(PoolSet::new(context))
        };
        let wakeup_task = runtime.spawn(async move { wakeups.run().await }).abort_handle();
        Self { provider, runtime, ended, wakeup_task, stop: None }
    }

    /// Says GOODBYE, and has `close` answered.
    fn close(self, id: u32, stage: &Arc<Mutex<Stage>>, sink: &SharedSink, log: Log) {
        let Self { provider, runtime, mut ended, wakeup_task: _, stop } = self;
        provider.close();
        let (stage, sink) = (Arc::clone(stage), Arc::clone(sink));
        runtime.spawn(async move {
            if timeout(GOODBYE_LIMIT, ended.recv()).await.is_err() {
                log_event!(log, Level::DEBUG, "closed without a word to servers that do not listen");
            }
            match stop {
                // The thread is there for as long as this task is.
                Some(stop) => drop(stop.send(id)),
                None => {
                    close_stage(&stage);
                    sink.deliver(id, Event::Success { server: 0, frame: frames::empty() });
                }
            }
        });
    }
}

/// Keeps the last figures of a driver that was closing, and nothing else.
fn close_stage(stage: &Mutex<Stage>) {
    let mut stage = lock(stage);
    if let Stage::Closing(provider) = &*stage {
        let closed = Stage::Closed(provider.metrics());
        let closing = std::mem::replace(&mut *stage, closed);
        drop(stage);
        drop(closing);
    }
}

/// Calls its function when it is dropped: work that is left by the wayside says so.
struct OnDrop<F: FnOnce(Error)>(Option<F>);

impl<F: FnOnce(Error)> OnDrop<F> {
    fn disarm(mut self) {
        self.0 = None;
    }
}

impl<F: FnOnce(Error)> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(abandon) = self.0.take() {
            abandon(Kind::PoolClosed.into());
        }
    }
}

/// In bytes, of which the system gives those that are used. The batch transcoder follows nested
/// values by recursion, to a depth that needs up to 1 MiB of it.
const STACK_SIZE: usize = 8 << 20;
/// How long a server may take to hear GOODBYE.
const GOODBYE_LIMIT: Duration = Duration::from_secs(1);
