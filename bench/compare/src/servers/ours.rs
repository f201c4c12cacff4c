//! bearward, in axum.

use axum::routing::any;
use bearward::{ResourceServer, open, scope, token};
use bearward_testkit::serve;

use super::{Server, Setting};

pub(super) async fn start(setting: Setting<'_>) -> anyhow::Result<Server> {
    let api = ResourceServer::new(setting.issuer, setting.audience)?;
    let app = api
        .router()
        .route("/api/public", open(), any(async || "public"))
        .route("/api/private", token(), any(async || "private"))
        .route("/api/private-scoped", scope("read:messages"), any(async || "scoped"))
        .into_router();
    api.wait_until_ready().await;
    let served = serve(app).await;
    Ok(Server::new(served.address(), served))
}
