//! The one thread of this crate: it fetches the keys of all issuers of the process.
//!
//! It has a runtime of its own, so that a resource server can be made anywhere, and so that a
//! server busy to the last thread still gets its keys. It holds weak references: keys that nobody
//! uses any more are no longer fetched.
//!
//! After a fork the new process starts a thread of its own, once it needs one. A process that forks
//! while another thread asks for keys may copy a lock that nobody will open: fork before serving.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::fetch::FetchError;
use super::refresh::Step;
use super::remote::RemoteKeys;
use crate::clock::Clock;

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The thread, by its process: what a fork copies is the memory, and not the thread.
static THREAD: Mutex<Option<(u32, UnboundedSender<Job>)>> = Mutex::new(None);

/// Runs a job on the thread, which is started if it is not there.
pub(super) fn take(mut job: Job) -> Result<(), io::Error> {
    let mut thread = THREAD.lock().unwrap_or_else(PoisonError::into_inner);
    let here = std::process::id();
    // Not dropped: the thread at its other end belongs to the process before the fork.
    std::mem::forget(thread.take_if(|(process, _)| *process != here));
    if let Some((_, jobs)) = thread.as_ref() {
        match jobs.send(job) {
            Ok(()) => return Ok(()),
            Err(returned) => job = returned.0, // that thread is gone: start another
        }
    }
    let jobs = start()?;
    let sent = jobs.send(job);
    *thread = Some((here, jobs));
    sent.map_err(|_| io::Error::other("it ended at once"))
}

/// The runtime is made, and where that fails dropped, on the thread itself: the caller may stand
/// within a runtime, where none may be dropped.
fn start() -> Result<UnboundedSender<Job>, io::Error> {
    let (jobs, queue) = unbounded_channel();
    let (tell, told) = sync_channel(1);
    std::thread::Builder::new().name("bearward-keys".into()).spawn(move || {
        match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => {
                let _ = tell.send(Ok(()));
                runtime.block_on(run(queue));
            }
            Err(error) => {
                let _ = tell.send(Err(error));
            }
        }
    })?;
    told.recv().unwrap_or_else(|_| Err(io::Error::other("it ended at once")))?;
    Ok(jobs)
}

async fn run(mut queue: UnboundedReceiver<Job>) {
    while let Some(job) = queue.recv().await {
        tokio::spawn(job);
    }
}

/// Fetches these keys whenever they are due or ordered, until they are dropped. A panic on the way,
/// in somebody's clock or log, counts as a failed fetch.
pub(super) async fn keep_fresh(keys: Weak<RemoteKeys>, rouse: Arc<Notify>, mut ordered: bool) {
    while tokio::spawn(fetch_until_dropped(keys.clone(), Arc::clone(&rouse), ordered))
        .await
        .is_err()
    {
        let Some(keys) = keys.upgrade() else { return };
        let telling = Arc::clone(&keys);
        // What panicked may do so again when it is told of the failure.
        let told = tokio::spawn(async move { telling.finish(Err(FetchError::new(PANIC))) }).await;
        if told.is_err() {
            keys.give_up(PANIC);
        }
        ordered = false;
    }
}

const PANIC: &str = "a panic while they were fetched";

async fn fetch_until_dropped(keys: Weak<RemoteKeys>, rouse: Arc<Notify>, mut ordered: bool) {
    if ordered {
        warm_start(&keys).await;
    }
    loop {
        if !ordered && !until_due(&keys, &rouse).await {
            return;
        }
        ordered = false;
        // The fetch runs on a clone of the fetcher, so that dropped keys need not wait for it.
        let asked = keys.upgrade().map(|keys| (keys.fetcher(), keys.validator()));
        let Some((fetcher, validator)) = asked else { return };
        let fetched = fetcher.fetch(validator.as_ref()).await;
        let Some(keys) = keys.upgrade() else { return };
        keys.finish(fetched);
        let store = keys.store.clone();
        drop(keys);
        if let Some(store) = store {
            store.flush().await;
        }
    }
}

/// The keys of an earlier run serve from the start.
async fn warm_start(keys: &Weak<RemoteKeys>) {
    let asked = keys.upgrade().and_then(|keys| {
        let store = keys.store.clone()?;
        Some((store, keys.clock.now(), keys.max_stale()))
    });
    let Some((store, now, max_stale)) = asked else { return };
    let kept = store.read(now, max_stale).await;
    if let (Some(kept), Some(keys)) = (kept, keys.upgrade()) {
        keys.adopt(kept);
    }
}

/// Resolves when a fetch is due or ordered: `true`; or when the keys are dropped: `false`.
async fn until_due(keys: &Weak<RemoteKeys>, rouse: &Notify) -> bool {
    loop {
        let sleep = match keys.upgrade().map(|keys| (keys.due(), Arc::clone(&keys.clock))) {
            Some((Step::SleepUntil(next), clock)) => sleep(clock.as_ref(), next),
            Some(_) => return true,
            None => return false,
        };
        tokio::select! {
            () = rouse.notified() => return keys.strong_count() > 0,
            () = sleep => {}
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "the thread's own timer, for clocks that move")]
fn sleep(clock: &dyn Clock, until: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    match clock.sleep_until(until) {
        Some(sleep) => sleep,
        None => Box::pin(tokio::time::sleep(until.saturating_sub(clock.elapsed()))),
    }
}

/// Ends the thread, and all jobs with it: without a sender it has nothing to wait for.
#[cfg(test)]
pub(super) fn end() {
    let gone = THREAD.lock().unwrap_or_else(PoisonError::into_inner).take();
    drop(gone);
}
