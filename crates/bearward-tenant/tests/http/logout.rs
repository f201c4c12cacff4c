//! The ways out.

use serde_json::{Value, json};

use crate::browser::{AFTER_LOGOUT, Browser, Town, encoded, form, led_to, town};
use crate::served::signing_key;

async fn logged_in(town: &Town) -> Browser<'_> {
    let mut browser = town.browser();
    browser.log_in(&town.request("&scope=openid")).await;
    browser
}

async fn is_logged_in(town: &Town, browser: &mut Browser<'_>) -> bool {
    let answer = browser.get(&town.request("&prompt=none")).await;
    led_to(&answer).1.contains_key("code")
}

/// An ID token of the tenant, an hour old and expired.
fn id_token(town: &Town, change: impl FnOnce(&mut Value)) -> String {
    let mut claims = json!({
        "iss": town.served.tenant.issuer(), "sub": town.alice.user_id, "aud": town.spa, "exp": 1,
    });
    change(&mut claims);
    signing_key().sign("JWT", &claims).unwrap()
}

#[tokio::test]
async fn auth0_s_logout_ends_the_session_at_once() {
    let town = town().await;
    let to = encoded(AFTER_LOGOUT);
    let web = &town.web;
    for (query, location) in [
        (String::new(), None),
        ("?federated".to_owned(), None),
        (format!("?client_id={web}"), None),
        (format!("?client_id={web}&returnTo={to}&federated"), Some(AFTER_LOGOUT)),
    ] {
        let mut browser = logged_in(&town).await;
        let answer = browser.get(&format!("/v2/logout{query}")).await;
        assert_eq!(answer.header("location"), location, "{query}");
        assert_eq!(answer.status, if location.is_some() { 302 } else { 200 }, "{query}");
        assert!(!browser.cookies.contains_key("bearward"), "{query}");
        assert!(!is_logged_in(&town, &mut browser).await, "{query}");
    }
}

#[tokio::test]
async fn a_session_that_was_ended_is_worth_nothing_elsewhere() {
    let town = town().await;
    let mut browser = logged_in(&town).await;
    let cookies = browser.cookies.clone();
    browser.get("/v2/logout").await;
    browser.cookies = cookies;
    assert!(!is_logged_in(&town, &mut browser).await);
}

#[tokio::test]
async fn as_58_b170_nobody_is_sent_to_an_address_that_is_not_listed() {
    let town = town().await;
    let web = &town.web;
    let to = encoded(AFTER_LOGOUT);
    let evil = encoded("https://evil.example/");
    let more = encoded(&format!("{AFTER_LOGOUT}/"));
    let hint = id_token(&town, |_| ());
    for (request, reason) in [
        (format!("/v2/logout?client_id={web}&returnTo={evil}"), "logout_url_mismatch"),
        (format!("/v2/logout?client_id={web}&returnTo={more}"), "logout_url_mismatch"),
        (format!("/v2/logout?client_id={web}&returnTo=%2F%2Fevil.example"), "logout_url_mismatch"),
        (format!("/v2/logout?client_id={web}&returnTo={to}&returnTo={to}"), "repeated_parameter"),
        (format!("/v2/logout?returnTo={to}"), "logout_without_client"),
        (format!("/v2/logout?client_id=nobody&returnTo={to}"), "unknown_client"),
        (format!("/oidc/logout?post_logout_redirect_uri={to}"), "logout_without_client"),
        (
            format!("/oidc/logout?client_id={web}&post_logout_redirect_uri={evil}"),
            "logout_url_mismatch",
        ),
        (
            format!("/oidc/logout?id_token_hint={hint}&post_logout_redirect_uri={more}"),
            "logout_url_mismatch",
        ),
        (
            format!("/oidc/logout?id_token_hint={hint}&client_id={web}"),
            "id_token_hint_of_other_client",
        ),
    ] {
        let mut browser = logged_in(&town).await;
        let answer = browser.get(&request).await;
        assert!([400, 403].contains(&answer.status), "{request}: {}", answer.status);
        assert_eq!(answer.header("location"), None, "{request}");
        assert!(
            answer.body.contains(&format!("<code>{reason}</code>")),
            "{request}: {}",
            answer.body
        );
        assert_eq!(town.latest().await.1.as_deref(), Some(reason), "{request}");
        assert!(is_logged_in(&town, &mut browser).await, "{request}");
    }
}

#[tokio::test]
async fn as_43_an_id_token_logs_out_even_when_it_has_expired() {
    let town = town().await;
    let hint = id_token(&town, |_| ());
    let to = encoded(AFTER_LOGOUT);
    let query = format!("id_token_hint={hint}&post_logout_redirect_uri={to}&state=a%26b");
    let expected = format!("{AFTER_LOGOUT}?state=a%26b");
    let mut browser = logged_in(&town).await;
    let answer = browser.get(&format!("/oidc/logout?{query}")).await;
    assert_eq!((answer.status, answer.header("location")), (302, Some(&*expected)));
    assert!(!is_logged_in(&town, &mut browser).await);

    let mut browser = logged_in(&town).await;
    let answer = browser.post_from("/oidc/logout", &query, &["Origin: https://app.example"]).await;
    assert_eq!(answer.header("location"), Some(&*expected), "{}", answer.body);
    assert!(!is_logged_in(&town, &mut browser).await);

    let answer = browser.get(&format!("/oidc/logout?id_token_hint={hint}")).await;
    assert_eq!(answer.status, 200, "nobody is logged in, and there is nowhere to go");
}

