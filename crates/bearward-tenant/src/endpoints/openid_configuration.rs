//! `GET /.well-known/openid-configuration`: the same, where OpenID Connect looks for it.
//!
//! Source: OpenID Connect Discovery 1.0 sections 3 and 4.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use serde::Serialize;

use super::authorization_server_metadata::{CACHE, Metadata};
use crate::tenant::Tenant;

/// The metadata and the two members that Discovery requires besides.
///
/// They are true of what is there: a subject is the same for everyone, and the keys sign RS256. No
/// ID token is issued yet, and `authorization_endpoint`, which Discovery requires too, is left out
/// because there is none: verifiers that look here for `jwks_uri` do not ask for it.
#[derive(Serialize)]
struct Configuration {
    #[serde(flatten)]
    metadata: Metadata,
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 1],
}

pub(crate) async fn show(State(tenant): State<Tenant>) -> impl IntoResponse {
    let configuration = Configuration {
        metadata: Metadata::of(&tenant),
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
    };
    ([(CACHE_CONTROL, CACHE)], Json(configuration))
}
