//! `bearward quickstart`: the sample API on this machine, with a tenant beside it or with one's own.

mod local_tenant;
mod report;
mod settings;

use anyhow::Context;
use bearward::ResourceServer;

use crate::args::QuickstartArgs;
use crate::config::{Audience, Environment, IssuerSettings};
use crate::exit::{Exit, Failure};
use crate::http::Http;
use crate::listen::{ListenAddress, Listeners};
use crate::sample::{api, page::Page};
use crate::serve::{AskedToEnd, Servers};
use crate::{address, discovery, output};

use local_tenant::LocalTenant;
use report::Report;
use settings::{API, Guard, judge};

pub(crate) async fn run(args: QuickstartArgs, environment: &Environment) -> Result<Exit, Failure> {
    // Heard from the first moment on, so that a stop during the start is a clean one too.
    let mut end = AskedToEnd::new()?;
    let mut servers = Servers::new();
    let started = tokio::select! {
        started = start(args, environment, &mut servers) => started.map(Some),
        () = end.heard() => Ok(None),
    };
    if started?.is_some() {
        end.heard().await;
    }
    servers.stop(&mut end).await;
    Ok(Exit::Yes)
}

async fn start(
    args: QuickstartArgs,
    environment: &Environment,
    servers: &mut Servers,
) -> Result<(), Failure> {
    let guard = judge(&args, environment)?;
    let address = args.listen.unwrap_or(API);
    let listeners = address.bind("--listen").await?;
    match guard {
        Guard::LocalTenant { address: tenant, audience } => {
            let own = || Audience { id: listeners.url(), named_by: "--audience" };
            let audience = audience.unwrap_or_else(own);
            let tenant = bind_tenant(tenant, &audience, &listeners.url()).await?;
            start_with_tenant(&args, listeners, tenant, audience.id, servers).await
        }
        Guard::OwnIssuer { server, settings, audience } => {
            start_with_issuer(&args, listeners, server, &settings, audience, servers).await
        }
    }
}

async fn bind_tenant(
    address: ListenAddress,
    audience: &Audience,
    page: &str,
) -> Result<(LocalTenant, Listeners), Failure> {
    let listeners = address.bind("--tenant-listen").await?;
    let tenant = LocalTenant::new(&listeners.url(), &audience.id, page)
        .await
        .map_err(|error| Failure::from(error).named_by(audience.named_by))?;
    Ok((tenant, listeners))
}

async fn start_with_tenant(
    args: &QuickstartArgs,
    listeners: Listeners,
    (tenant, tenant_listeners): (LocalTenant, Listeners),
    audience: String,
    servers: &mut Servers,
) -> Result<(), Failure> {
    servers.serve(tenant_listeners, &tenant.router());

    let (token, token_without_scope) = tenant.tokens().await?;
    let server = ResourceServer::new(tenant.issuer(), &*audience)
        .context("cannot take the tokens of the tenant")?;
    let server = server.explain_refusals();
    let link = tenant.first_dashboard_link().await?;
    let report =
        Report::with_tenant(&listeners, &tenant, link, &audience, &token, &token_without_scope);
    // Who can reach the page can take the tokens, so they are shown on this machine only.
    let is_private = args.listen.unwrap_or(API).is_loopback();
    let shown = |token: String| is_private.then_some(token);
    let page = Page {
        issuer: tenant.issuer().to_owned(),
        audience,
        token: shown(token),
        token_without_scope: shown(token_without_scope),
        client_id: Some(tenant.page_client_id.clone()),
    };
    servers.serve(listeners, &api::routes(&server).into_router().merge(page.router()));
    server.wait_until_ready().await;
    output::result(&if args.json { report.to_json()? } else { report.to_text() })?;
    Ok(())
}

async fn start_with_issuer(
    args: &QuickstartArgs,
    listeners: Listeners,
    server: ResourceServer,
    settings: &IssuerSettings,
    audience: String,
    servers: &mut Servers,
) -> Result<(), Failure> {
    let server = server.explain_refusals();
    let mut report = Report::with_issuer(&listeners, &settings.url, &audience);
    let page = Page {
        issuer: settings.url.clone(),
        audience,
        token: None,
        token_without_scope: None,
        client_id: args.client_id.clone(),
    };
    servers.serve(listeners, &api::routes(&server).into_router().merge(page.router()));
    // A script is told once all is ready, a person where things are in the meantime.
    if !args.json {
        output::result(&report.to_text())?;
    }
    if server.ready().is_err() {
        output::notice("Waiting for the issuer's keys; until then guarded routes answer 503.");
        server.wait_until_ready().await;
        output::notice("The issuer's keys are here.");
    }
    if args.json {
        if args.api.jwks_file.is_none() {
            report.jwks_uri = jwks_uri(settings).await;
        }
        output::result(&report.to_json()?)?;
    }
    Ok(())
}

/// What the issuer's metadata says, for whoever reads the JSON line. The guard finds it by itself.
async fn jwks_uri(settings: &IssuerSettings) -> Option<String> {
    let url = address::parse("the issuer", &settings.url).ok()?;
    let http = Http::new(&url, settings.ca_file.as_deref()).ok()?;
    discovery::discover(&http, &settings.url).await.ok()?.jwks_uri
}
