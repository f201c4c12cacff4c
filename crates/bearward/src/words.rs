//! Lengths of time and lists, as a person says them.

use std::time::Duration;

/// A length of time in its two largest units: `3 min`, `1 h 5 min`.
pub(crate) fn length(length: Duration) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let seconds = length.as_secs();
    let largest = UNITS.iter().position(|(unit, _)| seconds >= *unit).unwrap_or(UNITS.len() - 1);
    let mut rest = seconds;
    let mut words = Vec::new();
    for (unit, name) in UNITS.iter().skip(largest).take(2) {
        let count = rest / unit;
        rest %= unit;
        if count > 0 || words.is_empty() {
            words.push(format!("{count} {name}"));
        }
    }
    words.join(" ")
}

/// `a, b and 3 more`, or `none`.
pub(crate) fn list<T: AsRef<str>>(items: &[T]) -> String {
    const MOST: usize = 5;
    let mut text = items.iter().take(MOST).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    if items.is_empty() {
        text.push_str("none");
    }
    match items.len().saturating_sub(MOST) {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_has_at_most_two_units() {
        for (seconds, expected) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (61, "1 min 1 s"),
            (3_600, "1 h"),
            (3_601, "1 h"),
            (86_280, "23 h 58 min"),
            (90_061, "1 d 1 h"),
        ] {
            assert_eq!(length(Duration::from_secs(seconds)), expected, "{seconds}");
        }
    }

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        assert_eq!(list::<&str>(&[]), "none");
        assert_eq!(list(&["a", "b"]), "a, b");
        assert_eq!(list(&["a", "b", "c", "d", "e", "f", "g"]), "a, b, c, d, e and 2 more");
    }
}
