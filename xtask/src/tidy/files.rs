//! The project's own text files.

use std::path::Path;

use anyhow::Context;

/// What is read. Everything else (images, lock files, generated data) has no rules.
const ENDINGS: &[&str] = &[".rs", ".toml", ".json", ".html", ".css", ".js", ".mjs", ".py", ".sh"];

/// What others have built or written lies in these.
const NOT_OURS: &[&str] = &["target", "node_modules"];

/// Every text file below the folder: its path with `/`, relative to the folder, and its text, in
/// order. What is built, what was installed, and hidden folders are left out.
pub(crate) fn below(root: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let place = root.join(&folder);
        for entry in place.read_dir().with_context(|| format!("cannot list {}", place.display()))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let kind = entry.file_type()?;
            if kind.is_dir() && !NOT_OURS.contains(&&*name) && !name.starts_with('.') {
                folders.push(path);
            } else if kind.is_file() && ENDINGS.iter().any(|ending| name.ends_with(ending)) {
                let text = std::fs::read_to_string(entry.path())
                    .with_context(|| format!("cannot read {path} as text"))?;
                files.push((path, text));
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::places;

    #[test]
    fn own_files_are_found_and_built_ones_are_not() {
        let files = below(places::root()).unwrap();
        let has = |path: &str| files.iter().any(|(candidate, _)| candidate == path);
        assert!(has("xtask/src/tidy/files.rs"));
        assert!(has("Cargo.toml"));
        for folder in NOT_OURS {
            assert!(!files.iter().any(|(path, _)| path.contains(&format!("{folder}/"))));
        }
    }
}
