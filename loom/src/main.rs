//! Models of what in the engine is made by hand for several threads, under loom: it runs each of them in
//! every order that the threads' steps may have (with three preemptions at most), and with every value that
//! an atomic may show.
//!
//! The sources are those of the driver, as they are. What they take for `std`, `tokio` and `napi` is this
//! crate (`lib.rs`).

#![allow(dead_code, reason = "of the sources, a model uses its part")]

extern crate neobolt_loom as napi;
extern crate neobolt_loom as std;
extern crate neobolt_loom as tokio;

#[path = "../../src/shared_constants.rs"]
mod shared_constants;

/// The engine's side.
#[path = "../../src/driver"]
mod driver {
    pub use event::{Event, EventSink};

    pub mod flow;
    pub mod sync;

    pub mod connection {
        pub mod wakeups;
    }

    /// In place of `src/driver/event/mod.rs`: as many fields, of simpler types.
    pub mod event {
        pub mod kind;

        /// An event.
        pub enum Event {
            Fields { server: u32, frame: Vec<u8> },
            Records { count: u32, has_more: bool, frame: Vec<u8>, reservation: () },
            Home { frame: Vec<u8> },
            Success { server: u32, frame: Vec<u8> },
            Failure { frame: Vec<u8> },
            Callback { kind: u32, frame: Vec<u8> },
            Released,
            Server { server: u32, frame: Vec<u8> },
            Log { level: u32, kind: u32, frame: Vec<u8>, reservation: () },
        }

        impl Event {
            /// Whether nothing follows for the same request.
            pub fn is_last(&self) -> bool {
                matches!(self, Self::Success { .. } | Self::Failure { .. })
            }
        }

        /// Where events go.
        pub trait EventSink {
            /// At once.
            fn deliver(&self, id: u32, event: Event);
            /// With the next one.
            fn deliver_lazily(&self, id: u32, event: Event);
        }
    }

    /// In place of `src/driver/query/cursor.rs`.
    pub struct Cursor;
}

/// JavaScript's side.
#[path = "../../src/addon"]
mod addon {
    pub mod delivery;
    pub mod queries;

    /// In place of `src/addon/context.rs`: here, there are no contexts.
    pub mod context {
        /// Calls it.
        pub fn outside_of_any_context<T>(_env: napi::Env, work: impl FnOnce() -> T) -> napi::Result<T> {
            Ok(work())
        }
    }
}

use core::pin::pin;
use core::task::Poll;
use napi::EventLoop;
use napi::bindgen_prelude::{Buffer, FnArgs, FunctionRef};
use napi::sync::{Arc, Notify};
use napi::threadsafe_function::{call_back, forget_callback};

use addon::delivery::{Deliver, Delivery};
use addon::queries::RunningQueries;
use driver::connection::wakeups::Wakeups;
use driver::flow::Budget;
use driver::{Cursor, Event, EventSink};

fn main() {
    explore("a reader without room goes on when records arrive on two threads", budget);
    explore("each task that two threads wake looks, after one wake-up or two", wakeups);
    explore("what the engine delivers crosses, and the process waits for it and no longer", sink);
    explore("so it is with pauses, and what may wait for the next event crosses, too", pauses);
    explore("what is closed keeps no way to JavaScript, and finds it again for who comes later", closing);
    explore("a task that is woken while the engine ends is gone with the engine", forgotten);
}

/// The engine reads while there is room, and JavaScript lets go of records on two threads.
fn budget() {
    let budget = Budget::of_records();
    let reservations = [budget.reserve(0, MUCH), budget.reserve(0, MUCH)];
    assert!(!budget.has_room());
    let threads = reservations.map(|reservation| loom::thread::spawn(move || drop(reservation)));
    loom::future::block_on(budget.freed());
    assert!(budget.has_room());
    // More is read meanwhile, and there is no room again.
    let reservation = budget.reserve(1, 2 * MUCH);
    assert!(!budget.has_room());
    let last = loom::thread::spawn(move || drop(reservation));
    loom::future::block_on(budget.freed());
    for thread in threads {
        thread.join().unwrap();
    }
    last.join().unwrap();
    assert!(budget.has_room());
}

/// A connection of the model: something to send, and a task that looks at it when it is woken.
#[derive(Default)]
struct Connection {
    /// How much is to be written.
    out: loom::sync::Mutex<usize>,
    wake: Arc<Notify>,
}

/// Two threads have connections send, one of them the same one as the other, and the engine wakes the tasks.
fn wakeups() {
    let wakeups = Arc::new(Wakeups::default());
    let connections = [Arc::new(Connection::default()), Arc::new(Connection::default())];
    let send = |asked: &'static [usize]| {
        let (wakeups, connections) = (wakeups.clone(), connections.clone());
        loom::thread::spawn(move || {
            for &index in asked {
                *connections[index].out.lock().unwrap() += 1;
                wakeups.wake(&connections[index].wake);
            }
        })
    };
    let threads = [send(&[0, 1]), send(&[0])];
    let mut engine = pin!(wakeups.run());
    let mut tasks = connections.each_ref().map(|connection| Box::pin(connection.wake.notified()));
    let mut written = 0;
    loom::future::block_on(core::future::poll_fn(|context| {
        let _ = engine.as_mut().poll(context);
        for (connection, task) in connections.iter().zip(&mut tasks) {
            while task.as_mut().poll(context).is_ready() {
                written += core::mem::take(&mut *connection.out.lock().unwrap());
                task.set(connection.wake.notified());
            }
        }
        if written == 3 { Poll::Ready(()) } else { Poll::Pending }
    }));
    for thread in threads {
        thread.join().unwrap();
    }
}

