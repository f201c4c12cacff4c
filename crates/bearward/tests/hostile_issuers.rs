//! Issuers that are broken on purpose, beyond what a row can say: over HTTP, by the manual clock.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up stops")]

use std::time::Duration;

use axum::routing::get;
use bearward::{KeyState, KeyStatus, ResourceServer, token};
use bearward_testkit::{KeysAnswer, Mint, Served, TestIssuer, keys, serve};

const AUDIENCE: &str = "https://api.example.com";

struct Api {
    server: ResourceServer,
    mint: Mint,
    served: Served,
}

impl Api {
    async fn start(issuer: &TestIssuer) -> Api {
        let mint = Mint::new(issuer.identifier(), AUDIENCE);
        let server = ResourceServer::new(issuer.identifier(), AUDIENCE)
            .and_then(|server| server.clock(mint.clock().clone()))
            .unwrap();
        let router = server.router().route("/", token(), get(async || "in")).into_router();
        Api { server, mint, served: serve(router).await }
    }

    async fn status(&self, token: &str) -> u16 {
        self.served.get("/", Some(token)).await.status
    }

    fn key_status(&self) -> KeyStatus {
        let [status] = self.server.key_status().try_into().unwrap();
        status
    }

    /// Lets the next fetch be due, and waits for its end.
    async fn refresh(&self) {
        let fetched = self.server.next_key_fetch();
        self.mint.clock().advance(Duration::from_secs(600));
        fetched.await;
    }

