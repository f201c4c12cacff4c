//! Nothing is left unfinished in the code: what is still to do is an issue.

use super::Fault;
use super::source::Source;

const MARKS: &[&str] = &["TODO", "FIXME"];
const STUBS: &[&str] = &["todo!", "unimplemented!", "#[ignore"];

/// In a Rust file: no mark in a comment, no stub in the code, no test that is ignored.
pub(super) fn unfinished_code(source: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    for line in &source.lines {
        let marks = MARKS.iter().filter(|mark| line.comment.contains(**mark));
        let stubs = STUBS.iter().filter(|stub| line.code.contains(**stub));
        faults.extend(marks.chain(stubs).map(|found| refuse(&source.path, line.number, found)));
    }
    faults
}

/// In any other text file: no mark at all.
pub(super) fn unfinished_text(path: &str, text: &str) -> Vec<Fault> {
    let numbered = (1..).zip(text.lines());
    let faults = numbered.flat_map(|(number, line)| {
        let found = MARKS.iter().filter(move |mark| line.contains(**mark));
        found.map(move |mark| refuse(path, number, mark))
    });
    faults.collect()
}

fn refuse(path: &str, line: usize, found: &str) -> Fault {
    Fault::line(path, line, format!("`{found}`: finish it, or file an issue"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: usize) {
        let faults = unfinished_code(&Source::new("a.rs", text));
        assert_eq!(faults.len(), expected, "{text}: {faults:?}");
    }

    #[test]
    fn unfinished_code_is_refused() {
        check("// TODO: b", 1);
        check("a(); /* FIXME */", 1);
        check("todo!()", 1);
        check("unimplemented!()", 1);
        check("#[ignore = \"slow\"]", 1);
    }

    #[test]
    fn strings_are_not_looked_at() {
        check("let a = \"TODO todo!\";", 0);
    }

    #[test]
    fn mark_in_another_text_file_is_refused() {
        let faults = unfinished_text("a.css", "a\nb /* TODO */");
        assert_eq!(faults, [refuse("a.css", 2, "TODO")]);
    }
}
