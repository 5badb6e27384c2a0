//! How events cross to JavaScript: one call for all that completed since the last turn.
//!
//! The engine puts events on a list; the first one wakes the JavaScript thread, which takes the whole list.
//! However many queries are in flight, they cost one wake-up for each turn.
//!
//! # What `deliver(control, attachments)` gets
//!
//! `control` holds one entry after the other, each padded to a multiple of four bytes, little endian:
//!
//! ```text
//! u32 id · u8 kind · u8 flags · u16 0 · u32 aux · u32 length · payload
//!
//! kind       id              aux
//! Fields     the request's   server
//! Records    the request's   number of records
//! Success    the request's   server, 0 = none
//! Failure    the request's   0
//! Home       the request's   0
//! Server     0               server
//! Callback   the callback's  kind
//! Released   the callback's  0
//! Log        0               level | kind << 8
//! ```
//!
//! [`EventKind`] has the numbers of the kinds, [`flag`] the flags. Where the payload is an
//! attachment, `length` is its index.
//!
//! JavaScript may ask for a pause, and has to end it: Node calls a thread-safe function again and again
//! while there is something to call it for, and lets no timer run in between.
//!
//! The way there is made for the first request. Once the driver is closed, it lasts no longer than what is in
//! flight: Node looks at each thread-safe function whenever it is woken for one of them.
//!
//! Node keeps what `AsyncLocalStorage` holds where a thread-safe function is made, and enters it for each
//! call. So it is made outside of any request: what was delivered to one driver is of no one request.
//!
//! A large payload goes as an attachment, without another copy; small ones share the control buffer, as each
//! buffer object costs more than the bytes of a small result.

use std::sync::{Arc, Mutex, Weak};

use napi::bindgen_prelude::{Buffer, FnArgs, FunctionRef};
use napi::threadsafe_function::{ThreadsafeCallContext, ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status};

use super::context::outside_of_any_context;
use super::queries::RunningQueries;
use crate::driver::event::kind::{EventKind, flag};
use crate::driver::sync::lock;
use crate::driver::{Event, EventSink};

/// What the events of a turn are delivered to.
pub(crate) type Deliver = FunctionRef<Turn, ()>;

type Turn = FnArgs<(Buffer, Vec<Buffer>)>;
type Wake = ThreadsafeFunction<(), (), Turn, Status, false, true>;

/// Collects events and hands them over, a turn at a time.
pub(crate) struct Delivery {
    queue: Arc<Mutex<Queue>>,
    /// None while nobody has asked for anything, or once the driver is closed and nothing is in flight.
    wake: Arc<Mutex<Option<Wake>>>,
    queries: Weak<RunningQueries>,
}

/// A request that is about to be made. Where it is not, because the call panics, nobody waits for it.
#[must_use]
pub(crate) struct StartedRequest<'a> {
    sink: &'a Delivery,
    env: Env,
    id: u32,
    made: bool,
}

#[derive(Default)]
struct Queue {
    events: Vec<(u32, Event)>,
    /// Requests whose last event has not been handed over.
    in_flight: usize,
    /// JavaScript wants nothing for now.
    paused: bool,
    /// JavaScript has been woken, and has not looked yet.
    woken: bool,
    /// There is a function to wake JavaScript by.
    connected: bool,
    /// It is not to be kept when nothing is in flight.
    closed: bool,
}

impl Queue {
    /// Whether JavaScript is to be woken now.
    fn is_due(&mut self) -> bool {
        let due = !self.events.is_empty() && !self.paused && !self.woken && self.connected;
        self.woken |= due;
        due
    }

    /// Says what is to become of the function now that nothing is in flight. Where it goes, whatever is
    /// delivered from here on waits for the next one: hence in one step with what has been taken.
    fn rest(&mut self) -> Rest {
        if !self.closed {
            return Rest::Idle;
        }
        self.connected = false;
        self.woken = false;
        Rest::Over
    }
}

