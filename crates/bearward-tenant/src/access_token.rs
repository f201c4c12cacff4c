//! The access tokens that the tenant writes: RFC 9068's shape and Auth0's.

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bearward::sign::SigningKey;
use serde::Serialize;

use crate::error::TenantError;
use crate::model::{Api, GrantType, TokenDialect};
use crate::random;

/// What an access token says, whatever the dialect.
pub(crate) struct AccessToken<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) subject: Subject<'a>,
    pub(crate) audience: Audience<'a>,
    pub(crate) client_id: &'a str,
    pub(crate) scopes: &'a [&'a str],
    /// What the subject may do on the API, for the dialects that say it; none when the API does
    /// not ask who may do what.
    pub(crate) permissions: Option<&'a [&'a str]>,
    pub(crate) grant_type: GrantType,
    pub(crate) lifetime: Duration,
    pub(crate) issued_at: SystemTime,
}

/// Whom the token speaks for.
pub(crate) enum Subject<'a> {
    /// The application itself.
    Application,
    /// A user, by user id.
    User(&'a str),
}

/// Who takes the token. `userinfo` is the address of the tenant's own endpoint.
pub(crate) enum Audience<'a> {
    Api(&'a Api),
    /// An API, and the tenant too: `openid` was granted.
    ApiAndUserinfo {
        api: &'a Api,
        userinfo: &'a str,
    },
    /// The tenant alone: no API was named. Auth0 gives an opaque token here; ours is a JWT, so that
    /// nothing has to be looked up to read it.
    Userinfo(&'a str),
}

/// Every claim of every dialect; those that a dialect does not have are not written.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: Cow<'a, str>,
    aud: Aud<'a>,
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

/// One audience is written as text, as Auth0 does.
#[derive(Serialize)]
#[serde(untagged)]
enum Aud<'a> {
    One(&'a str),
    Two([&'a str; 2]),
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
    let dialect = token.audience.dialect();
    let mut claims = Claims {
        iss: token.issuer,
        // The suffix keeps an application's subject apart from every user's (RFC 9068 section 5).
        sub: match token.subject {
            Subject::Application => format!("{}@clients", token.client_id).into(),
            Subject::User(user_id) => user_id.into(),
        },
        aud: match token.audience {
            Audience::Api(api) => Aud::One(&api.identifier),
            Audience::ApiAndUserinfo { api, userinfo } => Aud::Two([&api.identifier, userinfo]),
            Audience::Userinfo(userinfo) => Aud::One(userinfo),
        },
        iat,
        exp: iat.saturating_add(token.lifetime.as_secs()),
        scope: token.scopes.join(" "),
        gty: None,
        azp: None,
        client_id: None,
        jti: None,
        permissions: token.permissions.filter(|_| dialect.has_permissions()),
    };
    let typ = match dialect {
        TokenDialect::AccessToken | TokenDialect::AccessTokenAuthz => {
            claims.gty = gty(token.grant_type);
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

impl Audience<'_> {
    fn dialect(&self) -> TokenDialect {
        match self {
            Audience::Api(api) | Audience::ApiAndUserinfo { api, .. } => api.token_dialect,
            Audience::Userinfo(_) => TokenDialect::AccessToken,
        }
    }
}

/// How the token was got, in Auth0's words, which have none for a user who has just logged in.
fn gty(grant_type: GrantType) -> Option<&'static str> {
    match grant_type {
        GrantType::ClientCredentials => Some("client-credentials"),
        GrantType::RefreshToken => Some("refresh_token"),
        GrantType::AuthorizationCode => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::NewApi;

    fn api(dialect: TokenDialect) -> Api {
        NewApi::new("Messages", "http://localhost:3010").token_dialect(dialect).check().unwrap()
    }

    fn of_an_application<'a>(api: &'a Api, scopes: &'a [&'a str]) -> AccessToken<'a> {
        AccessToken {
            issuer: "http://localhost:3011/",
            subject: Subject::Application,
            audience: Audience::Api(api),
            client_id: "abc",
            scopes,
            permissions: Some(scopes),
            grant_type: GrantType::ClientCredentials,
            lifetime: api.token_lifetime,
            issued_at: UNIX_EPOCH + Duration::from_millis(1_700_000_000_900),
        }
    }

    fn json_of(token: &AccessToken<'_>) -> (&'static str, serde_json::Value) {
        let (typ, claims) = write(token).unwrap();
        (typ, serde_json::to_value(claims).unwrap())
    }

    fn written(dialect: TokenDialect, scopes: &[&str]) -> (&'static str, serde_json::Value) {
        json_of(&of_an_application(&api(dialect), scopes))
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

    /// What a token for the user `auth0|1` holds beside `iss`, `iat` and `exp`.
    fn of_a_user(
        dialect: TokenDialect,
        grant_type: GrantType,
        audience: fn(&Api) -> Audience<'_>,
    ) -> serde_json::Value {
        let api = api(dialect);
        let token = AccessToken {
            subject: Subject::User("auth0|1"),
            audience: audience(&api),
            permissions: Some(&["a", "b"]),
            grant_type,
            ..of_an_application(&api, &["openid", "a"])
        };
        let (_, mut claims) = json_of(&token);
        let claims = claims.as_object_mut().unwrap();
        claims.retain(|name, _| !["iss", "iat", "exp", "jti"].contains(&name.as_str()));
        claims.clone().into()
    }

    #[test]
    fn a_user_is_the_subject_and_may_show_the_token_to_the_tenant() {
        use TokenDialect as D;
        const USERINFO: &str = "http://localhost:3011/userinfo";
        let both: fn(&Api) -> Audience<'_> =
            |api| Audience::ApiAndUserinfo { api, userinfo: USERINFO };
        let alone: fn(&Api) -> Audience<'_> = |_| Audience::Userinfo(USERINFO);
        let code = GrantType::AuthorizationCode;
        let two = json!(["http://localhost:3010", USERINFO]);
        let one = json!("http://localhost:3010");
        for (dialect, grant_type, audience, more) in [
            (D::AccessToken, code, both, json!({ "azp": "abc", "aud": two })),
            (
                D::AccessTokenAuthz,
                GrantType::RefreshToken,
                both,
                json!({ "azp": "abc", "aud": two, "gty": "refresh_token", "permissions": ["a", "b"] }),
            ),
            (
                D::Rfc9068Profile,
                code,
                |api| Audience::Api(api),
                json!({ "client_id": "abc", "aud": one }),
            ),
            (
                D::Rfc9068ProfileAuthz,
                GrantType::RefreshToken,
                both,
                json!({ "client_id": "abc", "aud": two, "permissions": ["a", "b"] }),
            ),
            (D::Rfc9068ProfileAuthz, code, alone, json!({ "azp": "abc", "aud": USERINFO })),
        ] {
            let mut expected = json!({ "sub": "auth0|1", "scope": "openid a" });
            expected.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            assert_eq!(of_a_user(dialect, grant_type, audience), expected, "{}", dialect.name());
        }
    }
}
