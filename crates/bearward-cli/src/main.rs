//! The program `bearward`: a quickstart, a local tenant, and tools for access tokens.

mod address;
mod args;
mod certificates;
mod claims;
mod client_credentials;
mod commands;
mod config;
mod connections;
mod data;
mod discovery;
mod exit;
mod files;
mod guarded_api;
mod http;
mod input;
mod listen;
mod log;
mod members;
mod moment;
mod output;
mod sample;
mod serve;
mod shell;
mod standing_clock;
mod table;
mod tls;
mod token_answer;
mod trust;

use std::process::ExitCode;

use anyhow::Context;
use bearward::SystemClock;
use clap::Parser;

use args::{Cli, Command, TokenCommand};
use commands::{quickstart, tenant, token_decode, token_explain, token_get};
use config::Environment;
use exit::{Exit, Failure};
use log::Unasked;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let exit = run(cli).unwrap_or_else(|failure| failure.report());
    exit.into()
}

fn run(cli: Cli) -> Result<Exit, Failure> {
    let environment = Environment::read()?;
    let unasked = match &cli.command {
        Command::Token(TokenCommand::Explain(_)) => Unasked::Warnings,
        _ => Unasked::ErrorsAndWarnings,
    };
    log::to_stderr(environment.log(), unasked);
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    runtime.block_on(async {
        match cli.command {
            Command::Quickstart(args) => quickstart::run(args, &environment).await,
            Command::Tenant(command) => tenant::run(command, &environment).await,
            Command::Token(TokenCommand::Get(args)) => token_get::run(args, &environment).await,
            Command::Token(TokenCommand::Decode(args)) => token_decode::run(args, &SystemClock),
            Command::Token(TokenCommand::Explain(args)) => {
                token_explain::run(args, &environment).await
            }
        }
    })
}
