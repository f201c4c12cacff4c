//! `GET /.well-known/oauth-authorization-server`: what this authorization server can do.
//!
//! Source: RFC 8414 section 2.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use serde::Serialize;

use crate::tenant::Tenant;

/// Metadata changes when the program does. Five minutes keep a restart from going unseen for long.
pub(crate) const CACHE: &str = "public, max-age=300";

/// What exists today and nothing else; a member joins when its endpoint does.
///
/// `response_types_supported` is empty because there is no authorization endpoint. RFC 8414 section
/// 2 requires the member and section 3.2 would have it omitted when empty: readers fail on a missing
/// member and not on an empty one, so it stands. `authorization_endpoint` is required only of a
/// server with a grant that uses it.
#[derive(Serialize)]
pub(crate) struct Metadata {
    issuer: String,
    token_endpoint: String,
    jwks_uri: String,
    response_types_supported: [&'static str; 0],
    grant_types_supported: [&'static str; 1],
    token_endpoint_auth_methods_supported: [&'static str; 2],
}

impl Metadata {
    pub(crate) fn of(tenant: &Tenant) -> Metadata {
        Metadata {
            issuer: tenant.issuer().to_owned(),
            token_endpoint: tenant.token_endpoint(),
            jwks_uri: tenant.jwks_uri(),
            response_types_supported: [],
            grant_types_supported: ["client_credentials"],
            token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
        }
    }
}

pub(crate) async fn show(State(tenant): State<Tenant>) -> impl IntoResponse {
    ([(CACHE_CONTROL, CACHE)], Json(Metadata::of(&tenant)))
}
