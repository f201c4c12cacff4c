//! `bearward quickstart`: the sample API on this machine, with a tenant beside it or with one's own.

mod local_tenant;
mod report;

use std::pin::pin;

use bearward::{Issuer, Profile, ResourceServer};

use crate::args::QuickstartArgs;
use crate::config::{Environment, IssuerSettings};
use crate::exit::{Exit, Failure};
use crate::http::Http;
use crate::listen::{ListenAddress, Listeners};
use crate::sample::{api, page::Page};
use crate::serve::{Servers, asked_to_end};
use crate::{address, discovery, output};

use local_tenant::LocalTenant;
use report::Report;

const API: ListenAddress = ListenAddress::localhost(3010);
const TENANT: ListenAddress = ListenAddress::localhost(3011);

pub(crate) async fn run(args: QuickstartArgs, environment: &Environment) -> Result<Exit, Failure> {
    // Heard from the first moment on, so that a stop during the start is a clean one too.
    let mut end = pin!(asked_to_end()?);
    let mut servers = Servers::new();
    let started = tokio::select! {
        started = start(args, environment, &mut servers) => started.map(Some),
        () = &mut end => Ok(None),
    };
    if started?.is_some() {
        end.await;
    }
    servers.stop().await;
    Ok(Exit::Yes)
}

async fn start(
    args: QuickstartArgs,
    environment: &Environment,
    servers: &mut Servers,
) -> Result<(), Failure> {
    let is_private = args.listen.unwrap_or(API).is_loopback();
    let listeners = args.listen.unwrap_or(API).bind().await?;
    let audience = environment.audience(args.audience.clone());
    match environment.issuer(args.issuer.clone())? {
        None => {
            unfit_without_issuer(&args)?;
            let audience = audience.unwrap_or_else(|| listeners.url());
            start_with_tenant(&args, listeners, audience, is_private, servers).await
        }
        Some(issuer) => {
            let audience = audience.ok_or_else(|| {
                Failure::trouble("no audience: tokens for any API of the issuer would be let in")
                    .hint("name this API with --audience, by its identifier at the issuer")
            })?;
            start_with_issuer(&args, listeners, &issuer, audience, servers).await
        }
    }
}

async fn start_with_tenant(
    args: &QuickstartArgs,
    listeners: Listeners,
    audience: String,
    is_private: bool,
    servers: &mut Servers,
) -> Result<(), Failure> {
    let address = args.tenant_listen.unwrap_or(TENANT);
    if !address.is_loopback() {
        return Err(Failure::trouble(format!("the tenant cannot listen on {address}"))
            .hint("it speaks plain http, so it stays on this machine: localhost:PORT"));
    }
    let tenant_listeners = address.bind().await?;
    let tenant = LocalTenant::new(&tenant_listeners.url(), &audience)?;
    servers.serve(tenant_listeners, &tenant.router());

    let (token, token_without_scope) = tenant.tokens().await?;
    let server = ResourceServer::new(tenant.issuer(), &*audience)?;
    let server = server.explain_refusals();
    let report = Report::with_tenant(&listeners, &tenant, &audience, &token, &token_without_scope);
    // Who can reach the page can take the tokens, so they are shown on this machine only.
    let shown = |token: String| is_private.then_some(token);
    let page = Page {
        issuer: tenant.issuer().to_owned(),
        audience,
        token: shown(token),
        token_without_scope: shown(token_without_scope),
    };
    servers.serve(listeners, &api::routes(&server).into_router().merge(page.router()));
    server.wait_until_ready().await;
    output::result(&if args.json { report.to_json()? } else { report.to_text() })?;
    Ok(())
}

async fn start_with_issuer(
    args: &QuickstartArgs,
    listeners: Listeners,
    settings: &IssuerSettings,
    audience: String,
    servers: &mut Servers,
) -> Result<(), Failure> {
    let issuer = guarded_issuer(args, settings)?;
    let server = ResourceServer::new(issuer, &*audience)?;
    let server = server.explain_refusals();
    let mut report = Report::with_issuer(&listeners, &settings.url, &audience);
    let page =
        Page { issuer: settings.url.clone(), audience, token: None, token_without_scope: None };
    servers.serve(listeners, &api::routes(&server).into_router().merge(page.router()));
    if args.json {
        server.wait_until_ready().await;
        if args.jwks_file.is_none() {
            report.jwks_uri = jwks_uri(settings).await;
        }
        output::result(&report.to_json()?)?;
    } else {
        output::result(&report.to_text())?;
        if server.ready().is_err() {
            output::notice("Waiting for the issuer's keys; until then guarded routes answer 503.");
            server.wait_until_ready().await;
            output::notice("The issuer's keys are here.");
        }
    }
    Ok(())
}

fn guarded_issuer(args: &QuickstartArgs, settings: &IssuerSettings) -> Result<Issuer, Failure> {
    let profile = match &args.profile {
        Some(name) => Profile::from_name(name)?,
        None if settings.is_auth0 => Profile::AUTH0,
        None => Profile::GENERAL,
    };
    let mut issuer = Issuer::new(&*settings.url)?.profile(profile);
    if let Some(path) = &settings.ca_file {
        issuer = issuer.ca_file(path)?;
    }
    if let Some(path) = &args.jwks_file {
        issuer = issuer.jwks_file(path)?;
    }
    Ok(issuer)
}

/// What the issuer's metadata says, for whoever reads the JSON line. The guard finds it by itself.
async fn jwks_uri(settings: &IssuerSettings) -> Option<String> {
    let url = address::parse("the issuer", &settings.url).ok()?;
    let http = Http::new(&url, settings.ca_file.as_deref()).ok()?;
    discovery::discover(&http, &settings.url).await.ok()?.jwks_uri
}

fn unfit_without_issuer(args: &QuickstartArgs) -> Result<(), Failure> {
    let flags = [
        ("--profile", args.profile.is_some()),
        ("--jwks-file", args.jwks_file.is_some()),
        ("--ca-file", args.issuer.ca_file.is_some()),
    ];
    match flags.iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((flag, _)) => Err(Failure::trouble(format!("{flag} is about an issuer of your own"))
            .hint("name it too, with --issuer URL or --domain DOMAIN")),
    }
}
