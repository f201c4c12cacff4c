//! Who fetches the keys: a job on the worker thread, handed over once, and again where that thread
//! has ended or stayed behind at a fork.

use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, Weak};
use std::time::Duration;

use tokio::sync::Notify;

use super::{RemoteKeys, State};
use crate::keys::fetch::Fetcher;
use crate::keys::worker;

/// The job that fetches, as those who need it see it.
#[derive(Debug)]
pub(super) struct Driver {
    process: u32,
    rouse: Arc<Notify>,
}

impl Driver {
    /// A request ordered a fetch, or the keys are dropped.
    pub(super) fn rouse(&self) {
        self.rouse.notify_one();
    }
}

/// How often requests look whether somebody fetches while a fetch is due or under way: looking asks
/// the system for the number of the process.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl RemoteKeys {
    /// Sees to it that the keys are fetched. Cheap where no fetch is due.
    pub(crate) fn start(&self) {
        let now = self.clock.elapsed();
        if milliseconds(now) >= self.look_again.load(Ordering::Acquire) {
            self.look_at(now.saturating_add(LOOK_EVERY));
            self.drive(self.state());
        }
    }

    pub(super) fn look_at(&self, next: Duration) {
        self.look_again.store(milliseconds(next), Ordering::Release);
    }

    /// Hands the work to the worker thread of this process, unless it has it. Where no thread can be
    /// had, a later call tries again, as a failed fetch would be.
    pub(super) fn drive(&self, mut state: MutexGuard<'_, State>) {
        let process = std::process::id();
        match &state.driver {
            Some(driver) if driver.process == process => return,
            Some(_) => {
                // After a fork. The connections of the client before are the other process's.
                if let Ok(fetcher) = Fetcher::new(&self.issuer) {
                    state.fetcher = fetcher;
                }
            }
            None if state.refresh.may_fetch(self.clock.elapsed()) => {}
            None => return,
        }
        let rouse: Arc<Notify> = Arc::default();
        state.driver = Some(Driver { process, rouse: Arc::clone(&rouse) });
        let ordered = state.refresh.is_fetching();
        drop(state);
        let driving = Driving(Weak::clone(&self.me));
        let keys = Weak::clone(&self.me);
        let job = async move {
            let _driving = driving;
            worker::keep_fresh(keys, rouse, ordered).await;
        };
        // A job that is not taken is dropped, which says all there is to say to requests.
        if let Err(error) = worker::take(Box::pin(job)) {
            let issuer = self.issuer.identifier();
            tracing::error!(issuer, %error, "no thread can be had to fetch keys");
        }
    }

    pub(in crate::keys) fn fetcher(&self) -> Fetcher {
        self.state().fetcher.clone()
    }

    /// The job was dropped, with its thread.
    fn abandoned(&self) {
        let mut state = self.state();
        state.driver = None;
        let under_way = state.refresh.is_fetching();
        drop(state);
        if under_way {
            // On the way out of a panic, perhaps, where another would end the process.
            self.give_up("there is no thread to fetch them");
        }
    }

    /// Lives as long as these keys and the job that fetches them.
    #[cfg(test)]
    pub(in crate::keys) fn job(&self) -> Weak<Notify> {
        self.state().driver.as_ref().map(|driver| Arc::downgrade(&driver.rouse)).unwrap_or_default()
    }

    /// Resolves once nobody fetches.
    #[cfg(test)]
    pub(in crate::keys) async fn undriven(&self) {
        while self.state().driver.is_some() {
            tokio::task::yield_now().await;
        }
    }
}

/// Lives as long as the job does.
struct Driving(Weak<RemoteKeys>);

impl Drop for Driving {
    fn drop(&mut self) {
        if let Some(keys) = self.0.upgrade() {
            keys.abandoned();
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
