//! What `/authorize` takes, and to whom it says what it does not take.

use bearward_tenant::{ApplicationType, NewApplication};
use serde_json::json;

use crate::browser::{CALLBACK, CHALLENGE, LOCAL, STRICT, Town, encoded, led_to, town};
use crate::served::{MESSAGES, signing_key};

/// The request is refused on a page of the tenant's own: nothing is sent anywhere.
async fn on_a_page(town: &Town, request: &str, status: u16, reason: &str) {
    let answer = town.browser().get(request).await;
    assert_eq!(answer.status, status, "{request}\n{}", answer.body);
    assert_eq!(answer.header("location"), None, "{request}");
    assert!(answer.body.contains(&format!("<code>{reason}</code>")), "{request}\n{}", answer.body);
    let (event, kept, _) = town.latest().await;
    assert_eq!((event.as_str(), kept.as_deref()), ("authorize", Some(reason)), "{request}");
}

/// The request is refused at the application's address.
async fn at_the_application(town: &Town, request: &str, error: &str, reason: &str) {
    let answer = town.browser().get(request).await;
    assert_eq!(answer.status, 302, "{request}\n{}", answer.body);
    let (address, fields) = led_to(&answer);
    assert_eq!(address, CALLBACK, "{request}");
    assert_eq!(fields["error"], error, "{request}: {fields:?}");
    assert_eq!(fields["iss"], town.served.tenant.issuer(), "{request}");
    assert_eq!(town.latest().await.1.as_deref(), Some(reason), "{request}");
}

#[tokio::test]
async fn as_01_b157_the_redirect_uri_is_compared_byte_for_byte() {
    let town = town().await;
    let with = |uri: &str| town.request("").replace(&encoded(CALLBACK), &encoded(uri));
    for uri in [
        "https://app.example.evil.example/callback",
        "https://evil.example/callback",
        "https://app.example@evil.example/callback",
        "https://user@app.example/callback",
        "https://app.example/callback/../evil",
        "https://app.example/callback/..;/evil",
        "https://app.example/%63allback",
        "https://app.example/callback%2e",
        "https://app.example/Callback",
        "https://APP.example/callback",
        "HTTPS://app.example/callback",
        "http://app.example/callback",
        "https://app.example/callback/",
        "https://app.example/callback?x=1",
        "https://app.example/callback#",
        "https://app.example/callback#x",
        "https://app.example\\callback",
        "https:\\\\app.example/callback",
        "https://app.example/callback\t",
        " https://app.example/callback",
        "https://app.example/callback\r\nX: y",
        "https://app.example:443/callback",
        "https://app.example:8443/callback",
        "https://appxexample/callback",
        "https://*.example/callback",
        "https://app.example./callback",
        "//app.example/callback",
        "/callback",
        "javascript:alert(1)",
        "http://localhost:3000/callback",
        "http://localhost:3000/callback?kept=2",
        "http://localhost:99999/callback?kept=1",
        "http://localhost:3000@evil.example/callback?kept=1",
        "http://localhost.evil.example:3000/callback?kept=1",
        "http://127.0.0.1:3000/callback?kept=1",
    ] {
        on_a_page(&town, &with(uri), 403, "callback_url_mismatch").await;
    }
    for uri in [
        CALLBACK,
        LOCAL,
        "http://localhost:54321/callback?kept=1",
        "http://localhost/callback?kept=1",
    ] {
        town.browser().open_login(&with(uri)).await;
    }
}

#[tokio::test]
async fn as_02_the_query_of_the_redirect_uri_is_kept() {
    let town = town().await;
    let request = town.request("&scope=openid").replace(&encoded(CALLBACK), &encoded(LOCAL));
    let (address, fields) = led_to(&town.browser().log_in(&request).await);
    assert_eq!(address, "http://localhost:3000/callback");
    assert_eq!((fields["kept"].as_str(), fields["state"].as_str()), ("1", "xyz"));
    assert_eq!(fields["code"].len(), 43);
}

