//! Codes: what they give, to whom, and how often.

use std::time::Duration;

use bearward::{Issuer, Profile, ResourceServer};
use bearward_tenant::{
    ApplicationType, Authorization, GrantType, NewApi, NewApplication, SigningAlgorithm,
    TenantErrorKind, TokenDialect,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::shop::{
    ALL, ARCHIVE, CALLBACK, CHALLENGE, Shop, VERIFIER, claims, header, refusal, refused, shop,
    shop_in, text,
};

const START: u64 = 1_767_225_600;

fn invalid_code() -> (u16, String, String) {
    refused(403, "invalid_grant", "Invalid authorization code")
}

fn wrong_verifier() -> (u16, String, String) {
    refused(403, "invalid_grant", "Failed to verify code verifier")
}

/// What Activity says about the last refusal.
async fn last_reason(shop: &Shop) -> String {
    let entries = shop.served.tenant.activity(None, 1).await.unwrap();
    entries[0].reason.clone().unwrap_or_default()
}

#[tokio::test]
async fn a_code_gives_auth0s_tokens() {
    let shop = shop().await;
    let answer = shop.redeem(&shop.code().await, &[]).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let mut body = answer.json();
    let token = text(&body, "access_token");
    for (member, length) in
        [("access_token", None), ("id_token", None), ("refresh_token", Some(64))]
    {
        let removed = body.as_object_mut().unwrap().remove(member).unwrap();
        assert!(length.is_none_or(|length| removed.as_str().unwrap().len() == length), "{member}");
    }
    let scope = "openid profile email offline_access read:archive write:archive";
    let expected = json!({ "scope": scope, "expires_in": 86_400, "token_type": "Bearer" });
    assert_eq!(body, expected);
    assert_eq!(header(&token)["typ"], "JWT");
    let issuer = shop.served.tenant.issuer();
    assert_eq!(
        claims(&token),
        json!({
            "iss": issuer,
            "sub": "auth0|alice",
            "aud": [ARCHIVE, format!("{issuer}userinfo")],
            "iat": START,
            "exp": START + 86_400,
            "scope": scope,
            "azp": shop.client_id,
            "permissions": ["read:archive", "write:archive"],
        })
    );
}

#[tokio::test]
async fn as_34_each_dialect_says_who_and_for_whom() {
    let shop = shop().await;
    let tenant = &shop.served.tenant;
    let rbac_off = tenant.api(ARCHIVE).await.unwrap();
    for (dialect, rbac, typ, members) in [
        (TokenDialect::AccessToken, true, "JWT", "aud azp exp iat iss scope sub"),
        (TokenDialect::AccessTokenAuthz, false, "JWT", "aud azp exp iat iss scope sub"),
        (TokenDialect::Rfc9068Profile, true, "at+jwt", "aud client_id exp iat iss jti scope sub"),
        (
            TokenDialect::Rfc9068ProfileAuthz,
            true,
            "at+jwt",
            "aud client_id exp iat iss jti permissions scope sub",
        ),
    ] {
        let mut api = rbac_off.clone();
        (api.token_dialect, api.enforce_policies) = (dialect, rbac);
        tenant.update_api(&api).await.unwrap();
        let token = text(&shop.tokens().await, "access_token");
        let claims = claims(&token);
        let mut names: Vec<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!((header(&token)["typ"].as_str(), names.join(" ")), (Some(typ), members.into()));
        let dropped = text(&claims, "scope").contains("drop:archive");
        assert_eq!(shop.userinfo(&token).await.status, 200, "{}", dialect.name());
        assert_eq!(dropped, !rbac, "only without RBAC does everyone get what they ask for");
    }
}

#[tokio::test]
async fn lifetime_and_audience_follow_application_api_and_scope() {
    let shop = shop().await;
    let issuer = shop.served.tenant.issuer();
    let userinfo = format!("{issuer}userinfo");
    let page = [("client_id", shop.page.as_str()), ("client_secret", "")];
    for (authorization, changes, lifetime, aud) in [
        (shop.authorization(), &[][..], 86_400, json!([ARCHIVE, userinfo])),
        (shop.authorization_of(&shop.page), &page, 7_200, json!([ARCHIVE, userinfo])),
        (shop.authorization().scope("read:archive"), &[], 86_400, json!(ARCHIVE)),
        (shop.authorization().scope(""), &[], 86_400, json!(ARCHIVE)),
    ] {
        let code = shop.code_for(authorization).await;
        let body = shop.redeem(&code, changes).await.json();
        let claims = claims(&text(&body, "access_token"));
        assert_eq!((&body["expires_in"], &claims["aud"]), (&json!(lifetime), &aud));
        assert_eq!(claims["exp"], json!(START + lifetime));
        assert_eq!(body.get("id_token").is_some(), aud.is_array(), "an ID token is for openid");
    }
    let alone = Authorization::new("auth0|alice", &shop.client_id, CALLBACK)
        .scope("openid read:archive offline_access");
    let code = shop.code_for(alone).await;
    let body = shop.redeem(&code, &[("code_verifier", "")]).await.json();
    let token = text(&body, "access_token");
    assert_eq!(
        (claims(&token)["aud"].clone(), &body["scope"]),
        (json!(userinfo), &json!("openid offline_access"))
    );
    assert!(body["refresh_token"].is_string(), "without an API nobody forbids refreshing");
}

/// Redeems a new code with this verifier, which must be refused for this reason.
async fn check_verifier(shop: &Shop, verifier: &str, reason: &str) {
    let code = shop.code().await;
    let answer = shop.redeem(&code, &[("code_verifier", verifier)]).await;
    assert_eq!(refusal(&answer), wrong_verifier(), "{verifier}");
    assert_eq!(last_reason(shop).await, reason);
    assert_eq!(refusal(&shop.redeem(&code, &[]).await), invalid_code(), "one guess a code");
}

#[tokio::test]
async fn as_13_b161_a_verifier_is_there_if_and_only_if_a_challenge_was() {
    let shop = shop().await;
    check_verifier(&shop, "", "code_verifier_missing").await;
    let without = Authorization::new("auth0|alice", &shop.client_id, CALLBACK);
    let code = shop.code_for(without.clone()).await;
    assert_eq!(refusal(&shop.redeem(&code, &[]).await), wrong_verifier());
    assert_eq!(last_reason(&shop).await, "code_verifier_without_challenge");
    let code = shop.code_for(without).await;
    assert_eq!(shop.redeem(&code, &[("code_verifier", "")]).await.status, 200);
}

#[tokio::test]
async fn as_14_b161_a_verifier_is_well_formed_and_fits() {
    let shop = shop().await;
    for (verifier, reason) in [
        (&VERIFIER[1..], "code_verifier_malformed"),
        (&"x".repeat(129), "code_verifier_malformed"),
        ("dBjftJeZ4CVP+mB92K27uhbUJU1p1r/wW1gFWFOEjXk", "code_verifier_malformed"),
        (CHALLENGE, "code_verifier_wrong"), // what the method plain would take
        ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK", "code_verifier_wrong"),
    ] {
        check_verifier(&shop, verifier, reason).await;
    }
}

#[tokio::test]
async fn as_12_a_public_client_has_a_challenge_and_it_is_by_s256() {
    let shop = shop().await;
    let tenant = &shop.served.tenant;
    let plain = Authorization::new("auth0|alice", &shop.page, CALLBACK);
    let (short, padded) = (&CHALLENGE[1..], format!("{CHALLENGE}="));
    for authorization in [
        plain.clone(),
        plain.clone().code_challenge(""),
        plain.clone().code_challenge(short),
        plain.clone().code_challenge(padded),
    ] {
        let error = tenant.authorize(authorization).await.unwrap_err();
        assert_eq!(error.kind(), TenantErrorKind::InvalidCodeChallenge);
    }
    assert!(tenant.authorize(plain.code_challenge(CHALLENGE)).await.is_ok());
}

#[tokio::test]
async fn an_authorization_is_checked_as_at_authorize() {
    use TenantErrorKind as K;
    let shop = shop().await;
    let tenant = &shop.served.tenant;
    let machine = shop.served.application.client_id.as_str();
    let of = |user_id: &str, client_id: &str, callback: &str| {
        Authorization::new(user_id, client_id, callback)
    };
    for (authorization, kind) in [
        (of("auth0|bob", &shop.client_id, CALLBACK), K::UnknownUser),
        (of("auth0|alice", "nobody", CALLBACK), K::UnknownApplication),
        (of("auth0|alice", machine, CALLBACK), K::InvalidGrantType),
        (of("auth0|alice", &shop.client_id, "http://localhost:3000/Callback"), K::InvalidUrl),
        (shop.authorization().audience("https://unknown.example"), K::UnknownApi),
    ] {
        assert_eq!(tenant.authorize(authorization).await.unwrap_err().kind(), kind);
    }
}

#[tokio::test]
async fn as_15_b160_a_code_is_bound_to_client_callback_and_time() {
    let shop = shop().await;
    let page = [("client_id", shop.page.as_str()), ("client_secret", "")];
    for (changes, seconds, reason) in [
        (&page[..], 0, "code_of_another_client"),
        (&[("redirect_uri", "http://localhost:3000/callback/")], 0, "redirect_uri_differs"),
        (&[("redirect_uri", "http://localhost:3000/callback?a=b")], 0, "redirect_uri_differs"),
        (&[], 60, "code_expired"),
        (&[("code", "unknown")], 0, "code_unknown"),
    ] {
        let code = shop.code().await;
        shop.pass(seconds);
        assert_eq!(refusal(&shop.redeem(&code, changes).await), invalid_code(), "{reason}");
        assert_eq!(last_reason(&shop).await, reason);
    }
    let code = shop.code().await;
    shop.pass(59);
    assert_eq!(shop.redeem(&code, &[]).await.status, 200);
}

#[tokio::test]
async fn what_is_missing_is_named_and_costs_no_code() {
    let shop = shop().await;
    let code = shop.code().await;
    for name in ["code", "redirect_uri"] {
        let answer = shop.redeem(&code, &[(name, "")]).await;
        let sentence = format!("Missing required parameter: {name}");
        assert_eq!(refusal(&answer), refused(400, "invalid_request", &sentence));
    }
    for changes in [[("client_secret", "")], [("client_secret", "wrong")]] {
        let answer = shop.redeem(&code, &changes).await;
        assert_eq!(refusal(&answer), refused(401, "access_denied", "Unauthorized"));
    }
    assert_eq!(shop.redeem(&code, &[]).await.status, 200);
}

#[tokio::test]
async fn as_17_b159_a_replayed_code_ends_the_family() {
    let shop = shop().await;
    let code = shop.code().await;
    let body = shop.redeem(&code, &[]).await.json();
    assert_eq!(shop.userinfo(&text(&body, "access_token")).await.status, 200);
    assert_eq!(refusal(&shop.redeem(&code, &[]).await), invalid_code());
    let entry = shop.served.tenant.activity(None, 1).await.unwrap().remove(0);
    assert_eq!(entry.reason.as_deref(), Some("code_used_before"));
    assert_eq!(entry.user_id.as_deref(), Some("auth0|alice"));
    let answer = shop.refresh(&text(&body, "refresh_token"), &[]).await;
    let sentence = "Unknown or invalid refresh token.";
    assert_eq!(refusal(&answer), refused(403, "invalid_grant", sentence));
    assert_eq!(last_reason(&shop).await, "refresh_token_revoked");
    assert_eq!(shop.userinfo(&text(&body, "access_token")).await.status, 401);
}

#[tokio::test]
async fn as_16_b159_of_fifty_who_redeem_one_code_at_once_one_wins() {
    let folder = tempfile::tempdir().unwrap();
    for folder in [None, Some(folder.path())] {
        let shop = std::sync::Arc::new(shop_in(folder).await);
        let code = shop.code().await;
        let attempts: Vec<_> = (0..50)
            .map(|_| {
                let (shop, code) = (shop.clone(), code.clone());
                tokio::spawn(async move { shop.redeem(&code, &[]).await })
            })
            .collect();
        let mut won: Vec<Value> = Vec::new();
        for attempt in attempts {
            let answer = attempt.await.unwrap();
            match answer.status {
                200 => won.push(answer.json()),
                _ => assert_eq!(refusal(&answer), invalid_code()),
            }
        }
        assert_eq!(won.len(), 1);
        let answer = shop.refresh(&text(&won[0], "refresh_token"), &[]).await;
        assert_eq!(answer.error(), (403, "invalid_grant".into()), "the family is revoked");
    }
}

#[tokio::test]
async fn a_blocked_user_gets_nothing() {
    let shop = shop().await;
    let code = shop.code().await;
    let mut alice = shop.alice.clone();
    alice.blocked = true;
    shop.served.tenant.update_user(&alice).await.unwrap();
    let answer = shop.redeem(&code, &[]).await;
    assert_eq!(refusal(&answer), refused(403, "unauthorized", "user is blocked"));
    let code = shop.code().await;
    shop.served.tenant.delete_user(&alice.user_id).await.unwrap();
    assert_eq!(refusal(&shop.redeem(&code, &[]).await), invalid_code());
}

#[tokio::test]
async fn grant_types_are_the_applications() {
    let shop = shop().await;
    let tenant = &shop.served.tenant;
    let tokens = shop.tokens().await;
    let code = shop.code().await;
    let mut application = tenant.application(&shop.client_id).await.unwrap();
    application.grant_types = vec![GrantType::ClientCredentials];
    tenant.update_application(&application).await.unwrap();
    for (answer, name) in [
        (shop.redeem(&code, &[]).await, "authorization_code"),
        (shop.refresh(&text(&tokens, "refresh_token"), &[]).await, "refresh_token"),
    ] {
        let sentence = format!("Grant type '{name}' not allowed for the client.");
        assert_eq!(refusal(&answer), refused(403, "unauthorized_client", &sentence));
    }
    application.grant_types = vec![GrantType::AuthorizationCode];
    tenant.update_application(&application).await.unwrap();
    let body = shop.redeem(&code, &[]).await.json();
    assert_eq!(body.get("refresh_token"), None);
    assert!(!text(&body, "scope").contains("offline_access"));
}

#[tokio::test]
async fn as_18_codes_and_refresh_tokens_are_long_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop_in(Some(folder.path())).await;
    let code = shop.code().await;
    let refresh_token = text(&shop.redeem(&code, &[]).await.json(), "refresh_token");
    assert!(code.len() >= 27 && refresh_token.len() >= 27, "160 bits at least");
    assert_ne!(code, shop.code().await);
    let mut read = 0;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        read += bytes.len();
        for secret in [code.as_bytes(), refresh_token.as_bytes()] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
    assert!(read > 4096, "the database lies there");
}

