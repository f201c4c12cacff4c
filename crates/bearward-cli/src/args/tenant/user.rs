//! What can be typed after `bearward tenant user`.

use clap::{Args, Subcommand};

use super::{ConfirmArgs, ManageArgs};

#[derive(Debug, Args)]
pub(crate) struct UserArgs {
    #[command(flatten)]
    pub(crate) manage: ManageArgs,
    #[command(subcommand)]
    pub(crate) command: UserCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// List all users
    List,
    /// Make a user
    Create(UserCreateArgs),
    /// Show a user, their roles and all that they may do
    Show {
        /// Their user id, or their email address
        user: String,
    },
    /// Give a user another password
    SetPassword {
        /// Their user id, or their email address
        user: String,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Keep a user from logging in and from getting new tokens
    Block {
        /// Their user id, or their email address
        user: String,
    },
    /// Let a blocked user in again
    Unblock {
        /// Their user id, or their email address
        user: String,
    },
    /// Delete a user, with their sessions and refresh tokens
    Delete {
        /// Their user id, or their email address
        user: String,
        #[command(flatten)]
        confirm: ConfirmArgs,
    },
    /// Give a user a role, or take it from them
    #[command(subcommand)]
    Role(UserRoleCommand),
    /// Give a user a permission without a role, or take it from them
    #[command(subcommand)]
    Permission(HeldPermissionCommand),
}

#[derive(Debug, Args)]
pub(crate) struct UserCreateArgs {
    /// Their email address
    pub(crate) email: String,
    /// Their full name [default: the address]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Say that the address is known to be theirs
    #[arg(long)]
    pub(crate) email_verified: bool,
    #[command(flatten)]
    pub(crate) password: PasswordArgs,
}

/// There is no flag for a password: other users of this machine could see it.
#[derive(Debug, Args)]
pub(crate) struct PasswordArgs {
    /// Read the password from standard input [default: a random one, shown this once]
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UserRoleCommand {
    /// Give a role
    Add(UserRoleArgs),
    /// Take a role, and what is held by it alone
    Remove(UserRoleArgs),
}

#[derive(Debug, Args)]
pub(crate) struct UserRoleArgs {
    /// Their user id, or their email address
    pub(crate) user: String,
    /// The role's name, or its id
    pub(crate) role: String,
}

/// For users and roles alike.
#[derive(Debug, Subcommand)]
pub(crate) enum HeldPermissionCommand {
    /// Give a permission
    Add(HeldPermissionArgs),
    /// Take a permission
    Remove(HeldPermissionArgs),
}

#[derive(Debug, Args)]
pub(crate) struct HeldPermissionArgs {
    /// Who holds it: a user id or an email address; of a role its name or id
    #[arg(value_name = "HOLDER")]
    pub(crate) holder: String,
    /// The permission, such as read:messages
    pub(crate) value: String,
    /// Identifier of the API that has the permission
    #[arg(long, value_name = "ID")]
    pub(crate) audience: String,
}
