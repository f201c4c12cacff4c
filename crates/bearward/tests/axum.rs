//! The axum adapter, over HTTP: guards within guards, extractors, metadata, CORS outside.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up stops")]

use axum::Router;
use axum::routing::{get, post};
use bearward::axum::GuardedRoute;
use bearward::{AccessToken, ResourceServer, any_of, optional, permission, scope, token};
use bearward_testkit::{Answer, Mint, Served, check, matrix, send, serve};
use http::header::WWW_AUTHENTICATE;
use serde::Deserialize;
use tower_http::cors::{Any, CorsLayer};

const AUDIENCE: &str = "https://api.example.com/v1";

fn mint() -> Mint {
    Mint::new("https://issuer.example/", AUDIENCE)
}

async fn ask(served: &Served, method: &str, lines: &[String]) -> Answer {
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let request = format!("{method} / HTTP/1.1\r\nHost: api\r\n{lines}Connection: close\r\n\r\n");
    send(served.address(), request.as_bytes()).await
}

/// The value of a parameter of the challenge.
fn parameter<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let challenge = answer.header("www-authenticate")?;
    let (_, rest) = challenge.split_once(&format!("{name}=\""))?;
    rest.split('"').next()
}

fn open_but_takes_a_token() -> Router {
    let api = mint().resource_server();
    let handler = get(async |_: Option<AccessToken>| "in");
    api.router().route("/open", bearward::open(), handler).into_router()
}

#[tokio::test]
async fn a_handler_that_takes_a_token_without_a_guard_is_a_fault_of_the_server() {
    let app = Router::new()
        .route("/token", get(async |_: AccessToken| "in"))
        .route("/maybe", get(async |_: Option<AccessToken>| "in"))
        .merge(open_but_takes_a_token());
    let served = serve(app).await;
    for path in ["/token", "/maybe", "/open"] {
        let answer = served.get(path, Some(&mint().token().sign())).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (500, None));
        assert!(answer.body.contains("server_error"));
    }
}

#[tokio::test]
async fn an_optional_token_may_be_missing_but_not_bad() {
    let api = mint().resource_server();
    let who = async |token: Option<AccessToken>| match token {
        Some(token) => token.subject().to_owned(),
        None => "nobody".to_owned(),
    };
    let demands = async |token: AccessToken| token.subject().to_owned();
    let app = Router::new()
        .route("/", get(who).layer(api.optional_token()))
        .route("/demands", get(demands).layer(api.optional_token()));
    let served = serve(app).await;
    assert_eq!(served.get("/", None).await.body, "nobody");
    assert_eq!(served.get("/", Some(&mint().token().sign())).await.body, "alice");
    let expired = mint().token().claim("exp", 1).sign();
    assert_eq!(served.get("/", Some(&expired)).await.status, 401);
    let answer = served.get("/demands", None).await;
    assert_eq!((answer.status, parameter(&answer, "error")), (401, None));
}

#[tokio::test]
async fn guards_of_one_server_add_up_and_name_the_union() {
    let api = mint().resource_server();
    let app = Router::new()
        .route("/", get(async || "in").layer(api.require_scope("b")))
        .layer(api.require_scope("a"));
    let served = serve(app).await;
    let with = |scope: &str| mint().token().claim("scope", scope).sign();
    assert_eq!(served.get("/", Some(&with("a b"))).await.status, 200);
    let answer = served.get("/", Some(&with("a"))).await;
    assert_eq!((answer.status, parameter(&answer, "scope")), (403, Some("a b")));
    let answer = served.get("/", Some(&with("b"))).await;
    assert_eq!((answer.status, parameter(&answer, "scope")), (403, Some("a")));
}

#[tokio::test]
async fn three_guards_of_one_server_name_the_union_of_all() {
    let api = mint().resource_server();
    let app = Router::new()
        .route("/", get(async || "in").layer(api.require_scope("c")))
        .layer(api.require_scope("b"))
        .layer(api.require_scope("a"));
    let served = serve(app).await;
    let token = mint().token().claim("scope", "a b").sign();
    let answer = served.get("/", Some(&token)).await;
    assert_eq!((answer.status, parameter(&answer, "scope")), (403, Some("a b c")));
}

