use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use bearward_testkit::{TestIssuer, keys};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Level, Metadata, Subscriber};

use super::*;
use crate::jwk::JwkSet;
use crate::keys::fetch::FetchedSet;
use crate::keys::worker;

const SECOND: Duration = Duration::from_secs(1);
const MAX_STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// A clock that stands still until it is moved.
#[derive(Debug, Default)]
struct Stopped {
    elapsed: Mutex<Duration>,
    /// How far the time of day is ahead of it.
    ahead: Mutex<Duration>,
}

impl Stopped {
    fn advance(&self, by: Duration) {
        *self.elapsed.lock().unwrap() += by;
    }
}

impl Clock for Stopped {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + self.elapsed() + *self.ahead.lock().unwrap()
    }

    fn elapsed(&self) -> Duration {
        *self.elapsed.lock().unwrap()
    }
}

fn remote() -> (Arc<RemoteKeys>, Arc<Stopped>) {
    remote_of("https://issuer.example/")
}

fn remote_of(issuer: &str) -> (Arc<RemoteKeys>, Arc<Stopped>) {
    let clock = Arc::new(Stopped::default());
    let issuer = Issuer::new(issuer).unwrap();
    let shared: Arc<dyn Clock> = clock.clone();
    (RemoteKeys::new(&issuer, &shared).unwrap(), clock)
}

fn set(text: &str) -> Result<Fetched, FetchError> {
    let set = JwkSet::parse(text.as_bytes()).unwrap();
    let set = FetchedSet { set, text: text.into(), validator: None };
    Ok(Fetched { set: Some(set), max_age: None })
}

fn good() -> Result<Fetched, FetchError> {
    set(&keys::jwks_text(&[keys::stranger()]))
}

fn not_modified() -> Result<Fetched, FetchError> {
    Ok(Fetched { set: None, max_age: None })
}

fn failed(why: &str) -> Result<Fetched, FetchError> {
    Err(FetchError::new(why))
}

#[test]
fn a_set_that_did_not_change_stays_the_same_keys_and_is_as_good_as_new() {
    let reformatted = keys::jwks_text(&[keys::stranger()]).replace(':', " : ");
    for (name, same) in [("not modified", not_modified()), ("sent again", set(&reformatted))] {
        let (remote, clock) = remote();
        remote.finish(good());
        let before = remote.current().unwrap();
        clock.advance(MAX_STALE - SECOND);
        remote.finish(same);
        let after = remote.current().unwrap();
        assert!(Arc::ptr_eq(&before, &after), "{name}");
        clock.advance(MAX_STALE - SECOND);
        assert!(remote.current().is_some(), "{name}: max_stale counts from the latest fetch");
        clock.advance(SECOND);
        assert!(remote.current().is_none(), "{name}");
    }
}

#[test]
fn a_set_that_changed_replaces_the_keys() {
    let (remote, _) = remote();
    remote.finish(good());
    let before = remote.current().unwrap();
    let twice = [keys::stranger().with_kid("other"), keys::stranger()];
    remote.finish(set(&keys::jwks_text(&twice)));
    assert!(!Arc::ptr_eq(&before, &remote.current().unwrap()));
}

#[test]
fn keys_of_an_earlier_run_take_the_place_of_none_that_were_fetched() {
    let (remote, _) = remote();
    let kept = || {
        let set = JwkSet::parse(keys::jwks_text(&[keys::stranger()]).as_bytes()).unwrap();
        Kept { set, age: Duration::ZERO }
    };
    remote.adopt(kept());
    assert!(remote.current().is_some());
    remote.finish(good());
    let fetched = remote.current().unwrap();
    remote.adopt(kept());
    assert!(Arc::ptr_eq(&remote.current().unwrap(), &fetched));
}

#[test]
fn not_modified_without_anything_kept_is_a_failed_fetch() {
    let (remote, _) = remote();
    remote.finish(not_modified());
    assert!(remote.current().is_none());
    let state = remote.state();
    assert_eq!(state.failure.as_deref(), Some("the issuer sent no key set, and none is kept"));
}