/// What is in flight.
enum Rest {
    /// Something is, or nothing has ended.
    No,
    /// Nothing: the process may end.
    Idle,
    /// Nothing, and the driver is closed.
    Over,
}

impl Delivery {
    /// A delivery that JavaScript hears nothing of before it expects something. It keeps a cursor until the
    /// end of its request.
    pub(crate) fn new(queries: &Arc<RunningQueries>) -> Arc<Self> {
        // A cursor holds the sink.
        let queries = Arc::downgrade(queries);
        Arc::new(Self { queue: Arc::default(), wake: Arc::default(), queries })
    }

    /// Notes that a request is about to be made, and keeps the process alive until its last event has been
    /// delivered.
    pub(crate) fn request_started(&self, env: Env, deliver: &Deliver, id: u32) -> Result<StartedRequest<'_>> {
        let (first, connected) = {
            let mut queue = lock(&self.queue);
            queue.in_flight += 1;
            (queue.in_flight == 1, queue.connected)
        };
        let started = StartedRequest { sink: self, env, id, made: false };
        if !connected {
            self.connect(env, deliver)?;
        }
        if first && let Some(wake) = &mut *lock(&self.wake) {
            #[expect(
                deprecated,
                reason = "a clone would keep the process alive from any thread, not for this request"
            )]
            wake.refer(&env)?;
        }
        Ok(started)
    }

    /// Has events delivered from now on, though nobody expects any.
    pub(crate) fn connect(&self, env: Env, deliver: &Deliver) -> Result<()> {
        let mut place = lock(&self.wake);
        if place.is_some() {
            return Ok(());
        }
        let (events, waker, queries) =
            (Arc::clone(&self.queue), Arc::clone(&self.wake), self.queries.clone());
        let deliver = deliver.borrow_back(&env)?;
        let build = || {
            deliver.build_threadsafe_function().weak::<true>().build_callback(
                move |context: ThreadsafeCallContext<()>| {
                    let (taken, rest) = take(&events);
                    if let Some(queries) = queries.upgrade() {
                        queries.remove(taken.iter().filter(|(_, event)| event.is_last()).map(|(id, _)| *id));
                    }
                    let_go(&waker, context.env, rest)?;
                    Ok(turn(taken))
                },
            )
        };
        let function: Wake = outside_of_any_context(env, build)??;
        *place = Some(function);
        drop(place);
        lock(&self.queue).connected = true;
        Ok(())
    }

    /// Keeps no way to JavaScript that nothing in flight needs.
    pub(crate) fn close(&self) {
        lock(&self.queue).closed = true;
    }

    /// Hands nothing over until `resume`.
    pub(crate) fn pause(&self) {
        lock(&self.queue).paused = true;
    }

    /// Hands over what came meanwhile, in a turn of its own.
    pub(crate) fn resume(&self) {
        let due = {
            let mut queue = lock(&self.queue);
            queue.paused = false;
            queue.is_due()
        };
        if due {
            self.wake();
        }
    }

    fn wake(&self) {
        if let Some(wake) = &*lock(&self.wake) {
            // It refuses only when the environment is going away, and then nobody is there to hear.
            wake.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

impl EventSink for Delivery {
    fn deliver(&self, id: u32, event: Event) {
        let mut queue = lock(&self.queue);
        queue.events.push((id, event));
        let due = queue.is_due();
        drop(queue);
        if due {
            self.wake();
        }
    }

    fn deliver_lazily(&self, id: u32, event: Event) {
        lock(&self.queue).events.push((id, event));
    }
}

impl StartedRequest<'_> {
    /// The request has been made: its last event will come.
    pub(crate) fn made(mut self) {
        self.made = true;
    }
}

impl Drop for StartedRequest<'_> {
    fn drop(&mut self) {
        if self.made {
            return;
        }
        let rest = {
            let mut queue = lock(&self.sink.queue);
            // It may have been answered before it came to grief.
            let answered = queue.events.iter().any(|(id, event)| *id == self.id && event.is_last());
            if !answered {
                queue.in_flight = queue.in_flight.saturating_sub(1);
            }
            if !answered && queue.in_flight == 0 { queue.rest() } else { Rest::No }
        };
        // It fails only where the environment is going away.
        let _ = let_go(&self.sink.wake, self.env, rest);
    }
}

