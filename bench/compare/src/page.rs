//! The list in `docs/comparison.md`: every difference under its topic, equal ones in one line.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::record::{Answers, Record};
use crate::table::Topic;

const START: &str = "<!-- what follows is written by `cargo xtask compare` -->\n";

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/comparison.md")
}

/// Writes the list anew, and leaves what stands before it.
pub(crate) fn write(topics: &[Topic], record: &Record) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(path()).context("cannot read docs/comparison.md")?;
    let (before, _) = text.split_once(START).context("docs/comparison.md has no mark")?;
    let list = list(topics, record);
    std::fs::write(path(), format!("{before}{START}{list}")).context("cannot write the page")
}

/// Says so if the page does not fit the record.
pub(crate) fn staleness(topics: &[Topic], record: &Record) -> anyhow::Result<Option<String>> {
    let text = std::fs::read_to_string(path()).context("cannot read docs/comparison.md")?;
    let current = text.split_once(START).is_some_and(|(_, after)| after == list(topics, record));
    Ok((!current).then(|| "docs/comparison.md does not fit answers.json".to_owned()))
}

fn list(topics: &[Topic], record: &Record) -> String {
    let mut text = String::from("\n| package | version |\n| --- | --- |\n");
    for (name, version) in &record.servers {
        text.push_str(&format!("| {name} | {version} |\n"));
    }
    let different = record.answers.iter().filter(|answers| !answers.agree()).count();
    text.push_str(&format!(
        "\nOf {} requests, {} were answered alike by all; the other {different} stand here.\n",
        record.answers.len(),
        record.answers.len() - different,
    ));
    let mut alike = String::new();
    for topic in topics {
        let names: Vec<String> = topic.requests().into_iter().map(|each| each.name).collect();
        let answers = record.answers.iter().filter(|answers| names.contains(&answers.request));
        let answers: Vec<&Answers> = answers.collect();
        let different = groups(topic, answers.iter().filter(|answers| !answers.agree()));
        if different.is_empty() {
            let given: BTreeSet<&str> =
                answers.iter().filter_map(|answers| answers.ours().map(String::as_str)).collect();
            let given: Vec<&str> = given.into_iter().collect();
            let (name, source) = (capital(&topic.name), &topic.source);
            alike.push_str(&format!("| {name} | {source} | {} |\n", given.join("; ")));
            continue;
        }
        text.push_str(&format!("\n### {}\n\n{}", capital(&topic.name), capital(&topic.demand)));
        text.push_str(&format!(" ({}).\n", topic.source));
        if !topic.note.is_empty() {
            text.push_str(&format!("\n{}\n", topic.note));
        }
        let servers: Vec<&str> = record.servers.iter().map(|(name, _)| name.as_str()).collect();
        text.push_str(&format!("\n| request | {} |\n", servers.join(" | ")));
        text.push_str(&format!("| --- |{}\n", " --- |".repeat(servers.len())));
        for (requests, given) in different {
            let requests = requests.join("; ");
            text.push_str(&format!("| {requests} | {} |\n", given.join(" | ")));
        }
    }
    text.push_str("\n## Alike\n\n| topic | source | answer |\n| --- | --- | --- |\n");
    text + &alike
}

/// Requests with the same answers, in the order in which they come first.
fn groups<'r>(
    topic: &Topic,
    answers: impl Iterator<Item = &'r &'r Answers>,
) -> Vec<(Vec<&'r str>, &'r [String])> {
    let mut groups: Vec<(Vec<&str>, &[String])> = Vec::new();
    for answers in answers {
        let name = answers.request.strip_prefix(&*topic.name).unwrap_or(&answers.request);
        let name = match name.trim_start_matches(':').trim() {
            "" => "as said",
            name => name,
        };
        match groups.iter_mut().find(|(_, given)| *given == answers.given) {
            Some((names, _)) => names.push(name),
            None => groups.push((vec![name], &answers.given)),
        }
    }
    groups
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + chars.as_str()
}
