//! Where time comes from.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime};

/// Tells the time, so that tests can stop it and move it.
///
/// It has two hands: [`now`](Clock::now) is the time of day, which `exp`, `nbf` and `iat` are
/// compared with and which an operator may step; [`elapsed`](Clock::elapsed) only ever moves
/// forward and measures ages and waits.
///
/// # Example
/// ```
/// use bearward::{Clock, SystemClock};
/// let before = SystemClock.elapsed();
/// assert!(SystemClock.elapsed() >= before);
/// ```
pub trait Clock: Debug + Send + Sync + 'static {
    /// The time of day.
    fn now(&self) -> SystemTime;

    /// Time since some fixed moment; never goes back.
    fn elapsed(&self) -> Duration;

    /// Resolves once [`elapsed`](Clock::elapsed) reaches `until`, for clocks that do not move by
    /// themselves. The default, `None`, says that real time passes, so a real timer will do.
    fn sleep_until(&self, until: Duration) -> Option<Pin<Box<dyn Future<Output = ()> + Send>>> {
        let _ = until;
        None
    }
}

/// The machine's clock: the default, and the only place where this crate asks for the time.
///
/// # Example
/// ```
/// use bearward::{Clock, SystemClock};
/// assert!(SystemClock.now() > std::time::SystemTime::UNIX_EPOCH);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[allow(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }
}