impl Drop for Delivery {
    /// The function holds its callback, which holds the place where the function is: break the circle.
    fn drop(&mut self) {
        let function = lock(&self.wake).take();
        drop(function);
    }
}

/// The events so far, and whether nothing is in flight after them.
fn take(queue: &Mutex<Queue>) -> (Vec<(u32, Event)>, Rest) {
    let mut queue = lock(queue);
    queue.woken = false;
    // A call that was already on its way when the pause began.
    if queue.paused {
        return (Vec::new(), Rest::No);
    }
    let events = std::mem::take(&mut queue.events);
    let ended = events.iter().filter(|(_, event)| event.is_last()).count();
    queue.in_flight = queue.in_flight.saturating_sub(ended);
    let rest = if ended > 0 && queue.in_flight == 0 { queue.rest() } else { Rest::No };
    (events, rest)
}

/// Where nothing is in flight, the process may end, and where the driver is closed, so does the way to
/// JavaScript.
fn let_go(wake: &Mutex<Option<Wake>>, env: Env, rest: Rest) -> Result<()> {
    if matches!(rest, Rest::No) {
        return Ok(());
    }
    let mut place = lock(wake);
    if let Some(wake) = &mut *place {
        #[expect(deprecated, reason = "the counterpart of refer")]
        wake.unref(&env)?;
    }
    let function = if matches!(rest, Rest::Over) { place.take() } else { None };
    drop(place);
    drop(function);
    Ok(())
}

fn turn(events: Vec<(u32, Event)>) -> Turn {
    let mut control = Vec::new();
    let mut attachments = Vec::new();
    for (id, event) in events {
        // A reservation is dropped here: what it stands for has arrived.
        let (kind, mut flags, aux, payload) = match event {
            Event::Fields { server, frame } => (EventKind::Fields, 0, server, frame),
            Event::Records { count, has_more, frame, reservation: _ } => {
                (EventKind::Records, if has_more { flag::HAS_MORE } else { 0 }, count, frame)
            }
            Event::Success { server, frame } => (EventKind::Success, 0, server, frame),
            Event::Failure { frame } => (EventKind::Failure, 0, 0, frame),
            Event::Server { server, frame } => (EventKind::Server, 0, server, frame),
            Event::Home { frame } => (EventKind::Home, 0, 0, frame),
            Event::Callback { kind, frame } => (EventKind::Callback, 0, kind as u32, frame),
            Event::Released => (EventKind::Released, 0, 0, Vec::new()),
            Event::Log { level, kind, frame, reservation: _ } => {
                (EventKind::Log, 0, level | (kind as u32) << 8, frame)
            }
        };
        let attached = payload.len() > LARGEST_INLINE;
        if attached {
            flags |= flag::ATTACHED;
        }
        let length = if attached { attachments.len() } else { payload.len() };
        control.extend_from_slice(&id.to_le_bytes());
        control.extend_from_slice(&[kind as u8, flags, 0, 0]);
        control.extend_from_slice(&aux.to_le_bytes());
        control.extend_from_slice(&(length as u32).to_le_bytes());
        if attached {
            attachments.push(Buffer::from(payload));
        } else {
            control.extend_from_slice(&payload);
            control.resize(control.len().next_multiple_of(4), 0);
        }
    }
    (Buffer::from(control), attachments).into()
}

/// In bytes.
const LARGEST_INLINE: usize = 4 * 1024;
