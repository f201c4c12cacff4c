//! A clock that stands still until it is moved.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bearward::Clock;
use tokio::sync::watch;

/// A clock for tests: it starts at 2026-01-01 00:00 UTC and moves when told. Clones are the same
/// clock.
///
/// # Example
/// ```
/// use bearward::Clock;
/// use bearward_testkit::ManualClock;
/// use std::time::Duration;
///
/// let clock = ManualClock::new();
/// let before = clock.now();
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now(), before + Duration::from_secs(60));
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock {
    hands: Arc<watch::Sender<Hands>>,
}

#[derive(Clone, Copy, Debug)]
struct Hands {
    now: SystemTime,
    elapsed: Duration,
}

/// 2026-01-01 00:00 UTC, in seconds since 1970.
pub(crate) const START: u64 = 1_767_225_600;

impl ManualClock {
    /// A clock at 2026-01-01 00:00 UTC.
    ///
    /// # Example
    /// ```
    /// let clock = bearward_testkit::ManualClock::new();
    /// ```
    #[must_use]
    pub fn new() -> ManualClock {
        let hands = Hands {
            now: SystemTime::UNIX_EPOCH + Duration::from_secs(START),
            elapsed: Duration::ZERO,
        };
        ManualClock { hands: Arc::new(watch::Sender::new(hands)) }
    }

    /// Lets time pass: both hands move, and whoever sleeps until then wakes.
    ///
    /// # Example
    /// ```
    /// # use std::time::Duration;
    /// bearward_testkit::ManualClock::new().advance(Duration::from_secs(1));
    /// ```
    pub fn advance(&self, by: Duration) {
        self.hands.send_modify(|hands| {
            hands.now += by;
            hands.elapsed += by;
        });
    }

    /// Steps the time of day, as an operator or NTP may, without letting time pass.
    ///
    /// # Example
    /// ```
    /// # use std::time::SystemTime;
    /// bearward_testkit::ManualClock::new().step_to(SystemTime::UNIX_EPOCH);
    /// ```
    pub fn step_to(&self, now: SystemTime) {
        self.hands.send_modify(|hands| hands.now = now);
    }
}

impl Default for ManualClock {
    fn default() -> ManualClock {
        ManualClock::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        self.hands.borrow().now
    }

    fn elapsed(&self) -> Duration {
        self.hands.borrow().elapsed
    }

    fn sleep_until(&self, until: Duration) -> Option<Pin<Box<dyn Future<Output = ()> + Send>>> {
        let mut hands = self.hands.subscribe();
        Some(Box::pin(async move {
            if hands.wait_for(|hands| hands.elapsed >= until).await.is_err() {
                // The clock is gone: time stands still for ever.
                std::future::pending::<()>().await;
            }
        }))
    }
}
