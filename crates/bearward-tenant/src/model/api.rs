//! An API: what tokens are for. RFC 8707 calls it a resource, and its identifier becomes `aud`.

use std::time::Duration;

use super::TokenDialect;
use super::name::check_name;
use super::scope::is_scope_token;
use crate::error::{TenantError, TenantErrorKind};

/// Auth0's limits (Management API v2, resource servers).
const MAX_IDENTIFIER_CHARACTERS: usize = 600;
const MAX_PERMISSION_CHARACTERS: usize = 280;
const MAX_DESCRIPTION_CHARACTERS: usize = 500;
const MAX_TOKEN_LIFETIME: Duration = Duration::from_secs(2_592_000);

/// Auth0's default.
const TOKEN_LIFETIME: Duration = Duration::from_secs(86_400);

/// An API that the tenant issues access tokens for.
///
/// # Example
/// ```
/// use bearward_tenant::{NewApi, Tenant};
/// # fn main() -> Result<(), bearward_tenant::TenantError> {
/// let tenant = Tenant::new("http://localhost:3011/")?;
/// let api = tenant.create_api(NewApi::new("Messages", "http://localhost:3010"))?;
/// assert_eq!(api.token_lifetime.as_secs(), 86_400);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Api {
    /// What people call it.
    pub name: String,
    /// What tokens call it: their `aud`. It never changes.
    pub identifier: String,
    /// What can be granted on it.
    pub permissions: Vec<Permission>,
    /// How long its access tokens live, in whole seconds.
    pub token_lifetime: Duration,
    /// What its access tokens are signed with.
    pub signing_algorithm: SigningAlgorithm,
    /// The shape of its access tokens.
    pub token_dialect: TokenDialect,
}

/// Something that can be granted on an API, such as `read:messages`.
///
/// # Example
/// ```
/// use bearward_tenant::NewApi;
/// let api = NewApi::new("Messages", "http://localhost:3010")
///     .permission("read:messages", "Read messages");
/// # drop(api);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Permission {
    /// The scope token that stands for it.
    pub value: String,
    /// What people read.
    pub description: String,
}

/// What an API's access tokens are signed with.
///
/// One there is today; RS256 is what every verifier of Auth0's tokens knows.
///
/// # Example
/// ```
/// use bearward_tenant::SigningAlgorithm;
/// assert_eq!(SigningAlgorithm::default().name(), "RS256");
/// ```
///
/// Source: RFC 7518 section 3.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[default]
    Rs256,
}

impl SigningAlgorithm {
    /// The registered name, as it stands in `alg`.
    ///
    /// # Example
    /// ```
    /// assert_eq!(bearward_tenant::SigningAlgorithm::Rs256.name(), "RS256");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SigningAlgorithm::Rs256 => "RS256",
        }
    }
}

/// An API that is to be made: a name and an identifier, and what differs from the defaults.
///
/// It is checked when it is made, by [`Tenant::create_api`](crate::Tenant::create_api).
///
/// Defaults, all Auth0's: no permissions, tokens live for a day, RS256, dialect `access_token`.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use bearward_tenant::{NewApi, Tenant, TokenDialect};
/// # fn main() -> Result<(), bearward_tenant::TenantError> {
/// let tenant = Tenant::new("http://localhost:3011/")?;
/// tenant.create_api(
///     NewApi::new("Messages", "http://localhost:3010")
///         .permission("read:messages", "Read messages")
///         .token_lifetime(Duration::from_secs(600))
///         .token_dialect(TokenDialect::Rfc9068Profile),
/// )?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct NewApi(Api);

