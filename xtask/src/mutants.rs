//! `cargo xtask mutants`: whether the tests notice when the verifier is changed.

use anyhow::bail;

use crate::ci::CARGO_MUTANTS;
use crate::shell;

/// What `cargo mutants` ends with when the tests noticed every change, and when they noticed some
/// by not ending: a loop that was changed may run for ever.
const ALL_NOTICED: [i32; 2] = [0, 3];
/// And when there is a change that they did not notice.
const MISSED: i32 = 2;

/// Changes the verifier in one place at a time, as `.cargo/mutants.toml` says, and fails if the
/// tests pass all the same. `words` go to `cargo mutants` as they are.
pub(crate) fn run(words: &[String]) -> anyhow::Result<()> {
    let mut command = CARGO_MUTANTS.command("mutants --package bearward --output target")?;
    let status = shell::status(command.args(words).env("BEARWARD_FAIL_FAST", "1"))?;
    match status.code() {
        Some(code) if ALL_NOTICED.contains(&code) => Ok(()),
        Some(MISSED) => bail!(
            "there are changes that no test notices, see target/mutants.out/missed.txt\n\
             hint: add a test, or a line with the reason to exclude_re in .cargo/mutants.toml"
        ),
        _ => bail!("cargo mutants failed: {status}"),
    }
}
