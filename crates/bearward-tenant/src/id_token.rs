//! The ID tokens that the tenant writes: who has logged in, for the application alone.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bearward::sign::SigningKey;
use serde::Serialize;

use crate::error::TenantError;
use crate::model::User;
use crate::secret::SecretHash;
use crate::user_claims::UserClaims;

/// Auth0's default.
const LIFETIME: Duration = Duration::from_secs(36_000);

/// What an ID token says.
pub(crate) struct IdToken<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) user: &'a User,
    pub(crate) scopes: &'a [&'a str],
    pub(crate) client_id: &'a str,
    /// What `/authorize` was given; a refreshed token has none (OpenID Connect Core section 12.2).
    pub(crate) nonce: Option<&'a str>,
    /// When the user logged in, in seconds since 1970.
    pub(crate) auth_time: u64,
    pub(crate) sid: Option<&'a str>,
    /// The access token that goes with it.
    pub(crate) access_token: &'a str,
    pub(crate) issued_at: SystemTime,
}

/// `azp` is left out: the one audience is the application that asked (OpenID Connect Core
/// section 2). `at_hash` is always there. It tells application and token that they belong
/// together, and every API that it is no access token: see `bearward::Profile`.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: u64,
    exp: u64,
    auth_time: u64,
    at_hash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
    #[serde(flatten)]
    user: UserClaims<'a>,
}

/// The claims besides those about the user, for the metadata.
pub(crate) const ID_TOKEN_CLAIMS: [&str; 8] =
    ["iss", "aud", "iat", "exp", "auth_time", "at_hash", "nonce", "sid"];

/// Writes and signs the token. The key is one for RS256, whatever the API's tokens are signed with:
/// it is what OpenID Connect demands of everyone.
///
/// Source: OpenID Connect Core sections 2 and 15.1.
pub(crate) fn sign(token: &IdToken<'_>, key: &SigningKey) -> Result<String, TenantError> {
    let iat = token.issued_at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let claims = Claims {
        iss: token.issuer,
        aud: token.client_id,
        iat,
        exp: iat.saturating_add(LIFETIME.as_secs()),
        auth_time: token.auth_time,
        at_hash: at_hash(token.access_token),
        nonce: token.nonce,
        sid: token.sid,
        user: UserClaims::of(token.user, token.scopes),
    };
    key.sign("JWT", &claims)
        .map_err(|error| TenantError::surroundings("the ID token could not be signed", error))
}

/// The left half of the SHA-256 of the access token.
///
/// Source: OpenID Connect Core section 3.1.3.6.
fn at_hash(access_token: &str) -> String {
    let hash = SecretHash::of(access_token);
    let (left, _) = hash.as_bytes().split_at(hash.as_bytes().len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use bearward::Algorithm;

    use super::*;
    use crate::model::NewUser;

    #[test]
    fn an_id_token_names_its_own_access_token_and_session() {
        let token = IdToken {
            issuer: "http://localhost:3011/",
            user: &NewUser::new("alice@example.com", "correct horse").check(0).unwrap(),
            scopes: &["openid"],
            client_id: "abc",
            nonce: None,
            auth_time: 0,
            sid: Some("session"),
            access_token: "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
            issued_at: UNIX_EPOCH,
        };
        let signed = sign(&token, &SigningKey::generate(Algorithm::Es256).unwrap()).unwrap();
        let payload = URL_SAFE_NO_PAD.decode(signed.split('.').nth(1).unwrap()).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&payload).unwrap();
        assert_eq!(claims["at_hash"], "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!((&claims["sid"], &claims["exp"]), (&"session".into(), &36_000.into()));
    }

    /// The example of OpenID Connect Core appendix A.3.
    #[test]
    fn the_hash_is_that_of_the_standards_example() {
        let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(at_hash(access_token), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
