//! What the sources under examination take for `std`, `tokio` and `napi`: the same names, on loom's locks and
//! atomics, so that loom sees each access and may let another thread go first. Knows the contracts of what it
//! stands for; knows nothing of who uses it.
//!
//! `Arc` is that of std: loom's cannot be the type of `self`, and is not what is examined.

/// `std::mem`, and what else the sources take of std beside locks.
pub use std::{collections, mem};

/// Both `std::sync` and `tokio::sync`.
pub mod sync {
    pub use loom::sync::{Mutex, MutexGuard, atomic};
    pub use std::sync::{Arc, PoisonError, Weak};

    use std::collections::VecDeque;
    use std::fmt;
    use std::future::Future;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    /// `tokio::sync::Notify`: one permit at most, and whoever waits is served in the order of coming.
    #[derive(Default)]
    pub struct Notify(Mutex<Notices>);

    #[derive(Default)]
    struct Notices {
        permit: bool,
        last: u64,
        waiting: VecDeque<(u64, Waker)>,
        served: Vec<u64>,
    }

    impl Notify {
        /// Lets one go on: who waits, or else the next to come.
        pub fn notify_one(&self) {
            let mut notices = self.0.lock().unwrap();
            match notices.waiting.pop_front() {
                Some((number, waker)) => {
                    notices.served.push(number);
                    drop(notices);
                    waker.wake();
                }
                None => notices.permit = true,
            }
        }

        /// Waits to be let go on.
        pub fn notified(&self) -> Notified<'_> {
            Notified { notify: self, number: None }
        }
    }

    impl fmt::Debug for Notify {
        fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("Notify")
        }
    }

    /// `tokio::sync::futures::Notified`.
    pub struct Notified<'a> {
        notify: &'a Notify,
        number: Option<u64>,
    }

    impl Future for Notified<'_> {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            let mut notices = self.notify.0.lock().unwrap();
            match self.number {
                Some(number) => match notices.waiting.iter_mut().find(|(waiting, _)| *waiting == number) {
                    Some((_, waker)) => waker.clone_from(context.waker()),
                    None => {
                        notices.served.retain(|served| *served != number);
                        drop(notices);
                        self.number = None;
                        return Poll::Ready(());
                    }
                },
                None if notices.permit => {
                    notices.permit = false;
                    return Poll::Ready(());
                }
                None => {
                    notices.last += 1;
                    let number = notices.last;
                    notices.waiting.push_back((number, context.waker().clone()));
                    drop(notices);
                    self.number = Some(number);
                }
            }
            Poll::Pending
        }
    }

    impl Drop for Notified<'_> {
        /// Who is served and does not take it leaves it to the next.
        fn drop(&mut self) {
            let Some(number) = self.number else { return };
            let mut notices = self.notify.0.lock().unwrap();
            notices.waiting.retain(|(waiting, _)| *waiting != number);
            let served = notices.served.contains(&number);
            notices.served.retain(|served| *served != number);
            drop(notices);
            if served {
                self.notify.notify_one();
            }
        }
    }
}

/// `tokio::runtime`.
pub mod runtime {
    /// A handle that no thread of a model has: all of them are the application's.
    pub struct Handle;

    /// `tokio::runtime::TryCurrentError`.
    pub struct TryCurrentError;

    impl Handle {
        /// Never.
        pub fn try_current() -> Result<Self, TryCurrentError> {
            Err(TryCurrentError)
        }
    }
}

/// `napi::Env`: nothing is asked of it.
#[derive(Clone, Copy)]
pub struct Env;

/// `napi::Result`.
pub type Result<T> = std::result::Result<T, std::convert::Infallible>;

/// `napi::Status`.
pub struct Status;

/// `napi::bindgen_prelude`.
pub mod bindgen_prelude {
    use std::marker::PhantomData;

    /// Bytes on their way to JavaScript.
    pub struct Buffer(pub Vec<u8>);

    impl From<Vec<u8>> for Buffer {
        fn from(bytes: Vec<u8>) -> Self {
            Self(bytes)
        }
    }

    /// The arguments of a call.
    pub struct FnArgs<T>(pub T);

    impl<T> From<T> for FnArgs<T> {
        fn from(arguments: T) -> Self {
            Self(arguments)
        }
    }

    /// What keeps a function of JavaScript.
    pub struct FunctionRef<Args, Return> {
        event_loop: std::sync::Arc<crate::EventLoop>,
        signature: PhantomData<fn(Args) -> Return>,
    }

    impl<Args, Return> FunctionRef<Args, Return> {
        /// Of a function of this loop.
        pub fn of(event_loop: &std::sync::Arc<crate::EventLoop>) -> Self {
            Self { event_loop: event_loop.clone(), signature: PhantomData }
        }

        /// The function.
        pub fn borrow_back(&self, _env: &crate::Env) -> crate::Result<Function<'_, Args, Return>> {
            Ok(Function::of(&self.event_loop))
        }
    }

    /// A function of JavaScript: where calls of it are counted.
    pub struct Function<'a, Args, Return> {
        /// What its thread looks at.
        pub event_loop: std::sync::Arc<crate::EventLoop>,
        signature: PhantomData<fn(&'a Args) -> Return>,
    }

    impl<Args, Return> Function<'_, Args, Return> {
        /// A function of this loop.
        pub fn of(event_loop: &std::sync::Arc<crate::EventLoop>) -> Self {
            Self { event_loop: event_loop.clone(), signature: PhantomData }
        }
    }
}

