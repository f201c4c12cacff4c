//! The sample API: every route says what it asks for.

use axum::{Json, Router, routing::get};
use bearward::{AccessToken, ResourceServer, open, scope, token};
use serde_json::{Value, json};

use super::page::Page;

/// Three routes to call, two for whoever watches over the process, and the page.
pub(crate) fn app(api: &ResourceServer, page: Page) -> Router {
    let server = api.clone();
    api.router()
        .route("/api/public", open(), get(public))
        .route("/api/private", token(), get(private))
        .route("/api/private-scoped", scope("read:messages"), get(private_scoped))
        .route("/livez", open(), get(|| async { "alive\n" }))
        .route("/readyz", open(), get(|| async move { server.ready().map(|()| "ready\n") }))
        .into_router()
        .merge(page.router())
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
