//! `cargo xtask test`: every test there is.

use crate::{places, shell, system};

/// Sets up what the tests need and runs them all: unit, integration and documentation tests of
/// the workspace, then those of each workspace under `examples/`.
pub(crate) fn run() -> anyhow::Result<()> {
    const ALL: &str = "test --workspace --all-features";
    system::ensure()?;
    shell::run(&mut shell::cargo(ALL))?;
    for folder in places::example_workspaces()? {
        shell::run(&mut shell::cargo_in(&folder, ALL))?;
    }
    Ok(())
}
