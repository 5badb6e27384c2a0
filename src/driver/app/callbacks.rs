//! What the engine asks of the application: tokens, addresses, certificates. A callback goes out as an event,
//! like everything else, and its answer comes back by a call of any thread.
//!
//! The task that asks waits in an ordinary future. Dropping it forgets the callback, so a timeout around
//! it, or the end of the driver, is the end of the waiting too. A callback keeps nothing alive by itself;
//! the request that needs it does.
//!
//! What JavaScript answers with (a token, or the error that its function threw) stays there, under the
//! callback's number. [`JsHandle`] stands for it: an error that refers to it becomes the very same object
//! again, and when the last `JsHandle` is gone, so may the object be.
//!
//! A callback names the request that needs it, so that the application's function runs as part of what made
//! that request. The task carries the request's id ([`on_behalf_of`]), as it may be far from the code that
//! asks.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use bytes::BytesMut;
use tokio::sync::oneshot;

use crate::batch::BatchWriter;
use crate::bolt::ProtocolError;
use crate::bolt::packstream::{Reader, write_int, write_string};
use crate::driver::config::Secret;
use crate::driver::error::{Awaited, Kind, Result};
use crate::driver::event::{CallbackKind, Event, JsHandle, SharedSink};
use crate::driver::patience::awaiting;
use crate::driver::sync::lock;

tokio::task_local! {
    /// The request that the task at hand works for.
    static CAUSE: u32;
}

/// Work on behalf of the request with this id.
pub(crate) fn on_behalf_of<F: Future>(id: u32, work: F) -> impl Future<Output = F::Output> {
    CAUSE.scope(id, work)
}

/// Work of a task of its own, on behalf of the same request as the present task.
pub(crate) fn on_the_same_behalf<F: Future>(work: F) -> impl Future<Output = F::Output> {
    on_behalf_of(cause(), work)
}

/// The request that the present task works for; 0 = none.
fn cause() -> u32 {
    CAUSE.try_with(|id| *id).unwrap_or(0)
}

/// Asks, and hands on the answers.
pub(crate) struct Callbacks {
    sink: SharedSink,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    last: u32,
    waiting: HashMap<u32, oneshot::Sender<Result<Answer>>>,
    closed: bool,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The value, in PackStream. It may hold credentials.
    pub value: Secret,
    /// Stands for the object that it was made of.
    pub handle: JsHandle,
}

impl Callbacks {
    /// Callbacks that are asked for through this sink.
    pub(crate) fn new(sink: SharedSink) -> Arc<Self> {
        Arc::new(Self { sink, open: Mutex::default() })
    }

    /// The token that the application's manager gives now.
    ///
    /// # Errors
    ///
    /// [`Kind::Thrown`] where the application's function threw; [`Kind::Closed`] where the callbacks are or
    /// get closed. There is no timeout but the caller's. The same holds for all other callbacks.
    pub(crate) async fn token(self: &Arc<Self>) -> Result<Answer> {
        self.ask(CallbackKind::Token, NOTHING).await
    }

    /// The addresses that the application's resolver gives for one.
    pub(crate) async fn resolve(self: &Arc<Self>, address: &str) -> Result<Answer> {
        let mut payload = BytesMut::new();
        write_string(&mut payload, address);
        self.ask(CallbackKind::Resolve, &payload).await
    }

    /// The certificates that the application wants to be used now, unless they are of the version that is
    /// held.
    pub(crate) async fn certificates(self: &Arc<Self>, held: i64) -> Result<Answer> {
        let mut payload = BytesMut::new();
        write_int(&mut payload, held);
        self.ask(CallbackKind::Certificates, &payload).await
    }

    /// Asks, with a payload in PackStream, and waits for the answer.
    async fn ask(self: &Arc<Self>, kind: CallbackKind, payload: &[u8]) -> Result<Answer> {
        let mut frame = BatchWriter::new();
        frame.value(payload).map_err(Kind::Request)?;
        frame.begin_record(1).map_err(Kind::Request)?;
        frame.int(cause().into());
        let (sender, answer) = oneshot::channel();
        let Some(number) = self.register(sender) else { return Err(Kind::Closed.into()) };
        let _forget = Forget { callbacks: self, number };
        awaiting(awaited(kind));
        self.sink.deliver(number, Event::Callback { kind, frame: frame.finish() });
        let answer = answer.await.unwrap_or_else(|_| Err(Kind::Closed.into()));
        awaiting(None);
        answer
    }

