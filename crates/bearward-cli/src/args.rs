//! What can be typed on the command line. Only the shape: what it means is settled in `config`.

mod tenant;

use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use clap::{Args, Parser, Subcommand, builder::Styles};
use jiff::Timestamp;

use crate::config::VARIABLES;
use crate::listen::ListenAddress;
use crate::moment;

pub(crate) use tenant::{
    ApiArgs, ApiCommand, ApiCreateArgs, ApiPermissionCommand, AppArgs, AppCommand, AppCreateArgs,
    ConfirmArgs, EnvArgs, EnvFormat, GrantArgs, GrantCommand, GrantedArgs, HeldPermissionCommand,
    KeyArgs, KeyCommand, ManageArgs, PasswordArgs, RoleArgs, RoleCommand, ServeArgs, TenantCommand,
    Tls, TrustArgs, UserArgs, UserCommand, UserCreateArgs, UserRoleCommand,
};

const STYLES: Styles = Styles::styled()
    .header(Style::new().bold())
    .usage(Style::new().bold())
    .literal(AnsiColor::Cyan.on_default())
    .error(AnsiColor::Red.on_default().bold());

/// Guards HTTP APIs that take OAuth 2.0 access tokens.
#[derive(Parser)]
#[command(name = "bearward", version, styles = STYLES, max_term_width = 80)]
#[command(after_help = after_help())]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run a guarded API, with a tenant that issues tokens for it
    ///
    /// An API with three routes on this machine: one open, one that asks for a valid
    /// access token, one that asks for the scope read:messages. A tenant that issues
    /// such tokens runs beside it, unless you name an issuer of your own.
    #[command(after_help = QUICKSTART_EXAMPLES)]
    Quickstart(QuickstartArgs),
    /// Get an access token, look into one, or see why it is refused
    #[command(subcommand)]
    Token(TokenCommand),
    /// Run a tenant: a local authorization server in Auth0's dialect
    #[command(subcommand)]
    Tenant(TenantCommand),
}

#[derive(Subcommand)]
pub(crate) enum TokenCommand {
    /// Get an access token with a client's own credentials
    ///
    /// It takes the client credentials grant (RFC 6749, section 4.4). The client's
    /// secret is read from BEARWARD_CLIENT_SECRET or from standard input, never from
    /// the command line, where other users of this machine could see it.
    #[command(after_help = GET_EXAMPLES)]
    Get(TokenGetArgs),
    /// Show what a token says, without checking that it is true
    ///
    /// The header and the claims are shown with their meaning and with times in words.
    /// Nothing is verified: anyone can write a token that says anything.
    #[command(after_help = DECODE_EXAMPLES)]
    Decode(TokenDecodeArgs),
    /// Check a token as a guard does, and say why it is refused
    ///
    /// Every step of the check is told up to the one that fails, with the likely mistake
    /// and what mends it. The verdict is the one that the library gives for a request.
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(TokenExplainArgs),
}

