//! The login page, and the session that follows.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::browser::{
    CALLBACK, PASSWORD, STRICT, Town, encoded, form, hidden, led_to, town, town_behind_tls,
};
use crate::served::Answer;

#[tokio::test]
async fn as_10_b171_a_login_is_answered_by_303() {
    let town = town().await;
    let answer = town.browser().log_in(&town.request("&scope=openid")).await;
    assert_eq!(answer.status, 303);
    let (address, fields) = led_to(&answer);
    assert_eq!((address.as_str(), fields["code"].len()), (CALLBACK, 43));
}

#[tokio::test]
async fn as_11_b171_the_login_page_is_framed_by_nobody() {
    let town = town().await;
    let mut browser = town.browser();
    let login = browser.open_login(&town.request("")).await;
    let page = browser.get(&login).await;
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    for part in ["name=\"username\"", "name=\"password\"", "name=\"action\" value=\"default\""] {
        assert!(page.body.contains(part), "{part} is not in {}", page.body);
    }
    assert!(page.body.contains("Notebook"), "the application's name stands on the page");
}

#[tokio::test]
async fn as_18_codes_and_sessions_are_long_and_kept_as_hashes() {
    let town = town().await;
    let mut browser = town.browser();
    let answer = browser.log_in(&town.request("")).await;
    let code = led_to(&answer).1["code"].clone();
    let session = browser.cookies["bearward"].clone();
    assert_eq!((code.len(), session.len()), (43, 43), "43 letters and digits have 256 bits");
    let entries = town.served.tenant.activity(None, 50).await.unwrap();
    let kept = format!("{entries:?}");
    assert!(!kept.contains(&code) && !kept.contains(&session) && !kept.contains(PASSWORD));
}

#[tokio::test]
async fn as_56_b171_the_session_id_is_new_at_each_login() {
    let town = town().await;
    let mut browser = town.browser();
    let planted = "x".repeat(43);
    browser.cookies.insert("bearward".to_owned(), planted.clone());
    browser.log_in(&town.request("")).await;
    let first = browser.cookies["bearward"].clone();
    assert_ne!(first, planted);
    browser.log_in(&town.request("&prompt=login")).await;
    assert_ne!(browser.cookies["bearward"], first);
    let mut old = town.browser();
    old.cookies.insert("bearward".to_owned(), first);
    old.open_login(&town.request("")).await; // the session before is over
    browser.get(&town.request("&prompt=none")).await;
    assert_eq!(town.latest().await.1, None);
}

