//! `GET /.well-known/jwks.json`: the public keys.
//!
//! Source: RFC 7517 section 5.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::protocol::Refusal;
use crate::tenant::Tenant;

/// The next key is published long before it signs anything, so five minutes old is new enough, and
/// it is what verifiers with a lower bound on their refresh take anyway.
const CACHE: &str = "public, max-age=300";

/// The current key and the next. For a moment after the first start only the current one is there.
pub(crate) async fn show(State(tenant): State<Tenant>) -> Response {
    let Ok(keys) = tenant.keys().published().await else {
        return Refusal::NoSigningKey.into_response();
    };
    let keys: Vec<String> = keys.iter().map(|key| key.public_jwk()).collect();
    let set = format!("{{\"keys\":[{}]}}", keys.join(","));
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, CACHE)], set).into_response()
}