/// What `bearward quickstart` takes.
#[derive(Debug, Args)]
pub(crate) struct QuickstartArgs {
    /// Where the API listens; port 0 takes a free one [default: localhost:3010]
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) listen: Option<ListenAddress>,
    /// Where the local tenant listens; likewise [default: localhost:3011]
    #[arg(long, value_name = "HOST:PORT", conflicts_with_all = ["issuer", "domain"])]
    pub(crate) tenant_listen: Option<ListenAddress>,
    #[command(flatten)]
    pub(crate) api: GuardArgs,
    /// Single-page application at your issuer that people log in to on the API's page; the page's
    /// address is its callback and logout URL
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// Print one line of JSON on stdout when ready, nothing else
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `bearward token get` takes.
#[derive(Debug, Args)]
pub(crate) struct TokenGetArgs {
    #[command(flatten)]
    pub(crate) issuer: IssuerArgs,
    /// Identifier of the API that the token is for
    #[arg(long, value_name = "ID")]
    pub(crate) audience: Option<String>,
    /// Identifier of your application at the issuer
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// Read the client's secret from standard input
    #[arg(long)]
    pub(crate) client_secret_stdin: bool,
    /// Ask for this scope; may be repeated [default: all that was granted]
    #[arg(long, value_name = "SCOPE")]
    pub(crate) scope: Vec<String>,
    /// Print the issuer's whole answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `bearward token decode` takes.
#[derive(Args)]
pub(crate) struct TokenDecodeArgs {
    /// The token; `-` reads it from standard input
    pub(crate) token: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `bearward token explain` takes.
#[derive(Args)]
pub(crate) struct TokenExplainArgs {
    /// The token; `-` reads one a line from standard input, and answers one verdict a line
    pub(crate) token: String,
    #[command(flatten)]
    pub(crate) api: GuardArgs,
    /// The request needs this scope; may be repeated
    #[arg(long, value_name = "SCOPE")]
    pub(crate) require: Vec<String>,
    /// The request needs this permission of the user; may be repeated
    #[arg(long, value_name = "PERMISSION")]
    pub(crate) permission: Vec<String>,
    /// Check as if it were this moment (RFC 3339) [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    pub(crate) at: Option<Timestamp>,
    /// Allow the clocks of issuer and API to differ by so many seconds [default: 60]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) skew: Option<u64>,
    /// Print JSON: `accepted`, `code`, `status`, `steps`, `mistake`, `mend`
    #[arg(long)]
    pub(crate) json: bool,
}

/// An API, its issuer, and the rules for its tokens.
#[derive(Clone, Debug, Args)]
pub(crate) struct GuardArgs {
    #[command(flatten)]
    pub(crate) issuer: IssuerArgs,
    /// Identifier of this API at your issuer; its tokens name it as `aud`
    #[arg(long, value_name = "ID")]
    pub(crate) audience: Option<String>,
    /// Take the issuer's keys from this file, and fetch none
    #[arg(long, value_name = "FILE")]
    pub(crate) jwks_file: Option<PathBuf>,
    /// Rules for its tokens: rfc9068, general, auth0, keycloak, okta, entra or cognito [default:
    /// auth0 with --domain, else general]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

/// Which issuer, and how to reach it.
#[derive(Clone, Debug, Args)]
pub(crate) struct IssuerArgs {
    /// Issuer of the tokens, exactly as it stands in their `iss`
    #[arg(long, value_name = "URL", conflicts_with = "domain")]
    pub(crate) issuer: Option<String>,
    /// Auth0 domain, such as dev-xyz.eu.auth0.com
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) domain: Option<String>,
    /// Trust the certificates in this PEM file too
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
}

fn after_help() -> String {
    let mut text = String::from(
        "Start here: `bearward quickstart` runs a guarded API on this machine.\n\nEnvironment:\n",
    );
    for (name, meaning) in VARIABLES {
        text += &format!("  {name:<23} {meaning}\n");
    }
    text + "\nExit status: 0 yes, 1 refused, 2 wrong usage or trouble around it."
}

const QUICKSTART_EXAMPLES: &str = "\
Examples:
  bearward quickstart
      An API on http://localhost:3010, a tenant on http://localhost:3011.
  bearward quickstart --domain dev-xyz.eu.auth0.com \\
      --audience https://api.example.com
      The same API, guarded with tokens of your own Auth0 tenant.
  bearward quickstart --listen localhost:0 --tenant-listen localhost:0 --json
      For scripts: free ports, and one line that says which.

Environment: BEARWARD_ISSUER, BEARWARD_DOMAIN and BEARWARD_AUDIENCE stand in for
the options of the same names; BEARWARD_LOG=debug tells more on stderr.";

const GET_EXAMPLES: &str = "\
Examples:
  read -rs BEARWARD_CLIENT_SECRET; export BEARWARD_CLIENT_SECRET
  bearward token get --domain dev-xyz.eu.auth0.com \\
      --audience https://api.example.com --client-id ID
      Type the secret unseen (bash or zsh), then get a token for the API.
  pass show api | bearward token get --issuer https://id.example.com/ \\
      --client-id ID --client-secret-stdin --scope read:messages
      The secret comes from a password store.

Environment: BEARWARD_CLIENT_SECRET; BEARWARD_ISSUER, BEARWARD_DOMAIN,
BEARWARD_AUDIENCE and BEARWARD_CLIENT_ID stand in for the options.";

const DECODE_EXAMPLES: &str = "\
Examples:
  bearward token decode eyJhbGciOi...
  bearward token get ... | bearward token decode -
  bearward token decode --json - < token.txt";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  bearward token explain eyJhbGciOi... --domain dev-xyz.eu.auth0.com \\
      --audience https://api.example.com --require read:messages
      Would a route that asks for this scope let it in?
  bearward token explain eyJhbGciOi... --issuer https://id.example.com/ \\
      --audience api --jwks-file keys.json --at 2026-11-25T10:00:00Z
      Without the network, and as it was then.
  bearward token explain - --json --domain dev-xyz.eu.auth0.com \\
      --audience https://api.example.com < tokens.txt
      One object a line; the exit status is 0 only if all are accepted.

Environment: BEARWARD_ISSUER, BEARWARD_DOMAIN and BEARWARD_AUDIENCE stand in for
the options of the same names.

Exit status: 0 accepted, 1 refused, 2 wrong usage, or the keys cannot be had.";
