//! What the quickstart is to run with, judged whole before any port is taken.

use bearward::ResourceServer;

use crate::args::QuickstartArgs;
use crate::config::{Audience, Environment, IssuerSettings};
use crate::exit::Failure;
use crate::guarded_api::GuardedApi;
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
    let audience = environment.audience(args.api.audience.clone())?;
    let Some(settings) = environment.issuer(args.api.issuer.clone())? else {
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
    let GuardedApi { server, settings, audience } =
        GuardedApi::judge(&args.api, settings, audience)?;
    Ok(Guard::OwnIssuer { server, settings, audience })
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
        ("--profile", args.api.profile.is_some()),
        ("--jwks-file", args.api.jwks_file.is_some()),
        ("--ca-file", args.api.issuer.ca_file.is_some()),
        ("--client-id", args.client_id.is_some()),
    ];
    match flags.iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((flag, _)) => Err(Failure::trouble(format!("{flag} is about an issuer of your own"))
            .hint("name it too, with --issuer URL or --domain DOMAIN")),
    }
}
