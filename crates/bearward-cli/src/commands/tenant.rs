//! `bearward tenant`: the local authorization server, and what is done to it from the terminal.

mod api;
mod app;
mod confirm;
mod env;
mod folder;
mod grant;
mod key;
mod role;
mod serve;
mod shapes;
mod trust;
mod user;

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
        TenantCommand::Env(args) => env::run(args, environment).await,
        TenantCommand::Api(args) => api::run(args, environment).await,
        TenantCommand::App(args) => app::run(args, environment).await,
        TenantCommand::User(args) => user::run(args, environment).await,
        TenantCommand::Role(args) => role::run(args, environment).await,
        TenantCommand::Grant(args) => grant::run(args, environment).await,
        TenantCommand::Key(args) => key::run(args, environment).await,
    }
}
