//! What can be typed after `bearward tenant env`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct EnvArgs {
    /// How to write them
    #[arg(long, value_name = "FORMAT", default_value = "dotenv")]
    pub(crate) format: EnvFormat,
    /// Folder of the tenant; it may be served meanwhile
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Client id of the application, or a name that it alone has [default: the only
    /// one there is]
    #[arg(long, value_name = "ID")]
    pub(crate) app: Option<String>,
    /// Identifier of the API [default: the only one there is]
    #[arg(long, value_name = "ID")]
    pub(crate) audience: Option<String>,
    /// Give the application a new secret, and print it; the old one proves nothing
    /// from then on
    #[arg(long)]
    pub(crate) new_secret: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EnvFormat {
    /// Lines NAME=value, for a file `.env`
    Dotenv,
    /// Lines `export NAME=value`, for eval in a shell
    Export,
    /// One object
    Json,
}
