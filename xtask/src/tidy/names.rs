//! Names that may stand in few files only.

use super::Fault;
use super::source::{Line, Source};

/// Only the adapters name a web framework or the `http` crate.
pub(super) fn frameworks(source: &Source) -> Vec<Fault> {
    if in_library(source, &["tower", "axum"]) != Some(false) {
        return Vec::new();
    }
    let named = ["axum", "tower_service", "tower_layer", "http"];
    lines(source, |line| {
        let found = named.iter().find(|name| names_crate(&line.code, name))?;
        Some(format!("`{found}` may be named in src/tower and src/axum only"))
    })
}

/// In the library only the keys and the adapters need a runtime. Tests may have one.
pub(super) fn tokio(source: &Source) -> Vec<Fault> {
    if in_library(source, &["keys", "tower", "axum"]) != Some(false) {
        return Vec::new();
    }
    lines(source, |line| {
        let found = !line.in_test && names_crate(&line.code, "tokio");
        found.then(|| "`tokio` may be named in src/keys and the adapters only".to_owned())
    })
}

/// What the tenant uses the cryptographic library for: to hash secrets, to seal keys, to name
/// certificates.
const CRYPTOGRAPHY_OF_THE_TENANT: [&str; 3] = ["secret.rs", "seal.rs", "certificate.rs"];

/// Only two files of the library name the cryptographic library, and three of the tenant.
pub(super) fn cryptography(source: &Source) -> Vec<Fault> {
    let in_crates = source.path.starts_with("crates/");
    let file = source.path.strip_prefix("crates/bearward-tenant/src/");
    let in_tenant = file.is_some_and(|file| CRYPTOGRAPHY_OF_THE_TENANT.contains(&file));
    if !in_crates || in_tenant || in_library(source, &["signature", "sign"]) == Some(true) {
        return Vec::new();
    }
    lines(source, |line| {
        let found = names_crate(&line.code, "aws_lc_rs");
        found.then(|| "`aws_lc_rs` may be named in signature.rs and sign.rs only".to_owned())
    })
}

/// Only one file of the library names the facade through which it counts.
pub(super) fn metrics(source: &Source) -> Vec<Fault> {
    if in_library(source, &["metrics"]) != Some(false) {
        return Vec::new();
    }
    lines(source, |line| {
        let found = names_crate(&line.code, "metrics");
        found.then(|| "`metrics` may be named in metrics.rs only".to_owned())
    })
}

/// Only the system clock reads the time; everything else is told it.
pub(super) fn clock(source: &Source) -> Vec<Fault> {
    if in_library(source, &["clock"]) != Some(false) {
        return Vec::new();
    }
    let named = ["SystemTime::now", "Instant::now"];
    lines(source, |line| {
        let found = named.iter().find(|name| line.code.contains(*name))?;
        Some(format!("`{found}` may be called in clock.rs only: take the clock as an argument"))
    })
}

/// Only challenge.rs builds what a client reads about a refusal.
pub(super) fn challenge_text(source: &Source) -> Vec<Fault> {
    if in_library(source, &["challenge"]) != Some(false) {
        return Vec::new();
    }
    let parts = ["www-authenticate", "error_description="];
    lines(source, |line| {
        let text = line.code_and_strings.to_ascii_lowercase();
        let found = parts.iter().find(|part| !line.in_test && text.contains(*part))?;
        Some(format!("`{found}` may be written in challenge.rs only"))
    })
}

/// Whether a file of the library's `src` belongs to one of these modules; none for other files.
fn in_library(source: &Source, modules: &[&str]) -> Option<bool> {
    let path = source.path.strip_prefix("crates/bearward/src/")?;
    let belongs = |module: &&str| {
        path.strip_prefix(*module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    };
    Some(modules.iter().any(belongs))
}

fn lines(source: &Source, rule: impl Fn(&Line) -> Option<String>) -> Vec<Fault> {
    let fault = |line: &Line| Some(Fault::line(&source.path, line.number, rule(line)?));
    source.lines.iter().filter_map(fault).collect()
}

/// Whether the code names this crate: `name::`, `use name;` or `use name as`. A module of ours
/// with that name (`mod axum;`, `crate::axum::`) is another thing.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let (before, rest) = code.split_at(at);
        let after = rest.strip_prefix(name).unwrap_or_default();
        let word = |char: char| char.is_alphanumeric() || char == '_';
        let path = before.strip_suffix("::");
        let foreign = match path {
            Some(parent) => !parent.ends_with(word),
            None => !before.ends_with(word),
        };
        let imported = before.trim_end().ends_with("use") && !after.starts_with(word);
        foreign && (after.starts_with("::") || imported)
    })
}

#[cfg(test)]
mod tests;
