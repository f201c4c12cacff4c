//! The oldest Rust that we promise is the one that we build with, so that every build tries it.

use super::Fault;

/// Compares `channel` of rust-toolchain.toml with `rust-version` of the workspace.
pub(super) fn check(toolchain: &str, manifest: &str) -> Vec<Fault> {
    let channel = value(toolchain, "channel").unwrap_or_default();
    let promised = value(manifest, "rust-version").unwrap_or_default();
    if !promised.is_empty() && (channel == promised || channel == format!("{promised}.0")) {
        return Vec::new();
    }
    let what = format!("rust-version is \"{promised}\", but the toolchain is \"{channel}\"");
    vec![Fault::file("Cargo.toml", what)]
}

fn value<'text>(text: &'text str, key: &str) -> Option<&'text str> {
    let assigned = |line: &'text str| line.strip_prefix(key)?.trim_start().strip_prefix('=');
    text.lines().find_map(assigned).map(|value| value.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promise_that_is_not_tried_is_refused() {
        let toolchain = "[toolchain]\nchannel = \"1.95.0\"\n";
        assert_eq!(check(toolchain, "rust-version = \"1.95\"").len(), 0);
        assert_eq!(check(toolchain, "rust-version = \"1.90\"").len(), 1);
        assert_eq!(check(toolchain, "").len(), 1);
    }
}
