//! When to fetch the keys of an issuer: a machine without network, timer or thread.
//!
//! Whoever drives it says what happened and gets told what to do next. Times are
//! [`Clock::elapsed`](crate::Clock::elapsed); `jitter` is a number from 0 to 1 that spreads the
//! fetches of many processes.

use std::time::Duration;

use crate::issuer::KeyRefresh;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The moment of the last `SleepUntil` has come.
    Due,
    /// A fetch brought a set with at least one usable key.
    Fetched { max_age: Option<Duration> },
    /// A fetch brought a well-formed set without a usable key.
    FetchedNothing,
    /// A fetch failed: network, status, or no key set in the answer.
    Failed,
    /// A request needs a key that the set does not have.
    Missing,
    /// The same request again, after it waited for a fetch.
    StillMissing,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Fetch,
    SleepUntil(Duration),
    /// The request waits for the fetch under way.
    Wait,
    /// The request's key does not exist.
    Absent,
    /// The request cannot be judged; the next fetch is this far away.
    Unavailable(Duration),
}

/// Ages of a key set that the issuer may ask for with `Cache-Control: max-age`.
const SHORTEST_AGE: Duration = Duration::from_secs(5 * 60);
const LONGEST_AGE: Duration = Duration::from_secs(60 * 60);
/// Where the issuer says nothing: the age that the library jose uses.
const USUAL_AGE: Duration = Duration::from_secs(10 * 60);
/// Between good fetches: also where keys are to be used for less than that.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// Between failed fetches: at first at most this, so that a start recovers quickly ...
const FIRST_RETRY: Duration = Duration::from_secs(5);
/// ... and at most this, once there are keys to go on with.
const LONGEST_RETRY: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(crate) struct Refresh {
    policy: KeyRefresh,
    fetching: bool,
    /// Until when there are keys to go on with.
    keys_until: Duration,
    latest_failed: bool,
    failures: u32,
    next: Duration,
    /// Fetches that unknown keys may still cause, and when one was last given back.
    bucket: u32,
    refilled: Duration,
}

impl Refresh {
    /// A machine whose first fetch is under way.
    pub(crate) fn new(policy: KeyRefresh, now: Duration) -> Refresh {
        Refresh {
            policy,
            fetching: true,
            keys_until: Duration::ZERO,
            latest_failed: false,
            failures: 0,
            next: now,
            bucket: policy.unknown_kid_fetches,
            refilled: now,
        }
    }

    pub(crate) fn step(&mut self, now: Duration, jitter: f64, event: Event) -> Step {
        match event {
            Event::Due if self.fetching || now < self.next => Step::SleepUntil(self.next),
            Event::Due => {
                self.fetching = true;
                Step::Fetch
            }
            Event::Fetched { max_age } => {
                let max_stale = self.policy.max_stale;
                self.keys_until = now.saturating_add(max_stale);
                let age = max_age.unwrap_or(USUAL_AGE).clamp(SHORTEST_AGE, LONGEST_AGE);
                // At 80 % of the age, less up to a tenth of it.
                let wait = age.min(max_stale).mul_f64(0.8 - 0.1 * jitter);
                self.ended(false, now + wait.max(SHORTEST_WAIT))
            }
            Event::FetchedNothing => {
                self.keys_until = Duration::ZERO;
                self.ended(true, now + FIRST_RETRY.mul_f64(0.5 + 0.5 * jitter))
            }
            Event::Failed => {
                let most = if now < self.keys_until { LONGEST_RETRY } else { FIRST_RETRY };
                let wait = FIRST_RETRY.saturating_mul(1 << self.failures.min(6)).min(most);
                self.ended(true, now + wait.mul_f64(0.5 + 0.5 * jitter))
            }
            // Also while the next try is under way: nobody waits for an issuer that is down.
            Event::Missing | Event::StillMissing if self.latest_failed => {
                Step::Unavailable(self.until_next(now))
            }
            Event::Missing if self.fetching => Step::Wait,
            Event::Missing if self.take(now) => {
                self.fetching = true;
                Step::Fetch
            }
            Event::Missing | Event::StillMissing => Step::Absent,
        }
    }

    /// Keys of an earlier run serve until then, while the first fetch is under way.
    pub(crate) fn go_on_until(&mut self, until: Duration) {
        self.keys_until = until;
    }

    /// Whether a fetch is ordered or due.
    pub(crate) fn may_fetch(&self, now: Duration) -> bool {
        self.fetching || now >= self.next
    }

    /// Whether a fetch is ordered or under way.
    pub(crate) fn is_fetching(&self) -> bool {
        self.fetching
    }

    /// How far away the next fetch is.
    pub(crate) fn until_next(&self, now: Duration) -> Duration {
        self.next.saturating_sub(now)
    }

