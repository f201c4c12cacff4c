//! A clock that shows one moment, for `--at`.

use std::time::{Duration, SystemTime};

use bearward::{Clock, SystemClock};

/// The time of day stands still; lengths of time do not, so that keys are fetched, and waited for,
/// as ever.
#[derive(Debug)]
pub(crate) struct StandingClock(pub(crate) SystemTime);

impl Clock for StandingClock {
    fn now(&self) -> SystemTime {
        self.0
    }

    fn elapsed(&self) -> Duration {
        SystemClock.elapsed()
    }
}
