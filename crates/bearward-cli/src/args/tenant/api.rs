//! What can be typed after `bearward tenant api`.

use bearward_tenant::{SigningAlgorithm, TokenDialect};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

use super::{ConfirmArgs, ManageArgs};

#[derive(Debug, Args)]
pub(crate) struct ApiArgs {
    #[command(flatten)]
    pub(crate) manage: ManageArgs,
    #[command(subcommand)]
    pub(crate) command: ApiCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ApiCommand {
    /// List all APIs
    List,
    /// Make an API
    Create(ApiCreateArgs),
    /// Show an API, its permissions and who has them
    Show {
        /// Its identifier, or its id
        api: String,
    },
    /// Delete an API, with every grant for it
    Delete {
        /// Its identifier, or its id
        api: String,
        #[command(flatten)]
        confirm: ConfirmArgs,
    },
    /// Add or remove a permission
    #[command(subcommand)]
    Permission(ApiPermissionCommand),
}

#[derive(Debug, Args)]
pub(crate) struct ApiCreateArgs {
    /// What tokens call it: their `aud`. It never changes
    pub(crate) identifier: String,
    /// What people call it [default: the identifier]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// A permission, such as "read:messages=Read messages"; may be repeated
    #[arg(long, value_name = "VALUE[=DESCRIPTION]")]
    pub(crate) permission: Vec<String>,
    /// How long its access tokens live [default: a day]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) token_lifetime: Option<u64>,
    /// The shape of its access tokens [default: access_token]
    #[arg(long, value_name = "NAME", value_parser = dialect())]
    pub(crate) token_dialect: Option<TokenDialect>,
    /// What its access tokens are signed with [default: RS256]
    #[arg(long, value_name = "NAME", value_parser = algorithm())]
    pub(crate) signing_algorithm: Option<SigningAlgorithm>,
    /// Give users those permissions alone that they or their roles hold (RBAC)
    #[arg(long)]
    pub(crate) enforce_policies: bool,
    /// Let applications have refresh tokens for it
    #[arg(long)]
    pub(crate) allow_offline_access: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ApiPermissionCommand {
    /// Add a permission, or describe anew one that is there
    Add {
        /// Identifier or id of the API
        api: String,
        /// The permission, such as read:messages
        value: String,
        /// What people read
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        description: String,
    },
    /// Remove a permission, from every grant, role and user too
    Remove {
        /// Identifier or id of the API
        api: String,
        /// The permission, such as read:messages
        value: String,
        #[command(flatten)]
        confirm: ConfirmArgs,
    },
}

fn dialect() -> impl TypedValueParser<Value = TokenDialect> {
    PossibleValuesParser::new(TokenDialect::ALL.map(TokenDialect::name))
        .try_map(|name| TokenDialect::from_name(&name).ok_or("no dialect"))
}

fn algorithm() -> impl TypedValueParser<Value = SigningAlgorithm> {
    PossibleValuesParser::new(SigningAlgorithm::ALL.map(SigningAlgorithm::name))
        .try_map(|name| SigningAlgorithm::from_name(&name).ok_or("no algorithm"))
}
