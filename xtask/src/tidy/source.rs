//! A Rust file, taken apart just far enough for the rules: code, comments, strings, tests.

/// A Rust file and where it lies.
pub(crate) struct Source {
    /// With `/`, relative to the workspace.
    pub(crate) path: String,
    pub(crate) lines: Vec<Line>,
}

#[derive(Default)]
pub(crate) struct Line {
    /// Counted from 1.
    pub(crate) number: usize,
    /// Without comments and without what stands inside string and character literals.
    pub(crate) code: String,
    /// Without comments.
    pub(crate) code_and_strings: String,
    /// Comments only.
    pub(crate) comment: String,
    /// Whether the line belongs to a test file or to an item under `#[cfg(test)]`.
    pub(crate) in_test: bool,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Source {
        let mut lines = split(text);
        mark_tests(&mut lines, is_test_file(path));
        Source { path: path.to_owned(), lines }
    }

    /// Whether the whole file is for tests: a file named `tests.rs`, or one under `tests/`.
    pub(crate) fn is_test_file(&self) -> bool {
        is_test_file(&self.path)
    }
}

fn is_test_file(path: &str) -> bool {
    path.split('/').any(|part| part == "tests" || part == "tests.rs")
}

#[derive(Clone, Copy)]
enum State {
    Code,
    LineComment,
    BlockComment { depth: usize },
    String,
    RawString { hashes: usize },
}

fn split(text: &str) -> Vec<Line> {
    let mut lines = vec![Line { number: 1, ..Line::default() }];
    let mut state = State::Code;
    let mut rest = text;
    let mut before = ' ';
    while let Some(char) = rest.chars().next() {
        let (next, length) = step(state, rest, before);
        let (piece, after) = rest.split_at(length.max(char.len_utf8()).min(rest.len()));
        let opens_string =
            matches!((state, next), (State::Code, State::String | State::RawString { .. }));
        for char in piece.chars() {
            if char == '\n' {
                let number = lines.len() + 1;
                lines.push(Line { number, ..Line::default() });
                continue;
            }
            let Some(line) = lines.last_mut() else { break };
            match (state, next) {
                (State::LineComment | State::BlockComment { .. }, _)
                | (_, State::LineComment | State::BlockComment { .. }) => line.comment.push(char),
                (State::String | State::RawString { .. }, _) => line.code_and_strings.push(char),
                // A character literal comes as one piece; its inside is no code.
                (State::Code, State::Code) if piece.starts_with('\'') && piece.len() > 1 => {
                    line.code_and_strings.push(char);
                }
                (State::Code, _) => {
                    line.code_and_strings.push(char);
                    if !opens_string {
                        line.code.push(char);
                    }
                }
            }
        }
        before = piece.chars().last().unwrap_or(' ');
        state = next;
        rest = after;
    }
    lines
}

/// The state after the next piece of the text, and how many bytes that piece has.
fn step(state: State, rest: &str, before: char) -> (State, usize) {
    match state {
        State::Code if rest.starts_with("//") => (State::LineComment, 2),
        State::Code if rest.starts_with("/*") => (State::BlockComment { depth: 1 }, 2),
        State::Code if rest.starts_with('"') => (State::String, 1),
        State::Code if rest.starts_with('\'') => (State::Code, character_length(rest)),
        State::Code if rest.starts_with('r') && !(before.is_alphanumeric() && before != 'b') => {
            let hashes = rest.bytes().skip(1).take_while(|byte| *byte == b'#').count();
            match rest.as_bytes().get(1 + hashes) {
                Some(b'"') => (State::RawString { hashes }, hashes + 2),
                _ => (State::Code, 1),
            }
        }
        State::Code => (State::Code, 1),
        State::LineComment if rest.starts_with('\n') => (State::Code, 1),
        State::LineComment => (State::LineComment, 1),
        State::BlockComment { depth } if rest.starts_with("/*") => {
            (State::BlockComment { depth: depth + 1 }, 2)
        }
        State::BlockComment { depth: 1 } if rest.starts_with("*/") => (State::Code, 2),
        State::BlockComment { depth } if rest.starts_with("*/") => {
            (State::BlockComment { depth: depth - 1 }, 2)
        }
        State::BlockComment { depth } => (State::BlockComment { depth }, 1),
        State::String if rest.starts_with('\\') => (State::String, 2),
        State::String if rest.starts_with('"') => (State::Code, 1),
        State::String => (State::String, 1),
        State::RawString { hashes } => {
            let end = format!("\"{}", "#".repeat(hashes));
            if rest.starts_with(&end) { (State::Code, end.len()) } else { (state, 1) }
        }
    }
}

/// The bytes of a character literal, or 1 for the quote of a lifetime.
fn character_length(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => {
            chars.next();
            rest.bytes().skip(3).position(|byte| byte == b'\'').map_or(1, |at| at + 4)
        }
        Some(_) => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
        None => 1,
    }
}

/// Marks each item under `#[cfg(test)]`, from the attribute to the brace or semicolon that ends it.
fn mark_tests(lines: &mut [Line], all: bool) {
    let mut inside = false;
    let mut depth = 0_usize;
    for line in lines {
        inside |= line.code_and_strings.contains("#[cfg(test)]");
        line.in_test = all || inside;
        if !inside {
            continue;
        }
        for char in line.code.chars() {
            match char {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && matches!(char, '}' | ';') {
                inside = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, code: &str, strings: &str, comment: &str) {
        let source = Source::new("a.rs", text);
        let join =
            |part: fn(&Line) -> &str| source.lines.iter().map(part).collect::<Vec<_>>().join("|");
        assert_eq!(join(|line| &line.code), code, "code of {text}");
        assert_eq!(join(|line| &line.code_and_strings), strings, "code and strings of {text}");
        assert_eq!(join(|line| &line.comment), comment, "comment of {text}");
    }

    #[test]
    fn code_strings_and_comments_are_told_apart() {
        check("a // b", "a ", "a ", "// b");
        check("a /* b\n /* c */ d */ e", "a | e", "a | e", "/* b| /* c */ d */");
        check(r#"f("// x \" y", z)"#, "f(, z)", r#"f("// x \" y", z)"#, "");
        check("r#\"a\"b\"# c", " c", "r#\"a\"b\"# c", "");
        check(r"let q = '\''; b", "let q = ; b", r"let q = '\''; b", "");
        check("let q = '\"'; b", "let q = ; b", "let q = '\"'; b", "");
        check("fn a<'b>(c: &'b d)", "fn a<'b>(c: &'b d)", "fn a<'b>(c: &'b d)", "");
    }

    #[test]
    fn test_items_are_marked_to_their_end() {
        let text = "a\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\nc\n#[cfg(test)]\nmod tests;\nd";
        let source = Source::new("a.rs", text);
        let marked: Vec<_> = source.lines.iter().filter(|line| line.in_test).collect();
        assert_eq!(marked.iter().map(|line| line.number).collect::<Vec<_>>(), [2, 3, 4, 5, 7, 8]);
    }

    #[test]
    fn test_files_are_known_by_their_place() {
        for path in ["crates/a/tests/b.rs", "crates/a/src/b/tests.rs"] {
            assert!(Source::new(path, "a").lines.iter().all(|line| line.in_test), "{path}");
        }
        assert!(!Source::new("crates/a/src/contests.rs", "a").is_test_file());
    }
}
