//! The user says whether an application may have what it asks for.

use askama::Template;

use crate::pages::CsrfToken;

/// What the consent page shows.
///
/// Source: RFC 6749 section 10.2: the user sees who asks, and for what.
#[derive(Template)]
#[template(path = "pages/consent.html")]
pub(crate) struct Consent {
    pub(crate) application: String,
    pub(crate) third_party: bool,
    /// The email address of the user who is logged in.
    pub(crate) user: String,
    /// The origin of the redirect address, so that a borrowed name deceives nobody.
    pub(crate) returns_to: String,
    pub(crate) scopes: Vec<AskedScope>,
    /// The handle of the authorization request.
    pub(crate) state: String,
    pub(crate) csrf: CsrfToken,
    /// Stands for who is asked and for what: a yes comes back with it.
    pub(crate) asked: String,
    pub(crate) issuer: String,
}

/// A scope that the application asks for.
pub(crate) struct AskedScope {
    pub(crate) value: String,
    /// What it allows, in words; may be empty.
    pub(crate) description: String,
    /// The name of the API that it belongs to; none for the scopes of OpenID Connect.
    pub(crate) api: Option<String>,
}
