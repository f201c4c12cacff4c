//! ID tokens: who logged in, for the application, and good for nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bearward::{Issuer, JwkSet, Profile, ResourceServer, token};
use bearward_tenant::Authorization;
use bearward_testkit::check;
use serde_json::json;

use crate::shop::{CALLBACK, Shop, claims, header, shop, text};

const START: u64 = 1_767_225_600;

#[tokio::test]
async fn as_37_an_id_token_says_who_when_and_for_whom() {
    let shop = shop().await;
    let code = shop.code().await;
    shop.pass(30);
    let body = shop.redeem(&code, &[]).await.json();
    let id_token = text(&body, "id_token");
    let mut claims = claims(&id_token);
    let at_hash = claims.as_object_mut().unwrap().remove("at_hash").unwrap();
    assert_eq!(URL_SAFE_NO_PAD.decode(at_hash.as_str().unwrap()).unwrap().len(), 16);
    assert_eq!(
        (&header(&id_token)["alg"], &header(&id_token)["typ"]),
        (&json!("RS256"), &json!("JWT"))
    );
    assert_eq!(
        claims,
        json!({
            "iss": shop.served.tenant.issuer(),
            "sub": "auth0|alice",
            "aud": shop.client_id,
            "iat": START + 30,
            "exp": START + 30 + 36_000,
            "auth_time": START,
            "nonce": "n-0S6_WzA2Mj",
            "name": "Alice",
            "nickname": "alice",
            "updated_at": "2026-01-01T00:00:00.000Z",
            "email": "alice@example.com",
            "email_verified": false,
        })
    );
}

#[tokio::test]
async fn as_37_claims_about_the_user_come_by_scope() {
    let shop = shop().await;
    let always = "at_hash aud auth_time exp iat iss sub";
    for (scope, more) in [
        ("openid", ""),
        ("openid email", "email email_verified"),
        ("openid profile", "name nickname updated_at"),
    ] {
        let of = Authorization::new("auth0|alice", &shop.client_id, CALLBACK).scope(scope);
        let code = shop.code_for(of).await;
        let body = shop.redeem(&code, &[("code_verifier", "")]).await.json();
        let claims = claims(&text(&body, "id_token"));
        let mut expected: Vec<&str> = always.split(' ').chain(more.split_whitespace()).collect();
        expected.sort_unstable();
        let mut names: Vec<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, expected, "{scope}");
    }
}

#[tokio::test]
async fn as_39_a_user_is_the_same_to_every_application() {
    let shop = shop().await;
    let first = claims(&text(&shop.tokens().await, "id_token"));
    let mut alice = shop.alice.clone();
    alice.email = "alice@new.example".into();
    shop.served.tenant.update_user(&alice).await.unwrap();
    let code = shop.code_for(shop.authorization_of(&shop.page)).await;
    let page = [("client_id", shop.page.as_str()), ("client_secret", "")];
    let second = claims(&text(&shop.redeem(&code, &page).await.json(), "id_token"));
    assert_eq!(first["sub"], second["sub"]);
    assert_ne!((&first["aud"], &first["email"]), (&second["aud"], &second["email"]));
}

/// What the library says of a token, for an API with this audience.
async fn reason(shop: &Shop, profile: Profile, aud: &str, text: &str) -> Option<String> {
    let set = shop.served.get("/.well-known/jwks.json").await.body;
    let keys = JwkSet::parse(set.as_bytes()).unwrap();
    let issuer = Issuer::new(shop.served.tenant.issuer()).unwrap();
    let issuer = issuer.profile(profile).jwks(keys).unwrap();
    let api = ResourceServer::new(issuer, aud).unwrap().clock(shop.clock.clone()).unwrap();
    check(&api, text, &token()).err().map(|rejection| rejection.code().to_owned())
}

#[tokio::test]
async fn rs_50_no_api_takes_an_id_token_for_an_access_token() {
    let shop = shop().await;
    let tokens = shop.tokens().await;
    let refreshed = shop.refresh(&text(&tokens, "refresh_token"), &[]).await.json();
    for profile in [Profile::AUTH0, Profile::GENERAL] {
        for body in [&tokens, &refreshed] {
            // Even an API that took the application's id for its own.
            let found = reason(&shop, profile, &shop.client_id, &text(body, "id_token")).await;
            assert_eq!(found.as_deref(), Some("wrong_token_kind"), "{profile:?}");
            let access_token = text(body, "access_token");
            assert_eq!(reason(&shop, profile, crate::shop::ARCHIVE, &access_token).await, None);
        }
    }
    let found = reason(&shop, Profile::RFC9068, &shop.client_id, &text(&tokens, "id_token")).await;
    assert_eq!(found.as_deref(), Some("wrong_type"));
}