impl NewApi {
    /// An API with this name and this identifier.
    ///
    /// # Example
    /// ```
    /// let api = bearward_tenant::NewApi::new("Messages", "http://localhost:3010");
    /// # drop(api);
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>, identifier: impl Into<String>) -> NewApi {
        NewApi(Api {
            name: name.into(),
            identifier: identifier.into(),
            permissions: Vec::new(),
            token_lifetime: TOKEN_LIFETIME,
            signing_algorithm: SigningAlgorithm::default(),
            token_dialect: TokenDialect::default(),
        })
    }

    /// Adds a permission.
    ///
    /// # Example
    /// ```
    /// let api = bearward_tenant::NewApi::new("Messages", "http://localhost:3010")
    ///     .permission("read:messages", "Read messages")
    ///     .permission("write:messages", "Write messages");
    /// # drop(api);
    /// ```
    #[must_use]
    pub fn permission(
        mut self,
        value: impl Into<String>,
        description: impl Into<String>,
    ) -> NewApi {
        let permission = Permission { value: value.into(), description: description.into() };
        self.0.permissions.push(permission);
        self
    }

    /// Sets how long access tokens live: up to 30 days, in whole seconds (a rest is cut off). Zero
    /// makes tokens that have expired when they arrive, which is good for trying out a refusal.
    ///
    /// # Example
    /// ```
    /// let api = bearward_tenant::NewApi::new("Messages", "http://localhost:3010")
    ///     .token_lifetime(std::time::Duration::from_secs(600));
    /// # drop(api);
    /// ```
    #[must_use]
    pub fn token_lifetime(mut self, lifetime: Duration) -> NewApi {
        self.0.token_lifetime = Duration::from_secs(lifetime.as_secs());
        self
    }

    /// Sets the shape of the access tokens.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::{NewApi, TokenDialect};
    /// let api = NewApi::new("Messages", "http://localhost:3010")
    ///     .token_dialect(TokenDialect::AccessTokenAuthz);
    /// # drop(api);
    /// ```
    #[must_use]
    pub fn token_dialect(mut self, dialect: TokenDialect) -> NewApi {
        self.0.token_dialect = dialect;
        self
    }

    pub(crate) fn check(self) -> Result<Api, TenantError> {
        let mut api = self.0;
        api.name = check_name("API", api.name)?;
        check_identifier(&api.identifier)?;
        if api.token_lifetime > MAX_TOKEN_LIFETIME {
            let detail = format!(
                "expected a token lifetime of at most {} seconds, found {}",
                MAX_TOKEN_LIFETIME.as_secs(),
                api.token_lifetime.as_secs()
            );
            return Err(TenantError::new(TenantErrorKind::InvalidTokenLifetime, detail));
        }
        for (i, permission) in api.permissions.iter().enumerate() {
            check_permission(permission)?;
            if api.permissions.iter().take(i).any(|other| other.value == permission.value) {
                let detail = format!("the permission {:?} stands twice", permission.value);
                return Err(TenantError::new(TenantErrorKind::InvalidPermission, detail));
            }
        }
        Ok(api)
    }
}

fn check_identifier(identifier: &str) -> Result<(), TenantError> {
    let characters = identifier.chars().count();
    if identifier.trim().is_empty()
        || characters > MAX_IDENTIFIER_CHARACTERS
        || identifier.chars().any(char::is_control)
    {
        let detail = format!(
            "expected an API identifier of 1 to {MAX_IDENTIFIER_CHARACTERS} characters without \
             control characters, found {characters} characters"
        );
        return Err(TenantError::new(TenantErrorKind::InvalidIdentifier, detail));
    }
    Ok(())
}

fn check_permission(permission: &Permission) -> Result<(), TenantError> {
    let invalid = |detail| Err(TenantError::new(TenantErrorKind::InvalidPermission, detail));
    let value = &permission.value;
    if !is_scope_token(value) || value.len() > MAX_PERMISSION_CHARACTERS {
        return invalid(format!(
            "expected a permission of 1 to {MAX_PERMISSION_CHARACTERS} printable ASCII characters \
             without space, quote and backslash, found {value:?}"
        ));
    }
    let characters = permission.description.chars().count();
    if characters > MAX_DESCRIPTION_CHARACTERS {
        return invalid(format!(
            "expected a description of {value:?} of at most {MAX_DESCRIPTION_CHARACTERS} \
             characters, found {characters}"
        ));
    }
    Ok(())
}
