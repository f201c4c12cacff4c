//! What can be typed after `bearward tenant`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::certificates::Name;
use crate::listen::ListenAddress;

#[derive(Subcommand)]
pub(crate) enum TenantCommand {
    /// Run a tenant, with TLS by a local CA
    ///
    /// A local authorization server that software written for Auth0 talks to
    /// unchanged. It speaks https with a certificate that a CA of its own has signed;
    /// the CA can speak for this tenant alone, and its key is thrown away.
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(ServeArgs),
    /// Make this machine trust the tenant's local CA, or trust it no more
    ///
    /// The CA goes into the system's store and into the NSS databases of Firefox and
    /// Chromium. Every command is printed before it is run, and you are asked first.
    #[command(after_help = TRUST_EXAMPLES)]
    Trust(TrustArgs),
}

/// What `bearward tenant serve` takes.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Issuer of the tokens, exactly as it shall stand in them; no request changes it
    /// [default: the address of --listen, so https://localhost:8443/]
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: Option<String>,
    /// Where the tenant listens; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "localhost:8443")]
    pub(crate) listen: ListenAddress,
    /// Where /ca.pem and /healthz are served by plain http, and nothing else [default:
    /// localhost:8480]
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) plain_listen: Option<ListenAddress>,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Whether TLS is spoken; off is for loopback addresses only
    #[arg(long, value_name = "on|off", default_value = "on", hide_possible_values = true)]
    pub(crate) tls: Tls,
    /// Serve this certificate instead, in PEM form, with those that lead to its CA
    #[arg(long, value_name = "FILE", requires = "tls_key", conflicts_with = "host")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its private key, in PEM form
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Make the certificate for this host name or address too; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<Name>,
    /// Print one line of JSON on stdout when ready, nothing else
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `bearward tenant trust` takes.
#[derive(Debug, Args)]
pub(crate) struct TrustArgs {
    /// Folder of the tenant whose CA it is
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Undo it
    #[arg(long)]
    pub(crate) remove: bool,
    /// Print the commands, and run none
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) yes: bool,
}

/// Where the tenant's data is.
#[derive(Debug, Args)]
pub(crate) struct DataArgs {
    /// Keep everything in this folder [default: forget everything at the end]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tls {
    On,
    Off,
}

const SERVE_EXAMPLES: &str = "\
Examples:
  bearward tenant serve
      A tenant on https://localhost:8443/ that forgets everything at the end.
  bearward tenant serve --data ./tenant --host auth.localhost
      One that keeps its data, and that is called by another name too.
  bearward tenant serve --tls off --listen localhost:0 --json
      For scripts: plain http, a free port, and one line that says which.

Environment: BEARWARD_DATA stands in for --data; BEARWARD_LOG=debug tells more.";

const TRUST_EXAMPLES: &str = "\
Examples:
  bearward tenant trust --data ./tenant
  bearward tenant trust --data ./tenant --remove
  bearward tenant trust --data ./tenant --dry-run
      Only show what would be done.

Environment: BEARWARD_DATA stands in for --data.";