    fn ended(&mut self, failed: bool, next: Duration) -> Step {
        self.fetching = false;
        self.latest_failed = failed;
        self.failures = if failed { self.failures.saturating_add(1) } else { 0 };
        self.next = next;
        Step::SleepUntil(next)
    }

    /// Takes one fetch from the bucket, if there is one.
    fn take(&mut self, now: Duration) -> bool {
        let refill = self.policy.unknown_kid_refill;
        while self.bucket < self.policy.unknown_kid_fetches
            && now >= self.refilled.saturating_add(refill)
        {
            self.bucket += 1;
            self.refilled += refill;
        }
        if self.bucket == self.policy.unknown_kid_fetches {
            self.refilled = now;
        }
        match self.bucket.checked_sub(1) {
            Some(left) => {
                self.bucket = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn machine() -> Refresh {
        Refresh::new(KeyRefresh::default(), Duration::ZERO)
    }

    fn fetched() -> Event {
        Event::Fetched { max_age: None }
    }

    #[test]
    fn requests_wait_for_the_first_fetch_and_no_longer_once_it_failed() {
        let mut machine = machine();
        assert_eq!(machine.step(SECOND, 1.0, Event::Missing), Step::Wait);
        let retry = machine.step(SECOND, 1.0, Event::Failed);
        assert_eq!(retry, Step::SleepUntil(6 * SECOND));
        assert_eq!(machine.step(2 * SECOND, 1.0, Event::Missing), Step::Unavailable(4 * SECOND));
        assert_eq!(
            machine.step(2 * SECOND, 1.0, Event::StillMissing),
            Step::Unavailable(4 * SECOND)
        );
        assert_eq!(machine.step(6 * SECOND, 1.0, Event::Due), Step::Fetch);
        assert_eq!(
            machine.step(6 * SECOND, 1.0, Event::Missing),
            Step::Unavailable(Duration::ZERO),
            "nobody waits for an issuer that was down a moment ago"
        );
        machine.step(7 * SECOND, 1.0, fetched());
        assert_eq!(machine.step(7 * SECOND, 1.0, Event::Missing), Step::Fetch);
        assert_eq!(machine.step(7 * SECOND, 1.0, Event::Missing), Step::Wait);
    }

    #[test]
    fn settings_at_their_ends_do_no_harm() {
        let for_ever = KeyRefresh {
            max_stale: Duration::MAX,
            unknown_kid_refill: Duration::MAX,
            unknown_kid_fetches: 1,
        };
        let mut machine = Refresh::new(for_ever, SECOND);
        machine.step(SECOND, 0.0, fetched());
        assert_eq!(machine.step(SECOND, 0.0, Event::Missing), Step::Fetch);
        machine.step(SECOND, 0.0, fetched());
        assert_eq!(machine.step(SECOND, 0.0, Event::Missing), Step::Absent);

        for none in [Duration::ZERO, Duration::from_nanos(1)] {
            let none = KeyRefresh { max_stale: none, ..KeyRefresh::default() };
            let mut machine = Refresh::new(none, Duration::ZERO);
            let step = machine.step(SECOND, 1.0, fetched());
            assert_eq!(step, Step::SleepUntil(2 * SECOND), "the issuer is asked once a second");
        }

        let short = KeyRefresh { max_stale: 100 * SECOND, ..KeyRefresh::default() };
        let mut machine = Refresh::new(short, Duration::ZERO);
        let step = machine.step(Duration::ZERO, 0.0, fetched());
        assert_eq!(step, Step::SleepUntil(80 * SECOND), "before the keys are too old");
    }

    #[test]
    fn a_cold_machine_retries_within_five_seconds_however_often_it_failed() {
        let mut machine = machine();
        for round in 0..40 {
            let now = round * 5 * SECOND;
            let Step::SleepUntil(next) = machine.step(now, 1.0, Event::Failed) else { panic!() };
            assert!(next - now <= 5 * SECOND);
            assert_eq!(machine.step(next, 0.0, Event::Due), Step::Fetch);
        }
    }

    #[test]
    fn waits_double_up_to_a_minute_while_there_are_keys_to_go_on_with() {
        let waits = |mut machine: Refresh, jitter: f64| -> Vec<u64> {
            let wait = |_| match machine.step(SECOND, jitter, Event::Failed) {
                Step::SleepUntil(next) => (next - SECOND).as_secs(),
                other => panic!("{other:?}"),
            };
            (0..7).map(wait).collect()
        };
        let warm = || {
            let mut machine = machine();
            machine.step(Duration::ZERO, 0.0, fetched());
            machine
        };
        assert_eq!(waits(warm(), 1.0), [5, 10, 20, 40, 60, 60, 60]);
        assert_eq!(waits(warm(), 0.0), [2, 5, 10, 20, 30, 30, 30], "half of it at least");
        assert_eq!(waits(machine(), 1.0), [5; 7], "without keys");
        let mut too_old = machine();
        let max_stale = KeyRefresh::default().max_stale;
        too_old.step(Duration::ZERO, 0.0, fetched());
        for _ in 0..3 {
            let step = too_old.step(max_stale, 1.0, Event::Failed);
            assert_eq!(step, Step::SleepUntil(max_stale + 5 * SECOND), "with keys just too old");
        }
    }

    #[test]
    fn what_is_due_is_fetched_once() {
        let mut machine = machine();
        let fetching = |machine: &mut Refresh, now| machine.step(now, 0.0, Event::Due);
        assert_eq!(fetching(&mut machine, SECOND), Step::SleepUntil(Duration::ZERO));
        assert!(machine.may_fetch(Duration::ZERO), "under way");
        machine.step(SECOND, 0.0, fetched());
        assert_eq!(fetching(&mut machine, 480 * SECOND), Step::SleepUntil(481 * SECOND));
        assert!(!machine.may_fetch(480 * SECOND));
        assert!(machine.may_fetch(481 * SECOND), "due");
        assert_eq!(fetching(&mut machine, 481 * SECOND), Step::Fetch);
        assert_eq!(fetching(&mut machine, 481 * SECOND), Step::SleepUntil(481 * SECOND));
    }

    #[test]
    fn max_age_is_clamped_and_refreshed_ahead() {
        for (max_age, earliest, latest) in [
            (Some(0), 210, 240),
            (None, 420, 480),
            (Some(1_000), 700, 800),
            (Some(86_400), 2_520, 2_880),
        ] {
            for (jitter, expected) in [(1.0, earliest), (0.0, latest)] {
                let event = Event::Fetched { max_age: max_age.map(Duration::from_secs) };
                let Step::SleepUntil(next) = machine().step(Duration::ZERO, jitter, event) else {
                    panic!()
                };
                assert_eq!(next.as_secs_f64().round(), f64::from(expected));
            }
        }
    }

    #[test]
    fn unknown_keys_cause_four_fetches_then_one_every_thirty_seconds() {
        let mut machine = machine();
        machine.step(Duration::ZERO, 0.0, fetched());
        let mut fetches = |now: Duration| {
            let mut count = 0;
            for _ in 0..10_000 {
                if machine.step(now, 0.0, Event::Missing) == Step::Fetch {
                    count += 1;
                    machine.step(now, 0.0, fetched());
                }
            }
            count
        };
        assert_eq!(fetches(SECOND), 4);
        assert_eq!(fetches(30 * SECOND), 0);
        assert_eq!(fetches(31 * SECOND), 1);
        assert_eq!(fetches(200 * SECOND), 4);
    }

    #[test]
    fn failures_count_against_the_bucket_and_scheduled_fetches_do_not() {
        let mut machine = machine();
        machine.step(Duration::ZERO, 0.0, fetched());
        for _ in 0..4 {
            assert_eq!(machine.step(SECOND, 0.0, Event::Missing), Step::Fetch);
            machine.step(SECOND, 0.0, Event::Failed);
            let step = machine.step(SECOND, 0.0, Event::Missing);
            assert!(matches!(step, Step::Unavailable(_)), "{step:?}");
            let Step::SleepUntil(next) = machine.step(SECOND, 0.0, fetched()) else { panic!() };
            assert!(next > SECOND);
        }
        assert_eq!(machine.step(SECOND, 0.0, Event::Missing), Step::Absent);
        assert_eq!(machine.step(481 * SECOND, 0.0, Event::Due), Step::Fetch);
    }

    #[test]
    fn keys_of_an_earlier_run_make_retries_rarer_until_they_are_too_old() {
        let retries = |kept_until: Duration| {
            let mut machine = machine();
            machine.go_on_until(kept_until);
            assert_eq!(machine.step(SECOND, 1.0, Event::Missing), Step::Wait);
            machine.step(SECOND, 1.0, Event::Failed);
            machine.step(SECOND, 1.0, Event::Failed)
        };
        assert_eq!(retries(2 * SECOND), Step::SleepUntil(11 * SECOND));
        assert_eq!(retries(SECOND), Step::SleepUntil(6 * SECOND));
    }

    #[test]
    fn a_set_without_a_usable_key_makes_requests_unavailable() {
        let mut machine = machine();
        machine.step(Duration::ZERO, 0.0, fetched());
        let longest = machine.step(SECOND, 1.0, Event::FetchedNothing);
        assert_eq!(longest, Step::SleepUntil(6 * SECOND));
        let shortest = machine.step(SECOND, 0.0, Event::FetchedNothing);
        assert_eq!(shortest, Step::SleepUntil(SECOND + 5 * SECOND / 2));
        let step = machine.step(SECOND, 0.0, Event::Missing);
        assert!(matches!(step, Step::Unavailable(wait) if wait <= 5 * SECOND), "{step:?}");
    }
}
