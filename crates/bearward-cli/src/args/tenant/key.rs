//! What can be typed after `bearward tenant key`.

use clap::{Args, Subcommand};

use super::{ConfirmArgs, ManageArgs};

#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    #[command(flatten)]
    pub(crate) manage: ManageArgs,
    #[command(subcommand)]
    pub(crate) command: KeyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// List the signing keys
    List,
    /// Sign with the next key from now on, and make a new next one
    ///
    /// The key that was current stays published, so that its tokens are good until
    /// they expire.
    Rotate,
    /// Take a previous key out of the key set: its tokens are refused from then on
    Revoke {
        /// The key's kid
        // One in sixty-four begins with a hyphen, for it is base64url.
        #[arg(allow_hyphen_values = true)]
        kid: String,
        #[command(flatten)]
        confirm: ConfirmArgs,
    },
}
