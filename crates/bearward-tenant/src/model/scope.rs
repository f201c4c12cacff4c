//! The syntax of scope tokens.

/// Whether `text` may stand as one token in a `scope`: printable ASCII without space, `"` and `\`.
///
/// Source: RFC 6749 section 3.3.
pub(crate) fn is_scope_token(text: &str) -> bool {
    let allowed = |byte| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    !text.is_empty() && text.bytes().all(allowed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_token_is_printable_ascii_without_space_quote_and_backslash() {
        for text in ["read:messages", "!", "~", "https://api.example/read"] {
            assert!(is_scope_token(text), "{text}");
        }
        for text in ["", "read messages", "\"", "\\", "é", "a\tb", "\u{7f}"] {
            assert!(!is_scope_token(text), "{text}");
        }
    }
}
