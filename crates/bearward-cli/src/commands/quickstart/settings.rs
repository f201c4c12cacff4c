//! What the quickstart is to run with, judged whole before any port is taken.

use std::path::Path;

use bearward::{ConfigError, Issuer, Profile, ResourceServer};

use crate::args::QuickstartArgs;
use crate::config::{Audience, Environment, IssuerSettings};
use crate::exit::Failure;
use crate::listen::ListenAddress;

pub(super) const API: ListenAddress = ListenAddress::localhost(3010);
pub(super) const TENANT: ListenAddress = ListenAddress::localhost(3011);

/// Whose tokens the API takes.
pub(super) enum Guard {
    /// Those of a tenant that runs beside it, at this address.
    LocalTenant { address: ListenAddress, audience: Option<Audience> },
    /// Those of an issuer of one's own.
    OwnIssuer { server: ResourceServer, settings: IssuerSettings, audience: String },
}

pub(super) fn judge(args: &QuickstartArgs, environment: &Environment) -> Result<Guard, Failure> {
    let audience = environment.audience(args.audience.clone())?;
    let Some(settings) = environment.issuer(args.issuer.clone())? else {
        unfit_without_issuer(args)?;
        let address = tenant_address(args)?;
        return Ok(Guard::LocalTenant { address, audience });
    };
    if args.tenant_listen.is_some() {
        // A flag that names the issuer is refused by the argument parser already.
        let name = settings.named_by;
        let what = format!("--tenant-listen is about the local tenant, but {name} names an issuer");
        return Err(Failure::trouble(what).hint(format!("unset {name}, or leave the flag out")));
    }
    let audience = audience.ok_or_else(|| {
        Failure::trouble("no audience: tokens for any API of the issuer would be let in")
            .named_by(settings.named_by)
            .hint("name this API with --audience, by its identifier at the issuer")
    })?;
    let server = guarded_issuer(args, &settings)
        .and_then(|issuer| ResourceServer::new(issuer, &*audience.id))
        .map_err(|error| about(&error, args, &settings, &audience))?;
    Ok(Guard::OwnIssuer { server, settings, audience: audience.id })
}

fn guarded_issuer(args: &QuickstartArgs, settings: &IssuerSettings) -> Result<Issuer, ConfigError> {
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

/// The library's error, told with the flag or the variable that was given, and with its file.
fn about(
    error: &ConfigError,
    args: &QuickstartArgs,
    settings: &IssuerSettings,
    audience: &Audience,
) -> Failure {
    let (name, file, hint) = match error.setting() {
        "jwks" | "jwks_file" => (
            "--jwks-file",
            args.jwks_file.as_deref(),
            "it must hold the JWK Set that the issuer serves at its jwks_uri",
        ),
        "ca_file" if settings.ca_file.is_none() => {
            ("--ca-file", None, "install this machine's CA certificates, or name a file of them")
        }
        "ca_file" => {
            ("--ca-file", settings.ca_file.as_deref(), "it must hold certificates in PEM form")
        }
        "profile" => {
            ("--profile", None, "without it the rules are general, or auth0 with --domain")
        }
        "audience" => (audience.named_by, None, "name this API by its identifier at the issuer"),
        _ => (settings.named_by, None, "name the issuer exactly as it stands in the tokens' `iss`"),
    };
    let text = error.to_string();
    let text = text.strip_prefix(&format!("{}: ", error.setting())).unwrap_or(&text);
    let file = file.map(|path: &Path| path.display().to_string());
    match file.filter(|path| !text.contains(path)) {
        Some(path) => Failure::trouble(format!("{name} {path}: {text}")),
        None => Failure::trouble(format!("{name}: {text}")),
    }
    .hint(hint)
}

fn tenant_address(args: &QuickstartArgs) -> Result<ListenAddress, Failure> {
    let address = args.tenant_listen.unwrap_or(TENANT);
    if !address.is_loopback() {
        return Err(Failure::trouble(format!("the tenant cannot listen on {address}"))
            .hint("it speaks plain http, so it stays on this machine: localhost:PORT"));
    }
    let api = args.listen.unwrap_or(API);
    if api.overlaps(address) {
        let what = format!("the API on {api} and the tenant on {address} need a port each");
        return Err(Failure::trouble(what)
            .hint("choose another port for one of them, with --listen or --tenant-listen"));
    }
    Ok(address)
}

fn unfit_without_issuer(args: &QuickstartArgs) -> Result<(), Failure> {
    let flags = [
        ("--profile", args.profile.is_some()),
        ("--jwks-file", args.jwks_file.is_some()),
        ("--ca-file", args.issuer.ca_file.is_some()),
        ("--client-id", args.client_id.is_some()),
    ];
    match flags.iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((flag, _)) => Err(Failure::trouble(format!("{flag} is about an issuer of your own"))
            .hint("name it too, with --issuer URL or --domain DOMAIN")),
    }
}
