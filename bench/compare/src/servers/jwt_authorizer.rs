//! `jwt-authorizer`, in the axum that it is written for.
//!
//! Issuer, audience and `nbf` are checked because the setting says so; by its defaults they are not.
//! It has no check of scopes: the route's own check stands in for one.

use axum_0_7::Router;
use axum_0_7::routing::any;
use jwt_authorizer::{IntoLayer as _, JwtAuthorizer, RegisteredClaims, Validation};
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{Server, Setting};

#[derive(Clone, Deserialize)]
struct Scoped {
    scope: Option<String>,
}

struct Running(JoinHandle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(super) async fn start(setting: Setting<'_>) -> anyhow::Result<Server> {
    let validation = || Validation::new().iss(&[setting.issuer]).aud(&[setting.audience]).nbf(true);
    let token = JwtAuthorizer::<RegisteredClaims>::from_oidc(setting.issuer)
        .validation(validation())
        .build()
        .await?;
    let scope = JwtAuthorizer::<Scoped>::from_oidc(setting.issuer)
        .validation(validation())
        .check(|claims| {
            let scope = claims.scope.as_deref().unwrap_or_default();
            scope.split(' ').any(|each| each == "read:messages")
        })
        .build()
        .await?;
    let app = Router::new()
        .route("/api/public", any(|| async { "public" }))
        .route("/api/private", any(|| async { "private" }).layer(token.into_layer()))
        .route("/api/private-scoped", any(|| async { "scoped" }).layer(scope.into_layer()));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(async move {
        // It serves until the task is aborted.
        let _ = axum_0_7::serve(listener, app).await;
    });
    Ok(Server::new(address, Running(task)))
}
