//! An API with three routes, guarded by bearward. Give it an issuer and an audience, and the client
//! id of a single-page application if people are to log in on its page:
//!
//! ```text
//! cargo run -- https://dev-xyz.eu.auth0.com/ https://api.example.com CLIENT_ID
//! ```

mod api;
mod page;

use anyhow::Context;
use bearward::ResourceServer;

const USAGE: &str = "usage: quickstart ISSUER AUDIENCE [CLIENT_ID]";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let issuer = arguments.next().context(USAGE)?;
    let audience = arguments.next().context(USAGE)?;

    let client_id = arguments.next();

    let server = ResourceServer::new(&issuer, &audience)?.explain_refusals();
    let page = page::Page { issuer, audience, token: None, token_without_scope: None, client_id };

    let listener = tokio::net::TcpListener::bind("localhost:3010").await?;
    println!("http://localhost:3010/");
    axum::serve(listener, api::routes(&server).into_router().merge(page.router())).await?;
    Ok(())
}
