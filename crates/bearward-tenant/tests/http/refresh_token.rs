//! Refresh tokens: rotated at each use, and gone with their family.

use std::sync::Arc;

use bearward_tenant::{GrantType, Tenant};
use serde_json::{Value, json};

use crate::served::keys;
use crate::shop::{ARCHIVE, Shop, claims, refusal, refused, shop, shop_in, text};

const DAY: u64 = 86_400;

fn unknown() -> (u16, String, String) {
    refused(403, "invalid_grant", "Unknown or invalid refresh token.")
}

/// Refreshes, which must work, and gives the answer.
async fn refreshed(shop: &Shop, token: &str) -> Value {
    let answer = shop.refresh(token, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.json()
}

/// A refresh that must be refused, and for this reason.
async fn check_refused(shop: &Shop, token: &str, reason: &str) {
    let answer = shop.refresh(token, &[]).await;
    let entry = shop.served.tenant.activity(None, 1).await.unwrap().remove(0);
    assert_eq!(refusal(&answer), unknown(), "{reason}");
    assert_eq!(entry.reason.as_deref(), Some(reason));
}

#[tokio::test]
async fn as_25_b162_each_use_gives_a_new_token_and_reuse_ends_the_family() {
    let shop = shop().await;
    let first = shop.refresh_token().await;
    let second = text(&refreshed(&shop, &first).await, "refresh_token");
    let third = text(&refreshed(&shop, &second).await, "refresh_token");
    assert!(first != second && second != third);
    let other = shop.refresh_token().await;
    check_refused(&shop, &first, "refresh_token_used_before").await;
    check_refused(&shop, &third, "refresh_token_revoked").await;
    refreshed(&shop, &other).await; // another login of the same user is another family
    check_refused(&shop, "unknown", "refresh_token_unknown").await;
    check_refused(&shop, &shop.code().await, "refresh_token_unknown").await;
}

#[tokio::test]
async fn a_refresh_gives_what_the_login_gave() {
    let shop = shop().await;
    let tokens = shop.tokens().await;
    shop.pass(DAY);
    let body = refreshed(&shop, &text(&tokens, "refresh_token")).await;
    for member in ["scope", "expires_in", "token_type"] {
        assert_eq!(body[member], tokens[member], "{member}");
    }
    let (old, new) = (claims(&text(&tokens, "access_token")), claims(&text(&body, "access_token")));
    assert_eq!((&new["gty"], old.get("gty")), (&json!("refresh_token"), None));
    assert_eq!(new["iat"].as_u64().unwrap(), old["iat"].as_u64().unwrap() + DAY);
    for member in ["sub", "aud", "azp", "scope", "permissions"] {
        assert_eq!(new[member], old[member], "{member}");
    }
    let (old, new) = (claims(&text(&tokens, "id_token")), claims(&text(&body, "id_token")));
    assert_eq!((old.get("nonce").is_some(), new.get("nonce")), (true, None));
    assert_eq!((&old["auth_time"], &old["sub"]), (&new["auth_time"], &new["sub"]));
    assert!(new["iat"].as_u64() > old["iat"].as_u64());
}

#[tokio::test]
async fn as_25_b162_of_fifty_who_refresh_at_once_one_wins() {
    let folder = tempfile::tempdir().unwrap();
    for folder in [None, Some(folder.path())] {
        let shop = Arc::new(shop_in(folder).await);
        let token = shop.refresh_token().await;
        let attempts: Vec<_> = (0..50)
            .map(|_| {
                let (shop, token) = (shop.clone(), token.clone());
                tokio::spawn(async move { shop.refresh(&token, &[]).await })
            })
            .collect();
        let mut won = Vec::new();
        for attempt in attempts {
            let answer = attempt.await.unwrap();
            match answer.status {
                200 => won.push(answer.json()),
                _ => assert_eq!(refusal(&answer), unknown()),
            }
        }
        assert_eq!(won.len(), 1);
        check_refused(&shop, &text(&won[0], "refresh_token"), "refresh_token_revoked").await;
    }
}

/// A tenant that was served, stopped, and is served again from the same folder.
#[tokio::test]
async fn as_25_b162_tokens_and_their_end_outlive_the_tenant() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop_in(Some(folder.path())).await;
    let reused = shop.refresh_token().await;
    let follower = text(&refreshed(&shop, &reused).await, "refresh_token");
    let good = shop.refresh_token().await;
    let used = shop.refresh_token().await;
    refreshed(&shop, &used).await;
    check_refused(&shop, &reused, "refresh_token_used_before").await;

    let shop = restarted(shop, folder.path()).await;
    shop.pass(1);
    check_refused(&shop, &follower, "refresh_token_revoked").await;
    check_refused(&shop, &used, "refresh_token_used_before").await;
    refreshed(&shop, &good).await;
}

