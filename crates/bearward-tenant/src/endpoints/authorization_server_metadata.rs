//! `GET /.well-known/oauth-authorization-server`: what this authorization server can do.
//!
//! Source: RFC 8414 section 2.

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use serde::Serialize;

use crate::id_token::ID_TOKEN_CLAIMS;
use crate::model::{GrantType, OPENID_SCOPES};
use crate::tenant::Tenant;
use crate::user_claims::USER_CLAIMS;

/// Metadata changes when the program does. Five minutes keep a restart from going unseen for long.
pub(crate) const CACHE: &str = "public, max-age=300";

/// What exists today and nothing else; a member joins when its endpoint does.
///
/// OpenID Connect looks for the same members in a document of its own, and RFC 8414 section 2 has
/// room for what it adds: there is one document under two addresses.
///
/// Source: RFC 8414 section 2; OpenID Connect Discovery section 3; RFC 9207 section 3;
/// RP-Initiated Logout section 2.1.
#[derive(Serialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    end_session_endpoint: String,
    revocation_endpoint: String,
    jwks_uri: String,
    scopes_supported: &'static [&'static str],
    response_types_supported: &'static [&'static str],
    response_modes_supported: &'static [&'static str],
    grant_types_supported: [&'static str; 3],
    code_challenge_methods_supported: &'static [&'static str],
    token_endpoint_auth_methods_supported: &'static [&'static str],
    revocation_endpoint_auth_methods_supported: &'static [&'static str],
    subject_types_supported: &'static [&'static str],
    id_token_signing_alg_values_supported: &'static [&'static str],
    claims_supported: Vec<&'static str>,
    /// Left out, this would mean no; the next would mean yes.
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
    authorization_response_iss_parameter_supported: bool,
}

/// As `client_authentication.rs` reads them; `none` is for public clients.
const CLIENT_AUTHENTICATION: &[&str] = &["client_secret_basic", "client_secret_post", "none"];

impl Metadata {
    fn of(tenant: &Tenant) -> Metadata {
        Metadata {
            issuer: tenant.issuer().to_owned(),
            authorization_endpoint: tenant.authorization_endpoint(),
            token_endpoint: tenant.token_endpoint(),
            userinfo_endpoint: tenant.userinfo_endpoint(),
            end_session_endpoint: tenant.end_session_endpoint(),
            revocation_endpoint: tenant.revocation_endpoint(),
            jwks_uri: tenant.jwks_uri(),
            scopes_supported: &OPENID_SCOPES,
            response_types_supported: &["code"],
            response_modes_supported: &["query", "fragment", "form_post", "web_message"],
            grant_types_supported: GrantType::ALL.map(GrantType::name),
            code_challenge_methods_supported: &["S256"],
            token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
            revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
            subject_types_supported: &["public"],
            id_token_signing_alg_values_supported: &["RS256"],
            claims_supported: [&ID_TOKEN_CLAIMS[..], &USER_CLAIMS[..]].concat(),
            request_parameter_supported: false,
            request_uri_parameter_supported: false,
            authorization_response_iss_parameter_supported: true,
        }
    }
}

pub(crate) async fn show(State(tenant): State<Tenant>) -> impl IntoResponse {
    ([(CACHE_CONTROL, CACHE)], Json(Metadata::of(&tenant)))
}