/// The event loop of JavaScript's thread, as far as a thread-safe function knows it.
#[derive(Default)]
pub struct EventLoop {
    calls: loom::sync::Mutex<Calls>,
    called: loom::sync::Condvar,
}

#[derive(Default)]
struct Calls {
    waiting: usize,
    referred: bool,
    /// How many functions there are.
    functions: usize,
}

impl EventLoop {
    /// Waits for the next call, which its function is to be called for.
    ///
    /// # Panics
    ///
    /// Where nothing holds the process: it would end while somebody waits.
    pub fn next_call(&self) {
        let mut calls = self.calls.lock().unwrap();
        while calls.waiting == 0 {
            assert!(calls.referred, "the process ends while a request is in flight");
            calls = self.called.wait(calls).unwrap();
        }
        calls.waiting -= 1;
    }

    /// Whether there is a function to look at.
    pub fn is_connected(&self) -> bool {
        self.calls.lock().unwrap().functions > 0
    }

    /// Whether the function holds the process.
    pub fn is_referred(&self) -> bool {
        self.calls.lock().unwrap().referred
    }
}

/// `napi::threadsafe_function`.
pub mod threadsafe_function {
    use std::sync::Arc;

    use crate::bindgen_prelude::Function;
    use crate::{Env, EventLoop, Result};

    /// What a callback gets.
    pub struct ThreadsafeCallContext<T> {
        /// The environment.
        pub env: Env,
        /// The value of the call.
        pub value: T,
    }

    /// How a call is made.
    pub enum ThreadsafeFunctionCallMode {
        /// Without waiting.
        NonBlocking,
    }

    type Callback<Args> = Arc<dyn Fn(ThreadsafeCallContext<()>) -> Result<Args>>;

    thread_local! {
        // The callback stays on JavaScript's thread, as in Node.
        static CALLBACK: std::cell::RefCell<Option<Arc<dyn std::any::Any>>> = const { std::cell::RefCell::new(None) };
    }

    /// Runs the callback of the last function built on this thread.
    pub fn call_back<Args: 'static>() -> Args {
        let callback = CALLBACK.with(|callback| callback.borrow().clone()).expect("a function was built");
        let callback = callback.downcast_ref::<Callback<Args>>().expect("its arguments are these");
        match callback(ThreadsafeCallContext { env: Env, value: () }) {
            Ok(arguments) => arguments,
            Err(never) => match never {},
        }
    }

    /// Forgets it.
    pub fn forget_callback() {
        let callback = CALLBACK.with(|callback| callback.borrow_mut().take());
        drop(callback);
    }

    /// Calls a function of JavaScript's thread from any other.
    pub struct ThreadsafeFunction<T, R, Args, S, const CHECKED: bool, const WEAK: bool> {
        event_loop: Arc<EventLoop>,
        signature: std::marker::PhantomData<fn(T, Args, S) -> R>,
    }

    impl<T, R, Args, S, const C: bool, const W: bool> Drop for ThreadsafeFunction<T, R, Args, S, C, W> {
        /// What it was called for before is still done.
        fn drop(&mut self) {
            self.event_loop.calls.lock().unwrap().functions -= 1;
        }
    }

    impl<T, R, Args, S, const C: bool, const W: bool> ThreadsafeFunction<T, R, Args, S, C, W> {
        /// Has it called once more.
        pub fn call(&self, _value: T, _mode: ThreadsafeFunctionCallMode) {
            self.event_loop.calls.lock().unwrap().waiting += 1;
            self.event_loop.called.notify_one();
        }

        /// Holds the process.
        #[deprecated]
        pub fn refer(&mut self, _env: &Env) -> Result<()> {
            self.event_loop.calls.lock().unwrap().referred = true;
            Ok(())
        }

        /// Holds it no more.
        #[deprecated]
        pub fn unref(&mut self, _env: &Env) -> Result<()> {
            self.event_loop.calls.lock().unwrap().referred = false;
            Ok(())
        }
    }

    /// Builds one.
    pub struct Builder(Arc<EventLoop>);

    impl<Args, Return> Function<'_, Args, Return> {
        /// Begins to build one.
        pub fn build_threadsafe_function(&self) -> Builder {
            Builder(self.event_loop.clone())
        }
    }

    impl Builder {
        /// Whether it lets go of the process.
        pub fn weak<const WEAK: bool>(self) -> Self {
            self
        }

        /// Ends with what it does on JavaScript's thread.
        pub fn build_callback<Args: 'static, S>(
            self,
            callback: impl Fn(ThreadsafeCallContext<()>) -> Result<Args> + 'static,
        ) -> Result<ThreadsafeFunction<(), (), Args, S, false, true>> {
            let callback: Callback<Args> = Arc::new(callback);
            CALLBACK.with(|place| *place.borrow_mut() = Some(Arc::new(callback)));
            self.0.calls.lock().unwrap().functions += 1;
            Ok(ThreadsafeFunction { event_loop: self.0, signature: std::marker::PhantomData })
        }
    }
}
