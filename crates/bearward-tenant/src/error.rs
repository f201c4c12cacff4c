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
/// let error = Tenant::new("http://tenant.example/").unwrap_err();
/// assert_eq!(error.kind(), TenantErrorKind::InvalidIssuer);
/// assert_eq!(error.kind().code(), "invalid_issuer");
/// ```
#[derive(Debug)]
pub struct TenantError {
    kind: TenantErrorKind,
    detail: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// The ways in which a [`TenantError`] comes about.
///
/// All but [`Surroundings`](TenantErrorKind::Surroundings) are the caller's to mend.
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
    /// `duplicate_grant`: the application has a grant for this API already.
    DuplicateGrant,
    /// `unknown_api`: no API has this identifier.
    UnknownApi,
    /// `unknown_application`: no application has this client id.
    UnknownApplication,
    /// `unknown_permission`: the API has no such permission.
    UnknownPermission,
    /// `surroundings`: the operating system refused randomness or a thread.
    Surroundings,
}

impl TenantErrorKind {
    /// The stable code, for programs and logs.
    ///
    /// # Example
    /// ```
    /// assert_eq!(bearward_tenant::TenantErrorKind::DuplicateGrant.code(), "duplicate_grant");
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
            TenantErrorKind::DuplicateGrant => "duplicate_grant",
            TenantErrorKind::UnknownApi => "unknown_api",
            TenantErrorKind::UnknownApplication => "unknown_application",
            TenantErrorKind::UnknownPermission => "unknown_permission",
            TenantErrorKind::Surroundings => "surroundings",
        }
    }
}

impl TenantError {
    pub(crate) fn new(kind: TenantErrorKind, detail: impl Into<String>) -> TenantError {
        TenantError { kind, detail: detail.into(), source: None }
    }

    pub(crate) fn surroundings(
        detail: impl Into<String>,
        source: impl Error + Send + Sync + 'static,
    ) -> TenantError {
        TenantError {
            kind: TenantErrorKind::Surroundings,
            detail: detail.into(),
            source: Some(Box::new(source)),
        }
    }

    /// What went wrong, for programs.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::{Tenant, TenantErrorKind};
    /// # fn main() -> Result<(), bearward_tenant::TenantError> {
    /// let tenant = Tenant::new("http://localhost:3011/")?;
    /// let error = tenant.create_application("").unwrap_err();
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
