//! Every route of the tenant, on one page.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::{MethodRouter, get, post};
use tower_http::cors::{Any, CorsLayer};

use crate::allowed_hosts::{only_allowed_hosts, only_own_forms};
use crate::dashboard;
use crate::endpoints::{
    authorization_server_metadata, authorize, confirm_logout, consent, end_session, jwks, login,
    logout, revoke, token, userinfo,
};
use crate::pages::assets;
use crate::tenant::Tenant;

/// The largest request body. A token request has a few hundred bytes; a client assertion a few thousand.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// A path, what answers there, and whose pages may call it.
struct Route(&'static str, Callers, MethodRouter<Tenant>);

enum Callers {
    /// Pages of any origin may send and read: the route looks at no cookie.
    AnyOrigin,
    /// Other sites lead people here, by a link or a form, and read nothing.
    Navigation,
    /// Forms come from pages of ours alone.
    OwnPages,
}

fn routes() -> Vec<Route> {
    use Callers::{AnyOrigin, Navigation, OwnPages};
    let token = post(token::issue)
        .fallback(token::method_not_allowed)
        .layer(map_response(token::never_stored));
    let revoke = post(revoke::revoke)
        .fallback(token::method_not_allowed)
        .layer(map_response(token::never_stored));
    vec![
        Route(
            "/.well-known/openid-configuration",
            AnyOrigin,
            get(authorization_server_metadata::show),
        ),
        Route(
            "/.well-known/oauth-authorization-server",
            AnyOrigin,
            get(authorization_server_metadata::show),
        ),
        Route("/.well-known/jwks.json", AnyOrigin, get(jwks::show)),
        Route("/oauth/token", AnyOrigin, token),
        Route("/oauth/revoke", AnyOrigin, revoke),
        Route("/userinfo", AnyOrigin, get(userinfo::show).post(userinfo::show)),
        Route("/authorize", Navigation, get(authorize::start).post(authorize::start)),
        Route("/u/login", OwnPages, get(login::show).post(login::submit)),
        Route("/u/consent", OwnPages, get(consent::show).post(consent::submit)),
        Route("/u/logout", OwnPages, get(confirm_logout::show).post(confirm_logout::submit)),
        Route("/v2/logout", OwnPages, get(logout::log_out)),
        Route("/oidc/logout", Navigation, get(end_session::log_out).post(end_session::log_out)),
        Route("/assets/{name}", OwnPages, get(assets::show)),
    ]
}

/// The paths of [`routes`] and of the dashboard, for whoever has to know them all.
pub(crate) fn paths() -> Vec<&'static str> {
    let own = routes().into_iter().map(|Route(path, ..)| path);
    own.chain(dashboard::paths()).collect()
}

pub(crate) fn router(tenant: Tenant) -> Router {
    let mut router = Router::new();
    for Route(path, callers, answers) in routes() {
        let answers = match callers {
            Callers::AnyOrigin => answers.layer(any_origin()),
            Callers::Navigation => answers,
            Callers::OwnPages => answers.layer(from_fn_with_state(tenant.clone(), only_own_forms)),
        };
        router = router.route(path, answers);
    }
    router
        .merge(dashboard::router(&tenant))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn_with_state(tenant.clone(), only_allowed_hosts))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_the_crate_names_every_route() {
        let page = include_str!("lib.rs");
        let paths = routes().into_iter().map(|Route(path, ..)| path);
        let unnamed: Vec<_> = paths.filter(|path| !page.contains(&format!("{path}`"))).collect();
        assert!(unnamed.is_empty(), "not in lib.rs: {unnamed:?}");
    }
}
