//! What a form carries to show that it came from a page of ours.

use std::fmt;

/// The token of a session's forms. Who makes and checks it is the session's business; a page only
/// prints it.
///
/// Source: RFC 6749 section 10.12.
#[derive(Clone)]
pub(crate) struct CsrfToken(String);

impl CsrfToken {
    pub(crate) fn new(text: impl Into<String>) -> CsrfToken {
        CsrfToken(text.into())
    }

    /// The text itself, for the hidden field and for comparing.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfToken(redacted)")
    }
}
