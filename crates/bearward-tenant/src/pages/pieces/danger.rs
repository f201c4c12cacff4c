//! A question before something breaks.

/// What will break, and the button that does it.
pub(crate) struct Danger {
    /// Unique on its page.
    pub(crate) id: &'static str,
    /// What it does: "Delete this API".
    pub(crate) title: String,
    /// What will break, in numbers: "3 applications will get no tokens".
    pub(crate) breaks: Vec<String>,
    pub(crate) action: String,
    pub(crate) button: String,
    /// The name to type first, where it cannot be undone. It arrives as `confirm`, and is checked
    /// there again: the browser's check is a courtesy.
    pub(crate) typed: Option<String>,
    /// Name and value of what the form sends besides.
    pub(crate) fields: Vec<(String, String)>,
}

/// A `pattern` that takes this text and no other.
///
/// Source: HTML, the pattern attribute: an ECMAScript regular expression with the flag v.
pub(crate) fn exactly(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if "^$\\.*+?()[]{}|/".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_its_text_literally() {
        assert_eq!(exactly("My API"), "My API");
        assert_eq!(exactly("http://a.b/?c=(d)"), r"http:\/\/a\.b\/\?c=\(d\)");
    }
}
