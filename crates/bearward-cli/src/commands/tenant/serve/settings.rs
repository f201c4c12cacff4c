//! What the tenant is to run with, judged before any port is taken.

use std::path::PathBuf;

use bearward::is_loopback;
use url::Url;

use crate::args::{ServeArgs, Tls};
use crate::certificates::{Given, Local, Name, Names, Source};
use crate::config::Environment;
use crate::data::Data;
use crate::exit::Failure;
use crate::files;
use crate::listen::{ListenAddress, Listeners};

const PLAIN: ListenAddress = ListenAddress::localhost(8480);

pub(super) struct Settings {
    pub(super) listen: ListenAddress,
    pub(super) data: Option<PathBuf>,
    /// The seed's name and its text.
    pub(super) seed: Option<(PathBuf, String)>,
    issuer: Option<Url>,
    security: Security,
}

enum Security {
    Plain,
    Tls { plain_listen: ListenAddress, certificate: Certificate },
}

enum Certificate {
    Local { hosts: Vec<Name> },
    Given { certificate: PathBuf, key: PathBuf },
}

impl Settings {
    pub(super) fn judge(args: ServeArgs, environment: &Environment) -> Result<Self, Failure> {
        let data = environment.data(args.data.data.clone());
        let issuer = args.issuer.as_deref().map(issuer).transpose()?;
        let listen = args.listen;
        let seed = args.seed.clone().map(seed).transpose()?;
        let security = match args.tls {
            Tls::Off => without_tls(&args, issuer.as_ref())?,
            Tls::On => with_tls(args, issuer.as_ref())?,
        };
        Ok(Self { listen, data, seed, issuer, security })
    }

    pub(super) fn plain_listen(&self) -> Option<ListenAddress> {
        match self.security {
            Security::Plain => None,
            Security::Tls { plain_listen, .. } => Some(plain_listen),
        }
    }

    /// The issuer that was named, else the address where clients find the tenant.
    pub(super) fn issuer(&self, listeners: &Listeners) -> Result<Url, Failure> {
        match (&self.issuer, &self.security) {
            (Some(issuer), _) => Ok(issuer.clone()),
            (None, Security::Plain) => issuer(&format!("{}/", listeners.url())),
            (None, Security::Tls { .. }) => issuer(&format!("{}/", listeners.https_url())),
        }
    }

    /// Whether nobody but this machine's own people can reach the tenant: it listens here alone, and
    /// its issuer says so.
    pub(super) fn is_of_this_machine(&self, issuer: &Url) -> bool {
        let plain = self.plain_listen().is_none_or(ListenAddress::is_loopback);
        self.listen.is_loopback() && plain && is_loopback(issuer)
    }

    /// The names besides the issuer's under which clients come: those of the local certificate.
    pub(super) fn hosts(&self) -> Vec<String> {
        match &self.security {
            Security::Tls { certificate: Certificate::Local { hosts }, .. } => {
                Names::with(hosts.clone()).iter().map(Name::as_host).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Where the certificates come from; none without TLS.
    pub(super) fn certificates(self, issuer: &Url, data: &Data) -> Result<Option<Source>, Failure> {
        let Security::Tls { certificate, .. } = self.security else { return Ok(None) };
        let host = Name::of(issuer).ok_or_else(|| {
            Failure::trouble(format!("no certificate can be for the host of {issuer}"))
                .hint("name the issuer by a host name or an address")
        })?;
        Ok(Some(match certificate {
            Certificate::Given { certificate, key } => {
                Source::Given(Given { certificate, key, host })
            }
            Certificate::Local { hosts } => {
                Source::Local(Local::new(data.tls(), Names::with([host].into_iter().chain(hosts))))
            }
        }))
    }
}

/// Only the form of an address; what an issuer must look like is for the tenant to say.
fn issuer(text: &str) -> Result<Url, Failure> {
    let hint = "an issuer looks like https://localhost:8443/";
    let url = Url::parse(text).map_err(|error| {
        Failure::trouble(format!("--issuer is not an address: {error}: `{text}`")).hint(hint)
    })?;
    if url.as_str() != text {
        let what = format!("expected the issuer `{url}`, found `{text}`");
        return Err(Failure::trouble(what)
            .hint("clients compare it letter by letter, so write it in its plain form"));
    }
    Ok(url)
}

fn seed(file: PathBuf) -> Result<(PathBuf, String), Failure> {
    let text = files::read(&file).map_err(|error| {
        Failure::from(error.context("--seed")).hint("it must be a TOML file; see docs/seed.md")
    })?;
    Ok((file, text))
}

fn without_tls(args: &ServeArgs, issuer: Option<&Url>) -> Result<Security, Failure> {
    let unfit = [
        ("--tls-cert", args.tls_cert.is_some()),
        ("--host", !args.host.is_empty()),
        ("--plain-listen", args.plain_listen.is_some()),
    ];
    if let Some((flag, _)) = unfit.iter().find(|(_, is_given)| *is_given) {
        return Err(Failure::trouble(format!("{flag} is about TLS, but --tls is off"))
            .hint("leave one of them out"));
    }
    if !args.listen.is_loopback() {
        let what = format!("without TLS the tenant cannot listen on {}", args.listen);
        return Err(Failure::trouble(what)
            .hint("plain http stays on this machine: listen on localhost:PORT, or leave TLS on"));
    }
    match issuer {
        Some(issuer) if issuer.scheme() != "http" || !is_loopback(issuer) => {
            Err(Failure::trouble(format!("without TLS the issuer cannot be {issuer}"))
                .hint("it is http://localhost:PORT/, or leave TLS on"))
        }
        _ => Ok(Security::Plain),
    }
}

fn with_tls(args: ServeArgs, issuer: Option<&Url>) -> Result<Security, Failure> {
    if let Some(issuer) = issuer.filter(|issuer| issuer.scheme() != "https") {
        return Err(Failure::trouble(format!("with TLS the issuer cannot be {issuer}"))
            .hint("write it as https://HOST:PORT/, or add --tls off"));
    }
    let plain_listen = args.plain_listen.unwrap_or(PLAIN);
    if plain_listen.overlaps(args.listen) {
        let what = format!("https on {} and http on {plain_listen} need a port each", args.listen);
        return Err(Failure::trouble(what)
            .hint("choose another port for one of them, with --listen or --plain-listen"));
    }
    let certificate = match (args.tls_cert, args.tls_key) {
        (Some(certificate), Some(key)) => Certificate::Given { certificate, key },
        _ => Certificate::Local { hosts: args.host },
    };
    Ok(Security::Tls { plain_listen, certificate })
}
