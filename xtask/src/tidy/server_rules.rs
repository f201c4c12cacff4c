//! Every rule of the authorization server has a test that is named after it, or a reason why not.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Fault;

const TESTS: &str = "crates/bearward-tenant/tests/";
const NOT_YET: &str = "crates/bearward-tenant/tests/rules-not-yet.json";

/// The rules that must have one of the two: AS-01 to AS-43, AS-47, and AS-56 to AS-60.
fn rules() -> impl Iterator<Item = String> {
    (1..=43).chain([47]).chain(56..=60).map(|number| format!("AS-{number:02}"))
}

/// Looks at the names of the tenant's tests and at the list of rules that have none yet.
pub(super) fn check(files: &[(String, String)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut tested = BTreeSet::new();
    let mut excused = BTreeMap::new();
    for (path, text) in files {
        if path.starts_with(TESTS) && path.ends_with(".rs") {
            tested.extend(text.lines().flat_map(rules_of_test));
        } else if path == NOT_YET {
            match serde_json::from_str::<Vec<Value>>(text) {
                Ok(entries) => excused.extend(entries.iter().map(excuse)),
                Err(error) => {
                    faults.push(Fault::file(path, format!("is not a JSON array: {error}")));
                }
            }
        }
    }
    for rule in rules() {
        let reason = excused.remove(&rule);
        let what = match (tested.contains(&rule), reason.as_deref()) {
            (true, None) => continue,
            (false, Some(reason)) if !reason.is_empty() => continue,
            (true, Some(_)) => {
                format!("rule {rule} has a test and yet stands here: remove it here")
            }
            (false, Some(_)) => format!("rule {rule} has an empty reason"),
            (false, None) => format!("rule {rule} has neither a test nor a reason"),
        };
        faults.push(Fault::file(NOT_YET, what));
    }
    let unknown = excused.into_keys().map(|rule| format!("there is no rule `{rule}` to excuse"));
    faults.extend(unknown.map(|what| Fault::file(NOT_YET, what)));
    faults
}

/// `fn as_43_as_57_b170_...` tests two rules.
fn rules_of_test(line: &str) -> Vec<String> {
    let mut rules = Vec::new();
    let Some((_, name)) = line.split_once("fn as_") else { return rules };
    let mut rest = Some(name);
    while let Some((number, after)) = rest.and_then(|rest| rest.split_once('_')) {
        if number.len() != 2 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            break;
        }
        rules.push(format!("AS-{number}"));
        rest = after.strip_prefix("as_");
    }
    rules
}

fn excuse(entry: &Value) -> (String, String) {
    let text = |key: &str| entry[key].as_str().unwrap_or_default().trim().to_owned();
    (text("rule"), text("reason"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Tests for all rules but AS-13, and besides what the caller gives.
    fn faults(tests: &str, excuses: &Value) -> Vec<String> {
        let others = rules().filter(|rule| rule != "AS-13");
        let others = others.map(|rule| rule.to_lowercase().replace('-', "_"));
        let others: Vec<_> = others.map(|rule| format!("async fn {rule}_holds() {{\n")).collect();
        let files = [
            (format!("{TESTS}http/a.rs"), others.concat()),
            (format!("{TESTS}http/b.rs"), tests.to_owned()),
            (NOT_YET.to_owned(), excuses.to_string()),
        ];
        check(&files).into_iter().map(|fault| fault.what).collect()
    }

    #[test]
    fn test_or_reason_will_do() {
        let none: Vec<String> = Vec::new();
        assert_eq!(faults("fn as_13_verifier_fits() {", &json!([])), none);
        assert_eq!(faults("    async fn as_12_as_13_b1_x() {", &json!([])), none);
        assert_eq!(faults("", &json!([{ "rule": "AS-13", "reason": "because" }])), none);
    }

    #[test]
    fn rule_with_neither_is_refused() {
        for tests in ["", "fn b1_as_13_x() {", "fn as_1_x() {", "fn as_133_x() {", "// as_13_x"] {
            let found = faults(tests, &json!([]));
            assert_eq!(found, ["rule AS-13 has neither a test nor a reason"], "{tests}");
        }
        assert_eq!(check(&[]).len(), 49);
    }

    #[test]
    fn reason_says_something_and_stands_alone() {
        let empty = json!([{ "rule": "AS-13", "reason": " " }]);
        assert_eq!(faults("", &empty), ["rule AS-13 has an empty reason"]);
        let both = json!([{ "rule": "AS-13", "reason": "because" }]);
        let found = faults("fn as_13_x() {", &both);
        assert_eq!(found, ["rule AS-13 has a test and yet stands here: remove it here"]);
        let unknown = json!([{ "rule": "AS-44", "reason": "later" }]);
        assert_eq!(faults("fn as_13_x() {", &unknown), ["there is no rule `AS-44` to excuse"]);
        let found = faults("fn as_13_x() {", &json!({}));
        assert!(found.first().is_some_and(|what| what.starts_with("is not a JSON array")));
    }
}
