//! Which claims an access token is written with.

/// The shape of an API's access tokens, by Auth0's names.
///
/// | dialect | `typ` | client in | `jti` | `gty` | `permissions` |
/// | --- | --- | --- | --- | --- | --- |
/// | `access_token` | JWT | `azp` | no | yes | no |
/// | `access_token_authz` | JWT | `azp` | no | yes | yes |
/// | `rfc9068_profile` | at+jwt | `client_id` | yes | no | no |
/// | `rfc9068_profile_authz` | at+jwt | `client_id` | yes | no | yes |
///
/// The default is `access_token`, which is Auth0's.
///
/// # Example
/// ```
/// use bearward_tenant::TokenDialect;
/// assert_eq!(TokenDialect::default().name(), "access_token");
/// ```
///
/// Source: RFC 9068 section 2 for the latter two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenDialect {
    /// `access_token`: Auth0's own shape.
    #[default]
    AccessToken,
    /// `access_token_authz`: Auth0's own shape with the claim `permissions`.
    AccessTokenAuthz,
    /// `rfc9068_profile`: the standard's shape.
    Rfc9068Profile,
    /// `rfc9068_profile_authz`: the standard's shape with the claim `permissions`.
    Rfc9068ProfileAuthz,
}

impl TokenDialect {
    /// The name that Auth0 gives the dialect.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::TokenDialect;
    /// assert_eq!(TokenDialect::Rfc9068Profile.name(), "rfc9068_profile");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TokenDialect::AccessToken => "access_token",
            TokenDialect::AccessTokenAuthz => "access_token_authz",
            TokenDialect::Rfc9068Profile => "rfc9068_profile",
            TokenDialect::Rfc9068ProfileAuthz => "rfc9068_profile_authz",
        }
    }

    /// Every dialect.
    pub const ALL: [TokenDialect; 4] = [
        TokenDialect::AccessToken,
        TokenDialect::AccessTokenAuthz,
        TokenDialect::Rfc9068Profile,
        TokenDialect::Rfc9068ProfileAuthz,
    ];

    /// The dialect that Auth0 gives this name.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::TokenDialect;
    /// let dialect = TokenDialect::from_name("rfc9068_profile");
    /// assert_eq!(dialect, Some(TokenDialect::Rfc9068Profile));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<TokenDialect> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// Whether tokens have the claim `permissions`.
    pub(crate) fn has_permissions(self) -> bool {
        matches!(self, TokenDialect::AccessTokenAuthz | TokenDialect::Rfc9068ProfileAuthz)
    }
}
