//! Asking before the session ends, and saying that it has ended.

use askama::Template;

use crate::pages::CsrfToken;

/// Whether to log out, where the request does not prove who asks.
///
/// Source: OpenID Connect RP-Initiated Logout 1.0 section 2.
#[derive(Template)]
#[template(path = "pages/confirm_logout.html")]
pub(crate) struct ConfirmLogout {
    /// The application that asks, if it named itself.
    pub(crate) application: Option<String>,
    /// The email address of the user whose session it is.
    pub(crate) user: String,
    /// The handle of the logout request.
    pub(crate) state: String,
    pub(crate) csrf: CsrfToken,
    pub(crate) issuer: String,
}

/// The session has ended, and there is no address to return to.
#[derive(Template)]
#[template(path = "pages/logged_out.html")]
pub(crate) struct LoggedOut {
    pub(crate) issuer: String,
}