async fn restarted(shop: Shop, folder: &std::path::Path) -> Shop {
    shop.served.tenant.close().await;
    let issuer = shop.served.tenant.issuer().to_owned();
    let [current, next] = keys();
    let tenant = Tenant::builder(issuer)
        .clock(shop.clock.clone())
        .signing_keys(current, next)
        .data_dir(folder)
        .build()
        .await
        .unwrap();
    let served = shop.served.again(tenant).await;
    Shop { served, ..shop }
}

#[tokio::test]
async fn as_26_b164_scope_narrows_for_the_access_token_and_never_widens() {
    let shop = shop().await;
    let tokens = shop
        .tokens_for(shop.authorization().scope("openid offline_access read:archive write:archive"))
        .await;
    let mut token = text(&tokens, "refresh_token");
    for (scope, expected) in [
        ("read:archive", "read:archive"),
        ("write:archive read:archive", "read:archive write:archive"),
        ("openid", "openid"),
        // What was left out before is still the family's.
        ("", "openid offline_access read:archive write:archive"),
        (" ", "openid offline_access read:archive write:archive"),
    ] {
        let body = shop.refresh(&token, &[("scope", scope)]).await.json();
        assert_eq!(body["scope"], expected, "{scope:?}");
        assert_eq!(body.get("id_token").is_some(), expected.contains("openid"), "{scope:?}");
        token = text(&body, "refresh_token");
    }
    for (scope, error, description) in [
        (
            "read:archive drop:archive",
            "invalid_scope",
            "the refresh token was not granted: drop:archive",
        ),
        ("email", "invalid_scope", "the refresh token was not granted: email"),
        ("read:archive \"", "invalid_scope", "the scope is malformed"),
    ] {
        let answer = shop.refresh(&token, &[("scope", scope)]).await;
        assert_eq!(refusal(&answer), refused(400, error, description));
    }
    refreshed(&shop, &token).await; // a refused request does not cost the token
}

#[tokio::test]
async fn as_27_b164_a_token_is_bound_to_client_and_api() {
    let shop = shop().await;
    let token = shop.refresh_token().await;
    let page = [("client_id", shop.page.as_str()), ("client_secret", "")];
    assert_eq!(refusal(&shop.refresh(&token, &page).await), unknown());
    for name in ["audience", "resource"] {
        let answer = shop.refresh(&token, &[(name, "http://localhost:3010")]).await;
        assert_eq!(answer.error(), (400, "invalid_target".into()), "{name}");
    }
    let body = shop.refresh(&token, &[("audience", ARCHIVE)]).await.json();
    assert_eq!(claims(&text(&body, "access_token"))["aud"][0], ARCHIVE);
}

#[tokio::test]
async fn b163_a_confidential_client_proves_itself_at_each_refresh() {
    let shop = shop().await;
    let token = shop.refresh_token().await;
    for secret in ["", "wrong"] {
        let answer = shop.refresh(&token, &[("client_secret", secret)]).await;
        assert_eq!(refusal(&answer), refused(401, "access_denied", "Unauthorized"));
    }
    refreshed(&shop, &token).await;
}

#[tokio::test]
async fn a_public_client_refreshes_without_a_secret() {
    let shop = shop().await;
    let code = shop.code_for(shop.authorization_of(&shop.page)).await;
    let page = [("client_id", shop.page.as_str()), ("client_secret", "")];
    let body = shop.redeem(&code, &page).await.json();
    let body = shop.refresh(&text(&body, "refresh_token"), &page).await.json();
    assert!(body["refresh_token"].is_string());
    assert_eq!(body["expires_in"], 7_200);
}

#[tokio::test]
async fn b164_use_keeps_a_token_alive_for_thirty_days_and_no_longer() {
    let shop = shop().await;
    let idle = shop.refresh_token().await;
    let mut used = shop.refresh_token().await;
    shop.pass(15 * DAY);
    check_refused(&shop, &idle, "refresh_token_idle").await;
    check_refused(&shop, &used, "refresh_token_idle").await;
    used = shop.refresh_token().await;
    for _ in 0..2 {
        shop.pass(15 * DAY - 1);
        used = text(&refreshed(&shop, &used).await, "refresh_token");
    }
    shop.pass(1);
    used = text(&refreshed(&shop, &used).await, "refresh_token");
    shop.pass(1);
    check_refused(&shop, &used, "refresh_token_expired").await;
}

