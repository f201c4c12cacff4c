use super::*;
use serde_json::{Value, json};

/// Everything demanded and shown by one row, but RS-13, which the caller shows or excuses.
fn files(rows: &Value, not_applicable: &Value, not_yet: &Value) -> Vec<(String, String)> {
    let all: Vec<String> = demands::required().collect();
    let others: Vec<&String> = all.iter().filter(|id| *id != "RS-13").collect();
    let demands: Vec<Value> =
        all.iter().map(|id| json!({ "id": id, "demand": format!("what {id} asks") })).collect();
    let groups = json!([{ "title": "All", "about": "All of it.", "demands": demands }]);
    [
        ("demands.json", groups),
        ("not-applicable.json", not_applicable.clone()),
        ("not-yet.json", not_yet.clone()),
        ("rules/a.json", json!([{ "rules": others, "name": "others" }])),
        ("rules/b.json", rows.clone()),
    ]
    .map(|(name, value)| (format!("{VECTORS}{name}"), value.to_string()))
    .to_vec()
}

fn faults(rows: &Value, not_applicable: &Value, not_yet: &Value) -> Vec<String> {
    let (_, faults) = Conformance::read(&files(rows, not_applicable, not_yet));
    faults.into_iter().map(|fault| fault.what).collect()
}

fn row() -> Value {
    json!([{ "rules": ["RS-13"], "hostile": ["B039"], "name": "padding" }])
}

fn excuse() -> Value {
    json!([{ "id": "RS-13", "reason": "because" }])
}

#[test]
fn row_or_test_or_reason_will_do() {
    let none: Vec<String> = Vec::new();
    assert_eq!(faults(&row(), &json!([]), &json!([])), none);
    assert_eq!(faults(&json!([]), &excuse(), &json!([])), none);
    assert_eq!(faults(&json!([]), &json!([]), &excuse()), none);
    let mut with_test = files(&json!([]), &json!([]), &json!([]));
    with_test.push(("crates/a/tests/b.rs".into(), "#[test]\nfn rs_13_padding() {}".into()));
    assert_eq!(Conformance::read(&with_test).1, []);
}

#[test]
fn neither_and_both_are_refused() {
    let neither = ["RS-13 has neither a test nor a reason why it has none"];
    assert_eq!(faults(&json!([]), &json!([]), &json!([])), neither);
    let both = ["RS-13 has a test and a reason why it has none: remove one"];
    assert_eq!(faults(&row(), &excuse(), &json!([])), both);
    assert_eq!(faults(&row(), &json!([]), &excuse()), both);
    let two = ["RS-13 has two reasons why it has no test: remove one"];
    assert_eq!(faults(&json!([]), &excuse(), &excuse()), two);
    let unknown = json!([{ "id": "RS-63", "reason": "later" }]);
    assert_eq!(faults(&row(), &unknown, &json!([])), ["there is no demand RS-63"]);
    let empty = json!([{ "id": "RS-13", "reason": " " }]);
    assert_eq!(faults(&json!([]), &empty, &json!([])), ["RS-13 has an empty reason"]);
}

#[test]
fn rows_that_cannot_be_read_are_refused() {
    let misnamed = json!([{ "rules": ["RS-13", "RS-7"], "name": "padding" }]);
    assert_eq!(faults(&misnamed, &json!([]), &json!([])), ["there is no rule `RS-7`"]);
    let nameless = json!([{ "rules": ["RS-13"] }, { "rules": [], "name": "padding" }]);
    assert_eq!(faults(&nameless, &json!([]), &json!([])), ["row padding names no rule"]);
    let found = faults(&json!({}), &excuse(), &json!([]));
    assert!(found.first().is_some_and(|what| what.starts_with("is not a JSON array")));
}

#[test]
fn demands_are_whole_and_name_tests_that_exist() {
    let (_, faults) = Conformance::read(&[]);
    assert!(faults.iter().any(|fault| fault.what == "B130 is missing"));
    let demand = json!([{ "title": "All", "about": "", "demands": [
        { "id": "RS-13", "demand": "x", "tests": ["no_such_test"] },
        { "id": "RS-13", "demand": "x" },
    ] }]);
    let (_, faults) = Conformance::read(&[(format!("{VECTORS}demands.json"), demand.to_string())]);
    let has = |what: &str| faults.iter().any(|fault| fault.what == what);
    assert!(has("RS-13 names a test that does not exist: no_such_test"));
    assert!(has("`RS-13` is no id, or stands here twice, or says nothing"));
}

#[test]
fn stale_page_is_refused() {
    let files = files(&row(), &json!([]), &json!([]));
    let page = page::write(&Conformance::read(&files).0);
    assert_eq!(check(&files, &page), []);
    let stale = check(&files, &format!("{page} "));
    assert_eq!(stale, [Fault::file(PAGE, "is stale: run `cargo xtask conformance`")]);
}

#[test]
fn page_shows_rows_reasons_and_numbers() {
    let shown = page::write(&Conformance::read(&files(&row(), &json!([]), &json!([]))).0);
    let link = "[b](../crates/bearward-testkit/vectors/rules/b.json): padding";
    assert!(shown.contains(&format!("| RS-13 | what RS-13 asks | {link} |\n")), "{shown}");
    assert!(shown.contains("| rules | 67 | 67 | 0 | 0 |\n"), "{shown}");
    let excused = page::write(&Conformance::read(&files(&json!([]), &excuse(), &json!([]))).0);
    assert!(excused.contains("| RS-13 | what RS-13 asks | *does not apply:* because |\n"));
    assert!(excused.contains("| rules | 67 | 66 | 1 | 0 |\n"), "{excused}");
}
