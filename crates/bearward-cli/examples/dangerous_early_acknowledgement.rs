//! A tenant that says "created" before it has kept anything. `tests/durability.rs` runs it to show
//! that its own test can fail; it is good for nothing else.
//!
//! ```text
//! dangerous_early_acknowledgement DATA_FOLDER
//! ```

use anyhow::Context;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use bearward_tenant::Tenant;
use serde_json::json;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let data = std::env::args().nth(1).context("usage: dangerous_early_acknowledgement FOLDER")?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let issuer = format!("http://{}/", listener.local_addr()?);
    let tenant = Tenant::open(issuer, data).await?;
    let report = json!({
        "dashboard": tenant.dashboard_url(),
        "dashboard_link": tenant.first_dashboard_link().await?,
    });
    anstream::println!("{report}");
    axum::serve(listener, tenant.router().layer(from_fn(acknowledge_early))).await?;
    Ok(())
}

/// The work is done, but nobody waits for it.
async fn acknowledge_early(request: Request, next: Next) -> Response {
    if request.method() == Method::POST && request.uri().path() == "/apis" {
        tokio::spawn(next.run(request));
        return Redirect::to("/apis").into_response();
    }
    next.run(request).await
}