#[tokio::test]
async fn as_43_b170_a_forged_hint_ends_nothing() {
    let town = town().await;
    let good = id_token(&town, |_| ());
    let (head, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = head.split_once('.').unwrap();
    let other = id_token(&town, |claims| claims["sub"] = "auth0|other".into());
    let other_payload = other.split('.').nth(1).unwrap();
    let foreign = bearward::sign::SigningKey::generate(bearward::Algorithm::Rs256).unwrap();
    let foreign = foreign.with_kid(signing_key().kid());
    let claims =
        json!({ "iss": town.served.tenant.issuer(), "sub": town.alice.user_id, "aud": town.spa });
    for hint in [
        "x".to_owned(),
        "a.b.c".to_owned(),
        format!("{head}."),
        head.to_owned(),
        format!("{good}."),
        format!("{good}A"),
        format!("{header}.{other_payload}.{signature}"),
        foreign.sign("JWT", &claims).unwrap(),
        id_token(&town, |claims| claims["iss"] = "https://evil.example/".into()),
        id_token(&town, |claims| claims["aud"] = "http://localhost:3010".into()),
        id_token(&town, |claims| claims["aud"] = Value::Null),
    ] {
        let mut browser = logged_in(&town).await;
        let answer = browser.get(&format!("/oidc/logout?id_token_hint={hint}")).await;
        assert_eq!(answer.status, 400, "{hint}");
        assert!(answer.body.contains("<code>id_token_hint_not_ours</code>"), "{hint}");
        assert!(is_logged_in(&town, &mut browser).await, "{hint}");
    }
}

#[tokio::test]
async fn as_43_as_57_b170_without_a_hint_the_user_is_asked() {
    let town = town().await;
    let to = encoded(AFTER_LOGOUT);
    let other = id_token(&town, |claims| claims["sub"] = "auth0|other".into());
    for query in [
        String::new(),
        format!("?client_id={}&post_logout_redirect_uri={to}&state=s", town.spa),
        format!("?id_token_hint={other}"),
    ] {
        let mut browser = logged_in(&town).await;
        let answer = browser.get(&format!("/oidc/logout{query}")).await;
        let location = answer.header("location").unwrap().to_owned();
        assert!(location.starts_with("/u/logout?state="), "{location}");
        assert!(is_logged_in(&town, &mut browser).await, "{query}");
        let page = browser.get(&location).await;
        assert_eq!(page.header("x-frame-options"), Some("DENY"));
        assert!(page.body.contains("alice@example.com"));
        let policy = page.header("content-security-policy").unwrap();
        let goes_on = policy.contains("form-action 'self' https://app.example;");
        assert_eq!(goes_on, query.contains("post_logout"), "browsers hold it against redirects");
        let good = form(&page, &[("action", "accept")]);
        for bad in [good.replace("csrf=", "csrf=x"), "action=accept".to_owned()] {
            assert_eq!(browser.post("/u/logout", &bad).await.status, 403);
        }
        let evil = browser.post_from("/u/logout", &good, &["Origin: https://evil.example"]).await;
        assert_eq!(evil.status, 403);
        assert_eq!(town.browser().get(&location).await.status, 403, "not in another browser");
        let done = browser.post("/u/logout", &good).await;
        let expected = query.contains("post_logout").then(|| format!("{AFTER_LOGOUT}?state=s"));
        assert_eq!(done.header("location"), expected.as_deref(), "{query}");
        assert!(!is_logged_in(&town, &mut browser).await, "{query}");
    }
    let mut browser = logged_in(&town).await;
    let location = browser.get("/oidc/logout").await.header("location").unwrap().to_owned();
    let page = browser.get(&location).await;
    let stayed = browser.post("/u/logout", &form(&page, &[("action", "deny")])).await;
    assert_eq!(stayed.status, 303);
    assert!(is_logged_in(&town, &mut browser).await);
}

#[tokio::test]
async fn as_57_b170_a_form_of_another_site_does_not_take_the_session_away() {
    let town = town().await;
    let other = id_token(&town, |claims| claims["sub"] = "auth0|attacker".into());
    for form in [String::new(), format!("id_token_hint={other}")] {
        let mut browser = logged_in(&town).await;
        // With `SameSite=Lax` a form of another site brings no cookie; the answer could set one.
        let kept = std::mem::take(&mut browser.cookies);
        let answer =
            browser.post_from("/oidc/logout", &form, &["Origin: https://evil.example"]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.all("set-cookie"), Vec::<&str>::new(), "{form}");
        browser.cookies = kept;
        assert!(is_logged_in(&town, &mut browser).await, "{form}");
    }
}
