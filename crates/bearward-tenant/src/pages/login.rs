//! `GET /u/login`: the user gives a name and a password.

use askama::Template;

use crate::pages::CsrfToken;

/// What the login page shows.
#[derive(Template)]
#[template(path = "pages/login.html")]
pub(crate) struct Login {
    /// Name of the application that asked for the login.
    pub(crate) application: String,
    /// The handle of the authorization request.
    pub(crate) state: String,
    pub(crate) csrf: CsrfToken,
    /// The `login_hint`, or what was typed before; may be empty.
    pub(crate) username: String,
    /// Why the attempt before this was refused: [`Login::WRONG`], or that the form was too old.
    pub(crate) fault: Option<String>,
    pub(crate) issuer: String,
}

impl Login {
    /// The same for an unknown user and for a wrong password, in Auth0's words.
    pub(crate) const WRONG: &str = "Wrong email or password.";
}
