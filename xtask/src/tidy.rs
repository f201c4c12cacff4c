//! `cargo xtask tidy`: the rules of this house that no compiler and no linter knows.
//!
//! Each rule is a pure function from what it reads to faults, and has a test that shows it fail.

mod bans;
mod edges;
pub(crate) mod files;
mod names;
mod server_rules;
mod shape;
pub(crate) mod source;
mod toolchain;
mod wording;

use std::fmt;

use anyhow::{Context, bail};

use crate::{conformance, places, shell};
use source::Source;

/// A rule that does not hold somewhere.
#[derive(Debug, PartialEq)]
pub(crate) struct Fault {
    path: String,
    line: Option<usize>,
    pub(crate) what: String,
}

impl Fault {
    pub(crate) fn file(path: &str, what: impl Into<String>) -> Fault {
        Fault { path: path.to_owned(), line: None, what: what.into() }
    }

    fn line(path: &str, line: usize, what: impl Into<String>) -> Fault {
        Fault { path: path.to_owned(), line: Some(line), what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.what),
            None => write!(f, "{}: {}", self.path, self.what),
        }
    }
}

/// The rules that look at one Rust file.
const SOURCE_RULES: &[fn(&Source) -> Vec<Fault>] = &[
    names::frameworks,
    names::tokio,
    names::cryptography,
    names::metrics,
    names::clock,
    names::challenge_text,
    shape::length,
    shape::module_names,
    shape::globs,
    wording::unfinished_code,
];

/// Checks every rule and lists every fault.
pub(crate) fn run() -> anyhow::Result<()> {
    let files = files::below(places::root())?;
    let mut faults = edges::check(&places::metadata()?);
    for (path, text) in &files {
        if path.ends_with(".rs") {
            let source = Source::new(path, text);
            faults.extend(SOURCE_RULES.iter().flat_map(|rule| rule(&source)));
        } else {
            faults.extend(wording::unfinished_text(path, text));
        }
    }
    let text_of = |path: &str| {
        let found = files.iter().find(|(candidate, _)| candidate == path);
        found.map(|(_, text)| text.as_str()).with_context(|| format!("there is no {path}"))
    };
    faults.extend(bans::check("clippy.toml", text_of("clippy.toml")?));
    faults.extend(toolchain::check(text_of("rust-toolchain.toml")?, text_of("Cargo.toml")?));
    let page = places::root().join(conformance::PAGE);
    let page = std::fs::read_to_string(page).unwrap_or_default();
    faults.extend(conformance::check(&files, &page));
    faults.extend(server_rules::check(&files));

    for fault in &faults {
        shell::say(&format!("   fault {fault}"));
    }
    if !faults.is_empty() {
        bail!("{} faults in {} files read", faults.len(), files.len());
    }
    shell::say(&format!("     tidy  {} files read, no fault", files.len()));
    Ok(())
}
