//! What the tenant tells an application about a user: in ID tokens and at `/userinfo`.

use jiff::Timestamp;
use serde::Serialize;

use crate::model::User;

/// The claims of a user that these scopes open; a claim that is not there is not written.
///
/// `profile` opens `name`, `nickname`, `picture` and `updated_at`; `email` opens `email` and
/// `email_verified`.
///
/// Source: OpenID Connect Core sections 5.1 and 5.4.
#[derive(Serialize)]
pub(crate) struct UserClaims<'a> {
    sub: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nickname: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
}

/// Every claim above, for the metadata.
pub(crate) const USER_CLAIMS: [&str; 7] =
    ["sub", "name", "nickname", "picture", "updated_at", "email", "email_verified"];

impl<'a> UserClaims<'a> {
    pub(crate) fn of(user: &'a User, scopes: &[&str]) -> UserClaims<'a> {
        let profile = scopes.contains(&"profile").then_some(user);
        let email = scopes.contains(&"email").then_some(user);
        UserClaims {
            sub: &user.user_id,
            name: profile.map(|user| user.name.as_str()),
            nickname: profile.map(|user| user.nickname.as_str()),
            picture: profile.and_then(|user| user.picture.as_deref()),
            updated_at: profile.and_then(|user| iso_8601(user.updated_at)),
            email: email.map(|user| user.email.as_str()),
            email_verified: email.map(|user| user.email_verified),
        }
    }
}

/// The standard asks for a number of seconds; Auth0 writes text, and its SDKs read that.
fn iso_8601(seconds: u64) -> Option<String> {
    let timestamp = Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
    Some(format!("{timestamp:.3}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::NewUser;

    #[test]
    fn each_scope_opens_its_claims() {
        let new = NewUser::new("alice@example.com", "correct horse").name("Alice").user_id("1");
        let mut alice = new.check(1_700_000_000).unwrap();
        alice.picture = Some("https://example.com/alice.png".into());
        for (scopes, expected) in [
            (vec!["openid", "read:messages"], json!({ "sub": "auth0|1" })),
            (
                vec!["openid", "email"],
                json!({
                    "sub": "auth0|1", "email": "alice@example.com", "email_verified": false,
                }),
            ),
            (
                vec!["profile"],
                json!({
                    "sub": "auth0|1", "name": "Alice", "nickname": "alice",
                    "picture": "https://example.com/alice.png",
                    "updated_at": "2023-11-14T22:13:20.000Z",
                }),
            ),
        ] {
            let claims = serde_json::to_value(UserClaims::of(&alice, &scopes)).unwrap();
            assert_eq!(claims, expected, "{scopes:?}");
        }
    }
}
