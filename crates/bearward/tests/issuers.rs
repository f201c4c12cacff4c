//! Several issuers before one API, listed or resolved: over HTTP, each with keys of its own.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up stops")]

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::routing::get;
use bearward::{
    Algorithm, Credentials, Issuer, Profile, Rejection, ResourceServer, Verdict, token,
};
use bearward_testkit::{ManualClock, Mint, Served, TestIssuer, keys, serve};

const AUDIENCE: &str = "https://api.example.com";

async fn guarded(server: &ResourceServer) -> Served {
    let router = server.router().route("/private", token(), get(async || "in")).into_router();
    serve(router.merge(server.metadata().unwrap())).await
}

async fn status(api: &Served, token: &str) -> u16 {
    api.get("/private", Some(token)).await.status
}

/// The code in the operator's log.
async fn code(server: &ResourceServer, text: &str) -> String {
    let header = format!("Bearer {text}");
    let credentials = Credentials::read([header.as_bytes()], None).unwrap();
    let told = |rejection: Rejection| rejection.code().to_owned();
    match server.check_now(credentials, &token()) {
        Verdict::Allowed(_) => "allowed".to_owned(),
        Verdict::Refused(rejection) => told(rejection),
        Verdict::Pending(pending) => pending.await.map_or_else(told, |_| "allowed".to_owned()),
    }
}

fn mint(issuer: &TestIssuer) -> Mint {
    Mint::new(issuer.identifier(), AUDIENCE)
}

/// Two issuers whose keys differ and have the same name, before one API.
struct Two {
    one: TestIssuer,
    other: TestIssuer,
    server: ResourceServer,
    api: Served,
}

impl Two {
    async fn start() -> Two {
        let (one, other) = (TestIssuer::start().await, TestIssuer::start().await);
        other.publish_text(renamed(&keys::jwks_text(&[keys::stranger()])));
        let server = ResourceServer::new(one.identifier(), AUDIENCE)
            .and_then(|server| server.and_issuer(other.identifier()))
            .and_then(|server| server.clock(ManualClock::new()))
            .unwrap();
        let api = guarded(&server).await;
        Two { one, other, server, api }
    }

    /// A token of the other issuer, signed by a key that both name alike.
    fn of_the_other(&self) -> String {
        let kid = keys::signing_key(Algorithm::Rs256).kid().to_owned();
        mint(&self.other).token().key(keys::stranger()).header("kid", kid).sign()
    }
}

/// The set with its key under the name of the testkit's own.
fn renamed(set: &str) -> String {
    set.replace(keys::stranger().kid(), keys::signing_key(Algorithm::Rs256).kid())
}

#[tokio::test]
async fn tokens_of_each_issuer_are_taken_and_of_no_other() {
    let two = Two::start().await;
    assert_eq!(status(&two.api, &mint(&two.one).token().sign()).await, 200);
    assert_eq!(status(&two.api, &two.of_the_other()).await, 200);
    let asked = two.one.requests() + two.other.requests();
    let stranger = Mint::new("https://stranger.example/", AUDIENCE).token();
    for token in [stranger.sign(), stranger.key(keys::stranger()).sign()] {
        assert_eq!(status(&two.api, &token).await, 401);
        assert_eq!(code(&two.server, &token).await, "wrong_issuer");
    }
    assert_eq!(two.one.requests() + two.other.requests(), asked, "nobody was asked for a key");
}

#[tokio::test]
async fn b033_a_key_of_one_issuer_signs_nothing_for_another() {
    let two = Two::start().await;
    let (good, crossed) = (mint(&two.other).token(), mint(&two.one).token());
    assert_eq!(status(&two.api, &two.of_the_other()).await, 200, "the twin");
    assert_eq!(status(&two.api, &good.sign()).await, 401, "the other's claims, the one's key");
    assert_eq!(code(&two.server, &good.sign()).await, "bad_signature");
    let kid = keys::signing_key(Algorithm::Rs256).kid().to_owned();
    let crossed = crossed.key(keys::stranger()).header("kid", kid).sign();
    assert_eq!(status(&two.api, &crossed).await, 401, "the one's claims, the other's key");
}

#[tokio::test]
async fn an_issuer_that_is_down_takes_no_other_down() {
    let two = Two::start().await;
    two.one.go_down().await;
    assert_eq!(status(&two.api, &two.of_the_other()).await, 200);
    let answer = two.api.get("/private", Some(&mint(&two.one).token().sign())).await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (503, None));
    let rejection = two.server.ready().unwrap_err();
    assert_eq!(rejection.code(), "keys_unavailable", "not all keys are there");
}

#[tokio::test]
async fn each_issuer_has_its_profile_and_its_algorithms() {
    let (one, other) = (TestIssuer::start().await, TestIssuer::start().await);
    let strict = Issuer::new(other.identifier()).unwrap().profile(Profile::RFC9068);
    let strict = strict.algorithms([Algorithm::Rs256]).unwrap();
    let server = ResourceServer::new(one.identifier(), AUDIENCE)
        .and_then(|server| server.and_issuer(strict))
        .and_then(|server| server.clock(ManualClock::new()))
        .unwrap();
    let api = guarded(&server).await;
    let plain = |issuer| mint(issuer).token().header("typ", "JWT").sign();
    assert_eq!(status(&api, &plain(&one)).await, 200);
    assert_eq!(status(&api, &plain(&other)).await, 401);
    assert_eq!(code(&server, &plain(&other)).await, "wrong_type");
    let es256 = |issuer| mint(issuer).token().key(keys::signing_key(Algorithm::Es256)).sign();
    assert_eq!(code(&server, &es256(&one)).await, "unknown_key");
    assert_eq!(code(&server, &es256(&other)).await, "algorithm_not_allowed");
}