/// A clone with another setting is another server, though it has the same issuer and audience.
#[tokio::test]
async fn a_stricter_guard_inside_of_a_plain_one_is_not_passed_over() {
    let plain = mint().resource_server();
    let strict = plain.clone().check("staff", |claims| claims.text("staff").is_some());
    let short = plain.clone().max_lifetime(std::time::Duration::from_secs(60));
    let app = Router::new()
        .route("/strict", get(async || "in").layer(strict.require_token()))
        .route("/short", get(async || "in").layer(short.require_token()))
        .layer(plain.require_token());
    let served = serve(app).await;
    let token = mint().token().sign();
    assert_eq!(served.get("/strict", Some(&token)).await.status, 403);
    assert_eq!(served.get("/short", Some(&token)).await.status, 401);
}

#[tokio::test]
async fn rs_40_b118_a_guard_of_another_server_verifies_anew() {
    let outer = mint().resource_server();
    let inner = Mint::new("https://issuer.example/", "https://other.example").resource_server();
    let app = Router::new()
        .route("/", get(async || "in").layer(inner.require_token()))
        .layer(outer.require_token());
    let served = serve(app).await;
    assert_eq!(served.get("/", Some(&mint().token().sign())).await.status, 401);
    let both = mint().token().claim("aud", vec![AUDIENCE, "https://other.example"]).sign();
    assert_eq!(served.get("/", Some(&both)).await.status, 200);
}

#[tokio::test]
async fn the_challenge_names_the_alternative_that_lacks_least() {
    let api = mint().resource_server();
    let either = any_of([bearward::all_of([scope("a"), scope("b")]), scope("c"), permission("d")]);
    let app = api.router().route("/", either, get(async || "in")).into_router();
    let served = serve(app).await;
    let asked = async |claim: &str, value: serde_json::Value| {
        let answer = served.get("/", Some(&mint().token().claim(claim, value).sign())).await;
        (answer.status, parameter(&answer, "scope").map(str::to_owned))
    };
    assert_eq!(asked("scope", "c".into()).await, (200, None));
    assert_eq!(asked("permissions", vec!["d"].into()).await, (200, None));
    assert_eq!(asked("scope", "d".into()).await, (403, Some("c".into())));
    assert_eq!(asked("scope", "a".into()).await, (403, Some("a b".into())));
}

#[derive(Clone, Deserialize)]
struct Company {
    org_id: String,
}

#[tokio::test]
async fn claims_that_do_not_fit_the_type_asked_for_are_refused() {
    let api = mint().resource_server();
    let handler = async |token: AccessToken<Company>| token.claims().org_id.clone();
    let app = api.router().route("/", token(), get(handler)).into_router();
    let served = serve(app).await;
    let good = mint().token().claim("org_id", "org_1").sign();
    assert_eq!(served.get("/", Some(&good)).await.body, "org_1");
    for bad in [mint().token().sign(), mint().token().claim("org_id", 1).sign()] {
        let answer = served.get("/", Some(&bad)).await;
        assert_eq!((answer.status, parameter(&answer, "error")), (401, Some("invalid_token")));
        assert_eq!(parameter(&answer, "realm"), Some(AUDIENCE));
    }
}

#[tokio::test]
async fn rs_60_rs_61_metadata_is_served_and_named_in_challenges_once_it_is_mounted() {
    let api = mint().resource_server();
    let app = api.router().route("/v1/messages", scope("read:messages"), get(async || "all"));
    let without = serve(app.clone().into_router()).await;
    let answer = without.get("/v1/messages", None).await;
    assert_eq!(parameter(&answer, "resource_metadata"), None);

    let served = serve(app.into_router().merge(api.metadata().unwrap())).await;
    let answer = served.get("/v1/messages", None).await;
    assert_eq!(
        parameter(&answer, "resource_metadata"),
        Some("https://api.example.com/.well-known/oauth-protected-resource/v1")
    );
    let answer = served.get("/.well-known/oauth-protected-resource/v1", None).await;
    let document: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        document,
        serde_json::json!({
            "resource": AUDIENCE,
            "authorization_servers": ["https://issuer.example/"],
            "scopes_supported": ["read:messages"],
            "bearer_methods_supported": ["header"],
        })
    );
}

