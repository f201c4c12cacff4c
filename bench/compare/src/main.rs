//! Sends one table of requests to servers that guard the same API with different libraries, and
//! writes down who answers what.
//!
//! Without a word it asks all of them, prints the table, and writes `answers.json` and the list in
//! `docs/comparison.md`. With `check` it asks ours alone, and fails where the two are out of date.

mod ask;
mod client;
mod page;
mod record;
mod servers;
mod table;
mod token;
mod versions;

use std::process::ExitCode;

use anyhow::bail;

use crate::record::Record;
use crate::servers::Library;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let topics = table::read()?;
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] if Library::ALL.len() > 1 => {
            let record = ask::all(&topics, Library::ALL).await?;
            print(&record.as_text());
            record.write()?;
            page::write(&topics, &record)
        }
        ["check"] => {
            let ours = ask::all(&topics, &[Library::Ours]).await?;
            let record = Record::read()?;
            let mut faults = record.differences(&ours);
            faults.extend(page::staleness(&topics, &record)?);
            if faults.is_empty() {
                print(&format!("{} requests, answered as recorded\n", record.answers.len()));
                return Ok(());
            }
            let count = faults.len();
            bail!("{}\n{count} faults\nhint: cargo xtask compare", faults.join("\n"))
        }
        _ => bail!(
            "usage: compare [check]\n`check` is the only word; without it, the feature `others` is needed"
        ),
    }
}

#[allow(clippy::print_stdout, reason = "the table is what one runs it for; the only place")]
fn print(text: &str) {
    print!("{text}");
}

#[allow(clippy::print_stderr, reason = "see `print`")]
fn complain(text: &str) {
    eprintln!("{text}");
}
