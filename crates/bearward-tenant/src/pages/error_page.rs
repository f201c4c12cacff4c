//! The page for a request that cannot be answered by a redirect, because no address can be trusted.

use askama::Template;

/// What went wrong and how to mend it.
///
/// Source: RFC 6749 section 4.1.2.1: on a wrong client or address the user is told, never redirected.
#[derive(Template)]
#[template(path = "pages/error.html")]
pub(crate) struct ErrorPage {
    /// "Callback URL mismatch.", in Auth0's words where it has some.
    pub(crate) title: String,
    /// One sentence of what that means.
    pub(crate) lead: String,
    /// The stable code, as the log has it.
    pub(crate) code: &'static str,
    /// What the tenant would have taken, one a line.
    pub(crate) expected: Vec<String>,
    /// What came instead.
    pub(crate) found: Option<String>,
    pub(crate) mend: Option<ErrorMend>,
    pub(crate) issuer: String,
}

/// What the developer does about it.
pub(crate) struct ErrorMend {
    /// One sentence: "Add this line to the Allowed Callback URLs of My App."
    pub(crate) says: String,
    /// The line itself, to be copied.
    pub(crate) line: Option<String>,
    /// What the line is: "Allowed Callback URL".
    pub(crate) line_label: &'static str,
    /// Label and address of the page of the dashboard where it is done.
    pub(crate) link: Option<(String, String)>,
}
