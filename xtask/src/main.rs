//! The project's own chores. `cargo xtask --help` lists them.

mod ci;
mod compare;
mod conformance;
mod mutants;
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
    /// Change the verifier in one place at a time, and see its tests fail each time (takes hours)
    Mutants {
        /// For `cargo mutants`: `--re src/json.rs`, `--shard 1/8`, `--list`
        #[arg(value_name = "WORD", trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// Check the rules of this house that no compiler and no linter knows
    Tidy,
}

fn main() -> ExitCode {
    let result = match Args::parse().chore {
        Chore::Test => test::run(),
        Chore::Ci { steps } => ci::run(&steps),
        Chore::Conformance => conformance::run(),
        Chore::Compare => compare::run(),
        Chore::Mutants { words } => mutants::run(&words),
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
