//! What can be typed after `bearward tenant grant`.

use clap::{Args, Subcommand};

use super::{ConfirmArgs, ManageArgs};

#[derive(Debug, Args)]
pub(crate) struct GrantArgs {
    #[command(flatten)]
    pub(crate) manage: ManageArgs,
    #[command(subcommand)]
    pub(crate) command: GrantCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum GrantCommand {
    /// List what applications may do on APIs without a user
    List,
    /// Let an application have tokens for an API, with these permissions or none
    ///
    /// A grant that is there already gets these permissions instead of its own.
    Create {
        #[command(flatten)]
        grant: GrantedArgs,
        /// A permission of the API; may be repeated
        // The other commands call it a permission; here it is the grant's own field.
        #[arg(long, visible_alias = "permission", value_name = "SCOPE")]
        scope: Vec<String>,
    },
    /// Take a grant away: the application gets no more tokens for the API
    Delete {
        #[command(flatten)]
        grant: GrantedArgs,
        #[command(flatten)]
        confirm: ConfirmArgs,
    },
}

#[derive(Debug, Args)]
pub(crate) struct GrantedArgs {
    /// Client id of the application, or a name that it alone has
    #[arg(long, value_name = "ID")]
    pub(crate) app: String,
    /// Identifier of the API
    #[arg(long, value_name = "ID")]
    pub(crate) audience: String,
}
