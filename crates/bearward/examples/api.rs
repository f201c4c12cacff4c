//! An API with three routes, guarded by bearward.

use axum::routing::get;
use bearward::{AccessToken, ResourceServer, open, scope, token};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = ResourceServer::new(
        "https://localhost:8443/", // who issues the tokens
        "https://api.example.com", // whom they are for
    )?;
    let app = api
        .router()
        .route("/api/public", open(), get(async || "Anyone may read this.\n"))
        .route("/api/private", token(), get(private))
        .route("/api/private-scoped", scope("read:messages"), get(private));

    let listener = tokio::net::TcpListener::bind("localhost:3010").await?;
    axum::serve(listener, app.into_router()).await?;
    Ok(())
}

async fn private(token: AccessToken) -> String {
    format!("Your token is good, {}.\n", token.subject())
}
