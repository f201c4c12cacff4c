//! What a user lets an application do, without the pages on which they say so.

use std::fmt;

use crate::error::TenantError;
use crate::random;

/// An authorization that a program gives in a user's name, where `/authorize` would ask the user:
/// for tests of applications that redeem codes.
///
/// [`Tenant::authorize`](crate::Tenant::authorize) checks it and makes the code.
///
/// Defaults: the scope `openid`, no API, no code challenge, no nonce.
///
/// # Example
/// ```
/// use bearward_tenant::Authorization;
/// let authorization = Authorization::new("auth0|alice", "client-id", "http://localhost:3000/callback")
///     .scope("openid profile read:messages")
///     .audience("http://localhost:3010")
///     .code_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
/// # drop(authorization);
/// ```
///
/// Source: RFC 6749 section 4.1.1, RFC 7636 section 4.3.
#[derive(Clone, Debug)]
pub struct Authorization {
    pub(crate) user_id: String,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) scope: String,
    pub(crate) audience: Option<String>,
    pub(crate) code_challenge: Option<String>,
    pub(crate) nonce: Option<String>,
}

impl Authorization {
    /// This user lets this application have a code, which it must redeem with this `redirect_uri`,
    /// one of its callbacks.
    #[must_use]
    pub fn new(
        user_id: impl Into<String>,
        client_id: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Authorization {
        Authorization {
            user_id: user_id.into(),
            client_id: client_id.into(),
            redirect_uri: redirect_uri.into(),
            scope: "openid".to_owned(),
            audience: None,
            code_challenge: None,
            nonce: None,
        }
    }

    /// Sets the scopes that are asked for, separated by spaces. What user and API do not allow is
    /// left out of the tokens, as at `/authorize`.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Authorization {
        self.scope = scope.into();
        self
    }

    /// Names the API, by its identifier. Without one the access token is good at `/userinfo` alone.
    #[must_use]
    pub fn audience(mut self, identifier: impl Into<String>) -> Authorization {
        self.audience = Some(identifier.into());
        self
    }

    /// Binds the code to a verifier, by S256. Public clients must.
    #[must_use]
    pub fn code_challenge(mut self, code_challenge: impl Into<String>) -> Authorization {
        self.code_challenge = Some(code_challenge.into());
        self
    }

    /// Sets what the ID token is to repeat.
    #[must_use]
    pub fn nonce(mut self, nonce: impl Into<String>) -> Authorization {
        self.nonce = Some(nonce.into());
        self
    }
}

/// An authorization code: 43 random letters and digits (255 bits), good once, for 60 seconds.
///
/// `Debug` redacts it; the tenant keeps a hash.
///
/// # Example
/// ```
/// use bearward_tenant::AuthorizationCode;
/// fn form(code: &AuthorizationCode) -> String {
///     format!("grant_type=authorization_code&code={}", code.expose())
/// }
/// ```
///
/// Source: RFC 6749 section 4.1.2.
pub struct AuthorizationCode(String);

impl AuthorizationCode {
    pub(crate) fn generate() -> Result<AuthorizationCode, TenantError> {
        random::letters_and_digits(43).map(AuthorizationCode)
    }

    /// The code itself, to redeem it at the token endpoint.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AuthorizationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthorizationCode(redacted)")
    }
}
