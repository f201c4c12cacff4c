//! The tests that show something: rows of the testkit, and tests in Rust that are named for it.

use std::collections::BTreeMap;

use super::VECTORS;
use super::demands::{entries, is_id, text_of, texts_of};
use crate::tidy::Fault;
use crate::tidy::source::Source;

/// One test, as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Test {
    pub(super) path: String,
    /// In words: `a redirect that would lead back`.
    pub(super) name: String,
}

#[derive(Default)]
pub(super) struct Evidence {
    /// Tests by the id that they show.
    pub(super) of: BTreeMap<String, Vec<Test>>,
    /// Tests in Rust by their whole name.
    pub(super) names: BTreeMap<String, Vec<Test>>,
    pub(super) rows: usize,
}

pub(super) fn find(files: &[(String, String)], faults: &mut Vec<Fault>) -> Evidence {
    let mut evidence = Evidence::default();
    for (path, text) in files {
        let rows = path.strip_prefix(VECTORS).and_then(|path| path.strip_prefix("rules/"));
        if rows.is_some_and(|name| name.ends_with(".json")) {
            evidence.read_rows(path, text, faults);
        } else if path.starts_with("crates/") && path.ends_with(".rs") {
            evidence.read_tests(&Source::new(path, text));
        }
    }
    evidence
}

impl Evidence {
    fn read_rows(&mut self, path: &str, text: &str, faults: &mut Vec<Fault>) {
        for row in entries((path.to_owned(), Some(text)), faults) {
            self.rows += 1;
            let name = text_of(&row, "name");
            let ids = [texts_of(&row, "rules"), texts_of(&row, "hostile")].concat();
            if ids.is_empty() {
                faults.push(Fault::file(path, format!("row {name} names no rule")));
            }
            for id in ids {
                if is_id(&id) {
                    self.add(id, Test { path: path.to_owned(), name: name.clone() });
                } else {
                    faults.push(Fault::file(path, format!("there is no rule `{id}`")));
                }
            }
        }
    }

    fn read_tests(&mut self, source: &Source) {
        let mut is_test = false;
        for line in source.lines.iter().filter(|line| line.in_test) {
            is_test |= line.code.contains("#[test]") || line.code.contains("#[tokio::test");
            let Some(name) = function(&line.code).filter(|_| is_test) else { continue };
            is_test = false;
            let (ids, words) = ids_of(name);
            let test = Test { path: source.path.clone(), name: words.replace('_', " ") };
            self.names.entry(name.to_owned()).or_default().push(test.clone());
            for id in ids {
                self.add(id, test.clone());
            }
        }
    }

    fn add(&mut self, id: String, test: Test) {
        self.of.entry(id).or_default().push(test);
    }
}

/// The name of the function that a line of code begins.
fn function(code: &str) -> Option<&str> {
    let (before, after) = code.split_once("fn ")?;
    let begins = before.trim_end().is_empty() || before.trim_end().ends_with("async");
    after.split('(').next().filter(|_| begins)
}

/// `rs_14_b045_exp_twice` shows two things, in the words `exp_twice`.
fn ids_of(name: &str) -> (Vec<String>, &str) {
    let mut ids = Vec::new();
    let mut rest = name;
    while let Some((id, after)) = first_id(rest) {
        ids.push(id);
        rest = after;
    }
    (ids, rest)
}

fn first_id(name: &str) -> Option<(String, &str)> {
    let (word, after) = name.split_once('_')?;
    let (id, after) = if word == "rs" {
        let (number, after) = after.split_once('_')?;
        (format!("RS-{number}"), after)
    } else {
        (word.to_uppercase(), after)
    };
    is_id(&id).then_some((id, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tests_say_what_they_show() {
        for (name, ids, words) in [
            ("rs_57_ten_thousand_kids", &["RS-57"][..], "ten_thousand_kids"),
            ("rs_03_b122_c04_two_lines", &["RS-03", "B122", "C04"], "two_lines"),
            ("b64_false", &[], "b64_false"),
            ("a_guard_b122", &[], "a_guard_b122"),
            ("rs_5_x", &[], "rs_5_x"),
            ("c99_x", &[], "c99_x"),
        ] {
            let (found, rest) = ids_of(name);
            assert_eq!(found, ids, "{name}");
            assert_eq!(rest, words, "{name}");
        }
    }

    #[test]
    fn only_tests_are_counted() {
        let text = "#[test]\nfn rs_57_a() { fn rs_57_b() {} }\nfn rs_57_c() {}\n\
                    #[tokio::test]\nasync fn b109_d() {}\n// #[test]\nfn rs_57_e() {}";
        let mut evidence = Evidence::default();
        evidence.read_tests(&Source::new("crates/a/tests/b.rs", text));
        assert_eq!(evidence.names.keys().collect::<Vec<_>>(), ["b109_d", "rs_57_a"]);
        assert_eq!(evidence.of.keys().collect::<Vec<_>>(), ["B109", "RS-57"]);
    }
}