/// Everything real: tenant, keys over HTTP, and a program that guards its route with the library.
#[tokio::test]
async fn an_api_guarded_by_the_library_takes_a_users_token_and_sees_permissions() {
    let shop = shop().await;
    let issuer = Issuer::new(shop.served.tenant.issuer()).unwrap().profile(Profile::AUTH0);
    let issuer = issuer.jwks_uri(&shop.served.tenant.jwks_uri()).unwrap();
    let guard = ResourceServer::new(issuer, ARCHIVE).unwrap().clock(shop.clock.clone()).unwrap();
    let show = |token: bearward::AccessToken| async move {
        let permissions: Vec<&str> = token.permissions().collect();
        format!("{} {}", token.subject(), permissions.join(" "))
    };
    let router = guard
        .router()
        .route("/write", bearward::permission("write:archive"), axum::routing::get(show))
        .route("/drop", bearward::permission("drop:archive"), axum::routing::get(show))
        .into_router();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

    let tokens = shop.tokens().await;
    for (path, member, expected) in [
        ("/write", "access_token", ("200", "auth0|alice read:archive write:archive")),
        ("/drop", "access_token", ("403", "")),
        ("/write", "id_token", ("401", "")),
    ] {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Authorization: Bearer {}\r\n\r\n",
            text(&tokens, member)
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let status = answer.split(' ').nth(1).unwrap();
        assert_eq!(status, expected.0, "{path} {member}: {answer}");
        assert!(answer.ends_with(expected.1) || status != "200", "{answer}");
    }
}

