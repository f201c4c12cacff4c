//! Keys that come late, go, or are asked for by strangers: over HTTP, by the manual clock.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up stops")]

mod api;
mod clock_steps;
mod down;
mod flapping;
mod keys_status;
mod rotation;
mod slow;

use std::time::{Duration, SystemTime};

use axum::routing::get;
use bearward::{KeyRefresh, token};
use bearward_testkit::{Mint, TestIssuer, keys, serve};

use api::{AUDIENCE, Api};

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_down_at_the_start_means_503_until_it_comes_up() {
    let issuer = TestIssuer::start().await;
    issuer.go_down().await;
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    let good = api.mint.token().sign();

    assert_eq!(api.get("/open", None).await.status, 200, "the process is up");
    assert_eq!(api.get("/private", None).await.status, 401, "no token is the client's fault");
    for answer in [api.get("/private", Some(&good)).await, api.get("/readyz", None).await] {
        assert_eq!(answer.status, 503);
        let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=5).contains(&wait), "Retry-After: {wait}");
        assert_eq!(answer.header("www-authenticate"), None);
    }
    assert_eq!(api.status("/private", "not.a.jwt").await, 401, "rubbish stays the token's fault");

    issuer.come_up();
    api.after(Duration::from_secs(5)).await;
    assert_eq!(api.get("/readyz", None).await.status, 200);
    assert_eq!(api.status("/private", &good).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn known_keys_outlive_the_issuer_and_new_ones_are_its_fault() {
    let issuer = TestIssuer::start().await;
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    let good = api.mint.token().claim("exp", 4_000_000_000_u64).sign();
    assert_eq!(api.status("/private", &good).await, 200);

    issuer.go_down().await;
    api.after(Duration::from_secs(3600)).await;
    assert_eq!(api.status("/private", &good).await, 200, "a known key");
    let new = api.mint.token().key(keys::stranger()).sign();
    assert_eq!(api.status("/private", &new).await, 503, "a key nobody can look up");

    api.after(Duration::from_secs(23 * 3600)).await;
    let answer = api.get("/private", Some(&good)).await;
    assert_eq!(answer.status, 503, "keys older than max_stale");
    assert!(answer.header("retry-after").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_published_since_the_last_fetch_is_found_at_once() {
    let issuer = TestIssuer::start().await;
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    assert_eq!(api.status("/private", &api.mint.token().sign()).await, 200);
    issuer.publish(&[keys::stranger()]);
    let new = api.mint.token().key(keys::stranger()).sign();
    assert_eq!(api.status("/private", &new).await, 200);
    assert_eq!(issuer.key_requests(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_for_known_keys_do_not_wait_for_a_slow_issuer() {
    let issuer = TestIssuer::start().await;
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    let good = api.mint.token().sign();
    assert_eq!(api.status("/private", &good).await, 200);
    issuer.hold();
    api.mint.clock().advance(Duration::from_secs(600));
    issuer.asked_for_keys(2).await;
    for _ in 0..100 {
        assert_eq!(api.status("/private", &good).await, 200);
    }
    assert_eq!(issuer.key_requests(), 2, "one fetch is under way");
    issuer.release();
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_too_old_are_never_the_tokens_fault() {
    let issuer = TestIssuer::start().await;
    issuer.cache_control("max-age=3600");
    let max_stale = Duration::from_secs(300);
    let refresh = KeyRefresh { max_stale, unknown_kid_fetches: 0, ..KeyRefresh::default() };
    let api = Api::start(&issuer, refresh).await;
    let good = api.mint.token().sign();
    assert_eq!(api.status("/private", &good).await, 200);
    issuer.go_down().await;
    api.after(Duration::from_secs(240)).await;
    assert_eq!(api.status("/private", &good).await, 200, "not too old yet");
    api.mint.clock().advance(Duration::from_secs(60));
    assert_eq!(api.status("/private", &good).await, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_an_issuer_that_failed_a_moment_ago() {
    let issuer = TestIssuer::start().await;
    let api = Api::start(&issuer, KeyRefresh::default()).await;
    assert_eq!(api.status("/private", &api.mint.token().sign()).await, 200);
    issuer.answer_keys_with(500, "");
    api.after(Duration::from_secs(600)).await;
    issuer.hold();
    let asked = issuer.requests();
    api.mint.clock().advance(Duration::from_secs(60));
    issuer.asked(asked + 1).await;
    let unknown = api.mint.token().key(keys::stranger()).sign();
    assert_eq!(api.status("/private", &unknown).await, 503, "while the issuer still thinks");
    issuer.release();
}

#[tokio::test]
async fn a_clock_before_1970_lets_nobody_in() {
    let mint = Mint::new("https://issuer.example/", AUDIENCE);
    let router = mint.resource_server().router().route("/", token(), get(async || "in"));
    let served = serve(router.into_router()).await;
    let old = mint.token().claim("exp", 1_000).without("iat").sign();
    mint.clock().step_to(SystemTime::UNIX_EPOCH - Duration::from_secs(1));
    assert_eq!(served.get("/", Some(&old)).await.status, 500);
}

/// Sends tokens with unknown `kid`s, each another, from several connections at once, and good
/// tokens between them. Returns how many fetches that cost the issuer.
async fn flood(refresh: KeyRefresh, requests: usize) -> usize {
    const CONNECTIONS: usize = 8;
    let issuer = TestIssuer::start().await;
    let api = std::sync::Arc::new(Api::start(&issuer, refresh).await);
    let good = api.mint.token().sign();
    assert_eq!(api.status("/private", &good).await, 200);
    let before = issuer.key_requests();
    let tasks: Vec<_> = (0..CONNECTIONS)
        .map(|task| {
            let (api, good) = (api.clone(), good.clone());
            tokio::spawn(async move {
                for i in 0..requests / CONNECTIONS {
                    let kid = format!("unknown-{task}-{i}");
                    let unknown = api.mint.token().header("kid", kid).with_signature("AAAA");
                    assert_eq!(api.status("/private", &unknown).await, 401);
                    if i % 100 == 0 {
                        assert_eq!(api.status("/private", &good).await, 200);
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(api.status("/private", &good).await, 200);
    issuer.key_requests() - before
}

#[tokio::test(flavor = "multi_thread")]
async fn rs_57_ten_thousand_unknown_kids_cost_the_issuer_four_fetches() {
    assert_eq!(flood(KeyRefresh::default(), 10_000).await, 4);
    // The bucket is what holds the number down: without it every wave asks again.
    let without = KeyRefresh { unknown_kid_fetches: u32::MAX, ..KeyRefresh::default() };
    assert!(flood(without, 400).await > 4);
}