#[tokio::test]
async fn the_metadata_names_every_issuer() {
    let two = Two::start().await;
    let answer = two.api.get("/.well-known/oauth-protected-resource", None).await;
    let document: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        document["authorization_servers"],
        serde_json::json!([two.one.identifier(), two.other.identifier()])
    );
}

#[test]
fn an_issuer_is_listed_once() {
    let server = ResourceServer::new("https://issuer.example/", AUDIENCE).unwrap();
    let error = server.clone().and_issuer("https://issuer.example/").unwrap_err();
    assert_eq!(
        error.to_string(),
        "issuer: expected each issuer once, found https://issuer.example/ twice"
    );
    assert!(server.and_issuer("https://issuer.example").is_ok(), "a slash makes another");
    let resolved = ResourceServer::with_resolver(|_| None, AUDIENCE).unwrap();
    assert_eq!(resolved.and_issuer("https://issuer.example/").unwrap_err().setting(), "issuer");
}

type Tenants = Arc<Mutex<HashMap<String, Arc<Issuer>>>>;

/// An API whose tenants come and go, and are made anew for every question.
async fn resolved(tenants: &Tenants) -> (ResourceServer, Served) {
    let known = Arc::clone(tenants);
    let resolve = move |iss: &str| {
        let issuer = known.lock().unwrap().get(iss)?.as_ref().clone();
        Some(Arc::new(issuer))
    };
    let server = ResourceServer::with_resolver(resolve, AUDIENCE)
        .and_then(|server| server.clock(ManualClock::new()))
        .unwrap();
    let api = guarded(&server).await;
    (server, api)
}

fn admit(tenants: &Tenants, iss: &str, issuer: Issuer) {
    tenants.lock().unwrap().insert(iss.to_owned(), Arc::new(issuer));
}

#[tokio::test]
async fn a_resolver_admits_tenants_and_takes_them_out_at_once() {
    let tenants = Tenants::default();
    let (server, api) = resolved(&tenants).await;
    assert!(server.ready().is_ok());
    let issuers = [TestIssuer::start_at("/one").await, TestIssuer::start_at("/two").await];
    for issuer in &issuers {
        let token = mint(issuer).token().sign();
        assert_eq!(status(&api, &token).await, 401, "not a tenant yet");
        assert_eq!(code(&server, &token).await, "wrong_issuer");
        assert_eq!(issuer.requests(), 0);
        admit(&tenants, issuer.identifier(), Issuer::new(issuer.identifier()).unwrap());
        for _ in 0..3 {
            assert_eq!(status(&api, &token).await, 200);
        }
        assert_eq!(issuer.key_requests(), 1, "settings that are equal keep their keys");
    }
    let at_hand: HashSet<_> = server.key_status().into_iter().map(|status| status.issuer).collect();
    assert_eq!(at_hand, tenants.lock().unwrap().keys().cloned().collect());
    let [gone, left] = issuers;
    let token = mint(&gone).token().sign();
    tenants.lock().unwrap().remove(gone.identifier());
    assert_eq!(status(&api, &token).await, 401, "a verified token of a tenant that left");
    assert_eq!(code(&server, &token).await, "wrong_issuer");
    assert_eq!(status(&api, &mint(&left).token().sign()).await, 200);
}

#[tokio::test]
async fn new_settings_of_a_tenant_hold_for_tokens_that_were_verified_before() {
    let tenants = Tenants::default();
    let (server, api) = resolved(&tenants).await;
    let issuer = TestIssuer::start().await;
    let general = Issuer::new(issuer.identifier()).unwrap();
    admit(&tenants, issuer.identifier(), general.clone());
    let token = mint(&issuer).token().header("typ", "JWT").sign();
    assert_eq!(status(&api, &token).await, 200);
    admit(&tenants, issuer.identifier(), general.profile(Profile::RFC9068));
    assert_eq!(status(&api, &token).await, 401);
    assert_eq!(code(&server, &token).await, "wrong_type");
}

#[tokio::test]
async fn a_resolver_that_answers_with_another_issuer_is_not_believed() {
    let tenants = Tenants::default();
    let (server, _) = resolved(&tenants).await;
    let issuer = TestIssuer::start().await;
    admit(&tenants, "https://other.example/", Issuer::new(issuer.identifier()).unwrap());
    let token = Mint::new("https://other.example/", AUDIENCE).token().sign();
    assert_eq!(code(&server, &token).await, "wrong_issuer");
    assert_eq!(issuer.requests(), 0);
}

#[tokio::test]
async fn a_token_of_another_issuer_costs_the_only_one_no_fetch() {
    let issuer = TestIssuer::start().await;
    let mint = mint(&issuer);
    let server = ResourceServer::new(issuer.identifier(), AUDIENCE)
        .and_then(|server| server.clock(mint.clock().clone()))
        .unwrap();
    assert_eq!(code(&server, &mint.token().sign()).await, "allowed");
    let asked = issuer.requests();
    let strange = Mint::new("https://stranger.example/", AUDIENCE).token();
    let strange = strange.key(keys::stranger()).sign();
    assert_eq!(code(&server, &strange).await, "wrong_issuer");
    assert_eq!(issuer.requests(), asked);
    let unknown = mint.token().key(keys::stranger()).sign();
    assert_eq!(code(&server, &unknown).await, "unknown_key");
    assert_eq!(issuer.key_requests(), 2, "a token of its own is worth a question");
    mint.clock().advance(Duration::from_secs(1));
}
