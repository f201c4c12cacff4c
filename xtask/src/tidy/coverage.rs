//! Every rule of the resource server has a data row, or a reason why it has none yet.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Fault;

const ROWS: &str = "crates/bearward-testkit/vectors/rules/";
const NOT_YET: &str = "crates/bearward-testkit/vectors/not-yet.json";

/// The rules that must have one of the two: RS-01 to RS-50 and RS-53 to RS-58.
fn rules() -> impl Iterator<Item = String> {
    (1..=50).chain(53..=58).map(|number| format!("RS-{number:02}"))
}

/// Looks at the files of rows and at the list of rules that do not apply yet.
pub(super) fn check(files: &[(String, String)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut with_row = BTreeSet::new();
    let mut excused = BTreeMap::new();
    for (path, text) in files {
        if path.starts_with(ROWS) && path.ends_with(".json") {
            for row in entries(path, text, &mut faults) {
                with_row.extend(rules_of_row(path, &row, &mut faults));
            }
        } else if path == NOT_YET {
            for entry in entries(path, text, &mut faults) {
                let rule = text_of(&entry, "rule");
                let reason = text_of(&entry, "reason");
                faults.extend(misnamed(path, &rule));
                excused.insert(rule, reason);
            }
        }
    }
    for rule in rules() {
        match (with_row.contains(&rule), excused.get(&rule).map(String::as_str)) {
            (true, None) => {}
            (false, Some(reason)) if !reason.is_empty() => {}
            (true, Some(_)) => faults.push(Fault::file(
                NOT_YET,
                format!("rule {rule} has a row and yet stands here: remove it here"),
            )),
            (false, Some(_)) => {
                faults.push(Fault::file(NOT_YET, format!("rule {rule} has an empty reason")));
            }
            (false, None) => faults
                .push(Fault::file(ROWS, format!("rule {rule} has neither a row nor a reason"))),
        }
    }
    faults
}

fn entries(path: &str, text: &str, faults: &mut Vec<Fault>) -> Vec<Value> {
    serde_json::from_str(text).unwrap_or_else(|error| {
        faults.push(Fault::file(path, format!("is not a JSON array: {error}")));
        Vec::new()
    })
}

fn text_of(entry: &Value, key: &str) -> String {
    entry[key].as_str().unwrap_or_default().trim().to_owned()
}

fn rules_of_row(path: &str, row: &Value, faults: &mut Vec<Fault>) -> Vec<String> {
    let name = row["name"].as_str().unwrap_or("without a name");
    let listed = row["rules"].as_array().map_or(&[][..], Vec::as_slice);
    let named: Vec<_> = listed.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let hostile = row["hostile"].as_array().is_some_and(|listed| !listed.is_empty());
    if (named.is_empty() && !hostile) || named.len() != listed.len() {
        let what = "`rules` or `hostile` must name at least one";
        faults.push(Fault::file(path, format!("row {name}: {what}")));
    }
    faults.extend(named.iter().filter_map(|rule| misnamed(path, rule)));
    named
}

/// A rule is called `RS-` and two digits, from 01.
fn misnamed(path: &str, rule: &str) -> Option<Fault> {
    let is_rule = (1..=99).any(|number| rule == format!("RS-{number:02}"));
    (!is_rule).then(|| Fault::file(path, format!("there is no rule `{rule}`")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Rows and excuses for all rules but RS-13, which the caller gives.
    fn faults(rows: &Value, excuses: &Value) -> Vec<String> {
        let others: Vec<_> = rules().filter(|rule| rule != "RS-13").collect();
        let files = [
            (NOT_YET.to_owned(), excuses.to_string()),
            (format!("{ROWS}a.json"), json!([{ "rules": others, "name": "others" }]).to_string()),
            (format!("{ROWS}b.json"), rows.to_string()),
        ];
        check(&files).into_iter().map(|fault| fault.what).collect()
    }

    #[test]
    fn row_or_reason_will_do() {
        let none: Vec<String> = Vec::new();
        let reason = json!([{ "rule": "RS-13", "reason": "because" }]);
        assert_eq!(faults(&json!([{ "rules": ["RS-13"], "name": "padding" }]), &json!([])), none);
        assert_eq!(faults(&json!([]), &reason), none);
    }

    #[test]
    fn rule_with_neither_is_refused() {
        assert_eq!(faults(&json!([]), &json!([])), ["rule RS-13 has neither a row nor a reason"]);
        assert_eq!(check(&[]).len(), 56);
    }

    #[test]
    fn reason_says_something_and_stands_alone() {
        let empty = json!([{ "rule": "RS-13", "reason": " " }]);
        assert_eq!(faults(&json!([]), &empty), ["rule RS-13 has an empty reason"]);
        let both = json!([{ "rule": "RS-13", "reason": "because" }]);
        let found = faults(&json!([{ "rules": ["RS-13"], "name": "padding" }]), &both);
        assert_eq!(found, ["rule RS-13 has a row and yet stands here: remove it here"]);
    }

    #[test]
    fn rows_that_cannot_be_read_are_refused() {
        let row = json!([{ "rules": ["RS-13", "RS-7"], "name": "padding" }]);
        assert_eq!(faults(&row, &json!([])), ["there is no rule `RS-7`"]);
        let row = json!([{ "rules": ["RS-13"] }, { "rules": [], "name": "padding" }]);
        assert_eq!(
            faults(&row, &json!([])),
            ["row padding: `rules` or `hostile` must name at least one"]
        );
        let row = json!([{ "rules": ["RS-13"] }, { "hostile": ["B039"], "name": "padding" }]);
        assert_eq!(faults(&row, &json!([])), Vec::<String>::new());
        let found = faults(&json!({ "rules": ["RS-13"] }), &json!([]));
        assert!(found.first().is_some_and(|what| what.starts_with("is not a JSON array")));
    }
}