#[test]
fn a_failed_fetch_takes_nothing_away() {
    let (remote, _) = remote();
    remote.finish(good());
    let before = remote.current().unwrap();
    remote.finish(failed("no such name"));
    assert!(Arc::ptr_eq(&before, &remote.current().unwrap()));
}

/// Collects the lines above debug.
#[derive(Clone, Default)]
pub(in crate::keys) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(in crate::keys) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() < Level::DEBUG
    }

    fn event(&self, event: &tracing::Event<'_>) {
        struct Message(String);
        impl Visit for Message {
            fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
                if field.name() == "message" {
                    self.0 = format!("{value:?}");
                }
            }
        }
        let mut message = Message(String::new());
        event.record(&mut message);
        self.0.lock().unwrap().push(format!("{} {}", event.metadata().level(), message.0));
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// A second dispatcher stands by: as long as there is only one, a line that another test reaches
/// first is switched off for all threads.
pub(in crate::keys) fn logged(check: impl FnOnce(&Log)) {
    let log = Log::default();
    let _second = tracing::Dispatch::new(log.clone());
    tracing::subscriber::with_default(log.clone(), || check(&log));
}

#[test]
fn trouble_is_told_when_it_begins_changes_and_ends_and_not_at_each_try() {
    logged(|log| {
        const LAST_ONES: &str =
            "WARN the issuer's keys could not be fetched: the last ones are used";
        const NONE: &str = "ERROR the issuer's keys cannot be had: requests get 503";
        const AGAIN: &str = "INFO the issuer's keys are fresh again";
        let (remote, clock) = remote();
        let told_thrice = |fetched: fn() -> Result<Fetched, FetchError>| {
            for _ in 0..3 {
                remote.finish(fetched());
            }
            log.take()
        };
        assert_eq!(told_thrice(|| failed("down at the start")), [NONE]);
        assert_eq!(told_thrice(good), [AGAIN]);
        assert_eq!(told_thrice(|| failed("no such name")), [LAST_ONES]);
        assert_eq!(told_thrice(|| failed("status 500")), [LAST_ONES], "another reason");
        clock.advance(MAX_STALE);
        assert_eq!(told_thrice(|| failed("status 500")), [NONE], "it has become worse");
        assert_eq!(told_thrice(not_modified), [AGAIN]);
        let useless = || set(r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#);
        assert_eq!(told_thrice(useless), [NONE]);
    });
}

fn other() -> Result<Fetched, FetchError> {
    set(&keys::jwks_text(&[keys::stranger().with_kid("other")]))
}

#[test]
fn c04_a_set_that_comes_back_is_told() {
    logged(|log| {
        let (remote, _) = remote();
        let told = |fetched| {
            remote.finish(fetched);
            log.take().len()
        };
        assert_eq!(told(good()), 0);
        assert_eq!(told(other()), 0, "a rotation");
        assert_eq!(told(not_modified()), 0);
        assert_eq!(told(good()), 1, "and back");
        assert_eq!(told(good()), 0, "the same again");
        assert_eq!(told(other()), 1);
        assert_eq!(told(set(&keys::jwks_text(&[keys::stranger().with_kid("third")]))), 0);
        assert_eq!(told(set(&keys::jwks_text(&[keys::stranger().with_kid("fourth")]))), 0);
    });
}

#[test]
fn c06_a_step_of_the_clock_is_told_once() {
    logged(|log| {
        let (remote, clock) = remote();
        *clock.ahead.lock().unwrap() = 7200 * SECOND;
        let told = || {
            clock.advance(480 * SECOND);
            remote.finish(good());
            log.take().len()
        };
        assert_eq!((told(), told()), (0, 0), "time passes");
        *clock.ahead.lock().unwrap() = 3600 * SECOND;
        assert_eq!((told(), told()), (1, 0), "an hour back");
        *clock.ahead.lock().unwrap() = 3661 * SECOND;
        assert_eq!((told(), told()), (1, 0), "forward");
        *clock.ahead.lock().unwrap() = 3601 * SECOND;
        assert_eq!((told(), told()), (0, 0), "no more than clocks may differ");
    });
}

#[test]
fn c03_a_thousand_and_twenty_four_requests_may_wait_and_no_more() {
    let (remote, _) = remote();
    let mut waiting: Vec<Missing> = (0..1_024).map(|_| remote.missing(None, Waited::No)).collect();
    assert!(waiting.iter().all(|missing| matches!(missing, Missing::Wait(_))));
    for _ in 0..10 {
        let Missing::Unavailable(rejection) = remote.missing(None, Waited::No) else { panic!() };
        assert_eq!(rejection.code(), "keys_unavailable");
    }
    waiting.pop();
    assert!(matches!(remote.missing(None, Waited::No), Missing::Wait(_)), "a seat came free");
}

#[test]
fn fetches_of_many_processes_are_spread() {
    let (remote, _) = remote();
    let drawn: Vec<f64> = (0..100).map(|_| remote.jitter()).collect();
    assert!(drawn.iter().all(|jitter| (0.0..1.0).contains(jitter)), "{drawn:?}");
    let late = drawn.iter().filter(|jitter| **jitter >= 0.5).count();
    assert!((1..100).contains(&late), "{drawn:?}");
}

#[test]
fn who_came_while_the_issuer_was_being_asked_may_wait_once_more() {
    let (remote, _) = remote();
    for (before, after) in
        [(Waited::No, Waited::ForEarlierFetch), (Waited::ForEarlierFetch, Waited::ForOwnFetch)]
    {
        let Missing::Wait(wait) = remote.missing(None, before) else { panic!("{before:?}") };
        assert_eq!(wait.waited, after);
    }
}

/// Held by who ends the thread that all tests share, and by who would not notice anything then.
static THE_THREAD: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A clock whose sleep never ends, and that tells of it.
#[derive(Debug, Default)]
struct Asleep(Arc<AtomicBool>);

impl Clock for Asleep {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep_until(&self, _: Duration) -> Option<Pin<Box<dyn Future<Output = ()> + Send>>> {
        let asleep = Arc::clone(&self.0);
        Some(Box::pin(async move {
            asleep.store(true, Ordering::SeqCst);
            std::future::pending::<()>().await;
        }))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_goes_on_for_keys_that_were_dropped() {
    let _alone = THE_THREAD.lock().await;
    let issuer = TestIssuer::start().await;
    let asleep = Arc::<AtomicBool>::default();
    let clock: Arc<dyn Clock> = Arc::new(Asleep(Arc::clone(&asleep)));
    let remote = RemoteKeys::new(&Issuer::new(issuer.identifier()).unwrap(), &clock).unwrap();
    remote.start();
    let gone = async {
        while !asleep.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
        let job = remote.job();
        assert!(job.strong_count() > 0);
        drop(remote);
        while job.strong_count() > 0 {
            tokio::task::yield_now().await;
        }
    };
    let gone = tokio::time::timeout(30 * SECOND, gone).await;
    assert!(gone.is_ok(), "it waits for the next fetch");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_ends_is_followed_by_another() {
    let _alone = THE_THREAD.lock().await;
    let issuer = TestIssuer::start().await;
    let (remote, clock) = remote_of(issuer.identifier());
    let mut ended = remote.next_end();
    ended.changed().await.unwrap();
    worker::end();
    remote.undriven().await;
    drop(remote.next_end());
    assert!(remote.state().driver.is_none(), "nothing to fetch yet");
    clock.advance(600 * SECOND);
    remote.start();
    ended.changed().await.unwrap();
    assert_eq!(issuer.key_requests(), 2, "a refresh that is due");

    worker::end();
    remote.undriven().await;
    let searched = remote.current();
    let missing = remote.missing(searched.as_ref(), Waited::No);
    assert!(matches!(missing, Missing::Wait(_)));
    ended.changed().await.unwrap();
    assert_eq!(issuer.key_requests(), 3, "a key that is looked for");

    worker::end();
    remote.undriven().await;
    clock.advance(600 * SECOND);
    issuer.hold();
    remote.start();
    issuer.asked_for_keys(4).await;
    worker::end();
    ended.changed().await.unwrap();
    let state = remote.state();
    assert_eq!(state.failure.as_deref(), Some("there is no thread to fetch them"));
    assert_eq!((state.fetches, state.failures), (4, 1));
}
