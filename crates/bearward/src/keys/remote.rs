//! A key set that is fetched: what requests see of it, and what they may ask of it.

mod driver;

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tokio::sync::watch;

use self::driver::Driver;
use super::fetch::{FetchError, Fetched, Fetcher, Validator};
use super::hands::Hands;
use super::outcome::{Change, Outcome, Snapshot};
use super::refresh::{Event, Refresh, Step};
use super::status::{KeyState, KeyStatus};
use super::store::{Kept, Store};
use super::{KeySet, Missing, Waited};
use crate::clock::Clock;
use crate::config::ConfigError;
use crate::issuer::Issuer;
use crate::metrics::KeyFetch;
use crate::rejection::{Reason, Rejection};
use crate::signature::VerificationKey;

/// Requests that may wait for a fetch at the same time; more get 503.
const MOST_WAITERS: usize = 1_024;

/// The keys of one issuer, shared by requests and the worker thread.
pub(crate) struct RemoteKeys {
    me: Weak<RemoteKeys>,
    issuer: Issuer,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) store: Option<Store>,
    snapshot: ArcSwapOption<Snapshot>,
    state: Mutex<State>,
    /// Changes when a fetch ends, and at a start from a file, for those who wait.
    ended: watch::Sender<()>,
    waiters: Arc<AtomicUsize>,
    /// When a request looks next whether somebody fetches, in milliseconds.
    look_again: AtomicU64,
}

struct State {
    refresh: Refresh,
    fetcher: Fetcher,
    /// Who fetches, once there is a need.
    driver: Option<Driver>,
    /// Why the latest fetch failed, for the operator.
    failure: Option<String>,
    /// Whether there were keys to go on with when it ended.
    serving: bool,
    /// Fetches that have ended, and those of them that failed.
    fetches: u64,
    failures: u64,
    /// The clock when the latest fetch ended.
    hands: Option<Hands>,
}

/// Resolves when the fetch under way has ended, however it ended. A fetch ends within 5 s.
pub(crate) struct KeyWait {
    ended: watch::Receiver<()>,
    waited: Waited,
    _seat: Seat,
}

struct Seat(Arc<AtomicUsize>);

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl KeyWait {
    pub(crate) async fn over(mut self) -> Waited {
        // An error means that the keys are gone, and with them the resource server.
        let _ = self.ended.changed().await;
        self.waited
    }
}

impl RemoteKeys {
    pub(crate) fn new(
        issuer: &Issuer,
        clock: &Arc<dyn Clock>,
    ) -> Result<Arc<RemoteKeys>, ConfigError> {
        let fetcher = Fetcher::new(issuer)?;
        let refresh = Refresh::new(issuer.refresh, clock.elapsed());
        Ok(Arc::new_cyclic(|me| RemoteKeys {
            me: Weak::clone(me),
            issuer: issuer.clone(),
            clock: Arc::clone(clock),
            store: Store::of(issuer),
            snapshot: ArcSwapOption::empty(),
            state: Mutex::new(State {
                refresh,
                fetcher,
                driver: None,
                failure: None,
                serving: false,
                fetches: 0,
                failures: 0,
                hands: None,
            }),
            ended: watch::Sender::new(()),
            waiters: Arc::default(),
            look_again: AtomicU64::new(0),
        }))
    }

    pub(crate) fn current(&self) -> Option<Arc<KeySet>> {
        let snapshot = self.snapshot.load();
        let snapshot = snapshot.as_ref()?;
        (self.clock.elapsed() < snapshot.usable_until).then(|| Arc::clone(&snapshot.keys))
    }

    /// Whether the set, if it is not too old, has this very key.
    pub(crate) fn hold(&self, key: &Arc<VerificationKey>) -> bool {
        let snapshot = self.snapshot.load();
        snapshot.as_ref().is_some_and(|snapshot| {
            self.clock.elapsed() < snapshot.usable_until && snapshot.keys.holds(key)
        })
    }

    /// By what the issuer can say that the keys have not changed.
    pub(super) fn validator(&self) -> Option<Validator> {
        self.snapshot.load().as_ref()?.validator.clone()
    }

