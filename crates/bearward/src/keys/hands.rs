//! The two hands of the clock beside each other: whether somebody stepped the time of day.

use std::time::{Duration, SystemTime};

/// Both hands at one moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hands {
    pub(super) time_of_day: SystemTime,
    pub(super) elapsed: Duration,
}

/// A step that is worth a line: more than the clocks of issuer and API may differ by default.
const NOTABLE: Duration = Duration::from_secs(60);

impl Hands {
    /// By how much the time of day was stepped since, forward or back, if that is notable.
    pub(super) fn stepped_since(self, before: Hands) -> Option<Duration> {
        let expected = before.time_of_day + self.elapsed.saturating_sub(before.elapsed);
        let by = match self.time_of_day.duration_since(expected) {
            Ok(forward) => forward,
            Err(back) => back.duration(),
        };
        (by > NOTABLE).then_some(by)
    }
}
