//! Every ban in clippy.toml says what to use instead.

use super::Fault;

/// Looks at the lists `disallowed-...`. An entry stands on one line, so that it can be read at a
/// glance, and has a `reason` that is not empty.
pub(super) fn check(path: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut in_list = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.starts_with("disallowed-") {
            in_list = !line.ends_with(']');
            if !in_list && !line.ends_with("[]") {
                faults.push(Fault::line(path, number, "one line for each ban"));
            }
        } else if line.starts_with(']') {
            in_list = false;
        } else if in_list && !line.is_empty() && !line.starts_with('#') && !has_reason(line) {
            faults.push(Fault::line(path, number, "this ban has no reason on its line"));
        }
    }
    faults
}

fn has_reason(line: &str) -> bool {
    let Some((_, after)) = line.split_once("reason = \"") else { return false };
    after.split_once('"').is_some_and(|(reason, _)| !reason.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_entry(entry: &str, expected: usize) {
        let text = format!("a = true\ndisallowed-methods = [\n  # why\n  {entry}\n]\nb = []\n");
        assert_eq!(check("clippy.toml", &text).len(), expected, "{entry}");
    }

    #[test]
    fn ban_without_a_reason_is_refused() {
        check_entry("{ path = \"a::b\", reason = \"use c\" },", 0);
        check_entry("{ path = \"a::b\", reason = \" \" },", 1);
        check_entry("{ path = \"a::b\" },", 1);
        check_entry("\"a::b\",", 1);
    }

    #[test]
    fn list_on_one_line_is_refused() {
        assert_eq!(check("clippy.toml", "disallowed-types = [\"a::b\"]").len(), 1);
        assert_eq!(check("clippy.toml", "disallowed-types = []").len(), 0);
    }
}
