//! The page itself.

use std::collections::BTreeSet;

use super::demands::Demand;
use super::evidence::Test;
use super::{Conformance, VECTORS};

/// A cell with more tests than this is folded.
const MOST_OPEN: usize = 3;

pub(super) fn write(conformance: &Conformance) -> String {
    let mut page = String::from(HEAD);
    page.push_str(&numbers(conformance));
    for group in &conformance.groups {
        page.push_str(&format!("\n## {}\n\n{}\n\n", group.title, group.about));
        page.push_str("| id | demand | shown by |\n| --- | --- | --- |\n");
        for demand in &group.demands {
            let cell = cell(conformance, demand);
            page.push_str(&format!("| {} | {} | {cell} |\n", demand.id, escape(&demand.text)));
        }
    }
    page
}

const HEAD: &str = "\
<!-- Written by `cargo xtask conformance`. -->
# Conformance

What the resource server must do, what is sent to break it, and the tests that show how it answers.

A *row* is data: a request that is refused beside its twin that is let in. The two differ in one
thing, both go over HTTP, and the refusal is compared byte by byte with its reason. A row or test is
run by its words, with `_` between them:

```console
$ cargo test -p bearward --all-features -- a_redirect_that_would_lead_back
```

A test that stands in another crate is run with that crate's name behind `-p`.

`cargo xtask ci` runs them all. A request let in that should be refused fails it, and so does a request
refused that should be let in.

RS-63 to RS-94 are rules of proof of possession, mutual TLS, introspection and step-up, which are not
built yet: tokens that need them are refused. B131 on are inputs of a gateway and of DPoP, not built
yet either, and of the authorization server, whose tests stand in `crates/bearward-tenant`. C07 to C14
and C16 to C19 are outages of its store and of a gateway.

";

fn numbers(conformance: &Conformance) -> String {
    let mut text = String::from(
        "| | in all | shown | does not apply | not shown yet |\n| --- | --- | --- | --- | --- |\n",
    );
    for (what, prefix) in [("rules", "RS-"), ("hostile inputs", "B"), ("outages", "C")] {
        let ids = || conformance.demands().filter(|demand| demand.id.starts_with(prefix));
        let shown = ids().filter(|demand| !conformance.shown_by(demand).is_empty()).count();
        let not = ids().filter(|demand| conformance.not_applicable.contains_key(&demand.id));
        let not_yet = ids().filter(|demand| conformance.not_yet.contains_key(&demand.id));
        let (all, not, not_yet) = (ids().count(), not.count(), not_yet.count());
        text.push_str(&format!("| {what} | {all} | {shown} | {not} | {not_yet} |\n"));
    }
    let shown = conformance.demands().flat_map(|demand| conformance.shown_by(demand));
    let in_rust = shown.filter(|(path, _)| path.ends_with(".rs")).flat_map(|(_, tests)| tests);
    let in_rust: BTreeSet<&Test> = in_rust.collect();
    let rows = conformance.evidence.rows;
    text.push_str(&format!("\n{rows} rows, and {} tests in Rust besides.\n", in_rust.len()));
    text
}

fn cell(conformance: &Conformance, demand: &Demand) -> String {
    if let Some(reason) = conformance.not_applicable.get(&demand.id) {
        return format!("*does not apply:* {}", escape(reason));
    }
    if let Some(reason) = conformance.not_yet.get(&demand.id) {
        return format!("**not shown yet:** {}", escape(reason));
    }
    let by_file = conformance.shown_by(demand);
    let tests: usize = by_file.values().map(Vec::len).sum();
    let lines: Vec<String> = by_file.iter().map(|(path, tests)| line(path, tests)).collect();
    let lines = lines.join("<br>");
    if tests > MOST_OPEN {
        format!("<details><summary>{tests} tests</summary>{lines}</details>")
    } else {
        lines
    }
}

/// A link to the file, and its tests.
fn line(path: &str, tests: &[&Test]) -> String {
    let name = path.strip_prefix(VECTORS).or_else(|| path.strip_prefix("crates/"));
    let name = name.unwrap_or(path).trim_start_matches("rules/").trim_end_matches(".json");
    let names: Vec<String> = tests.iter().map(|test| escape(&test.name)).collect();
    format!("[{name}](../{path}): {}", names.join(" · "))
}

/// What would be a mark of the table or of the text becomes plain, but for code in backticks.
fn escape(text: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for c in text.chars() {
        in_code ^= c == '`';
        if c == '|' || (!in_code && matches!(c, '<' | '*' | '[' | '\\')) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
