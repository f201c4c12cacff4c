//! A time, as a date and in words. The script keeps the words going.

use jiff::Timestamp;
use jiff::fmt::strtime;

/// A point in time, seen from another.
pub(crate) struct Moment {
    /// Since 1970, in seconds.
    pub(crate) seconds: i64,
    /// For machines: `2026-11-25T01:54:27Z`.
    pub(crate) datetime: String,
    /// For people: `2026-11-25 01:54:27 UTC`.
    pub(crate) date: String,
    /// `in 23 h 58 min` or `2 min 3 s ago`.
    pub(crate) words: String,
    /// How far away it is, in seconds; negative when it is over.
    distance: i64,
}

impl Moment {
    /// None where the number is beyond what a calendar holds.
    pub(crate) fn new(seconds: i64, now_seconds: i64) -> Option<Moment> {
        let time = Timestamp::from_second(seconds).ok()?;
        let format = |format: &str| strtime::format(format, time).ok();
        let distance = seconds.saturating_sub(now_seconds);
        Some(Moment {
            seconds,
            datetime: format("%Y-%m-%dT%H:%M:%SZ")?,
            date: format("%Y-%m-%d %H:%M:%S UTC")?,
            words: in_words(distance),
            distance,
        })
    }

    /// The class of an end that is near or over.
    pub(crate) fn class(&self) -> &'static str {
        match self.distance {
            ..0 => "over",
            0..60 => "soon",
            _ => "",
        }
    }

    /// The word before an end: it expires, or it has.
    pub(crate) fn word(&self) -> &'static str {
        if self.distance < 0 { "Expired" } else { "Expires" }
    }
}

/// The two largest units, which is as exact as anybody wants it. What is over needs no second unit
/// that is zero; a countdown keeps it, so that it does not jump.
fn in_words(distance: i64) -> String {
    const UNITS: [(u64, &str); 4] = [(86400, "d"), (3600, "h"), (60, "min"), (1, "s")];
    let size = distance.unsigned_abs();
    let mut rest = size;
    let mut words = Vec::new();
    for (length, unit) in UNITS {
        if !words.is_empty() || rest >= length || unit == "s" {
            words.push((rest / length, unit));
            rest %= length;
        }
        if words.len() == 2 {
            break;
        }
    }
    if distance < 0 && matches!(words.last(), Some((0, _))) {
        words.pop();
    }
    let words: Vec<_> = words.iter().map(|(count, unit)| format!("{count} {unit}")).collect();
    let words = words.join(" ");
    if distance < 0 { format!("{words} ago") } else { format!("in {words}") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_two_units() {
        for (distance, words) in [
            (0, "in 0 s"),
            (59, "in 59 s"),
            (60, "in 1 min 0 s"),
            (86_399, "in 23 h 59 min"),
            (86_400, "in 1 d 0 h"),
            (-19, "19 s ago"),
            (-60, "1 min ago"),
            (-61, "1 min 1 s ago"),
            (-7_230, "2 h ago"),
            (-3_723, "1 h 2 min ago"),
        ] {
            assert_eq!(in_words(distance), words);
        }
    }

    #[test]
    fn an_end_is_near_in_its_last_minute_and_then_over() {
        for (seconds, class) in [(1060, ""), (1059, "soon"), (1000, "soon"), (999, "over")] {
            assert_eq!(Moment::new(seconds, 1000).unwrap().class(), class, "{seconds}");
        }
        assert_eq!(Moment::new(0, 0).unwrap().date, "1970-01-01 00:00:00 UTC");
        assert!(Moment::new(i64::MAX, 0).is_none());
        assert!(Moment::new(i64::MIN, i64::MAX).is_none());
    }
}
