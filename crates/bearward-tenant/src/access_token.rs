//! The access tokens that the tenant writes: RFC 9068's shape and Auth0's.

use std::time::{SystemTime, UNIX_EPOCH};

use bearward::sign::SigningKey;
use serde::Serialize;

use crate::error::TenantError;
use crate::model::{Api, TokenDialect};
use crate::random;

/// What an access token for an application says, whatever the dialect.
pub(crate) struct AccessToken<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) api: &'a Api,
    pub(crate) client_id: &'a str,
    pub(crate) scopes: &'a [&'a str],
    pub(crate) issued_at: SystemTime,
}

/// Every claim of every dialect; those that a dialect does not have are not written.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: String,
    aud: &'a str,
    iat: u64,
    exp: u64,
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    gty: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    azp: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions: Option<&'a [&'a str]>,
}

/// Writes and signs the token. An empty scope is left out, as Auth0 does.
///
/// Source: RFC 9068 section 2 for the `rfc9068` dialects.
pub(crate) fn sign(token: &AccessToken<'_>, key: &SigningKey) -> Result<String, TenantError> {
    let (typ, claims) = write(token)?;
    key.sign(typ, &claims)
        .map_err(|error| TenantError::surroundings("the token could not be signed", error))
}

fn write<'a>(token: &AccessToken<'a>) -> Result<(&'static str, Claims<'a>), TenantError> {
    let iat = token.issued_at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let mut claims = Claims {
        iss: token.issuer,
        // The suffix keeps an application's subject apart from every user's (RFC 9068 section 5).
        sub: format!("{}@clients", token.client_id),
        aud: &token.api.identifier,
        iat,
        exp: iat.saturating_add(token.api.token_lifetime.as_secs()),
        scope: token.scopes.join(" "),
        gty: None,
        azp: None,
        client_id: None,
        jti: None,
        permissions: None,
    };
    if token.api.token_dialect.has_permissions() {
        claims.permissions = Some(token.scopes);
    }
    let typ = match token.api.token_dialect {
        TokenDialect::AccessToken | TokenDialect::AccessTokenAuthz => {
            claims.gty = Some("client-credentials");
            claims.azp = Some(token.client_id);
            "JWT"
        }
        TokenDialect::Rfc9068Profile | TokenDialect::Rfc9068ProfileAuthz => {
            claims.client_id = Some(token.client_id);
            // 131 bits: more than the 128 that make a repetition impossible in practice.
            claims.jti = Some(random::letters_and_digits(22)?);
            "at+jwt"
        }
    };
    Ok((typ, claims))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::model::NewApi;

    fn written(dialect: TokenDialect, scopes: &[&str]) -> (&'static str, serde_json::Value) {
        let api = NewApi::new("Messages", "http://localhost:3010").token_dialect(dialect);
        let token = AccessToken {
            issuer: "http://localhost:3011/",
            api: &api.check().unwrap(),
            client_id: "abc",
            scopes,
            issued_at: UNIX_EPOCH + Duration::from_millis(1_700_000_000_900),
        };
        let (typ, claims) = write(&token).unwrap();
        (typ, serde_json::to_value(claims).unwrap())
    }

    fn expected(more: &serde_json::Value) -> serde_json::Value {
        let mut claims = json!({
            "iss": "http://localhost:3011/", "sub": "abc@clients", "aud": "http://localhost:3010",
            "iat": 1_700_000_000, "exp": 1_700_086_400,
        });
        for (name, value) in more.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }

    #[test]
    fn auth0_dialects_have_azp_and_gty() {
        for (dialect, scopes, more) in [
            (
                TokenDialect::AccessToken,
                vec!["a", "b"],
                json!({ "azp": "abc", "gty": "client-credentials", "scope": "a b" }),
            ),
            (
                TokenDialect::AccessToken,
                vec![],
                json!({ "azp": "abc", "gty": "client-credentials" }),
            ),
            (
                TokenDialect::AccessTokenAuthz,
                vec!["a"],
                json!({ "azp": "abc", "gty": "client-credentials", "scope": "a", "permissions": ["a"] }),
            ),
            (
                TokenDialect::AccessTokenAuthz,
                vec![],
                json!({ "azp": "abc", "gty": "client-credentials", "permissions": [] }),
            ),
        ] {
            assert_eq!(written(dialect, &scopes), ("JWT", expected(&more)));
        }
    }

    #[test]
    fn rfc9068_dialects_have_client_id_and_jti() {
        for (dialect, more) in [
            (TokenDialect::Rfc9068Profile, json!({ "client_id": "abc", "scope": "a" })),
            (
                TokenDialect::Rfc9068ProfileAuthz,
                json!({ "client_id": "abc", "scope": "a", "permissions": ["a"] }),
            ),
        ] {
            let (typ, mut claims) = written(dialect, &["a"]);
            let jti = claims.as_object_mut().unwrap().remove("jti").unwrap();
            assert_eq!(jti.as_str().unwrap().len(), 22);
            assert_eq!((typ, claims), ("at+jwt", expected(&more)));
        }
    }
}
