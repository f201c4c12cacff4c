//! Points in time, told to a person: `2026-11-25 10:00:00 UTC, in 23 h 58 min`.

use jiff::Timestamp;

/// A point in time as somebody types it (RFC 3339).
pub(crate) fn parse(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "expected a time such as 2026-11-25T10:00:00Z".to_owned())
}

/// The date and how far away it is.
pub(crate) fn in_words(moment: Timestamp, now: Timestamp) -> String {
    let seconds = moment.as_second().saturating_sub(now.as_second());
    let length = length_in_words(seconds.unsigned_abs());
    let date = moment.strftime("%Y-%m-%d %H:%M:%S UTC");
    match seconds {
        0 => format!("{date}, now"),
        1.. => format!("{date}, in {length}"),
        _ => format!("{date}, {length} ago"),
    }
}

/// A length of time in its two largest units.
pub(crate) fn length_in_words(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let mut rest = seconds;
    let mut words = Vec::new();
    for (length, name) in UNITS {
        if words.len() == 2 || (rest < length && words.is_empty() && length > 1) {
            continue;
        }
        let count = rest / length;
        rest %= length;
        if count > 0 || words.is_empty() {
            words.push(format!("{count} {name}"));
        } else {
            break;
        }
    }
    words.join(" ")
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
            (86_400, "1 d"),
            (90_061, "1 d 1 h"),
            (1_795_564_523, "20781 d 23 h"),
        ] {
            assert_eq!(length_in_words(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn a_moment_is_ahead_or_past() {
        let now = Timestamp::from_second(1_795_600_920).unwrap();
        let check = |second, expected: &str| {
            assert_eq!(in_words(Timestamp::from_second(second).unwrap(), now), expected);
        };
        check(1_795_687_200, "2026-11-26 10:00:00 UTC, in 23 h 58 min");
        check(1_795_600_920, "2026-11-25 10:02:00 UTC, now");
        check(1_795_600_800, "2026-11-25 10:00:00 UTC, 2 min ago");
    }
}
