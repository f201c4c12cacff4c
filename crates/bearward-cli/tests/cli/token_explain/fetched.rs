//! What is told where the keys are fetched, and where they cannot be had.

use axum::http::StatusCode;
use axum::response::Html;
use axum::{Json, Router, routing::get};
use bearward_testkit::{Mint, keys};
use serde_json::json;

use super::{AT, AUDIENCE, snapshots_without};
use crate::support::{bearward, serve};

#[test]
fn keys_that_cannot_be_had_are_no_fault_of_the_token() {
    let silent = serve(|_| Router::new());
    let other = serve(|_| {
        let document = json!({ "issuer": "https://else.example.com/", "jwks_uri": "https://else.example.com/keys" });
        Router::new().route("/.well-known/openid-configuration", get(|| async { Json(document) }))
    });
    let for_many = serve(|_| {
        let document = json!({ "issuer": "https://else.example.com/{tenantid}/v2.0", "jwks_uri": "https://else.example.com/keys" });
        Router::new().route("/.well-known/openid-configuration", get(|| async { Json(document) }))
    });
    let without_key_set = serve(|issuer| {
        let document = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys") });
        Router::new().route("/.well-known/openid-configuration", get(|| async { Json(document) }))
    });
    let page = serve(|_| {
        let document = "/.well-known/openid-configuration";
        Router::new().route(document, get(|| async { Html("<p>Log in</p>") }))
    });
    let in_trouble = serve(|_| Router::new().fallback(|| async { StatusCode::BAD_GATEWAY }));
    let without_keys = serve(|issuer| {
        let document = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys") });
        Router::new()
            .route("/.well-known/openid-configuration", get(|| async { Json(document) }))
            .route("/keys", get(|| async { Json(json!({ "keys": [] })) }))
    });
    let with_keys = serve(|issuer| {
        let document = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys") });
        let keys = keys::jwks_text(&[keys::stranger()]);
        Router::new()
            .route("/.well-known/openid-configuration", get(|| async { Json(document) }))
            .route("/keys", get(|| async { keys }))
    });
    let ask = |issuer: &str, key: bool| {
        let mint = Mint::new(issuer, AUDIENCE);
        let mint = if key { mint.with_key(keys::stranger()) } else { mint };
        let token = mint.token().sign();
        bearward(
            &["token", "explain", &token, "--audience", AUDIENCE, "--at", AT],
            &[("BEARWARD_ISSUER", issuer)],
            "",
        )
    };
    snapshots_without(
        &[(r"\d+ s ago", "[moment] ago")],
        "fetched",
        &[
            ("no metadata", ask(&silent, false)),
            ("other metadata", ask(&other, false)),
            ("metadata for many tenants", ask(&for_many, false)),
            ("no key set", ask(&without_key_set, false)),
            ("a page for people", ask(&page, false)),
            ("an empty key set", ask(&without_keys, false)),
            ("in trouble", ask(&in_trouble, false)),
            ("nobody listens", ask("http://localhost:1", false)),
            ("fetched, and not among them", ask(&with_keys, false)),
            ("fetched, and good", ask(&with_keys, true)),
        ],
    );
}
