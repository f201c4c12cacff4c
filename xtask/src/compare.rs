//! `cargo xtask compare`: bearward beside other libraries, in the workspace `bench/`.

use std::path::PathBuf;

use crate::{places, shell};

/// Builds them all, asks them all, and writes down the answers.
pub(crate) fn run() -> anyhow::Result<()> {
    let express = bench().join("express");
    shell::run(shell::program("npm", "ci --no-fund --no-audit").current_dir(express))?;
    for words in ["clippy --package compare --all-targets -- -D warnings", "run --package compare"]
    {
        shell::run(&mut shell::cargo_in(&bench(), words))?;
    }
    Ok(())
}

/// Asks bearward alone, and looks whether what is written down still holds. The others are left
/// out, because building them takes minutes and they change only when their versions do.
pub(crate) fn check() -> anyhow::Result<()> {
    for words in [
        "fmt --all --check",
        "test --package compare --no-default-features",
        "run --package compare --no-default-features -- check",
    ] {
        shell::run(&mut shell::cargo_in(&bench(), words))?;
    }
    Ok(())
}

fn bench() -> PathBuf {
    places::root().join("bench")
}