#[tokio::test]
async fn an_api_that_is_gone_gives_no_tokens() {
    let shop = shop().await;
    let code = shop.code().await;
    shop.served.tenant.delete_api(ARCHIVE).await.unwrap();
    let sentence = format!("Service not enabled within domain: {ARCHIVE}");
    let answer = shop.redeem(&code, &[]).await;
    assert_eq!(refusal(&answer), refused(403, "access_denied", &sentence));
}

/// A user's tokens come with other algorithms too, the ID token never.
#[tokio::test]
async fn an_apis_algorithm_signs_its_access_tokens_alone() {
    let shop = shop().await;
    let api = NewApi::new("Curved", "curved")
        .signing_algorithm(SigningAlgorithm::Es256)
        .token_lifetime(Duration::from_secs(300));
    shop.served.tenant.create_api(api).await.unwrap();
    let tokens = shop.tokens_for(shop.authorization().audience("curved").scope(ALL)).await;
    assert_eq!(header(&text(&tokens, "access_token"))["alg"], "ES256");
    assert_eq!(header(&text(&tokens, "id_token"))["alg"], "RS256");
    assert_eq!(tokens["expires_in"], 300);
    assert_eq!(tokens.get("refresh_token"), None, "the API does not allow offline access");
    assert_eq!(shop.userinfo(&text(&tokens, "access_token")).await.status, 200);
}

