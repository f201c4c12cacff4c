//! Running other programs, and saying so.

use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, bail};

use crate::places;

/// Prints one line for the person at the terminal.
#[allow(clippy::print_stdout, reason = "a chore talks to a person; this is the only place")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// Prints one line about what went wrong.
#[allow(clippy::print_stderr, reason = "see `say`")]
pub(crate) fn complain(line: &str) {
    eprintln!("{line}");
}

/// `cargo` with these words, separated by blanks, in the folder of the workspace.
pub(crate) fn cargo(words: &str) -> Command {
    program("cargo", words)
}

/// `cargo` in the folder of an example. What it builds goes to the workspace's own `target`, so
/// that dependencies which both have are built once.
pub(crate) fn cargo_in(folder: &Path, words: &str) -> Command {
    let mut command = cargo(words);
    command.current_dir(folder).env("CARGO_TARGET_DIR", places::root().join("target"));
    command
}

/// A program with these words, separated by blanks, in the folder of the workspace.
pub(crate) fn program(name: &str, words: &str) -> Command {
    let mut command = Command::new(name);
    command.args(words.split_whitespace()).current_dir(places::root());
    command
}

/// Says what is run, runs it with the terminal's own output, and fails if it does.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("`{}` failed: {status}", spelled(command));
    }
    Ok(())
}

/// Says what is run, runs it with the terminal's own output, and tells how it ended.
pub(crate) fn status(command: &mut Command) -> anyhow::Result<ExitStatus> {
    let line = spelled(command);
    say(&format!("     run  {line}"));
    command.stdin(Stdio::null()).status().with_context(|| format!("cannot start `{line}`"))
}

/// What the program prints on standard output; its complaints go to the terminal.
pub(crate) fn capture(command: &mut Command) -> anyhow::Result<String> {
    let line = spelled(command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        bail!("`{line}` failed: {}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed no UTF-8"))
}

/// Whether a program of this name can be started at all.
pub(crate) fn exists(name: &str) -> bool {
    Command::new(name)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// The command as a person would type it in the folder of the workspace.
fn spelled(command: &Command) -> String {
    let words = command.get_args().map(|word| word.to_string_lossy());
    let name = command.get_program().to_string_lossy();
    let line = std::iter::once(name).chain(words).collect::<Vec<_>>().join(" ");
    let folder = command.get_current_dir().and_then(|dir| dir.strip_prefix(places::root()).ok());
    match folder {
        Some(folder) if folder != Path::new("") => format!("cd {} && {line}", folder.display()),
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_is_spelled_as_a_person_would_type_it() {
        assert_eq!(spelled(&cargo("fmt --all  --check")), "cargo fmt --all --check");
        let example = cargo_in(&places::root().join("examples/axum"), "build");
        assert_eq!(spelled(&example), "cd examples/axum && cargo build");
    }

    #[test]
    fn missing_program_does_not_exist() {
        assert!(exists("cargo"));
        assert!(!exists("bearward-has-no-such-program"));
    }
}
