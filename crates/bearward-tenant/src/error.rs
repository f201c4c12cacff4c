//! What can go wrong while a tenant is set up. What a client of the tenant is told is elsewhere:
//! `protocol/refusal.rs`.

use std::error::Error;
use std::fmt;

/// A tenant could not be set up as asked.
///
/// The text says what was expected and what was found, never a secret. Programs match on
/// [`kind`](TenantError::kind).
///
/// # Example
/// ```
/// use bearward_tenant::{Tenant, TenantErrorKind};
/// # async fn example() {
/// let error = Tenant::in_memory("http://tenant.example/").await.unwrap_err();
/// assert_eq!(error.kind(), TenantErrorKind::InvalidIssuer);
/// assert_eq!(error.kind().code(), "invalid_issuer");
/// # }
/// ```
#[derive(Debug)]
pub struct TenantError {
    kind: TenantErrorKind,
    detail: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// The ways in which a [`TenantError`] comes about.
///
/// All but [`Store`](TenantErrorKind::Store) and [`Surroundings`](TenantErrorKind::Surroundings) are the caller's to mend.
///
/// # Example
/// ```
/// assert_eq!(bearward_tenant::TenantErrorKind::UnknownApi.code(), "unknown_api");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TenantErrorKind {
    /// `invalid_issuer`: the issuer is not an address that tokens can name.
    InvalidIssuer,
    /// `invalid_name`: a name is empty, too long, or holds a character that names may not.
    InvalidName,
    /// `invalid_identifier`: the identifier of an API is empty, too long, or holds a control character.
    InvalidIdentifier,
    /// `invalid_permission`: a permission's value is no scope token, is too long, or stands twice.
    InvalidPermission,
    /// `invalid_token_lifetime`: tokens would live longer than 30 days.
    InvalidTokenLifetime,
    /// `invalid_signing_key`: a key that was given is for an algorithm that no API signs with.
    InvalidSigningKey,
    /// `duplicate_identifier`: another API has this identifier.
    DuplicateIdentifier,
    /// `unknown_api`: no API has this identifier.
    UnknownApi,
    /// `unknown_application`: no application has this client id.
    UnknownApplication,
    /// `unknown_permission`: the API has no such permission.
    UnknownPermission,
    /// `invalid_url`: a callback, logout URL or web origin of an application is no address to send
    /// people to.
    InvalidUrl,
    /// `invalid_email`: the text has no form of an email address.
    InvalidEmail,
    /// `invalid_password`: a password is too short or too long.
    InvalidPassword,
    /// `invalid_grant_type`: the application cannot have this grant type.
    InvalidGrantType,
    /// `invalid_code_challenge`: a code challenge is malformed, or is missing where one must be.
    InvalidCodeChallenge,
    /// `invalid_seed`: a seed file says something that cannot be understood or done.
    InvalidSeed,
    /// `invalid_data`: the data folder does not hold what it should, or others may read it.
    InvalidData,
    /// `duplicate_email`: another user has this email address.
    DuplicateEmail,
    /// `duplicate_name`: another role has this name.
    DuplicateName,
    /// `unknown_grant`: the application has no grant for the API.
    UnknownGrant,
    /// `unknown_user`: there is no such user.
    UnknownUser,
    /// `unknown_role`: there is no such role.
    UnknownRole,
    /// `unknown_signing_key`: there is no such key, or it is not in the state that this asks for.
    UnknownSigningKey,
    /// `store`: the database could not be opened, read or written.
    Store,
    /// `surroundings`: the operating system refused randomness or a thread.
    Surroundings,
}

impl TenantErrorKind {
    /// The stable code, for programs and logs.
    ///
    /// # Example
    /// ```
    /// assert_eq!(bearward_tenant::TenantErrorKind::UnknownGrant.code(), "unknown_grant");
    /// ```
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            TenantErrorKind::InvalidIssuer => "invalid_issuer",
            TenantErrorKind::InvalidName => "invalid_name",
            TenantErrorKind::InvalidIdentifier => "invalid_identifier",
            TenantErrorKind::InvalidPermission => "invalid_permission",
            TenantErrorKind::InvalidTokenLifetime => "invalid_token_lifetime",
            TenantErrorKind::InvalidSigningKey => "invalid_signing_key",
            TenantErrorKind::DuplicateIdentifier => "duplicate_identifier",
            TenantErrorKind::UnknownApi => "unknown_api",
            TenantErrorKind::UnknownApplication => "unknown_application",
            TenantErrorKind::UnknownPermission => "unknown_permission",
            TenantErrorKind::InvalidUrl => "invalid_url",
            TenantErrorKind::InvalidEmail => "invalid_email",
            TenantErrorKind::InvalidPassword => "invalid_password",
            TenantErrorKind::InvalidGrantType => "invalid_grant_type",
            TenantErrorKind::InvalidCodeChallenge => "invalid_code_challenge",
            TenantErrorKind::InvalidSeed => "invalid_seed",
            TenantErrorKind::InvalidData => "invalid_data",
            TenantErrorKind::DuplicateEmail => "duplicate_email",
            TenantErrorKind::DuplicateName => "duplicate_name",
            TenantErrorKind::UnknownGrant => "unknown_grant",
            TenantErrorKind::UnknownUser => "unknown_user",
            TenantErrorKind::UnknownRole => "unknown_role",
            TenantErrorKind::UnknownSigningKey => "unknown_signing_key",
            TenantErrorKind::Store => "store",
            TenantErrorKind::Surroundings => "surroundings",
        }
    }
}

impl TenantError {
    pub(crate) fn new(kind: TenantErrorKind, detail: impl Into<String>) -> TenantError {
        TenantError { kind, detail: detail.into(), source: None }
    }

    pub(crate) fn with_source(
        kind: TenantErrorKind,
        detail: impl Into<String>,
        source: impl Error + Send + Sync + 'static,
    ) -> TenantError {
        TenantError { kind, detail: detail.into(), source: Some(Box::new(source)) }
    }

    pub(crate) fn surroundings(
        detail: impl Into<String>,
        source: impl Error + Send + Sync + 'static,
    ) -> TenantError {
        TenantError::with_source(TenantErrorKind::Surroundings, detail, source)
    }

    /// What went wrong, for programs.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::{Tenant, TenantErrorKind};
    /// # async fn example() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = Tenant::in_memory("http://localhost:3011/").await?;
    /// let error = tenant.create_role("", "").await.unwrap_err();
    /// assert_eq!(error.kind(), TenantErrorKind::InvalidName);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn kind(&self) -> TenantErrorKind {
        self.kind
    }
}

impl fmt::Display for TenantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl Error for TenantError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
