//! Tokens seen before, over HTTP: what is remembered saves the signature check, and nothing else.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up stops")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::routing::get;
use bearward::{AccessToken, Algorithm, ResourceServer, TokenCache, scope, token};
use bearward_testkit::{Mint, Served, TestIssuer, check, keys, serve};
use serde::Deserialize;

const AUDIENCE: &str = "https://api.example.com";

/// An issuer and an API that has its keys and has seen no token.
struct Api {
    issuer: TestIssuer,
    mint: Mint,
    server: ResourceServer,
    served: Served,
}

impl Api {
    async fn start(set_up: impl FnOnce(ResourceServer) -> ResourceServer) -> Api {
        let issuer = TestIssuer::start().await;
        let mint = Mint::new(issuer.identifier(), AUDIENCE);
        let server = ResourceServer::new(issuer.identifier(), AUDIENCE)
            .and_then(|server| server.clock(mint.clock().clone()))
            .unwrap();
        let server = set_up(server);
        server.wait_until_ready().await;
        let router = server
            .router()
            .route("/private", token(), get(async || "in"))
            .route("/scoped", scope("read:messages"), get(async || "in"))
            .into_router();
        let served = serve(router).await;
        Api { issuer, mint, server, served }
    }

    async fn status(&self, path: &str, token: &str) -> u16 {
        self.served.get(path, Some(token)).await.status
    }

    /// Sends it twice: the first time it is verified and remembered, the second time remembered.
    async fn twice(&self, token: &str) {
        for _ in 0..2 {
            assert_eq!(self.status("/private", token).await, 200);
        }
        assert_eq!(self.server.cached_tokens(), 1);
    }

    async fn refresh(&self) {
        let refreshed = self.server.next_key_fetch();
        self.mint.clock().advance(Duration::from_secs(3600));
        refreshed.await;
    }
}

fn as_it_is(server: ResourceServer) -> ResourceServer {
    server
}

#[tokio::test]
async fn only_tokens_that_pass_are_remembered() {
    let api = Api::start(as_it_is).await;
    let good = api.mint.token().sign();
    let expired = api.mint.token().claim("exp", 1_767_225_600 - 61).sign();
    let for_others = api.mint.token().claim("aud", "https://other.example.com").sign();
    let strange = api.mint.token().key(keys::stranger()).sign();
    for token in [&expired, &for_others, &strange, &format!("{good}A"), "rubbish"] {
        assert_eq!(api.status("/private", token).await, 401);
    }
    assert_eq!(api.server.cached_tokens(), 0);
    api.twice(&good).await;
    let plain = Api::start(|server| {
        let plain = server.without_token_cache();
        plain.clone().check("anybody", |_| true) // other settings leave the bound as it is
    })
    .await;
    assert_eq!(plain.status("/private", &plain.mint.token().sign()).await, 200);
    assert_eq!(plain.server.cached_tokens(), 0);
}

#[tokio::test]
async fn b116_a_remembered_token_lends_its_name_to_no_other() {
    let api = Api::start(as_it_is).await;
    let token = api.mint.token();
    let good = token.sign();
    api.twice(&good).await;
    let (signed, _) = good.rsplit_once('.').unwrap();
    let other = api.mint.token().claim("sub", "auth0|other").sign();
    let (_, others_signature) = other.rsplit_once('.').unwrap();
    for forged in [
        format!("{signed}."),
        format!("{signed}.AAAA"),
        format!("{signed}.{others_signature}"),
        token.clone().claim("sub", "auth0|admin").with_signature(good.rsplit_once('.').unwrap().1),
    ] {
        assert_eq!(api.status("/private", &forged).await, 401);
    }
    assert_eq!(api.status("/private", &good).await, 200);
}

#[tokio::test]
async fn b117_a_remembered_token_ends_with_its_time() {
    let api = Api::start(as_it_is).await;
    let good = api.mint.token().claim("exp", 1_767_225_600 + 600).without("iat").sign();
    api.twice(&good).await;
    api.mint.clock().advance(Duration::from_secs(600 + 59));
    assert_eq!(api.status("/private", &good).await, 200, "within the skew");
    api.mint.clock().advance(Duration::from_secs(1));
    assert_eq!(api.status("/private", &good).await, 401);
    assert_eq!(api.server.cached_tokens(), 0, "and is forgotten");
}

#[tokio::test]
async fn b118_what_one_route_let_in_another_judges_anew() {
    let api = Api::start(as_it_is).await;
    let good = api.mint.token().claim("scope", "write:messages").sign();
    api.twice(&good).await;
    assert_eq!(api.status("/scoped", &good).await, 403);
    let other = api.server.clone().check("nobody", |_| false);
    assert_eq!(other.cached_tokens(), 0, "other settings, another memory");
    let served = serve(other.router().route("/", token(), get(async || "in")).into_router()).await;
    assert_eq!(served.get("/", Some(&good)).await.status, 403);
}

