//! An API as it was described on the command line, judged whole: its issuer, its identifier, and
//! the rules for its tokens.

use std::path::Path;

use bearward::{ConfigError, Issuer, Profile, ResourceServer, is_loopback};
use url::Url;

use crate::args::GuardArgs;
use crate::config::{Audience, IssuerSettings};
use crate::exit::Failure;

pub(crate) struct GuardedApi {
    pub(crate) server: ResourceServer,
    pub(crate) settings: IssuerSettings,
    pub(crate) audience: String,
}

impl GuardedApi {
    pub(crate) fn judge(
        args: &GuardArgs,
        settings: IssuerSettings,
        audience: Option<Audience>,
    ) -> Result<Self, Failure> {
        let audience = audience.ok_or_else(|| {
            Failure::trouble("no audience: tokens for any API of the issuer would be let in")
                .named_by(settings.named_by)
                .hint("name this API with --audience, by its identifier at the issuer")
        })?;
        let server = guarded_issuer(args, &settings)
            .and_then(|issuer| ResourceServer::new(issuer, &*audience.id))
            .map_err(|error| about(&error, args, &settings, &audience))?;
        Ok(Self { server, settings, audience: audience.id })
    }
}

fn guarded_issuer(args: &GuardArgs, settings: &IssuerSettings) -> Result<Issuer, ConfigError> {
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
    args: &GuardArgs,
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
    let hint = match (error.setting(), with_scheme(&settings.url)) {
        ("issuer", Some(meant)) => format!("did you mean {meant}? {hint}"),
        _ => hint.to_owned(),
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

/// The issuer that was probably meant by an address without a scheme.
fn with_scheme(address: &str) -> Option<String> {
    if address.contains("://") {
        return None;
    }
    let with = |scheme: &str| Url::parse(&format!("{scheme}://{address}")).ok();
    let meant = with("http").filter(is_loopback).or_else(|| with("https"))?;
    Issuer::new(meant).ok().map(|issuer| issuer.identifier().to_owned())
}
