//! `GET /.well-known/jwks.json`: the public keys.
//!
//! Source: RFC 7517 section 5.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

use crate::protocol::Refusal;
use crate::tenant::Tenant;

/// The next key is published long before it signs anything, so five minutes old is new enough, and
/// it is what verifiers with a lower bound on their refresh take anyway.
const CACHE: &str = "public, max-age=300";

pub(crate) async fn show(State(tenant): State<Tenant>) -> Response {
    match tenant.keys().published(tenant.clock()).await {
        Ok(set) => ([(CACHE_CONTROL, CACHE)], Json(set)).into_response(),
        Err(error) => Refusal::Internal(error).into_response(),
    }
}
