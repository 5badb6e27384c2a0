//! Waiting with a limit. An error tells what was awaited when the limit was over. Time in which the process
//! stands still does not count.

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use futures::FutureExt;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

use crate::driver::error::Awaited;

tokio::task_local! {
    static AWAITED: Cell<Option<Awaited>>;
}

/// Waits for `work`, for no longer than `limit`.
///
/// # Errors
///
/// The limit is over. What was [awaited](awaiting) then, if that is known.
pub(crate) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, Option<Awaited>> {
    AWAITED
        .scope(Cell::new(None), async move {
            let mut work = pin!(work);
            let mut left = limit;
            while !left.is_zero() {
                // In steps: of one in which the process stands still no more
                // counts than it should have taken.
                let step = left.min((limit / STEPS).clamp(TICK, LONGEST));
                tokio::select! {
                    biased;
                    done = &mut work => return Ok(done),
                    () = sleep_until(Instant::now() + step) => left -= step,
                }
            }
            // What has come by now has come in time.
            yield_now().await;
            work.now_or_never().ok_or_else(|| AWAITED.with(Cell::get))
        })
        .await
}

/// Tells the [`within`] around this what is awaited from now on.
pub(crate) fn awaiting(what: impl Into<Option<Awaited>>) {
    // Without a limit around this, nothing needs to be noted.
    let _ = AWAITED.try_with(|awaited| awaited.set(what.into()));
}

/// In how many steps a limit passes, unless they were too short or too long.
const STEPS: u32 = 8;
/// No step is shorter than a clock's.
const TICK: Duration = Duration::from_millis(1);
/// Nor longer than this, which every clock can count: a limit may be for ever.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use std::future::pending;

    use tokio::sync::oneshot;
    use tokio::time::{advance, sleep};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_end_says_what_was_waited_for() {
        let before = Instant::now();
        let waited = within(Duration::from_secs(60), async {
            awaiting(Awaited::Token);
            sleep(Duration::from_secs(1)).await;
            awaiting(Awaited::Logon);
            pending::<()>().await;
        });
        assert_eq!(waited.await, Err(Some(Awaited::Logon)));
        assert_eq!(before.elapsed().as_secs(), 60);
        assert_eq!(within(Duration::ZERO, pending::<()>()).await, Err(None));
        assert_eq!(within(Duration::ZERO, async { 5 }).await, Ok(5));
        assert_eq!(within(Duration::MAX, async { 5 }).await, Ok(5));
        awaiting(Awaited::Token);
    }

    #[tokio::test(start_paused = true)]
    async fn time_in_which_the_process_stands_still_does_not_count() {
        let (sender, answer) = oneshot::channel();
        let waiting = tokio::spawn(within(Duration::from_secs(60), answer));
        sleep(Duration::from_secs(1)).await;
        advance(Duration::from_secs(1000)).await;
        sleep(Duration::from_secs(50)).await;
        sender.send(5).unwrap();
        assert_eq!(waiting.await.unwrap().unwrap().unwrap(), 5);
    }
}
