//! The sample API: every route says what it asks for.

use axum::{Json, routing::get};
use bearward::{AccessToken, ResourceServer, axum::GuardedRouter, open, scope, token};
use serde_json::{Value, json};

/// Three routes to call, and two for whoever watches over the process.
pub(crate) fn routes(api: &ResourceServer) -> GuardedRouter {
    let server = api.clone();
    api.router()
        .route("/api/public", open(), get(public))
        .route("/api/private", token(), get(private))
        .route("/api/private-scoped", scope("read:messages"), get(private_scoped))
        .route("/livez", open(), get(async || "alive\n"))
        .route("/readyz", open(), get(async move || server.ready().map(|()| "ready\n")))
}

async fn public() -> Json<Value> {
    Json(json!({ "message": "Anyone may read this." }))
}

async fn private(token: AccessToken) -> Json<Value> {
    Json(json!({ "message": format!("Your token is good, {}.", token.subject()) }))
}

async fn private_scoped() -> Json<Value> {
    Json(json!({ "message": "You may read the messages. There is one: well done." }))
}
