//! `/userinfo`: for a good access token, and for nothing else.

use bearward_tenant::{Authorization, NewApi};
use serde_json::json;

use crate::served::{Answer, GOOD};
use crate::shop::{CALLBACK, Shop, claims, shop, text};

fn check_challenge(shop: &Shop, answer: &Answer, status: u16, expected: &str) {
    assert_eq!(answer.status, status, "{expected}");
    let realm = shop.served.tenant.userinfo_endpoint();
    let challenge = format!("Bearer realm=\"{realm}\"{expected}");
    assert_eq!(answer.header("www-authenticate"), Some(challenge.as_str()));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
}

const INVALID: &str =
    ", error=\"invalid_token\", error_description=\"The access token is not valid for this API\"";

#[tokio::test]
async fn as_38_get_and_post_say_who_has_logged_in() {
    let shop = shop().await;
    let tokens = shop.tokens().await;
    let header = format!("Authorization: Bearer {}", text(&tokens, "access_token"));
    for method in ["GET", "POST"] {
        let line = format!("{method} /userinfo");
        let answer = shop.served.send(&line, &[&header, "Origin: https://app.example"], b"").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(
            answer.json(),
            json!({
                "sub": "auth0|alice",
                "name": "Alice",
                "nickname": "alice",
                "updated_at": "2026-01-01T00:00:00.000Z",
                "email": "alice@example.com",
                "email_verified": false,
            })
        );
        assert_eq!(answer.json()["sub"], claims(&text(&tokens, "id_token"))["sub"]);
    }
    let alone = Authorization::new("auth0|alice", &shop.client_id, CALLBACK).scope("openid email");
    let code = shop.code_for(alone).await;
    let body = shop.redeem(&code, &[("code_verifier", "")]).await.json();
    let answer = shop.userinfo(&text(&body, "access_token")).await.json();
    let expected =
        json!({ "sub": "auth0|alice", "email": "alice@example.com", "email_verified": false });
    assert_eq!(answer, expected);
}

#[tokio::test]
async fn as_38_without_a_good_token_there_is_a_challenge() {
    let shop = shop().await;
    let tokens = shop.tokens().await;
    let access_token = text(&tokens, "access_token");
    let query = format!("/userinfo?access_token={access_token}");
    for path in ["/userinfo", &query] {
        let answer = shop.served.get(path).await;
        assert_eq!(answer.error(), (401, "missing_token".into()), "{path}");
        assert_eq!(answer.header("www-authenticate"), Some(r#"Bearer realm="api""#));
    }
    let for_the_api = shop.tokens_for(shop.authorization().scope("read:archive")).await;
    let machine = shop.served.post_form(&[], GOOD).await.json();
    let forged = format!("{}AAAA", &access_token[..access_token.len() - 4]);
    for token in [
        &text(&for_the_api, "access_token"),
        &text(&machine, "access_token"),
        &text(&tokens, "id_token"),
        &text(&tokens, "refresh_token"),
        &forged,
    ] {
        check_challenge(&shop, &shop.userinfo(token).await, 401, INVALID);
    }
    // For /userinfo alone, and yet without openid.
    let alone = Authorization::new("auth0|alice", &shop.client_id, CALLBACK).scope("email");
    let code = shop.code_for(alone).await;
    let body = shop.redeem(&code, &[("code_verifier", "")]).await.json();
    check_challenge(
        &shop,
        &shop.userinfo(&text(&body, "access_token")).await,
        403,
        ", error=\"insufficient_scope\", error_description=\"The access token does not allow this \
         request\", scope=\"openid\"",
    );
    shop.pass(86_400);
    let expired = ", error=\"invalid_token\", error_description=\"The access token has expired\"";
    check_challenge(&shop, &shop.userinfo(&access_token).await, 401, expired);
}

#[tokio::test]
async fn a_token_counts_as_long_as_what_it_rests_on() {
    let shop = shop().await;
    let tenant = &shop.served.tenant;
    let tokens = shop.tokens().await;
    let access_token = text(&tokens, "access_token");
    let mut alice = shop.alice.clone();
    for (blocked, status) in [(false, 200), (true, 401), (false, 200)] {
        alice.blocked = blocked;
        tenant.update_user(&alice).await.unwrap();
        assert_eq!(shop.userinfo(&access_token).await.status, status);
    }
    let request = [("token", text(&tokens, "refresh_token"))];
    let request = request.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(shop.post("/oauth/revoke", &request, &[]).await.status, 200);
    check_challenge(&shop, &shop.userinfo(&access_token).await, 401, INVALID);
    let entry = tenant.activity(None, 1).await.unwrap().remove(0);
    assert_eq!(
        (entry.event.as_str(), entry.reason.as_deref()),
        ("userinfo", Some("token_revoked"))
    );

    let access_token = text(&shop.tokens().await, "access_token");
    assert_eq!(shop.userinfo(&access_token).await.status, 200);
    tenant.delete_user(&alice.user_id).await.unwrap();
    check_challenge(&shop, &shop.userinfo(&access_token).await, 401, INVALID);
}

#[tokio::test]
async fn a_token_of_a_revoked_key_is_refused_at_once() {
    let shop = shop().await;
    let tenant = &shop.served.tenant;
    let access_token = text(&shop.tokens().await, "access_token");
    tenant.rotate_signing_keys().await.unwrap();
    assert_eq!(shop.userinfo(&access_token).await.status, 200, "the previous key is published");
    assert_eq!(shop.userinfo(&text(&shop.tokens().await, "access_token")).await.status, 200);
    let keys = tenant.signing_keys().await.unwrap();
    let previous = keys.iter().find(|key| key.role == "previous").unwrap();
    tenant.revoke_signing_key(&previous.kid).await.unwrap();
    check_challenge(&shop, &shop.userinfo(&access_token).await, 401, INVALID);
}

/// Somebody makes an API of the tenant's own audience, and grants an application `openid` on it.
#[tokio::test]
async fn an_application_without_a_user_learns_nothing() {
    let shop = shop().await;
    let tenant = &shop.served.tenant;
    let userinfo = tenant.userinfo_endpoint();
    tenant.create_api(NewApi::new("Mine", &userinfo).permission("openid", "")).await.unwrap();
    let client_id = &shop.served.application.client_id;
    tenant.grant(client_id, &userinfo, &["openid"]).await.unwrap();
    let form = GOOD.replace("http%3A%2F%2Flocalhost%3A3010", &userinfo);
    let token = text(&shop.served.post_form(&[], &form).await.json(), "access_token");
    check_challenge(&shop, &shop.userinfo(&token).await, 401, INVALID);
    let entry = tenant.activity(None, 1).await.unwrap().remove(0);
    assert_eq!(entry.reason.as_deref(), Some("user_gone"));
}
