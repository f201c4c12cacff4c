//! `cargo xtask test`: every test there is.

use crate::{places, shell, system};

/// Sets up what the tests need and runs them all: unit, integration and documentation tests of
/// the workspace, then those of each workspace under `examples/`, then those in a browser.
pub(crate) fn run() -> anyhow::Result<()> {
    const ALL: &str = "test --workspace --all-features";
    system::ensure()?;
    shell::run(&mut shell::cargo(ALL))?;
    for folder in places::example_workspaces()? {
        shell::run(&mut shell::cargo_in(&folder, ALL))?;
    }
    in_a_browser()
}

/// `e2e/` drives the program as it was just built.
fn in_a_browser() -> anyhow::Result<()> {
    let folder = places::root().join("e2e");
    shell::run(&mut shell::cargo("build --bin bearward"))?;
    shell::run(&mut shell::cargo("build --package bearward-tenant --examples"))?;
    for words in ["ci --no-fund --no-audit", "test"] {
        shell::run(shell::program("npm", words).current_dir(&folder))?;
    }
    Ok(())
}
