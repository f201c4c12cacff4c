//! An API with three routes, guarded by bearward. Give it an issuer and an audience:
//!
//! ```text
//! cargo run -- https://dev-xyz.eu.auth0.com/ https://api.example.com
//! ```

mod api;
mod page;

use anyhow::Context;
use bearward::ResourceServer;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let issuer = arguments.next().context("usage: quickstart ISSUER AUDIENCE")?;
    let audience = arguments.next().context("usage: quickstart ISSUER AUDIENCE")?;

    let server = ResourceServer::new(&issuer, &audience)?.explain_refusals();
    let page = page::Page { issuer, audience, token: None, token_without_scope: None };

    let listener = tokio::net::TcpListener::bind("127.0.0.1:3010").await?;
    println!("http://127.0.0.1:3010/");
    axum::serve(listener, api::routes(&server).into_router().merge(page.router())).await?;
    Ok(())
}
