//! How long a file is, what it is called, what it imports.

use super::Fault;
use super::source::Source;

/// Above these, a file is split. Code lines are lines with code: no blanks, no comments.
const MOST_CODE_LINES: usize = 400;
const MOST_CODE_LINES_OF_TESTS: usize = 600;

pub(super) fn length(source: &Source) -> Vec<Fault> {
    let lines = source.lines.iter().filter(|line| !line.code_and_strings.trim().is_empty()).count();
    let most = if source.is_test_file() { MOST_CODE_LINES_OF_TESTS } else { MOST_CODE_LINES };
    if lines <= most {
        return Vec::new();
    }
    vec![Fault::file(&source.path, format!("{lines} code lines, at most {most}: split it"))]
}

/// A module is named for its idea: neither `mod.rs` nor a prelude says one.
pub(super) fn module_names(source: &Source) -> Vec<Fault> {
    let name = source.path.rsplit('/').next().unwrap_or_default();
    let what = match name {
        "mod.rs" => "name the file after its module",
        "prelude.rs" => "no prelude: readers shall see where a name comes from",
        _ => {
            let inline = source.lines.iter().find(|line| line.code.contains("mod prelude"));
            return inline
                .map(|line| Fault::line(&source.path, line.number, "no prelude"))
                .into_iter()
                .collect();
        }
    };
    vec![Fault::file(&source.path, what)]
}

/// Only tests import everything, and only what they test: `use super::*`.
pub(super) fn globs(source: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut import = String::new();
    for line in &source.lines {
        let code = line.code.trim();
        if import.is_empty() && !starts_import(code) {
            continue;
        }
        import.push_str(code);
        if !code.contains(';') {
            continue;
        }
        let allowed = line.in_test && import == "use super::*;";
        if import.contains('*') && !allowed {
            let what = "no glob import, except `use super::*;` in tests";
            faults.push(Fault::line(&source.path, line.number, what));
        }
        import.clear();
    }
    faults
}

fn starts_import(code: &str) -> bool {
    let visible = code.strip_prefix("pub").unwrap_or(code);
    let after = visible.strip_prefix("(crate)").or(visible.strip_prefix("(super)"));
    after.unwrap_or(visible).trim_start().starts_with("use ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: fn(&Source) -> Vec<Fault>, path: &str, text: &str, expected: usize) {
        let faults = rule(&Source::new(path, text));
        assert_eq!(faults.len(), expected, "{path}: {faults:?}");
    }

    #[test]
    fn long_file_is_refused() {
        check(length, "a.rs", &"a;\n".repeat(400), 0);
        check(length, "a.rs", &"a;\n".repeat(401), 1);
        check(length, "tests/a.rs", &"a;\n".repeat(600), 0);
        check(length, "a/tests.rs", &"a;\n".repeat(601), 1);
    }

    #[test]
    fn blanks_and_comments_are_no_code_lines() {
        check(length, "a.rs", &"\n// a\n/* b\nc */\n/// d\n".repeat(300), 0);
    }

    #[test]
    fn modules_are_named_for_an_idea() {
        check(module_names, "a/mod.rs", "", 1);
        check(module_names, "a/prelude.rs", "", 1);
        check(module_names, "a/lib.rs", "pub mod prelude {}", 1);
        check(module_names, "a/model.rs", "mod preface;", 0);
    }

    #[test]
    fn glob_import_is_refused() {
        check(globs, "a.rs", "use std::io::*;", 1);
        check(globs, "a.rs", "pub(crate) use std::{\n    fs,\n    io::*,\n};", 1);
        check(globs, "a.rs", "use super::*;", 1);
        check(globs, "a.rs", "use std::io;\nlet a = b * c;", 0);
    }

    #[test]
    fn tests_import_what_they_test() {
        check(globs, "a.rs", "#[cfg(test)]\nmod tests {\n    use super::*;\n}", 0);
        check(globs, "a.rs", "#[cfg(test)]\nmod tests {\n    use std::io::*;\n}", 1);
    }
}
