//! `bearward tenant serve`: a tenant that runs until it is told to stop.

mod plain;
mod report;
mod seed;
mod settings;

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use bearward::{Clock, SystemClock};
use bearward_tenant::{Tenant, TenantBuilder};
use url::Url;

use crate::args::ServeArgs;
use crate::certificates::LiveCertificates;
use crate::config::Environment;
use crate::data::Data;
use crate::exit::{Exit, Failure};
use crate::serve::{AskedToEnd, Servers};
use crate::{output, tls};

use report::Report;
use settings::Settings;

pub(super) async fn run(args: ServeArgs, environment: &Environment) -> Result<Exit, Failure> {
    // Heard from the first moment on, so that a stop during the start is a clean one too.
    let mut end = AskedToEnd::new()?;
    let mut servers = Servers::new();
    let started = tokio::select! {
        started = start(args, environment, &mut servers) => started.map(Some),
        () = end.heard() => Ok(None),
    };
    let running = started?;
    if running.is_some() {
        end.heard().await;
    }
    servers.stop(&mut end).await;
    // Only now: the last request may need them.
    if let Some(Running { tenant, data }) = running {
        tenant.close().await;
        drop(data);
    }
    Ok(Exit::Yes)
}

/// What outlives the servers.
struct Running {
    tenant: Tenant,
    data: Data,
}

async fn start(
    args: ServeArgs,
    environment: &Environment,
    servers: &mut Servers,
) -> Result<Running, Failure> {
    let json = args.json;
    let settings = Settings::judge(args, environment)?;
    // The ports first: who does not get them must not touch the data of the one that has them.
    let listeners = settings.listen.bind("--listen").await?;
    let plain = match settings.plain_listen() {
        Some(address) => Some(address.bind("--plain-listen").await?),
        None => None,
    };
    let issuer = settings.issuer(&listeners)?;
    let data = Data::open(settings.data.as_deref())?;
    let tenant = tenant(&settings, &issuer, data.kept()).await?;
    let seeded = match &settings.seed {
        Some((file, text)) => Some(seed::apply(&tenant, file, text).await?),
        None => None,
    };
    tenant.keep_issuer().await?;
    let app = tenant.router().merge(plain::health());
    let link = tenant.first_dashboard_link().await.context("cannot make the dashboard's link")?;
    let report = Report::new(&tenant, link, &listeners, plain.as_ref(), &data).with_seed(seeded);
    let report = match settings.certificates(&issuer, &data)? {
        None => {
            servers.serve(listeners, &app);
            report
        }
        Some(source) => {
            let report = report.with_certificates(&source);
            let clock: Arc<dyn Clock> = Arc::new(SystemClock);
            let certificates = Arc::new(LiveCertificates::new(source, clock)?);
            servers.serve_tls(listeners, &tls::config(certificates.clone())?, &app);
            if let Some(plain) = plain {
                servers.serve(plain, &plain::routes(certificates.clone()));
            }
            servers.beside(async move { certificates.renew().await });
            report
        }
    };
    output::result(&if json { report.to_json()? } else { report.to_text() })?;
    Ok(Running { tenant, data })
}

/// The one place where the tenant is made. `data` is a folder that will be there at the next start.
async fn tenant(settings: &Settings, issuer: &Url, data: Option<&Path>) -> anyhow::Result<Tenant> {
    let builder = Tenant::builder(issuer.as_str());
    let builder = builder.development(settings.is_of_this_machine(issuer));
    let builder = settings.hosts().into_iter().fold(builder, TenantBuilder::allowed_host);
    let builder = match data {
        Some(folder) => builder.data_dir(folder),
        None => builder,
    };
    builder.build().await.context("cannot make the tenant")
}
