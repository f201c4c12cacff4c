//! What each step of `cargo xtask ci` runs.

use anyhow::{Context, bail};
use serde_json::Value;

use super::tools;
use crate::{places, shell};

const CLIPPY: &str = "clippy --workspace --all-targets --all-features -- -D warnings";

pub(super) fn fmt() -> anyhow::Result<()> {
    shell::run(&mut shell::cargo("fmt --all --check"))
}

pub(super) fn clippy() -> anyhow::Result<()> {
    shell::run(&mut shell::cargo(CLIPPY))
}

/// Only the libraries: the program `bearward` and the library of the same name would write to
/// one place.
pub(super) fn docs() -> anyhow::Result<()> {
    let mut doc = shell::cargo("doc --workspace --lib --no-deps --all-features");
    shell::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

/// The library without any feature, then with each feature alone, then with the default ones.
/// Only the library itself: tests may need features that are not the one in question.
pub(super) fn features() -> anyhow::Result<()> {
    let features = features_of(&places::metadata()?, "bearward")?;
    let alone = features.iter().map(|feature| format!("--no-default-features -F {feature}"));
    let none = String::from("--no-default-features");
    for selection in std::iter::once(none).chain(alone).chain([String::new()]) {
        let words = format!("clippy -p bearward --lib {selection} -- -D warnings");
        shell::run(&mut shell::cargo(&words))?;
    }
    Ok(())
}

fn features_of(metadata: &Value, package: &str) -> anyhow::Result<Vec<String>> {
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let found = packages.iter().find(|candidate| candidate["name"] == package);
    let Some(features) = found.and_then(|found| found["features"].as_object()) else {
        bail!("cargo metadata does not know the features of {package}");
    };
    Ok(features.keys().filter(|name| *name != "default").cloned().collect())
}

pub(super) fn examples() -> anyhow::Result<()> {
    let folders = places::example_workspaces()?;
    if folders.is_empty() {
        shell::say("     none  there is no workspace under examples/");
    }
    for folder in folders {
        for words in ["fmt --all --check", CLIPPY, "build --workspace --all-targets"] {
            shell::run(&mut shell::cargo_in(&folder, words))?;
        }
    }
    Ok(())
}

/// Not the advisories: their database lies outside the package registry, so whether this step
/// passes would hang on the network and on the day. `cargo deny check advisories` asks for them.
pub(super) fn deny() -> anyhow::Result<()> {
    shell::run(&mut tools::CARGO_DENY.command("check bans licenses sources")?)
}

pub(super) fn typos() -> anyhow::Result<()> {
    shell::run(&mut tools::TYPOS.command("")?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn features_are_read_from_the_metadata() {
        let metadata = json!({ "packages": [
            { "name": "other", "features": { "x": [] } },
            { "name": "bearward", "features": { "default": ["a"], "a": [], "b": ["a"] } },
        ] });
        assert_eq!(features_of(&metadata, "bearward").unwrap(), ["a", "b"]);
        assert!(features_of(&metadata, "unheard-of").is_err());
    }
}
