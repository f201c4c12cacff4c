//! Asking before something is gone.

use std::io::{self, BufRead as _, IsTerminal as _};

use anyhow::Context;

use crate::args::ConfirmArgs;
use crate::exit::Failure;
use crate::output;

/// Whether it is to be done, by `--yes` or by the person at the terminal: `what` is going to
/// happen, and `breaks` is what comes of it.
pub(super) fn agreed(args: &ConfirmArgs, what: &str, breaks: &str) -> Result<bool, Failure> {
    if args.yes {
        return Ok(true);
    }
    if !io::stdin().is_terminal() {
        let told = format!("not done, for nobody can be asked: {what}; {breaks}");
        return Err(Failure::trouble(told).hint("add --yes if that is what you want"));
    }
    // On stderr, so that standard output has the answer of the command alone.
    output::ask(&format!("{}\n{}\nGo on? [y/N] ", sentence(what), sentence(breaks)));
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).context("cannot read standard input")?;
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        return Ok(true);
    }
    output::notice("Nothing was done.");
    Ok(false)
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{}.", output::one_line(&(first + letters.as_str())))
}

/// `no roles`, `1 role`, `2 roles`.
pub(super) fn count(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}
