//! What can be typed after `bearward tenant app`.

use bearward_tenant::ApplicationType;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

use super::{ConfirmArgs, ManageArgs};

#[derive(Debug, Args)]
pub(crate) struct AppArgs {
    #[command(flatten)]
    pub(crate) manage: ManageArgs,
    #[command(subcommand)]
    pub(crate) command: AppCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AppCommand {
    /// List all applications
    List,
    /// Make an application; its secret is shown this once
    Create(AppCreateArgs),
    /// Show an application, and what it was granted
    Show {
        /// Its client id, or a name that it alone has
        app: String,
    },
    /// Give an application a new secret; the old one proves nothing from then on
    RotateSecret {
        /// Its client id, or a name that it alone has
        app: String,
    },
    /// Delete an application, with its grants and refresh tokens
    Delete {
        /// Its client id, or a name that it alone has
        app: String,
        #[command(flatten)]
        confirm: ConfirmArgs,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AppCreateArgs {
    /// What people call it
    pub(crate) name: String,
    /// What kind of program it is
    #[arg(long = "type", value_name = "TYPE", value_parser = app_type())]
    pub(crate) app_type: ApplicationType,
    /// Where people may be sent after they have logged in; may be repeated
    #[arg(long, value_name = "URL")]
    pub(crate) callback: Vec<String>,
    /// Where people may be sent after they have logged out; may be repeated
    #[arg(long, value_name = "URL")]
    pub(crate) allowed_logout_url: Vec<String>,
    /// Origin whose pages may read the tenant's answers; may be repeated
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) web_origin: Vec<String>,
    /// Make it somebody else's: it asks users for consent, always
    #[arg(long)]
    pub(crate) third_party: bool,
    /// Choose its client id [default: 32 random letters and digits]
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
}

fn app_type() -> impl TypedValueParser<Value = ApplicationType> {
    PossibleValuesParser::new(ApplicationType::ALL.map(ApplicationType::name))
        .try_map(|name| ApplicationType::from_name(&name).ok_or("no type"))
}
