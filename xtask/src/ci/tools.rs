//! Tools from outside the workspace, each at one version.

use std::process::Command;

use anyhow::bail;

use crate::shell;

/// A program that `cargo install` builds.
pub(crate) struct Tool {
    package: &'static str,
    program: &'static str,
    /// What makes it print its version.
    asked: &'static str,
    version: &'static str,
}

pub(super) const CARGO_DENY: Tool =
    Tool { package: "cargo-deny", program: "cargo-deny", asked: "--version", version: "0.20.2" };
pub(crate) const CARGO_MUTANTS: Tool = Tool {
    package: "cargo-mutants",
    program: "cargo-mutants",
    // It takes itself for a word of cargo's.
    asked: "mutants --version",
    version: "27.1.0",
};
pub(super) const TYPOS: Tool =
    Tool { package: "typos-cli", program: "typos", asked: "--version", version: "1.52.0" };

impl Tool {
    /// The tool with these words, installed first if this version is not on the `PATH`.
    pub(crate) fn command(&self, words: &str) -> anyhow::Result<Command> {
        if !self.is_there() {
            let package = format!("install --locked {}@{}", self.package, self.version);
            shell::run(&mut shell::cargo(&package))?;
            if !self.is_there() {
                bail!(
                    "{} {} was installed, but another or none is found first\n\
                     hint: put cargo's `bin` folder at the front of PATH",
                    self.package,
                    self.version
                );
            }
        }
        Ok(shell::program(self.program, words))
    }

    fn is_there(&self) -> bool {
        shell::exists(self.program)
            && shell::capture(&mut shell::program(self.program, self.asked))
                .is_ok_and(|printed| self.is_version(&printed))
    }

    fn is_version(&self, printed: &str) -> bool {
        printed.split_whitespace().last() == Some(self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pinned_version_will_do() {
        assert!(TYPOS.is_version("typos-cli 1.52.0\n"));
        assert!(!TYPOS.is_version("typos-cli 1.52.01\n"));
        assert!(!TYPOS.is_version(""));
    }
}
