//! Where things lie: the workspace, and the workspaces under `examples/`.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::Value;

use crate::shell;

/// The folder of the workspace.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// The workspaces of the examples: `examples` itself if it has a `Cargo.toml`, else each of its
/// folders that has one.
pub(crate) fn example_workspaces() -> anyhow::Result<Vec<PathBuf>> {
    workspaces_in(&root().join("examples"))
}

fn workspaces_in(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    if has_manifest(folder) {
        return Ok(vec![folder.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in folder.read_dir().with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if has_manifest(&path) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn has_manifest(folder: &Path) -> bool {
    folder.join("Cargo.toml").is_file()
}

/// What cargo knows of the workspace's own packages.
pub(crate) fn metadata() -> anyhow::Result<Value> {
    let text = shell::capture(&mut shell::cargo("metadata --no-deps --format-version 1 --quiet"))?;
    serde_json::from_str(&text).context("cargo metadata printed no JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_holds_the_workspace() {
        assert!(has_manifest(&root().join("crates/bearward")));
    }

    #[test]
    fn only_folders_with_a_manifest_count() {
        let found = workspaces_in(&root().join("crates")).unwrap();
        assert!(found.contains(&root().join("crates/bearward")));
        assert!(workspaces_in(&root().join("xtask/src")).unwrap().is_empty());
        assert!(workspaces_in(&root().join("no-such-folder")).unwrap().is_empty());
    }

    #[test]
    fn folder_that_is_a_workspace_stands_for_its_members() {
        assert_eq!(workspaces_in(root()).unwrap(), [root()]);
    }
}
