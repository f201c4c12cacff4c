//! What can be typed after `bearward tenant role`.

use clap::{Args, Subcommand};

use super::{ConfirmArgs, HeldPermissionCommand, ManageArgs};

#[derive(Debug, Args)]
pub(crate) struct RoleArgs {
    #[command(flatten)]
    pub(crate) manage: ManageArgs,
    #[command(subcommand)]
    pub(crate) command: RoleCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RoleCommand {
    /// List all roles
    List,
    /// Make a role
    Create {
        /// What people call it
        name: String,
        /// What people read
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        description: String,
    },
    /// Show a role, its permissions and who has it
    Show {
        /// Its name, or its id
        role: String,
    },
    /// Delete a role; users lose what they hold by it alone
    Delete {
        /// Its name, or its id
        role: String,
        #[command(flatten)]
        confirm: ConfirmArgs,
    },
    /// Give a role a permission, or take it from it
    #[command(subcommand)]
    Permission(HeldPermissionCommand),
}