    /// Takes the answer to a callback: in PackStream, `[true, value]`, or `[false]` where the function threw.
    /// False where no task waits for it any more: then nothing is to be kept either.
    pub(crate) fn answer(&self, number: u32, answer: &[u8]) -> bool {
        let Some(waiting) = lock(&self.open).waiting.remove(&number) else { return false };
        let handle = self.handle(number);
        let result = match value(answer) {
            Ok(Some(value)) => Ok(Answer { value: Secret(value.to_vec()), handle }),
            Ok(None) => Err(Kind::Thrown(handle).into()),
            Err(error) => Err(Kind::Request(error).into()),
        };
        waiting.send(result).is_ok()
    }

    /// Tells the application that the server refused a token, with this code. What it says to that is kept:
    /// events that come after this one may refer to it.
    pub(crate) fn report(&self, token: &JsHandle, code: &str) -> JsHandle {
        let number = lock(&self.open).next();
        let mut frame = BatchWriter::new();
        // Only a frame that has records already could refuse it.
        let _ = frame.begin_record(2);
        frame.int(token.number().into());
        frame.string(code);
        self.sink.deliver(number, Event::Callback { kind: CallbackKind::Denied, frame: frame.finish() });
        self.handle(number)
    }

    /// Ends all waiting without an answer, now and from now on.
    pub(crate) fn close(&self) {
        let waiting = {
            let mut open = lock(&self.open);
            open.closed = true;
            std::mem::take(&mut open.waiting)
        };
        drop(waiting);
    }

    fn register(&self, sender: oneshot::Sender<Result<Answer>>) -> Option<u32> {
        let mut open = lock(&self.open);
        if open.closed {
            return None;
        }
        let number = open.next();
        open.waiting.insert(number, sender);
        Some(number)
    }

    fn handle(&self, number: u32) -> JsHandle {
        JsHandle::new(number, Arc::clone(&self.sink))
    }
}

impl Open {
    /// The number of the next callback.
    fn next(&mut self) -> u32 {
        self.last = self.last.checked_add(1).unwrap_or(1);
        self.last
    }
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Callbacks").finish_non_exhaustive()
    }
}

/// Takes the callback back when no task waits for its answer any more.
struct Forget<'a> {
    callbacks: &'a Callbacks,
    number: u32,
}

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        lock(&self.callbacks.open).waiting.remove(&self.number);
    }
}

/// What a request was waiting for where no answer has come.
fn awaited(kind: CallbackKind) -> Option<Awaited> {
    match kind {
        CallbackKind::Token => Some(Awaited::Token),
        CallbackKind::Resolve => Some(Awaited::Resolver),
        CallbackKind::Certificates => Some(Awaited::Certificates),
        CallbackKind::Denied => None,
    }
}

/// The value of an answer; none where there is none because the function threw.
fn value(answer: &[u8]) -> std::result::Result<Option<&[u8]>, ProtocolError> {
    let mut reader = Reader::new(answer);
    let count = reader.list_header()?;
    if !reader.bool()? {
        return Ok(None);
    }
    if count != 2 {
        return Err(ProtocolError::MissingField("the answer's value"));
    }
    let value = reader.raw()?;
    reader.finish("the answer")?;
    Ok(Some(value))
}

