//! `oauth-resource-server`, in axum: its layer around the guarded routes.
//!
//! It takes an issuer of plain http on the loopback interface. A route that needs a token and no
//! scope is what `allow_unscoped_tokens` is for.

use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::routing::any;
use bearward_testkit::serve;
use oauth_resource_server::axum::{AuthLayer, RequireScopes};
use oauth_resource_server::{KeyNaming, OAuthConfig, OAuthValidator, static_token_policy};

use super::{Server, Setting};

pub(super) async fn start(setting: Setting<'_>) -> anyhow::Result<Server> {
    let config = OAuthConfig {
        enabled: true,
        issuer: setting.issuer.to_owned(),
        audience: setting.audience.to_owned(),
        resource: setting.audience.to_owned(),
        allow_unscoped_tokens: true,
        ..OAuthConfig::default()
    };
    let resolved = config.resolve(KeyNaming::Dotted("oauth"))?.context("it is enabled")?;
    let validator = Arc::new(OAuthValidator::new(&resolved)?);
    validator.refresh_now().await?;
    let decision = static_token_policy(None, Some(&resolved), false)?;
    let layer = AuthLayer::from_decision(decision, Some(validator))?;
    let app = Router::new()
        .route("/api/private-scoped", any(async || "scoped"))
        .route_layer(RequireScopes::new(["read:messages"]))
        .route("/api/private", any(async || "private"))
        .route_layer(layer)
        .route("/api/public", any(async || "public"));
    let served = serve(app).await;
    Ok(Server::new(served.address(), served))
}
