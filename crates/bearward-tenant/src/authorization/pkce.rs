//! PKCE: the client shows at the token endpoint that it is the one that asked here.

use super::{AuthorizationError, BrowserParameters};
use crate::model::is_code_challenge;

/// The challenge of the request, by S256 alone: `plain` shows the secret to whoever reads the
/// address. A public client must send one.
///
/// Source: RFC 7636 section 4.3, OAuth 2.1 section 4.1.1.
pub(super) fn challenge(
    parameters: &BrowserParameters,
    client_is_public: bool,
) -> Result<Option<String>, AuthorizationError> {
    let method = parameters.text("code_challenge_method");
    let Some(challenge) = parameters.text("code_challenge") else {
        return match method {
            Some(_) => Err(AuthorizationError::missing("code_challenge")),
            None if client_is_public => Err(AuthorizationError::missing("code_challenge")),
            None => Ok(None),
        };
    };
    if method != Some("S256") {
        return Err(AuthorizationError::invalid_request(
            "code_challenge_method_not_supported",
            "expected the code_challenge_method S256",
        ));
    }
    if !is_code_challenge(challenge) {
        return Err(AuthorizationError::invalid_request(
            "code_challenge_malformed",
            "expected a code_challenge of 43 base64url characters",
        ));
    }
    Ok(Some(challenge.to_owned()))
}
