//! `bearward tenant env`: the variables that Auth0's SDKs want, for this tenant.

mod format;

use std::path::Path;

use bearward_tenant::{Api, Application, Tenant};
use url::Url;

use super::app::{self, new_secret};
use super::folder::{Missing, issuer_of, named_folder, open};
use crate::args::EnvArgs;
use crate::certificates::{BUNDLE_FILE, CA_FILE};
use crate::config::Environment;
use crate::data::tls_folder;
use crate::exit::{Exit, Failure};
use crate::output;

/// Names and values, in the order in which they are printed.
type Variables = Vec<(&'static str, String)>;

pub(super) async fn run(args: EnvArgs, environment: &Environment) -> Result<Exit, Failure> {
    let tenant = open(args.data.clone(), environment, Missing::Refuse).await?;
    let folder = named_folder(args.data.clone(), environment)?;
    let variables = variables(&tenant, &folder, &args).await;
    tenant.close().await;
    output::result(&format::to_text(&variables?, args.format)?)?;
    Ok(Exit::Yes)
}

async fn variables(tenant: &Tenant, folder: &Path, args: &EnvArgs) -> Result<Variables, Failure> {
    let issuer = issuer_of(folder).await?;
    let api = api(tenant, args.audience.as_deref()).await?;
    let application = application(tenant, args.app.as_deref()).await?;
    let mut variables = vec![("AUTH0_DOMAIN", domain(&issuer))];
    variables.extend(api.map(|api| ("AUTH0_AUDIENCE", api.identifier)));
    if let Some(application) = application {
        variables.push(("AUTH0_CLIENT_ID", application.client_id.clone()));
        if args.new_secret {
            let secret = new_secret(tenant, &application).await?;
            variables.push(("AUTH0_CLIENT_SECRET", secret));
        } else if !application.is_public() {
            output::notice(
                "AUTH0_CLIENT_SECRET is left out: only a hash of it is kept.\n\
                 --new-secret makes a new one and prints it; the old one proves nothing then.",
            );
        }
    } else if args.new_secret {
        return Err(Failure::trouble("there is no application that could have a secret")
            .hint("`bearward tenant app create` makes one"));
    }
    if issuer.starts_with("http:") {
        output::notice("The tenant speaks plain http, and AUTH0_DOMAIN means https to most SDKs.");
    } else {
        variables.extend(trust(&tls_folder(folder))?);
    }
    Ok(variables)
}

/// Host and port of the issuer, as Auth0's SDKs want a domain.
fn domain(issuer: &str) -> String {
    match Url::parse(issuer) {
        Ok(url) => {
            let host = url.host_str().unwrap_or_default();
            url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
        }
        Err(_) => issuer.to_owned(),
    }
}

/// The API that is named, or the only one. Without any there is no audience.
async fn api(tenant: &Tenant, named: Option<&str>) -> Result<Option<Api>, Failure> {
    if let Some(named) = named {
        return Ok(Some(tenant.api(named).await?));
    }
    let apis = tenant.apis().await?;
    if apis.is_empty() {
        output::notice(
            "AUTH0_AUDIENCE is left out: there is no API yet.\n\
             `bearward tenant api create` makes one.",
        );
    }
    let names: Vec<_> = apis.iter().map(|api| api.identifier.as_str()).collect();
    the_only_one("API", "--audience", &names)?;
    Ok(apis.into_iter().next())
}

/// Likewise.
async fn application(tenant: &Tenant, named: Option<&str>) -> Result<Option<Application>, Failure> {
    if let Some(named) = named {
        return Ok(Some(app::named(tenant, named).await?));
    }
    let applications = tenant.applications().await?;
    if applications.is_empty() {
        output::notice(
            "AUTH0_CLIENT_ID is left out: there is no application yet.\n\
             `bearward tenant app create` makes one.",
        );
    }
    let names: Vec<_> = applications.iter().map(|one| one.client_id.as_str()).collect();
    the_only_one("application", "--app", &names)?;
    Ok(applications.into_iter().next())
}

fn the_only_one(noun: &str, flag: &str, names: &[&str]) -> Result<(), Failure> {
    if names.len() < 2 {
        return Ok(());
    }
    let what = format!("there are {} {noun}s, so it is not known which is meant", names.len());
    Err(Failure::trouble(what).hint(format!("name one with {flag}: {}", names.join(", "))))
}

/// Where the tenant has a local CA, the files that make clients trust it. `SSL_CERT_FILE` and
/// `REQUESTS_CA_BUNDLE` replace what a client trusts, `NODE_EXTRA_CA_CERTS` adds to it.
fn trust(tls: &Path) -> Result<Variables, Failure> {
    let text = |file: &str| {
        let path = tls.join(file);
        let unusable = || Failure::trouble(format!("{} is not valid UTF-8", path.display()));
        path.to_str().map(ToOwned::to_owned).ok_or_else(unusable)
    };
    if !tls.join(CA_FILE).exists() {
        return Ok(Vec::new());
    }
    Ok(vec![
        ("SSL_CERT_FILE", text(BUNDLE_FILE)?),
        ("REQUESTS_CA_BUNDLE", text(BUNDLE_FILE)?),
        ("NODE_EXTRA_CA_CERTS", text(CA_FILE)?),
    ])
}

#[cfg(test)]
mod tests {
    use super::domain;

    #[test]
    fn a_domain_is_a_host_and_its_port() {
        for (issuer, expected) in [
            ("https://localhost:8443/", "localhost:8443"),
            ("https://id.example.com/", "id.example.com"),
            ("https://[::1]:8443/", "[::1]:8443"),
        ] {
            assert_eq!(domain(issuer), expected);
        }
    }
}