#[tokio::test]
async fn as_57_cookies_are_the_tenant_s_alone() {
    for (town, prefix, secure) in
        [(town().await, "", false), (town_behind_tls().await, "__Host-", true)]
    {
        let mut browser = town.browser();
        let begun = browser.get(&town.request("")).await;
        let login = begun.header("location").unwrap().to_owned();
        let done = browser.log_in_at(&login, "alice@example.com", PASSWORD).await;
        for (answer, name) in [(begun, "bearward-browser="), (done, "bearward=")] {
            let cookies = answer.all("set-cookie");
            let name = format!("{prefix}{name}");
            let cookie = cookies.iter().find(|cookie| cookie.starts_with(&name)).unwrap();
            let has = |attribute| cookie.split("; ").any(|part| part == attribute);
            assert!(has("HttpOnly") && has("SameSite=Lax") && has("Path=/"), "{cookie}");
            assert_eq!(has("Secure"), secure, "{cookie}");
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
        let away = browser.get("/v2/logout").await;
        let gone = format!("{prefix}bearward=;");
        assert!(away.all("set-cookie").iter().any(|cookie| cookie.starts_with(&gone)));
    }
}

#[tokio::test]
async fn as_57_b171_a_login_form_of_another_site_is_refused() {
    let town = town().await;
    let mut browser = town.browser();
    let login = browser.open_login(&town.request("")).await;
    let page = browser.get(&login).await;
    let fields = [("username", "alice@example.com"), ("password", PASSWORD)];
    let good = form(&page, &fields);
    let csrf = hidden(&page, "csrf");
    let own = format!("Origin: {}", town.served.tenant.issuer().trim_end_matches('/'));

    let mut attacker = town.browser();
    let theirs = attacker.open_login(&town.request("")).await;
    let theirs = attacker.get(&theirs).await;
    for (form, headers) in [
        (good.replace(&csrf, "wrong"), vec![own.as_str()]),
        (good.replace(&format!("csrf={csrf}&"), ""), vec![&own]),
        (form(&theirs, &fields), vec![&own]),
        (good.replace(&hidden(&page, "state"), &hidden(&theirs, "state")), vec![&own]),
        (good.clone(), vec!["Origin: https://evil.example"]),
        (good.clone(), vec!["Origin: null"]),
    ] {
        let answer = browser.post_from("/u/login", &form, &headers).await;
        assert_eq!(answer.status, 403, "{form} {headers:?}");
        assert!(!browser.cookies.contains_key("bearward"), "{form}");
    }
    let mut other = town.browser();
    assert_eq!(other.get(&login).await.status, 403, "the address alone is worth nothing");
    assert_eq!(other.post("/u/login", &good).await.status, 403);
    assert_eq!(browser.post("/u/login", &good).await.status, 303);
    assert_eq!(browser.post("/u/login", &good).await.status, 400, "it was used");
}

#[tokio::test]
async fn as_59_unknown_users_and_wrong_passwords_get_the_same_answer() {
    let town = town().await;
    let mut browser = town.browser();
    let login = browser.open_login(&town.request("")).await;
    let mut pages = Vec::new();
    for (email, password) in [
        ("alice@example.com", "wrong password"),
        ("nobody@example.com", "wrong password"),
        ("nobody@example.com", PASSWORD),
        ("no address", PASSWORD),
        ("alice@example.com", ""),
        ("", ""),
    ] {
        let page = browser.log_in_at(&login, email, password).await;
        assert_eq!(page.status, 400, "{email}");
        assert!(page.body.contains("Wrong email or password."), "{email}");
        assert!(!browser.cookies.contains_key("bearward"), "{email}");
        pages.push(page.body.replace(&format!("value=\"{email}\""), "value=\"\""));
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[1], pages[2]);
}

#[tokio::test]
async fn as_59_a_blocked_user_hears_it_after_the_right_password_alone() {
    let town = town().await;
    let mut alice = town.alice.clone();
    let mut browser = town.browser();
    browser.log_in(&town.request("")).await;
    alice.blocked = true;
    town.served.tenant.update_user(&alice).await.unwrap();
    let login = browser.open_login(&town.request("")).await; // the session is worth nothing now
    let wrong = browser.log_in_at(&login, "alice@example.com", "wrong password").await;
    assert!(!wrong.body.contains("blocked") && wrong.status == 400);
    let right = browser.log_in_at(&login, "alice@example.com", PASSWORD).await;
    assert_eq!(right.status, 403);
    assert!(right.body.contains("Your account has been blocked."));
    assert_eq!(town.latest().await.1.as_deref(), Some("user_blocked"));
}

#[tokio::test]
async fn b174_strange_names_and_passwords_are_only_wrong() {
    let town = town().await;
    let mut browser = town.browser();
    let login = browser.open_login(&town.request("")).await;
    let long = "x".repeat(60_000);
    for (email, password) in [
        ("alice@example.com\0", PASSWORD),
        ("alice@example.com", "correct horse\0"),
        ("ａlice@example.com", PASSWORD),
        ("аlice@example.com", PASSWORD),
        ("alice@example.com' OR '1'='1", PASSWORD),
        (&long, PASSWORD),
        ("alice@example.com", &long),
    ] {
        let page = browser.log_in_at(&login, email, password).await;
        assert_eq!(page.status, 400, "{}", &email[..email.len().min(40)]);
    }
    let page = browser.get(&login).await;
    let huge = form(&page, &[("username", "alice@example.com"), ("password", &"x".repeat(70_000))]);
    assert_eq!(browser.post("/u/login", &huge).await.status, 413);
    let answer = browser.log_in_at(&login, " ALICE@example.com ", PASSWORD).await;
    assert_eq!(answer.status, 303, "letters and spaces around are no difference");
}

#[tokio::test]
async fn a_session_lasts_three_days_without_a_visit_and_a_week_at_most() {
    let town = town().await;
    let day = 24 * 3600;
    let none = town.request("&prompt=none");
    let mut browser = town.browser();
    browser.log_in(&town.request("")).await;
    for (days, error) in [(2, None), (2, None), (2, None), (2, Some("login_required"))] {
        town.clock.forward(days * day);
        let fields = led_to(&browser.get(&none).await).1;
        assert_eq!(fields.get("error").map(String::as_str), error);
    }
    browser.log_in(&town.request("")).await;
    town.clock.forward(3 * day);
    assert_eq!(led_to(&browser.get(&none).await).1["error"], "login_required");
}

#[tokio::test]
async fn a_login_page_that_waited_for_too_long_is_over() {
    let town = town().await;
    let mut browser = town.browser();
    let login = browser.open_login(&town.request("")).await;
    town.clock.forward(30 * 60);
    let page = browser.get(&login).await;
    assert_eq!(page.status, 400);
    assert!(page.body.contains("<code>nothing_waits</code>"));
    for path in ["/u/login", "/u/login?state=x", "/u/consent", "/u/logout?state="] {
        assert!([400, 403].contains(&browser.get(path).await.status), "{path}");
    }
}

#[tokio::test]
async fn a_login_is_counted() {
    let town = town().await;
    town.browser().log_in(&town.request("")).await;
    let alice = town.served.tenant.user("alice@example.com").await.unwrap();
    assert_eq!((alice.logins_count, alice.last_login), (1, Some(crate::served::NOW)));
}

/// For [`CHALLENGE`](crate::browser::CHALLENGE); both are RFC 7636's, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Redeems the code of an answer, and gives what the token endpoint says.
async fn redeem(town: &Town, answer: &Answer) -> Answer {
    let form = format!(
        "grant_type=authorization_code&client_id={}&redirect_uri={}&code={}&code_verifier={VERIFIER}",
        town.spa,
        encoded(CALLBACK),
        led_to(answer).1["code"]
    );
    town.served.post_form(&[], &form).await
}

#[tokio::test]
async fn as_15_a_code_from_the_login_page_becomes_tokens_within_a_minute() {
    let town = town().await;
    let more = format!("&audience={}&scope=openid+read:notes&nonce=n-1", encoded(STRICT));
    let late = town.browser().log_in(&town.request(&more)).await;
    town.clock.forward(61);
    assert_eq!(redeem(&town, &late).await.error(), (403, "invalid_grant".into()));

    let answer = town.browser().log_in(&town.request(&more)).await;
    let tokens = redeem(&town, &answer).await.json();
    assert_eq!(tokens["scope"], "openid read:notes");
    let payload = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
    let payload = URL_SAFE_NO_PAD.decode(payload).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!((&claims["nonce"], &claims["aud"]), (&"n-1".into(), &town.spa.clone().into()));
    assert!(claims["sid"].is_string());
}

#[tokio::test]
async fn logging_out_ends_what_was_granted_for_the_session_alone() {
    let town = town().await;
    for (scope, survives) in [("openid", false), ("openid+offline_access", true)] {
        let mut browser = town.browser();
        let answer = browser.log_in(&town.request(&format!("&scope={scope}"))).await;
        browser.get("/v2/logout").await;
        assert_eq!(redeem(&town, &answer).await.status == 200, survives, "{scope}");
    }
}

#[tokio::test]
async fn as_43_the_id_token_that_was_issued_logs_out() {
    let town = town().await;
    let mut browser = town.browser();
    let answer = browser.log_in(&town.request("&scope=openid")).await;
    let tokens = redeem(&town, &answer).await.json();
    let hint = tokens["id_token"].as_str().unwrap();
    // From a page of the application: the session's cookie stays away, the token names the session.
    let form = format!("id_token_hint={hint}");
    town.browser().post_from("/oidc/logout", &form, &["Origin: https://app.example"]).await;
    let none = browser.get(&town.request("&prompt=none")).await;
    assert_eq!(led_to(&none).1["error"], "login_required");
}

#[tokio::test]
async fn a_new_password_ends_what_the_old_one_began() {
    let town = town().await;
    let (mut browser, mut bobs) = (town.browser(), town.browser());
    browser.log_in(&town.request("")).await;
    let login = bobs.open_login(&town.request("")).await;
    bobs.log_in_at(&login, "bob@example.com", PASSWORD).await;
    let alice = &town.alice.user_id;
    town.served.tenant.set_password(alice, "battery staple").await.unwrap();
    let silent = town.request("&prompt=none");
    assert_eq!(led_to(&browser.get(&silent).await).1["error"], "login_required");
    assert!(led_to(&bobs.get(&silent).await).1.contains_key("code"), "another user's goes on");
}
