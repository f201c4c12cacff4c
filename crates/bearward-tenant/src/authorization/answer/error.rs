//! Why an application gets no code. It is told so at its redirect address.

use std::borrow::Cow;

use crate::error::TenantError;
use crate::protocol::printable;

/// An error response of the authorization endpoint.
///
/// Source: RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6. Descriptions are Auth0's where a program
/// may look at them.
#[derive(Debug)]
pub(crate) struct AuthorizationError {
    pub(crate) error: &'static str,
    pub(crate) description: Cow<'static, str>,
    /// The stable code for the operator.
    pub(crate) reason: &'static str,
}

impl AuthorizationError {
    const fn new(
        error: &'static str,
        reason: &'static str,
        description: &'static str,
    ) -> AuthorizationError {
        AuthorizationError { error, description: Cow::Borrowed(description), reason }
    }

    pub(crate) const REQUEST_NOT_SUPPORTED: AuthorizationError = AuthorizationError::new(
        "request_not_supported",
        "request_not_supported",
        "the parameter request is not supported",
    );
    pub(crate) const REQUEST_URI_NOT_SUPPORTED: AuthorizationError = AuthorizationError::new(
        "request_uri_not_supported",
        "request_uri_not_supported",
        "the parameter request_uri is not supported",
    );
    pub(crate) const UNSUPPORTED_RESPONSE_TYPE: AuthorizationError = AuthorizationError::new(
        "unsupported_response_type",
        "unsupported_response_type",
        "expected the response_type code",
    );
    pub(crate) const UNAUTHORIZED_CLIENT: AuthorizationError = AuthorizationError::new(
        "unauthorized_client",
        "grant_type_not_allowed",
        "Grant type 'authorization_code' not allowed for the client.",
    );
    pub(crate) const INVALID_SCOPE: AuthorizationError =
        AuthorizationError::new("invalid_scope", "malformed_scope", "the scope is malformed");
    pub(crate) const INVALID_TARGET: AuthorizationError = AuthorizationError::new(
        "invalid_target",
        "invalid_target",
        "the resource is unknown, or is not the audience",
    );
    pub(crate) const INVALID_ID_TOKEN_HINT: AuthorizationError = AuthorizationError::new(
        "invalid_request",
        "id_token_hint_not_ours",
        "expected an id_token_hint that this tenant issued",
    );
    pub(crate) const LOGIN_REQUIRED: AuthorizationError =
        AuthorizationError::new("login_required", "login_required", "Login required");
    pub(crate) const CONSENT_REQUIRED: AuthorizationError =
        AuthorizationError::new("consent_required", "consent_required", "Consent required");
    pub(crate) const DENIED: AuthorizationError = AuthorizationError::new(
        "access_denied",
        "consent_denied",
        "User did not authorize the request",
    );

    /// A parameter that must be there is not.
    pub(crate) fn missing(name: &str) -> AuthorizationError {
        let says = format!("Missing required parameter: {name}");
        AuthorizationError::invalid_request("missing_parameter", says)
    }

    pub(crate) fn invalid_request(
        reason: &'static str,
        description: impl Into<Cow<'static, str>>,
    ) -> AuthorizationError {
        let description = Cow::Owned(printable(&description.into()));
        AuthorizationError { error: "invalid_request", description, reason }
    }

    pub(crate) fn unknown_audience(audience: &str) -> AuthorizationError {
        AuthorizationError {
            error: "access_denied",
            description: format!("Service not enabled within domain: {}", printable(audience))
                .into(),
            reason: "unknown_audience",
        }
    }
}

/// Our own trouble. The log says which, the application that it may come back.
impl From<TenantError> for AuthorizationError {
    fn from(error: TenantError) -> AuthorizationError {
        tracing::error!(error = &error as &dyn std::error::Error, "a request failed");
        AuthorizationError::new(
            "server_error",
            "internal",
            "the server has trouble of its own; its log says which",
        )
    }
}
