//! What is issued.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bearward::{Clock, Issuer, JwkSet, Profile, ResourceServer, SystemClock};
use bearward_tenant::{ApplicationType, NewApi, NewApplication, NewUser, TokenDialect};
use bearward_testkit::check;
use serde_json::{Value, json};

use crate::served::{FixedClock, GOOD, MESSAGES, NOW, Served, serve, serve_with};

fn part(token: &str, index: usize) -> Value {
    let text = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

/// Panics unless an API that trusts the tenant's published keys takes the token.
async fn verify(served: &Served, clock: impl Clock, profile: Profile, aud: &str, token: &str) {
    let set = served.get("/.well-known/jwks.json").await.body;
    let keys = JwkSet::parse(set.as_bytes()).unwrap();
    let issuer = Issuer::new(served.tenant.issuer()).unwrap().profile(profile).jwks(keys).unwrap();
    let api = ResourceServer::new(issuer, aud).unwrap().clock(clock).unwrap();
    check(&api, token, &bearward::token()).unwrap();
}

#[tokio::test]
async fn a_token_has_auth0s_claims_and_a_published_key_verifies_it() {
    let served = serve().await;
    let answer = served.post_form(&[], GOOD).await;
    let mut body = answer.json();
    let token = body.as_object_mut().unwrap().remove("access_token").unwrap();
    let token = token.as_str().unwrap();
    assert_eq!(
        (answer.status, body),
        (
            200,
            json!({
                "scope": "read:messages write:messages", "expires_in": 86_400, "token_type": "Bearer",
            })
        )
    );
    let header = part(token, 0);
    assert_eq!((&header["alg"], &header["typ"]), (&json!("RS256"), &json!("JWT")));
    let client_id = &served.application.client_id;
    assert_eq!(
        part(token, 1),
        json!({
            "iss": served.tenant.issuer(), // the configured one, whatever Host says
            "sub": format!("{client_id}@clients"),
            "aud": MESSAGES,
            "iat": NOW,
            "exp": NOW + 86_400,
            "scope": "read:messages write:messages",
            "gty": "client-credentials",
            "azp": client_id,
        })
    );
    verify(&served, FixedClock, Profile::AUTH0, MESSAGES, token).await;
}

#[tokio::test]
async fn a_request_that_comes_before_the_first_key_waits_for_it() {
    let served = serve_with(|defaults| defaults).await;
    let body = served.post_form(&[], GOOD).await.json();
    let token = body["access_token"].as_str().unwrap();
    verify(&served, SystemClock, Profile::AUTH0, MESSAGES, token).await;
}

#[tokio::test]
async fn an_api_chooses_dialect_and_lifetime() {
    let served = serve().await;
    let client_id = &served.application.client_id;
    for (dialect, typ, members) in [
        (TokenDialect::AccessToken, "JWT", "aud azp exp gty iat iss sub"),
        (TokenDialect::AccessTokenAuthz, "JWT", "aud azp exp gty iat iss permissions sub"),
        (TokenDialect::Rfc9068Profile, "at+jwt", "aud client_id exp iat iss jti sub"),
        (
            TokenDialect::Rfc9068ProfileAuthz,
            "at+jwt",
            "aud client_id exp iat iss jti permissions sub",
        ),
    ] {
        let identifier = dialect.name();
        let lifetime = Duration::from_secs(600);
        let api = NewApi::new("API", identifier).token_dialect(dialect).token_lifetime(lifetime);
        served.tenant.create_api(api).await.unwrap();
        served.tenant.grant(client_id, identifier, &[]).await.unwrap();
        let form = "grant_type=client_credentials&client_id=$id&client_secret=$secret&audience=";
        let body = served.post_form(&[], &format!("{form}{identifier}")).await.json();
        assert_eq!((&body["expires_in"], body.get("scope")), (&json!(600), None), "{identifier}");
        let token = body["access_token"].as_str().unwrap();
        let claims = part(token, 1);
        let mut names: Vec<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!((part(token, 0)["typ"].as_str(), names.join(" ")), (Some(typ), members.into()));
        assert_eq!(claims["exp"], json!(NOW + 600));
        let profile = if typ == "at+jwt" { Profile::RFC9068 } else { Profile::AUTH0 };
        verify(&served, FixedClock, profile, identifier, token).await;
    }
}

#[tokio::test]
async fn as_32_no_application_is_taken_for_a_user() {
    let served = serve().await;
    let user = NewUser::new("alice@example.com", "correct horse").user_id("alice123");
    let user_id = served.tenant.create_user(user).await.unwrap().user_id;
    let application = NewApplication::new("Alice", ApplicationType::NonInteractive);
    let named = |client_id: &str| {
        served.tenant.create_application(application.clone().client_id(client_id))
    };
    assert!(named(&user_id).await.is_err(), "a client id has no |, a user id always");
    let created = named("alice123").await.unwrap();
    let secret = created.client_secret.unwrap();
    served.tenant.grant("alice123", MESSAGES, &[]).await.unwrap();
    let form = GOOD.replace("$id", "alice123").replace("$secret", secret.expose());
    let body = served.post_form(&[], &form).await.json();
    let claims = part(body["access_token"].as_str().unwrap(), 1);
    assert_eq!(
        (claims["sub"].as_str(), user_id.as_str()),
        (Some("alice123@clients"), "auth0|alice123")
    );
}