#[tokio::test]
async fn permissions_that_were_taken_away_are_gone_from_the_next_token() {
    let shop = shop().await;
    let tenant = &shop.served.tenant;
    let mut body = shop.tokens().await;
    for (step, scope, permissions) in [
        ("direct", "openid profile email offline_access read:archive", json!(["read:archive"])),
        ("role", "openid profile email offline_access", json!([])),
        (
            "given later",
            "openid profile email offline_access read:archive",
            json!(["drop:archive", "read:archive"]),
        ),
        ("no longer the API's", "openid profile email offline_access", json!(["drop:archive"])),
    ] {
        let (user_id, role_id) = (shop.alice.user_id.as_str(), shop.role_id.as_str());
        match step {
            "direct" => tenant.take_user_permission(user_id, ARCHIVE, "write:archive").await,
            "role" => tenant.take_user_role(user_id, role_id).await,
            "given later" => {
                tenant.give_user_role(user_id, role_id).await.unwrap();
                // The login had not asked with it: `permissions` knows, `scope` does not.
                tenant.give_user_permission(user_id, ARCHIVE, "drop:archive").await
            }
            _ => tenant.delete_permission(ARCHIVE, "read:archive").await,
        }
        .unwrap();
        body = refreshed(&shop, &text(&body, "refresh_token")).await;
        let claims = claims(&text(&body, "access_token"));
        assert_eq!((&body["scope"], &claims["scope"]), (&json!(scope), &json!(scope)), "{step}");
        assert_eq!(claims["permissions"], permissions, "{step}");
    }
}

#[tokio::test]
async fn users_who_are_blocked_or_gone_get_nothing() {
    let shop = shop().await;
    let token = shop.refresh_token().await;
    let mut alice = shop.alice.clone();
    alice.blocked = true;
    shop.served.tenant.update_user(&alice).await.unwrap();
    let answer = shop.refresh(&token, &[]).await;
    assert_eq!(refusal(&answer), refused(403, "unauthorized", "user is blocked"));
    alice.blocked = false;
    shop.served.tenant.update_user(&alice).await.unwrap();
    let token = text(&refreshed(&shop, &token).await, "refresh_token");
    shop.served.tenant.delete_user(&alice.user_id).await.unwrap();
    check_refused(&shop, &token, "refresh_token_unknown").await;
}

#[tokio::test]
async fn offline_access_is_asked_for_and_allowed() {
    let shop = shop().await;
    let tenant = &shop.served.tenant;
    let tokens = shop.tokens_for(shop.authorization().scope("openid read:archive")).await;
    assert_eq!(tokens.get("refresh_token"), None, "it was not asked for");
    let kept = shop.refresh_token().await;
    let mut api = tenant.api(ARCHIVE).await.unwrap();
    api.allow_offline_access = false;
    tenant.update_api(&api).await.unwrap();
    let tokens = shop.tokens().await;
    assert_eq!(tokens.get("refresh_token"), None, "the API does not allow it");
    assert!(!text(&tokens, "scope").contains("offline_access"));
    check_refused(&shop, &kept, "offline_access_taken_away").await;
    api.allow_offline_access = true;
    tenant.update_api(&api).await.unwrap();
    refreshed(&shop, &kept).await;
    let mut application = tenant.application(&shop.client_id).await.unwrap();
    application.grant_types.retain(|grant_type| *grant_type != GrantType::RefreshToken);
    tenant.update_application(&application).await.unwrap();
    assert_eq!(shop.tokens().await.get("refresh_token"), None, "the application may not");
}

#[tokio::test]
async fn each_issue_and_each_refusal_is_written_down_with_its_mend() {
    let shop = shop().await;
    let token = shop.refresh_token().await;
    refreshed(&shop, &token).await;
    shop.refresh(&token, &[]).await;
    let entries = shop.served.tenant.activity(None, 3).await.unwrap();
    let [reuse, refresh, login] = &entries[..] else { panic!("{entries:?}") };
    for (entry, detail) in [(login, "authorization_code"), (refresh, "refresh_token")] {
        assert_eq!((entry.event.as_str(), entry.detail.as_str()), ("token", detail));
        assert_eq!((entry.reason.as_deref(), entry.audience.as_deref()), (None, Some(ARCHIVE)));
    }
    for entry in &entries {
        assert_eq!(entry.client_id.as_ref(), Some(&shop.client_id));
        assert_eq!(entry.user_id.as_deref(), Some("auth0|alice"), "a refusal says it too");
    }
    assert_eq!(reuse.reason.as_deref(), Some("refresh_token_used_before"));
    assert!(reuse.detail.contains("Keep the new refresh token"), "{}", reuse.detail);
    assert!(!format!("{entries:?}").contains(&token));
}

#[tokio::test]
async fn as_17_as_25_what_no_token_can_follow_from_is_forgotten() {
    let shop = shop().await;
    let code = shop.code().await;
    let tokens = shop.redeem(&code, &[]).await.json();
    let token = text(&tokens, "refresh_token");
    let reason = async || {
        let latest = shop.served.tenant.activity(None, 1).await.unwrap().remove(0);
        latest.reason.unwrap()
    };
    for (days, of_code, of_token) in [
        (60, "code_used_before", "refresh_token_revoked"),
        (10, "code_unknown", "refresh_token_unknown"),
    ] {
        shop.pass(days * 86_400);
        shop.code().await;
        assert_eq!(shop.redeem(&code, &[]).await.status, 403);
        assert_eq!(reason().await, of_code, "{days} days");
        assert_eq!(shop.refresh(&token, &[]).await.status, 403);
        assert_eq!(reason().await, of_token, "{days} days");
    }
}
