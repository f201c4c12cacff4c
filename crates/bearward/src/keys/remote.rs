//! A key set that is fetched: what requests see of it, and what they may ask of it.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tokio::sync::{mpsc, watch};

use super::fetch::{FetchError, Fetched, Fetcher};
use super::refresh::{Event, Refresh, Step};
use super::{KeySet, Missing, worker};
use crate::clock::Clock;
use crate::config::ConfigError;
use crate::issuer::Issuer;
use crate::rejection::{Reason, Rejection};

/// Requests that may wait for a fetch at the same time; more get 503.
const MOST_WAITERS: usize = 1_024;

/// The keys of one issuer, shared by requests and the worker thread.
pub(crate) struct RemoteKeys {
    pub(super) issuer: Issuer,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) fetcher: Fetcher,
    snapshot: ArcSwapOption<Snapshot>,
    refresh: Mutex<Refresh>,
    /// Rouses the worker when a request ordered a fetch.
    rouse: mpsc::UnboundedSender<()>,
    /// What keeps the keys fresh, until the worker has taken it.
    job: Mutex<Option<worker::Job>>,
    /// Counts the fetches that have ended, for those who wait.
    ended: watch::Sender<u64>,
    waiters: Arc<AtomicUsize>,
    started: AtomicBool,
}

#[derive(Debug)]
struct Snapshot {
    keys: Arc<KeySet>,
    /// After this moment the keys are too old to be believed.
    usable_until: Duration,
}

/// Resolves when the fetch under way has ended, however it ended. A fetch ends within 5 s.
pub(crate) struct KeyWait {
    ended: watch::Receiver<u64>,
    _seat: Seat,
}

struct Seat(Arc<AtomicUsize>);

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl KeyWait {
    pub(crate) async fn over(mut self) {
        // An error means that the keys are gone, and with them the resource server.
        let _ = self.ended.changed().await;
    }
}

impl RemoteKeys {
    pub(crate) fn new(
        issuer: &Issuer,
        clock: &Arc<dyn Clock>,
    ) -> Result<Arc<RemoteKeys>, ConfigError> {
        let (rouse, roused) = mpsc::unbounded_channel();
        let fetcher = Fetcher::new(issuer)?;
        Ok(Arc::new_cyclic(|keys| RemoteKeys {
            fetcher,
            snapshot: ArcSwapOption::empty(),
            refresh: Mutex::new(Refresh::new(issuer.refresh, clock.elapsed())),
            rouse,
            job: Mutex::new(Some(Box::pin(worker::keep_fresh(keys.clone(), roused)))),
            ended: watch::Sender::new(0),
            waiters: Arc::default(),
            started: AtomicBool::new(false),
            issuer: issuer.clone(),
            clock: Arc::clone(clock),
        }))
    }

    /// Hands the work to the worker thread, once. Where no thread can be had, a later call tries
    /// again, as a failed fetch would be.
    pub(crate) fn start(&self) {
        if self.started.load(Ordering::Acquire) {
            return;
        }
        let mut waiting = self.job.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.refresh().may_fetch(self.clock.elapsed()) {
            return;
        }
        let Some(job) = waiting.take() else { return };
        match worker::take(job) {
            Ok(()) => self.started.store(true, Ordering::Release),
            Err((error, job)) => {
                *waiting = Some(job);
                self.finish(Err(FetchError::new(format!("no thread to fetch them: {error}"))));
            }
        }
    }

    pub(crate) fn current(&self) -> Option<Arc<KeySet>> {
        let snapshot = self.snapshot.load();
        let snapshot = snapshot.as_ref()?;
        (self.clock.elapsed() < snapshot.usable_until).then(|| Arc::clone(&snapshot.keys))
    }

    pub(crate) fn missing(self: &Arc<Self>, waited: bool) -> Missing {
        let event = if waited { Event::StillMissing } else { Event::Missing };
        let mut refresh = self.refresh();
        let step = refresh.step(self.clock.elapsed(), self.jitter(), event);
        if step == Step::Fetch {
            // The worker holds the other end for as long as these keys live.
            let _ = self.rouse.send(());
        }
        match step {
            Step::Fetch | Step::Wait => match self.seat() {
                // Subscribed under the lock: the end of the fetch cannot be missed.
                Some(seat) => Missing::Wait(KeyWait { ended: self.ended.subscribe(), _seat: seat }),
                None => unavailable(FULL_HOUSE, "too many requests wait for the issuer's keys"),
            },
            Step::Unavailable(wait) => {
                unavailable(wait, "the issuer's keys could not be fetched; see the log for why")
            }
            Step::Absent | Step::SleepUntil(_) => Missing::Absent,
        }
    }

    fn seat(&self) -> Option<Seat> {
        let taken = self.waiters.fetch_add(1, Ordering::AcqRel);
        let seat = Seat(Arc::clone(&self.waiters));
        (taken < MOST_WAITERS).then_some(seat)
    }

    /// Publishes what a fetch brought, and says when the next one is due.
    pub(super) fn finish(&self, fetched: Result<Fetched, FetchError>) -> Duration {
        let now = self.clock.elapsed();
        let mut refresh = self.refresh();
        let event = match fetched {
            Ok(fetched) => self.publish(&fetched, now),
            Err(error) => {
                tracing::warn!(
                    issuer = %self.issuer.identifier, %error, "the issuer's keys could not be fetched"
                );
                Event::Failed
            }
        };
        let step = refresh.step(now, self.jitter(), event);
        self.ended.send_modify(|count| *count += 1);
        match step {
            Step::SleepUntil(next) => next,
            _ => now,
        }
    }

    fn publish(&self, fetched: &Fetched, now: Duration) -> Event {
        let issuer = self.issuer.identifier.as_str();
        let (keys, skipped) = KeySet::new(&fetched.set, &self.issuer.algorithms);
        for key in &skipped {
            tracing::warn!(issuer, %key, "a key of the issuer is not used");
        }
        let usable = !keys.is_empty();
        let usable_until = now + self.issuer.refresh.max_stale;
        self.snapshot
            .store(usable.then(|| Arc::new(Snapshot { keys: Arc::new(keys), usable_until })));
        if usable {
            tracing::debug!(issuer, "the issuer's keys are fresh");
            Event::Fetched { max_age: fetched.max_age }
        } else {
            tracing::error!(issuer, "the issuer's key set holds no usable key");
            Event::FetchedNothing
        }
    }

    /// What to do when a sleep has ended.
    pub(super) fn due(&self) -> Step {
        self.refresh().step(self.clock.elapsed(), self.jitter(), Event::Due)
    }

    /// Resolves when a fetch has ended after the call.
    pub(crate) fn next_end(&self) -> watch::Receiver<u64> {
        self.ended.subscribe()
    }

    fn refresh(&self) -> MutexGuard<'_, Refresh> {
        self.refresh.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From 0 to 1; spreads the fetches of many processes, and needs to be no secret.
    #[allow(clippy::unused_self, reason = "the one place that a source of chance is named")]
    fn jitter(&self) -> f64 {
        const STEPS: u64 = 1_000;
        let step = RandomState::new().hash_one(()) % STEPS;
        Duration::from_millis(step).as_secs_f64()
    }
}

impl fmt::Debug for RemoteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKeys")
            .field("issuer", &self.issuer.identifier)
            .finish_non_exhaustive()
    }
}

const FULL_HOUSE: Duration = Duration::from_secs(1);

fn unavailable(wait: Duration, detail: &'static str) -> Missing {
    Missing::Unavailable(
        Rejection::new(Reason::KeysUnavailable, detail)
            .retry_after(wait.max(Duration::from_secs(1))),
    )
}
