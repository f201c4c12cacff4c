//! A token family: all codes and refresh tokens that follow from one login and consent.

/// What was granted at `/authorize`, and to whom. Every token of the family rests on it; when it is
/// revoked, none of them gives another.
///
/// Source: RFC 9700 section 4.14.2 (reuse of a refresh token ends the family).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenFamily {
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) user_id: String,
    /// The login session that it began in.
    pub(crate) sid: Option<String>,
    /// Identifier of the API; nothing for a token that is good at `/userinfo` alone.
    pub(crate) audience: Option<String>,
    /// What was granted, space-separated.
    pub(crate) scope: String,
    /// When the user logged in, in seconds since 1970.
    pub(crate) auth_time: i64,
}

/// An authorization code that is to be kept, with what redeeming it must show.
pub(crate) struct NewCode<'a> {
    /// The code itself; only its hash is kept.
    pub(crate) code: &'a str,
    pub(crate) redirect_uri: &'a str,
    /// By S256; nothing when the request had none.
    pub(crate) code_challenge: Option<&'a str>,
    /// For the ID token.
    pub(crate) nonce: Option<&'a str>,
    pub(crate) expires_at: i64,
}
