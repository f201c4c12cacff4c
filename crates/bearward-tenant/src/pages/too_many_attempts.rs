//! The page of status 429: the limit on guessing has been reached.

use askama::Template;

use crate::pages::pieces::Moment;

/// When to try again. It says the same whether or not the user exists.
#[derive(Template)]
#[template(path = "pages/too_many_attempts.html")]
pub(crate) struct TooManyAttempts {
    /// When the next attempt is let through; `Retry-After` says the same.
    pub(crate) again: Moment,
    /// Label and address of the way back to the login.
    pub(crate) back: Option<(String, String)>,
    pub(crate) issuer: String,
}