#[tokio::test]
async fn as_02_as_03_a_callback_is_absolute_without_fragment_and_encrypted_or_local() {
    let town = town().await;
    let mut application = town.served.tenant.application(&town.spa).await.unwrap();
    for callback in
        ["/callback", "https://app.example/#x", "http://app.example/", "ftp://localhost/"]
    {
        application.callbacks = vec![callback.to_owned()];
        let error = town.served.tenant.update_application(&application).await.unwrap_err();
        assert_eq!(error.kind().code(), "invalid_url", "{callback}");
    }
    application.callbacks = vec!["http://localhost/".to_owned(), "https://app.example/".to_owned()];
    town.served.tenant.update_application(&application).await.unwrap();
}

#[tokio::test]
async fn as_04_a_bad_client_or_address_is_told_on_a_page() {
    let town = town().await;
    let good = town.request("");
    for (request, status, reason) in [
        (good.replace(&town.spa, "nobody"), 403, "unknown_client"),
        (good.replace(&format!("client_id={}", town.spa), "client_id="), 400, "missing_parameter"),
        (good.replace(&encoded(CALLBACK), ""), 400, "missing_parameter"),
        (format!("{good}&client_id={}", town.spa), 400, "repeated_parameter"),
        (format!("{good}&redirect_uri={}", encoded(CALLBACK)), 400, "repeated_parameter"),
        (format!("{good}&x=%ff"), 400, "not_utf8"),
        (format!("{good}&x={}", "x".repeat(17_000)), 413, "request_too_long"),
        ("/authorize".to_owned(), 400, "missing_parameter"),
    ] {
        on_a_page(&town, &request, status, reason).await;
    }
    // A form is kept while it waits for a login, and so has no more room than a query.
    let (_, form) = good.split_once('?').unwrap();
    let form = form.replace("state=xyz", &format!("state={}", "x".repeat(17_000)));
    let answer = town.browser().post("/authorize", &form).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn b158_a_wrong_response_type_comes_after_the_address() {
    let town = town().await;
    let bad = town.request("").replace("response_type=code", "response_type=token");
    at_the_application(&town, &bad, "unsupported_response_type", "unsupported_response_type").await;
    let evil = bad.replace(&encoded(CALLBACK), &encoded("https://evil.example/"));
    on_a_page(&town, &evil, 403, "callback_url_mismatch").await;
}

#[tokio::test]
async fn as_05_a_repeated_parameter_of_a_browser_is_refused() {
    let town = town().await;
    for more in ["&scope=a&scope=a", "&x=1&x=2", "&x=&x=", "&%78&x", "&response_type=code"] {
        let request = town.request(more);
        at_the_application(&town, &request, "invalid_request", "repeated_parameter").await;
    }
    let answer = town.browser().get(&town.request("&state=abc")).await;
    assert!(!led_to(&answer).1.contains_key("state"), "which state is meant cannot be known");
}

#[tokio::test]
async fn as_06_as_07_empty_parameters_are_absent_and_unknown_ones_ignored() {
    let town = town().await;
    let more = "&scope=&audience=&nonce=&max_age=&prompt=&request=&request_uri=&response_mode=\
                &unknown=1&auth0Client=e30&screen_hint=signup&connection=x&acr_values=a+b&ui_locales=de\
                &display=page";
    town.browser().open_login(&town.request(more)).await;
    let empty = town.request("").replace("response_type=code", "response_type=");
    at_the_application(&town, &empty, "invalid_request", "missing_parameter").await;
}

#[tokio::test]
async fn as_08_pages_of_other_origins_read_nothing_here() {
    let town = town().await;
    let origin = "Origin: https://app.example";
    for path in [town.request(""), "/u/login?state=x".into(), "/oidc/logout".into()] {
        let preflight = ["Access-Control-Request-Method: GET", origin];
        for line in [format!("GET {path}"), format!("OPTIONS {path}")] {
            let answer = town.served.send(&line, &preflight, b"").await;
            assert!(answer.all("access-control-allow-origin").is_empty(), "{line}");
        }
    }
}

#[tokio::test]
async fn as_12_pkce_is_by_s256_and_public_clients_must_have_it() {
    let town = town().await;
    let good = town.request("");
    let challenge = format!("&code_challenge={CHALLENGE}");
    for (request, reason) in [
        (good.replace(&challenge, ""), "missing_parameter"),
        (good.replace(&format!("{challenge}&code_challenge_method=S256"), ""), "missing_parameter"),
        (good.replace("S256", "plain"), "code_challenge_method_not_supported"),
        (good.replace("S256", "s256"), "code_challenge_method_not_supported"),
        (good.replace("&code_challenge_method=S256", ""), "code_challenge_method_not_supported"),
        (good.replace(CHALLENGE, "abc"), "code_challenge_malformed"),
        (good.replace(CHALLENGE, &format!("{}%3D", &CHALLENGE[1..])), "code_challenge_malformed"),
    ] {
        at_the_application(&town, &request, "invalid_request", reason).await;
    }
    let confidential = town.request_of(&town.web, "");
    let without = confidential.replace(&format!("{challenge}&code_challenge_method=S256"), "");
    town.browser().open_login(&without).await;
}

#[tokio::test]
async fn as_33_the_api_of_a_browser_s_request_is_known() {
    let town = town().await;
    let unknown = town.request("&audience=https%3A%2F%2Funknown.example");
    let answer = town.browser().get(&unknown).await;
    let says = "Service not enabled within domain: https://unknown.example";
    assert_eq!(led_to(&answer).1["error_description"], says);
    at_the_application(&town, &unknown, "access_denied", "unknown_audience").await;
    for more in ["resource=unknown", &format!("resource=x&audience={}", encoded(MESSAGES))] {
        let request = town.request(&format!("&{more}"));
        at_the_application(&town, &request, "invalid_target", "invalid_target").await;
    }
    let userinfo = format!("&audience={}userinfo", encoded(town.served.tenant.issuer()));
    town.browser().open_login(&town.request(&userinfo)).await;
}

#[tokio::test]
async fn scopes_are_those_that_user_api_and_application_allow() {
    let town = town().await;
    let (messages, strict) = (encoded(MESSAGES), encoded(STRICT));
    for (more, expected) in [
        ("".to_owned(), ""),
        ("&scope=openid+profile+fly+offline_access".to_owned(), "openid profile offline_access"),
        (
            format!("&audience={messages}&scope=openid+delete:messages+fly"),
            "openid delete:messages",
        ),
        (format!("&audience={messages}&scope=offline_access"), ""),
        (format!("&audience={strict}&scope=write:notes+read:notes"), "read:notes"),
        (
            format!("&resource={strict}&scope=read:notes+offline_access+read:notes"),
            "read:notes offline_access",
        ),
        (format!("&audience={strict}&scope=delete:messages"), ""),
    ] {
        let answer = town.browser().log_in(&town.request(&more)).await;
        assert!(led_to(&answer).1.contains_key("code"), "{more}");
        let (event, reason, scope) = town.latest().await;
        assert_eq!(
            (event.as_str(), reason, scope.as_deref()),
            ("authorize", None, Some(expected)),
            "{more}"
        );
    }
    let malformed = town.request("&scope=read%22");
    at_the_application(&town, &malformed, "invalid_scope", "malformed_scope").await;
}

#[tokio::test]
async fn an_application_without_the_grant_type_gets_no_code() {
    let town = town().await;
    let mut application = town.served.tenant.application(&town.spa).await.unwrap();
    application.grant_types.clear();
    town.served.tenant.update_application(&application).await.unwrap();
    let request = town.request("");
    at_the_application(&town, &request, "unauthorized_client", "grant_type_not_allowed").await;
}

#[tokio::test]
async fn as_36_prompt_none_asks_nothing() {
    let town = town().await;
    let none = town.request("&prompt=none&scope=openid");
    at_the_application(&town, &none, "login_required", "login_required").await;
    let both = town.request("&prompt=none+login");
    at_the_application(&town, &both, "invalid_request", "prompt_contradicts_itself").await;

    let mut browser = town.browser();
    browser.log_in(&town.request("")).await;
    assert!(led_to(&browser.get(&none).await).1.contains_key("code"));
    let third = town.request_of(&town.stranger, "&prompt=none&scope=openid");
    assert_eq!(led_to(&browser.get(&third).await).1["error"], "consent_required");
}

#[tokio::test]
async fn as_35_hints_ages_and_prompts_decide_whether_a_session_will_do() {
    let town = town().await;
    let mut browser = town.browser();
    let answer = browser.log_in(&town.request("&nonce=n&login_hint=alice%40example.com")).await;
    assert!(led_to(&answer).1.contains_key("code"));
    browser.open_login(&town.request("&max_age=0")).await; // even in the same second
    town.clock.forward(100);
    let hint = |sub: &str| {
        let claims =
            json!({ "iss": town.served.tenant.issuer(), "sub": sub, "aud": town.spa, "exp": 1 });
        format!("&id_token_hint={}", signing_key().sign("JWT", &claims).unwrap())
    };
    for (more, passes) in [
        ("".to_owned(), true),
        ("&prompt=unknown".to_owned(), true),
        ("&max_age=100".to_owned(), true),
        ("&max_age=99".to_owned(), false),
        ("&max_age=0".to_owned(), false),
        ("&prompt=login".to_owned(), false),
        ("&prompt=select_account".to_owned(), false),
        (hint(&town.alice.user_id), true),
        (hint("auth0|somebody"), false),
    ] {
        let answer = browser.get(&town.request(&more)).await;
        let location = answer.header("location").unwrap();
        assert_eq!(location.starts_with(CALLBACK), passes, "{more}: {location}");
        assert_eq!(location.starts_with("/u/login"), !passes, "{more}: {location}");
    }
    let other = browser.open_login(&town.request(&hint("auth0|somebody"))).await;
    let answer = browser.log_in_at(&other, "alice@example.com", "correct horse").await;
    assert_eq!(led_to(&answer).1["error"], "login_required", "the login is another user's");
    for (more, reason) in [
        ("&id_token_hint=a.b.c", "id_token_hint_not_ours"),
        ("&max_age=-1", "max_age_malformed"),
        ("&max_age=1s", "max_age_malformed"),
    ] {
        at_the_application(&town, &town.request(more), "invalid_request", reason).await;
    }
    let login = browser.open_login(&town.request("&prompt=login&login_hint=%3Cb%3E")).await;
    assert!(browser.get(&login).await.body.contains("value=\"&#60;b&#62;\""));
}

#[tokio::test]
async fn as_41_claims_are_ignored_cleanly() {
    let town = town().await;
    for claims in ["%7B%22userinfo%22%3A%7B%7D%7D", "not-json"] {
        town.browser().open_login(&town.request(&format!("&claims={claims}"))).await;
    }
}

#[tokio::test]
async fn as_42_request_objects_are_refused() {
    let town = town().await;
    for (more, error) in [
        ("&request=a.b.c", "request_not_supported"),
        ("&request_uri=https%3A%2F%2Fapp.example%2Fr", "request_uri_not_supported"),
    ] {
        at_the_application(&town, &town.request(more), error, error).await;
    }
}

#[tokio::test]
async fn as_35_the_request_may_come_as_a_form() {
    let town = town().await;
    let request = town.request("&scope=openid");
    let (_, form) = request.split_once('?').unwrap();
    let mut browser = town.browser();
    let answer = browser.post_from("/authorize", form, &["Origin: https://app.example"]).await;
    assert_eq!(answer.status, 303);
    let login = answer.header("location").unwrap().to_owned();
    let answer = browser.log_in_at(&login, "alice@example.com", "correct horse").await;
    assert!(led_to(&answer).1.contains_key("code"));
}

#[tokio::test]
async fn as_32_no_client_id_can_be_taken_for_a_user() {
    let town = town().await;
    assert!(town.alice.user_id.contains('|'));
    for client_id in [town.alice.user_id.as_str(), "auth0|12345678", "nobody@clients"] {
        let new = NewApplication::new("Twin", ApplicationType::Spa).client_id(client_id);
        let error = town.served.tenant.create_application(new).await.unwrap_err();
        assert_eq!(error.kind().code(), "invalid_name", "{client_id}");
    }
}
