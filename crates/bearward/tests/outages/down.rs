//! Issuers that do not answer: C01, C02.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use axum::routing::get;
use bearward::{Clock, KeyRefresh, KeyState, ResourceServer, token};
use bearward_testkit::{ManualClock, Mint, TestIssuer, keys, send, serve};

use crate::AUDIENCE;
use crate::api::Api;

const HOUR: Duration = Duration::from_secs(3600);
const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_asked_for_before_the_first_request() {
    let issuer = TestIssuer::start().await;
    let _api = Api::start(&issuer, KeyRefresh::default()).await;
    let asked = tokio::time::timeout(30 * SECOND, issuer.asked_for_keys(1)).await;
    assert!(asked.is_ok(), "nobody asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn c01_an_issuer_down_at_the_start_is_asked_again_within_five_seconds() {
    let issuer = TestIssuer::start().await;
    issuer.go_down().await;
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    let good = api.mint.token().sign();
    assert_eq!(api.status("/private", &good).await, 503);
    for failed in 1..=20 {
        let [status] = api.server.key_status().try_into().unwrap();
        assert_eq!((status.state, status.failures), (KeyState::Unavailable, failed));
        let next = status.next_fetch.unwrap();
        assert!(SECOND <= next && next <= 5 * SECOND, "{next:?}");
        api.after(next).await;
    }
    issuer.come_up();
    api.after(5 * SECOND).await;
    assert_eq!(api.get("/readyz", None).await.status, 200);
    assert_eq!(api.status("/private", &good).await, 200, "without a restart");
}

#[tokio::test(flavor = "multi_thread")]
async fn c02_known_keys_are_good_for_a_day_without_the_issuer() {
    let issuer = TestIssuer::start().await;
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    let lasting = api.lasting();
    assert_eq!(api.status("/private", &lasting).await, 200);
    issuer.go_down().await;

    let (mut sent, mut refused) = (0, 0);
    let mut age = Duration::ZERO;
    // Up to the last second of max_stale.
    for half_hour in 1..=48 {
        api.after(if half_hour < 48 { HOUR / 2 } else { HOUR / 2 - SECOND }).await;
        for token in [&lasting, &api.mint.token().sign()] {
            sent += 1;
            refused += u32::from(api.status("/private", token).await != 200);
        }
        let new = api.mint.token().key(keys::stranger()).sign();
        let answer = api.get("/private", Some(&new)).await;
        assert_eq!(answer.status, 503, "a key that nobody can look up");
        assert!(answer.header("retry-after").is_some());
        let [status] = api.server.key_status().try_into().unwrap();
        assert_eq!(status.state, KeyState::Stale);
        assert!(status.age.unwrap() > age, "the age rises");
        age = status.age.unwrap();
        if half_hour == 1 || half_hour == 48 {
            println!("{status}");
        }
    }
    println!("issuer down for {age:?}: valid sent {sent}, refused {refused}");
    assert_eq!((age, sent, refused), (24 * HOUR - SECOND, 96, 0));

    api.mint.clock().advance(2 * SECOND);
    for token in [&lasting, &api.mint.token().sign()] {
        let answer = api.get("/private", Some(token)).await;
        println!("at max_stale + 1 s: {}", answer.status);
        assert_eq!(answer.status, 503, "never the token's fault");
        assert_eq!(answer.header("www-authenticate"), None);
    }
    issuer.come_up();
    api.after(60 * SECOND).await;
    assert_eq!(api.status("/private", &lasting).await, 200);
}

/// A clock that tells no time of day to the thread that fetches keys, while it is broken.
#[derive(Clone, Debug)]
struct Fragile {
    clock: ManualClock,
    broken: Arc<AtomicBool>,
}

impl Clock for Fragile {
    fn now(&self) -> SystemTime {
        let asked_by_worker = std::thread::current().name() == Some("bearward-keys");
        assert!(!(asked_by_worker && self.broken.load(Ordering::SeqCst)), "this clock is broken");
        self.clock.now()
    }

    fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    fn sleep_until(&self, until: Duration) -> Option<Pin<Box<dyn Future<Output = ()> + Send>>> {
        self.clock.sleep_until(until)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_at_the_end_of_each_fetch_leaves_no_request_waiting() {
    let issuer = TestIssuer::start().await;
    let mint = Mint::new(issuer.identifier(), AUDIENCE);
    let broken = Arc::new(AtomicBool::new(true));
    let clock = Fragile { clock: mint.clock().clone(), broken: Arc::clone(&broken) };
    let server = ResourceServer::new(issuer.identifier(), AUDIENCE)
        .and_then(|server| server.clock(clock))
        .unwrap();
    let router = server.router().route("/", token(), get(async || "in")).into_router();
    let served = serve(router).await;
    let request = format!(
        "GET / HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
        mint.token().sign()
    );
    let status = async || send(served.address(), request.as_bytes()).await.status;
    assert_eq!(status().await, 503);
    for _ in 0..3 {
        let ended = server.next_key_fetch();
        mint.clock().advance(5 * SECOND);
        ended.await;
        assert_eq!(status().await, 503);
    }
    broken.store(false, Ordering::SeqCst);
    let ended = server.next_key_fetch();
    mint.clock().advance(5 * SECOND);
    ended.await;
    assert_eq!(status().await, 200, "without a restart");
}
