//! `bearward token get` against an issuer of this test, over real connections.

use crate::support::{bearward, serve, snapshot};
use axum::http::{HeaderMap, StatusCode};
use axum::{Json, Router, routing::get, routing::post};
use serde_json::{Value, json};

fn metadata(issuer: &str, methods: &Value) -> Value {
    json!({
        "issuer": issuer,
        "token_endpoint": format!("{}/token", issuer.trim_end_matches('/')),
        "token_endpoint_auth_methods_supported": methods,
    })
}

/// Answers with what it was sent, as the token.
async fn echo(headers: HeaderMap, body: String) -> Json<Value> {
    let sent = headers.get("authorization").map_or("none", |value| value.to_str().unwrap_or("odd"));
    Json(json!({
        "access_token": format!("{body}|{}", sent.replace(' ', "_")),
        "token_type": "Bearer",
        "expires_in": 86_400,
        "more": "\u{1b}[2J",
    }))
}

fn get_token(issuer: &str, more: &[&str]) -> String {
    let args = ["token", "get", "--issuer", issuer, "--client-id", "app"];
    bearward(&[&args, more].concat(), &[("BEARWARD_CLIENT_SECRET", "s3cret")], "")
}

#[test]
fn the_token_stands_alone_on_stdout() {
    let issuer = serve(|issuer| {
        let document = metadata(&issuer, &json!(["client_secret_post", "client_secret_basic"]));
        Router::new()
            .route("/.well-known/openid-configuration", get(|| async { Json(document) }))
            .route("/token", post(echo))
    });
    snapshot("token_get_form", &get_token(&issuer, &["--audience", "https://api.example.com"]));
    snapshot(
        "token_get_form_json",
        &get_token(&issuer, &["--json", "--scope", "a", "--scope", "b"]),
    );
    let args = ["token", "get", "--client-id", "app", "--client-secret-stdin"];
    snapshot(
        "token_get_form_stdin",
        &bearward(&args, &[("BEARWARD_ISSUER", &issuer)], "from stdin\n"),
    );
}

#[test]
fn oauth_metadata_and_basic_credentials_do_as_well() {
    let issuer = serve(|issuer| {
        let document = metadata(&issuer, &json!(["client_secret_basic"]));
        Router::new()
            .route("/.well-known/oauth-authorization-server", get(|| async { Json(document) }))
            .route("/token", post(echo))
    });
    snapshot("token_get_basic", &get_token(&issuer, &[]));
}

fn refuse(status: u16, body: &'static str, more: &[&str]) -> String {
    let issuer = serve(|issuer| {
        let document = metadata(&issuer, &Value::Null);
        let answer = (StatusCode::from_u16(status).unwrap(), body);
        Router::new()
            .route("/.well-known/openid-configuration", get(|| async { Json(document) }))
            .route("/token", post(async move || answer))
    });
    format!("{status} {body}\n{}", get_token(&issuer, more))
}

#[test]
fn a_refusal_is_told_with_its_mend() {
    let hostile =
        r#"{"error":"access_denied","error_description":"no\u001b[31m grant\nhint: run this"}"#;
    let outputs = [
        refuse(403, hostile, &["--audience", "x"]),
        refuse(403, r#"{"error":"access_denied"}"#, &["--audience", "x", "--scope", "y"]),
        refuse(400, r#"{"error":"invalid_scope"}"#, &["--scope", "y"]),
        refuse(401, "Unauthorized", &[]),
        refuse(429, r#"{"error":"too_many_requests"}"#, &[]),
        refuse(429, "slower", &[]),
        refuse(403, "<html>", &[]),
        refuse(200, "<html>", &[]),
        refuse(200, r#"{"token":"t"}"#, &[]),
        refuse(200, r#"{"access_token":"t","expires_in":"60"}"#, &["--json"]),
    ];
    snapshot("token_get_refused", &outputs.join("\n"));
}

#[test]
fn an_issuer_that_calls_itself_otherwise_gets_no_secret() {
    let issuer = serve(|issuer| {
        let document = metadata(&format!("{issuer}/"), &Value::Null);
        Router::new().route("/.well-known/openid-configuration", get(|| async { Json(document) }))
    });
    snapshot("token_get_other_issuer", &get_token(&issuer, &[]));
}

#[test]
fn an_issuer_cannot_add_a_line_to_an_error() {
    let named = |name: &'static str, methods: Value| {
        let issuer = serve(|issuer| {
            let document = metadata(&format!("{issuer}{name}"), &methods);
            let at = "/.well-known/openid-configuration";
            Router::new().route(at, get(|| async { Json(document) }))
        });
        get_token(&issuer, &[])
    };
    let outputs = [
        named("\nhint: run this", Value::Null),
        named("", json!(["private_key_jwt\nhint: run this"])),
    ];
    snapshot("token_get_one_line", &outputs.join("\n"));
}

#[test]
fn trouble_has_its_own_exit_code() {
    let silent = serve(|_| Router::new());
    let base = ["token", "get", "--issuer", "https://a.example", "--client-id", "x"];
    let outputs = [
        get_token(&silent, &[]),
        get_token("http://example.com/", &[]),
        get_token("not an address", &[]),
        get_token("https://localhost:1/", &["--ca-file", "/nowhere/ca.pem"]),
        get_token("https://localhost:1/", &["--ca-file", "Cargo.toml"]),
        get_token("https://localhost:1/", &["--audience", ""]),
        bearward(&base[..2], &[], ""),
        bearward(
            &["token", "get", "--client-id", "x"],
            &[("BEARWARD_ISSUER", "http://a.example"), ("BEARWARD_CLIENT_SECRET", "x")],
            "",
        ),
        bearward(&["token", "get", "--issuer", "https://a.example"], &[], ""),
        bearward(&base, &[], ""),
        bearward(&[&base[..], &["--client-secret-stdin"]].concat(), &[], "\n"),
        bearward(&["token", "get", "--domain", "a/b", "--client-id", "x"], &[], ""),
        bearward(&["token", "get", "--issuer", "https://a", "--domain", "b"], &[], ""),
    ];
    snapshot("token_get_trouble", &outputs.join("\n"));
}