/// PackStream's null: no payload.
const NOTHING: &[u8] = &[0xC0];

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use std::time::Duration;

    use futures::FutureExt;
    use tokio::time::timeout;

    use super::*;
    use crate::driver::event::EventSink;

    #[derive(Default)]
    struct Collector(Mutex<Vec<(u32, Event)>>);

    impl EventSink for Collector {
        fn deliver(&self, id: u32, event: Event) {
            lock(&self.0).push((id, event));
        }
    }

    impl Collector {
        fn taken(&self) -> Vec<String> {
            let events = std::mem::take(&mut *lock(&self.0));
            events
                .iter()
                .map(|(id, event)| match event {
                    Event::Callback { kind, .. } => format!("{id} {kind:?}"),
                    Event::Released => format!("{id} forgotten"),
                    other => panic!("{other:?}"),
                })
                .collect()
        }
    }

    fn callbacks() -> (Arc<Callbacks>, Arc<Collector>) {
        let collector = Arc::new(Collector::default());
        (Callbacks::new(collector.clone()), collector)
    }

    /// PackStream for `[true, 5]`, and for `[false]`.
    const FIVE: &[u8] = &[0x92, 0xC3, 5];
    const THREW: &[u8] = &[0x91, 0xC2];

    #[tokio::test]
    async fn an_answer_reaches_who_has_asked_and_no_one_else() {
        let (callbacks, collector) = callbacks();
        let mut first = callbacks.ask(CallbackKind::Token, NOTHING).boxed();
        let mut second = callbacks.ask(CallbackKind::Resolve, &[0x81, b'a']).boxed();
        assert!(futures::poll!(&mut first).is_pending() && futures::poll!(&mut second).is_pending());
        assert_eq!(collector.taken(), ["1 Token", "2 Resolve"]);
        assert!(callbacks.answer(2, FIVE));
        assert!(futures::poll!(&mut first).is_pending());
        assert_eq!(second.await.unwrap().value.0, [5]);
        assert!(callbacks.answer(1, &[0x92, 0xC3, 6]));
        assert_eq!(first.await.unwrap().value.0, [6]);
    }

    #[tokio::test]
    async fn a_question_names_the_request_that_it_is_asked_for() {
        #[derive(Default)]
        struct Frames(Mutex<Vec<Vec<u8>>>);
        impl EventSink for Frames {
            fn deliver(&self, _id: u32, event: Event) {
                let Event::Callback { frame, .. } = event else { return };
                lock(&self.0).push(frame);
            }
        }
        let frames = Arc::new(Frames::default());
        let callbacks = Callbacks::new(frames.clone());
        let ask = || {
            let callbacks = Arc::clone(&callbacks);
            async move { drop(callbacks.ask(CallbackKind::Token, NOTHING).now_or_never()) }
        };
        ask().await;
        on_behalf_of(7, ask()).await;
        on_behalf_of(8, async { tokio::spawn(on_the_same_behalf(ask())).await.unwrap() }).await;
        let expected = [0, 7, 8].map(|cause| {
            let mut frame = BatchWriter::new();
            frame.value(NOTHING).unwrap();
            frame.begin_record(1).unwrap();
            frame.int(cause);
            frame.finish()
        });
        assert_eq!(*lock(&frames.0), expected);
    }

    #[tokio::test]
    async fn what_is_kept_is_forgotten_with_its_last_clone() {
        let (callbacks, collector) = callbacks();
        let mut asked = callbacks.ask(CallbackKind::Token, NOTHING).boxed();
        assert!(futures::poll!(&mut asked).is_pending());
        assert!(callbacks.answer(1, FIVE));
        let answer = asked.await.unwrap();
        collector.taken();
        let handle = answer.handle.clone();
        drop(answer);
        assert_eq!(collector.taken(), [""; 0]);
        drop(handle);
        assert_eq!(collector.taken(), ["1 forgotten"]);
    }

    #[tokio::test]
    async fn a_function_that_throws_is_an_error_that_refers_to_what_it_threw() {
        let (callbacks, collector) = callbacks();
        let mut asked = callbacks.ask(CallbackKind::Token, NOTHING).boxed();
        assert!(futures::poll!(&mut asked).is_pending());
        assert!(callbacks.answer(1, THREW));
        let error = asked.await.unwrap_err();
        assert!(matches!(error.kind(), Kind::Thrown(handle) if handle.number() == 1));
        collector.taken();
        drop(error);
        assert_eq!(collector.taken(), ["1 forgotten"]);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_stops_waiting_is_forgotten() {
        let (callbacks, _collector) = callbacks();
        assert!(timeout(Duration::from_secs(1), callbacks.ask(CallbackKind::Token, NOTHING)).await.is_err());
        assert!(!callbacks.answer(1, FIVE), "nobody waits");
        assert!(!callbacks.answer(7, FIVE), "nobody has asked");
        assert!(lock(&callbacks.open).waiting.is_empty());
    }

    #[tokio::test]
    async fn the_end_of_the_driver_is_the_end_of_the_waiting() {
        let (callbacks, _collector) = callbacks();
        let mut asked = callbacks.ask(CallbackKind::Token, NOTHING).boxed();
        assert!(futures::poll!(&mut asked).is_pending());
        callbacks.close();
        assert!(matches!(asked.await.unwrap_err().kind(), Kind::Closed));
        let late = callbacks.ask(CallbackKind::Token, NOTHING).await;
        assert!(matches!(late.unwrap_err().kind(), Kind::Closed));
        assert!(!callbacks.answer(1, FIVE));
    }

    #[tokio::test]
    async fn an_answer_that_is_none_is_an_error() {
        let hostile: [&[u8]; 6] =
            [&[], &[0xC0], &[0x91, 0xC3], &[0x92, 0xC3], &[0x92, 0xC3, 5, 5], &[0x93, 5, 5, 5]];
        for answer in hostile {
            let (callbacks, _collector) = callbacks();
            let mut asked = callbacks.ask(CallbackKind::Token, NOTHING).boxed();
            assert!(futures::poll!(&mut asked).is_pending());
            assert!(callbacks.answer(1, answer));
            assert!(matches!(asked.await.unwrap_err().kind(), Kind::Request(_)), "{answer:?}");
        }
    }
}