#[test]
fn an_audience_that_is_no_url_has_no_metadata() {
    for audience in [
        "my-api",
        "urn:api",
        "https://api.example.com#a",
        "https://api.example.com?a",
        "https://api.example.com/:a",
        "https://api.example.com/*",
    ] {
        let api = Mint::new("https://issuer.example/", audience).resource_server();
        assert_eq!(api.metadata::<()>().unwrap_err().setting(), "audience", "{audience}");
    }
}

/// RFC 9728 sections 3.1 and 3.2.
#[tokio::test]
async fn rs_60_metadata_keeps_the_slash_of_a_path_and_leaves_out_what_it_lacks() {
    let api = Mint::new("https://issuer.example/", "https://api.example.com/v1/").resource_server();
    let served = serve(api.metadata().unwrap()).await;
    let path = "/.well-known/oauth-protected-resource/v1/";
    let answer = served.get(path, None).await;
    assert_eq!(answer.status, 200);
    assert!(!answer.body.contains("scopes_supported"), "{}", answer.body);
}

#[tokio::test]
async fn cors_outside_of_the_guard_answers_preflights_and_shows_challenges() {
    let api = mint().resource_server();
    let cors =
        CorsLayer::new().allow_origin(Any).allow_headers(Any).expose_headers([WWW_AUTHENTICATE]);
    let app = api.router().route("/", token(), get(async || "in")).into_router().layer(cors);
    let served = serve(app).await;
    let origin = "Origin: https://app.example".to_owned();
    let method = "Access-Control-Request-Method: GET".to_owned();
    let answer = ask(&served, "OPTIONS", &[origin.clone(), method]).await;
    assert_eq!(answer.status, 200);
    let answer = ask(&served, "GET", &[origin]).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("access-control-expose-headers"), Some("www-authenticate"));
}

#[tokio::test]
async fn the_matrix_passes_routes_of_every_kind() {
    let api = mint().resource_server();
    let router = api
        .router()
        .route("/open", bearward::open(), get(async || "in"))
        .route("/optional", optional(), get(async || "in"))
        .route("/token", token(), get(async || "in"))
        .route("/both/{id}", any_of([scope("a"), permission("b")]), get(async || "in"))
        .route("/post", scope("a"), post(async || "in"))
        .route("/many", scope("read"), get(async || "in"))
        .route("/many", scope("write"), post(async || "in"));
    let routes = router.routes().to_vec();
    let report = matrix(router.into_router(), &routes, &mint()).await.unwrap();
    assert_eq!(report.answers, 7 * 30);
}

#[tokio::test]
async fn the_matrix_finds_a_method_that_the_guard_does_not_cover() {
    let api = mint().resource_server();
    let routes = [GuardedRoute { path: "/".into(), requirement: token() }];
    let covered = get(async || "in").post(async || "in").layer(api.require_token());
    matrix(Router::new().route("/", covered), &routes, &mint()).await.unwrap();
    let half = get(async || "in").layer(api.require_token()).post(async || "in");
    let wrong = matrix(Router::new().route("/", half), &routes, &mint()).await.unwrap_err();
    let wrong = wrong.to_string();
    assert!(wrong.starts_with("POST / without a token: expected 401"), "{wrong}");
    assert!(!wrong.contains("GET"), "{wrong}");
}

#[tokio::test]
async fn a_refusal_is_explained_with_what_was_there_and_what_was_needed() {
    let api = mint().resource_server();
    let explained = |token: String| {
        check(&api, token, &scope("read:messages")).unwrap_err().explain("GET", "/x")
    };
    assert_eq!(
        explained(mint().token().claim("scope", "a").sign()),
        "403 GET /x: has [a], needs scope read:messages; hint: grant it to the application or \
         user, then get a new token that asks for it"
    );
    assert_eq!(
        explained(mint().token().claim("aud", "b\n").sign()),
        "401 GET /x: aud is [b\\n], expected https://api.example.com/v1; hint: ask the issuer \
         for a token with this API's identifier"
    );
}

/// A resource server can be made anywhere, and is the same everywhere.
#[test]
fn a_resource_server_is_made_without_a_runtime() {
    let api = ResourceServer::new("https://issuer.example/", AUDIENCE).unwrap();
    assert_eq!(api.audience(), AUDIENCE);
}
