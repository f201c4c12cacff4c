//! An API: what tokens are for. RFC 8707 calls it a resource, and its identifier becomes `aud`.

use std::time::Duration;

use super::TokenDialect;
use super::name::check_name;
use super::scope::is_scope_token;
use crate::error::{TenantError, TenantErrorKind};
use crate::random;

/// Auth0's limits (Management API v2, resource servers).
const MAX_IDENTIFIER_CHARACTERS: usize = 600;
const MAX_PERMISSION_CHARACTERS: usize = 280;
const MAX_DESCRIPTION_CHARACTERS: usize = 500;
const MAX_TOKEN_LIFETIME: Duration = Duration::from_secs(2_592_000);

/// Auth0's defaults: a day, and two hours where a browser fetched the token by itself.
const TOKEN_LIFETIME: Duration = Duration::from_secs(86_400);
const TOKEN_LIFETIME_FOR_WEB: Duration = Duration::from_secs(7_200);

/// An API that the tenant issues access tokens for.
///
/// # Example
/// ```
/// use bearward_tenant::{NewApi, Tenant};
/// # async fn example() -> Result<(), bearward_tenant::TenantError> {
/// let tenant = Tenant::in_memory("http://localhost:3011/").await?;
/// let api = tenant.create_api(NewApi::new("Messages", "http://localhost:3010")).await?;
/// assert_eq!(api.token_lifetime.as_secs(), 86_400);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Api {
    /// What the tenant calls it: 24 random letters and digits. It never changes.
    pub id: String,
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
    /// How long access tokens live that a single-page application gets, in whole seconds.
    pub token_lifetime_for_web: Duration,
    /// Whether a user gets those permissions alone that they or their roles hold (RBAC). When it is
    /// off, anyone who logs in may have every permission of the API that the application asks for.
    pub enforce_policies: bool,
    /// Whether applications may have refresh tokens for it.
    pub allow_offline_access: bool,
    /// Whether first-party applications get tokens for it without asking the user. Applications of
    /// third parties always ask.
    pub skip_consent_for_verifiable_first_party_clients: bool,
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
/// RS256 is what every verifier of Auth0's tokens knows. Each other algorithm has keys of its own,
/// made when the first API asks for it. HS256 is left out on purpose: who can check such a token can
/// make one.
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
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// ECDSA on P-256 with SHA-256. Some SDKs fail on a key set with an elliptic-curve key in it.
    Es256,
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
            SigningAlgorithm::Rs512 => "RS512",
            SigningAlgorithm::Ps256 => "PS256",
            SigningAlgorithm::Es256 => "ES256",
        }
    }

    /// Every algorithm that an API can have.
    pub const ALL: [SigningAlgorithm; 4] = [
        SigningAlgorithm::Rs256,
        SigningAlgorithm::Rs512,
        SigningAlgorithm::Ps256,
        SigningAlgorithm::Es256,
    ];

    /// The algorithm of this registered name.
    ///
    /// # Example
    /// ```
    /// use bearward_tenant::SigningAlgorithm;
    /// assert_eq!(SigningAlgorithm::from_name("ES256"), Some(SigningAlgorithm::Es256));
    /// assert_eq!(SigningAlgorithm::from_name("HS256"), None);
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<SigningAlgorithm> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    pub(crate) fn of_the_library(self) -> bearward::Algorithm {
        match self {
            SigningAlgorithm::Rs256 => bearward::Algorithm::Rs256,
            SigningAlgorithm::Rs512 => bearward::Algorithm::Rs512,
            SigningAlgorithm::Ps256 => bearward::Algorithm::Ps256,
            SigningAlgorithm::Es256 => bearward::Algorithm::Es256,
        }
    }
}