#[tokio::test]
async fn a_native_application_is_public_too() {
    let shop = shop().await;
    let native = NewApplication::new("Phone", ApplicationType::Native).callback(CALLBACK);
    let created = shop.served.tenant.create_application(native).await.unwrap();
    let client_id = created.application.client_id;
    let code = shop.code_for(shop.authorization_of(&client_id)).await;
    let changes = [("client_id", client_id.as_str()), ("client_secret", "")];
    let body = shop.redeem(&code, &changes).await.json();
    assert_eq!(body["expires_in"], 86_400, "the shorter life is for browsers");
    assert!(body["refresh_token"].is_string());
}

/// Browser SDKs send JSON; Authlib and others send Basic.
#[tokio::test]
async fn a_code_is_redeemed_by_json_and_by_basic_too() {
    let shop = shop().await;
    let credentials = format!("{}:{}", shop.client_id, shop.client_secret.expose());
    let basic = shop.served.basic(&credentials);
    let code = shop.code().await;
    let form = format!(
        "grant_type=authorization_code&code={code}&code_verifier={VERIFIER}&redirect_uri={CALLBACK}"
    );
    let answer = shop.served.post_form(&[&basic], &form).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let code = shop.code_for(shop.authorization_of(&shop.page)).await;
    let body = json!({
        "grant_type": "authorization_code",
        "client_id": shop.page,
        "code": code,
        "code_verifier": VERIFIER,
        "redirect_uri": CALLBACK,
        "organization": null,
    });
    let answer = shop.served.post_json(&[], &body.to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.json()["id_token"].is_string());
}
