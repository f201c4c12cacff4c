//! The project's own chores. `cargo xtask --help` lists them.

mod ci;
mod compare;
mod conformance;
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
    /// Run every check that a commit must pass, or only the named steps
    Ci {
        /// The steps to run; all of them, in order, when none is named
        #[arg(value_name = "STEP", value_parser = ci::step_names())]
        steps: Vec<String>,
    },
    /// Write docs/conformance.md: what is demanded, and which tests show it
    Conformance,
    /// Ask bearward and other libraries the same requests, and write docs/comparison.md
    Compare,
    /// Check the rules of this house that no compiler and no linter knows
    Tidy,
}

fn main() -> ExitCode {
    let result = match Args::parse().chore {
        Chore::Test => test::run(),
        Chore::Ci { steps } => ci::run(&steps),
        Chore::Conformance => conformance::run(),
        Chore::Compare => compare::run(),
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
