//! `WWW-Authenticate`, taken apart for the answer card.

use super::visible;

/// One challenge: its scheme and its parameters, in their order.
///
/// Source: RFC 9110 section 11.6.1.
#[derive(Debug, PartialEq)]
pub(crate) struct Challenge {
    pub(crate) scheme: String,
    pub(crate) parameters: Vec<(String, String)>,
}

impl Challenge {
    /// Every challenge of one header value. What cannot be read ends the list.
    pub(crate) fn all(header: &str) -> Vec<Challenge> {
        let mut challenges: Vec<Challenge> = Vec::new();
        let mut rest = header;
        loop {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            let end = rest.find(|c: char| !is_token(c)).unwrap_or(rest.len());
            let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if name.is_empty() {
                return challenges;
            }
            let value = after.trim_start_matches([' ', '\t']).strip_prefix('=');
            match (value, challenges.last_mut()) {
                (Some(value), Some(challenge)) => {
                    let (value, after) = parameter_value(value.trim_start_matches([' ', '\t']));
                    challenge.parameters.push((name.to_owned(), visible(&value)));
                    rest = after;
                }
                (Some(_), None) => return challenges,
                (None, _) => {
                    let scheme = name.to_owned();
                    challenges.push(Challenge { scheme, parameters: Vec::new() });
                    rest = after;
                }
            }
        }
    }
}

/// A token or a quoted string at the start of the text, and what follows it.
fn parameter_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '\t', ',', '"']).unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        return (value.to_owned(), rest);
    };
    let mut value = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => value.extend(chars.next()),
            other => value.push(other),
        }
    }
    (value, chars.as_str())
}

/// RFC 9110 section 5.6.2.
fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_taken_apart() {
        let challenge = |scheme: &str, parameters: &[(&str, &str)]| Challenge {
            scheme: scheme.into(),
            parameters: parameters.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect(),
        };
        for (header, expected) in [
            ("", vec![]),
            ("Bearer", vec![challenge("Bearer", &[])]),
            (
                r#"Bearer realm="a, \"b\"", error=insufficient_scope, scope="x y""#,
                vec![challenge(
                    "Bearer",
                    &[("realm", "a, \"b\""), ("error", "insufficient_scope"), ("scope", "x y")],
                )],
            ),
            (
                r#"DPoP algs="ES256", Bearer realm="a""#,
                vec![
                    challenge("DPoP", &[("algs", "ES256")]),
                    challenge("Bearer", &[("realm", "a")]),
                ],
            ),
            ("Bearer realm=\"open", vec![challenge("Bearer", &[("realm", "open")])]),
            ("=x", vec![]),
            ("a=b", vec![]),
            ("Bearer é", vec![challenge("Bearer", &[])]),
            ("Bearer realm=\"\u{202e}\"", vec![challenge("Bearer", &[("realm", "\\u{202e}")])]),
        ] {
            assert_eq!(Challenge::all(header), expected, "{header}");
        }
    }
}
