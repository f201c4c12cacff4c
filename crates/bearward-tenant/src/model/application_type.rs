//! What kind of program an application is, and what follows from it.

/// The kind of an application, by Auth0's names.
///
/// | type | keeps a secret | grant types |
/// | --- | --- | --- |
/// | `native` | no | `authorization_code`, `refresh_token` |
/// | `spa` | no | `authorization_code`, `refresh_token` |
/// | `regular_web` | yes | `authorization_code`, `refresh_token`, `client_credentials` |
/// | `non_interactive` | yes | `client_credentials` |
///
/// # Example
/// ```
/// use bearward_tenant::ApplicationType;
/// assert_eq!(ApplicationType::from_name("spa"), Some(ApplicationType::Spa));
/// assert!(!ApplicationType::Spa.keeps_secrets());
/// ```
///
/// Source: RFC 6749 section 2.1; RFC 8252 (native), OAuth 2.1 section 2.1 (the rest).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApplicationType {
    /// `native`: a program on a person's device.
    Native,
    /// `spa`: a page that runs in the browser.
    Spa,
    /// `regular_web`: a program on a server that people log in to.
    RegularWeb,
    /// `non_interactive`: a program that acts for itself (machine to machine).
    NonInteractive,
}

/// How an application gets tokens.
///
/// # Example
/// ```
/// use bearward_tenant::GrantType;
/// assert_eq!(GrantType::ClientCredentials.name(), "client_credentials");
/// ```
///
/// Source: RFC 6749 sections 1.3 and 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GrantType {
    /// `authorization_code`: a user logs in, in a browser.
    AuthorizationCode,
    /// `refresh_token`: new tokens for old, without the user.
    RefreshToken,
    /// `client_credentials`: for itself, without a user.
    ClientCredentials,
}

impl ApplicationType {
    /// Every type.
    pub const ALL: [ApplicationType; 4] = [
        ApplicationType::Native,
        ApplicationType::Spa,
        ApplicationType::RegularWeb,
        ApplicationType::NonInteractive,
    ];

    /// The name that Auth0 gives the type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ApplicationType::Native => "native",
            ApplicationType::Spa => "spa",
            ApplicationType::RegularWeb => "regular_web",
            ApplicationType::NonInteractive => "non_interactive",
        }
    }

    /// The type that Auth0 gives this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<ApplicationType> {
        Self::ALL.into_iter().find(|app_type| app_type.name() == name)
    }

    /// Whether a program of this type can keep a secret.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::ApplicationType;
    /// assert!(ApplicationType::RegularWeb.keeps_secrets());
    /// assert!(!ApplicationType::Spa.keeps_secrets());
    /// ```
    #[must_use]
    pub fn keeps_secrets(self) -> bool {
        matches!(self, ApplicationType::RegularWeb | ApplicationType::NonInteractive)
    }

    /// The grant types that an application of this type has when nothing else is said.
    #[must_use]
    pub fn grant_types(self) -> &'static [GrantType] {
        match self {
            ApplicationType::Native | ApplicationType::Spa => {
                &[GrantType::AuthorizationCode, GrantType::RefreshToken]
            }
            ApplicationType::RegularWeb => &GrantType::ALL,
            ApplicationType::NonInteractive => &[GrantType::ClientCredentials],
        }
    }
}

impl GrantType {
    /// Every grant type that the tenant knows.
    pub const ALL: [GrantType; 3] =
        [GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::ClientCredentials];

    /// The registered name, as it stands in `grant_type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            GrantType::AuthorizationCode => "authorization_code",
            GrantType::RefreshToken => "refresh_token",
            GrantType::ClientCredentials => "client_credentials",
        }
    }

    /// The grant type of this registered name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<GrantType> {
        Self::ALL.into_iter().find(|grant_type| grant_type.name() == name)
    }
}
