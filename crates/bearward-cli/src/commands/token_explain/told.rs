//! An explanation as text for people, and as JSON for programs.

use std::fmt::Write as _;

use anstyle::Style;
use bearward::{Challenge, Explanation, StepOutcome};
use serde::Serialize;

use super::exit;
use crate::exit::Exit;
use crate::output::{self, ALLOWED, ATTENTION, QUIET, REFUSED, one_line};

/// What a terminal has when nobody has made it wider.
const COLUMNS: usize = 80;

/// The longest name of a step.
const NAME: usize = "access token".len();

#[derive(Serialize)]
struct Told<'e> {
    accepted: bool,
    code: Option<&'e str>,
    /// The status that a guard answers with, where it refuses.
    status: Option<u16>,
    steps: Vec<ToldStep<'e>>,
    mistake: Option<&'e str>,
    mend: Option<&'e str>,
}

#[derive(Serialize)]
struct ToldStep<'e> {
    number: u8,
    name: &'e str,
    outcome: String,
    text: &'e str,
}

impl<'e> Told<'e> {
    fn of(explanation: &'e Explanation) -> Self {
        let step = |step: &'e bearward::ExplainedStep| ToldStep {
            number: step.number,
            name: step.name,
            outcome: step.outcome.to_string().replace(' ', "_"),
            text: &step.text,
        };
        Self {
            accepted: explanation.accepted(),
            code: explanation.code(),
            status: status(explanation),
            steps: explanation.steps().iter().map(step).collect(),
            mistake: explanation.mistake(),
            mend: explanation.mend(),
        }
    }
}

fn status(explanation: &Explanation) -> Option<u16> {
    explanation.rejection().map(|rejection| Challenge::from(rejection).status())
}

pub(super) fn json(explanation: &Explanation) -> anyhow::Result<String> {
    let text = serde_json::to_string_pretty(&Told::of(explanation))?;
    Ok(format!("{}\n", output::printable(&text)))
}

pub(super) fn json_line(explanation: &Explanation) -> anyhow::Result<String> {
    let text = serde_json::to_string(&Told::of(explanation))?;
    Ok(format!("{}\n", output::printable(&text)))
}

/// The verdict in a word, and its colour.
fn verdict(explanation: &Explanation) -> (&'static str, Style) {
    match exit(explanation) {
        Exit::Yes => ("accepted", ALLOWED),
        Exit::Refused => ("refused", REFUSED),
        Exit::Trouble => ("undecided", ATTENTION),
    }
}

/// The verdict with its code, the steps, and what to do.
pub(super) fn text(explanation: &Explanation) -> String {
    let (word, style) = verdict(explanation);
    let style = style.bold();
    let mut text = format!("{style}{word}{style:#}");
    if let (Some(code), Some(status)) = (explanation.code(), status(explanation)) {
        let _ = write!(text, ": {}, which a guard answers with {status}", one_line(code));
    }
    text.push_str("\n\n");
    for step in explanation.steps() {
        let (sign, style) = match step.outcome {
            StepOutcome::Passed => ("✓", ALLOWED),
            StepOutcome::Failed => ("✗", REFUSED),
            StepOutcome::NotReached => continue,
        };
        let name = step.name;
        let lead = format!("  {style}{sign}{style:#} {} {name:NAME$}  ", step.number);
        text.push_str(&under(&lead, "  x 1 ".len() + NAME + 2, &step.text));
    }
    text.push_str(&not_reached(explanation));
    if explanation.mistake().is_some() || explanation.mend().is_some() {
        text.push('\n');
    }
    for (label, said) in [("mistake:", explanation.mistake()), ("mend:", explanation.mend())] {
        let Some(said) = said else { continue };
        let lead = format!("{ATTENTION}{label}{ATTENTION:#}{:1$}", "", 9 - label.len());
        text.push_str(&under(&lead, 9, said));
    }
    text
}

/// The steps behind the one that failed, in one line.
fn not_reached(explanation: &Explanation) -> String {
    let names: Vec<&str> = explanation
        .steps()
        .iter()
        .filter(|step| step.outcome == StepOutcome::NotReached)
        .map(|step| step.name)
        .collect();
    match names.as_slice() {
        [] => String::new(),
        names => format!("  {QUIET}· not reached: {}{QUIET:#}\n", names.join(", ")),
    }
}

/// Everything that matters in one line.
pub(super) fn line(explanation: &Explanation) -> String {
    let (word, style) = verdict(explanation);
    let mut line = format!("{style}{word}{style:#}");
    let failed = explanation.steps().iter().find(|step| step.outcome == StepOutcome::Failed);
    if let (Some(code), Some(failed)) = (explanation.code(), failed) {
        let why = explanation.mistake().unwrap_or(&failed.text);
        let _ = write!(line, " {}: {}", one_line(code), one_line(why));
    }
    if let Some(mend) = explanation.mend() {
        let _ = write!(line, "; mend: {}", one_line(mend));
    }
    line + "\n"
}

/// The text behind a lead of this width; what does not fit stands below its beginning.
fn under(lead: &str, width: usize, text: &str) -> String {
    let mut lines = String::from(lead);
    let mut at = width;
    for (i, word) in one_line(text).split(' ').enumerate() {
        let length = word.chars().count();
        if i > 0 && at + 1 + length > COLUMNS {
            let _ = write!(lines, "\n{:width$}", "");
            at = width;
        } else if i > 0 {
            lines.push(' ');
            at += 1;
        }
        lines.push_str(word);
        at += length;
    }
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_stands_below_its_beginning() {
        let long = "word ".repeat(20);
        let lines = under("name  ", 6, long.trim());
        assert!(lines.lines().all(|line| line.len() <= COLUMNS), "{lines}");
        assert_eq!(lines.lines().count(), 2);
        assert!(lines.lines().nth(1).unwrap().starts_with("      word"), "{lines}");
        assert_eq!(under("a ", 2, ""), "a \n");
    }
}
