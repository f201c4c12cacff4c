//! What is read, and what is refused.

use super::*;

const LIMITS: JsonLimits = JsonLimits { depth: 4, members: 10 };

fn check(text: &str, expected: Result<(), JsonError>) {
    let read = parse_object(text.as_bytes(), LIMITS);
    assert_eq!(read.as_ref().map(|_| ()).map_err(|error| *error), expected, "{text}");
    if let Ok(object) = read {
        let theirs: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(to_serde(&Value::Object(object)), theirs, "{text}");
    }
}

pub(super) fn to_serde(value: &Value<'_>) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(bool) => (*bool).into(),
        Value::Number(text) => serde_json::from_str(text).unwrap(),
        Value::String(text) => text.as_ref().into(),
        Value::Array(values) => values.iter().map(to_serde).collect(),
        Value::Object(object) => serde_json::Value::Object(
            object.members.iter().map(|m| (m.name.to_string(), to_serde(&m.value))).collect(),
        ),
    }
}

#[test]
fn what_is_accepted_is_read_as_serde_json_reads_it() {
    for text in [
        "{}",
        " {\t\"a\" : 1 ,\n\"b\":[ ] } ",
        r#"{"a":[1,-0,0.5,1E3,12e-2],"b":{"c":null,"d":true,"e":false}}"#,
        r#"{"\u0061\"\\\/\b\f\n\r\t":"\ud83d\ude00é"}"#,
        r#"{"a":{"b":{"c":{}}}}"#,
    ] {
        check(text, Ok(()));
    }
}

#[test]
fn what_is_not_one_strict_object_is_refused() {
    for text in ["", "[]", "1", "\"a\"", "null", "\u{feff}{}"] {
        check(text, Err(JsonError::NotAnObject));
    }
    for text in ["{}{}", "{} x", "{}\0"] {
        check(text, Err(JsonError::TrailingBytes));
    }
    for text in [
        "{",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":1e}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":tru}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\ud800\\u0041\"}",
        "{\"a\":\"\\udc00\"}",
        "{\"a\":\"\\u+123\"}",
        "{\"a\":[1,]}",
        "{\"a\":1/**/}",
        "{\"a\":\"",
    ] {
        check(text, Err(JsonError::Syntax));
    }
    assert_eq!(parse_object(b"{\"a\":\"\xff\"}", LIMITS), Err(JsonError::NotUtf8));
}

#[test]
fn names_are_unique_at_any_depth_and_after_unescaping() {
    check(r#"{"a":1,"a":1}"#, Err(JsonError::DuplicateMember));
    check(r#"{"a":1,"\u0061":1}"#, Err(JsonError::DuplicateMember));
    check(r#"{"x":[{"a":1,"a":2}]}"#, Err(JsonError::DuplicateMember));
    let limits = JsonLimits { depth: 4, members: 200 };
    for many in [40, 64, 65, 150] {
        let members = |names: usize| -> String {
            let members: Vec<String> = (0..many).map(|i| format!("\"m{}\":1", i % names)).collect();
            format!("{{{}}}", members.join(","))
        };
        assert!(parse_object(members(many).as_bytes(), limits).is_ok(), "{many}");
        let twice = parse_object(members(many - 1).as_bytes(), limits).map(|_| ());
        assert_eq!(twice, Err(JsonError::DuplicateMember), "{many}");
    }
}

#[test]
fn depth_and_size_are_bounded() {
    check(r#"{"a":{"b":{"c":{"d":{}}}}}"#, Err(JsonError::TooDeep));
    check(r#"{"a":[[[[]]]]}"#, Err(JsonError::TooDeep));
    check(r#"{"a":[1,2,3,4,5,6,7,8,9,10]}"#, Err(JsonError::TooManyMembers));
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    check(&deep, Err(JsonError::TooDeep));
}

#[test]
fn a_fault_is_told_without_a_byte_of_the_text() {
    for (error, text) in [
        (JsonError::NotUtf8, "it is not UTF-8"),
        (JsonError::NotAnObject, "it is not a JSON object"),
        (JsonError::Syntax, "it is not well-formed JSON"),
        (JsonError::TrailingBytes, "bytes follow the JSON object"),
        (JsonError::DuplicateMember, "a member name stands there twice"),
        (JsonError::TooDeep, "it is nested too deeply"),
        (JsonError::TooManyMembers, "it has too many members or elements"),
    ] {
        assert_eq!(error.to_string(), text);
    }
}