    /// Asks for a key that is not in `searched`.
    pub(crate) fn missing(&self, searched: Option<&Arc<KeySet>>, waited: Waited) -> Missing {
        // Under the lock no fetch ends: what is there now is what was searched, or is searched.
        let mut state = self.state();
        let current = self.current();
        if current.as_ref().map(Arc::as_ptr) != searched.map(Arc::as_ptr) && current.is_some() {
            return Missing::Changed;
        }
        let event = match waited {
            Waited::No | Waited::ForEarlierFetch => Event::Missing,
            Waited::ForOwnFetch => Event::StillMissing,
        };
        let now = self.clock.elapsed();
        let step = state.refresh.step(now, self.jitter(), event);
        let missing = match step {
            Step::Fetch => {
                if let Some(driver) = &state.driver {
                    driver.rouse();
                }
                self.wait(Waited::ForOwnFetch)
            }
            // Who has waited once for a fetch that began before it came waits for one more.
            Step::Wait if waited == Waited::No => self.wait(Waited::ForEarlierFetch),
            Step::Wait => self.wait(Waited::ForOwnFetch),
            Step::Unavailable(wait) => {
                let failure = state.failure.as_deref().unwrap_or("the issuer has no usable key");
                unavailable(wait, format!("the issuer's keys cannot be had: {failure}"))
            }
            Step::Absent | Step::SleepUntil(_) if current.is_none() => {
                unavailable(state.refresh.until_next(now), NO_KEYS)
            }
            Step::Absent | Step::SleepUntil(_) => Missing::Absent,
        };
        self.drive(state);
        missing
    }

    /// Subscribed under the lock of the state, so that the end of the fetch cannot be missed.
    fn wait(&self, waited: Waited) -> Missing {
        let taken = self.waiters.fetch_add(1, Ordering::AcqRel);
        let seat = Seat(Arc::clone(&self.waiters));
        if taken >= MOST_WAITERS {
            return unavailable(FULL_HOUSE, "too many requests wait for the issuer's keys");
        }
        Missing::Wait(KeyWait { ended: self.ended.subscribe(), waited, _seat: seat })
    }

    /// Publishes what a fetch brought.
    pub(super) fn finish(&self, fetched: Result<Fetched, FetchError>) {
        let (now, time_of_day) = (self.clock.elapsed(), self.clock.now());
        // No lock is held while keys are parsed.
        let before = self.snapshot.load_full();
        let outcome = Outcome::of(fetched, before.as_deref(), &self.issuer, now);
        let serving = match &outcome.change {
            Change::Nothing => self.current().is_some(),
            Change::Keys { .. } => true,
            Change::NoKeys => false,
        };
        self.tell(outcome.failure.as_deref(), serving);
        let ended = match outcome.failure {
            None => KeyFetch::Succeeded(time_of_day),
            Some(_) => KeyFetch::Failed,
        };
        crate::metrics::key_fetch(self.issuer.identifier(), ended);
        let mut state = self.state();
        match outcome.change {
            Change::Nothing => {}
            Change::Keys { snapshot, text } => {
                self.snapshot.store(Some(snapshot));
                if let Some(store) = &self.store {
                    store.keep(text, time_of_day);
                }
            }
            Change::NoKeys => {
                self.snapshot.store(None);
                if let Some(store) = &self.store {
                    store.forget();
                }
            }
        }
        let hands = Hands { time_of_day, elapsed: now };
        let stepped = state.hands.replace(hands).and_then(|before| hands.stepped_since(before));
        state.fetches += 1;
        state.failures += u64::from(outcome.failure.is_some());
        state.failure = outcome.failure;
        state.serving = serving;
        let step = state.refresh.step(now, self.jitter(), outcome.event);
        self.ended.send_replace(());
        if let Step::SleepUntil(next) = step {
            self.look_at(next);
        }
        drop(state);
        if let Some(by) = stepped {
            tracing::warn!(?by, "{STEPPED}");
        }
    }

    /// Ends a fetch whose end cannot even be told: nobody is to wait for it for ever.
    pub(super) fn give_up(&self, why: &str) {
        let now = self.clock.elapsed();
        let mut state = self.state();
        state.fetches += 1;
        state.failures += 1;
        state.failure = Some(why.to_owned());
        state.refresh.step(now, self.jitter(), Event::Failed);
        self.ended.send_replace(());
    }

    pub(super) fn max_stale(&self) -> Duration {
        self.issuer.refresh.max_stale
    }

