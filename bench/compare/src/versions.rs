//! Versions, as they stand in what was installed.

use anyhow::Context;
use serde_json::Value;

/// The version of a crate, by this workspace's lock file.
pub(crate) fn of_crate(name: &str) -> anyhow::Result<String> {
    let lock: Value = toml::from_str(include_str!("../../Cargo.lock"))?;
    let packages = lock.get("package").and_then(Value::as_array).context("a lock file")?;
    let found = packages.iter().find(|package| package.get("name") == Some(&name.into()));
    let version = found.and_then(|package| package.get("version")?.as_str());
    version.map(str::to_owned).with_context(|| format!("{name} does not stand in Cargo.lock"))
}

/// The version of a package that npm installed in a folder.
#[cfg(feature = "others")]
pub(crate) fn of_package(folder: &std::path::Path, name: &str) -> anyhow::Result<String> {
    let path = folder.join("node_modules").join(name).join("package.json");
    let package: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let version = package.get("version").and_then(Value::as_str);
    version.map(str::to_owned).with_context(|| format!("{name} has no version"))
}