/// Two requests: the second is made when the first event has been seen.
fn sink() {
    let (event_loop, sink, deliver) = javascript();
    expect(&sink, &deliver, 1);
    let engine = {
        let sink = sink.clone();
        loom::thread::spawn(move || {
            sink.deliver(1, Event::Fields { server: 0, frame: Vec::new() });
            sink.deliver(1, Event::Success { server: 0, frame: Vec::new() });
        })
    };
    let mut seen = turn(&event_loop);
    expect(&sink, &deliver, 2);
    let other = {
        let sink = sink.clone();
        loom::thread::spawn(move || sink.deliver(2, Event::Failure { frame: Vec::new() }))
    };
    while seen < 3 {
        seen += turn(&event_loop);
    }
    assert!(!event_loop.is_referred());
    engine.join().unwrap();
    other.join().unwrap();
    end(sink);
}

/// A pause after each turn that brought something, as `lib/engine/engine.ts` makes one when it has worked for
/// long.
fn pauses() {
    let (event_loop, sink, deliver) = javascript();
    expect(&sink, &deliver, 1);
    let engine = {
        let sink = sink.clone();
        loom::thread::spawn(move || {
            sink.deliver(1, Event::Fields { server: 0, frame: Vec::new() });
            sink.deliver_lazily(7, Event::Released);
            sink.deliver(1, Event::Success { server: 0, frame: Vec::new() });
        })
    };
    let mut seen = 0;
    while seen < 3 {
        seen += turn(&event_loop);
        sink.pause();
        sink.resume();
    }
    assert!(!event_loop.is_referred());
    engine.join().unwrap();
    end(sink);
}

/// The last events of a driver come while another thread drops what refers to things in JavaScript; then a
/// transaction that outlived it is rolled back, and a call panics.
fn closing() {
    let (event_loop, sink, deliver) = javascript();
    assert!(!event_loop.is_connected());
    expect(&sink, &deliver, 1);
    sink.close();
    let engine = {
        let sink = sink.clone();
        loom::thread::spawn(move || sink.deliver(1, Event::Success { server: 0, frame: Vec::new() }))
    };
    let other = {
        let sink = sink.clone();
        loom::thread::spawn(move || sink.deliver(7, Event::Released))
    };
    let mut seen = 0;
    // What is forgotten after the end may never cross.
    while event_loop.is_connected() {
        seen += turn(&event_loop);
    }
    assert!((1..=2).contains(&seen) && !event_loop.is_referred());
    engine.join().unwrap();
    other.join().unwrap();
    forget_callback();
    expect(&sink, &deliver, 2);
    assert!(event_loop.is_connected() && event_loop.is_referred());
    sink.deliver(2, Event::Success { server: 0, frame: Vec::new() });
    while event_loop.is_connected() {
        seen += turn(&event_loop);
    }
    assert_eq!(seen, 3);
    drop(sink.request_started(napi::Env, &deliver, 3).unwrap());
    assert!(!event_loop.is_connected() && !event_loop.is_referred());
    end(sink);
}

/// A connection has its task woken while the engine ends: the task's end is not held up by a list that nobody
/// looks at.
fn forgotten() {
    let wakeups = Arc::new(Wakeups::default());
    let task = Arc::new(Notify::default());
    let gone = Arc::downgrade(&task);
    let thread = {
        let wakeups = wakeups.clone();
        loom::thread::spawn(move || wakeups.wake(&task))
    };
    {
        let mut engine = pin!(wakeups.run());
        loom::future::block_on(core::future::poll_fn(|context| {
            let _ = engine.as_mut().poll(context);
            Poll::Ready(())
        }));
    }
    thread.join().unwrap();
    drop(wakeups);
    assert!(gone.upgrade().is_none());
}

/// A request that is made.
fn expect(sink: &Delivery, deliver: &Deliver, id: u32) {
    sink.request_started(napi::Env, deliver, id).unwrap().made();
}

fn javascript() -> (Arc<EventLoop>, Arc<Delivery>, Deliver) {
    let event_loop = Arc::new(EventLoop::default());
    let queries = Arc::new(RunningQueries::default());
    queries.insert(1, Arc::new(Cursor));
    let sink = Delivery::new(&queries);
    let deliver = FunctionRef::of(&event_loop);
    (event_loop, sink, deliver)
}

/// Waits for one turn, and gives how many events it brought.
fn turn(event_loop: &EventLoop) -> usize {
    event_loop.next_call();
    let FnArgs((Buffer(control), _)) = call_back::<FnArgs<(Buffer, Vec<Buffer>)>>();
    // None of the events has a payload.
    assert_eq!(control.len() % HEADER, 0);
    control.len() / HEADER
}

fn end(sink: Arc<Delivery>) {
    drop(sink);
    forget_callback();
}

fn explore(what: &str, model: fn()) {
    let runs = Arc::new(core::sync::atomic::AtomicUsize::new(0));
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    let counter = runs.clone();
    builder.check(move || {
        counter.fetch_add(1, core::sync::atomic::Ordering::Relaxed);
        model();
    });
    println!("{what}: {} orders", runs.load(core::sync::atomic::Ordering::Relaxed));
}

/// In bytes: two of these leave no room, and one does.
const MUCH: usize = 256 * 1024;
/// In bytes, of an entry in `control` without its payload.
const HEADER: usize = 16;