#[tokio::test]
async fn checks_of_ones_own_run_each_time() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let api = Api::start(|server| {
        server.check("twice", move |_| count.fetch_add(1, Ordering::SeqCst) < 2)
    })
    .await;
    let good = api.mint.token().sign();
    api.twice(&good).await;
    assert_eq!(api.status("/private", &good).await, 403);
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn b119_a_key_that_was_taken_back_takes_its_tokens_along() {
    let api = Api::start(as_it_is).await;
    let good = api.mint.token().claim("exp", 4_000_000_000_u64).sign();
    api.twice(&good).await;
    api.refresh().await;
    assert_eq!(api.status("/private", &good).await, 200);
    assert_eq!(api.server.cached_tokens(), 1, "an equal set drops nothing");
    api.issuer.publish(&[keys::signing_key(Algorithm::Rs256), keys::stranger()]);
    api.refresh().await;
    assert_eq!(api.server.cached_tokens(), 1);
    assert_eq!(api.status("/private", &good).await, 200, "a key more takes none away");
    api.issuer.publish(&[keys::stranger()]);
    api.refresh().await;
    assert_eq!(api.status("/private", &good).await, 401);
    assert_eq!(api.server.cached_tokens(), 0);
}

#[tokio::test]
async fn keys_that_are_too_old_vouch_for_no_remembered_token() {
    let api = Api::start(as_it_is).await;
    let good = api.mint.token().claim("exp", 4_000_000_000_u64).sign();
    api.twice(&good).await;
    api.issuer.go_down().await;
    api.mint.clock().advance(Duration::from_secs(24 * 3600 - 1));
    assert_eq!(api.status("/private", &good).await, 200);
    api.mint.clock().advance(Duration::from_secs(1));
    assert_eq!(api.status("/private", &good).await, 503);
}

#[tokio::test]
async fn b120_a_flood_of_tokens_stays_within_the_bounds_and_spares_what_is_in_use() {
    let few = TokenCache { entries: 100, bytes: 400_000 };
    let api = Api::start(|server| server.token_cache(few)).await;
    let hot = api.mint.token().sign();
    for _ in 0..4 {
        assert_eq!(api.status("/private", &hot).await, 200);
    }
    for n in 0..1_000 {
        let token = api.mint.token().claim("number", n).sign();
        assert_eq!(api.status("/private", &token).await, 200);
        assert!(api.server.cached_tokens() <= 100);
        if n % 20 == 0 {
            assert_eq!(api.status("/private", &hot).await, 200);
            let strange = api.mint.token().claim("number", n).key(keys::stranger()).sign();
            assert_eq!(api.status("/private", &strange).await, 401);
        }
    }
    assert!(api.server.cached_tokens() > 50, "the room is used");
    let small = TokenCache { entries: 100, bytes: 16_000 };
    let api = Api::start(|server| server.token_cache(small)).await;
    for n in 0..100 {
        let token = api.mint.token().claim("number", n).claim("pad", "x".repeat(4_000)).sign();
        assert_eq!(api.status("/private", &token).await, 200);
        assert!(api.server.cached_tokens() <= 2, "large tokens count for their bytes");
    }
}

#[tokio::test]
async fn the_smallest_caches_remember_too() {
    let usual = TokenCache::default();
    assert_eq!((usual.entries, usual.bytes), (10_000, 33_554_432), "as the documentation says");
    for size in [
        TokenCache { entries: 2, ..TokenCache::default() },
        TokenCache { bytes: 8_000, ..TokenCache::default() },
        TokenCache { entries: usize::MAX, bytes: 8_000 },
    ] {
        let api = Api::start(|server| server.token_cache(size)).await;
        api.twice(&api.mint.token().sign()).await;
    }
}

#[tokio::test]
async fn b121_a_clock_that_is_set_back_changes_no_verdict() {
    let remembering = Api::start(as_it_is).await;
    let good = remembering.mint.token().sign();
    remembering.twice(&good).await;
    let start = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600);
    let hour = Duration::from_secs(3600);
    let year = 365 * 24 * hour;
    let plain = remembering.server.clone().without_token_cache();
    for now in [start, start - hour, start + 100 * hour, start - year, start + year, start] {
        remembering.mint.clock().step_to(now);
        let code = |server: &ResourceServer| {
            check(server, &good, &token()).err().map(|rejection| rejection.code().to_owned())
        };
        assert_eq!(code(&remembering.server), code(&plain), "at {now:?}");
    }
}

#[derive(Deserialize)]
struct Numbered {
    number: u32,
}

#[derive(Deserialize)]
struct Lettered {
    letter: String,
}

#[tokio::test]
async fn each_handler_gets_the_claims_as_its_own_type() {
    let mint = Mint::new("https://issuer.example/", AUDIENCE);
    let number = async |token: AccessToken<Numbered>| token.claims().number.to_string();
    let letter = async |token: AccessToken<Lettered>| token.claims().letter.clone();
    let router = mint
        .resource_server()
        .router()
        .route("/number", token(), get(number))
        .route("/letter", token(), get(letter))
        .into_router();
    let served = serve(router).await;
    let good = mint.token().claim("number", 7).claim("letter", "b").sign();
    for (path, body) in [("/number", "7"), ("/letter", "b"), ("/letter", "b"), ("/number", "7")] {
        assert_eq!(served.get(path, Some(&good)).await.body, body);
    }
}
