//! How long an answer says that it stays fresh (RFC 9111).

use std::time::Duration;

use reqwest::header::{AGE, CACHE_CONTROL, HeaderMap};

/// `max-age` of `Cache-Control`, in any case and on any line, less the `Age` that a cache on the way
/// adds; nothing where the answer is not to be stored or used unasked. `None` where it says nothing
/// that can be read.
///
/// Source: RFC 9111 sections 4.2.1, 5.1 and 5.2.2.
pub(super) fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let lines = headers.get_all(CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok());
    let mut most = None;
    for directive in lines.flat_map(|line| line.split(',')) {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => return Some(Duration::ZERO),
            // The first one counts, where there are several.
            "max-age" if most.is_none() => most = seconds(value.trim().trim_matches('"')),
            _ => {}
        }
    }
    let age = headers.get(AGE).and_then(|age| seconds(age.to_str().ok()?.trim()));
    Some(most?.saturating_sub(age.unwrap_or_default()))
}

/// A number too large to be held is a very long time (RFC 9111 section 1.2.2).
fn seconds(text: &str) -> Option<Duration> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&'static str], age: Option<&'static str>, expected: Option<u64>) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(CACHE_CONTROL, line.parse().unwrap());
        }
        if let Some(age) = age {
            headers.insert(AGE, age.parse().unwrap());
        }
        assert_eq!(max_age(&headers), expected.map(Duration::from_secs), "{lines:?} {age:?}");
    }

    #[test]
    fn max_age_is_read_however_it_is_written() {
        check(&[], None, None);
        check(&["max-age=300"], None, Some(300));
        check(&["public, Max-Age=300 , must-revalidate"], None, Some(300));
        check(&["public", "max-age=\"300\""], None, Some(300));
        check(&["max-age=300, max-age=1"], None, Some(300));
        check(&["max-age=99999999999999999999999"], None, Some(u64::MAX));
        for unreadable in ["max-age", "max-age=", "max-age=-1", "max-age=+1", "max-age=1h", "x=1"] {
            check(&[unreadable], None, None);
        }
    }

    #[test]
    fn what_is_not_to_be_stored_is_not_fresh() {
        check(&["no-store"], None, Some(0));
        check(&["max-age=300, No-Cache"], None, Some(0));
        check(&["max-age=300", "no-store"], None, Some(0));
    }

    #[test]
    fn the_age_in_a_cache_on_the_way_counts() {
        check(&["max-age=300"], Some("100"), Some(200));
        check(&["max-age=300"], Some("301"), Some(0));
        check(&["max-age=300"], Some("young"), Some(300));
        check(&[], Some("100"), None);
    }
}