/// An API that is to be made: a name and an identifier, and what differs from the defaults.
///
/// It is checked when it is made, by [`Tenant::create_api`](crate::Tenant::create_api).
///
/// Defaults, all Auth0's: no permissions, tokens live for a day (two hours in a single-page
/// application), RS256, dialect `access_token`, no RBAC, no refresh tokens, no question to users of
/// first-party applications.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use bearward_tenant::{NewApi, Tenant, TokenDialect};
/// # async fn example() -> Result<(), bearward_tenant::TenantError> {
/// let tenant = Tenant::in_memory("http://localhost:3011/").await?;
/// let messages = NewApi::new("Messages", "http://localhost:3010")
///     .permission("read:messages", "Read messages")
///     .token_lifetime(Duration::from_secs(600))
///     .token_dialect(TokenDialect::Rfc9068Profile);
/// tenant.create_api(messages).await?;
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
            id: String::new(),
            name: name.into(),
            identifier: identifier.into(),
            permissions: Vec::new(),
            token_lifetime: TOKEN_LIFETIME,
            signing_algorithm: SigningAlgorithm::default(),
            token_dialect: TokenDialect::default(),
            token_lifetime_for_web: TOKEN_LIFETIME_FOR_WEB,
            enforce_policies: false,
            allow_offline_access: false,
            skip_consent_for_verifiable_first_party_clients: true,
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

    /// Sets what the access tokens are signed with.
    #[must_use]
    pub fn signing_algorithm(mut self, algorithm: SigningAlgorithm) -> NewApi {
        self.0.signing_algorithm = algorithm;
        self
    }

    /// Turns RBAC on or off: see [`Api::enforce_policies`].
    ///
    /// # Example
    /// ```
    /// let api = bearward_tenant::NewApi::new("Messages", "http://localhost:3010")
    ///     .permission("read:messages", "Read messages")
    ///     .enforce_policies(true);
    /// # drop(api);
    /// ```
    #[must_use]
    pub fn enforce_policies(mut self, enforce: bool) -> NewApi {
        self.0.enforce_policies = enforce;
        self
    }

    /// Lets applications have refresh tokens, or not: see [`Api::allow_offline_access`].
    #[must_use]
    pub fn allow_offline_access(mut self, allow: bool) -> NewApi {
        self.0.allow_offline_access = allow;
        self
    }

    pub(crate) fn check(self) -> Result<Api, TenantError> {
        let api = Api { id: random::letters_and_digits(24)?, ..self.0 };
        api.check()?;
        Ok(api)
    }
}

impl Api {
    pub(crate) fn check(&self) -> Result<(), TenantError> {
        check_name("API", &self.name)?;
        check_identifier(&self.identifier)?;
        check_lifetime(self.token_lifetime)?;
        check_lifetime(self.token_lifetime_for_web)?;
        for (i, permission) in self.permissions.iter().enumerate() {
            permission.check()?;
            if self.permissions.iter().take(i).any(|other| other.value == permission.value) {
                let detail = format!("the permission {:?} stands twice", permission.value);
                return Err(TenantError::new(TenantErrorKind::InvalidPermission, detail));
            }
        }
        Ok(())
    }

    pub(crate) fn has_permission(&self, value: &str) -> bool {
        self.permissions.iter().any(|permission| permission.value == value)
    }
}

pub(crate) fn check_lifetime(lifetime: Duration) -> Result<(), TenantError> {
    if lifetime > MAX_TOKEN_LIFETIME {
        let detail = format!(
            "expected a token lifetime of at most {} seconds, found {}",
            MAX_TOKEN_LIFETIME.as_secs(),
            lifetime.as_secs()
        );
        return Err(TenantError::new(TenantErrorKind::InvalidTokenLifetime, detail));
    }
    Ok(())
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

impl Permission {
    pub(crate) fn new(
        value: impl Into<String>,
        description: impl Into<String>,
    ) -> Result<Permission, TenantError> {
        let permission = Permission { value: value.into(), description: description.into() };
        permission.check()?;
        Ok(permission)
    }

    fn check(&self) -> Result<(), TenantError> {
        let invalid = |detail| Err(TenantError::new(TenantErrorKind::InvalidPermission, detail));
        let value = &self.value;
        if !is_scope_token(value) || value.len() > MAX_PERMISSION_CHARACTERS {
            return invalid(format!(
                "expected a permission of 1 to {MAX_PERMISSION_CHARACTERS} printable ASCII \
                 characters without space, quote and backslash, found {value:?}"
            ));
        }
        let characters = self.description.chars().count();
        if characters > MAX_DESCRIPTION_CHARACTERS {
            return invalid(format!(
                "expected a description of {value:?} of at most {MAX_DESCRIPTION_CHARACTERS} \
                 characters, found {characters}"
            ));
        }
        Ok(())
    }
}
