//! What all commands take that look after a tenant in a folder.

use std::path::PathBuf;

use clap::Args;

/// Which tenant, and how to answer.
#[derive(Debug, Args)]
pub(crate) struct ManageArgs {
    /// Folder of the tenant; it may be served meanwhile
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) data: Option<PathBuf>,
    /// Print JSON, with the field names of Auth0's Management API
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// For what cannot be undone.
#[derive(Debug, Args)]
pub(crate) struct ConfirmArgs {
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}
