//! `cargo xtask ci`: every check that a commit must pass, step by step.

mod steps;
mod tools;

use anyhow::bail;

pub(crate) use self::tools::CARGO_MUTANTS;
use crate::shell::say;
use crate::{compare, test, tidy};

/// One check. `cargo xtask ci NAME` runs it alone.
struct Step {
    name: &'static str,
    about: &'static str,
    run: fn() -> anyhow::Result<()>,
}

/// In this order: what is quick and fails often first, the tests last.
const STEPS: &[Step] = &[
    Step { name: "fmt", about: "code is formatted", run: steps::fmt },
    Step { name: "tidy", about: "the rules of this house", run: tidy::run },
    Step { name: "typos", about: "spelling", run: steps::typos },
    Step { name: "deny", about: "licences, banned crates, sources", run: steps::deny },
    Step { name: "clippy", about: "lints, warnings denied", run: steps::clippy },
    Step { name: "features", about: "each feature of the library alone", run: steps::features },
    Step { name: "docs", about: "documentation, warnings denied", run: steps::docs },
    Step {
        name: "examples",
        about: "format, lints and build of the examples",
        run: steps::examples,
    },
    Step {
        name: "bench",
        about: "bearward answers as docs/comparison.md says",
        run: compare::check,
    },
    Step { name: "test", about: "every test", run: test::run },
];

/// The names of all steps.
pub(crate) fn step_names() -> Vec<&'static str> {
    STEPS.iter().map(|step| step.name).collect()
}

/// Runs the named steps, or all. A failed step does not keep the later ones from running, so
/// that one run shows every fault.
pub(crate) fn run(names: &[String]) -> anyhow::Result<()> {
    let chosen = |step: &&Step| names.is_empty() || names.iter().any(|name| name == step.name);
    let mut results = Vec::new();
    for step in STEPS.iter().filter(chosen) {
        say(&format!("==== {}: {}", step.name, step.about));
        let result = (step.run)();
        if let Err(error) = &result {
            say(&format!("   FAILED {error:#}"));
        }
        results.push((step.name, result.is_ok()));
    }
    for line in summary(&results) {
        say(&line);
    }
    match results.iter().filter(|(_, passed)| !passed).count() {
        0 => Ok(()),
        failed => bail!("{failed} of {} steps failed", results.len()),
    }
}

fn summary(results: &[(&str, bool)]) -> Vec<String> {
    let line = |(name, passed): &(&str, bool)| match passed {
        true => format!("  ok      {name}"),
        false => format!("  FAILED  {name:<10} again alone: cargo xtask ci {name}"),
    };
    std::iter::once("==== summary".to_owned()).chain(results.iter().map(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summary_says_how_to_run_a_failed_step_again() {
        let lines = summary(&[("fmt", true), ("docs", false)]);
        assert_eq!(
            lines,
            [
                "==== summary",
                "  ok      fmt",
                "  FAILED  docs       again alone: cargo xtask ci docs"
            ]
        );
    }

    #[test]
    fn the_tests_are_the_last_step() {
        assert_eq!(step_names().last(), Some(&"test"));
    }
}
