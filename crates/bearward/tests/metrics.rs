//! What is counted, read through a recorder as a program would install one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up stops")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::routing::get;
use bearward::{Clock, Issuer, ResourceServer, token};
use bearward_testkit::{Mint, TestIssuer, serve};
use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    set_global_recorder,
};

/// Keeps every value by its name and labels.
#[derive(Clone, Default)]
struct Values(Arc<Mutex<BTreeMap<String, Arc<AtomicU64>>>>);

impl Values {
    fn of(&self, key: &Key) -> Arc<AtomicU64> {
        let labels = key.labels().map(|label| format!(" {}={}", label.key(), label.value()));
        let name = key.name().to_owned() + &labels.collect::<String>();
        self.0.lock().unwrap().entry(name).or_default().clone()
    }

    fn count(&self, name: &str) -> u64 {
        self.0.lock().unwrap().get(name).map_or(0, |value| value.load(Ordering::SeqCst))
    }

    fn gauge(&self, name: &str) -> f64 {
        f64::from_bits(self.count(name))
    }
}

impl Recorder for Values {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.of(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.of(key))
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

/// One test, because a process has one recorder.
#[tokio::test(flavor = "multi_thread")]
async fn refusals_and_fetches_are_counted_once_each() {
    const AUDIENCE: &str = "https://api.example.com";
    let values = Values::default();
    set_global_recorder(values.clone()).unwrap();

    let issuer = TestIssuer::start().await;
    let mint = Mint::new(issuer.identifier(), AUDIENCE);
    let server = ResourceServer::new(Issuer::new(issuer.identifier()).unwrap(), AUDIENCE).unwrap();
    let server = server
        .clock(mint.clock().clone())
        .unwrap()
        .check("staff", |claims| claims.claim("staff") == Some(true));
    let guarded = server
        .router()
        .route("/private", token(), get(async || "private"))
        .into_router()
        // A guard within a guard: the refusal is one all the same.
        .layer(server.optional_token());
    let served = serve(guarded).await;
    let get = async |token: Option<&str>| served.get("/private", token).await.status;
    assert_eq!(get(None).await, 401);
    assert_eq!(get(Some("not.a.jwt")).await, 401);
    assert_eq!(get(Some("not.a.jwt")).await, 401);
    assert_eq!(get(Some(&mint.token().sign())).await, 403);
    assert_eq!(values.count("bearward_refusals_total reason=no_credentials"), 1);
    assert_eq!(values.count("bearward_refusals_total reason=malformed_token"), 2);
    assert_eq!(values.count("bearward_refusals_total reason=staff"), 1);

    let cache =
        |outcome: &str| values.count(&format!("bearward_token_cache_total outcome={outcome}"));
    let good = mint.token().claim("staff", true).sign();
    assert_eq!((cache("hit"), cache("miss")), (0, 0), "bad tokens are nobody's hit or miss");
    for _ in 0..3 {
        assert_eq!(get(Some(&good)).await, 200);
    }
    assert_eq!((cache("hit"), cache("miss")), (2, 1));

    let of_issuer = format!("issuer={}", issuer.identifier());
    let fetches = |outcome: &str| {
        values.count(&format!("bearward_key_fetches_total {of_issuer} outcome={outcome}"))
    };
    let age = || {
        let name = format!("bearward_key_set_fetched_timestamp_seconds {of_issuer}");
        let now = mint.clock().now().duration_since(std::time::UNIX_EPOCH).unwrap();
        now.as_secs_f64() - values.gauge(&name)
    };
    assert_eq!((fetches("success"), fetches("failure")), (1, 0));
    assert!(age().abs() < 0.001);
    issuer.go_down().await;
    let ended = server.next_key_fetch();
    mint.clock().advance(Duration::from_secs(3600));
    ended.await;
    assert_eq!((fetches("success"), fetches("failure")), (1, 1));
    assert!((age() - 3600.0).abs() < 0.001, "the set gets older");
    issuer.come_up();
    let ended = server.next_key_fetch();
    mint.clock().advance(Duration::from_secs(60));
    ended.await;
    assert_eq!((fetches("success"), fetches("failure")), (2, 1));
    assert!(age().abs() < 0.001);
}
