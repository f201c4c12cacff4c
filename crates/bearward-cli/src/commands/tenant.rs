//! `bearward tenant`: the local authorization server, and what is done to it from the terminal.

mod serve;
mod trust;

use crate::args::TenantCommand;
use crate::config::Environment;
use crate::exit::{Exit, Failure};

pub(crate) async fn run(
    command: TenantCommand,
    environment: &Environment,
) -> Result<Exit, Failure> {
    match command {
        TenantCommand::Serve(args) => serve::run(args, environment).await,
        TenantCommand::Trust(args) => trust::run(&args, environment),
    }
}
