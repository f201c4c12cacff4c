//! The project's own chores. `cargo xtask --help` lists them.

mod places;
mod shell;
mod system;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The project's own chores", version)]
struct Args {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Set up what the tests need, then run every test of the workspace and of the examples
    Test,
    /// Check the rules of this house that no compiler and no linter knows
    Tidy,
}

fn main() -> ExitCode {
    let result = match Args::parse().chore {
        Chore::Test => test::run(),
        Chore::Tidy => tidy::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            shell::complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