    /// Uses the keys of an earlier run, while the issuer is asked for the first time.
    pub(super) fn adopt(&self, kept: Kept) {
        if self.snapshot.load().is_some() {
            return; // what has been fetched is never older
        }
        let (keys, _) = KeySet::new(&kept.set, &self.issuer.algorithms, None);
        let (issuer, age) = (self.issuer.identifier.as_str(), kept.age.as_secs());
        if keys.is_empty() {
            tracing::warn!(issuer, "no key of the warm-start file is usable");
            return;
        }
        tracing::info!(issuer, age, "the keys of the warm-start file are used");
        let left = self.issuer.refresh.max_stale.saturating_sub(kept.age);
        let now = self.clock.elapsed();
        let usable_until = now.saturating_add(left);
        let snapshot = Snapshot {
            keys: Arc::new(keys),
            set: kept.set,
            validator: None,
            replaced: None,
            fetched_at: now,
            age_then: kept.age,
            usable_until,
        };
        let mut state = self.state();
        self.snapshot.store(Some(Arc::new(snapshot)));
        state.refresh.go_on_until(usable_until);
        self.ended.send_replace(());
    }

    /// To the log, once for each change, however often a fetch is tried again meanwhile: who is
    /// called at night needs to read when it began, when it became worse, and when it was over.
    fn tell(&self, failure: Option<&str>, serving: bool) {
        let issuer = self.issuer.identifier.as_str();
        let (before, same) = {
            let state = self.state();
            (
                state.failure.is_some(),
                state.failure.as_deref() == failure && state.serving == serving,
            )
        };
        match failure {
            Some(error) if same => {
                tracing::debug!(issuer, error, "the issuer's keys still cannot be fetched");
            }
            Some(error) if serving => {
                tracing::warn!(
                    issuer,
                    error,
                    "the issuer's keys could not be fetched: the last ones are used"
                );
            }
            Some(error) => {
                tracing::error!(issuer, error, "the issuer's keys cannot be had: requests get 503");
            }
            None if before => tracing::info!(issuer, "the issuer's keys are fresh again"),
            None => tracing::debug!(issuer, "the issuer's keys are fresh"),
        }
    }

    /// What is known of the keys now. Neither waits nor fetches.
    pub(crate) fn status(&self) -> KeyStatus {
        let state = self.state();
        let now = self.clock.elapsed();
        let snapshot = self.snapshot.load_full();
        let usable = snapshot.as_deref().filter(|snapshot| now < snapshot.usable_until);
        KeyStatus {
            issuer: self.issuer.identifier.clone(),
            state: match usable {
                None if state.fetches == 0 => KeyState::NeverFetched,
                None => KeyState::Unavailable,
                Some(_) if state.failure.is_some() || state.fetches == 0 => KeyState::Stale,
                Some(_) => KeyState::Fresh,
            },
            kids: usable.map(|snapshot| KeyStatus::kids_of(&snapshot.keys)).unwrap_or_default(),
            age: snapshot.as_deref().map(|snapshot| snapshot.age(now)),
            usable_for: usable.map(|snapshot| snapshot.usable_until.saturating_sub(now)),
            next_fetch: Some(state.refresh.until_next(now)),
            latest_error: state.failure.clone().or_else(|| state.fetcher.missed()),
            fetches: state.fetches,
            failures: state.failures,
        }
    }

    /// What to do where no fetch is ordered.
    pub(super) fn due(&self) -> Step {
        self.state().refresh.step(self.clock.elapsed(), self.jitter(), Event::Due)
    }

    /// Changes when a fetch ends after the call. The lock keeps a fetch that is ending out.
    pub(crate) fn next_end(&self) -> watch::Receiver<()> {
        let state = self.state();
        let ended = self.ended.subscribe();
        self.drive(state);
        ended
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From 0 to 1; spreads the fetches of many processes.
    #[allow(clippy::unused_self, reason = "it belongs to the steps of the machine")]
    fn jitter(&self) -> f64 {
        const STEPS: u64 = 1_000;
        Duration::from_millis(chance() % STEPS).as_secs_f64()
    }
}

/// A number that nobody else has; it need be no secret.
pub(super) fn chance() -> u64 {
    RandomState::new().hash_one(())
}

impl Drop for RemoteKeys {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(driver) = &state.driver {
            driver.rouse();
        }
    }
}

impl fmt::Debug for RemoteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKeys")
            .field("issuer", &self.issuer.identifier)
            .finish_non_exhaustive()
    }
}

const NO_KEYS: &str = "the issuer's keys are not there yet, or too old";

const STEPPED: &str = "this machine's clock was stepped: tokens may seem expired, or not yet valid, \
    and expired ones good";

const FULL_HOUSE: Duration = Duration::from_secs(1);

fn unavailable(wait: Duration, detail: impl Into<String>) -> Missing {
    let wait = wait.max(Duration::from_secs(1));
    Missing::Unavailable(Rejection::new(Reason::KeysUnavailable, detail).retry_after(wait))
}

#[cfg(test)]
pub(super) mod tests;