    /// A token that outlives every refresh of these tests.
    fn lasting(&self) -> bearward_testkit::Token {
        self.mint.token().claim("exp", 4_000_000_000_u64)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b106_a_hundred_requests_share_the_one_fetch_of_a_slow_issuer() {
    let issuer = TestIssuer::start().await;
    issuer.hold();
    let api = std::sync::Arc::new(Api::start(&issuer).await);
    let good = api.lasting().sign();
    let requests: Vec<_> = (0..100)
        .map(|_| {
            let (api, good) = (api.clone(), good.clone());
            tokio::spawn(async move { api.status(&good).await })
        })
        .collect();
    issuer.asked(1).await;
    issuer.release();
    for request in requests {
        assert_eq!(request.await.unwrap(), 200);
    }
    assert_eq!(issuer.key_requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn b106_a_connection_that_broke_off_does_no_harm_to_the_next() {
    let issuer = TestIssuer::start().await;
    let api = Api::start(&issuer).await;
    let good = api.lasting().sign();
    assert_eq!(api.status(&good).await, 200);
    for answer in [KeysAnswer::BrokenOff, KeysAnswer::BrokenOff] {
        issuer.answer_keys(answer);
        api.refresh().await;
        assert_eq!(api.status(&good).await, 200, "the keys known before");
    }
    issuer.publish(&[keys::stranger()]);
    api.refresh().await;
    assert_eq!(api.status(&api.lasting().key(keys::stranger()).sign()).await, 200);
    assert_eq!(api.status(&good).await, 401, "a key of the set before");
}

fn whole(status: u16, body: &str) -> KeysAnswer {
    KeysAnswer::Whole { status, headers: Vec::new(), body: body.into() }
}

/// Requests go on with the keys known before, and the operator is told that they are stale and why.
#[tokio::test(flavor = "multi_thread")]
async fn b105_b106_b107_b108_operators_are_told_what_the_issuer_did() {
    let issuer = TestIssuer::start().await;
    let api = Api::start(&issuer).await;
    let good = api.lasting().sign();
    assert_eq!(api.status(&good).await, 200);
    assert_eq!(api.key_status().state, KeyState::Fresh);
    for (failures, (answer, told)) in (1..).zip([
        (KeysAnswer::Spaces(50 * 1024 * 1024), "more than 524288 bytes"),
        (KeysAnswer::Endless, "more than 524288 bytes"),
        // The bound on the fetch and the one on the request end in the same moment.
        (KeysAnswer::Drip, "answer"),
        (KeysAnswer::BrokenOff, ""),
        (whole(302, ""), "expected status 200, found 302"),
        (whole(204, ""), "expected status 200, found 204"),
        (whole(200, "<html>"), "JSON"),
        (whole(200, "{}"), "keys"),
        (whole(200, r#"{"keys":{}}"#), "keys"),
        (whole(200, r#"{"keys":[]}"#), "empty key set"),
    ]) {
        issuer.answer_keys(answer.clone());
        api.refresh().await;
        assert_eq!(api.status(&good).await, 200, "{answer:?}");
        let status = api.key_status();
        assert_eq!((status.state, status.failures), (KeyState::Stale, failures), "{answer:?}");
        let error = status.latest_error.unwrap_or_default();
        assert!(!error.is_empty() && error.contains(told), "{answer:?}: {error}");
    }
    issuer.answer_keys(whole(200, r#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#));
    api.refresh().await;
    assert_eq!(api.status(&good).await, 503, "the issuer has taken its keys back");
    assert_eq!(api.key_status().state, KeyState::Unavailable);
}

/// Two servers of one issuer that do not know each other's keys: who asks twice gets both sets.
#[tokio::test(flavor = "multi_thread")]
async fn b111_sets_that_take_turns_keep_no_valid_token_out_for_longer_than_a_cool_down() {
    let issuer = TestIssuer::start().await;
    let api = Api::start(&issuer).await;
    let set = |key| KeysAnswer::Text(keys::jwks_text(&[key]));
    let (a, b) = (keys::signing_key(bearward::Algorithm::Rs256), keys::stranger());
    issuer.answer_keys(KeysAnswer::InTurns(vec![set(a), set(b)]));
    let tokens = [api.lasting().sign(), api.lasting().key(keys::stranger()).sign()];
    let mut refused = 0;
    for _round in 0..10 {
        for token in &tokens {
            if api.status(token).await == 200 {
                continue;
            }
            refused += 1;
            // The bucket is empty. One fetch comes back every 30 s, and it brings the other set.
            api.mint.clock().advance(Duration::from_secs(30));
            assert_eq!(api.status(token).await, 200, "after a cool-down");
        }
    }
    assert!(refused > 0, "the bucket holds the fetches down");
    assert!(issuer.key_requests() <= 25, "{} requests for keys", issuer.key_requests());
}

#[tokio::test(flavor = "multi_thread")]
async fn b112_metadata_that_was_wrong_is_asked_for_again() {
    let issuer = TestIssuer::start().await;
    issuer
        .metadata_text(r#"{"issuer":"https://else.example/","jwks_uri":"https://else.example/"}"#);
    let api = Api::start(&issuer).await;
    let good = api.lasting().sign();
    assert_eq!(api.status(&good).await, 503);
    assert_eq!(api.server.ready().unwrap_err().code(), "keys_unavailable");
    assert_eq!(issuer.key_requests(), 0);
    let told = api.key_status().latest_error.unwrap();
    assert!(told.contains("https://else.example/"), "{told}");

    let right = format!(
        r#"{{"issuer":"{issuer}","jwks_uri":"{issuer}jwks"}}"#,
        issuer = issuer.identifier()
    );
    issuer.metadata_text(right);
    let fetched = api.server.next_key_fetch();
    api.mint.clock().advance(Duration::from_secs(5));
    fetched.await;
    assert_eq!(api.status(&good).await, 200);
    assert!(api.server.ready().is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn b105_an_address_that_fills_the_metadata_fills_no_line_about_it() {
    let issuer = TestIssuer::start().await;
    let identifier = issuer.identifier().to_owned();
    for start in [identifier.clone(), "x".repeat(1_000) + ":"] {
        let uri = start + &"x".repeat(400_000);
        issuer.metadata_text(
            serde_json::json!({ "issuer": identifier, "jwks_uri": uri }).to_string(),
        );
        let api = Api::start(&issuer).await;
        assert_eq!(api.status(&api.lasting().sign()).await, 503);
        let told = api.server.ready().unwrap_err().to_string();
        assert!(told.len() < 500, "{} bytes for each refused request", told.len());
        assert!(api.key_status().latest_error.unwrap().len() < 500);
    }
    assert_eq!(issuer.key_requests(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn b105_an_address_of_2_048_bytes_is_asked_and_a_longer_one_is_not() {
    let issuer = TestIssuer::start().await;
    let identifier = issuer.identifier();
    for (bytes, status) in [(2_048, 200), (2_049, 503)] {
        let uri = format!("{:x<bytes$}", format!("{identifier}jwks?"));
        issuer.metadata_text(
            serde_json::json!({ "issuer": identifier, "jwks_uri": uri }).to_string(),
        );
        let api = Api::start(&issuer).await;
        assert_eq!(api.status(&api.lasting().sign()).await, status, "{bytes} bytes");
    }
    assert_eq!(issuer.key_requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn b113_an_issuer_with_a_path_is_found_in_either_form() {
    for form in ["openid-configuration", "oauth-authorization-server"] {
        let issuer = TestIssuer::start_at("/realms/one").await;
        issuer.metadata_at([form]);
        let api = Api::start(&issuer).await;
        assert_eq!(api.status(&api.lasting().sign()).await, 200, "{form}");
        assert_eq!(issuer.key_requests(), 1);
    }
}

fn metadata_of(issuer: &TestIssuer, keys_at: &TestIssuer) -> String {
    let (issuer, keys_at) = (issuer.identifier(), keys_at.identifier());
    format!(r#"{{"issuer":"{issuer}","jwks_uri":"{keys_at}jwks"}}"#)
}

/// The key set before the move goes on to answer, as it does at a provider that changes hosts.
#[tokio::test(flavor = "multi_thread")]
async fn b112_a_key_set_that_moved_is_found_at_once() {
    let (issuer, moved) = (TestIssuer::start().await, TestIssuer::start().await);
    let api = Api::start(&issuer).await;
    let old = api.lasting().sign();
    assert_eq!(api.status(&old).await, 200);
    moved.publish(&[keys::stranger()]);
    issuer.metadata_text(metadata_of(&issuer, &moved));
    let new = api.lasting().key(keys::stranger()).sign();
    assert_eq!(api.status(&new).await, 200, "a token of the new key");
    assert_eq!((issuer.key_requests(), moved.key_requests()), (1, 1));
    assert_eq!(api.status(&old).await, 401, "the issuer no longer names that key");

    issuer.metadata_text(metadata_of(&issuer, &issuer));
    api.refresh().await;
    assert_eq!(api.status(&old).await, 200, "back, by a refresh that was due");
}

/// What the metadata named last is asked, so that an issuer whose metadata fails can still rotate.
#[tokio::test(flavor = "multi_thread")]
async fn b112_keys_are_refreshed_while_the_metadata_fails() {
    let (issuer, other) = (TestIssuer::start().await, TestIssuer::start().await);
    let api = Api::start(&issuer).await;
    assert_eq!(api.status(&api.lasting().sign()).await, 200);
    issuer.publish(&[keys::stranger()]);
    issuer.metadata_text(metadata_of(&other, &other));
    let new = api.lasting().key(keys::stranger()).sign();
    assert_eq!(api.status(&new).await, 200, "metadata of another issuer");
    for rubbish in ["", "<html>", "{}"] {
        issuer.metadata_text(rubbish);
        api.refresh().await;
        assert_eq!(api.key_status().state, KeyState::Fresh, "{rubbish}");
        let told = api.key_status().latest_error.unwrap();
        assert!(told.contains("openid-configuration"), "{told}");
    }
    issuer.metadata_at([]);
    api.refresh().await;
    assert_eq!(api.key_status().state, KeyState::Fresh, "no metadata");
    assert_eq!((issuer.key_requests(), other.requests()), (6, 0));
}
