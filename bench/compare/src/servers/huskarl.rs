//! `huskarl-resource-server`: its validator for RFC 9068, called by a middleware of ours.
//!
//! The library has no released adapter for axum. The middleware does what its guide does: validate,
//! reject, compare the scope.

use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::any;
use bearward_testkit::serve;
use huskarl_reqwest::ReqwestClient;
use huskarl_resource_server::core::server_metadata::AuthorizationServerMetadata;
use huskarl_resource_server::error::InsufficientScope;
use huskarl_resource_server::rejection::Rejection;
use huskarl_resource_server::validator::rfc9068::Rfc9068Validator;

use super::{Server, Setting};

#[derive(Clone)]
struct Guard {
    validator: Arc<Rfc9068Validator>,
    scope: Option<&'static str>,
}

pub(super) async fn start(setting: Setting<'_>) -> anyhow::Result<Server> {
    let client: ReqwestClient = ReqwestClient::builder().build().await?;
    let metadata = AuthorizationServerMetadata::oidc_fetch()
        .http_client(&client)
        .issuer(setting.issuer)
        .call()
        .await?;
    let validator = Rfc9068Validator::builder_from_metadata(&metadata)
        .jwks_source(client)
        .audience(setting.audience)
        .build()
        .await?;
    let validator = Arc::new(validator);
    let guard = |scope| {
        let guard = Guard { validator: Arc::clone(&validator), scope };
        from_fn_with_state(guard, check)
    };
    let app = Router::new()
        .route("/api/public", any(async || "public"))
        .route("/api/private", any(async || "private").layer(guard(None)))
        .route("/api/private-scoped", any(async || "scoped").layer(guard(Some("read:messages"))));
    let served = serve(app).await;
    Ok(Server::new(served.address(), served))
}

async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let validator = &guard.validator;
    let result =
        validator.validate_request(request.headers(), request.method(), request.uri(), None).await;
    let metadata = validator.validator_metadata(None);
    if let Some(rejection) = result.rejection(&metadata, guard.scope) {
        return refuse(&rejection);
    }
    let granted = result.outcome.ok().flatten().and_then(|validated| validated.claims.scope);
    let granted = granted.unwrap_or_default();
    match guard.scope {
        Some(needed) if !granted.split(' ').any(|each| each == needed) => {
            refuse(&metadata.rejection(&InsufficientScope::new(needed), None))
        }
        _ => next.run(request).await,
    }
}

fn refuse(rejection: &Rejection) -> Response {
    let response = rejection.apply(axum::http::Response::builder()).body(Body::empty());
    response.context("the library's headers are valid").unwrap_or_default()
}
