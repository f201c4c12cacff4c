//! The one thread of this crate: it fetches the keys of all issuers of the process.
//!
//! It has a runtime of its own, so that a resource server can be made anywhere, and so that a
//! server busy to the last thread still gets its keys. It holds weak references: keys that nobody
//! uses any more are no longer fetched.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::refresh::Step;
use super::remote::RemoteKeys;
use crate::clock::Clock;

pub(super) type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

static THREAD: Mutex<Option<UnboundedSender<Job>>> = Mutex::new(None);

/// Runs a job on the thread, which is started if it is not there. Gives the job back where that
/// cannot be done.
pub(super) fn take(mut job: Job) -> Result<(), (io::Error, Job)> {
    let mut thread = THREAD.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(jobs) = thread.as_ref() {
        match jobs.send(job) {
            Ok(()) => return Ok(()),
            Err(returned) => job = returned.0, // that thread is gone: start another
        }
    }
    let jobs = match start() {
        Ok(jobs) => jobs,
        Err(error) => return Err((error, job)),
    };
    let sent = jobs.send(job);
    *thread = Some(jobs);
    sent.map_err(|returned| (io::Error::other("it ended at once"), returned.0))
}

fn start() -> Result<UnboundedSender<Job>, io::Error> {
    let (jobs, queue) = unbounded_channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name("bearward-keys".into()).spawn(move || {
        runtime.block_on(run(queue));
    })?;
    Ok(jobs)
}

async fn run(mut queue: UnboundedReceiver<Job>) {
    while let Some(job) = queue.recv().await {
        tokio::spawn(job);
    }
}

/// Fetches these keys now, and again whenever they are due or `roused`, until they are dropped.
pub(super) async fn keep_fresh(keys: Weak<RemoteKeys>, mut roused: UnboundedReceiver<()>) {
    loop {
        // The fetch runs on a clone of the fetcher, so that dropped keys need not wait for it.
        let Some(fetcher) = keys.upgrade().map(|keys| keys.fetcher.clone()) else { return };
        let fetched = fetcher.fetch().await;
        let Some(mut next) = keys.upgrade().map(|keys| keys.finish(fetched)) else { return };
        loop {
            let Some(sleep) = keys.upgrade().map(|keys| sleep(keys.clock.as_ref(), next)) else {
                return;
            };
            tokio::select! {
                order = roused.recv() => match order {
                    Some(()) => break,
                    None => return,
                },
                () = sleep => {}
            }
            match keys.upgrade().map(|keys| keys.due()) {
                Some(Step::SleepUntil(later)) => next = later,
                Some(_) => break,
                None => return,
            }
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
