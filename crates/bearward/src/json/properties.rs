//! What is accepted is read as `serde_json` reads it, and what is well-formed is accepted.

use proptest::collection::{btree_map, vec};
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use proptest::sample::Index;
use proptest::string::string_regex;
use proptest::test_runner::TestCaseError;

use super::tests::to_serde;
use super::{JsonError, JsonLimits, Value, parse_object, parse_set};

/// Past what the generated texts hold, so that only their form decides.
const LIMITS: JsonLimits = JsonLimits { depth: 64, members: 10_000 };

/// What mutations put into a text: JSON's own characters, and some that are none of it.
const PIECES: [&str; 32] = [
    "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "\\ud83d", "\\ude00", "0", "1", "-", "+", ".",
    "e", "E", "t", "true", "null", "NaN", " ", "\n", "\t", "\u{b}", "\u{0}", "/", "é", "\"a\":",
    "\u{feff}", "'",
];

/// A value, as text.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|bool| bool.to_string()),
        like("-?(0|[1-9][0-9]{0,18})(\\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?"),
        string(),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            (vec(inner.clone(), 0..4), space())
                .prop_map(|(values, space)| format!("[{space}{}]", values.join(","))),
            object(inner),
        ]
    })
}

/// An object with names that differ, as text.
fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (btree_map(like("[a-c]{0,2}"), (value, space(), any::<bool>()), 0..4), space()).prop_map(
        |(members, space)| {
            let members: Vec<String> = members
                .into_iter()
                .map(|(name, (value, space, escaped))| {
                    let name = if escaped { escape(&name) } else { name };
                    format!("\"{name}\"{space}:{space}{value}{space}")
                })
                .collect();
            format!("{{{space}{}}}", members.join(&format!(",{space}")))
        },
    )
}

/// The same text with each letter as an escape.
fn escape(name: &str) -> String {
    name.chars().map(|char| format!("\\u{:04x}", u32::from(char))).collect()
}

fn string() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        like("[ -!#-\\[\\]-~é€😀]{0,8}"),
        like("\\\\[\"\\\\/bfnrt]"),
        like("\\\\u(00[0-9a-fA-F]{2}|[1-9a-cA-C][0-9a-fA-F]{3})"),
        like("\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}"),
    ];
    vec(part, 0..4).prop_map(|parts| format!("\"{}\"", parts.concat()))
}

fn space() -> impl Strategy<Value = String> {
    like("[ \\t\\n\\r]{0,2}")
}

/// A text of this form. A pattern that stands for itself would be taken apart for each text.
fn like(pattern: &str) -> impl Strategy<Value = String> + use<> {
    string_regex(pattern).unwrap()
}

/// A text of pieces, or a well-formed one in which some are put in, taken out or doubled.
fn mutated() -> impl Strategy<Value = String> {
    let edits = vec((any::<Index>(), 0..PIECES.len(), 0..3_usize), 1..4);
    (object(json()), edits).prop_map(|(text, edits)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (at, piece, taken_out) in edits {
            let at = at.index(chars.len() + 1);
            let end = (at + taken_out).min(chars.len());
            chars.splice(at..end, PIECES[piece].chars());
        }
        chars.into_iter().collect()
    })
}

/// Ours and theirs agree about a text that ours accepts.
fn check(text: &str) -> Result<(), TestCaseError> {
    let Ok(ours) = parse_object(text.as_bytes(), LIMITS) else { return Ok(()) };
    let theirs: serde_json::Value = match serde_json::from_str(text) {
        Ok(theirs) => theirs,
        // Numbers are kept as they are written; `serde_json` knows those of an `f64` only.
        Err(error) if error.to_string().starts_with("number out of range") => return Ok(()),
        Err(error) => return Err(TestCaseError::fail(format!("{text}: {error}"))),
    };
    prop_assert_eq!(to_serde(&Value::Object(ours)), theirs);
    Ok(())
}

fn cases() -> ProptestConfig {
    ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn well_formed_objects_are_read_as_serde_json_reads_them(text in object(json())) {
        prop_assert!(parse_object(text.as_bytes(), LIMITS).is_ok(), "{}", text);
        check(&text)?;
    }

    #[test]
    fn what_is_accepted_of_broken_text_is_read_as_serde_json_reads_it(text in mutated()) {
        check(&text)?;
    }

    #[test]
    fn a_set_differs_from_an_object_by_its_marks_only(text in mutated()) {
        let object = parse_object(text.as_bytes(), LIMITS);
        let set = parse_set(text.as_bytes(), LIMITS);
        match object {
            // Which comes first, the second name or the fault, is all the same for a refusal.
            Err(JsonError::DuplicateMember) => {}
            object => prop_assert_eq!(set, object),
        }
    }

    #[test]
    fn a_name_that_stands_twice_is_refused(
        text in object(json()),
        name in like("[a-c]{0,2}"),
        twice in any::<bool>(),
    ) {
        let inside = &text[1..];
        let second = if twice { escape(&name) } else { name.clone() };
        let comma = if inside.trim_start().starts_with('}') { "" } else { "," };
        let text = format!("{{\"{name}\":1,\"{second}\":2{comma}{inside}");
        prop_assert_eq!(
            parse_object(text.as_bytes(), LIMITS).map(|_| ()),
            Err(JsonError::DuplicateMember)
        );
        prop_assert!(parse_set(text.as_bytes(), LIMITS).is_ok_and(|object| object.ambiguous));
    }
}
