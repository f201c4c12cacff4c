//! What can be typed on the command line. Only the shape: what it means is settled in `config`.

use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use clap::{Args, Parser, Subcommand, builder::Styles};

use crate::config::VARIABLES;

const STYLES: Styles = Styles::styled()
    .header(Style::new().bold())
    .usage(Style::new().bold())
    .literal(AnsiColor::Cyan.on_default())
    .error(AnsiColor::Red.on_default().bold());

/// Guards HTTP APIs that take OAuth 2.0 access tokens.
#[derive(Debug, Parser)]
#[command(name = "bearward", version, styles = STYLES, max_term_width = 80)]
#[command(after_help = after_help())]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Get an access token, or look into one
    #[command(subcommand)]
    Token(TokenCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Get an access token with a client's own credentials
    #[command(after_help = GET_EXAMPLES)]
    Get(TokenGetArgs),
    /// Show what a token says, without checking that it is true
    #[command(after_help = DECODE_EXAMPLES)]
    Decode(TokenDecodeArgs),
}

/// Get an access token with the client credentials grant (RFC 6749, section 4.4).
/// The client's secret is read from BEARWARD_CLIENT_SECRET or from standard input,
/// never from the command line, where other users of this machine could see it.
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

/// Show the header and the claims of a token, with their meaning and with times in
/// words. Nothing is verified: anyone can write a token that says anything.
#[derive(Debug, Args)]
pub(crate) struct TokenDecodeArgs {
    /// The token; `-` reads it from standard input
    pub(crate) token: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which issuer, and how to reach it.
#[derive(Debug, Args)]
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
    let mut text = String::from("Environment:\n");
    for (name, meaning) in VARIABLES {
        text += &format!("  {name:<23} {meaning}\n");
    }
    text + "\nExit status: 0 yes, 1 refused, 2 wrong usage or trouble around it."
}

const GET_EXAMPLES: &str = "\
Examples:
  read -rs BEARWARD_CLIENT_SECRET; export BEARWARD_CLIENT_SECRET
  bearward token get --domain dev-xyz.eu.auth0.com \\
      --audience https://api.example.com --client-id ID
      Type the secret once, then get a token for the API.
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
