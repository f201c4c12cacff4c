//! Somebody else's text, made fit to be looked at. Escaping is the template's work.

/// How much of a long value is kept in sight at its end.
const TAIL: usize = 6;

/// Values up to here are not cut: two parts with nothing between them would be no shorter.
const SHORT: usize = 16;

/// The value in two parts, of which the first may be cut short by the stylesheet.
pub(crate) fn for_the_middle(text: &str) -> (&str, &str) {
    if text.chars().count() <= SHORT {
        return (text, "");
    }
    let cut = text.char_indices().rev().nth(TAIL - 1).map_or(0, |(at, _)| at);
    text.split_at_checked(cut).unwrap_or((text, ""))
}

/// The text with controls and invisible marks spelled out: the marks that turn or hide text would
/// let one text pass for another.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_format(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// As [`visible`], but lines and tabs stay what they are: for bodies.
pub(crate) fn visible_lines(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.split('\t').map(visible).collect::<Vec<_>>().join("\t"))
        .collect();
    lines.join("\n")
}

/// The characters of Unicode's category Cf that are met in practice.
fn is_format(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_keeps_its_end() {
        for (text, parts) in [
            ("", ("", "")),
            ("http://localhost", ("http://localhost", "")),
            ("http://localhost:3010", ("http://localhos", "t:3010")),
            ("äöüäöüäöüäöüäöüäöüäöü", ("äöüäöüäöüäöüäöü", "äöüäöü")),
        ] {
            assert_eq!(for_the_middle(text), parts);
        }
    }

    #[test]
    fn marks_that_turn_or_hide_text_are_spelled_out() {
        for (text, shown) in [
            ("read:messages", "read:messages"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("a\u{200b}\u{feff}b", "a\\u{200b}\\u{feff}b"),
            ("a\0\r\nb", "a\\u{0}\\u{d}\\u{a}b"),
            ("日本 é", "日本 é"),
        ] {
            assert_eq!(visible(text), shown);
        }
        assert_eq!(visible_lines("a\tb\r\nc\u{7}"), "a\tb\nc\\u{7}");
    }
}
