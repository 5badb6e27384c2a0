//! What JavaScript keeps for the engine: the objects that answers and errors were made of.
//!
//! What JavaScript answers with (a token, or the error that its function threw) stays there, under a number.
//! [`JsHandle`] stands for it: an error that refers to it becomes the very same object again, and when the
//! last `JsHandle` is gone, so may the object be.

use std::fmt;
use std::sync::Arc;

use super::{Event, SharedSink};

/// Something that JavaScript keeps for as long as this, or a clone of it, lives.
#[derive(Clone)]
pub struct JsHandle(Arc<Inner>);

struct Inner {
    number: u32,
    sink: SharedSink,
}

impl JsHandle {
    /// Stands for what JavaScript keeps under this number. The sink takes the word that it is not needed
    /// any more.
    pub(crate) fn new(number: u32, sink: SharedSink) -> Self {
        Self(Arc::new(Inner { number, sink }))
    }

    /// The number under which JavaScript keeps it.
    pub fn number(&self) -> u32 {
        self.0.number
    }
}

impl fmt::Debug for JsHandle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "JsHandle({})", self.0.number)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // No caller waits for this event.
        self.sink.deliver_lazily(self.number, Event::Released);
    }
}
