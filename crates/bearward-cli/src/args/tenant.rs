//! What can be typed after `bearward tenant`.

mod api;
mod app;
mod env;
mod grant;
mod key;
mod manage;
mod role;
mod user;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::certificates::Name;
use crate::listen::ListenAddress;

pub(crate) use api::{ApiArgs, ApiCommand, ApiCreateArgs, ApiPermissionCommand};
pub(crate) use app::{AppArgs, AppCommand, AppCreateArgs};
pub(crate) use env::{EnvArgs, EnvFormat};
pub(crate) use grant::{GrantArgs, GrantCommand, GrantedArgs};
pub(crate) use key::{KeyArgs, KeyCommand};
pub(crate) use manage::{ConfirmArgs, ManageArgs};
pub(crate) use role::{RoleArgs, RoleCommand};
pub(crate) use user::{
    HeldPermissionCommand, PasswordArgs, UserArgs, UserCommand, UserCreateArgs, UserRoleCommand,
};

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
    /// Print the environment variables that Auth0's SDKs want
    ///
    /// Domain, audience, client id and secret, and the files that make clients trust
    /// the tenant's local CA.
    #[command(after_help = ENV_EXAMPLES)]
    Env(EnvArgs),
    /// Look after APIs and their permissions
    #[command(after_help = API_EXAMPLES)]
    Api(ApiArgs),
    /// Look after applications
    #[command(after_help = APP_EXAMPLES)]
    App(AppArgs),
    /// Look after users: passwords, roles and permissions
    #[command(after_help = USER_EXAMPLES)]
    User(UserArgs),
    /// Look after roles and their permissions
    #[command(after_help = ROLE_EXAMPLES)]
    Role(RoleArgs),
    /// Look after what applications may do on APIs without a user
    #[command(after_help = GRANT_EXAMPLES)]
    Grant(GrantArgs),
    /// Look after the signing keys
    #[command(after_help = KEY_EXAMPLES)]
    Key(KeyArgs),
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
    /// Make what this TOML file names: APIs, applications, roles, users, grants
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,
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
  bearward tenant serve --seed tenant.toml
      One that knows its APIs and applications from the start; docs/seed.md.
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

const ENV_EXAMPLES: &str = "\
Examples:
  bearward tenant env --data ./tenant --new-secret > .env
  eval \"$(bearward tenant env --data ./tenant --format export)\"
  bearward tenant env --data ./tenant --format json | jq -r .AUTH0_DOMAIN

Environment: BEARWARD_DATA stands in for --data.";

const API_EXAMPLES: &str = "\
Examples:
  bearward tenant api create https://api.example.com --name Messages \\
      --permission \"read:messages=Read messages\"
  bearward tenant api permission add https://api.example.com write:messages
  bearward tenant api list --json

Environment: BEARWARD_DATA stands in for --data.";

const APP_EXAMPLES: &str = "\
Examples:
  bearward tenant app create \"Nightly report\" --type non_interactive
  bearward tenant app create \"Message reader\" --type spa \\
      --callback http://localhost:3010/ --web-origin http://localhost:3010
  bearward tenant app rotate-secret \"Nightly report\"

Environment: BEARWARD_DATA stands in for --data.";

const USER_EXAMPLES: &str = "\
Examples:
  bearward tenant user create alice@example.com --name \"Alice Liddell\"
      The password is random, and shown this once.
  pass show alice | bearward tenant user set-password alice@example.com \\
      --password-stdin
  bearward tenant user role add alice@example.com Reader

Environment: BEARWARD_DATA stands in for --data.";

const ROLE_EXAMPLES: &str = "\
Examples:
  bearward tenant role create Reader --description \"May read messages\"
  bearward tenant role permission add Reader read:messages \\
      --audience https://api.example.com

Environment: BEARWARD_DATA stands in for --data.";

const GRANT_EXAMPLES: &str = "\
Examples:
  bearward tenant grant create --app \"Nightly report\" \\
      --audience https://api.example.com --scope read:messages
  bearward tenant grant list

Environment: BEARWARD_DATA stands in for --data.";

const KEY_EXAMPLES: &str = "\
Examples:
  bearward tenant key list
  bearward tenant key rotate
  bearward tenant key revoke KID
      Once nobody needs tokens that it signed.

Environment: BEARWARD_DATA stands in for --data.";
