//! Every route of the tenant, on one page.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::middleware::map_response;
use axum::routing::{get, post};
use tower_http::cors::{Any, CorsLayer};

use crate::dashboard;
use crate::endpoints::{authorization_server_metadata, jwks, revoke, token, userinfo};
use crate::pages::assets;
use crate::tenant::Tenant;

/// The largest request body. A token request has a few hundred bytes; a client assertion a few thousand.
const MAX_BODY_BYTES: usize = 64 * 1024;

pub(crate) fn router(tenant: Tenant) -> Router {
    let token = post(token::issue)
        .fallback(token::method_not_allowed)
        .layer(map_response(token::never_stored));
    let revoke = post(revoke::revoke)
        .fallback(token::method_not_allowed)
        .layer(map_response(token::never_stored));
    Router::new()
        .route("/.well-known/openid-configuration", get(authorization_server_metadata::show))
        .route("/.well-known/oauth-authorization-server", get(authorization_server_metadata::show))
        .route("/.well-known/jwks.json", get(jwks::show))
        .route("/oauth/token", token)
        .route("/oauth/revoke", revoke)
        .route("/userinfo", get(userinfo::show).post(userinfo::show))
        .layer(any_origin())
        .merge(dashboard::router(&tenant))
        .merge(assets::router())
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(tenant)
}

/// A browser application at any origin may use these routes: none of them looks at a cookie, so that
/// a page gets no more than its own program could. A list of each application's origins would keep
/// nobody out, for a preflight does not say which application asks. The headers are those that
/// Auth0's SDKs send and read.
fn any_origin() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            AUTHORIZATION,
            CONTENT_TYPE,
            HeaderName::from_static("auth0-client"),
            HeaderName::from_static("dpop"),
        ])
        .expose_headers([
            WWW_AUTHENTICATE,
            RETRY_AFTER,
            HeaderName::from_static("dpop-nonce"),
            HeaderName::from_static("x-ratelimit-limit"),
            HeaderName::from_static("x-ratelimit-remaining"),
            HeaderName::from_static("x-ratelimit-reset"),
        ])
        .max_age(Duration::from_secs(600))
}
