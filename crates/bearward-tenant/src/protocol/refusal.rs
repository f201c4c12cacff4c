//! Every way in which the tenant refuses a request, and the one place that says it to the client.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::InvalidGrant;
use crate::error::TenantError;
use crate::limits::TooMany;
use crate::mends::rule;

/// Why a request is refused.
#[derive(Debug)]
pub(crate) enum Refusal {
    MethodNotAllowed,
    UnsupportedMediaType,
    BodyTooLarge,
    BodyTooSlow,
    /// With what was expected.
    MalformedBody(&'static str),
    RepeatedParameter,
    ParameterNotText(&'static str),
    MissingParameter(&'static str),
    SecretInUri,
    SeveralClientAuthentications,
    ClientIdsDiffer,
    /// With the reason for the operator; the client hears the same each time.
    ClientNotAuthenticated(&'static str),
    UnsupportedGrantType(String),
    GrantTypeNotAllowed(&'static str),
    NoAudience,
    UnknownAudience(String),
    InvalidTarget,
    NoGrant {
        client_id: String,
        audience: String,
    },
    MalformedScope,
    ScopesNotGranted(Vec<String>),
    InvalidGrant(InvalidGrant),
    UserBlocked,
    /// A refresh asks for more than the login gave.
    ScopeTooWide(Vec<String>),
    /// An access token at the endpoint that revokes refresh tokens.
    NotRevocable,
    /// A refresh token that is another client's to revoke.
    TokenOfAnotherClient,
    /// Too many wrong secrets were tried for this client.
    TooManyAttempts(TooMany),
    /// Our own trouble, with what it is.
    Internal(TenantError),
}

/// What the client is told.
///
/// Source: RFC 6749 section 5.2.
#[derive(Serialize)]
struct Answer {
    #[serde(skip)]
    status: StatusCode,
    error: &'static str,
    error_description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_uri: Option<&'static str>,
}

/// RFC 9110 section 15.5.2 wants a challenge with every 401, and RFC 6749 section 5.2 this one when
/// the client used the header.
const CHALLENGE: HeaderValue = HeaderValue::from_static(r#"Basic realm="oauth/token""#);

impl Refusal {
    /// Status, error and description are Auth0's where a client of Auth0 can see one (it says 403
    /// where RFC 6749 says 400), and the RFC's elsewhere.
    fn answer(&self) -> Answer {
        use StatusCode as S;
        let (status, error, description) = match self {
            Refusal::MethodNotAllowed => {
                (S::METHOD_NOT_ALLOWED, "invalid_request", "expected the method POST".into())
            }
            Refusal::UnsupportedMediaType => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "invalid_request",
                "expected the content type application/x-www-form-urlencoded or application/json"
                    .into(),
            ),
            Refusal::BodyTooLarge => {
                (S::PAYLOAD_TOO_LARGE, "invalid_request", "the body is too large".into())
            }
            Refusal::BodyTooSlow => {
                (S::REQUEST_TIMEOUT, "invalid_request", "the body took too long".into())
            }
            Refusal::MalformedBody(expected) => {
                (S::BAD_REQUEST, "invalid_request", (*expected).into())
            }
            Refusal::RepeatedParameter => {
                (S::BAD_REQUEST, "invalid_request", "a parameter is given more than once".into())
            }
            Refusal::ParameterNotText(name) => {
                (S::BAD_REQUEST, "invalid_request", format!("expected text in parameter: {name}"))
            }
            Refusal::MissingParameter(name) => {
                (S::BAD_REQUEST, "invalid_request", format!("Missing required parameter: {name}"))
            }
            Refusal::SecretInUri => (
                S::BAD_REQUEST,
                "invalid_request",
                "client credentials in the URI are refused; treat this secret as leaked".into(),
            ),
            Refusal::SeveralClientAuthentications => (
                S::BAD_REQUEST,
                "invalid_request",
                "the client authenticates in more than one way".into(),
            ),
            Refusal::ClientIdsDiffer => (
                S::BAD_REQUEST,
                "invalid_request",
                "client_id differs from the one in the Authorization header".into(),
            ),
            Refusal::ClientNotAuthenticated(_) => {
                (S::UNAUTHORIZED, "access_denied", "Unauthorized".into())
            }
            Refusal::UnsupportedGrantType(name) => (
                S::BAD_REQUEST,
                "unsupported_grant_type",
                format!("Unsupported grant type: {}", printable(name)),
            ),
            Refusal::GrantTypeNotAllowed(name) => (
                S::FORBIDDEN,
                "unauthorized_client",
                format!("Grant type '{name}' not allowed for the client."),
            ),
            Refusal::NoAudience => (
                S::FORBIDDEN,
                "access_denied",
                "No audience parameter was provided, and no default audience has been configured"
                    .into(),
            ),
            Refusal::UnknownAudience(audience) => (
                S::FORBIDDEN,
                "access_denied",
                format!("Service not enabled within domain: {}", printable(audience)),
            ),
            Refusal::InvalidTarget => (
                S::BAD_REQUEST,
                "invalid_target",
                "the resource is unknown, or is not the audience".into(),
            ),
            Refusal::NoGrant { client_id, audience } => (
                S::FORBIDDEN,
                "access_denied",
                format!(
                    "Client \"{client_id}\" is not authorized to access resource server \
                     \"{}\". You need to create a \"client-grant\" associated to this API.",
                    printable(audience)
                ),
            ),
            Refusal::MalformedScope => {
                (S::BAD_REQUEST, "invalid_scope", "the scope is malformed".into())
            }
            Refusal::ScopesNotGranted(scopes) => (
                S::FORBIDDEN,
                "access_denied",
                format!("Client has not been granted scopes: {}", scopes.join(", ")),
            ),
            Refusal::InvalidGrant(invalid) => {
                (S::FORBIDDEN, "invalid_grant", invalid.description().into())
            }
            Refusal::UserBlocked => (S::FORBIDDEN, "unauthorized", "user is blocked".into()),
            Refusal::ScopeTooWide(scopes) => (
                S::BAD_REQUEST,
                "invalid_scope",
                format!("the refresh token was not granted: {}", scopes.join(" ")),
            ),
            Refusal::NotRevocable => (
                S::BAD_REQUEST,
                "unsupported_token_type",
                "only refresh tokens can be revoked; an access token ends by itself".into(),
            ),
            Refusal::TokenOfAnotherClient => {
                (S::BAD_REQUEST, "invalid_grant", "the token was given to another client".into())
            }
            Refusal::TooManyAttempts(_) => (
                S::TOO_MANY_REQUESTS,
                "too_many_requests",
                "too many failed attempts; try again later".into(),
            ),
            Refusal::Internal(_) => (
                S::INTERNAL_SERVER_ERROR,
                "server_error",
                "the server has trouble of its own; its log says which".into(),
            ),
        };
        let error_uri = matches!(self, Refusal::GrantTypeNotAllowed(_))
            .then_some("https://auth0.com/docs/clients/client-grant-types");
        Answer { status, error, error_description: description, error_uri }
    }

    /// What the operator is told: what the client is told, and the likely mend where that does not
    /// say it.
    pub(crate) fn detail(&self) -> String {
        let told = self.answer().error_description;
        match self {
            Refusal::InvalidGrant(_) | Refusal::UserBlocked | Refusal::ScopeTooWide(_) => {
                format!("{}. {}", told.trim_end_matches('.'), rule(self.reason()).mend)
            }
            _ => told,
        }
    }

    /// Every code that [`reason`](Refusal::reason) gives.
    #[cfg(test)]
    pub(crate) const ALL_REASONS: &[&'static str] = &[
        "method_not_allowed",
        "unsupported_media_type",
        "body_too_large",
        "body_too_slow",
        "malformed_body",
        "repeated_parameter",
        "parameter_not_text",
        "missing_parameter",
        "secret_in_uri",
        "several_client_authentications",
        "client_ids_differ",
        "unsupported_grant_type",
        "grant_type_not_allowed",
        "no_audience",
        "unknown_audience",
        "invalid_target",
        "no_grant",
        "malformed_scope",
        "scopes_not_granted",
        "internal",
        "user_blocked",
        "scope_too_wide",
        "token_not_revocable",
        "token_of_another_client",
        "too_many_attempts",
        // What client authentication says.
        "authorization_header_malformed",
        "client_assertion_not_supported",
        "client_is_public",
        "client_missing",
        "client_secret_missing",
        "client_secret_wrong",
        "client_unknown",
        // Why a code or a refresh token gives nothing.
        "code_unknown",
        "code_used_before",
        "code_expired",
        "code_revoked",
        "code_of_another_client",
        "redirect_uri_differs",
        "code_verifier_missing",
        "code_verifier_malformed",
        "code_verifier_wrong",
        "code_verifier_without_challenge",
        "refresh_token_unknown",
        "refresh_token_used_before",
        "refresh_token_expired",
        "refresh_token_idle",
        "refresh_token_revoked",
        "refresh_token_of_another_client",
        "offline_access_taken_away",
        "user_gone",
    ];

    /// The stable code for the operator's log.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Refusal::MethodNotAllowed => "method_not_allowed",
            Refusal::UnsupportedMediaType => "unsupported_media_type",
            Refusal::BodyTooLarge => "body_too_large",
            Refusal::BodyTooSlow => "body_too_slow",
            Refusal::MalformedBody(_) => "malformed_body",
            Refusal::RepeatedParameter => "repeated_parameter",
            Refusal::ParameterNotText(_) => "parameter_not_text",
            Refusal::MissingParameter(_) => "missing_parameter",
            Refusal::SecretInUri => "secret_in_uri",
            Refusal::SeveralClientAuthentications => "several_client_authentications",
            Refusal::ClientIdsDiffer => "client_ids_differ",
            Refusal::ClientNotAuthenticated(reason) => reason,
            Refusal::UnsupportedGrantType(_) => "unsupported_grant_type",
            Refusal::GrantTypeNotAllowed(_) => "grant_type_not_allowed",
            Refusal::NoAudience => "no_audience",
            Refusal::UnknownAudience(_) => "unknown_audience",
            Refusal::InvalidTarget => "invalid_target",
            Refusal::NoGrant { .. } => "no_grant",
            Refusal::MalformedScope => "malformed_scope",
            Refusal::ScopesNotGranted(_) => "scopes_not_granted",
            Refusal::InvalidGrant(invalid) => invalid.reason(),
            Refusal::UserBlocked => "user_blocked",
            Refusal::ScopeTooWide(_) => "scope_too_wide",
            Refusal::NotRevocable => "token_not_revocable",
            Refusal::TokenOfAnotherClient => "token_of_another_client",
            Refusal::TooManyAttempts(_) => "too_many_attempts",
            Refusal::Internal(_) => "internal",
        }
    }
}

impl From<InvalidGrant> for Refusal {
    fn from(invalid: InvalidGrant) -> Refusal {
        Refusal::InvalidGrant(invalid)
    }
}

impl From<TenantError> for Refusal {
    fn from(error: TenantError) -> Refusal {
        Refusal::Internal(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if let Refusal::Internal(error) = &self {
            tracing::error!(error = error as &dyn std::error::Error, "a request failed");
        }
        let answer = self.answer();
        let status = answer.status;
        let mut response = (status, Json(answer)).into_response();
        if let Refusal::TooManyAttempts(too_many) = self {
            let seconds = HeaderValue::from(too_many.seconds());
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, CHALLENGE);
        }
        response
    }
}

/// What the sender wrote, with a question mark for whatever an error description may not hold.
///
/// Source: RFC 6749 section 5.2.
pub(crate) fn printable(text: &str) -> String {
    let allowed = |c: char| matches!(c, ' '..='~') && c != '"' && c != '\\';
    text.chars().map(|c| if allowed(c) { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A variant that is added has its code in these files and not in the list, until it is added
    /// there too.
    #[test]
    fn every_reason_stands_in_the_list() {
        let here = include_str!("refusal.rs");
        let (_, codes) = here.split_once("fn reason(&self)").unwrap_or_default();
        let (codes, _) = codes.split_once("\nimpl ").unwrap_or_default();
        let of_variants = codes.split("=> \"").skip(1);
        let authentication = include_str!("client_authentication.rs");
        let of_clients = authentication.split("ClientNotAuthenticated(\"").skip(1);
        let invalid_grant = include_str!("invalid_grant.rs");
        let of_grants = invalid_grant
            .split("InvalidGrant::")
            .skip(1)
            .map(|row| row.split_once('"').unwrap_or_default().1);
        let found: Vec<&str> = of_variants
            .chain(of_clients)
            .chain(of_grants)
            .map(|rest| rest.split('"').next().unwrap_or_default())
            .collect();
        assert_eq!(found.len(), Refusal::ALL_REASONS.len(), "{found:?}");
        for reason in found {
            assert!(Refusal::ALL_REASONS.contains(&reason), "{reason} is not in the list");
        }
    }
}
