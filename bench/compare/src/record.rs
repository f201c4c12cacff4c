//! Who answered what, as it is kept in `answers.json`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;
use serde_json::{Value, json};

/// The answers of one run.
#[derive(Debug, Deserialize)]
pub(crate) struct Record {
    /// Names and versions, ours first.
    pub(crate) servers: Vec<(String, String)>,
    pub(crate) answers: Vec<Answers>,
}

/// The answers to one request, in the order of the servers.
#[derive(Debug, Deserialize)]
pub(crate) struct Answers {
    pub(crate) request: String,
    pub(crate) given: Vec<String>,
}

impl Answers {
    pub(crate) fn ours(&self) -> Option<&String> {
        self.given.first()
    }

    /// Whether all answered as we did.
    pub(crate) fn agree(&self) -> bool {
        self.given.iter().all(|answer| Some(answer) == self.ours())
    }
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("answers.json")
}

impl Record {
    /// What the last run of all wrote.
    pub(crate) fn read() -> anyhow::Result<Record> {
        let text = std::fs::read_to_string(path()).context("cannot read answers.json")?;
        serde_json::from_str(&text).context("answers.json is no record")
    }

    pub(crate) fn write(&self) -> anyhow::Result<()> {
        std::fs::write(path(), self.as_json()).context("cannot write answers.json")
    }

    /// A line for each request, so that a change is easy to read.
    fn as_json(&self) -> String {
        let line = |answers: &Answers| {
            let line: Value = json!({ "request": answers.request, "given": answers.given });
            format!("    {line}")
        };
        let lines: Vec<String> = self.answers.iter().map(line).collect();
        let servers = json!(self.servers);
        format!("{{\n  \"servers\": {servers},\n  \"answers\": [\n{}\n  ]\n}}\n", lines.join(",\n"))
    }

    /// For the terminal; `*` marks a request that somebody answered otherwise than we did.
    pub(crate) fn as_text(&self) -> String {
        let mut text = String::new();
        for (name, version) in &self.servers {
            text.push_str(&format!("{name} {version}\n"));
        }
        for answers in &self.answers {
            let mark = if answers.agree() { ' ' } else { '*' };
            text.push_str(&format!("{mark} {}\n", answers.request));
            text.push_str(&format!("      {}\n", answers.given.join(" | ")));
        }
        let different = self.answers.iter().filter(|answers| !answers.agree()).count();
        text.push_str(&format!("{} requests, {different} differences\n", self.answers.len()));
        text
    }

    /// Where our answers of today are not those of the record.
    pub(crate) fn differences(&self, today: &Record) -> Vec<String> {
        let of = |record: &Record| -> BTreeMap<String, String> {
            let pair = |a: &Answers| Some((a.request.clone(), a.ours()?.clone()));
            record.answers.iter().filter_map(pair).collect()
        };
        let (recorded, today) = (of(self), of(today));
        let nothing = "nothing".to_owned();
        let names =
            recorded.keys().chain(today.keys().filter(|name| !recorded.contains_key(*name)));
        let fault = |name: &String| {
            let before = recorded.get(name).unwrap_or(&nothing);
            let now = today.get(name).unwrap_or(&nothing);
            (before != now).then(|| format!("{name}: recorded {before}, answered {now}"))
        };
        names.filter_map(fault).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(answers: &[(&str, &str)]) -> Record {
        let answers = answers.iter().map(|(request, given)| Answers {
            request: (*request).to_owned(),
            given: vec![(*given).to_owned(), "401".to_owned()],
        });
        Record { servers: vec![("a".into(), "1".into())], answers: answers.collect() }
    }

    #[test]
    fn another_answer_and_a_new_request_are_differences() {
        let recorded = record(&[("x", "200"), ("y", "401"), ("old", "401")]);
        let today = record(&[("x", "200"), ("y", "403"), ("new", "400")]);
        let faults = recorded.differences(&today);
        assert_eq!(
            faults,
            [
                "old: recorded 401, answered nothing",
                "y: recorded 401, answered 403",
                "new: recorded nothing, answered 400",
            ]
        );
    }

    #[test]
    fn what_is_written_is_read_again() {
        let written = record(&[("x", "200")]).as_json();
        let read: Record = serde_json::from_str(&written).unwrap();
        assert_eq!(read.as_json(), written);
    }
}
