//! Pages that nobody reads: they carry the answer of `/authorize` to the application.

use askama::Template;

/// A form that a script sends at once; without scripts it has a button.
///
/// Source: OAuth 2.0 Form Post Response Mode section 2.
#[derive(Template)]
#[template(path = "pages/form_post.html")]
pub(crate) struct FormPost {
    /// The application's redirect address.
    pub(crate) action: String,
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) issuer: String,
}

/// A message to the page of the application that opened or framed this one.
#[derive(Template)]
#[template(path = "pages/web_message.html")]
pub(crate) struct WebMessage {
    /// The application's: browsers deliver the message to no other.
    pub(crate) origin: String,
    /// JSON.
    pub(crate) response: String,
    pub(crate) issuer: String,
}
